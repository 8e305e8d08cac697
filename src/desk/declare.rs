//! Declaring: labelled questions that an admin says stand for an inbox's customers become evidence.
//!
//! Each is considered as if a customer had asked it. A draft counts as right only if every entry that it
//! cites is one that the label allows; where the label allows none, any draft is wrong. Turns that end
//! without a draft could never be answered by themselves and say nothing.

use super::{Desk, Record, bare_turn};
use crate::conversation::{Inbox, InboxName, Mode, Source};
use crate::knowledge::EntryId;
use crate::store::Evidence;
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// A question whose right answers are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name, unique in its set.
    pub id: String,
    /// What the customer writes.
    pub text: String,
    /// The entries that would answer it; none where nothing in the knowledge does.
    pub gold: Vec<EntryId>,
}

/// What a declared set came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Declared {
    /// Questions considered, once for each inbox named.
    pub questions: usize,
    /// Those that ended in a draft.
    pub drafts: usize,
    /// Those of the drafts that passed every gate but the confidence, and so count.
    pub eligible: usize,
    /// Those of the eligible that were wrong.
    pub wrong: usize,
}

impl Desk {
    /// Considers each question and stores what came of it as the evidence of `set`, in place of the
    /// set's earlier evidence. Without `inboxes` it stands for all of them. Tells `progress` how many
    /// are done of how many.
    pub async fn declare(
        &self,
        set: &str,
        inboxes: &[InboxName],
        questions: &[Known],
        progress: impl Fn(u64, u64) + Send + Sync,
    ) -> Result<Declared> {
        ensure!(!set.trim().is_empty(), "the set has no name");
        self.check(questions)?;
        let now = self.clock.now();
        self.declare_at(set, inboxes, questions, (now, progress)).await
    }

    /// Takes a declared set's evidence back; `false` when there is none of that name.
    pub async fn take_back(&self, set: &str) -> Result<bool> {
        let changed = self.store.put_set(set, &[], self.clock.now()).await?;
        self.renew_trust().await?;
        Ok(changed)
    }

    /// Declares a set whose turns happened, for all that follows, at a given time.
    pub(super) async fn declare_at(
        &self,
        set: &str,
        inboxes: &[InboxName],
        questions: &[Known],
        (happened_at, progress): (DateTime<Utc>, impl Fn(u64, u64) + Send + Sync),
    ) -> Result<Declared> {
        let through = self.through(inboxes)?;
        let mut asked: Vec<Asking<'_>> = Vec::with_capacity(through.len() * questions.len());
        for (stands_for, inbox) in &through {
            let asking = |known| Asking { set, stands_for: stands_for.as_ref(), inbox, known };
            asked.extend(questions.iter().map(asking));
        }
        let (all, done) = (asked.len() as u64, AtomicU64::new(0));
        let progress = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        // Two at a time: customers' turns come first.
        let (one, other) = asked.split_at(asked.len() / 2);
        let (mut labelled, more) =
            tokio::try_join!(self.label_each(one, &progress), self.label_each(other, &progress))?;
        labelled.extend(more);
        let rows: Vec<Evidence> =
            labelled.into_iter().map(|evidence| Evidence { happened_at, ..evidence }).collect();
        self.store.put_set(set, &rows, self.clock.now()).await?;
        self.renew_trust().await?;
        let eligible = rows.iter().filter(|row| row.eligible);
        Ok(Declared {
            questions: asked.len(),
            drafts: rows.len(),
            eligible: eligible.clone().count(),
            wrong: eligible.filter(|row| row.wrong).count(),
        })
    }

    /// The inboxes to ask through, each with the one that the evidence is for; a set for all is asked
    /// through the first.
    fn through(&self, inboxes: &[InboxName]) -> Result<Vec<(Option<InboxName>, Inbox)>> {
        if inboxes.is_empty() {
            let first = self.config.inboxes.first().context("the settings name no inbox")?;
            return Ok(vec![(None, first.inbox())]);
        }
        let named = |name: &InboxName| {
            let inbox = self.config.inbox(name);
            let inbox = inbox.with_context(|| format!("the settings name no inbox {name}"))?;
            Ok((Some(name.clone()), inbox))
        };
        inboxes.iter().map(named).collect()
    }

    /// What came of each question, one after the other.
    async fn label_each(
        &self,
        asked: &[Asking<'_>],
        progress: &(impl Fn() + Send + Sync),
    ) -> Result<Vec<Evidence>> {
        let mut labelled = Vec::with_capacity(asked.len());
        for asking in asked {
            // Evidence is about what would go out were the bot free to act.
            let inbox = Inbox { mode: Mode::Auto, ..asking.inbox.clone() };
            let turn = bare_turn(&asking.known.text, inbox, self.clock.now());
            // What is declared says the same whenever it is asked: what people said since is no part.
            let considered = self.consider_knowing(&turn, Some(&[])).await;
            let considered = considered
                .with_context(|| format!("considering the question `{}`", asking.known.id))?;
            if let Some(spent) = considered.spent {
                bail!(
                    "{spent}; nothing of the set was kept, as the rest would be considered otherwise"
                );
            }
            labelled.extend(asking.label(&considered.record));
            progress();
        }
        Ok(labelled)
    }

    /// Refuses a set that cannot say anything, or that was made for other knowledge.
    fn check(&self, questions: &[Known]) -> Result<()> {
        ensure!(!questions.is_empty(), "the set holds no questions");
        let mut seen = HashSet::new();
        let mut known = HashSet::new();
        for question in questions {
            ensure!(seen.insert(&question.id), "the question `{}` stands twice", question.id);
            ensure!(!question.text.trim().is_empty(), "the question `{}` is empty", question.id);
            for entry in &question.gold {
                if !known.contains(entry) && self.search.entry(entry)?.is_none() {
                    bail!(
                        "the question `{}` names the entry `{entry}`, which the knowledge does not hold; \
                         import the set's knowledge first, or mend the name",
                        question.id
                    );
                }
                known.insert(entry);
            }
        }
        Ok(())
    }
}

/// A question that is asked through an inbox.
struct Asking<'a> {
    set: &'a str,
    /// The inbox that the evidence is for; none for all.
    stands_for: Option<&'a InboxName>,
    inbox: &'a Inbox,
    known: &'a Known,
}

impl Asking<'_> {
    /// What the considered question says of answers like its own.
    fn label(&self, record: &Record) -> Option<Evidence> {
        let draft = record.draft.as_ref()?;
        let is_right = !draft.citations.is_empty()
            && draft.citations.iter().all(|cited| self.known.gold.contains(&cited.entry));
        Some(Evidence {
            source: Source::Declared,
            set_name: Some(self.set.to_owned()),
            case_name: Some(self.known.id.clone()),
            inbox: self.stands_for.cloned(),
            decision_id: None,
            risk: record.risk,
            eligible: record.is_eligible,
            wrong: !is_right,
            probability: 1.0,
            share: 1.0,
            happened_at: DateTime::UNIX_EPOCH,
            features: json!(record.features.as_ref()?),
        })
    }
}
