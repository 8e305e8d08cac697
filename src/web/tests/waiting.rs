//! What the chat says while a customer waits: whether people are there, when they come, how long it
//! takes, and who writes.

use super::chat::visitor;
use super::house;
use crate::desk::Doing;
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn whoever_waits_hears_whether_people_are_there_and_how_long_it_takes() {
    let house = house(|config| config.inboxes[0].mode = crate::conversation::Mode::Draft).await;
    let store = &house.desk.store;
    let ask = async || {
        let token = visitor(&house).await;
        let body = r#"{"id":"1","text":"Can you teach my parrot to whistle?"}"#;
        let sent = house.post("/chat/web/messages", &token, body).await;
        house.desk.clock.advance(TimeDelta::seconds(20));
        house.desk.run_due().await.expect("due work is done");
        (token, sent.body["conversation_id"].as_str().expect("an id").to_owned())
    };
    let (token, _) = ask().await;
    let waiting = house.get("/chat/web/messages", &token).await.body["status"].clone();
    assert_eq!(waiting, json!({ "typing": false, "with": "waiting", "present": false }));

    let (agent, login) = (crate::conversation::AgentId::fresh(), crate::token::hash("login"));
    let now = house.desk.clock.now();
    store.invite(&login, None, crate::store::Role::Agent, now).await.expect("invited");
    let person = crate::store::Agent {
        id: agent.clone(),
        email: "ada@shop.example".into(),
        name: "Ada".into(),
        role: crate::store::Role::Agent,
        left_at: None,
    };
    assert!(store.accept_invitation(&login, &person, "no hash", now).await.expect("accepted"));
    for _ in 0..5 {
        let (_, conversation) = ask().await;
        house.desk.clock.advance(TimeDelta::minutes(12));
        let (id, now) = (conversation.as_str().into(), house.desk.clock.now());
        let sending = crate::store::Sending::AtOnce;
        store.reply(&id, &agent, "In spring.", sending, now).await.expect("said");
    }
    let now = house.desk.clock.now();
    assert!(store.begin_session(&login, &agent, "no hash", now).await.expect("logged in"));
    let (token, _) = ask().await;
    let waiting = house.get("/chat/web/messages", &token).await.body["status"].clone();
    assert_eq!(waiting["present"], true);
    store.set_away(&agent, true, house.desk.clock.now()).await.expect("away");
    house.desk.clock.advance(TimeDelta::seconds(5));
    let waiting = house.get("/chat/web/messages", &token).await.body["status"].clone();
    assert_eq!(waiting["present"], false, "who is away is not there");
    store.set_away(&agent, false, house.desk.clock.now()).await.expect("back");
    // The one who waits since the beginning counts as well.
    assert_eq!(waiting["wait"], json!({ "from_minutes": 15, "to_minutes": 120 }));
    house.desk.clock.advance(TimeDelta::minutes(7));
    let waiting = house.get("/chat/web/messages", &token).await.body["status"].clone();
    assert_eq!(waiting["present"], false, "nobody has been there for a while");
}

#[tokio::test]
async fn whoever_waits_outside_the_hours_hears_when_they_begin() {
    let house = house(|config| {
        let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0).expect("a time");
        let five = chrono::NaiveTime::from_hms_opt(17, 0, 0).expect("a time");
        let day = vec![crate::conversation::Range { from: nine, until: five }];
        config.hours = Some(crate::conversation::Hours {
            zone: chrono_tz::Europe::Berlin,
            week: Box::new([(); 7].map(|()| day.clone())),
            holidays: Vec::new(),
        });
    })
    .await;
    let ask = async || {
        let token = visitor(&house).await;
        let body = r#"{"id":"1","text":"Can you teach my parrot to whistle?"}"#;
        house.post("/chat/web/messages", &token, body).await;
        house.desk.clock.advance(TimeDelta::seconds(20));
        house.desk.run_due().await.expect("due work is done");
        let page = house.get("/chat/web/messages", &token).await.body;
        (page["status"].clone(), page["messages"][1]["html"].as_str().expect("words").to_owned())
    };
    // 2027-01-15, a Friday, 08:00 in Greenwich and 09:00 in Berlin.
    let (status, told) = ask().await;
    assert_eq!(status["opens_at"], serde_json::Value::Null);
    assert!(!told.contains("closed"), "{told}");
    house.desk.clock.advance(TimeDelta::hours(9));
    let (status, told) = ask().await;
    assert_eq!(status["opens_at"], "2027-01-16T08:00:00Z");
    assert!(told.contains("We are closed now; a person answers from Saturday, 09:00."), "{told}");
}

#[tokio::test]
async fn customer_and_agent_see_each_other_write() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    assert_eq!(house.post("/chat/web/typing", &token, "").await.status, StatusCode::NO_CONTENT);
    let sent = house.post("/chat/web/messages", &token, r#"{"id":"1","text":"hello"}"#).await;
    let id = sent.body["conversation_id"].as_str().expect("an id").into();
    assert_eq!(house.desk.present(&id), [], "there was no conversation yet");
    assert_eq!(house.post("/chat/web/typing", &token, "").await.status, StatusCode::NO_CONTENT);
    let present = house.desk.present(&id);
    let writing = |it: &crate::desk::Present| it.agent.is_none() && it.doing == Doing::Writing;
    assert!(present.len() == 1 && present.iter().all(writing), "{present:?}");
    let status = async || house.get("/chat/web/messages", &token).await.body["status"].clone();
    assert_eq!(status().await["writes"], serde_json::Value::Null, "not told of themselves");
    let agent = "ada".into();
    house.desk.note_presence(&id, Some((&agent, "Ada")), Doing::Viewing);
    assert_eq!(status().await["writes"], serde_json::Value::Null);
    house.desk.note_presence(&id, Some((&agent, "Ada")), Doing::Writing);
    assert_eq!(status().await["writes"], true);
    house.desk.clock.advance(TimeDelta::seconds(30));
    assert_eq!(status().await["writes"], serde_json::Value::Null, "it passes");
}
