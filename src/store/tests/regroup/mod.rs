//! Regrouping: nothing is lost, nothing is there twice, and what is undone is as it was.

mod clock;
mod merge;
mod split;

use super::{after, agent, claim, conclusion, noon, receive};
use crate::conversation::{Action, ConversationId, Event, MessageId, RegroupId, Status};
use crate::store::{Regrouped, Sending, Store, on};
use chrono::{DateTime, TimeDelta, Utc};

/// How much there is of everything, whatever conversation it is in.
async fn counts(store: &Store) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in
        ["message where visibility = 'public'", "turn", "decision", "draft", "outbox", "audit"]
    {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        counts.push(
            on!(&store.read, db => sqlx::query_scalar(sql).fetch_one(db).await).expect("a count"),
        );
    }
    counts
}

/// The words of a conversation and of those that it goes on for, without events.
async fn thread(store: &Store, id: &ConversationId) -> Vec<String> {
    let all = store.thread(id, None, 1_000).await.expect("a thread");
    let said = all.into_iter().filter(|it| it.author != crate::conversation::Author::System);
    said.map(|message| message.external_id.unwrap_or(message.body)).collect()
}

async fn status(store: &Store, id: &ConversationId) -> Status {
    store.conversation(id).await.expect("a conversation").status
}

/// What was regrouped last in a conversation.
async fn last(store: &Store, id: &ConversationId) -> RegroupId {
    let mut all = store.regroups(std::slice::from_ref(id)).await.expect("regroupings");
    all.pop().expect("there is one").id
}

fn later(days: i64) -> DateTime<Utc> {
    noon() + TimeDelta::days(days)
}

/// Two conversations of one contact: the first answered by an agent and closed, the second of a week later.
async fn two(store: &Store) -> (ConversationId, ConversationId) {
    let older = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.reply(&older, &agent(), "r1", Sending::AtOnce, after(1)).await.expect("sent");
    store.change(&older, &agent(), Event::Resolved, after(2)).await.expect("closed");
    let newer = receive(store, "anna", "m2", later(7)).await.conversation_id;
    assert_ne!(older, newer);
    (older, newer)
}

/// A conversation with two questions of which the second was split off.
async fn split_in_two(store: &Store) -> (ConversationId, ConversationId) {
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Answer), after(2))
        .await
        .expect("concluded");
    receive(store, "anna", "m2", later(1)).await;
    let message = named(store, &id, "m2").await;
    let split =
        store.split_conversation(&id, &message, &agent(), later(1)).await.expect("no error");
    let Regrouped::Done(part) = split else { panic!("it is split: {split:?}") };
    (id, part)
}

async fn named(store: &Store, id: &ConversationId, name: &str) -> MessageId {
    let all = store.messages(id, i64::MAX, 100).await.expect("messages");
    all.into_iter().find(|it| it.external_id.as_deref() == Some(name)).expect("it is there").id
}
