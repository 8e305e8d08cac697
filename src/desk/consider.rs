//! Considering: everything between a turn and its decision; reads, and writes nothing.

use super::Desk;
use super::moment::{Circumstances, Moment, Rewritten};
use super::record::{Record, Stages};
use super::retrieve::{CANDIDATES, Heard, leant, retrieve};
use super::weigh::grounding;
use crate::answer::{Asked, Request, Rewriting, Spent};
use crate::confidence::{self, Decision, Evidence, Facts, Features, Licence, Model};
use crate::conversation::{Action, Basis, Conclusion, ConversationId, Turn};
use crate::knowledge::Reputation;
use crate::triage::{self, Intent, Triage};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A decision with its record and all that would follow from it.
#[derive(Debug, Clone)]
pub struct Considered {
    /// All that follows, ready for the store.
    pub conclusion: Conclusion,
    /// How the decision came about.
    pub record: Record,
    /// What was found, for whoever takes over.
    pub(super) asked: Vec<Asked>,
    /// Why no model was asked, where one might have been.
    pub(super) spent: Option<Spent>,
}

/// How sure a draft is, and what follows.
struct Judged {
    features: Features,
    confidence: f64,
    decision: Decision,
}

impl Desk {
    /// Everything between a turn that nobody waits for and its decision: writes nothing but what calls
    /// of a model took, on the day's account.
    pub async fn consider(&self, turn: &Turn) -> Result<Considered> {
        self.consider_knowing(turn, None).await
    }

    /// The same with what is known of the entries beside their words.
    pub(super) async fn consider_knowing(
        &self,
        turn: &Turn,
        reputations: Option<&[Reputation]>,
    ) -> Result<Considered> {
        self.counted(None, Box::pin(self.consider_for(turn, None, reputations))).await
    }

    /// Everything between a turn and its decision: reads, never writes.
    pub(super) async fn consider_for(
        &self,
        turn: &Turn,
        account: Option<&ConversationId>,
        reputations: Option<&[Reputation]>,
    ) -> Result<Considered> {
        let replies_in_a_row = self.store.replies_in_a_row(&turn.conversation.id).await?;
        let now = self.clock.now();
        let moment = Moment::of(turn, now, replies_in_a_row, self.post(turn, now).await?);
        let (trust, answerer) = (self.trusted(), &self.answerer);
        let rewritten = Rewritten::Anew;
        let (model, licence) = (&trust.model, None);
        let now =
            Circumstances { moment, answerer, model, licence, account, rewritten, reputations };
        self.consider_in(turn, now).await
    }

    /// The same under other circumstances than those of now.
    pub(super) async fn consider_in(
        &self,
        turn: &Turn,
        circumstances: Circumstances<'_>,
    ) -> Result<Considered> {
        let Circumstances { moment, answerer, model, licence, account, rewritten, reputations } =
            circumstances;
        let started = Instant::now();
        let mut stages = Stages::default();
        let knowledge_revision = self.search.revision();

        let triage = triage::assess(turn, &self.config.rules);
        stages.triage = lap(started);
        let spent = if answerer.is_model() { self.spent(account).await } else { None };
        let rewriting = self.rewriting(turn, &triage, rewritten, spent).await;
        let today = moment.at.date_naive();
        let asked = self.retrieve(turn, &triage, rewriting.as_ref(), today).await?;
        stages.retrieve = lap(started) - stages.triage;
        let request = Request { turn, lang: triage.lang, asked: &asked };
        let drafted = answerer.draft(&request, spent).await;
        stages.draft = lap(started) - stages.retrieve - stages.triage;

        let grounding = grounding(&drafted, &asked, &turn.text());
        let reputations = self.reputations(reputations, &asked, moment.at).await?;
        let evidence = Evidence {
            triage: &triage,
            asked: &asked,
            drafted: &drafted,
            grounding: &grounding,
            reputations: &reputations,
        };
        let Judged { features, confidence, decision } =
            self.judge(turn, evidence, &moment, model, licence);
        let asking = match &decision.choices[..] {
            [] => None,
            _ if spent.is_some() => None,
            choices => answerer.ask_back(&request, choices).await,
        };
        stages.total = lap(started);
        stages.judge = stages.total - stages.draft - stages.retrieve - stages.triage;

        let record = Record {
            policy_version: self.policy_version.clone(),
            knowledge_revision,
            rewriting,
            asking,
            features: Some(features),
            reputations: Some(reputations),
            model_version: Some(model.version.clone()),
            moment: Some(moment),
            grounding: Some(grounding),
            stages,
            ..Record::of(turn, &triage, &asked, &drafted, &decision, confidence)
        };
        let basis = self.basis(turn, &decision, &record);
        let record = Record { audit_probability: Some(basis.share), ..record };
        let conclusion = self.conclusion(turn, &triage, &drafted, &decision, &record);
        let conclusion = Conclusion { basis: Some(basis), ..conclusion };
        Ok(Considered { conclusion, record, asked, spent })
    }

    /// What a verdict on the decision will count as.
    fn basis(&self, turn: &Turn, decision: &Decision, record: &Record) -> Basis {
        let policy = &self.config.policy;
        let lot = self.trusted().lot(policy, &turn.inbox, decision.risk, &record.id);
        Basis {
            risk: decision.risk,
            entry: record.entry(),
            features: json!(record.features),
            eligible: decision.is_eligible,
            share: lot.share,
            drawn: lot.drawn.filter(|_| decision.action == Action::Answer),
        }
    }

    /// How sure the draft is, and what policy and licence let follow.
    fn judge(
        &self,
        turn: &Turn,
        evidence: Evidence<'_>,
        moment: &Moment,
        model: &Model,
        licence: Option<&Licence>,
    ) -> Judged {
        let features = confidence::features(&evidence);
        let confidence = model.confidence(&features);
        let Evidence { triage, asked, drafted, grounding, .. } = evidence;
        let replies_in_a_row = moment.replies_in_a_row;
        let facts = Facts {
            turn,
            triage,
            asked,
            drafted,
            grounding,
            confidence,
            replies_in_a_row,
            post: moment.post,
            trusts_hearing: self.trusts_hearing(),
        };
        let policy = &self.config.policy;
        let risk = confidence::risk_of(triage, asked, drafted);
        let current = || self.trusted().licence(policy, &turn.inbox.name, risk);
        let licence = licence.cloned().unwrap_or_else(current);
        Judged { features, confidence, decision: confidence::decide(&facts, policy, &licence) }
    }

    /// What is known of the entry that answers each question best, beside its words.
    async fn reputations(
        &self,
        known: Option<&[Reputation]>,
        asked: &[Asked],
        now: DateTime<Utc>,
    ) -> Result<Vec<Reputation>> {
        if let Some(known) = known {
            return Ok(known.to_vec());
        }
        let mut known: Vec<Reputation> = Vec::new();
        for best in asked.iter().filter_map(|asked| asked.hits.first()) {
            if known.iter().all(|reputation| reputation.entry != best.entry.id) {
                known.push(self.store.reputation(&best.entry, now).await?);
            }
        }
        Ok(known)
    }

    /// Searches for each question of the turn on its own.
    async fn retrieve(
        &self,
        turn: &Turn,
        triage: &Triage,
        rewriting: Option<&Rewriting>,
        today: NaiveDate,
    ) -> Result<Vec<Asked>> {
        let questions = match triage.intent {
            Intent::Thanks | Intent::Greeting | Intent::OptOut | Intent::Unreadable => Vec::new(),
            Intent::Question
            | Intent::AccountSpecific
            | Intent::Complaint
            | Intent::PersonWanted
            | Intent::Automatic
            | Intent::Spam => triage.questions.clone(),
        };
        let search = Arc::clone(&self.search);
        tracing::debug!(turn.id = %turn.id, questions = questions.len(), "searching");
        let triage = Triage { questions, ..triage.clone() };
        let history = turn.history.clone();
        let rewritten = rewriting.and_then(|rewriting| rewriting.question.clone());
        let rewritten = leant(&triage, &history).map(|(one, _)| one.to_owned()).zip(rewritten);
        tokio::task::spawn_blocking(move || {
            let (triage, history) = (&triage, history.as_slice());
            let rewritten = rewritten.as_ref().map(|(one, rewritten)| (&**one, &**rewritten));
            let heard = Heard { triage, history, today, limit: CANDIDATES, rewritten };
            retrieve(&search, &heard)
        })
        .await
        .context("searching the knowledge")?
    }
}

fn lap(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}
