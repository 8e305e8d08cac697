//! A gate as people read it: records name it, and what it saw, in English.

use crate::conversation::Gate;
use crate::web::markdown::visible;
use crate::web::words::{find, find_phrase};

/// A gate with what it saw, in the language of the request; what is not known there is shown as it was
/// recorded.
pub(super) fn told(gate: &Gate) -> Gate {
    let name = find_phrase("gate", &gate.name).unwrap_or_else(|| gate.name.clone());
    let detail = saw(gate).unwrap_or_else(|| gate.detail.clone());
    Gate { name: visible(&name), passed: gate.passed, detail: visible(&detail) }
}

fn saw(gate: &Gate) -> Option<String> {
    let detail = gate.detail.as_str();
    match gate.name.as_str() {
        "bot's turn" => find_phrase("state", detail),
        "intent" => find_phrase("intent", detail),
        "risk" => risk(detail),
        // The rule's name is the business's own.
        "rules" if !gate.passed => None,
        _ => find_phrase("saw", detail).or_else(|| measured(detail)),
    }
}

fn risk(detail: &str) -> Option<String> {
    match detail.split_once("; it reads like orders to a machine: ") {
        Some((risk, words)) => Some(t!("saw-orders", risk = find("risk", risk)?, words = words)),
        None => find("risk", detail),
    }
}

/// What holds a figure, or words of the draft.
fn measured(detail: &str) -> Option<String> {
    if let Some(words) = detail.strip_prefix("not documented: ") {
        return Some(t!("saw-undocumented", words = words));
    }
    if let Some((share, rest)) = detail.split_once("; ") {
        return unlicensed(share, rest);
    }
    let (figure, rest) = detail.split_once(' ')?;
    let count = || figure.parse::<i64>().ok();
    Some(match rest {
        "characters" => t!("saw-characters", n = count()?),
        "questions" => t!("saw-questions", n = count()?),
        "equally likely" => t!("saw-likely", n = count()?),
        _ => t!("saw-of", part = figure, whole = rest.strip_prefix("of ")?),
    })
}

fn unlicensed(share: &str, rest: &str) -> Option<String> {
    if rest == "none is enough" {
        return Some(t!("saw-never", share = share));
    }
    let missing = rest.strip_prefix("at least ")?.strip_suffix(" more verdicts needed")?;
    Some(t!("saw-unlicensed", share = share, n = missing.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::conversation::Gate;
    use crate::web::words::{Tongue, speaking};

    async fn german(name: &str, passed: bool, detail: &str) -> (String, String) {
        let gate = Gate { name: name.into(), passed, detail: detail.into() };
        let told = speaking(Tongue::De, async { told(&gate) }).await;
        (told.name, told.detail)
    }

    #[tokio::test]
    async fn what_a_gate_saw_is_told_in_the_readers_language() {
        for (name, passed, detail, shown) in [
            ("bot's turn", false, "with_agent", ("Bot ist am Zug", "Bei jemandem aus dem Team")),
            ("intent", false, "opt_out", ("Absicht", "möchte keine Nachrichten mehr")),
            ("rules", true, "none matched", ("Regeln", "keine trifft zu")),
            ("rules", false, "none", ("Regeln", "none")),
            ("length", true, "1 characters", ("Länge", "1 Zeichen")),
            ("files", false, "some", ("Dateien", "vorhanden")),
            ("replies in a row", true, "0 of 3", ("Antworten in Folge", "0 von 3")),
            ("sender", false, "the domain disowns it", ("Absender", "die Domain weist sie zurück")),
            ("automatic mails", false, "3 of 3", ("Automatische Mails", "3 von 3")),
            ("age", false, "days old when it came", ("Alter", "bei der Ankunft schon Tage alt")),
            ("found", true, "1 questions", ("Gefunden", "1 Frage")),
            ("risk", true, "low", ("Risiko", "niedriges Risiko")),
            (
                "risk",
                true,
                "high; it reads like orders to a machine: <|",
                ("Risiko", "hohes Risiko; liest sich wie Befehle an eine Maschine: <|"),
            ),
            ("language", true, "en", ("Sprache", "en")),
            ("documented", false, "not documented: 3 of 4", ("Belegt", "nicht belegt: 3 of 4")),
            ("one meaning", false, "2 equally likely", ("Eindeutig", "2 gleich wahrscheinlich")),
            ("confidence", false, "0.512 of 0.800", ("Konfidenz", "0.512 von 0.800")),
            (
                "confidence",
                false,
                "0.512; at least 1 more verdicts needed",
                ("Konfidenz", "0.512; mindestens 1 weiteres Urteil nötig"),
            ),
            (
                "confidence",
                false,
                "0.512; none is enough",
                ("Konfidenz", "0.512; kein Wert genügt"),
            ),
            ("of older times", true, "as it was", ("of older times", "as it was")),
        ] {
            let (told, saw) = german(name, passed, detail).await;
            assert_eq!((told.as_str(), saw.as_str()), shown, "{name}: {detail}");
        }
    }
}
