# Vertrauen: was zugelassen ist, und aufgrund welcher Nachweise.
trust-lead = Eine Antwort geht nur dort von selbst hinaus, wo Urteile von Menschen belegen, dass wenige genug solcher Antworten falsch sind. Bis dahin, und sobald sich zu viele als falsch erweisen, wartet jede Antwort als Entwurf auf einen Menschen.
trust-sample = Das Beispiel wird kalibriert
trust-sample-lead = Der Bot beantwortet die gekennzeichneten Fragen, die dem Beispielwissen beiliegen, und zählt, wie oft er richtig liegt. Bis das fertig ist, geht nichts von selbst hinaus.
trust-calibrating = Kalibrierung
trust-of-questions = { $part } von { $of } Fragen
trust-mode = Modus: { $mode }
trust-no-inbox = In den Einstellungen steht noch kein Posteingang. Tragen Sie einen in sureply.toml ein, und starten Sie neu.
trust-sets = Deklarierte Sets
trust-stands-for = steht für { $inbox }
trust-turns = { $count ->
    [one] { $count } gekennzeichnete Anfrage
   *[other] { $count } gekennzeichnete Anfragen
}
trust-declared = deklariert am
trust-take-back = Zurücknehmen …
trust-take-back-hint = Seine Urteile zählen dann nicht mehr, sodass Antworten womöglich nicht mehr von selbst hinausgehen. Um das rückgängig zu machen, führen Sie „sureply calibrate“ erneut aus.
trust-take-it-back = Zurücknehmen
trust-evidence = Woher Nachweise kommen
trust-verdicts = Urteile.
trust-verdicts-lead = Wer einen Entwurf freigibt, bearbeitet oder ablehnt, sagt damit, ob er richtig war.
trust-audits = Audits.
trust-audits-lead = Ein Teil der automatischen Antworten, durch das Los bestimmt, wird einem Menschen vorgelegt:
trust-declared-sets = Deklarierte Sets.
trust-declared-lead = Ein Admin erklärt, dass gekennzeichnete Fragen für die Kunden stehen:
trust-settings = Wie viel falsch sein darf, wird in [policy] für jede Risikoklasse festgelegt; was „sureply trust“ ausgibt, ist dasselbe wie hier.
licence-empty = leer
licence-learning = lernt
licence-licensed = zugelassen
licence-suspended = ausgesetzt
class-waits = Jede Antwort wartet auf einen Menschen.
class-empty = Es gibt noch kein Urteil. Deklarieren Sie ein gekennzeichnetes Set mit „sureply calibrate DIR“, oder geben Sie Entwürfe frei, bearbeiten Sie sie oder lehnen Sie sie ab:
class-missing = { $count ->
    [one] Mindestens { $count } weiteres Urteil „richtig“ ist nötig,
   *[other] Mindestens { $count } weitere Urteile „richtig“ sind nötig,
}
class-missing-why = bevor die erste Antwort von selbst hinausgehen darf.
class-wrong = Von den { $n } sichersten { $k ->
    [one] war { $k }
   *[other] waren { $k }
} falsch; zu beheben, was dazu geführt hat, hilft eher als zu warten:
class-answers-from = Antwortet von selbst ab { $threshold } Konfidenz.
class-answers = Antwortet von selbst.
class-of-these = Von diesen Antworten
class-at-most = sind höchstens { $alpha } falsch,
class-certainty = und das mit { $certainty } Sicherheit.
class-stopped = Gestoppt: Jede Antwort wartet auf einen Menschen.
class-stopped-why = Audits haben gezeigt, dass mehr als { $alpha } der Antworten falsch sind. Neue Urteile verdienen die Zulassung zurück; verbessern Sie die Einträge dahinter:
class-stopped-missing = { $count ->
    [one] Mindestens { $count } weiteres Urteil „richtig“ ist nötig.
   *[other] Mindestens { $count } weitere Urteile „richtig“ sind nötig.
}
class-automated = Von selbst beantwortet, letzte 30 Tage
class-of-turns = { $part } von { $of } Anfragen
class-no-turns = noch keine Anfragen
class-coverage = Nach den Nachweisen darf er beantworten
class-of-such = solcher Fragen
class-nothing = noch nichts
class-audits = In Audits als falsch erkannt
class-audits-of = { $wrong } von { $n }; in Wahrheit zwischen { $from } und { $to }, mit { $certainty } Sicherheit
class-drift = Anzeichen von Drift
class-drift-stops = (stoppt bei { $limit })
class-drift-hint = bis 1 spricht nichts gegen die Zulassung
plot-title = der Anteil falscher Antworten nach der Konfidenz, ab der sie hinausgehen, mit seiner Obergrenze und den tolerierten { $alpha }. Die Zahlen stehen in der Tabelle darunter.
plot-up = Anteil falscher Antworten
plot-across = Konfidenz, ab der Antworten hinausgehen
plot-found = als falsch erkannt
plot-bound = höchstens falsch
plot-alpha = toleriert
plot-licensed = geht von selbst hinaus
figures = Alle Zahlen
figure-alpha = α, tolerierter Anteil falscher Antworten
figure-delta = δ, Risiko, dass die Schranke nicht hält
figure-n = n, Urteile auf oder über der Schwelle
figure-of = von { $total }
figure-k = k, davon falsch
figure-threshold = λ̂, Konfidenz, ab der Antworten hinausgehen
figure-none = (keine geht hinaus)
figure-upper = Obergrenze des falschen Anteils (Clopper–Pearson)
figure-source = Nachweise nach Quelle
figure-no-source = keine
table-caption = Was die Nachweise für jede Schwelle besagen
table-from = Konfidenz ab
table-verdicts = Urteile
table-wrong = Falsch
table-found = Anteil falsch
table-most = Höchstens
class-of-low = Niedriges Risiko
class-of-standard = Normales Risiko
class-of-high = Hohes Risiko
class-of-never = Nie automatisch
source-verdict = Urteile
source-audit = Audits
source-declared = Deklarierte
source-alarm = Alarme (nicht in der Schätzung)
all-inboxes = alle Posteingänge
held-draft = Laut den Einstellungen entwirft dieser Posteingang nur: Nichts geht von selbst hinaus, wie gut die Nachweise auch sind.
held-shadow = Laut den Einstellungen zeichnet dieser Posteingang nur auf: Nichts geht von selbst hinaus, wie gut die Nachweise auch sind.
