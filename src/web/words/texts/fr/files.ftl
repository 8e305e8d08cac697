# Les fichiers que les agents joignent à ce qu’ils envoient.
attach = Joindre
attached = Fichiers joints
attach-broken = Le fichier n’est pas arrivé en entier. Joignez-le de nouveau.
attach-large = Le fichier dépasse { $size }.
attach-kind = Les fichiers de ce type ne sont pas acceptés. Sont acceptés : { $kinds }.
attach-many = Rien n’a été envoyé : un message porte au plus { $count } fichiers. Retirez-en, ou envoyez-les avec le suivant.
attach-gone = Rien n’a été envoyé : un fichier de ce message appartient à une autre conversation ou à un collègue, ou a déjà été envoyé. Il a été retiré ; ce que vous avez écrit et vos autres fichiers sont conservés ici.
attach-no-channel = Cette boîte de réception ne permet pas d’envoyer de fichiers. Envoyez plutôt un lien.
key-attach = joindre un fichier
undo-files = { $count ->
    [one] un fichier
   *[other] { $count } fichiers
}
script-attach-remove = Retirer { $n }
script-attach-sending = { $n } est en cours d’envoi…
script-attach-done = { $n } est joint.
script-attach-removed = { $n } est retiré.
script-attach-many = Un message porte au plus { $n } fichiers.
script-attach-large = dépasse { $n }
script-attach-lost = Il n’est pas arrivé. Vérifiez la connexion et joignez-le de nouveau.
script-attach-often = Cela fait beaucoup de fichiers en une heure. Patientez un peu, puis joignez-le de nouveau.
script-attach-wait = Un fichier est encore en route. Envoyez quand il sera joint.
