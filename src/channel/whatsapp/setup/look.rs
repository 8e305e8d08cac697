//! Looking at a number: what Meta says of it and of the token that opens it.

use super::super::graph::{Failure, Graph};
use super::words;
use crate::channel::text::clean_line;
use crate::config::WhatsappSettings;
use crate::conversation::{NumberHealth, Quality};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What is asked of a number (Meta, "Business phone numbers" and "Messaging Health Status").
const ALL: &str = "id,display_phone_number,verified_name,quality_rating,messaging_limit_tier,throughput,name_status,\
                   code_verification_status,platform_type,status,health_status";
/// What every version knows; asked where a version does not know the rest.
const LEAST: &str = "id,display_phone_number,verified_name,quality_rating";
/// Characters that a line of Meta's keeps.
const LONGEST: usize = 200;

/// What Meta says of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) app: Option<String>,
    pub(super) is_valid: bool,
    pub(super) ends: Option<DateTime<Utc>>,
    pub(super) data_ends: Option<DateTime<Utc>>,
    pub(super) scopes: Vec<String>,
    /// Why it is not valid.
    pub(super) error: Option<String>,
}

/// Looks at a number and its token; `Err` says in words why that cannot be.
pub async fn look(settings: &WhatsappSettings, now: DateTime<Utc>) -> Result<NumberHealth, String> {
    let graph = Graph::open(settings).map_err(|error| format!("{error:#}"))?;
    // A variable or file that is not there is said to be that, not taken for a token that Meta refused.
    settings.token().map_err(|error| format!("{error:#}"))?;
    let number = read_number(&graph).await;
    let number = number.map_err(|failure| words::of_number(settings, &failure))?;
    let token = read_token(&graph).await;
    let (ends, data_ends, problem) = match token {
        Ok(token) if token.is_valid => (token.ends, token.data_ends, None),
        Ok(token) => (token.ends, token.data_ends, words::token(&token, now).err()),
        // A token that may not be looked at still opens the number.
        Err(Failure::Told { code: 100 | 10 | 200..=299, .. }) => (None, None, None),
        Err(failure) => (None, None, Some(words::unasked(&failure))),
    };
    Ok(NumberHealth {
        shown: line(&number["display_phone_number"]),
        name: line(&number["verified_name"]),
        quality: line(&number["quality_rating"]).and_then(|word| word.parse::<Quality>().ok()),
        tier: line(&number["messaging_limit_tier"]),
        throughput: line(&number["throughput"]["level"]),
        token_ends: ends,
        data_ends,
        restriction: restriction(&number),
        problem,
        looked_at: Some(now),
        ..NumberHealth::default()
    })
}

/// Asks for the number.
pub(super) async fn read_number(graph: &Graph) -> Result<Value, Failure> {
    match graph.get(graph.number(), &[("fields", ALL)]).await {
        Err(Failure::Told { code: 100, details, .. }) if details.contains("nonexisting field") => {
            graph.get(graph.number(), &[("fields", LEAST)]).await
        }
        other => other,
    }
}

/// Asks what the token may do and until when (Meta, "Debug Token").
pub(super) async fn read_token(graph: &Graph) -> Result<Token, Failure> {
    let token = graph.token()?;
    let answer = graph.get("debug_token", &[("input_token", token.expose())]).await?;
    let data = &answer["data"];
    // 0 stands for one that never ends.
    let at = |name: &str| {
        let seconds = data[name].as_i64().filter(|seconds| *seconds > 0)?;
        DateTime::from_timestamp(seconds, 0)
    };
    let scopes = data["scopes"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(Token {
        app: line(&data["app_id"]),
        is_valid: data["is_valid"].as_bool().unwrap_or(true),
        ends: at("expires_at"),
        data_ends: at("data_access_expires_at"),
        scopes: scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        error: line(&data["error"]["message"]),
    })
}

/// What keeps the number from sending, as its health tells.
pub(super) fn restriction(number: &Value) -> Option<String> {
    let health = &number["health_status"];
    let is_blocked = health["can_send_message"] == "BLOCKED";
    let status = line(&number["status"]).filter(|status| {
        matches!(status.as_str(), "BANNED" | "RESTRICTED" | "DISCONNECTED" | "DELETED")
    });
    if !is_blocked && status.is_none() {
        return None;
    }
    let entities = health["entities"].as_array().map_or(&[][..], Vec::as_slice);
    let errors = entities.iter().filter_map(|entity| entity["errors"].as_array()).flatten();
    let mut told: Vec<String> = errors
        .flat_map(|error| [line(&error["error_description"]), line(&error["possible_solution"])])
        .flatten()
        .take(4)
        .collect();
    if told.is_empty() {
        let status = status.unwrap_or_else(|| "BLOCKED".into());
        told.push(format!("Meta calls its state {status}; see WhatsApp Manager"));
    }
    Some(told.join(" "))
}

/// A text of Meta's on one line, or a number as text.
pub(super) fn line(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => clean_line(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let text: String = text.trim().chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}
