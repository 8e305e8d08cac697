//! The policy, case by case: which gate stops what, and what each inbox makes of it.

mod bound;
mod drift;
mod features;
mod model;
mod policy;

use crate::answer::{Asked, Drafted, ground::Grounding};
use crate::config::InboxSettings;
use crate::conversation::{
    ChannelKind, Citation, Contact, ContactId, Conversation, ConversationId, Draft, Inbox, Message,
    Priority, Turn, TurnId, Writer,
};
use crate::knowledge::{Entry, FieldScores, Hit, Rankers, parse};
use crate::lang::Lang;
use crate::triage::{Intent, Sentiment, Triage};
use chrono::{DateTime, Utc};

fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn inbox() -> Inbox {
    InboxSettings::new("web", ChannelKind::Webchat).inbox()
}

fn turn() -> Turn {
    let contact = Contact { id: ContactId::from("anna"), name: None, email: None };
    let conversation = Conversation {
        id: ConversationId::from("c"),
        ..Conversation::begun(inbox().name, contact.id.clone(), noon())
    };
    let messages: Vec<Message> = Vec::new();
    Turn {
        id: TurnId::from("t"),
        conversation,
        inbox: inbox(),
        contact,
        messages,
        history: Vec::new(),
        due_at: noon(),
    }
}

fn triage(intent: Intent) -> Triage {
    Triage {
        lang: Lang::EN,
        lang_confidence: 1.0,
        intent,
        questions: vec!["How long may I return it?".into()],
        sentiment: Sentiment::Neutral,
        priority: Priority::Normal,
        topic: None,
        route: None,
        escalate_rule: None,
        signals: Vec::new(),
        injection: None,
        choice: None,
    }
}

fn entry(id: &str, risk: &str, answer: &str) -> Entry {
    let text = format!(
        "---\nid: {id}\nlang: en\ntitle: Returns\ntopic: returns\nrisk: {risk}\n---\n\n\
         ## How long may I return {id}?\n\n{answer}\n"
    );
    let (article, problems) = parse::markdown("test.md", text.as_bytes());
    assert_eq!(problems, []);
    article.and_then(|mut article| article.entries.pop()).expect("an entry")
}

fn hit(id: &str, risk: &str, score: f64) -> Hit {
    Hit {
        entry: entry(id, risk, &format!("You have 45 days for {id}.")),
        score,
        rankers: Rankers { bm25: score, ..Rankers::default() },
        fields: FieldScores { question: score, ..FieldScores::default() },
        matched: vec!["return".into(), "long".into()],
        unmatched: Vec::new(),
        coverage: 1.0,
        passage: None,
    }
}

fn asked(hits: Vec<Hit>) -> Vec<Asked> {
    vec![Asked::new("How long may I return it?", hits)]
}

fn drafted() -> Drafted {
    let citation = Citation {
        entry: "it".into(),
        version: 1,
        excerpt: "You have 45 days for it.".into(),
        title: "How long?".into(),
    };
    let draft = Draft {
        text: "You have 45 days for it.".into(),
        citations: vec![citation],
        writer: Writer::Verbatim,
        lang: Lang::EN,
    };
    Drafted {
        draft: Some(draft),
        covered: vec!["How long may I return it?".into()],
        ..Drafted::default()
    }
}

fn grounded() -> Grounding {
    Grounding { undocumented: Vec::new(), share: 1.0, likeness: None }
}
