//! News of templates: what Meta allows, what customers think of them, what they count as.

use super::item::{id, line, text};
use crate::conversation::{TemplateCategory, TemplateNews, TemplateState};
use serde_json::Value;

/// Reads what changed of a template; none where the field is about something else, or names none.
pub(super) fn read(field: &str, entry: &Value, value: &Value) -> Option<TemplateNews> {
    let mut news = TemplateNews {
        account: id(entry, "id"),
        name: id(value, "message_template_name")?,
        lang: id(value, "message_template_language")?,
        ..TemplateNews::default()
    };
    match field {
        "message_template_status_update" => {
            news.state = text(value, "event").map(TemplateState::told);
            let because = value.get("rejection_info").map(|info| line(info, "reason"));
            let reason = because.filter(|it| !it.is_empty()).unwrap_or(line(value, "reason"));
            news.reason = Some(reason).filter(|it| !matches!(&**it, "" | "NONE"));
        }
        "message_template_quality_update" => {
            news.quality = text(value, "new_quality_score").map(str::to_ascii_lowercase);
        }
        "template_category_update" => {
            // An announcement alone names the coming category elsewhere, and changes nothing yet.
            news.category = text(value, "new_category").map(TemplateCategory::told);
        }
        // Its words have changed: the list tells how.
        "message_template_components_update" => {}
        _ => return None,
    }
    Some(news)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::conversation::{TemplateCategory, TemplateNews, TemplateState};
    use serde_json::{Value, json};

    #[test]
    fn news_of_templates_are_understood() {
        let plain = TemplateNews {
            account: Some("77".into()),
            name: "order".into(),
            lang: "de".into(),
            ..TemplateNews::default()
        };
        let status = |state, reason: Option<&str>| TemplateNews {
            state: Some(state),
            reason: reason.map(str::to_owned),
            ..plain.clone()
        };
        let field = "message_template_status_update";
        for (field, more, wanted) in [
            (
                field,
                json!({ "event": "APPROVED", "reason": "NONE" }),
                Some(status(TemplateState::Approved, None)),
            ),
            (
                field,
                json!({ "event": "REJECTED", "reason": "INVALID_FORMAT",
                    "rejection_info": { "reason": "variables\nside by side" } }),
                Some(status(TemplateState::Rejected, Some("variables side by side"))),
            ),
            (field, json!({ "event": "PAUSED" }), Some(status(TemplateState::Paused, None))),
            (field, json!({ "event": "ABDUCTED" }), Some(status(TemplateState::Other, None))),
            (field, json!({ "event": 7 }), Some(plain.clone())),
            (
                "message_template_quality_update",
                json!({ "new_quality_score": "YELLOW" }),
                Some(TemplateNews { quality: Some("yellow".into()), ..plain.clone() }),
            ),
            (
                "template_category_update",
                json!({ "new_category": "MARKETING" }),
                Some(TemplateNews { category: Some(TemplateCategory::Marketing), ..plain.clone() }),
            ),
            ("message_template_components_update", json!({}), Some(plain.clone())),
            ("account_update", json!({}), None),
            (field, json!({ "message_template_name": null }), None),
        ] {
            let mut value =
                json!({ "message_template_name": "order", "message_template_language": "de" });
            let all = value.as_object_mut().expect("an object");
            all.extend(more.as_object().expect("an object").clone());
            assert_eq!(read(field, &json!({ "id": "77" }), &value), wanted, "{field} {more}");
        }
        assert_eq!(read(field, &Value::Null, &Value::Null), None);
    }
}
