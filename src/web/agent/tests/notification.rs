//! Notifications and the list of the suppressed on the screen.

use super::world::{World, after};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings, WhatsappSettings};
use crate::conversation::{
    Amount, ChannelKind, InboxName, Price, StatusNews, Template, TemplateCategory, WhatsappNews,
};
use crate::store::Role;
use axum::http::StatusCode;
use chrono::{TimeZone as _, Utc};
use serde_json::json;

async fn shop() -> World {
    let mut config = Config::default();
    let mut whatsapp = WhatsappSettings::new("1065", "0123456789abcdef", "words of ours");
    // Nothing listens there.
    whatsapp.graph_url = "http://127.0.0.1:9".into();
    config.inboxes.push(InboxSettings {
        whatsapp: Some(Box::new(whatsapp)),
        ..InboxSettings::new("wa", ChannelKind::Whatsapp)
    });
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::of(config, clock, "http://desk.example").await;
    let inbox = InboxName::from("wa");
    let body = json!({ "type": "BODY", "text": "Order {{1}} is on its way." });
    let listed = json!({ "name": "shipped", "language": "en_US", "status": "APPROVED",
        "category": "UTILITY", "components": [body] });
    let template = Template::read(&inbox, &listed).unwrap();
    assert_eq!(template.category, TemplateCategory::Utility);
    world.desk.store.save_templates(&inbox, &[template]).await.unwrap();
    world
}

const CHOSEN: &str = "/notifications?template=wa%2Fshipped%2Fen_US";

#[tokio::test]
async fn a_template_is_chosen_looked_at_and_sent_once() {
    let world = shop().await;
    let cookie = world.person(Role::Agent).await;
    let form = world.get(CHOSEN, &cookie).await.body;
    assert!(form.contains("name=\"v.1\"") && form.contains("Order {{1}}"), "{form}");
    let key = after(&form, "name=\"key\" value=\"");
    let values = format!(
        "template=wa%2Fshipped%2Fen_US&key={key}&to=%2B49+170+1111111&name=Anna&v.1=%3Cb%3E17"
    );
    let seen = world.get(&format!("/notifications?{values}"), &cookie).await.body;
    assert!(seen.contains("Order &#60;b&#62;17 is on its way."), "it is shown first: {seen}");
    let refused = world.post("/notifications", &cookie, &values).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("has never written to you"), "{}", refused.body);
    for kept in ["value=\"Anna\"", "value=\"&#60;b&#62;17\"", &format!("value=\"{key}\"")] {
        assert!(refused.body.contains(kept), "what was written is still there: {}", refused.body);
    }
    for wrong in ["&how=at+the+till", "&how=at+the+till&given=2026-03-05", "&given=2026-03-01"] {
        let refused = world.post("/notifications", &cookie, &format!("{values}{wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let agreed = format!("{values}&how=at+the+till&given=2026-03-01");
    for _ in 0..2 {
        let sent = world.post("/notifications", &cookie, &agreed).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    let sent = world.desk.store.notifications(0, 10).await.unwrap();
    let [sent] = &sent[..] else { panic!("one, however often the form is sent: {sent:?}") };
    let page = world.get("/notifications", &cookie).await.body;
    assert!(page.contains("+491701111111") && page.contains("on its way"), "{page}");
    let claimed = world.desk.store.claim_outbox(1, world.now(), world.now()).await.unwrap();
    let amount = Amount { micros: 45_600, currency: "EUR".into() };
    let price =
        Price { category: "utility".into(), kind: None, billable: true, amount: Some(amount) };
    let status = StatusNews {
        id: "wamid.1".into(),
        outbox: Some(claimed[0].id.clone()),
        state: crate::conversation::Delivery::Delivered,
        words: None,
        price: Some(price),
        number: None,
        at: world.now(),
        raw: "{}".into(),
    };
    let news = [("wa".into(), WhatsappNews::Status(status))];
    world.desk.store.take(&[], &news, world.now()).await.unwrap();
    let thread = format!("/conversations/{}?queue=all", sent.conversation_id);
    for path in ["/notifications", &thread] {
        let page = world.get(path, &cookie).await.body;
        assert!(page.contains("utility, 0.0456 EUR"), "{path}: {page}");
    }
}

#[tokio::test]
async fn an_admin_keeps_the_list_and_the_logbook_tells_of_it() {
    let world = shop().await;
    let (admin, agent) = (world.person(Role::Admin).await, world.person(Role::Agent).await);
    let add = |address: &str, reason: &str| format!("inbox=wa&address={address}&reason={reason}");
    for (form, status) in [
        (add("%2B491701111111", "wrong+number"), StatusCode::SEE_OTHER),
        (add("0170", "x"), StatusCode::BAD_REQUEST),
        (add("%2B491701111111", ""), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(world.post("/suppressions", &admin, &form).await.status, status, "{form}");
        assert_eq!(world.post("/suppressions", &agent, &form).await.status, StatusCode::FORBIDDEN);
    }
    let refused = world.post("/suppressions", &admin, &add("0170", "moved+away")).await.body;
    for kept in
        ["role=\"alert\"", "neither a phone number", "value=\"0170\"", "value=\"moved away\""]
    {
        assert!(refused.contains(kept), "{kept}: {refused}");
    }
    let page = world.get("/suppressions?q=4917011", &agent).await.body;
    assert!(page.contains("wrong number") && !page.contains("/suppressions/remove"), "{page}");
    let none = world.get("/suppressions?q=nobody", &agent).await.body;
    assert!(!none.contains("wrong number"), "{none}");
    let refused = world
        .post(
            "/notifications",
            &agent,
            "template=wa%2Fshipped%2Fen_US&key=k&to=%2B491701111111&v.1=17",
        )
        .await;
    assert!(refused.body.contains("on the list"), "{}", refused.body);
    let gone = "inbox=wa&address=%2B491701111111";
    let status = world.post("/suppressions/remove", &admin, gone).await.status;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let log = world.get("/people/log", &admin).await.body;
    for act in
        ["put an address on the suppression list", "took an address off the suppression list"]
    {
        assert!(log.contains(act), "{log}");
    }
}
