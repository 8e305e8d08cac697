//! Trust over HTTP: the page, verdicts on automatic answers, learned wordings, rights.

use super::world::{World, after, conclusion};
use crate::conversation::{
    Action, Basis, Conclusion, ConversationId, DraftState, Event, InboxName, Mode, Reply, Source,
    Turn, Verdict,
};
use crate::knowledge::{ArticleId, EntryId, Risk, parse};
use crate::store::{Approval, Evidence, NewWording, Sending, StoredLicence};
use axum::http::StatusCode;
use serde_json::json;

/// Puts a licence of the inbox `web` in force.
async fn license(world: &World) {
    let now = world.now();
    let licence = StoredLicence {
        inbox: InboxName::from("web"),
        risk: Risk::Standard,
        threshold: Some(0.7),
        model_version: "test".into(),
        granted_at: Some(now),
        suspended_at: None,
        computed_at: now,
        body: json!({}),
    };
    world.desk.store.put_licences(&[licence], 1).await.unwrap();
}

/// An automatic answer that was drawn for the audit.
fn answer(turn: &Turn) -> Conclusion {
    let concluded = conclusion(turn, Action::Draft);
    let draft = concluded.draft.as_ref().expect("a draft");
    let reply = Reply {
        body: draft.text.clone(),
        citations: draft.citations.clone(),
        choices: Vec::new(),
        tells_handoff: false,
    };
    let basis = Basis {
        risk: Risk::Standard,
        entry: None,
        features: json!({ "coverage": 0.9 }),
        eligible: true,
        share: 0.05,
        drawn: Some(0.05),
    };
    Conclusion {
        action: Action::Answer,
        event: Event::BotReplied,
        mode: Mode::Auto,
        reply: Some(reply),
        basis: Some(basis),
        ..concluded
    }
}

/// A conversation with an automatic answer under audit.
pub(in crate::web) async fn audited(world: &World, question: &str) -> String {
    license(world).await;
    let id = world.write(question, question).await;
    world.conclude(answer).await;
    id
}

/// Somebody who works here in a role; their cookie.
async fn colleague(world: &World, admin: &str, role: &str) -> String {
    let form = format!("email=bo%40shop.example&role={role}");
    let invited = world.post("/people/invite", admin, &form).await;
    let link = after(&invited.body, "value=\"http://desk.example/join/");
    let form = "name=Bo&email=bo%40shop.example&password=battery+staple";
    world.post(&format!("/join/{link}"), "", form).await.cookie()
}

#[tokio::test]
async fn every_new_page_asks_for_a_login_and_every_act_for_our_own_pages() {
    let world = World::new().await;
    let admin = world.admin().await;
    for path in ["/trust", "/queue/audit"] {
        assert_eq!(world.get(path, "").await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for path in [
        "/conversations/1/audit",
        "/knowledge/wordings/1/forget",
        "/knowledge/wordings/1/restore",
        "/trust/sets/take-back",
    ] {
        assert_eq!(world.post(path, "", "").await.status, StatusCode::UNAUTHORIZED, "{path}");
        let headers = [("cookie", admin.as_str()), ("sec-fetch-site", "cross-site")];
        let foreign = world.send("POST", path, &headers, "").await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn agents_see_trust_and_find_what_to_do_where_there_is_no_evidence() {
    let world = World::new().await;
    let admin = world.admin().await;
    let agent = colleague(&world, &admin, "agent").await;
    for cookie in [&admin, &agent] {
        let page = world.get("/trust", cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        for words in
            ["Every answer waits for a person.", "There is no verdict yet", "sureply calibrate"]
        {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("style="), "the content security policy forbids inline style");
    }
    let empty = world.get("/queue/audit", &agent).await.body;
    assert!(empty.contains("No automatic answer waits for your verdict"), "{empty}");
}

#[tokio::test]
async fn only_admins_take_a_declared_set_back() {
    let world = World::new().await;
    let admin = world.admin().await;
    let agent = colleague(&world, &admin, "agent").await;
    let row = Evidence {
        source: Source::Declared,
        set_name: Some("spring".into()),
        case_name: Some("1".into()),
        inbox: None,
        decision_id: None,
        risk: Risk::Standard,
        eligible: true,
        wrong: false,
        probability: 1.0,
        share: 1.0,
        happened_at: world.now(),
        features: json!({}),
    };
    world.desk.store.put_set("spring", &[row], world.now()).await.unwrap();
    assert!(!world.get("/trust", &agent).await.body.contains("Take back"));
    assert!(world.get("/trust", &admin).await.body.contains("Take back"));
    let refused = world.post("/trust/sets/take-back", &agent, "set=spring").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(world.desk.store.evidence().await.unwrap().len(), 1);
    let taken = world.post("/trust/sets/take-back", &admin, "set=spring").await;
    assert_eq!(taken.location, "/trust?done=taken-back");
    assert!(world.desk.store.evidence().await.unwrap().is_empty());
    let again = world.post("/trust/sets/take-back", &admin, "set=spring").await;
    assert_eq!(again.location, "/trust?done=unchanged");
}

#[tokio::test]
async fn a_class_that_was_stopped_is_told_on_every_page() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for path in ["/trust", "/queue/all", "/people", "/knowledge", "/ask"] {
        let page = world.get(path, &cookie).await.body;
        assert!(!page.contains("Automatic answers have stopped"), "{path}");
    }
    license(&world).await;
    let web = InboxName::from("web");
    assert!(world.desk.store.suspend(&web, Risk::Standard, world.now()).await.unwrap());
    for path in ["/trust", "/queue/all", "/people", "/knowledge", "/ask"] {
        let page = world.get(path, &cookie).await.body;
        assert!(page.contains("Automatic answers have stopped"), "{path}");
        assert!(page.contains("href=\"/trust#web-standard\""), "{path}");
    }
}

#[tokio::test]
async fn a_verdict_on_an_automatic_answer_counts_once_and_opens_the_next() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let first = audited(&world, "How do I return a tent?").await;
    let second = audited(&world, "What about boots?").await;
    let queue = world.get("/queue/audit", &cookie).await.body;
    assert!(
        queue.contains("with a chance of 5 %")
            && queue.contains("Audit <span class=\"count waits\">2")
    );
    let here = after(&queue, "href=\"/conversations/").replace("&#38;", "&").replace("&amp;", "&");
    assert!(here.starts_with(&first), "what waits longest is first: {here}");
    let page = world.get(&format!("/conversations/{here}"), &cookie).await.body;
    for words in
        ["line bot audited", "Was it right to send this answer?", "How do I return a tent?"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let decision = after(&page, "name=\"audit\" value=\"");
    let act = format!("/conversations/{first}/audit");
    let none = world.post(&act, &cookie, &format!("audit={decision}")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form =
        format!("queue=audit&audit={decision}&verdict=wrong&reason=%3Cb%3E60+days%3C%2Fb%3E");
    let judged = world.post(&act, &cookie, &form).await;
    assert!(
        judged.location.starts_with(&format!("/conversations/{second}?queue=audit&audit=")),
        "{}",
        judged.location
    );
    assert!(judged.location.ends_with("&done=audited-wrong"));
    let next = world.get(&judged.location, &cookie).await.body;
    assert!(next.contains("Counted as wrong.") && next.contains("What about boots?"));
    let evidence = world.desk.store.evidence().await.unwrap();
    assert_eq!(evidence.iter().map(|row| row.wrong).collect::<Vec<_>>(), [true]);

    let again = world.post(&act, &cookie, &form).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("was given before"), "{}", again.body);
    assert!(
        again.body.contains("Audit, wrong: &#60;b&#62;60 days")
            || again.body.contains("Audit, wrong: &lt;b&gt;60 days"),
        "{}",
        again.body
    );
    assert!(!again.body.contains("<b>60 days"), "{}", again.body);
    assert_eq!(world.desk.store.evidence().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_verdict_is_about_an_answer_of_that_conversation() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let first = audited(&world, "How do I return a tent?").await;
    let other = audited(&world, "What about boots?").await;
    let page = world.get(&format!("/conversations/{first}?queue=audit"), &cookie).await.body;
    let decision = after(&page, "name=\"audit\" value=\"");
    for (conversation, decision) in [(&other, decision.as_str()), (&first, "nothing"), (&first, "")]
    {
        let form = format!("audit={decision}&verdict=right");
        let wrong =
            world.post(&format!("/conversations/{conversation}/audit"), &cookie, &form).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "{decision}");
    }
    assert!(world.desk.store.evidence().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_page_says_what_an_approval_counted_as() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for (text, done, words) in [
        (super::world::DRAFT_AS_SENT, "approved-right", "The draft counts as right."),
        ("Send+it+back+within+14+days.", "approved-wrong", "its facts changed"),
    ] {
        let id = world.drafted("How do I return a tent?").await;
        let page = world.get(&format!("/conversations/{id}"), &cookie).await;
        let draft = after(&page.body, "name=\"draft\" value=\"");
        let form = format!("queue=approval&draft={draft}&text={text}");
        let sent = world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
        assert!(sent.location.ends_with(&format!("done={done}")), "{}", sent.location);
        assert!(world.get(&sent.location, &cookie).await.body.contains(words));
    }
}

#[tokio::test]
async fn a_draft_is_refused_by_a_choice_words_or_both() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for (form, status) in [
        ("why=Out+of+date", StatusCode::SEE_OTHER),
        ("why=Out+of+date&reason=since+May", StatusCode::SEE_OTHER),
        ("reason=since+May", StatusCode::SEE_OTHER),
        ("reason=+", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let id = world.drafted(form).await;
        let page = world.get(&format!("/conversations/{id}"), &cookie).await;
        let draft = after(&page.body, "name=\"draft\" value=\"");
        let path = format!("/conversations/{id}/reject");
        let rejected = world.post(&path, &cookie, &format!("draft={draft}&{form}")).await;
        assert_eq!(rejected.status, status, "{form}");
    }
}

/// Teaches an entry a wording by approving a draft.
async fn teach(world: &World, words: &str) {
    let text = "---\nid: returns\nlang: en\ntitle: T\ntopic: returns\n---\n\n## How long? {#window}\n\n45 days.\n";
    let (article, _) = parse::markdown("returns.md", text.as_bytes());
    let source = [("returns.md".to_owned(), article.expect("an article"))];
    world.desk.store.sync_source("folder", &source, &[], world.now()).await.unwrap();
    let id = ConversationId::from(world.drafted("How do I return a tent?").await);
    let draft = world.desk.store.find_waiting_draft(&id).await.unwrap().unwrap();
    let learn = NewWording {
        entry: EntryId::from("returns/window"),
        article: ArticleId::from("returns"),
        words: words.to_owned(),
        likeness: words.to_owned(),
        most: 10,
    };
    let approval = Approval {
        draft: draft.id,
        text: draft.draft.text,
        files: Vec::new(),
        state: DraftState::Approved,
        verdict: Verdict::Right,
        learn: Some(learn),
        sending: Sending::AtOnce,
    };
    let agent = world.desk.store.agents().await.unwrap().remove(0).id;
    world.desk.store.approve(&id, &agent, &approval, world.now()).await.unwrap();
}

#[tokio::test]
async fn a_learned_wording_is_shown_apart_and_can_be_forgotten_and_brought_back() {
    let world = World::new().await;
    let admin = world.admin().await;
    let agent = colleague(&world, &admin, "curator").await;
    teach(&world, "<script>alert(1)</script> wie lange \u{202e}?").await;
    let page = world.get("/knowledge", &agent).await.body;
    assert!(!page.contains("<script>alert") && page.contains("⟨U+202E⟩"), "{page}");
    assert!(page.contains("1 learned") && page.contains("from an approved answer on"), "{page}");
    let forget = after(&page, "action=\"/knowledge/wordings/");
    let path = format!("/knowledge/wordings/{forget}");
    let form = "q=45+days%26x&page=1&open=returns%2Fwindow";
    let gone = world.post(&path, &agent, form).await;
    assert_eq!(
        gone.location,
        "/knowledge?q=45+days%26x&page=1&open=returns%2Fwindow&done=forgotten#open"
    );
    let page = world.get("/knowledge?open=returns%2Fwindow&done=forgotten", &agent).await.body;
    assert!(page.contains("The wording is forgotten.") && page.contains("Bring back"), "{page}");
    assert!(page.contains("open id=\"open\"") && !page.contains("1 learned"), "{page}");
    assert!(world.post(&path, &agent, "").await.location.contains("done=unchanged"));
    let back = path.replace("/forget", "/restore");
    assert!(world.post(&back, &admin, "").await.location.contains("done=remembered"));
    assert!(world.get("/knowledge", &agent).await.body.contains("1 learned"));
}

#[tokio::test]
async fn a_customer_marks_an_answer_of_their_own_chat_as_unhelpful() {
    let world = World::new().await;
    license(&world).await;
    let mut visitors = Vec::new();
    for text in ["How do I return a tent?", "What about boots?"] {
        let begun = world.send("POST", "/chat/web/session", &[], "").await;
        let begun: serde_json::Value = serde_json::from_str(&begun.body).unwrap();
        let bearer = format!("Bearer {}", begun["token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = json!({ "id": "1", "text": text }).to_string();
        let sent = world.send("POST", "/chat/web/messages", &headers, &body).await;
        let sent: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
        visitors.push((bearer, sent["conversation_id"].as_str().unwrap().to_owned()));
    }
    world.desk.clock.advance(chrono::TimeDelta::seconds(30));
    world
        .conclude(|turn| {
            let concluded = answer(turn);
            Conclusion {
                basis: concluded.basis.map(|basis| Basis { drawn: None, ..basis }),
                ..concluded
            }
        })
        .await;
    let store = &world.desk.store;
    assert_eq!(store.audits_waiting().await.unwrap(), 0);
    let messages =
        store.messages(&ConversationId::from(visitors[0].1.clone()), 99, 9).await.unwrap();
    let (question, answer) = (&messages[0].id, &messages[1].id);
    let mark = async |bearer: &str, message: &str| {
        let path = format!("/chat/web/messages/{message}/unhelpful");
        world.send("POST", &path, &[("authorization", bearer)], "").await.status
    };
    assert_eq!(mark("Bearer nobody", answer.as_str()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(mark(&visitors[1].0, answer.as_str()).await, StatusCode::NOT_FOUND);
    assert_eq!(mark(&visitors[0].0, question.as_str()).await, StatusCode::NOT_FOUND);
    assert_eq!(mark(&visitors[0].0, "nothing").await, StatusCode::NOT_FOUND);
    assert_eq!(store.audits_waiting().await.unwrap(), 0);
    for _ in 0..2 {
        assert_eq!(mark(&visitors[0].0, answer.as_str()).await, StatusCode::NO_CONTENT);
        assert_eq!(store.audits_waiting().await.unwrap(), 1);
    }
    let cookie = world.admin().await;
    let queue = world.get("/queue/audit", &cookie).await.body;
    assert!(queue.contains("The customer marked it as unhelpful."), "{queue}");
    assert!(!queue.contains("with a chance of"), "an alarm was not drawn: {queue}");
}
