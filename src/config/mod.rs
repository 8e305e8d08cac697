//! The settings: `sureply.toml`, then the environment, checked once before anything starts.

mod load;
mod policy;
mod secret;
mod section;

pub use load::{Config, EXAMPLE};
pub use policy::{Policy, Rule, Tolerance};
pub use secret::Secret;
pub use section::{
    Attachments, Business, Database, Embedding, InboxSettings, Knowledge, Log, LogFormat, Model,
    Server, Worker,
};
