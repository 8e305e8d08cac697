//! The head of an article: what its front matter says about all its entries.

use super::problem::{Flaw, Report, flaw};
use super::slug;
use super::terms::{Terms, unknown_key};
use super::yaml::{Field, Value};
use crate::knowledge::ArticleId;
use crate::lang::Lang;
use std::collections::HashMap;

/// The keys that every article has.
const REQUIRED: [(&str, &str); 4] = [
    ("id", "a name that no other article has"),
    ("lang", "a language such as `en`"),
    ("title", "a few words on what the article is about"),
    ("topic", "the topic it belongs to, such as `returns`"),
];

/// What an article says about all its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its name, unique over all articles.
    pub id: ArticleId,
    /// The language it is written in.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// The topic it belongs to.
    pub topic: String,
    /// Words to find it by in lists.
    pub tags: Vec<String>,
    /// What decides whether and how its entries are used.
    pub terms: Terms,
}

/// Reads the fields of a front matter that begins below line `above`; the head is whole only where
/// nothing was reported.
pub fn read(fields: Vec<Field>, above: usize, report: &mut Report<'_>) -> Head {
    let mut head = Head::blank();
    let mut seen = HashMap::new();
    for Field { key, line, value } in fields {
        let line = above + line;
        if let Some(first) = seen.insert(key.clone(), line) {
            let what = format!("the key `{key}` stands twice, first in line {first}");
            report.add(line, flaw(what, "keep one of them"));
        }
        if let Err(flaw) = head.set(&key, value) {
            report.add(line, flaw);
        }
    }
    for (key, meaning) in REQUIRED {
        if !seen.contains_key(key) {
            let what = format!("the key `{key}` is missing");
            report.add(1, flaw(what, format!("add `{key}:` with {meaning}")));
        }
    }
    head
}

impl Head {
    /// A head that says nothing, for finding problems below a broken one.
    pub fn blank() -> Self {
        Self {
            id: ArticleId::from(""),
            lang: Lang::EN,
            title: String::new(),
            topic: String::new(),
            tags: Vec::new(),
            terms: Terms::default(),
        }
    }

    fn set(&mut self, key: &str, value: Value) -> Result<(), Flaw> {
        match key {
            "id" => self.id = article_id(&text(key, value)?)?,
            "lang" => self.lang = lang(&text(key, value)?)?,
            "title" => self.title = text(key, value)?,
            "topic" => self.topic = topic(text(key, value)?)?,
            "tags" => self.tags = tags(value)?,
            key if Terms::KEYS.contains(&key) => self.terms.set(key, &text(key, value)?)?,
            _ => {
                let known = REQUIRED.map(|(key, _)| key).into_iter().chain(["tags"]);
                let known: Vec<&str> = known.chain(Terms::KEYS).collect();
                return Err(unknown_key(key, &known));
            }
        }
        Ok(())
    }
}

fn text(key: &str, value: Value) -> Result<String, Flaw> {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Empty => String::new(),
        Value::List(_) | Value::Nested => {
            return Err(flaw(
                format!("`{key}` is no text"),
                format!("write `{key}: …` in one line"),
            ));
        }
    };
    if text.is_empty() {
        return Err(flaw(format!("`{key}` is empty"), "give it a value or remove the line"));
    }
    Ok(text)
}

fn article_id(text: &str) -> Result<ArticleId, Flaw> {
    if slug::is_article_id(text) {
        return Ok(ArticleId::from(text));
    }
    Err(flaw(
        format!("`id` is `{text}`"),
        "use lower-case letters, digits, hyphens and dots, starting with a letter or digit",
    ))
}

/// A code of two letters; a region such as in `en-GB` is refused, as nothing would come of it.
fn lang(code: &str) -> Result<Lang, Flaw> {
    let lang = code.parse::<Lang>().ok().filter(|lang| lang.as_str() == code);
    lang.ok_or_else(|| {
        flaw(format!("`lang` is `{code}`"), "write two lower-case letters such as `en` or `de`")
    })
}

fn topic(text: String) -> Result<String, Flaw> {
    let is_word = text
        .chars()
        .all(|c| c == '-' || c.is_numeric() || (c.is_alphabetic() && !c.is_uppercase()));
    if is_word {
        return Ok(text);
    }
    Err(flaw(format!("`topic` is `{text}`"), "use lower-case letters, digits and hyphens"))
}

fn tags(value: Value) -> Result<Vec<String>, Flaw> {
    let wanted = || flaw("`tags` is no list of words", "write `tags: [one, two]`");
    let Value::List(items) = value else { return Err(wanted()) };
    let words = items.into_iter().map(|item| {
        item.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).ok_or_else(wanted)
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::knowledge::parse::problem::Report;
    use crate::knowledge::parse::yaml::fields;

    const WHOLE: &str = "id: returns\nlang: de\ntitle: Rückgabe\ntopic: returns\n";

    fn problems(yaml: &str) -> Vec<(usize, String)> {
        let mut report = Report::new("a.md");
        read(fields(yaml).expect(yaml), 1, &mut report);
        report.finish().into_iter().map(|problem| (problem.line, problem.what)).collect()
    }

    #[test]
    fn a_whole_head_is_taken() {
        let mut report = Report::new("a.md");
        let yaml = format!("{WHOLE}tags: [a, 2026]\nrisk: high\nvalid_until: 2026-03-31\n");
        let head = read(fields(&yaml).expect("valid"), 1, &mut report);
        assert!(report.is_clean(), "{report:?}");
        assert_eq!((head.id.as_str(), head.lang.as_str()), ("returns", "de"));
        assert_eq!((head.title.as_str(), head.tags.join(" ")), ("Rückgabe", "a 2026".to_owned()));
        assert!(head.terms.valid_until.is_some());
    }

    #[test]
    fn every_wrong_key_is_told_at_its_line() {
        for (more, what) in [
            ("titel: x", "the key `titel` is unknown"),
            ("id: other", "the key `id` stands twice, first in line 2"),
            ("tags: word", "`tags` is no list of words"),
            ("tags: [a, '']", "`tags` is no list of words"),
            ("risk: huge", "`risk` is `huge`"),
            ("risk: [low]", "`risk` is no text"),
            ("risk:", "`risk` is empty"),
            ("valid_until: 2026-02-30", "`valid_until` is `2026-02-30`, which is no date"),
        ] {
            assert_eq!(problems(&format!("{WHOLE}{more}\n")), [(6, what.to_owned())], "{more}");
        }
        for (yaml, line, what) in [
            (WHOLE.replace("returns\nl", "Re turns\nl"), 2, "`id` is `Re turns`"),
            (WHOLE.replace("de", "de-DE"), 3, "`lang` is `de-DE`"),
            (WHOLE.replace("lang: de", "lang: deutsch"), 3, "`lang` is `deutsch`"),
            (WHOLE.replace("topic: r", "topic: R"), 5, "`topic` is `Returns`"),
            (WHOLE.replace("title: Rückgabe\n", ""), 1, "the key `title` is missing"),
        ] {
            assert_eq!(problems(&yaml), [(line, what.to_owned())], "{yaml}");
        }
    }

    #[test]
    fn all_missing_keys_are_told_at_once() {
        assert_eq!(problems("").len(), 4);
    }
}
