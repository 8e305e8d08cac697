//! Topic, team and escalation by the rules of the settings.

use super::text::{Text, fold, folded_words};
use crate::config::Rule;
use crate::conversation::Priority;

/// What the rules say of a message.
#[derive(Debug, Default, PartialEq)]
pub struct Routing {
    /// The topic of the first matching rule that has one.
    pub topic: Option<String>,
    /// The team of the first matching rule that has one.
    pub route: Option<String>,
    /// The highest priority that a matching rule wants.
    pub priority: Option<Priority>,
    /// The name of the first matching rule that wants a person.
    pub escalate_rule: Option<String>,
    /// The matching rules, each with the words that it found.
    pub signals: Vec<String>,
}

/// Applies the rules in order.
pub fn read(text: &Text, rules: &[Rule]) -> Routing {
    let mut routing = Routing::default();
    let folded = fold(&text.clean);
    for rule in rules {
        let Some(phrase) = rule.any.iter().find(|phrase| says(text, &folded, phrase)) else {
            continue;
        };
        routing.topic = routing.topic.or_else(|| rule.topic.clone());
        routing.route = routing.route.or_else(|| rule.route.clone());
        routing.priority = routing.priority.max(rule.priority);
        if rule.escalate {
            routing.escalate_rule.get_or_insert_with(|| rule.name.clone());
        }
        routing.signals.push(format!("rule {}: {phrase}", rule.name));
    }
    routing
}

/// Whether the words of a phrase stand in the text side by side, within one sentence.
fn says(text: &Text, folded: &str, phrase: &str) -> bool {
    // Scripts without spaces have no whole words to compare.
    if phrase.chars().any(is_unspaced) {
        return folded.contains(&fold(phrase));
    }
    let wanted = folded_words(phrase);
    !wanted.is_empty()
        && text.words.windows(wanted.len()).any(|words| {
            let same = words.iter().zip(&wanted).all(|(word, wanted)| word.folded == *wanted);
            same && words.iter().all(|word| word.sentence == words[0].sentence)
        })
}

/// Letters of Thai, Lao, Khmer, Burmese, Chinese and Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::{Priority, Routing, Rule, Text, read};

    fn rule(name: &str, any: &[&str]) -> Rule {
        Rule {
            name: name.to_owned(),
            any: any.iter().map(|phrase| (*phrase).to_owned()).collect(),
            topic: None,
            route: None,
            priority: None,
            escalate: false,
        }
    }

    #[test]
    fn words_match_whole_without_case_and_accents() {
        for (phrase, text, expected) in [
            ("press", "I write for the PRESS", true),
            ("press", "express shipping", false),
            ("data protection", "your data-protection officer", true),
            ("data protection", "protection of data", false),
            ("réclamation", "une reclamation", true),
            ("größe", "GRÖSSE", true),
            ("data protection", "my data. Protection?", false),
            ("退货", "我想退货", true),
            ("", "anything", false),
        ] {
            let matched = !read(&Text::read(text), &[rule("r", &[phrase])]).signals.is_empty();
            assert_eq!(matched, expected, "{phrase} in {text}");
        }
    }

    #[test]
    fn the_first_rule_with_a_topic_gives_it_and_the_highest_priority_counts() {
        let shipping = Rule { topic: Some("shipping".into()), ..rule("shipping", &["parcel"]) };
        let legal = Rule {
            topic: Some("legal".into()),
            route: Some("office".into()),
            priority: Some(Priority::Urgent),
            escalate: true,
            ..rule("legal", &["my lawyer"])
        };
        let found = read(&Text::read("My lawyer asks about the parcel"), &[shipping, legal]);
        let expected = Routing {
            topic: Some("shipping".into()),
            route: Some("office".into()),
            priority: Some(Priority::Urgent),
            escalate_rule: Some("legal".into()),
            signals: vec!["rule shipping: parcel".into(), "rule legal: my lawyer".into()],
        };
        assert_eq!(found, expected);
    }
}
