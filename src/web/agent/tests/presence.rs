//! Presence: colleagues see each other in a conversation, at once, and for as long as they are there.

use super::world::World;
use crate::clock::Clock;
use crate::store::Role;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};
use futures::StreamExt as _;
use serde_json::{Value, json};

#[tokio::test]
async fn who_writes_is_shown_to_the_others_and_not_to_themselves() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let (ada, bo) = (world.admin().await, world.person(Role::Agent).await);
    let id = world.drafted("How do I return a tent?").await;
    let path = format!("/conversations/{id}/presence");
    let people = async |cookie: &str, doing: &str| -> Value {
        let said = world.post(&path, cookie, &format!("doing={doing}")).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.body);
        serde_json::from_str::<Value>(&said.body).unwrap()["people"].clone()
    };
    assert_eq!(people(&ada, "viewing").await, json!([]));
    let mut news = world.listen("/live", &ada).await;
    let ada_sees = people(&bo, "writing").await;
    assert_eq!(ada_sees[0]["doing"], "viewing");
    let told = news.next().await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&told).into_owned();
    assert!(told.starts_with("event: presence\n"), "{told}");
    assert!(told.contains("The agent") && told.contains("writing") && !told.contains("Ada"));
    assert_eq!(people(&ada, "viewing").await[0]["doing"], "writing");
    clock.advance(TimeDelta::seconds(9));
    assert_eq!(
        people(&ada, "viewing").await,
        json!([]),
        "who writes no more is not shown as writing"
    );
}

#[tokio::test]
async fn only_what_one_can_do_in_a_conversation_that_is_there_is_noted() {
    let world = World::new().await;
    let ada = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    for (id, doing, status) in [
        (id.as_str(), "dancing", StatusCode::UNPROCESSABLE_ENTITY),
        ("none", "viewing", StatusCode::NOT_FOUND),
    ] {
        let path = format!("/conversations/{id}/presence");
        assert_eq!(world.post(&path, &ada, &format!("doing={doing}")).await.status, status);
    }
}
