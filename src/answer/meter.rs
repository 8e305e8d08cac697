//! The meter: what the calls of a turn take, for a turn that ends without a record to say so.
//!
//! A turn that a newer message makes void is dropped in the middle of a call, with all that would have
//! told what it took. Its budget is the business's money all the same.

use super::used::{ModelUse, cost};
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    static METER: Meter;
}

/// Notes what is taken while it runs.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Vec<ModelUse>>>);

impl Meter {
    /// Runs something with this meter.
    pub async fn over<F: Future>(&self, work: F) -> F::Output {
        METER.scope(self.clone(), work).await
    }

    /// What was taken so far: calls that ended, and requests that were broken off.
    pub fn taken(&self) -> Vec<ModelUse> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, used: ModelUse) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(used);
    }
}

/// Notes a call that has ended.
pub(super) fn note(used: &ModelUse) {
    // Where no meter runs, a record is kept in any case.
    let _is_metered = METER.try_with(|meter| meter.note(used.clone())).is_ok();
}

/// A request under way; dropped before it has ended it counts by what it gave to read.
pub(super) struct UnderWay {
    meter: Option<Meter>,
    broken_off: ModelUse,
}

impl UnderWay {
    /// A request to a model, with the tokens it gives to read.
    pub(super) fn begin(model: &str, prices: (f64, f64), tokens: usize) -> Self {
        let tokens_in = tokens as u64;
        let cost_micros = cost(prices, tokens_in, 0);
        let name = model.to_owned();
        let broken_off =
            ModelUse { name, tokens_in, cost_micros, attempts: 1, ..ModelUse::default() };
        Self { meter: METER.try_with(Meter::clone).ok(), broken_off }
    }

    /// The reply has come, or the endpoint's word that there is none.
    pub(super) fn end(mut self) {
        self.meter = None;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(meter) = self.meter.take() {
            meter.note(std::mem::take(&mut self.broken_off));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, UnderWay};

    #[tokio::test]
    async fn only_a_request_that_is_broken_off_counts() {
        let meter = Meter::default();
        let ended = async { UnderWay::begin("m", (1.0, 1.0), 100).end() };
        meter.over(ended).await;
        assert_eq!(meter.taken(), []);
        let broken_off = async {
            let _request = UnderWay::begin("m", (1.0, 1.0), 100);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            () = meter.over(broken_off) => unreachable!("it never ends"),
            () = std::future::ready(()) => {}
        }
        let taken = meter.taken();
        let [used] = taken.as_slice() else { panic!("one was broken off: {taken:?}") };
        assert_eq!((used.tokens_in, used.tokens_out, used.cost_micros), (100, 0, 100));
        drop(UnderWay::begin("m", (1.0, 1.0), 100));
        assert_eq!(meter.taken().len(), 1, "nobody meters what runs elsewhere");
    }
}
