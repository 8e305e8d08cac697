//! The contact's pane, and what is put together or taken apart from it.

use super::world::{World, after, inbox};
use crate::clock::Clock;
use crate::conversation::{ConversationId, Inbound};
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};

async fn at_noon() -> (World, Clock) {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 12, 0, 0).unwrap());
    (World::at(clock.clone()).await, clock)
}

/// Stores a message of somebody who says who they are.
async fn writes(world: &World, identity: &str, name: &str, email: &str) -> String {
    let inbound = Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: inbox(),
        identity: identity.into(),
        name: Some(name.into()),
        email: Some(email.into()),
        external_id: None,
        body: format!("Hello from {name}"),
        attachments: Vec::new(),
        sent_at: world.now(),
    };
    let received = world.desk.store.receive(&[inbound], world.now()).await.unwrap();
    received[0].conversation_id.to_string()
}

/// The contact of a conversation.
async fn contact(world: &World, id: &str) -> String {
    let conversation = world.desk.store.conversation(&ConversationId::from(id)).await.unwrap();
    conversation.contact_id.to_string()
}

#[tokio::test]
async fn the_pane_says_who_writes_and_lets_it_be_corrected() {
    let world = World::new().await;
    let ada = world.admin().await;
    let id = writes(&world, "browser-7", "Ann <b>", "ann@mail.example").await;
    let path = format!("/conversations/{id}");
    let page = world.get(&path, &ada).await.body;
    for part in [
        "browser-7",
        "an anonymous browser",
        "ann@mail.example",
        "as they say themselves",
        "Hello from Ann",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Ann <b>"));
    let renamed = world.post(&format!("{path}/contact/name"), &ada, "text=+Anna++Alder+").await;
    assert!(renamed.location.ends_with("done=renamed"), "{}", renamed.location);
    writes(&world, "browser-7", "Ann", "ann@mail.example").await;
    let page = world.get(&path, &ada).await.body;
    assert!(
        page.contains("<h1><bdi>Anna Alder</bdi></h1>") && page.contains("corrected by Ada"),
        "{page}"
    );
    let long = format!("text={}", "x".repeat(201));
    let refused = world.post(&format!("{path}/contact/name"), &ada, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_note_on_a_contact_is_put_away_and_brought_back() {
    let world = World::new().await;
    let ada = world.admin().await;
    let id = writes(&world, "ann", "Ann", "ann@mail.example").await;
    let other = writes(&world, "bob", "Bob", "bob@mail.example").await;
    let path = format!("/conversations/{id}");
    world.post(&format!("{path}/contact/notes"), &ada, "text=Likes+**tea**").await;
    let page = world.get(&path, &ada).await.body;
    assert!(page.contains("Likes <strong>tea</strong>"), "{page}");
    let note = after(&page, &format!("{path}/contact/notes/"));
    let note = note.strip_suffix("/remove").unwrap();
    let foreign =
        world.post(&format!("/conversations/{other}/contact/notes/{note}/remove"), &ada, "").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    world.post(&format!("{path}/contact/notes/{note}/remove"), &ada, "").await;
    let page = world.get(&path, &ada).await.body;
    assert!(!page.contains("Likes <strong>") && page.contains("A note by Ada was put away."));
    world.post(&format!("{path}/contact/notes/{note}/restore"), &ada, "").await;
    assert!(world.get(&path, &ada).await.body.contains("Likes <strong>tea</strong>"));
    let empty = world.post(&format!("{path}/contact/notes"), &ada, "text=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn two_contacts_become_one_person_and_two_again() {
    let (world, clock) = at_noon().await;
    let ada = world.admin().await;
    let id = writes(&world, "ann", "Ann", "ann@mail.example").await;
    let other = writes(&world, "anna", "Anna Alder", "anna@mail.example").await;
    let path = format!("/conversations/{id}");
    let found = world.get(&format!("{path}/same-person?q=ALDER"), &ada).await.body;
    let contact = contact(&world, &other).await;
    assert!(found.contains(&contact) && found.contains("Anna Alder"), "{found}");
    assert!(
        world.get(&format!("{path}/same-person?q=zzz"), &ada).await.body.contains("Nobody else")
    );
    let form = format!("other={contact}");
    world.post(&format!("{path}/same-person"), &ada, &form).await;
    let page = world.get(&path, &ada).await.body;
    assert!(page.contains("Also known as") && page.contains(&other), "{page}");
    assert!(page.contains("noted that this is the same person as Anna Alder."));
    let again = world.post(&format!("{path}/same-person"), &ada, &form).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let undo = after(&page, &format!("{path}/regroups/"));
    clock.advance(TimeDelta::days(31));
    let ada =
        world.post("/login", "", "email=ada%40shop.example&password=correct+horse").await.cookie();
    let late = world.post(&format!("{path}/regroups/{undo}"), &ada, "").await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    assert!(
        !world.get(&path, &ada).await.body.contains("/regroups/"),
        "what is too late is not offered"
    );
}

#[tokio::test]
async fn a_merged_conversation_leads_on_to_the_one_that_goes_on() {
    let (world, clock) = at_noon().await;
    let ada = world.admin().await;
    let older = world.write("ann", "First words").await;
    world.post(&format!("/conversations/{older}/reply"), &ada, "text=An+answer").await;
    world.post(&format!("/conversations/{older}/resolve"), &ada, "").await;
    clock.advance(TimeDelta::days(4));
    let newer = world.write("ann", "Second words").await;
    assert_ne!(older, newer);
    let ada =
        world.post("/login", "", "email=ada%40shop.example&password=correct+horse").await.cookie();
    let merged =
        world.post(&format!("/conversations/{older}/merge"), &ada, &format!("other={newer}")).await;
    assert!(
        merged.location.starts_with(&format!("/conversations/{newer}?")),
        "{}",
        merged.location
    );
    let page = world.get(&format!("/conversations/{newer}"), &ada).await.body;
    let places: Vec<usize> = ["First words</p>", "An answer</p>", "Second words</p>"]
        .iter()
        .map(|words| page.find(words).unwrap_or_else(|| panic!("{words}: {page}")))
        .collect();
    assert!(places.is_sorted(), "in the order of time");
    let led = world.get(&format!("/conversations/{older}?queue=mine"), &ada).await;
    assert_eq!(led.location, format!("/conversations/{newer}?queue=mine"));
    world.post(&format!("/conversations/{older}/reply"), &ada, "text=To+the+newer").await;
    let said = world
        .desk
        .store
        .messages(&ConversationId::from(newer.as_str()), i64::MAX, 10)
        .await
        .unwrap();
    assert!(said.iter().any(|message| message.body == "To the newer"));
    let undo = after(&page, &format!("/conversations/{newer}/regroups/"));
    let undone = world.post(&format!("/conversations/{newer}/regroups/{undo}"), &ada, "").await;
    assert!(
        undone.location.starts_with(&format!("/conversations/{older}?")),
        "{}",
        undone.location
    );
    let page = world.get(&format!("/conversations/{newer}"), &ada).await.body;
    assert!(!page.contains("First words</p>") && page.contains("Second words</p>"));
}

#[tokio::test]
async fn a_conversation_is_split_at_a_message_of_the_customers() {
    let (world, clock) = at_noon().await;
    let ada = world.admin().await;
    let id = world.drafted("First words").await;
    world.post(&format!("/conversations/{id}/reply"), &ada, "text=An+answer").await;
    clock.advance(TimeDelta::hours(1));
    world.write("First words", "Second words").await;
    let page = world.get(&format!("/conversations/{id}"), &ada).await.body;
    assert_eq!(page.matches("/split\"").count(), 1, "not before the first");
    let form = page.split("/split\"").nth(1).unwrap();
    let message = after(form, "name=\"other\" value=\"");
    let split =
        world.post(&format!("/conversations/{id}/split"), &ada, &format!("other={message}")).await;
    assert!(split.location.contains("done=split"), "{}: {}", split.status, split.body);
    let page = world.get(&split.location, &ada).await.body;
    assert!(page.contains("Second words</p>") && !page.contains("An answer</p>"), "{page}");
    let page = world.get(&format!("/conversations/{id}"), &ada).await.body;
    assert!(!page.contains("Second words</p>") && page.contains("An answer</p>"));
    let found = world.get("/search?q=second", &ada).await.body;
    let part = split.location.split(['/', '?']).nth(2).unwrap().to_owned();
    assert!(found.contains(&format!("row-{part}")), "what has moved is found where it is: {found}");
}
