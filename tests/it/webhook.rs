//! Webhooks: signed, in order, repeated until taken in, given up with a person told.

use crate::support::{Receiver, Taken, TestApp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use std::collections::HashSet;

const QUESTION: &str = "How long do I have to return something?";
const SECRETS: [&str; 2] =
    ["a-new-secret-of-more-than-24-letters", "the-old-secret-of-more-than-24-letters"];

async fn app(receiver: &Receiver) -> TestApp {
    let settings = format!(
        "[worker]\nmax_attempts = 3\n[[inbox]]\nname = 'hook'\nchannel = 'api'\nwebhook_url = '{}'\n\
         webhook_secrets = ['{}', '{}']\n",
        receiver.url, SECRETS[0], SECRETS[1]
    );
    TestApp::start_as(&settings).await
}

fn header<'a>(taken: &'a Taken, name: &str) -> &'a str {
    taken.headers.get(name).and_then(|value| value.to_str().ok()).expect(name)
}

fn text(taken: &Taken) -> String {
    let body: Value = serde_json::from_slice(&taken.body).expect("JSON");
    body["data"]["text"].as_str().expect("text").to_owned()
}

#[tokio::test]
async fn a_reply_is_posted_and_signed_with_every_secret() {
    let receiver = Receiver::start().await;
    let app = app(&receiver).await;
    app.write("hook", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    let taken = receiver.taken();
    assert_eq!(taken.len(), 1);
    let signed =
        [header(&taken[0], "webhook-id"), ".", header(&taken[0], "webhook-timestamp"), "."]
            .concat();
    let expected = SECRETS.map(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
        mac.update(signed.as_bytes());
        mac.update(&taken[0].body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    });
    assert_eq!(header(&taken[0], "webhook-signature"), expected.join(" "));
    let body: Value = serde_json::from_slice(&taken[0].body).expect("JSON");
    assert_eq!(
        (&body["type"], &body["data"]["contact_id"]),
        (&"message.created".into(), &"anna".into())
    );
    app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_fails_gets_the_same_delivery_again_later() {
    let receiver = Receiver::start().await;
    let app = app(&receiver).await;
    receiver.answer_next(&[500, 429]);
    app.write("hook", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    app.advance(1).await;
    assert_eq!(receiver.taken().len(), 1, "not again at once");
    app.advance(3600).await;
    app.advance(3600).await;
    let taken = receiver.taken();
    assert_eq!(taken.len(), 2);
    let ids: HashSet<&str> = taken.iter().map(|taken| header(taken, "webhook-id")).collect();
    assert_eq!(ids.len(), 1, "receivers know it by its id");
    app.advance(3600).await;
    assert!(receiver.taken().is_empty(), "taken in is taken in");
    app.finish().await;
}

#[tokio::test]
async fn a_refused_delivery_is_put_before_a_person() {
    for answers in [vec![410], vec![500, 500, 500]] {
        let receiver = Receiver::start().await;
        let app = app(&receiver).await;
        receiver.answer_next(&answers);
        app.write("hook", "anna", "m1", QUESTION).await;
        app.advance(2).await;
        for _ in 0..5 {
            app.advance(3600).await;
        }
        assert_eq!(receiver.taken().len(), answers.len(), "{answers:?}");
        app.write("hook", "anna", "m2", QUESTION).await;
        app.advance(2).await;
        let end = app.end("hook", "m2").await;
        assert_eq!(end["reasons"][0], "with_person", "{end}");
        app.finish().await;
    }
}

#[tokio::test]
async fn replies_of_one_conversation_keep_their_order() {
    let receiver = Receiver::start().await;
    let app = app(&receiver).await;
    receiver.answer_next(&[503]);
    app.write("hook", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    app.write("hook", "anna", "m2", "How do I return an item?").await;
    app.advance(2).await;
    app.write("hook", "ben", "m3", QUESTION).await;
    app.advance(2).await;
    app.advance(3600).await;
    let texts: Vec<String> = receiver.taken().iter().map(text).collect();
    // The first attempt failed; ben was not kept waiting by anna's trouble.
    assert_eq!(texts.len(), 4, "{texts:#?}");
    assert_eq!(texts[0], texts[2], "anna's first answer comes before her second");
    assert_ne!(texts[2], texts[3]);
    app.finish().await;
}

#[tokio::test]
async fn a_program_reports_how_far_a_message_got() {
    let app = TestApp::start().await;
    app.write("api", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    let id = app.sent("api").await[0]["id"].as_str().expect("an id").to_owned();
    let report = async |inbox: &str, id: &str, state: &str| {
        let url = app.url(&format!("/api/v1/inboxes/{inbox}/sent/{id}"));
        let body = serde_json::json!({ "state": state });
        let request = app.http.post(url).bearer_auth(app.token()).json(&body);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(report("api", &id, "read").await, 204);
    assert_eq!(report("api", &id, "delivered").await, 204, "older news is taken in and ignored");
    assert_eq!(report("api", &id, "queued").await, 400);
    assert_eq!(report("careful", &id, "read").await, 404, "another inbox's message");
    assert_eq!(report("api", "none", "read").await, 404);

    app.write("api", "ben", "m2", QUESTION).await;
    app.advance(2).await;
    let id = app.sent("api").await[1]["id"].as_str().expect("an id").to_owned();
    assert_eq!(report("api", &id, "failed").await, 204);
    app.write("api", "ben", "m3", QUESTION).await;
    app.advance(2).await;
    let end = app.end("api", "m3").await;
    assert_eq!(end["reasons"][0], "with_person", "a message that failed brings a person: {end}");
    app.finish().await;
}
