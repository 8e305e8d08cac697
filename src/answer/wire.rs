//! The wire: an endpoint's reply, whole or piece by piece, read to one JSON object.

use super::failure::Failure;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::{Value, json};
use std::time::Duration;

/// The longest reply read, in bytes.
pub const LONGEST_REPLY: usize = 1024 * 1024;

/// The reply in a body: JSON, or events that each carry a part of it.
pub fn read(body: &[u8]) -> Result<Value, Failure> {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return Ok(value);
    }
    let text = std::str::from_utf8(body).map_err(|_| Failure::NotJson)?;
    is_events(text).then(|| assembled(text)).flatten().ok_or(Failure::NotJson)
}

fn is_events(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("data:"))
}

/// The completion that the events make up. One that was cut off has no `finish_reason`, and whoever
/// reads it must ask for one.
fn assembled(text: &str) -> Option<Value> {
    let (mut content, mut refusal, mut finish, mut usage) =
        (String::new(), String::new(), Value::Null, Value::Null);
    let mut logprobs = Vec::new();
    let mut is_one = false;
    for data in text.lines().filter_map(|line| line.strip_prefix("data:")) {
        let data = data.trim();
        // The last line of a reply that was cut off is no JSON; what came before counts.
        let Ok(event) = serde_json::from_str::<Value>(data) else { continue };
        if event.get("error").is_some_and(|error| !error.is_null()) {
            return Some(json!({ "error": event["error"] }));
        }
        is_one = true;
        let choice = &event["choices"][0];
        content.push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        refusal.push_str(choice["delta"]["refusal"].as_str().unwrap_or_default());
        logprobs.extend(choice["logprobs"]["content"].as_array().into_iter().flatten().cloned());
        if !choice["finish_reason"].is_null() {
            finish = choice["finish_reason"].clone();
        }
        if !event["usage"].is_null() {
            usage = event["usage"].clone();
        }
    }
    let refusal = if refusal.is_empty() { Value::Null } else { refusal.into() };
    let message = json!({ "role": "assistant", "content": content, "refusal": refusal });
    let mut choice = json!({ "index": 0, "finish_reason": finish, "message": message });
    if !logprobs.is_empty() {
        choice["logprobs"] = json!({ "content": logprobs });
    }
    is_one.then(|| json!({ "choices": [choice], "usage": usage }))
}

/// The wait that the endpoint asks for: in milliseconds, in seconds, or until a date.
pub fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(millis) = text("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let wish = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = wish.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = DateTime::parse_from_rfc2822(wish).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{read, retry_after};
    use crate::answer::failure::Failure;
    use reqwest::header::HeaderMap;
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn a_reply_is_read_whole_or_in_pieces() {
        assert_eq!(read(b"{\"a\": 1}"), Ok(json!({"a": 1})));
        let events = "data: {\"choices\":[{\"delta\":{\"content\":\"He\"},\"logprobs\":{\"content\":[{\"logprob\":-1}]}}]}\n\n: comment\n\
            data: {\"choices\":[{\"delta\":{\"content\":\"llo\"},\"finish_reason\":\"stop\"}]}\n\n\
            data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]\n\n";
        let whole = read(events.as_bytes()).expect("a completion");
        assert_eq!(whole["choices"][0]["message"]["content"], "Hello");
        assert_eq!(whole["choices"][0]["finish_reason"], "stop");
        assert_eq!(whole["usage"]["prompt_tokens"], 3);
        assert_eq!(whole["choices"][0]["logprobs"]["content"][0]["logprob"], -1);
        let cut = &events[..events.find("llo").expect("it is there")];
        assert!(
            read(cut.as_bytes()).expect("a completion")["choices"][0]["finish_reason"].is_null()
        );
        let error = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
        assert!(read(error.as_bytes()).expect("an error")["error"].is_object());
    }

    #[test]
    fn anything_else_is_no_reply() {
        for body in ["<html>data: no</html>", "", "{\"choices\": [", "data: [DONE]\n\n", "data:x"] {
            assert_eq!(read(body.as_bytes()), Err(Failure::NotJson), "{body}");
        }
        assert_eq!(read(&[0xff, 0xfe]), Err(Failure::NotJson));
    }

    #[test]
    fn a_wait_may_be_given_in_seconds_or_as_a_date() {
        let now = "2026-11-23T10:00:00Z".parse().expect("a time");
        for (name, wish, wait) in [
            ("retry-after", "7", Some(7_000)),
            ("retry-after", "0.5", Some(500)),
            ("retry-after", "3600", Some(3_600_000)),
            ("retry-after", "Mon, 23 Nov 2026 10:00:09 GMT", Some(9_000)),
            ("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT", Some(0)),
            ("retry-after-ms", "250", Some(250)),
            ("retry-after", "-3", None),
            ("retry-after", "soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, wish.parse().expect("a header"));
            assert_eq!(retry_after(&headers, now), wait.map(Duration::from_millis), "{wish}");
        }
    }
}
