//! Restarts: what was acknowledged is still there, and is done once.

use crate::support::TestApp;

#[tokio::test]
async fn an_open_turn_is_answered_after_a_restart() {
    let mut app = TestApp::start().await;
    app.write("api", "anna", "m1", "How long do I have to return something?").await;
    app.restart().await;
    app.advance(2).await;
    assert_eq!(app.end("api", "m1").await["action"], "answer");
    app.restart().await;
    app.advance(600).await;
    assert_eq!(app.sent("api").await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_lost_or_damaged_index_is_built_anew() {
    let mut app = TestApp::start().await;
    let index = app.data().join("index");
    for damage in ["delete", "garble"] {
        match damage {
            "delete" => std::fs::remove_dir_all(&index).expect("deleting the index"),
            _ => {
                for file in std::fs::read_dir(&index).expect("the index") {
                    let path = file.expect("an entry").path();
                    if path.is_file() {
                        std::fs::write(path, b"garbage").expect("garbling the index");
                    }
                }
            }
        }
        app.restart().await;
        app.write("api", damage, damage, "How long do I have to return something?").await;
        app.advance(2).await;
        assert_eq!(app.end("api", damage).await["action"], "answer", "{damage}");
    }
    app.finish().await;
}
