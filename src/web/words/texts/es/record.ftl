# Lo que el registro de una decisión guarda en inglés: los controles y lo que vieron, lo que se intentó, por qué no se usaron las palabras de un modelo.
gate-bot-s-turn = Turno del bot
gate-intent = Intención
gate-rules = Reglas
gate-length = Longitud
gate-files = Archivos
gate-voice-notes = Notas de voz
gate-replies-in-a-row = Respuestas seguidas
gate-sender = Remitente
gate-age = Antigüedad
gate-automatic-mails = Correos automáticos
gate-mailbox = Buzón
gate-reply-address = Dirección de respuesta
gate-complaints = Quejas
gate-asked-back = Aclaración pedida
gate-found = Encontrado
gate-risk = Riesgo
gate-language = Idioma
gate-documented = Documentado
gate-covered = Cubierto
gate-one-meaning = Sin ambigüedad
gate-confidence = Confianza
saw-none-matched = no se aplica ninguna
saw-none = no hay
saw-some = hay
saw-transcribed-by-a-machine = transcrito automáticamente
saw-the-domain-vouches-for-it = el dominio responde por él
saw-the-domain-disowns-it = el dominio lo rechaza
saw-nobody-vouches-for-it = nadie responde por él
saw-days-old-when-it-came = ya tenía días al llegar
saw-fresh = reciente
saw-one-of-ours = uno de los nuestros
saw-none-of-ours = ninguno de los nuestros
saw-called-one-spam = marcó uno como spam
saw-called-none-spam = no marcó ninguno como spam
saw-nothing-was-asked-back = no se pidió ninguna aclaración
saw-none-of-the-choices-was-named = no se nombró ninguna de las opciones
saw-the-customer-chose = el cliente eligió
saw-no-draft = sin borrador
saw-the-model-finds-no-answer-in-the-sources = el modelo no encuentra respuesta en las fuentes
saw-everything-stands-in-a-cited-excerpt = todo figura en un fragmento citado
saw-characters = { $n ->
    [one] { $n } carácter
   *[other] { $n } caracteres
}
saw-questions = { $n ->
    [one] { $n } pregunta
   *[other] { $n } preguntas
}
saw-likely = { $n ->
    [one] { $n } igual de probable
   *[other] { $n } igual de probables
}
saw-of = { $part } de { $whole }
saw-never = { $share }; ningún valor basta
saw-unlicensed = { $share }; { $n ->
    [one] hace falta al menos { $n } veredicto más
   *[other] hacen falta al menos { $n } veredictos más
}
saw-orders = { $risk }; parece dar órdenes a una máquina: { $words }
saw-undocumented = no documentado: { $words }
tried-nothing = Se buscó en el conocimiento y no se encontró nada
tried-found = Se encontró “{ $question }” ({ $share } de la pregunta)
tried-model = Se preguntó al modelo: { $problem }
missing-answer = { $reason } Sin respuesta: “{ $questions }”.
missing-words = { $reason } Sin cubrir: { $words }.
model-problem-the-model-did-not-answer-in-time = el modelo no respondió a tiempo
model-problem-the-model-s-answer-stopped-on-the-way = la respuesta del modelo se cortó a medio camino
model-problem-the-model-failed-too-often-and-is-left-alone-for-a-while = el modelo falló demasiadas veces y se deja en paz un rato
model-problem-the-model-s-endpoint-cannot-be-reached = no se puede acceder al punto de conexión del modelo
model-problem-the-connection-to-the-model-s-endpoint-broke = se cortó la conexión con el punto de conexión del modelo
model-problem-the-model-s-endpoint-did-not-answer-with-json = el punto de conexión del modelo no respondió con JSON
model-problem-the-model-s-endpoint-answered-at-too-great-length = la respuesta del punto de conexión del modelo fue demasiado larga
model-problem-the-request-to-the-model-could-not-be-made = no se pudo hacer la petición al modelo
model-problem-the-model-s-budget-for-the-day-is-spent = el presupuesto diario del modelo está agotado
model-problem-the-model-s-budget-for-the-conversation-is-spent = el presupuesto del modelo para la conversación está agotado
model-problem-what-the-model-s-calls-have-taken-so-far-cannot-be-read = no se puede leer lo que han costado hasta ahora las llamadas al modelo
model-problem-status = el punto de conexión del modelo respondió con el estado { $status }{ $status ->
    [401] : ¿es correcta la clave?
    [403] : ¿es correcta la clave?
    [404] : ¿son correctos base_url y name?
   *[other] { "" }
}
ranker-words = palabras
ranker-encoder = codificador
ranker-learned = aprendido
why-awaited = Aquí ya se esperaba a una persona.
