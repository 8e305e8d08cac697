//! What a crash test saw from three sides, and what in it breaks a promise.
//!
//! The sides are what the server acknowledged, what stands in its database, and what the receiver
//! of its webhooks got. The receiver lives outside the server, so its memory is the truth.

use std::collections::{BTreeMap, BTreeSet};

/// An acknowledged message.
#[derive(Debug, Clone)]
pub(super) struct Receipt {
    /// The id its sender gave.
    pub(super) id: String,
    /// The id the server gave.
    pub(super) message: String,
    /// Whether the server knew it already.
    pub(super) duplicate: bool,
}

/// One of ours in the server's outbox.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) message: String,
    pub(super) turn: String,
    pub(super) state: String,
}

/// A webhook as it came in.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) webhook: String,
    pub(super) message: String,
    pub(super) body: String,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) receipts: Vec<Receipt>,
    pub(super) stored: Vec<String>,
    /// Where each stored message stands, by its sender's id.
    pub(super) ends: BTreeMap<String, String>,
    pub(super) outbox: Vec<Outgoing>,
    pub(super) posts: Vec<Post>,
}

impl Evidence {
    /// Every broken promise, in words.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = self.faults_of_intake();
        faults.extend(self.faults_of_ends());
        faults.extend(self.faults_of_delivery());
        faults
    }

    fn faults_of_intake(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut stored = BTreeMap::<&str, usize>::new();
        for id in &self.stored {
            *stored.entry(id).or_default() += 1;
        }
        let mut acknowledged = BTreeMap::<&str, BTreeSet<&str>>::new();
        for receipt in &self.receipts {
            acknowledged.entry(&receipt.id).or_default().insert(&receipt.message);
        }
        for (id, messages) in &acknowledged {
            if messages.len() > 1 {
                faults.push(format!("{id} was acknowledged as {messages:?}"));
            }
            if !stored.contains_key(id) {
                faults.push(format!("{id} was acknowledged and is lost"));
            }
        }
        let doubles = stored.iter().filter(|(_, count)| **count > 1);
        faults.extend(doubles.map(|(id, count)| format!("{id} is stored {count} times")));
        faults
    }

    fn faults_of_ends(&self) -> Vec<String> {
        let end = |id| self.ends.get(id).map_or("nowhere", String::as_str);
        let stuck = self.stored.iter().filter(|id| end(*id) != "decided");
        let mut faults: Vec<String> =
            stuck.map(|id| format!("{id} is {}, not decided", end(id))).collect();
        let mut by_turn = BTreeMap::<&str, BTreeSet<&str>>::new();
        for outgoing in self.outbox.iter().filter(|outgoing| !outgoing.turn.is_empty()) {
            by_turn.entry(&outgoing.turn).or_default().insert(&outgoing.message);
        }
        let several = by_turn.iter().filter(|(_, messages)| messages.len() > 1);
        faults.extend(several.map(|(turn, messages)| format!("turn {turn} has {messages:?}")));
        faults
    }

    fn faults_of_delivery(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut bodies = BTreeMap::<&str, BTreeSet<&str>>::new();
        let mut webhooks = BTreeMap::<&str, BTreeSet<&str>>::new();
        for post in &self.posts {
            bodies.entry(&post.webhook).or_default().insert(&post.body);
            webhooks.entry(&post.message).or_default().insert(&post.webhook);
        }
        let changed = bodies.iter().filter(|(_, bodies)| bodies.len() > 1);
        faults.extend(changed.map(|(id, _)| format!("webhook {id} came with several bodies")));
        let again = webhooks.iter().filter(|(_, ids)| ids.len() > 1);
        faults.extend(again.map(|(message, ids)| format!("{message} came as {ids:?}")));
        let known: BTreeSet<&str> =
            self.outbox.iter().map(|outgoing| outgoing.message.as_str()).collect();
        for message in webhooks.keys().filter(|message| !known.contains(*message)) {
            faults.push(format!("{message} was posted and is in no outbox"));
        }
        for outgoing in &self.outbox {
            if !webhooks.contains_key(outgoing.message.as_str()) {
                faults.push(format!("{} was never posted", outgoing.message));
            }
            if outgoing.state != "sent" {
                faults.push(format!("{} is {} in the outbox", outgoing.message, outgoing.state));
            }
        }
        faults
    }
}
