//! What Meta says of a number, its account and its token: asked for when a number is set up and looked after.

use super::Graph;
use super::error::Error;
use super::fault::Fault;
use super::serve::broken;
use super::webhook::hex;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::{HashMap, VecDeque};

/// The app whose secret and token the account has.
const APP: &str = "67890";

/// What is so with the number, its account and its token.
#[derive(Debug, Clone)]
pub struct Facts {
    /// How well customers take what the number sends: GREEN, YELLOW, RED or UNKNOWN.
    pub quality: String,
    /// How many customers it may write to first in a day.
    pub tier: String,
    /// When the token ends, in seconds; 0 is never.
    pub token_ends: i64,
    /// When access to data ends, in seconds; 0 is never.
    pub data_ends: i64,
    /// Whether the token is valid.
    pub is_valid: bool,
    /// What the token may do.
    pub scopes: Vec<String>,
    /// The numbers of the account besides this one: id and how it is written.
    pub others: Vec<(String, String)>,
    /// Whether this number is one of the account's.
    pub is_own: bool,
    /// Whether the app is told of what happens in the account.
    pub is_subscribed: bool,
    /// Why nothing may be sent, if so.
    pub blocked: Option<String>,
    /// Fields that this version does not know.
    pub unknown_fields: Vec<String>,
    /// What happens to the next questions, one each; after that all goes well.
    pub faults: VecDeque<Fault>,
    /// How many questions were asked.
    pub asked: usize,
}

impl Default for Facts {
    fn default() -> Self {
        let scopes = ["whatsapp_business_messaging", "whatsapp_business_management"];
        Self {
            quality: "GREEN".into(),
            tier: "TIER_1K".into(),
            token_ends: 0,
            data_ends: 0,
            is_valid: true,
            scopes: scopes.map(str::to_owned).to_vec(),
            others: Vec::new(),
            is_own: true,
            is_subscribed: true,
            blocked: None,
            unknown_fields: Vec::new(),
            faults: VecDeque::new(),
            asked: 0,
        }
    }
}

impl Graph {
    /// Changes what is so; gives what it is then.
    pub fn facts(&self, change: impl FnOnce(&mut Facts)) -> Facts {
        let mut memory = self.0.memory();
        change(&mut memory.facts);
        memory.facts.clone()
    }

    /// What becomes of a question; none where it is answered well.
    async fn fails(&self) -> Option<Response> {
        let fault = {
            let facts = &mut self.0.memory().facts;
            facts.asked += 1;
            facts.faults.pop_front().unwrap_or_default()
        };
        match fault {
            Fault::Error(code) => Some(Error::new(code, "it was asked for by a plan").answer()),
            Fault::Status(status) => {
                let status = StatusCode::from_u16(status);
                Some(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response())
            }
            Fault::TakenThen500 => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Fault::TakenThenLost | Fault::Lost => Some(broken()),
            Fault::Silent { .. } => std::future::pending().await,
            Fault::None | Fault::StatusFirst | Fault::FailsLater(_) => None,
        }
    }

    /// The number, as far as it is asked for.
    pub(super) async fn number(&self, query: &HashMap<String, String>) -> Response {
        if let Some(failed) = self.fails().await {
            return failed;
        }
        if query.get("appsecret_proof").is_some_and(|proof| *proof != self.proof()) {
            return Error::new(100, "Invalid appsecret_proof provided in the API argument")
                .answer();
        }
        let facts = self.facts(|_| {});
        let wanted: Vec<&str> =
            query.get("fields").map_or(Vec::new(), |it| it.split(',').collect());
        let unknown = wanted.iter().find(|it| facts.unknown_fields.iter().any(|no| no == *it));
        if let Some(field) = unknown {
            let words = format!("Tried accessing nonexisting field ({field})");
            return Error::new(100, words).answer();
        }
        let all = self.all(&facts);
        let mut shown = json!({ "id": self.account().number });
        for (name, value) in all.as_object().into_iter().flatten() {
            if wanted.is_empty() || wanted.contains(&name.as_str()) {
                shown[name] = value.clone();
            }
        }
        Json(shown).into_response()
    }

    fn all(&self, facts: &Facts) -> Value {
        let can = if facts.blocked.is_some() { "BLOCKED" } else { "AVAILABLE" };
        let mut entity = json!({ "entity_type": "PHONE_NUMBER", "id": self.account().number,
            "can_send_message": can });
        if let Some(why) = &facts.blocked {
            entity["errors"] = json!([{ "error_code": 141_000, "error_description": why }]);
        }
        json!({
            "display_phone_number": self.account().shown, "verified_name": "A shop",
            "quality_rating": facts.quality, "messaging_limit_tier": facts.tier,
            "throughput": { "level": "STANDARD" }, "name_status": "APPROVED",
            "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
            "status": "CONNECTED",
            "health_status": { "can_send_message": can, "entities": [entity] },
        })
    }

    fn proof(&self) -> String {
        let account = self.account();
        let mac = Hmac::<Sha256>::new_from_slice(account.app_secret.as_bytes());
        let mac = mac.map(|mac| mac.chain_update(account.token.as_bytes()).finalize());
        hex(&mac.map(|mac| mac.into_bytes().to_vec()).unwrap_or_default())
    }

    /// Whether the account may be asked by this token.
    async fn ask(&self, account: &str, headers: &HeaderMap) -> Result<Facts, Response> {
        self.admit(headers).map_err(|error| error.answer())?;
        if let Some(failed) = self.fails().await {
            return Err(failed);
        }
        let facts = self.facts(|_| {});
        if !facts.scopes.iter().any(|it| it == "whatsapp_business_management") {
            return Err(Error::new(200, "the permission is missing").answer());
        }
        if account != self.account().business {
            let words = format!("object {account} does not exist or cannot be loaded");
            return Err(Error::new(100, words).answer());
        }
        Ok(facts)
    }
}

type Object = Path<(String, String)>;

pub(super) async fn numbers(
    State(graph): State<Graph>,
    Path((_, account)): Object,
    headers: HeaderMap,
) -> Response {
    let facts = match graph.ask(&account, &headers).await {
        Ok(facts) => facts,
        Err(failed) => return failed,
    };
    let own = (graph.account().number.clone(), graph.account().shown.clone());
    let all = facts.is_own.then_some(own).into_iter().chain(facts.others);
    let all: Vec<Value> =
        all.map(|(id, shown)| json!({ "id": id, "display_phone_number": shown })).collect();
    Json(json!({ "data": all, "paging": {} })).into_response()
}

pub(super) async fn subscriptions(
    State(graph): State<Graph>,
    Path((_, account)): Object,
    headers: HeaderMap,
) -> Response {
    let facts = match graph.ask(&account, &headers).await {
        Ok(facts) => facts,
        Err(failed) => return failed,
    };
    let app = json!({ "whatsapp_business_api_data": { "id": APP, "name": "A shop's app" } });
    let apps = if facts.is_subscribed { vec![app] } else { Vec::new() };
    Json(json!({ "data": apps })).into_response()
}

pub(super) async fn subscribe(
    State(graph): State<Graph>,
    Path((_, account)): Object,
    headers: HeaderMap,
) -> Response {
    if let Err(failed) = graph.ask(&account, &headers).await {
        return failed;
    }
    graph.facts(|facts| facts.is_subscribed = true);
    Json(json!({ "success": true })).into_response()
}

pub(super) async fn debug_token(
    State(graph): State<Graph>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = graph.admit(&headers) {
        return error.answer();
    }
    if let Some(failed) = graph.fails().await {
        return failed;
    }
    let is_own = query.get("input_token") == Some(&graph.account().token);
    let facts = graph.facts(|_| {});
    let mut data = json!({
        "app_id": APP, "type": "SYSTEM_USER", "is_valid": is_own && facts.is_valid,
        "expires_at": facts.token_ends, "data_access_expires_at": facts.data_ends,
        "scopes": facts.scopes,
    });
    if !(is_own && facts.is_valid) {
        data["error"] = json!({ "code": 190, "message": "Session has expired" });
    }
    Json(json!({ "data": data })).into_response()
}
