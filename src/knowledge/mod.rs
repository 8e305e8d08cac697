//! Knowledge: what the business has approved to be said, and who may hear it.

mod article;
mod hit;
pub mod parse;
mod reputation;

pub use article::{Article, ArticleId, Audience, Entry, EntryId, Publication, Risk};
pub use hit::{FieldScores, Hit, Rankers};
pub use parse::Problem;
pub use reputation::Reputation;
