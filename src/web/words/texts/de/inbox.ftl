# Der Posteingang: Fristen, Tags, gesperrte Kontakte, mehrere auf einmal, gemerkte Suchen.
due-in = noch { $length }
due-now = jetzt fällig
due-over = { $length } überfällig
due-by = Zu beantworten bis { $moment }
script-due-in = noch { $n }
script-due-now = jetzt fällig
script-due-over = { $n } überfällig
script-due-by = Zu beantworten bis { $n }
