//! The sample's evidence: labelled questions that come with the program stand for the customers of the
//! sample business, so that a demonstration can answer by itself. For any other knowledge they say
//! nothing, and go.

use super::{Declared, Desk, Known};
use crate::curation::{self, Source};
use crate::knowledge::EntryId;
use anyhow::{Context, Result};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::sync::atomic::Ordering;

/// The name of the set in the evidence.
pub(super) const SAMPLE: &str = "sample";

/// How the files begin that hold what ordinary customers ask. The others hold what is hard, to try search
/// and gates on.
const ORDINARY: &str = "plain-";

/// The part of the questions that the shipped model has not seen.
const UNSEEN: &str = "dev";

#[derive(RustEmbed)]
#[folder = "tests/eval/"]
struct Questions;

/// A line of the questions.
#[derive(Deserialize)]
struct Line {
    id: String,
    text: String,
    gold: Vec<EntryId>,
    split: String,
}

impl Desk {
    /// Considers the sample's labelled questions and keeps what came of them as evidence, while the
    /// sample is the knowledge in use; none otherwise. Takes a few seconds; everything else goes on.
    pub async fn declare_sample(&self) -> Result<Option<Declared>> {
        if !self.is_sample_evidence().await? {
            return Ok(None);
        }
        let questions = questions()?;
        // The sample is no news, whenever it is read: it never earns back what a suspension took.
        let first =
            self.store.value_or("sample_declared_at", &self.clock.now().to_rfc3339()).await?;
        let happened_at = first.parse().unwrap_or_else(|_| self.clock.now());
        let progress = |done: u64, all: u64| {
            self.sample.0.store(done, Ordering::Relaxed);
            self.sample.1.store(all, Ordering::Relaxed);
        };
        let declared = self.declare_at(SAMPLE, &[], &questions, (happened_at, progress)).await;
        self.sample.1.store(0, Ordering::Relaxed);
        let declared = declared?;
        tracing::info!(
            questions = declared.questions,
            eligible = declared.eligible,
            wrong = declared.wrong,
            "the sample's labelled questions count as evidence"
        );
        Ok(Some(declared))
    }

    /// How many of the sample's questions have been considered of how many, while that goes on.
    pub fn sample_progress(&self) -> Option<(u64, u64)> {
        let all = self.sample.1.load(Ordering::Relaxed);
        (all > 0).then(|| (self.sample.0.load(Ordering::Relaxed), all))
    }

    /// Puts the sample's evidence away once the business has knowledge of its own.
    pub(super) async fn put_sample_away(&self) -> Result<()> {
        if self.is_sample_away.load(Ordering::Relaxed) || self.is_sample_evidence().await? {
            return Ok(());
        }
        self.store.put_set(SAMPLE, &[], self.clock.now()).await?;
        self.is_sample_away.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Whether the sample's questions stand for the customers. With a language model they do not:
    /// its drafts are others than those the questions would be considered with in earnest.
    async fn is_sample_evidence(&self) -> Result<bool> {
        let knowledge = &self.config.knowledge;
        let wanted = knowledge.sample_evidence && self.config.model.is_none();
        let source = curation::source_in_use(knowledge.dir.as_deref(), &self.store);
        Ok(wanted && source.await? == Source::Sample)
    }
}

fn questions() -> Result<Vec<Known>> {
    let mut files: Vec<_> = Questions::iter().filter(|file| file.starts_with(ORDINARY)).collect();
    files.sort();
    let mut questions = Vec::new();
    for file in files {
        let Some(embedded) = Questions::get(&file) else { continue };
        let text = std::str::from_utf8(&embedded.data).context("reading the sample's questions")?;
        for (line, number) in text.lines().filter(|line| !line.trim().is_empty()).zip(1..) {
            let line: Line = serde_json::from_str(line)
                .with_context(|| format!("reading question {number} of {file}"))?;
            if line.split == UNSEEN {
                questions.push(Known { id: line.id, text: line.text, gold: line.gold });
            }
        }
    }
    Ok(questions)
}

#[cfg(test)]
mod tests {
    use super::questions;

    #[test]
    fn the_sample_holds_only_questions_that_the_shipped_model_has_not_seen() {
        let questions = questions().expect("they are well formed");
        assert!(questions.len() > 500, "{}", questions.len());
        let mut names: Vec<_> = questions.iter().map(|question| &question.id).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), questions.len(), "each has a name of its own");
        assert!(questions.iter().any(|question| question.gold.is_empty()));
    }
}
