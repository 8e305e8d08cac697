//! The spool at the desk: what was answered is stored once, whatever the database was busy with and however it ended.

use crate::clock::Clock;
use crate::config::{Config, Embedding, InboxSettings, WhatsappSettings};
use crate::conversation::{AgentId, ChannelKind, InboxName};
use crate::desk::receive::Intake;
use crate::desk::{Desk, Spooling};
use crate::search::Search;
use crate::store::{Queue, Store};
use serde_json::json;
use sqlx::SqlitePool;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::JoinHandle;

struct Shop {
    desk: Arc<Desk>,
    intake: Intake,
    tasks: Vec<JoinHandle<()>>,
}

async fn desk(folder: &TempDir, inbox: &str, number: &str) -> Arc<Desk> {
    let mut settings = InboxSettings::new(inbox, ChannelKind::Whatsapp);
    settings.whatsapp =
        Some(Box::new(WhatsappSettings::new(number, "a secret of the app", "words")));
    let config = Config { inboxes: vec![settings], ..Config::default() };
    let store = Store::open(&url(folder)).await.expect("a store");
    let index = folder.path().join("index");
    let search = Arc::new(Search::open(&index, &Embedding::default()).expect("an index"));
    let desk = Desk::open(store, search, Arc::new(config), Clock::real()).expect("a desk");
    Arc::new(desk.with_files(folder.path().to_owned()).expect("it keeps files"))
}

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("test.db").display())
}

impl Shop {
    async fn open(folder: &TempDir) -> Self {
        Self::of(folder, "wa").await
    }

    async fn of(folder: &TempDir, inbox: &str) -> Self {
        Self::numbered(folder, inbox, "1065").await
    }

    async fn numbered(folder: &TempDir, inbox: &str, number: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let desk = desk(folder, inbox, number).await;
        let (intake, storing) = Intake::start(Arc::clone(&desk));
        let spool = folder.path().join("spool");
        let spooling = Spooling::start(&desk, &spool, "node").await.expect("a spool");
        let (spooling, task) = spooling.expect("a number has come");
        Self { desk, intake: intake.through(spooling), tasks: vec![storing, task] }
    }

    /// Hands in what Meta posts of messages with these names.
    async fn take(&self, ids: &[&str]) {
        let messages = ids.iter().map(|id| {
            json!({ "from": "49170111", "id": id, "type": "text", "text": { "body": "Hello?" } })
        });
        let messages: Vec<_> = messages.collect();
        let value = json!({ "metadata": { "phone_number_id": "1065" }, "messages": messages });
        let change = json!({ "field": "messages", "value": value });
        let body = json!({ "entry": [{ "changes": [change] }] }).to_string();
        let (settings, now) = (&self.desk.config.inboxes[0], self.desk.clock.now());
        let whatsapp = settings.whatsapp.as_deref().expect("a number");
        let told = Desk::read_whatsapp(settings, whatsapp, body.as_bytes(), now);
        let told = told.expect("it is JSON");
        let inbox = InboxName::from("wa");
        let taken = self.desk.take_whatsapp(&self.intake, &inbox, told, (body.as_bytes(), now));
        taken.await.expect("there is room").expect("it is on disk");
    }

    /// Stops as a server does: all that was taken is stored.
    async fn stop(self) -> Arc<Desk> {
        drop(self.intake);
        for task in self.tasks {
            task.await.expect("it ends well");
        }
        self.desk
    }

    /// Ends as a server that is killed: nobody stores anything any more.
    fn killed(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn stored(desk: &Desk) -> Vec<String> {
    let rows = desk.store.queue(Queue::All, &AgentId::from("nobody"), 0, 9).await.expect("read");
    let mut ids = Vec::new();
    for row in rows {
        let messages = desk.store.messages(&row.id, i64::MAX, 100).await.expect("read");
        ids.extend(messages.into_iter().filter_map(|message| message.external_id));
    }
    ids
}

/// Keeps whoever wants to write to the database waiting.
async fn held(folder: &TempDir) -> sqlx::Transaction<'static, sqlx::Sqlite> {
    let database = SqlitePool::connect(&url(folder)).await.expect("the database");
    database.begin_with("begin immediate").await.expect("held")
}

/// A server that has answered a message is killed before it is stored.
async fn killed_with_one(folder: &TempDir) {
    let shop = Shop::open(folder).await;
    let held = held(folder).await;
    shop.take(&["wamid.1"]).await;
    shop.killed();
    held.rollback().await.expect("let go");
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_database() {
    let folder = TempDir::new().expect("a folder");
    let shop = Shop::open(&folder).await;
    let held = held(&folder).await;
    shop.take(&["wamid.1"]).await;
    shop.take(&["wamid.2"]).await;
    assert!(stored(&shop.desk).await.is_empty(), "the database is busy");
    held.rollback().await.expect("let go");
    let desk = shop.stop().await;
    assert_eq!(stored(&desk).await, ["wamid.1", "wamid.2"]);
}

#[tokio::test]
async fn what_a_killed_server_has_answered_is_stored_once_at_the_next_start() {
    let folder = TempDir::new().expect("a folder");
    let shop = Shop::open(&folder).await;
    shop.take(&["wamid.0"]).await;
    let desk = shop.stop().await;
    assert_eq!(stored(&desk).await, ["wamid.0"]);

    let shop = Shop::open(&folder).await;
    let held = held(&folder).await;
    shop.take(&["wamid.1", "wamid.2"]).await;
    shop.take(&["wamid.3"]).await;
    shop.killed();
    held.rollback().await.expect("let go");
    let shop = Shop::open(&folder).await;
    let all = ["wamid.0", "wamid.1", "wamid.2", "wamid.3"];
    assert_eq!(stored(&shop.desk).await, all, "before anybody is served");
    shop.take(&["wamid.3", "wamid.4"]).await;
    let desk = shop.stop().await;
    assert_eq!(stored(&desk).await, [&all[..], &["wamid.4"]].concat());
}

#[tokio::test]
async fn what_came_by_an_inbox_that_is_gone_is_kept_as_it_came() {
    let folder = TempDir::new().expect("a folder");
    killed_with_one(&folder).await;
    let shop = Shop::of(&folder, "other").await;
    let kept = shop.desk.store.kept(&InboxName::from("wa"), 10).await.expect("read");
    let [(kind, body)] = &kept[..] else { panic!("one: {kept:?}") };
    assert!(kind == "unstored" && body.contains("wamid.1"), "{body}");
    shop.stop().await;
}

#[tokio::test]
async fn what_came_by_a_number_that_is_gone_is_kept_as_it_came() {
    let folder = TempDir::new().expect("a folder");
    killed_with_one(&folder).await;
    let shop = Shop::numbered(&folder, "wa", "1066").await;
    let kept = shop.desk.store.kept(&InboxName::from("wa"), 10).await.expect("read");
    assert!(kept.len() == 1 && kept[0].1.contains("wamid.1"), "{kept:?}");
    shop.stop().await;
}

#[tokio::test]
async fn one_message_that_cannot_be_stored_keeps_no_other_waiting() {
    let folder = TempDir::new().expect("a folder");
    let shop = Shop::open(&folder).await;
    let database = SqlitePool::connect(&url(&folder)).await.expect("the database");
    let trigger = "create trigger poison before insert on message when new.external_id = 'wamid.2'
         begin select raise(abort, 'poison'); end";
    sqlx::query(trigger).execute(&database).await.expect("a trigger");
    shop.take(&["wamid.1", "wamid.2"]).await;
    shop.take(&["wamid.3"]).await;
    let desk = shop.stop().await;
    assert_eq!(stored(&desk).await, ["wamid.1", "wamid.3"]);
    let kept = desk.store.kept(&InboxName::from("wa"), 10).await.expect("read");
    assert!(kept.len() == 1 && kept[0].1.contains("wamid.2"), "{kept:?}");
}
