//! One request to a model's endpoint: sent, and the body of a success read, whatever the other side does.

use super::failure::Failure;
use super::wire::{LONGEST_REPLY, retry_after};
use crate::clock::Clock;
use anyhow::{Context as _, Result};
use reqwest::header::HeaderValue;
use std::time::Duration;
use tokio::time::timeout;

/// How a request is made.
#[derive(Clone)]
pub struct Line {
    /// The connections.
    pub http: reqwest::Client,
    /// The longest wait for the first byte, and for each part after it.
    pub first_byte: Duration,
    /// The time, by which an endpoint may name the moment to come back.
    pub clock: Clock,
}

impl Line {
    /// Makes one request and reads a reply that is a success and not too long.
    pub async fn fetch(&self, request: reqwest::Request) -> Result<Vec<u8>, Failure> {
        let begun = timeout(self.first_byte, self.http.execute(request)).await;
        let mut response = begun.map_err(|_| Failure::TimedOut)?.map_err(|error| broken(&error))?;
        let status = response.status();
        if !status.is_success() {
            let retry_after = retry_after(response.headers(), self.clock.now());
            return Err(Failure::Status { status: status.as_u16(), retry_after });
        }
        let mut body = Vec::new();
        loop {
            let part = timeout(self.first_byte, response.chunk()).await;
            let part = part.map_err(|_| Failure::Stalled)?.map_err(|error| broken(&error))?;
            let Some(part) = part else { return Ok(body) };
            body.extend_from_slice(&part);
            if body.len() > LONGEST_REPLY {
                return Err(Failure::TooLong);
            }
        }
    }
}

fn broken(error: &reqwest::Error) -> Failure {
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => Failure::Connection,
        (false, true) => Failure::TimedOut,
        (false, false) => Failure::Broken,
    }
}

/// The value of a header that no log may show.
pub fn secret(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text).context("reading a header's value")?;
    value.set_sensitive(true);
    Ok(value)
}
