# A caixa de entrada: esperas, etiquetas, contactos bloqueados, muitas de uma vez, pesquisas guardadas.
due-in = vence em { $length }
due-now = vence agora
due-over = venceu há { $length }
due-by = Prazo de resposta: { $moment }
script-due-in = vence em { $n }
script-due-now = vence agora
script-due-over = venceu há { $n }
script-due-by = Prazo de resposta: { $n }
