//! Trying again: when a request that failed is worth repeating, and how long to wait before that.

use super::breaker::Breaker;
use super::failure::Failure;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Requests repeated after a passing failure, at most.
pub const RETRIES: u32 = 2;
/// The first pause before a repeated request; the next is twice as long.
const PAUSE: Duration = Duration::from_millis(300);

/// The pause after which a request that failed is repeated until `until`, where that is worth it.
pub fn pause_before_next(
    retries: u32,
    failure: Failure,
    breaker: &Mutex<Breaker>,
    until: Instant,
) -> Option<Duration> {
    let pause = pause(retries, failure);
    let is_worth_it = failure.passes() && retries < RETRIES && Instant::now() + pause < until;
    (is_worth_it && !lock(breaker).is_open()).then_some(pause)
}

/// What the endpoint asks for, else growing and by chance.
fn pause(retries: u32, failure: Failure) -> Duration {
    let chance = PAUSE.mul_f64(rand::random_range(0.5..1.0)) * 2_u32.pow(retries);
    failure.wish().map_or(chance, |wish| wish.max(chance))
}

/// Nothing panics while it holds one of our locks, and what they guard is whole at any time.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
