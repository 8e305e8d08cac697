# Trust: what is licensed, and on which evidence.
trust-lead = An answer goes out by itself only where people’s verdicts prove that few enough of such answers are wrong. Until then, and whenever too many turn out wrong, every answer waits for a person as a draft.
trust-sample = The sample is being calibrated
trust-sample-lead = The bot answers the labelled questions that came with the sample knowledge and counts how often it is right. Until that is done, nothing goes out by itself.
trust-calibrating = Calibrating
trust-of-questions = { $part } of { $of } questions
trust-mode = { $mode } mode
trust-no-inbox = The settings name no inbox yet. Add one to sureply.toml and start again.
trust-sets = Declared sets
trust-stands-for = stands for { $inbox }
trust-turns = { $count ->
    [one] { $count } labelled turn
   *[other] { $count } labelled turns
}
trust-declared = declared
trust-take-back = Take back…
trust-take-back-hint = Its verdicts no longer count, so that answers may stop going out by themselves. To undo it, run “sureply calibrate” again.
trust-take-it-back = Take it back
trust-evidence = Where evidence comes from
trust-verdicts = Verdicts.
trust-verdicts-lead = Approving, editing or rejecting a draft says whether it was right.
trust-audits = Audits.
trust-audits-lead = A share of the automatic answers, drawn by lot, is put before a person:
trust-declared-sets = Declared sets.
trust-declared-lead = An admin declares that labelled questions stand for the customers:
trust-settings = How much may be wrong is set in [policy], for each risk class; what “sureply trust” prints is the same as stands here.
licence-empty = empty
licence-learning = learning
licence-licensed = licensed
licence-suspended = suspended
class-waits = Every answer waits for a person.
class-empty = There is no verdict yet. Declare a labelled set with “sureply calibrate DIR”, or approve, edit or reject drafts:
class-missing = { $count ->
    [one] { $count } more right verdict
   *[other] { $count } more right verdicts
}
class-missing-why = needed at least, before the first answer may go out by itself.
class-wrong = Of the { $n } surest, { $k ->
    [one] { $k } was
   *[other] { $k } were
} wrong; mending what led there helps sooner than waiting:
class-answers-from = Answers by itself from { $threshold } confidence.
class-answers = Answers by itself.
class-of-these = Of these answers
class-at-most = at most { $alpha } are wrong,
class-certainty = with { $certainty } certainty.
class-stopped = Stopped: every answer waits for a person.
class-stopped-why = audits showed that more than { $alpha } of its answers are wrong. New verdicts earn the licence back; mend the entries behind them:
class-stopped-missing = { $count ->
    [one] { $count } more right verdict is needed at least.
   *[other] { $count } more right verdicts are needed at least.
}
class-automated = Answered by itself, last 30 days
class-of-turns = { $part } of { $of } turns
class-no-turns = no turns yet
class-coverage = By the evidence it may answer
class-of-such = of such questions
class-nothing = nothing yet
class-audits = Found wrong in audits
class-audits-of = { $wrong } of { $n }; in truth between { $from } and { $to }, with { $certainty } certainty
class-drift = Signs of drift
class-drift-stops = (stops at { $limit })
class-drift-hint = up to 1 nothing speaks against the licence
plot-title = the share of wrong answers by the confidence from which they go out, with its upper limit and the tolerated { $alpha }. The figures stand in the table below.
plot-up = share of answers that are wrong
plot-across = confidence from which answers go out
plot-found = found wrong
plot-bound = wrong at most
plot-alpha = tolerated
plot-licensed = goes out by itself
figures = All figures
figure-alpha = α, tolerated share of wrong answers
figure-delta = δ, risk that the bound does not hold
figure-n = n, verdicts at or above the line
figure-of = of { $total }
figure-k = k, of these wrong
figure-threshold = λ̂, confidence from which answers go out
figure-none = (none goes out)
figure-upper = Upper limit of the wrong share (Clopper–Pearson)
figure-source = Evidence by source
figure-no-source = none
table-caption = What the evidence says of each line
table-from = Confidence from
table-verdicts = Verdicts
table-wrong = Wrong
table-found = Found wrong
table-most = At most
class-of-low = Low risk
class-of-standard = Standard risk
class-of-high = High risk
class-of-never = Never automatic
source-verdict = verdicts
source-audit = audits
source-declared = declared
source-alarm = alarms (not counted in the estimate)
all-inboxes = all inboxes
held-draft = The settings have this inbox draft only: nothing goes out by itself, whatever the evidence.
held-shadow = The settings have this inbox record only: nothing goes out by itself, whatever the evidence.
