//! A place in a visitor's chat, which may be of several conversations, each with numbers of its own.

use crate::conversation::ConversationId;
use crate::store::ChatState;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Messages that one answer holds at most; a page that opens gets the newest.
pub(super) const PAGE: i64 = 200;

/// For each conversation the number of the newest message that a page has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cursor(BTreeMap<ConversationId, i64>);

impl Cursor {
    /// Where to go on in conversations that stand so (the newest first), after what the page has: a
    /// page that has nothing gets the newest messages.
    pub(super) fn resume(states: &[ChatState], told: Option<&Self>) -> Self {
        let mut room = PAGE;
        let places = states.iter().map(|state| {
            let from = match told {
                Some(told) => told.0.get(&state.id).copied(),
                None => None,
            };
            let from = from.unwrap_or_else(|| {
                let taken = if told.is_some() { PAGE } else { room };
                (state.last_shown - taken).max(0)
            });
            room -= (state.last_shown - from).min(room);
            (state.id.clone(), from)
        });
        Self(places.collect())
    }

    /// The number of the newest message that the page has of a conversation.
    pub(super) fn shown(&self, id: &ConversationId) -> i64 {
        self.0.get(id).copied().unwrap_or(0)
    }

    /// Notes that the page has messages up to a number.
    pub(super) fn advance(&mut self, id: &ConversationId, shown: i64) {
        self.0.insert(id.clone(), shown);
    }

    /// Whether a conversation is one of the page's.
    pub(super) fn knows(&self, id: &ConversationId) -> bool {
        self.0.contains_key(id)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(|(id, shown)| format!("{id}.{shown}")).collect();
        f.write_str(&parts.join(","))
    }
}

impl FromStr for Cursor {
    type Err = Infallible;

    /// Reads what a page gives back; what is not understood is as if the page had nothing of it.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let places = text.split(',').filter_map(|part| {
            let (id, shown) = part.rsplit_once('.')?;
            Some((ConversationId::from(id), shown.parse().ok().filter(|shown| *shown >= 0)?))
        });
        Ok(Self(places.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PAGE};
    use crate::conversation::{ConversationId, Status};
    use crate::store::ChatState;

    fn state(id: &str, last_shown: i64) -> ChatState {
        ChatState {
            id: ConversationId::from(id),
            status: Status::Bot,
            last_shown,
            busy: false,
            email: None,
        }
    }

    #[test]
    fn a_page_goes_on_where_it_was_in_each_conversation() {
        for (states, told, resumed) in [
            (vec![], None, ""),
            (vec![state("c-2", 7)], None, "c-2.0"),
            (vec![state("c-2", 7)], Some("c-2.5"), "c-2.5"),
            (vec![state("c-2", 7)], Some("c-1.6"), "c-2.0"),
            (vec![state("c-2", 7)], Some("c-2.nonsense"), "c-2.0"),
            (vec![state("c-2", 7)], Some("c-2.-3"), "c-2.0"),
            (vec![state("c-2", 7)], Some(""), "c-2.0"),
            (vec![state("c-2", PAGE + 7)], None, "c-2.7"),
            (vec![state("c-2", PAGE + 7)], Some("c-2.0"), "c-2.0"),
            (vec![state("c-2", PAGE - 1), state("c-1", 7)], None, "c-1.6,c-2.0"),
            (vec![state("c-2", PAGE + 9), state("c-1", 7)], None, "c-1.7,c-2.9"),
            (vec![state("c-3", 1), state("c-1", 7)], Some("c-1.6"), "c-1.6,c-3.0"),
        ] {
            let told: Option<Cursor> = told.map(|told| told.parse().expect("anything is read"));
            let cursor = Cursor::resume(&states, told.as_ref());
            assert_eq!(cursor.to_string(), resumed, "{states:?} {told:?}");
            assert_eq!(cursor.to_string().parse(), Ok(cursor), "what is written is read");
        }
    }
}
