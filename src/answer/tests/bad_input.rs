//! What endpoints do in the wild, each of which ends in the approved words with the reason, and what an
//! endpoint in good order is told.

use super::endpoint::{
    Fake, Script, answerer, answerer_of, completion, draft, good, is_verbatim, ok, questions, said,
    status,
};
use super::{asked, hit, turn};
use crate::answer::{Request, Spent};
use crate::config;
use crate::conversation::{Author, Formality};
use crate::lang::Lang;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use serde_json::json;
use std::time::{Duration, Instant};

#[expect(clippy::unnecessary_wraps, reason = "scripts may also leave a request unanswered")]
/// A reply that comes piece by piece and then stops, or ends without an end.
fn events(parts: Vec<String>, hangs: bool) -> Option<Response> {
    let parts = futures::stream::iter(parts).map(Ok::<_, std::io::Error>);
    let rest = futures::stream::pending::<Result<String, std::io::Error>>();
    let body = if hangs { Body::from_stream(parts.chain(rest)) } else { Body::from_stream(parts) };
    Some(([(CONTENT_TYPE, "text/event-stream")], body).into_response())
}

fn event(content: &str, finish: Option<&str>) -> String {
    let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": finish});
    format!("data: {}\n\n", json!({ "choices": [choice] }))
}

fn settings(fake: &Fake) -> config::Model {
    config::Model { timeout_seconds: 3, ..config::Model::new(&fake.base_url, "tester") }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn each_bad_reply_ends_in_the_approved_words_with_its_reason() {
    let cases: [(&str, Script, &str); 13] = [
        (
            "an unknown model",
            |_, _| status(404, "{\"error\":{}}"),
            "404: are base_url and name right?",
        ),
        ("a wrong key", |_, _| status(403, ""), "403: is the key right?"),
        (
            "a wait until a date",
            |_, _| {
                let date = [("retry-after", "Fri, 31 Dec 2060 23:00:00 GMT")];
                Some((axum::http::StatusCode::TOO_MANY_REQUESTS, date, "").into_response())
            },
            "status 429",
        ),
        (
            "an answer of a megabyte",
            |_, _| ok(&completion(&"x".repeat(1 << 20), "stop")),
            "too great length",
        ),
        (
            "the token limit ignored",
            |_, _| {
                let mut said = said();
                said["answer"] = "You have 30 days to return unworn items. ".repeat(200).into();
                ok(&completion(&said.to_string(), "stop"))
            },
            "too long",
        ),
        ("a filter", |_, _| ok(&completion("", "content_filter")), "another reason"),
        (
            "a stream without its end",
            |_, _| events(vec![event(&said().to_string(), None)], false),
            "no end",
        ),
        (
            "a stream cut by length",
            |_, _| events(vec![event("{\"answ", Some("length"))], false),
            "cut off",
        ),
        (
            "a stream of an error",
            |_, _| events(vec!["data: {\"error\":{\"code\":1}}\n\n".into()], false),
            "an error",
        ),
        (
            "a stream that stalls",
            |_, _| events(vec![event("{\"ans", None)], true),
            "stopped on the way",
        ),
        (
            "another language",
            |_, _| {
                let mut said = said();
                said["answer"] = "Sie haben 30 Tage, und der Beleg ist mit der Ware an uns.".into();
                ok(&completion(&said.to_string(), "stop"))
            },
            "another language",
        ),
        (
            "a placeholder of its own",
            |_, _| {
                let mut said = said();
                said["answer"] = "You have 30 days to return unworn items, [NAME_1].".into();
                ok(&completion(&said.to_string(), "stop"))
            },
            "made up the placeholder",
        ),
        (
            "an invented number",
            |_, _| {
                let mut said = said();
                said["answer"] = "You have 60 days to return unworn items.".into();
                ok(&completion(&said.to_string(), "stop"))
            },
            "no cited passage says: 60",
        ),
    ];
    for (name, script, problem) in cases {
        let fake = Fake::start(script).await;
        let quick = config::Model { first_byte_seconds: 1, ..settings(&fake) };
        let drafted = draft(&answerer_of(&quick)).await;
        assert!(is_verbatim(&drafted), "{name}");
        let told = drafted.problem.expect(name);
        assert!(told.contains(problem), "{name}: {told}");
        assert!(drafted.model.is_some(), "{name}: the call is recorded");
    }
}

#[tokio::test]
async fn no_name_no_certificate_and_nobody_there_are_no_reason_to_fail() {
    let fake = Fake::start(|_, _| good()).await;
    let secure = fake.base_url.replace("http://", "https://");
    for base_url in [secure, "http://no-such-host.invalid/v1".to_owned()] {
        let drafted = draft(&answerer(&base_url)).await;
        assert!(is_verbatim(&drafted), "{base_url}");
        let problem = drafted.problem.expect("it says why");
        assert!(problem.contains("cannot be reached"), "{base_url}: {problem}");
    }
}

#[tokio::test]
async fn a_failed_check_is_repaired_once_with_its_reason() {
    let fake = Fake::start(|number, body| {
        let mut said = said();
        if number == 0 {
            said["answer"] = "You have 60 days to return unworn items.".into();
            return ok(&completion(&said.to_string(), "stop"));
        }
        let last = body["messages"].as_array().and_then(|all| all.last()).cloned();
        let told = last.unwrap_or_default()["content"].as_str().unwrap_or_default().to_owned();
        assert!(told.contains("refused") && told.contains("60"), "{told}");
        good()
    })
    .await;
    let drafted = fake.draft().await;
    assert_eq!(drafted.problem, None);
    let used = drafted.model.expect("recorded");
    assert_eq!((used.attempts, used.tokens_in, used.tokens_out), (2, 1_400, 80));
    assert_eq!(used.repaired.as_deref(), Some("no cited passage says: 60"));
    assert!(used.response.contains("30 days to return"));
}

#[tokio::test]
async fn the_next_endpoint_answers_where_the_first_fails_or_hangs() {
    let scripts: [Script; 3] = [|_, _| status(500, ""), |_, _| status(401, ""), |_, _| None];
    for script in scripts {
        let (first, second) = (Fake::start(script).await, Fake::start(|_, _| good()).await);
        let mut settings = settings(&first);
        settings.fallback.push(config::Fallback {
            name: "second".into(),
            price_in: 0.5,
            price_out: 2.0,
            ..settings_of(&second)
        });
        let drafted = draft(&answerer_of(&settings)).await;
        assert_eq!(drafted.problem, None);
        let used = drafted.model.expect("recorded");
        assert_eq!((used.name.as_str(), used.cost_micros), ("second", 700 / 2 + 40 * 2));
    }
}

fn settings_of(fake: &Fake) -> config::Fallback {
    settings(fake).endpoints().remove(0)
}

#[tokio::test]
async fn a_stream_is_read_to_its_end() {
    let fake = Fake::start(|_, body| {
        assert_eq!(
            (&body["stream"], &body["stream_options"]["include_usage"]),
            (&json!(true), &json!(true))
        );
        let said = said().to_string();
        let (one, two) = said.split_at(40);
        let usage = json!({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}});
        let end = format!("data: {usage}\n\ndata: [DONE]\n\n");
        events(vec![event(one, None), event(two, Some("stop")), end], false)
    })
    .await;
    let drafted = draft(&answerer_of(&config::Model { stream: true, ..settings(&fake) })).await;
    assert_eq!(drafted.problem, None);
    let used = drafted.model.expect("recorded");
    assert_eq!((used.tokens_in, used.tokens_out), (7, 3));
}

#[tokio::test]
async fn an_endpoint_that_asks_for_a_pause_gets_it() {
    let fake = Fake::start(|number, _| match number {
        0 => {
            let wish = [("retry-after", "3600")];
            Some((axum::http::StatusCode::TOO_MANY_REQUESTS, wish, "").into_response())
        }
        _ => good(),
    })
    .await;
    let began = Instant::now();
    for _ in 0..3 {
        assert!(is_verbatim(&fake.draft().await));
    }
    assert_eq!(fake.requests().len(), 1, "it is left alone");
    assert!(began.elapsed() < Duration::from_secs(2), "nobody waits for it");
}

#[tokio::test]
async fn what_tells_who_the_customer_is_stays_here_and_comes_back() {
    let fake = Fake::start(|_, _| {
        let mut said = said();
        said["answer"] = "You have 30 days to return unworn items of [ORDER_1].".into();
        ok(&completion(&said.to_string(), "stop"))
    })
    .await;
    let secrets = [
        "HO-53391",
        "anna@mail.example",
        "Anna",
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00",
    ];
    let text = format!("Anna here, order HO-53391, {} {} {}", secrets[1], secrets[3], secrets[4]);
    let mut turn = turn(&text);
    turn.contact.name = Some("Anna Kowalski".into());
    turn.history.push(super::message(Author::Customer, "Call me: +49 170 1234567"));
    let questions =
        [asked(&format!("How long do I have for {}?", secrets[0]), questions()[0].hits.clone())];
    let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
    let drafted = fake.answerer.draft(&request, None).await;
    let sent = fake.requests()[0].to_string();
    for secret in secrets.iter().chain(&["1234567"]) {
        assert!(!sent.contains(secret), "{secret} left");
    }
    assert_eq!(drafted.problem, None);
    assert!(drafted.draft.is_some_and(|draft| draft.text.contains("items of HO-53391")));
    let left = drafted.model.and_then(|used| used.left).expect("the record shows what left");
    assert!(left.hides_personal && left.message.contains("[EMAIL_1]"), "{left:?}");
    assert_eq!(left.hidden.len(), 6);

    turn.inbox.hides_personal = false;
    let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
    fake.answerer.draft(&request, None).await;
    assert!(fake.requests().last().expect("there is one").to_string().contains("HO-53391"));
}

#[tokio::test]
async fn a_word_out_of_tone_is_not_used() {
    let german = "Ungetragene Artikel können innerhalb von 30 Tagen zurückgegeben werden.";
    let mut entry = super::entry("returns", "Wie lange habe ich Zeit?", german);
    entry.lang = Lang::DE;
    let fake = Fake::start(|_, body| {
        let told = body["messages"][1]["content"].as_str().unwrap_or_default();
        assert!(told.contains("\"formality\":\"formal\""), "{told}");
        let citation = json!({"entry": "returns", "excerpt": "innerhalb von 30 Tagen zurückgegeben"});
        let said = json!({
            "answerable": true, "answer": "Du kannst ungetragene Artikel innerhalb von 30 Tagen zurückgegeben.",
            "citations": [citation], "questions_covered": [1], "language": "de",
        });
        ok(&completion(&said.to_string(), "stop"))
    })
    .await;
    let mut turn = turn("Wie lange?");
    turn.inbox.tone.formality = Formality::Formal;
    let questions = [asked("Wie lange?", vec![hit(&entry)])];
    let request = Request { turn: &turn, lang: Lang::DE, asked: &questions };
    let drafted = fake.answerer.draft(&request, None).await;
    assert_eq!(drafted.problem.as_deref(), Some("the model is out of tone: du"));
}

#[tokio::test]
async fn a_budget_that_is_spent_asks_nobody() {
    let fake = Fake::start(|_, _| good()).await;
    let (turn, questions) = (turn("How long do I have?"), questions());
    let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
    let drafted = fake.answerer.draft(&request, Some(Spent::Day)).await;
    assert_eq!(drafted.problem.as_deref(), Some("the model's budget for the day is spent"));
    assert!(is_verbatim(&drafted) && fake.requests().is_empty());
}
