//! Saved replies: words that agents use again and again, with variables that are filled in where they are used.

use super::{AgentId, SavedReplyId};
use crate::lang::Lang;
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::ops::Range;

/// Words that agents use again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReply {
    /// Its identifier.
    pub id: SavedReplyId,
    /// Whose it is; none for everybody's.
    pub owner_id: Option<AgentId>,
    /// What it is called.
    pub title: String,
    /// The words, in Markdown, with variables in double braces.
    pub body: String,
    /// The language it is in, where that was said.
    pub lang: Option<Lang>,
    /// What is typed after a slash to have it.
    pub shortcut: Option<String>,
    /// Who wrote it last.
    pub written_by: AgentId,
    /// When.
    pub updated_at: DateTime<Utc>,
    /// When it was put away, if it was.
    pub removed_at: Option<DateTime<Utc>>,
}

/// What the variables stand for in a conversation; nothing where it is not known.
pub type Values = [(&'static str, Option<String>)];

/// A text with the variables filled in whose value is known; the others stay as they stand.
pub fn fill(body: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(body.len());
    let mut end = 0;
    for (place, name) in variables(body) {
        let known = values.iter().find(|(known, _)| *known == name);
        let value = known.and_then(|(_, value)| value.as_deref()).map(str::trim);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            filled.push_str(&body[end..place.start]);
            filled.push_str(value);
            end = place.end;
        }
    }
    filled.push_str(&body[end..]);
    filled
}

/// The variables of a text, such as `{{contact.name}}`: where each stands, and its name.
pub fn variables(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find("{{")?;
            from = start + 2;
            let (inside, _) = text[from..].split_once("}}")?;
            let name = inside.trim();
            if is_name(name) {
                let end = from + inside.len() + 2;
                from = end;
                return Some((start..end, name));
            }
        }
    })
}

fn is_name(name: &str) -> bool {
    let may_stand = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_');
    name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.chars().all(may_stand)
}

/// The replies that hold every word sought, the likeliest first: by their shortcut, then their title, then
/// those in the customer's language.
pub fn likeliest(replies: Vec<SavedReply>, sought: &str, lang: Option<Lang>) -> Vec<SavedReply> {
    let sought = sought.trim().to_lowercase();
    let words: Vec<&str> = sought.split_whitespace().collect();
    let mut fitting: Vec<(Reverse<u8>, String, SavedReply)> = Vec::new();
    for reply in replies {
        let title = reply.title.to_lowercase();
        let shortcut = reply.shortcut.as_deref().unwrap_or_default().to_lowercase();
        let all = format!("{shortcut} {title} {}", reply.body.to_lowercase());
        if !words.iter().all(|word| all.contains(word)) {
            continue;
        }
        let is_begun = |text: &str| !sought.is_empty() && text.starts_with(&sought);
        let rank = 8 * u8::from(!shortcut.is_empty() && shortcut == sought)
            + 4 * u8::from(is_begun(&shortcut))
            + 2 * u8::from(is_begun(&title))
            + u8::from(lang.is_some() && reply.lang == lang);
        fitting.push((Reverse(rank), title, reply));
    }
    fitting.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
    fitting.into_iter().map(|(_, _, reply)| reply).collect()
}

#[cfg(test)]
mod tests {
    use super::{SavedReply, fill, likeliest, variables};
    use crate::lang::Lang;
    use chrono::DateTime;

    #[test]
    fn variables_are_filled_where_their_value_is_known() {
        let values = [
            ("contact.name", Some("Zoë {{business}}".to_owned())),
            ("agent.name", None),
            ("business", Some("  ".to_owned())),
        ];
        for (body, filled) in [
            ("Hello {{contact.name}}!", "Hello Zoë {{business}}!"),
            ("Hello {{ contact.name }}!", "Hello Zoë {{business}}!"),
            ("{{agent.name}} of {{business}}", "{{agent.name}} of {{business}}"),
            ("{{unknown}} {{contact.name}}", "{{unknown}} Zoë {{business}}"),
            ("{{{contact.name}}}", "{{{contact.name}}}"),
            ("{{contact.name", "{{contact.name"),
            ("", ""),
        ] {
            assert_eq!(fill(body, &values), filled, "{body}");
        }
    }

    #[test]
    fn a_variable_is_a_name_in_double_braces() {
        for (text, names) in [
            ("{{a}} {{ b.c_1 }}{{d}}", &["a", "b.c_1", "d"][..]),
            ("{{}} {{1a}} {{a b}} {a} {{ü}}", &[]),
            ("{{ {{a}}", &["a"]),
            ("\\{{a}}", &["a"]),
        ] {
            let found: Vec<&str> = variables(text).map(|(_, name)| name).collect();
            assert_eq!(found, names, "{text}");
        }
        let (place, _) = variables("x {{a}} y").next().expect("one");
        assert_eq!(place, 2..7);
    }

    #[test]
    fn the_likeliest_reply_comes_first() {
        let reply = |title: &str, shortcut: Option<&str>, lang: Option<Lang>| SavedReply {
            id: title.into(),
            owner_id: None,
            title: title.into(),
            body: "Words on refunds".into(),
            lang,
            shortcut: shortcut.map(str::to_owned),
            written_by: "ada".into(),
            updated_at: DateTime::UNIX_EPOCH,
            removed_at: None,
        };
        let all = || {
            vec![
                reply("Refund", None, None),
                reply("Anything", Some("ref"), None),
                reply("Bye", None, Some(Lang::DE)),
                reply("All", Some("refer"), None),
            ]
        };
        for (sought, lang, titles) in [
            ("ref", None, &["Anything", "All", "Refund", "Bye"][..]),
            ("", None, &["All", "Anything", "Bye", "Refund"]),
            ("", Some(Lang::DE), &["Bye", "All", "Anything", "Refund"]),
            ("bye words", None, &["Bye"]),
            ("nothing", None, &[]),
        ] {
            let found = likeliest(all(), sought, lang);
            let found: Vec<&str> = found.iter().map(|reply| reply.title.as_str()).collect();
            assert_eq!(found, titles, "{sought}");
        }
    }
}
