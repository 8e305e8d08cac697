event-reworded = El mensaje se ha cambiado. Primero decía: { $before }
event-revoked = Se ha retirado un mensaje; Sureply ya no lo ve. Decía: { $words }
event-revoked-silently = Se ha retirado un mensaje; Sureply ya no lo ve.
event-undelivered = Un mensaje no ha llegado: { $words }
event-file-lost = No se ha podido traer el archivo { $name }: { $words }. Pida que lo envíen de nuevo.
came-unreadable = Esto llegó en una forma que aquí no se puede leer, como una encuesta o una llamada. Pregunte al cliente o mire en WhatsApp.
file-coming = en camino
file-lost = no se ha podido traer
