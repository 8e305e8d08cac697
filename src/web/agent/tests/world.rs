//! A desk in a folder of its own, asked without a network.

use crate::clock::Clock;
use crate::config::Config;
use crate::config::{Embedding, Screen};
use crate::conversation::{
    Action, AgentId, Attachment, AttachmentId, Basis, ChannelKind, Citation, Conclusion,
    ConversationId, Draft, Event, Gate, Inbound, Inbox, InboxName, Mode, Priority, Reason, Sent,
    Summary, Tone, Turn, Writer,
};
use crate::desk::{Candidate, Desk, Finder, Intake, Record, Stages};
use crate::knowledge::{EntryId, FieldScores, Rankers, Risk};
use crate::lang::Lang;
use crate::search::Search;
use crate::store::{Agent, Claimed, Role, Store, StoredAttachment, TurnRead};
use crate::token;
use crate::triage;
use crate::web::{Web, router};
use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

/// The draft of every drafted conversation, and how a browser sends it.
const DRAFT: &str = "Hello!\n\nYou can return it within 30 days, see https://shop.example/returns.";
pub(in crate::web) const DRAFT_AS_SENT: &str = "Hello%21%0D%0A%0D%0AYou+can+return+it+within+30+days%2C+see+https%3A%2F%2Fshop.example%2Freturns.";

/// What came back.
pub(in crate::web) struct Answer {
    pub(in crate::web) status: StatusCode,
    pub(in crate::web) headers: HeaderMap,
    pub(in crate::web) location: String,
    pub(in crate::web) set_cookie: String,
    pub(in crate::web) body: String,
}

impl Answer {
    /// The cookie to send from now on.
    pub(in crate::web) fn cookie(&self) -> String {
        self.set_cookie.split(';').next().unwrap_or_default().to_owned()
    }
}

pub(in crate::web) struct World {
    pub(in crate::web) desk: Arc<Desk>,
    pub(in crate::web) router: Router,
    pub(in crate::web) folder: TempDir,
    /// Held so that nothing thinks the server stops.
    _stop: watch::Sender<bool>,
}

impl World {
    pub(in crate::web) async fn new() -> Self {
        Self::at(Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap())).await
    }

    pub(in crate::web) async fn at(clock: Clock) -> Self {
        Self::with(clock, 0).await
    }

    /// A desk where what is sent may be taken back for so long.
    pub(in crate::web) async fn with(clock: Clock, undo_seconds: u32) -> Self {
        let config =
            Config { desk: Screen { undo_seconds, ..Screen::default() }, ..Config::default() };
        Self::of(config, clock, "http://desk.example").await
    }

    /// A desk with settings of its own, which people reach at an address.
    pub(in crate::web) async fn of(config: Config, clock: Clock, public_url: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("sureply.db").display());
        let store = Store::open(&url).await.unwrap();
        let search =
            Arc::new(Search::open(&folder.path().join("index"), &Embedding::default()).unwrap());
        let config = Arc::new(config);
        let desk = Arc::new(Desk::open(store, search, config, clock).unwrap());
        desk.store.license(&inbox().name).await;
        let (stop, stopping) = watch::channel(false);
        let (intake, _) = Intake::start(Arc::clone(&desk));
        let web = Web {
            finder: Finder::open(desk.store.clone(), &folder.path().join("messages")).unwrap(),
            desk: Arc::clone(&desk),
            intake,
            attachments: folder.path().to_owned(),
            signing_key: b"key".to_vec(),
            public_url: public_url.to_owned(),
            stopping,
            programs: crate::web::Programs::default(),
            counts: crate::web::Counts::default(),
            throttle: crate::web::Throttle::default(),
            streams: crate::web::Streams::default(),
        };
        Self { desk, router: router(Arc::new(web)), folder, _stop: stop }
    }

    pub(in crate::web) fn now(&self) -> DateTime<Utc> {
        self.desk.clock.now()
    }

    /// Makes the first admin; returns their cookie.
    pub(in crate::web) async fn admin(&self) -> String {
        let token = crate::web::setup_link(&self.desk.store, self.now()).await.unwrap().unwrap();
        let form = "name=Ada&email=ada%40shop.example&password=correct+horse";
        self.post(&format!("/join/{token}"), "", form).await.cookie()
    }

    /// Somebody in a role who is logged in; their cookie. Their password is not to be used.
    pub(in crate::web) async fn person(&self, role: Role) -> String {
        let (id, token) = (AgentId::fresh(), token::fresh());
        let (email, name) = (format!("{id}@shop.example"), format!("The {role}"));
        let agent = Agent { id, email, name, role, left_at: None };
        let (store, now) = (&self.desk.store, self.now());
        store.invite(&token, None, role, now).await.unwrap();
        assert!(store.accept_invitation(&token, &agent, "no hash", now).await.unwrap());
        assert!(
            store.begin_session(&token::hash(&token), &agent.id, "no hash", now).await.unwrap()
        );
        format!("sureply={token}")
    }

    pub(in crate::web) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send("GET", path, &[("accept", "text/html"), ("cookie", cookie)], "").await
    }

    pub(in crate::web) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let headers =
            [("accept", "text/html"), ("cookie", cookie), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, form).await
    }

    /// Posts as somebody whom a proxy on this machine serves.
    pub(in crate::web) async fn post_from(&self, address: &str, path: &str, form: &str) -> Answer {
        let headers = [("x-forwarded-for", address), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, form).await
    }

    pub(in crate::web) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        form: &str,
    ) -> Answer {
        let response = self.answer(method, path, headers, form).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = |name| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (location, set_cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let bytes = to_bytes(response.into_body(), 4 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, headers, location, set_cookie, body }
    }

    /// The answer, its body unread; a body is a form unless the headers say otherwise.
    pub(in crate::web) async fn answer(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4_711))))
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Opens a stream and leaves it open.
    pub(in crate::web) async fn listen(&self, path: &str, cookie: &str) -> BodyDataStream {
        let request = Request::builder().uri(path).header("cookie", cookie).body(Body::empty());
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream()
    }

    /// Stores a file that a customer has sent; returns its identifier.
    pub(in crate::web) async fn file(&self, name: &str, media_type: &str, bytes: &[u8]) -> String {
        let conversation = ConversationId::from(self.write("sender", "see the file").await);
        let conversation = self.desk.store.conversation(&conversation).await.unwrap();
        let file = StoredAttachment {
            id: AttachmentId::fresh(),
            inbox: conversation.inbox,
            contact_id: conversation.contact_id,
            conversation_id: None,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: i64::try_from(bytes.len()).unwrap(),
        };
        std::fs::write(self.folder.path().join(file.id.as_str()), bytes).unwrap();
        self.desk.store.add_attachment(&file, self.now()).await.unwrap();
        file.id.to_string()
    }

    /// Stores a customer's message under an identity.
    pub(in crate::web) async fn write(&self, identity: &str, body: &str) -> String {
        self.write_with(identity, body, Vec::new()).await
    }

    /// The same with files.
    pub(in crate::web) async fn write_with(
        &self,
        identity: &str,
        body: &str,
        attachments: Vec<Attachment>,
    ) -> String {
        let inbound = Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: inbox(),
            identity: identity.to_owned(),
            name: None,
            email: None,
            external_id: None,
            body: body.to_owned(),
            attachments,
            sent_at: self.now(),
        };
        let received = self.desk.store.receive(&[inbound], self.now()).await.unwrap();
        received[0].conversation_id.to_string()
    }

    /// A conversation in which a draft waits for approval; returns its identifier.
    pub(in crate::web) async fn drafted(&self, question: &str) -> String {
        let id = self.write(question, question).await;
        self.conclude(|turn| conclusion(turn, Action::Draft)).await;
        id
    }

    /// Concludes every due turn.
    pub(in crate::web) async fn conclude(&self, conclusion: impl Fn(&Turn) -> Conclusion) {
        let due = self.now() + TimeDelta::minutes(1);
        let claims: Vec<Claimed> =
            self.desk.store.claim_turns(100, due, due + TimeDelta::minutes(1)).await.unwrap();
        for claimed in claims {
            let read = self.desk.store.turn(&claimed, |_| Some(inbox())).await.unwrap();
            let TurnRead::Open(turn) = read else { panic!("the turn is not open: {read:?}") };
            let concluded = conclusion(&turn);
            self.desk.store.conclude(&claimed, &turn, &concluded, self.now()).await.unwrap();
        }
    }

    /// Attempts every due delivery and loses the line over each.
    pub(in crate::web) async fn lose_deliveries(&self) {
        let (now, unknown) = (self.now(), Sent::Unknown("the line was cut".into()));
        let due = self.desk.store.claim_outbox(10, now, now + TimeDelta::minutes(1)).await.unwrap();
        assert!(!due.is_empty(), "nothing was due");
        for outgoing in due {
            assert!(self.desk.store.record_attempt(&outgoing, &unknown, now).await.unwrap());
        }
    }

    /// What became of a conversation's newest draft: its state and its verdict.
    pub(in crate::web) async fn verdict(&self, id: &str) -> (String, String) {
        let id = ConversationId::from(id);
        let draft = self.desk.store.find_last_draft(&id).await.unwrap().unwrap();
        (
            draft.state.to_string(),
            draft.verdict.map(|verdict| verdict.to_string()).unwrap_or_default(),
        )
    }
}

/// What stands between `mark` and the next quotation mark.
pub(in crate::web) fn after(page: &str, mark: &str) -> String {
    let start =
        page.find(mark).unwrap_or_else(|| panic!("{mark} is not on the page: {page}")) + mark.len();
    page[start..].split('"').next().unwrap_or_default().to_owned()
}

pub(in crate::web) fn inbox() -> Inbox {
    Inbox {
        name: InboxName::from("web"),
        channel: ChannelKind::Webchat,
        mode: Mode::Draft,
        lang: Lang::EN,
        quiet_seconds: 3,
        quiet_cap_seconds: 15,
        tone: Tone::default(),
        hides_personal: true,
        most_automatic: None,
        confirms_opt_out: false,
    }
}

/// A conclusion with everything a page shows.
pub(in crate::web) fn conclusion(turn: &Turn, action: Action) -> Conclusion {
    let citation = Citation {
        entry: EntryId::from("returns/deadline"),
        version: 3,
        excerpt: "You can return it within 30 days".into(),
        title: "How long can I return something?".into(),
    };
    let draft = Draft {
        text: DRAFT.to_owned(),
        citations: vec![citation],
        writer: Writer::Verbatim,
        lang: Lang::EN,
    };
    let draft = (action == Action::Draft).then_some(draft);
    let reasons = match action {
        Action::Draft => vec![Reason::NotSure, Reason::DraftMode],
        _ => vec![Reason::AccountSpecific],
    };
    let record = record(turn, action, &reasons, draft.clone());
    Conclusion {
        id: record.id.clone(),
        action,
        reasons,
        confidence: record.confidence,
        mode: Mode::Draft,
        draft,
        reply: None,
        event: Event::HandedOff,
        summary: Some(Summary {
            problem: turn.text(),
            tried: vec!["Found “How long can I return something?” (64 % of the question)".into()],
            missing: "The evidence does for a draft, not for an automatic answer.".into(),
            mood: "calm".into(),
        }),
        lang: Lang::EN,
        priority: Priority::Normal,
        topic: Some("returns".into()),
        basis: Some(Basis {
            risk: Risk::Standard,
            entry: None,
            features: serde_json::json!({}),
            eligible: true,
            share: 1.0,
            drawn: None,
        }),
        record: serde_json::to_value(&record).unwrap(),
    }
}

fn record(turn: &Turn, action: Action, reasons: &[Reason], draft: Option<Draft>) -> Record {
    let gate = |name: &str, passed, detail: &str| Gate {
        name: name.into(),
        passed,
        detail: detail.into(),
    };
    Record {
        id: crate::conversation::DecisionId::fresh(),
        turn_id: turn.id.clone(),
        conversation_id: turn.conversation.id.clone(),
        inbox: turn.inbox.name.clone(),
        mode: Mode::Draft,
        messages: Vec::new(),
        heard: Vec::new(),
        text_sha256: String::new(),
        action,
        licensed: Action::Answer,
        reasons: reasons.to_vec(),
        gates: vec![
            gate("Intent", true, "a question"),
            gate("Evidence", true, "best entry covers 64 %"),
            gate("Grounding", true, "every sentence is cited"),
            gate("Confidence", false, "0.72 of the 0.80 needed"),
        ],
        confidence: 0.72,
        threshold: Some(0.8),
        licence: None,
        is_eligible: false,
        model_version: None,
        audit_probability: None,
        moment: None,
        risk: Risk::Standard,
        triage: Some(triage::read(&turn.text(), Lang::EN, &[])),
        understood: Vec::new(),
        rewriting: None,
        asking: None,
        candidates: vec![Candidate {
            asked: turn.text(),
            entry: EntryId::from("returns/deadline"),
            version: 3,
            question: "How long can I return something?".into(),
            topic: "returns".into(),
            score: 12.4,
            rankers: Rankers { bm25: 0.62, words: Some(0.71), ..Rankers::default() },
            passage: Some("You can return it within <45> days".into()),
            fields: FieldScores { question: 7.0, ways: 3.1, title: 1.2, answer: 1.1 },
            matched: vec!["return".into(), "tent".into()],
            unmatched: vec!["how".into()],
            coverage: 0.64,
        }],
        draft,
        covered: Vec::new(),
        features: None,
        reputations: None,
        grounding: None,
        model: None,
        model_problem: None,
        knowledge_revision: 7,
        policy_version: "9f2c41".into(),
        stages: Stages { total: 3.2, ..Stages::default() },
    }
}
