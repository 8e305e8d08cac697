//! Reading a template as Meta lists it: what is not known makes it unfit, never unreadable.

use super::{
    HeaderFile, Template, TemplateButton, TemplateCategory, TemplateHeader, TemplateParts,
    TemplateState, Unfit, names,
};
use crate::conversation::InboxName;
use serde_json::Value;

/// Bytes that a name or a language code may have (Meta: 512).
const LONGEST_NAME: usize = 512;

impl Template {
    /// Reads one of the list; none where it has no name or no language.
    pub fn read(inbox: &InboxName, listed: &Value) -> Option<Self> {
        let is_named = text(listed, "parameter_format").eq_ignore_ascii_case("named");
        Some(Self {
            inbox: inbox.clone(),
            name: name(listed, "name")?,
            lang: name(listed, "language")?,
            category: TemplateCategory::told(text(listed, "category")),
            state: TemplateState::told(text(listed, "status")),
            quality: told(&listed["quality_score"], "score"),
            reason: told(listed, "rejected_reason"),
            is_named,
            parts: parts(listed["components"].as_array().map_or(&[], Vec::as_slice)),
        })
    }
}

impl TemplateCategory {
    /// The category of Meta's word for it.
    pub fn told(word: &str) -> Self {
        word.to_ascii_lowercase().parse().unwrap_or(Self::Other)
    }
}

impl TemplateState {
    /// The state of Meta's word for it, as it stands in lists and in news.
    pub fn told(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "approved" | "reinstated" => Self::Approved,
            "paused" | "flagged" | "locked" => Self::Paused,
            "rejected" => Self::Rejected,
            "pending" | "in_appeal" | "appeal_requested" => Self::Pending,
            "disabled" | "pending_deletion" | "deleted" | "archived" | "limit_exceeded" => {
                Self::Disabled
            }
            _ => Self::Other,
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn owned(value: &Value, name: &str) -> String {
    text(value, name).to_owned()
}

fn name(listed: &Value, name: &str) -> Option<String> {
    let it = text(listed, name);
    let is_plain = !it.is_empty() && it.len() <= LONGEST_NAME && !it.chars().any(char::is_control);
    is_plain.then(|| it.to_owned())
}

/// What is told in a word of Meta's, in small letters; none where that word says that there is nothing.
fn told(value: &Value, name: &str) -> Option<String> {
    let word = text(value, name).to_ascii_lowercase();
    (!matches!(word.as_str(), "" | "none" | "unknown")).then_some(word)
}

fn parts(components: &[Value]) -> TemplateParts {
    let mut parts = TemplateParts::default();
    for component in components {
        match text(component, "type").to_ascii_uppercase().as_str() {
            "HEADER" => header(&mut parts, component),
            "BODY" => {
                parts.body = owned(component, "text");
                let body = parts.body.clone();
                examples(&mut parts, "", &body, &component["example"], "body_text");
            }
            "FOOTER" => parts.footer = Some(owned(component, "text")),
            "BUTTONS" => buttons(&mut parts, component),
            "CAROUSEL" => parts.mark(Unfit::Carousel),
            "LIMITED_TIME_OFFER" => parts.mark(Unfit::Offer),
            _ => parts.mark(Unfit::Unknown),
        }
    }
    if parts.body.is_empty() {
        parts.mark(Unfit::Unknown);
    }
    parts
}

impl TemplateParts {
    /// Remembers why it cannot be filled in; what was found first stays.
    fn mark(&mut self, unfit: Unfit) {
        self.unfit.get_or_insert(unfit);
    }

    fn example(&mut self, name: String, value: &Value) {
        if let Some(value) = value.as_str() {
            self.examples.push((name, value.to_owned()));
        }
    }
}

fn header(parts: &mut TemplateParts, component: &Value) {
    let format = text(component, "format").to_ascii_lowercase();
    if format == "text" {
        let line = owned(component, "text");
        examples(parts, "header.", &line, &component["example"], "header_text");
        parts.header = Some(TemplateHeader::Text { text: line });
    } else if let Ok(file) = format.parse::<HeaderFile>() {
        // What Meta gives as an example is an address of its own that ends soon: it is no value.
        parts.header = Some(TemplateHeader::File { file });
    } else if format == "location" {
        parts.mark(Unfit::Location);
    } else if format == "product" {
        parts.mark(Unfit::Catalogue);
    } else {
        parts.mark(Unfit::Unknown);
    }
}

/// Takes the examples of a text along: a list for variables with numbers, else by name.
fn examples(parts: &mut TemplateParts, before: &str, text: &str, given: &Value, list: &str) {
    // The words' examples are a list of lists, the header's a plain one.
    let plain = &given[list];
    let values = if plain[0].is_array() { &plain[0] } else { plain };
    let named = given[format!("{list}_named_params")].as_array();
    for (at, name) in names(text).into_iter().enumerate() {
        let is_it = |one: &&Value| one["param_name"].as_str() == Some(name);
        let by_name = named.and_then(|all| all.iter().find(is_it)).map(|one| &one["example"]);
        parts.example(format!("{before}{name}"), by_name.unwrap_or(&values[at]));
    }
}

fn buttons(parts: &mut TemplateParts, component: &Value) {
    for (at, listed) in component["buttons"].as_array().into_iter().flatten().enumerate() {
        match button(parts, at, listed) {
            Ok(button) => parts.buttons.push(button),
            Err(unfit) => parts.mark(unfit),
        }
    }
}

fn button(parts: &mut TemplateParts, at: usize, listed: &Value) -> Result<TemplateButton, Unfit> {
    let text = owned(listed, "text");
    Ok(match self::text(listed, "type").to_ascii_uppercase().as_str() {
        "QUICK_REPLY" => TemplateButton::Reply { text },
        "URL" => {
            let url = owned(listed, "url");
            match names(&url).as_slice() {
                [] => {}
                [name] => {
                    // The example is a whole address; the value is what stands at its end.
                    let whole = first(&listed["example"]).as_str().unwrap_or_default();
                    let start = url.split("{{").next().unwrap_or_default();
                    let end = whole.strip_prefix(start).unwrap_or(whole);
                    parts.example(format!("button.{at}.{name}"), &Value::from(end));
                }
                _ => return Err(Unfit::Unknown),
            }
            TemplateButton::Url { text, url }
        }
        "PHONE_NUMBER" => TemplateButton::Phone { text, number: owned(listed, "phone_number") },
        "COPY_CODE" => {
            parts.example(format!("button.{at}.code"), first(&listed["example"]));
            TemplateButton::Copy { text }
        }
        "FLOW" => TemplateButton::Flow { text },
        "OTP" => return Err(Unfit::OneTimeCode),
        "CATALOG" | "MPM" | "SPM" => return Err(Unfit::Catalogue),
        _ => return Err(Unfit::Unknown),
    })
}

/// The first of a list, or the value itself.
fn first(value: &Value) -> &Value {
    if value.is_array() { &value[0] } else { value }
}
