//! Replay: past turns considered again as they stood, against what is now or what might be.
//!
//! Nothing is written and no model is called unless a prompt is tried: a turn gets the status, the moment,
//! the licence and the confidence model of its record, and a model's words from the reply that the
//! record keeps. So only what differs in knowledge, settings or program can make a difference.

use super::moment::{Circumstances, Rewritten};
use super::weigh::alike;
use super::{Desk, Record};
use crate::answer::Answerer;
use crate::confidence::Model;
use crate::config::Policy;
use crate::search::Search;
use crate::store::PastTurn;
use crate::token;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::sync::Arc;

/// What to suppose otherwise than it is; nothing: knowledge and settings as they are now.
#[derive(Default)]
pub struct Otherwise {
    /// Another index.
    pub search: Option<Arc<Search>>,
    /// Another policy; its licences are those that today's evidence earns under it.
    pub policy: Option<Policy>,
    /// Another prompt for answers, in full; the model is called anew then.
    pub prompt: Option<String>,
}

/// A desk that replays and never acts.
pub struct Replay {
    desk: Desk,
    prompted: Option<Answerer>,
    is_other_policy: bool,
}

/// What came of replaying a turn.
#[derive(Debug, Clone, PartialEq)]
pub enum Replayed {
    /// The record as it is and as it would be.
    Done(Box<(Value, Value)>),
    /// It cannot be replayed, and why.
    Skipped(Skipped),
}

/// Why a turn cannot be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// Its record is of an earlier program and does not say how things stood.
    Older,
    /// Considering it had failed; there is nothing to compare with.
    Failed,
    /// The settings name its inbox no more.
    NoInbox,
    /// Its words are no longer those that were decided on.
    OtherWords,
}

impl Desk {
    /// A desk like this one but for what is supposed otherwise.
    pub async fn otherwise(&self, otherwise: Otherwise) -> Result<Replay> {
        let mut config = (*self.config).clone();
        let is_other_policy = otherwise.policy.is_some();
        config.policy = otherwise.policy.unwrap_or(config.policy);
        let prompted = match (&otherwise.prompt, &config.model) {
            (None, _) => None,
            (Some(prompt), Some(model)) => {
                Some(Answerer::with_prompt(model, &self.clock, alike, prompt)?)
            }
            (Some(_), None) => {
                anyhow::bail!("a prompt can only be tried with a [model] in the settings")
            }
        };
        let search = otherwise.search.unwrap_or_else(|| Arc::clone(&self.search));
        let desk = Self::open(self.store.clone(), search, Arc::new(config), self.clock.clone())?;
        desk.take_up((*self.trusted()).clone());
        if is_other_policy {
            desk.suppose_licences().await?;
        }
        Ok(Replay { desk, prompted, is_other_policy })
    }
}

impl Replay {
    /// Considers a past turn again.
    pub async fn turn(&self, past: &PastTurn) -> Result<Replayed> {
        let Ok(record) = serde_json::from_value::<Record>(past.record.clone()) else {
            return Ok(Replayed::Skipped(Skipped::Older));
        };
        let Some(moment) = record.moment.clone() else {
            let why = if record.triage.is_none() { Skipped::Failed } else { Skipped::Older };
            return Ok(Replayed::Skipped(why));
        };
        let Some(mut inbox) = self.desk.config.inbox(&record.inbox) else {
            return Ok(Replayed::Skipped(Skipped::NoInbox));
        };
        inbox.mode = record.mode;
        let turn = moment.restored(self.desk.store.reread(past, inbox).await?);
        if token::hash(&turn.text()) != record.text_sha256 {
            return Ok(Replayed::Skipped(Skipped::OtherWords));
        }
        let recorded = self.desk.recorded(&record);
        let answerer = self.prompted.as_ref().unwrap_or(&recorded);
        let trust = self.desk.trusted();
        let is_same_policy =
            !self.is_other_policy && record.policy_version == self.desk.policy_version;
        let model = self.model_of(&record).await?.filter(|_| is_same_policy);
        // A licence holds for the confidence of its own model and under its own policy only.
        let licence = record.licence.as_ref().filter(|_| model.is_some());
        let model = model.as_ref().unwrap_or(&trust.model);
        let rewritten = Rewritten::AsThen(record.rewriting.as_ref());
        // An older record's decision was made without it.
        let reputations = Some(record.reputations.as_deref().unwrap_or_default());
        // What is tried is not at the expense of the customer's conversation.
        let account = None;
        let circumstances =
            Circumstances { moment, answerer, model, licence, account, rewritten, reputations };
        let considered = Box::pin(self.desk.consider_in(&turn, circumstances));
        let considered = self.desk.counted(account, considered).await?;
        if let Some(spent) = considered.spent {
            bail!("{spent}; what was replayed so far would tell of some turns only");
        }
        Ok(Replayed::Done(Box::new((past.record.clone(), written(&considered.record)?))))
    }

    async fn model_of(&self, record: &Record) -> Result<Option<Model>> {
        let Some(version) = &record.model_version else { return Ok(None) };
        let known = [Model::shipped(), &self.desk.trusted().model]
            .into_iter()
            .find(|model| model.version == *version)
            .cloned();
        if known.is_some() {
            return Ok(known);
        }
        let stored = self.desk.store.find_model_of(version).await?;
        Ok(stored.and_then(|body| serde_json::from_value(body).ok()))
    }
}

/// A record as the store would give it back: numbers may lose their last bit on the way.
fn written(record: &Record) -> Result<Value> {
    let text = serde_json::to_string(record).context("writing a record")?;
    serde_json::from_str(&text).context("reading a record")
}
