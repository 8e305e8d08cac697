//! The desk over HTTP, without a network: from the first link to a stale approval.

mod account;
mod aid;
mod attach;
mod composer;
mod files;
mod graph;
mod inbox;
mod notification;
mod number;
mod person;
mod presence;
mod reading;
mod replies;
mod role;
mod search;
mod snooze;
mod staff;
mod template;
pub(in crate::web) mod trust;
mod two_step;
mod undo;
mod window;
pub(in crate::web) mod world;

use crate::conversation::{Attachment, AttachmentId};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use futures::StreamExt;
use world::{World, after};

#[tokio::test]
async fn the_first_link_makes_an_admin_and_works_once() {
    let world = World::new().await;
    let token = crate::web::setup_link(&world.desk.store, world.now()).await.unwrap().unwrap();
    let page = world.get(&format!("/join/{token}"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    let form = "name=Ada&email=Ada%40shop.example&password=correct+horse";
    let joined = world.post(&format!("/join/{token}"), "", form).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER);
    let cookie = joined.cookie();
    assert!(joined.set_cookie.contains("HttpOnly") && joined.set_cookie.contains("SameSite=Lax"));
    assert_eq!(world.get("/people", &cookie).await.status, StatusCode::OK);
    assert_eq!(world.post(&format!("/join/{token}"), "", form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(crate::web::setup_link(&world.desk.store, world.now()).await.unwrap(), None);
}

#[tokio::test]
async fn only_the_newest_first_link_opens_the_door_and_only_once() {
    let world = World::new().await;
    let link = || crate::web::setup_link(&world.desk.store, world.now());
    let older = link().await.unwrap().unwrap();
    let newer = link().await.unwrap().unwrap();
    let form = "name=Ada&email=ada%40shop.example&password=correct+horse";
    assert_eq!(world.post(&format!("/join/{older}"), "", form).await.status, StatusCode::NOT_FOUND);
    let joined = world.post(&format!("/join/{newer}"), "", form).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_invitation_with_an_address_is_for_nobody_else() {
    let world = World::new().await;
    let admin = world.admin().await;
    let odd = world.post("/people/invite", &admin, "email=bo%00%40shop.example&role=agent").await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let invited = world.post("/people/invite", &admin, "email=bo%40shop.example&role=agent").await;
    let link = after(&invited.body, "value=\"http://desk.example/join/");
    let page = world.get(&format!("/join/{link}"), "").await.body;
    assert!(page.contains("value=\"bo@shop.example\"") && page.contains("readonly"), "{page}");
    let form = "name=Eve&email=eve%40shop.example&password=battery+staple";
    let joined = world.post(&format!("/join/{link}"), "", form).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER);
    let people = world.get("/people", &admin).await.body;
    assert!(people.contains("bo@shop.example") && !people.contains("eve@"), "{people}");
}

#[tokio::test]
async fn a_weak_password_is_refused_and_keeps_the_link_good() {
    let world = World::new().await;
    let token = crate::web::setup_link(&world.desk.store, world.now()).await.unwrap().unwrap();
    let form = "name=Ada&email=ada%40shop.example&password=password123";
    let refused = world.post(&format!("/join/{token}"), "", form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("tried first"), "{}", refused.body);
    assert_eq!(world.get(&format!("/join/{token}"), "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_page_asks_for_a_login_and_programs_get_the_bare_status() {
    let world = World::new().await;
    for path in [
        "/queue/approval",
        "/conversations/1",
        "/people",
        "/knowledge",
        "/ask",
        "/attachments/1",
        "/live",
    ] {
        let page = world.get(path, "").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.location.starts_with("/login?next=%2F"), "{path} to {}", page.location);
        let bare = world.send("GET", path, &[("accept", "*/*")], "").await;
        assert_eq!(bare.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_act_for_an_agent() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    for path in ["take", "resolve", "reply", "approve"] {
        let path = format!("/conversations/{id}/{path}");
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
        let refused = world.send("POST", &path, &headers, "text=hello").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = world.get(&format!("/conversations/{id}"), &cookie).await;
    assert!(page.body.contains("Waits for a person."));
}

#[tokio::test]
async fn guesses_are_slowed_down_and_time_heals() {
    let world = World::new().await;
    world.admin().await;
    let wrong = "email=ada%40shop.example&password=wrong+horse";
    for _ in 0..10 {
        assert_eq!(world.post("/login", "", wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = "email=ada%40shop.example&password=correct+horse";
    let slowed = world.post("/login", "", right).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.headers[header::RETRY_AFTER], "900");
    world.desk.clock.advance(TimeDelta::minutes(16));
    assert_eq!(world.post("/login", "", right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_made_side_by_side_all_count() {
    let world = World::new().await;
    world.admin().await;
    let guess = || world.post("/login", "", "email=ada%40shop.example&password=wrong+horse");
    let guesses = futures::future::join_all((0..16).map(|_| guess())).await;
    let taken = guesses.iter().filter(|guess| guess.status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(taken, 10);
}

#[tokio::test]
async fn a_stranger_elsewhere_does_not_keep_the_right_person_out() {
    let world = World::new().await;
    world.admin().await;
    let wrong = "email=ada%40shop.example&password=wrong+horse";
    for _ in 0..11 {
        world.post_from("10.0.0.9", "/login", wrong).await;
    }
    let slowed = world.post_from("10.0.0.9", "/login", wrong).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    let right = "email=ada%40shop.example&password=correct+horse";
    for _ in 0..9 {
        world.post_from("10.0.0.1", "/login", wrong).await;
    }
    for _ in 0..3 {
        let login = world.post_from("10.0.0.1", "/login", right).await;
        assert_eq!(login.status, StatusCode::SEE_OTHER, "a right password clears the count");
    }
}

#[tokio::test]
async fn an_address_that_nobody_can_have_is_just_wrong() {
    let world = World::new().await;
    let odd = world.post("/login", "", "email=ada%00%40shop.example&password=correct+horse").await;
    assert_eq!(odd.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_login_leads_back_and_a_logout_ends_it() {
    let world = World::new().await;
    world.admin().await;
    let form = "email=ada%40shop.example&password=correct+horse&next=%2Fqueue%2Fmine";
    let login = world.post("/login", "", form).await;
    assert_eq!(login.location, "/queue/mine");
    let cookie = login.cookie();
    assert_eq!(world.get("/queue/mine", &cookie).await.status, StatusCode::OK);
    assert_eq!(world.post("/logout", &cookie, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/queue/mine", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_approval_sends_the_draft_and_opens_the_next_conversation() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let first = world.drafted("How do I return a tent?").await;
    let second = world.drafted("What about boots?").await;
    let queue = world.get("/queue/approval", &cookie).await;
    assert!(queue.body.contains(&first) && queue.body.contains(&second));
    let page = world.get(&format!("/conversations/{first}?queue=approval"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    // Browsers send the line ends of forms as CR LF; that is no edit.
    let form = format!("queue=approval&draft={draft}&text={}", world::DRAFT_AS_SENT);
    let sent = world.post(&format!("/conversations/{first}/approve"), &cookie, &form).await;
    assert_eq!(
        sent.location,
        format!("/conversations/{second}?queue=approval&done=approved-right")
    );
    assert_eq!(world.verdict(&first).await, ("approved".to_owned(), "right".to_owned()));
    let page = world.get(&format!("/conversations/{first}?queue=all"), &cookie).await;
    assert!(page.body.contains("Rests on 1 excerpt"), "{}", page.body);
}

#[tokio::test]
async fn an_edit_of_facts_is_told_apart_from_one_of_wording() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for (facts, text, verdict) in [
        (
            "auto",
            "Dear you, send it back within 30 days, see https://shop.example/returns. Bye",
            "wording",
        ),
        ("auto", "Send it back within 14 days, see https://shop.example/returns.", "wrong"),
        ("no", "Send it back within 14 days, see https://shop.example/returns.", "wording"),
        ("yes", "Send it back within 30 days, please, see https://shop.example/returns.", "wrong"),
    ] {
        let id = world.drafted("How do I return a tent?").await;
        let page = world.get(&format!("/conversations/{id}"), &cookie).await;
        let draft = after(&page.body, "name=\"draft\" value=\"");
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let form = format!("draft={draft}&facts={facts}&text={text}");
        let sent = world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert_eq!(world.verdict(&id).await, ("edited".to_owned(), verdict.to_owned()), "{form}");
    }
}

#[tokio::test]
async fn a_newer_message_makes_an_approval_stale_and_keeps_the_words() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    world.write("How do I return a tent?", "And who pays?").await;
    let form = format!("draft={draft}&text=My+own+careful+words");
    let stale = world.post(&format!("/conversations/{id}/approve"), &cookie, &form).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("out of date") && stale.body.contains("My own careful words"));
    assert!(stale.body.contains("And who pays?"));
}

#[tokio::test]
async fn words_of_customers_and_notes_stay_harmless_and_apart() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("<script>alert(1)</script> **bold** \u{202e}evil").await;
    let noted = world.post(&format!("/conversations/{id}/note"), &cookie, "text=VIP").await;
    assert_eq!(noted.location, format!("/conversations/{id}?queue=all&done=noted"));
    let page = world.get(&format!("/conversations/{id}"), &cookie).await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("**bold** ⟨U+202E⟩evil"));
    assert!(page.body.contains("note, only for the team"));
    assert!(!page.body.contains("style="), "the content security policy forbids inline style");
}

#[tokio::test]
async fn only_admins_invite() {
    let world = World::new().await;
    let admin = world.admin().await;
    let invited = world.post("/people/invite", &admin, "email=bo%40shop.example&role=agent").await;
    let link = after(&invited.body, "value=\"http://desk.example/join/");
    let form = "name=Bo&email=bo%40shop.example&password=battery+staple";
    let agent = world.post(&format!("/join/{link}"), "", form).await.cookie();
    let refused = world.post("/people/invite", &agent, "role=admin").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!world.get("/people", &agent).await.body.contains("Invite somebody"));
}

#[tokio::test]
async fn a_file_of_ours_is_sent_once_and_asked_after() {
    let world = World::new().await;
    let first = world.get("/static/app.css", "").await;
    assert_eq!(first.status, StatusCode::OK);
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    let again = world.send("GET", "/static/app.css", &[("if-none-match", &tag)], "").await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(world.get("/static/../../Cargo.toml", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_a_download_that_no_browser_runs() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.file("evil \"page\".html", "text/html", b"<script>alert(1)</script>").await;
    let file = world.get(&format!("/attachments/{id}"), &cookie).await;
    assert_eq!(file.body, "<script>alert(1)</script>");
    let header = |name| file.headers[name].to_str().unwrap();
    assert!(header("content-disposition").starts_with("attachment;"), "{:?}", file.headers);
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    for gone in ["/attachments/other", "/attachments/..%2Fsureply.db"] {
        assert_eq!(world.get(gone, &cookie).await.status, StatusCode::NOT_FOUND, "{gone}");
    }
}

#[tokio::test]
async fn a_voice_note_is_played_on_the_page_and_a_picture_is_not() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for (media_type, url, plays) in [
        ("audio/ogg", None, true),
        ("audio/mpeg", None, true),
        ("audio/ogg", Some("https://files.example/note.ogg"), false),
        ("image/png", None, false),
        ("application/pdf", None, false),
    ] {
        let id = AttachmentId::from(world.file("a \"note\"", media_type, b"OggS").await);
        let file = Attachment {
            id: id.clone(),
            name: "a \"note\"".into(),
            media_type: media_type.into(),
            size: 4,
            url: url.map(str::to_owned),
            missing: None,
            heard: None,
        };
        let conversation = world.write_with("sender", "", vec![file]).await;
        let page = world.get(&format!("/conversations/{conversation}"), &cookie).await;
        let player = format!("<audio controls preload=\"none\" src=\"/attachments/{id}\"");
        assert_eq!(page.body.contains(&player), plays, "{media_type} {url:?}: {}", page.body);
    }
}

#[tokio::test]
async fn what_was_heard_stands_under_the_player_as_a_machines_words() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = AttachmentId::from(world.file("note", "audio/ogg", b"OggS").await);
    let file = Attachment {
        id: id.clone(),
        name: "note".into(),
        media_type: "audio/ogg".into(),
        size: 4,
        url: None,
        missing: None,
        heard: None,
    };
    let words = "Where is <b>my</b> tent?";
    let conversation = world.write_with("sender", "", vec![file]).await;
    let path = format!("/conversations/{conversation}");
    assert!(!world.get(&path, &cookie).await.body.contains("transcribed by a machine"));
    world.desk.store.put_transcript(&id, words, "whisper", world.now()).await.unwrap();
    let page = world.get(&path, &cookie).await.body;
    let (_, after) = page.split_once("</audio>").expect("a player");
    let (_, heard) = after.split_once("transcribed by a machine").expect("a label after it");
    assert!(heard.contains("Where is &#60;b&#62;my&#60;/b&#62; tent?"), "{heard}");
    assert!(!page.contains("<b>my"), "{page}");
}

#[tokio::test]
async fn an_open_page_hears_of_a_change() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let mut news = world.listen("/live", &cookie).await;
    world.post(&format!("/conversations/{id}/take"), &cookie, "").await;
    let told = news.next().await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&told), format!("event: change\ndata: {id}\n\n"));
}

#[tokio::test]
async fn what_happened_while_a_page_was_on_its_way_is_told_first() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let page = world.get("/queue/all", &cookie).await;
    let made = after(&page.body, "data-now=\"");
    let id = world.drafted("Where is my tent?").await;
    let mut news = world.listen(&format!("/live?since={made}"), &cookie).await;
    let told = news.next().await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&told), "event: change\ndata: some\n\n");
    world.desk.clock.advance(TimeDelta::minutes(1));
    let later = world.get("/queue/all", &cookie).await;
    let made = after(&later.body, "data-now=\"");
    let mut news = world.listen(&format!("/live?since={made}"), &cookie).await;
    world.post(&format!("/conversations/{id}/take"), &cookie, "").await;
    let told = news.next().await.unwrap().unwrap();
    let taken = format!("event: change\ndata: {id}\n\n");
    assert_eq!(String::from_utf8_lossy(&told), taken, "nothing was before it");
}

#[tokio::test]
async fn an_open_page_hears_of_what_another_node_did() {
    let world = World::new().await;
    let cookie = world.admin().await;
    world.write("ann", "Where is my tent?").await;
    let mut news = world.listen("/live", &cookie).await;
    world.desk.clock.advance(TimeDelta::seconds(1));
    // The store is written behind this node's back: it tells no news.
    world.write("ann", "Hello?").await;
    let told = news.next().await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&told), "event: change\ndata: some\n\n");
}

#[tokio::test]
async fn a_page_learns_whether_an_edit_touches_facts() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    for (text, touched) in [(world::DRAFT_AS_SENT, false), ("Within+90+days", true)] {
        let form = format!("draft={draft}&text={text}");
        let judged = world.post(&format!("/conversations/{id}/compare"), &cookie, &form).await;
        let told: serde_json::Value = serde_json::from_str(&judged.body).unwrap();
        assert_eq!(told["facts_changed"], touched);
    }
}

#[tokio::test]
async fn an_act_on_nothing_and_an_act_without_words_say_so() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let nothing = world.post("/conversations/1/take", &cookie, "").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.body.contains("no such conversation"));
    let id = world.drafted("How do I return a tent?").await;
    for (act, advice) in [
        ("approve", "Write something first"),
        ("reply", "Write something first"),
        ("note", "Write something first"),
        ("reject", "choose a reason"),
    ] {
        let refused =
            world.post(&format!("/conversations/{id}/{act}"), &cookie, "text=+%0D%0A%00").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        assert!(refused.body.contains(advice), "{act}");
    }
}

#[tokio::test]
async fn a_rejected_draft_makes_the_conversation_the_agents_own() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let page = world.get(&format!("/conversations/{id}?queue=approval"), &cookie).await;
    let draft = after(&page.body, "name=\"draft\" value=\"");
    let form = format!("queue=approval&draft={draft}&reason=Out+of+date");
    let rejected = world.post(&format!("/conversations/{id}/reject"), &cookie, &form).await;
    assert_eq!(rejected.location, format!("/conversations/{id}?queue=approval&done=rejected"));
    assert_eq!(world.verdict(&id).await, ("rejected".to_owned(), "wrong".to_owned()));
    assert!(world.get("/queue/mine", &cookie).await.body.contains(&id));
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(page.contains("Why: Out of date"), "colleagues read the reason: {page}");
    let again = world.post(&format!("/conversations/{id}/reject"), &cookie, &form).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("Out of date"), "the reason is kept");
}

#[tokio::test]
async fn a_message_of_unknown_fate_is_settled_by_a_person() {
    let world = World::new().await;
    let cookie = world.admin().await;
    for (act, words) in [("sent", "Sent"), ("again", "Waits to be sent")] {
        let id = world.drafted(act).await;
        let here = format!("/conversations/{id}");
        world.post(&format!("{here}/reply"), &cookie, "text=Hello").await;
        world.lose_deliveries().await;
        let page = world.get(&here, &cookie).await.body;
        assert!(page.contains("nobody knows") && page.contains("Send it again"), "{page}");
        let message = after(&page, &format!("action=\"{here}/deliveries/"));
        let message = message.split('/').next().unwrap();
        let path = format!("{here}/deliveries/{message}/{act}");
        let settled = world.post(&path, &cookie, "queue=mine").await;
        assert_eq!(settled.location, format!("{here}?queue=mine&done=settled-{act}"));
        let page = world.get(&here, &cookie).await.body;
        assert!(page.contains(words) && !page.contains("Send it again"), "{page}");
        let late = world.post(&path, &cookie, "").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("a colleague was faster"), "{}", late.body);
    }
}
