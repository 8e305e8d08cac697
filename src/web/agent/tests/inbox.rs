//! The inbox: its order, and all that is done to many conversations at once.

use super::world::World;
use crate::clock::Clock;
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
