//! Setting a WhatsApp number up: whether its ids, its token and its app's secret belong together and may do what
//! is needed, and what to paste into Meta's console.

mod call_back;
mod look;
mod words;
mod written;

pub use call_back::{Called, call_back};
pub use look::look;
pub use written::{console, section};

use super::graph::{Failure, Graph};
use crate::config::WhatsappSettings;
use crate::word::words;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use look::{Token, read_number, read_token};
use serde_json::{Value, json};
use sha2::Sha256;

words! {
    /// What is tried of a number.
    NumberCheck {
        /// The number is there.
        Number = "number",
        /// The app's secret is that of the token's app.
        Secret = "secret",
        /// The token lasts and may do what is needed.
        Token = "token",
        /// The number belongs to the business account.
        Account = "account",
        /// Meta tells the app of what happens in the account.
        Subscription = "subscription",
    }
}

/// How one of the trials ended: in words what was found, or what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberTried {
    /// What was tried.
    pub check: NumberCheck,
    /// How it ended.
    pub end: Result<String, String>,
}

/// Tries a number; with `subscribe` the app is subscribed to the account where it is not. What cannot be asked
/// after the first answer is not asked.
pub async fn try_number(
    settings: &WhatsappSettings,
    subscribe: bool,
    now: DateTime<Utc>,
) -> Vec<NumberTried> {
    let tried = |check, end| NumberTried { check, end };
    let graph = match Graph::open(settings) {
        Ok(graph) => graph,
        Err(error) => return vec![tried(NumberCheck::Number, Err(format!("{error:#}")))],
    };
    let number = match read_number(&graph).await {
        Ok(number) => number,
        Err(failure) => {
            return vec![tried(NumberCheck::Number, Err(words::of_number(settings, &failure)))];
        }
    };
    let mut all = vec![tried(NumberCheck::Number, words::number(&number))];
    all.push(tried(NumberCheck::Secret, secret(&graph, settings).await));
    let token = read_token(&graph).await;
    all.push(tried(
        NumberCheck::Token,
        match &token {
            Ok(token) => words::token(token, now),
            Err(failure) => Err(words::unasked(failure)),
        },
    ));
    if let Some(account) = settings.business_account_id.as_deref() {
        all.push(tried(NumberCheck::Account, belongs(&graph, settings, account).await));
        let app = token.ok().and_then(|token: Token| token.app);
        let end = subscribed(&graph, account, app.as_deref(), subscribe).await;
        all.push(tried(NumberCheck::Subscription, end));
    }
    all
}

/// Asks with a proof that only the app's secret can make (Meta, "Securing Graph API Requests").
async fn secret(graph: &Graph, settings: &WhatsappSettings) -> Result<String, String> {
    let token = settings.token().ok().flatten();
    let secret = settings.app_secrets.first();
    let Some((token, secret)) = token.as_ref().zip(secret) else {
        return Err("there is no app secret to try".into());
    };
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    let mac = mac.map_err(|_| "the app secret cannot be used".to_owned())?;
    let proof = mac.chain_update(token.expose().as_bytes()).finalize().into_bytes();
    let proof = crate::token::hex(&proof);
    let query = [("fields", "id"), ("appsecret_proof", proof.as_str())];
    match graph.get(&settings.phone_number_id, &query).await {
        Ok(_) => Ok("it belongs to the token's app".into()),
        Err(Failure::Told { code: 100, .. }) => Err(
            "this is not the secret of the app that the token was made for: nothing that Meta posts could be \
             proven; copy it from App settings, Basic, of that app"
                .into(),
        ),
        Err(failure) => Err(words::unasked(&failure)),
    }
}

/// Whether the number is one of the account's.
async fn belongs(
    graph: &Graph,
    settings: &WhatsappSettings,
    account: &str,
) -> Result<String, String> {
    let path = format!("{account}/phone_numbers");
    let query = [("fields", "id,display_phone_number"), ("limit", "100")];
    let answer = graph.get(&path, &query).await;
    let answer = answer.map_err(|failure| words::of_account(account, &failure))?;
    let numbers = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
    let is_own = |number: &Value| number["id"].as_str() == Some(&settings.phone_number_id);
    if numbers.iter().any(is_own) {
        return Ok("the number is one of the account's".into());
    }
    let others: Vec<String> = numbers.iter().take(5).filter_map(words::named).collect();
    let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
    Err(format!(
        "the number {} is not one of the account {account}; that one has: {others}. Take the id of the account that \
         holds the number, or one of these numbers",
        settings.phone_number_id
    ))
}

/// Whether Meta tells the app of the account; subscribes it where it shall.
async fn subscribed(
    graph: &Graph,
    account: &str,
    app: Option<&str>,
    subscribe: bool,
) -> Result<String, String> {
    let path = format!("{account}/subscribed_apps");
    let told = |failure: Failure| words::of_account(account, &failure);
    let answer = graph.get(&path, &[]).await.map_err(told)?;
    let apps = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
    let is_ours = |it: &Value| {
        let id = it["whatsapp_business_api_data"]["id"].as_str();
        app.is_none_or(|app| id == Some(app))
    };
    if apps.iter().any(is_ours) {
        return Ok("the app is subscribed to the account".into());
    }
    if !subscribe {
        return Err(
            "the app is not subscribed to the account, so that Meta tells nothing of it; have it subscribed here \
             (--subscribe, or the box on the page)"
                .into(),
        );
    }
    graph.post_to(&path, &json!({})).await.map_err(told)?;
    Ok("the app was subscribed to the account".into())
}
