//! The meter: what the calls of a turn take, whatever becomes of the turn.
//!
//! A turn that a newer message makes void is dropped in the middle of a call, with all that would have
//! told what it took. Its budget is the business's money all the same. Where no reply tells what a
//! request took, it counts by what it gave to read, unless it surely never was read.

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

    /// What was taken so far: calls that ended, and those that were broken off.
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

/// A call under way: its requests, and what those took that no reply tells of. Dropped before it has
/// ended it notes that itself.
pub(super) struct UnderWay {
    meter: Option<Meter>,
    lost: ModelUse,
    /// What the last request counts by until its reply is there: tokens and cost.
    last: (u64, u64),
}

impl UnderWay {
    /// A call that has made no request yet.
    pub(super) fn begin() -> Self {
        let meter = METER.try_with(Meter::clone).ok();
        Self { meter, lost: ModelUse::default(), last: (0, 0) }
    }

    /// A request goes out to a model, with the tokens that it gives to read.
    pub(super) fn sends(&mut self, model: &str, prices: (f64, f64), tokens: usize) {
        self.last = (tokens as u64, cost(prices, tokens as u64, 0));
        model.clone_into(&mut self.lost.name);
        self.lost.attempts += 1;
        self.lost.tokens_in += self.last.0;
        self.lost.cost_micros += self.last.1;
    }

    /// The last request needs no estimate: its reply tells what it took, or it was refused unread.
    pub(super) fn is_settled(&mut self) {
        let (tokens, micros) = std::mem::take(&mut self.last);
        self.lost.tokens_in -= tokens;
        self.lost.cost_micros -= micros;
    }

    /// Requests made so far.
    pub(super) fn requests(&self) -> u32 {
        self.lost.attempts
    }

    /// The call has ended: all its requests, and what those took that no reply tells of.
    pub(super) fn end(mut self) -> ModelUse {
        self.meter = None;
        std::mem::take(&mut self.lost)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(meter) = self.meter.take().filter(|_| self.lost.attempts > 0) {
            meter.note(std::mem::take(&mut self.lost));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, UnderWay};

    fn sent(tokens: usize) -> UnderWay {
        let mut call = UnderWay::begin();
        call.sends("m", (1.0, 1.0), tokens);
        call
    }

    #[tokio::test]
    async fn only_a_call_that_is_broken_off_notes_itself() {
        let meter = Meter::default();
        let ended = async {
            assert_eq!(sent(100).end().tokens_in, 100, "nobody has told what it took");
        };
        meter.over(ended).await;
        assert_eq!(meter.taken(), []);
        let broken_off = async {
            let mut call = sent(7);
            call.is_settled();
            call.sends("m", (1.0, 1.0), 100);
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
        assert_eq!(used.attempts, 2, "the one that was refused is a request too");
        drop(sent(100));
        assert_eq!(meter.taken().len(), 1, "nobody meters what runs elsewhere");
    }
}
