//! Somebody who writes in the chat, and somebody who works at the desk: both by their pages' own requests.

use super::TestApp;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A visitor of the chat page.
pub(crate) struct Visitor<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Visitor<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let begun = app.http.post(app.url("/chat/web/session")).send().await.expect("an answer");
        let begun: Value = begun.json().await.expect("JSON");
        Self { app, token: begun["token"].as_str().expect("a token").to_owned() }
    }

    /// Uploads a file; returns its id.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let request = self.app.http.post(self.app.url("/chat/web/attachments"));
        let form = Form::new().part("file", file);
        let sent = request.bearer_auth(&self.token).multipart(form).send().await;
        let kept: Value = sent.expect("an answer").json().await.expect("JSON");
        kept["id"].as_str().expect("an id").to_owned()
    }

    /// Sends a message with files; returns its conversation.
    pub(crate) async fn say(&self, id: &str, text: &str, files: &[String]) -> String {
        let body = json!({ "id": id, "text": text, "attachments": files });
        let request = self.app.http.post(self.app.url("/chat/web/messages")).json(&body);
        let sent = request.bearer_auth(&self.token).send().await.expect("an answer");
        assert_eq!(sent.status(), StatusCode::ACCEPTED, "{text}");
        let accepted: Value = sent.json().await.expect("JSON");
        accepted["conversation_id"].as_str().expect("a conversation").to_owned()
    }

    /// What the chat page shows.
    pub(crate) async fn sees(&self) -> Vec<Value> {
        let request = self.app.http.get(self.app.url("/chat/web/messages"));
        let page = request.bearer_auth(&self.token).send().await.expect("an answer");
        let page: Value = page.json().await.expect("JSON");
        page["messages"].as_array().expect("a list").clone()
    }
}

/// Somebody at the desk.
pub(crate) struct Colleague<'a> {
    app: &'a TestApp,
    cookie: String,
}

impl<'a> Colleague<'a> {
    /// The first one, by the link that a new server shows.
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let link = app.app().setup_link().expect("nobody works here yet");
        let request = app.http.post(link).header("sec-fetch-site", "same-origin");
        let form = "name=Ada&email=ada%40shop.example&password=correct+horse";
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let joined = request.body(form).send().await.expect("an answer");
        let cookie = joined.headers().get("set-cookie").expect("a session").to_str().expect("text");
        Self { app, cookie: cookie.split(';').next().unwrap_or_default().to_owned() }
    }

    /// The page of a conversation.
    pub(crate) async fn reads(&self, conversation: &str) -> String {
        let request = self.app.http.get(self.app.url(&format!("/conversations/{conversation}")));
        let page = request.header("cookie", &self.cookie).send().await.expect("an answer");
        assert_eq!(page.status(), StatusCode::OK);
        page.text().await.expect("a page")
    }
}
