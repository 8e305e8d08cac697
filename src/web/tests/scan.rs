//! What holds of every route: forms from our own pages only, strict headers, strict cookies.

use super::matrix::Watch;
use super::matrix::caller::{Caller, Kind, everybody};
use super::matrix::rows::{Least, ROWS, Row};
use super::matrix::things::{Things, Whose, settings};
use crate::clock::Clock;
use crate::store::Role;
use crate::web::agent::tests::world::{Answer, World};
use axum::http::{HeaderMap, StatusCode};
use chrono::{TimeZone as _, Utc};

/// The acts without a login or a token that others may begin: a chat in their frame, and deliveries that are signed.
const OPEN_TO_ALL: [&str; 4] = [
    "/chat/{inbox}/session",
    "/webhook/email/{inbox}",
    "/webhook/email/{inbox}/mime",
    "/webhook/whatsapp/{inbox}",
];

/// A desk with somebody's things, reached over plain HTTP or not.
struct Scene {
    world: World,
    things: Things,
    callers: Vec<Caller>,
}

impl Scene {
    async fn at(public_url: &str) -> Self {
        let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
        let world = World::of(settings(), clock, public_url).await;
        world.person(Role::Viewer).await;
        let things = Things::new(&world, "own", "api").await;
        let callers = everybody(&world, &things.token).await;
        Self { world, things, callers }
    }

    fn caller(&self, kind: Kind) -> &Caller {
        self.callers.iter().find(|caller| caller.kind == kind).expect("somebody of that kind")
    }

    /// Whoever a route serves.
    fn served(&self, row: &Row) -> &Caller {
        self.caller(match row.2 {
            Least::Program => Kind::Program,
            Least::Visitor => Kind::Visitor,
            Least::Anyone | Least::Role(_) => Kind::Desk(Role::Admin),
        })
    }

    fn address(&self, row: &Row) -> String {
        self.things.address(&self.things, row.1, Whose::Own)
    }
}

#[tokio::test]
async fn no_foreign_page_changes_anything() {
    let scene = Scene::at("http://desk.example").await;
    let mut watch = Watch::new(&scene.world).await;
    let foreign: &[&[(&str, &str)]] = &[
        &[],
        &[("host", "desk.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://desk.example")],
        &[("origin", "https://evil.example"), ("host", "desk.example")],
        &[("origin", "http://desk.example.evil.example"), ("host", "desk.example")],
        &[("origin", "http://other.desk.example"), ("host", "desk.example")],
        &[("origin", "null"), ("host", "desk.example")],
    ];
    let guarded = |row: &&Row| !matches!(row.2, Least::Program | Least::Visitor);
    for row in ROWS.iter().filter(guarded).filter(|row| !OPEN_TO_ALL.contains(&row.1)) {
        let (method, path, _, body, _) = *row;
        let (address, body) = (scene.address(row), scene.things.body(body));
        if method == "GET" {
            // The trust page brings licences up to date, once.
            scene.world.answer(method, &address, &scene.served(row).headers(&body), "").await;
        }
        for from in foreign {
            let own = scene.served(row).headers(&body).into_iter();
            let headers: Vec<(&str, &str)> = own
                .filter(|(name, _)| *name != "sec-fetch-site")
                .chain(from.iter().copied())
                .collect();
            let before = watch.version().await;
            let answer = scene.world.answer(method, &address, &headers, &body).await;
            let is_refused = answer.status() == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, method == "POST", "{method} {path} {from:?}: {answer:?}");
            assert_eq!(watch.version().await, before, "{method} {path} {from:?}");
        }
    }
}

#[tokio::test]
async fn an_address_takes_no_other_method() {
    let scene = Scene::at("http://desk.example").await;
    for row in ROWS {
        let has = |method: &&str| ROWS.iter().any(|other| other.0 == *method && other.1 == row.1);
        let others = ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT"];
        for method in others.into_iter().filter(|method| !has(method)) {
            let headers = scene.served(row).headers("");
            let answer = scene.world.answer(method, &scene.address(row), &headers, "").await;
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {}", row.1);
            strict(answer.headers(), row.1, true);
        }
    }
}

#[tokio::test]
async fn every_answer_has_strict_headers() {
    for public_url in ["http://desk.example", "https://desk.example"] {
        let scene = Scene::at(public_url).await;
        let over_https = public_url.starts_with("https");
        for row in ROWS {
            let (method, path, _, body, _) = *row;
            for whose in [Whose::Own, Whose::Nobodys] {
                let nothing = Things::none();
                let things = if whose == Whose::Own { &scene.things } else { &nothing };
                let address = things.address(&scene.things, path, whose);
                for caller in &scene.callers {
                    let headers = caller.headers(body);
                    let answer = scene.world.answer(method, &address, &headers, body).await;
                    strict(answer.headers(), path, !answer.status().is_success());
                    let https_only = answer.headers().contains_key("strict-transport-security");
                    assert_eq!(https_only, over_https, "{path}");
                    assert!(
                        !answer.headers().contains_key("access-control-allow-origin"),
                        "{path}"
                    );
                }
            }
        }
        let page = ("accept", "text/html");
        for (method, path, headers) in [
            ("GET", "/nowhere", vec![page]),
            ("GET", "/nowhere", vec![]),
            ("GET", "/conversations/%00", vec![page]),
            ("GET", "/conversations/%ff", vec![page]),
            ("GET", "/queue/mine", vec![page]),
            ("GET", "/chat/web/messages?after=%ff", vec![]),
            ("POST", "/login", vec![("content-type", "text/plain")]),
        ] {
            let answer = scene.world.answer(method, path, &headers, "").await;
            assert!(!answer.status().is_success(), "{path}");
            strict(answer.headers(), path, true);
        }
    }
}

/// Checks the headers of an answer; one that failed is never public.
fn strict(headers: &HeaderMap, path: &str, failed: bool) {
    let header = |name: &str| {
        let all: Vec<&str> =
            headers.get_all(name).iter().filter_map(|it| it.to_str().ok()).collect();
        assert_eq!(all.len(), 1, "{path} has {} of {name}: {headers:?}", all.len());
        all[0].to_owned()
    };
    let policy = header("content-security-policy");
    for part in
        ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{path}: {policy} lacks {part}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(header("permissions-policy").contains("camera=()"), "{path}");
    assert!(!header("x-request-id").is_empty(), "{path}");
    let is_public =
        path.starts_with("/static") || path.ends_with("widget.js") || path == "/chat/{inbox}";
    if failed || !is_public {
        assert!(
            header("cache-control").contains("no-store"),
            "{path}: {}",
            header("cache-control")
        );
    }
}

#[tokio::test]
async fn a_session_cookie_is_strict_and_no_other_is_set() {
    for (public_url, name, secure) in [
        ("https://desk.example", "__Host-sureply=", true),
        ("http://127.0.0.1:8080", "sureply=", false),
    ] {
        let scene = Scene::at(public_url).await;
        let own = [("sec-fetch-site", "same-origin"), ("cookie", "sureply=planted")];
        let link = crate::token::fresh();
        let (store, now) = (&scene.world.desk.store, scene.world.now());
        store.invite(&crate::token::hash(&link), None, Role::Admin, now).await.unwrap();
        let form = "name=Ada&email=ada%40shop.example&password=correct+horse";
        let joined = scene.world.send("POST", &format!("/join/{link}"), &own, form).await;
        let login = "email=ada%40shop.example&password=correct+horse";
        let login = scene.world.send("POST", "/login", &own, login).await;
        assert_ne!(joined.cookie(), login.cookie(), "a session begins under a new token");
        let cookie = login.cookie();
        let with = [("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
        let logout = scene.world.send("POST", "/logout", &with, "").await;
        for answer in [joined, login, logout] {
            cookie_is_strict(&answer, name, secure);
        }
        for row in ROWS.iter().filter(|row| row.1 != "/logout") {
            let headers = scene.served(row).headers(row.3);
            let answer = scene.world.answer(row.0, &scene.address(row), &headers, row.3).await;
            assert!(!answer.headers().contains_key("set-cookie"), "{}", row.1);
        }
    }
}

fn cookie_is_strict(answer: &Answer, name: &str, secure: bool) {
    let cookie = &answer.set_cookie;
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "{cookie}");
    assert!(cookie.starts_with(name), "{cookie}");
    assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
    for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie} lacks {flag}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn over_https_a_cookie_without_the_prefix_is_none() {
    let scene = Scene::at("https://desk.example").await;
    let cookie = scene.world.person(Role::Admin).await;
    let refused = scene.world.get("/people", &cookie).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    let prefixed = format!("__Host-{cookie}");
    assert_eq!(scene.world.get("/people", &prefixed).await.status, StatusCode::OK);
}
