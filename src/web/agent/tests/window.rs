//! A channel's window: how long a customer can still be answered stands above the conversation.

use super::world::{World, conclusion};
use crate::channel::{Here, read_whatsapp};
use crate::clock::Clock;
use crate::config::InboxSettings;
use crate::conversation::{Action, ChannelKind, ConversationId};
use crate::store::Role;
use chrono::{TimeDelta, TimeZone, Utc};
use serde_json::json;

/// A customer has written by WhatsApp.
async fn written(world: &World) -> ConversationId {
    let inbox = InboxSettings::new("wa", ChannelKind::Whatsapp).inbox();
    let text = json!({ "body": "Where are my boots?" });
    let at = world.now().timestamp().to_string();
    let message = json!({ "from": "49170111", "id": "wamid.1", "timestamp": at, "type": "text", "text": text });
    let value = json!({ "metadata": { "phone_number_id": "1065" }, "messages": [message] });
    let change = json!({ "field": "messages", "value": value });
    let body = json!({ "entry": [{ "changes": [change] }] }).to_string();
    let here = Here { inbox: &inbox, number: "1065", now: world.now() };
    let told = read_whatsapp(here, body.as_bytes()).expect("it is JSON");
    let taken = world.desk.store.take(&told.messages, &[], world.now()).await.expect("stored");
    taken.received[0].conversation_id.clone()
}

#[tokio::test]
async fn how_long_a_customer_can_be_answered_is_told() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let id = written(&world).await;
    let page = async |id: &str| {
        // A day later whoever was logged in no longer is.
        let cookie = world.person(Role::Agent).await;
        world.get(&format!("/conversations/{id}?queue=all"), &cookie).await.body
    };
    let open = page(id.as_str()).await;
    assert!(open.contains("closes in 24 h"), "{open}");
    assert!(!open.contains("takes no answer now"));
    clock.advance(TimeDelta::hours(25));
    let closed = page(id.as_str()).await;
    assert!(closed.contains("closed for 1 h"), "{closed}");
    assert!(closed.contains("takes no answer now"), "{closed}");
    let chat = page(&world.drafted("How do I return a tent?").await).await;
    assert_eq!(chat.matches("data-words=\"window\"").count(), 1, "only the other's row has one");
}

#[tokio::test]
async fn a_row_counts_down_what_ends_first() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    written(&world).await;
    // A person has a day from now on, the customer's window an hour less.
    clock.advance(TimeDelta::hours(1));
    world.conclude(|turn| conclusion(turn, Action::Draft)).await;
    let cookie = world.person(Role::Agent).await;
    let queue = world.get("/queue/approval", &cookie).await.body;
    assert!(queue.contains("closes in 23 h"), "{queue}");
    world.drafted("How do I return a tent?").await;
    let queue = world.get("/queue/approval", &cookie).await.body;
    assert_eq!(queue.matches("data-words=\"window\"").count(), 1, "a chat knows no such time");
    assert!(queue.contains("due in"), "{queue}");
}
