//! What a customer sees in the thread.

use super::super::Graph;
use serde::Serialize;
use serde_json::Value;

/// The thread, oldest first.
#[derive(Debug, Serialize)]
pub(super) struct Thread {
    bubbles: Vec<Bubble>,
    /// Whether the shop is writing.
    is_typing: bool,
    /// The time on the phone.
    now: String,
}

#[derive(Debug, Serialize)]
struct Bubble {
    id: String,
    is_mine: bool,
    /// Whether the other side has read it.
    is_read: bool,
    at: String,
    /// The message as Meta knows it.
    message: Value,
}

impl Thread {
    pub(super) fn of(graph: &Graph) -> Self {
        let memory = graph.0.memory();
        let read = memory.marks.iter().filter_map(|mark| mark["message_id"].as_str()).next_back();
        // A mark counts for everything before it too.
        let read = read.and_then(|id| memory.thread.iter().position(|line| line.name == id));
        let last_mine = memory.thread.iter().rposition(|line| line.is_mine);
        let bubbles = memory.thread.iter().enumerate().map(|(at, line)| Bubble {
            id: line.name.clone(),
            is_mine: line.is_mine,
            is_read: !line.is_mine || read.is_some_and(|read| at <= read),
            at: line.at.to_rfc3339(),
            message: line.message.clone(),
        });
        let is_answered = last_mine.is_some_and(|at| at + 1 < memory.thread.len());
        let is_marked = last_mine.is_some() && read >= last_mine;
        Self {
            bubbles: bubbles.collect(),
            is_typing: is_marked && !is_answered,
            now: memory.clock.now().to_rfc3339(),
        }
    }
}
