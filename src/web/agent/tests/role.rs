//! What each role sees: no button that it may not use, and in words why it may not.

use super::world::{World, after};
use crate::store::Role;
use axum::http::StatusCode;

/// What shows whether somebody may do something: a page, a mark on it, and the least role.
const BUTTONS: &[(&str, &str, Role)] = &[
    ("/queue/approval", "href=\"/ask\"", Role::Curator),
    ("/queue/approval", "approve the draft and send it", Role::Agent),
    ("/people", "action=\"/people/invite\"", Role::Admin),
    ("CONVERSATION", "/take\"", Role::Agent),
    ("CONVERSATION", "/approve\"", Role::Agent),
    ("CONVERSATION", "/reject\"", Role::Agent),
    ("CONVERSATION", "/note\"", Role::Agent),
    ("CONVERSATION", "/snooze\"", Role::Agent),
    ("CONVERSATION", "within 30 days", Role::Viewer),
    ("CONVERSATION", "Log out", Role::Viewer),
];

#[tokio::test]
async fn a_page_has_no_button_that_its_reader_may_not_use() {
    let world = World::new().await;
    let id = world.drafted("How do I return a tent?").await;
    for role in Role::ALL {
        let cookie = world.person(*role).await;
        for (page, mark, least) in BUTTONS {
            let path = page.replace("CONVERSATION", &format!("/conversations/{id}"));
            let shown = world.get(&path, &cookie).await;
            assert_eq!(shown.status, StatusCode::OK, "{role} {path}");
            assert_eq!(shown.body.contains(mark), role >= least, "{role} {path} {mark}");
        }
    }
}

#[tokio::test]
async fn whoever_lacks_a_role_is_told_which_and_whom_to_ask() {
    let world = World::new().await;
    world.admin().await;
    let agent = world.person(Role::Agent).await;
    let page = world.get("/ask", &agent).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let words =
        "This needs the role curator, and yours is agent; ask one of the admins (Ada) to do it";
    assert!(page.body.contains(words), "{}", page.body);
    let headers = [("cookie", agent.as_str()), ("sec-fetch-site", "same-origin")];
    let problem = world.send("POST", "/people/invite", &headers, "role=admin").await;
    assert_eq!(problem.status, StatusCode::FORBIDDEN);
    assert!(problem.body.contains("the role admin"), "{}", problem.body);
}

#[tokio::test]
async fn an_invitation_gives_any_role() {
    let world = World::new().await;
    let admin = world.admin().await;
    for role in Role::ALL {
        let invited = world.post("/people/invite", &admin, &format!("email=&role={role}")).await;
        let link = after(&invited.body, "value=\"http://desk.example/join/");
        let form = format!("name=Bo&email={role}%40shop.example&password=battery+staple");
        let page = world.get(&format!("/join/{link}"), "").await.body;
        assert!(page.contains(&format!("<strong>{role}</strong>")), "{page}");
        world.post(&format!("/join/{link}"), "", &form).await;
        let found = world.desk.store.find_agent(&format!("{role}@shop.example")).await.unwrap();
        assert_eq!(found.map(|(agent, _)| agent.role), Some(*role));
    }
    let odd = world.post("/people/invite", &admin, "email=&role=owner").await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_address_fills_a_question_in_and_only_our_own_page_asks_it() {
    let world = World::new().await;
    let cookie = world.person(Role::Curator).await;
    let filled = world.get("/ask?q=When+are+you+open%3F", &cookie).await;
    assert!(filled.body.contains("When are you open?"), "{}", filled.body);
    assert!(!filled.body.contains("ask-answer"), "nothing was asked");
    let asked = world.post("/ask", &cookie, "q=When+are+you+open%3F").await;
    assert!(asked.body.contains("ask-answer"), "{}", asked.body);
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    let foreign = world.send("POST", "/ask", &headers, "q=When+are+you+open%3F").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}
