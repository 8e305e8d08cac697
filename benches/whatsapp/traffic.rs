//! What is posted: signed bodies, always the same ones in the same order.

use super::support::questions;
use serde_json::{Value, json};
use std::sync::Arc;
use sureply::fake::{Graph, Said};

/// Messages of ours that lie in the outbox, each to a customer of its own.
pub(crate) const OUTGOING: usize = 200_000;
/// One update in so many is a message.
const MESSAGE_EVERY: usize = 5;
/// One message in so many is of somebody new.
const NEW_EVERY: usize = 4;
/// One body in so many holds so many updates.
const BATCH_EVERY: usize = 20;
const BATCH: usize = 12;
/// Messages of ours that get one status each before they get the next.
const ABREAST: usize = 100;
const STATES: [&str; 3] = ["sent", "delivered", "read"];
const AT: i64 = 1_772_442_900;

/// The bodies, and how many of them were acked.
pub(crate) struct Traffic {
    graph: Graph,
    questions: Vec<String>,
    acked: usize,
}

impl Traffic {
    pub(crate) fn of(graph: &Graph) -> Self {
        Self { graph: graph.clone(), questions: questions(), acked: 0 }
    }

    /// The next requests that were not acked.
    pub(crate) fn next(&self, count: usize) -> Arc<Vec<String>> {
        Arc::new((self.acked..self.acked + count).map(|body| self.request(body)).collect())
    }

    /// The last requests that were acked.
    pub(crate) fn last(&self, count: usize) -> Arc<Vec<String>> {
        let first = self.acked.saturating_sub(count);
        Arc::new((first..self.acked).map(|body| self.request(body)).collect())
    }

    /// So many more were acked.
    pub(crate) fn acked(&mut self, count: usize) {
        self.acked += count;
    }

    /// Updates in what was acked.
    pub(crate) fn updates(&self) -> usize {
        first_update(self.acked)
    }

    /// The names of the messages in what was acked.
    pub(crate) fn messages(&self) -> Vec<String> {
        (0..self.updates()).step_by(MESSAGE_EVERY).map(|it| name(it / MESSAGE_EVERY)).collect()
    }

    /// The statuses in what was acked: of which message of ours, and which.
    pub(crate) fn statuses(&self) -> Vec<(usize, &'static str)> {
        let statuses = (0..self.updates()).filter(|it| !it.is_multiple_of(MESSAGE_EVERY));
        statuses.map(|update| of_status(update - update / MESSAGE_EVERY - 1)).collect()
    }

    fn request(&self, body: usize) -> String {
        let updates = first_update(body)..first_update(body + 1);
        let changes: Vec<Value> = updates.map(|update| self.change(update)).collect();
        let body = self.graph.update(&changes);
        format!(
            "POST /webhook/whatsapp/wa HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
             x-hub-signature-256: {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.graph.sign(body.as_bytes()),
            body.len(),
        )
    }

    fn change(&self, update: usize) -> Value {
        if !update.is_multiple_of(MESSAGE_EVERY) {
            return self.status(update - update / MESSAGE_EVERY - 1);
        }
        let number = update / MESSAGE_EVERY;
        let customer = if number.is_multiple_of(NEW_EVERY) { OUTGOING + number } else { number };
        let text = self.questions[number % self.questions.len()].clone();
        self.graph.message_named(&phone(customer), &name(number), AT, &Said::Text(text))
    }

    fn status(&self, number: usize) -> Value {
        let (outgoing, state) = of_status(number);
        assert!(outgoing < OUTGOING, "more statuses than messages of ours; OUTGOING is too small");
        let phone = phone(outgoing);
        let digits = phone.trim_start_matches('+');
        let user = format!("US.{digits}0001");
        self.graph.change(json!({
            "contacts": [{ "wa_id": digits, "user_id": user }],
            "statuses": [{
                "id": format!("wamid.OUT{outgoing}"), "status": state, "timestamp": AT.to_string(),
                "recipient_id": digits, "recipient_user_id": user,
                "biz_opaque_callback_data": format!("o{outgoing}"),
                "pricing": {
                    "billable": true, "pricing_model": "PMP", "type": "regular", "category": "service",
                },
            }],
        }))
    }
}

/// The first update of a body.
fn first_update(body: usize) -> usize {
    body + body / BATCH_EVERY * (BATCH - 1)
}

/// Which message of ours a status is about, and what it says.
fn of_status(number: usize) -> (usize, &'static str) {
    let (block, place) = (number / (ABREAST * STATES.len()), number % (ABREAST * STATES.len()));
    (block * ABREAST + place % ABREAST, STATES[place / ABREAST])
}

/// What Meta calls a customer's message.
fn name(number: usize) -> String {
    format!("wamid.IN{number}")
}

/// The number of a customer.
pub(crate) fn phone(customer: usize) -> String {
    format!("+1650{customer:07}")
}
