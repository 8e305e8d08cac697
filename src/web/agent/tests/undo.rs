//! Undo: what an agent sends waits a little, can be taken back, and leaves once.

use super::world::{DRAFT_AS_SENT, World, after};
use crate::clock::Clock;
use crate::conversation::ConversationId;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};

/// A desk with ten seconds to take things back, and its clock.
async fn patient() -> (World, Clock) {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    (World::with(clock.clone(), 10).await, clock)
}

impl World {
    /// Approves the waiting draft with these words, as a form sends them.
    async fn approve(&self, id: &str, cookie: &str, text: &str) -> super::world::Answer {
        let page = self.get(&format!("/conversations/{id}?queue=approval"), cookie).await;
        let draft = after(&page.body, "name=\"draft\" value=\"");
        let form = format!("queue=approval&draft={draft}&text={text}");
        self.post(&format!("/conversations/{id}/approve"), cookie, &form).await
    }

    /// What the customer's side of the conversation holds of ours, public and private.
    async fn said(&self, id: &str) -> Vec<(String, String)> {
        let id = ConversationId::from(id);
        let messages = self.desk.store.messages(&id, i64::MAX, 100).await.unwrap();
        let ours = messages.into_iter().filter(|it| it.agent_id.is_some());
        ours.map(|it| (it.visibility.to_string(), it.body)).collect()
    }
}

#[tokio::test]
async fn what_is_approved_can_be_taken_back_until_it_leaves() {
    let (world, clock) = patient().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let sent = world.approve(&id, &cookie, &format!("{DRAFT_AS_SENT}+Bye")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let next = world.get(&sent.location, &cookie).await.body;
    assert!(next.contains(&format!("/conversations/{id}/undo")) && next.contains("Sending in"));
    assert!(!next.contains("id=\"row-"), "it left the queue: {next}");
    assert_eq!(world.verdict(&id).await, ("proposed".to_owned(), String::new()));

    clock.advance(TimeDelta::seconds(9));
    world.desk.run_due().await.unwrap();
    assert!(world.said(&id).await.is_empty(), "nothing leaves before its time");
    let undone = world.post(&format!("/conversations/{id}/undo"), &cookie, "queue=approval").await;
    assert_eq!(undone.status, StatusCode::OK);
    assert!(
        undone.body.contains("Taken back") && undone.body.contains("shop.example/returns. Bye")
    );
    clock.advance(TimeDelta::seconds(60));
    world.desk.run_due().await.unwrap();
    assert!(world.said(&id).await.is_empty(), "what was taken back never leaves");

    world.approve(&id, &cookie, DRAFT_AS_SENT).await;
    clock.advance(TimeDelta::seconds(10));
    let late = world.post(&format!("/conversations/{id}/undo"), &cookie, "").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("nothing to take back"), "{}", late.body);
    world.desk.run_due().await.unwrap();
    world.desk.run_due().await.unwrap();
    assert_eq!(world.said(&id).await.len(), 1, "it leaves once");
    assert_eq!(world.verdict(&id).await, ("approved".to_owned(), "right".to_owned()));
}

#[tokio::test]
async fn what_the_customer_overtook_is_not_sent_and_not_lost() {
    let (world, clock) = patient().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    world.approve(&id, &cookie, DRAFT_AS_SENT).await;
    world.write("How do I return a tent?", "I mean a boat.").await;
    clock.advance(TimeDelta::seconds(10));
    world.desk.run_due().await.unwrap();
    let said = world.said(&id).await;
    assert_eq!((said.len(), said[0].0.as_str()), (1, "private"), "{said:?}");
    assert!(said[0].1.contains("not sent") && said[0].1.contains("30 days"), "{said:?}");
}

#[tokio::test]
async fn own_words_keep_the_bot_out_while_they_wait() {
    let (world, clock) = patient().await;
    let cookie = world.admin().await;
    let id = world.write("a", "How do I return a tent?").await;
    world.post(&format!("/conversations/{id}/reply"), &cookie, "text=By+post.").await;
    let again = world.post(&format!("/conversations/{id}/reply"), &cookie, "text=Twice").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "one at a time");
    assert!(again.body.contains("Twice"), "what was written is kept");
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains("id=\"held\"") && page.contains("Take it back"), "{page}");
    clock.advance(TimeDelta::seconds(9));
    world.desk.run_due().await.unwrap();
    assert!(world.said(&id).await.is_empty());
    clock.advance(TimeDelta::seconds(1));
    world.desk.run_due().await.unwrap();
    assert_eq!(world.said(&id).await, [("public".to_owned(), "By post.".to_owned())]);
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(!page.contains("id=\"held\""), "{page}");
}

#[tokio::test]
async fn while_words_wait_to_be_sent_nothing_else_is_done() {
    let (world, clock) = patient().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    world.approve(&id, &cookie, DRAFT_AS_SENT).await;
    for (act, form) in [
        ("resolve", ""),
        ("snooze", "until=4h"),
        ("take", ""),
        ("give-back", ""),
        ("reply", "text=Other+words"),
        ("reject", "why=Out+of+date"),
    ] {
        let refused = world.post(&format!("/conversations/{id}/{act}"), &cookie, form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{act}");
        assert!(refused.body.contains("about to be sent here"), "{act}");
    }
    clock.advance(TimeDelta::seconds(10));
    world.desk.run_due().await.unwrap();
    assert_eq!(world.said(&id).await.len(), 1, "what was approved leaves");
    assert_eq!(world.verdict(&id).await, ("approved".to_owned(), "right".to_owned()));
    let resolved = world.post(&format!("/conversations/{id}/resolve"), &cookie, "").await;
    assert_eq!(resolved.status, StatusCode::SEE_OTHER, "then everything goes on");
}
