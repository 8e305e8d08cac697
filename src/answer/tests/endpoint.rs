//! The model's part against an endpoint that answers by script.

use crate::answer::ground::unlike;
use crate::answer::tests::{asked, entry, hit, turn};
use crate::answer::{Answerer, Asked, Drafted, Request};
use crate::clock::Clock;
use crate::config;
use crate::conversation::Writer;
use crate::lang::Lang;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the endpoint does with a request, given its number from 0 and its body.
pub(super) type Script = fn(usize, &Value) -> Option<Response>;

/// An endpoint on a free port, and the requests it got.
pub(super) struct Fake {
    pub(super) answerer: Answerer,
    pub(super) base_url: String,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl Fake {
    /// Starts an endpoint; `None` of the script leaves a request without an answer.
    pub(super) async fn start(script: Script) -> Self {
        let requests: Arc<Mutex<Vec<Value>>> = Arc::default();
        let log = Arc::clone(&requests);
        let answer = move |body: String| async move {
            let body: Value = serde_json::from_str(&body).expect("requests are JSON");
            let number = {
                let mut log = log.lock().expect("no test panics while it holds this");
                log.push(body.clone());
                log.len() - 1
            };
            match script(number, &body) {
                Some(response) => response,
                None => std::future::pending().await,
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/v1/", listener.local_addr().expect("bound"));
        let router = Router::new().route("/v1/chat/completions", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { answerer: answerer(&base_url), base_url, requests }
    }

    pub(super) async fn draft(&self) -> Drafted {
        draft(&self.answerer).await
    }

    pub(super) fn requests(&self) -> Vec<Value> {
        self.requests.lock().expect("no test panics while it holds this").clone()
    }
}

pub(super) fn answerer(base_url: &str) -> Answerer {
    // Another test may have been first.
    drop(rustls::crypto::ring::default_provider().install_default());
    let settings = config::Model {
        api_key: Some(config::Secret::from("a-key")),
        timeout_seconds: 3,
        max_concurrent: 2,
        ..config::Model::new(base_url, "tester")
    };
    answerer_of(&settings)
}

pub(super) fn answerer_of(settings: &config::Model) -> Answerer {
    Answerer::new(Some(settings), &Clock::real(), unlike).expect("the settings are good")
}

pub(super) fn questions() -> [Asked; 1] {
    let entry = entry("returns", "How long?", "You can return unworn items within **30 days**.");
    [asked("How long do I have?", vec![hit(&entry)])]
}

pub(super) async fn draft(answerer: &Answerer) -> Drafted {
    let (turn, questions) = (turn("How long do I have?"), questions());
    answerer.draft(&Request { turn: &turn, lang: Lang::EN, asked: &questions }, None).await
}

pub(super) fn said() -> Value {
    json!({
        "answerable": true, "answer": "You have 30 days to return unworn items.",
        "citations": [{"entry": "returns", "excerpt": "return unworn items within 30 days"}],
        "questions_covered": [1], "language": "en",
    })
}

pub(super) fn completion(content: &str, finish: &str) -> Value {
    json!({
        "id": "x", "object": "chat.completion", "created": 1.5, "service_tier": "on_demand",
        "choices": [{"index": 0, "finish_reason": finish,
            "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 700, "completion_tokens": 40},
    })
}

#[expect(clippy::unnecessary_wraps, reason = "scripts may also leave a request unanswered")]
pub(super) fn ok(body: &Value) -> Option<Response> {
    Some(axum::Json(body.clone()).into_response())
}

pub(super) fn good() -> Option<Response> {
    ok(&completion(&said().to_string(), "stop"))
}

pub(super) fn status(status: u16, body: &'static str) -> Option<Response> {
    Some((StatusCode::from_u16(status).ok()?, body).into_response())
}

pub(super) fn is_verbatim(drafted: &Drafted) -> bool {
    drafted.draft.as_ref().is_some_and(|draft| {
        draft.writer == Writer::Verbatim && draft.text == questions()[0].hits[0].entry.answer
    })
}

#[tokio::test]
async fn a_good_answer_is_used_and_recorded() {
    let fake = Fake::start(|_, _| good()).await;
    let drafted = fake.draft().await;

    let draft = drafted.draft.expect("there is one");
    assert_eq!(draft.text, "You have 30 days to return unworn items.");
    assert_eq!(draft.citations[0].excerpt, "return unworn items within **30 days");
    assert_eq!((drafted.covered.len(), drafted.answerable, drafted.problem), (1, Some(true), None));
    let used = drafted.model.expect("the call is recorded");
    assert_eq!((used.tokens_in, used.tokens_out, used.attempts), (700, 40, 1));
    assert_eq!((used.name.as_str(), used.prompt.as_str()), ("tester", "answer"));
    assert!(used.response.contains("unworn items"));

    let request = &fake.requests()[0];
    assert_eq!(request["response_format"]["json_schema"]["strict"], true);
    assert_eq!((&request["model"], &request["temperature"]), (&json!("tester"), &json!(0)));
    assert_eq!(request["max_completion_tokens"], 800);
}

#[tokio::test]
async fn whatever_goes_wrong_ends_in_the_approved_words() {
    let cases: [(&str, Script, &str, u32); 12] = [
        ("500 for ever", |_, _| status(500, "broken"), "status 500", 3),
        ("503 for ever", |_, _| status(503, ""), "status 503", 3),
        ("a wrong key", |_, _| status(401, "{\"error\":{\"message\":\"no\"}}"), "status 401", 1),
        ("a redirect", |_, _| status(307, ""), "status 307", 1),
        ("a page", |_, _| status(200, "<html>Sign in</html>"), "JSON", 1),
        ("an error in a success", |_, _| ok(&json!({"error": {"code": 1}})), "an error", 1),
        ("no choice", |_, _| ok(&json!({"choices": []})), "without a choice", 1),
        ("cut off", |_, _| ok(&completion(&said().to_string(), "length")), "cut off", 1),
        ("no JSON in it", |_, _| ok(&completion("Sure!", "stop")), "not the object", 2),
        ("half of it", |_, _| ok(&completion("{\"answerable\": tr", "stop")), "not the object", 2),
        (
            "a refusal",
            |_, _| {
                let choice = json!({"finish_reason": "stop", "message": {"refusal": "I won't."}});
                ok(&json!({"choices": [choice]}))
            },
            "refused",
            1,
        ),
        (
            "an unknown entry",
            |_, _| {
                let mut said = said();
                said["citations"][0]["entry"] = "refunds".into();
                ok(&completion(&said.to_string(), "stop"))
            },
            "was not given",
            2,
        ),
    ];
    for (name, script, problem, attempts) in cases {
        let drafted = Fake::start(script).await.draft().await;
        assert!(is_verbatim(&drafted), "{name}");
        assert_eq!((drafted.answerable, drafted.covered.len()), (None, 1), "{name}");
        let told = drafted.problem.expect(name);
        assert!(told.contains(problem), "{name}: {told}");
        assert_eq!(drafted.model.expect(name).attempts, attempts, "{name}");
    }
}

#[tokio::test]
async fn a_busy_endpoint_is_asked_again() {
    let fake = Fake::start(|number, _| match number {
        0 => Some((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")], "slow").into_response()),
        _ => good(),
    })
    .await;
    let drafted = fake.draft().await;
    assert_eq!(drafted.problem, None);
    assert_eq!(drafted.model.expect("recorded").attempts, 2);
}

#[tokio::test]
async fn a_wait_longer_than_the_call_may_take_is_not_waited_for() {
    let fake = Fake::start(|_, _| {
        Some((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")], "").into_response())
    })
    .await;
    let drafted = fake.draft().await;
    assert!(is_verbatim(&drafted));
    let used = drafted.model.expect("recorded");
    assert!(used.attempts == 1 && used.milliseconds < 2000, "{used:?}");
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_in_time() {
    let drafted = Fake::start(|_, _| None).await.draft().await;
    assert!(is_verbatim(&drafted));
    assert_eq!(drafted.problem.as_deref(), Some("the model did not answer in time"));
    let took = drafted.model.expect("recorded").milliseconds;
    assert!((2900..4500).contains(&took), "{took} ms");
}

#[tokio::test]
async fn nobody_listening_is_no_reason_to_fail() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}/v1", listener.local_addr().expect("bound"));
    drop(listener);
    let drafted = draft(&answerer(&base_url)).await;
    assert!(is_verbatim(&drafted));
    assert!(drafted.problem.is_some_and(|problem| problem.contains("cannot be reached")));
}

#[tokio::test]
async fn the_models_no_leaves_the_approved_words_to_an_agent() {
    let fake = Fake::start(|_, _| ok(&completion("{\"answerable\": false}", "stop"))).await;
    let drafted = fake.draft().await;
    assert!(is_verbatim(&drafted));
    assert_eq!((drafted.answerable, drafted.problem), (Some(false), None));
}

#[tokio::test]
async fn an_endpoint_without_schemas_is_asked_otherwise_and_remembered() {
    let refuses: [(Script, &str, u32); 3] = [
        (
            |_, body| match body["response_format"]["type"].as_str() {
                Some("json_schema") => status(400, "{\"error\":{\"message\":\"unknown type\"}}"),
                _ => good(),
            },
            "json_object",
            4,
        ),
        (
            |_, body| {
                if body.get("response_format").is_some() {
                    return status(400, "no");
                }
                ok(&completion(&format!("Here you go:\n```json\n{}\n```", said()), "eos"))
            },
            "",
            5,
        ),
        (
            |_, body| match body["response_format"]["type"].as_str() {
                Some("json_schema") => status(500, "grammar"),
                _ => good(),
            },
            "json_object",
            3,
        ),
    ];
    for (script, format, attempts) in refuses {
        let fake = Fake::start(script).await;
        for attempts in [attempts, 1] {
            let drafted = fake.draft().await;
            assert_eq!(drafted.problem, None);
            assert_eq!(drafted.model.expect("recorded").attempts, attempts);
        }
        let requests = fake.requests();
        let last = requests.last().expect("there are some");
        assert_eq!(last["response_format"]["type"].as_str().unwrap_or_default(), format);
        assert_eq!(last["max_tokens"], 800);
    }
}

#[tokio::test]
async fn an_endpoint_that_gives_no_log_probabilities_is_asked_without() {
    let fake = Fake::start(|_, body| match body.get("logprobs") {
        Some(_) => status(400, "{\"error\":{\"message\":\"logprobs\"}}"),
        None => good(),
    })
    .await;
    for attempts in [2, 1] {
        let used = fake.draft().await.model.expect("recorded");
        assert_eq!((used.attempts, used.logprob), (attempts, None));
    }
    let last = &fake.requests()[1];
    assert_eq!(
        (&last["response_format"]["type"], &last["temperature"]),
        (&json!("json_schema"), &json!(0))
    );
}

#[tokio::test]
async fn a_model_that_only_takes_its_own_temperature_still_gets_the_schema() {
    let fake = Fake::start(|_, body| match body.get("temperature") {
        Some(_) => status(400, "{\"error\":{\"message\":\"temperature\"}}"),
        None => good(),
    })
    .await;
    assert_eq!(fake.draft().await.problem, None);
    assert_eq!(fake.requests()[2]["response_format"]["type"], "json_schema");
}

#[tokio::test]
async fn an_endpoint_that_keeps_failing_is_left_alone() {
    let fake = Fake::start(|_, _| status(502, "")).await;
    for _ in 0..20 {
        assert!(is_verbatim(&fake.draft().await));
    }
    assert_eq!(fake.requests().len(), 5);
    let problem = fake.draft().await.problem.expect("it says why");
    assert!(problem.contains("left alone"), "{problem}");
}

#[tokio::test]
async fn no_more_calls_run_at_once_than_allowed() {
    let fake = Fake::start(|_, _| None).await;
    let started = std::time::Instant::now();
    futures::future::join_all((0..6).map(|_| fake.draft())).await;
    // Two are let through at once and hang; a place may fall free just before the others give up.
    let called = fake.requests().len();
    assert!((2..6).contains(&called), "{called} calls");
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[tokio::test]
async fn nothing_found_asks_no_model() {
    let fake = Fake::start(|_, _| good()).await;
    let turn = turn("moon?");
    let questions = [asked("moon?", vec![])];
    let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
    assert_eq!(fake.answerer.draft(&request, None).await, Drafted::default());
    assert_eq!(fake.requests().len(), 0);
}
