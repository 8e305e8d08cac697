//! A WhatsApp number on the screen: set up, looked after, and its webhook called, before a Meta that obeys the test.

use super::world::World;
use crate::channel::{Called, call_back};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings, WhatsappSettings};
use crate::conversation::{ChannelKind, InboxName};
use crate::fake::{Account, Facts, Fault, Graph};
use crate::store::Role;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use chrono::TimeDelta;
use serde_json::json;
use std::net::SocketAddr;
use tokio::net::TcpListener;

fn clock() -> Clock {
    Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time"))
}

async fn graph() -> Graph {
    drop(rustls::crypto::ring::default_provider().install_default());
    Graph::start(Account::default()).await.expect("a Meta")
}

fn settings(graph: &Graph) -> WhatsappSettings {
    let Account { number, business, token, app_secret, verify_token, .. } = graph.account();
    let mut settings = WhatsappSettings::new(number, app_secret, verify_token);
    settings.business_account_id = Some(business.clone());
    settings.access_token = Some(token.as_str().into());
    graph.url().clone_into(&mut settings.graph_url);
    settings
}

fn config(graph: &Graph, public_url: Option<String>) -> Config {
    let mut inbox = InboxSettings::new("wa", ChannelKind::Whatsapp);
    inbox.whatsapp = Some(Box::new(settings(graph)));
    let mut config = Config { inboxes: vec![inbox], ..Config::default() };
    config.server.public_url = public_url;
    config
}

/// The form as a browser sends it, with these fields changed.
fn form(graph: &Graph, changes: &[(&str, &str)]) -> String {
    let account = graph.account();
    let mut fields = vec![
        ("name", "wa"),
        ("phone_number_id", &*account.number),
        ("business_account_id", &*account.business),
        ("token", &*account.token),
        ("app_secret", &*account.app_secret),
        ("verify_token", "words of our own"),
        ("graph_url", graph.url()),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields).finish()
}

#[tokio::test]
async fn a_number_that_works_is_told_what_to_paste_and_no_secret_is_shown() {
    let graph = graph().await;
    let world = World::of(config(&graph, None), clock(), "http://desk.example").await;
    let cookie = world.admin().await;
    let page = world.get("/inboxes/whatsapp", &cookie).await.body;
    assert!(page.contains("name=\"verify_token\"") && page.contains("v25.0"), "{page}");
    graph.facts(|facts| facts.is_subscribed = false);
    let told = world.post("/inboxes/whatsapp", &cookie, &form(&graph, &[])).await.body;
    assert!(told.contains("is not subscribed") && !told.contains("id=\"section\""), "{told}");
    let sent = form(&graph, &[("subscribe", "yes")]);
    let page = world.post("/inboxes/whatsapp", &cookie, &sent).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "http://desk.example/webhook/whatsapp/wa",
        "words of our own",
        "phone_number_quality_update",
        "app_secret_env = &#34;SUREPLY_WHATSAPP_APP_SECRET&#34;",
        "access_token_env = &#34;SUREPLY_WHATSAPP_TOKEN&#34;",
        "the app was subscribed",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let Account { token, app_secret, .. } = graph.account();
    assert!(!page.body.contains(token) && !page.body.contains(app_secret), "{}", page.body);
    assert!(graph.facts(|_| {}).is_subscribed);
}

type Mistake = (&'static [(&'static str, &'static str)], fn(&mut Facts), &'static str);

/// What people do wrong, or Meta does, and the words that help.
const MISTAKES: &[Mistake] = &[
    (&[("phone_number_id", "49 30")], |_| {}, "digits only"),
    (&[("token", "")], |_| {}, "Give the access token"),
    (&[("app_secret", "short")], |_| {}, "16 characters or more"),
    (&[("name", "My number")], |_| {}, "lower-case letters"),
    (&[("token", "another")], |_| {}, "access token"),
    (&[("phone_number_id", "777")], |_| {}, "take the phone number id"),
    (&[("business_account_id", "777")], |_| {}, "WhatsApp Business Account ID"),
    (&[("app_secret", "a-secret-of-another-app")], |_| {}, "App settings, Basic, of that app"),
    (&[("graph_url", "http://127.0.0.1:1")], |_| {}, "could not be reached"),
    (&[("graph_url", "http://10.0.0.5:8080")], |_| {}, "Only Meta"),
    (&[], |facts| facts.is_own = false, "is not one of the account"),
    (&[], |facts| facts.scopes.truncate(1), "lacks the permission whatsapp_business_management"),
    (&[], |facts| facts.token_ends = in_hours(23), "temporary token"),
    (&[], |facts| facts.token_ends = in_hours(-1), "has ended"),
    (&[], |facts| facts.is_valid = false, "not valid: Session has expired"),
    (&[], |facts| facts.blocked = Some("Pay your bill.".into()), "may not send: Pay your bill."),
    (&[], |facts| facts.faults.push_back(Fault::Lost), "broke off"),
    (&[], |facts| facts.faults.push_back(Fault::Status(503)), "503"),
    (&[], |facts| facts.faults.push_back(Fault::Error(4)), "too many calls"),
];

fn in_hours(hours: i64) -> i64 {
    (clock().now() + TimeDelta::hours(hours)).timestamp()
}

#[tokio::test]
async fn each_mistake_is_told_in_words_and_what_was_typed_stays() {
    let graph = graph().await;
    let mut config = config(&graph, None);
    let mut nowhere = config.inboxes[0].clone();
    nowhere.name = "nowhere".into();
    nowhere.whatsapp.as_mut().expect("a number").graph_url = "http://127.0.0.1:1".into();
    config.inboxes.push(nowhere);
    let world = World::of(config, clock(), "http://desk.example").await;
    let cookie = world.admin().await;
    for (changes, change, words) in MISTAKES {
        graph.facts(|facts| *facts = Facts::default());
        graph.facts(change);
        let page = world.post("/inboxes/whatsapp", &cookie, &form(&graph, changes)).await;
        assert!(page.body.contains(words), "{words}: {}", page.body);
        assert!(!page.body.contains("id=\"section\""), "{words}");
        assert!(page.body.contains("value=\"words of our own\""), "{words}");
        let secret = &graph.account().app_secret;
        assert!(!page.body.contains(secret), "{words}");
    }
}

#[tokio::test]
async fn a_version_that_does_not_know_a_field_is_asked_for_less() {
    let graph = graph().await;
    let world = World::of(config(&graph, None), clock(), "http://desk.example").await;
    let cookie = world.admin().await;
    graph.facts(|facts| facts.unknown_fields.push("messaging_limit_tier".into()));
    let page = world.post("/inboxes/whatsapp", &cookie, &form(&graph, &[])).await.body;
    assert!(page.contains("id=\"section\""), "{page}");
}

async fn told(graph: &Graph, world: &World, field: &str, value: serde_json::Value) {
    let body = graph.update(&[json!({ "field": field, "value": value })]);
    let headers = [("x-hub-signature-256", &*graph.sign(body.as_bytes()))];
    let answer = world.send("POST", "/webhook/whatsapp/wa", &headers, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_number_is_looked_at_hourly_and_what_is_wrong_stands_on_every_page_of_admins() {
    let (graph, clock) = (graph().await, clock());
    let world = World::of(config(&graph, None), clock.clone(), "http://desk.example").await;
    // Sessions are shorter than this story.
    let see = async |path: &str, role: Role| {
        let cookie = world.person(role).await;
        world.get(path, &cookie).await.body
    };
    graph.facts(|facts| facts.token_ends = in_hours(24 * 20));
    let mind = async || world.desk.mind_numbers().await.expect("minded");
    mind().await;
    let page = see("/inboxes", Role::Admin).await;
    for part in ["A shop", "good quality", "1K", "ends in 20 days", "15550051310", "v25.0"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("See the number") && page.contains("Meta has not called yet"), "{page}");

    let asked = graph.facts(|facts| facts.quality = "RED".into()).asked;
    clock.advance(TimeDelta::minutes(59));
    mind().await;
    assert_eq!(graph.facts(|_| {}).asked, asked, "it is looked at once an hour");
    clock.advance(TimeDelta::days(7));
    mind().await;
    for path in ["/queue/all", "/inboxes"] {
        let page = see(path, Role::Admin).await;
        assert!(page.contains("the quality is low") && page.contains("ends in 13 days"), "{page}");
    }
    let page = see("/queue/all", Role::Agent).await;
    assert!(!page.contains("the quality is low"), "agents cannot mend it");

    told(&graph, &world, "phone_number_quality_update",
        json!({ "display_phone_number": "15550051310", "event": "UNFLAGGED", "current_limit": "TIER_10K" })).await;
    told(
        &graph,
        &world,
        "account_update",
        json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "SPAM" } }),
    )
    .await;
    let page = see("/inboxes", Role::Admin).await;
    for part in ["medium quality", "10K", "has broken a rule of WhatsApp: SPAM", "Meta last called"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }

    clock.advance(TimeDelta::hours(2));
    graph.facts(|facts| facts.faults.push_back(Fault::Lost));
    mind().await;
    let page = see("/inboxes", Role::Admin).await;
    assert!(page.contains("could not be looked at") && page.contains("medium quality"), "{page}");
    graph.facts(|facts| facts.quality = "GREEN".into());
    clock.advance(TimeDelta::minutes(5));
    mind().await;
    let page = see("/inboxes", Role::Admin).await;
    assert!(page.contains("good quality") && !page.contains("could not be looked at"), "{page}");
    assert!(page.contains("SPAM"), "a look does not see every kind: {page}");
    clock.advance(TimeDelta::days(7));
    mind().await;
    let page = see("/inboxes", Role::Admin).await;
    assert!(!page.contains("SPAM"), "it is told for a week: {page}");
}

#[tokio::test]
async fn two_nodes_look_once() {
    let (graph, clock) = (graph().await, clock());
    let world = World::of(config(&graph, None), clock.clone(), "http://desk.example").await;
    let (inbox, now) = (InboxName::from("wa"), clock.now());
    let until = now + TimeDelta::minutes(5);
    let store = &world.desk.store;
    assert!(store.claim_number(&inbox, now, until).await.expect("read"));
    assert!(!store.claim_number(&inbox, now, until).await.expect("read"));
    assert!(store.claim_number(&inbox, until, until).await.expect("read"), "the other node died");
}

#[tokio::test]
async fn what_is_only_kept_goes_after_ninety_days() {
    let (graph, clock) = (graph().await, clock());
    let world = World::of(config(&graph, None), clock.clone(), "http://desk.example").await;
    let kept = async || world.desk.store.kept(&InboxName::from("wa"), 9).await.expect("read").len();
    told(&graph, &world, "security", json!({ "event": "PIN_CHANGED" })).await;
    clock.advance(TimeDelta::days(2));
    told(&graph, &world, "security", json!({ "event": "PIN_RESET" })).await;
    for (days, left) in [(88, 2), (1, 1), (2, 0)] {
        clock.advance(TimeDelta::days(days));
        world.desk.mind_numbers().await.expect("minded");
        assert_eq!(kept().await, left, "after {days} more days");
    }
}

/// Serves at a free port; gives the address.
fn serve(router: Router, listener: TcpListener) -> String {
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    url
}

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a free port")
}

#[tokio::test]
async fn a_webhook_is_called_at_its_public_address_and_the_end_is_told() {
    let graph = graph().await;
    let listener = free().await;
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let world = World::of(config(&graph, Some(url.clone())), clock(), &url).await;
    serve(world.router.clone(), listener);
    let cookie = world.admin().await;
    let page = world.post("/inboxes/whatsapp/wa/test", &cookie, "").await.body;
    assert!(page.contains("The webhook was reached"), "{page}");
    let page = world.get("/inboxes", &cookie).await.body;
    assert!(page.contains("Meta has not called yet"), "a trial is not Meta: {page}");
    let none = world.post("/inboxes/whatsapp/other/test", &cookie, "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);

    let mut other = settings(&graph);
    other.verify_token = "other words than these".into();
    assert_eq!(call_back(&url, "wa", &other).await, Called::WrongToken);
    let mut other = settings(&graph);
    other.app_secrets = vec!["another-secret-of-the-app".into()];
    assert_eq!(call_back(&url, "wa", &other).await, Called::WrongSecret);
    assert_eq!(call_back(&url, "none", &other).await, Called::Elsewhere);
    let away = get(|| async { Redirect::temporary("http://127.0.0.1:1/") });
    let away = serve(Router::new().fallback_service(away), free().await);
    assert_eq!(call_back(&away, "wa", &other).await, Called::Redirect);
    let page = Router::new().fallback(|| async { "a page" });
    let page = serve(page, free().await);
    assert_eq!(call_back(&page, "wa", &other).await, Called::Elsewhere);
    assert_eq!(call_back("http://127.0.0.1:1", "wa", &other).await, Called::Unreachable);
    let tls = page.replace("http://", "https://");
    assert_eq!(call_back(&tls, "wa", &other).await, Called::Certificate);
}

#[tokio::test]
async fn without_a_public_address_nothing_is_called() {
    let graph = graph().await;
    let world = World::of(config(&graph, None), clock(), "http://desk.example").await;
    let cookie = world.admin().await;
    let page = world.post("/inboxes/whatsapp/wa/test", &cookie, "").await.body;
    assert!(page.contains("Set server.public_url"), "{page}");
}
