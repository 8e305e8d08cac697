# A WhatsApp number: setting it up, and how it fares.
inboxes-add-whatsapp = Configurer un numéro WhatsApp
number-about = Les identifiants, le jeton et le secret de l'application sont essayés chez Meta ; jeton et secret sont ensuite oubliés. Ce qu'il faut coller dans la console de Meta et mettre dans les réglages est affiché.
number-phone-id = Phone number ID (WhatsApp, API Setup ; pas le numéro lui-même)
number-account-id = WhatsApp Business Account ID
number-token = Jeton d'accès d'un utilisateur système
number-app-secret = Secret de l'application (App settings, Basic)
number-more = Jeton de vérification et API Graph
number-verify-token = Jeton de vérification que Meta montre au premier appel
number-graph-url = Adresse de l'API Graph
number-graph-version = Sa version
number-subscribe = Abonner l'application au compte, si elle ne l'est pas encore
number-no-id = Les deux identifiants n'ont que des chiffres ; ils se trouvent dans la console de Meta, sous WhatsApp, API Setup.
number-no-token = Donnez le jeton d'accès ; il est seulement essayé.
number-no-graph = D’ici, seule l’adresse de Meta pour la Graph API est appelée, ou une qu’une boîte des réglages a déjà ; pour une autre, utilisez sureply inbox add whatsapp.
number-console = Pour la console de Meta
number-console-hint = Collez ceci sous WhatsApp, Configuration, Webhook, dès que le serveur tourne avec les réglages ci-dessous, et abonnez-vous aux champs.
number-console-callback = URL de rappel
number-console-verify-token = Jeton de vérification
number-console-fields = Champs du webhook
number-section-hint = Ajoutez ceci aux réglages, définissez les variables SUREPLY_WHATSAPP_TOKEN et SUREPLY_WHATSAPP_APP_SECRET là où le serveur démarre, et redémarrez-le.
number-check-number = Numéro
number-check-secret = Secret de l'application
number-check-token = Jeton d'accès
number-check-account = Compte professionnel
number-check-subscription = Abonnement
number-quality-green = bonne qualité
number-quality-yellow = qualité moyenne
number-quality-red = qualité faible
number-quality-unknown = qualité pas encore évaluée
number-ends = se termine dans { $days ->
    [one] { $days } jour
   *[other] { $days } jours
 }
number-ended = est terminé
number-not-sent = les messages ne partent pas
number-name = Nom :
number-tier = Clients à qui il peut écrire en premier par jour :
number-throughput = Débit :
number-token-of = Jeton d'accès :
number-version = API Graph
number-heard = dernier appel de Meta
number-unheard = Meta n'a pas encore appelé
number-looked = consulté
number-call = Tester le webhook
number-see = Voir le numéro
number-warn-token = Le jeton d'accès se termine dans { $days ->
    [one] { $days } jour
   *[other] { $days } jours
 } ; créez-en un autre et mettez-le dans les réglages.
number-warn-token-over = Le jeton d'accès est terminé : aucun message ne part. Créez-en un autre et mettez-le dans les réglages.
number-warn-data = L'accès aux données se termine dans { $days ->
    [one] { $days } jour
   *[other] { $days } jours
 } ; connectez-vous à la console de Meta avec l'application du jeton.
number-warn-data-over = L'accès aux données est terminé ; connectez-vous à la console de Meta avec l'application du jeton.
number-warn-version = La version de l'API Graph se termine dans { $days ->
    [one] { $days } jour
   *[other] { $days } jours
 } ; mettez une graph_version plus récente.
number-warn-version-over = La version de l'API Graph est terminée ; mettez une graph_version plus récente.
number-warn-quality = Des clients bloquent ou signalent ses messages : la qualité est faible, et Meta peut limiter le numéro.
number-warn-restricted = Il ne peut pas envoyer : { $words }
number-warn-unseen = Il n'a pas pu être consulté : { $words }
number-called-reached = Le webhook a été atteint et accepte ce que Meta envoie.
number-called-elsewhere = Autre chose répond à l'adresse publique ; vérifiez server.public_url et le proxy.
number-called-wrong-token = Ce qui répond là connaît un autre jeton de vérification : un autre serveur, ou un serveur qui n'a pas été redémarré avec ces réglages.
number-called-wrong-secret = Ce qui répond là refuse notre signature : un autre serveur, ou un autre secret d'application.
number-called-certificate = Le certificat n'est pas bon : Meta n'accepte que celui qu'une autorité publique a signé pour ce nom.
number-called-redirect = L'adresse redirige, et Meta ne suit aucune redirection ; mettez dans server.public_url l'adresse finale.
number-called-timed-out = Aucune réponse en 10 secondes ; vérifiez le pare-feu et le proxy.
number-called-unreachable = Rien n'y est joignable ; vérifiez le nom, le port et le pare-feu.
number-called-unset = Mettez dans server.public_url l'adresse https à laquelle Meta atteint ce serveur.
