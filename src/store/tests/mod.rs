//! The store's promises, kept on SQLite and, where `TEST_DATABASE_URL` is set, on PostgreSQL.

mod agent;
mod article;
mod attachment;
mod attendance;
mod desk;
mod due;
mod factor;
mod give;
mod identity;
mod intake;
mod mail;
mod mailbox;
mod outbox;
mod person;
mod regroup;
mod saved;
mod sort;
mod spoken;
mod staff;
mod team;
mod template;
mod token;
mod transcript;
mod trust;
mod turn;
mod whatsapp;

use super::{Claimed, Store, StoredLicence, TurnRead};
use crate::config::InboxSettings;
use crate::conversation::{
    Action, AgentId, Basis, ChannelKind, Citation, Conclusion, ContactId, DecisionId, Draft, Event,
    Inbound, Inbox, InboxName, Mode, Priority, Reason, Reply, Turn, Writer,
};
use crate::knowledge::{EntryId, Risk};
use crate::lang::Lang;
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

/// A fresh store; its folder goes with it.
struct Fresh {
    store: Store,
    url: String,
    _folder: TempDir,
}

#[expect(clippy::disallowed_methods, reason = "the test run says where PostgreSQL is")]
async fn fresh() -> Fresh {
    let folder = TempDir::new().expect("a folder");
    let url = match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => own_database(&server).await,
        Err(_) => format!("sqlite://{}", folder.path().join("test.db").display()),
    };
    let store = Store::open(&url).await.expect("the store opens");
    store.license(&inbox().name).await;
    Fresh { store, url, _folder: folder }
}

async fn own_database(server: &str) -> String {
    use sqlx::{Connection as _, Executor as _};
    let name = format!("store_{}", uuid::Uuid::now_v7().simple());
    let mut connection = sqlx::PgConnection::connect(server).await.expect("PostgreSQL is there");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    connection.execute(create).await.expect("a database of its own");
    let (base, _) = server.rsplit_once('/').expect("the URL ends in a database's name");
    format!("{base}/{name}")
}

fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn after(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

fn inbox() -> Inbox {
    let mut settings = InboxSettings::new("api", ChannelKind::Api);
    settings.quiet_seconds = Some(2);
    settings.quiet_cap_seconds = Some(5);
    settings.inbox()
}

fn inbound(contact: &str, id: &str, body: &str) -> Inbound {
    Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: inbox(),
        identity: contact.to_owned(),
        name: None,
        email: None,
        external_id: Some(id.to_owned()),
        body: body.to_owned(),
        attachments: Vec::new(),
        sent_at: noon(),
    }
}

fn agent() -> AgentId {
    AgentId::from("agent-1")
}

/// Stores one message.
async fn receive(store: &Store, contact: &str, id: &str, now: DateTime<Utc>) -> super::Received {
    let mut all = store.receive(&[inbound(contact, id, "hello")], now).await.expect("it is stored");
    all.remove(0)
}

/// Claims the one due turn and reads it.
async fn claim(store: &Store, now: DateTime<Utc>) -> (Claimed, Turn) {
    let claimed = store.claim_turns(10, now, now + TimeDelta::seconds(60)).await.expect("a claim");
    let [claimed] = claimed.try_into().expect("exactly one turn is due");
    let turn = match store.turn(&claimed, |_| Some(inbox())).await.expect("a turn") {
        TurnRead::Open(turn) => *turn,
        other => panic!("the turn is open: {other:?}"),
    };
    (claimed, turn)
}

fn draft() -> Draft {
    let citation = Citation {
        entry: EntryId::from("returns/window"),
        version: 1,
        excerpt: "45 days".into(),
        title: "How long?".into(),
    };
    Draft {
        text: "You have 45 days.".into(),
        citations: vec![citation],
        writer: Writer::Verbatim,
        lang: Lang::EN,
    }
}

fn conclusion(action: Action) -> Conclusion {
    let (event, draft, reply) = match action {
        Action::Answer => (Event::BotReplied, Some(draft()), Some(reply())),
        Action::Clarify => (Event::BotReplied, None, Some(reply())),
        Action::Draft => (Event::HandedOff, Some(draft()), None),
        Action::Escalate => (Event::HandedOff, None, None),
        Action::Ignore => (Event::NothingToDo, None, None),
    };
    Conclusion {
        id: DecisionId::fresh(),
        action,
        reasons: vec![Reason::Sure],
        confidence: 0.9,
        mode: Mode::Auto,
        draft,
        reply,
        event,
        summary: None,
        lang: Lang::EN,
        priority: Priority::Normal,
        topic: Some("returns".into()),
        basis: Some(basis()),
        record: serde_json::json!({ "why": "test" }),
    }
}

fn basis() -> Basis {
    Basis {
        risk: Risk::Standard,
        entry: Some("a".into()),
        features: serde_json::json!({ "coverage": 0.9 }),
        eligible: true,
        share: 1.0,
        drawn: None,
    }
}

fn reply() -> Reply {
    Reply {
        body: "You have 45 days.".into(),
        citations: Vec::new(),
        choices: Vec::new(),
        tells_handoff: false,
    }
}

impl Store {
    /// Lets an inbox answer by itself, as if it had earned that.
    pub(crate) async fn license(&self, inbox: &InboxName) {
        let now = noon() - TimeDelta::days(1);
        let licence = |risk| StoredLicence {
            inbox: inbox.clone(),
            risk,
            threshold: Some(0.5),
            model_version: "test".into(),
            granted_at: Some(now),
            suspended_at: None,
            computed_at: now,
            body: serde_json::json!({}),
        };
        let licences = [Risk::Low, Risk::Standard, Risk::High].map(licence);
        self.put_licences(&licences, 0).await.expect("the licences are stored");
    }

    /// How many automatic answers wait for a verdict.
    pub(crate) async fn audits_waiting(&self) -> anyhow::Result<usize> {
        Ok(self.audits(0, 100).await?.len())
    }

    /// Leaves what was spent unreadable, as a fault on the disk might.
    pub(crate) async fn lose_spending(&self) {
        let lost = crate::store::on!(&self.write, db => {
            sqlx::query("drop table model_use").execute(db).await.map(drop)
        });
        lost.expect("it is gone");
    }

    /// Leaves a conversation's messages unreadable, as a fault on the disk might.
    pub(crate) async fn garble_messages(&self, id: &crate::conversation::ConversationId) {
        let garbled = crate::store::on!(&self.write, db => {
            sqlx::query("update message set attachments = 'no list' where conversation_id = $1")
                .bind(id)
                .execute(db)
                .await
                .map(drop)
        });
        garbled.expect("the messages are garbled");
    }
}

/// Every way in which a contact is known, the newest first.
async fn identities(store: &Store, contact: &ContactId) -> Vec<crate::conversation::Identity> {
    let mut person = store.person(contact, 1).await.expect("read");
    person.contacts.swap_remove(0).identities
}
