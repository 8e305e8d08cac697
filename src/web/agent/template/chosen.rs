//! The template that is being filled in: its fields, and what the customer will read.

use super::{Choice, address};
use crate::conversation::{
    HeaderFile, Template, TemplateButton, TemplateHeader, ValueKind, Variable,
};
use crate::web::markdown::visible;
use crate::web::words::say_of;

/// The template that is being filled in.
pub(in crate::web::agent) struct Chosen {
    pub(in crate::web::agent) value: String,
    pub(in crate::web::agent) name: String,
    pub(in crate::web::agent) lang: String,
    pub(in crate::web::agent) category: String,
    /// What Meta says of how customers take it, where that is not well.
    pub(in crate::web::agent) quality: Option<String>,
    pub(in crate::web::agent) fields: Vec<Field>,
    pub(in crate::web::agent) preview: Vec<Shown>,
}

/// A value to be filled in.
pub(in crate::web::agent) struct Field {
    pub(in crate::web::agent) name: String,
    pub(in crate::web::agent) label: String,
    pub(in crate::web::agent) value: String,
    pub(in crate::web::agent) example: String,
    pub(in crate::web::agent) is_link: bool,
}

/// A part of the preview: what it is, and its text in pieces, each with the variable that it stands for.
pub(in crate::web::agent) struct Shown {
    pub(in crate::web::agent) kind: &'static str,
    pub(in crate::web::agent) pieces: Vec<(String, Option<String>)>,
}

impl Chosen {
    pub(super) fn new(template: &Template, choice: &Choice, contact: Option<&str>) -> Self {
        let variables = template.variables();
        let fields = variables.iter().map(|variable| {
            let kept = choice.values.iter().find(|(name, _)| *name == variable.name);
            let value = kept.map(|(_, value)| value.clone());
            Field {
                label: label(template, variable),
                value: value.unwrap_or_else(|| known(variable, contact)),
                example: variable.example.clone().unwrap_or_default(),
                is_link: matches!(variable.kind, ValueKind::File(_)),
                name: variable.name.clone(),
            }
        });
        let fields: Vec<Field> = fields.collect();
        Self {
            preview: preview(template, &fields),
            fields,
            value: address(template),
            name: template.name.clone(),
            lang: template.lang.clone(),
            category: say_of("template-category", template.category.as_str()),
            quality: template.quality.clone().filter(|it| it != "green").map(|it| visible(&it)),
        }
    }
}

/// What is known of a value without asking: the contact's name.
fn known(variable: &Variable, contact: Option<&str>) -> String {
    let contact = contact.unwrap_or_default().trim();
    match variable.bare().to_ascii_lowercase().as_str() {
        "name" | "full_name" | "customer_name" => contact.to_owned(),
        "first_name" | "firstname" => {
            contact.split_whitespace().next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

pub(super) fn label(template: &Template, variable: &Variable) -> String {
    let bare = variable.bare().replace('_', " ");
    let button = |name: &str| {
        let at = name.split('.').nth(1).and_then(|at| at.parse::<usize>().ok());
        let button = at.and_then(|at| template.parts.buttons.get(at));
        button.map(TemplateButton::text).unwrap_or_default().to_owned()
    };
    match variable.kind {
        ValueKind::File(HeaderFile::Image) => t!("template-field-image"),
        ValueKind::File(HeaderFile::Video) => t!("template-field-video"),
        ValueKind::File(HeaderFile::Document) => t!("template-field-document"),
        ValueKind::UrlEnd => t!("template-field-url", button = button(&variable.name)),
        ValueKind::Code => t!("template-field-code", button = button(&variable.name)),
        ValueKind::Text | ValueKind::Form if variable.name.starts_with("header.") => {
            t!("template-field-header", name = bare)
        }
        ValueKind::Text | ValueKind::Form => t!("template-field", name = bare),
    }
}

fn preview(template: &Template, fields: &[Field]) -> Vec<Shown> {
    let pieces = |text: &str, before: &str| {
        let piece = |(text, name): (String, Option<&str>)| match name {
            Some(name) => {
                let name = format!("{before}{name}");
                let field = fields.iter().find(|field| field.name == name);
                let value = field.map(|field| field.value.clone()).filter(|it| !it.is_empty());
                (value.unwrap_or(text), Some(name))
            }
            None => (text, None),
        };
        Template::pieces(text).into_iter().map(piece).collect::<Vec<_>>()
    };
    let plain = |text: &str| vec![(text.to_owned(), None)];
    let mut all = Vec::new();
    match &template.parts.header {
        Some(TemplateHeader::Text { text }) => {
            all.push(Shown { kind: "header", pieces: pieces(text, "header.") });
        }
        Some(TemplateHeader::File { file }) => {
            let text = format!("{{{{{file}}}}}");
            all.push(Shown { kind: "file", pieces: pieces(&text, "header.") });
        }
        None => {}
    }
    all.push(Shown { kind: "body", pieces: pieces(&template.parts.body, "") });
    if let Some(footer) = &template.parts.footer {
        all.push(Shown { kind: "footer", pieces: plain(footer) });
    }
    for (at, button) in template.parts.buttons.iter().enumerate() {
        let mut shown = plain(button.text());
        match button {
            TemplateButton::Url { url, .. } => {
                shown.push((" ".into(), None));
                shown.extend(pieces(url, &format!("button.{at}.")));
            }
            TemplateButton::Phone { number, .. } => shown.push((format!(" {number}"), None)),
            TemplateButton::Copy { .. } => {
                shown.push((" ".into(), None));
                shown.extend(pieces("{{code}}", &format!("button.{at}.")));
            }
            TemplateButton::Reply { .. } | TemplateButton::Flow { .. } => {}
        }
        all.push(Shown { kind: "button", pieces: shown });
    }
    all
}
