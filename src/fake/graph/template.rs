//! Templates of the fake account: a few to begin with, listed page by page, and checked as Meta does.

use super::Graph;
use super::error::Error;
use super::fault::Fault;
use super::serve::{Object, own};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Templates on one page, whatever is asked for: few, so that whoever reads them meets several pages.
const PAGE: usize = 3;

const COUNT: i64 = 132_000;
const UNKNOWN: i64 = 132_001;
const FORMAT: i64 = 132_012;
const PAUSED: i64 = 132_015;
const DISABLED: i64 = 132_016;
const VALUE: i64 = 132_018;

/// Which page is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: String,
}

impl Graph {
    /// What happens to the next requests for the list, one each.
    pub fn next_lists(&self, faults: impl IntoIterator<Item = Fault>) {
        self.0.memory().list_faults.extend(faults);
    }

    /// Has a template in another state from now on, and tells of it; gives the receiver's answer.
    pub async fn move_template(&self, name: &str, lang: &str, status: &str) -> anyhow::Result<u16> {
        self.set_template(name, lang, status);
        let value = json!({ "event": status, "message_template_id": 7, "message_template_name": name,
            "message_template_language": lang, "reason": "NONE" });
        self.post(vec![json!({ "field": "message_template_status_update", "value": value })]).await
    }

    /// The same without a word.
    pub fn set_template(&self, name: &str, lang: &str, status: &str) {
        for it in &mut self.0.memory().templates {
            if it["name"] == name && it["language"] == lang {
                it["status"] = json!(status);
            }
        }
    }
}

/// A page of the list.
pub(super) async fn list(
    State(graph): State<Graph>,
    Path((_, account)): Object,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let admitted = graph.admit(&headers).and_then(|()| own(&account, &graph.account().business));
    if let Err(error) = admitted {
        return error.answer();
    }
    let fault = graph.0.memory().list_faults.pop_front().unwrap_or_default();
    match fault {
        Fault::Error(code) => return Error::new(code, "it was asked for by a plan").answer(),
        Fault::Status(status) => {
            return StatusCode::from_u16(status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response();
        }
        Fault::Lost => return super::serve::broken(),
        Fault::None
        | Fault::TakenThen500
        | Fault::TakenThenLost
        | Fault::Silent { .. }
        | Fault::StatusFirst
        | Fault::FailsLater(_) => {}
    }
    let templates = graph.0.memory().templates.clone();
    let start = asked.after.parse::<usize>().unwrap_or(0).min(templates.len());
    let end = (start + PAGE).min(templates.len());
    let mut paging =
        json!({ "cursors": { "before": start.to_string(), "after": end.to_string() } });
    if end < templates.len() {
        let next = format!("{}/v25.0/{account}/message_templates?after={end}", graph.url());
        paging["next"] = json!(next);
    }
    Json(json!({ "data": templates[start..end], "paging": paging })).into_response()
}

/// Says what Meta would not take of a template that is sent.
pub(super) fn check(sent: &Value, templates: &[Value]) -> Result<(), Error> {
    let is_it =
        |it: &&Value| it["name"] == sent["name"] && it["language"] == sent["language"]["code"];
    let unknown = || Error::new(UNKNOWN, "the template does not exist in this language");
    let template = templates.iter().find(is_it).ok_or_else(unknown)?;
    match template["status"].as_str() {
        Some("APPROVED") => {}
        Some("PAUSED") => return Err(Error::new(PAUSED, "the template is paused")),
        Some("DISABLED") => return Err(Error::new(DISABLED, "the template is disabled")),
        _ => return Err(unknown()),
    }
    let of = |kind: &str| list_of(sent, "components").iter().find(|it| is_kind(it, kind));
    for part in list_of(template, "components") {
        match part["type"].as_str() {
            Some("HEADER") => header(part, of("header"))?,
            Some("BODY") => texts(template, part, of("body"))?,
            Some("BUTTONS") => buttons(part, list_of(sent, "components"))?,
            _ => {}
        }
    }
    Ok(())
}

fn list_of<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn parameters(component: Option<&Value>) -> &[Value] {
    component.map_or(&[], |it| list_of(it, "parameters"))
}

fn header(part: &Value, sent: Option<&Value>) -> Result<(), Error> {
    let format = part["format"].as_str().unwrap_or_default().to_ascii_lowercase();
    if format == "text" {
        return texts(&Value::Null, part, sent);
    }
    let [parameter] = parameters(sent) else {
        return Err(Error::new(FORMAT, "header: a parameter is expected"));
    };
    let is_right = parameter["type"] == *format && parameter[&*format]["link"].is_string();
    if is_right { Ok(()) } else { Err(Error::new(FORMAT, format!("header: {format} is expected"))) }
}

/// The names of the variables of a text, each once.
fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for piece in text.split("{{").skip(1) {
        if let Some((name, _)) = piece.split_once("}}")
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn texts(template: &Value, part: &Value, sent: Option<&Value>) -> Result<(), Error> {
    let wanted = names(part["text"].as_str().unwrap_or_default());
    let given = parameters(sent);
    if wanted.len() != given.len() {
        let details = format!("{} parameters are expected, {} came", wanted.len(), given.len());
        return Err(Error::new(COUNT, details));
    }
    for (name, parameter) in wanted.iter().zip(given) {
        let is_named = template["parameter_format"] == "NAMED";
        let text = parameter["text"].as_str().unwrap_or_default();
        if parameter["type"] != "text" || text.is_empty() {
            return Err(Error::new(FORMAT, "a text is expected"));
        }
        if is_named && parameter["parameter_name"] != **name {
            return Err(Error::new(FORMAT, format!("parameter_name {name} is expected")));
        }
        if text.contains(['\n', '\t']) || text.contains("    ") {
            return Err(Error::new(VALUE, "a parameter has a new line, a tab or four spaces"));
        }
    }
    Ok(())
}

fn buttons(part: &Value, sent: &[Value]) -> Result<(), Error> {
    for (at, button) in list_of(part, "buttons").iter().enumerate() {
        let wanted = match button["type"].as_str() {
            Some("URL") if !names(button["url"].as_str().unwrap_or_default()).is_empty() => "url",
            Some("COPY_CODE") => "copy_code",
            _ => continue,
        };
        let is_it = |it: &&Value| is_kind(it, "button") && it["index"] == *at.to_string();
        let is_right = sent
            .iter()
            .find(is_it)
            .is_some_and(|it| it["sub_type"] == wanted && parameters(Some(it)).len() == 1);
        if !is_right {
            return Err(Error::new(COUNT, format!("button {at}: one parameter is expected")));
        }
    }
    Ok(())
}

/// Whether a component is of a kind: clients write `body` and `BODY`, and Meta takes both.
fn is_kind(component: &Value, kind: &str) -> bool {
    component["type"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(kind))
}

/// A template as a phone shows it: `header`, `body`, `footer`, and the words of its buttons.
pub(super) fn shown(sent: &Value, templates: &[Value]) -> Value {
    let is_it =
        |it: &&Value| it["name"] == sent["name"] && it["language"] == sent["language"]["code"];
    let Some(template) = templates.iter().find(is_it) else { return Value::Null };
    let mut shown = json!({ "buttons": [] });
    for part in list_of(template, "components") {
        let kind = part["type"].as_str().unwrap_or_default().to_ascii_lowercase();
        let is_of = |it: &&Value| is_kind(it, &kind);
        let given = parameters(list_of(sent, "components").iter().find(is_of));
        let mut text = part["text"].as_str().unwrap_or_default().to_owned();
        for (name, parameter) in names(part["text"].as_str().unwrap_or_default()).iter().zip(given)
        {
            let value = parameter["text"].as_str().unwrap_or_default();
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
        if kind == "buttons" {
            shown["buttons"] = part["buttons"].clone();
        } else if text.is_empty() {
            let format = part["format"].as_str().unwrap_or_default().to_ascii_lowercase();
            let link = given.first().map(|it| it[&*format]["link"].clone());
            shown["link"] = link.unwrap_or_default();
        } else {
            shown[&*kind] = json!(text);
        }
    }
    shown
}
