//! The endpoint of a language model: one request, whatever the other side does.
//!
//! async-openai's own retry sleeps out any `Retry-After` and loses the status of a body that is not
//! JSON, so that requests go through [`fetch`]; who calls repeats them (`calls`).

use super::certainty;
use super::failure::Failure;
use super::fetch::{Line, secret};
use super::shape::{Shape, Words};
use super::wire;
use crate::clock::Clock;
use crate::config::{self, Fallback};
use anyhow::{Context as _, Result, anyhow};
use async_openai::Client;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// A model behind an OpenAI-compatible endpoint.
pub struct Endpoint {
    client: Client<Access>,
    /// The model's name there.
    pub model: String,
    /// What a million tokens read and written cost.
    pub prices: (f64, f64),
}

impl Endpoint {
    /// Prepares for requests; makes none.
    pub fn new(settings: &config::Model, endpoint: &Fallback, clock: Clock) -> Result<Self> {
        let whole = Duration::from_secs(settings.timeout_seconds.max(1));
        let connect = Duration::from_secs(settings.connect_seconds.max(1)).min(whole);
        let mut builder = reqwest::Client::builder()
            .connect_timeout(connect)
            .timeout(whole)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(proxy) = &endpoint.proxy {
            // The reason stays out of it: it may hold the address, and that a password.
            let proxy = reqwest::Proxy::all(proxy.expose())
                .map_err(|_| anyhow!("model.proxy is no address that a proxy can have"))?;
            builder = builder.proxy(proxy);
        }
        let http = builder.build().context("preparing the connection to the model")?;
        let access = Access::new(endpoint)?;
        let first_byte = Duration::from_secs(settings.first_byte_seconds.max(1)).min(whole);
        let line = Line { http: http.clone(), first_byte, clock };
        let service = tower::service_fn(move |request: HttpRequestFactory| {
            let line = line.clone();
            async move { fetch(line, request).await.map_err(|f| OpenAIError::Boxed(Box::new(f))) }
        });
        Ok(Self {
            client: Client::build(http, access).with_http_service(service),
            model: endpoint.name.clone(),
            prices: (endpoint.price_in, endpoint.price_out),
        })
    }

    /// Makes one request.
    pub async fn ask(&self, shape: Shape, words: Words<'_>) -> Result<Value, Failure> {
        let body = shape.body(&self.model, words);
        let reply = self.client.chat().create_byot::<_, Value>(body).await;
        reply.map(certainty::reduced).map_err(|error| match error {
            OpenAIError::Boxed(error) => error.downcast().map_or(Failure::Connection, |f| *f),
            OpenAIError::JSONDeserialize(..) => Failure::NotJson,
            OpenAIError::Reqwest(_) => Failure::Connection,
            _ => Failure::Request,
        })
    }
}

/// Makes one request and reads a reply that is a success, JSON and not too long.
async fn fetch(line: Line, request: HttpRequestFactory) -> Result<reqwest::Response, Failure> {
    let request = request.build().await.map_err(|_| Failure::Request)?;
    let body = line.fetch(request).await?;
    // Read here because async-openai writes a body that it cannot read to the log.
    Ok(http::Response::new(wire::read(&body)?.to_string()).into())
}

/// Where the endpoint is and the key to it; unlike the library's own, it reads no environment.
#[derive(Clone)]
struct Access {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Access {
    fn new(endpoint: &Fallback) -> Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in &endpoint.headers {
            let name: HeaderName =
                name.parse().with_context(|| format!("reading model.headers: `{name}`"))?;
            headers.insert(name, secret(value.expose()).context("reading model.headers")?);
        }
        if let Some(organization) = &endpoint.organization {
            let value = organization.parse().context("reading model.organization")?;
            headers.insert("openai-organization", value);
        }
        let mut key = SecretString::default();
        if let Some(known) = endpoint.key()? {
            let value = secret(&format!("Bearer {}", known.expose()))
                .context("reading the model's key: it holds signs that no key can hold")?;
            headers.insert(AUTHORIZATION, value);
            key = SecretString::from(known.expose());
        }
        let base = endpoint.base_url.trim_end_matches('/').to_owned();
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
