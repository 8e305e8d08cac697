//! Drift: notices when answers of a licensed class go wrong more often than tolerated.
//!
//! A bet against the hypothesis "at most α of the answers are wrong" whose winnings can be looked at
//! after every audit: an e-process. Under the hypothesis no strategy is expected to win, so that the
//! stake ever grows to 1/δ with a chance of at most δ. The stake is spread over several bets (how bad it
//! has become) and over the moments at which it may have become bad: a class that was good for a
//! thousand audits has then not gambled its stake away, and a change is noticed soon after it happens.

use super::bound::{Terms, real};
use serde::{Deserialize, Serialize};

/// The odds of a wrong answer that each bet expects, as multiples of the tolerated odds.
const BETS: [f64; 6] = [1.5, 2.0, 3.0, 4.0, 6.0, 9.0];

/// The state after some audits. Only audited answers count, in the order of their verdicts: no alarms,
/// which come in because something was wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    alpha: f64,
    delta: f64,
    /// Audits seen.
    pub seen: u64,
    /// Those of them that were wrong.
    pub wrong: u64,
    /// What the stakes placed so far have become, by bet.
    stakes: Vec<f64>,
    /// Whether the hypothesis was ever rejected; it stays so.
    pub is_rejected: bool,
}

impl Drift {
    /// The state before any audit.
    pub fn new(terms: Terms) -> Self {
        Self {
            alpha: terms.alpha(),
            delta: terms.delta(),
            seen: 0,
            wrong: 0,
            stakes: vec![0.0; BETS.len()],
            is_rejected: false,
        }
    }

    /// The state after a sequence of audits, each wrong or not.
    pub fn over(terms: Terms, audits: impl IntoIterator<Item = bool>) -> Self {
        let mut drift = Self::new(terms);
        audits.into_iter().for_each(|wrong| drift.see(wrong));
        drift
    }

    /// Takes in the verdict of one audit.
    pub fn see(&mut self, wrong: bool) {
        let placed = unplaced(self.seen) - unplaced(self.seen + 1);
        let alpha = self.alpha;
        for (stake, bet) in self.stakes.iter_mut().zip(BETS) {
            *stake = (*stake + placed) * gain(alpha, bet, wrong);
        }
        self.seen += 1;
        self.wrong += u64::from(wrong);
        self.is_rejected |= self.e_value() >= 1.0 / self.delta;
    }

    /// What the whole stake of 1 has become: the evidence against the hypothesis.
    pub fn e_value(&self) -> f64 {
        let placed: f64 = self.stakes.iter().sum::<f64>() / real(BETS.len() as u64);
        placed + unplaced(self.seen)
    }
}

/// The factor by which an audit changes a bet: its likelihood ratio, 1 on average at risk α.
fn gain(alpha: f64, bet: f64, wrong: bool) -> f64 {
    let right = 1.0 - alpha;
    let expected = bet * alpha / (bet * alpha + right);
    if wrong { expected / alpha } else { (1.0 - expected) / right }
}

/// The part of the stake that is not placed before audit number `seen` + 1: it falls so slowly that
/// enough is left for a change at any time.
fn unplaced(seen: u64) -> f64 {
    1.0 / (1.0 + real(seen + 1).ln())
}
