# Fiabilidade: o que está autorizado e com que evidência.
trust-lead = Uma resposta só sai por si própria onde os veredictos das pessoas provam que, dessas respostas, são suficientemente poucas as erradas. Até lá, e sempre que demasiadas se revelem erradas, cada resposta espera por uma pessoa como rascunho.
trust-sample = A amostra está a ser calibrada
trust-sample-lead = O bot responde às perguntas etiquetadas que vieram com o conhecimento de amostra e conta quantas vezes acerta. Até isso terminar, nada sai por si próprio.
trust-calibrating = Calibração
trust-of-questions = { $part } de { $of } perguntas
trust-mode = Modo: { $mode }
trust-no-inbox = A configuração ainda não indica nenhuma caixa de entrada. Adicione uma a sureply.toml e reinicie.
trust-sets = Conjuntos declarados
trust-stands-for = representa { $inbox }
trust-turns = { $count ->
    [one] { $count } turno etiquetado
   *[other] { $count } turnos etiquetados
}
trust-declared = declarado em
trust-take-back = Retirar…
trust-take-back-hint = Os seus veredictos deixam de contar, pelo que as respostas podem deixar de sair por si próprias. Para o desfazer, execute de novo “sureply calibrate”.
trust-take-it-back = Retirar
trust-evidence = De onde vem a evidência
trust-verdicts = Veredictos.
trust-verdicts-lead = Aprovar, editar ou rejeitar um rascunho diz se ele estava correto.
trust-audits = Auditorias.
trust-audits-lead = Uma parte das respostas automáticas, escolhida por sorteio, é apresentada a uma pessoa:
trust-declared-sets = Conjuntos declarados.
trust-declared-lead = Um administrador declara que umas perguntas etiquetadas representam os clientes:
trust-settings = Quanto pode estar errado define-se em [policy], para cada classe de risco; o que “sureply trust” imprime é o mesmo que consta aqui.
licence-empty = sem dados
licence-learning = em aprendizagem
licence-licensed = com autorização
licence-suspended = em suspenso
class-waits = Cada resposta espera por uma pessoa.
class-empty = Ainda não há nenhum veredicto. Declare um conjunto etiquetado com “sureply calibrate DIR”, ou aprove, edite ou rejeite rascunhos:
class-missing = { $count ->
    [one] Falta pelo menos mais { $count } veredicto favorável
   *[other] Faltam pelo menos mais { $count } veredictos favoráveis
}
class-missing-why = para que a primeira resposta possa sair por si própria.
class-wrong = Das { $n } mais seguras, { $k ->
    [one] { $k } estava errada
   *[other] { $k } estavam erradas
}; corrigir o que levou a isso ajuda mais depressa do que esperar:
class-answers-from = Responde por si próprio a partir de uma confiança de { $threshold }.
class-answers = Responde por si próprio.
class-of-these = Destas respostas,
class-at-most = no máximo { $alpha } estão erradas,
class-certainty = com uma certeza de { $certainty }.
class-stopped = Parado: cada resposta espera por uma pessoa.
class-stopped-why = as auditorias mostraram que mais de { $alpha } das suas respostas estão erradas. Novos veredictos permitem recuperar a autorização; corrija as entradas que as causaram:
class-stopped-missing = { $count ->
    [one] Falta pelo menos mais { $count } veredicto favorável.
   *[other] Faltam pelo menos mais { $count } veredictos favoráveis.
}
class-automated = Respondido por si próprio, últimos 30 dias
class-of-turns = { $part } de { $of } turnos
class-no-turns = ainda não há turnos
class-coverage = Segundo a evidência, pode responder a
class-of-such = destas perguntas
class-nothing = nada ainda
class-audits = Erradas segundo as auditorias
class-audits-of = { $wrong } de { $n }; na realidade entre { $from } e { $to }, com uma certeza de { $certainty }
class-drift = Sinais de deriva
class-drift-stops = (para em { $limit })
class-drift-hint = até 1, nada contradiz a autorização
plot-title = a proporção de respostas erradas segundo a confiança a partir da qual saem, com o seu limite superior e os { $alpha } tolerados. Os números constam da tabela abaixo.
plot-up = proporção de respostas erradas
plot-across = confiança a partir da qual as respostas saem
plot-found = erradas encontradas
plot-bound = erradas no máximo
plot-alpha = tolerado
plot-licensed = sai por si próprio
figures = Todos os números
figure-alpha = α, proporção tolerada de respostas erradas
figure-delta = δ, risco de o limite não se verificar
figure-n = n, veredictos no limiar ou acima dele
figure-of = de { $total }
figure-k = k, erradas entre elas
figure-threshold = λ̂, confiança a partir da qual as respostas saem
figure-none = (não sai nenhuma)
figure-upper = Limite superior da proporção errada (Clopper–Pearson)
figure-source = Evidência por origem
figure-no-source = nenhuma
table-caption = O que a evidência diz de cada limiar
table-from = Confiança desde
table-verdicts = Veredictos
table-wrong = Erradas
table-found = Proporção encontrada
table-most = No máximo
class-of-low = Risco baixo
class-of-standard = Risco padrão
class-of-high = Risco alto
class-of-never = Nunca automático
source-verdict = veredictos
source-audit = auditorias
source-declared = declarados
source-alarm = alarmes (não contam na estimativa)
all-inboxes = todas as caixas de entrada
held-draft = A configuração põe esta caixa de entrada só em rascunho: nada sai por si próprio, seja qual for a evidência.
held-shadow = A configuração põe esta caixa de entrada só em registo: nada sai por si próprio, seja qual for a evidência.
