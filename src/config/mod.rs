//! The settings: `sureply.toml`, then the environment, checked once before anything starts.

mod email;
mod hours;
mod load;
mod model;
mod policy;
mod secret;
mod section;
mod targets;
mod transcription;
mod whatsapp;

pub use email::{EmailSettings, Imap, Oauth, Provider, Security, Smtp};
pub(crate) use load::check_name;
pub use load::{Config, EXAMPLE};
pub use model::{Fallback, Model};
pub use policy::{Policy, Rule, Tolerance};
pub use secret::Secret;
pub use section::{
    Attachments, Business, Database, Embedding, InboxSettings, Knowledge, Log, LogFormat,
    RequireTotp, Screen, Server, Worker,
};
pub use targets::TargetSettings;
pub use transcription::Transcription;
pub use whatsapp::WhatsappSettings;
