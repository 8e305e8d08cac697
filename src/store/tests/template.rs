//! Templates: the set is replaced as a whole, one node reads it, and a message knows what it was filled from.

use super::{after, agent, fresh, noon, receive};
use crate::conversation::{
    InboxName, Status, Template, TemplateCategory, TemplateNews, TemplateState, WhatsappNews,
};
use crate::store::{Acted, SyncState};
use serde_json::json;

fn inbox() -> InboxName {
    InboxName::from("api")
}

fn template(name: &str, lang: &str) -> Template {
    let body = json!({ "type": "BODY", "text": "Hello {{1}} 🚲" });
    let it = json!({ "name": name, "language": lang, "status": "APPROVED", "category": "UTILITY",
        "components": [body] });
    Template::read(&inbox(), &it).expect("a template")
}

#[tokio::test]
async fn the_set_of_an_inbox_is_replaced_as_a_whole() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (one, two) = (template("a", "de"), template("a", "en_US"));
    let twice = [one.clone(), two.clone(), one.clone()];
    store.save_templates(&inbox(), &twice).await.expect("saved");
    let elsewhere = Template { inbox: "other".into(), ..template("z", "fr") };
    store.save_templates(&"other".into(), std::slice::from_ref(&elsewhere)).await.expect("saved");
    assert_eq!(store.templates(&inbox()).await.expect("read"), [one, two.clone()]);
    let many: Vec<Template> = (0..250).map(|at| template(&format!("t{at:03}"), "de")).collect();
    store.save_templates(&inbox(), &many).await.expect("saved");
    assert_eq!(store.templates(&inbox()).await.expect("read"), many);
    assert_eq!(store.template(&inbox(), "a", "en_US").await.expect("read"), None);
    store.save_templates(&inbox(), &[]).await.expect("saved");
    assert_eq!(store.templates(&inbox()).await.expect("read"), []);
    assert_eq!(store.templates(&"other".into()).await.expect("read"), [elsewhere]);
}

#[tokio::test]
async fn one_node_reads_the_list_and_what_is_asked_meanwhile_is_not_lost() {
    let fresh = fresh().await;
    let store = &fresh.store;
    assert_eq!(store.next_sync_due().await.expect("read"), None);
    store.ask_for_templates(&inbox(), noon()).await.expect("asked");
    let [first] =
        store.claim_syncs(noon(), after(60)).await.expect("a claim").try_into().expect("one");
    assert_eq!(store.claim_syncs(after(1), after(61)).await.expect("a claim"), [], "it is taken");
    store.ask_for_templates(&inbox(), after(5)).await.expect("asked");
    assert!(
        store
            .settle_sync(&first, Err("Meta is away"), after(900), after(6))
            .await
            .expect("settled")
    );
    let state = store.template_sync(&inbox()).await.expect("read").expect("it was tried");
    let failed = SyncState {
        synced_at: None,
        failed_at: Some(after(6)),
        last_error: Some("Meta is away".into()),
    };
    assert_eq!(state, failed);
    assert_eq!(store.next_sync_due().await.expect("read"), Some(after(5)));
    // A node that died leaves its claim to the next.
    let [lost] =
        store.claim_syncs(after(6), after(66)).await.expect("a claim").try_into().expect("one");
    let [next] =
        store.claim_syncs(after(66), after(126)).await.expect("a claim").try_into().expect("one");
    assert_eq!((lost.attempts, next.attempts), (2, 3));
    let listed = [template("a", "de")];
    assert!(!store.settle_sync(&lost, Ok(&[]), after(900), after(67)).await.expect("void"));
    assert!(store.settle_sync(&next, Ok(&listed), after(900), after(67)).await.expect("settled"));
    let state = store.template_sync(&inbox()).await.expect("read").expect("it went well");
    assert_eq!(state, SyncState { synced_at: Some(after(67)), failed_at: None, last_error: None });
    assert_eq!(store.templates(&inbox()).await.expect("read"), listed);
    assert_eq!(store.next_sync_due().await.expect("read"), Some(after(900)));
}

#[tokio::test]
async fn news_change_what_they_tell_of_and_nothing_else() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let both = [template("a", "de"), template("a", "en_US")];
    store.save_templates(&inbox(), &both).await.expect("saved");
    let news = |state, quality: Option<&str>, category| TemplateNews {
        account: None,
        name: "a".into(),
        lang: "de".into(),
        state,
        reason: state.map(|_| "complaints".to_owned()),
        quality: quality.map(str::to_owned),
        category,
    };
    let all = [
        news(Some(TemplateState::Paused), None, None),
        news(None, Some("red"), None),
        news(None, None, Some(TemplateCategory::Marketing)),
        TemplateNews { name: "unknown".into(), ..news(Some(TemplateState::Disabled), None, None) },
    ];
    let all = all.map(|news| (inbox(), WhatsappNews::Template(news)));
    store.take(&[], &all, noon()).await.expect("taken in");
    let [de, en] = both;
    let changed = Template {
        state: TemplateState::Paused,
        reason: Some("complaints".into()),
        quality: Some("red".into()),
        category: TemplateCategory::Marketing,
        ..de
    };
    assert_eq!(store.templates(&inbox()).await.expect("read"), [changed, en]);
    assert_eq!(store.next_sync_due().await.expect("read"), Some(noon()), "the list is read again");
}

#[tokio::test]
async fn a_message_knows_the_template_it_was_filled_from() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let received = receive(store, "anna", "m1", noon()).await;
    let filled = template("a", "de").fill(&[("1".into(), "Anna".into())]).expect("its value");
    let id = &received.conversation_id;
    let acted = store.send_template(id, &agent(), &filled, after(1)).await.expect("an act");
    assert!(matches!(acted, Acted::Done(Some(_))), "{acted:?}");
    let conversation = store.conversation(id).await.expect("read");
    assert_eq!((conversation.status, conversation.assignee), (Status::WithAgent, Some(agent())));
    let [outgoing] =
        store.claim_outbox(9, after(2), after(62)).await.expect("a claim").try_into().expect("one");
    let message = store.outgoing_message(&outgoing).await.expect("read");
    assert_eq!(message.body, "Hello Anna 🚲");
    assert_eq!(store.template_of(&message.id).await.expect("read"), Some(filled));
    let reply = store.reply(id, &agent(), "hello", crate::store::Sending::AtOnce, after(3)).await;
    assert!(matches!(reply, Ok(Acted::Done(Some(_)))));
    let messages = store.messages(id, i64::MAX, 1).await.expect("read");
    assert_eq!(store.template_of(&messages[0].id).await.expect("read"), None);
}
