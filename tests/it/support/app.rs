//! A server of its own for each story, by a clock that only the story moves.

use super::database;
use chrono::TimeDelta;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use sureply::{App, Clock, Config};
use tempfile::TempDir;

/// Two inboxes with short quiet times, on a free port.
const SETTINGS: &str = "
[server]
listen = '127.0.0.1:0'
[log]
filter = 'off'
";

const INBOXES: &str = "
[[inbox]]
name = 'api'
channel = 'api'
quiet_seconds = 2
[[inbox]]
name = 'web'
channel = 'webchat'
quiet_seconds = 3
[[inbox]]
name = 'careful'
channel = 'api'
mode = 'draft'
[[inbox]]
name = 'watching'
channel = 'api'
mode = 'shadow'
";

/// The confidence from which answers go out in stories.
const SURE: f64 = 0.7;

/// A running server, what it runs on, and a program's token for its API.
pub(crate) struct TestApp {
    app: Option<App>,
    clock: Clock,
    config: Config,
    data: TempDir,
    pub(crate) http: Client,
    token: String,
    is_finished: bool,
}

impl TestApp {
    /// A server with the sample knowledge.
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// A server with more settings.
    pub(crate) async fn start_with(more: &str) -> Self {
        Self::start_as(&format!("{INBOXES}{more}")).await
    }

    /// A server with other inboxes.
    pub(crate) async fn start_as(settings: &str) -> Self {
        let app = Self::start_unproven(settings).await;
        app.earn().await;
        app
    }

    /// A server that has no evidence yet, so that nothing goes out by itself.
    pub(crate) async fn start_new() -> Self {
        Self::start_unproven(INBOXES).await
    }

    /// Lets the inboxes earn licences for answers as sure as those of these stories.
    pub(crate) async fn earn(&self) {
        sureply::bench::earn(self.app(), SURE).await.expect("the evidence is stored");
    }

    async fn start_unproven(settings: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let data = TempDir::new().expect("a temporary folder");
        let file = data.path().join("sureply.toml");
        let text = format!("{SETTINGS}{}{settings}", database::section().await);
        std::fs::write(&file, text).expect("the settings are written");
        let config = Config::load(Some(&file)).expect("the settings are good");
        let clock = Clock::by_hand("2026-11-23T10:00:00Z".parse().expect("a time"));
        let app = launch(data.path(), &config, &clock).await;
        let token = app.new_token("stories").await.expect("a token");
        let http = Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { app: Some(app), clock, config, data, http, token, is_finished: false }
    }

    /// Stops the server and starts it again on the same data.
    pub(crate) async fn restart(&mut self) {
        self.app.take().expect("it runs").stop().await;
        self.app = Some(launch(self.data.path(), &self.config, &self.clock).await);
    }

    /// Ends the story; nothing due may be left behind.
    pub(crate) async fn finish(mut self) {
        let app = self.app.take().expect("it runs");
        assert_eq!(app.run_due().await.expect("due work is done"), 0, "work was left behind");
        app.stop().await;
        self.is_finished = true;
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().expect("it runs")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app().public_url())
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Moves the clock and does what has fallen due by then; returns how many steps that took.
    pub(crate) async fn advance(&self, seconds: i64) -> usize {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.app().run_due().await.expect("due work is done")
    }

    /// Posts a message as a program; the message's id is also its contact's unless one is given.
    pub(crate) async fn post(&self, inbox: &str, body: &Value) -> Response {
        self.http
            .post(self.url(&format!("/api/v1/inboxes/{inbox}/messages")))
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await
            .expect("the server answers")
    }

    /// A customer writes to an inbox; returns the acknowledgement.
    pub(crate) async fn write(&self, inbox: &str, contact: &str, id: &str, text: &str) -> Value {
        let body = json!({ "id": id, "contact": { "id": contact }, "text": text });
        let response = self.post(inbox, &body).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{text}");
        response.json().await.expect("JSON")
    }

    /// Where a message has ended.
    pub(crate) async fn end(&self, inbox: &str, id: &str) -> Value {
        self.read(&format!("/api/v1/inboxes/{inbox}/messages/{id}")).await
    }

    /// Everything an inbox has sent, in order.
    pub(crate) async fn sent(&self, inbox: &str) -> Vec<Value> {
        let page = self.read(&format!("/api/v1/inboxes/{inbox}/messages?after=0&limit=200")).await;
        page["messages"].as_array().expect("a list").clone()
    }

    /// What an inbox has sent after a position, a page of it.
    pub(crate) async fn sent_after(&self, inbox: &str, after: usize) -> Vec<Value> {
        let path = format!("/api/v1/inboxes/{inbox}/messages?after={after}&limit=200");
        self.read(&path).await["messages"].as_array().expect("a list").clone()
    }

    async fn read(&self, path: &str) -> Value {
        let response =
            self.http.get(self.url(path)).bearer_auth(&self.token).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.expect("JSON")
    }

    /// Runs a command beside the server, on its data and settings.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sureply"));
        command.args(arguments).arg("--data").arg(self.data());
        command.arg("--config").arg(self.data().join("sureply.toml"));
        command.output().expect("the program starts")
    }

    /// The bearer token of the API.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.is_finished || std::thread::panicking(), "a story must end with finish()");
    }
}

async fn launch(data: &Path, config: &Config, clock: &Clock) -> App {
    App::start_at(data, config.clone(), clock.clone()).await.expect("the server starts")
}
