//! Happenings: what is done to a conversation besides talking, told in its thread for the team.

use super::{AgentId, Priority, Tag};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something that happened; a message of the system holds it as JSON, so that each reader is told in their
/// own language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening {
    /// Somebody set the priority.
    Priority {
        /// What it is now.
        to: Priority,
    },
    /// Somebody added a tag.
    Tagged {
        /// Which.
        tag: Tag,
    },
    /// Somebody took a tag off.
    Untagged {
        /// Which.
        tag: Tag,
    },
    /// It was given to an agent.
    Assigned {
        /// To whom.
        to: AgentId,
    },
    /// Whoever had taken it did nothing for too long, and others may take it.
    Lapsed {
        /// Who had it.
        from: Option<AgentId>,
    },
    /// It was given to an agent by the inbox's own rule.
    Given {
        /// To whom.
        to: AgentId,
    },
    /// Whoever had it went away, and others may take it.
    Left {
        /// Who had it.
        from: AgentId,
    },
    /// The customer waits longer than the target.
    Missed {
        /// When somebody should have answered.
        due: DateTime<Utc>,
    },
    /// Another conversation of the contact was merged into it.
    Merged {
        /// When the other began.
        begun: DateTime<Utc>,
    },
    /// What followed here is a conversation of its own now.
    SplitAway,
    /// It was split off another conversation.
    SplitOff {
        /// When the other began.
        begun: DateTime<Utc>,
    },
    /// The contact is the same person as another.
    OnePerson {
        /// What the other is called, if anything is known.
        name: Option<String>,
    },
    /// That was undone: they are two people.
    TwoPeople,
    /// The merging was undone: the conversations are two again.
    Parted,
    /// The splitting was undone: the conversation is one again.
    Rejoined,
    /// Nobody answers the contact any more.
    Blocked {
        /// Why, in the words of who did it.
        reason: String,
    },
    /// The contact is answered again.
    Unblocked,
    /// Somebody else has written into it by mail.
    Joined {
        /// Their address.
        address: String,
        /// The name that came with it.
        name: Option<String>,
    },
    /// A mail of ours came back: it will not arrive.
    Bounced {
        /// Where it was sent, where that is known.
        address: Option<String>,
        /// What the other server says.
        words: String,
    },
    /// A mail of ours is late; the other server goes on trying.
    Delayed {
        /// What it says.
        words: String,
    },
    /// The reader of a mail of ours called it spam: their address gets nothing automatic any more.
    CalledSpam {
        /// Where it was sent, where that is known.
        address: Option<String>,
    },
    /// The customer has replaced the words of a message.
    Reworded {
        /// What it said first.
        before: String,
    },
    /// The customer has taken a message back; the bot no longer sees it.
    Revoked {
        /// What it said.
        words: String,
    },
    /// A message of ours did not arrive.
    Undelivered {
        /// What the channel says.
        words: String,
    },
    /// A file that came could not be fetched.
    FileLost {
        /// Its name.
        name: String,
        /// Why.
        words: String,
    },
    /// The customer wants no notifications any more.
    OptedOut {
        /// In their words.
        words: String,
    },
    /// The customer wants no advertising any more.
    MarketingStopped {
        /// In their words, or the channel's.
        words: String,
    },
    /// The customer wants notifications again.
    OptedIn {
        /// In their words, or how that was said.
        words: String,
    },
    /// What was known against writing to an address counts no more.
    AddressCleared {
        /// The address.
        address: String,
    },
}

impl Happening {
    /// What the body of a message of the system tells, if it is one of these.
    pub fn read(body: &str) -> Option<Self> {
        serde_json::from_str(body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Happening;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let lapsed = Happening::Lapsed { from: Some("a".into()) };
        let body = serde_json::to_string(&lapsed).expect("JSON");
        assert_eq!(body, r#"{"event":"lapsed","from":"a"}"#);
        assert_eq!(Happening::read(&body), Some(lapsed));
        assert_eq!(Happening::read("It was reopened."), None);
    }
}
