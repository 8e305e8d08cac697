//! Responding: a turn is considered, and concluded in one transaction.

use super::Desk;
use super::aid::Handover;
use super::consider::Considered;
use super::moment::Moment;
use super::record::Record;
use super::summary::summary;
use super::turn::orphaned;
use crate::answer::{Asked, Drafted};
use crate::confidence::{Decision, Post};
use crate::conversation::{Action, ChannelKind, Conclusion, Event, Mode, Priority, Reason, Turn};
use crate::store::{Claimed, Concluded, TurnRead};
use crate::triage::Triage;
use anyhow::Result;
use serde_json::json;

/// A turn that failed this often is put before a person instead of being tried again.
const MOST_ATTEMPTS: i64 = 3;

/// What follows from a turn, with what a person may need besides.
pub(super) struct Ending {
    pub(super) conclusion: Conclusion,
    pub(super) asked: Vec<Asked>,
    /// How the decision came about; none where considering the turn failed.
    pub(super) record: Option<Box<Record>>,
}

impl Desk {
    /// Answers a claimed turn, or brings a person: on any failure too, never silence. Gives back what a
    /// model may help that person with.
    pub(super) async fn respond(&self, claimed: &Claimed) -> Result<Option<Handover>> {
        let is_last = claimed.attempts > MOST_ATTEMPTS;
        let inbox = |name: &_| self.config.inbox(name).or_else(|| Some(orphaned(name)));
        let turn = match self.store.turn(claimed, inbox).await {
            Ok(TurnRead::Open(turn)) if is_last => *turn,
            Ok(TurnRead::Open(turn)) => self.hear(*turn).await,
            Ok(TurnRead::Changed) => return Ok(None),
            Ok(TurnRead::UnknownInbox(inbox)) => {
                anyhow::bail!("the settings name no inbox {inbox}")
            }
            Err(error) if is_last => return self.give_up(claimed, &error).await.map(|()| None),
            Err(error) => return Err(error),
        };
        if let Err(error) = self.find_usual_wait(&turn.inbox.name).await {
            tracing::warn!(error = format!("{error:#}"), "how long customers wait is not known");
        }
        let Some(mut ending) = self.conclude_unless_changed(claimed, &turn, is_last).await else {
            metrics::counter!("sureply_voided_turns_total").increment(1);
            tracing::info!(turn.id = %turn.id, "a newer message or a person made the turn void");
            return Ok(None);
        };
        let mut concluded =
            self.store.conclude(claimed, &turn, &ending.conclusion, self.clock.now()).await?;
        for _ in 0..2 {
            ending = match concluded {
                Concluded::Done(_) | Concluded::Changed => break,
                Concluded::NotLicensed => {
                    // Another node has seen the licence go; with that known, it will be a draft.
                    self.renew_trust().await?;
                    self.conclude_again(&turn, ending, |_| ()).await
                }
                Concluded::TooManyMails => {
                    // Another conversation's mail took the last place; with that known, nothing is said.
                    let most = turn.inbox.most_automatic.map_or(0, i64::from);
                    let counted = |moment: &mut Moment| {
                        moment.post = moment.post.map(|post| Post { automatic: most, ..post });
                    };
                    self.conclude_again(&turn, ending, counted).await
                }
            };
            let conclusion = &ending.conclusion;
            concluded = self.store.conclude(claimed, &turn, conclusion, self.clock.now()).await?;
        }
        self.report(&turn, &ending.conclusion, &concluded);
        let is_done = matches!(concluded, Concluded::Done(_));
        let Ending { conclusion, asked, record } = ending;
        if is_done {
            let triage = record.as_ref().and_then(|record| record.triage.as_ref());
            let route = triage.and_then(|triage| triage.route.as_deref());
            self.give(&turn, &conclusion, route).await;
        }
        Ok((is_done && self.may_aid(&turn, &conclusion)).then_some(Handover {
            turn: Box::new(turn),
            conclusion,
            asked,
        }))
    }

    /// What follows from a turn; a person takes over where considering it fails.
    pub(super) async fn conclude_from(&self, turn: &Turn, is_last: bool) -> Ending {
        let considered = if is_last {
            Err(anyhow::anyhow!("given up after {MOST_ATTEMPTS} attempts"))
        } else {
            self.consider_for(turn, Some(&turn.conversation.id), None).await
        };
        self.ended(turn, considered)
    }

    /// What follows from a turn that was considered; a person takes over where that failed.
    pub(super) fn ended(&self, turn: &Turn, considered: Result<Considered>) -> Ending {
        match considered {
            Ok(Considered { conclusion, record, asked, .. }) => {
                Ending { conclusion, asked, record: Some(Box::new(record)) }
            }
            Err(error) => {
                tracing::error!(turn.id = %turn.id, conversation.id = %turn.conversation.id,
                    error = format!("{error:#}"), "considering a turn failed; a person takes over");
                Ending { conclusion: self.failure(turn), asked: Vec::new(), record: None }
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

    /// All that follows from a decision.
    pub(super) fn conclusion(
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
            // Who wrote a mail, and whether that was a machine, is known only to what has failed.
            reply: self.handoff(turn, lang).filter(|_| turn.inbox.channel != ChannelKind::Email),
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
            Concluded::NotLicensed | Concluded::TooManyMails | Concluded::Changed => {
                metrics::counter!("sureply_voided_turns_total").increment(1);
                tracing::info!(turn.id = %turn.id, "a newer message or a person made the decision void");
            }
        }
    }
}
