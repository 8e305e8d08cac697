//! Void turns: once somebody has written or acted meanwhile, nobody will get the answer in the making, and
//! the call to a model that it waits for is broken off.

use super::Desk;
use super::respond::Ending;
use crate::answer::Meter;
use crate::conversation::Turn;
use crate::store::Claimed;
use std::time::Duration;

/// How often a turn in the making is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Desk {
    /// What follows from a turn, or nothing once the claim on it is void.
    pub(super) async fn conclude_unless_changed(
        &self,
        claimed: &Claimed,
        turn: &Turn,
        is_last: bool,
    ) -> Option<Ending> {
        if !self.answerer.is_model() {
            return Some(self.conclude_from(turn, is_last).await);
        }
        let meter = Meter::default();
        let ending = tokio::select! {
            ending = meter.over(Box::pin(self.conclude_from(turn, is_last))) => Some(ending),
            () = self.until_changed(claimed) => None,
        };
        self.count_spending(Some(&turn.conversation.id), &meter.taken()).await;
        ending
    }

    /// Returns once the claim on a turn is void. News of this node tell at once, looking tells what
    /// happened on others.
    async fn until_changed(&self, claimed: &Claimed) {
        let mut news = self.follow();
        loop {
            let told = tokio::time::timeout(LOOK_EVERY, news.recv()).await;
            if matches!(&told, Ok(Ok(news)) if news.conversation_id != claimed.conversation_id) {
                continue;
            }
            // Whether it can be read or not, the decision itself is checked when it is stored.
            if matches!(self.store.is_claimed(claimed).await, Ok(false)) {
                return;
            }
        }
    }
}
