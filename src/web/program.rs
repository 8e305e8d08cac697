//! Programs that use the API: known by their token, which is looked up once a second at most.

use crate::store::{Program, Store};
use crate::token;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a token that was good counts as good; one that is revoked is refused by then.
const TRUST: TimeDelta = TimeDelta::seconds(1);

/// The tokens that were good a moment ago, by their hash, with what they open: as many as there are
/// programs, no more, since bad ones are not kept.
#[derive(Debug, Default)]
pub struct Programs(Mutex<HashMap<String, (DateTime<Utc>, Program)>>);

impl Programs {
    /// What a token opens, if it is good. It is never compared itself: only its hash is looked up, so that the
    /// time this takes tells nothing.
    pub(super) async fn know(
        &self,
        token: &str,
        store: &Store,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Option<Program>> {
        let hash = token::hash(token);
        if let Some((seen, program)) = self.seen(&hash)
            && seen <= now
            && now - seen < TRUST
        {
            return Ok(Some(program));
        }
        let program = store.use_token(&hash, now).await?;
        self.note(hash, program.clone().map(|program| (now, program)));
        Ok(program)
    }

    fn seen(&self, hash: &str) -> Option<(DateTime<Utc>, Program)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn note(&self, hash: String, seen: Option<(DateTime<Utc>, Program)>) {
        let mut good = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen {
            Some(seen) => good.insert(hash, seen),
            None => good.remove(&hash),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Programs, TRUST};
    use crate::store::Store;
    use crate::token;
    use chrono::{DateTime, TimeDelta};

    #[tokio::test]
    async fn a_token_is_looked_up_again_after_a_second_and_a_bad_one_every_time() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let open = async |name: &str| {
            let url = format!("sqlite://{}", folder.path().join(name).display());
            Store::open(&url).await.expect("a store")
        };
        let (store, without) = (open("with.db").await, open("without.db").await);
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let programs = Programs::default();
        let know = async |store, at| {
            programs.know("secret", store, at).await.expect("an answer").is_some()
        };

        assert!(!know(&store, now).await, "nobody has made it yet");
        store.add_token(&token::hash("secret"), "shop", None, None, now).await.expect("stored");
        assert!(know(&store, now).await);
        // Another store stands in for one in which the token has been revoked.
        assert!(know(&without, now + TRUST - TimeDelta::milliseconds(1)).await);
        assert!(!know(&without, now + TRUST).await);
        assert!(!know(&without, now).await, "and forgotten");
    }
}
