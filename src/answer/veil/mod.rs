//! The veil: what tells who a customer is leaves for a model as placeholders, and comes back after.
//!
//! What stands in the published knowledge that the model is given is nobody's secret and stays as it is;
//! a name of the contact's is hidden wherever the customer or we wrote it.

mod detect;
mod name;
mod number;
mod solid;

pub use detect::Kind;

use super::text::fold;
use detect::{Span, spans};
use name::Names;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a placeholder stands for, without the words themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The placeholder that left in its place.
    pub placeholder: String,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// The placeholders of one request.
#[derive(Debug, Clone, Default)]
pub struct Veil {
    is_down: bool,
    names: Names,
    /// What the published knowledge says anyway, as it is compared.
    public: HashSet<String>,
    /// Placeholder, words, and the words as they are compared.
    hidden: Vec<(Hidden, String, String)>,
}

#[expect(clippy::expect_used, reason = "the pattern is fixed, and the tests of this file use it")]
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[([A-Z]{2,8})_(\d{1,4})\]").expect("it is well formed"));

impl Veil {
    /// A veil that hides nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// A veil over what the patterns find and over these names, save for what is `public`.
    pub fn over<'a>(names: &[&str], public: impl Iterator<Item = &'a str>) -> Self {
        let nobody = Names::default();
        let public = public.flat_map(|text| {
            spans(text, &nobody).into_iter().map(|span| same(&text[span.range])).collect::<Vec<_>>()
        });
        Self {
            is_down: true,
            names: Names::of(names),
            public: public.collect(),
            hidden: Vec::new(),
        }
    }

    /// The text with placeholders in it; the same words get the same one.
    pub fn hide(&mut self, text: &str) -> String {
        if !self.is_down {
            return text.to_owned();
        }
        let mut hidden = String::with_capacity(text.len());
        let mut end = 0;
        for Span { range, kind } in spans(text, &self.names) {
            let words = &text[range.clone()];
            if kind != Kind::Name && self.public.contains(&same(words)) {
                continue;
            }
            hidden.push_str(&text[end..range.start]);
            hidden.push_str(&self.placeholder(words, kind));
            end = range.end;
        }
        hidden.push_str(&text[end..]);
        hidden
    }

    fn placeholder(&mut self, words: &str, kind: Kind) -> String {
        let key = same(words);
        let known =
            self.hidden.iter().find(|(hidden, _, other)| hidden.kind == kind && *other == key);
        if let Some((hidden, _, _)) = known {
            return hidden.placeholder.clone();
        }
        let number = self.hidden.iter().filter(|(hidden, _, _)| hidden.kind == kind).count() + 1;
        let placeholder = format!("[{}_{number}]", kind.as_str().to_uppercase());
        let hidden = Hidden { placeholder: placeholder.clone(), kind };
        self.hidden.push((hidden, words.to_owned(), key));
        placeholder
    }

    /// The text with the words put back; fails on a placeholder that stands for nothing.
    pub fn restore(&self, text: &str) -> Result<String, String> {
        if !self.is_down {
            return Ok(text.to_owned());
        }
        let mut restored = text.to_owned();
        for found in PLACEHOLDER.find_iter(text) {
            let known = self.hidden.iter().find(|(it, _, _)| it.placeholder == found.as_str());
            let Some((_, words, _)) = known else {
                let is_ours = Kind::ALL.iter().any(|kind| {
                    found.as_str().starts_with(&format!("[{}_", kind.as_str().to_uppercase()))
                });
                if is_ours {
                    return Err(format!("the model made up the placeholder {}", found.as_str()));
                }
                continue;
            };
            restored = restored.replace(found.as_str(), words);
        }
        Ok(restored)
    }

    /// Whether anything is hidden at all.
    pub fn is_down(&self) -> bool {
        self.is_down
    }

    /// What is hidden, without the words.
    pub fn hidden(&self) -> Vec<Hidden> {
        self.hidden.iter().map(|(hidden, _, _)| hidden.clone()).collect()
    }
}

/// What two ways to write the same have in common.
fn same(words: &str) -> String {
    fold(words).chars().filter(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '+')).collect()
}

#[cfg(test)]
mod tests;
