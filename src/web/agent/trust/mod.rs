//! The trust page: for each inbox and risk class whether answers go out by themselves, and why.

mod card;
mod plot;
#[cfg(test)]
mod tests;

use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::config::InboxSettings;
use crate::conversation::Mode;
use crate::desk::ClassTrust;
use crate::web::State;
use askama::Template;
use axum::response::Response;
use card::{Card, Share, Standing};
use chrono::{DateTime, Utc};

#[derive(Template)]
#[template(path = "trust.html")]
struct TrustPage {
    frame: Frame,
    /// How far the sample's calibration is, while it runs.
    progress: Option<Share>,
    inboxes: Vec<InboxView>,
}

/// An inbox with its risk classes.
struct InboxView {
    name: String,
    mode: &'static str,
    /// Why nothing goes out whatever the evidence.
    held: Option<&'static str>,
    cards: Vec<Card>,
}

/// The state of every licence.
pub(super) async fn page(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let classes = web.desk.trust(None).await?;
    let frame = Frame::new(&web, &agent, "trust").await?;
    let inboxes = inboxes(&classes, &web.desk.config.inboxes, web.desk.clock.now());
    let progress = web.desk.sample_progress().and_then(|(done, all)| Share::new(done, all));
    render(&TrustPage { frame, progress, inboxes })
}

/// The classes by inbox, in the order of the settings.
fn inboxes(
    classes: &[ClassTrust],
    settings: &[InboxSettings],
    now: DateTime<Utc>,
) -> Vec<InboxView> {
    let view = |inbox: &InboxSettings| InboxView {
        name: inbox.name.clone(),
        mode: inbox.mode.as_str(),
        held: held(inbox.mode),
        cards: classes
            .iter()
            .filter(|class| class.inbox.as_str() == inbox.name)
            .map(|class| Card::new(class, now))
            .collect(),
    };
    settings.iter().map(view).collect()
}

/// What keeps answers back in a mode, whatever the evidence.
fn held(mode: Mode) -> Option<&'static str> {
    match mode {
        Mode::Auto => None,
        Mode::Draft => Some(
            "The settings have this inbox draft only: nothing goes out by itself, whatever the evidence.",
        ),
        Mode::Shadow => Some(
            "The settings have this inbox record only: nothing goes out by itself, whatever the evidence.",
        ),
    }
}
