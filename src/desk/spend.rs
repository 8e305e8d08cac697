//! Spending: what calls of a model take is counted, and held against the settings' limits.
//!
//! Turns of customers count against their conversation and the day; what is only tried (a question of
//! one's own, a labelled set, another prompt) against the day alone. A turn that has begun is finished:
//! limits are looked at before it, and calls that run at that time may go a little beyond them.

use super::Desk;
use crate::answer::{Meter, ModelUse, Spent};
use crate::config::Model;
use crate::conversation::ConversationId;
use crate::store::Spending;

impl Desk {
    /// Why no model may be asked now, if so: a budget is used up, or nobody can tell whether it is.
    pub(super) async fn spent(&self, conversation: Option<&ConversationId>) -> Option<Spent> {
        let model = self.config.model.as_ref().filter(|model| is_limited(model))?;
        let day = self.clock.now().date_naive();
        match self.store.spent(day, conversation).await {
            Ok((all, one)) => over(model, all, one),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "what the model's calls have taken cannot be read; no model is asked"
                );
                Some(Spent::Unknown)
            }
        }
    }

    /// Runs what may ask a model, and counts what that took.
    pub(super) async fn counted<F: Future>(
        &self,
        conversation: Option<&ConversationId>,
        work: F,
    ) -> F::Output {
        let meter = Meter::default();
        let done = meter.over(work).await;
        self.count_spending(conversation, &meter.taken()).await;
        done
    }

    /// Counts what calls took, whatever has become of what they were for.
    pub(super) async fn count_spending(
        &self,
        conversation: Option<&ConversationId>,
        uses: &[ModelUse],
    ) {
        if uses.is_empty() {
            return;
        }
        let mut spending = Spending::default();
        for used in uses {
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            spending.calls += i64::from(used.attempts);
            spending.tokens += signed(used.tokens_in + used.tokens_out);
            spending.cost_micros += signed(used.cost_micros);
            tell_metrics(used);
        }
        let day = self.clock.now().date_naive();
        if let Err(error) = self.store.spend(day, conversation, spending).await {
            tracing::error!(conversation.id = ?conversation, error = format!("{error:#}"),
                "what calls to the model took could not be counted");
        }
    }
}

fn is_limited(model: &Model) -> bool {
    model.cost_per_day.is_some()
        || model.cost_per_conversation.is_some()
        || model.tokens_per_day.is_some()
        || model.tokens_per_conversation.is_some()
}

/// The budget that is used up, the day's first.
fn over(model: &Model, all: Spending, one: Spending) -> Option<Spent> {
    let is_over = |spent: Spending, tokens: Option<u64>, cost: Option<f64>| {
        tokens.is_some_and(|most| u64::try_from(spent.tokens).unwrap_or(0) >= most)
            || cost.is_some_and(|most| spent.cost_micros >= micros(most))
    };
    if is_over(all, model.tokens_per_day, model.cost_per_day) {
        return Some(Spent::Day);
    }
    is_over(one, model.tokens_per_conversation, model.cost_per_conversation)
        .then_some(Spent::Conversation)
}

fn tell_metrics(used: &ModelUse) {
    let name = used.name.clone();
    metrics::counter!("sureply_model_requests_total", "model" => name.clone())
        .increment(u64::from(used.attempts));
    metrics::counter!("sureply_model_tokens_total", "model" => name.clone(), "kind" => "in")
        .increment(used.tokens_in);
    metrics::counter!("sureply_model_tokens_total", "model" => name.clone(), "kind" => "out")
        .increment(used.tokens_out);
    metrics::counter!("sureply_model_cost_micros_total", "model" => name)
        .increment(used.cost_micros);
}

/// An amount in millionths.
#[expect(clippy::cast_possible_truncation, reason = "the settings hold amounts that people pay")]
fn micros(amount: f64) -> i64 {
    (amount * 1e6) as i64
}
