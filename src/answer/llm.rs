//! The endpoint of the language model: one bounded question, whatever the other side does.
//!
//! async-openai's own retry sleeps out any `Retry-After` and loses the status of a body that is not
//! JSON, so that requests go through [`fetch`] and are repeated here, within the time of the call.

use super::breaker::Breaker;
use super::shape::{Form, Shape, Words};
use crate::config;
use anyhow::{Context as _, Result};
use async_openai::Client;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::SecretString;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

/// Requests repeated after a passing failure, at most.
const RETRIES: u32 = 2;
/// The first pause before a repeated request; the next is twice as long.
const PAUSE: Duration = Duration::from_millis(300);
/// Time to reach the endpoint.
const CONNECT: Duration = Duration::from_secs(5);
/// The most time for writing out a question: the answer itself is still to come.
const REWRITING: Duration = Duration::from_secs(5);
/// The longest reply read, in bytes.
const LONGEST_REPLY: usize = 1024 * 1024;

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The time for the call is used up.
    #[error("the model did not answer in time")]
    TimedOut,
    /// The breaker is open: it failed too often just now.
    #[error("the model failed too often and is left alone for a while")]
    Resting,
    /// No connection, or one that broke.
    #[error("the model's endpoint cannot be reached")]
    Connection,
    /// A status other than success.
    #[error("the model's endpoint answered with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// A reply that is not JSON.
    #[error("the model's endpoint did not answer with JSON")]
    NotJson,
    /// A reply over the limit.
    #[error("the model's endpoint answered at too great length")]
    TooLong,
    /// A request that could not be made.
    #[error("the request to the model could not be made")]
    Request,
}

impl Failure {
    /// Whether the same request may succeed a moment later.
    fn passes(self) -> bool {
        match self {
            Self::Connection => true,
            Self::Status { status, .. } => status == 429 || status >= 500,
            Self::TimedOut | Self::Resting | Self::NotJson | Self::TooLong | Self::Request => false,
        }
    }

    /// Whether the endpoint understood the request and did not like its shape.
    fn is_about_shape(self) -> bool {
        matches!(self, Self::Status { status: 400 | 422, .. })
    }
}

/// What a call came to.
#[derive(Debug)]
pub struct Call {
    /// The endpoint's reply, or why there is none.
    pub reply: Result<Value, Failure>,
    /// Requests made.
    pub attempts: u32,
    /// How long it took, waiting for a free place included.
    pub elapsed: Duration,
}

/// A model behind an OpenAI-compatible endpoint.
pub struct Endpoint {
    client: Client<Access>,
    model: String,
    max_output_tokens: u32,
    timeout: Duration,
    places: Semaphore,
    breaker: Mutex<Breaker>,
    /// The shape that the endpoint took last.
    shape: Mutex<Shape>,
}

impl Endpoint {
    /// Prepares for calls; makes none.
    pub fn new(settings: &config::Model) -> Result<Self> {
        let timeout = Duration::from_secs(settings.timeout_seconds.max(1));
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT.min(timeout))
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("preparing the connection to the model")?;
        let access = Access::new(settings)?;
        let service = {
            let http = http.clone();
            tower::service_fn(move |request: HttpRequestFactory| {
                let http = http.clone();
                async move { fetch(http, request).await.map_err(|f| OpenAIError::Boxed(Box::new(f))) }
            })
        };
        Ok(Self {
            client: Client::build(http, access).with_http_service(service),
            model: settings.name.clone(),
            max_output_tokens: settings.max_output_tokens,
            timeout,
            places: Semaphore::new(settings.max_concurrent.max(1)),
            breaker: Mutex::default(),
            shape: Mutex::default(),
        })
    }

    /// Asks the model once, in at most the time that the settings give a call; less for a question.
    pub async fn ask(&self, form: Form, system: &str, user: &str) -> Call {
        let start = Instant::now();
        let deadline = start
            + match form {
                Form::Answer => self.timeout,
                Form::Question => self.timeout.min(REWRITING),
            };
        let mut attempts = 0;
        let words = Words {
            model: &self.model,
            system,
            user,
            form,
            max_output_tokens: self.max_output_tokens,
        };
        let asked = timeout_at(deadline, self.ask_until(deadline, words, &mut attempts));
        let reply = asked.await.unwrap_or(Err(Failure::TimedOut));
        // Waiting for a free place is no fault of the endpoint.
        if attempts > 0 && matches!(reply, Err(Failure::TimedOut)) {
            lock(&self.breaker).failed(Instant::now());
        }
        Call { reply, attempts, elapsed: start.elapsed() }
    }

    async fn ask_until(
        &self,
        deadline: Instant,
        words: Words<'_>,
        attempts: &mut u32,
    ) -> Result<Value, Failure> {
        let _place = self.places.acquire().await.map_err(|_| Failure::Resting)?;
        let mut shape = *lock(&self.shape);
        let mut retries = 0;
        loop {
            let failure = match self.attempt(shape, words, attempts).await {
                Ok(reply) => {
                    *lock(&self.shape) = shape;
                    return Ok(reply);
                }
                Err(failure) => failure,
            };
            if let (true, Some(simpler)) = (failure.is_about_shape(), shape.simpler()) {
                shape = simpler;
                continue;
            }
            let pause = pause(retries, failure);
            if !failure.passes() || retries == RETRIES || Instant::now() + pause >= deadline {
                return Err(failure);
            }
            sleep(pause).await;
            retries += 1;
            // Some endpoints answer a schema that they do not know with a plain 500, every time.
            let is_500 = matches!(failure, Failure::Status { status: 500, .. });
            if retries == RETRIES && is_500 && shape == Shape::Schema {
                shape = Shape::Object;
            }
        }
    }

    /// Makes one request, unless the breaker is open, and lets the breaker know.
    async fn attempt(
        &self,
        shape: Shape,
        words: Words<'_>,
        attempts: &mut u32,
    ) -> Result<Value, Failure> {
        if !lock(&self.breaker).admits(Instant::now()) {
            return Err(Failure::Resting);
        }
        *attempts += 1;
        let reply = self.client.chat().create_byot::<_, Value>(shape.body(words)).await;
        let reply = reply.map_err(|error| match error {
            OpenAIError::Boxed(error) => error.downcast().map_or(Failure::Connection, |f| *f),
            OpenAIError::JSONDeserialize(..) => Failure::NotJson,
            OpenAIError::Reqwest(_) => Failure::Connection,
            _ => Failure::Request,
        });
        match reply {
            Err(failure) if !failure.is_about_shape() => lock(&self.breaker).failed(Instant::now()),
            _ => lock(&self.breaker).succeeded(),
        }
        reply
    }
}

/// Nothing panics while it holds one of our locks, and what they guard is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The pause before a request is repeated: what the endpoint asks for, else growing and by chance.
fn pause(retries: u32, failure: Failure) -> Duration {
    let chance = PAUSE.mul_f64(rand::random_range(0.5..1.0)) * 2_u32.pow(retries);
    match failure {
        Failure::Status { retry_after: Some(wish), .. } => wish.max(chance),
        _ => chance,
    }
}

/// Makes one request and reads a reply that is a success, JSON and not too long.
async fn fetch(
    http: reqwest::Client,
    request: HttpRequestFactory,
) -> Result<reqwest::Response, Failure> {
    let broken = |error: reqwest::Error| {
        if error.is_timeout() && !error.is_connect() {
            Failure::TimedOut
        } else {
            Failure::Connection
        }
    };
    let request = request.build().await.map_err(|_| Failure::Request)?;
    let mut response = http.execute(request).await.map_err(broken)?;
    let status = response.status();
    if !status.is_success() {
        let retry_after = retry_after(response.headers());
        return Err(Failure::Status { status: status.as_u16(), retry_after });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_REPLY {
            return Err(Failure::TooLong);
        }
    }
    // Checked here because async-openai writes a body that it cannot read to the log.
    serde_json::from_slice::<IgnoredAny>(&body).map_err(|_| Failure::NotJson)?;
    Ok(http::Response::new(body).into())
}

/// The wait that the endpoint asks for, in seconds; a date counts as no wish.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: f64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Where the endpoint is and the key to it; unlike the library's own, it reads no environment.
#[derive(Clone)]
struct Access {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Access {
    fn new(settings: &config::Model) -> Result<Self> {
        let mut headers = HeaderMap::new();
        let mut key = SecretString::default();
        if let Some(secret) = settings.key()? {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", secret.expose()))
                .context("reading the model's key: it holds signs that no key can hold")?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
            key = SecretString::from(secret.expose());
        }
        let base = settings.base_url.trim_end_matches('/').to_owned();
        Ok(Self { base, key, headers })
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
