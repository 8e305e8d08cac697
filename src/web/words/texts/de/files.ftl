# Dateien, die Agenten an das hängen, was sie senden.
attach = Anhängen
attached = Dateien, die mitgehen
attach-broken = Die Datei kam nicht vollständig an. Hängen Sie sie noch einmal an.
attach-large = Die Datei ist größer als { $size }.
attach-kind = Dateien dieser Art werden nicht angenommen. Angenommen werden: { $kinds }.
attach-many = Nichts wurde gesendet: Mit einer Nachricht gehen höchstens { $count } Dateien mit. Entfernen Sie einige, oder senden Sie sie mit der nächsten.
attach-gone = Nichts wurde gesendet: Eine Datei dieser Nachricht gehört zu einer anderen Konversation oder zu jemand anderem im Team, oder sie wurde schon gesendet. Sie ist herausgenommen; Ihr Text und Ihre anderen Dateien sind hier erhalten.
attach-no-channel = Über diesen Posteingang lassen sich keine Dateien senden. Senden Sie stattdessen einen Link.
key-attach = Datei anhängen
undo-files = { $count ->
    [one] eine Datei
   *[other] { $count } Dateien
}
script-attach-remove = { $n } entfernen
script-attach-sending = { $n } wird hochgeladen…
script-attach-done = { $n } ist angehängt.
script-attach-removed = { $n } ist entfernt.
script-attach-many = Mit einer Nachricht gehen höchstens { $n } Dateien mit.
script-attach-large = größer als { $n }
script-attach-lost = Sie kam nicht an. Prüfen Sie die Verbindung, und hängen Sie sie noch einmal an.
script-attach-often = Das waren viele Dateien in einer Stunde. Warten Sie etwas, und hängen Sie sie dann noch einmal an.
script-attach-wait = Eine Datei ist noch unterwegs. Senden Sie, sobald sie angehängt ist.
