//! Search: what was said is found the moment it was said, and sifted.

use super::world::World;
use axum::http::StatusCode;

#[tokio::test]
async fn a_conversation_is_found_by_what_was_said_in_it() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let tent = world.drafted("How do I return a tent?").await;
    let boat = world.write("boat", "Where is my <b>blue</b> boat?").await;
    world.post(&format!("/conversations/{boat}/note"), &cookie, "text=Ask+the+harbour").await;
    for (query, found) in [
        ("q=tent", vec![&tent]),
        ("q=BLUE+boa", vec![&boat]),
        ("q=harbour", vec![&boat]),
        ("q=tent+boat", vec![]),
        ("q=%22%28%5B%2A&status=", vec![]),
        ("status=waiting", vec![&tent]),
        ("q=boat&status=waiting", vec![]),
        ("inbox=web", vec![&tent, &boat]),
        ("inbox=post", vec![]),
        ("lang=xx", vec![]),
        ("from=2026-03-04&to=2026-03-04", vec![&tent, &boat]),
        ("to=2026-03-03", vec![]),
        ("from=2026-03-05", vec![]),
        ("from=someday&q=tent", vec![&tent]),
        ("agent=nobody", vec![]),
        ("topic=returns", vec![&tent]),
        ("", vec![]),
    ] {
        let page = world.get(&format!("/search?{query}"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        for id in [&tent, &boat] {
            let is_there = page.body.contains(&format!("row-{id}"));
            assert_eq!(is_there, found.contains(&id), "{query}: {}", page.body);
        }
    }
    let page = world.get("/search?q=blue", &cookie).await.body;
    assert!(page.contains("<mark>blue</mark>") && !page.contains("<b>blue</b>"), "{page}");
}

#[tokio::test]
async fn what_is_found_has_pages() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for number in 0..51 {
        world.write(&format!("c{number}"), "Is it waterproof?").await;
    }
    let page = world.get("/search?q=waterproof&inbox=web", &cookie).await.body;
    assert_eq!(page.matches("id=\"row-").count(), 50);
    assert!(page.contains("/search?q=waterproof&#38;inbox=web&#38;page=2"), "{page}");
    let page = world.get("/search?q=waterproof&page=2", &cookie).await.body;
    assert_eq!(page.matches("id=\"row-").count(), 1);
}
