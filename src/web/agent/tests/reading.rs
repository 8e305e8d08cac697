//! How what was written and decided reads on the pages.

use super::world::{World, conclusion};
use crate::conversation::{Action, Conclusion, Reason, Turn};
use crate::store::Role;

fn marked(turn: &Turn) -> Conclusion {
    let mut made = conclusion(turn, Action::Draft);
    made.reasons.insert(0, Reason::WithPerson);
    if let Some(draft) = &mut made.draft {
        draft.text = "It is **free** and\n\n- quick".into();
        draft.citations[0].excerpt = "- *Returns* are **free**".into();
    }
    made
}

#[tokio::test]
async fn what_waits_does_not_say_that_somebody_has_it() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.write("anna", "How do I return a tent?").await;
    world.conclude(marked).await;
    let page = world.get("/queue/approval", &admin).await.body;
    assert!(page.contains("The evidence does for a draft"), "{page}");
    assert!(!page.contains("A person already has"), "{page}");
}

#[tokio::test]
async fn a_viewer_reads_a_draft_and_its_sources_as_the_customer_would() {
    let world = World::new().await;
    world.admin().await;
    let viewer = world.person(Role::Viewer).await;
    let id = world.write("anna", "How do I return a tent?").await;
    world.conclude(marked).await;
    let page = world.get(&format!("/conversations/{id}"), &viewer).await.body;
    for shown in ["It is <strong>free</strong>", "<li>quick", "<em>Returns</em> are <strong>free"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("**"), "{page}");
}

#[tokio::test]
async fn a_wide_table_is_a_place_of_its_own_that_the_keyboard_reaches() {
    let world = World::new().await;
    let admin = world.admin().await;
    for path in ["/people", "/people/log", "/account"] {
        let page = world.get(path, &admin).await.body;
        let table = page.split("class=\"table-scroll\" role=\"region\" tabindex=\"0\"").nth(1);
        let table = table.unwrap_or_else(|| panic!("no table on {path}: {page}"));
        assert!(table.contains("<th scope=\"col\">"), "{path}: {table}");
    }
}
