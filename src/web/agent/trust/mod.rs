//! The trust page: for each inbox and risk class whether answers go out by themselves, and why.

mod card;
mod plot;
#[cfg(test)]
mod tests;

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::config::InboxSettings;
use crate::conversation::Mode;
use crate::desk::ClassTrust;
use crate::store::DeclaredSet;
use crate::web::State;
use crate::web::words::say_of;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Redirect, Response};
use card::{Card, Share, Standing};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The set that the program itself declares.
const SAMPLE: &str = "sample";

#[derive(Template)]
#[template(path = "trust.html")]
struct TrustPage {
    frame: Frame,
    /// How far the sample's calibration is, while it runs.
    progress: Option<Share>,
    inboxes: Vec<InboxView>,
    sets: Vec<SetView>,
}

/// A labelled set that an admin has declared.
struct SetView {
    name: String,
    /// Whose customers it stands for.
    inbox: String,
    turns: i64,
    declared: Moment,
    /// Whether it may be taken back here; the sample's comes and goes with a setting.
    may_go: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Named {
    set: String,
}

/// An inbox with its risk classes.
struct InboxView {
    name: String,
    mode: String,
    /// Why nothing goes out whatever the evidence.
    held: Option<String>,
    cards: Vec<Card>,
}

/// The state of every licence.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (desk, now) = (&web.desk, web.desk.clock.now());
    let classes = desk.trust(None).await?;
    let sets = desk.store.declared_sets().await?;
    let progress = desk.sample_progress().and_then(|(done, all)| Share::new(done, all));
    render(&TrustPage {
        frame: Frame::new(&web, &agent, "trust").await?.with_notice(wanted.done.as_deref()),
        progress,
        inboxes: inboxes(&classes, &desk.config.inboxes, now),
        sets: sets.into_iter().map(|set| SetView::new(set, now)).collect(),
    })
}

/// Takes a declared set's evidence back, which may end a licence.
pub(super) async fn take_back(
    web: State,
    SignedIn(agent): SignedIn,
    Form(named): Form<Named>,
) -> Result<Redirect, PageError> {
    let changed = web.desk.take_back(&named.set).await?;
    tracing::info!(agent.id = %agent.id, set = named.set, changed, "took a declared set back");
    Ok(Redirect::to(if changed { "/trust?done=taken-back" } else { "/trust?done=unchanged" }))
}

impl SetView {
    fn new(set: DeclaredSet, now: DateTime<Utc>) -> Self {
        Self {
            may_go: set.name != SAMPLE,
            name: set.name,
            inbox: set.inbox.map_or_else(|| t!("all-inboxes"), |inbox| inbox.to_string()),
            turns: set.turns,
            declared: Moment::new(set.declared_at, now),
        }
    }
}

/// The classes by inbox, in the order of the settings.
fn inboxes(
    classes: &[ClassTrust],
    settings: &[InboxSettings],
    now: DateTime<Utc>,
) -> Vec<InboxView> {
    let view = |inbox: &InboxSettings| InboxView {
        name: inbox.name.clone(),
        mode: say_of("mode", inbox.mode.as_str()),
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
fn held(mode: Mode) -> Option<String> {
    match mode {
        Mode::Auto => None,
        Mode::Draft => Some(t!("held-draft")),
        Mode::Shadow => Some(t!("held-shadow")),
    }
}
