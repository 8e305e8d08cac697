//! Tokens, teams and what people can, on their pages.

use super::world::{World, after};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings};
use crate::conversation::{Assign, ChannelKind};
use crate::store::Role;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone as _, Utc};

async fn world() -> World {
    let mut config = Config::default();
    config.inboxes.push(InboxSettings {
        team: Some("Depot".into()),
        ..InboxSettings::new("depot", ChannelKind::Api)
    });
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    World::of(config, clock, "http://desk.example").await
}

#[tokio::test]
async fn a_token_is_for_its_inboxes_until_it_is_revoked() {
    let world = world().await;
    let admin = world.admin().await;
    let made = world.post("/people/tokens", &admin, "name=Depot+till&inbox=depot").await;
    let token = after(&made.body, "id=\"token\" class=\"link\" value=\"");
    let read = async |inbox: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        world.send("GET", &format!("/api/v1/inboxes/{inbox}/messages"), &headers, "").await.status
    };
    assert_eq!(read("depot").await, StatusCode::OK);
    assert_eq!(read("d%65pot").await, StatusCode::OK, "the same inbox by another spelling");
    assert_eq!(read("api").await, StatusCode::FORBIDDEN);
    assert_eq!(read("%61pi").await, StatusCode::FORBIDDEN);
    let listed = world.get("/people/tokens", &admin).await.body;
    assert!(listed.contains("Depot till") && !listed.contains(&token), "{listed}");
    assert!(listed.contains("data-ago>now"), "it was used: {listed}");
    let path = after(&listed, "action=\"/people/tokens/");
    let revoked = world.post(&format!("/people/tokens/{path}"), &admin, "").await;
    assert_eq!(revoked.location, "/people/tokens?done=revoked");
    world.desk.clock.advance(TimeDelta::seconds(1));
    assert_eq!(read("depot").await, StatusCode::UNAUTHORIZED);
    for form in ["name=", "name=x&inbox=web", "name=x&inbox=made-up"] {
        let refused = world.post("/people/tokens", &admin, form).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{form}");
    }
    let log = world.get("/people/log", &admin).await.body;
    assert!(
        log.contains("made a program’s token") && log.contains("revoked a program’s token"),
        "{log}"
    );
}

#[tokio::test]
async fn a_team_is_made_filled_renamed_and_ended() {
    let world = world().await;
    let admin = world.admin().await;
    world.person(Role::Agent).await;
    let page = world.get("/people/teams", &admin).await.body;
    assert!(page.contains("<bdi>Depot</bdi>"), "the settings name one that is missing: {page}");
    let people = world.desk.store.agents().await.unwrap();
    let form = format!("name=depot&member={}&member={}", people[0].id, people[1].id);
    assert_eq!(
        world.post("/people/teams", &admin, &form).await.location,
        "/people/teams?done=team"
    );
    let page = world.get("/people/teams", &admin).await.body;
    assert!(page.contains("Inboxes: depot") && page.contains("Ada, The agent"), "{page}");
    let again = world.post("/people/teams", &admin, "name=DEPOT").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let path = format!("/people/teams/{}", after(&page, "action=\"/people/teams/"));
    world.post(&path, &admin, "name=%3Cb%3EOut").await;
    let page = world.get("/people/teams", &admin).await.body;
    assert!(page.contains("&#60;b&#62;Out") && !page.contains("<b>Out"), "{page}");
    assert_eq!(world.post(&path, &admin, "name=").await.status, StatusCode::BAD_REQUEST);
    let ended = world.post(&format!("{path}/end"), &admin, "").await;
    assert_eq!(ended.location, "/people/teams?done=team-ended");
}

#[tokio::test]
async fn admins_say_what_people_can_and_everybody_their_languages() {
    let world = world().await;
    let (admin, bo) = (world.admin().await, world.person(Role::Agent).await);
    let people = world.desk.store.agents().await.unwrap();
    let id = &people.iter().find(|person| person.name == "The agent").unwrap().id;
    let path = format!("/people/{id}/traits");
    let set = world.post(&path, &admin, "langs=de%2C+en&skills=Tents&capacity=3").await;
    assert_eq!(set.location, "/people?done=traits");
    let page = world.get("/people", &admin).await.body;
    assert!(page.contains("de, en") && page.contains("up to 3 at once"), "{page}");
    for form in ["langs=German&capacity=3", "langs=&capacity=-1", "langs=&capacity=1001"] {
        assert_eq!(world.post(&path, &admin, form).await.status, StatusCode::BAD_REQUEST, "{form}");
    }
    assert_eq!(
        world.post("/account/languages", &bo, "langs=fr").await.location,
        "/account?done=languages"
    );
    assert!(world.get("/account", &bo).await.body.contains("value=\"fr\""));
}

#[tokio::test]
async fn whoever_goes_away_gives_what_they_have_to_the_others() {
    let world = world().await;
    let bo = world.person(Role::Agent).await;
    let id = world.write("Anna", "Hello?").await;
    world.post(&format!("/conversations/{id}/take"), &bo, "").await;
    assert!(world.get("/queue/mine", &bo).await.body.contains(&id));
    assert_eq!(world.post("/account/away", &bo, "away=yes").await.location, "/account?done=away");
    assert!(!world.get("/queue/mine", &bo).await.body.contains(&id));
    assert!(world.get("/queue/handed-off", &bo).await.body.contains(&id));
    assert!(world.get("/account", &bo).await.body.contains("I am back"));
    assert_eq!(world.post("/account/away", &bo, "away=no").await.location, "/account?done=back");
}

#[tokio::test]
async fn what_is_handed_off_is_given_to_whoever_is_here_and_what_is_late_is_told() {
    let mut config = Config::default();
    config.inboxes[0].assign = Assign::Load;
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::of(config, clock, "http://desk.example").await;
    let bo = world.person(Role::Agent).await;
    let viewer = world.person(Role::Viewer).await;
    let id = world.write("Anna", "I want to talk to a person, please.").await;
    world.desk.clock.advance(TimeDelta::seconds(20));
    world.desk.run_due().await.unwrap();
    assert!(world.get("/queue/mine", &bo).await.body.contains(&id));
    let thread = world.get(&format!("/conversations/{id}"), &viewer).await.body;
    assert!(thread.contains("It was given to The agent"), "{thread}");
    assert!(!thread.contains("wait longer") && !thread.contains("waits longer"), "{thread}");
    world.desk.clock.advance(TimeDelta::hours(11));
    assert!(world.get("/queue/mine", &bo).await.status.is_success(), "still here");
    world.desk.clock.advance(TimeDelta::hours(11));
    assert!(world.get("/queue/mine", &bo).await.status.is_success(), "still here");
    world.desk.clock.advance(TimeDelta::hours(3));
    world.desk.run_due().await.unwrap();
    let page = world.get(&format!("/conversations/{id}"), &bo).await.body;
    assert!(page.contains("1 customer waits longer than they should."), "{page}");
    assert!(page.contains("The target is missed"), "{page}");
}
