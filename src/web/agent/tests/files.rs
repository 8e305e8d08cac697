//! Files and names that are out of the ordinary, and a conversation without end.

use super::world::{self, World};
use axum::http::StatusCode;

#[tokio::test]
async fn only_what_is_a_picture_by_its_bytes_is_shown_as_one() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let png = b"\x89PNG\r\n\x1a\nrest";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for (name, claimed, bytes, shown) in [
        ("a.png", "image/png", &png[..], true),
        ("a.txt", "text/plain", png, true),
        ("a.svg", "image/svg+xml", svg, false),
        ("b.png", "image/png", svg, false),
        ("a.pdf", "application/pdf", b"%PDF-1.7\n", false),
        ("a.html", "image/png", b"<html><script>alert(1)</script>", false),
    ] {
        let id = world.file(name, claimed, bytes).await;
        let answer = world.get(&format!("/attachments/{id}/picture"), &cookie).await;
        assert_eq!(
            answer.status,
            if shown { StatusCode::OK } else { StatusCode::NOT_FOUND },
            "{name}"
        );
        if shown {
            let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), "image/png");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(header("content-security-policy").contains("sandbox"));
            assert!(header("content-disposition").starts_with("inline; filename="));
        }
    }
}

#[tokio::test]
async fn a_name_without_end_is_cut_where_it_is_in_the_way() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let name = format!("{}<end>", "Ann ".repeat(7_500));
    let inbound = crate::conversation::Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: world::inbox(),
        identity: "ann".into(),
        name: Some(name.clone()),
        email: None,
        external_id: None,
        body: "Hello".into(),
        attachments: Vec::new(),
        sent_at: world.now(),
    };
    let received = world.desk.store.receive(&[inbound], world.now()).await.unwrap().remove(0);
    let page =
        world.get(&format!("/conversations/{}", received.conversation_id), &cookie).await.body;
    let title = page.split("<h1").nth(1).unwrap().split("</h1>").next().unwrap();
    assert!(title.len() < 1_500 && title.contains('…'), "{title}");
    assert!(page.contains("&#60;end&#62;"), "the contact's pane has it whole");
    let queue = world.get("/queue/all", &cookie).await.body;
    assert!(!queue.contains("&#60;end&#62;"), "a list has no room for it");
}

#[tokio::test]
async fn a_conversation_of_thousands_of_messages_opens_with_its_newest() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let mut id = String::new();
    for batch in 0..50 {
        let inbound = |n: i32| crate::conversation::Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: world::inbox(),
            identity: "ann".into(),
            name: None,
            email: None,
            external_id: None,
            body: format!("words {}", batch * 100 + n),
            attachments: Vec::new(),
            sent_at: world.now(),
        };
        let all: Vec<_> = (0..100).map(inbound).collect();
        id = world
            .desk
            .store
            .receive(&all, world.now())
            .await
            .unwrap()
            .remove(0)
            .conversation_id
            .to_string();
    }
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(
        page.contains("words 4999<")
            && page.contains("words 4900<")
            && !page.contains("words 4899<")
    );
    assert!(page.contains("before=4901"));
    let older = world.get(&format!("/conversations/{id}?before=4901"), &cookie).await.body;
    assert!(
        older.contains("words 4899<")
            && older.contains("words 4800<")
            && !older.contains("words 4900<")
    );
}
