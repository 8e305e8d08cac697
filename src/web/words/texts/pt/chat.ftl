# O que se mostra dos clientes do chat do site.
known-account = com sessão iniciada como { $name }
known-account-hint = O próprio site da empresa diz quem é.
known-email-verified = verificado
known-email-claimed = segundo indica
found-helpful = O cliente achou isto útil.
found-unhelpful = O cliente não achou isto útil.
