//! From features to a confidence: a small logistic model, shipped or fitted to a business's own verdicts.

use super::Features;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    // A model that cannot be read judges nothing; a test holds that it can.
    serde_json::from_str(include_str!("../../models/confidence.json")).unwrap_or(Model {
        version: "unreadable".into(),
        intercept: f64::NAN,
        weights: BTreeMap::new(),
    })
});

/// A logistic model over named features. It gives an order, never a licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Its name: other coefficients, other name.
    pub version: String,
    /// The log-odds of being right where every feature is 0.
    pub intercept: f64,
    /// What a feature adds to the log-odds for each unit of it.
    pub weights: BTreeMap<String, f64>,
}

impl Model {
    /// The model that comes with the program, fitted to the sample's labelled questions.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The estimated probability, 0 to 1, that sending the draft would be right; 0 where a feature is no
    /// number or the model names one that there is not.
    pub fn confidence(&self, features: &Features) -> f64 {
        let numbers: BTreeMap<&str, f64> = features.named().into_iter().collect();
        let mut sum = self.intercept;
        for (name, weight) in &self.weights {
            sum += weight * numbers.get(name.as_str()).copied().unwrap_or(f64::NAN);
        }
        let confidence = 1.0 / (1.0 + (-sum).exp());
        if confidence.is_finite() { plain(confidence) } else { 0.0 }
    }
}

/// Rounded down to twelve decimals: a number that reads back from a record as it was written, so that a
/// decision can be made again bit for bit.
fn plain(confidence: f64) -> f64 {
    (confidence * 1e12).floor() / 1e12
}
