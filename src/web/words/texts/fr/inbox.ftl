# La boîte de réception : délais, étiquettes, contacts bloqués, actions groupées, recherches enregistrées.
due-in = échéance dans { $length }
due-now = échéance maintenant
due-over = en retard de { $length }
due-by = Réponse attendue avant le { $moment }
script-due-in = échéance dans { $n }
script-due-now = échéance maintenant
script-due-over = en retard de { $n }
script-due-by = Réponse attendue avant le { $n }
