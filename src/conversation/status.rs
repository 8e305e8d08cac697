//! Whose move it is in a conversation, and what changes that.

use crate::word::words;

words! {
    /// Whose move it is.
    Status {
        /// The bot answers.
        Bot = "bot",
        /// The customer waits for a person: a draft needs approval, or the conversation was handed off.
        Waiting = "waiting",
        /// An agent has taken it; the bot stays out until told.
        WithAgent = "with_agent",
        /// An agent has put it aside for a while.
        Snoozed = "snoozed",
        /// Nothing is left to do; a new message reopens it.
        Resolved = "resolved",
    }
}

words! {
    /// What moves a conversation from one status to the next.
    Event {
        /// The customer wrote.
        CustomerWrote = "customer_wrote",
        /// The bot's answer or question went to the outbox.
        BotReplied = "bot_replied",
        /// A decision asked for a person.
        HandedOff = "handed_off",
        /// A decision found nothing to answer: thanks, spam, automatic mail.
        NothingToDo = "nothing_to_do",
        /// An agent took the conversation or wrote in it.
        AgentTook = "agent_took",
        /// An agent approved a draft that the bot goes on from.
        AgentApproved = "agent_approved",
        /// An agent gave it back to the bot.
        GivenBack = "given_back",
        /// An agent put it aside.
        Snoozed = "snoozed",
        /// The time for which it was put aside is over.
        Woken = "woken",
        /// An agent closed it.
        Resolved = "resolved",
    }
}

impl Status {
    /// The status after `event`.
    #[must_use]
    pub fn after(self, event: Event) -> Self {
        match (self, event) {
            (_, Event::GivenBack)
            | (Self::Resolved, Event::CustomerWrote)
            | (Self::Bot | Self::Waiting | Self::Resolved, Event::AgentApproved) => Self::Bot,
            (_, Event::AgentTook) | (Self::Snoozed, Event::CustomerWrote | Event::Woken) => {
                Self::WithAgent
            }
            (_, Event::Resolved) | (Self::Bot | Self::Resolved, Event::NothingToDo) => {
                Self::Resolved
            }
            (_, Event::Snoozed) => Self::Snoozed,
            (Self::Bot | Self::Waiting | Self::Resolved, Event::HandedOff) => Self::Waiting,
            // Where a person has the word, what the bot still does changes nothing.
            (
                status,
                Event::CustomerWrote
                | Event::BotReplied
                | Event::HandedOff
                | Event::NothingToDo
                | Event::AgentApproved
                | Event::Woken,
            ) => status,
        }
    }

    /// Whether a customer's message opens a turn for the bot to consider.
    pub fn opens_turn(self) -> bool {
        match self {
            Self::Bot | Self::Waiting => true,
            Self::WithAgent | Self::Snoozed | Self::Resolved => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Status};

    #[test]
    fn an_event_moves_a_conversation_as_people_expect() {
        for (before, event, after) in [
            (Status::Bot, Event::CustomerWrote, Status::Bot),
            (Status::Resolved, Event::CustomerWrote, Status::Bot),
            (Status::WithAgent, Event::CustomerWrote, Status::WithAgent),
            (Status::Snoozed, Event::CustomerWrote, Status::WithAgent),
            (Status::Waiting, Event::Snoozed, Status::Snoozed),
            (Status::Snoozed, Event::Woken, Status::WithAgent),
            (Status::Resolved, Event::Woken, Status::Resolved),
            (Status::Bot, Event::HandedOff, Status::Waiting),
            (Status::WithAgent, Event::HandedOff, Status::WithAgent),
            (Status::WithAgent, Event::BotReplied, Status::WithAgent),
            (Status::Bot, Event::NothingToDo, Status::Resolved),
            (Status::Waiting, Event::NothingToDo, Status::Waiting),
            (Status::Waiting, Event::AgentTook, Status::WithAgent),
            (Status::Waiting, Event::AgentApproved, Status::Bot),
            (Status::WithAgent, Event::AgentApproved, Status::WithAgent),
            (Status::WithAgent, Event::GivenBack, Status::Bot),
            (Status::WithAgent, Event::Resolved, Status::Resolved),
        ] {
            assert_eq!(before.after(event), after, "{before} after {event}");
        }
    }
}
