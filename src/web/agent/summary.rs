//! A handoff's summary as people read it: code told it in English when it decided.

use crate::conversation::{Reason, Summary};
use crate::triage::Sentiment;
use crate::web::markdown::visible;
use crate::web::words::{find_phrase, say_of};

/// A summary that code told, in the language of the request; `said` puts its reason into words.
pub(super) fn told(summary: &Summary, said: impl Fn(Reason) -> String) -> Summary {
    shown(&Summary {
        problem: summary.problem.clone(),
        tried: summary.tried.iter().map(|step| tried(step)).collect(),
        missing: missing(&summary.missing, said),
        mood: mood(&summary.mood),
    })
}

/// A summary with what cannot be seen made visible.
pub(super) fn shown(summary: &Summary) -> Summary {
    Summary {
        problem: visible(&summary.problem),
        tried: summary.tried.iter().map(|step| visible(step)).collect(),
        missing: visible(&summary.missing),
        mood: visible(&summary.mood),
    }
}

/// Why a model's words were not used.
pub(super) fn model_problem(problem: &str) -> String {
    let known = find_phrase("model-problem", problem).or_else(|| status(problem));
    known.unwrap_or_else(|| problem.to_owned())
}

fn status(problem: &str) -> Option<String> {
    let rest = problem.strip_prefix("the model's endpoint answered with status ")?;
    let status: i64 = rest.split(':').next()?.parse().ok()?;
    Some(t!("model-problem-status", status = status))
}

fn tried(step: &str) -> String {
    if step == "Searched the knowledge and found nothing" {
        return t!("tried-nothing");
    }
    if let Some(problem) = step.strip_prefix("Asked the model: ") {
        return t!("tried-model", problem = model_problem(problem));
    }
    found(step).unwrap_or_else(|| step.to_owned())
}

fn found(step: &str) -> Option<String> {
    let rest = step.strip_prefix("Found “")?.strip_suffix(" % of the question)")?;
    let (question, share) = rest.rsplit_once("” (")?;
    Some(t!("tried-found", question = question, share = format!("{share} %")))
}

/// The reason, which comes first, and what of the customer's words nothing was found for.
fn missing(told: &str, said: impl Fn(Reason) -> String) -> String {
    let known = Reason::ALL.iter().find_map(|reason| {
        let rest = told.strip_prefix(reason.sentence())?;
        Some((said(*reason), rest))
    });
    let Some((reason, rest)) = known else { return told.to_owned() };
    let within = |begin: &str, end: &str| rest.strip_prefix(begin)?.strip_suffix(end);
    if let Some(questions) = within(" Without an answer: “", "”.") {
        let questions = questions.replace("”, “", " · ");
        t!("missing-answer", reason = reason, questions = questions)
    } else if let Some(words) = within(" Not covered: ", ".") {
        t!("missing-words", reason = reason, words = words)
    } else {
        format!("{reason}{rest}")
    }
}

fn mood(told: &str) -> String {
    let known = Sentiment::ALL.iter().find(|mood| recorded(**mood) == told);
    known.map_or_else(|| told.to_owned(), |mood| say_of("mood", mood.as_str()))
}

/// The word that a summary has for a mood.
fn recorded(mood: Sentiment) -> &'static str {
    match mood {
        Sentiment::Positive => "pleased",
        Sentiment::Neutral => "calm",
        Sentiment::Negative => "displeased",
        Sentiment::Angry => "angry",
    }
}

#[cfg(test)]
mod tests {
    use super::{Summary, told};
    use crate::conversation::Reason;
    use crate::web::agent::list::said_reason;
    use crate::web::words::{Tongue, speaking};

    fn summary(tried: &str, missing: &str, mood: &str) -> Summary {
        let (problem, missing, mood) = ("Zelt?".into(), missing.into(), mood.into());
        Summary { problem, tried: vec![tried.into()], missing, mood }
    }

    #[tokio::test]
    async fn a_summary_is_told_in_the_readers_language() {
        for (recorded, shown) in [
            (
                summary("Found “A” (3) “B” (64 % of the question)", "", "calm"),
                summary("„A” (3) “B“ gefunden (64 % der Frage abgedeckt)", "", "ruhig"),
            ),
            (
                summary(
                    "Searched the knowledge and found nothing",
                    "The knowledge holds nothing on this. Without an answer: “A?”, “B?”.",
                    "angry",
                ),
                summary(
                    "Das Wissen durchsucht und nichts gefunden",
                    "Das Wissen enthält nichts dazu. Ohne Antwort: „A? · B?“.",
                    "sehr unzufrieden",
                ),
            ),
            (
                summary(
                    "Asked the model: the model's endpoint answered with status 401: is the key right?",
                    "Every gate was passed. Not covered: tent, boots.",
                    "pleased",
                ),
                summary(
                    "Das Modell gefragt: der Endpunkt des Modells hat mit Status 401 geantwortet: Stimmt der Schlüssel?",
                    "Alle Prüfungen wurden bestanden. Nicht abgedeckt: tent, boots.",
                    "zufrieden",
                ),
            ),
            (summary("a", "as it was", "odd"), summary("a", "as it was", "odd")),
        ] {
            let told = speaking(Tongue::De, async { told(&recorded, said_reason) }).await;
            assert_eq!(told, shown);
        }
    }

    #[tokio::test]
    async fn each_reason_is_told_in_each_language_but_english_otherwise() {
        for tongue in Tongue::ALL.iter().copied() {
            for reason in Reason::ALL {
                let recorded = summary("", reason.sentence(), "calm");
                let told = speaking(tongue, async { told(&recorded, said_reason) }).await.missing;
                let same = told == reason.sentence();
                assert!(same == (tongue == Tongue::En), "{reason} in {tongue}: {told}");
            }
        }
    }
}
