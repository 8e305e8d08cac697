//! Sending against a Graph API that misbehaves: every attempt ends as it truly did, and no part is sent twice.

use super::Whatsapp;
use crate::channel::{Channel as _, File, Parcel};
use crate::config::{Config, InboxSettings};
use crate::conversation::{Author, Message, OutboxId, Sent, Visibility};
use crate::fake::{Account, Fault, Graph};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

const PHONE: &str = "+16505551234";

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().expect("a time")
}

/// A number, and the Graph API that it sends by.
struct World {
    graph: Graph,
    channel: Whatsapp,
    names: Vec<String>,
}

impl World {
    async fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let graph = Graph::start(Account::default()).await.expect("a server");
        let channel = Whatsapp::open(&settings(&graph)).expect("a channel");
        Self { graph, channel, names: vec![PHONE.into(), "US.1349".into()] }
    }

    async fn send(&self, message: &Message, files: &[File], part: usize) -> Sent {
        self.send_at(message, files, part, now()).await
    }

    async fn send_at(
        &self,
        message: &Message,
        files: &[File],
        part: usize,
        now: DateTime<Utc>,
    ) -> Sent {
        let parcel = Parcel {
            id: &OutboxId::from("out-1"),
            identity: PHONE,
            names: &self.names,
            part,
            attempt: 1,
            turn_id: None,
            in_reply_to: Some("wamid.IN1"),
            message,
            template: None,
            thread: None,
            files,
            now,
        };
        self.channel.send(parcel).await
    }
}

fn settings(graph: &Graph) -> InboxSettings {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("sureply.toml");
    std::fs::write(&file, graph.settings("wa")).expect("written");
    let mut config = Config::load(Some(&file)).expect("good settings");
    config.inboxes.pop().expect("the inbox")
}

fn message(body: &str) -> Message {
    Message {
        id: "m".into(),
        conversation_id: "c".into(),
        seq: 1,
        shown: None,
        external_id: None,
        author: Author::Bot,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: now(),
        received_at: now(),
    }
}

#[tokio::test]
async fn a_message_leaves_as_meta_wants_it() {
    let world = World::new().await;
    let sent = world.send(&message("Within **30 days**."), &[], 0).await;
    let got = world.graph.got();
    assert_eq!(sent, Sent::Accepted(Some(got[0].0.clone())));
    let wanted = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": PHONE,
        "recipient": "US.1349", "context": { "message_id": "wamid.IN1" },
        "biz_opaque_callback_data": "out-1", "type": "text",
        "text": { "body": "Within *30 days*.", "preview_url": false },
    });
    assert_eq!(got.iter().map(|(_, request)| request).collect::<Vec<_>>(), [&wanted]);
}

#[tokio::test]
async fn parts_leave_one_by_one_and_only_the_first_answers() {
    let world = World::new().await;
    let long = message(&"word ".repeat(1_500));
    let Sent::Part(_) = world.send(&long, &[], 0).await else { panic!("there is more") };
    let Sent::Accepted(Some(_)) = world.send(&long, &[], 1).await else { panic!("that was all") };
    let got = world.graph.got();
    let of = |at: usize, name: &str| got[at].1.get(name).cloned().unwrap_or_default();
    assert_eq!(of(0, "biz_opaque_callback_data"), json!("out-1~0"));
    assert_eq!(of(1, "biz_opaque_callback_data"), json!("out-1"));
    assert_eq!((of(0, "context").is_null(), of(1, "context").is_null()), (false, true));
    assert_eq!(world.send(&long, &[], 2).await, Sent::Accepted(None), "nothing is left");
}

#[tokio::test]
async fn a_file_is_uploaded_and_sent_by_its_id() {
    let world = World::new().await;
    let pdf = File {
        name: "Rückgabe.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: b"%PDF-1.7".to_vec(),
    };
    let sent = world.send(&message("The label"), &[pdf], 0).await;
    assert!(matches!(sent, Sent::Accepted(Some(_))), "{sent:?}");
    let got = world.graph.got();
    let document = &got[0].1["document"];
    assert_eq!(document["caption"], "The label");
    assert_eq!(document["filename"], "Rückgabe.pdf");
    let file = world.graph.file(document["id"].as_str().expect("an id")).expect("it was uploaded");
    assert_eq!((file.0.as_str(), &file.1[..]), ("application/pdf", &b"%PDF-1.7"[..]));
}

#[tokio::test]
async fn each_fault_ends_an_attempt_as_it_truly_did() {
    for (fault, end, got) in [
        (Fault::Error(131_047), "refused", 0),
        (Fault::Error(131_026), "refused", 0),
        (Fault::Error(100), "refused", 0),
        (Fault::Error(130_429), "again", 0),
        (Fault::Error(131_056), "again", 0),
        (Fault::Status(429), "again", 0),
        (Fault::Error(190), "held", 0),
        (Fault::Error(131_031), "held", 0),
        (Fault::Status(500), "unknown", 0),
        (Fault::Status(503), "unknown", 0),
        (Fault::Lost, "unknown", 0),
        (Fault::TakenThen500, "unknown", 1),
        (Fault::TakenThenLost, "unknown", 1),
    ] {
        let world = World::new().await;
        world.graph.next([fault]);
        let sent = world.send(&message("hi"), &[], 0).await;
        let found = match &sent {
            Sent::Accepted(_) => "accepted",
            Sent::Part(_) => "part",
            Sent::Again(..) => "again",
            Sent::Held(..) => "held",
            Sent::Refused(_) => "refused",
            Sent::Unknown(_) => "unknown",
        };
        assert_eq!((found, world.graph.got().len()), (end, got), "{fault:?}: {sent:?}");
        assert!(!format!("{sent:?}").contains(&world.graph.account().token), "{sent:?}");
    }
}

#[tokio::test]
async fn an_account_that_may_not_send_pauses_everything_and_is_tried_again_after_minutes() {
    let world = World::new().await;
    world.graph.next([Fault::Error(190)]);
    let Sent::Held(until, words) = world.send(&message("hi"), &[], 0).await else { panic!("held") };
    assert!(words.contains("token"), "{words}");
    assert!(world.channel.state().expect("a state").sending.is_some(), "the screen tells");
    assert!(matches!(world.send(&message("hi"), &[], 0).await, Sent::Held(..)));
    assert_eq!(world.graph.asked().len(), 1, "Meta is not asked meanwhile");
    assert!(until > now() + TimeDelta::minutes(1));
    let sent = world.send_at(&message("hi"), &[], 0, until).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    assert!(world.channel.state().expect("a state").sending.is_none(), "all is well");
}

#[tokio::test]
async fn a_burst_to_one_customer_is_put_off_and_never_asked_of_meta() {
    let world = World::new().await;
    for _ in 0..45 {
        assert!(matches!(world.send(&message("hi"), &[], 0).await, Sent::Accepted(_)));
    }
    let sent = world.send(&message("hi"), &[], 0).await;
    assert!(matches!(sent, Sent::Held(at, _) if at == now() + TimeDelta::seconds(6)), "{sent:?}");
    assert_eq!(world.graph.asked().len(), 45);
}

#[tokio::test]
async fn a_mark_says_read_and_typing_and_failing_at_it_is_nothing() {
    let world = World::new().await;
    world.channel.attend("wamid.IN7", now()).await;
    let marks = world.graph.marks();
    assert_eq!(marks[0]["message_id"], "wamid.IN7");
    assert_eq!(marks[0]["typing_indicator"]["type"], "text");
}
