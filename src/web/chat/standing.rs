//! How a chat stands, beside its messages.

use super::visitor::Visitor;
use crate::conversation::{Mode, Status, UsualWait};
use crate::desk::{Doing, Present};
use crate::store::ChatState;
use crate::token;
use crate::web::Web;
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How a chat stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Standing {
    /// Whether an automatic reply may come at any moment.
    typing: bool,
    /// Whose move it is: `bot`, `waiting` for a person, or with a `person`.
    with: &'static str,
    /// Whether an agent writes at this moment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    writes: bool,
    /// Whether people are there, while the visitor waits for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<bool>,
    /// How long that usually takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<Wait>,
    /// When people come, while the business is closed: whoever is there by chance is not promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<DateTime<Utc>>,
    /// Where the visitor wants to be reached besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// A usual wait, in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Wait {
    from_minutes: i64,
    to_minutes: i64,
}

impl From<UsualWait> for Wait {
    fn from(UsualWait { from, to }: UsualWait) -> Self {
        Self { from_minutes: from, to_minutes: to }
    }
}

impl Standing {
    /// How a chat with these conversations, the newest first, stands.
    pub(super) async fn of(web: &Web, visitor: &Visitor, states: &[ChatState]) -> Result<Self> {
        let newest = states.first();
        let with = match newest.map(|state| state.status) {
            None | Some(Status::Bot | Status::Resolved) => "bot",
            Some(Status::Waiting) => "waiting",
            Some(Status::WithAgent | Status::Snoozed) => "person",
        };
        let inbox = web.desk.config.inbox(&visitor.inbox);
        let may_reply = inbox.is_some_and(|inbox| inbox.mode == Mode::Auto);
        let attendance = match with {
            "waiting" => Some(web.desk.attendance(&visitor.inbox).await?),
            _ => None,
        };
        let present = newest.map(|state| web.desk.present(&state.id)).unwrap_or_default();
        let is_writing = |it: &Present| it.agent.is_some() && it.doing == Doing::Writing;
        Ok(Self {
            writes: present.iter().any(is_writing),
            typing: may_reply && with == "bot" && newest.is_some_and(|state| state.busy),
            with,
            present: attendance.map(|it| it.present && it.opens_at.is_none()),
            opens_at: attendance.and_then(|it| it.opens_at),
            wait: attendance.and_then(|it| it.wait).map(Wait::from),
            email: newest.and_then(|state| state.email.clone()),
        })
    }

    /// A short word that differs whenever the standing does.
    pub(super) fn tag(&self) -> String {
        let mut tag = token::hash(&serde_json::json!(self).to_string());
        tag.truncate(16);
        tag
    }
}
