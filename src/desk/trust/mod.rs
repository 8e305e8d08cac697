//! Trust: which answers of which inbox may go out by themselves, as the evidence allows.
//!
//! Every verdict is stored with the act that gives it. Soon after, [`keep`] computes each class's licence
//! anew ([`earn`]) and stores it, so that all nodes hold the same; a decision only looks it up. When the
//! audits of a licensed class go wrong too often, the class is suspended at once, and what it must earn
//! again counts from that moment.

mod drift;
mod earn;
mod keep;
mod relearn;
mod shown;
mod suppose;
#[cfg(test)]
mod tests;

pub use shown::{ClassTrust, Standing, Step};

use crate::confidence::{Licence, Model, audit, terms};
use crate::config::Policy;
use crate::conversation::{DecisionId, Inbox, InboxName, Mode, Source};
use crate::knowledge::Risk;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The risk classes that a licence can be earned for.
pub(super) const CLASSES: [Risk; 3] = [Risk::Low, Risk::Standard, Risk::High];

/// What a node knows of trust at a moment.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    /// The model in force.
    pub(super) model: Model,
    /// The evidence's revision that it follows from; none before it was read.
    revision: Option<i64>,
    /// Decides by lot, so that nobody can pick.
    key: Vec<u8>,
    classes: HashMap<(InboxName, Risk), Class>,
}

/// A risk class of an inbox.
#[derive(Debug, Clone, PartialEq)]
struct Class {
    earned: Earned,
    /// Whether it was computed by the model in force; nothing goes out otherwise.
    is_current: bool,
    granted_at: Option<DateTime<Utc>>,
    suspended_at: Option<DateTime<Utc>>,
    computed_at: DateTime<Utc>,
    /// Whether each answer that was audited since the grant was wrong.
    audits: Vec<bool>,
}

/// What the evidence of a class comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Earned {
    licence: Licence,
    /// What the evidence says of each threshold that was up for choice.
    #[serde(default)]
    steps: Vec<Step>,
    /// The labelled turns of the class, by where the label comes from.
    #[serde(default)]
    evidence: Vec<(Source, u64)>,
}

/// What is known of a decision's place in the audit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lot {
    /// The share of turns of its kind that get a verdict.
    pub(super) share: f64,
    /// The probability with which it was drawn, if it was.
    pub(super) drawn: Option<f64>,
}

impl Earned {
    /// What is known of a class whose evidence nobody has looked at.
    fn nothing() -> Self {
        Self { licence: Licence::never(), steps: Vec::new(), evidence: Vec::new() }
    }
}

impl Trust {
    /// What holds before anything was read: the shipped model, and no licence.
    pub(super) fn none() -> Self {
        let (model, classes) = (Model::shipped().clone(), HashMap::new());
        Self { model, revision: None, key: Vec::new(), classes }
    }

    /// The licence of a class; without evidence it is one for nothing.
    pub(super) fn licence(&self, policy: &Policy, inbox: &InboxName, risk: Risk) -> Licence {
        let Some(terms) = terms(policy, risk) else { return Licence::never() };
        match self.class(inbox, risk) {
            Some(class) => class.earned.licence.clone(),
            None => Licence::none(terms),
        }
    }

    /// How a decision of a class takes part in the audit. Where people see every draft, all get a
    /// verdict; where sure answers go out, the same share of the doubtful ones counts as of the sure.
    pub(super) fn lot(
        &self,
        policy: &Policy,
        inbox: &Inbox,
        risk: Risk,
        decision: &DecisionId,
    ) -> Lot {
        let class = self.class(&inbox.name, risk);
        let class = class.filter(|class| class.earned.licence.threshold.is_some());
        let (Some(class), Some(terms), Mode::Auto) = (class, terms(policy, risk), inbox.mode)
        else {
            return Lot { share: 1.0, drawn: None };
        };
        let audited = u64::try_from(class.audits.len()).unwrap_or(u64::MAX);
        let share = audit::probability(policy.audit_share, true, audited, terms);
        let is_drawn = audit::is_drawn(&self.key, decision, share);
        Lot { share, drawn: is_drawn.then_some(share) }
    }

    fn class(&self, inbox: &InboxName, risk: Risk) -> Option<&Class> {
        self.classes.get(&(inbox.clone(), risk))
    }
}
