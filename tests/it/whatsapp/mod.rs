//! WhatsApp, with a Graph API that is played: what customers get, once, and what people are told.

mod storm;
mod updates;

use crate::support::TestApp;
use serde_json::{Value, json};
use std::fs;
use sureply::fake::{Account, Fault, Graph, Order, Said};
use tempfile::TempDir;

const QUESTION: &str = "How long do I have to return something?";
const PHONE: &str = "+16505551234";

/// A server with one WhatsApp inbox, and the Graph API behind it.
struct Shop {
    app: TestApp,
    graph: Graph,
}

impl Shop {
    async fn open() -> Self {
        Self::open_with("").await
    }

    /// With more settings before those of the inbox.
    async fn open_with(more: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let graph = Graph::start(Account::default()).await.expect("a Graph API");
        let app = TestApp::start_as(&format!("{more}{}", graph.settings("wa"))).await;
        graph.call_back(&app.url("/webhook/whatsapp/wa"), app.clock());
        Self { app, graph }
    }

    /// A customer writes; gives the message's name.
    async fn says(&self, text: &str) -> String {
        self.graph.says(PHONE, &Said::Text(text.to_owned())).await.expect("it is taken in")
    }

    /// A customer asks and everything due is done.
    async fn asks(&self, text: &str) -> String {
        let name = self.says(text).await;
        self.app.advance(20).await;
        name
    }

    /// What the customer got, as text.
    fn got(&self) -> Vec<Value> {
        self.graph.got().into_iter().map(|(_, request)| request).collect()
    }

    /// Whether a person has the conversation: then the next question is left to them.
    async fn is_with_person(&self) -> bool {
        let before = self.got().len();
        self.asks(QUESTION).await;
        !self.got()[before..].iter().any(is_answer)
    }

    async fn close(self) {
        self.app.finish().await;
    }
}

/// Whether a message answers the question.
fn is_answer(message: &Value) -> bool {
    message["text"]["body"].as_str().is_some_and(|body| body.contains("*45 days*"))
}

#[tokio::test]
async fn a_question_is_answered_once_as_whatsapp_wants_it() {
    let shop = Shop::open().await;
    let (name, change) = shop.graph.message(PHONE, &Said::Text(QUESTION.into()));
    for _ in 0..3 {
        assert_eq!(shop.graph.post(vec![change.clone()]).await.expect("an answer"), 200);
    }
    shop.app.advance(20).await;
    assert_eq!(shop.graph.post(vec![change]).await.expect("an answer"), 200);
    shop.app.advance(20).await;
    let got = shop.got();
    assert_eq!(got.len(), 1, "{got:#?}");
    assert_eq!((&got[0]["to"], &got[0]["type"]), (&json!(PHONE), &json!("text")));
    assert_eq!(got[0]["recipient"], "US.165055512340001");
    assert_eq!(got[0]["context"]["message_id"], json!(name));
    assert_eq!(got[0]["text"]["preview_url"], false);
    assert!(is_answer(&got[0]), "{got:#?}");
    shop.close().await;
}

#[tokio::test]
async fn the_customer_sees_that_their_message_is_being_answered() {
    let shop = Shop::open().await;
    let name = shop.asks(QUESTION).await;
    let marks = shop.graph.marks_of(1).await;
    assert_eq!(marks[0]["message_id"], json!(name));
    assert_eq!((&marks[0]["status"], marks.len()), (&json!("read"), 1));
    shop.close().await;
}

#[tokio::test]
async fn three_short_messages_get_one_answer() {
    let shop = Shop::open().await;
    for text in ["Hello", "I bought boots", QUESTION] {
        shop.says(text).await;
        shop.app.advance(1).await;
    }
    shop.app.advance(20).await;
    assert_eq!(shop.got().len(), 1, "{:#?}", shop.got());
    shop.close().await;
}

/// A business with two articles that read alike.
fn unclear() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (id, question, answer) in [
        ("in-store", IN_STORE, "Bring it to any store with the receipt within 30 days."),
        ("online", ONLINE, "Print the label from your account and post it within 45 days."),
        ("hours", "When are you open on Sundays?", "We are open from 10 to 16 on Sundays."),
    ] {
        let text = format!(
            "---\nid: {id}\nlang: en\ntitle: Returns {id}\ntopic: returns\n---\n\n## {question}\n\n{answer}\n"
        );
        fs::write(folder.path().join(format!("{id}.md")), text).expect("an article");
    }
    folder
}

const IN_STORE: &str = "How do I return something I bought in a store?";
const ONLINE: &str = "How do I return something I bought online?";

#[tokio::test]
async fn a_question_back_has_buttons_and_a_pressed_one_is_understood() {
    let folder = unclear();
    let settings = format!("[knowledge]\ndir = '{}'\n", folder.path().display());
    let shop = Shop::open_with(&settings).await;
    shop.asks("How do I return something I bought?").await;
    let (name, asked) = shop.graph.got().pop().expect("a question back");
    assert_eq!(asked["interactive"]["type"], "button", "{asked:#}");
    let body = asked["interactive"]["body"]["text"].as_str().expect("words");
    assert!(body.contains(IN_STORE) && body.contains(ONLINE), "titles are short: {body}");
    let buttons = asked["interactive"]["action"]["buttons"].as_array().expect("buttons");
    let online = buttons
        .iter()
        .find(|it| it["reply"]["id"].as_str().is_some_and(|id| id.contains("online")));
    let reply = &online.expect("it is offered")["reply"];
    let text = |name: &str| reply[name].as_str().expect("words").to_owned();
    let (id, title) = (text("id"), text("title"));
    let said = Said::Chosen { is_row: false, id, title, message: name };
    shop.graph.says(PHONE, &said).await.expect("it is taken in");
    shop.app.advance(20).await;
    let answer = shop.got().pop().expect("an answer");
    assert!(answer["text"]["body"].as_str().is_some_and(|it| it.contains("45 days")), "{answer:#}");
    shop.close().await;
}

#[tokio::test]
async fn what_meta_puts_off_is_sent_later_and_what_it_refuses_goes_to_a_person() {
    for (code, got) in [(131_056, 1), (130_429, 1), (131_026, 0), (131_047, 0), (100, 0)] {
        let shop = Shop::open().await;
        shop.graph.next([Fault::Error(code)]);
        shop.asks(QUESTION).await;
        assert!(shop.got().is_empty(), "{code}");
        for _ in 0..4 {
            shop.app.advance(60).await;
        }
        assert_eq!(shop.got().len(), got, "{code}");
        assert_eq!(shop.is_with_person().await, got == 0, "{code}");
        shop.close().await;
    }
}

#[tokio::test]
async fn an_account_that_may_not_send_loses_nothing() {
    let shop = Shop::open().await;
    shop.graph.next([Fault::Error(190)]);
    shop.asks(QUESTION).await;
    let ben = Said::Text(QUESTION.into());
    shop.graph.says("+16505559999", &ben).await.expect("it is taken in");
    shop.app.advance(20).await;
    assert_eq!((shop.got().len(), shop.graph.asked().len()), (0, 1), "all wait");
    for _ in 0..3 {
        shop.app.advance(300).await;
    }
    assert_eq!(shop.got().len(), 2);
    shop.close().await;
}

#[tokio::test]
async fn an_answer_that_is_late_for_the_window_is_not_sent() {
    let shop = Shop::open().await;
    shop.graph.next([Fault::Error(130_429); 200]);
    shop.asks(QUESTION).await;
    for _ in 0..60 {
        shop.app.advance(1_800).await;
    }
    shop.graph.heal();
    shop.app.advance(3_600).await;
    assert_eq!(shop.got().len(), 0, "a day has passed");
    assert!(shop.is_with_person().await);
    shop.close().await;
}

#[tokio::test]
async fn statuses_come_early_late_twice_and_backwards() {
    for order in [Order::AsTheyCame, Order::Backwards, Order::Twice] {
        let shop = Shop::open().await;
        shop.graph.next([Fault::StatusFirst]);
        shop.asks(QUESTION).await;
        shop.graph.tell_statuses(order).await.expect("they are taken in");
        shop.asks(QUESTION).await;
        let answers = shop.graph.tell_statuses(order).await.expect("they are taken in");
        assert!(!answers.is_empty() && answers.iter().all(|it| *it == 200), "{answers:?}");
        assert_eq!(shop.got().len(), 2, "each question has one answer");
        shop.app.advance(300).await;
        assert!(!shop.is_with_person().await, "{order:?}");
        shop.close().await;
    }
}

#[tokio::test]
async fn a_message_that_failed_after_all_goes_to_a_person() {
    let shop = Shop::open().await;
    shop.graph.next([Fault::FailsLater(131_026)]);
    shop.asks(QUESTION).await;
    shop.graph.tell_statuses(Order::AsTheyCame).await.expect("it is taken in");
    assert!(shop.is_with_person().await);
    shop.close().await;
}

#[tokio::test]
async fn an_unknown_end_is_settled_by_a_status_or_by_a_person_and_never_sent_again() {
    for (fault, is_told, taken) in [
        (Fault::TakenThen500, true, 1),
        (Fault::TakenThenLost, true, 1),
        (Fault::TakenThen500, false, 1),
        (Fault::Lost, false, 0),
        (Fault::Status(500), false, 0),
    ] {
        let mut shop = Shop::open().await;
        shop.graph.next([fault]);
        shop.asks(QUESTION).await;
        if is_told {
            shop.graph.tell_statuses(Order::AsTheyCame).await.expect("they are taken in");
        } else {
            shop.graph.swallow_statuses();
        }
        // The wait is durable.
        shop.app.restart().await;
        shop.graph.call_back(&shop.app.url("/webhook/whatsapp/wa"), shop.app.clock());
        shop.app.advance(130).await;
        assert_eq!(shop.got().len(), taken, "{fault:?}");
        assert_eq!(shop.is_with_person().await, !is_told, "{fault:?}");
        shop.close().await;
    }
}
