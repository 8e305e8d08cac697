//! Mails as they are composed.

use super::super::token::Signer;
use super::{Form, Letter};
use crate::channel::{File, Parcel};
use crate::config::EmailSettings;
use crate::conversation::{
    Author, ConversationId, MailThread, Mailbox, Message, MessageId, OutboxId, Quoted, Visibility,
};
use crate::lang::Lang;
use chrono::{DateTime, Utc};
use proptest::prelude::*;

const CONVERSATION: &str = "0190b6c2-0000-7000-8000-000000000001";
const MESSAGE: &str = "0190b6c2-0000-7000-8000-000000000002";
const DELIVERY: &str = "0190b6c2-0000-7000-8000-000000000003";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn message(author: Author, body: &str) -> Message {
    Message {
        id: MessageId::from(MESSAGE),
        conversation_id: ConversationId::from(CONVERSATION),
        seq: 2,
        shown: None,
        external_id: None,
        author,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: now(),
        received_at: now(),
    }
}

fn thread() -> MailThread {
    MailThread {
        subject: "Where are my boots?".into(),
        references: vec!["first@their.example".into(), "second@their.example".into()],
        quoted: Some(Quoted {
            from: Mailbox { name: Some("Anna".into()), address: "anna@their.example".into() },
            at: now(),
            text: "Hello,\nwhere are they?".into(),
        }),
    }
}

struct Desk {
    settings: EmailSettings,
    thread: MailThread,
    message: Message,
    identity: String,
    files: Vec<File>,
}

impl Desk {
    fn new() -> Self {
        Self {
            settings: EmailSettings::new("support@shop.example"),
            thread: thread(),
            message: message(Author::Bot, "On their **way**.\n\n- one\n- two"),
            identity: "anna@their.example".into(),
            files: Vec::new(),
        }
    }

    fn letter(&self) -> Result<Letter, String> {
        let form = Form::new(&self.settings, "support", "Hollow Oak", Lang::EN).expect("a form");
        let parcel = Parcel {
            id: &OutboxId::from(DELIVERY),
            identity: &self.identity,
            names: &[],
            part: 0,
            attempt: 1,
            turn_id: None,
            in_reply_to: None,
            message: &self.message,
            template: None,
            thread: Some(&self.thread),
            files: &self.files,
            now: now(),
        };
        form.letter(parcel, &Signer::new(&self.settings.address, b"key"))
    }

    /// The names of the mail's own headers, and the mail with folded lines joined.
    fn written(&self) -> (Vec<String>, String) {
        let letter = self.letter().expect("a letter");
        let text = String::from_utf8(letter.bytes).expect("ASCII alone");
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 998), "{text}");
        let (head, body) = text.split_once("\r\n\r\n").expect("a body");
        let head = head.replace("\r\n ", " ");
        let names = head.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned());
        (names.collect(), format!("{head}\n\n{body}"))
    }
}

const HEADERS: [&str; 14] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "X-Sureply-Loop",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Reply-To",
    "Content-Transfer-Encoding",
];

#[test]
fn an_automatic_answer_says_what_it_is_and_what_it_answers() {
    let (names, text) = Desk::new().written();
    for line in [
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "From: \"Hollow Oak\" <support@shop.example>",
        "To: anna@their.example",
        "Subject: Re: Where are my boots?",
        "Message-ID: <0190b6c2-0000-7000-8000-000000000001.0190b6c2-0000-7000-8000-000000000002@shop.example>",
        "X-Sureply-Loop: support",
        "In-Reply-To: <second@their.example>",
        "References: <first@their.example> <second@their.example>",
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: All",
        "On their way.\r\n\r\n- one\r\n- two",
        "On 2027-01-15 08:00 UTC, Anna wrote:\r\n> Hello,\r\n> where are they?",
        "<strong>way</strong>",
        "Content-Type: multipart/alternative",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(names.iter().filter(|name| *name == "To").count(), 1);
    assert!(!names.iter().any(|name| name == "Cc" || name == "Bcc"), "never answer all: {names:?}");
}

#[test]
fn what_a_person_writes_is_not_marked_and_the_switch_is_obeyed() {
    let by_person = Desk { message: message(Author::Agent, "Hi"), ..Desk::new() };
    let mut switched_off = Desk::new();
    switched_off.settings.auto_submitted = false;
    for (desk, by_machine) in [(by_person, false), (switched_off, true)] {
        let (names, _) = desk.written();
        assert!(!names.iter().any(|name| name == "Auto-Submitted"), "{names:?}");
        assert_eq!(names.iter().any(|name| name == "X-Sureply-Loop"), by_machine, "{names:?}");
    }
}

#[test]
fn plus_addressing_signs_where_answers_and_reports_go() {
    let mut desk = Desk::new();
    let plain = desk.letter().expect("a letter");
    assert_eq!(
        plain.envelope.from().map(ToString::to_string).as_deref(),
        Some("support@shop.example")
    );
    desk.settings.plus_addressing = true;
    let signer = Signer::new("support@shop.example", b"key");
    let letter = desk.letter().expect("a letter");
    let sender = letter.envelope.from().map(ToString::to_string);
    assert_eq!(sender, signer.for_delivery(&OutboxId::from(DELIVERY)));
    let answers = signer.for_conversation(&ConversationId::from(CONVERSATION)).expect("one");
    assert!(desk.written().1.contains(&format!("Reply-To: \"Hollow Oak\" <{answers}>")));
    let to: Vec<_> = letter.envelope.to().iter().map(ToString::to_string).collect();
    assert_eq!(to, ["anna@their.example"]);
}

#[test]
fn choices_stand_as_a_list_and_the_signature_below() {
    let mut desk = Desk::new();
    desk.message = message(Author::Bot, "Which one?");
    desk.message.choices = vec!["The boots".into(), "The hat".into()];
    desk.settings.signature = Some("Hollow Oak\n1 Oak Street".into());
    let (_, text) = desk.written();
    assert!(
        text.contains(
            "Which one?\r\n\r\n- The boots\r\n- The hat\r\n\r\n--=20\r\nHollow Oak\r\n1 Oak Street"
        ),
        "{text}"
    );
    assert!(text.contains("<li>The boots</li>"), "{text}");
}

#[test]
fn files_go_along_under_plain_names() {
    let mut desk = Desk::new();
    let file = |name: &str, media_type: &str| File {
        name: name.into(),
        media_type: media_type.into(),
        bytes: vec![0, 13, 10, 255],
    };
    desk.files = vec![
        file("../label\"\r\nBcc: x@evil.example.pdf", "application/pdf"),
        file("Größe.png", "image/png"),
        file("", "no type"),
        file("mail.eml", "message/rfc822"),
    ];
    let (names, text) = desk.written();
    assert!(names.iter().all(|name| HEADERS.contains(&name.as_str())), "{names:?}");
    assert!(text.contains("Content-Type: multipart/mixed"), "{text}");
    assert_eq!(text.matches("AA0K/w==").count(), 4, "{text}");
    assert!(!text.contains("\nBcc:") && !text.contains("message/rfc822"), "{text}");
}

#[test]
fn a_logo_travels_in_the_mail() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut desk = Desk::new();
    let logo = folder.path().join("logo.png");
    std::fs::write(&logo, b"\x89PNG\r\n\x1a\nrest").expect("writing it");
    desk.settings.logo = Some(logo.clone());
    let (_, text) = desk.written();
    for part in ["multipart/related", "cid:logo@sureply", "Content-ID: <logo@sureply>", "image/png"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("src=3D\"http"), "{text}");
    std::fs::write(&logo, "<svg/>").expect("writing it");
    let refused = Form::new(&desk.settings, "support", "Hollow Oak", Lang::EN);
    assert!(format!("{:#}", refused.err().expect("no picture")).contains("inbox.email.logo"));
}

#[test]
fn what_is_no_address_is_refused() {
    for identity in ["", "shopper-7", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"]
    {
        let desk = Desk { identity: identity.into(), ..Desk::new() };
        assert!(desk.letter().is_err(), "{identity}");
    }
}

/// Text with what ends lines and what stands in headers.
fn foul() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just("\r\n".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\0".to_owned()),
        Just("\u{85}\u{2028}".to_owned()),
        Just("Bcc: eve@evil.example".to_owned()),
        Just("\r\n\r\n.\r\n".to_owned()),
        Just("=?utf-8?q?=0D=0ABcc=3A?=".to_owned()),
        ".{0,12}",
        "[ -~]{0,90}",
    ];
    proptest::collection::vec(parts, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn nothing_that_is_written_makes_a_header(
        subject in foul(), id in foul(), name in foul(), body in foul(), choice in foul(),
        business in foul(), file in foul(), media_type in foul(),
    ) {
        let mut desk = Desk::new();
        desk.thread.subject = subject;
        desk.thread.references = vec![id.clone(), format!("{id}@x.example")];
        desk.settings.from_name = Some(business);
        desk.settings.signature = Some(body.clone());
        desk.message.body = body;
        desk.message.choices = vec![choice];
        desk.files = vec![File { name: file, media_type, bytes: vec![1] }];
        if let Some(quoted) = &mut desk.thread.quoted {
            quoted.from.name = Some(name.clone());
            quoted.text = name;
        }
        let (mut names, _) = desk.written();
        prop_assert!(names.iter().all(|name| HEADERS.contains(&name.as_str())), "{:?}", names);
        names.sort();
        let before = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), before, "one twice: {:?}", names);
    }

    #[test]
    fn no_identity_sends_to_more_than_one(identity in foul()) {
        let desk = Desk { identity: format!("{identity}@x.example{identity}"), ..Desk::new() };
        if let Ok(letter) = desk.letter() {
            prop_assert_eq!(letter.envelope.to().len(), 1);
            let to = letter.envelope.to()[0].to_string();
            prop_assert!(!to.contains(['\r', '\n', '\0', ',', '<', '>', ' ']), "{}", to);
        }
    }
}
