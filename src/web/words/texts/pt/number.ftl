# A WhatsApp number: setting it up, and how it fares.
inboxes-add-whatsapp = Configurar um número de WhatsApp
number-about = Os identificadores, o token e o segredo da aplicação são experimentados na Meta; depois, token e segredo são esquecidos. Mostra-se o que colar na consola da Meta e pôr nas definições.
number-phone-id = Phone number ID (WhatsApp, API Setup; não o número em si)
number-account-id = WhatsApp Business Account ID
number-token = Token de acesso de um utilizador do sistema
number-app-secret = Segredo da aplicação (App settings, Basic)
number-more = Token de verificação e API Graph
number-verify-token = Token de verificação que a Meta mostra na primeira chamada
number-graph-url = Endereço da API Graph
number-graph-version = A sua versão
number-subscribe = Subscrever a aplicação na conta, se ainda não estiver
number-no-id = Ambos os identificadores só têm algarismos; estão na consola da Meta, em WhatsApp, API Setup.
number-no-token = Indique o token de acesso; é apenas experimentado.
number-no-graph = Daqui só se chama o endereço da Meta da Graph API, ou um que uma caixa das definições já tenha; para outro use sureply inbox add whatsapp.
number-console = Para a consola da Meta
number-console-hint = Cole isto em WhatsApp, Configuration, Webhook assim que o servidor funcione com as definições abaixo, e subscreva os campos.
number-console-callback = URL de retorno
number-console-verify-token = Token de verificação
number-console-fields = Campos do webhook
number-section-hint = Acrescente isto às definições, defina as variáveis SUREPLY_WHATSAPP_TOKEN e SUREPLY_WHATSAPP_APP_SECRET onde o servidor arranca e arranque-o de novo.
number-check-number = Número
number-check-secret = Segredo da aplicação
number-check-token = Token de acesso
number-check-account = Conta comercial
number-check-subscription = Subscrição
number-quality-green = boa qualidade
number-quality-yellow = qualidade média
number-quality-red = qualidade baixa
number-quality-unknown = qualidade ainda não avaliada
number-ends = termina em { $days ->
    [one] { $days } dia
   *[other] { $days } dias
 }
number-ended = terminou
number-not-sent = as mensagens não saem
number-name = Nome:
number-tier = Clientes a quem pode escrever primeiro por dia:
number-throughput = Débito:
number-token-of = Token de acesso:
number-version = API Graph
number-heard = última chamada da Meta
number-unheard = A Meta ainda não chamou
number-looked = consultado
number-call = Testar o webhook
number-see = Ver o número
number-warn-token = O token de acesso termina em { $days ->
    [one] { $days } dia
   *[other] { $days } dias
 }; crie outro e ponha-o nas definições.
number-warn-token-over = O token de acesso terminou: nenhuma mensagem sai. Crie outro e ponha-o nas definições.
number-warn-data = O acesso aos dados termina em { $days ->
    [one] { $days } dia
   *[other] { $days } dias
 }; entre na consola da Meta com a aplicação do token.
number-warn-data-over = O acesso aos dados terminou; entre na consola da Meta com a aplicação do token.
number-warn-version = A versão da API Graph termina em { $days ->
    [one] { $days } dia
   *[other] { $days } dias
 }; defina uma graph_version mais recente.
number-warn-version-over = A versão da API Graph terminou; defina uma graph_version mais recente.
number-warn-quality = Há clientes que bloqueiam ou denunciam as suas mensagens: a qualidade é baixa e a Meta pode limitar o número.
number-warn-restricted = Não pode enviar: { $words }
number-warn-unseen = Não foi possível consultá-lo: { $words }
number-called-reached = O webhook foi alcançado e aceita o que a Meta envia.
number-called-elsewhere = Outra coisa responde no endereço público; verifique server.public_url e o proxy.
number-called-wrong-token = O que lá responde conhece outro token de verificação: outro servidor, ou um que não foi reiniciado com estas definições.
number-called-wrong-secret = O que lá responde não aceita a nossa assinatura: outro servidor, ou um com outro segredo da aplicação.
number-called-certificate = O certificado não serve: a Meta só aceita um que uma autoridade pública tenha assinado para este nome.
number-called-redirect = O endereço redireciona e a Meta não segue redirecionamentos; defina server.public_url para o destino.
number-called-timed-out = Não houve resposta em 10 segundos; verifique a firewall e o proxy.
number-called-unreachable = Nada é alcançável lá; verifique o nome, a porta e a firewall.
number-called-unset = Defina server.public_url para o endereço https em que a Meta alcança este servidor.
