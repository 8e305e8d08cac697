//! Mails that providers hand in.

use super::{House, house};
use crate::config::{EmailSettings, InboxSettings, Secret};
use crate::conversation::{AgentId, ChannelKind};
use crate::store::Queue;
use axum::body::Body;
use axum::http::Request;

const SECRET: &str = "a-plain-secret-of-thirty-two-ch";
const MAIL: &str =
    "From: anna@their.example\r\nSubject: Boots\r\nMessage-ID: <1@x>\r\n\r\nWhere are they?\r\n";

async fn shop() -> House {
    house(|config| {
        let email = EmailSettings {
            webhook_secrets: vec![Secret::from(SECRET)],
            ..EmailSettings::new("support@shop.example")
        };
        let silent = EmailSettings::new("sales@shop.example");
        for (name, email) in [("support", email), ("sales", silent)] {
            config.inboxes.push(InboxSettings {
                email: Some(Box::new(email)),
                ..InboxSettings::new(name, ChannelKind::Email)
            });
        }
    })
    .await
}

/// The status that a delivery gets.
async fn hand(house: &House, path: &str, kind: &str, password: &str, body: &[u8]) -> u16 {
    use base64::Engine as _;
    let coded = base64::engine::general_purpose::STANDARD.encode(format!("mail:{password}"));
    let request = Request::builder().method("POST").uri(path).header("content-type", kind);
    let request = request.header("authorization", format!("Basic {coded}"));
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    let answer = house.send(request).await;
    let asks = answer.headers.contains_key("www-authenticate");
    assert_eq!(asks, answer.status.as_u16() == 401, "{path}");
    answer.status.as_u16()
}

async fn stored(house: &House) -> usize {
    let rows = house.desk.store.queue(Queue::All, &AgentId::from("nobody"), 0, 100).await;
    rows.expect("read").len()
}

#[tokio::test]
async fn a_mail_is_stored_once_however_often_it_comes() {
    let house = shop().await;
    let multipart = format!(
        "--x\r\ncontent-disposition: form-data; name=\"body-mime\"\r\n\r\n{MAIL}\r\n--x--\r\n"
    );
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("body-mime", MAIL)
        .finish();
    let hook = "/webhook/email/support";
    for (path, kind, body) in [
        (hook, "message/rfc822", MAIL),
        (hook, "message/rfc822", MAIL),
        ("/webhook/email/support/mime", "application/x-www-form-urlencoded", &form),
        (hook, "multipart/form-data; boundary=x", &multipart),
    ] {
        assert_eq!(hand(&house, path, kind, SECRET, body.as_bytes()).await, 200, "{kind}");
    }
    assert_eq!(stored(&house).await, 1);
}

#[tokio::test]
async fn what_is_not_signed_or_no_mail_changes_nothing() {
    let house = shop().await;
    let too_large = vec![b'x'; 41 * 1024 * 1024];
    let raw = "message/rfc822";
    for (path, kind, password, body, status) in [
        ("/webhook/email/support", raw, "wrong", MAIL.as_bytes(), 401),
        ("/webhook/email/sales", raw, SECRET, MAIL.as_bytes(), 404),
        ("/webhook/email/api", raw, SECRET, MAIL.as_bytes(), 404),
        ("/webhook/email/nowhere", raw, SECRET, MAIL.as_bytes(), 404),
        ("/webhook/email/support", "application/json", SECRET, b"{}", 400),
        ("/webhook/email/support", "application/pdf", SECRET, b"x", 400),
        ("/webhook/email/support", raw, SECRET, &too_large, 413),
    ] {
        assert_eq!(hand(&house, path, kind, password, body).await, status, "{path} {kind}");
    }
    assert_eq!(stored(&house).await, 0);
}
