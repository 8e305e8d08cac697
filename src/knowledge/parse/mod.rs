//! Reading knowledge files: every problem with file, line and what to do, never only the first.

mod body;
mod entry;
mod front;
mod head;
mod jsonl;
mod markdown;
mod problem;
mod slug;
mod terms;
mod text;
mod yaml;

pub use jsonl::{MAX_JSONL_BYTES, Rows, jsonl};
pub use markdown::{MAX_MARKDOWN_BYTES, markdown};
pub use problem::Problem;
