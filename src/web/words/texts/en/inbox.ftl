# The inbox: waits, tags, blocked contacts, many at once, kept searches.
due-in = due in { $length }
due-now = due now
due-over = overdue { $length }
due-by = To be answered by { $moment }
script-due-in = due in { $n }
script-due-now = due now
script-due-over = overdue { $n }
script-due-by = To be answered by { $n }
