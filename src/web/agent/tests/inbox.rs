//! The inbox: its order, and all that is done to many conversations at once.

use super::world::World;
use crate::clock::Clock;
use axum::http::StatusCode;
use chrono::{TimeDelta, TimeZone, Utc};

#[tokio::test]
async fn a_row_says_until_when_somebody_must_have_answered() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    for (hours, words, tone) in [
        (0, "due in 24 h", "\"due \""),
        (10, "due in 14 h", "\"due \""),
        (10, "due in 4 h", "\"due soon\""),
        (5, "overdue 1 h", "\"due late\""),
    ] {
        clock.advance(TimeDelta::hours(hours));
        for path in ["/queue/approval", &format!("/conversations/{id}"), "/search?inbox=web"] {
            let page = world.get(path, &cookie).await.body;
            assert!(page.contains(words) && page.contains(tone), "{words}, {path}: {page}");
        }
    }
    world.post(&format!("/conversations/{id}/reply"), &cookie, "text=Yes").await;
    world.desk.run_due().await.unwrap();
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(!page.contains("data-due"), "{page}");
}

#[tokio::test]
async fn what_people_say_of_a_conversation_stands_in_its_thread_and_its_row() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    let act = async |what: &str, form: &str| {
        world.post(&format!("/conversations/{id}/{what}"), &cookie, form).await
    };
    for (what, form) in [("priority", "priority=soon"), ("tag", "tag=a%2Cb"), ("assign", "agent=x")]
    {
        let refused = act(what, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(refused.body.contains("Nothing was"), "{}", refused.body);
    }
    assert!(act("priority", "priority=urgent").await.location.contains("done=priority"));
    assert!(act("tag", "tag=%3Cb%3E+Refund").await.location.contains("done=tagged"));
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    for words in ["Ada set the priority: urgent.", "Ada added the tag &lt;b&gt; refund."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<b> refund"), "{page}");
    let row = world.get("/queue/approval", &cookie).await.body;
    assert!(row.contains("&#60;b&#62; refund") && row.contains("due in 1 h"), "{row}");
    let found = world.get("/search?tag=%3Cb%3E+refund&priority=urgent", &cookie).await.body;
    assert!(found.contains(&format!("row-{id}")), "{found}");
    let tags = world.get("/tags", &cookie).await.body;
    assert_eq!(tags, r#"["<b> refund"]"#);
    assert!(act("untag", "tag=%3Cb%3E+refund").await.location.contains("done=untagged"));
    let found = world.get("/search?tag=%3Cb%3E+refund", &cookie).await.body;
    assert!(!found.contains(&format!("row-{id}")), "{found}");
}

#[tokio::test]
async fn a_blocked_contact_is_listed_and_can_be_unblocked() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("Buy cheap tents").await;
    let path = format!("/conversations/{id}");
    let refused = world.post(&format!("{path}/block"), &cookie, "reason=+").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let blocked = world.post(&format!("{path}/block"), &cookie, "reason=spam+%3Ci%3E").await;
    assert!(blocked.location.contains("done=blocked"), "{}", blocked.location);
    world.write("Buy cheap tents", "Buy cheaper tents").await;
    assert!(!world.get("/queue/approval", &cookie).await.body.contains(&format!("row-{id}")));
    let page = world.get(&path, &cookie).await.body;
    assert!(page.contains("Blocked by Ada") && page.contains("spam &#60;i&#62;"), "{page}");
    let again = world.post(&format!("{path}/give-back"), &cookie, "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let list = world.get("/blocked", &cookie).await.body;
    let contact = super::world::after(&list, "action=\"/blocked/");
    let contact = contact.trim_end_matches("/unblock");
    let form = format!("conversation={id}");
    let back = world.post(&format!("/blocked/{contact}/unblock"), &cookie, &form).await;
    assert_eq!(back.location, format!("{path}?done=unblocked"));
    assert!(world.get("/queue/handed-off", &cookie).await.body.contains(&format!("row-{id}")));
    let foreign = world
        .post(&format!("/blocked/{contact}/unblock"), &cookie, "conversation=%2F%2Fevil")
        .await;
    assert_eq!(foreign.location, "/blocked?done=unchanged");
}

#[tokio::test]
async fn many_are_done_at_once_and_each_is_refused_for_itself() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::with(clock, 10).await;
    let cookie = world.admin().await;
    let (one, two) = (world.drafted("First?").await, world.drafted("Second?").await);
    let held = world.drafted("Third?").await;
    world.post(&format!("/conversations/{held}/reply"), &cookie, "text=Yes").await;
    let all = format!("id={one}&id={two}&id={held}&to=%2Fqueue%2Fapproval%3Fpage%3D1");
    let done = world.post("/bulk", &cookie, &format!("{all}&act=resolve")).await;
    assert_eq!(done.location, "/queue/approval?page=1&bulk=2-1-0-0-0");
    let page = world.get(&done.location, &cookie).await.body;
    assert!(
        page.contains("2 done. 1 not: a colleague&#39;s words are about to be sent there."),
        "{page}"
    );
    assert_eq!(world.get("/queue/resolved", &cookie).await.body.matches("id=\"row-").count(), 2);
    let tagged = world.post("/bulk", &cookie, &format!("{all}&act=tag&tag=refund")).await;
    assert!(tagged.location.ends_with("bulk=3-0-0-0-0"), "{}", tagged.location);
    let away = world.post("/bulk", &cookie, "id=none&act=take&to=%2F%2Fevil.example").await;
    assert_eq!(away.location, "/queue/all?bulk=0-0-0-0-1");
    let many = (0..201).map(|number| format!("id={number}")).collect::<Vec<_>>().join("&");
    for wrong in [&*format!("{many}&act=take"), "act=take", "id=1&act=dance", "id=1&act=tag&tag="] {
        let refused = world.post("/bulk", &cookie, wrong).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", &wrong[wrong.len().min(20)..]);
    }
}

#[tokio::test]
async fn a_search_is_kept_under_a_name_and_counted() {
    let world = World::new().await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    world.post(&format!("/conversations/{id}/tag"), &cookie, "tag=refund").await;
    let form = "name=Refunds+%3Cb%3E&shared=on&query=tag%3Drefund%26page%3D3%26evil%3D1";
    let kept = world.post("/views", &cookie, form).await;
    assert_eq!(kept.location, "/search?tag=refund&done=view-kept");
    let page = world.get("/queue/all", &cookie).await.body;
    assert!(
        page.contains("href=\"/search?tag=refund\"") && page.contains("Refunds &#60;b&#62;"),
        "{page}"
    );
    let view = super::world::after(&page, "data-view=\"");
    let counts = world.get("/views/counts", &cookie).await.body;
    assert_eq!(counts, format!("{{\"{view}\":\"1\"}}"));
    world.post(&format!("/conversations/{id}/untag"), &cookie, "tag=refund").await;
    assert_eq!(world.get("/views/counts", &cookie).await.body, counts, "known for some seconds");
    world.desk.clock.advance(TimeDelta::seconds(10));
    let counts = world.get("/views/counts", &cookie).await.body;
    assert_eq!(counts, format!("{{\"{view}\":\"0\"}}"));
    let other = world.person(crate::store::Role::Agent).await;
    assert!(world.get("/views", &other).await.body.contains("Refunds"));
    for what in ["change", "delete"] {
        let refused = world.post(&format!("/views/{view}/{what}"), &other, "name=Mine").await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{what}");
    }
    let changed = world.post(&format!("/views/{view}/change"), &cookie, "name=Own").await;
    assert_eq!(changed.location, "/views?done=view-changed");
    assert!(!world.get("/views", &other).await.body.contains("Own"), "no longer shared");
    for wrong in
        ["name=&query=tag%3Da", "name=All&query=", &format!("name={}&query=q%3Da", "x".repeat(61))]
    {
        assert_eq!(world.post("/views", &cookie, wrong).await.status, StatusCode::BAD_REQUEST);
    }
    world.post(&format!("/views/{view}/delete"), &cookie, "").await;
    assert!(!world.get("/queue/all", &cookie).await.body.contains("data-view"));
}

#[tokio::test]
async fn who_took_a_conversation_and_went_away_loses_it() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::at(clock.clone()).await;
    let cookie = world.admin().await;
    let id = world.drafted("How do I return a tent?").await;
    world.post(&format!("/conversations/{id}/take"), &cookie, "").await;
    clock.advance(TimeDelta::minutes(29));
    world.get("/queue/mine", &cookie).await;
    clock.advance(TimeDelta::minutes(29));
    assert_eq!(world.desk.run_due().await.unwrap(), 0, "a page was open half an hour ago");
    clock.advance(TimeDelta::minutes(2));
    assert_eq!(world.desk.run_due().await.unwrap(), 1);
    let page = world.get(&format!("/conversations/{id}"), &cookie).await.body;
    assert!(
        page.contains("Ada was away for too long") && page.contains("Waits for a person."),
        "{page}"
    );
}
