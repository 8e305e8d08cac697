event-reworded = The customer has changed this message. It said first: { $before }
event-revoked = The customer has taken a message back; Sureply no longer sees it. It said: { $words }
event-revoked-silently = The customer has taken a message back; Sureply no longer sees it.
event-undelivered = A message did not arrive: { $words }
event-file-lost = The file { $name } could not be fetched: { $words }. Ask the customer to send it again.
came-unreadable = This came in a form that cannot be read here, such as a poll or a call. Ask the customer, or look into WhatsApp.
file-coming = on its way
file-lost = could not be fetched
