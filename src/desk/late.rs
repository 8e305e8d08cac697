//! Missed targets: counted and told in the thread, once each.

use super::Desk;
use anyhow::Result;

impl Desk {
    /// Notes the targets that were missed; returns how many.
    pub(super) async fn miss(&self) -> Result<usize> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if self.store.next_miss().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let missed = self.store.miss(now).await?;
        for id in &missed {
            metrics::counter!("sureply_targets_missed_total").increment(1);
            tracing::warn!(conversation.id = %id, "a customer waits longer than the target");
            self.tell(id);
        }
        Ok(missed.len())
    }
}
