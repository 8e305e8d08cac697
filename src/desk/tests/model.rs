//! The desk with a model: who is asked when, what that counts as, and who waits for it.

use super::settings;
use crate::bench::features_of;
use crate::clock::Clock;
use crate::config::{self, Config, Embedding};
use crate::conversation::{Action, ConversationId, Inbound, InboxName, Source};
use crate::curation;
use crate::desk::{Desk, Known, bare_turn};
use crate::knowledge::{EntryId, Risk};
use crate::search::Search;
use crate::store::{Evidence, Store};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::watch;

pub(super) const QUESTION: &str = "How long do I have to return something?";
const PERSON: &str = "I want to talk to a human";

/// What the endpoint does with what it is asked for, by its name; nothing leaves it waiting.
pub(super) type Script = fn(&str, &Value) -> Option<Value>;

/// A node with the sample knowledge, a licence and a model.
pub(super) struct House {
    pub(super) desk: Arc<Desk>,
    pub(super) clock: Clock,
    asked: Arc<Mutex<Vec<String>>>,
    _folder: TempDir,
}

/// Quotes the first source, and sums up in a word.
#[expect(clippy::unnecessary_wraps, reason = "scripts may also leave a request unanswered")]
pub(super) fn quotes(form: &str, material: &Value) -> Option<Value> {
    let source = &material["sources"][0];
    Some(match form {
        "answer" => json!({
            "answerable": true, "answer": source["answer"], "language": "en", "questions_covered": [1],
            "citations": [{ "entry": source["entry"], "excerpt": source["answer"] }],
        }),
        "summary" => json!({ "problem": "p", "tried": [], "missing": "m", "mood": "calm" }),
        _ => json!({ "reply": "r", "question": null }),
    })
}

#[derive(Clone)]
struct Mind {
    script: Script,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn reply(State(mind): State<Mind>, body: axum::Json<Value>) -> Response {
    let form = body["response_format"]["json_schema"]["name"].as_str().unwrap_or_default();
    mind.asked.lock().expect("no panic holds it").push(form.to_owned());
    let text = body["messages"][1]["content"].as_str().unwrap_or_default();
    let data = text.trim().trim_start_matches("<data>").trim_end_matches("</data>");
    let material = serde_json::from_str(data).expect("the material is JSON");
    let Some(said) = (mind.script)(form, &material) else { return std::future::pending().await };
    let choice = json!({ "finish_reason": "stop", "message": { "content": said.to_string() } });
    let usage = json!({ "prompt_tokens": 100, "completion_tokens": 20 });
    axum::Json(json!({ "choices": [choice], "usage": usage })).into_response()
}

impl House {
    pub(super) async fn open(script: Script, change: impl Fn(&mut Config)) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let mind = Mind { script, asked: Arc::clone(&asked) };
        let route = axum::routing::post(reply);
        let router = axum::Router::new().route("/v1/chat/completions", route).with_state(mind);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let model = config::Model { timeout_seconds: 5, ..config::Model::new(&url, "m") };
        let mut config =
            Config { inboxes: vec![settings("shop")], model: Some(model), ..Config::default() };
        change(&mut config);
        let (folder, clock) = (
            TempDir::new().expect("a folder"),
            Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time")),
        );
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url).await.expect("a store");
        let index = folder.path().join("index");
        let search = Arc::new(Search::open(&index, &Embedding::default()).expect("an index"));
        let desk = Desk::open(store, search, Arc::new(config), clock.clone()).expect("a desk");
        let now = clock.now();
        curation::sync(&desk.store, &desk.search, &curation::Source::Sample, now)
            .await
            .expect("synced");
        let rows: Vec<Evidence> = (0..300).map(|number| evidence(number, &clock)).collect();
        desk.store.put_set("made-up", &rows, now).await.expect("stored");
        desk.renew_trust().await.expect("renewed");
        Self { desk: Arc::new(desk), clock, asked, _folder: folder }
    }

    /// What the model was asked for since the last look.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().expect("no panic holds it"))
    }

    async fn write(&self, contact: &str, text: &str) -> ConversationId {
        let inbound = Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: self.desk.config.inbox(&shop()).expect("an inbox"),
            identity: contact.into(),
            name: None,
            email: None,
            external_id: Some(contact.into()),
            body: text.into(),
            attachments: Vec::new(),
            sent_at: self.clock.now(),
        };
        let received = self.desk.store.receive(&[inbound], self.clock.now()).await.expect("stored");
        self.clock.advance(TimeDelta::seconds(5));
        received[0].conversation_id.clone()
    }

    /// What became of what somebody wrote, with the decision's record.
    pub(super) async fn end(&self, contact: &str) -> Option<(Action, Value)> {
        let end = self.desk.store.find_end(&shop(), contact).await.expect("read").expect("an end");
        let record = serde_json::from_str(end.record.as_deref().unwrap_or("null")).expect("JSON");
        end.action.map(|action| (action, record))
    }

    /// Tokens and calls of today: in all, and of a conversation.
    async fn spending(&self, id: Option<&ConversationId>) -> [(i64, i64); 2] {
        let day = self.clock.now().date_naive();
        let (all, one) = self.desk.store.spent(day, id).await.expect("read");
        [(all.calls, all.tokens), (one.calls, one.tokens)]
    }
}

fn shop() -> InboxName {
    InboxName::from("shop")
}

pub(super) fn evidence(number: usize, clock: &Clock) -> Evidence {
    Evidence {
        source: Source::Declared,
        set_name: None,
        case_name: Some(number.to_string()),
        inbox: None,
        decision_id: None,
        risk: Risk::Standard,
        eligible: true,
        wrong: false,
        probability: 1.0,
        share: 1.0,
        happened_at: clock.now(),
        features: features_of(0.3),
    }
}

fn limited(config: &mut Config) {
    let model = config.model.as_mut().expect("there is one");
    model.tokens_per_day = Some(200);
}

#[tokio::test]
async fn a_decision_that_loses_its_licence_asks_the_model_once() {
    let house = House::open(quotes, |_| ()).await;
    house.write("anna", QUESTION).await;
    // Another node has seen the licence go; this one has not heard of it.
    let now = house.clock.now();
    assert!(house.desk.store.suspend(&shop(), Risk::Standard, now).await.expect("suspended"));
    let lease = now + TimeDelta::minutes(1);
    let claimed = house.desk.store.claim_turns(1, now, lease).await.expect("claimed").remove(0);
    assert!(house.desk.respond(&claimed).await.expect("responded").is_some(), "for a person");
    let (action, record) = house.end("anna").await.expect("it is decided");
    assert_eq!(action, Action::Draft);
    assert_eq!(record["draft"]["writer"]["name"], "m", "{record}");
    assert_eq!(record["model"]["attempts"], 1);
    let asked = house.asked();
    assert_eq!(asked.iter().filter(|form| *form == "answer").count(), 1, "{asked:?}");
    let all = i64::try_from(asked.len()).expect("a few");
    assert_eq!(house.spending(None).await[0], (all, all * 120), "each call counts once");
}

#[tokio::test]
async fn nobody_is_asked_while_the_budget_cannot_be_read() {
    let house = House::open(quotes, limited).await;
    house.desk.store.lose_spending().await;
    house.write("anna", QUESTION).await;
    house.write("bea", PERSON).await;
    house.desk.run_due().await.expect("due work is done");
    let (action, record) = house.end("anna").await.expect("it is decided");
    assert_eq!(action, Action::Answer, "the approved words go out: {record}");
    assert_eq!(record["model_problem"], "what the model's calls have taken so far cannot be read");
    assert_eq!(house.end("bea").await.map(|(action, _)| action), Some(Action::Escalate));
    assert_eq!(house.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_only_tried_counts_against_the_day_and_stops_with_it() {
    let house = House::open(quotes, limited).await;
    let inbox = house.desk.config.inbox(&shop()).expect("an inbox");
    let turn = bare_turn(QUESTION, inbox, house.clock.now());
    let considered = house.desk.consider(&turn).await.expect("considered");
    assert_eq!(considered.spent, None);
    let id = &turn.conversation.id;
    assert_eq!(house.spending(Some(id)).await, [(1, 120), (0, 0)], "there is no conversation");
    let known = |id: &str| Known {
        id: id.into(),
        text: QUESTION.into(),
        gold: vec![EntryId::from("returns/window")],
    };
    let before = house.desk.store.evidence().await.expect("evidence").len();
    let declared =
        house.desk.declare("own", &[], &["a", "b", "c", "d"].map(known), |_, _| ()).await;
    let error = format!("{:#}", declared.expect_err("the budget is spent"));
    assert!(error.contains("budget for the day"), "{error}");
    assert_eq!(house.desk.store.evidence().await.expect("evidence").len(), before);
    house.asked();
    let considered = house.desk.consider(&turn).await.expect("considered");
    assert_eq!((considered.record.model, house.asked().len()), (None, 0));
    let problem = considered.record.model_problem.expect("it says why");
    assert!(problem.contains("budget for the day"), "{problem}");
}

#[tokio::test]
async fn a_summary_that_is_slow_keeps_nobody_waiting() {
    let stalls: Script =
        |form, material| if form == "summary" { None } else { quotes(form, material) };
    let house = House::open(stalls, |config| config.worker.concurrency = 1).await;
    house.write("anna", PERSON).await;
    let (stop, stopped) = watch::channel(false);
    let working = tokio::spawn(Arc::clone(&house.desk).work(stopped));
    let began = Instant::now();
    let until = async |done: &mut dyn FnMut() -> bool| {
        while !done() {
            assert!(began.elapsed() < Duration::from_secs(4), "nobody may wait that long");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    until(&mut || house.asked().iter().any(|form| form == "summary")).await;
    house.write("bea", QUESTION).await;
    until(&mut || house.asked().iter().any(|form| form == "answer")).await;
    while house.end("bea").await.is_none() {
        assert!(began.elapsed() < Duration::from_secs(4), "the summary is still to come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send_replace(true);
    let stopping = tokio::time::timeout(Duration::from_secs(13), working).await;
    stopping.expect("stopping waits for a while only").expect("no panic");
    let tokens = house.spending(None).await[0].1;
    assert!(tokens > 120, "the call that came to nothing counts too: {tokens}");
}
