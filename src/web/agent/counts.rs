//! How many conversations kept searches find: counted a few at a time, and known for some seconds.
//!
//! The rail asks on each page and at each news, for as many searches as the team keeps. A search finds the same
//! for everybody, so that what one has counted serves all; who waits for a count that another is at gets that.

use super::search::Wanted;
use crate::store::SavedView;
use crate::web::Web;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio::sync::Mutex;

/// Conversations that are counted; of more it is only said that there are more.
const COUNTED: i64 = 999;

/// Searches that are counted anew at once; the others are told as they were, or not yet.
const AT_ONCE: usize = 20;

/// How long a count is taken for what is true.
const FRESH: TimeDelta = TimeDelta::seconds(10);

/// How long one is kept.
const KEPT: TimeDelta = TimeDelta::minutes(10);

/// What searches have found lately, by what was looked for.
#[derive(Default)]
pub struct Counts(Mutex<HashMap<String, Counted>>);

struct Counted {
    at: DateTime<Utc>,
    count: String,
}

impl Counts {
    /// How many conversations each view finds, by its identifier, as far as it is known.
    pub(super) async fn of(
        &self,
        web: &Web,
        views: &[SavedView],
    ) -> Result<BTreeMap<String, String>> {
        let now = web.desk.clock.now();
        let mut known = self.0.lock().await;
        known.retain(|_, counted| now - counted.at < KEPT);
        for query in due(views, &known, now) {
            let count = count(web, &query).await?;
            known.insert(query, Counted { at: now, count });
        }
        let told = views.iter().filter_map(|view| {
            let counted = known.get(&view.query)?;
            Some((view.id.to_string(), counted.count.clone()))
        });
        Ok(told.collect())
    }
}

/// The searches to count now: those that are not known first, then the oldest.
fn due(views: &[SavedView], known: &HashMap<String, Counted>, now: DateTime<Utc>) -> Vec<String> {
    let counted_at = |query: &str| known.get(query).map(|counted| counted.at);
    let sought: HashSet<&str> = views.iter().map(|view| view.query.as_str()).collect();
    let is_due = |query: &&str| counted_at(query).is_none_or(|at| now - at >= FRESH);
    let mut due: Vec<&str> = sought.into_iter().filter(is_due).collect();
    due.sort_by_key(|query| (counted_at(query), *query));
    due.into_iter().take(AT_ONCE).map(str::to_owned).collect()
}

async fn count(web: &Web, query: &str) -> Result<String> {
    let wanted = Wanted::read(query);
    let count = web.finder.count(wanted.words(), &wanted.filter(), COUNTED + 1).await?;
    Ok(if count > COUNTED { format!("{COUNTED}+") } else { count.to_string() })
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, Counted, due};
    use crate::store::SavedView;
    use chrono::{DateTime, TimeDelta, Utc};
    use std::collections::HashMap;

    fn view(query: &str) -> SavedView {
        let (id, agent_id) = (query.into(), "ada".into());
        SavedView { id, agent_id, name: query.into(), shared: false, query: query.into() }
    }

    #[test]
    fn what_is_not_known_is_counted_first_then_the_oldest_and_nothing_twice() {
        let now: DateTime<Utc> = "2026-03-04T09:30:00Z".parse().unwrap();
        let counted = |query: &str, seconds| {
            let at = now - TimeDelta::seconds(seconds);
            (query.to_owned(), Counted { at, count: "1".into() })
        };
        let known = HashMap::from([counted("new", 9), counted("old", 10), counted("older", 11)]);
        let views = ["old", "older", "new", "none", "none"].map(view);
        assert_eq!(due(&views, &known, now), ["none", "older", "old"]);
        let many: Vec<SavedView> = (0..200).map(|n| view(&n.to_string())).collect();
        assert_eq!(due(&many, &HashMap::new(), now).len(), AT_ONCE);
    }
}
