//! What a model replied, read with patience and believed in nothing that code can check.

use super::ground::{self, Alike};
use super::text::{plain, words};
use super::veil::Veil;
use super::verbatim::cite;
use super::{Request, prompt::Prompt, tone, tongue};
use crate::conversation::{Citation, Draft, Writer};
use crate::knowledge::Entry;
use serde::Deserialize;
use serde_json::Value;

/// Letters and digits that an excerpt must have, unless it is the whole answer.
const SHORTEST_EXCERPT: usize = 8;
/// Words in a row that an answer may not share with the instructions.
const LEAK: usize = 10;

/// The model's words once every check is passed, or its own word that the sources do not answer.
#[derive(Debug, PartialEq)]
pub enum Checked {
    /// A draft, and the questions it covers.
    Answer(Draft, Vec<String>),
    /// The model says that the sources do not answer.
    Unanswerable,
}

/// The object the model is asked for.
#[derive(Debug, Default, Deserialize)]
struct Said {
    answerable: bool,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    citations: Vec<Cited>,
    #[serde(default)]
    questions_covered: Vec<usize>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Cited {
    entry: String,
    excerpt: String,
}

/// The endpoint's reply, with everything we do not need left out and nothing required.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Completion {
    choices: Vec<Choice>,
    error: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    message: Words,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    content: Value,
    refusal: Option<String>,
}

/// Tokens read and written, where the endpoint counts them.
pub fn usage(body: &Value) -> (Option<u64>, Option<u64>) {
    let count = |name: &str| body.get("usage")?.get(name)?.as_u64();
    (count("prompt_tokens"), count("completion_tokens"))
}

/// The text of the first choice if it was finished, else why it is not one.
pub fn content(body: &Value) -> Result<String, String> {
    let completion = Completion::deserialize(body)
        .map_err(|_| "the endpoint's reply is not a chat completion".to_owned())?;
    if !completion.error.is_null() {
        return Err("the endpoint replied with an error".into());
    }
    let Some(choice) = completion.choices.into_iter().next() else {
        return Err("the endpoint replied without a choice".into());
    };
    if choice.message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err("the model refused".into());
    }
    match choice.finish_reason.as_deref() {
        // `eos` is what some endpoints write for the same.
        Some("stop" | "eos") => {}
        Some("length") => return Err("the model's answer was cut off".into()),
        Some(_) => return Err("the model stopped for another reason than being done".into()),
        None => return Err("the model's answer has no end".into()),
    }
    Ok(text(&choice.message.content))
}

/// The words of the first choice, whether it was finished or not.
pub fn words_of(body: &Value) -> String {
    body.pointer("/choices/0/message/content").map(text).unwrap_or_default()
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

/// What a reply is held against.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// What was asked for.
    pub request: &'a Request<'a>,
    /// The prompt it was asked with.
    pub prompt: &'a Prompt,
    /// The identifiers of the entries that were in the prompt.
    pub offered: &'a [String],
    /// What stands for the customer's own words.
    pub veil: &'a Veil,
    /// How alike in meaning two texts are.
    pub alike: Alike,
}

/// Turns the endpoint's reply into a draft, or tells why its words cannot be used.
pub fn check(body: &Value, model: &str, check: &Check<'_>) -> Result<Checked, String> {
    let Check { request, prompt, offered, veil, alike } = *check;
    let said = parse(&content(body)?).ok_or("the model's answer is not the object asked for")?;
    if !said.answerable {
        return Ok(Checked::Unanswerable);
    }
    let answer = veil.restore(&super::text::tidy(said.answer.trim()))?;
    check_words(&answer, said.language.as_deref(), request, prompt)?;
    let citations = citations(&said.citations, request, offered)?;
    let covered = request.asked.iter().zip(1..).filter(|(_, n)| said.questions_covered.contains(n));
    let covered = covered.map(|(asked, _)| asked.question.clone()).collect();
    let writer = Writer::Model { name: model.to_owned() };
    let draft = Draft { text: answer, citations, writer, lang: request.lang };
    let entries = request.entries();
    let undocumented = ground::check(&draft, &entries, &request.turn.text(), alike).undocumented;
    if !undocumented.is_empty() {
        return Err(format!("no cited passage says: {}", told(&undocumented, veil)));
    }
    Ok(Checked::Answer(draft, covered))
}

/// What is undocumented, shortened: a problem is read by people and told to the model, so that the
/// customer's own words are hidden again before anything is cut.
fn told(undocumented: &[String], veil: &Veil) -> String {
    let mut veil = veil.clone();
    let cut = |text: &String| veil.hide(text).chars().take(160).collect::<String>();
    undocumented.iter().take(5).map(cut).collect::<Vec<_>>().join("; ")
}

fn check_words(
    answer: &str,
    language: Option<&str>,
    request: &Request<'_>,
    prompt: &Prompt,
) -> Result<(), String> {
    let (wanted, manner) = (request.lang, &request.turn.inbox.tone);
    if answer.is_empty() {
        return Err("the model's answer is empty".into());
    }
    if answer.chars().count() > manner.length.characters() {
        return Err("the model's answer is too long".into());
    }
    if language
        .and_then(|code| code.parse::<crate::lang::Lang>().ok())
        .is_some_and(|lang| lang != wanted)
    {
        return Err("the model answered in another language".into());
    }
    if tongue::of(answer).is_some_and(|lang| lang != wanted) {
        return Err("the model answered in another language".into());
    }
    if let Some(word) = tone::slip(answer, wanted, manner.formality) {
        return Err(format!("the model is out of tone: {word}"));
    }
    if has_pictures(answer) {
        return Err("the model's answer holds pictures or HTML".into());
    }
    if repeats(answer, prompt) {
        return Err("the model repeated its instructions".into());
    }
    Ok(())
}

/// Whether a text holds a piece of the instructions.
pub fn repeats(text: &str, prompt: &Prompt) -> bool {
    let (said, told) = (words(text), words(&prompt.system));
    said.windows(LEAK).any(|run| told.windows(LEAK).any(|other| run == other))
}

/// Whether a text holds what no channel is to show of a model's: pictures, tags.
fn has_pictures(answer: &str) -> bool {
    let is_tag = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
            && !rest.starts_with("http")
    };
    answer.contains("![")
        || answer.split('<').skip(1).any(is_tag)
        || plain(answer).blocks.is_empty()
}

fn citations(
    cited: &[Cited],
    request: &Request<'_>,
    offered: &[String],
) -> Result<Vec<Citation>, String> {
    if cited.is_empty() {
        return Err("the model cited nothing".into());
    }
    let entries = request.entries();
    let mut citations: Vec<Citation> = Vec::new();
    for cited in cited {
        let entry = entries
            .iter()
            .find(|entry| entry.id.as_str() == cited.entry && offered.contains(&cited.entry))
            .ok_or("the model cited an entry that it was not given")?;
        let excerpt = excerpt(entry, &cited.excerpt)
            .ok_or("the model cited words that are not in the entry")?;
        let citation = cite(entry, excerpt);
        if !citations.contains(&citation) {
            citations.push(citation);
        }
    }
    Ok(citations)
}

/// The part of the answer that reads like `quoted`, white space and Markdown's marks aside.
fn excerpt<'a>(entry: &'a Entry, quoted: &str) -> Option<&'a str> {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '*' | '_' | '`' | '#' | '\\');
    let there: Vec<(usize, char)> =
        entry.answer.char_indices().filter(|(_, c)| counts(c)).collect();
    let wanted: Vec<char> = super::text::tidy(quoted).chars().filter(counts).collect();
    let letters = wanted.iter().filter(|c| c.is_alphanumeric()).count();
    if wanted.is_empty() || (letters < SHORTEST_EXCERPT && wanted.len() < there.len()) {
        return None;
    }
    let found = there
        .windows(wanted.len())
        .find(|window| window.iter().map(|(_, c)| c).eq(wanted.iter()))?;
    let ((start, _), (last, c)) = (found.first()?, found.last()?);
    entry.answer.get(*start..*last + c.len_utf8())
}

/// The first JSON object in the text that says whether it is an answer.
fn parse(text: &str) -> Option<Said> {
    // More braces than this before the object are not a model's slip but something else.
    text.match_indices('{').take(32).find_map(|(start, _)| {
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        let value = values.next()?.ok()?;
        Said::deserialize(value).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{Check, Checked, check, excerpt, parse};
    use crate::answer::ground::unlike;
    use crate::answer::library::Prompts;
    use crate::answer::tests::{asked, entry, hit, turn};
    use crate::answer::veil::Veil;
    use crate::answer::{Asked, Request};
    use crate::conversation::Writer;
    use crate::lang::Lang;
    use serde_json::{Value, json};

    fn questions() -> [Asked; 2] {
        let returns = entry("returns", "How long?", "You have **30 days**\nto return. Bye.");
        let secret = entry("other", "What?", "Never offered to the model.");
        [asked("how long?", vec![hit(&returns), hit(&secret)]), asked("where?", vec![])]
    }

    fn judge(body: &Value) -> Result<Checked, String> {
        let (turn, questions) = (turn("how long? where?"), questions());
        let request = Request { turn: &turn, lang: Lang::EN, asked: &questions };
        let prompts = Prompts::embedded().expect("well formed");
        let (prompt, offered, veil) = (&prompts.answer, ["returns".to_owned()], Veil::none());
        let told =
            Check { request: &request, prompt, offered: &offered, veil: &veil, alike: unlike };
        check(body, "m", &told)
    }

    fn body(content: &Value) -> Value {
        json!({"choices": [{"finish_reason": "stop", "message": {"content": content}}]})
    }

    fn said(change: &Value) -> Value {
        let mut said = json!({
            "answerable": true, "answer": "You can return within 30 days.",
            "citations": [{"entry": "returns", "excerpt": "You have 30 days to return."}],
            "questions_covered": [1, 7], "language": "en",
        });
        for (key, value) in change.as_object().into_iter().flatten() {
            said[key] = value.clone();
        }
        body(&Value::String(said.to_string()))
    }

    #[test]
    fn a_good_answer_becomes_a_draft_with_the_entrys_own_words_as_excerpt() {
        let Ok(Checked::Answer(draft, covered)) = judge(&said(&json!({}))) else {
            panic!("it is a good answer");
        };
        assert_eq!(draft.text, "You can return within 30 days.");
        assert_eq!(draft.citations[0].excerpt, "You have **30 days**\nto return.");
        assert_eq!((draft.citations[0].version, draft.citations.len()), (3, 1));
        assert_eq!(draft.writer, Writer::Model { name: "m".into() });
        assert_eq!(covered, ["how long?"]);
    }

    #[test]
    fn an_answer_that_fails_a_check_is_not_used() {
        let copied = "A program reads what you write, checks every citation against the sources";
        for (change, problem) in [
            (json!({"citations": []}), "cited nothing"),
            (json!({"citations": [{"entry": "moon", "excerpt": "x"}]}), "was not given"),
            (
                json!({"citations": [{"entry": "other", "excerpt": "Never offered"}]}),
                "was not given",
            ),
            (
                json!({"citations": [{"entry": "returns", "excerpt": "You have 60 days"}]}),
                "not in the entry",
            ),
            (json!({"citations": [{"entry": "returns", "excerpt": "days"}]}), "not in the entry"),
            (json!({"answer": " \u{200b}"}), "empty"),
            (json!({"answer": "x".repeat(4001)}), "too long"),
            (json!({"language": "fr"}), "another language"),
            (json!({"answer": copied}), "repeated its instructions"),
            (
                json!({"answer": "Sie haben innerhalb von 30 Tagen das Recht mit der Ware."}),
                "another language",
            ),
            (json!({"answer": "You can return within 60 days."}), "no cited passage says: 60"),
            (json!({"answer": "Return within 30 days. ![x](https://e.example/a)"}), "pictures"),
            (json!({"answer": "Return within 30 days. <script>x</script>"}), "HTML"),
        ] {
            let error = judge(&said(&change)).expect_err("it must not be used");
            assert!(error.contains(problem), "{change}: {error}");
        }
    }

    #[test]
    fn a_reply_that_is_no_finished_answer_is_not_used() {
        let choice = |choice: Value| json!({"choices": [choice]});
        let content = said(&json!({}))["choices"][0]["message"]["content"].clone();
        for (body, problem) in [
            (json!({"error": {"message": "no"}}), "an error"),
            (json!({"choices": []}), "without a choice"),
            (json!([1]), "not a chat completion"),
            (choice(json!({"message": {"content": content}})), "no end"),
            (
                choice(json!({"finish_reason": "length", "message": {"content": content}})),
                "cut off",
            ),
            (choice(json!({"finish_reason": "content_filter", "message": {}})), "another reason"),
            (choice(json!({"finish_reason": "stop", "message": {"refusal": "No."}})), "refused"),
            (body(&json!("I cannot do that.")), "not the object"),
            (body(&json!("{\"answerable\": true, \"answer\": ")), "not the object"),
            (body(&Value::Null), "not the object"),
        ] {
            let error = judge(&body).expect_err("it must not be used");
            assert!(error.contains(problem), "{body}: {error}");
        }
    }

    #[test]
    fn the_object_is_found_in_whatever_is_around_it() {
        for text in [
            "{\"answerable\": false}",
            "```json\n{\"answerable\": false}\n```",
            "<think>{maybe {\"a\": 1}}</think> Sure! {\"answerable\": false} Done.",
        ] {
            assert!(parse(text).is_some_and(|said| !said.answerable), "{text}");
        }
        assert!(parse(&"{".repeat(100_000)).is_none());
    }

    #[test]
    fn the_models_word_that_nothing_answers_is_kept() {
        assert_eq!(judge(&said(&json!({"answerable": false}))), Ok(Checked::Unanswerable));
        let parts = json!([{"type": "text", "text": "{\"answerable\": false}"}]);
        assert_eq!(judge(&body(&parts)), Ok(Checked::Unanswerable));
    }

    #[test]
    fn a_short_answer_may_be_quoted_whole() {
        let short = entry("a", "?", "Yes.");
        assert_eq!(excerpt(&short, "Yes."), Some("Yes."));
        assert_eq!(excerpt(&short, "Y"), None);
        assert_eq!(excerpt(&short, ""), None);
    }
}
