//! The composer: a draft as the customer will see it, what an edit changes, and the sources in their articles.

use super::world::{World, after};
use crate::conversation::ConversationId;
use crate::knowledge::{Article, Audience, Entry, Publication, Risk};
use crate::lang::Lang;
use axum::http::StatusCode;

/// An article with one entry, which says this.
fn article(answer: &str) -> (String, Article) {
    let entry = Entry {
        id: "returns/deadline".into(),
        article: "returns".into(),
        version: 0,
        lang: Lang::EN,
        title: "Returns".into(),
        topic: "returns".into(),
        tags: Vec::new(),
        risk: Risk::Standard,
        audience: Audience::Public,
        valid_until: None,
        status: Publication::Published,
        question: "How long can I return something?".into(),
        ways: Vec::new(),
        learned: Vec::new(),
        answer: answer.into(),
    };
    let (id, lang, title) = ("returns".into(), Lang::EN, "Returns <b>".into());
    ("returns.md".into(), Article { id, lang, title, entries: vec![entry] })
}

#[tokio::test]
async fn a_draft_stands_there_as_the_customer_will_see_it_with_its_source() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    let shown = "You can return it within 30 days<a class=\"chip\" id=\"chip-1\" href=\"#source-1\">[1]</a>, see";
    assert!(page.contains(shown), "{page}");
    assert!(page.contains("id=\"source-1\""));
    let link = "/knowledge/articles/returns%2Fdeadline?version=3&#38;excerpt=You%20can%20return";
    assert!(page.contains(link) || page.contains(&link.replace("&#38;", "&amp;")), "{page}");
}

#[tokio::test]
async fn an_edit_is_told_while_it_is_written_and_after_it_was_sent() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    let draft = after(&page, "name=\"draft\" value=\"");
    let words = "Hello!%0A%0AYou+can+return+it+within+**50**+days%2C+see+https%3A%2F%2Fshop.example%2Freturns.";
    let form = format!("draft={draft}&text={words}");
    let told = world.post(&format!("/conversations/{id}/compare"), &cookie, &form).await.body;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["html"].as_str().unwrap().contains("<strong>50</strong>"), "{told}");
    let changes = told["changes"].as_str().unwrap();
    assert!(changes.contains("<del>30</del>") && changes.contains("50"), "{changes}");
    assert_eq!(told["facts_changed"], true);
    let long = format!("draft={draft}&text={}", "x".repeat(20_001));
    let refused = world.post(&format!("/conversations/{id}/compare"), &cookie, &long).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains("Edited by Ada: show what changed"), "{page}");
    assert!(page.contains("<del>30</del>"));
    let id = ConversationId::from(id.as_str());
    assert_eq!(world.desk.store.edits(&id, 0, 100).await.unwrap().len(), 1);
    assert_eq!(world.desk.store.edits(&id, 0, 1).await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_was_sent_as_it_was_or_written_anew_counts_as_no_edit() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    let draft = after(&page, "name=\"draft\" value=\"");
    let form = format!("draft={draft}&text={}", super::world::DRAFT_AS_SENT);
    world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
    world.post(&format!("/conversations/{id}/reply"), &cookie, "text=Bye").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains("Bye") && !page.contains("show what changed"));
}

#[tokio::test]
async fn a_cited_excerpt_is_shown_in_its_article_as_that_stood_then() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for answer in ["You can return it within **30 days**.\n\nFor free <i>.", "Within 45 days."] {
        let articles = [article(answer)];
        world.desk.store.add_articles("files", &articles, world.now()).await.unwrap();
    }
    let get = async |query: &str| world.get(&format!("/knowledge/articles/{query}"), &cookie).await;
    let then =
        get("returns%2Fdeadline?version=1&excerpt=You+can+return+it+within+**30+days**").await.body;
    assert!(then.contains("<mark class=\"cited\">You can return it within </mark>"), "{then}");
    assert!(then.contains("<strong><mark class=\"cited\">30 days</mark></strong>"));
    assert!(then.contains("This is an older version") && then.contains("Returns &#60;b&#62;"));
    assert!(!then.contains("<i>"));
    let newest = get("returns?excerpt=within+30+days").await.body;
    assert!(newest.contains("Within 45 days") && newest.contains("do not stand in this version"));
    world.desk.store.take_down_source("files", world.now()).await.unwrap();
    assert!(get("returns").await.body.contains("was taken down"));
    for query in ["other", "returns?version=3", "returns?version=0", "returns%2F"] {
        let status = get(query).await.status;
        let expected = if query.ends_with("%2F") { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected, "{query}");
    }
}
