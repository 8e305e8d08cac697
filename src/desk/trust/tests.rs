//! Trust: no evidence, no automation; what is earned is one class's own, and lost at once.

use super::Standing;
use crate::bench::features_of;
use crate::clock::Clock;
use crate::config::{Config, InboxSettings};
use crate::conversation::{
    Action, AgentId, Attachment, AttachmentId, ChannelKind, ConversationId, DecisionId, Inbound,
    InboxName, Source, Verdict,
};
use crate::curation;
use crate::desk::{Approve, Desk, Known};
use crate::knowledge::{EntryId, Risk};
use crate::search::Search;
use crate::store::{Evidence, Sending, Store, StoredAttachment};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::sync::Arc;
use tempfile::TempDir;

const QUESTION: &str = "How long do I have to return something?";

/// A node of a business with the sample knowledge and two inboxes.
struct Node {
    desk: Arc<Desk>,
    clock: Clock,
    folder: TempDir,
}

fn shop() -> InboxName {
    InboxName::from("shop")
}

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

async fn desk(database: &TempDir, index: &TempDir, clock: &Clock) -> Arc<Desk> {
    let mut config = Config {
        inboxes: ["shop", "other"].map(|it| InboxSettings::new(it, ChannelKind::Api)).to_vec(),
        ..Config::default()
    };
    config.policy.audit_share = 1.0;
    let url = format!("sqlite://{}", database.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let search = Arc::new(
        Search::open(&index.path().join("index"), &crate::config::Embedding::default())
            .expect("an index"),
    );
    let desk = Desk::open(store, search, Arc::new(config), clock.clone()).expect("a desk");
    let source = curation::Source::Sample;
    curation::sync(&desk.store, &desk.search, &source, now()).await.expect("the sample");
    desk.renew_trust().await.expect("renewed");
    Arc::new(desk)
}

impl Node {
    async fn open() -> Self {
        let (folder, clock) = (TempDir::new().expect("a folder"), Clock::by_hand(now()));
        Self { desk: desk(&folder, &folder, &clock).await, clock, folder }
    }

    /// Stores made-up turns of a class, all as sure and all right unless told otherwise.
    async fn put(&self, set: &str, turns: usize, change: impl Fn(usize) -> Evidence) {
        let rows: Vec<Evidence> = (0..turns).map(change).collect();
        self.desk.store.put_set(set, &rows, self.clock.now()).await.expect("stored");
        self.desk.renew_trust().await.expect("renewed");
    }

    fn turn(&self, number: usize) -> Evidence {
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
            happened_at: self.clock.now(),
            features: features_of(0.3),
        }
    }

    async fn standings(&self) -> Vec<(String, Risk, Standing)> {
        let classes = self.desk.trust(None).await.expect("trust");
        let standing =
            |class: super::ClassTrust| (class.inbox.to_string(), class.risk, class.standing);
        classes.into_iter().map(standing).filter(|it| it.2 != Standing::Learning).collect()
    }

    /// A customer asks; returns the conversation once its turn has ended.
    async fn ask(&self, contact: &str, text: &str) -> ConversationId {
        self.ask_with(contact, text, Vec::new()).await
    }

    /// The same with files.
    async fn ask_with(
        &self,
        contact: &str,
        text: &str,
        attachments: Vec<Attachment>,
    ) -> ConversationId {
        let inbound = Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: self.desk.config.inbox(&shop()).expect("an inbox"),
            identity: contact.into(),
            name: Some("Bobby Tables".into()),
            email: None,
            external_id: Some(contact.into()),
            body: text.into(),
            attachments,
            sent_at: self.clock.now(),
        };
        let received = self.desk.store.receive(&[inbound], self.clock.now()).await.expect("stored");
        self.clock.advance(TimeDelta::seconds(5));
        self.desk.run_due().await.expect("due work is done");
        received[0].conversation_id.clone()
    }

    async fn action(&self, contact: &str) -> Option<Action> {
        self.desk.store.find_end(&shop(), contact).await.expect("read").expect("an end").action
    }

    async fn approve(&self, id: &ConversationId) {
        let draft = self.desk.store.find_waiting_draft(id).await.expect("read").expect("a draft");
        let text = draft.draft.text.clone();
        let approve = Approve { draft: draft.id, text, facts_changed: false, files: Vec::new() };
        self.desk
            .approve(id, &AgentId::from("ada"), approve, Sending::AtOnce)
            .await
            .expect("approved");
    }
}

#[tokio::test]
async fn without_evidence_everything_is_a_draft() {
    let node = Node::open().await;
    let classes = node.desk.trust(Some(&shop())).await.expect("trust");
    let told: Vec<_> =
        classes.iter().map(|it| (it.risk, it.standing, it.threshold, it.missing)).collect();
    let learning = Standing::Learning;
    assert_eq!(
        told,
        [
            (Risk::Low, learning, None, 22),
            (Risk::Standard, learning, None, 45),
            (Risk::High, learning, None, 114)
        ]
    );
    node.ask("anna", QUESTION).await;
    assert_eq!(node.action("anna").await, Some(Action::Draft));
}

#[tokio::test]
async fn a_licence_is_for_its_inbox_and_class_alone() {
    let node = Node::open().await;
    let mine = |number| Evidence { inbox: Some(shop()), ..node.turn(number) };
    node.put("mine", 200, mine).await;
    let licensed = Standing::Licensed;
    assert_eq!(node.standings().await, [("shop".to_owned(), Risk::Standard, licensed)]);
    node.put("low", 200, |number| Evidence { risk: Risk::Low, ..node.turn(number) }).await;
    assert_eq!(
        node.standings().await,
        [
            ("shop".to_owned(), Risk::Low, licensed),
            ("shop".to_owned(), Risk::Standard, licensed),
            ("other".to_owned(), Risk::Low, licensed)
        ]
    );
    assert!(node.desk.take_back("mine").await.expect("taken back"));
    assert_eq!(node.standings().await.len(), 2, "what is taken back licenses nothing");
}

#[tokio::test]
async fn a_set_that_is_declared_again_under_another_name_is_no_more_evidence() {
    let node = Node::open().await;
    node.put("once", 50, |number| node.turn(number)).await;
    assert_eq!(node.standings().await, []);
    node.put("again", 50, |number| node.turn(number)).await;
    node.put("for one inbox", 40, |number| Evidence { inbox: Some(shop()), ..node.turn(number) })
        .await;
    assert_eq!(node.standings().await, [], "the same questions three times");
    node.put("others", 200, |number| node.turn(1_000 + number)).await;
    assert_eq!(node.standings().await.len(), 2, "other questions are more");
}

#[tokio::test]
async fn what_could_not_go_out_or_gave_alarm_licenses_nothing() {
    let node = Node::open().await;
    node.put("a", 300, |number| Evidence { eligible: false, ..node.turn(number) }).await;
    node.put("b", 300, |number| Evidence { source: Source::Alarm, ..node.turn(number) }).await;
    node.put("c", 300, |number| Evidence { risk: Risk::Never, ..node.turn(number) }).await;
    node.put("d", 300, |number| Evidence { wrong: number % 9 == 0, ..node.turn(number) }).await;
    node.put("e", 300, |it| Evidence { features: json!({ "coverage": "x" }), ..node.turn(it) })
        .await;
    assert_eq!(node.standings().await, []);
}

#[tokio::test]
async fn of_turns_decided_while_sure_answers_went_out_the_same_share_counts() {
    let node = Node::open().await;
    let thin = |number| Evidence {
        decision_id: Some(DecisionId::from(format!("d{number}"))),
        source: Source::Verdict,
        share: 0.1,
        ..node.turn(number)
    };
    let evidence: Vec<Evidence> = (0..1_000).map(thin).collect();
    let body = super::earn::Body::read(evidence, b"key");
    let terms = crate::confidence::Terms::new(0.05, 0.1).expect("terms");
    let sought = super::earn::Sought { inbox: shop(), risk: Risk::Standard, terms, since: None };
    let counted = body.earned(&sought).evidence;
    let [(Source::Verdict, count)] = counted.as_slice() else { panic!("{counted:?}") };
    assert!((60..140).contains(count), "{count} of 1,000 at a share of 0.1");
}

#[tokio::test]
async fn a_class_whose_audits_go_wrong_is_suspended_at_once_and_earns_again_from_later_turns() {
    let node = Node::open().await;
    node.put("old", 300, |number| node.turn(number)).await;
    let agent = AgentId::from("ada");
    let mut audits = 0;
    while node.standings().await[0].2 == Standing::Licensed {
        audits += 1;
        assert!(audits < 20, "twenty wrong answers are too many");
        let name = format!("customer {audits}");
        let id = node.ask(&name, QUESTION).await;
        assert_eq!(node.action(&name).await, Some(Action::Answer));
        let audit = node.desk.store.audits_of(&id).await.expect("audits").remove(0);
        node.desk.audit(&audit.decision_id, &agent, Verdict::Wrong).await.expect("settled");
    }
    assert!(audits > 1, "one wrong answer is no proof");
    let suspended = [("shop".to_owned(), Risk::Standard, Standing::Suspended)];
    let but_other = |mut all: Vec<(String, Risk, Standing)>| {
        all.retain(|(inbox, _, _)| inbox == "shop");
        all
    };
    assert_eq!(but_other(node.standings().await), suspended);
    node.ask("late", QUESTION).await;
    assert_eq!(node.action("late").await, Some(Action::Draft), "never while suspended");

    let before = now();
    node.put("older", 400, |it| Evidence { happened_at: before, ..node.turn(it) }).await;
    assert_eq!(but_other(node.standings().await), suspended, "what was before earns nothing back");
    node.clock.advance(TimeDelta::hours(1));
    node.put("new", 300, |number| node.turn(1_000 + number)).await;
    assert_eq!(but_other(node.standings().await)[0].2, Standing::Licensed);
    node.ask("again", QUESTION).await;
    assert_eq!(node.action("again").await, Some(Action::Answer));
}

#[tokio::test]
async fn another_nodes_suspension_holds_before_this_one_has_heard_of_it() {
    let node = Node::open().await;
    node.put("old", 300, |number| node.turn(number)).await;
    let folder = TempDir::new().expect("a folder");
    let other = desk(&node.folder, &folder, &node.clock).await;
    let standing = other.trust(Some(&shop())).await.expect("trust")[1].standing;
    assert_eq!(standing, Standing::Licensed, "what one node earned all have");
    assert!(other.store.suspend(&shop(), Risk::Standard, node.clock.now()).await.expect("ok"));
    let claim = async || {
        let now = node.clock.now();
        let claimed = node.desk.store.claim_turns(1, now, now + TimeDelta::minutes(1)).await;
        claimed.expect("claimed").remove(0)
    };
    let inbound = Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: node.desk.config.inbox(&shop()).expect("an inbox"),
        identity: "anna".into(),
        name: None,
        email: None,
        external_id: Some("anna".into()),
        body: QUESTION.into(),
        attachments: Vec::new(),
        sent_at: node.clock.now(),
    };
    node.desk.store.receive(&[inbound], node.clock.now()).await.expect("stored");
    node.clock.advance(TimeDelta::seconds(5));
    node.desk.respond(&claim().await).await.expect("responded");
    assert_eq!(node.action("anna").await, Some(Action::Draft));
}

#[tokio::test]
async fn an_approved_wording_is_learned_without_what_is_personal() {
    let node = Node::open().await;
    let wording = "how long can Bobby take to return something";
    let id = node.ask("anna", wording).await;
    node.approve(&id).await;
    node.desk.run_due().await.expect("due work is done");
    let learned = node.desk.store.wordings(None, 0, 10).await.expect("wordings");
    let words: Vec<&str> = learned.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(words, ["how long can take to return something"]);
    let entry = |id: &EntryId| node.desk.search.entry(id).expect("read").expect("an entry");
    assert_eq!(entry(&learned[0].entry_id).learned, words);

    let agent = AgentId::from("ada");
    assert!(node.desk.remove_wording(&learned[0].id, &agent).await.expect("removed"));
    node.desk.run_due().await.expect("due work is done");
    assert!(entry(&learned[0].entry_id).learned.is_empty());
}

#[tokio::test]
async fn what_was_only_heard_is_no_wording() {
    let node = Node::open().await;
    let known = node.ask("anna", "Hello").await;
    let sound = Attachment {
        id: AttachmentId::from("note"),
        name: "note.ogg".into(),
        media_type: "audio/ogg".into(),
        size: 4,
        url: None,
        missing: None,
        heard: None,
    };
    let file = StoredAttachment {
        id: sound.id.clone(),
        inbox: shop(),
        contact_id: node.desk.store.conversation(&known).await.expect("read").contact_id,
        conversation_id: None,
        name: sound.name.clone(),
        media_type: sound.media_type.clone(),
        size: sound.size,
    };
    let (store, at) = (&node.desk.store, node.clock.now());
    store.add_attachment(&file, at).await.expect("recorded");
    let words = "how long can Bobby take to return something";
    store.put_transcript(&sound.id, words, "whisper", at).await.expect("kept");
    let id = node.ask_with("ben", "", vec![sound]).await;
    node.approve(&id).await;
    assert!(store.wordings(None, 0, 10).await.expect("wordings").is_empty());
}

#[tokio::test]
async fn declared_questions_are_considered_and_bad_sets_refused() {
    let node = Node::open().await;
    let known = |id: &str, text: &str, gold: &[&str]| Known {
        id: id.into(),
        text: text.into(),
        gold: gold.iter().map(|entry| EntryId::from(*entry)).collect(),
    };
    let questions = [
        known("right", QUESTION, &["returns/window"]),
        known("wrong", "How long do I have to send something back?", &[]),
        known("person", "I want to talk to a human", &[]),
    ];
    let progress = |_, _| ();
    let declared = node.desk.declare("mine", &[shop()], &questions, progress).await.expect("ok");
    assert_eq!((declared.questions, declared.eligible, declared.wrong), (3, 2, 1));
    let evidence = node.desk.store.evidence().await.expect("evidence");
    assert!(evidence.iter().all(|row| row.inbox == Some(shop()) && row.source == Source::Declared));
    for (what, inbox, questions) in [
        ("empty", "shop", vec![]),
        ("unknown entry", "shop", vec![known("a", "Hi?", &["no/such"])]),
        ("twice", "shop", vec![known("a", "Hi?", &[]), known("a", "Ho?", &[])]),
        ("no words", "shop", vec![known("a", " ", &[])]),
        ("no inbox", "nowhere", vec![known("a", "Hi?", &[])]),
    ] {
        let inboxes = [InboxName::from(inbox)];
        assert!(node.desk.declare("bad", &inboxes, &questions, progress).await.is_err(), "{what}");
    }
    assert_eq!(node.desk.store.evidence().await.expect("evidence").len(), evidence.len());
}
