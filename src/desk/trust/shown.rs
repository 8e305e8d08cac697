//! Trust as people see it: each inbox and risk class with its licence, its evidence and what follows.

use super::{CLASSES, Class};
use crate::confidence::{Drift, terms};
use crate::conversation::{InboxName, Source};
use crate::desk::Desk;
use crate::knowledge::Risk;
use crate::word::words;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The time over which the share of automatic answers is told.
const MONTH: TimeDelta = TimeDelta::days(30);

words! {
    /// How a risk class of an inbox stands.
    Standing {
        /// There is not enough evidence yet: everything is a draft.
        Learning = "learning",
        /// Sure answers go out by themselves.
        Licensed = "licensed",
        /// Too many answers were found wrong; the licence must be earned again.
        Suspended = "suspended",
    }
}

/// A risk class of an inbox.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassTrust {
    /// The inbox.
    pub inbox: InboxName,
    /// The risk class.
    pub risk: Risk,
    /// How it stands.
    pub standing: Standing,
    /// The tolerated share of wrong answers.
    pub alpha: f64,
    /// The chance taken that the evidence misleads.
    pub delta: f64,
    /// Verdicts at or above the threshold, or at the strictest one tested.
    pub n: u64,
    /// Those of them that were wrong.
    pub k: u64,
    /// All verdicts of the sample that the threshold was sought on.
    pub total: u64,
    /// The confidence from which answers go out; none: nothing does.
    pub threshold: Option<f64>,
    /// The upper limit of the share that is wrong among the `n`.
    pub upper: f64,
    /// The share of the sample at or above the threshold.
    pub coverage: f64,
    /// How many more right verdicts are needed at least.
    pub missing: u64,
    /// How many labelled turns of the class there are, by where the label comes from; alarms are
    /// counted here and nowhere else.
    pub evidence: Vec<(Source, u64)>,
    /// Answers of the last 30 days that went out by themselves.
    pub answers: u64,
    /// Turns of the last 30 days that wanted an answer.
    pub turns: u64,
    /// Audited answers since the licence was granted.
    pub audited: u64,
    /// Those of them that were wrong.
    pub audited_wrong: u64,
    /// What a bet against the licence has become; at 1/δ the class is suspended.
    pub drift: f64,
    /// What the evidence says of each threshold that was up for choice, strictest first.
    pub steps: Vec<Step>,
    /// The model whose confidence it is about.
    pub model: String,
    /// Since when answers go out.
    pub granted_at: Option<DateTime<Utc>>,
    /// When it was last suspended.
    pub suspended_at: Option<DateTime<Utc>>,
    /// When it was computed.
    pub computed_at: Option<DateTime<Utc>>,
}

/// What the evidence says of one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The confidence.
    pub threshold: f64,
    /// Verdicts at or above it.
    pub n: u64,
    /// Those of them that were wrong.
    pub k: u64,
    /// The upper limit of the share that is wrong.
    pub upper: f64,
}

impl Desk {
    /// The classes whose automatic answers were stopped and have not been earned again, as this node knows.
    pub fn stopped(&self) -> Vec<(InboxName, Risk)> {
        let trust = self.trusted();
        let is_stopped = |class: &Class| {
            class.suspended_at.is_some() && class.earned.licence.threshold.is_none()
        };
        let stopped = trust.classes.iter().filter(|(_, class)| is_stopped(class));
        let mut stopped: Vec<(InboxName, Risk)> = stopped.map(|(name, _)| name.clone()).collect();
        stopped.sort();
        stopped
    }

    /// Every inbox of the settings, or the named one, with its risk classes.
    pub async fn trust(&self, inbox: Option<&InboxName>) -> Result<Vec<ClassTrust>> {
        self.renew_trust().await?;
        let since = self.clock.now() - MONTH;
        let mut shown = Vec::new();
        for settings in &self.config.inboxes {
            let name = InboxName::from(settings.name.as_str());
            if inbox.is_none_or(|inbox| *inbox == name) {
                let automated = self.store.automated_since(&name, since).await?;
                shown.extend(CLASSES.into_iter().map(|risk| {
                    let counts = automated.iter().find(|counts| counts.risk == risk);
                    let answers = counts.map_or(0, |counts| counts.answers.unsigned_abs());
                    let turns = counts.map_or(0, |counts| counts.turns.unsigned_abs());
                    ClassTrust { answers, turns, ..self.class_trust(&name, risk) }
                }));
            }
        }
        Ok(shown)
    }

    /// How a class stands by what this node knows, but for what was answered lately.
    fn class_trust(&self, inbox: &InboxName, risk: Risk) -> ClassTrust {
        let (trust, policy) = (self.trusted(), &self.config.policy);
        let licence = trust.licence(policy, inbox, risk);
        let terms = terms(policy, risk);
        let threshold = terms.and_then(|terms| licence.threshold_under(terms));
        let class = trust.class(inbox, risk);
        let audits = class.map(|class| class.audits.clone()).unwrap_or_default();
        let drift = terms.map(|terms| Drift::over(terms, audits.iter().copied()));
        let suspended_at = class.and_then(|class| class.suspended_at);
        let standing = match (threshold, suspended_at) {
            (Some(_), _) => Standing::Licensed,
            (None, Some(_)) => Standing::Suspended,
            (None, None) => Standing::Learning,
        };
        ClassTrust {
            inbox: inbox.clone(),
            risk,
            standing,
            alpha: licence.alpha,
            delta: licence.delta,
            n: licence.n,
            k: licence.k,
            total: licence.total,
            threshold,
            upper: licence.upper,
            coverage: licence.coverage,
            missing: licence.missing,
            evidence: class.map(|class| class.earned.evidence.clone()).unwrap_or_default(),
            answers: 0,
            turns: 0,
            audited: drift.as_ref().map_or(0, |drift| drift.seen),
            audited_wrong: drift.as_ref().map_or(0, |drift| drift.wrong),
            drift: drift.map_or(1.0, |drift| drift.e_value()),
            steps: class.map(|class| class.earned.steps.clone()).unwrap_or_default(),
            model: trust.model.version.clone(),
            granted_at: class.and_then(|class| class.granted_at),
            suspended_at,
            computed_at: class.map(|class| class.computed_at),
        }
    }
}
