//! What a use of a model took and what left for it, as the decision record keeps it.

use super::prompt::Material;
use super::veil::{Hidden, Veil};
use serde::{Deserialize, Serialize};

/// One use of a model: a call, with its repair where there was one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelUse {
    /// The model's name at its endpoint.
    pub name: String,
    /// The prompt's name.
    pub prompt: String,
    /// The SHA-256 of the prompt's file, in hex.
    pub prompt_hash: String,
    /// Tokens read, as the endpoint counts them, else as we do; those of requests whose reply never came
    /// among them.
    pub tokens_in: u64,
    /// Tokens written, as the endpoint counts them, else as we do.
    pub tokens_out: u64,
    /// What they cost by the settings' prices, in millionths of their currency; 0 without prices.
    #[serde(default)]
    pub cost_micros: u64,
    /// Requests made, those that failed among them.
    pub attempts: u32,
    /// How long it took in all, waiting included.
    pub milliseconds: u64,
    /// How many sources it was given; 0 in older records, which do not say.
    #[serde(default)]
    pub sources: usize,
    /// What of the customer's left for it; older records do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Left>,
    /// Why what it said first could not be used, where it was asked once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repaired: Option<String>,
    /// The geometric mean of the probabilities of the last answer's tokens, 0 to 1, where the endpoint
    /// gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprob: Option<f64>,
    /// The endpoint's last answer as JSON, from which the draft can be made again; empty where none came.
    pub response: String,
}

impl ModelUse {
    /// This use and another one as one, with what the other came to.
    pub fn and(self, other: Self) -> Self {
        Self {
            tokens_in: self.tokens_in + other.tokens_in,
            tokens_out: self.tokens_out + other.tokens_out,
            cost_micros: self.cost_micros + other.cost_micros,
            attempts: self.attempts + other.attempts,
            milliseconds: self.milliseconds + other.milliseconds,
            left: self.left.or(other.left),
            ..other
        }
    }
}

/// The customer's words as they left for a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Whether what tells who the customer is was hidden.
    pub hides_personal: bool,
    /// The turn's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What was said before; the oldest of it may not have fitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<String>,
    /// The placeholders in it.
    pub hidden: Vec<Hidden>,
}

impl Left {
    /// What of the material is the customer's.
    pub fn of(material: &Material, veil: &Veil) -> Self {
        Self {
            message: material.message.clone(),
            history: material.history.iter().map(|line| line.text.clone()).collect(),
            ..Self::behind(veil)
        }
    }

    /// What a veil hid.
    pub fn behind(veil: &Veil) -> Self {
        Self {
            hides_personal: veil.is_down(),
            message: String::new(),
            history: Vec::new(),
            hidden: veil.hidden(),
        }
    }
}

/// What tokens cost, in millionths: prices are for a million tokens.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tokens of one call are few, and the sum is rounded on purpose; prices are never negative"
)]
pub fn cost(prices: (f64, f64), tokens_in: u64, tokens_out: u64) -> u64 {
    (prices.0 * tokens_in as f64 + prices.1 * tokens_out as f64).round() as u64
}

#[cfg(test)]
mod tests {
    use super::cost;

    #[test]
    fn tokens_cost_what_the_prices_say() {
        for (prices, tokens, micros) in [
            ((0.15, 0.6), (1_000_000, 0), 150_000),
            ((0.15, 0.6), (700, 40), 129),
            ((0.0, 0.0), (700, 40), 0),
        ] {
            assert_eq!(cost(prices, tokens.0, tokens.1), micros);
        }
    }
}
