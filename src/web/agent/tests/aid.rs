//! What a model wrote for the agent, on the agent's screen.

use super::super::list::said_reason;
use super::super::summary;
use super::world::{World, conclusion, inbox};
use crate::conversation::{Action, ConversationId};
use crate::desk::bare_turn;
use crate::web::words::{Tongue, speaking};
use serde_json::json;

#[tokio::test]
async fn what_a_model_wrote_is_marked_as_unverified_and_made_visible() {
    let world = World::new().await;
    let admin = world.admin().await;
    let id = world.write("anna", "Where is my tent?").await;
    world.conclude(|turn| conclusion(turn, Action::Escalate)).await;
    let page = world.get(&format!("/conversations/{id}"), &admin).await.body;
    assert!(!page.contains("unverified"), "there is nothing yet");

    let told = world
        .desk
        .store
        .find_last_decision(&ConversationId::from(id.as_str()))
        .await
        .unwrap()
        .unwrap();
    let decision = told.record["id"].as_str().unwrap().into();
    let body = json!({
        "summary": {
            "problem": "They want <b>the tent</b>.", "tried": ["Asked \u{202e}twice"],
            "missing": "The order number.", "mood": "calm",
        },
        "suggestion": { "text": "It comes in 3 days.", "undocumented": ["3"] },
        "used": [],
    });
    world.desk.store.put_aid(&decision, &body, world.now()).await.unwrap();
    let page = world.get(&format!("/conversations/{id}"), &admin).await.body;
    assert_eq!(page.matches("unverified").count(), 2, "{page}");
    for shown in
        ["It comes in 3 days.", "The order number.", "No article says:", "&#60;b&#62;the tent"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains('\u{202e}'));
    assert!(!page.contains("value=\"It comes"), "the composer stays empty");
}

#[tokio::test]
async fn a_decision_is_told_in_the_agents_language_whatever_its_record_says() {
    let world = World::new().await;
    let admin = world.admin().await;
    let headers = [
        ("accept", "text/html"),
        ("cookie", admin.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("accept-language", "de"),
    ];
    let page = world.send("POST", "/ask", &headers, "q=How+do+I+return+a+tent%3F").await.body;
    for shown in ["Bot ist am Zug", "Eindeutig", "1 Frage", "es wurde nicht nachgefragt"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let gates = page.split("<ol class=\"gates\">").nth(1).unwrap().split("</ol>").next().unwrap();
    for english in [" of ", "none", "nothing", "questions", "likely", "characters", "needed"] {
        assert!(!gates.contains(english), "{english}: {gates}");
    }
}

#[tokio::test]
async fn a_summary_is_told_in_the_agents_language_as_the_desk_made_it() {
    let world = World::new().await;
    let turn = bare_turn("How do I return a tent?", inbox(), world.now());
    let summary = world.desk.consider(&turn).await.unwrap().conclusion.summary.unwrap();
    let told = speaking(Tongue::De, async { summary::told(&summary, said_reason) }).await;
    assert_eq!(told.tried, ["Das Wissen durchsucht und nichts gefunden"]);
    assert_eq!(told.missing, "Das Wissen enthält nichts dazu.");
    assert_eq!(told.mood, "ruhig");
}
