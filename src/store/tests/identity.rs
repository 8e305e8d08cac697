//! Accounts that the business vouches for, and what an anonymous chat of theirs becomes.

use super::{fresh, identities, inbox, noon, receive};
use crate::conversation::{Account, ContactId, EmailAddress, IdentityKind};
use crate::store::{Identified, Visitor};

fn account(subject: &str, email: Option<&str>) -> Account {
    let email = email.map(|email| email.parse::<EmailAddress>().expect("an address"));
    Account { subject: subject.to_owned(), name: Some("Ana".into()), email }
}

#[tokio::test]
async fn an_anonymous_chat_moves_whole() {
    let fresh = fresh().await;
    let (store, web, now) = (&fresh.store, inbox().name, noon());
    let begun = store.begin_chat("a", &web, Visitor::New("visitor-1"), now).await.expect("begun");
    let first = receive(store, "visitor-1", "visitor-1/1", now).await;
    assert_eq!(first.contact_id, begun.contact_id);
    let ana = account("visitor-1", Some("ana@example.com"));
    let identified = store.identify_chat("b", &web, &ana, Some(&begun.contact_id), now).await;
    assert_eq!(identified.expect("identified"), Identified::Begun);
    assert_eq!(store.find_chat("a", now).await.expect("read"), None);
    let session = store.find_chat("b", now).await.expect("read").expect("it is there");
    assert_ne!(session.contact_id, begun.contact_id, "a name of theirs is no visitor's");
    let states = store.chat_states(&web, &session.contact_id).await.expect("read");
    assert_eq!(states.iter().map(|it| &it.id).collect::<Vec<_>>(), [&first.conversation_id]);
    let known = identities(store, &session.contact_id).await;
    assert_eq!(
        known.iter().map(|it| (it.kind, it.verified)).collect::<Vec<_>>(),
        [(IdentityKind::Account, true), (IdentityKind::Email, true)]
    );
    // A message that was on its way still arrives, and belongs to whoever sent it.
    let late = receive(store, "visitor-1", "visitor-1/2", now).await;
    assert_eq!(late.contact_id, begun.contact_id);
    let again = store.identify_chat("c", &web, &ana, Some(&session.contact_id), now).await;
    assert_eq!(again.expect("identified"), Identified::Already);
}

#[tokio::test]
async fn two_devices_that_come_at_once_meet() {
    let fresh = fresh().await;
    let (store, web, now) = (&fresh.store, inbox().name, noon());
    let ana = account("c-1", None);
    let (one, other) = tokio::join!(
        store.identify_chat("a", &web, &ana, None, now),
        store.identify_chat("b", &web, &ana, None, now)
    );
    one.and(other).expect("both are identified");
    let mut contacts: Vec<ContactId> = Vec::new();
    for token in ["a", "b"] {
        let session = store.find_chat(token, now).await.expect("read").expect("it is there");
        contacts.push(session.contact_id);
    }
    assert_eq!(contacts[0], contacts[1]);
}

#[tokio::test]
async fn what_a_customer_claims_never_unverifies_what_the_business_says() {
    let fresh = fresh().await;
    let (store, web, now) = (&fresh.store, inbox().name, noon());
    let ana = account("c-1", Some("ana@example.com"));
    store.identify_chat("a", &web, &ana, None, now).await.expect("identified");
    let contact = store.find_chat("a", now).await.expect("read").expect("there").contact_id;
    for email in ["ana@example.com", "other@example.com"] {
        let email = email.parse().expect("an address");
        store.leave_email(&contact, &email, now).await.expect("kept");
    }
    let verified = |known: &[crate::conversation::Identity]| {
        let emails = known.iter().filter(|it| it.kind == IdentityKind::Email);
        let mut emails: Vec<_> = emails.map(|it| (it.value.clone(), it.verified)).collect();
        emails.sort();
        emails
    };
    let known = identities(store, &contact).await;
    assert_eq!(
        verified(&known),
        [("ana@example.com".to_owned(), true), ("other@example.com".to_owned(), false)]
    );
    store.withdraw_email(&contact).await.expect("forgotten");
    let known = identities(store, &contact).await;
    assert_eq!(verified(&known), [("ana@example.com".to_owned(), true)]);
}
