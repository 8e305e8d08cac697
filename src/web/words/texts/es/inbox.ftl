# La bandeja de entrada: esperas, etiquetas, contactos bloqueados, muchas a la vez, búsquedas guardadas.
due-in = vence en { $length }
due-now = vence ahora
due-over = venció hace { $length }
due-by = Plazo de respuesta: { $moment }
script-due-in = vence en { $n }
script-due-now = vence ahora
script-due-over = venció hace { $n }
script-due-by = Plazo de respuesta: { $n }
