//! The line above a conversation: who it is with, how it stands, who has it.

use super::clockface::{Due, Moment, Window};
use super::list::{priority, shortened, tags, with};
use crate::conversation::{AgentId, Identity, IdentityKind, Priority, Status};
use crate::store::Opened;
use crate::web::markdown::visible;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Characters of a name that stand above a conversation, and in its tooltip; the contact's pane has it whole.
pub(super) const LONGEST_NAME: usize = 80;
const WHOLE_NAME: usize = 500;

/// The line above a conversation.
pub(super) struct Head {
    pub(super) contact: String,
    /// The name at greater length, where it was cut.
    pub(super) whole: String,
    pub(super) email: Option<String>,
    /// Whether their address is known to be theirs, or only said to be; nothing without one.
    pub(super) vouching: Option<String>,
    /// What the business's own site calls them, if they were logged in there.
    pub(super) account: Option<String>,
    pub(super) status: String,
    pub(super) status_word: Status,
    pub(super) mine: bool,
    pub(super) priority: Option<&'static str>,
    pub(super) lang: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) inbox: String,
    pub(super) waiting: Option<Moment>,
    /// Until when somebody must have answered.
    pub(super) due: Option<Due>,
    /// Until when the channel takes answers.
    pub(super) window: Option<Window>,
    /// How soon a person should look, by its word.
    pub(super) priority_word: Priority,
    pub(super) tags: Vec<String>,
    pub(super) contact_id: String,
    /// Who blocked the contact, and why.
    pub(super) blocked: Option<(String, String)>,
}

/// The line above a conversation whose contact is called so, as `agent` sees it.
pub(super) fn head(
    opened: Opened,
    called: &str,
    agent: &AgentId,
    names: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Head {
    let Opened { conversation, contact, wait, window_expires_at, tags: known, blocked, .. } =
        opened;
    let assignee = conversation.assignee.as_ref();
    let status = match conversation.status {
        Status::Waiting => t!("status-waiting"),
        Status::WithAgent => with(assignee.and_then(|id| names.get(id.as_str()))),
        Status::Bot => t!("status-bot"),
        Status::Snoozed => t!("status-snoozed"),
        Status::Resolved => t!("status-resolved"),
    };
    Head {
        contact: shortened(called, LONGEST_NAME),
        whole: shortened(called, WHOLE_NAME),
        email: contact.email.filter(|email| email != called),
        vouching: None,
        account: None,
        status,
        status_word: conversation.status,
        mine: conversation.status == Status::WithAgent && assignee == Some(agent),
        priority: priority(conversation.priority),
        lang: conversation.lang.map(|lang| lang.to_string()),
        topic: conversation.topic.clone(),
        inbox: conversation.inbox.to_string(),
        waiting: conversation.waiting_since.map(|since| Moment::new(since, now)),
        due: wait.map(|wait| Due::new(wait, now)),
        window: window_expires_at.map(|expires| Window::new(expires, now)),
        priority_word: conversation.priority,
        tags: tags(known.as_deref()),
        contact_id: contact.id.to_string(),
        blocked: blocked.map(|(by, reason)| {
            let by = names.get(by.as_str()).cloned().unwrap_or_else(|| t!("an-agent"));
            (by, visible(&reason))
        }),
    }
}

/// What the business's own site calls a contact, if it vouches for them.
pub(super) fn account(known: &[Identity]) -> Option<String> {
    let account = known.iter().find(|it| it.kind == IdentityKind::Account && it.verified)?;
    Some(visible(&account.value))
}

/// Whether an address is known to be the contact's, in words.
pub(super) fn vouching(known: &[Identity], email: &str) -> String {
    let is_it = |it: &&Identity| it.kind == IdentityKind::Email && it.value == email;
    if known.iter().find(is_it).is_some_and(|it| it.verified) {
        t!("known-email-verified")
    } else {
        t!("known-email-claimed")
    }
}
