//! Tags: free words by which people sort conversations.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A word or a few, in small letters, on one line and without commas.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// Characters that it may have.
    pub const LONGEST: usize = 40;
    /// Tags that a conversation may have.
    pub const MOST: i64 = 20;

    /// Its words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let tag = words.join(" ").to_lowercase();
        let odd = |letter: char| letter.is_control() || letter == ',';
        if tag.is_empty() || tag.chars().count() > Self::LONGEST || tag.contains(odd) {
            return Err(format!(
                "a tag is of 1 to {} characters and has no comma in it",
                Self::LONGEST
            ));
        }
        Ok(Self(tag))
    }
}

impl TryFrom<String> for Tag {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[test]
    fn a_tag_is_a_few_words_on_one_line() {
        let (long, longer) = ("ü".repeat(40), "ü".repeat(41));
        for (text, tag) in [
            ("refund", Some("refund")),
            ("  Big \t Customer\n", Some("big customer")),
            ("", None),
            (" \n ", None),
            ("a,b", None),
            ("a\0b", None),
            (long.as_str(), Some(long.as_str())),
            (longer.as_str(), None),
        ] {
            let parsed = text.parse::<Tag>().ok();
            assert_eq!(parsed.as_ref().map(Tag::as_str), tag, "{text:?}");
        }
    }
}
