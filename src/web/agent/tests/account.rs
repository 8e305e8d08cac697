//! One's own sessions and password, and what admins do to others'.

use super::world::{Answer, World, after};
use crate::store::Role;
use axum::http::StatusCode;
use chrono::TimeDelta;
use futures::StreamExt as _;

const LOGIN: &str = "email=ada%40shop.example&password=correct+horse";

/// Ada, the admin, once more on another device; the cookie there.
async fn elsewhere(world: &World) -> String {
    world.post_from("10.0.0.1", "/login", LOGIN).await.cookie()
}

async fn is_in(world: &World, cookie: &str) -> bool {
    world.get("/account", cookie).await.status == StatusCode::OK
}

#[tokio::test]
async fn somebody_sees_their_sessions_and_ends_them() {
    let world = World::new().await;
    let here = world.admin().await;
    let bo = world.person(Role::Agent).await;
    world.desk.clock.advance(TimeDelta::hours(2));
    let (phone, tablet) = (elsewhere(&world).await, elsewhere(&world).await);
    let page = world.get("/account", &here).await.body;
    assert_eq!(page.matches("/end\"").count(), 2, "two others: {page}");
    assert_eq!(page.matches("this one").count(), 1, "{page}");
    let newest = after(&page, "action=\"/account/sessions/");
    let path = format!("/account/sessions/{newest}");
    let foreign = world.post(&path, &bo, "").await;
    assert_eq!(foreign.location, "/account?done=unchanged", "it is not theirs");
    assert!(is_in(&world, &tablet).await && is_in(&world, &phone).await);
    assert_eq!(world.post(&path, &here, "").await.location, "/account?done=ended");
    assert_ne!(is_in(&world, &tablet).await, is_in(&world, &phone).await, "one has ended");
    world.post("/account/sessions/end-others", &here, "").await;
    assert!(!is_in(&world, &tablet).await && !is_in(&world, &phone).await);
    assert!(is_in(&world, &here).await && is_in(&world, &bo).await);
}

#[tokio::test]
async fn a_password_changes_by_the_old_one_and_ends_all_other_sessions() {
    let world = World::new().await;
    let here = world.admin().await;
    let phone = elsewhere(&world).await;
    let change = async |form: &str| world.post("/account/password", &here, form).await;
    for (form, words) in [
        ("old=wrong+horse&new=battery+staple", "not your password"),
        ("old=&new=battery+staple", "not your password"),
        ("old=correct+horse&new=password1", "tried first"),
        ("old=correct+horse&new=short", "8 characters"),
    ] {
        let refused = change(form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.body.contains(words), "{form}: {}", refused.body);
    }
    assert!(is_in(&world, &phone).await, "nothing has changed");
    let changed = change("old=correct+horse&new=battery+staple").await;
    assert_eq!(changed.location, "/account?done=password");
    assert!(is_in(&world, &here).await && !is_in(&world, &phone).await);
    assert_eq!(world.post_from("10.0.0.1", "/login", LOGIN).await.status, StatusCode::UNAUTHORIZED);
    let new = "email=ada%40shop.example&password=battery+staple";
    assert_eq!(world.post_from("10.0.0.1", "/login", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_at_the_old_password_are_slowed_down() {
    let world = World::new().await;
    let here = world.admin().await;
    let guess = || world.post("/account/password", &here, "old=guess&new=battery+staple");
    for _ in 0..10 {
        assert_eq!(guess().await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(guess().await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// An act of the admin on somebody, by the form that the page has for it.
async fn on(world: &World, admin: &str, email: &str, act: &str, form: &str) -> Answer {
    let people = world.desk.store.agents().await.unwrap();
    let person = people.iter().find(|person| person.email.starts_with(email)).expect("a person");
    let path = format!("/people/{}/{act}", person.id);
    assert!(
        world.get("/people", admin).await.body.contains(&format!("action=\"{path}\"")),
        "{act}"
    );
    world.post(&path, admin, form).await
}

#[tokio::test]
async fn an_admin_logs_somebody_out_and_changes_what_they_may_do() {
    let world = World::new().await;
    let admin = world.admin().await;
    let invited = world.post("/people/invite", &admin, "email=bo%40shop.example&role=viewer").await;
    let link = after(&invited.body, "value=\"http://desk.example/join/");
    let form = "name=Bo&password=battery+staple";
    let bo = world.post(&format!("/join/{link}"), "", form).await.cookie();
    assert_eq!(world.get("/ask", &bo).await.status, StatusCode::FORBIDDEN);
    let given = on(&world, &admin, "bo@", "role", "role=curator").await;
    assert_eq!(given.location, "/people?done=role");
    assert_eq!(world.get("/ask", &bo).await.status, StatusCode::OK, "from the next request on");
    on(&world, &admin, "bo@", "log-out", "").await;
    assert!(!is_in(&world, &bo).await && is_in(&world, &admin).await);
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_everywhere_and_what_they_did_keeps_their_name() {
    let world = World::new().await;
    let admin = world.admin().await;
    let invited = world.post("/people/invite", &admin, "email=bo%40shop.example&role=agent").await;
    let link = after(&invited.body, "value=\"http://desk.example/join/");
    let form = "name=Bo+Past&password=battery+staple";
    let bo = world.post(&format!("/join/{link}"), "", form).await.cookie();
    let id = world.drafted("How do I return a tent?").await;
    world.post(&format!("/conversations/{id}/note"), &bo, "text=VIP").await;
    let mut news = world.listen("/live", &bo).await;
    let left = on(&world, &admin, "bo@", "deactivate", "").await;
    assert_eq!(left.location, "/people?done=deactivated");
    assert!(!is_in(&world, &bo).await);
    world.post(&format!("/conversations/{id}/take"), &admin, "").await;
    assert!(news.next().await.is_none(), "an open page hears no more");
    let login = "email=bo%40shop.example&password=battery+staple";
    let refused = world.post_from("10.0.0.1", "/login", login).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let page = world.get(&format!("/conversations/{id}"), &admin).await.body;
    assert!(page.contains("Bo Past"), "{page}");
    on(&world, &admin, "bo@", "reactivate", "").await;
    assert!(!is_in(&world, &bo).await, "the old sessions stay ended");
    let back = world.post_from("10.0.0.1", "/login", login).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_last_admin_neither_leaves_nor_gives_the_role_up() {
    let world = World::new().await;
    let admin = world.admin().await;
    for (act, form) in [("deactivate", ""), ("role", "role=agent")] {
        let refused = on(&world, &admin, "ada@", act, form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{act}");
        assert!(refused.body.contains("the last admin"), "{}", refused.body);
    }
    assert!(is_in(&world, &admin).await);
}

#[tokio::test]
async fn nobody_gets_round_their_own_password_or_code() {
    let world = World::new().await;
    let admin = world.admin().await;
    let ada = world.desk.store.agents().await.unwrap().remove(0).id;
    for act in ["reset", "reset-two-step"] {
        let refused = world.post(&format!("/people/{ada}/{act}"), &admin, "").await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{act}");
        assert!(refused.body.contains("on your account page"), "{}", refused.body);
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_link_that_works_once_and_for_an_hour() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (older, newer) = (offer(&world).await, offer(&world).await);
    let form = "password=battery+staple";
    assert_eq!(world.post(&older, "", form).await.status, StatusCode::NOT_FOUND, "replaced");
    assert!(world.get(&newer, "").await.body.contains("ada@shop.example"));
    let weak = world.post(&newer, "", "password=password1").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.post(&newer, "", form).await.location, "/login");
    assert_eq!(world.post(&newer, "", form).await.status, StatusCode::NOT_FOUND, "used");
    assert!(!is_in(&world, &admin).await, "all sessions have ended");
    assert_eq!(world.post_from("10.0.0.1", "/login", LOGIN).await.status, StatusCode::UNAUTHORIZED);
    let new = "email=ada%40shop.example&password=battery+staple";
    assert_eq!(world.post_from("10.0.0.1", "/login", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_for_a_new_password_ends_with_its_hour_and_with_a_change() {
    let world = World::new().await;
    let admin = world.admin().await;
    let link = offer(&world).await;
    world.post("/account/password", &admin, "old=correct+horse&new=battery+staple").await;
    assert_eq!(world.get(&link, "").await.status, StatusCode::NOT_FOUND, "it was changed since");
    let link = offer(&world).await;
    world.desk.clock.advance(TimeDelta::hours(1));
    for late in [world.get(&link, "").await, world.post(&link, "", "password=donkey+engine").await]
    {
        assert_eq!(late.status, StatusCode::NOT_FOUND);
    }
}

/// A link for Ada's new password, which takes another admin.
async fn offer(world: &World) -> String {
    let other = world.person(Role::Admin).await;
    let made = on(world, &other, "ada@", "reset", "").await;
    assert!(made.body.contains("for one hour"), "{}", made.body);
    format!("/reset/{}", after(&made.body, "value=\"http://desk.example/reset/"))
}
