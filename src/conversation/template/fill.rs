//! Filling a template in: every value is checked as Meta would, before anything leaves.

use super::{
    HeaderFile, Template, TemplateButton, TemplateCategory, TemplateHeader, Variable, holes,
};
use serde::{Deserialize, Serialize};
use url::Url;

/// Characters that the words may have with their values in them (Meta: error 132005 beyond).
const LONGEST_BODY: usize = 1_024;
/// Characters of a header.
const LONGEST_HEADER: usize = 60;
/// Characters of an address.
const LONGEST_URL: usize = 2_000;
/// Characters of a code that is copied.
const LONGEST_CODE: usize = 15;

/// What a value becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Words on one line.
    Text,
    /// A file's address.
    File(HeaderFile),
    /// The end of a button's address.
    UrlEnd,
    /// A code that is copied.
    Code,
    /// The form behind a button; it takes no value.
    Form,
}

/// Where values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above the words.
    Header,
    /// In them.
    Body,
    /// To the button of that number, from 0.
    Button(usize),
}

/// A value in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledValue {
    /// Its variable's name, where variables have names.
    pub name: Option<String>,
    /// What it becomes.
    pub kind: ValueKind,
    /// The value.
    pub value: String,
}

/// The values of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledPart {
    /// Where they go.
    pub place: Place,
    /// The values, in their order.
    pub values: Vec<FilledValue>,
}

/// A template with its values: what is sent, and what the customer will read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledTemplate {
    /// The template's name.
    pub name: String,
    /// Its language, as Meta writes it.
    pub lang: String,
    /// What it is for.
    pub category: TemplateCategory,
    /// The values by the names of their variables.
    pub values: Vec<(String, String)>,
    /// The values by their places.
    pub parts: Vec<FilledPart>,
    /// What the customer will read.
    pub text: String,
}

/// Why a template is not filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongValue {
    /// It cannot be sent from here.
    #[error("this template cannot be sent from here; choose another")]
    Unfit,
    /// A value is missing.
    #[error("a value is missing for `{0}`")]
    Missing(String),
    /// There is no such variable.
    #[error("the template has no variable `{0}`")]
    Unknown(String),
    /// A value does not stand on one line.
    #[error(
        "the value of `{0}` holds a line break, a tab or more than three spaces in a row; write it on one line"
    )]
    Broken(String),
    /// A value is no address of a file.
    #[error("the value of `{0}` must be an address that begins with https://")]
    NoLink(String),
    /// A value cannot stand in an address.
    #[error("the value of `{0}` must not hold spaces: it becomes the end of an address")]
    NoUrlEnd(String),
    /// A value, or the text with it, is too long.
    #[error("with the value of `{0}` it is longer than {1} characters; shorten it")]
    TooLong(String, usize),
}

impl WrongValue {
    /// The variable that it is about, where it is about one.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Unfit => None,
            Self::Missing(name)
            | Self::Unknown(name)
            | Self::Broken(name)
            | Self::NoLink(name)
            | Self::NoUrlEnd(name)
            | Self::TooLong(name, _) => Some(name),
        }
    }
}

impl From<WrongValue> for String {
    fn from(wrong: WrongValue) -> Self {
        wrong.to_string()
    }
}

impl Template {
    /// Fills it in; says which value is wrong, and how.
    pub fn fill(&self, values: &[(String, String)]) -> Result<FilledTemplate, WrongValue> {
        if self.parts.unfit.is_some() {
            return Err(WrongValue::Unfit);
        }
        let variables = self.variables();
        if let Some((name, _)) =
            values.iter().find(|(name, _)| !variables.iter().any(|it| it.name == *name))
        {
            return Err(WrongValue::Unknown(name.clone()));
        }
        let mut checked = Vec::new();
        for variable in &variables {
            let given = values.iter().find(|(name, _)| *name == variable.name);
            let value = given.map_or("", |(_, value)| value.trim());
            check(variable, value)?;
            checked.push((variable.name.clone(), value.to_owned()));
        }
        self.measure(&checked)?;
        Ok(FilledTemplate {
            name: self.name.clone(),
            lang: self.lang.clone(),
            category: self.category,
            parts: self.filled_parts(&variables, &checked),
            text: self.render(&checked),
            values: checked,
        })
    }

    /// What the customer will read; a variable without a value stays as it stands.
    pub fn render(&self, values: &[(String, String)]) -> String {
        let parts = &self.parts;
        let header = match &parts.header {
            Some(TemplateHeader::Text { text }) => put(text, "header.", values),
            Some(TemplateHeader::File { file }) => {
                let name = format!("header.{file}");
                find(values, &name).map(str::to_owned).unwrap_or_default()
            }
            None => String::new(),
        };
        let footer = parts.footer.clone().unwrap_or_default();
        let buttons = self.buttons_text(values);
        let all = [header, put(&parts.body, "", values), footer, buttons];
        let all: Vec<String> = all.into_iter().filter(|part| !part.trim().is_empty()).collect();
        all.join("\n\n")
    }

    /// The buttons as text, a line each.
    fn buttons_text(&self, values: &[(String, String)]) -> String {
        let lines = self.parts.buttons.iter().enumerate().map(|(at, button)| match button {
            TemplateButton::Reply { text } | TemplateButton::Flow { text } => format!("[{text}]"),
            TemplateButton::Url { text, url } => {
                format!("[{text}] {}", put(url, &format!("button.{at}."), values))
            }
            TemplateButton::Phone { text, number } => format!("[{text}] {number}"),
            TemplateButton::Copy { text } => {
                let code = find(values, &format!("button.{at}.code")).unwrap_or_default();
                format!("[{text}] {code}").trim_end().to_owned()
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Checks what the values make of the whole.
    fn measure(&self, values: &[(String, String)]) -> Result<(), WrongValue> {
        let longest = |before: &str| {
            let of = values.iter().filter(|(name, _)| {
                name.rsplit_once('.').map_or("", |(place, _)| place) == before.trim_end_matches('.')
            });
            of.max_by_key(|(_, value)| value.chars().count()).map(|(name, _)| name.clone())
        };
        let is_over = |text: &str, before: &str, most: usize| {
            let is_over = put(text, before, values).chars().count() > most;
            longest(before).filter(|_| is_over).map(|name| WrongValue::TooLong(name, most))
        };
        let mut over = is_over(&self.parts.body, "", LONGEST_BODY);
        if let Some(TemplateHeader::Text { text }) = &self.parts.header {
            over = over.or_else(|| is_over(text, "header.", LONGEST_HEADER));
        }
        for (at, button) in self.parts.buttons.iter().enumerate() {
            if let TemplateButton::Url { url, .. } = button {
                over = over.or_else(|| is_over(url, &format!("button.{at}."), LONGEST_URL));
            }
        }
        over.map_or(Ok(()), Err)
    }

    fn filled_parts(&self, variables: &[Variable], values: &[(String, String)]) -> Vec<FilledPart> {
        let mut parts: Vec<FilledPart> = Vec::new();
        for (variable, (_, value)) in variables.iter().zip(values) {
            let place = place(&variable.name);
            let is_named = self.is_named && variable.kind == ValueKind::Text;
            let name = is_named.then(|| variable.bare().to_owned());
            let filled = FilledValue { name, kind: variable.kind, value: value.clone() };
            match parts.last_mut().filter(|part| part.place == place) {
                Some(part) => part.values.push(filled),
                None => parts.push(FilledPart { place, values: vec![filled] }),
            }
        }
        for (at, button) in self.parts.buttons.iter().enumerate() {
            if matches!(button, TemplateButton::Flow { .. }) {
                let form = FilledValue { name: None, kind: ValueKind::Form, value: String::new() };
                parts.push(FilledPart { place: Place::Button(at), values: vec![form] });
            }
        }
        parts
    }
}

fn check(variable: &Variable, value: &str) -> Result<(), WrongValue> {
    let name = || variable.name.clone();
    if value.is_empty() {
        return Err(WrongValue::Missing(name()));
    }
    if value.chars().any(char::is_control) || value.contains("    ") {
        return Err(WrongValue::Broken(name()));
    }
    let length = value.chars().count();
    let too_long = |most: usize| (length > most).then(|| WrongValue::TooLong(name(), most));
    let wrong = match variable.kind {
        ValueKind::File(_) => {
            let is_link = Url::parse(value)
                .is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some());
            if is_link { too_long(LONGEST_URL) } else { Some(WrongValue::NoLink(name())) }
        }
        ValueKind::UrlEnd if value.chars().any(char::is_whitespace) => {
            Some(WrongValue::NoUrlEnd(name()))
        }
        ValueKind::Text | ValueKind::Form | ValueKind::UrlEnd => None,
        ValueKind::Code => too_long(LONGEST_CODE),
    };
    wrong.map_or(Ok(()), Err)
}

/// The place that a variable's name tells.
fn place(name: &str) -> Place {
    let mut steps = name.split('.');
    match (steps.next(), steps.next(), steps.next()) {
        (Some("header"), Some(_), None) => Place::Header,
        (Some("button"), Some(at), Some(_)) => Place::Button(at.parse().unwrap_or_default()),
        _ => Place::Body,
    }
}

fn find<'a>(values: &'a [(String, String)], name: &str) -> Option<&'a str> {
    values.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
}

/// A text with values in the place of its variables, whose names stand after `before` in the list.
fn put(text: &str, before: &str, values: &[(String, String)]) -> String {
    let (mut filled, mut end) = (String::with_capacity(text.len()), 0);
    for (place, name) in holes(text) {
        let value = find(values, &format!("{before}{name}")).filter(|value| !value.is_empty());
        if let Some(value) = value {
            filled.push_str(&text[end..place.start]);
            filled.push_str(value);
            end = place.end;
        }
    }
    filled.push_str(&text[end..]);
    filled
}
