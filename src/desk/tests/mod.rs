//! The desk when things go wrong: inboxes that are gone, nodes that died, turns nobody can read.

mod find;
mod mail;
mod model;
mod spool;

use super::Desk;
use super::sort::{Bulk, BulkAct};
use crate::clock::Clock;
use crate::config::Embedding;
use crate::config::{Config, InboxSettings};
use crate::conversation::{
    Action, AgentId, Author, ChannelKind, Delivery, Inbound, InboxName, Mode, Status,
};
use crate::search::Search;
use crate::store::{End, Received, Sending, Store};
use chrono::TimeDelta;
use std::sync::Arc;
use tempfile::TempDir;

struct Office {
    desk: Arc<Desk>,
    clock: Clock,
    folder: TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = TempDir::new().expect("a folder");
        let clock = Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time"));
        let desk = desk(&folder, &clock, "shop").await;
        Self { desk, clock, folder }
    }

    /// The same business with its inbox under another name in the settings.
    async fn without_its_inbox(self) -> Self {
        let desk = desk(&self.folder, &self.clock, "other").await;
        Self { desk, ..self }
    }

    async fn receive(&self, id: &str, text: &str) -> Received {
        let inbound = Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: settings("shop").inbox(),
            identity: "anna".into(),
            name: None,
            email: None,
            external_id: Some(id.into()),
            body: text.into(),
            attachments: Vec::new(),
            sent_at: self.clock.now(),
        };
        let stored = self.desk.store.receive(&[inbound], self.clock.now()).await;
        stored.expect("it is stored").remove(0)
    }

    async fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.desk.run_due().await.expect("due work is done");
    }

    async fn end(&self, id: &str) -> End {
        let end = self.desk.store.find_end(&InboxName::from("shop"), id).await;
        end.expect("read").expect("an end")
    }

    async fn delivery(&self, received: &Received) -> Option<Delivery> {
        let messages = self.desk.store.messages(&received.conversation_id, i64::MAX, 10).await;
        messages.expect("messages").last().and_then(|message| message.delivery)
    }
}

fn settings(name: &str) -> InboxSettings {
    let mut settings = InboxSettings::new(name, ChannelKind::Api);
    settings.mode = Mode::Auto;
    settings
}

async fn desk(folder: &TempDir, clock: &Clock, inbox: &str) -> Arc<Desk> {
    let config = Config { inboxes: vec![settings(inbox)], ..Config::default() };
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let search = Arc::new(
        Search::open(&folder.path().join("index"), &Embedding::default()).expect("an index"),
    );
    let desk = Desk::open(store, search, Arc::new(config), clock.clone());
    Arc::new(desk.expect("a desk"))
}

#[tokio::test]
async fn a_message_of_an_inbox_that_is_gone_reaches_a_person() {
    let office = Office::open().await;
    let received = office.receive("m1", "Where is my parcel?").await;
    let office = office.without_its_inbox().await;
    office.later(5).await;
    assert_eq!(office.end("m1").await.action, Some(Action::Escalate));
    let conversation = office.desk.store.conversation(&received.conversation_id).await;
    assert_eq!(conversation.expect("read").status, Status::Waiting);
    assert_eq!(office.delivery(&received).await, None, "nothing is said for an inbox that is gone");
}

#[tokio::test]
async fn a_reply_by_an_inbox_that_is_gone_fails_in_sight() {
    let office = Office::open().await;
    let received = office.receive("m1", "Where is my parcel?").await;
    let agent = AgentId::from("ada");
    office
        .desk
        .reply(&received.conversation_id, &agent, "On its way.", Sending::AtOnce)
        .await
        .expect("a reply");
    let office = office.without_its_inbox().await;
    office.later(1).await;
    assert_eq!(office.delivery(&received).await, Some(Delivery::Failed));
}

#[tokio::test]
async fn a_turn_whose_workers_keep_dying_is_put_before_a_person() {
    let office = Office::open().await;
    office.receive("m1", "Hello, how long may I return boots?").await;
    let lease = TimeDelta::seconds(30);
    for _ in 0..3 {
        office.clock.advance(lease + lease);
        let now = office.clock.now();
        let claimed = office.desk.store.claim_turns(1, now, now + lease).await.expect("a claim");
        assert_eq!(claimed.len(), 1, "whoever claimed it died");
    }
    office.later(60).await;
    let end = office.end("m1").await;
    assert_eq!((end.state.as_deref(), end.action), (Some("decided"), Some(Action::Escalate)));
    let record = end.record.expect("a record");
    assert!(record.contains("\"failure\""), "{record}");
}

#[tokio::test]
async fn a_turn_that_cannot_be_read_is_put_before_a_person() {
    let office = Office::open().await;
    let received = office.receive("m1", "Hello, how long may I return boots?").await;
    office.desk.store.garble_messages(&received.conversation_id).await;
    for _ in 0..5 {
        office.later(120).await;
    }
    let end = office.end("m1").await;
    assert_eq!((end.state.as_deref(), end.action), (Some("decided"), Some(Action::Escalate)));
    let conversation = office.desk.store.conversation(&received.conversation_id).await;
    assert_eq!(conversation.expect("read").status, Status::Waiting);
}

#[tokio::test]
async fn a_delivery_whose_nodes_keep_dying_is_given_up_in_sight() {
    let office = Office::open().await;
    let received = office.receive("m1", "Where is my parcel?").await;
    let agent = AgentId::from("ada");
    office
        .desk
        .reply(&received.conversation_id, &agent, "On its way.", Sending::AtOnce)
        .await
        .expect("a reply");
    let lease = TimeDelta::seconds(30);
    let most = office.desk.config.worker.max_attempts;
    for attempt in 1..=most {
        office.clock.advance(TimeDelta::hours(1));
        let now = office.clock.now();
        let claimed = office.desk.store.claim_outbox(1, now, now + lease).await.expect("a claim");
        assert_eq!(claimed.len(), 1, "attempt {attempt}");
        office.clock.advance(lease + lease);
        let now = office.clock.now();
        let orphans = office.desk.store.claim_orphans(10, now, now + lease).await;
        for orphan in orphans.expect("orphans") {
            office.desk.settle_orphan(&orphan).await.expect("settled");
        }
    }
    let state = office.delivery(&received).await;
    assert!(matches!(state, Some(Delivery::Failed | Delivery::Uncertain)), "{state:?}");
}

#[tokio::test]
async fn what_is_done_to_many_is_done_where_merged_ones_go_on_and_once() {
    let office = Office::open().await;
    let (agent, colleague) = (AgentId::from("ada"), AgentId::from("bo"));
    let older = office.receive("m1", "Hello, how long may I return boots?").await.conversation_id;
    office.desk.take(&older, &agent).await.expect("taken");
    office.desk.resolve(&older, &agent).await.expect("closed");
    office.clock.advance(TimeDelta::days(8));
    let newer = office.receive("m2", "Boots, how long?").await.conversation_id;
    office.desk.merge_conversations(&older, &newer, &agent).await.expect("merged");
    office.desk.reply(&newer, &agent, "45 days.", Sending::AtOnce).await.expect("answered");
    let all = [older.clone(), newer.clone(), older.clone(), "none".into()];
    for act in [BulkAct::Take, BulkAct::GiveBack] {
        let bulk = office.desk.bulk(&all, &colleague, &act).await.expect("done");
        assert_eq!(bulk, Bulk { done: 1, gone: 1, ..Bulk::default() }, "{act:?}");
    }
    office.later(60).await;
    let said = office.desk.store.thread(&newer, None, 100).await.expect("a thread");
    let bot = said.iter().filter(|it| it.author == Author::Bot).count();
    assert_eq!(bot, 0, "what was answered is not answered again");
    let stands = async |id| office.desk.store.conversation(id).await.expect("read").status;
    assert_eq!((stands(&older).await, stands(&newer).await), (Status::Resolved, Status::Bot));
}
