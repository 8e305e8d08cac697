//! Mails as the desk shows them: what is told beside a message, and the mail as it came, harmless to look at.

use super::clockface::Moment;
use super::form::Act;
use super::list::shortened;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::channel;
use crate::conversation::{
    ConversationId, Mail, MailKind, Mailbox, Message, MessageId, Removed, SenderAuth,
};
use crate::store::{BadAddress, StoredAttachment};
use crate::web::markdown::visible;
use crate::web::words::say_of;
use crate::web::{Error, State, Web, attachment};
use anyhow::Context as _;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

/// Characters that a page shows of a subject or of an address.
const SHOWN: usize = 200;

/// What a mail tells beside its words, in short.
pub(super) struct MailNote {
    pub(super) subject: String,
    /// Who wrote it.
    pub(super) from: String,
    /// To whom besides the inbox.
    pub(super) cc: String,
    /// Whether the sender's domain vouches for it, by word and in words.
    pub(super) auth: (SenderAuth, String),
    /// What kind of machine sent it, where one did, and why that is believed.
    pub(super) automatic: Option<(String, String)>,
    pub(super) removed: Vec<RemovedView>,
    pub(super) problems: Vec<String>,
    /// Whether the mail as it came can be looked at.
    pub(super) has_original: bool,
}

/// A part that was taken off a mail's new words.
pub(super) struct RemovedView {
    pub(super) kind: String,
    pub(super) text: String,
}

impl RemovedView {
    fn new(removed: &Removed) -> Self {
        let kind = say_of("removed", removed.kind.as_str());
        Self { kind, text: visible(&removed.text) }
    }
}

impl MailNote {
    pub(super) fn new(mail: &Mail) -> Self {
        let is_automatic = mail.kind != MailKind::Personal;
        let automatic =
            is_automatic.then(|| (say_of("mail", mail.kind.as_str()), listed(&mail.why)));
        Self {
            subject: shortened(&visible(&mail.subject), SHOWN),
            from: people(&mail.from),
            cc: people(&mail.cc),
            auth: (mail.auth, say_of("auth", mail.auth.as_str())),
            automatic,
            removed: mail.removed.iter().map(RemovedView::new).collect(),
            problems: mail.problems.iter().map(|problem| visible(problem)).collect(),
            has_original: mail.original.is_some(),
        }
    }
}

/// An address that mails do not reach.
pub(super) struct BadView {
    pub(super) address: String,
    pub(super) since: Moment,
    /// What the other server said.
    pub(super) words: String,
}

impl BadView {
    pub(super) fn new(bad: BadAddress, now: chrono::DateTime<chrono::Utc>) -> Self {
        let status = bad.status.map(|status| format!("{status} ")).unwrap_or_default();
        Self {
            address: visible(&bad.address),
            since: Moment::new(bad.since, now),
            words: visible(&format!("{status}{}", bad.words)),
        }
    }
}

#[derive(Template)]
#[template(path = "letter.html")]
struct MailPage {
    frame: Frame,
    conversation: ConversationId,
    message: MessageId,
    note: MailNote,
    to: String,
    reply_to: String,
    sent: Moment,
    /// Its HTML, harmless; none where it has none that can be shown.
    html: Option<String>,
    /// Its new words.
    text: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    id: String,
    message: String,
}

/// A mail as it came: who wrote to whom, what was made of it, and what it looks like.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Path(place): Path<Place>,
) -> Result<Response, PageError> {
    let (message, mail) = find(&web, &place).await?;
    let html = match original(&web, &mail).await? {
        Some((_, bytes)) => {
            let safe = tokio::task::spawn_blocking(move || channel::safe_html(&bytes));
            safe.await.context("making a mail harmless")?
        }
        None => None,
    };
    render(&MailPage {
        frame: Frame::new(&web, &agent, "").await?,
        note: MailNote::new(&mail),
        to: people(&mail.to),
        reply_to: people(&mail.reply_to),
        sent: Moment::new(message.sent_at, web.desk.clock.now()),
        text: visible(&message.body),
        conversation: message.conversation_id,
        message: message.id,
        html,
    })
}

/// A mail byte for byte as it came, to be saved.
pub(super) async fn source(web: State, Path(place): Path<Place>) -> Result<Response, PageError> {
    let (_, mail) = find(&web, &place).await?;
    let (stored, _) = original(&web, &mail).await?.ok_or_else(attachment::gone)?;
    Ok(attachment::response(&web, &stored).await?)
}

/// Lets mails go again to the address that they came back from.
pub(super) async fn clear(act: Act) -> Result<Response, PageError> {
    let acted = act.web.desk.clear_address(&act.id, &act.agent.id, &act.sent.other).await?;
    act.stay(acted, "address-cleared").await
}

async fn find(web: &Web, place: &Place) -> Result<(Message, Mail), PageError> {
    let (store, gone) = (&web.desk.store, || Error::NotFound(t!("mail-gone")));
    let id = ConversationId::from(place.id.as_str());
    let message = MessageId::from(place.message.as_str());
    let mail = store.mail_of(&id).await?.remove(&message).ok_or_else(gone)?;
    let message = store.find_message(&message).await?.ok_or_else(gone)?;
    Ok((message, mail))
}

async fn original(
    web: &Web,
    mail: &Mail,
) -> Result<Option<(StoredAttachment, Vec<u8>)>, PageError> {
    let Some(id) = &mail.original else { return Ok(None) };
    let Some(stored) = web.desk.store.find_attachment(id).await? else { return Ok(None) };
    let bytes = attachment::bytes(web, &stored).await?;
    Ok(Some((stored, bytes)))
}

/// People as a mail names them.
fn people(people: &[Mailbox]) -> String {
    let called = |one: &Mailbox| match &one.name {
        Some(name) => format!("{} <{}>", shortened(&visible(name), SHOWN), visible(&one.address)),
        None => visible(&one.address),
    };
    people.iter().map(called).collect::<Vec<_>>().join(", ")
}

fn listed(why: &[String]) -> String {
    why.iter().map(|why| visible(why)).collect::<Vec<_>>().join("; ")
}
