//! WhatsApp's webhooks over the real route: every known shape is taken in, and a thousand updates in any order are the same.

use crate::support::TestApp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const SECRET: &str = "0123456789abcdef";
const NUMBER: &str = "106540352242922";

const INBOX: &str = "
[[inbox]]
name = 'wa'
channel = 'whatsapp'
[inbox.whatsapp]
phone_number_id = '106540352242922'
app_secrets = ['0123456789abcdef']
verify_token = 'words of ours'
graph_url = 'http://127.0.0.1:1'
";

async fn post(app: &TestApp, body: &Value) {
    let body = body.to_string();
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    let mac = mac.chain_update(&body).finalize().into_bytes();
    let mac = axum::body::Bytes::copy_from_slice(&mac);
    let request = app.http.post(app.url("/webhook/whatsapp/wa"));
    let request = request.header("x-hub-signature-256", format!("sha256={mac:x}")).body(body);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

async fn taken_in(app: &TestApp) -> Vec<String> {
    sureply::bench::taken_in(app.app(), "wa").await.expect("read")
}

/// Ends a story; what is due is done before, such as files that cannot be fetched.
async fn end(app: TestApp) {
    while app.advance(600).await > 0 {}
    app.finish().await;
}

fn fixtures() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/whatsapp/pywa");
    let files = fs::read_dir(&folder).ok()?;
    let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "json"));
    files.sort();
    Some(files)
}

/// A body of another project's tests as if it had been sent to our number, with names of its own.
fn ours(body: &mut Value, number: usize) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), &mut *value) {
                    ("phone_number_id", value) => *value = json!(NUMBER),
                    ("id", Value::String(id)) if id.starts_with("wamid") || id.starts_with('<') => {
                        *id = format!("wamid.{number}.{id}");
                    }
                    ("wa_id", Value::String(id)) => *id = format!("4917{number:07}"),
                    (_, value) => ours(value, number),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| ours(item, number)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn every_shape_that_another_client_knows_is_stored() {
    let Some(files) = fixtures() else {
        eprintln!("left out: there is no ../shared/data/whatsapp/pywa");
        return;
    };
    let app = TestApp::start_as(INBOX).await;
    let mut number = 0;
    for file in files {
        let cases = fs::read_to_string(&file).expect("it was listed");
        let cases: Value = serde_json::from_str(&cases).expect("JSON");
        for (name, case) in cases.as_object().expect("cases by name") {
            let mut body = case.clone();
            number += 1;
            ours(&mut body, number);
            let before = taken_in(&app).await;
            post(&app, &body).await;
            let after = taken_in(&app).await;
            assert!(after.len() > before.len(), "{} {name} left nothing", file.display());
            post(&app, &body).await;
            assert_eq!(taken_in(&app).await, after, "{} {name}, twice", file.display());
        }
    }
    assert!(number >= 70, "{number} bodies");
    end(app).await;
}

/// A thousand updates of all kinds from a hundred customers, one of them broken.
fn thousand() -> Vec<Value> {
    (0..1_000).map(update).collect()
}

fn update(number: usize) -> Value {
    let customer = number % 100;
    let (phone, id) = (format!("49170{customer:06}"), format!("wamid.{number}"));
    let at = (1_763_000_000 + number).to_string();
    let message = |kind: &str, inner: Value| {
        ("messages", json!({ "from": phone, "id": id, "timestamp": at, "type": kind, kind: inner }))
    };
    // The text of the same customer, a hundred updates earlier or later.
    let about = format!("wamid.{customer}");
    let (list, item) = match number / 100 {
        0 => message("text", json!({ "body": format!("Where is order {number}? 😮 أين طلبي؟") })),
        1 => message("image", json!({ "id": "7", "mime_type": "image/png", "caption": "broken" })),
        2 if number == 250 => ("messages", json!({ "type": 7, "id": ["broken"] })),
        2 => message(
            "interactive",
            json!({ "type": "button_reply",
            "button_reply": { "id": "1", "title": "Returns" } }),
        ),
        3 if customer < 50 => message(
            "edit",
            json!({ "original_message_id": about,
            "message": { "type": "text", "text": { "body": format!("edited {number}") } } }),
        ),
        3 => message("revoke", json!({ "original_message_id": about })),
        4 => message("reaction", json!({ "message_id": about, "emoji": "👍" })),
        5 => message("unsupported", json!({ "type": "poll" })),
        6 => (
            "statuses",
            json!({ "id": format!("wamid.ours{number}"), "status": "delivered",
            "timestamp": at, "recipient_id": phone }),
        ),
        7 => (
            "user_preferences",
            json!({ "wa_id": phone, "category": "marketing_messages",
            "value": if customer.is_multiple_of(2) { "stop" } else { "resume" }, "timestamp": at }),
        ),
        8 if customer.is_multiple_of(10) => (
            "message_echoes",
            json!({ "from": "1", "to": phone, "id": id,
            "timestamp": at, "type": "text", "text": { "body": "We call you." } }),
        ),
        8 => message("location", json!({ "latitude": 1.5, "longitude": 2, "name": "Home" })),
        _ => message("of tomorrow", json!({ "number": number })),
    };
    let contact = json!({ "profile": { "name": format!("Customer {customer}") }, "wa_id": phone,
        "user_id": format!("DE.{customer}") });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "1", "phone_number_id": NUMBER },
        "contacts": [contact],
        list: [item],
    });
    json!({ "field": "messages", "value": value })
}

fn body(updates: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": updates }] })
}

/// Another order, the same at each run.
fn shuffled(mut updates: Vec<Value>, mut seed: u64) -> Vec<Value> {
    for last in (1..updates.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(seed >> 33).expect("31 bits") % (last + 1);
        updates.swap(last, place);
    }
    updates
}

#[tokio::test]
async fn a_thousand_updates_at_once_twice_and_in_any_order_are_the_same() {
    let app = TestApp::start_as(INBOX).await;
    let updates = thousand();
    post(&app, &body(&updates)).await;
    let once = taken_in(&app).await;
    let messages = once.iter().filter(|line| line.contains("wamid.") && line.contains("Customer"));
    assert!(messages.count() > 500, "most of them are messages");
    assert!(once.iter().any(|line| line.contains("broken") && line.starts_with("kept")));
    post(&app, &body(&updates)).await;
    assert_eq!(taken_in(&app).await, once, "twice is once");
    end(app).await;
    for (seed, size) in [(7, 1_000), (8, 37)] {
        let app = TestApp::start_as(INBOX).await;
        for some in shuffled(updates.clone(), seed).chunks(size) {
            post(&app, &body(some)).await;
        }
        let other = taken_in(&app).await;
        for (one, other) in once.iter().zip(&other) {
            assert_eq!(one, other, "in order {seed}");
        }
        assert_eq!(once.len(), other.len());
        end(app).await;
    }
}
