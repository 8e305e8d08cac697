# Os ficheiros que os agentes anexam ao que enviam.
attach = Anexar
attached = Ficheiros anexados
attach-broken = O ficheiro não chegou inteiro. Anexe-o outra vez.
attach-large = O ficheiro excede { $size }.
attach-kind = Ficheiros deste tipo não são aceites. São aceites: { $kinds }.
attach-many = Nada foi enviado: uma mensagem leva no máximo { $count } ficheiros. Retire alguns ou envie-os com a seguinte.
attach-gone = Nada foi enviado: um ficheiro desta mensagem pertence a outra conversa ou a um colega, ou já foi enviado. Foi retirado; o que escreveu e os seus outros ficheiros ficam guardados aqui.
attach-no-channel = Por esta caixa de entrada não é possível enviar ficheiros. Envie antes uma ligação.
key-attach = anexar um ficheiro
undo-files = { $count ->
    [one] um ficheiro
   *[other] { $count } ficheiros
}
script-attach-remove = Retirar { $n }
script-attach-sending = { $n } está a ser carregado…
script-attach-done = { $n } está anexado.
script-attach-removed = { $n } foi retirado.
script-attach-many = Uma mensagem leva no máximo { $n } ficheiros.
script-attach-large = excede { $n }
script-attach-lost = Não chegou. Verifique a ligação e anexe-o outra vez.
script-attach-often = São muitos ficheiros numa hora. Espere um pouco e anexe-o outra vez.
script-attach-wait = Um ficheiro ainda está a caminho. Envie quando estiver anexado.
