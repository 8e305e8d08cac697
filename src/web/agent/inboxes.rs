//! The inboxes: by what ways customers come in, how far the bot may go there, and whether mails and messages flow.

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use super::warning::{self, Ending};
use crate::channel::{Called, call_back as call, version_ends};
use crate::config::InboxSettings;
use crate::conversation::{ChannelKind, InboxName, NumberHealth};
use crate::store::{Agent, Role};
use crate::web::markdown::visible;
use crate::web::words::say_of;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

#[derive(Template)]
#[template(path = "inboxes.html")]
struct InboxesPage {
    frame: Frame,
    inboxes: Vec<InboxView>,
    /// Whether people may be notified from one of them.
    notifies: bool,
    /// What came of calling an inbox's webhook: which, whether all is well, and words.
    called: Option<(String, bool, String)>,
}

struct InboxView {
    name: String,
    channel: String,
    mode: String,
    /// Where customers meet it: an address, or a page.
    place: Place,
    /// How its mails fare, where it has any.
    mails: Option<MailsView>,
    /// How its number fares, where it has one.
    number: Option<NumberView>,
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

/// How the number of an inbox fares.
struct NumberView {
    name: Option<String>,
    /// Its quality as a word of Meta's, in lower case, and in ours.
    quality: Option<(String, String)>,
    tier: Option<String>,
    throughput: Option<String>,
    version: String,
    version_ends: Option<Ending>,
    token_ends: Option<Ending>,
    heard: Option<Moment>,
    looked: Option<Moment>,
    /// What keeps messages from leaving.
    sending: Option<String>,
    warnings: Vec<String>,
}

/// The page.
pub(super) async fn page(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    render(&InboxesPage::new(&web, &agent, None).await?)
}

/// Calls an inbox's webhook at the public address of the settings, and says what came back.
pub(super) async fn call_back(
    web: State,
    SignedIn(agent): SignedIn,
    Path(inbox): Path<String>,
) -> Result<Response, PageError> {
    let settings = web.desk.config.inbox_settings(&InboxName::from(inbox.as_str()));
    let whatsapp = settings.and_then(|settings| settings.whatsapp.as_deref());
    let none = || Error::NotFound("no inbox with a number has this name".into());
    let whatsapp = whatsapp.ok_or_else(none)?;
    let (is_well, words) = match web.desk.config.server.public_url.as_deref() {
        None => (false, t!("number-called-unset")),
        Some(url) => {
            let called = call(url, &inbox, whatsapp).await;
            (called == Called::Reached, say_of("number-called", called.as_str()))
        }
    };
    let called = Some((inbox, is_well, words));
    render(&InboxesPage::new(&web, &agent, called).await?)
}

impl InboxesPage {
    async fn new(
        web: &Web,
        agent: &Agent,
        called: Option<(String, bool, String)>,
    ) -> Result<Self, PageError> {
        let all = &web.desk.config.inboxes;
        let inboxes = all.iter().map(|inbox| InboxView::new(web, inbox)).collect();
        let has_whatsapp = all.iter().any(|inbox| inbox.whatsapp.is_some());
        let notifies = has_whatsapp && agent.role != Role::Viewer;
        Ok(Self { frame: Frame::new(web, agent, "inboxes").await?, inboxes, notifies, called })
    }
}

impl InboxView {
    fn new(web: &Web, inbox: &InboxSettings) -> Self {
        let address = inbox.email.as_deref().map(|email| visible(&email.address));
        let number = NumberView::read(web, inbox);
        Self {
            name: inbox.name.clone(),
            channel: say_of("channel", inbox.channel.as_str()),
            mode: say_of("mode", inbox.mode.as_str()),
            place: match (inbox.channel, address) {
                (ChannelKind::Email, Some(address)) => Place::Address(address),
                (ChannelKind::Whatsapp, _) => number
                    .as_ref()
                    .and_then(|(shown, _)| shown.clone())
                    .map_or(Place::None, Place::Address),
                (ChannelKind::Webchat, _) => Place::Page(format!("/chat/{}", inbox.name)),
                _ => Place::None,
            },
            mails: MailsView::read(web, inbox),
            number: number.map(|(_, number)| number),
        }
    }
}

impl MailsView {
    fn read(web: &Web, inbox: &InboxSettings) -> Option<Self> {
        let now = web.desk.clock.now();
        inbox.email.as_deref()?;
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

impl NumberView {
    /// How a number is written, and how it fares.
    fn read(web: &Web, inbox: &InboxSettings) -> Option<(Option<String>, Self)> {
        let version = inbox.whatsapp.as_deref()?.graph_version.clone();
        let (now, name) = (web.desk.clock.now(), InboxName::from(inbox.name.as_str()));
        let known: NumberHealth = web.desk.number(&name).unwrap_or_default();
        let version_ends = version_ends(&version);
        let sending = web.desk.mailbox_state(&name).and_then(|state| state.sending);
        let view = Self {
            name: known.name.as_deref().map(visible),
            quality: known.quality.map(|quality| {
                let word = quality.as_str().to_lowercase();
                let words = say_of("number-quality", &word);
                (word, words)
            }),
            tier: known.tier.as_deref().map(|tier| visible(tier.trim_start_matches("TIER_"))),
            throughput: known.throughput.as_deref().map(|speed| visible(&speed.to_lowercase())),
            version_ends: version_ends.map(|at| Ending::new(at, now)),
            version,
            token_ends: known.token_ends.map(|at| Ending::new(at, now)),
            heard: known.heard_at.map(|at| Moment::new(at, now)),
            looked: known.looked_at.map(|at| Moment::new(at, now)),
            sending: sending.map(|(trouble, _)| visible(&trouble.words)),
            warnings: known
                .warnings(version_ends, now)
                .iter()
                .map(|it| warning::words(it, now))
                .collect(),
        };
        Some((known.shown.as_deref().map(visible), view))
    }
}
