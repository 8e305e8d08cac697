//! What calls take: requests that failed, and prompts that are made to fit before they leave.

use super::endpoint::{Fake, Script, answerer_of, completion, draft, good, ok, questions, status};
use super::{message, turn};
use crate::answer::model::count;
use crate::answer::{Answerer, Leant, Request};
use crate::config;
use crate::conversation::Author;
use crate::lang::Lang;
use serde_json::{Value, json};

fn settings(fake: &Fake) -> config::Model {
    config::Model {
        timeout_seconds: 3,
        price_in: 1.0,
        max_prompt_tokens: MOST,
        ..config::Model::new(&fake.base_url, "tester")
    }
}

/// Tokens that a prompt may have in these tests.
const MOST: usize = 2_400;

#[tokio::test]
async fn a_request_without_a_reply_counts_by_what_it_gave_to_read() {
    // So many requests were made, and so many of them may have been read.
    let cases: [(&str, Script, u32, u64); 5] = [
        ("a wrong key", |_, _| status(401, ""), 1, 0),
        ("broken for ever", |_, _| status(502, ""), 3, 3),
        ("no answer", |_, _| None, 1, 1),
        ("a page", |_, _| status(200, "<html>"), 1, 1),
        (
            "refused for its shape",
            |_, body| match body.get("logprobs") {
                Some(_) => status(400, ""),
                None => status(401, ""),
            },
            2,
            0,
        ),
    ];
    let mut prompt = 0;
    for (name, script, requests, read) in cases {
        let fake = Fake::start(script).await;
        let used = draft(&answerer_of(&settings(&fake))).await.model.expect(name);
        assert_eq!(used.attempts, requests, "{name}");
        if prompt == 0 && read > 0 {
            prompt = used.tokens_in / read;
        }
        assert_eq!((used.tokens_in, used.tokens_out), (prompt * read, 0), "{name}");
        assert_eq!(used.cost_micros, used.tokens_in, "{name}: it costs what the price says");
    }
    assert!(prompt > 500, "{prompt}");
    let fake = Fake::start(|number, _| if number == 0 { status(500, "") } else { good() }).await;
    let used = draft(&answerer_of(&settings(&fake))).await.model.expect("recorded");
    assert_eq!((used.attempts, used.tokens_in), (2, prompt + 700), "the first one counts too");
}

#[tokio::test]
async fn words_without_an_end_are_counted_where_nobody_else_does() {
    let fake = Fake::start(|_, _| {
        let mut body = completion("one two three four five", "length");
        body["usage"] = Value::Null;
        ok(&body)
    })
    .await;
    let used = draft(&answerer_of(&settings(&fake))).await.model.expect("recorded");
    assert_eq!(used.tokens_out, 5);
}

/// What left for the model in the only request there was: its size, and its material.
fn left(fake: &Fake) -> (usize, Value) {
    let requests = fake.requests();
    let [request] = requests.as_slice() else { panic!("one request: {requests:?}") };
    let part = |place: usize| request["messages"][place]["content"].as_str().unwrap_or_default();
    let data = part(1).trim().trim_start_matches("<data>").trim_end_matches("</data>");
    (count(part(0)) + count(part(1)), serde_json::from_str(data).expect("JSON"))
}

async fn deaf() -> (Fake, Answerer) {
    let fake = Fake::start(|_, _| ok(&completion("{}", "stop"))).await;
    let answerer = answerer_of(&settings(&fake));
    (fake, answerer)
}

#[tokio::test]
async fn a_summary_of_a_long_conversation_leaves_out_the_oldest() {
    let (fake, answerer) = deaf().await;
    let (mut turn, questions) = (turn("How long do I have?"), questions());
    let said =
        |number: usize| message(Author::Customer, &format!("{number} {}", "word ".repeat(90)));
    turn.history = (0..80).map(said).collect();
    let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
    let aid = answerer.aid(&request, "the reason", false).await.expect("a model");
    assert_eq!((aid.used.len(), aid.summary), (1, None), "its words are none");
    let (tokens, material) = left(&fake);
    assert!((MOST / 2..=MOST).contains(&tokens), "{tokens}");
    assert_eq!(aid.used[0].tokens_in, 700);
    let history = material["history"].as_array().expect("a list");
    let first = |line: &Value| {
        line["text"].as_str().unwrap_or_default().split(' ').next().map(str::to_owned)
    };
    assert_eq!(history.last().and_then(first).as_deref(), Some("79"), "the newest stays");
    assert!((5..80).contains(&history.len()), "{}", history.len());
    assert_eq!(material["found"], json!(["How long?"]));
}

#[tokio::test]
async fn a_suggestion_and_a_question_back_keep_within_the_limit_too() {
    let (fake, answerer) = deaf().await;
    let long = turn(&"word ".repeat(3_000));
    let questions = questions();
    let request = Request { turn: &long, lang: Lang::EN, asked: &questions };
    let choices = ["How long?".to_owned(), "How much?".to_owned()];
    let asked = answerer.ask_back(&request, &choices).await.expect("a model");
    assert_eq!((asked.question, asked.model), (None, None));
    assert!(asked.problem.is_some_and(|problem| problem.contains("too long")));
    let aid = answerer.aid(&request, "the reason", true).await.expect("a model");
    assert_eq!((aid.used, fake.requests().len()), (Vec::new(), 0), "nothing of it fits");

    let short = turn("How?");
    let request = Request { turn: &short, lang: Lang::EN, asked: &questions };
    answerer.ask_back(&request, &choices).await;
    let (tokens, material) = left(&fake);
    assert!(tokens <= MOST);
    assert_eq!((&material["message"], &material["choices"]), (&json!("How?"), &json!(choices)));
}

#[tokio::test]
async fn what_a_question_leans_on_keeps_within_the_limit() {
    let (fake, answerer) = deaf().await;
    // Each of these signs takes several tokens.
    let history: Vec<_> =
        (0..6).map(|n| message(Author::Bot, &format!("{n} {}", "𒀀".repeat(590)))).collect();
    let leant = Leant {
        question: "why?",
        content: &[],
        history: &history,
        names: &[],
        hides_personal: false,
        lang: Lang::EN,
    };
    answerer.rewrite(&leant).await;
    let (tokens, material) = left(&fake);
    assert!(tokens <= MOST, "{tokens}");
    let kept = material["history"].as_array().map_or(0, Vec::len);
    assert!(kept < 6, "{kept}");
    assert_eq!(material["message"], "why?");
}
