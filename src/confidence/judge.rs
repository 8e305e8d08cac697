//! From features to a confidence: a small logistic model.
//!
//! Its coefficients were fitted on the training rows of the sample's labelled questions. They give
//! an order, not a licence: a business's own verdicts have to earn that.

use super::Features;

/// The estimated probability, 0 to 1, that sending the draft would be right.
pub fn judge(features: &Features) -> f64 {
    let sum = -3.80
        + 3.36 * features.coverage
        + 2.23 * features.margin
        - 2.33 * features.unknown
        + 3.31 * features.length
        - 0.05 * features.questions
        + 0.75 * features.same_language
        + 2.04 * features.likeness
        // Set by hand: the sample's verbatim drafts are always grounded, so nothing could be fitted.
        - 3.0 * (1.0 - features.grounded)
        - 3.0 * (1.0 - features.answerable);
    let confidence = 1.0 / (1.0 + (-sum).exp());
    if confidence.is_finite() { confidence } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::Features;
    use super::judge;

    fn strong() -> Features {
        Features {
            coverage: 1.0,
            margin: 0.5,
            unknown: 0.0,
            length: 0.3,
            questions: 1.0,
            same_language: 1.0,
            likeness: 0.9,
            grounded: 1.0,
            answerable: 1.0,
            ..Features::default()
        }
    }

    #[test]
    fn confidence_follows_the_evidence() {
        let best = judge(&strong());
        assert!(best > 0.9, "{best}");
        for (what, weaker) in [
            ("less covered", Features { coverage: 0.3, ..strong() }),
            ("closer rival", Features { margin: 0.0, ..strong() }),
            ("unknown words", Features { unknown: 0.7, ..strong() }),
            ("other wording", Features { likeness: 0.1, ..strong() }),
            ("ungrounded", Features { grounded: 0.0, ..strong() }),
            ("model says no", Features { answerable: 0.0, ..strong() }),
        ] {
            assert!(judge(&weaker) < best, "{what}");
        }
    }

    #[test]
    fn no_number_is_no_confidence() {
        assert!(judge(&Features { margin: f64::NAN, ..strong() }).abs() < f64::EPSILON);
    }
}
