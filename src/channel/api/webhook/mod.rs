//! Posting a message to the business's own address, signed, and saying honestly how that ended.

use super::Letter;
use crate::channel::Parcel;
use crate::channel::sign::Keys;
use crate::config::Secret;
use crate::conversation::Sent;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use std::time::Duration;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// A receiver may ask for a later attempt, at most this much later.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(1);

/// Where an inbox's messages are posted.
pub(super) struct Webhook {
    url: String,
    keys: Keys,
    client: reqwest::Client,
}

impl Webhook {
    pub(super) fn open(url: &str, secrets: &[Secret]) -> Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("sureply/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("building the HTTP client")?;
        Ok(Self { url: url.to_owned(), keys: Keys::read(secrets)?, client })
    }

    /// Posts a message once.
    pub(super) async fn post(&self, parcel: Parcel<'_>) -> Sent {
        let timestamp = parcel.now.timestamp();
        let body = json!({
            "type": "message.created",
            "timestamp": parcel.message.received_at,
            "data": Letter::from(parcel),
        });
        let body = body.to_string();
        let signature = self.keys.sign(parcel.id.as_str(), timestamp, body.as_bytes());
        let answer = self
            .client
            .post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", parcel.id.as_str())
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body)
            .send()
            .await;
        match answer {
            Ok(answer) => by_answer(answer.status(), answer.headers(), parcel.now),
            Err(error) => by_error(&error, parcel.now),
        }
    }
}

fn by_answer(status: StatusCode, headers: &HeaderMap, now: DateTime<Utc>) -> Sent {
    let is_for_now = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    if status.is_success() {
        Sent::Accepted(None)
    } else if is_for_now {
        Sent::Again(retry_at(headers, now), format!("the webhook answered {status}"))
    } else if status.is_redirection() {
        Sent::Refused(format!("the webhook answered {status}; redirects are not followed"))
    } else {
        Sent::Refused(format!("the webhook answered {status}"))
    }
}

/// Without a connection nothing was sent; after that nobody knows. The address stays out of the
/// text, since it may hold a secret.
fn by_error(error: &reqwest::Error, now: DateTime<Utc>) -> Sent {
    if error.is_connect() {
        Sent::Again(now, "the webhook could not be reached".into())
    } else if error.is_builder() {
        Sent::Refused("the webhook's address cannot be used".into())
    } else if error.is_timeout() {
        Sent::Unknown("the webhook did not answer in time".into())
    } else {
        Sent::Unknown("the connection to the webhook broke off".into())
    }
}

fn retry_at(headers: &HeaderMap, now: DateTime<Utc>) -> DateTime<Utc> {
    let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let at = told.and_then(|told| match told.trim().parse::<u32>() {
        Ok(seconds) => Some(now + TimeDelta::seconds(i64::from(seconds))),
        Err(_) => DateTime::parse_from_rfc2822(told).ok().map(|at| at.to_utc()),
    });
    at.unwrap_or(now).clamp(now, now + LONGEST_RETRY_AFTER)
}

#[cfg(test)]
mod tests;
