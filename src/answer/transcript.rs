//! A transcript: what an endpoint says that it heard, read with distrust.

use super::failure::Failure;
use serde_json::Value;

/// A part with at least this probability of holding no speech was not spoken.
const NO_SPEECH: f64 = 0.6;

/// Words that were heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// The words, as they came.
    pub text: String,
    /// How long the sound is, in seconds, where the endpoint says so.
    pub seconds: Option<f64>,
}

/// Reads an endpoint's reply; one without words is a failure, for silence says nothing to answer.
pub fn read(body: &[u8]) -> Result<Transcript, Failure> {
    let reply: Value = serde_json::from_slice(body).map_err(|_| Failure::NotJson)?;
    let text = reply["text"].as_str().map(str::trim).unwrap_or_default();
    if !text.chars().any(char::is_alphanumeric) || is_silence(&reply) {
        return Err(Failure::NoWords);
    }
    Ok(Transcript { text: text.to_owned(), seconds: seconds(&reply) })
}

/// Whether no part was spoken: models put thanks and farewells where they hear nothing at all.
fn is_silence(reply: &Value) -> bool {
    let parts = reply["segments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_silent = |part: &Value| part["no_speech_prob"].as_f64().is_some_and(|p| p >= NO_SPEECH);
    !parts.is_empty() && parts.iter().all(is_silent)
}

/// The length of the sound: a number or one in words, or what the endpoint charges for.
fn seconds(reply: &Value) -> Option<f64> {
    let told = [&reply["duration"], &reply["usage"]["seconds"]];
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    told.into_iter().find_map(number).filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::{Transcript, read};
    use crate::answer::failure::Failure;

    fn heard(text: &str, seconds: Option<f64>) -> Transcript {
        Transcript { text: text.into(), seconds }
    }

    #[test]
    fn a_reply_is_words_or_a_failure() {
        for (reply, expected) in [
            (r#"{"text":" Where is my tent? "}"#, Ok(heard("Where is my tent?", None))),
            (r#"{"text":"Hi","duration":8.5}"#, Ok(heard("Hi", Some(8.5)))),
            (r#"{"text":"Hi","duration":"8.5"}"#, Ok(heard("Hi", Some(8.5)))),
            (
                r#"{"text":"Hi","usage":{"type":"duration","seconds":9}}"#,
                Ok(heard("Hi", Some(9.0))),
            ),
            (r#"{"text":"Hi","duration":-1}"#, Ok(heard("Hi", None))),
            (r#"{"text":"Hi","segments":[]}"#, Ok(heard("Hi", None))),
            (
                r#"{"text":"Hi","segments":[{"no_speech_prob":0.9},{"no_speech_prob":0.1}]}"#,
                Ok(heard("Hi", None)),
            ),
            (
                r#"{"text":"Thanks for watching!","segments":[{"no_speech_prob":0.9}]}"#,
                Err(Failure::NoWords),
            ),
            (r#"{"text":""}"#, Err(Failure::NoWords)),
            (r#"{"text":" … ♪ "}"#, Err(Failure::NoWords)),
            (r#"{"text":7}"#, Err(Failure::NoWords)),
            (r#"{"error":{"message":"overloaded"}}"#, Err(Failure::NoWords)),
            ("[]", Err(Failure::NoWords)),
            ("<html>Bad gateway</html>", Err(Failure::NotJson)),
            ("", Err(Failure::NotJson)),
            (r#"{"text":"cut o"#, Err(Failure::NotJson)),
        ] {
            assert_eq!(read(reply.as_bytes()), expected, "{reply}");
        }
    }
}
