//! News of the number itself and of its account (Meta, "Webhooks", Fields).

use super::item::{line, list, text};
use crate::conversation::{NumberNews, Quality, Restriction};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Reads what a field tells of the number; none where it tells nothing that counts here.
pub(super) fn read(field: &str, value: &Value, at: DateTime<Utc>) -> Option<NumberNews> {
    let about = text(value, "display_phone_number").or_else(|| text(value, "phone_number"));
    let empty = NumberNews { about: about.map(str::to_owned), at, ..NumberNews::default() };
    let news = match field {
        "phone_number_quality_update" => quality(value, empty),
        "phone_number_name_update" => {
            let is_approved = text(value, "decision") == Some("APPROVED");
            let name = is_approved.then(|| line(value, "requested_verified_name"));
            NumberNews { name: name.filter(|name| !name.is_empty()), ..empty }
        }
        "business_capability_update" => {
            let names =
                ["max_daily_conversations_per_business", "max_daily_conversation_per_phone"];
            let tier = names.iter().map(|name| line(value, name)).find(|tier| !tier.is_empty());
            NumberNews { tier, ..empty }
        }
        "account_update" => NumberNews { restriction: account(value), ..empty },
        "account_alerts" => NumberNews { restriction: alert(value), ..empty },
        _ => return None,
    };
    let says_nothing =
        NumberNews { about: news.about.clone(), at, ..NumberNews::default() } == news;
    (!says_nothing).then_some(news)
}

/// A number that is flagged is of low quality; one that is not any more is at least of medium quality.
fn quality(value: &Value, empty: NumberNews) -> NumberNews {
    let quality = match text(value, "event") {
        Some("FLAGGED") => Some(Quality::Red),
        Some("UNFLAGGED") => Some(Quality::Yellow),
        _ => None,
    };
    let is_faster = text(value, "event") == Some("THROUGHPUT_UPGRADE");
    let tier = Some(line(value, "current_limit")).filter(|tier| !tier.is_empty());
    NumberNews { quality, tier, throughput: is_faster.then(|| "HIGH".to_owned()), ..empty }
}

/// Whether something keeps the account from sending.
fn account(value: &Value) -> Option<Restriction> {
    let told = match text(value, "event")? {
        "ACCOUNT_RESTRICTION" => {
            let kinds: Vec<String> = list(value, "restriction_info")
                .iter()
                .map(|one| line(one, "restriction_type"))
                .filter(|kind| !kind.is_empty())
                .collect();
            format!("Meta has restricted the account: {}", kinds.join(", "))
        }
        "ACCOUNT_VIOLATION" => {
            let kind = value.get("violation_info").map(|info| line(info, "violation_type"));
            format!("the account has broken a rule of WhatsApp: {}", kind.unwrap_or_default())
        }
        "ACCOUNT_DELETED" => "the WhatsApp account was deleted".into(),
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" => {
            "the app was taken away from the WhatsApp account".into()
        }
        "DISABLED_UPDATE" => {
            let info = value.get("ban_info")?;
            match text(info, "waba_ban_state")? {
                "REINSTATE" => return Some(Restriction::Over),
                "SCHEDULE_FOR_DISABLE" => {
                    format!("Meta will close the account on {}", line(info, "waba_ban_date"))
                }
                _ => "Meta has closed the account".into(),
            }
        }
        "ACCOUNT_RECONNECTED" => return Some(Restriction::Over),
        _ => return None,
    };
    let told = told.trim_end_matches([':', ' ']);
    Some(Restriction::Holds(format!("{told}; see Meta's Business Support")))
}

/// An alert of the gravest kind, while it stands.
fn alert(value: &Value) -> Option<Restriction> {
    let inner = value.get("alert_info").unwrap_or(value);
    if text(inner, "alert_severity") != Some("CRITICAL") {
        return None;
    }
    if text(inner, "alert_status").is_some_and(|status| status != "ACTIVE") {
        return Some(Restriction::Over);
    }
    let words = line(inner, "alert_description");
    let words = if words.is_empty() { line(inner, "alert_type") } else { words };
    (!words.is_empty()).then_some(Restriction::Holds(words))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::conversation::{NumberNews, Quality, Restriction};
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    fn told(field: &str, value: &Value) -> Option<NumberNews> {
        read(field, value, DateTime::<Utc>::UNIX_EPOCH)
    }

    #[test]
    fn quality_name_and_limits_are_read() {
        let flagged = json!({ "display_phone_number": "15550783881", "event": "FLAGGED", "current_limit": "TIER_10K" });
        let news = told("phone_number_quality_update", &flagged).expect("news");
        assert_eq!((news.quality, news.tier.as_deref()), (Some(Quality::Red), Some("TIER_10K")));
        assert_eq!(news.about.as_deref(), Some("15550783881"));
        let named =
            |decision: &str| json!({ "decision": decision, "requested_verified_name": "Oak" });
        assert_eq!(told("phone_number_name_update", &named("REJECTED")), None);
        let news = told("phone_number_name_update", &named("APPROVED")).expect("news");
        assert_eq!(news.name.as_deref(), Some("Oak"));
        let able = json!({ "max_daily_conversation_per_phone": 100_000 });
        let news = told("business_capability_update", &able).expect("news");
        assert_eq!(news.tier.as_deref(), Some("100000"));
    }

    #[test]
    fn restrictions_begin_and_end() {
        let of = |value: &Value| told("account_update", value).and_then(|news| news.restriction);
        let holds = |value: &Value, part: &str| match of(value) {
            Some(Restriction::Holds(words)) => assert!(words.contains(part), "{words}"),
            other => panic!("{value}: {other:?}"),
        };
        let restricted = json!({ "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING" }] });
        holds(&restricted, "RESTRICTED_BIZ_INITIATED_MESSAGING");
        let broken = json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "ADULT" } });
        holds(&broken, "ADULT");
        let ban = |state: &str| json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state } });
        holds(&ban("DISABLE"), "closed");
        assert_eq!(of(&ban("REINSTATE")), Some(Restriction::Over));
        for other in [json!({ "event": "AD_ACCOUNT_LINKED" }), json!({}), json!({ "event": 7 })] {
            assert_eq!(of(&other), None, "{other}");
        }
        let alert = |severity: &str, status: &str| {
            let alert =
                json!({ "alert_severity": severity, "alert_status": status, "alert_type": "OBA" });
            told("account_alerts", &alert).and_then(|news| news.restriction)
        };
        assert_eq!(alert("CRITICAL", "ACTIVE"), Some(Restriction::Holds("OBA".into())));
        assert_eq!(alert("CRITICAL", "NONE"), Some(Restriction::Over));
        assert_eq!(alert("INFORMATIONAL", "ACTIVE"), None);
    }
}
