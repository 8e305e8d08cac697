//! Answers: the words a customer may get, and whether every fact in them is documented.

use crate::conversation::{Draft, Turn};
use crate::knowledge::Hit;
use crate::lang::Lang;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct Asked {
    pub question: String,
    pub hits: Vec<Hit>,
}
pub struct Request<'a> {
    pub turn: &'a Turn,
    pub lang: Lang,
    pub asked: &'a [Asked],
}
#[derive(Debug, Clone, Default)]
pub struct Drafted {
    pub draft: Option<Draft>,
    pub covered: Vec<String>,
    pub answerable: Option<bool>,
    pub model: Option<ModelUse>,
    pub problem: Option<String>,
}
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelUse {
    pub name: String,
}
pub enum Answerer {
    Verbatim,
}
impl Answerer {
    pub fn new(_model: Option<&crate::config::Model>) -> anyhow::Result<Self> {
        Ok(Self::Verbatim)
    }
    pub async fn draft(&self, _request: &Request<'_>) -> Drafted {
        Drafted::default()
    }
}
pub mod ground {
    //! Stub.
    use super::*;
    use crate::knowledge::Entry;
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    pub struct Grounding {
        pub undocumented: Vec<String>,
        pub share: f64,
    }
    pub fn check(_draft: &Draft, _entries: &[&Entry], _turn_text: &str) -> Grounding {
        Grounding::default()
    }
}
pub mod texts {
    //! Stub.
    use super::*;
    use crate::conversation::ChannelKind;
    pub fn answer(draft: &Draft, _channel: ChannelKind, _business: &str) -> String {
        draft.text.clone()
    }
    pub fn handoff(_lang: Lang, _business: &str, _reply_time: Option<&str>) -> String {
        "A person takes over.".into()
    }
    pub fn clarify(_lang: Lang) -> String {
        "Which?".into()
    }
    pub fn check() -> Vec<String> {
        Vec::new()
    }
    pub fn greeting(_lang: Lang, _business: &str) -> String {
        "Hello".into()
    }
}
