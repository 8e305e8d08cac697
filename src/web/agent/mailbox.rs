//! Setting an e-mail inbox up from the screen: its servers are found and tried, and the section is shown that
//! belongs into the settings. The password is tried and forgotten.

use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::channel::{
    Back, Trouble, find_servers, providers, round_trip, section, server, try_reading, try_sending,
};
use crate::config::{EmailSettings, Imap, Secret, Smtp};
use crate::conversation::EmailAddress;
use crate::web::State;
use crate::web::markdown::visible;
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::path::PathBuf;

/// The variable that the section names for the password.
const VARIABLE: &str = "SUREPLY_MAIL_PASSWORD";
/// Characters that a field may have.
const LONGEST: usize = 300;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    frame: Frame,
    asked: Asked,
    problem: Option<String>,
    /// What whoever sets it up should know about the provider.
    hint: Option<&'static str>,
    steps: Vec<Step>,
    /// The providers that are known, each by a domain.
    providers: Vec<&'static str>,
    /// What belongs into the settings, once the mailbox works.
    section: Option<String>,
}

/// What was tried, and how it ended.
struct Step {
    name: String,
    works: bool,
    words: String,
}

/// A mailbox to be tried.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    address: String,
    name: String,
    user: String,
    password: String,
    provider: String,
    imap: String,
    smtp: String,
    ca_file: String,
    /// Whether a mail to itself is sent as well.
    round_trip: Option<String>,
}

/// The form.
pub(super) async fn form(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let frame = Frame::new(&web, &agent, "inboxes").await?;
    render(&MailboxPage::empty(frame, Asked { name: "email".into(), ..Asked::default() }))
}

/// Tries a mailbox.
pub(super) async fn test(
    web: State,
    SignedIn(agent): SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let page = MailboxPage::empty(Frame::new(&web, &agent, "inboxes").await?, asked.tidied());
    let (settings, hint) = match page.asked.settings().await {
        Ok(settings) => settings,
        Err(problem) => {
            let page = render(&MailboxPage { problem: Some(problem), ..page })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let at = page.asked.round_trip.as_ref().map(|_| web.desk.clock.now());
    let steps = tried(&settings, at).await;
    let works = steps.iter().all(|step| step.works);
    let kept = EmailSettings { password: None, password_env: Some(VARIABLE.into()), ..settings };
    let section = works.then(|| section(&page.asked.name, &kept).trim_start().to_owned());
    render(&MailboxPage { hint, steps, section, ..page })
}

/// Tries to read and to send, and with a time to be dated at also a mail to itself.
async fn tried(settings: &EmailSettings, at: Option<DateTime<Utc>>) -> Vec<Step> {
    let works = || t!("mailbox-works");
    let mut steps = vec![
        Step::new(t!("mailbox-reading"), try_reading(settings).await.map(|()| works())),
        Step::new(t!("mailbox-sending"), try_sending(settings).await.map(|()| works())),
    ];
    if let Some(at) = at.filter(|_| steps.iter().all(|step| step.works)) {
        let back = round_trip(settings, at).await.map(told);
        steps.push(Step::new(t!("mailbox-round-trip"), back));
    }
    steps
}

/// How a mail to itself came back.
fn told(back: Back) -> String {
    let seconds = t!("mailbox-back", seconds = back.took.as_secs());
    let plus = if back.plus_addressing { t!("mailbox-plus") } else { t!("mailbox-no-plus") };
    format!("{seconds} {plus}")
}

impl Step {
    fn new(name: String, end: Result<String, Trouble>) -> Self {
        match end {
            Ok(words) => Self { name, works: true, words },
            Err(trouble) => Self { name, works: false, words: visible(&trouble.words) },
        }
    }
}

impl MailboxPage {
    fn empty(frame: Frame, asked: Asked) -> Self {
        let providers = providers();
        Self {
            frame,
            asked,
            problem: None,
            hint: None,
            steps: Vec::new(),
            providers,
            section: None,
        }
    }
}

impl Asked {
    fn tidied(self) -> Self {
        let tidy = |text: String| text.trim().chars().take(LONGEST).collect::<String>();
        Self {
            address: tidy(self.address),
            name: tidy(self.name),
            user: tidy(self.user),
            provider: tidy(self.provider),
            imap: tidy(self.imap),
            smtp: tidy(self.smtp),
            ca_file: tidy(self.ca_file),
            ..self
        }
    }

    /// The settings that the form and the address's domain give, or what is wrong with the form.
    async fn settings(&self) -> Result<(EmailSettings, Option<&'static str>), String> {
        self.address.parse::<EmailAddress>().map_err(|_| t!("mailbox-no-address"))?;
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(is_name) {
            return Err(t!("mailbox-no-name"));
        }
        let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let found = if self.imap.is_empty() || self.smtp.is_empty() {
            find_servers(&self.address, named(&self.provider).as_deref()).await
        } else {
            None
        };
        let hint = found.as_ref().and_then(|found| found.hint);
        let (imap, smtp) = (named(&self.imap), named(&self.smtp));
        let imap = server(imap.as_deref(), found.as_ref().map(|it| &it.imap), 993);
        let smtp = server(smtp.as_deref(), found.as_ref().map(|it| &it.smtp), 465);
        let (imap, smtp) = imap.zip(smtp).ok_or_else(|| t!("mailbox-no-server"))?;
        let settings = EmailSettings {
            user: named(&self.user),
            ca_file: named(&self.ca_file).map(PathBuf::from),
            password: Some(Secret::from(self.password.as_str())),
            imap: Some(Imap::new(&imap.0, imap.1, imap.2)),
            smtp: Some(Smtp::new(&smtp.0, smtp.1, smtp.2)),
            ..EmailSettings::new(&self.address)
        };
        Ok((settings, hint))
    }
}
