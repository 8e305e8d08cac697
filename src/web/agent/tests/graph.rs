//! An agent's words on WhatsApp, before a Meta that obeys the test: parts that fail between, and a window that
//! closes before they leave.

use super::world::{DRAFT_AS_SENT, World, after, conclusion};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings, WhatsappSettings};
use crate::conversation::{Action, AgentId, ChannelKind, Status};
use crate::fake::{Account, Fault, Graph, Order, Said};
use crate::store::{Queue, Role};
use chrono::TimeDelta;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpListener;

struct Shop {
    world: World,
    graph: Graph,
    clock: Clock,
}

impl Shop {
    async fn open() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let graph = Graph::start(Account::default()).await.expect("a Meta");
        let Account { number, token, app_secret, verify_token, .. } = graph.account();
        let mut settings = WhatsappSettings::new(number, app_secret, verify_token);
        settings.access_token = Some(token.as_str().into());
        graph.url().clone_into(&mut settings.graph_url);
        let mut inbox = InboxSettings::new("wa", ChannelKind::Whatsapp);
        inbox.whatsapp = Some(Box::new(settings));
        let mut config = Config { inboxes: vec![inbox], ..Config::default() };
        config.desk.undo_seconds = 0;
        let clock = Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time"));
        let world = World::of(config, clock.clone(), "http://desk.example").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let service = world.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        graph.call_back(&format!("{url}/webhook/whatsapp/wa"), &clock);
        Self { world, graph, clock }
    }

    /// A customer writes; gives the conversation.
    async fn written(&self) -> String {
        self.graph
            .says("+16505551234", &Said::Text("Where is it?".into()))
            .await
            .expect("taken in");
        self.rows().await.remove(0).0
    }

    async fn rows(&self) -> Vec<(String, Status)> {
        let rows = self.world.desk.store.queue(Queue::All, &AgentId::from("nobody"), 0, 9).await;
        rows.expect("read").into_iter().map(|row| (row.id.to_string(), row.status)).collect()
    }

    async fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.world.desk.run_due().await.expect("due work is done");
    }

    /// How the parts begin that the customer got.
    fn got(&self) -> Vec<String> {
        let words = |request: &Value| {
            let body = request["text"]["body"].as_str().unwrap_or_default();
            body.split(' ').next().unwrap_or_default().to_owned()
        };
        self.graph.got().iter().map(|(_, request)| words(request)).collect()
    }
}

#[tokio::test]
async fn a_long_message_goes_on_after_its_failures_and_no_part_is_sent_twice() {
    let shop = Shop::open().await;
    let id = shop.written().await;
    let cookie = shop.world.person(Role::Agent).await;
    let part = |name: &str| format!("{name} {}", "word ".repeat(780));
    let text = ["one", "two", "three"].map(part).join("%0A%0A").replace(' ', "+");
    shop.graph.next([Fault::None, Fault::Error(130_429), Fault::TakenThenLost]);
    shop.world.post(&format!("/conversations/{id}/reply"), &cookie, &format!("text={text}")).await;
    shop.later(0).await;
    assert_eq!(shop.got(), ["one"], "the second was put off");
    for _ in 0..3 {
        shop.later(40).await;
    }
    assert_eq!(shop.got(), ["one", "two"], "nobody knows of the second, so that nothing goes on");
    shop.graph.tell_statuses(Order::AsTheyCame).await.expect("they are taken in");
    for _ in 0..6 {
        shop.later(60).await;
    }
    let got = shop.got();
    assert!(got == ["one", "two", "three"] || got == ["one", "two"], "none twice: {got:?}");
    let sent = shop.graph.asked().iter().filter(|it| it["type"] == "text").count();
    assert_eq!(sent, got.len() + 1, "each was asked for once, and the one that was put off again");
}

#[tokio::test]
async fn a_window_that_closes_before_a_draft_is_approved_lets_nothing_leave() {
    let shop = Shop::open().await;
    let id = shop.written().await;
    shop.world.conclude(|turn| conclusion(turn, Action::Draft)).await;
    shop.clock.advance(TimeDelta::hours(25));
    let cookie = shop.world.person(Role::Agent).await;
    let page = shop.world.get(&format!("/conversations/{id}"), &cookie).await.body;
    let draft = after(&page, "name=\"draft\" value=\"");
    let form = format!("draft={draft}&text={DRAFT_AS_SENT}");
    shop.world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
    for _ in 0..3 {
        shop.later(60).await;
    }
    assert_eq!(shop.graph.asked(), Vec::<Value>::new(), "nothing leaves");
    let page = shop.world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains("more than 24 hours"), "{page}");
    let [(_, status)] = shop.rows().await[..] else { panic!("one conversation") };
    assert!(matches!(status, Status::Waiting | Status::WithAgent), "a person has it: {status}");
}
