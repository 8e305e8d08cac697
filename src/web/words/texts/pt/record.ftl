# O que o registo de uma decisão guarda em inglês: as verificações e o que viram, o que se tentou, por que não se usaram as palavras de um modelo.
gate-bot-s-turn = Vez do bot
gate-intent = Intenção
gate-rules = Regras
gate-length = Comprimento
gate-files = Ficheiros
gate-voice-notes = Notas de voz
gate-replies-in-a-row = Respostas seguidas
gate-sender = Remetente
gate-age = Idade
gate-automatic-mails = E-mails automáticos
gate-mailbox = Caixa de correio
gate-reply-address = Endereço de resposta
gate-complaints = Reclamações
gate-asked-back = Esclarecimento pedido
gate-found = Encontrado
gate-risk = Risco
gate-language = Idioma
gate-documented = Documentado
gate-covered = Coberto
gate-one-meaning = Sem ambiguidade
gate-confidence = Confiança
saw-none-matched = nenhuma se aplica
saw-none = não há
saw-some = há
saw-transcribed-by-a-machine = transcrita automaticamente
saw-the-domain-vouches-for-it = o domínio responde por ele
saw-the-domain-disowns-it = o domínio o rejeita
saw-nobody-vouches-for-it = ninguém responde por ele
saw-days-old-when-it-came = já tinha dias ao chegar
saw-fresh = recente
saw-one-of-ours = uma das nossas
saw-none-of-ours = nenhuma das nossas
saw-called-one-spam = marcou um como spam
saw-called-none-spam = não marcou nenhum como spam
saw-nothing-was-asked-back = não foi pedido nenhum esclarecimento
saw-none-of-the-choices-was-named = nenhuma das opções foi indicada
saw-the-customer-chose = o cliente escolheu
saw-no-draft = sem rascunho
saw-the-model-finds-no-answer-in-the-sources = o modelo não encontra resposta nas fontes
saw-everything-stands-in-a-cited-excerpt = tudo consta de um excerto citado
saw-characters = { $n ->
    [one] { $n } carácter
   *[other] { $n } caracteres
}
saw-questions = { $n ->
    [one] { $n } pergunta
   *[other] { $n } perguntas
}
saw-likely = { $n ->
    [one] { $n } igualmente provável
   *[other] { $n } igualmente prováveis
}
saw-of = { $part } de { $whole }
saw-never = { $share }; nenhum valor chega
saw-unlicensed = { $share }; { $n ->
    [one] falta pelo menos mais { $n } veredicto
   *[other] faltam pelo menos mais { $n } veredictos
}
saw-orders = { $risk }; parece dar ordens a uma máquina: { $words }
saw-undocumented = não documentado: { $words }
tried-nothing = Procurou-se no conhecimento e nada se encontrou
tried-found = Encontrou-se “{ $question }” ({ $share } da pergunta)
tried-model = Perguntou-se ao modelo: { $problem }
missing-answer = { $reason } Sem resposta: “{ $questions }”.
missing-words = { $reason } Por cobrir: { $words }.
model-problem-the-model-did-not-answer-in-time = o modelo não respondeu a tempo
model-problem-the-model-s-answer-stopped-on-the-way = a resposta do modelo interrompeu-se a meio
model-problem-the-model-failed-too-often-and-is-left-alone-for-a-while = o modelo falhou demasiadas vezes e fica em pausa por algum tempo
model-problem-the-model-s-endpoint-cannot-be-reached = não é possível aceder ao ponto de ligação do modelo
model-problem-the-connection-to-the-model-s-endpoint-broke = a ligação ao ponto de ligação do modelo foi interrompida
model-problem-the-model-s-endpoint-did-not-answer-with-json = o ponto de ligação do modelo não respondeu com JSON
model-problem-the-model-s-endpoint-answered-at-too-great-length = a resposta do ponto de ligação do modelo foi demasiado longa
model-problem-the-request-to-the-model-could-not-be-made = não foi possível fazer o pedido ao modelo
model-problem-the-model-s-budget-for-the-day-is-spent = o orçamento diário do modelo está esgotado
model-problem-the-model-s-budget-for-the-conversation-is-spent = o orçamento do modelo para a conversa está esgotado
model-problem-what-the-model-s-calls-have-taken-so-far-cannot-be-read = não é possível ler o que custaram até agora as chamadas ao modelo
model-problem-status = o ponto de ligação do modelo respondeu com o estado { $status }{ $status ->
    [401] : a chave está certa?
    [403] : a chave está certa?
    [404] : base_url e name estão certos?
   *[other] { "" }
}
ranker-words = palavras
ranker-encoder = codificador
ranker-learned = aprendido
why-awaited = Aqui já se esperava por uma pessoa.
