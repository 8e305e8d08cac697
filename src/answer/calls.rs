//! Calls: a question put to the endpoints in order of preference, repeated and given up within its time.

use super::breaker::Breaker;
use super::failure::Failure;
use super::llm::Endpoint;
use super::meter::UnderWay;
use super::retry::{RETRIES, lock, pause_before_next};
use super::shape::{Shape, Words};
use super::used::ModelUse;
use crate::clock::Clock;
use crate::config;
use anyhow::Result;
use serde_json::Value;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

/// What a call came to.
#[derive(Debug)]
pub struct Call {
    /// The endpoint's reply, or why there is none.
    pub reply: Result<Value, Failure>,
    /// The name of the model asked last.
    pub model: String,
    /// What a million tokens read and written cost there.
    pub prices: (f64, f64),
    /// Every request made, and what those took that no reply tells of.
    pub lost: ModelUse,
    /// How long it took, waiting for a free place included.
    pub elapsed: Duration,
}

/// The endpoints, in order of preference.
pub struct Calls {
    lines: Vec<Line>,
    places: Semaphore,
    clock: Clock,
}

/// An endpoint, and what was found out about it.
struct Line {
    endpoint: Endpoint,
    breaker: Mutex<Breaker>,
    /// The shape that it took last.
    shape: Mutex<Shape>,
}

impl Calls {
    /// Prepares for calls; makes none.
    pub fn new(settings: &config::Model, clock: &Clock) -> Result<Self> {
        let lines = settings.endpoints().into_iter().map(|endpoint| {
            Ok(Line {
                endpoint: Endpoint::new(settings, &endpoint, clock.clone())?,
                breaker: Mutex::default(),
                shape: Mutex::default(),
            })
        });
        Ok(Self {
            lines: lines.collect::<Result<_>>()?,
            places: Semaphore::new(settings.max_concurrent.max(1)),
            clock: clock.clone(),
        })
    }

    /// Asks the first endpoint that answers, until `deadline` at most.
    pub async fn ask(&self, words: Words<'_>, deadline: Instant) -> Call {
        let start = Instant::now();
        let mut under_way = UnderWay::begin();
        let mut last = (&self.lines[0], Failure::TimedOut);
        let place = timeout_at(deadline, self.places.acquire()).await;
        if let Ok(Ok(_place)) = place {
            for (place, line) in self.lines.iter().enumerate() {
                let left = deadline.saturating_duration_since(Instant::now());
                let others = u32::try_from(self.lines.len() - place).unwrap_or(1);
                // Who hangs must not take the time of those who would answer.
                let until = Instant::now() + left / others;
                let reply = self.ask_line(line, words, until, &mut under_way).await;
                match reply {
                    Ok(reply) => return call(line, Ok(reply), under_way.end(), start),
                    Err(failure) => last = (line, failure),
                }
            }
        }
        call(last.0, Err(last.1), under_way.end(), start)
    }

    async fn ask_line(
        &self,
        line: &Line,
        words: Words<'_>,
        until: Instant,
        under_way: &mut UnderWay,
    ) -> Result<Value, Failure> {
        let before = under_way.requests();
        let asked = timeout_at(until, self.ask_until(line, words, until, under_way)).await;
        let reply = asked.unwrap_or(Err(Failure::TimedOut));
        // What an attempt itself reports has been noted; one that was broken off has not.
        if under_way.requests() > before && matches!(reply, Err(Failure::TimedOut)) {
            lock(&line.breaker).failed(self.clock.now());
        }
        reply
    }

    async fn ask_until(
        &self,
        line: &Line,
        words: Words<'_>,
        until: Instant,
        under_way: &mut UnderWay,
    ) -> Result<Value, Failure> {
        let mut shape = *lock(&line.shape);
        let mut retries = 0;
        loop {
            let failure = match self.attempt(line, shape, words, under_way).await {
                Ok(reply) => {
                    *lock(&line.shape) = shape;
                    return Ok(reply);
                }
                Err(failure) => failure,
            };
            if let (true, Some(simpler)) = (failure.is_about_shape(), shape.simpler()) {
                shape = simpler;
                continue;
            }
            let pause = pause_before_next(retries, failure, &line.breaker, until);
            sleep(pause.ok_or(failure)?).await;
            retries += 1;
            // Some endpoints answer a schema that they do not know with a plain 500, every time.
            let is_500 = matches!(failure, Failure::Status { status: 500, .. });
            if retries == RETRIES && is_500 && matches!(shape, Shape::Scored | Shape::Schema) {
                shape = Shape::Object;
            }
        }
    }

    /// Makes one request, unless the breaker is open, and lets the breaker know.
    async fn attempt(
        &self,
        line: &Line,
        shape: Shape,
        words: Words<'_>,
        under_way: &mut UnderWay,
    ) -> Result<Value, Failure> {
        if !lock(&line.breaker).admits(self.clock.now()) {
            return Err(Failure::Resting);
        }
        under_way.sends(&line.endpoint.model, line.endpoint.prices, words.tokens);
        let reply = line.endpoint.ask(shape, words).await;
        if !reply.as_ref().is_err_and(|failure| failure.may_cost()) {
            under_way.is_settled();
        }
        // Whoever makes the call notes that it ran out of time.
        if !matches!(reply, Err(Failure::TimedOut)) {
            lock(&line.breaker).note(reply.as_ref().err().copied(), self.clock.now());
        }
        reply
    }
}

fn call(line: &Line, reply: Result<Value, Failure>, lost: ModelUse, start: Instant) -> Call {
    let (model, prices) = (line.endpoint.model.clone(), line.endpoint.prices);
    Call { reply, model, prices, lost, elapsed: start.elapsed() }
}
