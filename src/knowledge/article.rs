//! An article and its entries: one question each, ways to ask it, and the approved answer.

use crate::lang::Lang;
use crate::word::{id, words};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

id! {
    /// Names an article.
    ArticleId,
    /// Names an entry: the article's name alone where it has one entry, else `article/slug`.
    EntryId,
}

words! {
    /// Who may read an entry.
    Audience {
        /// Everybody.
        Public = "public",
        /// The team only; never part of a customer's answer.
        Internal = "internal",
    }
}

words! {
    /// How far an entry is on its way to customers.
    Publication {
        /// Still being written.
        Draft = "draft",
        /// Live.
        Published = "published",
        /// Taken back.
        Archived = "archived",
    }
}

words! {
    /// What a wrong answer would cost; each class has its own tolerated share of wrong answers.
    Risk {
        /// Hardly anything.
        Low = "low",
        /// The usual.
        Standard = "standard",
        /// Money, law or safety.
        High = "high",
        /// So much that a person always answers.
        Never = "never",
    }
}

/// One approved answer, with everything that decides whether and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its identifier; stable over versions.
    pub id: EntryId,
    /// The article it stands in.
    pub article: ArticleId,
    /// The version of the article it was read from, from 1; 0 before it is stored.
    pub version: i64,
    /// Its language.
    pub lang: Lang,
    /// The article's title.
    pub title: String,
    /// The topic it belongs to.
    pub topic: String,
    /// Words to find it by in lists.
    pub tags: Vec<String>,
    /// What a wrong answer would cost.
    pub risk: Risk,
    /// Who may read it.
    pub audience: Audience,
    /// The last day it holds.
    pub valid_until: Option<NaiveDate>,
    /// Whether it is live.
    pub status: Publication,
    /// The question it answers.
    pub question: String,
    /// Other ways to ask it.
    pub ways: Vec<String>,
    /// Customers' wordings that agents approved, without personal data; they help to find the entry
    /// and are neither shown to customers nor put into prompts.
    #[serde(default)]
    pub learned: Vec<String>,
    /// The approved words, in Markdown.
    pub answer: String,
}

impl Entry {
    /// Whether a customer may get it on the given day.
    pub fn serves_customers(&self, today: NaiveDate) -> bool {
        self.audience == Audience::Public
            && self.status == Publication::Published
            && self.valid_until.is_none_or(|last_day| today <= last_day)
    }

    /// What it is offered to customers as: its question, or its title where it has none.
    pub fn label(&self) -> &str {
        let question = self.question.trim();
        if question.is_empty() { self.title.trim() } else { question }
    }

    /// The same with the article's title before it, for where two share a label.
    pub fn full_label(&self) -> String {
        format!("{}: {}", self.title.trim(), self.label())
    }
}

/// A file's worth of entries; versions count per article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its identifier, unique over all sources.
    pub id: ArticleId,
    /// Its language.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// Its entries, in order.
    pub entries: Vec<Entry>,
}
