//! Responding: a turn is considered, and concluded in one transaction.

use super::Desk;
use super::moment::{Circumstances, Moment, Rewritten};
use super::record::{Record, Stages};
use super::retrieve::{CANDIDATES, Heard, leant, retrieve};
use super::spend::uses;
use super::summary::summary;
use super::turn::orphaned;
use super::weigh::grounding;
use crate::answer::{Asked, Drafted, Request, Rewriting};
use crate::confidence::{self, Decision, Evidence, Facts, Licence};
use crate::conversation::{Action, Basis, Conclusion, Event, Mode, Priority, Reason, Turn};
use crate::knowledge::Risk;
use crate::store::{Claimed, Concluded, TurnRead};
use crate::triage::{self, Intent, Triage};
use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A turn that failed this often is put before a person instead of being tried again.
const MOST_ATTEMPTS: i64 = 3;

/// A decision with its record and all that would follow from it.
#[derive(Debug, Clone)]
pub struct Considered {
    /// All that follows, ready for the store.
    pub conclusion: Conclusion,
    /// How the decision came about.
    pub record: Record,
    /// What was found, for whoever takes over.
    pub(super) asked: Vec<Asked>,
}

/// What follows from a turn, with what a person may need besides.
pub(super) struct Ending {
    pub(super) conclusion: Conclusion,
    pub(super) asked: Vec<Asked>,
}

impl Desk {
    /// Answers a claimed turn, or brings a person: on any failure too, never silence.
    pub(super) async fn respond(&self, claimed: &Claimed) -> Result<()> {
        let is_last = claimed.attempts > MOST_ATTEMPTS;
        let inbox = |name: &_| self.config.inbox(name).or_else(|| Some(orphaned(name)));
        let turn = match self.store.turn(claimed, inbox).await {
            Ok(TurnRead::Open(turn)) if is_last => *turn,
            Ok(TurnRead::Open(turn)) => self.hear(*turn).await,
            Ok(TurnRead::Changed) => return Ok(()),
            Ok(TurnRead::UnknownInbox(inbox)) => {
                anyhow::bail!("the settings name no inbox {inbox}")
            }
            Err(error) if is_last => return self.give_up(claimed, &error).await,
            Err(error) => return Err(error),
        };
        let Some(mut ending) = self.conclude_unless_changed(claimed, &turn, is_last).await else {
            metrics::counter!("sureply_voided_turns_total").increment(1);
            tracing::info!(turn.id = %turn.id, "a newer message or a person made the turn void");
            return Ok(());
        };
        let mut concluded =
            self.store.conclude(claimed, &turn, &ending.conclusion, self.clock.now()).await?;
        if concluded == Concluded::NotLicensed {
            // Another node has seen the licence go; with that known, it will be a draft.
            self.renew_trust().await?;
            ending = self.conclude_from(&turn, is_last).await;
            let conclusion = &ending.conclusion;
            concluded = self.store.conclude(claimed, &turn, conclusion, self.clock.now()).await?;
        }
        self.report(&turn, &ending.conclusion, &concluded);
        if matches!(concluded, Concluded::Done(_)) {
            self.aid(&turn, &ending.conclusion, &ending.asked).await;
        }
        Ok(())
    }

    /// What follows from a turn; a person takes over where considering it fails.
    pub(super) async fn conclude_from(&self, turn: &Turn, is_last: bool) -> Ending {
        let considered = if is_last {
            Err(anyhow::anyhow!("given up after {MOST_ATTEMPTS} attempts"))
        } else {
            self.consider(turn).await
        };
        match considered {
            Ok(considered) => {
                self.count_spending(turn, &uses(&considered.record)).await;
                Ending { conclusion: considered.conclusion, asked: considered.asked }
            }
            Err(error) => {
                tracing::error!(turn.id = %turn.id, conversation.id = %turn.conversation.id,
                    error = format!("{error:#}"), "considering a turn failed; a person takes over");
                Ending { conclusion: self.failure(turn), asked: Vec::new() }
            }
        }
    }

    /// Puts a turn that cannot even be read before a person.
    async fn give_up(&self, claimed: &Claimed, error: &anyhow::Error) -> Result<()> {
        tracing::error!(turn.id = %claimed.id, conversation.id = %claimed.conversation_id,
            error = format!("{error:#}"), "a turn cannot be read; a person takes over");
        self.store.give_up(claimed, Reason::Failure, self.clock.now()).await?;
        self.tell(&claimed.conversation_id);
        Ok(())
    }

    /// Everything between a turn and its decision: reads, never writes.
    pub async fn consider(&self, turn: &Turn) -> Result<Considered> {
        let replies_in_a_row = self.store.replies_in_a_row(&turn.conversation.id).await?;
        let moment = Moment::of(turn, self.clock.now(), replies_in_a_row);
        let (trust, answerer) = (self.trusted(), &self.answerer);
        let rewritten = Rewritten::Anew;
        let now = Circumstances { moment, answerer, model: &trust.model, licence: None, rewritten };
        self.consider_in(turn, now).await
    }

    /// The same under other circumstances than those of now.
    pub(super) async fn consider_in(
        &self,
        turn: &Turn,
        circumstances: Circumstances<'_>,
    ) -> Result<Considered> {
        let Circumstances { moment, answerer, model, licence, rewritten } = circumstances;
        let started = Instant::now();
        let mut stages = Stages::default();
        let knowledge_revision = self.search.revision();

        let triage = triage::assess(turn, &self.config.rules);
        stages.triage = lap(started);
        let spent = if answerer.is_model() { self.spent(turn).await? } else { None };
        let rewriting = self.rewriting(turn, &triage, rewritten, spent).await;
        let today = moment.at.date_naive();
        let asked = self.retrieve(turn, &triage, rewriting.as_ref(), today).await?;
        stages.retrieve = lap(started) - stages.triage;
        let request = Request { turn, lang: triage.lang, asked: &asked };
        let drafted = answerer.draft(&request, spent).await;
        stages.draft = lap(started) - stages.retrieve - stages.triage;

        let grounding = grounding(&drafted, &asked, &turn.text());
        let evidence =
            Evidence { triage: &triage, asked: &asked, drafted: &drafted, grounding: &grounding };
        let features = confidence::features(&evidence);
        let confidence = model.confidence(&features);
        let facts = Facts {
            turn,
            triage: &triage,
            asked: &asked,
            drafted: &drafted,
            grounding: &grounding,
            confidence,
            replies_in_a_row: moment.replies_in_a_row,
            trusts_hearing: self.trusts_hearing(),
        };
        let policy = &self.config.policy;
        let risk = confidence::risk_of(&triage, &asked, &drafted);
        let licence = licence.cloned().unwrap_or_else(|| self.licence_now(turn, risk));
        let decision = confidence::decide(&facts, policy, &licence);
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
        Ok(Considered { conclusion, record, asked })
    }

    /// The licence that a turn's class holds now.
    fn licence_now(&self, turn: &Turn, risk: Risk) -> Licence {
        self.trusted().licence(&self.config.policy, &turn.inbox.name, risk)
    }

    /// What a verdict on the decision will count as.
    fn basis(&self, turn: &Turn, decision: &Decision, record: &Record) -> Basis {
        let policy = &self.config.policy;
        let lot = self.trusted().lot(policy, &turn.inbox, decision.risk, &record.id);
        Basis {
            risk: decision.risk,
            features: json!(record.features),
            eligible: decision.is_eligible,
            share: lot.share,
            drawn: lot.drawn.filter(|_| decision.action == Action::Answer),
        }
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

    fn conclusion(
        &self,
        turn: &Turn,
        triage: &Triage,
        drafted: &Drafted,
        decision: &Decision,
        record: &Record,
    ) -> Conclusion {
        let keeps_draft = match decision.action {
            Action::Answer | Action::Draft => true,
            Action::Escalate => turn.inbox.mode == Mode::Shadow,
            Action::Clarify | Action::Ignore => false,
        };
        let needs_person = matches!(decision.action, Action::Draft | Action::Escalate);
        Conclusion {
            id: record.id.clone(),
            action: decision.action,
            reasons: decision.reasons.clone(),
            confidence: record.confidence,
            mode: turn.inbox.mode,
            draft: drafted.draft.clone().filter(|_| keeps_draft),
            reply: self.words(turn, triage, drafted, decision, record),
            event: decision.event(),
            summary: needs_person.then(|| summary(turn, triage, decision, record)),
            lang: triage.lang,
            priority: triage.priority,
            topic: triage.topic.clone().or_else(|| record.topic()),
            basis: None,
            record: json!(record),
        }
    }

    /// The conclusion when considering a turn has failed: a person takes over.
    fn failure(&self, turn: &Turn) -> Conclusion {
        let lang = turn.conversation.lang.unwrap_or(turn.inbox.lang);
        let record = Record::of_failure(turn, &self.policy_version, self.search.revision());
        Conclusion {
            id: record.id.clone(),
            action: Action::Escalate,
            reasons: vec![Reason::Failure],
            confidence: 0.0,
            mode: turn.inbox.mode,
            draft: None,
            reply: self.handoff(turn, lang),
            event: Event::HandedOff,
            summary: None,
            lang,
            priority: Priority::High,
            topic: None,
            basis: None,
            record: json!(record),
        }
    }

    fn report(&self, turn: &Turn, conclusion: &Conclusion, concluded: &Concluded) {
        match concluded {
            Concluded::Done(_) => {
                let waited = (self.clock.now() - turn.due_at).to_std().unwrap_or_default();
                metrics::counter!("sureply_decisions_total", "action" => conclusion.action.as_str()).increment(1);
                metrics::histogram!("sureply_decision_seconds").record(waited);
                tracing::info!(turn.id = %turn.id, conversation.id = %turn.conversation.id,
                    action = %conclusion.action, confidence = conclusion.confidence, "decided");
                self.tell(&turn.conversation.id);
            }
            Concluded::NotLicensed | Concluded::Changed => {
                metrics::counter!("sureply_voided_turns_total").increment(1);
                tracing::info!(turn.id = %turn.id, "a newer message or a person made the decision void");
            }
        }
    }
}

fn lap(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}
