//! The second step of a login: what counts, once, and what ends with what.

use super::{after, fresh, noon};
use crate::conversation::{AgentId, SessionId};
use crate::store::{Agent, Role, StaffAct, StaffLine, Store, on};

async fn ada(store: &Store) -> AgentId {
    let (id, email) = (AgentId::fresh(), "ada@x.example".to_owned());
    let agent = Agent { id, email, name: "Ada".into(), role: Role::Admin, left_at: None };
    store.invite("link", None, Role::Admin, noon()).await.expect("invited");
    assert!(store.accept_invitation("link", &agent, "hash", noon()).await.expect("joined"));
    agent.id
}

#[tokio::test]
async fn a_secret_counts_once_it_is_confirmed_and_its_codes_once_each() {
    let fresh = fresh().await;
    let (store, ada) = (&fresh.store, ada(&fresh.store).await);
    assert!(store.offer_factor(&ada, "older", noon()).await.expect("offered"));
    assert!(store.offer_factor(&ada, "newer", noon()).await.expect("offered"));
    assert!(!store.has_factor(&ada).await.expect("read"));
    assert!(!store.use_step(&ada, "newer", 7).await.expect("refused"), "not confirmed");
    let codes = ["one".to_owned(), "two".to_owned()];
    let confirm = async |secret| {
        store.confirm_factor(&ada, secret, 7, &codes, after(1)).await.expect("answered")
    };
    assert!(!confirm("older").await, "replaced");
    assert!(confirm("newer").await);
    assert!(!confirm("newer").await, "once");
    assert!(!store.offer_factor(&ada, "third", after(2)).await.expect("refused"), "it counts");
    assert!(store.has_factor(&ada).await.expect("read"));
    for (step, used) in [(7, false), (8, true), (8, false), (6, false), (9, true)] {
        assert_eq!(store.use_step(&ada, "newer", step).await.expect("answered"), used, "{step}");
    }
    for (code, used) in [("one", true), ("one", false), ("three", false)] {
        assert_eq!(store.use_recovery_code(&ada, code).await.expect("answered"), used, "{code}");
    }
    assert_eq!(store.recovery_codes_left(&ada).await.expect("read"), 1);
    store.replace_recovery_codes(&ada, &["four".to_owned()], after(3)).await.expect("replaced");
    assert!(!store.use_recovery_code(&ada, "two").await.expect("refused"), "it has ended");
    assert!(store.drop_factor(&ada).await.expect("dropped"));
    assert!(!store.drop_factor(&ada).await.expect("once"));
    assert!(!store.use_recovery_code(&ada, "four").await.expect("refused"));
    assert!(!store.use_step(&ada, "newer", 99).await.expect("refused"));
}

#[tokio::test]
async fn codes_used_side_by_side_count_once() {
    let fresh = fresh().await;
    let (store, ada) = (&fresh.store, ada(&fresh.store).await);
    store.offer_factor(&ada, "s", noon()).await.expect("offered");
    store.confirm_factor(&ada, "s", 1, &["r".to_owned()], noon()).await.expect("confirmed");
    let used = futures::future::join_all((0..8).map(|_| store.use_step(&ada, "s", 2))).await;
    assert_eq!(used.into_iter().filter(|used| matches!(used, Ok(true))).count(), 1);
    let used = futures::future::join_all((0..8).map(|_| store.use_recovery_code(&ada, "r"))).await;
    assert_eq!(used.into_iter().filter(|used| matches!(used, Ok(true))).count(), 1);
}

#[tokio::test]
async fn a_login_under_way_ends_with_its_time_or_its_password() {
    let fresh = fresh().await;
    let (store, ada) = (&fresh.store, ada(&fresh.store).await);
    let find = async |token, at| store.find_login_step(token, after(at)).await.expect("read");
    for token in ["a", "b"] {
        store.begin_login_step(token, &ada, "hash", noon()).await.expect("begun");
    }
    let step = find("a", 599).await.expect("it goes on");
    assert_eq!((step.agent.id, step.proven.as_str()), (ada.clone(), "hash"));
    assert!(find("a", 600).await.is_none(), "too late");
    store.end_login_step("a").await.expect("ended");
    assert!(find("a", 1).await.is_none());
    store.set_password(&ada, "new", None).await.expect("set");
    assert!(find("b", 1).await.is_none(), "the password is another");
}

#[tokio::test]
async fn a_session_of_an_older_node_has_a_name_too() {
    let fresh = fresh().await;
    let (store, ada) = (&fresh.store, ada(&fresh.store).await);
    assert!(store.begin_session(&"a".repeat(64), &ada, "hash", noon()).await.expect("begun"));
    assert!(store.begin_session(&"b".repeat(64), &ada, "hash", noon()).await.expect("begun"));
    on!(&store.write, db => {
        sqlx::query("update session set id = null where token_hash like 'a%'").execute(db).await.map(drop)
    })
    .expect("as an older node would have written it");
    let old = SessionId::from("a".repeat(32));
    let names = |sessions: Vec<crate::store::Session>| {
        sessions.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let all = names(store.sessions_of(&ada, after(1)).await.expect("read"));
    assert_eq!((all.len(), all.contains(&old)), (2, true));
    let found = store.find_session(&"a".repeat(64), after(120)).await.expect("read");
    assert_eq!(found.expect("it goes on").session_id, old);
    assert!(store.has_session(&old).await.expect("read"));
    let new = all.into_iter().find(|id| *id != old).expect("the other");
    store.end_sessions_of(&ada, Some(&new)).await.expect("ended");
    assert_eq!(names(store.sessions_of(&ada, after(121)).await.expect("read")), [new]);
}

#[tokio::test]
async fn the_logbook_tells_the_newest_first() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for second in 0..3 {
        let line = StaffLine {
            actor: None,
            actor_name: "the command line".into(),
            act: StaffAct::TokenMade,
            subject: Some(format!("token {second}")),
            detail: String::new(),
            created_at: after(second),
        };
        store.log(&line).await.expect("written");
    }
    let page = async |offset| {
        let lines = store.log_page(offset, 2).await.expect("read");
        lines.into_iter().filter_map(|line| line.subject).collect::<Vec<_>>()
    };
    assert_eq!(page(0).await, ["token 2", "token 1"]);
    assert_eq!(page(2).await, ["token 0"]);
}
