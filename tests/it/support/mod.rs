//! What stories are told with: a server of their own, a model and a receiver that obey them.

mod app;
mod browser;
mod database;
mod model;
mod obedient;
mod program;
mod receiver;
mod transcriber;
mod visitor;

pub(crate) use app::TestApp;
pub(crate) use browser::{Browser, Driver};
pub(crate) use model::{FakeModel, Says};
pub(crate) use obedient::{Stub, answer, material};
pub(crate) use program::Program;
pub(crate) use receiver::{Receiver, Taken};
pub(crate) use transcriber::{FakeTranscriber, Hears};
pub(crate) use visitor::{Colleague, Visitor};
