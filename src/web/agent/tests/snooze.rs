//! Snooze: a conversation leaves the queues and comes back, by itself or with the customer.

use super::world::World;
use crate::clock::Clock;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};

#[tokio::test]
async fn what_is_put_aside_comes_back_with_its_draft() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let path = format!("/conversations/{id}/snooze");
    let refused = world.post(&path, &cookie, "queue=approval&until=yesterday").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("choose for how long"));
    let snoozed = world.post(&path, &cookie, "queue=approval&until=4h").await;
    assert!(snoozed.location.contains("done=snoozed"), "{}", snoozed.location);
    let holds = async |queue: &str| {
        world.get(&format!("/queue/{queue}"), &cookie).await.body.contains(&format!("row-{id}"))
    };
    assert!(holds("snoozed").await && !holds("approval").await && !holds("mine").await);
    clock.advance(TimeDelta::minutes(239));
    world.desk.run_due().await.unwrap();
    assert!(holds("snoozed").await, "not before its time");
    clock.advance(TimeDelta::minutes(1));
    world.desk.run_due().await.unwrap();
    assert!(!holds("snoozed").await && holds("mine").await && holds("approval").await);
    assert_eq!(world.desk.run_due().await.unwrap(), 0, "it comes back once");
}

#[tokio::test]
async fn a_customer_brings_back_what_is_put_aside() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    world.post(&format!("/conversations/{id}/snooze"), &cookie, "until=4h").await;
    world.write("How do I return a tent?", "Hello? Anybody there?").await;
    let mine = world.get("/queue/mine", &cookie).await.body;
    assert!(mine.contains(&format!("row-{id}")), "{mine}");
    clock.advance(TimeDelta::hours(4));
    world.desk.run_due().await.unwrap();
    assert!(world.get("/queue/mine", &cookie).await.body.contains(&format!("row-{id}")));
}
