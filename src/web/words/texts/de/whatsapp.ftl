event-reworded = Die Nachricht wurde geändert. Zuerst stand da: { $before }
event-revoked = Eine Nachricht wurde zurückgenommen; Sureply sieht sie nicht mehr. Darin stand: { $words }
event-revoked-silently = Eine Nachricht wurde zurückgenommen; Sureply sieht sie nicht mehr.
event-undelivered = Eine Nachricht ist nicht angekommen: { $words }
event-file-lost = Die Datei { $name } konnte nicht geholt werden: { $words }. Bitten Sie darum, sie noch einmal zu senden.
came-unreadable = Das kam in einer Form, die hier nicht gelesen werden kann, etwa als Umfrage oder Anruf. Fragen Sie nach, oder sehen Sie in WhatsApp nach.
file-coming = unterwegs
file-lost = konnte nicht geholt werden
