//! Audits: which decisions people judge, drawn so that nobody can pick and nothing depends on the verdict.
//!
//! Drafts get a verdict anyway; automatic answers get one only when they are drawn for an audit, with a
//! probability p. Pooled as they come, the doubtful turns (drafts, all judged) would outnumber the sure
//! ones (answers, one in twenty judged), and the sample would no longer look like the turns to come. So
//! each decision of a class has one number u, a keyed hash of its identifier, and **every** verdict,
//! on a draft or on an answer, counts towards the bound only if u < p, with the p that was in force for
//! the class when the decision was made (1 while the class was not licensed). Within any stretch of time
//! each turn then enters with the same probability, however sure the bot was: what enters is a fair
//! sample of the turns, and so is the sum over all stretches. Raising or lowering p from one
//! decision to the next is harmless, as long as it follows from earlier decisions only.

use super::bound::{Terms, real, share};
use crate::conversation::DecisionId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The share of answers audited right after a class was licensed, unless the policy asks for more.
const THIN: f64 = 0.5;

/// The probability with which a decision of a class is audited. While nothing is licensed everything is
/// a draft that a person judges: 1. Then [`THIN`], falling evenly to the policy's `audit_share` until
/// as many audits are in as could have earned the licence.
pub fn probability(audit_share: f64, is_licensed: bool, audited: u64, terms: Terms) -> f64 {
    if !is_licensed {
        return 1.0;
    }
    let base = if audit_share.is_finite() { audit_share.clamp(0.0, 1.0) } else { 1.0 };
    let still_thin = 1.0 - share(audited.min(terms.least()), terms.least());
    base + (THIN - base).max(0.0) * still_thin
}

/// Whether a decision is drawn, with probability `p`: for the audit queue if it was an answer, and to
/// count towards the bound whatever it was.
pub fn is_drawn(key: &[u8], decision: &DecisionId, p: f64) -> bool {
    lot(key, "audit", decision.as_str()) < p
}

/// Whether a piece of evidence belongs to the fitting fold, which takes the given share of all.
pub fn is_for_fitting(key: &[u8], evidence: &str, share: f64) -> bool {
    lot(key, "fold", evidence) < share
}

/// A number from 0 up to 1 that only the key's owner can foretell: the same for the same name and
/// purpose, evenly spread and independent over different ones.
fn lot(key: &[u8], purpose: &str, name: &str) -> f64 {
    // A key of any length will do, so this cannot fail; were it to, nothing would be drawn.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return 1.0 };
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(name.as_bytes());
    let bytes = mac.finalize().into_bytes();
    // 52 bits, all of which a float can hold.
    let bits = bytes.iter().take(7).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) >> 4;
    real(bits) / real(1 << 52)
}
