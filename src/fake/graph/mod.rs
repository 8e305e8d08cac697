//! A Graph API for one WhatsApp number: takes messages in as Meta does, and tells of them by signed webhooks.
//!
//! It keeps the truth that a real provider never shows: what each customer really got, also where the answer to
//! the sender was lost.

mod account;
mod check;
mod customer;
mod error;
mod facts;
mod fault;
mod phone;
mod sample;
mod serve;
mod status;
mod template;
mod webhook;

pub use account::Account;
pub use customer::Said;
pub use facts::Facts;
pub use fault::Fault;
pub use sample::sample_templates;
pub use status::Order;

use crate::clock::Clock;
use anyhow::{Context, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long a webhook's receiver may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// Decides what goes wrong with a call, from the request.
type Plan = Box<dyn FnMut(&Value) -> Fault + Send>;

/// A file that was uploaded or that a customer sent.
#[derive(Debug, Clone)]
struct Media {
    media_type: String,
    bytes: Bytes,
}

/// A message of the thread, whoever wrote it.
struct Line {
    name: String,
    is_mine: bool,
    at: DateTime<Utc>,
    message: Value,
}

#[derive(Default)]
struct Memory {
    /// What a customer sees, on the page that stands for their phone.
    thread: Vec<Line>,
    /// Whether statuses are told by themselves.
    tells: bool,
    faults: VecDeque<Fault>,
    plan: Option<Plan>,
    /// Every request for a message or a mark.
    asked: Vec<Value>,
    /// What customers got, by the name it was given.
    got: Vec<(String, Value)>,
    marks: Vec<Value>,
    media: HashMap<String, Media>,
    /// Statuses that are not yet told.
    statuses: Vec<Value>,
    templates: Vec<Value>,
    /// What happens to the next requests for their list.
    list_faults: VecDeque<Fault>,
    /// What is so with the number, its account and its token.
    facts: Facts,
    named: u64,
    clock: Clock,
    hook: Option<String>,
}

struct Shared {
    account: Account,
    url: String,
    client: reqwest::Client,
    memory: Mutex<Memory>,
    /// Rings when a message is marked as read.
    marked: Notify,
}

impl Shared {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server; it serves until the process ends.
#[derive(Clone)]
pub struct Graph(Arc<Shared>);

impl Graph {
    /// Serves an account on a free port of this machine.
    pub async fn start(account: Account) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("looking for a free port")?;
        let url = format!("http://{}", listener.local_addr().context("asking for the port")?);
        let client = reqwest::Client::builder()
            .timeout(ANSWER_WITHIN)
            .build()
            .context("building the HTTP client")?;
        let memory = Mutex::default();
        let marked = Notify::new();
        let graph = Self(Arc::new(Shared { account, url, client, memory, marked }));
        let router = serve::router(graph.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(graph)
    }

    /// Where it is: `graph_url` of an inbox.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The number and what opens it.
    pub fn account(&self) -> &Account {
        &self.0.account
    }

    /// The settings of an inbox that sends by it.
    pub fn settings(&self, inbox: &str) -> String {
        let Account { number, business, token, app_secret, verify_token, .. } = self.account();
        let url = self.url();
        format!(
            "[[inbox]]\nname = '{inbox}'\nchannel = 'whatsapp'\n[inbox.whatsapp]\nphone_number_id = '{number}'\n\
             business_account_id = '{business}'\naccess_token = '{token}'\napp_secrets = ['{app_secret}']\n\
             verify_token = '{verify_token}'\ngraph_url = '{url}'\nmedia_hosts = ['127.0.0.1']\n"
        )
    }

    /// Where updates are posted from now on, and by which clock they are dated.
    pub fn call_back(&self, hook: &str, clock: &Clock) {
        let mut memory = self.0.memory();
        (memory.hook, memory.clock) = (Some(hook.to_owned()), clock.clone());
    }

    /// Tells statuses by itself from now on, as soon as a message was taken.
    pub fn tell_by_itself(&self) {
        self.0.memory().tells = true;
    }

    /// Keeps a line of the thread.
    fn note(&self, name: &str, is_mine: bool, message: Value) {
        let mut memory = self.0.memory();
        let at = memory.clock.now();
        memory.thread.push(Line { name: name.to_owned(), is_mine, at, message });
    }

    /// What happens to the next messages, one each; after that all goes well.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.0.memory().faults.extend(faults);
    }

    /// Decides what happens to each message from now on.
    pub fn plan(&self, plan: impl FnMut(&Value) -> Fault + Send + 'static) {
        self.0.memory().plan = Some(Box::new(plan));
    }

    /// Lets all go well from now on.
    pub fn heal(&self) {
        let mut memory = self.0.memory();
        memory.plan = None;
        memory.faults.clear();
    }

    /// Every request for a message so far, also those that were refused.
    pub fn asked(&self) -> Vec<Value> {
        self.0.memory().asked.clone()
    }

    /// What customers really got, in order, each with the name it was given.
    pub fn got(&self) -> Vec<(String, Value)> {
        self.0.memory().got.clone()
    }

    /// The marks "read" and "is typing" that were asked for.
    pub fn marks(&self) -> Vec<Value> {
        self.0.memory().marks.clone()
    }

    /// The marks, once there are so many.
    pub async fn marks_of(&self, count: usize) -> Vec<Value> {
        let is_there = |memory: &Memory| memory.marks.len() >= count;
        loop {
            let marked = self.0.marked.notified();
            if is_there(&self.0.memory()) {
                return self.marks();
            }
            marked.await;
        }
    }

    /// The templates that the account has.
    pub fn set_templates(&self, templates: Vec<Value>) {
        self.0.memory().templates = templates;
    }

    /// A file by its id, with its type.
    pub fn file(&self, id: &str) -> Option<(String, Bytes)> {
        let media = self.0.memory().media.get(id).cloned()?;
        Some((media.media_type, media.bytes))
    }
}
