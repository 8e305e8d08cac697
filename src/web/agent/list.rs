//! A page of a queue, as the lists of the desk show it.

use super::audit::drawn;
use super::clockface::{Due, Moment, Window};
use super::page::{PageError, queue_name};
use crate::conversation::{ConversationId, DecisionId, Priority, Reason, Status};
use crate::store::{Agent, AuditRow, Queue, QueueRow, Role};
use crate::web::words;
use crate::web::{Web, markdown};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Conversations on one page of a list.
pub(super) const PAGE: i64 = 50;

/// Characters of the last words that a row shows at most.
const LAST_WORDS: usize = 160;

/// Characters of a name that a row shows at most.
const LONGEST_NAME: usize = 80;

/// A page of a queue.
pub(super) struct List {
    /// The queue's word in addresses.
    pub(super) queue: Queue,
    /// Its name.
    pub(super) name: String,
    /// What to do when it is empty.
    pub(super) empty: String,
    /// Its conversations.
    pub(super) rows: Vec<Row>,
    /// The page's number, from 1.
    pub(super) page: i64,
    /// Whether another page follows.
    pub(super) more: bool,
    /// What is open beside the list: a conversation, or in the audit an answer.
    pub(super) open: Option<String>,
    /// The agents' names by id, read once for all that a page shows.
    pub(super) names: HashMap<String, String>,
    /// Those who work the queues, by name: whom a conversation can be given to.
    pub(super) agents: Vec<(String, String)>,
}

/// A conversation in a list; in the audit one of its answers.
pub(super) struct Row {
    pub(super) id: ConversationId,
    /// The answer that waits for a verdict.
    pub(super) audit: Option<DecisionId>,
    pub(super) contact: String,
    pub(super) last_words: String,
    pub(super) why: String,
    pub(super) priority: Option<&'static str>,
    pub(super) lang: Option<String>,
    pub(super) inbox: String,
    pub(super) since: Moment,
    pub(super) waits: bool,
    /// Until when somebody must have answered.
    pub(super) due: Option<Due>,
    /// Until when the channel takes an answer, where that is sooner.
    pub(super) window: Option<Window>,
    pub(super) tags: Vec<String>,
    /// Whether nobody answers the contact.
    pub(super) blocked: bool,
}

impl List {
    /// Reads a page of a queue.
    pub(super) async fn read(
        web: &Web,
        agent: &Agent,
        queue: Queue,
        page: i64,
    ) -> Result<Self, PageError> {
        let (page, store, now) = (page.clamp(1, 100_000), &web.desk.store, web.desk.clock.now());
        let agents = store.agents().await?;
        let names = names(&agents);
        let from = (page - 1) * PAGE;
        let mut rows: Vec<Row> = if queue == Queue::Audit {
            let audits = store.audits(from, PAGE + 1).await?;
            audits.into_iter().map(|row| Row::of_audit(row, now)).collect()
        } else {
            let rows = store.queue(queue, &agent.id, from, PAGE + 1).await?;
            rows.into_iter().map(|row| Row::new(row, &names, now)).collect()
        };
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let (name, empty) = (queue_name(queue), empty(queue));
        Ok(Self {
            queue,
            name,
            empty,
            rows,
            page,
            more,
            open: None,
            names,
            agents: who_may_work(&agents),
        })
    }

    /// Whether rows are chosen here to do something to many at once.
    pub(super) fn may_choose(&self) -> bool {
        self.open.is_none() && self.queue != Queue::Audit
    }

    /// The address of this page.
    pub(super) fn here(&self) -> String {
        format!("/queue/{}?page={}", self.queue, self.page)
    }

    /// Whether the row is what is open.
    pub(super) fn is_open(&self, row: &Row) -> bool {
        self.open.as_deref() == Some(row.key())
    }

    /// Where a row leads.
    pub(super) fn address(&self, row: &Row) -> String {
        row.address(self.queue)
    }

    /// The row to go to once those that `are_done` are done with: the one after them, else the first
    /// other one.
    pub(super) fn after(&self, are_done: impl Fn(&Row) -> bool) -> Option<&Row> {
        let here = self.rows.iter().position(&are_done);
        let rest = here.and_then(|at| self.rows.get(at..)).unwrap_or_default();
        rest.iter().chain(&self.rows).find(|row| !are_done(row))
    }
}

/// The names of all who work or worked here, by id.
fn names(agents: &[Agent]) -> HashMap<String, String> {
    agents.iter().map(|agent| (agent.id.to_string(), agent.name.clone())).collect()
}

/// Those of them who work the queues.
pub(super) fn who_may_work(agents: &[Agent]) -> Vec<(String, String)> {
    let may = |agent: &&Agent| agent.left_at.is_none() && agent.role >= Role::Agent;
    agents.iter().filter(may).map(|agent| (agent.id.to_string(), agent.name.clone())).collect()
}

impl Row {
    /// What tells it from the other rows.
    pub(super) fn key(&self) -> &str {
        self.audit.as_ref().map_or(self.id.as_str(), DecisionId::as_str)
    }

    /// Where it leads, as a row of that queue.
    pub(super) fn address(&self, queue: Queue) -> String {
        let here = format!("/conversations/{}?queue={queue}", self.id);
        self.audit.as_ref().map_or_else(|| here.clone(), |audit| format!("{here}&audit={audit}"))
    }

    fn of_audit(row: AuditRow, now: DateTime<Utc>) -> Self {
        let audit = row.audit;
        Self {
            why: drawn(audit.alarm, audit.probability),
            contact: shortened(&contact(row.contact.as_deref(), None), LONGEST_NAME),
            last_words: said(row.asked),
            priority: None,
            lang: None,
            inbox: audit.inbox.to_string(),
            since: Moment::new(audit.created_at, now),
            waits: false,
            due: None,
            window: None,
            tags: Vec::new(),
            blocked: false,
            id: audit.conversation_id,
            audit: Some(audit.decision_id),
        }
    }

    /// A row of a list.
    pub(super) fn new(row: QueueRow, names: &HashMap<String, String>, now: DateTime<Utc>) -> Self {
        let (why, wait, closes) = (why(&row, names), row.wait(), row.closes_first());
        Self {
            why,
            contact: shortened(&contact(row.contact.as_deref(), None), LONGEST_NAME),
            last_words: said(row.last_words),
            priority: priority(row.priority),
            lang: row.lang.map(|lang| lang.to_string()),
            inbox: row.inbox.to_string(),
            since: Moment::new(row.waiting_since.unwrap_or(row.updated_at), now),
            waits: row.waiting_since.is_some(),
            due: wait.map(|wait| Due::new(wait, now)),
            window: closes.map(|closes| Window::new(closes, now)),
            tags: tags(row.tags.as_deref()),
            blocked: row.blocked,
            id: row.id,
            audit: None,
        }
    }
}

/// What the customer last said, or that it was a file.
fn said(words: Option<String>) -> String {
    let words = markdown::to_words(&words.unwrap_or_default());
    if words.trim().is_empty() { t!("a-file") } else { shortened(&words, LAST_WORDS) }
}

fn why(row: &QueueRow, names: &HashMap<String, String>) -> String {
    let reasons = row.reasons.as_deref().unwrap_or("[]");
    let reasons: Vec<Reason> = serde_json::from_str(reasons).unwrap_or_default();
    // What waits here is nobody's, whoever had it when it was decided.
    let reason = reasons.into_iter().find(|reason| *reason != Reason::WithPerson);
    match row.status {
        _ if row.held => t!("row-held"),
        Status::Waiting if row.undelivered => {
            t!("row-undelivered")
        }
        Status::Waiting => reason.map_or_else(|| t!("row-person"), said_reason),
        Status::WithAgent => with(row.assignee.as_ref().and_then(|id| names.get(id.as_str()))),
        Status::Snoozed => t!("row-snoozed"),
        Status::Bot => t!("status-bot"),
        Status::Resolved => t!("status-resolved"),
    }
}

/// Tags as the store tells them, for the page.
pub(super) fn tags(tags: Option<&str>) -> Vec<String> {
    let tags = tags.unwrap_or_default().split(',').filter(|tag| !tag.is_empty());
    tags.map(markdown::visible).collect()
}

/// Who has a conversation, in words.
pub(super) fn with(name: Option<&String>) -> String {
    name.map_or_else(|| t!("status-with-agent"), |name| t!("status-with", name = name.as_str()))
}

/// What a contact is called: by name, else by address, else as a visitor.
pub(super) fn contact(name: Option<&str>, email: Option<&str>) -> String {
    let named = name.or(email).map(markdown::visible).filter(|name| !name.trim().is_empty());
    named.unwrap_or_else(|| t!("visitor"))
}

/// A priority that stands out from the usual.
pub(super) fn priority(priority: Priority) -> Option<&'static str> {
    match priority {
        Priority::Urgent => Some("urgent"),
        Priority::High => Some("high"),
        Priority::Low => Some("low"),
        Priority::Normal => None,
    }
}

/// Words cut to so many characters.
pub(super) fn shortened(words: &str, most: usize) -> String {
    match words.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    }
}

/// Why a person is needed, in words.
pub(super) fn said_reason(reason: Reason) -> String {
    words::say_of("reason", reason.as_str())
}

fn empty(queue: Queue) -> String {
    words::say_of("empty", queue.as_str())
}

#[cfg(test)]
mod tests {
    use super::{contact, shortened};

    #[test]
    fn a_contact_is_called_by_what_is_known() {
        for (name, email, called) in [
            (Some("Ada"), Some("a@b.example"), "Ada"),
            (None, Some("a@b.example"), "a@b.example"),
            (Some("  "), None, "Visitor"),
            (Some("\u{202e}Ada"), None, "⟨U+202E⟩Ada"),
            (None, None, "Visitor"),
        ] {
            assert_eq!(contact(name, email), called);
        }
    }

    #[test]
    fn long_last_words_are_cut_between_characters() {
        assert_eq!(shortened("short", 160), "short");
        assert_eq!(shortened(&"ü".repeat(200), 160), format!("{}…", "ü".repeat(160)));
    }
}
