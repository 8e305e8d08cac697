//! Files of WhatsApp, fetched from a Meta that obeys the test.

use super::super::Desk;
use crate::channel::{Here, read_whatsapp};
use crate::clock::Clock;
use crate::config::{Config, Embedding, InboxSettings, WhatsappSettings};
use crate::conversation::{
    AgentId, Author, ChannelKind, Happening, InboxName, Message, Missing, Status,
};
use crate::search::Search;
use crate::store::{Queue, Store};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::json;
use sha2::Digest as _;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::net::TcpListener;

const VOICE: &[u8] = b"OggS\0\x02 a voice";
const MOST: usize = 1_000;

/// How Meta answers a call for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meta {
    /// With the address, or the file there.
    Well,
    /// With this status.
    Status(u16),
    /// With an address elsewhere.
    Elsewhere,
    /// With an address that leads elsewhere.
    Away,
    /// With another file.
    Other,
    /// With more bytes than are allowed, whatever size it tells.
    Huge,
}

#[derive(Default)]
struct Mind {
    answers: VecDeque<Meta>,
    asked: usize,
    address: String,
}

type Shared = Arc<Mutex<Mind>>;

async fn address(State(mind): State<Shared>, headers: HeaderMap, id: Path<String>) -> Response {
    let mut mind = mind.lock().expect("no panic holds it");
    mind.asked += 1;
    assert_eq!(headers[header::AUTHORIZATION], "Bearer a-token");
    let next = mind.answers.pop_front().unwrap_or(Meta::Well);
    let at = match next {
        Meta::Status(status) => {
            return StatusCode::from_u16(status).expect("a status").into_response();
        }
        Meta::Elsewhere => "http://169.254.169.254/latest".to_owned(),
        Meta::Well | Meta::Away | Meta::Other | Meta::Huge => {
            format!("{}/file/{next:?}", mind.address)
        }
    };
    Json(json!({ "url": at, "file_size": 2_147_483_648_u64, "id": *id })).into_response()
}

async fn file(headers: HeaderMap, Path(how): Path<String>) -> Response {
    assert_eq!(headers[header::AUTHORIZATION], "Bearer a-token");
    match &*how {
        "Away" => {
            let to = [(header::LOCATION, "http://127.0.0.1:1/secrets")];
            (StatusCode::FOUND, to).into_response()
        }
        "Other" => b"OggS\0\x02 another".to_vec().into_response(),
        "Huge" => vec![b'x'; MOST + 1].into_response(),
        _ => VOICE.to_vec().into_response(),
    }
}

struct Shop {
    desk: Arc<Desk>,
    clock: Clock,
    mind: Shared,
    folder: TempDir,
}

impl Shop {
    async fn open(answers: &[Meta]) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let answers = answers.iter().copied().collect();
        let mind = Arc::new(Mutex::new(Mind { answers, asked: 0, address: address.clone() }));
        let router = Router::new()
            .route("/v25.0/{id}", get(self::address))
            .route("/file/{how}", get(file))
            .with_state(Arc::clone(&mind));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = TempDir::new().expect("a folder");
        let clock = Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time"));
        let desk = desk(&folder, &clock, &address).await;
        Self { desk, clock, mind, folder }
    }

    /// A customer sends a voice note.
    async fn receive(&self, id: &str) {
        let hash = STANDARD.encode(sha2::Sha256::digest(VOICE));
        let audio = json!({ "id": "77", "mime_type": "audio/ogg; codecs=opus", "voice": true,
            "sha256": hash });
        self.take(json!({ "from": "49170111", "id": id, "type": "audio", "audio": audio })).await;
    }

    /// The same customer writes.
    async fn writes(&self, id: &str, words: &str) {
        let text = json!({ "body": words });
        self.take(json!({ "from": "49170111", "id": id, "type": "text", "text": text })).await;
    }

    async fn take(&self, message: serde_json::Value) {
        let value = json!({ "metadata": { "phone_number_id": "1065" }, "messages": [message] });
        let change = json!({ "field": "messages", "value": value });
        let body = json!({ "entry": [{ "changes": [change] }] }).to_string();
        let (inbox, now) = (self.desk.config.inboxes[0].inbox(), self.clock.now());
        let told = read_whatsapp(Here { inbox: &inbox, number: "1065", now }, body.as_bytes());
        let messages = told.expect("it is JSON").messages;
        self.desk.store.take(&messages, &[], now).await.expect("stored");
    }

    async fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.desk.run_due().await.expect("due work is done");
    }

    async fn thread(&self) -> (Status, Vec<Message>) {
        let rows = self.desk.store.queue(Queue::All, &AgentId::from("nobody"), 0, 9).await;
        let row = rows.expect("read").remove(0);
        let messages = self.desk.store.messages(&row.id, i64::MAX, 20).await.expect("read");
        (row.status, messages)
    }

    async fn state(&self, id: &str) -> Option<String> {
        let end = self.desk.store.find_end(&InboxName::from("wa"), id).await;
        end.expect("read").and_then(|end| end.state)
    }

    fn asked(&self) -> usize {
        self.mind.lock().expect("no panic holds it").asked
    }
}

async fn desk(folder: &TempDir, clock: &Clock, address: &str) -> Arc<Desk> {
    let mut whatsapp = WhatsappSettings::new("1065", "0123456789abcdef", "words of ours");
    whatsapp.graph_url = address.to_owned();
    whatsapp.access_token = Some("a-token".into());
    let mut inbox = InboxSettings::new("wa", ChannelKind::Whatsapp);
    inbox.whatsapp = Some(Box::new(whatsapp));
    inbox.quiet_seconds = Some(1);
    let mut config = Config { inboxes: vec![inbox], ..Config::default() };
    config.attachments.max_bytes = MOST;
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let index = Search::open(&folder.path().join("index"), &Embedding::default());
    let search = Arc::new(index.expect("an index"));
    let desk = Desk::open(store, search, Arc::new(config), clock.clone()).expect("a desk");
    Arc::new(desk.with_files(folder.path().to_owned()).expect("a desk"))
}

#[tokio::test]
async fn a_voice_note_is_fetched_and_its_turn_waits_for_it() {
    let shop = Shop::open(&[Meta::Status(500)]).await;
    shop.receive("wamid.1").await;
    let (_, before) = shop.thread().await;
    assert_eq!(before[0].attachments[0].missing, Some(Missing::Coming));
    shop.later(0).await;
    shop.later(1).await;
    assert_eq!(shop.state("wamid.1").await.as_deref(), Some("open"), "the file is not here");
    shop.later(1).await;
    assert_eq!(shop.asked(), 2);
    let (_, thread) = shop.thread().await;
    let note = &thread[0].attachments[0];
    assert_eq!((note.missing, &*note.media_type), (None, "audio/ogg"));
    assert_eq!(usize::try_from(note.size), Ok(VOICE.len()));
    assert!(note.is_sound());
    let laid = std::fs::read(shop.folder.path().join(note.id.as_str())).expect("it is there");
    assert_eq!(laid, VOICE);
    shop.later(1).await;
    assert_eq!(shop.state("wamid.1").await.as_deref(), Some("decided"));
}

#[tokio::test]
async fn what_is_written_after_a_voice_note_waits_for_it_too() {
    let shop = Shop::open(&[Meta::Status(500); 2]).await;
    shop.receive("wamid.1").await;
    shop.later(0).await;
    shop.later(2).await;
    shop.writes("wamid.2", "and hello").await;
    shop.later(3).await;
    assert_eq!(shop.asked(), 2);
    assert_eq!(shop.state("wamid.2").await.as_deref(), Some("open"), "the file is not here");
    shop.later(5).await;
    shop.later(1).await;
    assert_eq!(shop.asked(), 3);
    assert_eq!(shop.state("wamid.2").await.as_deref(), Some("decided"));
}

#[tokio::test]
async fn what_cannot_be_fetched_is_told_at_the_message_and_finds_a_person() {
    for (answers, asked, words) in [
        (vec![Meta::Status(500); 9], 4, "500"),
        (vec![Meta::Status(404); 9], 4, "404"),
        (vec![Meta::Other; 9], 4, "not what was sent"),
        (vec![Meta::Status(401)], 1, "access token"),
        (vec![Meta::Elsewhere], 1, "media_hosts"),
        (vec![Meta::Away], 1, "media_hosts"),
        (vec![Meta::Huge], 1, "1000 bytes"),
    ] {
        let shop = Shop::open(&answers).await;
        shop.receive("wamid.1").await;
        for seconds in [0, 2, 8, 32, 60, 60] {
            shop.later(seconds).await;
        }
        assert_eq!(shop.asked(), asked, "{answers:?}");
        let (status, thread) = shop.thread().await;
        assert_eq!(status, Status::Waiting, "{answers:?}");
        assert_eq!(thread[0].attachments[0].missing, Some(Missing::Lost), "{answers:?}");
        let told = thread.iter().filter(|it| it.author == Author::System);
        let told: Vec<_> = told.filter_map(|it| Happening::read(&it.body)).collect();
        let [Happening::FileLost { words: why, .. }] = &told[..] else { panic!("{told:?}") };
        assert!(why.contains(words), "{why}");
        assert_eq!(shop.state("wamid.1").await.as_deref(), Some("decided"), "{answers:?}");
    }
}

#[tokio::test]
async fn a_node_that_died_while_fetching_is_followed_by_the_next() {
    let shop = Shop::open(&[]).await;
    shop.receive("wamid.1").await;
    let (now, store) = (shop.clock.now(), &shop.desk.store);
    let lost = store.claim_media(9, now, now + TimeDelta::seconds(180)).await.expect("claimed");
    assert_eq!(lost.len(), 1);
    shop.later(60).await;
    assert_eq!(shop.asked(), 0, "it may still be at it");
    shop.later(121).await;
    assert_eq!(shop.asked(), 1);
    let late = crate::store::Fetched::Lost("late".into());
    let settled = store.settle_media(&lost[0], &late, shop.clock.now(), shop.clock.now()).await;
    assert_eq!(settled.expect("read"), None, "its claim is void");
    assert_eq!(shop.thread().await.1[0].attachments[0].missing, None);
}
