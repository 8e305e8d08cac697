//! What is read of each kind.

use super::{Here, Told, read};
use crate::channel::whatsapp::error::explain;
use crate::config::InboxSettings;
use crate::conversation::WhatsappKind::{
    Audio, Button, Choice, Contacts, Document, Form, Image, Location, Order, Sticker, Text,
    Unreadable, Video, Voice,
};
use crate::conversation::{
    Change, ChangeKind, ChannelKind, Consent, Delivery, Inbound, OutboxId, WhatsappKind,
    WhatsappNews,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::fs;

const NUMBER: &str = "1065";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn understood(body: &[u8]) -> Option<Told> {
    let inbox = InboxSettings::new("wa", ChannelKind::Whatsapp).inbox();
    read(Here { inbox: &inbox, number: NUMBER, now: now() }, body)
}

fn of_change(change: &Value) -> Told {
    let body = json!({ "entry": [{ "changes": [change] }] });
    understood(body.to_string().as_bytes()).expect("it is JSON")
}

fn of_value(more: Value) -> Told {
    let mut value = json!({
        "metadata": { "phone_number_id": NUMBER },
        "contacts": [{ "profile": { "name": "A\u{202e}nna\n😮" }, "wa_id": "16505551234",
            "user_id": "US.1", "parent_user_id": "US.ENT.2" }],
    });
    let Value::Object(more) = more else { panic!("an object") };
    value.as_object_mut().expect("an object").extend(more);
    of_change(&json!({ "field": "messages", "value": value }))
}

fn of_message(mut message: Value) -> Told {
    let common = json!({ "from": "16505551234", "id": "wamid.1", "timestamp": "1700000000" });
    let Value::Object(common) = common else { panic!("an object") };
    for (name, value) in common {
        message.as_object_mut().expect("an object").entry(name).or_insert(value);
    }
    of_value(json!({ "messages": [message] }))
}

fn one(message: &Value) -> Inbound {
    let mut told = of_message(message.clone());
    assert_eq!(told.messages.len(), 1, "{message}: {told:?}");
    told.messages.remove(0)
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
#[test]
fn each_kind_of_message_says_what_a_reader_would_read() {
    let file = |kind: &str, more: Value| {
        let mut inner = json!({ "id": "77", "mime_type": "image/jpeg", "sha256": "x" });
        let Value::Object(more) = more else { panic!("an object") };
        inner.as_object_mut().expect("an object").extend(more);
        json!({ "type": kind, kind: inner })
    };
    let interactive = |kind: &str, inner: Value| json!({ "type": "interactive", "interactive": { "type": kind, kind: inner } });
    let plain = |kind: &str, inner: Value| json!({ "type": kind, kind: inner });
    let rows: Vec<(Value, WhatsappKind, &str, Option<&str>)> = vec![
        (plain("text", json!({ "body": " أين 😮\u{200b} طلبي " })), Text, "أين 😮 طلبي", None),
        (plain("text", json!({ "body": "" })), Unreadable, "", None),
        (plain("text", json!({ "body": 7 })), Text, "7", None),
        (plain("text", json!({})), Unreadable, "", None),
        (json!({ "type": "text" }), Unreadable, "", None),
        (file("image", json!({ "caption": "broken" })), Image, "broken", Some("image")),
        (file("image", json!({})), Image, "", Some("image")),
        (file("video", json!({})), Video, "", Some("video")),
        (file("document", json!({ "filename": "../b\nill.pdf" })), Document, "", Some("b ill.pdf")),
        (file("audio", json!({ "voice": true })), Voice, "", Some("voice")),
        (file("audio", json!({ "voice": false })), Audio, "", Some("audio")),
        (file("sticker", json!({ "animated": true })), Sticker, "", Some("sticker")),
        (plain("image", json!({ "caption": "no id" })), Unreadable, "", None),
        (
            plain("location", json!({ "latitude": 1.5, "longitude": -2 })),
            Location,
            "📍 1.5, -2",
            None,
        ),
        (
            plain(
                "location",
                json!({ "latitude": "1", "longitude": "2", "name": "HQ", "address": "1 Way" }),
            ),
            Location,
            "HQ\n1 Way\n📍 1, 2",
            None,
        ),
        (
            plain(
                "contacts",
                json!([{ "name": { "formatted_name": "Bo" }, "phones": [{ "phone": "+1 5" }] }, 3]),
            ),
            Contacts,
            "👤 Bo\n+1 5",
            None,
        ),
        (plain("button", json!({ "payload": "p", "text": "Yes" })), Button, "Yes", None),
        (
            interactive("button_reply", json!({ "id": "1", "title": "Returns" })),
            Choice,
            "Returns",
            None,
        ),
        (
            interactive("list_reply", json!({ "id": "1", "title": "Sizes", "description": "d" })),
            Choice,
            "Sizes",
            None,
        ),
        (
            interactive(
                "nfm_reply",
                json!({ "response_json": "{\"flow_token\":\"t\",\"stars\":4,\"why\":\"good\"}" }),
            ),
            Form,
            "stars: 4\nwhy: good",
            None,
        ),
        (
            interactive("nfm_reply", json!({ "response_json": "{", "body": "Sent" })),
            Form,
            "Sent",
            None,
        ),
        (
            interactive("call_permission_reply", json!({ "response": "accept" })),
            Unreadable,
            "",
            None,
        ),
        (json!({ "type": "interactive" }), Unreadable, "", None),
        (
            plain(
                "order",
                json!({ "text": "please", "product_items": [
                { "product_retailer_id": "TEA", "quantity": 3, "item_price": 30, "currency": "EUR" }] }),
            ),
            Order,
            "please\n🛒 3 × TEA (30 EUR)",
            None,
        ),
        (json!({ "type": "unsupported", "unsupported": { "type": "poll" } }), Unreadable, "", None),
        (json!({ "type": "of tomorrow", "of tomorrow": {} }), Unreadable, "", None),
        (json!({}), Unreadable, "", None),
    ];
    for (message, kind, words, name) in rows {
        let read = one(&message);
        let whatsapp = read.whatsapp.expect("it came by WhatsApp");
        assert_eq!((whatsapp.kind, &*read.body), (kind, words), "{message}");
        assert_eq!(read.attachments.first().map(|file| &*file.name), name, "{message}");
        assert_eq!(whatsapp.raw.is_some(), kind == Unreadable, "{message}");
        assert_eq!(whatsapp.media.is_some(), name.is_some(), "{message}");
        assert_eq!(read.name.as_deref(), Some("Anna 😮"));
    }
}

#[test]
fn who_writes_is_known_by_the_best_name_there_is() {
    for (contacts, message, names) in [
        (json!([]), json!({ "from": "16505551234" }), vec!["+16505551234"]),
        (json!([]), json!({ "from": "<PHONE>", "from_user_id": "US.1" }), vec!["US.1"]),
        (
            json!([{ "wa_id": "1650555", "user_id": "US.1", "parent_user_id": "US.ENT.2" }]),
            json!({ "from": "1650555" }),
            vec!["US.ENT.2", "US.1", "+1650555"],
        ),
        (
            json!([{ "wa_id": "111111", "user_id": "US.1" }, { "wa_id": "222222", "user_id": "US.2" }]),
            json!({ "from": "222222" }),
            vec!["US.2", "+222222"],
        ),
        (
            json!([{ "wa_id": "111111", "user_id": "US.1" }, { "user_id": "US.2" }]),
            json!({ "from": "333333", "from_user_id": "US.3" }),
            vec!["US.3", "+333333"],
        ),
        (json!([{ "user_id": "evil one" }]), json!({ "from": "1; drop" }), vec![]),
    ] {
        let mut message = message;
        message["id"] = json!("wamid.1");
        message["type"] = json!("text");
        message["text"] = json!({ "body": "hi" });
        let told = of_value(json!({ "contacts": contacts, "messages": [message] }));
        let found = told.messages.first().map(|it| it.aliases.clone()).unwrap_or_default();
        assert_eq!(found, names, "{message}");
        assert_eq!(told.news.len(), usize::from(names.is_empty()), "what nobody wrote is kept");
    }
}

#[test]
fn a_reply_and_what_was_forwarded_are_known_and_times_are_never_ahead() {
    for (context, answers, forwarded) in [
        (json!({ "from": "1", "id": "wamid.0" }), Some("wamid.0"), false),
        (json!({ "forwarded": true }), None, true),
        (json!({ "frequently_forwarded": true }), None, true),
        (json!(null), None, false),
    ] {
        let read = one(&json!({ "type": "text", "text": { "body": "x" }, "context": context }));
        let whatsapp = read.whatsapp.expect("it came by WhatsApp");
        assert_eq!((whatsapp.answers.as_deref(), whatsapp.forwarded), (answers, forwarded));
    }
    for (time, seconds) in [
        (json!("1700000000"), 1_700_000_000),
        (json!(1_700_000_000), 1_700_000_000),
        (json!("1900000000"), 1_800_000_000),
        (json!("99999999999999999999"), 1_800_000_000),
        (json!("-5"), 1_800_000_000),
        (json!("soon"), 1_800_000_000),
        (json!(null), 1_800_000_000),
    ] {
        let read = one(&json!({ "type": "text", "text": { "body": "x" }, "timestamp": time }));
        assert_eq!(read.sent_at.timestamp(), seconds, "{time}");
    }
    let advert =
        json!({ "type": "text", "text": { "body": "x" }, "referral": { "headline": "Sale" } });
    let about = one(&advert).whatsapp.and_then(|it| it.about);
    assert_eq!(about.as_deref(), Some(r#"{"referral":{"headline":"Sale"}}"#));
}

#[test]
fn what_is_done_to_messages_later_is_read_with_what_it_is_about() {
    let edited = json!({ "type": "image", "image": { "id": "7", "caption": "new words" } });
    for (kind, inner, words) in [
        ("reaction", json!({ "message_id": "wamid.0", "emoji": "😮" }), Some("😮")),
        ("reaction", json!({ "message_id": "wamid.0", "emoji": "" }), Some("")),
        ("reaction", json!({ "message_id": "wamid.0" }), Some("")),
        ("reaction", json!({}), None),
        ("revoke", json!({ "original_message_id": "wamid.0" }), Some("")),
        ("revoke", json!({}), None),
        ("edit", json!({ "original_message_id": "wamid.0", "message": edited }), Some("new words")),
        ("edit", json!({ "original_message_id": "wamid.0" }), None),
    ] {
        for list in ["messages", "message_echoes"] {
            let item = json!({ "from": "16505551234", "id": "wamid.1", "timestamp": "1700000000",
                "type": kind, kind: inner });
            let told = of_value(json!({ list: [item] }));
            assert!(told.messages.is_empty(), "{kind} {inner}");
            let kind = kind.parse::<ChangeKind>().expect("a kind");
            match (words, &told.news[..]) {
                (Some(words), [WhatsappNews::Change(change)]) => {
                    let at = DateTime::from_timestamp(1_700_000_000, 0).expect("a time");
                    let (id, about) = ("wamid.1".to_owned(), "wamid.0".to_owned());
                    let (by_us, words) = (list == "message_echoes", words.to_owned());
                    assert_eq!(*change, Change { id, about, kind, by_us, words, at });
                }
                (None, [WhatsappNews::Kept(_)]) => {}
                (_, news) => panic!("{kind} {inner}: {news:?}"),
            }
        }
    }
}

#[test]
fn statuses_tell_how_far_a_message_got_and_why_not() {
    let failure =
        json!([{ "code": 131_047, "title": "t", "error_data": { "details": "24 hours\nover" } }]);
    let why = explain(131_047, "24 hours over").words;
    for (status, state, words) in [
        (json!({ "status": "sent" }), Some(Delivery::Sent), None),
        (json!({ "status": "delivered" }), Some(Delivery::Delivered), None),
        (json!({ "status": "read" }), Some(Delivery::Read), None),
        (json!({ "status": "played" }), Some(Delivery::Read), None),
        (
            json!({ "status": "failed", "errors": failure }),
            Some(Delivery::Failed),
            Some(why.as_str()),
        ),
        (json!({ "status": "failed" }), Some(Delivery::Failed), Some("WhatsApp gives no reason")),
        (json!({ "status": "of tomorrow" }), None, None),
        (json!({}), None, None),
    ] {
        let mut status = status;
        status["id"] = json!("wamid.9");
        status["biz_opaque_callback_data"] = json!("outbox-1");
        let told = of_value(json!({ "statuses": [status] }));
        match (state, &told.news[..]) {
            (Some(state), [WhatsappNews::Status(news)]) => {
                assert_eq!((news.state, news.words.as_deref()), (state, words));
                assert_eq!(
                    (&*news.id, news.outbox.as_ref().map(OutboxId::as_str)),
                    ("wamid.9", Some("outbox-1"))
                );
            }
            (None, [WhatsappNews::Kept(kept)]) => assert_eq!(kept.kind, "status"),
            (_, news) => panic!("{status}: {news:?}"),
        }
    }
}

#[test]
fn news_of_people_are_read() {
    let names =
        |list: &[&str]| WhatsappNews::Names(list.iter().map(|&name| name.to_owned()).collect());
    let system =
        |inner: Value| of_message(json!({ "type": "system", "from": "49170111", "system": inner }));
    let changed = system(json!({ "type": "user_changed_number", "wa_id": "49170222" }));
    assert_eq!(changed.news[0], names(&["+49170111", "+49170222"]));
    let changed = system(json!({ "type": "user_changed_user_id", "user_id": "DE.2" }));
    assert_eq!(changed.news[0], names(&["+49170111", "DE.2"]));
    let identity = system(json!({ "type": "customer_identity_changed" }));
    assert!(matches!(&identity.news[..], [WhatsappNews::Kept(_)]), "{identity:?}");
    let renamed =
        json!({ "user_id": { "previous": "DE.1", "current": "DE.2" }, "wa_id": "49170111" });
    let renamed = of_value(json!({ "user_id_update": [renamed] }));
    assert_eq!(renamed.news[0], names(&["DE.1", "+49170111", "DE.2"]));
    for (value, wanted) in [("stop", Some(false)), ("resume", Some(true)), ("?", None)] {
        let said = json!({ "wa_id": "49170111", "category": "marketing_messages", "value": value,
            "detail": "so", "timestamp": 1_700_000_000 });
        let told = of_value(json!({ "user_preferences": [said] }));
        match (wanted, &told.news[..]) {
            (Some(wanted), [WhatsappNews::Consent(consent)]) => {
                let at = DateTime::from_timestamp(1_700_000_000, 0).expect("a time");
                let (names, category) =
                    (vec!["+49170111".to_owned()], "marketing_messages".to_owned());
                assert_eq!(*consent, Consent { names, category, wanted, words: "so".into(), at });
            }
            (None, [WhatsappNews::Kept(_)]) => {}
            (_, news) => panic!("{news:?}"),
        }
    }
}

#[test]
fn what_a_colleague_wrote_in_the_app_is_theirs_for_the_receiver() {
    for (to, names) in [
        (json!({ "to": "49170111" }), vec!["+49170111"]),
        (json!({ "to": "<PHONE>", "to_user_id": "DE.1" }), vec!["DE.1"]),
        (
            json!({ "to": "<PHONE>", "to_user_id": "<ID>" }),
            vec!["US.ENT.2", "US.1", "+16505551234"],
        ),
    ] {
        let mut echo =
            json!({ "from": "1555", "id": "wamid.1", "type": "text", "text": { "body": "x" } });
        let Value::Object(to) = to else { panic!("an object") };
        echo.as_object_mut().expect("an object").extend(to);
        let told = of_value(json!({ "message_echoes": [echo] }));
        let [read] = &told.messages[..] else { panic!("{told:?}") };
        assert_eq!(read.aliases, names);
        assert!(read.whatsapp.as_ref().is_some_and(|it| it.from_us) && read.name.is_none());
    }
}

#[test]
fn nothing_is_lost_of_what_is_not_understood_and_other_numbers_are_not_ours() {
    let foreign = json!({ "field": "messages", "value": {
        "metadata": { "phone_number_id": "2" }, "messages": [{ "id": "1" }] } });
    let told = of_change(&foreign);
    assert_eq!((told.foreign, told.messages.len(), told.news.len()), (1, 0, 0));
    for change in [
        json!({ "field": "account_update", "value": { "event": "ACCOUNT_DELETED" } }),
        json!({ "field": "message_template_status_update", "value": { "event": "APPROVED" } }),
        json!({ "field": "messages", "value": { "messages": [{ "id": "1", "from": "49170111" }] } }),
        json!({ "field": "calls", "value": { "metadata": { "phone_number_id": NUMBER }, "calls": [] } }),
        json!({ "field": "messages", "value": 3 }),
        json!({ "field": "\u{202e}x" }),
        json!([]),
    ] {
        let told = of_change(&change);
        assert!(matches!(told.news.last(), Some(WhatsappNews::Kept(_))), "{change}: {told:?}");
        assert_eq!(told.messages, []);
        assert_eq!(of_change(&change).news, told.news, "the same under the same name");
    }
    for body in ["3", "{}", "[]", r#"{"entry":3}"#, r#"{"entry":[3]}"#] {
        let told = understood(body.as_bytes()).expect("it is JSON");
        assert!(matches!(&told.news[..], [WhatsappNews::Kept(_)]), "{body}: {told:?}");
    }
    assert_eq!(understood(b""), None);
    assert_eq!(understood(b"{\"entry\":[}"), None);
    assert_eq!(understood(&vec![b'['; 100_000]), None, "what is nested too deep is no JSON");
}

#[test]
fn what_the_fuzzer_begins_with_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/whatsapp");
    let saved: Vec<_> =
        fs::read_dir(folder).expect("the saved bodies are part of the project").collect();
    assert!(saved.len() >= 8, "{saved:?}");
    for entry in saved {
        let path = entry.expect("it is listed").path();
        let body = fs::read(&path).expect("it was listed");
        let found = understood(&body);
        let name = path.file_name().and_then(|name| name.to_str()).expect("it has a name");
        // What the fuzzer has made of them is named by its hash, and may be anything.
        let is_made = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_made || found.is_none() == (name == "cut"), "{}", path.display());
    }
}
