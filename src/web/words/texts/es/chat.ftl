# Lo que la bandeja muestra de los clientes del chat web.
known-account = con sesión iniciada como { $name }
known-account-hint = El propio sitio del negocio dice quién es.
known-email-verified = verificado
known-email-claimed = según indica
found-helpful = Al cliente le resultó útil.
found-unhelpful = Al cliente no le resultó útil.
