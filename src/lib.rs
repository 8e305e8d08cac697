//! Sureply: answers customers' messages when it is sure, and brings a person when it is not.
//!
//! # The path of a message
//!
//! One direction, three stops on disk (message, decision, outbox):
//!
//! 1. [`web`] takes bytes in, [`channel`] understands them, [`desk`] stores message and turn in one
//!    transaction of the [`store`] and only then acknowledges.
//! 2. When the turn's quiet time is over, the desk has its voice notes transcribed, where something is
//!    set to do that, and considers it: [`triage`] says what kind of message it is, [`search`] finds
//!    entries of the [`knowledge`], [`answer`] drafts from them and checks each fact of the draft
//!    against what it cites, [`confidence`] judges and decides.
//! 3. The decision, its record and what follows from it are written together, or not at all.
//! 4. The desk delivers from the outbox; people approve, edit and reply; [`curation`] keeps the
//!    knowledge up to date.
//!
//! # Rooms
//!
//! Each room uses rooms on lower floors only; a test holds it. From the ground up: [`clock`], [`lang`],
//! [`media`], [`token`], [`totp`], [`word`]; [`fake`], [`knowledge`]; [`conversation`]; [`config`]; [`telemetry`]; [`triage`],
//! [`answer`], [`channel`], [`store`], [`search`]; [`confidence`], [`curation`]; [`desk`]; [`web`],
//! [`eval`]; [`app`]; [`cli`]. Only the store knows SQL, only `answer::llm` and the encoder of search the client of models, only
//! search the index, only web the HTTP server (and `fake`, which stands in for others' servers), only config the environment.
//!
//! # Invariants
//!
//! 1. Core functions do no IO and are told the time.
//! 2. A message is stored before anything reads it; the same delivery twice changes nothing.
//! 3. A conversation has at most one open turn; a new message re-dates it; a turn ends in exactly one
//!    decision, stored with its evidence.
//! 4. Nothing leaves except through an outbox row written in the transaction of its decision, of an
//!    agent's action, or of a customer's word or a notification asked for that it follows from.
//! 5. A draft is grounded and passes the policy before it is sent by itself; the policy is code.
//! 6. On any failure the turn goes to a person, never nowhere.
//! 7. An agent's action closes the open turn: the bot never talks over a person.
//! 8. An approval names the draft version it saw; a newer message or draft makes it fail.
//! 9. A send of unknown end is never blindly repeated: the other side knows repetitions by their id,
//!    or a person decides.

#[doc(hidden)]
pub mod bench;
pub mod cli;
pub mod config;
#[doc(hidden)]
pub mod fake;

mod answer;
mod app;
mod channel;
mod clock;
mod confidence;
mod conversation;
mod curation;
mod desk;
mod eval;
mod knowledge;
mod lang;
mod media;
mod search;
mod store;
mod telemetry;
mod token;
mod totp;
mod triage;
mod web;
mod word;

pub use app::App;
pub use clock::Clock;
pub use config::Config;
