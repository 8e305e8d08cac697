//! Declaring: labelled questions that an admin says stand for an inbox's customers become evidence.
//!
//! Each is considered as if a customer had asked it. A draft counts as right only if every entry that it
//! cites is one that the label allows; where the label allows none, any draft is wrong. Turns that end
//! without a draft could never be answered by themselves and say nothing.

use super::{Considered, Desk, Record, bare_turn};
use crate::conversation::{Inbox, InboxName, Mode, Source};
use crate::knowledge::EntryId;
use crate::store::Evidence;
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::json;
use std::collections::HashSet;

/// Questions considered at once: customers' turns come first.
const AT_ONCE: usize = 2;

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
        progress: impl Fn(usize, usize) + Send + Sync,
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
        (happened_at, progress): (DateTime<Utc>, impl Fn(usize, usize) + Send + Sync),
    ) -> Result<Declared> {
        let through = self.through(inboxes)?;
        let asked: Vec<(&Option<InboxName>, &Inbox, &Known)> = through
            .iter()
            .flat_map(|(name, inbox)| questions.iter().map(move |known| (name, inbox, known)))
            .collect();
        let all = asked.len();
        let labelled = futures::stream::iter(asked.into_iter().enumerate())
            .map(|(done, (name, inbox, known))| {
                let progress = &progress;
                async move {
                    let record = self.considered(known, inbox).await?;
                    progress(done + 1, all);
                    anyhow::Ok(record.and_then(|record| label(set, name, known, &record)))
                }
            })
            .buffered(AT_ONCE)
            .try_collect::<Vec<Option<Evidence>>>()
            .await?;
        let rows: Vec<Evidence> = labelled
            .into_iter()
            .flatten()
            .map(|evidence| Evidence { happened_at, ..evidence })
            .collect();
        self.store.put_set(set, &rows, self.clock.now()).await?;
        self.renew_trust().await?;
        let eligible = rows.iter().filter(|row| row.eligible);
        Ok(Declared {
            questions: all,
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

    async fn considered(&self, known: &Known, inbox: &Inbox) -> Result<Option<Record>> {
        // Evidence is about what would go out were the bot free to act.
        let inbox = Inbox { mode: Mode::Auto, ..inbox.clone() };
        let turn = bare_turn(&known.text, inbox, self.clock.now());
        let Considered { record, .. } = self
            .consider(&turn)
            .await
            .with_context(|| format!("considering the question `{}`", known.id))?;
        Ok(record.draft.is_some().then_some(record))
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

/// What a considered question says of answers like its own.
fn label(
    set: &str,
    inbox: &Option<InboxName>,
    known: &Known,
    record: &Record,
) -> Option<Evidence> {
    let draft = record.draft.as_ref()?;
    let is_right = !draft.citations.is_empty()
        && draft.citations.iter().all(|citation| known.gold.contains(&citation.entry));
    Some(Evidence {
        source: Source::Declared,
        set_name: Some(set.to_owned()),
        case_name: Some(known.id.clone()),
        inbox: inbox.clone(),
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
