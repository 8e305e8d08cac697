# A WhatsApp number: setting it up, and how it fares.
inboxes-add-whatsapp = WhatsApp-Nummer einrichten
number-about = IDs, Token und App-Geheimnis werden bei Meta ausprobiert; Token und Geheimnis werden dann vergessen. Gezeigt wird, was in Metas Konsole und in die Einstellungen gehört.
number-phone-id = Phone number ID (WhatsApp, API Setup; nicht die Nummer selbst)
number-account-id = WhatsApp Business Account ID
number-token = Zugriffstoken eines Systemnutzers
number-app-secret = App-Geheimnis (App settings, Basic)
number-more = Verify-Token und Graph-API
number-verify-token = Verify-Token, das Meta beim ersten Aufruf zeigt
number-graph-url = Adresse der Graph-API
number-graph-version = Ihre Version
number-subscribe = Die App für das Konto anmelden, wo sie es noch nicht ist
number-no-id = Beide IDs bestehen nur aus Ziffern; sie stehen in Metas Konsole unter WhatsApp, API Setup.
number-no-token = Geben Sie das Zugriffstoken an; es wird nur ausprobiert.
number-no-graph = Von hier wird nur Metas Adresse der Graph API gerufen oder eine, die ein Eingang der Einstellungen schon hat; für eine andere nehmen Sie sureply inbox add whatsapp.
number-console = Für Metas Konsole
number-console-hint = Fügen Sie dies unter WhatsApp, Configuration, Webhook ein, sobald der Server mit den Einstellungen unten läuft, und abonnieren Sie die Felder.
number-console-callback = Callback-URL
number-console-verify-token = Verify-Token
number-console-fields = Webhook-Felder
number-section-hint = Fügen Sie dies den Einstellungen hinzu, setzen Sie die Variablen SUREPLY_WHATSAPP_TOKEN und SUREPLY_WHATSAPP_APP_SECRET, wo der Server startet, und starten Sie ihn neu.
number-check-number = Nummer
number-check-secret = App-Geheimnis
number-check-token = Zugriffstoken
number-check-account = Geschäftskonto
number-check-subscription = Anmeldung
number-quality-green = gute Qualität
number-quality-yellow = mittlere Qualität
number-quality-red = niedrige Qualität
number-quality-unknown = Qualität noch nicht bewertet
number-ends = endet in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 }
number-ended = ist abgelaufen
number-not-sent = Nachrichten gehen nicht hinaus
number-name = Name:
number-tier = Kunden, denen sie am Tag zuerst schreiben darf:
number-throughput = Durchsatz:
number-token-of = Zugriffstoken:
number-version = Graph-API
number-heard = Meta rief zuletzt an
number-unheard = Meta hat noch nicht angerufen
number-looked = angesehen
number-call = Webhook prüfen
number-see = Zur Nummer
number-warn-token = Das Zugriffstoken endet in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 }; erzeugen Sie ein neues und setzen Sie es in die Einstellungen.
number-warn-token-over = Das Zugriffstoken ist abgelaufen: Keine Nachricht geht hinaus. Erzeugen Sie ein neues und setzen Sie es in die Einstellungen.
number-warn-data = Der Zugriff auf Daten endet in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 }; melden Sie sich mit der App des Tokens in Metas Konsole an.
number-warn-data-over = Der Zugriff auf Daten ist abgelaufen; melden Sie sich mit der App des Tokens in Metas Konsole an.
number-warn-version = Die Version der Graph-API endet in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 }; setzen Sie eine neuere graph_version.
number-warn-version-over = Die Version der Graph-API ist abgelaufen; setzen Sie eine neuere graph_version.
number-warn-quality = Kunden blockieren oder melden ihre Nachrichten: Die Qualität ist niedrig, und Meta kann die Nummer einschränken.
number-warn-restricted = Sie darf nicht senden: { $words }
number-warn-unseen = Sie konnte nicht angesehen werden: { $words }
number-called-reached = Der Webhook wurde erreicht und nimmt an, was Meta sendet.
number-called-elsewhere = Unter der öffentlichen Adresse antwortet etwas anderes; prüfen Sie server.public_url und den Proxy davor.
number-called-wrong-token = Was dort antwortet, kennt ein anderes Verify-Token: ein anderer Server, oder einer, der nicht mit diesen Einstellungen neu gestartet wurde.
number-called-wrong-secret = Was dort antwortet, nimmt unsere Signatur nicht an: ein anderer Server, oder einer mit anderem App-Geheimnis.
number-called-certificate = Das Zertifikat ist nicht gut: Meta nimmt nur eines, das eine öffentliche Stelle für diesen Namen ausgestellt hat.
number-called-redirect = Die Adresse leitet weiter, und Meta folgt keiner Weiterleitung; setzen Sie server.public_url auf das Ziel.
number-called-timed-out = Binnen 10 Sekunden kam keine Antwort; prüfen Sie Firewall und Proxy.
number-called-unreachable = Dort ist nichts zu erreichen; prüfen Sie Name, Port und Firewall.
number-called-unset = Setzen Sie server.public_url auf die https-Adresse, unter der Meta diesen Server erreicht.
