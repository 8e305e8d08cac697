# Ce que l’espace support montre des clients du chat web.
known-account = connecté en tant que { $name }
known-account-hint = Le site de l’entreprise elle-même indique qui est cette personne.
known-email-verified = vérifié
known-email-claimed = selon ses dires
found-helpful = Le client a trouvé cela utile.
found-unhelpful = Le client a trouvé cela inutile.
