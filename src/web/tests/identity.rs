//! Visitors who say who they are: one contact on every device, and refusals that lose nothing.

use super::{Answer, House, house, request};
use crate::config::{Config, Secret};
use crate::conversation::{ConversationId, IdentityKind};
use crate::web::chat::jwt_tests::{SECRET, token};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

const EXP: i64 = 1_800_003_600;

fn secret(config: &mut Config) {
    config.inboxes[0].identity_secrets = vec![Secret::from(SECRET)];
}

/// Begins an anonymous chat with one message; its token and conversation.
async fn anonymous(house: &House, text: &str) -> (String, String) {
    let begun = house.post("/chat/web/session", "", "").await;
    let visitor = begun.body["token"].as_str().expect("a token").to_owned();
    let body = json!({ "id": "1", "text": text }).to_string();
    let sent = house.post("/chat/web/messages", &visitor, &body).await;
    (visitor, sent.body["conversation_id"].as_str().expect("an id").to_owned())
}

async fn identify(house: &House, current: &str, claims: &Value) -> Answer {
    let body = json!({ "token": token(SECRET, claims) }).to_string();
    house.post("/chat/web/identify", current, &body).await
}

fn session(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body["token"].as_str().expect("a session").to_owned()
}

/// What a chat shows of its customer's words.
async fn texts(house: &House, visitor: &str) -> Vec<String> {
    let page = house.get("/chat/web/messages", visitor).await.body;
    let messages = page["messages"].as_array().expect("messages").iter();
    messages.filter_map(|it| it["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn an_anonymous_chat_becomes_the_accounts_and_is_on_every_device() {
    let house = house(secret).await;
    let (visitor, conversation) = anonymous(&house, "from the sofa").await;
    let ana = json!({ "sub": "c-1", "name": "Ana", "email": "ana@example.com", "exp": EXP });
    let sofa = session(&identify(&house, &visitor, &ana).await);
    let phone = session(&identify(&house, "", &ana).await);
    for device in [&sofa, &phone] {
        assert_eq!(texts(&house, device).await, ["from the sofa"]);
    }
    let old = house.get("/chat/web/messages", &visitor).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED, "the anonymous session is over");
    let again = identify(&house, &phone, &ana).await;
    assert_eq!(again.body["token"], Value::Null, "it is theirs already");

    let (store, id) = (&house.desk.store, ConversationId::from(conversation));
    let opened = store.open_conversation(&id).await.expect("read");
    let contact = opened.expect("it is there").contact;
    assert_eq!(
        (contact.name.as_deref(), contact.email.as_deref()),
        (Some("Ana"), Some("ana@example.com"))
    );
    let known =
        store.person(&contact.id, 1).await.expect("read").contacts.swap_remove(0).identities;
    let known: Vec<_> = known.iter().map(|it| (it.kind, it.value.as_str(), it.verified)).collect();
    assert_eq!(
        known,
        [(IdentityKind::Account, "c-1", true), (IdentityKind::Email, "ana@example.com", true)]
    );
}

#[tokio::test]
async fn a_chat_shows_the_conversations_of_both_devices_and_follows_each() {
    let house = house(secret).await;
    let ana = json!({ "sub": "c-1", "exp": EXP });
    let sofa = session(&identify(&house, "", &ana).await);
    let body = json!({ "id": "1", "text": "first" }).to_string();
    house.post("/chat/web/messages", &sofa, &body).await;
    let (visitor, _) = anonymous(&house, "second").await;
    let phone = session(&identify(&house, &visitor, &ana).await);
    assert_eq!(texts(&house, &phone).await, ["first", "second"]);
    let page = house.get("/chat/web/messages", &sofa).await.body;
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(2));
    let after = page["cursor"].as_str().expect("a cursor");
    let rest = house.get(&format!("/chat/web/messages?after={after}"), &phone).await.body;
    assert_eq!(rest["messages"], json!([]), "nothing is told twice");
    for n in 0..2 {
        let message = &page["messages"][n];
        let body = json!({ "shown": 1, "conversation": message["conversation"] }).to_string();
        let read = house.post("/chat/web/read", &phone, &body).await;
        assert_eq!(read.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn one_accounts_chat_never_becomes_anothers() {
    let house = house(secret).await;
    let ana = session(&identify(&house, "", &json!({ "sub": "ana", "exp": EXP })).await);
    let body = json!({ "id": "1", "text": "Ana's own" }).to_string();
    house.post("/chat/web/messages", &ana, &body).await;
    let ben = session(&identify(&house, &ana, &json!({ "sub": "ben", "exp": EXP })).await);
    assert_eq!(texts(&house, &ben).await, [""; 0]);
    assert_eq!(texts(&house, &ana).await, ["Ana's own"]);
    let forgotten = house.post("/chat/web/forget", &ana, "").await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
    assert_eq!(house.get("/chat/web/messages", &ana).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_link_made_while_anonymous_does_not_lead_into_the_account() {
    let house = house(secret).await;
    let (visitor, _) = anonymous(&house, "hello").await;
    let link = house.post("/chat/web/link", &visitor, "").await.body;
    let claim = link["url"].as_str().and_then(|url| url.split_once("continue=")).expect("a link").1;
    let ana = session(&identify(&house, &visitor, &json!({ "sub": "ana", "exp": EXP })).await);
    let body = json!({ "id": "2", "text": "my order is 4711" }).to_string();
    house.post("/chat/web/messages", &ana, &body).await;
    let body = json!({ "continue": claim }).to_string();
    let begun = house.post("/chat/web/session", "", &body).await;
    let friend = begun.body["token"].as_str().expect("a token");
    assert_eq!(texts(&house, friend).await, [""; 0]);
    let sent = house.post("/chat/web/messages", friend, r#"{"id":"1","text":"hi"}"#).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "they go on by themselves");
}

#[tokio::test]
async fn a_bad_token_is_refused_in_words_and_the_chat_goes_on() {
    let house = house(secret).await;
    let (visitor, _) = anonymous(&house, "still here").await;
    for (claims, part) in [
        (json!({ "sub": "c-1", "exp": EXP - 7_200 }), "run out"),
        (json!({ "sub": "c-1", "exp": EXP, "aud": "shop" }), "`aud`"),
        (json!({ "exp": EXP }), "`sub`"),
    ] {
        let refused = identify(&house, &visitor, &claims).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body["detail"].as_str().expect("words").contains(part), "{}", refused.body);
    }
    for (body, status) in [("{}", 400), (r#"{"token":7}"#, 400), (r#"{"token":"x"}"#, 403)] {
        assert_eq!(house.post("/chat/web/identify", &visitor, body).await.status.as_u16(), status);
    }
    assert_eq!(texts(&house, &visitor).await, ["still here"]);
    let plain = super::house(|_| {}).await;
    let refused = identify(&plain, "", &json!({ "sub": "c-1", "exp": EXP })).await;
    assert!(refused.body["detail"].as_str().expect("words").contains("identity_secrets"));
}

#[tokio::test]
async fn an_address_is_left_as_a_claim_and_taken_back() {
    let house = house(secret).await;
    let (visitor, conversation) = anonymous(&house, "hello").await;
    let id = ConversationId::from(conversation);
    let leave = |email: &'static str| {
        let body = json!({ "email": email }).to_string();
        let (house, visitor) = (&house, &visitor);
        async move { house.post("/chat/web/email", visitor, &body).await.status.as_u16() }
    };
    assert_eq!(leave("nowhere").await, 400);
    assert_eq!(leave(" ana@example.com ").await, 204);
    let opened = house.desk.store.open_conversation(&id).await.expect("read");
    let contact = opened.expect("it is there").contact;
    assert_eq!(contact.email.as_deref(), Some("ana@example.com"));
    let known = house
        .desk
        .store
        .person(&contact.id, 1)
        .await
        .expect("read")
        .contacts
        .swap_remove(0)
        .identities;
    assert!(known.iter().any(|it| it.value == "ana@example.com" && !it.verified), "{known:?}");
    let page = house.get("/chat/web/messages", &visitor).await.body;
    assert_eq!(page["status"]["email"], "ana@example.com");
    // The account they turn out to have keeps it.
    let ana = json!({ "sub": "c-1", "email": "ana@work.example", "exp": EXP });
    let signed_in = session(&identify(&house, &visitor, &ana).await);
    let page = house.get("/chat/web/messages", &signed_in).await.body;
    assert_eq!(page["status"]["email"], "ana@example.com");
    let taken_back = house.post("/chat/web/email", &signed_in, r#"{"email":""}"#).await;
    assert_eq!(taken_back.status, StatusCode::NO_CONTENT);
    let page = house.get("/chat/web/messages", &signed_in).await.body;
    assert_eq!(page["status"]["email"], "ana@work.example");
    assert_eq!([leave("a@b.example").await], [401], "the anonymous session is over");
}

#[tokio::test]
async fn a_page_elsewhere_cannot_post() {
    let house = house(secret).await;
    let (visitor, _) = anonymous(&house, "hello").await;
    for (path, body) in [
        ("/chat/web/session", ""),
        ("/chat/web/identify", "{}"),
        ("/chat/web/messages", r#"{"id":"9","text":"not mine"}"#),
    ] {
        let post = |site: &'static str| {
            let request = request("POST", path, &visitor)
                .header("content-type", "application/json")
                .header("origin", site)
                .header("host", "help.example");
            house.send(request.body(Body::from(body)).expect("a request"))
        };
        assert_eq!(post("https://evil.example").await.status, StatusCode::FORBIDDEN, "{path}");
        assert_ne!(post("https://help.example").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(texts(&house, &visitor).await, ["hello", "not mine"], "once, from our own page");
}
