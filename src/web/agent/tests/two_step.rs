//! Two-step login: set up, asked for, got around by nobody, and taken away by an admin.

use super::world::{Answer, World, after};
use crate::clock::Clock;
use crate::config::{Config, RequireTotp, Screen};
use crate::store::Role;
use crate::totp;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone as _, Utc};

const LOGIN: &str = "email=ada%40shop.example&password=correct+horse&next=%2Ftrust";

/// The code that an app would show.
fn code(world: &World, secret: &str) -> String {
    totp::code(secret, world.now())
}

/// Sets two-step login up; the secret and the recovery codes.
async fn set_up(world: &World, cookie: &str) -> (String, Vec<String>) {
    let begun = world.post("/account/two-step/begin", cookie, "").await;
    assert_eq!(begun.location, "/account/two-step");
    let page = world.get("/account/two-step", cookie).await.body;
    let secret = after(&page, "otpauth://totp/").split("secret=").nth(1).unwrap()[..32].to_owned();
    assert!(
        page.contains("<svg class=\"qr\"") && page.contains(&totp::grouped(&secret, " ")),
        "{page}"
    );
    let form = format!("code={}", code(world, &secret));
    let on = world.post("/account/two-step/confirm", cookie, &form).await;
    let codes: Vec<String> = on
        .body
        .split("<li><code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes.len(), 10, "{}", on.body);
    (secret, codes)
}

/// The step after a right password.
async fn begin(world: &World, from: &str) -> String {
    let asked = world.post_from(from, "/login", LOGIN).await;
    assert_eq!((asked.status, asked.set_cookie.as_str()), (StatusCode::OK, ""), "{}", asked.body);
    after(&asked.body, "name=\"token\" value=\"")
}

async fn answer(world: &World, from: &str, token: &str, code: &str) -> Answer {
    world.post_from(from, "/login/code", &format!("token={token}&code={code}&next=%2Ftrust")).await
}

#[tokio::test]
async fn a_login_takes_password_and_code_and_each_code_counts_once() {
    let world = World::new().await;
    let here = world.admin().await;
    let (secret, codes) = set_up(&world, &here).await;
    let used = code(&world, &secret);
    let token = begin(&world, "10.0.0.1").await;
    let again = answer(&world, "10.0.0.1", &token, &used).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "it was used to confirm");
    world.desk.clock.advance(TimeDelta::seconds(30));
    let next = code(&world, &secret);
    let right = answer(&world, "10.0.0.1", &token, &next).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, "/trust"));
    assert_eq!(world.get("/account", &right.cookie()).await.status, StatusCode::OK);
    let twice = answer(&world, "10.0.0.1", &token, &next).await;
    assert_eq!(twice.status, StatusCode::UNAUTHORIZED, "the login is done");
    let token = begin(&world, "10.0.0.1").await;
    assert_eq!(answer(&world, "10.0.0.1", &token, &next).await.status, StatusCode::UNAUTHORIZED);
    let recovered = answer(&world, "10.0.0.1", &token, &codes[3].to_uppercase()).await;
    assert_eq!(recovered.status, StatusCode::SEE_OTHER);
    let token = begin(&world, "10.0.0.1").await;
    assert_eq!(
        answer(&world, "10.0.0.1", &token, &codes[3]).await.status,
        StatusCode::UNAUTHORIZED
    );
    let log = world.get("/people/log", &here).await.body;
    assert!(log.contains("used a recovery code") && log.contains("9 left"), "{log}");
}

#[tokio::test]
async fn guesses_at_codes_are_slowed_down_however_often_the_password_is_right() {
    let world = World::new().await;
    let here = world.admin().await;
    let (secret, _) = set_up(&world, &here).await;
    for _ in 0..5 {
        let token = begin(&world, "10.0.0.1").await;
        assert_eq!(
            answer(&world, "10.0.0.1", &token, "000000").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    world.desk.clock.advance(TimeDelta::seconds(30));
    let token = begin(&world, "10.0.0.1").await;
    let right = code(&world, &secret);
    assert_eq!(
        answer(&world, "10.0.0.1", &token, &right).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(answer(&world, "10.0.0.2", &token, &right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_login_under_way_ends_with_a_new_password() {
    let world = World::new().await;
    let here = world.admin().await;
    let (secret, _) = set_up(&world, &here).await;
    let token = begin(&world, "10.0.0.1").await;
    world.desk.clock.advance(TimeDelta::seconds(30));
    let changed =
        world.post("/account/password", &here, "old=correct+horse&new=battery+staple").await;
    assert_eq!(changed.location, "/account?done=password");
    let late = answer(&world, "10.0.0.1", &token, &code(&world, &secret)).await;
    assert_eq!((late.status, late.set_cookie.as_str()), (StatusCode::UNAUTHORIZED, ""));
    assert!(late.body.contains("log in again"), "{}", late.body);
}

#[tokio::test]
async fn it_is_switched_off_by_password_and_code_only() {
    let world = World::new().await;
    let here = world.admin().await;
    let (secret, codes) = set_up(&world, &here).await;
    let off = async |password: &str, code: &str| {
        world
            .post("/account/two-step/off", &here, &format!("password={password}&code={code}"))
            .await
    };
    world.desk.clock.advance(TimeDelta::seconds(30));
    let right = code(&world, &secret);
    assert_eq!(off("wrong", &right).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(off("correct+horse", "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("password=correct+horse&code={right}");
    let renewed = world.post("/account/two-step/codes", &here, &form).await;
    assert_eq!(renewed.body.matches("<li><code>").count(), 10);
    assert_eq!(
        off("correct+horse", &codes[0]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "ended"
    );
    let new = renewed.body.split("<li><code>").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(off("correct+horse", new).await.location, "/account?done=two-step-off");
    assert_eq!(world.post_from("10.0.0.1", "/login", LOGIN).await.location, "/trust");
}

#[tokio::test]
async fn an_admin_takes_it_away_from_whoever_lost_the_app() {
    let world = World::new().await;
    let admin = world.admin().await;
    let bo = world.person(Role::Agent).await;
    set_up(&world, &bo).await;
    let people = world.get("/people", &admin).await.body;
    assert_eq!(people.matches("/reset-two-step\"").count(), 1, "{people}");
    let path = people.split("action=\"").find(|rest| rest.contains("/reset-two-step\"")).unwrap();
    let path = path.split('"').next().unwrap();
    assert_eq!(world.post(path, &admin, "").await.location, "/people?done=two-step-reset");
    assert!(world.get("/account", &bo).await.body.contains("Set it up"));
    let log = world.get("/people/log", &admin).await.body;
    assert!(log.contains("took two-step login away") && log.contains("The agent"), "{log}");
}

#[tokio::test]
async fn where_it_is_required_people_are_led_to_set_it_up() {
    for (require_totp, role, led) in [
        (RequireTotp::None, Role::Admin, false),
        (RequireTotp::Admins, Role::Curator, false),
        (RequireTotp::Admins, Role::Admin, true),
        (RequireTotp::All, Role::Viewer, true),
    ] {
        let config =
            Config { desk: Screen { require_totp, ..Screen::default() }, ..Config::default() };
        let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
        let world = World::of(config, clock, "http://desk.example").await;
        world.person(Role::Admin).await;
        let cookie = world.person(role).await;
        let page = world.get("/trust", &cookie).await;
        assert_eq!(page.location == "/account/two-step", led, "{require_totp} {role}");
        if led {
            let act = world.post("/account/sessions/end-others", &cookie, "").await;
            assert_eq!(act.status, StatusCode::FORBIDDEN);
            set_up(&world, &cookie).await;
            assert_eq!(world.get("/trust", &cookie).await.status, StatusCode::OK);
        }
    }
}
