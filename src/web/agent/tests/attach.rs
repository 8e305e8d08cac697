//! Files that agents attach: taken by content and size, sent once, kept and given back with the words.

use super::world::{Answer, DRAFT_AS_SENT, World, after, inbox};
use crate::clock::Clock;
use crate::config::{Attachments, Config, Screen};
use crate::conversation::{Attachment, ChannelKind, ConversationId, Inbound, Inbox, InboxName};
use crate::store::Role;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone as _, Utc};

/// A desk that takes small files, with so many seconds to take things back, and its clock.
async fn desk(undo_seconds: u32) -> (World, Clock) {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let config = Config {
        desk: Screen { undo_seconds, ..Screen::default() },
        attachments: Attachments { max_bytes: 100, max_per_message: 2, ..Attachments::default() },
        ..Config::default()
    };
    (World::of(config, clock.clone(), "http://desk.example").await, clock)
}

impl World {
    async fn attach(&self, id: &str, cookie: &str, name: &str, content: &str) -> Answer {
        let headers = [
            ("cookie", cookie),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=x"),
        ];
        let form = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--x--\r\n"
        );
        self.send("POST", &format!("/conversations/{id}/files"), &headers, &form).await
    }

    /// Attaches a file; its identifier.
    async fn attached(&self, id: &str, cookie: &str, name: &str) -> String {
        let answer = self.attach(id, cookie, name, "words").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        after(&answer.body, "\"id\":\"")
    }

    async fn reply_with(&self, id: &str, cookie: &str, text: &str, files: &str) -> Answer {
        let form = format!("text={text}&files={files}");
        self.post(&format!("/conversations/{id}/reply"), cookie, &form).await
    }

    /// What the team said in a conversation, with the files of each message.
    async fn told(&self, id: &str) -> Vec<(String, Vec<Attachment>)> {
        let id = ConversationId::from(id);
        let messages = self.desk.store.messages(&id, i64::MAX, 100).await.unwrap();
        let ours = messages.into_iter().filter(|it| it.agent_id.is_some());
        ours.map(|it| (it.body, it.attachments)).collect()
    }
}

#[tokio::test]
async fn a_file_is_taken_by_content_and_size() {
    let (world, _) = desk(0).await;
    let cookie = world.admin().await;
    let id = world.write("ann", "Where is the label?").await;
    let taken = world.attach(&id, &cookie, "../Etikett.html", "words").await;
    assert_eq!(taken.status, StatusCode::CREATED);
    for part in [r#""name":"Etikett.html""#, r#""size":5"#, r#""about":"5 bytes""#] {
        assert!(taken.body.contains(part), "{}", taken.body);
    }
    let file = after(&taken.body, "\"id\":\"");
    assert_eq!(std::fs::read(world.folder.path().join(&file)).unwrap(), b"words");
    for (content, status, words) in [
        ("<svg onload='alert(1)'/>".to_owned(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "image/png"),
        (String::new(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "not taken"),
        ("a".repeat(101), StatusCode::PAYLOAD_TOO_LARGE, "larger than 100 bytes"),
        ("a".repeat(200_000), StatusCode::PAYLOAD_TOO_LARGE, "larger than 100 bytes"),
    ] {
        let refused = world.attach(&id, &cookie, "a.png", &content).await;
        assert_eq!(refused.status, status, "{}", refused.body);
        assert!(refused.body.contains(words), "{}", refused.body);
    }
    let nowhere = world.attach("none", &cookie, "a.txt", "words").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_agent_attaches_so_many_files_in_an_hour() {
    let (world, clock) = desk(0).await;
    let cookie = world.admin().await;
    let colleague = world.person(Role::Agent).await;
    let id = world.write("ann", "Where is the label?").await;
    for _ in 0..50 {
        world.attached(&id, &cookie, "a.txt").await;
    }
    let refused = world.attach(&id, &cookie, "a.txt", "words").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    world.attached(&id, &colleague, "a.txt").await;
    clock.advance(TimeDelta::minutes(61));
    world.attached(&id, &cookie, "a.txt").await;
}

#[tokio::test]
async fn where_the_channel_carries_no_files_none_is_taken_or_offered() {
    let (world, _) = desk(0).await;
    let cookie = world.admin().await;
    let web = world.write("ann", "Hello").await;
    let inbound = Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: Inbox { name: InboxName::from("api"), channel: ChannelKind::Api, ..inbox() },
        identity: "ann".into(),
        name: None,
        email: None,
        external_id: None,
        body: "Hello".into(),
        attachments: Vec::new(),
        sent_at: world.now(),
    };
    let received = world.desk.store.receive(&[inbound], world.now()).await.unwrap().remove(0);
    let api = received.conversation_id.to_string();
    let refused = world.attach(&api, &cookie, "a.txt", "words").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Send a link instead"), "{}", refused.body);
    for (id, offered) in [(web, true), (api, false)] {
        let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
        assert_eq!(page.contains("id=\"attach\""), offered, "{id}");
    }
}

#[tokio::test]
async fn a_reply_carries_its_files_even_without_words() {
    let (world, _) = desk(0).await;
    let cookie = world.admin().await;
    let id = world.write("ann", "Where is the label?").await;
    let (one, two) =
        (world.attached(&id, &cookie, "a.txt").await, world.attached(&id, &cookie, "b.txt").await);
    let mute = world.reply_with(&id, &cookie, "", "").await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing at all is no reply");
    let sent = world.reply_with(&id, &cookie, "", &format!("{one},{two}")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let told = world.told(&id).await;
    let names: Vec<&str> = told[0].1.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((told.len(), told[0].0.as_str(), names), (1, "", vec!["a.txt", "b.txt"]));
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains(&format!("/attachments/{one}")) && page.contains("<bdi>b.txt</bdi>"));
    let given = world.get(&format!("/attachments/{one}"), &cookie).await;
    assert_eq!((given.status, given.body.as_str()), (StatusCode::OK, "words"));
}

#[tokio::test]
async fn what_cannot_go_along_stops_the_reply_and_nothing_else_is_lost() {
    let (world, _) = desk(0).await;
    let cookie = world.admin().await;
    let colleague = world.person(Role::Agent).await;
    let id = world.write("ann", "Where is the label?").await;
    let elsewhere = world.write("bob", "Where is mine?").await;
    let own = world.attached(&id, &cookie, "own.txt").await;
    let foreign = world.attached(&elsewhere, &cookie, "foreign.txt").await;
    let colleagues = world.attached(&id, &colleague, "colleagues.txt").await;
    let sent = world.attached(&id, &cookie, "sent.txt").await;
    world.reply_with(&id, &cookie, "First", &sent).await;
    for other in [&foreign, &colleagues, &sent, "none"] {
        let refused = world.reply_with(&id, &cookie, "Second", &format!("{own},{other}")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{other}");
        assert!(refused.body.contains("Nothing was sent: a file"), "{}", refused.body);
        assert!(refused.body.contains("\nSecond</textarea>"), "{}", refused.body);
        assert_eq!(after(&refused.body, "name=\"files\" value=\""), own, "{other}");
        assert!(!refused.body.contains("colleagues.txt") && !refused.body.contains("foreign.txt"));
    }
    assert_eq!(world.told(&id).await.len(), 1);
    let more = world.attached(&id, &cookie, "more.txt").await;
    let third = world.attached(&id, &cookie, "third.txt").await;
    let all = format!("{own},{more},{third}");
    let refused = world.reply_with(&id, &cookie, "Second", &all).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("at most 2 files"), "{}", refused.body);
    assert_eq!(after(&refused.body, "name=\"files\" value=\""), all);
    let refused = world.reply_with(&id, &cookie, "Dear+%7B%7Bcontact.name%7D%7D", &own).await;
    assert_eq!(after(&refused.body, "name=\"files\" value=\""), own, "for whatever reason");
    let twice = format!("{own},{own}");
    world.reply_with(&id, &cookie, "Second", &twice).await;
    assert_eq!(world.told(&id).await[1].1.len(), 1, "named twice it goes once");
}

#[tokio::test]
async fn undo_gives_the_files_back() {
    let (world, clock) = desk(10).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}?queue=approval"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    let file = world.attached(&id, &cookie, "label.txt").await;
    let form = format!("draft={draft}&text={DRAFT_AS_SENT}&files={file}");
    for _ in 0..2 {
        let sent = world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let held = world.get(&format!("/conversations/{id}"), &cookie).await.body;
        let held = held.split("id=\"held\"").nth(1).unwrap().split("</li>").next().unwrap();
        assert!(held.contains("label.txt"), "{held}");
        let undone = world.post(&format!("/conversations/{id}/undo"), &cookie, "").await;
        assert!(undone.body.contains("<bdi>label.txt</bdi>"), "{}", undone.body);
        assert_eq!(after(&undone.body, "name=\"files\" value=\""), file);
    }
    let mute = world.reply_with(&id, &cookie, "", &file).await;
    let next = world.get(&mute.location, &cookie).await.body;
    assert!(next.contains("<q><bdi>one file</bdi></q>"), "{next}");
    clock.advance(TimeDelta::seconds(10));
    world.desk.run_due().await.unwrap();
    let told = world.told(&id).await;
    assert_eq!((told.len(), told[0].1[0].name.as_str()), (1, "label.txt"));
}

#[tokio::test]
async fn files_of_words_that_could_not_be_sent_are_kept_in_the_note() {
    let (world, clock) = desk(10).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}?queue=approval"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    let file = world.attached(&id, &cookie, "label.txt").await;
    let form = format!("draft={draft}&text={DRAFT_AS_SENT}&files={file}");
    world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
    world.write("How do I return a tent?", "I mean a boat.").await;
    clock.advance(TimeDelta::seconds(10));
    world.desk.run_due().await.unwrap();
    let told = world.told(&id).await;
    assert!(told[0].0.contains("not sent") && told[0].1[0].name == "label.txt", "{told:?}");
}

#[tokio::test]
async fn the_customer_has_a_file_once_it_was_sent_and_nobody_else_does() {
    let (world, _) = desk(0).await;
    let cookie = world.admin().await;
    let mut visitors = Vec::new();
    for _ in 0..2 {
        let begun = world.send("POST", "/chat/web/session", &[], "").await;
        visitors.push(format!("Bearer {}", after(&begun.body, "\"token\":\"")));
    }
    let post = async |visitor: &str, body: String| {
        let headers = [("authorization", visitor), ("content-type", "application/json")];
        world.send("POST", "/chat/web/messages", &headers, &body).await
    };
    let body = r#"{"id":"1","text":"Where is the label?"}"#.to_owned();
    let id = after(&post(&visitors[0], body).await.body, "\"conversation_id\":\"");
    let file = world.attached(&id, &cookie, "label.txt").await;
    let path = format!("/chat/web/attachments/{file}");
    let ask = async |visitor: &str| {
        world.send("GET", &path, &[("authorization", visitor)], "").await.status
    };
    assert_eq!(ask(&visitors[0]).await, StatusCode::NOT_FOUND, "it was not sent");
    let named = format!(r#"{{"id":"2","text":"","attachments":["{file}"]}}"#);
    assert_eq!(post(&visitors[0], named).await.status, StatusCode::BAD_REQUEST, "nor is it theirs");
    world.reply_with(&id, &cookie, "", &file).await;
    world.desk.run_due().await.unwrap();
    assert_eq!(ask(&visitors[0]).await, StatusCode::OK);
    assert_eq!(ask(&visitors[1]).await, StatusCode::NOT_FOUND);
    let seen =
        world.send("GET", "/chat/web/messages", &[("authorization", &visitors[0])], "").await;
    assert!(seen.body.contains(&file) && seen.body.contains("label.txt"), "{}", seen.body);
}
