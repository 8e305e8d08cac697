//! Setting a WhatsApp number up from the screen: it is tried, what to paste into Meta's console is shown, and the
//! section that belongs into the settings. Token and secret are tried and forgotten.

use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::channel::{NumberTried, console, try_number, whatsapp_section};
use crate::config::{Secret, WhatsappSettings};
use crate::token;
use crate::web::markdown::visible;
use crate::web::words::say_of;
use crate::web::{State, Web};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

/// The variables that the section names for the token and the app's secret.
const TOKEN: &str = "SUREPLY_WHATSAPP_TOKEN";
const SECRET: &str = "SUREPLY_WHATSAPP_APP_SECRET";
/// Characters that a field may have.
const LONGEST: usize = 300;
/// Characters of a token.
const LONGEST_TOKEN: usize = 2000;

#[derive(Template)]
#[template(path = "number.html")]
struct NumberPage {
    frame: Frame,
    asked: Asked,
    problem: Option<String>,
    steps: Vec<Step>,
    /// What is pasted into Meta's console, and the section, once the number works.
    done: Option<Done>,
}

struct Done {
    console: Vec<(String, String)>,
    section: String,
}

/// What was tried, and how it ended.
struct Step {
    name: String,
    works: bool,
    words: String,
}

/// A number to be tried.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    name: String,
    phone_number_id: String,
    business_account_id: String,
    token: String,
    app_secret: String,
    verify_token: String,
    graph_url: String,
    graph_version: String,
    /// Whether the app is subscribed where it is not.
    subscribe: Option<String>,
}

/// The form.
pub(super) async fn form(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let frame = Frame::new(&web, &agent, "inboxes").await?;
    let usual = WhatsappSettings::new("", "", "");
    let asked = Asked {
        name: "whatsapp".into(),
        verify_token: token::fresh(),
        graph_url: usual.graph_url,
        graph_version: usual.graph_version,
        ..Asked::default()
    };
    render(&NumberPage::empty(frame, asked))
}

/// Tries a number.
pub(super) async fn test(
    web: State,
    SignedIn(agent): SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let page = NumberPage::empty(Frame::new(&web, &agent, "inboxes").await?, asked.tidied());
    let known = known_graphs(&web);
    let settings = match page.asked.settings().and_then(|it| at_known(it, &known)) {
        Ok(settings) => settings,
        Err(problem) => {
            let page = render(&NumberPage { problem: Some(problem), ..page })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let subscribe = page.asked.subscribe.is_some();
    let tried = try_number(&settings, subscribe, web.desk.clock.now()).await;
    let works = tried.iter().all(|tried| tried.end.is_ok());
    let done = works.then(|| Done::new(&web.public_url, &page.asked.name, settings));
    let steps = tried.into_iter().map(Step::new).collect();
    render(&NumberPage { steps, done, ..page })
}

/// Where the Graph API is: Meta's address, and those of the settings. Whoever may use the page has no say over the
/// network that the server stands in.
fn known_graphs(web: &Web) -> Vec<String> {
    let numbers = web.desk.config.inboxes.iter().filter_map(|inbox| inbox.whatsapp.as_deref());
    let usual = WhatsappSettings::new("", "", "").graph_url;
    numbers.map(|number| number.graph_url.clone()).chain([usual]).collect()
}

fn at_known(settings: WhatsappSettings, known: &[String]) -> Result<WhatsappSettings, String> {
    let is_known = known.contains(&settings.graph_url);
    if is_known { Ok(settings) } else { Err(t!("number-no-graph")) }
}

impl Done {
    fn new(public_url: &str, name: &str, settings: WhatsappSettings) -> Self {
        let pasted = console(public_url, name, &settings);
        let console = pasted.map(|(what, value)| (say_of("number-console", what), value));
        let named = WhatsappSettings {
            access_token: None,
            access_token_env: Some(TOKEN.into()),
            app_secrets: Vec::new(),
            app_secret_env: Some(SECRET.into()),
            ..settings
        };
        let section = whatsapp_section(name, &named).trim_start().to_owned();
        Self { console: console.to_vec(), section }
    }
}

impl Step {
    fn new(tried: NumberTried) -> Self {
        let name = say_of("number-check", tried.check.as_str());
        let works = tried.end.is_ok();
        let (Ok(told) | Err(told)) = tried.end;
        Self { name, works, words: visible(&told) }
    }
}

impl NumberPage {
    fn empty(frame: Frame, asked: Asked) -> Self {
        Self { frame, asked, problem: None, steps: Vec::new(), done: None }
    }
}

impl Asked {
    fn tidied(self) -> Self {
        let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        let tidy = |text: String| short(&text, LONGEST);
        Self {
            name: tidy(self.name),
            phone_number_id: tidy(self.phone_number_id),
            business_account_id: tidy(self.business_account_id),
            token: short(&self.token, LONGEST_TOKEN),
            app_secret: tidy(self.app_secret),
            verify_token: tidy(self.verify_token),
            graph_url: tidy(self.graph_url),
            graph_version: tidy(self.graph_version),
            subscribe: self.subscribe,
        }
    }

    /// The settings that the form gives, or what is wrong with it.
    fn settings(&self) -> Result<WhatsappSettings, String> {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(is_name) {
            return Err(t!("mailbox-no-name"));
        }
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_id(&self.phone_number_id) || !is_id(&self.business_account_id) {
            return Err(t!("number-no-id"));
        }
        if self.token.is_empty() {
            return Err(t!("number-no-token"));
        }
        let mut settings =
            WhatsappSettings::new(&self.phone_number_id, &self.app_secret, &self.verify_token);
        settings.business_account_id = Some(self.business_account_id.clone());
        settings.access_token = Some(Secret::from(self.token.as_str()));
        for (own, given) in [
            (&mut settings.graph_url, &self.graph_url),
            (&mut settings.graph_version, &self.graph_version),
        ] {
            if !given.is_empty() {
                own.clone_from(given);
            }
        }
        settings.check(&self.name).map_err(|error| visible(&format!("{error:#}")))?;
        Ok(settings)
    }
}
