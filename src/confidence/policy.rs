//! The policy: gates in a fixed order, in code; the first that fails is the reason an agent sees.

use super::bound::{Licence, Terms};
use super::gate::{LAST, gates};
use super::post::Post;
use crate::answer::{Asked, Drafted, ground::Grounding};
use crate::config::{Config, Policy, Tolerance};
use crate::conversation::{Action, Event, Gate, Mode, Reason, Status, Turn};
use crate::knowledge::{Entry, Hit, Risk};
use crate::token;
use crate::triage::{Intent, Triage, offered};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Everything a decision is made of.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The turn.
    pub turn: &'a Turn,
    /// What triage found.
    pub triage: &'a Triage,
    /// Each question with what search found for it.
    pub asked: &'a [Asked],
    /// The draft and what its writer says of it.
    pub drafted: &'a Drafted,
    /// How far the draft stands in its citations.
    pub grounding: &'a Grounding,
    /// The probability that sending the draft would be right.
    pub confidence: f64,
    /// Automatic replies since a person last wrote.
    pub replies_in_a_row: i64,
    /// What is known of the mail that it came in, where it came in one.
    pub post: Option<Post>,
    /// Whether words that were only heard may be answered like written ones.
    pub trusts_hearing: bool,
}

/// What is done about a turn, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// What would be done if the inbox's mode were `auto` and no person had the conversation.
    pub licensed: Action,
    /// Why, the telling one first.
    pub reasons: Vec<Reason>,
    /// Every gate in order, with what it saw.
    pub gates: Vec<Gate>,
    /// The risk class, which says what must be shown.
    pub risk: Risk,
    /// λ̂, the confidence needed; none where no confidence is enough.
    pub threshold: Option<f64>,
    /// The evidence it stands on.
    pub licence: Licence,
    /// Whether every gate but the last was passed. Such turns are those that a licence lets out, so a
    /// licence may be earned by verdicts on them only.
    pub is_eligible: bool,
    /// The entries offered when the customer is asked back, best first.
    pub choices: Vec<String>,
}

impl Decision {
    /// What the decision does to the conversation's status.
    pub fn event(&self) -> Event {
        match self.action {
            Action::Answer | Action::Clarify => Event::BotReplied,
            Action::Draft | Action::Escalate => Event::HandedOff,
            Action::Ignore => Event::NothingToDo,
        }
    }
}

/// Decides. Pure: the same facts under the same policy and licence give the same decision. The licence is
/// that of the turn's inbox and of [`risk_of`] what was written, found and drafted.
pub fn decide(facts: &Facts<'_>, policy: &Policy, licence: &Licence) -> Decision {
    let risk = risk_of(facts.triage, facts.asked, facts.drafted);
    let threshold = terms(policy, risk).and_then(|terms| licence.threshold_under(terms));
    let gates = gates(facts, policy, risk, (threshold, licence));
    let is_eligible = gates.iter().all(|(gate, _)| gate.passed || gate.name == LAST);
    let failed: Vec<Reason> =
        gates.iter().filter(|(gate, _)| !gate.passed).map(|(_, reason)| *reason).collect();
    let choices = choices(facts, policy);
    let licensed = licensed(facts, policy, &failed, &choices);
    let action = allowed(facts, policy, licensed);
    let mut reasons = telling(&failed, facts.triage.intent);
    if reasons.contains(&Reason::Ambiguous) && asked_before(facts.turn) {
        reasons.push(Reason::AskedBefore);
    }
    let is_short_of_evidence = |reason| matches!(reason, &Reason::NotSure | &Reason::NotLicensed);
    if facts.triage.injection.is_some() && reasons.iter().any(is_short_of_evidence) {
        reasons.push(Reason::Injection);
    }
    if reasons.is_empty() {
        reasons.push(Reason::Sure);
    }
    if facts.drafted.problem.is_some() {
        reasons.push(Reason::ModelFailed);
    }
    match facts.turn.inbox.mode {
        Mode::Shadow => reasons.insert(0, Reason::ShadowMode),
        Mode::Draft if action != licensed => reasons.insert(0, Reason::DraftMode),
        Mode::Draft | Mode::Auto => {}
    }
    if is_weak(facts, policy, licensed) {
        reasons.insert(0, Reason::WeakEvidence);
    }
    let choices = if action == Action::Clarify { choices } else { Vec::new() };
    let gates = gates.into_iter().map(|(gate, _)| gate).collect();
    Decision {
        action,
        licensed,
        reasons,
        gates,
        risk,
        threshold,
        licence: licence.clone(),
        is_eligible,
        choices,
    }
}

/// The reasons that tell, each once: where the intent alone decides, what else would have failed is noise.
fn telling(failed: &[Reason], intent: Intent) -> Vec<Reason> {
    let greeting = (intent == Intent::Greeting).then_some(Reason::Greeting);
    let decisive = nothing_to_answer(intent).or(person_needed(intent)).or(greeting);
    let tells = |reason: Reason| {
        decisive.is_none_or(|decisive| {
            reason == decisive
                || forbids_greeting(reason)
                || matches!(reason, Reason::WithPerson | Reason::SenderUnproven)
        })
    };
    let mut telling = Vec::new();
    for reason in failed {
        if tells(*reason) && !telling.contains(reason) {
            telling.push(*reason);
        }
    }
    telling
}

/// Names the policy in force: the first letters of a hash over it and the rules.
pub fn policy_version(config: &Config) -> String {
    let text = serde_json::to_string(&(&config.policy, &config.rules)).unwrap_or_default();
    token::hash(&text).chars().take(12).collect()
}

/// The gravest risk among the entries that were found best and those that the draft cites; a message
/// that reads like orders to a machine is of high risk whatever they are.
pub fn risk_of(triage: &Triage, asked: &[Asked], drafted: &Drafted) -> Risk {
    let best = asked.iter().filter_map(|asked| asked.hits.first());
    let is_cited = |entry: &Entry| {
        let mut citations = drafted.draft.iter().flat_map(|draft| &draft.citations);
        citations.any(|citation| citation.entry == entry.id)
    };
    let cited = asked.iter().flat_map(|asked| &asked.hits).filter(|hit| is_cited(&hit.entry));
    let found = best.chain(cited).map(|hit| hit.entry.risk).max().unwrap_or(Risk::Standard);
    if triage.injection.is_some() { found.max(Risk::High) } else { found }
}

/// What must be shown before answers of a risk class go out; nothing shows enough for the gravest.
pub fn terms(policy: &Policy, risk: Risk) -> Option<Terms> {
    let Tolerance { alpha, delta } = match risk {
        Risk::Low => policy.low,
        Risk::Standard => policy.standard,
        Risk::High => policy.high,
        Risk::Never => return None,
    };
    Terms::new(alpha, delta)
}

/// The reason why no answer of ours is wanted at all, if there is one.
pub(super) fn nothing_to_answer(intent: Intent) -> Option<Reason> {
    match intent {
        Intent::Thanks => Some(Reason::Thanks),
        Intent::OptOut => Some(Reason::OptOut),
        Intent::Automatic => Some(Reason::Automatic),
        Intent::Spam => Some(Reason::Spam),
        Intent::Question
        | Intent::AccountSpecific
        | Intent::Complaint
        | Intent::PersonWanted
        | Intent::Greeting
        | Intent::Unreadable => None,
    }
}

/// The reason why only a person can answer, if there is one.
pub(super) fn person_needed(intent: Intent) -> Option<Reason> {
    match intent {
        Intent::PersonWanted => Some(Reason::PersonWanted),
        Intent::Complaint => Some(Reason::Complaint),
        Intent::AccountSpecific => Some(Reason::AccountSpecific),
        Intent::Unreadable => Some(Reason::Unreadable),
        Intent::Question
        | Intent::Greeting
        | Intent::Thanks
        | Intent::OptOut
        | Intent::Automatic
        | Intent::Spam => None,
    }
}

/// The hits of a single question that are too close to call, best first; one where it is clear.
/// Scores are log-odds, so that their difference says how much less a runner-up is believed in.
pub(super) fn rivals<'a>(facts: &Facts<'a>, policy: &Policy) -> Vec<&'a Hit> {
    let [asked] = facts.asked else { return Vec::new() };
    let Some(best) = asked.hits.first() else { return Vec::new() };
    if asked.is_chosen() {
        return vec![best];
    }
    let mut close: Vec<&Hit> = Vec::new();
    for hit in &asked.hits {
        let same_answer = close.iter().any(|earlier| earlier.entry.answer == hit.entry.answer);
        if (hit.score - best.score).exp() >= policy.clarify_closeness && !same_answer {
            close.push(hit);
        }
    }
    close
}

/// What the customer may choose from: two or three entries close together and clear of the rest.
fn choices(facts: &Facts<'_>, policy: &Policy) -> Vec<String> {
    let rivals = rivals(facts, policy);
    if !(2..=3).contains(&rivals.len()) {
        return Vec::new();
    }
    let is_unlike = |label: &str| {
        rivals.iter().filter(|hit| hit.entry.label().eq_ignore_ascii_case(label)).count() == 1
    };
    let labels = rivals.iter().map(|hit| {
        let label = hit.entry.label();
        if is_unlike(label) { label.to_owned() } else { hit.entry.full_label() }
    });
    let labels: Vec<String> = labels.collect();
    let are_unlike = labels.iter().collect::<HashSet<_>>().len() == labels.len();
    if are_unlike { labels } else { Vec::new() }
}

fn asked_before(turn: &Turn) -> bool {
    offered(&turn.history).is_some()
}

/// What would be done were the bot free to act.
fn licensed(facts: &Facts<'_>, policy: &Policy, failed: &[Reason], choices: &[String]) -> Action {
    let intent = facts.triage.intent;
    if nothing_to_answer(intent).is_some() {
        // Noise is easily heard as thanks: nobody is left alone on a machine's word for it.
        return if facts.turn.is_heard() { Action::Escalate } else { Action::Ignore };
    }
    if person_needed(intent).is_some() {
        return Action::Escalate;
    }
    if intent == Intent::Greeting && !failed.iter().copied().any(forbids_greeting) {
        return Action::Clarify;
    }
    let failed: Vec<Reason> =
        failed.iter().copied().filter(|reason| *reason != Reason::WithPerson).collect();
    if failed.is_empty() {
        return Action::Answer;
    }
    let only_unclear =
        failed.iter().all(|reason| matches!(reason, Reason::Ambiguous | Reason::NotSure));
    let may_ask = only_unclear
        && !choices.is_empty()
        && facts.confidence >= policy.clarify_floor
        && facts.replies_in_a_row < i64::from(policy.max_replies_in_a_row)
        && !asked_before(facts.turn);
    if may_ask {
        return Action::Clarify;
    }
    draft_or_escalate(facts, policy)
}

/// Whether a reason stands against even a greeting: it may be no greeting, or nothing may go out by itself.
fn forbids_greeting(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Heard
            | Reason::SenderFails
            | Reason::Automatic
            | Reason::OldMail
            | Reason::TooManyMails
            | Reason::CalledSpam
            | Reason::AnswersElsewhere
    )
}

/// Whether a person is brought for want of evidence, though something was found.
fn is_weak(facts: &Facts<'_>, policy: &Policy, licensed: Action) -> bool {
    licensed == Action::Escalate
        && person_needed(facts.triage.intent).is_none()
        && facts.drafted.draft.is_some()
        && facts.confidence < policy.draft_floor
}

/// A weak draft would lead the agent astray: below the floor there is none.
fn draft_or_escalate(facts: &Facts<'_>, policy: &Policy) -> Action {
    let worth_showing = facts.drafted.draft.is_some() && facts.confidence >= policy.draft_floor;
    if worth_showing { Action::Draft } else { Action::Escalate }
}

/// What is done of it in this inbox and in this conversation's state.
fn allowed(facts: &Facts<'_>, policy: &Policy, licensed: Action) -> Action {
    let bots = facts.turn.conversation.status == Status::Bot;
    match (facts.turn.inbox.mode, licensed) {
        (_, Action::Ignore) => Action::Ignore,
        (Mode::Shadow, _) => Action::Escalate,
        (Mode::Auto, Action::Answer | Action::Clarify) if bots => licensed,
        (Mode::Draft, Action::Clarify) if bots && facts.triage.intent == Intent::Greeting => {
            licensed
        }
        (Mode::Auto | Mode::Draft, Action::Answer | Action::Clarify) => {
            draft_or_escalate(facts, policy)
        }
        (Mode::Auto | Mode::Draft, Action::Draft | Action::Escalate) => licensed,
    }
}
