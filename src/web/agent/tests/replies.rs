//! Saved replies: who may write which, what is filled in, and what stops the sending.

use super::world::World;
use crate::store::Role;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The replies that are offered in a conversation.
async fn offered(world: &World, cookie: &str, id: &str, sought: &str) -> Value {
    let answer = world.get(&format!("/conversations/{id}/replies?q={sought}"), cookie).await;
    serde_json::from_str::<Value>(&answer.body).unwrap()["replies"].clone()
}

/// The identifier of the first reply that the page lets one change.
fn first(page: &str) -> String {
    let start = page.find("id=\"reply-").unwrap() + "id=\"reply-".len();
    page[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_reply_is_filled_in_for_the_conversation() {
    let world = World::new().await;
    let ada = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let form = "title=Greeting&shortcut=%2FHi&lang=en&body=Hello+%7B%7Bcontact.name%7D%7D%2C+%7B%7Bagent.name%7D%7D+of+%7B%7Bbusiness%7D%7D";
    assert_eq!(world.post("/replies", &ada, form).await.status, StatusCode::SEE_OTHER);
    let replies = offered(&world, &ada, &id, "hi").await;
    let business = &world.desk.config.business.name;
    let text = format!("Hello {{{{contact.name}}}}, Ada of {business}");
    assert_eq!(
        replies,
        json!([{ "title": "Greeting", "shortcut": "hi", "lang": "en", "text": text }])
    );
    assert_eq!(offered(&world, &ada, &id, "nothing").await, json!([]));
    let page = world.get("/replies", &ada).await.body;
    assert!(page.contains("Greeting") && page.contains("/hi"), "{page}");
}

#[tokio::test]
async fn what_is_not_filled_in_is_not_sent_and_not_lost() {
    let world = World::new().await;
    let ada = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let path = format!("/conversations/{id}");
    let refused =
        world.post(&format!("{path}/reply"), &ada, "text=Dear+%7B%7Bcontact.name%7D%7D").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("still to be filled in")
            && refused.body.contains("Dear {{contact.name}}")
    );
    assert!(
        refused.body.contains("<mark class=\"open\">{{contact.name}}</mark>"),
        "{}",
        refused.body
    );
    let draft = super::world::after(&world.get(&path, &ada).await.body, "name=\"draft\" value=\"");
    let form = format!("draft={draft}&text=30+days%2C+%7B%7Bname%7D%7D");
    let refused = world.post(&format!("{path}/approve"), &ada, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"panel-draft\" checked"), "{}", refused.body);
    assert_eq!(world.verdict(&id).await, ("proposed".into(), String::new()));
    let note = world.post(&format!("{path}/note"), &ada, "text=%7B%7Bname%7D%7D").await;
    assert_eq!(note.status, StatusCode::SEE_OTHER, "the team may read braces");
}

#[tokio::test]
async fn everybodys_replies_are_the_curators_and_own_ones_are_nobody_elses() {
    let world = World::new().await;
    let curator = world.person(Role::Curator).await;
    let (agent, other) = (world.person(Role::Agent).await, world.person(Role::Agent).await);
    let shared = "title=Shared&body=Hello&shared=yes";
    assert_eq!(world.post("/replies", &agent, shared).await.status, StatusCode::FORBIDDEN);
    world.post("/replies", &curator, shared).await;
    let page = world.get("/replies", &agent).await.body;
    let id = first(&page);
    assert!(page.contains("everybody’s") && !page.contains(&format!("action=\"/replies/{id}\"")));
    for (path, form) in [(format!("/replies/{id}"), shared), (format!("/replies/{id}/remove"), "")]
    {
        assert_eq!(world.post(&path, &agent, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    world.post("/replies", &agent, "title=Aardvark&body=Mine").await;
    let own = first(&world.get("/replies", &agent).await.body);
    assert!(!world.get("/replies", &other).await.body.contains("Aardvark"));
    let changed = world.post(&format!("/replies/{own}"), &other, "title=x&body=x").await;
    assert_eq!(changed.status, StatusCode::NOT_FOUND);
    let removed = world.post(&format!("/replies/{own}/remove"), &agent, "").await;
    let page = world.get(&removed.location, &agent).await.body;
    assert!(page.contains("is put away") && page.contains(&format!("/replies/{own}/restore")));
    world.post(&format!("/replies/{own}/restore"), &agent, "").await;
    assert_eq!(first(&world.get("/replies", &agent).await.body), own);
}

#[tokio::test]
async fn a_reply_that_does_not_fit_is_kept_and_said_why() {
    let world = World::new().await;
    let ada = world.admin().await;
    world.post("/replies", &ada, "title=One&body=x&shortcut=one").await;
    for (form, problem) in [
        ("title=&body=words+here", "a title"),
        ("title=a&body=", "Write the words"),
        ("title=a&body=words+here&lang=english", "two letters"),
        ("title=a&body=words+here&shortcut=a+b", "without the slash"),
        ("title=a&body=words+here&shortcut=one", "has this shortcut"),
        (
            "title=a&body=words+here+%7B%7Bcontact.nmae%7D%7D+%7B%7Bbusiness%7D%7D",
            "no variable {{contact.nmae}}. Those that exist: {{contact.name}}, ",
        ),
    ] {
        let refused = world.post("/replies", &ada, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.body.contains(problem), "{form}: {}", refused.body);
        assert_eq!(refused.body.contains("words here"), form.contains("words"), "{form}");
    }
}
