//! Spending: what a turn's calls of a model took is counted, and held against the settings' limits.

use super::{Desk, Record};
use crate::answer::ModelUse;
use crate::conversation::Turn;
use crate::store::Spending;
use anyhow::Result;

impl Desk {
    /// The budget that is used up, if one is: no model is asked for this turn then.
    pub(super) async fn spent(&self, turn: &Turn) -> Result<Option<&'static str>> {
        let Some(model) = &self.config.model else { return Ok(None) };
        let is_limited = model.cost_per_day.is_some()
            || model.cost_per_conversation.is_some()
            || model.tokens_per_day.is_some()
            || model.tokens_per_conversation.is_some();
        if !is_limited {
            return Ok(None);
        }
        let day = self.clock.now().date_naive();
        let (all, one) = self.store.spent(day, &turn.conversation.id).await?;
        let limits = [
            (all, model.tokens_per_day, model.cost_per_day, "the day"),
            (one, model.tokens_per_conversation, model.cost_per_conversation, "the conversation"),
        ];
        let is_over = |spent: Spending, tokens: Option<u64>, cost: Option<f64>| {
            tokens.is_some_and(|most| u64::try_from(spent.tokens).unwrap_or(0) >= most)
                || cost.is_some_and(|most| spent.cost_micros >= micros(most))
        };
        let over =
            limits.into_iter().find(|(spent, tokens, cost, _)| is_over(*spent, *tokens, *cost));
        Ok(over.map(|(_, _, _, name)| name))
    }

    /// Counts what a decision's calls took, whatever becomes of the decision.
    pub(super) async fn count_spending(&self, turn: &Turn, uses: &[ModelUse]) {
        if uses.is_empty() {
            return;
        }
        let mut spending = Spending::default();
        for used in uses {
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            spending.calls += i64::from(used.attempts);
            spending.tokens += signed(used.tokens_in + used.tokens_out);
            spending.cost_micros += signed(used.cost_micros);
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
        let day = self.clock.now().date_naive();
        if let Err(error) = self.store.spend(day, &turn.conversation.id, spending).await {
            tracing::error!(turn.id = %turn.id, error = format!("{error:#}"),
                "what a call to the model took could not be counted");
        }
    }
}

/// Every use of a model in a record.
pub(super) fn uses(record: &Record) -> Vec<ModelUse> {
    let rewriting = record.rewriting.as_ref().and_then(|rewriting| rewriting.model.clone());
    let asking = record.asking.as_ref().and_then(|asking| asking.model.clone());
    rewriting.into_iter().chain(record.model.clone()).chain(asking).collect()
}

/// An amount in millionths.
#[expect(clippy::cast_possible_truncation, reason = "the settings hold amounts that people pay")]
fn micros(amount: f64) -> i64 {
    (amount * 1e6) as i64
}
