//! What a model wrote for the agent, on the agent's screen.

use super::world::{World, conclusion};
use crate::conversation::{Action, ConversationId};
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
