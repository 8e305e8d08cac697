# Los archivos que los agentes adjuntan a lo que envían.
attach = Adjuntar
attached = Archivos adjuntos
attach-broken = El archivo no llegó entero. Adjúntelo otra vez.
attach-large = El archivo supera { $size }.
attach-kind = No se aceptan archivos de este tipo. Se aceptan: { $kinds }.
attach-many = No se envió nada: un mensaje lleva como máximo { $count } archivos. Quite algunos o envíelos con el siguiente.
attach-gone = No se envió nada: un archivo de este mensaje es de otra conversación o de otra persona del equipo, o ya se había enviado. Se ha quitado; lo que usted escribió y sus demás archivos se conservan aquí.
attach-no-channel = Por esta bandeja de entrada no se pueden enviar archivos. Envíe un enlace en su lugar.
key-attach = adjuntar un archivo
undo-files = { $count ->
    [one] un archivo
   *[other] { $count } archivos
}
script-attach-remove = Quitar { $n }
script-attach-sending = { $n } se está subiendo…
script-attach-done = { $n } está adjunto.
script-attach-removed = { $n } se ha quitado.
script-attach-many = Un mensaje lleva como máximo { $n } archivos.
script-attach-large = supera { $n }
script-attach-lost = No llegó. Compruebe la conexión y adjúntelo otra vez.
script-attach-often = Son muchos archivos en una hora. Espere un poco y adjúntelo otra vez.
script-attach-wait = Un archivo aún está en camino. Envíe cuando esté adjunto.
