//! People and programs: an invitation is good once, a session ends, wrong guesses are counted.

use super::{after, fresh, noon};
use crate::conversation::AgentId;
use crate::store::{Agent, Role};
use chrono::TimeDelta;

fn person(email: &str) -> Agent {
    Agent {
        id: AgentId::fresh(),
        email: email.into(),
        name: "Ada".into(),
        role: Role::Admin,
        left_at: None,
    }
}

#[tokio::test]
async fn an_invitation_is_good_once_and_for_a_week() {
    let fresh = fresh().await;
    let store = &fresh.store;
    store.invite("h1", None, Role::Admin, noon()).await.expect("invited");
    store.invite("h2", Some("a@x.example"), Role::Agent, noon()).await.expect("invited");
    assert_eq!(
        store.find_invitation("h1", after(1)).await.expect("read"),
        Some((Role::Admin, None))
    );
    assert!(
        store
            .accept_invitation("h1", &person("a@x.example"), "hash", after(1))
            .await
            .expect("accepted")
    );
    assert!(
        !store
            .accept_invitation("h1", &person("b@x.example"), "hash", after(2))
            .await
            .expect("refused")
    );
    assert!(store.find_agent("b@x.example").await.expect("read").is_none());
    let late = noon() + TimeDelta::days(8);
    assert!(
        !store
            .accept_invitation("h2", &person("a@x.example"), "hash", late)
            .await
            .expect("refused")
    );
    let taken = store.accept_invitation("h2", &person("a@x.example"), "hash", after(3)).await;
    assert!(!taken.expect("refused"), "the address is taken");
    assert!(
        store.find_invitation("h2", after(4)).await.expect("read").is_some(),
        "and the link is still good"
    );
}

#[tokio::test]
async fn an_invitation_is_for_its_address_and_open_ones_end_with_the_first_person() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for (link, email) in [("open", None), ("other", None), ("bo", Some("bo@x.example"))] {
        store.invite(link, email, Role::Admin, noon()).await.expect("invited");
    }
    let accept = |link: &'static str, email: &'static str| async move {
        store.accept_invitation(link, &person(email), "hash", after(1)).await.expect("answered")
    };
    assert!(!accept("bo", "eve@x.example").await, "it is for another address");
    assert!(accept("open", "a@x.example").await);
    assert!(!accept("other", "eve@x.example").await, "there is a first admin already");
    assert!(accept("bo", "bo@x.example").await);
    store.invite("later", None, Role::Agent, after(2)).await.expect("invited");
    assert!(accept("later", "cy@x.example").await, "an admin may invite without an address");
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_two_weeks_at_most() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let ada = person("a@x.example");
    store.invite("h", None, Role::Admin, noon()).await.expect("invited");
    assert!(store.accept_invitation("h", &ada, "hash", noon()).await.expect("added"));
    assert!(store.begin_session("s", &ada.id, "hash", noon()).await.expect("begun"));
    let mut now = noon();
    let mut hours = 0;
    while store.find_session("s", now).await.expect("read").is_some() {
        now += TimeDelta::hours(11);
        hours += 11;
    }
    assert!((13 * 24..=14 * 24 + 11).contains(&hours), "{hours}");
    assert!(store.begin_session("idle", &ada.id, "hash", noon()).await.expect("begun"));
    assert!(
        store.find_session("idle", noon() + TimeDelta::hours(13)).await.expect("read").is_none()
    );
    assert!(store.begin_session("over", &ada.id, "hash", noon()).await.expect("begun"));
    store.end_session("over").await.expect("ended");
    assert!(store.find_session("over", after(1)).await.expect("read").is_none());
}

#[tokio::test]
async fn attempts_are_counted_within_their_window() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let window = TimeDelta::minutes(15);
    let count = |key: &'static str, now| async move {
        store.count_login(key, window, now).await.expect("counted")
    };
    for second in 0..3 {
        assert_eq!(count("a", after(second)).await, second + 1);
    }
    assert_eq!(count("b", after(3)).await, 1);
    store.uncount_login("a").await.expect("taken back");
    assert_eq!(count("a", after(4)).await, 3);
    store.clear_logins("b").await.expect("cleared");
    assert_eq!(count("b", after(5)).await, 1);
    assert_eq!(count("a", noon() + TimeDelta::minutes(16)).await, 1);
}

#[tokio::test]
async fn attempts_side_by_side_are_all_counted() {
    let fresh = fresh().await;
    let count = || fresh.store.count_login("a", TimeDelta::minutes(15), noon());
    let counted = futures::future::join_all((0..20).map(|_| count())).await;
    let mut counted: Vec<i64> = counted.into_iter().map(|count| count.expect("counted")).collect();
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<i64>>());
}

#[tokio::test]
async fn attempts_of_days_ago_leave_no_rows() {
    let fresh = fresh().await;
    let (store, window) = (&fresh.store, TimeDelta::days(9));
    store.count_login("a", window, noon()).await.expect("counted");
    store.count_login("b", window, noon() + TimeDelta::days(2)).await.expect("counted");
    let again = store.count_login("a", window, noon() + TimeDelta::days(2)).await;
    assert_eq!(again.expect("counted"), 1, "the row was deleted although its window lasts");
}
