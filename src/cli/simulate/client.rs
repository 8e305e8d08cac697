//! A customer's side of the API: sends until acknowledged, asks where messages ended, counts replies.

use crate::conversation::{Action, InboxName};
use crate::eval::Ended;
use crate::knowledge::EntryId;
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long a server that does not answer is tried again: it may be restarting.
const PATIENCE: Duration = Duration::from_secs(90);

/// A connection to a server as one of its programs.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    messages: String,
    token: String,
}

#[derive(Deserialize)]
struct EndAnswer {
    state: String,
    action: Option<Action>,
    #[serde(default)]
    cited: Vec<EntryId>,
    due_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<SentMessage>,
    next: i64,
}

#[derive(Deserialize)]
struct SentMessage {
    contact_id: String,
}

impl Client {
    /// Prepares to write to an inbox of the server at `url`.
    pub(super) fn new(url: &str, token: &str, inbox: &InboxName) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .build()
            .context("preparing to call the server")?;
        let messages = format!("{}/api/v1/inboxes/{inbox}/messages", url.trim_end_matches('/'));
        Ok(Self { http, messages, token: token.to_owned() })
    }

    /// Fails at once where nobody answers, so that a wrong address is not waited for.
    pub(super) async fn knock(&self) -> Result<()> {
        let url = format!("{}?after=0&limit=1", self.messages);
        let response = self.http.get(&url).bearer_auth(&self.token).send().await;
        let status = response.with_context(|| format!("reaching the server at {url}"))?.status();
        ensure!(status.is_success(), "the server answered {status} at {url}; is the token right?");
        Ok(())
    }

    /// Sends a message from a contact of the same name until it is acknowledged.
    pub(super) async fn send(&self, id: &str, text: &str) -> Result<()> {
        let body = json!({ "id": id, "contact": { "id": id }, "text": text });
        let request = || self.http.post(&self.messages).json(&body);
        self.call::<serde_json::Value>(request)
            .await
            .with_context(|| format!("sending message {id}"))?;
        Ok(())
    }

    /// How a message ended; none while it is open.
    pub(super) async fn find_end(&self, id: &str) -> Result<Option<Ended>> {
        let url = format!("{}/{id}", self.messages);
        let answer: EndAnswer = self
            .call(|| self.http.get(&url))
            .await
            .with_context(|| format!("asking for message {id}"))?;
        if answer.state == "open" {
            return Ok(None);
        }
        let took = answer.due_at.zip(answer.decided_at).map(|(due, decided)| decided - due);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a run takes far fewer than 2^52 microseconds"
        )]
        let milliseconds =
            took.and_then(|took| took.num_microseconds()).map(|micros| micros as f64 / 1_000.0);
        Ok(Some(Ended { action: answer.action, cited: answer.cited, replies: 0, milliseconds }))
    }

    /// The position after everything the inbox has sent so far.
    pub(super) async fn position(&self) -> Result<i64> {
        let mut position = 0;
        loop {
            let page = self.page(position).await?;
            if page.messages.is_empty() {
                return Ok(position);
            }
            position = page.next;
        }
    }

    /// How many replies each contact got after `position`.
    pub(super) async fn replies_since(&self, mut position: i64) -> Result<HashMap<String, usize>> {
        let mut replies = HashMap::new();
        loop {
            let page = self.page(position).await?;
            if page.messages.is_empty() {
                return Ok(replies);
            }
            for message in page.messages {
                *replies.entry(message.contact_id).or_default() += 1;
            }
            position = page.next;
        }
    }

    async fn page(&self, after: i64) -> Result<Page> {
        let url = format!("{}?after={after}&limit=200", self.messages);
        self.call(|| self.http.get(&url)).await.context("reading the inbox's replies")
    }

    /// Calls until the server answers; what it refuses is refused at once.
    async fn call<T: DeserializeOwned>(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<T> {
        let began = Instant::now();
        loop {
            let problem = match request().bearer_auth(&self.token).send().await {
                Ok(response) if response.status().is_success() => match response.json().await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error.to_string(),
                },
                Ok(response) if !is_passing(response.status()) => {
                    let status = response.status();
                    let text = response.text().await.unwrap_or_default();
                    bail!("the server answered {status}: {text}");
                }
                Ok(response) => format!("the server answered {}", response.status()),
                Err(error) => error.to_string(),
            };
            if began.elapsed() > PATIENCE {
                bail!("gave up after {} seconds: {problem}", PATIENCE.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}
