# Was der Helpdesk von Kunden im Webchat zeigt.
known-account = angemeldet als { $name }
known-account-hint = Die Website des Unternehmens selbst gibt an, wer das ist.
known-email-verified = bestätigt
known-email-claimed = eigene Angabe
found-helpful = Der Kunde fand das hilfreich.
found-unhelpful = Der Kunde fand das nicht hilfreich.
