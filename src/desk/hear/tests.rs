//! Which files are put to an endpoint; what it makes of them is told by stories over HTTP.

use crate::clock::Clock;
use crate::config::{Config, Embedding, InboxSettings, Transcription};
use crate::conversation::{Attachment, AttachmentId, ChannelKind, ContactId, Inbound};
use crate::desk::Desk;
use crate::search::Search;
use crate::store::{Store, StoredAttachment};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tempfile::TempDir;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn settings() -> InboxSettings {
    InboxSettings::new("web", ChannelKind::Webchat)
}

/// A desk with an endpoint that nobody answers at; its folder is the one of its files.
async fn desk(folder: &TempDir) -> Arc<Desk> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let config = Config {
        inboxes: vec![settings()],
        transcription: Some(Transcription::new("http://127.0.0.1:9/v1", "whisper")),
        ..Config::default()
    };
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let search = Search::open(&folder.path().join("index"), &Embedding::default());
    let search = Arc::new(search.expect("an index"));
    let desk = Desk::open(store, search, Arc::new(config), Clock::by_hand(now())).expect("a desk");
    Arc::new(desk.with_files(folder.path().to_owned()).expect("it hears"))
}

/// A customer writes, with a voice note of that name if any; returns who they are.
async fn write(desk: &Desk, identity: &str, note: Option<&str>) -> ContactId {
    let note = note.map(|id| Attachment {
        id: AttachmentId::from(id),
        name: "note.ogg".into(),
        media_type: "audio/ogg".into(),
        size: 4,
        url: None,
        missing: None,
        heard: None,
    });
    let inbound = Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: settings().inbox(),
        identity: identity.into(),
        name: None,
        email: None,
        external_id: None,
        body: "Hello".into(),
        attachments: note.into_iter().collect(),
        sent_at: now(),
    };
    let received = desk.store.receive(&[inbound], desk.clock.now()).await.expect("stored");
    received[0].contact_id.clone()
}

/// Requests made so far.
async fn requests(desk: &Arc<Desk>) -> i64 {
    desk.clock.advance(TimeDelta::seconds(5));
    desk.run_due().await.expect("due work is done");
    let (all, _) = desk.store.spent(now().date_naive(), None).await.expect("read");
    all.calls
}

#[tokio::test]
async fn nobody_has_another_customers_voice_note_heard() {
    let folder = TempDir::new().expect("a folder");
    let desk = desk(&folder).await;
    let anna = write(&desk, "anna", None).await;
    let file = StoredAttachment {
        id: AttachmentId::from("note"),
        inbox: settings().inbox().name,
        contact_id: anna,
        conversation_id: None,
        name: "note.ogg".into(),
        media_type: "audio/ogg".into(),
        size: 4,
    };
    desk.store.add_attachment(&file, now()).await.expect("recorded");
    std::fs::write(folder.path().join("note"), b"OggS").expect("written");
    write(&desk, "mallory", Some("note")).await;
    write(&desk, "mallory", Some("../test.db")).await;
    assert_eq!(requests(&desk).await, 0);
    write(&desk, "anna", Some("note")).await;
    assert_eq!(requests(&desk).await, 3, "tried, and tried again");
}
