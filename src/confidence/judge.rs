//! From features to a confidence: a small logistic model.
//!
//! Its coefficients were fitted on the training rows of the sample's labelled questions. They give
//! an order, not a licence: a business's own verdicts have to earn that.

use super::Features;

/// The estimated probability, 0 to 1, that sending the draft would be right.
pub fn judge(features: &Features) -> f64 {
    let sum = -5.2
        + 4.6 * features.coverage
        + 2.6 * features.margin
        + 1.6 * features.asked_alike
        + 2.2 * features.strength
        - 0.8 * features.unknown
        + 0.2 * features.length
        + 0.8 * features.same_language
        - 0.3 * (features.questions - 1.0)
        - 3.0 * (1.0 - features.grounded)
        - 3.0 * (1.0 - features.answerable);
    let confidence = 1.0 / (1.0 + (-sum).exp());
    if confidence.is_finite() { confidence } else { 0.0 }
}
