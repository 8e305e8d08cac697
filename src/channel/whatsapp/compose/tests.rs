//! Pieces of messages, and our requests beside those of an independent client.

use super::{
    Address, BELOW, Envelope, MAX_BODY, MAX_CAPTION, MAX_TEXT, Piece, pieces, read_mark, template,
};
use crate::channel::File;
use crate::conversation::{Author, Message, Template, Visibility};
use chrono::DateTime;
use serde_json::{Value, json};

fn message(body: &str, choices: &[&str]) -> Message {
    Message {
        id: "m".into(),
        conversation_id: "c".into(),
        seq: 1,
        shown: None,
        external_id: None,
        author: Author::Bot,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: choices.iter().map(|it| (*it).to_owned()).collect(),
        delivery: None,
        sent_at: DateTime::UNIX_EPOCH,
        received_at: DateTime::UNIX_EPOCH,
    }
}

fn file(name: &str, media_type: &str) -> File {
    File { name: name.into(), media_type: media_type.into(), bytes: b"abc".to_vec() }
}

fn text(words: &str) -> Piece {
    Piece::Text(words.into())
}

fn media(file: usize, caption: Option<&str>) -> Piece {
    Piece::Media { file, caption: caption.map(str::to_owned) }
}

#[test]
fn a_message_is_one_piece_where_whatsapp_allows_it() {
    let (picture, note) = (file("a.jpg", "image/jpeg"), file("a.ogg", "audio/ogg"));
    let long = "word ".repeat(300);
    let long = long.trim();
    assert!(long.len() > MAX_CAPTION);
    for (body, files, wanted) in [
        ("Hello *there*", vec![], vec![text("Hello _there_")]),
        ("", vec![], vec![]),
        ("Look", vec![picture.clone()], vec![media(0, Some("Look"))]),
        ("", vec![picture.clone()], vec![media(0, None)]),
        (
            "Look",
            vec![picture.clone(), picture.clone()],
            vec![media(0, Some("Look")), media(1, None)],
        ),
        ("Listen", vec![note], vec![text("Listen"), media(0, None)]),
        (long, vec![picture], vec![text(long), media(0, None)]),
    ] {
        assert_eq!(pieces(&message(body, &[]), &files), wanted, "{body}");
    }
}

#[test]
fn only_what_is_over_the_limit_is_parted() {
    let fits = "a".repeat(MAX_TEXT);
    assert_eq!(pieces(&message(&fits, &[]), &[]).len(), 1);
    let over = "word ".repeat(MAX_TEXT / 5 + 1);
    assert_eq!(pieces(&message(&over, &[]), &[]).len(), 2);
}

#[test]
fn a_question_has_its_choices_below_its_words() {
    let body = |pieces: &[Piece]| match pieces.last() {
        Some(Piece::Choice { body, .. }) => body.clone(),
        other => panic!("no choice: {other:?}"),
    };
    let short = pieces(&message("Which **one**?", &["a", "b"]), &[]);
    assert_eq!((short.len(), body(&short)), (1, "Which *one*?".into()));
    let titles = pieces(&message("Which?", &["a", "b that goes on and on and on"]), &[]);
    assert_eq!(body(&titles), "Which?\n\n1. a\n2. b that goes on and on and on");
    let words = "word ".repeat(MAX_BODY / 5 + 10);
    let long = pieces(&message(&words, &["a", "b"]), &[]);
    assert_eq!((long.len(), body(&long)), (2, BELOW.into()));
    let both = pieces(&message(&words, &["a", "b that goes on and on and on"]), &[]);
    assert_eq!(body(&both), "1. a\n2. b that goes on and on and on");
}

/// What differs from the other client on purpose.
///
/// - `buttons`: ours have neither header nor footer (our message is all body), and ids that hold their words.
/// - `list`: sections without a title where there is only one; the row has no description, since its title says all.
/// - `image_link`: ours are uploaded and named by id, so that no address of ours is given away.
/// - `template_raw`: the same field by field.
/// - `text_preview`, `cta_url`, `reaction`, `unreact`, `location_request`, `block`: ours never asks for these.
/// - Each of ours has `biz_opaque_callback_data`, which that client sends in `text_tracker` only.
fn as_the_other(case: &str, ours: &mut Value, theirs: &mut Value) {
    if case != "text_tracker"
        && let Some(ours) = ours.as_object_mut()
        && theirs.get("type").is_some()
    {
        assert_eq!(ours.remove("biz_opaque_callback_data"), Some(json!("outbox-42")), "{case}");
    }
    match case {
        "buttons" => {
            let interactive = theirs["interactive"].as_object_mut().expect("an object");
            assert!(
                interactive.remove("header").is_some() && interactive.remove("footer").is_some()
            );
            for (at, id) in ["y", "human"].into_iter().enumerate() {
                let reply = &mut ours["interactive"]["action"]["buttons"][at]["reply"];
                assert_eq!(
                    reply["id"],
                    json!(format!("say:{}", reply["title"].as_str().expect("words")))
                );
                reply["id"] = json!(id);
            }
        }
        "list" => {
            let section = &mut theirs["interactive"]["action"]["sections"][0];
            section.as_object_mut().expect("an object").remove("title");
            let row = section["rows"][0].as_object_mut().expect("an object");
            row.remove("description");
            let rows = ours["interactive"]["action"]["sections"][0]["rows"].as_array_mut();
            let rows = rows.expect("rows");
            rows.truncate(1);
            rows[0]["id"] = json!("a");
        }
        "image_link" => {
            let image = ours["image"].as_object_mut().expect("an object");
            assert_eq!(image.remove("id"), Some(json!("123456789012345")));
            image.insert("link".into(), json!("https://example.com/a.jpg"));
        }
        _ => {}
    }
}

/// The template of the other client's case, as we fill it in.
fn reopened() -> Value {
    let listed = json!({ "name": "reopen_ticket", "language": "en_US", "category": "UTILITY",
        "status": "APPROVED", "components": [{ "type": "BODY", "text": "Your ticket {{1}} is open again." }] });
    let it = Template::read(&"wa".into(), &listed).expect("a template");
    template(&it.fill(&[("1".into(), "#123".into())]).expect("its only value"))
}

/// Our request for a case of the other client; none where ours never sends such a thing.
fn ours(case: &str) -> Option<Value> {
    let name = if case == "text_bsuid" { "US.13491208655302741918" } else { "+16505551234" };
    let to = Address::read([name]).expect("an address");
    let answers = (case == "text_reply_ctx").then_some("wamid.IN1");
    let envelope = Envelope { to: &to, answers, callback: "outbox-42", opens: "Open" };
    let (body, choices, files): (&str, &[&str], Vec<File>) = match case {
        "text" => ("Hello **bold**", &[], vec![]),
        "text_reply_ctx" => ("re", &[], vec![]),
        "text_tracker" => ("t", &[], vec![]),
        "text_bsuid" => ("hi", &[], vec![]),
        "buttons" => ("Pick", &["Yes", "Human"], vec![]),
        "list" => ("Pick", &["A", "B", "C", "D"], vec![]),
        "image_link" => ("c", &[], vec![file("a.jpg", "image/jpeg")]),
        "document_id" => ("c", &[], vec![file("a.pdf", "application/pdf")]),
        "template_raw" => return Some(envelope.request(&Piece::Template(reopened()), None)),
        "typing" => return Some(read_mark("wamid.IN1")),
        _ => return None,
    };
    let pieces = pieces(&message(body, choices), &files);
    let [piece] = pieces.as_slice() else { panic!("{case}: {pieces:?}") };
    Some(envelope.request(piece, files.first().map(|file| (file, "123456789012345"))))
}

#[test]
fn our_requests_equal_those_of_an_independent_client() {
    let path = "../shared/data/whatsapp/golden_outbound_pywa.json";
    let Ok(golden) = std::fs::read_to_string(path) else {
        eprintln!("left out: {path} is absent");
        return;
    };
    let golden: Value = serde_json::from_str(&golden).expect("JSON");
    let mut compared = 0;
    for call in golden["calls"].as_array().expect("calls") {
        let case = call["case"].as_str().expect("a name");
        let Some(mut ours) = ours(case) else { continue };
        let mut theirs = call["json"].clone();
        as_the_other(case, &mut ours, &mut theirs);
        assert_eq!(ours, theirs, "{case}");
        compared += 1;
    }
    assert_eq!(compared, 10);
}
