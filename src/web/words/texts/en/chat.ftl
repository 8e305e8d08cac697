# What the desk shows of customers in the web chat.
known-account = logged in as { $name }
known-account-hint = The business's own site says who this is.
known-email-verified = verified
known-email-claimed = as they say
found-helpful = The customer found this helpful.
found-unhelpful = The customer found this not helpful.
