//! Who writes, beside their conversation: how they are reached, what was said with them before, and notes.

use super::act::LONGEST;
use super::clockface::Moment;
use super::form::{Act, tidy};
use super::list::{contact, shortened};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{
    ChannelKind, ContactId, ContactNoteId, Conversation, ConversationId, Identity, IdentityKind,
};
use crate::store::{Acted, ContactNote, PastConversation, Person};
use crate::web::words::say_of;
use crate::web::{Error, State, Web, markdown};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Conversations that the pane lists.
pub(super) const CONVERSATIONS: i64 = 20;
/// Contacts that a search offers.
const FOUND: i64 = 20;
/// Characters that a name may have, and that a pane shows of an address or of words.
const LONGEST_NAME: usize = 200;
const SHOWN: usize = 120;

/// A person as the pane shows them.
pub(super) struct PersonView {
    /// The name, whole, to be corrected.
    pub(super) name: String,
    /// Who has corrected it.
    pub(super) named_by: Option<String>,
    pub(super) identities: Vec<IdentityView>,
    pub(super) first_seen: Moment,
    pub(super) last_seen: Moment,
    /// What else they are called, where several contacts are this person.
    pub(super) also: Vec<String>,
    pub(super) conversations: Vec<PastView>,
    /// Whether there are older ones.
    pub(super) more: bool,
    pub(super) notes: Vec<NoteView>,
}

/// How an inbox knows a person.
pub(super) struct IdentityView {
    pub(super) inbox: Option<String>,
    pub(super) value: String,
    /// How far it is to be believed.
    pub(super) standing: String,
}

/// An earlier conversation, or this one.
pub(super) struct PastView {
    pub(super) id: ConversationId,
    pub(super) inbox: String,
    pub(super) began: Moment,
    pub(super) words: String,
    pub(super) is_this: bool,
    /// How it stands, in words.
    pub(super) standing: String,
    /// Whether it can be merged with this one.
    pub(super) fits: bool,
}

/// A note on a person.
pub(super) struct NoteView {
    pub(super) id: ContactNoteId,
    pub(super) by: String,
    pub(super) html: String,
    pub(super) at: Moment,
    /// Whether it was put away, and can be brought back.
    pub(super) is_away: bool,
}

impl PersonView {
    /// The person with whom a conversation is.
    pub(super) fn new(
        web: &Web,
        person: &Person,
        notes: Vec<ContactNote>,
        conversation: &Conversation,
        names: &HashMap<String, String>,
        now: DateTime<Utc>,
    ) -> Self {
        let all: Vec<&Identity> = person.contacts.iter().flat_map(|it| &it.identities).collect();
        let seen = all.iter().map(|identity| identity.seen_at).max();
        let first = person.contacts.iter().map(|contact| contact.created_at).min();
        let own = person.contacts.first();
        let called = |id: &str| names.get(id).cloned().unwrap_or_else(|| t!("an-agent"));
        let shown = usize::try_from(CONVERSATIONS).unwrap_or(usize::MAX);
        Self {
            name: own.and_then(|own| own.name.clone()).unwrap_or_default(),
            named_by: own.and_then(|own| own.name_by.as_ref()).map(|by| called(by.as_str())),
            first_seen: Moment::new(first.unwrap_or(conversation.created_at), now),
            last_seen: Moment::new(seen.unwrap_or(conversation.updated_at), now),
            also: also(person),
            more: person.conversations.len() > shown,
            identities: all.into_iter().map(|it| identity(web, it)).collect(),
            conversations: pasts(person, conversation, shown, now),
            notes: notes.into_iter().map(|it| note(it, &called, now)).collect(),
        }
    }
}

fn also(person: &Person) -> Vec<String> {
    let others = person.contacts.iter().skip(1);
    others.map(|it| shortened(&contact(it.name.as_deref(), it.email.as_deref()), SHOWN)).collect()
}

fn identity(web: &Web, known: &Identity) -> IdentityView {
    let inbox = known.inbox.as_ref();
    let channel = inbox.and_then(|inbox| web.desk.config.inbox(inbox)).map(|inbox| inbox.channel);
    IdentityView {
        inbox: inbox.map(ToString::to_string),
        value: markdown::visible(&known.value),
        standing: match (known.kind, known.verified, channel) {
            (IdentityKind::Email | IdentityKind::Account, true, _) => t!("identity-verified"),
            (IdentityKind::Email | IdentityKind::Account, false, _)
            | (IdentityKind::Channel, _, Some(ChannelKind::Email)) => t!("identity-claimed"),
            (IdentityKind::Channel, _, Some(ChannelKind::Webchat)) => t!("identity-browser"),
            (IdentityKind::Channel, _, Some(ChannelKind::Api)) => t!("identity-program"),
            (IdentityKind::Channel, _, Some(ChannelKind::Whatsapp)) => t!("identity-whatsapp"),
            (IdentityKind::Channel, _, None) => t!("identity-gone"),
        },
    }
}

fn pasts(person: &Person, here: &Conversation, most: usize, now: DateTime<Utc>) -> Vec<PastView> {
    let own = person.contacts.first().map(|own| &own.id);
    let past = |it: &PastConversation| PastView {
        id: it.id.clone(),
        inbox: it.inbox.to_string(),
        began: Moment::new(it.created_at, now),
        words: shortened(&markdown::to_words(it.last_words.as_deref().unwrap_or_default()), SHOWN),
        is_this: it.id == here.id,
        standing: match &it.merged_into {
            Some(_) => t!("tag-merged"),
            None => say_of("state", it.status.as_str()),
        },
        fits: it.id != here.id
            && it.merged_into.is_none()
            && it.inbox == here.inbox
            && Some(&it.contact_id) == own,
    };
    person.conversations.iter().take(most).map(past).collect()
}

fn note(note: ContactNote, called: &impl Fn(&str) -> String, now: DateTime<Utc>) -> NoteView {
    NoteView {
        by: called(note.agent_id.as_str()),
        html: markdown::to_html(&note.body),
        at: Moment::new(note.created_at, now),
        is_away: note.removed_at.is_some(),
        id: note.id,
    }
}

/// Corrects the name of a conversation's contact; an empty one is told anew by their channel.
pub(super) async fn rename(act: Act) -> Result<Response, PageError> {
    let name = tidy(&act.sent.text).split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("contact-no-name")).await;
    }
    let contact = of(&act).await?;
    let name = Some(name.as_str()).filter(|name| !name.is_empty());
    act.web.desk.store.name_contact(&contact, name, &act.agent.id).await?;
    act.stay(Acted::Done(None), "renamed").await
}

/// Adds a note on a conversation's contact.
pub(super) async fn add_note(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("note");
    if act.text.is_empty() || act.text.chars().count() > LONGEST {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("contact-no-note")).await;
    }
    let note = ContactNote {
        id: ContactNoteId::fresh(),
        contact_id: of(&act).await?,
        agent_id: act.agent.id.clone(),
        body: act.text.clone(),
        created_at: act.web.desk.clock.now(),
        removed_at: None,
    };
    act.web.desk.store.add_contact_note(&note).await?;
    act.stay(Acted::Done(None), "contact-noted").await
}

/// Puts a note on a conversation's contact away.
pub(super) async fn remove_note(act: Act) -> Result<Response, PageError> {
    let now = act.web.desk.clock.now();
    put_note(act, Some(now), "note-removed").await
}

/// Brings a note back.
pub(super) async fn restore_note(act: Act) -> Result<Response, PageError> {
    put_note(act, None, "note-restored").await
}

async fn put_note(
    act: Act,
    removed_at: Option<DateTime<Utc>>,
    done: &str,
) -> Result<Response, PageError> {
    let (contact, note) = (of(&act).await?, ContactNoteId::from(act.thing.as_str()));
    if act.web.desk.store.put_contact_note(&contact, &note, removed_at).await? {
        return act.stay(Acted::Done(None), done).await;
    }
    Err(Error::NotFound(t!("error-no-contact-note")).into())
}

/// The contact of the conversation that an act is about.
async fn of(act: &Act) -> Result<ContactId, PageError> {
    let conversation = act.web.desk.store.find_conversation(&act.id).await?;
    Ok(conversation.ok_or_else(no_conversation)?.contact_id)
}

fn no_conversation() -> Error {
    Error::NotFound(t!("error-no-conversation"))
}

#[derive(Template)]
#[template(path = "same_person.html")]
struct SamePage {
    frame: Frame,
    id: ConversationId,
    called: String,
    sought: String,
    found: Vec<Candidate>,
}

/// A contact who may be the same person.
struct Candidate {
    id: ContactId,
    called: String,
    email: Option<String>,
    since: Moment,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
}

/// Looks for a contact who is the same person as that of a conversation.
pub(super) async fn same(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<ConversationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let opened = store.open_conversation(&id).await?.ok_or_else(no_conversation)?;
    let (conversation, own) = (opened.conversation, opened.contact);
    let sought: String = wanted.q.trim().chars().take(LONGEST_NAME).collect();
    let mut found = Vec::new();
    if !sought.is_empty() {
        found = store.find_contacts(&sought, FOUND).await?;
        found.retain(|it| it.id != conversation.contact_id);
    }
    let candidates = found.into_iter().map(|it| Candidate {
        called: shortened(&contact(it.name.as_deref(), it.email.as_deref()), SHOWN),
        email: it.email.as_deref().map(markdown::visible),
        since: Moment::new(it.created_at, now),
        id: it.id,
    });
    render(&SamePage {
        frame: Frame::new(&web, &agent, "").await?,
        called: shortened(&contact(own.name.as_deref(), own.email.as_deref()), SHOWN),
        found: candidates.collect(),
        sought,
        id,
    })
}
