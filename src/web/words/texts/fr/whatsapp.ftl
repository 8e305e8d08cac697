event-reworded = Le message a été modifié. Il disait d’abord : { $before }
event-revoked = Un message a été retiré ; Sureply ne le voit plus. Il disait : { $words }
event-revoked-silently = Un message a été retiré ; Sureply ne le voit plus.
event-undelivered = Un message n’est pas arrivé : { $words }
event-file-lost = Le fichier { $name } n’a pas pu être récupéré : { $words }. Demandez qu’on le renvoie.
came-unreadable = Ceci est arrivé sous une forme illisible ici, par exemple un sondage ou un appel. Demandez au client, ou regardez dans WhatsApp.
file-coming = en chemin
file-lost = n’a pas pu être récupéré
