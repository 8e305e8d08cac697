//! The one client of Meta's Graph API: a call, its answer, and honest words about how it ended.

use super::compose::MAX_FILE;
use crate::channel::File;
use crate::config::{Secret, WhatsappSettings};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, StatusCode, header};
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use std::time::Duration;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// A file may take longer.
const UPLOAD_WITHIN: Duration = Duration::from_mins(1);
/// Meta's answers are short; more is not read.
const MAX_ANSWER: usize = 1024 * 1024;
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(1);

/// A number's way to the Graph API.
pub(super) struct Graph {
    settings: WhatsappSettings,
    base: String,
    client: reqwest::Client,
}

/// Why a call brought no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It never left.
    NotSent(String),
    /// Meta has answered with an error: nothing was done.
    Told {
        /// The error's code.
        code: i64,
        /// What Meta says about it.
        details: String,
        /// How long it asks us to wait.
        wait: TimeDelta,
    },
    /// Nobody knows what became of it.
    Unknown(String),
}

impl Graph {
    /// Opens a number's way to the API; its token is read at each call, so that it can be changed while serving.
    pub(super) fn open(settings: &WhatsappSettings) -> Result<Self> {
        Self::open_within(settings, ANSWER_WITHIN)
    }

    fn open_within(settings: &WhatsappSettings, within: Duration) -> Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(within)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("sureply/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("building the HTTP client")?;
        let base =
            format!("{}/{}", settings.graph_url.trim_end_matches('/'), settings.graph_version);
        Ok(Self { settings: settings.clone(), base, client })
    }

    /// Posts a message or a mark of the number.
    pub(super) async fn post(&self, body: &Value) -> Result<Value, Failure> {
        let url = format!("{}/{}/messages", self.base, self.settings.phone_number_id);
        self.call(self.client.post(url).json(body)).await
    }

    /// The number's id.
    pub(super) fn number(&self) -> &str {
        &self.settings.phone_number_id
    }

    /// Reads what lies at a path below the version.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.call(self.client.get(format!("{}/{path}", self.base)).query(query)).await
    }

    /// Posts to a path below the version.
    pub(super) async fn post_to(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(self.client.post(format!("{}/{path}", self.base)).json(body)).await
    }

    /// Uploads a file; gives the id by which messages name it for 30 days.
    pub(super) async fn upload(&self, file: &File) -> Result<String, Failure> {
        if file.bytes.len() > MAX_FILE {
            let words =
                format!("a file has {} bytes; WhatsApp takes at most {MAX_FILE}", file.bytes.len());
            return Err(Failure::Told { code: 131_053, details: words, wait: TimeDelta::zero() });
        }
        let url = format!("{}/{}/media", self.base, self.settings.phone_number_id);
        let media_type = match file.media_type.trim() {
            "" => "application/octet-stream",
            known => known,
        };
        let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
        let part = part.mime_str(media_type).map_err(|_| {
            Failure::NotSent(format!("`{media_type}` is no media type; send the file as another"))
        })?;
        let form = Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", media_type.to_owned())
            .part("file", part);
        let request = self.client.post(url).timeout(UPLOAD_WITHIN).multipart(form);
        let answer = self.call(request).await?;
        let id = answer["id"].as_str().filter(|id| !id.is_empty());
        id.map(str::to_owned).ok_or_else(|| Failure::Unknown("Meta gave a file no id".into()))
    }

    /// Puts the token to a request.
    fn authorized(&self, request: RequestBuilder) -> Result<RequestBuilder, Failure> {
        Ok(request.bearer_auth(self.token()?.expose()))
    }

    /// The token.
    pub(super) fn token(&self) -> Result<Secret, Failure> {
        match self.settings.token() {
            Ok(Some(token)) => Ok(token),
            Ok(None) => {
                let details = "there is no access_token in [inbox.whatsapp]".into();
                Err(Failure::Told { code: 190, details, wait: TimeDelta::zero() })
            }
            Err(error) => {
                let details = format!("{error:#}");
                Err(Failure::Told { code: 190, details, wait: TimeDelta::zero() })
            }
        }
    }

    async fn call(&self, request: RequestBuilder) -> Result<Value, Failure> {
        let answer = self.authorized(request)?.send().await.map_err(|error| by_error(&error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = match body(answer).await {
            Ok(body) => serde_json::from_slice::<Value>(&body).unwrap_or_default(),
            // An answer of 4xx says enough by its status: nothing was done.
            Err(_) if status.is_client_error() => Value::Null,
            Err(words) => return Err(Failure::Unknown(words)),
        };
        read(status, &headers, body)
    }
}

async fn body(mut answer: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    let broken = |_| "the connection to Meta broke off within its answer".to_owned();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err("Meta's answer is too long to be one".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer says.
fn read(status: StatusCode, headers: &HeaderMap, body: Value) -> Result<Value, Failure> {
    if status.is_success() && body.is_object() {
        return Ok(body);
    }
    if status.is_success() || status.is_server_error() {
        return Err(Failure::Unknown(format!(
            "Meta answered {status} without saying what became of it"
        )));
    }
    if status.is_redirection() {
        return Err(Failure::NotSent(format!(
            "{status}: whatsapp.graph_url leads elsewhere, and redirects are not followed"
        )));
    }
    let error = &body["error"];
    let unexplained = if status == StatusCode::TOO_MANY_REQUESTS { 4 } else { 100 };
    let unexplained = if status == StatusCode::UNAUTHORIZED { 190 } else { unexplained };
    let details = error["error_data"]["details"].as_str().or_else(|| error["message"].as_str());
    Err(Failure::Told {
        code: error["code"].as_i64().unwrap_or(unexplained),
        details: details.map_or_else(|| status.to_string(), str::to_owned),
        wait: retry_after(headers),
    })
}

fn retry_after(headers: &HeaderMap) -> TimeDelta {
    let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds = told.and_then(|told| told.trim().parse::<u32>().ok()).unwrap_or(0);
    TimeDelta::seconds(i64::from(seconds)).min(LONGEST_RETRY_AFTER)
}

/// Without a connection nothing was sent; after that nobody knows.
fn by_error(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::NotSent("Meta could not be reached".into())
    } else if error.is_builder() {
        Failure::NotSent(
            "the address of the Graph API cannot be used; check whatsapp.graph_url".into(),
        )
    } else if error.is_timeout() {
        Failure::Unknown("Meta did not answer in time".into())
    } else {
        Failure::Unknown("the connection to Meta broke off".into())
    }
}

/// When a call may be made again.
pub(super) fn again(now: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    now + wait.max(TimeDelta::zero())
}

#[cfg(test)]
mod tests {
    use super::{Failure, Graph, LONGEST_RETRY_AFTER, read};
    use crate::config::WhatsappSettings;
    use http::{HeaderMap, StatusCode, header};
    use serde_json::{Value, json};
    use std::time::Duration;

    fn told(status: u16, body: Value, retry_after: Option<&'static str>) -> Failure {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.parse().expect("a value"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        read(status, &headers, body).expect_err("no success")
    }

    #[test]
    fn an_answer_is_what_its_error_says() {
        let error = json!({ "error": { "code": 131_047, "message": "x", "error_data": { "details": "d" } } });
        let Failure::Told { code, details, .. } = told(400, error, None) else {
            panic!("it was told")
        };
        assert_eq!((code, details.as_str()), (131_047, "d"));
        for (status, code) in [(429, 4), (401, 190), (404, 100)] {
            let Failure::Told { code: found, .. } = told(status, Value::Null, None) else {
                panic!("it was told")
            };
            assert_eq!(found, code, "{status}");
        }
        for status in [200, 500, 502, 503] {
            assert!(matches!(told(status, Value::Null, None), Failure::Unknown(_)), "{status}");
        }
        assert!(matches!(told(302, Value::Null, None), Failure::NotSent(_)));
        let Failure::Told { wait, .. } = told(429, Value::Null, Some("999999")) else {
            panic!("told")
        };
        assert_eq!(wait, LONGEST_RETRY_AFTER);
    }

    #[tokio::test]
    async fn nobody_knows_what_became_of_a_call_that_is_not_answered() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let mut settings = WhatsappSettings::new("1065", "0123456789abcdef", "our words");
        settings.graph_url = format!("http://{}", silent.local_addr().expect("an address"));
        settings.access_token = Some("token".into());
        let graph = Graph::open_within(&settings, Duration::from_millis(100)).expect("a client");
        let ended = graph.post(&json!({})).await.expect_err("no answer");
        assert_eq!(ended, Failure::Unknown("Meta did not answer in time".into()));
    }

    #[tokio::test]
    async fn without_a_token_or_a_server_nothing_is_sent() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut settings = WhatsappSettings::new("1065", "0123456789abcdef", "our words");
        settings.graph_url = "http://127.0.0.1:1".into();
        let post = async |settings: &WhatsappSettings| {
            Graph::open(settings).expect("a client").post(&json!({})).await.expect_err("no server")
        };
        assert!(matches!(post(&settings).await, Failure::Told { code: 190, .. }));
        settings.access_token = Some("token".into());
        assert!(matches!(post(&settings).await, Failure::NotSent(_)));
    }
}
