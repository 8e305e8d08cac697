//! A server that speaks the model's protocol and that nobody here wrote; tried where `TEST_AIMOCK` names
//! its program.

use crate::support::{Program, TestApp, Visitor};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const QUESTION: &str = "How long do I have to return something?";

/// The server, ended with the test.
struct Peer {
    child: Child,
    port: u16,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn start(program: &str, fixtures: &Value) -> (Peer, tempfile::TempDir) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("fixtures.json");
    std::fs::write(file, fixtures.to_string()).expect("they are written");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = port.local_addr().expect("an address").port();
    let child = Command::new(program)
        .args(["--host", "127.0.0.1", "--port", &port.to_string(), "--strict", "--fixtures"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "the server does not listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (Peer { child, port }, folder)
}

#[tokio::test]
async fn a_server_that_nobody_here_wrote_is_understood() {
    let Some(program) = std::env::var_os("TEST_AIMOCK") else {
        eprintln!("left out: TEST_AIMOCK names no program");
        return;
    };
    let excerpt = "You can return unused items within **45 days** of delivery";
    let said = json!({
        "answerable": true, "answer": "You can return unused items within 45 days of delivery.",
        "citations": [{ "entry": "returns/window", "excerpt": excerpt }],
        "questions_covered": [1], "language": "en",
    });
    let fixture = json!({
        "match": { "userMessage": "How long do I have to return" },
        "response": { "content": said.to_string() },
    });
    let (peer, _folder) =
        start(&program.to_string_lossy(), &json!({ "fixtures": [fixture] })).await;
    let settings = format!(
        "[model]\nbase_url = 'http://127.0.0.1:{}/v1'\nname = 'gpt-4o-mini'\napi_key = 'any'\n\
         price_in = 0.15\nprice_out = 0.6\n",
        peer.port
    );
    let asking = Program::with(&settings).await;
    let printed = asking.run(&["ask", QUESTION, "--json"]).await;
    let record: Value = serde_json::from_str(&printed).expect("a record");
    let used = &record["model"];
    assert_eq!(record["model_problem"], Value::Null, "{record}");
    assert_eq!(record["draft"]["text"], said["answer"], "{record}");
    assert_eq!(record["draft"]["citations"][0]["excerpt"], excerpt);
    assert!(
        used["tokens_in"].as_u64() > Some(100) && used["tokens_out"].as_u64() > Some(5),
        "{used}"
    );
    assert!(used["cost_micros"].as_u64() > Some(0), "{used}");
    for stage in ["triage", "retrieve", "draft", "judge", "total"] {
        assert!(record["stages"][stage].is_f64(), "{stage}: {record}");
    }
    let arguments = ["simulate", "tests/eval/en.jsonl", "--limit", "5", "--rate", "20", "--json"];
    let played = Program::with(&format!(
        "{settings}\n[[inbox]]\nname = 'api'\nchannel = 'api'\nquiet_seconds = 0\n"
    ))
    .await
    .run(&arguments)
    .await;
    let tally: Value = serde_json::from_str(&played).expect("a tally");
    assert_eq!(
        (&tally["sent"], &tally["lost"], &tally["double"]),
        (&json!(5), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn a_voice_note_is_heard_by_a_server_that_nobody_here_wrote() {
    let Some(program) = std::env::var_os("TEST_AIMOCK") else {
        eprintln!("left out: TEST_AIMOCK names no program");
        return;
    };
    let fixture = json!({
        "match": { "endpoint": "transcription" },
        "response": { "transcription": { "text": QUESTION, "language": "english", "duration": 4.2 } },
    });
    let (peer, _folder) =
        start(&program.to_string_lossy(), &json!({ "fixtures": [fixture] })).await;
    let settings = format!(
        "[transcription]\nbase_url = 'http://127.0.0.1:{}/v1'\nname = 'whisper-1'\napi_key = 'any'\n",
        peer.port
    );
    let app = TestApp::start_with(&settings).await;
    let visitor = Visitor::new(&app).await;
    let note = visitor.upload("note.ogg", b"OggS\0\x02 a voice").await;
    visitor.say("m1", "", std::slice::from_ref(&note)).await;
    app.advance(3).await;
    let records = sureply::bench::records(app.app()).await.expect("records");
    let record: Value = serde_json::from_str(records.last().expect("a decision")).expect("JSON");
    assert_eq!(record["heard"], json!([note]), "{record}");
    assert_eq!(record["draft"]["citations"][0]["entry"], "returns/window", "{record}");
    app.finish().await;
}
