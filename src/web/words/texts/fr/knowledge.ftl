# Les connaissances, la recherche, la page qui interroge le bot.
knowledge-find = Chercher dans les connaissances
find-hint = Chercher…
find = Chercher
knowledge-problems = { $count ->
    [one] { $count } problème dans les sources
   *[other] { $count } problèmes dans les sources
}
knowledge-until-mended = Tant qu’un fichier n’est pas corrigé, sa dernière bonne version reste en service.
knowledge-empty = Il n’y a pas encore de connaissances. Placez des fichiers Markdown dans un dossier et indiquez-le dans les réglages, ou exécutez :
knowledge-none = Rien ne contient « { $sought } ». Écrivez une entrée à ce sujet.
show-everything = Tout afficher
knowledge-in-use = { $count ->
    [one] { $count } apprise
   *[other] { $count } apprises
}
knowledge-ways = Aussi demandé ainsi :
knowledge-learned = Appris des clients
knowledge-learned-hint = aide à trouver l’entrée ; aucun client ne le voit jamais
wording-forgotten = oubliée ; apprise d’une réponse approuvée le
wording-learned = apprise d’une réponse approuvée le
wording-restore = Rétablir
wording-forget = Oublier
no-topic = Sans thème
mark-internal = équipe seulement
mark-draft = brouillon
mark-archived = archivée
mark-expired = expirée le
mark-ends = expire le
mark-until = jusqu’au
ask-lead = Que ferait le bot d’un message dans la boîte de réception { $inbox } ? Rien n’est envoyé ni conservé.
ask-message = Message du client
ask-reply = Le client lirait
ask-nothing = Aucun texte : rien n’a été trouvé sur quoi un brouillon pourrait s’appuyer.
error-no-inbox = les réglages n’indiquent aucune boîte de réception à interroger
search-title = Rechercher des conversations
search-words = Mots
search-hint = Chaque mot doit y figurer ; aussi un nom ou une adresse
search-state = État
any = Indifférent
search-agent = Agent
search-from = Du
search-to = Au
search-lead = Cherchez des mots dans tout ce qui a été écrit, notes comprises (mais pas dans ce que disent les messages vocaux), ou choisissez un état, une boîte de réception, un jour.
search-none = Aucune conversation ne contient cela. Essayez d’autres mots, ou leur début.
search-frequent = Pour les mots fréquents, seuls les mille messages les plus récents sont examinés.
search-anew = Recommencer
state-bot = Avec le bot
state-waiting = Attend une personne
state-with-agent = Avec un agent
state-snoozed = Reportée
state-resolved = Résolue
