//! The inboxes: by what ways customers come in, how far the bot may go there, and whether mails flow.

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::config::InboxSettings;
use crate::conversation::{ChannelKind, InboxName};
use crate::store::Role;
use crate::web::markdown::visible;
use crate::web::words::say_of;
use crate::web::{State, Web};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "inboxes.html")]
struct InboxesPage {
    frame: Frame,
    inboxes: Vec<InboxView>,
    /// Whether people may be notified from one of them.
    notifies: bool,
}

struct InboxView {
    name: String,
    channel: String,
    mode: String,
    /// Where customers meet it: an address, or a page.
    place: Place,
    /// How its mails fare, where it has any.
    mails: Option<MailsView>,
}

enum Place {
    Address(String),
    Page(String),
    None,
}

/// How the mails of an inbox fare.
struct MailsView {
    /// Whether a mailbox is read at all; without it mails come by webhook.
    is_read: bool,
    reading_since: Option<Moment>,
    /// What keeps the mailbox from being read.
    reading: Option<String>,
    last_mail: Option<Moment>,
    /// What keeps mails from leaving.
    sending: Option<String>,
}

/// The page.
pub(super) async fn page(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let inboxes = web.desk.config.inboxes.iter().map(|inbox| InboxView::new(&web, inbox));
    let inboxes = inboxes.collect();
    let has_whatsapp = web.desk.config.inboxes.iter().any(|inbox| inbox.whatsapp.is_some());
    let notifies = has_whatsapp && agent.role != Role::Viewer;
    let frame = Frame::new(&web, &agent, "inboxes").await?;
    render(&InboxesPage { frame, inboxes, notifies })
}

impl InboxView {
    fn new(web: &Web, inbox: &InboxSettings) -> Self {
        let address = inbox.email.as_deref().map(|email| visible(&email.address));
        Self {
            name: inbox.name.clone(),
            channel: say_of("channel", inbox.channel.as_str()),
            mode: say_of("mode", inbox.mode.as_str()),
            place: match (inbox.channel, address) {
                (ChannelKind::Email, Some(address)) => Place::Address(address),
                (ChannelKind::Webchat, _) => Place::Page(format!("/chat/{}", inbox.name)),
                _ => Place::None,
            },
            mails: MailsView::read(web, inbox),
        }
    }
}

impl MailsView {
    fn read(web: &Web, inbox: &InboxSettings) -> Option<Self> {
        let now = web.desk.clock.now();
        let state = web.desk.mailbox_state(&InboxName::from(inbox.name.as_str()))?;
        Some(Self {
            is_read: inbox.email.as_deref().is_some_and(|email| email.imap.is_some()),
            reading_since: state.reading_since.map(|since| Moment::new(since, now)),
            reading: state.reading.map(|trouble| visible(&trouble.words)),
            last_mail: state.last_mail.map(|at| Moment::new(at, now)),
            sending: state.sending.map(|(trouble, _)| visible(&trouble.words)),
        })
    }
}
