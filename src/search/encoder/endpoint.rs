//! A sentence encoder behind an OpenAI-compatible endpoint: one bounded call, whatever it does.
//!
//! Searching is not async, so the calls run on a runtime of their own and the searcher waits, for as
//! long as the settings say and no longer. After failures in a row the endpoint is left alone for a
//! while, so that searches do not all wait for a dead one.

use crate::config::Embedding;
use anyhow::{Context, anyhow, bail, ensure};
use async_openai::{Client, error::OpenAIError, middleware::HttpRequestFactory};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

/// Texts of one request; local servers work through them one by one.
const BATCH: usize = 64;
/// Requests repeated after a failure.
const RETRIES: u32 = 1;
/// The pause before that.
const PAUSE: Duration = Duration::from_millis(100);
/// Failures in a row after which it is left alone, and for how long.
const FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(5);
/// The longest reply read, in bytes.
const LONGEST_REPLY: usize = 16 * 1024 * 1024;

/// The endpoint.
pub struct Endpoint {
    client: Arc<Client<Access>>,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
    name: String,
    timeout: Duration,
    health: Mutex<Health>,
}

#[derive(Default)]
struct Health {
    failures: u32,
    rests_until: Option<Instant>,
    dims: Option<usize>,
}

/// The endpoint's reply; what it says beyond this is of no use to us.
#[derive(Deserialize)]
struct Reply {
    data: Vec<Made>,
}

#[derive(Deserialize)]
struct Made {
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl Endpoint {
    /// Prepares for calls; makes none.
    pub fn new(settings: &Embedding) -> anyhow::Result<Self> {
        let timeout = Duration::from_secs(settings.timeout_seconds.max(1));
        let http = reqwest::Client::builder()
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("preparing the connection to the embeddings")?;
        let service = {
            let http = http.clone();
            // Without the library's own retry, which has no bounds.
            tower::service_fn(move |request: HttpRequestFactory| {
                let http = http.clone();
                async move { fetch(http, request).await }
            })
        };
        let client = Client::build(http, Access::new(settings)?).with_http_service(service);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("embeddings")
            .enable_all()
            .build()
            .context("starting the thread that calls the embeddings")?;
        Ok(Self {
            client: Arc::new(client),
            runtime: Some(runtime),
            name: settings.name.clone().unwrap_or_default(),
            timeout,
            health: Mutex::default(),
        })
    }

    /// The vectors of texts, in their order.
    pub fn vectors(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let rests = self.health().rests_until.is_some_and(|until| Instant::now() < until);
            ensure!(!rests, "the embeddings failed too often and are left alone for a while");
            match self.batch(batch) {
                Ok(made) => {
                    let mut health = self.health();
                    (health.failures, health.rests_until) = (0, None);
                    vectors.extend(made);
                }
                Err(error) => {
                    let mut health = self.health();
                    health.failures += 1;
                    if health.failures >= FAILURES {
                        health.rests_until = Some(Instant::now() + REST);
                    }
                    return Err(error);
                }
            }
        }
        Ok(vectors)
    }

    fn batch(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let deadline = Instant::now() + self.timeout;
        let mut tries = 0;
        let made = loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.call(texts, left) {
                Ok(made) => break made,
                Err(error) if tries == RETRIES || Instant::now() + PAUSE >= deadline => {
                    return Err(error);
                }
                Err(_) => std::thread::sleep(PAUSE),
            }
            tries += 1;
        };
        let dims = made.first().map_or(0, Vec::len);
        let mut health = self.health();
        let expected = *health.dims.get_or_insert(dims);
        let is_even = made.iter().all(|vector| vector.len() == expected) && expected > 0;
        ensure!(is_even, "the embeddings have {dims} numbers where they had {expected}");
        Ok(made)
    }

    fn call(&self, texts: &[String], time: Duration) -> anyhow::Result<Vec<Vec<f32>>> {
        let runtime = self.runtime.as_ref().context("the embeddings are being stopped")?;
        let (answer, answered) = mpsc::channel();
        let client = Arc::clone(&self.client);
        let request = json!({"model": self.name, "input": texts, "encoding_format": "float"});
        let call = runtime.spawn(async move {
            // Nobody listens any more where the time was up.
            drop(answer.send(client.embeddings().create_byot::<_, Reply>(request).await));
        });
        let Ok(reply) = answered.recv_timeout(time) else {
            call.abort();
            bail!("the embeddings did not come in time");
        };
        let mut data = reply.map_err(|error| anyhow!(said(&error)))?.data;
        ensure!(data.len() == texts.len(), "{} embeddings came of {}", data.len(), texts.len());
        data.sort_by_key(|made| made.index.unwrap_or(0));
        Ok(data.into_iter().map(|made| made.embedding).collect())
    }

    /// Nothing panics while it holds the lock, and what it guards is whole at any time.
    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What went wrong, without what the endpoint wrote: that may hold the customer's words.
fn said(error: &OpenAIError) -> String {
    match error {
        OpenAIError::Boxed(error) => error.to_string(),
        OpenAIError::JSONDeserialize(..) => "the endpoint did not answer with embeddings".into(),
        OpenAIError::Reqwest(_) => "the embeddings' endpoint cannot be reached".into(),
        _ => "the request for embeddings could not be made".into(),
    }
}

async fn fetch(
    http: reqwest::Client,
    request: HttpRequestFactory,
) -> Result<reqwest::Response, OpenAIError> {
    let boxed = |text: String| OpenAIError::Boxed(text.into());
    let request = request.build().await?;
    let mut response = http
        .execute(request)
        .await
        .map_err(|_| boxed("the embeddings' endpoint cannot be reached".into()))?;
    let status = response.status();
    if !status.is_success() {
        return Err(boxed(format!("the embeddings' endpoint answered with status {status}")));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(OpenAIError::Reqwest)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_REPLY {
            return Err(boxed("the embeddings' endpoint answered at too great length".into()));
        }
    }
    // Checked here because async-openai writes a body that it cannot read to the log.
    if serde_json::from_slice::<Reply>(&body).is_err() {
        return Err(boxed("the endpoint did not answer with embeddings".into()));
    }
    Ok(http::Response::new(body).into())
}

/// Where the endpoint is and the key to it; unlike the library's own, it reads no environment.
#[derive(Clone)]
struct Access {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Access {
    fn new(settings: &Embedding) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        let mut key = SecretString::default();
        if let Some(secret) = settings.key()? {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", secret.expose()))
                .context("reading the embeddings' key: it holds signs that no key can hold")?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
            key = SecretString::from(secret.expose());
        }
        let base = settings.base_url.as_deref().unwrap_or_default();
        Ok(Self { base: base.trim_end_matches('/').to_owned(), key, headers })
    }
}

impl async_openai::config::Config for Access {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}
