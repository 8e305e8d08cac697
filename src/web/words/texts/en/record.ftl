# What a decision's record holds in English: gates and what they saw, what was tried, why a model's words were not used.
gate-bot-s-turn = Bot’s turn
gate-intent = Intent
gate-rules = Rules
gate-length = Length
gate-files = Files
gate-voice-notes = Voice notes
gate-replies-in-a-row = Replies in a row
gate-sender = Sender
gate-age = Age
gate-automatic-mails = Automatic mails
gate-mailbox = Mailbox
gate-reply-address = Reply address
gate-complaints = Complaints
gate-asked-back = Asked back
gate-found = Found
gate-risk = Risk
gate-language = Language
gate-documented = Documented
gate-covered = Covered
gate-one-meaning = One meaning
gate-confidence = Confidence
saw-none-matched = none matched
saw-none = none
saw-some = some
saw-transcribed-by-a-machine = transcribed by a machine
saw-the-domain-vouches-for-it = the domain vouches for it
saw-the-domain-disowns-it = the domain disowns it
saw-nobody-vouches-for-it = nobody vouches for it
saw-days-old-when-it-came = days old when it came
saw-fresh = fresh
saw-one-of-ours = one of ours
saw-none-of-ours = none of ours
saw-called-one-spam = called one spam
saw-called-none-spam = called none spam
saw-nothing-was-asked-back = nothing was asked back
saw-none-of-the-choices-was-named = none of the choices was named
saw-the-customer-chose = the customer chose
saw-no-draft = no draft
saw-the-model-finds-no-answer-in-the-sources = the model finds no answer in the sources
saw-everything-stands-in-a-cited-excerpt = everything stands in a cited excerpt
saw-characters = { $n ->
    [one] { $n } character
   *[other] { $n } characters
}
saw-questions = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
saw-likely = { $n } equally likely
saw-of = { $part } of { $whole }
saw-never = { $share }; none is enough
saw-unlicensed = { $share }; { $n ->
    [one] at least { $n } more verdict needed
   *[other] at least { $n } more verdicts needed
}
saw-orders = { $risk }; it reads like orders to a machine: { $words }
saw-undocumented = not documented: { $words }
tried-nothing = Searched the knowledge and found nothing
tried-found = Found “{ $question }” ({ $share } of the question)
tried-model = Asked the model: { $problem }
missing-answer = { $reason } Without an answer: “{ $questions }”.
missing-words = { $reason } Not covered: { $words }.
model-problem-the-model-did-not-answer-in-time = the model did not answer in time
model-problem-the-model-s-answer-stopped-on-the-way = the model’s answer stopped on the way
model-problem-the-model-failed-too-often-and-is-left-alone-for-a-while = the model failed too often and is left alone for a while
model-problem-the-model-s-endpoint-cannot-be-reached = the model’s endpoint cannot be reached
model-problem-the-connection-to-the-model-s-endpoint-broke = the connection to the model’s endpoint broke
model-problem-the-model-s-endpoint-did-not-answer-with-json = the model’s endpoint did not answer with JSON
model-problem-the-model-s-endpoint-answered-at-too-great-length = the model’s endpoint answered at too great length
model-problem-the-request-to-the-model-could-not-be-made = the request to the model could not be made
model-problem-the-model-s-budget-for-the-day-is-spent = the model’s budget for the day is spent
model-problem-the-model-s-budget-for-the-conversation-is-spent = the model’s budget for the conversation is spent
model-problem-what-the-model-s-calls-have-taken-so-far-cannot-be-read = what the model’s calls have taken so far cannot be read
model-problem-status = the model’s endpoint answered with status { $status }{ $status ->
    [401] : is the key right?
    [403] : is the key right?
    [404] : are base_url and name right?
   *[other] { "" }
}
ranker-words = words
ranker-encoder = encoder
ranker-learned = learned
why-awaited = A person was awaited here already.
