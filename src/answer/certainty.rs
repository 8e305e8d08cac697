//! Certainty: the log-probabilities of a reply's tokens, reduced to one number.
//!
//! A list with an entry for each token would swell every record; the number is all that a model of
//! confidence can learn from.

use serde_json::{Value, json};

/// Where the number stands in a reply that has been reduced.
const NAME: &str = "mean_token_probability";

/// Puts the number in the place of the list, where the endpoint gave one.
pub fn reduced(mut body: Value) -> Value {
    let mean = mean(&body);
    let choices = body.get_mut("choices").and_then(Value::as_array_mut);
    for choice in choices.into_iter().flatten().filter_map(Value::as_object_mut) {
        choice.remove("logprobs");
    }
    if let (Some(mean), Some(fields)) = (mean, body.as_object_mut()) {
        fields.insert(NAME.to_owned(), json!(mean));
    }
    body
}

/// The number in a reduced reply.
pub fn of(body: &Value) -> Option<f64> {
    body.get(NAME)?.as_f64().filter(|mean| (0.0..=1.0).contains(mean))
}

/// The geometric mean of the probabilities of the first choice's tokens, 0 to 1.
fn mean(body: &Value) -> Option<f64> {
    let tokens = body.get("choices")?.get(0)?.get("logprobs")?.get("content")?.as_array()?;
    let logs: Option<Vec<f64>> =
        tokens.iter().map(|token| token.get("logprob")?.as_f64()).collect();
    let logs = logs.filter(|logs| !logs.is_empty())?;
    let count = u32::try_from(logs.len()).ok().map(f64::from)?;
    // Some endpoints write −9999 for a token that is as good as impossible.
    let mean = (logs.iter().map(|log| log.clamp(-100.0, 0.0)).sum::<f64>() / count).exp();
    // Six decimals read back from a record as they were written.
    mean.is_finite().then(|| (mean * 1e6).round() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::{of, reduced};
    use serde_json::{Value, json};

    fn number(logprobs: &Value) -> Option<f64> {
        let body = json!({ "choices": [{ "logprobs": logprobs, "finish_reason": "stop" }] });
        let reduced = reduced(body);
        assert!(reduced["choices"][0].get("logprobs").is_none(), "{reduced}");
        assert_eq!(reduced["choices"][0]["finish_reason"], "stop");
        of(&reduced)
    }

    #[test]
    fn the_list_becomes_one_number() {
        let token = |log: f64| json!({ "token": "a", "logprob": log });
        for (logprobs, expected) in [
            (json!({ "content": [token(0.0), token(0.0)] }), Some(1.0)),
            (json!({ "content": [token(-1.0), token(-0.386_294)] }), Some(0.5)),
            (json!({ "content": [token(-9999.0)] }), Some(0.0)),
            (json!({ "content": [token(0.3)] }), Some(1.0)),
            (json!({ "content": [] }), None),
            (json!({ "content": null }), None),
            (json!({ "content": [{ "token": "a" }] }), None),
            (json!("much"), None),
            (Value::Null, None),
        ] {
            assert_eq!(number(&logprobs), expected, "{logprobs}");
        }
    }

    #[test]
    fn a_reply_without_them_stays_as_it_is() {
        for body in [json!({ "choices": [] }), json!([1]), json!({ "error": {} }), Value::Null] {
            assert_eq!(reduced(body.clone()), body);
            assert_eq!(of(&body), None);
        }
        assert_eq!(of(&json!({ "mean_token_probability": 7.0 })), None);
    }
}
