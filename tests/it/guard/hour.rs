//! An hour without the model, in moved time: nothing is lost, and the endpoint is left in peace.

use crate::support::{FakeModel, Says, TestApp};

const QUESTION: &str = "How long do I have to return something?";
/// How far the clock is moved at a time, in seconds.
const STEP: i64 = 5;
/// Every so many steps a customer writes.
const WRITES: i64 = 6;

#[tokio::test]
async fn an_hour_of_failure_loses_nothing_and_asks_little() {
    let model = FakeModel::start(Says::Status(503)).await;
    let app = TestApp::start_with(&model.section()).await;
    let (mut written, mut asked) = (Vec::new(), Vec::new());
    for step in 0..3_600 / STEP {
        if step % WRITES == 0 {
            let id = format!("m-{step}");
            app.write("api", &id, &id, QUESTION).await;
            written.push(id);
        }
        app.advance(STEP).await;
        asked.push(model.asked().len());
    }
    let opens = asked.iter().scan(0, |sum, now| {
        *sum += now;
        Some(*sum)
    });
    let opened = opens.clone().position(|sum| sum >= 5).expect("it fails five times");
    assert_eq!(opens.clone().nth(opened), Some(5), "it opens within five failures");
    let probes = &asked[opened + 1..];
    assert!(probes.iter().all(|now| *now <= 1), "one probe in five seconds at most: {probes:?}");
    assert!(probes.iter().sum::<usize>() > 10, "it is tried again now and then");
    for id in &written {
        let end = app.end("api", id).await;
        assert_eq!(end["action"], "answer", "{id} gets the approved words: {end}");
    }
    assert_eq!(app.sent("api").await.len(), written.len(), "each got one reply");

    model.says(Says::NotAnswerable);
    app.advance(STEP).await;
    app.write("api", "after", "after", QUESTION).await;
    app.advance(STEP).await;
    assert_eq!(app.end("api", "after").await["action"], "draft", "its word counts again");
    app.finish().await;
}
