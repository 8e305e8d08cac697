//! What Meta posts of WhatsApp, over the real route: what is proven, what is stored, and what follows.

use super::{House, house};
use crate::config::{InboxSettings, WhatsappSettings};
use crate::conversation::{
    AgentId, Author, ChannelKind, ContactId, ConversationId, InboxName, Message, Status, Visibility,
};
use crate::store::Queue;
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};

pub(super) const SECRET: &str = "0123456789abcdef";
pub(super) const NUMBER: &str = "106540352242922";
/// Now, by the house's clock.
pub(super) const NOW: i64 = 1_800_000_000;

async fn shop() -> House {
    shop_with(1024).await
}

/// One where a single delivery may wait.
async fn crowded() -> House {
    shop_with(1).await
}

async fn shop_with(queue: usize) -> House {
    house(|config| {
        config.server.intake_queue = queue;
        let whatsapp = WhatsappSettings::new(NUMBER, SECRET, "words of ours");
        config.inboxes.push(InboxSettings {
            whatsapp: Some(Box::new(whatsapp)),
            ..InboxSettings::new("wa", ChannelKind::Whatsapp)
        });
    })
    .await
}

fn sign(body: &[u8]) -> String {
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    format!("sha256={}", crate::token::hex(&mac.chain_update(body).finalize().into_bytes()))
}

async fn call(house: &House, path: &str, signature: Option<&str>, body: &[u8]) -> u16 {
    let request = Request::builder().method("POST").uri(path);
    let request = request.header("content-type", "application/json");
    let request = match signature {
        Some(signature) => request.header("x-hub-signature-256", signature),
        None => request,
    };
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    house.send(request).await.status.as_u16()
}

pub(super) async fn post(house: &House, body: &Value) {
    let body = body.to_string();
    let signature = sign(body.as_bytes());
    let status = call(house, "/webhook/whatsapp/wa", Some(&signature), body.as_bytes()).await;
    assert_eq!(status, 200, "{body}");
}

/// A body with these items of one list.
pub(super) fn holding(list: &str, items: &[Value]) -> Value {
    of_number(NUMBER, list, items)
}

fn of_number(number: &str, list: &str, items: &[Value]) -> Value {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": number },
        "contacts": [{ "profile": { "name": "Anna" }, "wa_id": "16505551234", "user_id": "US.1" }],
        list: items,
    });
    let change = json!({ "field": "messages", "value": value });
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [change] }] })
}

#[expect(clippy::needless_pass_by_value, reason = "it is written where it is handed over")]
fn message(id: &str, kind: &str, inner: Value) -> Value {
    json!({
        "from": "16505551234", "id": id, "timestamp": NOW.to_string(), "type": kind, kind: inner,
    })
}

pub(super) fn text(id: &str, words: &str) -> Value {
    message(id, "text", json!({ "body": words }))
}

pub(super) async fn conversations(house: &House) -> Vec<(ConversationId, Status)> {
    let rows = house.desk.store.queue(Queue::All, &AgentId::from("nobody"), 0, 100).await;
    rows.expect("read").into_iter().map(|row| (row.id, row.status)).collect()
}

pub(super) async fn thread(house: &House) -> Vec<Message> {
    let mut all = Vec::new();
    for (id, _) in conversations(house).await {
        all.extend(house.desk.store.messages(&id, i64::MAX, 100).await.expect("read"));
    }
    all
}

/// What the customer has said, as the bot may see it: name, words, visibility.
async fn said(house: &House) -> Vec<(String, String, Visibility)> {
    let theirs = thread(house).await.into_iter().filter(|it| it.author == Author::Customer);
    theirs.map(|it| (it.external_id.unwrap_or_default(), it.body, it.visibility)).collect()
}

pub(super) async fn contact_of(house: &House, id: &ConversationId) -> ContactId {
    house.desk.store.conversation(id).await.expect("read").contact_id
}

#[tokio::test]
async fn the_address_is_proven_to_whoever_knows_our_words() {
    let house = shop().await;
    let ask = |inbox: &str, token: &str| {
        format!(
            "/webhook/whatsapp/{inbox}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=115"
        )
    };
    for (path, status, body) in [
        (ask("wa", "words%20of%20ours"), 200, Some("115")),
        (ask("wa", "words%20of%20others"), 403, None),
        (ask("nowhere", "words%20of%20ours"), 404, None),
        ("/webhook/whatsapp/wa".to_owned(), 403, None),
    ] {
        let answer = house.get(&path, "").await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        if let Some(body) = body {
            assert_eq!(answer.body, serde_json::from_str::<Value>(body).expect("a number"));
        }
    }
}

#[tokio::test]
async fn what_is_not_metas_changes_nothing() {
    let house = shop().await;
    let body = holding("messages", &[text("wamid.1", "Hello?")]).to_string();
    let (good, path) = (sign(body.as_bytes()), "/webhook/whatsapp/wa");
    let mut flipped = body.clone().into_bytes();
    flipped[40] ^= 1;
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    for (path, signature, body, status) in [
        (path, None, body.as_bytes(), 401),
        (path, Some(sign(b"other")), body.as_bytes(), 403),
        (path, Some(good.clone()), &flipped, 403),
        (path, Some(good.replacen('a', "b", 1)), body.as_bytes(), 403),
        (path, Some(sign(b"no json")), b"no json", 400),
        (path, Some(sign(&large)), &large, 413),
        ("/webhook/whatsapp/nowhere", Some(good.clone()), body.as_bytes(), 404),
        ("/webhook/whatsapp/api", Some(good.clone()), body.as_bytes(), 404),
    ] {
        assert_eq!(call(&house, path, signature.as_deref(), body).await, status, "{signature:?}");
    }
    post(&house, &of_number("1", "messages", &[text("wamid.1", "Hello?")])).await;
    assert_eq!(said(&house).await, [], "another number's messages are not ours");
    post(&house, &holding("messages", &[text("wamid.1", "Hello?")])).await;
    assert_eq!(said(&house).await.len(), 1);
}

#[tokio::test]
async fn a_batch_with_a_broken_item_lands_whole_and_once() {
    let house = shop().await;
    let items = [
        text("wamid.1", "Where is my order? 😮 أين طلبي"),
        json!(17),
        json!({ "type": "text" }),
        text("wamid.2", "\u{200b} "),
        json!({ "from": "16505551234", "id": "wamid.3", "timestamp": "1", "type": "interactive" }),
        message("wamid.4", "poll", json!({ "name": "?" })),
        message("wamid.5", "text", json!("no object")),
    ];
    for _ in 0..2 {
        post(&house, &holding("messages", &items)).await;
    }
    let said = said(&house).await;
    let unreadable = |id: &str| (id.to_owned(), String::new(), Visibility::Private);
    let first = "Where is my order? 😮 أين طلبي".to_owned();
    assert_eq!(said[0], ("wamid.1".to_owned(), first, Visibility::Public));
    let rest = ["wamid.2", "wamid.3", "wamid.4", "wamid.5"].map(unreadable);
    assert_eq!(said[1..], rest);
    let kept = house.desk.store.kept(&InboxName::from("wa"), 10).await.expect("read");
    assert_eq!(kept.len(), 2, "{kept:?}");
}

#[tokio::test]
async fn a_turn_of_what_cannot_be_read_finds_a_person() {
    let house = shop().await;
    post(&house, &holding("messages", &[message("wamid.1", "unsupported", json!({}))])).await;
    house.desk.clock.advance(TimeDelta::minutes(5));
    house.desk.run_due().await.expect("done");
    let [(_, status)] = conversations(&house).await[..] else { panic!("one conversation") };
    assert_eq!(status, Status::Waiting);
}

#[tokio::test]
async fn edits_and_revocations_count_in_whatever_order_they_come() {
    let edit = |id: &str, at: i64, words: &str| {
        let inner = json!({ "original_message_id": "wamid.1",
            "message": { "type": "text", "text": { "body": words } } });
        let mut edit = message(id, "edit", inner);
        edit["timestamp"] = json!((NOW - 100 + at).to_string());
        edit
    };
    let revoke = message("wamid.r", "revoke", json!({ "original_message_id": "wamid.2" }));
    let all = [
        text("wamid.1", "Where is order 17?"),
        edit("wamid.e1", 1, "Where is order 18?"),
        edit("wamid.e2", 2, "Where is order 19?"),
        text("wamid.2", "my PIN is 1234"),
        revoke,
    ];
    for turns in 0..all.len() {
        let house = shop().await;
        let mut order = all.to_vec();
        order.rotate_left(turns);
        for item in order.iter().chain(&all) {
            post(&house, &holding("messages", std::slice::from_ref(item))).await;
        }
        let mut said = said(&house).await;
        said.sort();
        let expected = [
            ("wamid.1".to_owned(), "Where is order 19?".to_owned(), Visibility::Public),
            ("wamid.2".to_owned(), "my PIN is 1234".to_owned(), Visibility::Private),
        ];
        assert_eq!(said, expected, "{turns}");
        let told = thread(&house).await;
        let told: Vec<_> = told.iter().filter(|it| it.author == Author::System).collect();
        assert_eq!(told.len(), 3, "each change is told once: {told:?}");
        assert!(
            told.iter().any(|it| it.body.contains("order 17")),
            "the first words stay: {told:?}"
        );
    }
}

#[tokio::test]
async fn only_its_writer_changes_a_message() {
    let house = shop().await;
    post(&house, &holding("messages", &[text("wamid.1", "Hello?")])).await;
    let inner = json!({ "original_message_id": "wamid.1" });
    post(&house, &holding("message_echoes", &[message("wamid.r", "revoke", inner)])).await;
    assert_eq!(said(&house).await[0].2, Visibility::Public);
}

#[tokio::test]
async fn a_colleague_in_the_app_takes_the_conversation() {
    let house = shop().await;
    post(&house, &holding("messages", &[text("wamid.1", "How long may I return boots?")])).await;
    let echo = json!({ "from": "15550783881", "to": "16505551234", "id": "wamid.9",
        "timestamp": NOW.to_string(), "type": "text", "text": { "body": "We call you." } });
    for _ in 0..2 {
        post(&house, &holding("message_echoes", std::slice::from_ref(&echo))).await;
    }
    house.desk.clock.advance(TimeDelta::minutes(5));
    house.desk.run_due().await.expect("done");
    let [(_, status)] = conversations(&house).await[..] else { panic!("one conversation") };
    assert_eq!(status, Status::WithAgent);
    let ours: Vec<_> =
        thread(&house).await.into_iter().filter(|it| it.author != Author::Customer).collect();
    assert_eq!(ours.len(), 1, "the bot is silent: {ours:?}");
    assert_eq!((ours[0].author, &*ours[0].body), (Author::Agent, "We call you."));
    assert_eq!(ours[0].delivery, None, "it is never sent");
}

#[tokio::test]
async fn whoever_changes_their_number_stays_who_they_are() {
    let house = shop().await;
    let from = |phone: &str, own: Option<&str>, id: &str| {
        let mut message = text(id, "Hello?");
        message["from"] = json!(phone);
        if let Some(own) = own {
            message["from_user_id"] = json!(own);
        }
        let mut body = holding("messages", &[message]);
        body["entry"][0]["changes"][0]["value"]["contacts"] = json!([]);
        body
    };
    let changed = json!({ "from": "491701111", "id": "wamid.s", "timestamp": "1", "type": "system",
        "system": { "type": "user_changed_number", "wa_id": "491702222", "body": "changed" } });
    post(&house, &from("491701111", Some("DE.1"), "wamid.1")).await;
    post(&house, &holding("messages", &[changed])).await;
    post(&house, &from("491702222", Some("DE.2"), "wamid.2")).await;
    let renamed =
        json!({ "wa_id": "491702222", "user_id": { "previous": "DE.2", "current": "DE.3" } });
    post(&house, &holding("user_id_update", &[renamed])).await;
    post(&house, &from("", Some("DE.3"), "wamid.3")).await;
    assert_eq!(conversations(&house).await.len(), 1, "they are one");
    assert_eq!(said(&house).await.len(), 3);
    // Two who turn out to be one: what both wrote is theirs.
    post(&house, &from("491703333", None, "wamid.4")).await;
    post(&house, &from("491703333", Some("DE.1"), "wamid.5")).await;
    let mut contacts = Vec::new();
    for (id, _) in conversations(&house).await {
        contacts.push(contact_of(&house, &id).await);
    }
    contacts.dedup();
    assert_eq!(contacts.len(), 1, "{contacts:?}");
}

#[tokio::test]
async fn a_time_to_come_is_now_and_the_window_only_moves_forward() {
    let house = shop().await;
    for (id, at, until) in [
        ("wamid.1", NOW - 7_200, NOW - 7_200 + 86_400),
        ("wamid.2", NOW - 90_000, NOW - 7_200 + 86_400),
        ("wamid.3", NOW + 5_000, NOW + 86_400),
    ] {
        let mut message = text(id, "Hello?");
        message["timestamp"] = json!(at.to_string());
        post(&house, &holding("messages", &[message])).await;
        let [(ref id, _)] = conversations(&house).await[..] else { panic!("one conversation") };
        let window = house.desk.store.window(id).await.expect("read");
        assert_eq!(window, DateTime::from_timestamp(until, 0), "{at}");
    }
    assert!(thread(&house).await.iter().all(|it| it.sent_at.timestamp() <= NOW));
}

#[tokio::test]
async fn what_people_want_is_kept_as_they_last_said() {
    let house = shop().await;
    let said = |value: &str, at: i64| {
        json!({ "wa_id": "16505551234", "category": "marketing_messages", "value": value,
            "detail": "said so", "timestamp": at })
    };
    post(&house, &holding("messages", &[text("wamid.1", "Hello?")])).await;
    for (value, at, wanted) in [("resume", 20, true), ("stop", 10, true), ("stop", 30, false)] {
        post(&house, &holding("user_preferences", &[said(value, at)])).await;
        let contact = contact_of(&house, &conversations(&house).await[0].0).await;
        let consent = house.desk.store.consent(&contact, "marketing_messages").await;
        assert_eq!(consent.expect("read"), Some(wanted), "{value} at {at}");
    }
}

#[tokio::test]
async fn a_reaction_stands_at_its_message_until_it_is_taken_back() {
    let house = shop().await;
    let reaction = |id: &str, at: i64, inner: Value| {
        let mut reaction = message(id, "reaction", inner);
        reaction["timestamp"] = json!((NOW - 100 + at).to_string());
        reaction
    };
    let put = reaction("wamid.a", 1, json!({ "message_id": "wamid.1", "emoji": "😮" }));
    let other = reaction("wamid.b", 2, json!({ "message_id": "wamid.1", "emoji": "👍" }));
    let taken_back = reaction("wamid.c", 3, json!({ "message_id": "wamid.1" }));
    post(&house, &holding("messages", &[other, put])).await;
    post(&house, &holding("messages", &[text("wamid.1", "Hello?")])).await;
    let id = &conversations(&house).await[0].0;
    let reactions = || async { house.desk.store.reactions(id).await.expect("read") };
    let standing = reactions().await;
    assert_eq!(standing.iter().map(|(_, it)| &**it).collect::<Vec<_>>(), ["👍"]);
    post(&house, &holding("messages", &[taken_back])).await;
    assert_eq!(reactions().await, []);
    assert_eq!(said(&house).await.len(), 1, "a reaction is no message");
}

/// A message of somebody under a number and an id of WhatsApp's.
fn under(phone: &str, own: &str, id: &str, ago: i64) -> Value {
    let mut message = text(id, "Hello?");
    message["from"] = json!(phone);
    message["from_user_id"] = json!(own);
    message["timestamp"] = json!((NOW - ago).to_string());
    let mut body = holding("messages", &[message]);
    body["entry"][0]["changes"][0]["value"]["contacts"] = json!([]);
    body
}

#[tokio::test]
async fn a_number_that_was_given_to_somebody_else_shows_them_nothing_of_the_one_before() {
    let house = shop().await;
    let names = async |contact: &ContactId| {
        let names = house.desk.store.names_of(&InboxName::from("wa"), contact).await;
        let mut names = names.expect("read");
        names.sort();
        names
    };
    post(&house, &under("491701111", "DE.1", "wamid.1", 900)).await;
    let [(ref first, _)] = conversations(&house).await[..] else { panic!("one conversation") };
    let before = contact_of(&house, first).await;
    // What the new owner wants is theirs alone, even before they write.
    let said = json!({ "wa_id": "491701111", "user_id": "DE.2", "value": "stop", "timestamp": NOW,
        "category": "marketing_messages", "detail": "stop" });
    post(&house, &holding("user_preferences", &[said])).await;
    assert_eq!(house.desk.store.consent(&before, "marketing_messages").await.expect("read"), None);
    post(&house, &under("491701111", "DE.2", "wamid.2", 600)).await;
    let all = conversations(&house).await;
    assert_eq!(all.len(), 2, "another person has a conversation of their own");
    let other = all.iter().find(|(id, _)| id != first).expect("the other");
    let now = contact_of(&house, &other.0).await;
    assert_ne!(before, now);
    assert_eq!(names(&now).await, ["+491701111", "DE.2"], "the number is theirs now");
    assert_eq!(names(&before).await, ["DE.1"]);
    // What the one before had written comes late: it is theirs, and the number stays.
    post(&house, &under("491701111", "DE.1", "wamid.0", 800)).await;
    assert_eq!(conversations(&house).await.len(), 2);
    assert_eq!(names(&now).await, ["+491701111", "DE.2"]);
    // Once it is told that both ids are one person's, all is theirs.
    let renamed = json!({ "user_id": { "previous": "DE.1", "current": "DE.2" } });
    post(&house, &holding("user_id_update", &[renamed])).await;
    post(&house, &under("491701111", "DE.2", "wamid.3", 300)).await;
    for (id, _) in conversations(&house).await {
        assert_eq!(contact_of(&house, &id).await, before);
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_stored_spoils_no_other() {
    let house = shop().await;
    let url = format!("sqlite://{}", house.folder.path().join("test.db").display());
    let db = sqlx::SqlitePool::connect(&url).await.expect("the database");
    let trigger = "create trigger poison before insert on message when new.external_id = 'wamid.2'
         begin select raise(abort, 'poison'); end";
    sqlx::query(trigger).execute(&db).await.expect("a trigger");
    let items = ["wamid.1", "wamid.2", "wamid.3"].map(|id| text(id, "Hello?"));
    for _ in 0..2 {
        post(&house, &holding("messages", &items)).await;
    }
    let stored: Vec<_> = said(&house).await.into_iter().map(|(id, ..)| id).collect();
    assert_eq!(stored, ["wamid.1", "wamid.3"]);
    let kept = house.desk.store.kept(&InboxName::from("wa"), 10).await.expect("read");
    let [(ref kind, ref body)] = kept[..] else { panic!("it is kept once: {kept:?}") };
    assert!(kind == "unstored" && body.contains("wamid.2") && body.contains("Hello?"), "{body}");
    post(&house, &holding("messages", &items[1..2])).await;
    sqlx::query("drop trigger poison").execute(&db).await.expect("no trigger");
    post(&house, &holding("messages", &items[1..2])).await;
    assert_eq!(said(&house).await.len(), 3, "it can come again");
}

#[tokio::test]
async fn meta_is_told_to_come_back_while_too_much_waits_and_nothing_is_lost() {
    let house = crowded().await;
    let url = format!("sqlite://{}", house.folder.path().join("test.db").display());
    let db = sqlx::SqlitePool::connect(&url).await.expect("the database");
    // Whoever holds the database keeps the first delivery from being stored, so that the next ones wait.
    let held = db.begin_with("begin immediate").await.expect("held");
    let bodies: Vec<Vec<u8>> = (0..6)
        .map(|at| holding("messages", &[text(&format!("wamid.{at}"), "Hello?")]).to_string())
        .map(String::into_bytes)
        .collect();
    let path = "/webhook/whatsapp/wa";
    let sending = futures::future::join_all(bodies.iter().map(|body| {
        let signature = sign(body);
        let house = &house;
        async move {
            let request = Request::builder().method("POST").uri(path);
            let request = request.header("x-hub-signature-256", signature);
            house.send(request.body(Body::from(body.clone())).expect("a request")).await
        }
    }));
    let letting_go = async {
        tokio::task::yield_now().await;
        held.rollback().await.expect("let go");
    };
    let (answers, ()) = tokio::join!(sending, letting_go);
    let busy: Vec<_> = answers.iter().filter(|it| it.status.as_u16() == 503).collect();
    assert!(!busy.is_empty(), "more than one waited");
    assert!(busy.iter().all(|it| it.headers.contains_key("retry-after")));
    for body in &bodies {
        assert_eq!(call(&house, path, Some(&sign(body)), body).await, 200);
    }
    assert_eq!(said(&house).await.len(), 6);
}
