//! How posts end, before a real listener.

use super::{LONGEST_RETRY_AFTER, Webhook};
use crate::channel::Parcel;
use crate::config::Secret;
use crate::conversation::{
    Author, ConversationId, Message, MessageId, OutboxId, Sent, TurnId, Visibility,
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn message() -> Message {
    Message {
        id: MessageId::from("m-2"),
        conversation_id: ConversationId::from("c-1"),
        seq: 2,
        shown: None,
        external_id: None,
        author: Author::Bot,
        agent_id: None,
        visibility: Visibility::Public,
        body: "Within **30 days**.".into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: now(),
        received_at: now(),
    }
}

async fn post(url: &str) -> Sent {
    drop(rustls::crypto::ring::default_provider().install_default());
    let secret = Secret::from("a-plain-secret-of-thirty-two-ch");
    let webhook = Webhook::open(url, &[secret]).expect("a webhook");
    let parcel = Parcel {
        thread: None,
        files: &[],
        id: &OutboxId::from("o-1"),
        identity: "shopper-7",
        names: &[],
        part: 0,
        attempt: 1,
        turn_id: Some(&TurnId::from("t-1")),
        in_reply_to: Some("their-1"),
        message: &message(),
        template: None,
        now: now(),
    };
    webhook.post(parcel).await
}

/// Takes one connection, reads one request, writes `answer` and hangs up; returns what it read.
async fn receiver(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hook?key=private", listener.local_addr().expect("an address"));
    let read = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = Vec::new();
        while !is_whole(&request) {
            assert!(socket.read_buf(&mut request).await.expect("bytes") > 0, "hung up early");
        }
        socket.write_all(answer.as_bytes()).await.expect("writing the answer");
        String::from_utf8(request).expect("text")
    });
    (url, read)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| body.len() >= length)
}

#[tokio::test]
async fn a_receiver_gets_the_message_with_its_id_and_signature() {
    let (url, read) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(post(&url).await, Sent::Accepted(None));
    let request = read.await.expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("a body");
    for line in [
        "POST /hook?key=private HTTP/1.1",
        "content-type: application/json",
        "webhook-id: o-1",
        "webhook-timestamp: 1800000000",
        "webhook-signature: v1,",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let expected = serde_json::json!({
        "type": "message.created",
        "timestamp": "2027-01-15T08:00:00Z",
        "data": {
            "id": "m-2",
            "conversation_id": "c-1",
            "contact_id": "shopper-7",
            "turn_id": "t-1",
            "in_reply_to": "their-1",
            "text": "Within **30 days**.",
            "citations": [],
            "choices": [],
            "author": "bot",
            "sent_at": "2027-01-15T08:00:00Z",
        },
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn an_answer_says_whether_to_come_again() {
    let later = |wait| Sent::Again(now() + wait, String::new());
    for (answer, end) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", Sent::Accepted(None)),
        ("HTTP/1.1 500 X\r\n\r\n", later(TimeDelta::zero())),
        ("HTTP/1.1 429 X\r\nretry-after: 90\r\n\r\n", later(TimeDelta::seconds(90))),
        ("HTTP/1.1 503 X\r\nretry-after: 99999999\r\n\r\n", later(LONGEST_RETRY_AFTER)),
        (
            "HTTP/1.1 503 X\r\nretry-after: Fri, 15 Jan 2027 08:02:00 GMT\r\n\r\n",
            later(TimeDelta::minutes(2)),
        ),
        ("HTTP/1.1 503 X\r\nretry-after: soon\r\n\r\n", later(TimeDelta::zero())),
        ("HTTP/1.1 410 Gone\r\n\r\n", Sent::Refused(String::new())),
        ("HTTP/1.1 401 X\r\n\r\n", Sent::Refused(String::new())),
        ("HTTP/1.1 302 X\r\nlocation: /elsewhere\r\n\r\n", Sent::Refused(String::new())),
        // Hung up after the request was read.
        ("", Sent::Unknown(String::new())),
        ("HTTP/1.1 2", Sent::Unknown(String::new())),
    ] {
        let (url, _read) = receiver(answer).await;
        assert_eq!(without_words(post(&url).await), end, "{answer}");
    }
}

#[tokio::test]
async fn nobody_there_means_again_and_the_address_is_not_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/?key=private", listener.local_addr().expect("an address"));
    drop(listener);
    for url in [url.as_str(), "http://no-such-host.invalid/?key=private"] {
        let Sent::Again(at, words) = post(url).await else { panic!("{url} was reached") };
        assert_eq!(at, now());
        assert!(!words.contains("private"), "{words}");
    }
}

fn without_words(sent: Sent) -> Sent {
    match sent {
        Sent::Accepted(id) => Sent::Accepted(id),
        Sent::Part(part) => Sent::Part(part),
        Sent::Again(at, _) => Sent::Again(at, String::new()),
        Sent::Held(at, _) => Sent::Held(at, String::new()),
        Sent::Refused(_) => Sent::Refused(String::new()),
        Sent::Unknown(_) => Sent::Unknown(String::new()),
    }
}
