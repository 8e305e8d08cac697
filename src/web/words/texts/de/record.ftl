# Was die Aufzeichnung einer Entscheidung auf Englisch festhält: Prüfungen und ihre Befunde, was versucht wurde, warum die Worte eines Modells nicht verwendet wurden.
gate-bot-s-turn = Bot ist am Zug
gate-intent = Absicht
gate-rules = Regeln
gate-length = Länge
gate-files = Dateien
gate-voice-notes = Sprachnachrichten
gate-replies-in-a-row = Antworten in Folge
gate-sender = Absender
gate-age = Alter
gate-automatic-mails = Automatische Mails
gate-mailbox = Postfach
gate-reply-address = Antwortadresse
gate-complaints = Beschwerden
gate-asked-back = Rückfrage
gate-found = Gefunden
gate-risk = Risiko
gate-language = Sprache
gate-documented = Belegt
gate-covered = Abgedeckt
gate-one-meaning = Eindeutig
gate-confidence = Konfidenz
saw-none-matched = keine trifft zu
saw-none = keine
saw-some = vorhanden
saw-transcribed-by-a-machine = maschinell transkribiert
saw-the-domain-vouches-for-it = die Domain bürgt dafür
saw-the-domain-disowns-it = die Domain weist sie zurück
saw-nobody-vouches-for-it = niemand bürgt dafür
saw-days-old-when-it-came = bei der Ankunft schon Tage alt
saw-fresh = frisch
saw-one-of-ours = eines von unseren
saw-none-of-ours = keines von unseren
saw-called-one-spam = hat eine als Spam gemeldet
saw-called-none-spam = hat keine als Spam gemeldet
saw-nothing-was-asked-back = es wurde nicht nachgefragt
saw-none-of-the-choices-was-named = keine der Möglichkeiten wurde genannt
saw-the-customer-chose = der Kunde hat gewählt
saw-no-draft = kein Entwurf
saw-the-model-finds-no-answer-in-the-sources = das Modell findet in den Quellen keine Antwort
saw-everything-stands-in-a-cited-excerpt = alles steht in einem zitierten Auszug
saw-characters = { $n } Zeichen
saw-questions = { $n ->
    [one] { $n } Frage
   *[other] { $n } Fragen
}
saw-likely = { $n } gleich wahrscheinlich
saw-of = { $part } von { $whole }
saw-never = { $share }; kein Wert genügt
saw-unlicensed = { $share }; { $n ->
    [one] mindestens { $n } weiteres Urteil nötig
   *[other] mindestens { $n } weitere Urteile nötig
}
saw-orders = { $risk }; liest sich wie Befehle an eine Maschine: { $words }
saw-undocumented = nicht belegt: { $words }
tried-nothing = Das Wissen durchsucht und nichts gefunden
tried-found = „{ $question }“ gefunden ({ $share } der Frage abgedeckt)
tried-model = Das Modell gefragt: { $problem }
missing-answer = { $reason } Ohne Antwort: „{ $questions }“.
missing-words = { $reason } Nicht abgedeckt: { $words }.
model-problem-the-model-did-not-answer-in-time = das Modell hat nicht rechtzeitig geantwortet
model-problem-the-model-s-answer-stopped-on-the-way = die Antwort des Modells brach mittendrin ab
model-problem-the-model-failed-too-often-and-is-left-alone-for-a-while = das Modell hat zu oft versagt und wird eine Weile nicht gefragt
model-problem-the-model-s-endpoint-cannot-be-reached = der Endpunkt des Modells ist nicht erreichbar
model-problem-the-connection-to-the-model-s-endpoint-broke = die Verbindung zum Endpunkt des Modells brach ab
model-problem-the-model-s-endpoint-did-not-answer-with-json = der Endpunkt des Modells hat nicht mit JSON geantwortet
model-problem-the-model-s-endpoint-answered-at-too-great-length = die Antwort vom Endpunkt des Modells war zu lang
model-problem-the-request-to-the-model-could-not-be-made = die Anfrage an das Modell konnte nicht gestellt werden
model-problem-the-model-s-budget-for-the-day-is-spent = das Tagesbudget des Modells ist aufgebraucht
model-problem-the-model-s-budget-for-the-conversation-is-spent = das Budget des Modells für diese Konversation ist aufgebraucht
model-problem-what-the-model-s-calls-have-taken-so-far-cannot-be-read = was die Aufrufe des Modells bisher gekostet haben, lässt sich nicht lesen
model-problem-status = der Endpunkt des Modells hat mit Status { $status } geantwortet{ $status ->
    [401] : Stimmt der Schlüssel?
    [403] : Stimmt der Schlüssel?
    [404] : Stimmen base_url und name?
   *[other] { "" }
}
ranker-words = Wörter
ranker-encoder = Encoder
ranker-learned = gelernt
why-awaited = Hier wurde schon auf einen Menschen gewartet.
