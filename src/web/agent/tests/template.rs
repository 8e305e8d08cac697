//! Templates, with a Graph API that is played: what is offered, what leaves, and what is refused before it does.

use super::world::{World, conclusion};
use crate::channel::{Here, read_whatsapp};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings, WhatsappSettings};
use crate::conversation::{Action, ChannelKind, ConversationId, InboxName, Status, TemplateState};
use crate::fake::{Account, Fault, Graph, sample_templates};
use crate::store::Role;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};

struct Shop {
    world: World,
    graph: Graph,
    clock: Clock,
}

impl Shop {
    async fn open(has_account: bool) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let graph = Graph::start(Account::default()).await.expect("a Graph API");
        graph.set_templates(sample_templates());
        let account = graph.account();
        let mut whatsapp =
            WhatsappSettings::new(&account.number, &account.app_secret, &account.verify_token);
        whatsapp.business_account_id = has_account.then(|| account.business.clone());
        whatsapp.access_token = Some(account.token.as_str().into());
        graph.url().clone_into(&mut whatsapp.graph_url);
        let mut inbox = InboxSettings::new("wa", ChannelKind::Whatsapp);
        inbox.whatsapp = Some(Box::new(whatsapp));
        let mut config = Config { inboxes: vec![inbox], ..Config::default() };
        config.desk.undo_seconds = 0;
        let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
        let world = World::of(config, clock.clone(), "http://desk.example").await;
        world.desk.ask_for_templates().await.expect("asked");
        Self { world, graph, clock }
    }

    /// A customer has written, and it is a while ago.
    async fn written(&self, hours: i64) -> ConversationId {
        let (inbox, now) = (self.world.desk.config.inboxes[0].inbox(), self.world.now());
        let contact = json!({ "wa_id": "4917012345678", "profile": { "name": "Anna Roe" } });
        let message = json!({ "from": "4917012345678", "id": "wamid.1", "type": "text",
            "timestamp": now.timestamp().to_string(), "text": { "body": "Where are my boots?" } });
        let change = self.graph.change(json!({ "contacts": [contact], "messages": [message] }));
        let here = Here { inbox: &inbox, number: &self.graph.account().number, now };
        let told = read_whatsapp(here, self.graph.update(&[change]).as_bytes()).expect("JSON");
        let taken = self.world.desk.store.take(&told.messages, &[], now).await.expect("stored");
        let id = taken.received[0].conversation_id.clone();
        self.world.conclude(|turn| conclusion(turn, Action::Draft)).await;
        self.later(TimeDelta::hours(hours)).await;
        id
    }

    async fn later(&self, length: TimeDelta) {
        self.clock.advance(length);
        self.world.desk.run_due().await.expect("due work is done");
    }

    /// Whoever was logged in a day ago no longer is.
    async fn cookie(&self) -> String {
        self.world.person(Role::Agent).await
    }

    async fn page(&self, id: &ConversationId, query: &str) -> String {
        let path = format!("/conversations/{id}?queue=all{query}");
        self.world.get(&path, &self.cookie().await).await.body
    }

    async fn send(&self, id: &ConversationId, form: &str) -> (StatusCode, String) {
        let path = format!("/conversations/{id}/template");
        let answer = self.world.post(&path, &self.cookie().await, form).await;
        (answer.status, answer.body)
    }

    /// Meta tells of a template, by an account's webhook.
    async fn told(&self, account: &str, field: &str, value: &Value) {
        let entry = json!([{ "id": account, "changes": [{ "field": field, "value": value }] }]);
        let body = json!({ "object": "whatsapp_business_account", "entry": entry }).to_string();
        let signature = self.graph.sign(body.as_bytes());
        let headers =
            [("x-hub-signature-256", signature.as_str()), ("content-type", "application/json")];
        let answer = self.world.send("POST", "/webhook/whatsapp/wa", &headers, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }

    async fn state(&self, name: &str, lang: &str) -> Option<TemplateState> {
        let inbox = InboxName::from("wa");
        let found = self.world.desk.store.template(&inbox, name, lang).await.expect("read");
        found.map(|template| template.state)
    }
}

const READY: &str = "template=en_US%2Forder_ready&value.first_name=Anna&value.until=Friday";

#[tokio::test]
async fn after_the_window_a_template_is_what_can_be_sent() {
    let shop = Shop::open(true).await;
    let id = shop.written(25).await;
    let page = shop.page(&id, "").await;
    assert!(page.contains("id=\"panel-template\"") && page.contains("en_US/order_ready"), "{page}");
    assert!(page.contains("fr/winter_check") || page.contains("winter_check (fr)"), "all pages");
    assert!(!page.contains("id=\"reply-text\"") && page.contains("id=\"note-text\""));
    assert!(page.contains("paused by Meta") && page.contains("has a place above its words"));
    let chosen = shop.page(&id, "&template=en_US%2Forder_ready").await;
    assert!(chosen.contains("name=\"value.first_name\" value=\"Anna\""), "{chosen}");
    assert!(chosen.contains("data-variable=\"until\" class=\"hole\""), "{chosen}");
    for (form, status, words) in [
        ("template=en_US%2Forder_ready&value.first_name=Zo%C3%AB", 422, "Value: until"),
        (
            "template=en_US%2Forder_ready&value.first_name=Zo%C3%AB&value.until=a%0Ab",
            422,
            "one line",
        ),
        ("template=en_US%2Fvisit_us", 409, "can no longer be sent"),
        ("template=xx%2Forder_ready", 409, "can no longer be sent"),
        ("", 409, "can no longer be sent"),
    ] {
        let (found, body) = shop.send(&id, form).await;
        assert_eq!(found.as_u16(), status, "{form}");
        assert!(body.contains(words), "{form}: {body}");
        let is_kept = body.contains("value=\"Zoë\"");
        assert_eq!(is_kept, form.contains("first_name"), "what was written stays: {form}");
    }
    shop.later(TimeDelta::seconds(1)).await;
    assert_eq!(shop.graph.asked().len(), 0, "nothing has left");
    assert_eq!(shop.send(&id, READY).await.0, StatusCode::SEE_OTHER);
    shop.later(TimeDelta::seconds(1)).await;
    let [(_, sent)] = shop.graph.got().try_into().expect("one message");
    assert_eq!((&sent["type"], &sent["to"]), (&json!("template"), &json!("+4917012345678")));
    let text =
        |name: &str, text: &str| json!({ "type": "text", "parameter_name": name, "text": text });
    let parameters = json!([text("first_name", "Anna"), text("until", "Friday")]);
    let wanted = json!({ "name": "order_ready", "language": { "code": "en_US" },
        "components": [{ "type": "body", "parameters": parameters }] });
    assert_eq!(sent["template"], wanted);
    let page = shop.page(&id, "").await;
    assert!(page.contains("You can pick it up until Friday."), "{page}");
    let conversation = shop.world.desk.store.conversation(&id).await.expect("read");
    assert_eq!(conversation.status, Status::WithAgent);
}

#[tokio::test]
async fn free_words_and_drafts_are_refused_once_the_window_has_closed_and_are_kept() {
    let shop = Shop::open(true).await;
    let id = shop.written(25).await;
    let cookie = shop.cookie().await;
    let reply = format!("/conversations/{id}/reply");
    let answer = shop.world.post(&reply, &cookie, "text=My+words").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("only a template now") && answer.body.contains("My words"));
    let waiting = shop.world.desk.store.find_waiting_draft(&id).await.expect("read");
    let draft = waiting.expect("it waits").id;
    let approve = format!("/conversations/{id}/approve");
    let answer = shop.world.post(&approve, &cookie, &format!("draft={draft}&text=Hi")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("only a template now"), "{}", answer.body);
    let waiting = shop.world.desk.store.find_waiting_draft(&id).await.expect("read");
    assert_eq!(waiting.map(|it| it.id), Some(draft), "the draft waits on");
    shop.later(TimeDelta::seconds(1)).await;
    assert_eq!(shop.graph.asked().len(), 0);
}

#[tokio::test]
async fn within_the_window_both_can_be_sent() {
    let shop = Shop::open(true).await;
    let id = shop.written(1).await;
    let page = shop.page(&id, "").await;
    assert!(page.contains("id=\"reply-text\"") && page.contains("id=\"panel-template\""));
    assert_eq!(shop.send(&id, READY).await.0, StatusCode::SEE_OTHER);
    shop.later(TimeDelta::seconds(1)).await;
    assert_eq!(shop.graph.got().len(), 1);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_tried_again_and_the_page_says_why() {
    let shop = Shop::open(true).await;
    shop.graph.next_lists([Fault::Status(500), Fault::Error(4), Fault::Lost]);
    let id = shop.written(1).await;
    for (minutes, words) in [(0, "500"), (1, "too many calls"), (2, "broke off")] {
        shop.later(TimeDelta::minutes(minutes)).await;
        let page = shop.page(&id, "").await;
        assert!(page.contains("could not be listed") && page.contains(words), "{words}: {page}");
    }
    assert_eq!(shop.state("order_ready", "de").await, None);
    shop.later(TimeDelta::minutes(4)).await;
    assert_eq!(shop.state("order_ready", "de").await, Some(TemplateState::Approved));
    assert!(!shop.page(&id, "").await.contains("could not be listed"));
    // What vanished at Meta is gone an hour later; what could not be listed stays meanwhile.
    shop.graph.set_templates(sample_templates().split_off(2));
    shop.graph.next_lists([Fault::Error(190)]);
    shop.later(TimeDelta::hours(1)).await;
    assert_eq!(shop.state("order_ready", "de").await, Some(TemplateState::Approved));
    let page = shop.page(&id, "").await;
    assert!(page.contains("may be out of date") && page.contains("make a new one"), "{page}");
    shop.later(TimeDelta::minutes(1)).await;
    assert_eq!(shop.state("order_ready", "de").await, None);
}

#[tokio::test]
async fn a_template_that_was_paused_meanwhile_is_not_sent_and_is_known_to_be() {
    let shop = Shop::open(true).await;
    let id = shop.written(25).await;
    assert_eq!(shop.state("order_ready", "en_US").await, Some(TemplateState::Approved));
    shop.graph.set_template("order_ready", "en_US", "PAUSED");
    assert_eq!(shop.send(&id, READY).await.0, StatusCode::SEE_OTHER);
    // The list is not read again before the attempt: that is what tells.
    shop.graph.next_lists([Fault::Status(500)]);
    shop.later(TimeDelta::seconds(1)).await;
    assert_eq!((shop.graph.asked().len(), shop.graph.got().len()), (1, 0));
    assert_eq!(shop.state("order_ready", "en_US").await, Some(TemplateState::Paused));
    assert!(shop.page(&id, "").await.contains("the template is paused"));
    assert_eq!(shop.send(&id, READY).await.0, StatusCode::CONFLICT, "it is not offered again");
}

#[tokio::test]
async fn what_meta_tells_of_templates_holds_at_once() {
    let shop = Shop::open(true).await;
    let id = shop.written(1).await;
    let status = "message_template_status_update";
    let paused = json!({ "event": "PAUSED", "message_template_name": "ask_again",
        "message_template_language": "en_US", "reason": "NONE" });
    shop.told("999", status, &paused).await;
    assert_eq!(shop.state("ask_again", "en_US").await, Some(TemplateState::Approved), "another's");
    let own = shop.graph.account().business.clone();
    shop.told(&own, status, &paused).await;
    assert_eq!(shop.state("ask_again", "en_US").await, Some(TemplateState::Paused));
    let quality = json!({ "new_quality_score": "YELLOW", "message_template_name": "order_ready",
        "message_template_language": "en_US" });
    shop.told(&own, "message_template_quality_update", &quality).await;
    let page = shop.page(&id, "&template=en_US%2Forder_ready").await;
    assert!(page.contains("quality yellow"), "{page}");
    let kept = shop.world.desk.store.kept(&"wa".into(), 9).await.expect("read");
    assert_eq!(kept.iter().filter(|(kind, _)| kind.starts_with("message_template")).count(), 2);
    // The list, which is read again, has the last word.
    shop.later(TimeDelta::seconds(1)).await;
    assert_eq!(shop.state("ask_again", "en_US").await, Some(TemplateState::Approved));
}

#[tokio::test]
async fn without_an_account_the_page_says_what_to_set() {
    let shop = Shop::open(false).await;
    let id = shop.written(25).await;
    let page = shop.page(&id, "").await;
    assert!(page.contains("business_account_id") && page.contains("id=\"note-text\""), "{page}");
}
