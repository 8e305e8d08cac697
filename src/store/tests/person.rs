//! People: one person over several contacts, their notes, and a name that stays corrected.

use super::{after, agent, fresh, inbound, noon, receive};
use crate::conversation::{ContactId, ContactNoteId, Inbound};
use crate::store::{ContactNote, Store};

async fn names(store: &Store, contact: &ContactId) -> Vec<Option<String>> {
    let person = store.person(contact, 10).await.expect("a person");
    person.contacts.into_iter().map(|contact| contact.name).collect()
}

#[tokio::test]
async fn a_corrected_name_outlives_what_the_channel_says() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let says =
        |id: &str, name: &str| Inbound { name: Some(name.into()), ..inbound("anna", id, "hi") };
    let contact =
        store.receive(&[says("m1", "anne")], noon()).await.expect("stored").remove(0).contact_id;
    store.receive(&[says("m2", "ann")], after(1)).await.expect("stored");
    assert_eq!(names(store, &contact).await, [Some("ann".into())]);
    assert!(store.name_contact(&contact, Some("Anna"), &agent()).await.expect("no error"));
    store.receive(&[says("m3", "xx")], after(2)).await.expect("stored");
    assert_eq!(names(store, &contact).await, [Some("Anna".into())]);
    store.name_contact(&contact, None, &agent()).await.expect("no error");
    store.receive(&[says("m4", "anne")], after(3)).await.expect("stored");
    assert_eq!(
        names(store, &contact).await,
        [Some("anne".into())],
        "a name taken back is told anew"
    );
    assert!(!store.name_contact(&"none".into(), Some("x"), &agent()).await.expect("no error"));
}

#[tokio::test]
async fn a_person_is_known_with_identities_conversations_and_notes() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let received = receive(store, "anna", "m1", noon()).await;
    let other = receive(store, "bob", "m2", noon()).await;
    let note = ContactNote {
        id: ContactNoteId::fresh(),
        contact_id: received.contact_id.clone(),
        agent_id: agent(),
        body: "Prefers the phone.".into(),
        created_at: after(1),
        removed_at: None,
    };
    store.add_contact_note(&note).await.expect("stored");
    let person = store.person(&received.contact_id, 10).await.expect("a person");
    let notes = async |at| store.notes_on(&received.contact_id, at).await.expect("read");
    assert_eq!(notes(noon()).await, std::slice::from_ref(&note));
    let opened = store.open_conversation(&received.conversation_id).await.expect("read");
    assert!(opened.is_some_and(|opened| opened.has.notes), "the page asks for them");
    assert_eq!(person.contacts[0].identities[0].value, "anna");
    assert_eq!(person.conversations[0].id, received.conversation_id);
    assert_eq!(person.conversations[0].last_words.as_deref(), Some("hello"));
    let away = store.put_contact_note(&received.contact_id, &note.id, Some(after(3))).await;
    assert!(away.expect("no error"));
    assert!(
        !store.put_contact_note(&other.contact_id, &note.id, None).await.expect("no error"),
        "it is on somebody else"
    );
    assert_eq!(
        notes(noon()).await[0].removed_at,
        Some(after(3)),
        "it can be brought back for a day"
    );
    assert_eq!(notes(after(100_000)).await, []);
}

#[tokio::test]
async fn contacts_are_found_by_name_address_and_identity() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let anna = Inbound {
        name: Some("Anna 100%".into()),
        email: Some("Anna@Shop.example".into()),
        ..inbound("visitor_7", "m1", "hi")
    };
    store.receive(&[anna, inbound("bob", "m2", "hi")], noon()).await.expect("stored");
    for (words, count) in
        [("anna", 1), ("SHOP", 1), ("r_7", 1), ("0%", 1), ("o%b", 0), ("_", 1), ("", 2)]
    {
        assert_eq!(store.find_contacts(words, 10).await.expect("found").len(), count, "{words}");
    }
}
