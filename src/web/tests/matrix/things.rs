//! What the addresses of routes name: somebody's own things, another's, and some that do not exist.

use crate::config::{Config, InboxSettings};
use crate::conversation::{
    Attachment, AttachmentId, ChannelKind, ConversationId, Inbound, InboxName, TeamId, ViewId,
};
use crate::store::{Role, SavedView, Sending, StoredAttachment, Team, Visitor};
use crate::token;
use crate::web::agent::tests::trust::audited;
use crate::web::agent::tests::world::World;
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// Settings with a second inbox of each kind.
pub(in crate::web) fn settings() -> Config {
    let mut config = Config::default();
    config.inboxes.push(InboxSettings::new("shop", ChannelKind::Webchat));
    config.inboxes.push(InboxSettings::new("depot", ChannelKind::Api));
    config
}

/// One customer's things, and what belongs to them at the desk.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Things {
    /// The token of the visitor whose chat this is.
    pub(in crate::web) token: String,
    conversation: String,
    draft: String,
    attachment: String,
    /// A conversation of the visitor with an answer under audit, which is the bot's.
    answered: String,
    audit: String,
    answer: String,
    /// A conversation with a message of unknown fate.
    unclear: String,
    lost: String,
    /// An invitation.
    link: String,
    /// A link for a new password.
    reset: String,
    /// Somebody of the desk, and where they are logged in.
    person: String,
    session: String,
    /// A program's token, by its name.
    program: String,
    team: String,
    /// What came in and went out over the API, in the inbox `api` or `depot`.
    received: String,
    sent: String,
    /// A saved reply that is somebody's own.
    reply: String,
    /// A search that somebody else keeps.
    view: String,
    /// A contact whom nobody answers.
    blocked: String,
}

/// Whose things a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Whose {
    Own,
    Foreign,
    Nobodys,
}

impl Things {
    /// Somebody's things; `api` is the inbox in which they write over the API.
    pub(in crate::web) async fn new(world: &World, name: &str, api: &str) -> Self {
        let drafted = world.drafted(&format!("{name} asks")).await;
        let (answered, audit, answer) = answered(world, name).await;
        let (unclear, lost) = unclear(world, name).await;
        let (received, sent) = over_the_api(world, name, api).await;
        let conversation = ConversationId::from(drafted.as_str());
        let person = person(world).await;
        let (view, blocked) = (view(world, &person.0).await, blocked(world, name).await);
        let reset = reset(world, name).await;
        let draft = world.desk.store.find_waiting_draft(&conversation);
        Self {
            draft: draft.await.unwrap().unwrap().id.to_string(),
            token: answered.1,
            attachment: answered.2,
            answered: answered.0,
            conversation: drafted,
            audit,
            answer,
            unclear,
            lost,
            link: invitation(world, name).await,
            reset,
            person: person.0,
            program: program(world).await,
            team: team(world).await,
            session: person.1,
            received,
            sent,
            reply: reply(world).await,
            view,
            blocked,
        }
    }

    /// Things that nobody has.
    pub(in crate::web) fn none() -> Self {
        let no = || "made-up".to_owned();
        Self {
            token: no(),
            conversation: no(),
            draft: no(),
            attachment: no(),
            answered: no(),
            audit: no(),
            answer: no(),
            unclear: no(),
            lost: no(),
            link: no(),
            reset: no(),
            person: no(),
            program: no(),
            team: no(),
            session: no(),
            received: no(),
            sent: no(),
            reply: no(),
            view: no(),
            blocked: no(),
        }
    }

    /// An address with its parts filled in. Where it names a thing within a place that is the
    /// caller's own, such as their chat or a conversation of the desk, `place` names that.
    pub(in crate::web) fn address(&self, place: &Self, path: &str, whose: Whose) -> String {
        let (own, other) = if path.starts_with("/api") { ("api", "web") } else { ("web", "api") };
        let inbox = match whose {
            _ if path.contains("{id}") => own,
            Whose::Own => own,
            // The other kind's inbox is no way in.
            Whose::Foreign => other,
            Whose::Nobodys => "made-up",
        };
        let file = match whose {
            Whose::Own => "app.css",
            Whose::Foreign => "..%2Fapp.rs",
            Whose::Nobodys => "made-up",
        };
        let queue = if whose == Whose::Own { "mine" } else { "made-up" };
        path.replace("{inbox}", inbox)
            .replace("{*path}", file)
            .replace("{queue}", queue)
            .replace("{token}", self.token_in(path))
            .replace("{message}", &self.lost)
            .replace("{thing}", "made-up")
            .replace("{id}", self.id(place, path))
    }

    /// What is sent along.
    pub(in crate::web) fn body(&self, body: &str) -> String {
        body.replace("{fresh}", &token::fresh()[..20])
            .replace("{draft}", &self.draft)
            .replace("{audit}", &self.audit)
            .replace("{person}", &self.person)
            .replace("{conversation}", &self.conversation)
    }

    fn token_in(&self, path: &str) -> &str {
        match path {
            _ if path.starts_with("/reset") => &self.reset,
            _ if path.starts_with("/people/tokens") => &self.program,
            _ => &self.link,
        }
    }

    fn id<'a>(&'a self, place: &'a Self, path: &str) -> &'a str {
        let within = if self.conversation == "made-up" { self } else { place };
        match path {
            _ if path.contains("/deliveries/") => &within.unclear,
            _ if path.ends_with("/audit") => &within.answered,
            _ if path.starts_with("/conversations") => &within.conversation,
            _ if path.starts_with("/people/teams") => &self.team,
            _ if path.starts_with("/people") => &self.person,
            _ if path.starts_with("/account") => &self.session,
            _ if path.starts_with("/replies") => &self.reply,
            _ if path.starts_with("/views") => &self.view,
            _ if path.starts_with("/blocked") => &self.blocked,
            _ if path.contains("/attachments") => &self.attachment,
            _ if path.ends_with("helpful") => &self.answer,
            _ if path.contains("/messages") => &self.received,
            _ if path.contains("/sent") => &self.sent,
            _ => "made-up",
        }
    }
}

/// A visitor with a file and an answer of the bot that is under audit.
async fn answered(world: &World, name: &str) -> ((String, String, String), String, String) {
    let (store, now) = (&world.desk.store, world.now());
    let (identity, token) = (format!("{name} chats"), token::fresh());
    let web = InboxName::from("web");
    let visitor = Visitor::New(&identity);
    let session = store.begin_chat(&token::hash(&token), &web, visitor, now).await.unwrap();
    let file = StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: web,
        contact_id: session.contact_id,
        conversation_id: None,
        name: "a.txt".into(),
        media_type: "text/plain".into(),
        size: 5,
    };
    std::fs::write(world.folder.path().join(file.id.as_str()), "words").unwrap();
    store.add_attachment(&file, now).await.unwrap();
    let id = audited(world, &identity).await;
    let conversation = ConversationId::from(id.as_str());
    let audit = store.audits_of(&conversation).await.unwrap().remove(0).decision_id;
    let messages = store.messages(&conversation, i64::MAX, 10).await.unwrap();
    let answer = messages.last().unwrap().id.to_string();
    ((id, token, file.id.to_string()), audit.to_string(), answer)
}

/// A conversation with a message of unknown fate.
async fn unclear(world: &World, name: &str) -> (String, String) {
    let id = world.write(&format!("{name} waits"), "Hello?").await;
    let conversation = ConversationId::from(id.as_str());
    let agent = world.desk.store.agents().await.unwrap().remove(0).id;
    let (store, now) = (&world.desk.store, world.now());
    store.reply(&conversation, &agent, "Hello!", Sending::AtOnce, now).await.unwrap();
    world.lose_deliveries().await;
    let messages = store.messages(&conversation, i64::MAX, 10).await.unwrap();
    let reply = messages.iter().find(|message| message.body == "Hello!").unwrap();
    (id, reply.id.to_string())
}

/// A message that came in over the API, and one that went out.
async fn over_the_api(world: &World, name: &str, inbox: &str) -> (String, String) {
    let (store, now) = (&world.desk.store, world.now());
    let received = format!("{}-{inbox}", name.replace(' ', "-"));
    let inbound = Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: crate::conversation::Inbox {
            name: InboxName::from(inbox),
            channel: ChannelKind::Api,
            ..crate::web::agent::tests::world::inbox()
        },
        identity: name.to_owned(),
        name: None,
        email: None,
        external_id: Some(received.clone()),
        body: "Hello?".into(),
        attachments: Vec::<Attachment>::new(),
        sent_at: now,
    };
    let id = store.receive(&[inbound], now).await.unwrap().remove(0).conversation_id;
    let agent = store.agents().await.unwrap().remove(0).id;
    store.reply(&id, &agent, "Hello!", Sending::AtOnce, now).await.unwrap();
    let messages = store.messages(&id, i64::MAX, 10).await.unwrap();
    let reply = messages.iter().find(|message| message.body == "Hello!").unwrap();
    (received, reply.id.to_string())
}

/// A saved reply of somebody's own, whom nobody else is.
async fn reply(world: &World) -> String {
    let reply = crate::conversation::SavedReply {
        id: crate::conversation::SavedReplyId::fresh(),
        owner_id: Some("somebody".into()),
        title: "Hello".into(),
        body: "Hello {{contact.name}}".into(),
        lang: None,
        shortcut: None,
        written_by: "somebody".into(),
        updated_at: world.now(),
        removed_at: None,
    };
    world.desk.store.add_saved_reply(&reply).await.unwrap();
    reply.id.to_string()
}

/// Somebody of the desk, and a session of theirs.
async fn person(world: &World) -> (String, String) {
    let cookie = world.person(Role::Viewer).await;
    let hash = token::hash(cookie.trim_start_matches("sureply="));
    let found = world.desk.store.find_session(&hash, world.now()).await.unwrap();
    let open = found.unwrap();
    let (id, code) = (open.agent.id, token::fresh());
    let (store, now) = (&world.desk.store, world.now());
    assert!(store.offer_factor(&id, "SECRET", now).await.unwrap());
    assert!(store.confirm_factor(&id, "SECRET", 1, &[code], now).await.unwrap());
    (id.to_string(), open.session_id.to_string())
}

/// A team.
async fn team(world: &World) -> String {
    let team = Team { id: TeamId::fresh(), name: token::fresh(), members: BTreeSet::new() };
    assert!(world.desk.store.save_team(&team, world.now()).await.unwrap());
    team.id.to_string()
}

/// A program's token, by its name.
async fn program(world: &World) -> String {
    let (store, now) = (&world.desk.store, world.now());
    store.add_token(&token::fresh(), "till", None, None, now).await.unwrap();
    store.tokens(0, 1).await.unwrap().remove(0).id.to_string()
}

/// A search that somebody keeps.
async fn view(world: &World, agent: &str) -> String {
    let view = SavedView {
        id: ViewId::fresh(),
        agent_id: agent.into(),
        name: "Refunds".into(),
        shared: true,
        query: "tag=refund".into(),
    };
    assert!(world.desk.store.add_view(&view, world.now()).await.unwrap());
    view.id.to_string()
}

/// A contact whom nobody answers.
async fn blocked(world: &World, name: &str) -> String {
    let id = ConversationId::from(world.write(&format!("{name} sells"), "Buy now").await);
    let (store, now) = (&world.desk.store, world.now());
    let agent = store.agents().await.unwrap().remove(0).id;
    store.block(&id, &agent, "spam", now).await.unwrap();
    store.conversation(&id).await.unwrap().contact_id.to_string()
}

/// A link for a new password; the one called `foreign` is too old.
async fn reset(world: &World, name: &str) -> String {
    let age = if name == "foreign" { TimeDelta::hours(1) } else { TimeDelta::zero() };
    let (link, agent) = (token::fresh(), person(world).await.0);
    let (store, at) = (&world.desk.store, world.now() - age);
    assert!(store.offer_reset(&token::hash(&link), &agent.into(), at).await.unwrap());
    link
}

/// A link to join by; the one called `foreign` is too old.
async fn invitation(world: &World, name: &str) -> String {
    let age = if name == "foreign" { TimeDelta::days(8) } else { TimeDelta::zero() };
    let link = token::fresh();
    let store = &world.desk.store;
    store.invite(&token::hash(&link), None, Role::Viewer, world.now() - age).await.unwrap();
    link
}
