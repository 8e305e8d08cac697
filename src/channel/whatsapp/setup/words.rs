//! What was found of a number, and what is wrong with it and what to do, in words.

use super::super::error::explain;
use super::super::graph::Failure;
use super::look::{Token, line, restriction};
use crate::config::WhatsappSettings;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// What the token must be allowed to do.
const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];
/// A token of Meta's console ends within a day.
const TEMPORARY: TimeDelta = TimeDelta::hours(25);

/// The number as it is, or what keeps it from sending.
pub(super) fn number(number: &Value) -> Result<String, String> {
    if let Some(restriction) = restriction(number) {
        return Err(format!("the number is there and may not send: {restriction}"));
    }
    let told = |name: &str| line(&number[name]);
    if told("code_verification_status").as_deref() == Some("NOT_VERIFIED") {
        return Err("the number is not verified yet; verify it in WhatsApp Manager by the code that Meta sends".into());
    }
    let parts = [
        told("display_phone_number"),
        told("verified_name"),
        told("quality_rating").map(|it| format!("quality {it}")),
        told("messaging_limit_tier"),
        line(&number["throughput"]["level"]).map(|it| format!("throughput {it}")),
        told("name_status").filter(|it| it != "APPROVED").map(|it| format!("its name is {it}")),
    ];
    Ok(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Why the number could not be read.
pub(super) fn of_number(settings: &WhatsappSettings, failure: &Failure) -> String {
    match failure {
        Failure::Told { code: 100, details, .. } => {
            let id = &settings.phone_number_id;
            let own = format!(
                "there is no number with the id {id} that this token may see; take the phone number id (not the \
                 number, nor the account's id) from WhatsApp, API Setup, and let the token's system user have the \
                 account as an asset"
            );
            if details.to_lowercase().contains("version") {
                explain(100, details).words
            } else {
                own
            }
        }
        other => unasked(other),
    }
}

/// Why the account could not be asked.
pub(super) fn of_account(account: &str, failure: &Failure) -> String {
    match failure {
        Failure::Told { code: 100, .. } => format!(
            "there is no business account with the id {account} that this token may see; take the WhatsApp Business \
             Account ID from WhatsApp, API Setup"
        ),
        Failure::Told { code: 10 | 200..=299, .. } => {
            "the token lacks the permission whatsapp_business_management; make one that has it"
                .into()
        }
        other => unasked(other),
    }
}

/// Why nothing could be asked.
pub(super) fn unasked(failure: &Failure) -> String {
    match failure {
        Failure::NotSent(words) => format!("{words}; check the network, a proxy, and graph_url"),
        Failure::Unknown(words) => format!("{words}; try again"),
        Failure::Told { code, details, .. } => explain(*code, details).words,
    }
}

/// What the token may do and until when, or what it lacks.
pub(super) fn token(token: &Token, now: DateTime<Utc>) -> Result<String, String> {
    let advice = "make one that does not end: Business settings, System users, Generate token";
    if !token.is_valid {
        let why = token.error.as_deref().unwrap_or("it has ended or was withdrawn");
        return Err(format!("the access token is not valid: {why}; {advice}"));
    }
    let lacks: Vec<&str> =
        SCOPES.into_iter().filter(|scope| !token.scopes.iter().any(|it| it == scope)).collect();
    if !lacks.is_empty() {
        return Err(format!(
            "the token lacks the permission {}; make one that has it",
            lacks.join(" and ")
        ));
    }
    match token.ends {
        Some(ends) if ends <= now => Err(format!("the access token has ended; {advice}")),
        Some(ends) if ends <= now + TEMPORARY => Err(format!(
            "this is a temporary token that ends at {} UTC, after which nothing would be sent; {advice}",
            ends.format("%Y-%m-%d %H:%M")
        )),
        Some(ends) => Ok(format!("it may do what is needed, until {}", ends.format("%Y-%m-%d"))),
        None => Ok("it may do what is needed, and does not end".into()),
    }
}

/// A number of a list: its id and how people write it.
pub(super) fn named(number: &Value) -> Option<String> {
    let shown = line(&number["display_phone_number"]).unwrap_or_default();
    Some(format!("{} ({shown})", line(&number["id"])?))
}
