//! Aid: once a person is brought in, a model sums up for them, and suggests a reply where nothing does.
//!
//! It comes after the decision is stored, so that this turn's customer and the queue do not wait for it,
//! and whatever goes wrong leaves what the decision itself says. The turn's worker is busy until then.

use super::Desk;
use crate::answer::{Asked, Request};
use crate::conversation::{Action, Conclusion, Mode, Turn};
use serde_json::json;

impl Desk {
    /// Has the model write for the person who takes over, and keeps it beside the decision.
    pub(super) async fn aid(&self, turn: &Turn, conclusion: &Conclusion, asked: &[Asked]) {
        let needs_person = matches!(conclusion.action, Action::Draft | Action::Escalate);
        if !self.answerer.is_model() || !needs_person || turn.inbox.mode == Mode::Shadow {
            return;
        }
        if let Ok(Some(_)) = self.spent(turn).await {
            return;
        }
        let request = Request { turn, lang: conclusion.lang, asked };
        let reason = conclusion.reasons.first().map_or("", |reason| reason.sentence());
        let suggests = conclusion.draft.is_none();
        let Some(aid) = self.answerer.aid(&request, reason, suggests).await else { return };
        self.count_spending(turn, &aid.used).await;
        if aid.summary.is_none() && aid.suggestion.is_none() {
            tracing::info!(turn.id = %turn.id, "the model wrote nothing of use for the person");
            return;
        }
        let kept = self.store.put_aid(&conclusion.id, &json!(aid), self.clock.now()).await;
        if let Err(error) = kept {
            tracing::error!(turn.id = %turn.id, error = format!("{error:#}"),
                "what the model wrote for a person could not be kept");
            return;
        }
        self.tell(&turn.conversation.id);
    }
}
