//! Conversations over the sample knowledge: what a short question finds, given what was said before.

use super::{Heard, retrieve};
use crate::answer::{Asked, Understood};
use crate::config::Embedding;
use crate::conversation::{Author, Citation, ConversationId, Message, MessageId, Visibility};
use crate::knowledge::{Entry, parse};
use crate::lang::Lang;
use crate::search::{Query, Search};
use crate::triage;
use chrono::{DateTime, NaiveDate};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

/// The sample knowledge, indexed.
struct Shop {
    search: Search,
    _folder: TempDir,
}

impl Shop {
    fn open() -> Self {
        let folder = TempDir::new().expect("a folder");
        let search = Search::open(folder.path(), &Embedding::default()).expect("an index");
        let mut entries: Vec<Entry> = Vec::new();
        for lang in ["en", "de", "es"] {
            let files = fs::read_dir(Path::new("knowledge").join(lang)).expect("the sample");
            for file in files {
                let path = file.expect("a file").path();
                let text = fs::read(&path).expect("an article");
                let (article, problems) = parse::markdown(&path.to_string_lossy(), &text);
                assert_eq!(problems, []);
                entries.extend(article.expect("an article").entries);
            }
        }
        search.replace(&entries, 1).expect("indexed");
        Self { search, _folder: folder }
    }

    fn best(&self, text: &str, lang: Lang) -> Entry {
        let query = Query { text, lang, today: today(), limit: 1, team: false };
        self.search.find(&query).expect("a search").remove(0).entry
    }

    /// What the last of the customer's messages finds, each of the earlier ones having been
    /// answered with what it found.
    fn ask(&self, lang: Lang, messages: &[&str]) -> Asked {
        let mut history = Vec::new();
        let (last, earlier) = messages.split_last().expect("a message");
        for question in earlier {
            let best = self.hear(lang, question, &history).hits.remove(0).entry;
            history.push(said(Author::Customer, question));
            history.push(answer(&best));
        }
        self.hear(lang, last, &history)
    }

    fn hear(&self, lang: Lang, text: &str, history: &[Message]) -> Asked {
        let triage = triage::read(text, lang, &[]);
        let heard = Heard { triage: &triage, history, today: today(), limit: 8, rewritten: None };
        retrieve(&self.search, &heard).expect("a search").remove(0)
    }
}

fn said(author: Author, body: &str) -> Message {
    Message {
        id: MessageId::from("m"),
        conversation_id: ConversationId::from("c"),
        seq: 1,
        shown: None,
        external_id: None,
        author,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: DateTime::UNIX_EPOCH,
        received_at: DateTime::UNIX_EPOCH,
    }
}

fn answer(entry: &Entry) -> Message {
    let citation = Citation {
        entry: entry.id.clone(),
        version: 1,
        excerpt: entry.answer.clone(),
        title: entry.question.clone(),
    };
    Message { citations: vec![citation], ..said(Author::Bot, &entry.answer) }
}

/// Two questions, what the second must find (any of these), and whether it follows up the first.
type Pair = (Lang, &'static str, &'static str, &'static [&'static str]);

fn check(follows_up: bool, pairs: &[Pair]) {
    let shop = Shop::open();
    let mut wrong = Vec::new();
    for (lang, first, second, expected) in pairs {
        let asked = shop.ask(*lang, &[first, second]);
        let hits = asked.hits.iter().take(3);
        let found: Vec<String> =
            hits.map(|hit| format!("{} {:.2}", hit.entry.id, hit.coverage)).collect();
        let is_right = expected.iter().any(|entry| found[0].starts_with(entry));
        let leant = matches!(asked.understood, Understood::FollowUp { .. });
        if !is_right || leant != follows_up {
            wrong.push(format!("{first} {second} {found:?} {:?}", asked.understood));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_follow_up_finds_what_it_is_about() {
    let (time, fee) = ("How long does shipping take?", "How much is shipping?");
    let (zeit, tiempo) = ("Wie lange dauert der Versand?", "¿Cuánto tarda el envío?");
    let returns = "How long do I have to return something?";
    check(
        true,
        &[
            (Lang::EN, time, "And to Norway?", &["shipping/outside-europe", "shipping/cost"]),
            (Lang::EN, time, "and how much is that?", &["shipping/cost"]),
            (Lang::EN, time, "what about Switzerland", &["shipping/switzerland"]),
            (Lang::EN, returns, "And what does it cost?", &["returns/cost"]),
            (Lang::EN, "Do you deliver to Switzerland?", "And to the UK?", &["shipping/uk"]),
            (Lang::EN, fee, "and express?", &["shipping/cost", "shipping/express"]),
            (Lang::EN, fee, "how long does it take?", &["shipping/time"]),
            (Lang::DE, zeit, "und was kostet das?", &["shipping.de/cost"]),
            (Lang::DE, zeit, "Und in die Schweiz?", &["shipping.de/switzerland"]),
            (Lang::ES, tiempo, "¿Y a Suiza?", &["shipping.es/switzerland"]),
            (Lang::ES, tiempo, "¿y cuánto cuesta?", &["shipping.es/cost"]),
        ],
    );
}

#[test]
fn a_new_topic_is_noticed() {
    let (time, zeit) = ("How long does shipping take?", "Wie lange dauert der Versand?");
    check(
        false,
        &[
            (Lang::EN, time, "And can I pay by invoice?", &["business/invoice", "payment/invoice"]),
            (Lang::EN, time, "Do you have a store in Bristol?", &["stores/"]),
            (Lang::EN, time, "and do you sell gift cards?", &["gift-cards/", "refunds/gift-card"]),
            (Lang::DE, zeit, "Und kann ich auf Rechnung zahlen?", &["payment.de/", "business.de/"]),
            (
                Lang::ES,
                "¿Cuánto tarda el envío?",
                "¿Y puedo pagar con PayPal?",
                &["payment.es/", "refunds.es/paypal"],
            ),
        ],
    );
}

#[test]
fn what_the_entry_does_not_say_of_the_new_question_counts_against_it() {
    let shop = Shop::open();
    let asked = shop.ask(Lang::EN, &["How long does shipping take?", "And to Zanzibar?"]);
    assert!(matches!(asked.understood, Understood::FollowUp { .. }));
    assert!(asked.hits[0].coverage < 0.1, "{:?}", asked.hits[0]);
}

fn offer(unclear: &str, choices: &[Entry]) -> Vec<Message> {
    let choices = choices.iter().map(|entry| entry.label().to_owned()).collect();
    let back = Message { choices, ..said(Author::Bot, "Which of these do you mean?") };
    vec![said(Author::Customer, unclear), back]
}

fn choose(shop: &Shop, reply: &str) -> Asked {
    let offered = [
        shop.best("How long does shipping take?", Lang::EN),
        shop.best("How much is shipping?", Lang::EN),
    ];
    let history = offer("shipping info please", &offered);
    let mut triage = triage::read(reply, Lang::EN, &[]);
    let labels = history[1].choices.clone();
    triage.choice = Some(triage::pick(reply, &labels, Lang::EN));
    triage.questions = vec![reply.into()];
    let heard =
        Heard { triage: &triage, history: &history, today: today(), limit: 8, rewritten: None };
    retrieve(&shop.search, &heard).expect("a search").remove(0)
}

#[test]
fn a_choice_is_answered_and_what_was_turned_down_is_no_rival() {
    let shop = Shop::open();
    for reply in ["How much is shipping?", "2", "the second one", "how much", "the delivery fee"] {
        let asked = choose(&shop, reply);
        assert!(asked.is_chosen(), "{reply}: {:?}", asked.understood);
        assert_eq!(asked.hits[0].entry.id.as_str(), "shipping/cost", "{reply}");
        assert!(asked.hits.iter().all(|hit| hit.entry.id.as_str() != "shipping/time"), "{reply}");
    }
}

#[test]
fn an_answer_that_names_no_choice_is_missed_and_a_new_question_is_asked() {
    let shop = Shop::open();
    for reply in ["none of these", "hmm I don't know", "7"] {
        assert!(choose(&shop, reply).is_missed(), "{reply}");
    }
    let asked = choose(&shop, "Can I pay by invoice?");
    assert_eq!(asked.understood, Understood::Itself);
    assert!(asked.hits[0].entry.id.as_str().ends_with("/invoice"));
}
