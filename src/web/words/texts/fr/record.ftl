# Ce que l’enregistrement d’une décision contient en anglais : les contrôles et ce qu’ils ont vu, ce qui a été essayé, pourquoi les mots d’un modèle n’ont pas servi.
gate-bot-s-turn = Au bot de répondre
gate-intent = Intention
gate-rules = Règles
gate-length = Longueur
gate-files = Fichiers
gate-voice-notes = Messages vocaux
gate-replies-in-a-row = Réponses d’affilée
gate-sender = Expéditeur
gate-age = Âge
gate-automatic-mails = E-mails automatiques
gate-mailbox = Boîte aux lettres
gate-reply-address = Adresse de réponse
gate-complaints = Plaintes
gate-asked-back = Précision demandée
gate-found = Trouvé
gate-risk = Risque
gate-language = Langue
gate-documented = Documenté
gate-covered = Couvert
gate-one-meaning = Sans ambiguïté
gate-confidence = Score de confiance
saw-none-matched = aucune ne s’applique
saw-none = aucun
saw-some = présents
saw-transcribed-by-a-machine = transcrit par une machine
saw-the-domain-vouches-for-it = le domaine s’en porte garant
saw-the-domain-disowns-it = le domaine le désavoue
saw-nobody-vouches-for-it = personne ne s’en porte garant
saw-days-old-when-it-came = vieux de plusieurs jours à son arrivée
saw-fresh = récent
saw-one-of-ours = une des nôtres
saw-none-of-ours = aucune des nôtres
saw-called-one-spam = en a signalé un comme indésirable
saw-called-none-spam = n’en a signalé aucun comme indésirable
saw-nothing-was-asked-back = aucune précision n’a été demandée
saw-none-of-the-choices-was-named = aucun des choix n’a été nommé
saw-the-customer-chose = le client a choisi
saw-no-draft = aucun brouillon
saw-the-model-finds-no-answer-in-the-sources = le modèle ne trouve pas de réponse dans les sources
saw-everything-stands-in-a-cited-excerpt = tout figure dans un extrait cité
saw-characters = { $n ->
    [one] { $n } caractère
   *[other] { $n } caractères
}
saw-questions = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
saw-likely = { $n ->
    [one] { $n } aussi probable
   *[other] { $n } aussi probables l’un que l’autre
}
saw-of = { $part } sur { $whole }
saw-never = { $share } ; aucun score ne suffit
saw-unlicensed = { $share } ; { $n ->
    [one] il faut encore au moins { $n } verdict
   *[other] il faut encore au moins { $n } verdicts
}
saw-orders = { $risk } ; se lit comme des ordres à une machine : { $words }
saw-undocumented = non documenté : { $words }
tried-nothing = Recherche dans les connaissances : rien trouvé
tried-found = Trouvé : « { $question } » ({ $share } de la question)
tried-model = Modèle interrogé : { $problem }
missing-answer = { $reason } Sans réponse : « { $questions } ».
missing-words = { $reason } Non couvert : { $words }.
model-problem-the-model-did-not-answer-in-time = le modèle n’a pas répondu à temps
model-problem-the-model-s-answer-stopped-on-the-way = la réponse du modèle s’est interrompue en chemin
model-problem-the-model-failed-too-often-and-is-left-alone-for-a-while = le modèle a échoué trop souvent et n’est plus interrogé pour un moment
model-problem-the-model-s-endpoint-cannot-be-reached = le point d’accès du modèle est injoignable
model-problem-the-connection-to-the-model-s-endpoint-broke = la connexion au point d’accès du modèle a été coupée
model-problem-the-model-s-endpoint-did-not-answer-with-json = le point d’accès du modèle n’a pas répondu en JSON
model-problem-the-model-s-endpoint-answered-at-too-great-length = la réponse du point d’accès du modèle est trop longue
model-problem-the-request-to-the-model-could-not-be-made = la requête au modèle n’a pas pu être émise
model-problem-the-model-s-budget-for-the-day-is-spent = le budget du modèle pour la journée est épuisé
model-problem-the-model-s-budget-for-the-conversation-is-spent = le budget du modèle pour la conversation est épuisé
model-problem-what-the-model-s-calls-have-taken-so-far-cannot-be-read = impossible de lire ce que les appels au modèle ont coûté jusqu’ici
model-problem-status = le point d’accès du modèle a répondu avec le statut { $status }{ $status ->
    [401] { " : la clé est-elle correcte ?" }
    [403] { " : la clé est-elle correcte ?" }
    [404] { " : base_url et name sont-ils corrects ?" }
   *[other] { "" }
}
ranker-words = mots
ranker-encoder = encodeur
ranker-learned = appris
why-awaited = Une personne était déjà attendue ici.
