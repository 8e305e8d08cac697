//! Presence: who looks at a conversation or writes in it at this moment.
//!
//! It is a courtesy and no lock: an approval is bound to the draft that was seen, whoever is there. It lives in
//! the memory of the node that heard of it and is gone after seconds, so that nothing has to be cleared up; people
//! whom a balancer has sent to different nodes do not see each other.

use super::Desk;
use crate::conversation::{AgentId, ConversationId};
use crate::word::words;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::broadcast;

/// How long somebody counts as looking after a page of theirs last said so, every ten seconds as a rule.
const LOOKS: TimeDelta = TimeDelta::seconds(25);
/// How long somebody counts as writing after they last did.
const WRITES: TimeDelta = TimeDelta::seconds(8);
/// Conversations that may be watched before what is over is looked for.
const MANY: usize = 1_000;

words! {
    /// What somebody does in a conversation.
    Doing {
        /// They have it open.
        Viewing = "viewing",
        /// They write.
        Writing = "writing",
    }
}

/// Somebody who is in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The agent; none for the customer.
    pub agent: Option<AgentId>,
    /// What the agent is called.
    pub name: String,
    /// What they do.
    pub doing: Doing,
    /// When that is over, unless they go on.
    pub until: DateTime<Utc>,
}

/// Everybody who is anywhere.
#[derive(Debug)]
pub(super) struct Presence {
    people: Mutex<HashMap<ConversationId, Vec<Present>>>,
    changes: broadcast::Sender<ConversationId>,
}

impl Default for Presence {
    fn default() -> Self {
        Self { people: Mutex::default(), changes: broadcast::channel(256).0 }
    }
}

impl Presence {
    /// Notes what somebody does; tells whoever follows where that changes what is to be shown.
    fn note(&self, id: &ConversationId, present: Present, now: DateTime<Utc>) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() > MANY {
            people.retain(|_, there| there.iter().any(|one| one.until > now));
        }
        let there = people.entry(id.clone()).or_default();
        there.retain(|one| one.until > now);
        let before = there.iter().find(|one| one.agent == present.agent).map(|one| one.doing);
        let is_news = before != Some(present.doing) || present.doing == Doing::Writing;
        there.retain(|one| one.agent != present.agent);
        there.push(present);
        drop(people);
        if is_news {
            // An error only says that nobody listens.
            drop(self.changes.send(id.clone()));
        }
    }

    fn of(&self, id: &ConversationId, now: DateTime<Utc>) -> Vec<Present> {
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let there = people.get(id).map(Vec::as_slice).unwrap_or_default();
        there.iter().filter(|one| one.until > now).cloned().collect()
    }
}

impl Desk {
    /// Notes what somebody does in a conversation: an agent with their name, or the customer.
    pub fn note_presence(&self, id: &ConversationId, who: Option<(&AgentId, &str)>, doing: Doing) {
        let now = self.clock.now();
        let lasts = match doing {
            Doing::Viewing => LOOKS,
            Doing::Writing => WRITES,
        };
        let (agent, name) = who.unzip();
        let present = Present {
            agent: agent.cloned(),
            name: name.unwrap_or_default().to_owned(),
            doing,
            until: now + lasts,
        };
        self.presence.note(id, present, now);
    }

    /// Who is in a conversation now.
    pub fn present(&self, id: &ConversationId) -> Vec<Present> {
        self.presence.of(id, self.clock.now())
    }

    /// Follows where somebody comes or begins to write.
    pub fn follow_presence(&self) -> broadcast::Receiver<ConversationId> {
        self.presence.changes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::{Doing, MANY, Presence, Present};
    use crate::conversation::ConversationId;
    use chrono::{DateTime, TimeDelta, Utc};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn note(presence: &Presence, id: &str, who: Option<&str>, doing: Doing, second: i64) {
        let present = Present {
            agent: who.map(Into::into),
            name: who.unwrap_or_default().to_owned(),
            doing,
            until: at(second + 10),
        };
        presence.note(&id.into(), present, at(second));
    }

    #[test]
    fn whoever_is_there_is_seen_once_and_gone_after_a_while() {
        let presence = Presence::default();
        let mut changes = presence.changes.subscribe();
        note(&presence, "c", Some("ada"), Doing::Viewing, 0);
        note(&presence, "c", None, Doing::Writing, 2);
        note(&presence, "c", Some("ada"), Doing::Writing, 4);
        note(&presence, "other", Some("bo"), Doing::Viewing, 4);
        let doing = |second| {
            let there = presence.of(&"c".into(), at(second));
            there.into_iter().map(|one| (one.name, one.doing)).collect::<Vec<_>>()
        };
        let (ada, customer) = (("ada".to_owned(), Doing::Writing), (String::new(), Doing::Writing));
        assert_eq!(doing(5), [customer, ada.clone()]);
        assert_eq!(doing(12), [ada]);
        assert_eq!(doing(14), []);
        assert_eq!(changes.len(), 4);
        note(&presence, "other", Some("bo"), Doing::Viewing, 6);
        assert_eq!(changes.len(), 4, "who stays is no news");
        assert_eq!(changes.try_recv().ok(), Some(ConversationId::from("c")));
    }

    #[test]
    fn what_is_over_is_not_kept_for_ever() {
        let presence = Presence::default();
        for n in 0..=MANY {
            note(&presence, &n.to_string(), None, Doing::Writing, 0);
        }
        note(&presence, "last", None, Doing::Writing, 60);
        assert_eq!(presence.people.lock().expect("nobody panicked").len(), 1);
    }
}
