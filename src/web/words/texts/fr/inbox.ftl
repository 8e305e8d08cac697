# La boîte de réception : délais, étiquettes, contacts bloqués, actions groupées, recherches enregistrées.
due-in = échéance dans { $length }
due-now = échéance maintenant
due-over = en retard de { $length }
due-by = Réponse attendue avant le { $moment }
script-due-in = échéance dans { $n }
script-due-now = échéance maintenant
script-due-over = en retard de { $n }
script-due-by = Réponse attendue avant le { $n }
window-in = se ferme dans { $length }
window-now = se ferme maintenant
window-over = fermé depuis { $length }
window-by = WhatsApp accepte des réponses jusqu’au { $moment }
window-closed = WhatsApp n’accepte plus de réponse, seulement un modèle : le client a écrit il y a plus de 24 heures. La conversation se rouvre dès qu’il écrit ; une note pour les collègues reste possible.
script-window-in = se ferme dans { $n }
script-window-now = se ferme maintenant
script-window-over = fermé depuis { $n }
script-window-by = WhatsApp accepte des réponses jusqu’au { $n }
act-assign = Attribuer
assign-to = À qui
assign-nobody = Rien n’a été fait : choisissez quelqu’un qui traite les files d’attente.
act-priority = Priorité
priority-none = Rien n’a été modifié : choisissez une priorité.
act-tag = Étiquette
tags = Étiquettes
tag-new = Une étiquette
tag-add = Ajouter l’étiquette
tag-remove = Retirer l’étiquette « { $tag } »
tag-unfit = Rien n’a été modifié : une étiquette compte de 1 à 40 caractères et ne contient pas de virgule.
tags-full = Rien n’a été modifié : une conversation porte au plus 20 étiquettes. Retirez-en d’abord une.
act-block = Bloquer
act-unblock = Débloquer
block-reason = Pourquoi
block-hint = Plus personne ne répond à ce contact ; ce qu’il écrit est conservé et classé comme résolu. Vous pouvez revenir en arrière.
block-no-reason = Rien n’a été fait : dites pourquoi, en 500 caractères au plus.
block-before = Rien n’a été modifié : le contact est déjà bloqué.
blocked = Bloqués
blocked-by = Bloqué par { $by } : personne ne répond à ce contact.
blocked-problem = Rien n’a été fait : le contact est bloqué. Débloquez-le d’abord.
blocked-none = Personne n’est bloqué. Bloquez un contact dans l’une de ses conversations.
blocked-hint = Personne ne répond à ces contacts ; ce qu’ils écrivent est conservé et classé comme résolu.
blocked-who = Contact
blocked-why = Pourquoi
blocked-whom = Par
blocked-since = Depuis
row-blocked = bloqué
done-priority = La priorité est fixée ; le bot n’y touche plus.
done-tagged = L’étiquette est ajoutée.
done-untagged = L’étiquette est retirée.
done-assigned = La conversation est attribuée.
done-blocked = Bloqué : plus personne ne répond à ce contact. « Débloquer » permet de revenir en arrière.
done-unblocked = Débloqué. Ce qui était alors ouvert attend une personne.
event-priority = { $by } a fixé la priorité : { $to }.
event-tagged = { $by } a ajouté l’étiquette « { $tag } ».
event-untagged = { $by } a retiré l’étiquette « { $tag } ».
event-assigned = { $by } a attribué la conversation à { $to }.
event-lapsed = L’absence de { $from } a trop duré : la conversation est de nouveau ouverte à tous.
event-blocked = { $by } a bloqué le contact : { $reason }
event-unblocked = { $by } a débloqué le contact.
event-joined = Quelqu’un d’autre a écrit par e-mail : { $who }.
event-bounced = Un e-mail envoyé à { $to } est revenu et n’arrivera pas : { $words }
event-bounced-silently = Un e-mail envoyé à { $to } est revenu et n’arrivera pas.
event-delayed = Un e-mail a du retard ; l’autre serveur essaie encore : { $words }
event-called-spam = Un e-mail envoyé à { $to } a été signalé comme indésirable ; plus rien n’y part automatiquement.
event-address-cleared = { $by } autorise de nouveau les e-mails vers { $to }.
event-opted-out = Le client ne veut plus de notifications : « { $words } ». On peut toujours répondre à ses questions.
event-marketing-stopped = Le client ne veut plus de publicité : « { $words } ».
event-opted-in = Le client veut de nouveau des notifications : « { $words } ».
the-customer = ce client
somebody-else = Quelqu’un d’autre
a-mail-program = Un logiciel de messagerie
bulk = Pour la sélection
bulk-all = Toutes celles de cette page
bulk-until = Durée du report
bulk-priority = Fixer la priorité
choose = Sélectionner { $name }
bulk-nothing = choisissez ce qu’il faut faire
bulk-none = sélectionnez au moins une conversation
bulk-many = sélectionnez au plus 200 conversations à la fois
bulk-done = { $count ->
    [one] { $count } traitée.
   *[other] { $count } traitées.
}
refused-held = { $count ->
    [one] { $count } non traitée : un texte de l’équipe est sur le point d’y être envoyé.
   *[other] { $count } non traitées : un texte de l’équipe est sur le point d’y être envoyé.
}
refused-full = { $count ->
    [one] { $count } non traitée : elle porte déjà 20 étiquettes.
   *[other] { $count } non traitées : elles portent déjà 20 étiquettes.
}
refused-blocked = { $count ->
    [one] { $count } non traitée : le contact est bloqué.
   *[other] { $count } non traitées : le contact est bloqué.
}
refused-gone = { $count ->
    [one] { $count } non traitée : elle ne s’y prête plus, ou n’existe plus.
   *[other] { $count } non traitées : elles ne s’y prêtent plus, ou n’existent plus.
}
script-chosen = Sélection : { $n }
key-assign = l’attribuer à quelqu’un
key-priority = fixer la priorité
key-tag = ajouter une étiquette
views = Vues
views-edit = Modifier les vues
views-none = Rien n’est encore enregistré. Faites une recherche, puis enregistrez-la sous un nom.
view-count = Conversations
view-team = équipe
view-keep = Enregistrer cette recherche
view-keep-button = Enregistrer
view-shared = Visible par l’équipe
view-change = Modifier
view-delete = Supprimer
view-no-name = donnez-lui un nom de 1 à 60 caractères
view-empty = cherchez d’abord quelque chose ; une recherche vide ne fait pas une vue
view-full = vous avez déjà enregistré 50 vues ; supprimez-en d’abord une
error-no-view = vous n’avez pas de vue de ce genre
done-view-kept = Enregistrée ; elle figure dans le menu.
done-view-changed = La vue est modifiée.
done-view-deleted = La vue est supprimée.
