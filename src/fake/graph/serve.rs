//! The routes of the fake, as Meta's Cloud API has them.

use super::error::Error;
use super::fault::Fault;
use super::webhook::hex;
use super::{Graph, Media, check, facts};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::stream;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::time::Duration;

/// The largest file, with what stands around it.
const MAX_BODY: usize = 101 * 1024 * 1024;
/// How long a customer takes to read, where statuses are told by themselves.
const READ_AFTER: Duration = Duration::from_millis(800);

pub(super) fn router(graph: Graph) -> Router {
    Router::new()
        .route("/{version}/{object}/messages", post(messages))
        .route("/{version}/{object}/media", post(upload))
        .route("/{version}/{object}/message_templates", get(super::template::list))
        .route("/{version}/{object}/block_users", post(block))
        .route("/{version}/{object}/phone_numbers", get(facts::numbers))
        .route(
            "/{version}/{object}/subscribed_apps",
            get(facts::subscriptions).post(facts::subscribe),
        )
        .route("/{version}/debug_token", get(facts::debug_token))
        .route("/{version}/{object}", get(object))
        .route("/file/{id}", get(download))
        .merge(super::phone::router())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(graph)
}

impl Graph {
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<(), Error> {
        let given = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
        let is_ours =
            given.and_then(|it| it.strip_prefix("Bearer ")) == Some(&self.account().token);
        if is_ours { Ok(()) } else { Err(Error::new(190, "the access token is not valid")) }
    }

    fn fresh_name(&self, before: &str) -> String {
        let mut memory = self.0.memory();
        memory.named += 1;
        format!("{before}{:08}", memory.named)
    }
}

/// Only what the token may see is there.
pub(super) fn own(object: &str, wanted: &str) -> Result<(), Error> {
    let details = format!("object {object} does not exist or cannot be loaded");
    if object == wanted { Ok(()) } else { Err(Error::new(100, details)) }
}

pub(super) type Object = Path<(String, String)>;

async fn messages(
    State(graph): State<Graph>,
    Path((_, number)): Object,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let admitted = graph.admit(&headers).and_then(|()| own(&number, &graph.account().number));
    let request = admitted.and_then(|()| {
        serde_json::from_slice::<Value>(&body).map_err(|_| Error::new(100, "the body is not JSON"))
    });
    match request {
        Ok(request) if request["status"] == "read" => graph.mark(request),
        Ok(request) => graph.take(request).await,
        Err(error) => error.answer(),
    }
}

impl Graph {
    fn mark(&self, request: Value) -> Response {
        if !request["message_id"].is_string() {
            return Error::new(131_008, "message_id is missing").answer();
        }
        self.0.memory().marks.push(request);
        self.0.marked.notify_waiters();
        Json(json!({ "success": true })).into_response()
    }

    async fn take(&self, request: Value) -> Response {
        let fault = {
            let mut memory = self.0.memory();
            memory.asked.push(request.clone());
            let checked = check::check(&request, |id| memory.media.contains_key(id));
            let checked = checked.and_then(|()| match &request["template"] {
                Value::Null => Ok(()),
                sent => super::template::check(sent, &memory.templates),
            });
            if let Err(error) = checked {
                return error.answer();
            }
            let next = memory.faults.pop_front();
            next.or_else(|| memory.plan.as_mut().map(|plan| plan(&request))).unwrap_or_default()
        };
        let mut answer = Value::Null;
        if fault.is_taken() {
            let name = self.fresh_name("wamid.OUT");
            answer = accepted(&request, &name);
            self.0.memory().got.push((name.clone(), request.clone()));
            self.note_statuses(&request, &name, fault);
            let mut seen = request.clone();
            if request["type"] == "template" {
                let templates = self.0.memory().templates.clone();
                seen["shown"] = super::template::shown(&request["template"], &templates);
            }
            self.note(&name, false, seen);
            if self.0.memory().tells {
                let graph = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(READ_AFTER).await;
                    drop(graph.tell_statuses(super::Order::AsTheyCame).await);
                });
            }
        }
        match fault {
            Fault::None | Fault::FailsLater(_) => Json(answer).into_response(),
            Fault::StatusFirst => {
                drop(self.tell_statuses(super::Order::AsTheyCame).await);
                Json(answer).into_response()
            }
            Fault::Error(code) => Error::new(code, "it was asked for by a plan").answer(),
            Fault::Status(status) => StatusCode::from_u16(status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response(),
            Fault::TakenThen500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Fault::TakenThenLost | Fault::Lost => broken(),
            Fault::Silent { .. } => std::future::pending().await,
        }
    }
}

/// An answer whose connection breaks off.
pub(super) fn broken() -> Response {
    let chunks = [Ok("{\"messages\":"), Err(std::io::Error::other("the line was cut"))];
    Body::from_stream(stream::iter(chunks)).into_response()
}

fn accepted(request: &Value, name: &str) -> Value {
    let mut contact = json!({});
    if let Some(to) = request["to"].as_str() {
        contact = json!({ "input": to, "wa_id": to.trim_start_matches('+') });
    } else if let Some(user) = request["recipient"].as_str() {
        contact = json!({ "input": user, "user_id": user });
    }
    let mut message = json!({ "id": name });
    if request["type"] == "template" {
        message["message_status"] = json!("accepted");
    }
    json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] })
}

async fn upload(
    State(graph): State<Graph>,
    Path((_, number)): Object,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response {
    if let Err(error) = graph.admit(&headers).and_then(|()| own(&number, &graph.account().number)) {
        return error.answer();
    }
    let (mut file, mut product, mut media_type) = (None, String::new(), String::new());
    while let Ok(Some(field)) = form.next_field().await {
        let declared = field.content_type().unwrap_or_default().to_owned();
        match field.name().unwrap_or_default() {
            "file" => file = field.bytes().await.ok().map(|bytes| (declared, bytes)),
            "messaging_product" => product = field.text().await.unwrap_or_default(),
            "type" => media_type = field.text().await.unwrap_or_default(),
            _ => {}
        }
    }
    let Some((declared, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty()) else {
        return Error::new(100, "file is missing").answer();
    };
    if product != "whatsapp" {
        return Error::new(100, "messaging_product must be whatsapp").answer();
    }
    let media_type = if media_type.is_empty() { declared } else { media_type };
    let id = graph.keep(&media_type, bytes);
    Json(json!({ "id": id })).into_response()
}

impl Graph {
    /// Keeps a file; gives its id.
    pub(super) fn keep(&self, media_type: &str, bytes: Bytes) -> String {
        let id = self.fresh_name("9");
        let media = Media { media_type: media_type.to_owned(), bytes };
        self.0.memory().media.insert(id.clone(), media);
        id
    }
}

async fn object(
    State(graph): State<Graph>,
    Path((_, id)): Object,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = graph.admit(&headers) {
        return error.answer();
    }
    if id == graph.account().number {
        return graph.number(&query).await;
    }
    let Some((media_type, bytes)) = graph.file(&id) else {
        return Error::new(100, format!("object {id} does not exist")).answer();
    };
    let told = json!({
        "messaging_product": "whatsapp", "id": id, "mime_type": media_type,
        "url": format!("{}/file/{id}", graph.url()), "file_size": bytes.len(), "sha256": sha256(&bytes),
    });
    Json(told).into_response()
}

/// A hash as Meta writes it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

async fn download(
    State(graph): State<Graph>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if graph.admit(&headers).is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match graph.file(&id) {
        Some((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn block(
    State(graph): State<Graph>,
    Path((_, number)): Object,
    headers: HeaderMap,
    Json(request): Json<Value>,
) -> Response {
    let admitted = graph.admit(&headers).and_then(|()| own(&number, &graph.account().number));
    if let Err(error) = admitted {
        return error.answer();
    }
    let users = request["block_users"].as_array().cloned().unwrap_or_default();
    let added = users.iter().map(|it| json!({ "input": it["user"], "wa_id": it["user"] }));
    let added: Vec<Value> = added.collect();
    Json(json!({ "messaging_product": "whatsapp", "block_users": { "added_users": added } }))
        .into_response()
}
