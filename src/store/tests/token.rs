//! The tokens of programs: good until revoked, for their inboxes, and seen to be used.

use super::{after, fresh, noon};
use crate::conversation::{InboxName, TokenId};
use crate::store::{Program, on};

#[tokio::test]
async fn a_token_is_known_by_its_hash_alone_and_is_for_its_inboxes() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let depot = [InboxName::from("depot")];
    store.add_token("wide", "shop", None, None, noon()).await.expect("added");
    store.add_token("narrow", "depot", Some(&depot), None, after(1)).await.expect("added");
    assert_eq!(store.use_token("other", after(2)).await.expect("read"), None);
    let wide = store.use_token("wide", after(2)).await.expect("read").expect("it is good");
    let narrow = store.use_token("narrow", after(2)).await.expect("read").expect("it is good");
    assert_eq!(narrow, Program { inboxes: Some(depot.to_vec()) });
    for (program, inbox, may) in
        [(&wide, "api", true), (&narrow, "depot", true), (&narrow, "api", false)]
    {
        assert_eq!(program.may_use(inbox), may, "{inbox}");
    }
}

#[tokio::test]
async fn the_list_tells_when_a_token_was_used_and_what_is_revoked_stays_so() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for (second, name) in [(0, "old"), (1, "new")] {
        store.add_token(name, name, None, None, after(second)).await.expect("added");
    }
    // As an older node makes one.
    on!(&store.write, db => {
        sqlx::query("update api_token set id = null where name = 'old'").execute(db).await.map(drop)
    })
    .expect("changed");
    for (second, used) in [(10, 10), (69, 10), (70, 70)] {
        store.use_token("old", after(second)).await.expect("read");
        let all = store.tokens(0, 9).await.expect("read");
        assert_eq!(all[1].used_at, Some(after(used)), "{second}");
        assert_eq!(all[0].used_at, None);
    }
    let names = async |offset| {
        let page = store.tokens(offset, 1).await.expect("read");
        page.into_iter().map(|token| (token.name, token.revoked_at.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(names(0).await, [("new".to_owned(), false)]);
    let new = store.tokens(0, 1).await.expect("read").remove(0).id;
    assert_eq!(store.revoke_token(&new, after(99)).await.expect("revoked").as_deref(), Some("new"));
    assert_eq!(store.revoke_token(&new, after(99)).await.expect("once"), None);
    assert_eq!(store.revoke_token(&TokenId::from("x"), after(99)).await.expect("none"), None);
    assert_eq!(store.use_token("new", after(99)).await.expect("read"), None);
    assert_eq!(names(0).await, [("old".to_owned(), false)], "the good ones first");
    assert_eq!(names(1).await, [("new".to_owned(), true)]);
    let old = store.tokens(0, 1).await.expect("read").remove(0).id;
    assert!(
        store.revoke_token(&old, after(99)).await.expect("revoked").is_some(),
        "without an id of its own"
    );
}
