//! How soon a person should look.

use super::text::Text;
use super::words::Words;
use super::{Intent, Sentiment};
use crate::conversation::Priority;

/// Finds the priority, and the words that raised it.
pub fn read(text: &Text, intent: Intent, sentiment: Sentiment) -> (Priority, Option<String>) {
    let words = Words::all();
    let written = |span: super::phrase::Span| text.written(span.first, span.last).to_owned();
    match intent {
        Intent::Thanks
        | Intent::Greeting
        | Intent::OptOut
        | Intent::Automatic
        | Intent::Spam
        | Intent::Unreadable => return (Priority::Low, None),
        Intent::Question | Intent::AccountSpecific | Intent::Complaint | Intent::PersonWanted => {}
    }
    if let Some(span) = words.urgent.find(text) {
        return (Priority::Urgent, Some(format!("urgent: {}", written(span))));
    }
    if sentiment == Sentiment::Angry {
        return (Priority::High, None);
    }
    match words.soon.find(text) {
        Some(span) => (Priority::High, Some(format!("soon: {}", written(span)))),
        None if intent == Intent::Complaint => (Priority::High, None),
        None => (Priority::Normal, None),
    }
}

/// What a rule's wish makes of it: it raises anything, and lowers what is only usual.
pub fn with_rule(found: Priority, rule: Option<Priority>) -> Priority {
    match rule {
        Some(wish) if found == Priority::Normal => wish,
        Some(wish) => found.max(wish),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::{Intent, Priority, Sentiment, Text, read, with_rule};
    use Priority::{High, Low, Normal, Urgent};

    #[test]
    fn danger_comes_first_and_haste_second() {
        for (text, expected) in [
            ("I had an accident with your stove", Urgent),
            ("someone used my account to order things", Urgent),
            ("My son had an allergic reaction to the sleeping bag", Urgent),
            ("I think there was a data breach", Urgent),
            ("Ich hatte einen Unfall mit dem Kocher", Urgent),
            ("Mein Konto wurde gehackt", Urgent),
            ("Tuve un accidente con el arnés", Urgent),
            ("Han robado mi tarjeta", Urgent),
            ("J'ai eu un accident avec le réchaud", Urgent),
            ("Ma carte a été volée", Urgent),
            ("Tive um acidente com a corda", Urgent),
            ("Vazamento de dados na minha conta", Urgent),
            ("I need it by tomorrow, we are leaving", High),
            ("Ich brauche das Zelt dringend", High),
            ("Lo necesito urgente", High),
            ("C'est urgent", High),
            ("Preciso disso o mais rápido possível", High),
            ("How do I light the campfire stove?", Normal),
            ("Do I need accident insurance for a course?", Normal),
            ("Wie pflege ich Lederschuhe?", Normal),
        ] {
            let (found, _) = read(&Text::read(text), Intent::Question, Sentiment::Neutral);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn anger_raises_and_thanks_lower() {
        let text = Text::read("where is it");
        assert_eq!(read(&text, Intent::Question, Sentiment::Angry).0, High);
        assert_eq!(read(&text, Intent::Thanks, Sentiment::Angry).0, Low);
    }

    #[test]
    fn a_rule_never_lowers_what_stands_out() {
        for (found, rule, expected) in [
            (Normal, Some(Low), Low),
            (Normal, Some(High), High),
            (Urgent, Some(Low), Urgent),
            (High, Some(Urgent), Urgent),
            (Low, None, Low),
        ] {
            assert_eq!(with_rule(found, rule), expected, "{found} with {rule:?}");
        }
    }
}
