//! Notifications, over the real routes: who may be sent one, when, once, and who has ended them.

use super::whatsapp::{
    NOW, NUMBER, SECRET, contact_of, conversations, holding, post, text, thread,
};
use super::{Answer, House, PROGRAM, house, request};
use crate::config::{InboxSettings, WhatsappSettings};
use crate::conversation::{
    Author, ChannelKind, Happening, InboxName, Message, Status, Template, Visibility, WhatsappNews,
};
use crate::fake::{Account, Fault, Graph};
use axum::body::Body;
use chrono::TimeDelta;
use serde_json::{Value, json};

const ASK: &str = "/api/v1/inboxes/wa/notifications";
const LIST: &str = "/api/v1/inboxes/wa/suppressions";
const PHONE: &str = "+16505551234";

async fn shop(change: impl FnOnce(&mut WhatsappSettings)) -> House {
    let mut whatsapp = WhatsappSettings::new(NUMBER, SECRET, "words of ours");
    // Nothing listens there.
    whatsapp.graph_url = "http://127.0.0.1:9".into();
    change(&mut whatsapp);
    let house = house(|config| {
        config.inboxes.push(InboxSettings {
            whatsapp: Some(Box::new(whatsapp)),
            ..InboxSettings::new("wa", ChannelKind::Whatsapp)
        });
    })
    .await;
    let templates = listed().map(|it| Template::read(&inbox(), &it).expect("a template"));
    house.desk.store.save_templates(&inbox(), &templates).await.expect("saved");
    house
}

/// A template of each category, as Meta lists them.
fn listed() -> [Value; 3] {
    ["UTILITY", "MARKETING", "AUTHENTICATION"].map(|category| {
        let body = json!({ "type": "BODY", "text": "Hello {{1}}, order {{2}} is on its way." });
        json!({ "name": category.to_lowercase(), "language": "en_US", "status": "APPROVED",
            "category": category, "components": [body] })
    })
}

fn inbox() -> InboxName {
    InboxName::from("wa")
}

fn wanted(template: &str) -> Value {
    json!({ "to": "+1 (650) 555-1234", "template": { "name": template, "language": "en_US",
        "values": { "1": "Anna", "2": "17" } } })
}

fn agreed(template: &str, at: i64) -> Value {
    let mut wanted = wanted(template);
    let given = chrono::DateTime::from_timestamp(at, 0).expect("a moment");
    wanted["consent"] = json!({ "given_at": given, "how": "ticked the box at the checkout" });
    wanted
}

async fn ask(house: &House, key: &str, body: &Value) -> Answer {
    let request = request("POST", ASK, PROGRAM)
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    house.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

async fn told(house: &House, asked: &Answer) -> Value {
    let id = asked.body["id"].as_str().expect("an id");
    house.get(&format!("{ASK}/{id}"), PROGRAM).await.body
}

async fn says(house: &House, id: &str, words: &str) {
    let mut message = text(id, words);
    message["timestamp"] = json!(house.desk.clock.now().timestamp().to_string());
    post(house, &holding("messages", &[message])).await;
}

async fn after(house: &House, time: TimeDelta) {
    house.desk.clock.advance(time);
    house.desk.run_due().await.expect("done");
}

/// What we have said to the customer, and what was told to the team.
async fn ours(house: &House) -> (Vec<Message>, Vec<Happening>) {
    let all = thread(house).await;
    let events = all.iter().filter(|it| it.visibility == Visibility::Private);
    let events = events.filter_map(|it| Happening::read(&it.body)).collect();
    let said = all
        .into_iter()
        .filter(|it| it.author != Author::Customer && it.visibility == Visibility::Public);
    (said.collect(), events)
}

#[tokio::test]
async fn whoever_says_stop_is_told_so_once_and_nobody_answers_that() {
    let house = shop(|_| {}).await;
    says(&house, "wamid.0", "START").await;
    after(&house, TimeDelta::minutes(1)).await;
    let (said, events) = ours(&house).await;
    assert_eq!((said.len(), events), (1, vec![]), "start is also how people say hello: {said:?}");
    says(&house, "wamid.1", " Stop. ").await;
    says(&house, "wamid.2", "STOP").await;
    after(&house, TimeDelta::minutes(1)).await;
    let (said, events) = ours(&house).await;
    assert_eq!(events, [Happening::OptedOut { words: "Stop.".into() }]);
    let confirmed: Vec<&str> = said[1..].iter().map(|it| &*it.body).collect();
    let [confirmed] = confirmed[..] else { panic!("one confirmation: {confirmed:?}") };
    assert!(confirmed.contains("START"), "{confirmed}");
    assert_eq!(conversations(&house).await[0].1, Status::Resolved, "nothing is left to do");
    let refused = ask(&house, "k1", &wanted("utility")).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    assert!(refused.body["detail"].to_string().contains("START"), "{}", refused.body);
    says(&house, "wamid.3", "Unstop").await;
    after(&house, TimeDelta::minutes(1)).await;
    let (said, events) = ours(&house).await;
    assert_eq!(events.last(), Some(&Happening::OptedIn { words: "Unstop".into() }));
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(ask(&house, "k2", &wanted("utility")).await.status.as_u16(), 202);
    let marketing = ask(&house, "k3", &wanted("marketing")).await;
    assert_eq!(marketing.status.as_u16(), 422, "start is no consent to advertising");
}

#[tokio::test]
async fn a_confirmation_is_in_the_customers_language_and_only_where_it_is_wanted() {
    for (confirms, words, part) in [
        (true, "Abmelden", Some("Benachrichtigungen")),
        (true, "إيقاف", Some("START")),
        (false, "STOP", None),
    ] {
        let house = shop(|whatsapp| whatsapp.confirm_opt_out = confirms).await;
        says(&house, "wamid.1", words).await;
        let (said, events) = ours(&house).await;
        assert_eq!(events.len(), 1, "{words}");
        assert_eq!(said.len(), usize::from(confirms), "{words}");
        let is_right = part.is_none_or(|part| said[0].body.contains(part));
        assert!(is_right, "{said:?}");
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind_and_says_what_to_do() {
    let house = shop(|_| {}).await;
    let change = |path: &str, value: Value| {
        let mut body = agreed("utility", NOW - 60);
        *body.pointer_mut(path).expect("a place") = value;
        body
    };
    for (body, status, part) in [
        (wanted("utility"), 422, "consent"),
        (wanted("marketing"), 422, "consent"),
        (change("/to", json!("0650 555")), 400, "country"),
        (change("/template/name", json!("none")), 422, "template"),
        (change("/template/language", json!("de")), 422, "template"),
        (change("/template/name", json!("a\u{0}b")), 400, "template.name"),
        (change("/template/language", json!("x".repeat(513))), 400, "template.language"),
        (change("/template/values", json!({ "1": "Anna" })), 422, "values"),
        (change("/template/values/2", json!("a\nb")), 422, "values"),
        (change("/template/values/2", json!(["17"])), 400, "values"),
        (change("/consent/how", json!(" ")), 400, "consent.how"),
        (agreed("utility", NOW + 3_600), 400, "consent.given_at"),
        (json!({ "to": PHONE }), 400, "template"),
    ] {
        let answer = ask(&house, "k", &body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert!(answer.body["detail"].to_string().contains(part), "{body}: {}", answer.body);
    }
    let mut late = agreed("utility", NOW - 60);
    late["expires_at"] = json!("2027-01-15T07:59:59Z");
    assert_eq!(ask(&house, "k", &late).await.status.as_u16(), 422);
    late["expires_at"] = json!("2028-02-15T08:00:00Z");
    let far = ask(&house, "k", &late).await;
    assert_eq!(far.status.as_u16(), 422);
    assert!(far.body["detail"].to_string().contains("year"), "{}", far.body);
    let no_key = house.post(ASK, PROGRAM, &agreed("utility", NOW - 60).to_string()).await;
    assert_eq!(no_key.status.as_u16(), 400, "{}", no_key.body);
    assert_eq!(conversations(&house).await, []);
    let store = &house.desk.store;
    assert_eq!(store.contact_by(&inbox(), PHONE).await.expect("read"), None);
    assert_eq!(store.notifications(0, 10).await.expect("read"), []);
}

#[tokio::test]
async fn the_same_request_is_one_notification_however_often_and_at_once() {
    let house = shop(|_| {}).await;
    let body = agreed("utility", NOW - 60);
    let all = futures::future::join_all((0..6).map(|_| ask(&house, "k", &body))).await;
    let ids: Vec<&Value> = all.iter().map(|answer| &answer.body["id"]).collect();
    assert!(all.iter().all(|answer| answer.status.as_u16() == 202), "{ids:?}");
    assert!(ids.iter().all(|id| **id == *ids[0]), "{ids:?}");
    let fresh = all.iter().filter(|answer| answer.body["duplicate"] == false).count();
    assert_eq!(fresh, 1);
    let other = ask(&house, "k", &agreed("marketing", NOW - 60)).await;
    assert_eq!(other.status.as_u16(), 409, "{}", other.body);
    let (said, _) = ours(&house).await;
    let bodies: Vec<&str> = said.iter().map(|it| &*it.body).collect();
    assert_eq!(bodies, ["Hello Anna, order 17 is on its way."]);
    assert_eq!(conversations(&house).await[0].1, Status::Resolved, "it is nobody's move");
    let told = told(&house, &all[0]).await;
    assert_eq!((&told["state"], &told["to"]), (&json!("queued"), &json!(PHONE)), "{told}");
    // What the customer answers opens a turn in the same conversation.
    says(&house, "wamid.1", "Where is it now?").await;
    assert_eq!(conversations(&house).await.len(), 1);
    assert_eq!(conversations(&house).await[0].1, Status::Bot);
    // What was taken stays taken, whatever becomes of its template.
    house.desk.store.save_templates(&inbox(), &[]).await.expect("saved");
    let again = ask(&house, "k", &body).await;
    assert_eq!((again.status.as_u16(), &again.body["duplicate"]), (202, &json!(true)));
    let other = ask(&house, "k", &agreed("marketing", NOW - 60)).await;
    assert_eq!(other.status.as_u16(), 409, "{}", other.body);
}

fn at_night(whatsapp: &mut WhatsappSettings) {
    // The house's clock begins at eight.
    whatsapp.quiet_from = Some("22:00".into());
    whatsapp.quiet_until = Some("09:00".into());
}

#[tokio::test]
async fn in_the_quiet_hours_it_waits_and_codes_do_not() {
    let house = shop(at_night).await;
    let asked = ask(&house, "k1", &agreed("utility", NOW - 60)).await;
    assert_eq!(asked.body["state"], "waiting");
    assert_eq!(asked.body["waits_until"], "2027-01-15T09:00:00Z");
    let code = ask(&house, "k2", &wanted("authentication")).await;
    assert_eq!(code.body["state"], "queued", "{}", code.body);
    // What waits holds up nothing that is said meanwhile, and is no message yet.
    assert_eq!(ours(&house).await.0.len(), 1);
    after(&house, TimeDelta::minutes(59)).await;
    assert_eq!(told(&house, &asked).await["state"], "waiting");
    after(&house, TimeDelta::minutes(1)).await;
    assert!(told(&house, &asked).await["message_id"].is_string());
    assert_eq!(ours(&house).await.0.len(), 2);
}

#[tokio::test]
async fn one_that_cannot_be_let_go_holds_up_no_other_and_is_tried_again() {
    let house = shop(at_night).await;
    let bad = ask(&house, "k1", &agreed("utility", NOW - 60)).await;
    let good = ask(&house, "k2", &agreed("utility", NOW - 60)).await;
    let url = format!("sqlite://{}", house.folder.path().join("test.db").display());
    let db = sqlx::SqlitePool::connect(&url).await.expect("the database");
    let trigger = "create trigger poison before update on notification
         when new.key = 'k1' and new.state = 'sending' begin select raise(abort, 'poison'); end";
    sqlx::query(trigger).execute(&db).await.expect("a trigger");
    after(&house, TimeDelta::hours(1)).await;
    assert!(told(&house, &good).await["message_id"].is_string());
    let waits = told(&house, &bad).await;
    assert_eq!(waits["waits_until"], "2027-01-15T09:05:00Z", "{waits}");
    sqlx::query("drop trigger poison").execute(&db).await.expect("no trigger");
    after(&house, TimeDelta::minutes(5)).await;
    assert!(told(&house, &bad).await["message_id"].is_string());
}

#[tokio::test]
async fn what_would_leave_in_the_quiet_hours_waits_and_holds_nothing_up() {
    let graph = graph().await;
    graph.set_templates(listed().into());
    let house = shop(|whatsapp| {
        whatsapp.graph_url = graph.url().to_owned();
        whatsapp.access_token = Some(graph.account().token.as_str().into());
        whatsapp.quiet_from = Some("08:30".into());
        whatsapp.quiet_until = Some("09:00".into());
    })
    .await;
    let asked = ask(&house, "k1", &agreed("utility", NOW - 60)).await;
    assert_eq!(asked.body["state"], "queued", "{}", asked.body);
    after(&house, TimeDelta::minutes(40)).await;
    assert_eq!(graph.got().len(), 0);
    let held = told(&house, &asked).await;
    assert_eq!(held["state"], "queued", "{held}");
    assert!(held["error"].to_string().contains("quiet hours"), "{held}");
    let code = ask(&house, "k2", &wanted("authentication")).await;
    after(&house, TimeDelta::minutes(1)).await;
    assert_eq!(told(&house, &code).await["state"], "sent");
    assert_eq!(graph.got().len(), 1);
    after(&house, TimeDelta::minutes(19)).await;
    assert_eq!(told(&house, &asked).await["state"], "sent");
    assert_eq!(graph.got().len(), 2);
}

#[tokio::test]
async fn what_its_template_is_by_now_counts_when_it_leaves() {
    let mut advertising = listed()[0].clone();
    advertising["category"] = json!("MARKETING");
    let mut paused = listed()[0].clone();
    paused["status"] = json!("PAUSED");
    for (now, part) in
        [(Some(advertising), "advertising"), (Some(paused), "template"), (None, "template")]
    {
        let house = shop(at_night).await;
        let asked = ask(&house, "k", &agreed("utility", NOW - 60)).await;
        assert_eq!(asked.body["state"], "waiting", "{}", asked.body);
        let templates = now.map(|it| Template::read(&inbox(), &it).expect("a template"));
        let templates: Vec<Template> = templates.into_iter().collect();
        house.desk.store.save_templates(&inbox(), &templates).await.expect("saved");
        after(&house, TimeDelta::hours(1)).await;
        let told = told(&house, &asked).await;
        assert_eq!(told["state"], "refused", "{told}");
        assert!(told["error"].to_string().contains(part), "{told}");
        assert!(ours(&house).await.0.is_empty());
    }
}

#[tokio::test]
async fn what_is_ended_or_over_while_it_waits_does_not_leave() {
    let house = shop(at_night).await;
    let mut short = agreed("utility", NOW - 60);
    short["expires_at"] = json!("2027-01-15T08:30:00Z");
    let short = ask(&house, "k1", &short).await;
    let long = ask(&house, "k2", &agreed("utility", NOW - 60)).await;
    assert_eq!((&short.body["state"], &long.body["state"]), (&json!("waiting"), &json!("waiting")));
    says(&house, "wamid.1", "stop").await;
    after(&house, TimeDelta::hours(1)).await;
    let (short, long) = (told(&house, &short).await, told(&house, &long).await);
    assert_eq!(short["state"], "expired", "{short}");
    assert_eq!(long["state"], "refused", "{long}");
    assert!(long["error"].to_string().contains("START"), "{long}");
    let (said, _) = ours(&house).await;
    assert!(said.iter().all(|it| !it.body.contains("order 17")), "{said:?}");
}

#[tokio::test]
async fn whoever_stops_between_queueing_and_sending_is_not_written_to() {
    let house = shop(|whatsapp| whatsapp.confirm_opt_out = false).await;
    let asked = ask(&house, "k1", &agreed("utility", NOW - 60)).await;
    let listed = ask(&house, "k2", &wanted("authentication")).await;
    says(&house, "wamid.1", "STOP").await;
    let entry = json!({ "address": PHONE, "reason": "wrong number" }).to_string();
    assert_eq!(house.post(LIST, PROGRAM, &entry).await.status.as_u16(), 201);
    after(&house, TimeDelta::minutes(1)).await;
    let (asked, listed) = (told(&house, &asked).await, told(&house, &listed).await);
    assert_eq!((&asked["state"], &listed["state"]), (&json!("failed"), &json!("failed")));
    assert!(asked["error"].to_string().contains("suppression"), "{asked}");
    assert_eq!(conversations(&house).await[0].1, Status::Resolved, "nobody has to see to it");
}

#[tokio::test]
async fn newer_consent_with_evidence_begins_again_what_was_ended_and_older_does_not() {
    let house = shop(|_| {}).await;
    says(&house, "wamid.1", "STOP").await;
    let older = ask(&house, "k1", &agreed("marketing", NOW - 60)).await;
    assert_eq!(older.status.as_u16(), 422, "{}", older.body);
    house.desk.clock.advance(TimeDelta::hours(1));
    let newer = ask(&house, "k2", &agreed("marketing", NOW + 60)).await;
    assert_eq!(newer.status.as_u16(), 202, "{}", newer.body);
    let said = json!({ "wa_id": "16505551234", "category": "marketing_messages", "value": "stop",
        "detail": "said so", "timestamp": NOW + 120 });
    post(&house, &holding("user_preferences", &[said])).await;
    let stopped = ask(&house, "k3", &agreed("marketing", NOW + 600)).await;
    assert_eq!(stopped.status.as_u16(), 422, "what was ended in WhatsApp begins again there");
    assert_eq!(ask(&house, "k4", &wanted("utility")).await.status.as_u16(), 202);
}

#[tokio::test]
async fn the_list_of_the_suppressed_is_kept_by_programs_too() {
    let house = shop(|_| {}).await;
    let entry =
        |address: &str, reason: &str| json!({ "address": address, "reason": reason }).to_string();
    for (address, reason, status) in [
        ("+1 650 555 1234", "asked by letter", 201),
        ("0016505551234", "again", 200),
        ("650", "x", 400),
        ("+16505551234", " ", 400),
    ] {
        let answer = house.post(LIST, PROGRAM, &entry(address, reason)).await;
        assert_eq!(answer.status.as_u16(), status, "{address}: {}", answer.body);
    }
    let refused = ask(&house, "k", &wanted("authentication")).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.body["detail"].to_string().contains("suppression list"));
    says(&house, "wamid.1", "stop").await;
    let listed = house.get(&format!("{LIST}?q=6505551234"), PROGRAM).await.body;
    assert_eq!(listed["suppressions"][0]["address"], PHONE);
    assert_eq!(listed["suppressions"][0]["reason"], "asked by letter");
    assert_eq!(listed["opt_outs"][0]["words"], "stop", "{listed}");
    for nothing in ["nothing", "%25", "_", "%5C"] {
        let none = house.get(&format!("{LIST}?q={nothing}"), PROGRAM).await.body;
        assert_eq!(none, json!({ "suppressions": [], "opt_outs": [] }), "{nothing}");
    }
    for bad in ["%00".to_owned(), "x".repeat(513)] {
        let refused = house.get(&format!("{LIST}?q={bad}"), PROGRAM).await;
        assert_eq!(refused.status.as_u16(), 400, "{}", refused.body);
    }
    let one = format!("{LIST}/%2B16505551234");
    for status in [204, 404] {
        let gone = request("DELETE", &one, PROGRAM).body(Body::empty()).expect("a request");
        assert_eq!(house.send(gone).await.status.as_u16(), status);
    }
    let refused = ask(&house, "k2", &wanted("utility")).await;
    assert_eq!(refused.status.as_u16(), 422, "what the customer has ended stays ended");
}

#[tokio::test]
async fn who_has_ended_advertising_only_is_listed_with_that() {
    let house = shop(|_| {}).await;
    for (id, words, ended) in
        [("wamid.1", "stop promotions", "marketing"), ("wamid.2", "stop", "notifications")]
    {
        house.desk.clock.advance(TimeDelta::minutes(1));
        says(&house, id, words).await;
        let listed = house.get(LIST, PROGRAM).await.body;
        let all = listed["opt_outs"].as_array().expect("a list");
        let all: Vec<&Value> = all.iter().map(|one| &one["ended"]).collect();
        assert_eq!(all, [&json!(ended)], "{words}");
    }
}

async fn graph() -> Graph {
    drop(rustls::crypto::ring::default_provider().install_default());
    Graph::start(Account::default()).await.expect("a Graph API")
}

async fn with_graph(graph: &Graph) -> House {
    graph.set_templates(listed().into());
    shop(|whatsapp| {
        whatsapp.graph_url = graph.url().to_owned();
        whatsapp.access_token = Some(graph.account().token.as_str().into());
    })
    .await
}

#[tokio::test]
async fn it_goes_where_it_was_asked_for_and_answers_to_the_number_written_from() {
    const OTHER: &str = "+16505550000";
    let graph = graph().await;
    let house = with_graph(&graph).await;
    let both = WhatsappNews::Names(vec![PHONE.to_owned(), OTHER.to_owned()]);
    let (store, now) = (&house.desk.store, house.desk.clock.now());
    store.take(&[], &[(inbox(), both)], now).await.expect("stored");
    house.desk.clock.advance(TimeDelta::seconds(1));
    says(&house, "wamid.1", "Hello").await;
    after(&house, TimeDelta::minutes(1)).await;
    let mut asked = agreed("utility", NOW - 60);
    asked["to"] = json!(OTHER);
    assert_eq!(ask(&house, "k1", &asked).await.status.as_u16(), 202);
    after(&house, TimeDelta::minutes(1)).await;
    let all = graph.got();
    let (_, notified) = all.iter().find(|(_, it)| it["type"] == "template").expect("it left");
    assert_eq!(notified["to"], OTHER, "{notified}");
    let all = conversations(&house).await;
    let contact = &contact_of(&house, &all[0].0).await;
    let names = store.names_of(&inbox(), contact).await.expect("names");
    let place = |name: &str| names.iter().position(|it| it == name).expect("both are known");
    assert!(place(PHONE) < place(OTHER), "to be asked about is not to be seen: {names:?}");
}

#[tokio::test]
async fn it_leaves_outside_the_window_and_however_meta_answers_never_twice() {
    for (fault, state, got) in [
        (Fault::None, "sent", 1),
        (Fault::Error(130_429), "sent", 1),
        (Fault::TakenThen500, "uncertain", 1),
        (Fault::TakenThenLost, "uncertain", 1),
        (Fault::Error(131_026), "failed", 0),
        (Fault::Error(131_050), "failed", 0),
    ] {
        let graph = graph().await;
        let house = with_graph(&graph).await;
        graph.next([fault]);
        let asked = ask(&house, "k1", &agreed("marketing", NOW - 60)).await;
        assert_eq!(asked.status.as_u16(), 202, "{fault:?}: {}", asked.body);
        for _ in 0..5 {
            after(&house, TimeDelta::minutes(1)).await;
        }
        let again = ask(&house, "k1", &agreed("marketing", NOW - 60)).await;
        assert_eq!((&again.body["duplicate"], &again.body["state"]), (&json!(true), &json!(state)));
        after(&house, TimeDelta::hours(2)).await;
        if state == "failed" {
            let all = conversations(&house).await;
            assert_eq!(all[0].1, Status::Resolved, "{fault:?}: nobody has to see to it");
        }
        let sent = graph.got();
        assert_eq!(sent.len(), got, "{fault:?}: {sent:?}");
        if let Some((_, request)) = sent.first() {
            assert_eq!(request["type"], "template", "{request}");
            assert_eq!(
                (&request["to"], &request["template"]["name"]),
                (&json!(PHONE), &json!("marketing"))
            );
        }
        // Who has stopped advertising with WhatsApp is not written to again.
        let next = ask(&house, "k2", &wanted("marketing")).await.status.as_u16();
        let stopped = fault == Fault::Error(131_050);
        assert_eq!(next, if stopped { 422 } else { 202 }, "{fault:?}");
        if state == "sent" {
            let failed = json!({ "id": sent[0].0, "status": "failed", "recipient_id": "16505551234",
                "timestamp": house.desk.clock.now().timestamp().to_string(),
                "errors": [{ "code": 131_026, "title": "Message undeliverable" }] });
            post(&house, &holding("statuses", &[failed])).await;
            assert_eq!(told(&house, &asked).await["state"], "failed");
            let (all, events) = (conversations(&house).await, ours(&house).await.1);
            assert!(matches!(events[..], [Happening::Undelivered { .. }]), "{events:?}");
            assert_eq!(all[0].1, Status::Resolved, "nobody has to see to it");
        }
    }
}
