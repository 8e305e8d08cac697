//! Saved replies: each sees their own and everybody's, and a shortcut names one of them.

use super::{after, fresh, noon};
use crate::conversation::{AgentId, SavedReply};
use crate::store::{Saved, Store};

fn reply(id: &str, owner: Option<&str>, shortcut: Option<&str>) -> SavedReply {
    SavedReply {
        id: id.into(),
        owner_id: owner.map(AgentId::from),
        title: format!("Title {id}"),
        body: "Hello {{contact.name}}".into(),
        lang: Some(crate::lang::Lang::EN),
        shortcut: shortcut.map(str::to_owned),
        written_by: "ada".into(),
        updated_at: noon(),
        removed_at: None,
    }
}

async fn seen(store: &Store, agent: &str) -> Vec<String> {
    let replies = store.saved_replies(&agent.into(), 100).await.expect("replies");
    replies.into_iter().map(|reply| reply.id.to_string()).collect()
}

#[tokio::test]
async fn each_sees_their_own_replies_and_everybodys() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for (reply, saved) in [
        (reply("a", None, Some("hi")), Saved::Done),
        (reply("b", Some("ada"), Some("hi")), Saved::Done),
        (reply("c", Some("bo"), None), Saved::Done),
        (reply("d", Some("ada"), Some("hi")), Saved::ShortcutTaken),
        (reply("e", None, Some("hi")), Saved::ShortcutTaken),
    ] {
        assert_eq!(store.add_saved_reply(&reply).await.expect("no error"), saved, "{}", reply.id);
    }
    assert_eq!(
        (seen(store, "ada").await, seen(store, "bo").await),
        (vec!["a".into(), "b".into()], vec!["a".into(), "c".into()])
    );
    assert_eq!(store.find_saved_reply(&"c".into(), &"ada".into()).await.expect("read"), None);
    let found = store.find_saved_reply(&"b".into(), &"ada".into()).await.expect("read");
    assert_eq!(found, Some(reply("b", Some("ada"), Some("hi"))));
}

#[tokio::test]
async fn what_is_put_away_comes_back_unless_its_shortcut_is_taken() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let one = reply("a", None, Some("hi"));
    store.add_saved_reply(&one).await.expect("no error");
    let away = SavedReply { removed_at: Some(after(1)), ..one.clone() };
    assert_eq!(store.put_saved_reply(&away).await.expect("no error"), Saved::Done);
    assert!(seen(store, "ada").await.is_empty());
    assert_eq!(
        store.add_saved_reply(&reply("b", None, Some("hi"))).await.expect("no error"),
        Saved::Done
    );
    assert_eq!(store.put_saved_reply(&one).await.expect("no error"), Saved::ShortcutTaken);
    let other = SavedReply { shortcut: Some("hello".into()), ..one };
    assert_eq!(store.put_saved_reply(&other).await.expect("no error"), Saved::Done);
    assert_eq!(seen(store, "ada").await, ["a", "b"]);
    assert_eq!(
        store.put_saved_reply(&reply("none", None, None)).await.expect("no error"),
        Saved::Gone
    );
}
