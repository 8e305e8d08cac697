//! The queues that agents work: one statement a page, however many conversations there are.

use super::{Store, Wait, on};
use crate::conversation::{AgentId, ConversationId, InboxName, Priority, Status, Tag};
use crate::lang::Lang;
use crate::word::words;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::{Database, Encode, QueryBuilder, Type};

words! {
    /// A list of conversations that an agent works on.
    Queue {
        /// A draft waits for approval.
        Approval = "approval",
        /// A person is needed and there is no draft.
        HandedOff = "handed-off",
        /// The agent has taken them.
        Mine = "mine",
        /// The bot has the word.
        WithBot = "with-bot",
        /// Put aside for a while.
        Snoozed = "snoozed",
        /// Nothing is left to do.
        Resolved = "resolved",
        /// An automatic answer waits for a person's verdict.
        Audit = "audit",
        /// Everything, newest first.
        All = "all",
    }
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct QueueRow {
    /// The conversation.
    pub id: ConversationId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// Whose move it is.
    pub status: Status,
    /// The agent who has taken it.
    pub assignee: Option<AgentId>,
    /// The customer's language.
    pub lang: Option<Lang>,
    /// How soon a person should look.
    pub priority: Priority,
    /// The topic.
    pub topic: Option<String>,
    /// Since when the customer waits for a person.
    pub waiting_since: Option<DateTime<Utc>>,
    /// Since when somebody must answer, where the customer waits for that.
    pub due_since: Option<DateTime<Utc>>,
    /// When somebody must have answered at the latest.
    pub due_at: Option<DateTime<Utc>>,
    /// Until when the customer can be answered freely, where the channel knows such a time.
    pub window_expires_at: Option<DateTime<Utc>>,
    /// When anything last happened.
    pub updated_at: DateTime<Utc>,
    /// The contact's name.
    pub contact: Option<String>,
    /// What the customer last said.
    pub last_words: Option<String>,
    /// Whether the newest message of ours did not reach the customer, or perhaps did not.
    pub undelivered: bool,
    /// Until when it is put aside.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// Whether words of an agent's wait there to be sent.
    pub held: bool,
    /// Why it is here: the decision's reasons, as a JSON list.
    pub reasons: Option<String>,
    /// The tags, with commas between them.
    pub tags: Option<String>,
    /// Whether nobody answers the contact.
    pub blocked: bool,
}

impl QueueRow {
    /// The wait for a person's word, if there is one.
    pub fn wait(&self) -> Option<Wait> {
        Wait::read(self.due_since, self.due_at)
    }

    /// When the channel's window closes, where that ends the wait before its time does.
    pub fn closes_first(&self) -> Option<DateTime<Utc>> {
        self.window_expires_at.filter(|closes| self.due_at.is_some_and(|due| *closes < due))
    }
}

/// How many conversations each queue holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Counts {
    /// A draft waits for approval.
    pub approval: i64,
    /// A person is needed and there is no draft.
    pub handed_off: i64,
    /// The agent has taken them.
    pub mine: i64,
    /// Put aside for a while.
    pub snoozed: i64,
    /// Automatic answers that wait for a verdict.
    pub audit: i64,
    /// Everything.
    pub everything: i64,
    /// Words that are about to be sent.
    pub held: i64,
    /// Kept searches that the agent sees.
    pub views: i64,
    /// Customers who wait too long for a person: their target is missed.
    pub overdue: i64,
    /// Customers whose time is nearly over.
    pub nearly: i64,
}

/// Rows of a list, with what they show of their conversations: read only of those few that the part in
/// the middle chooses.
macro_rules! rows {
    () => {
        concat!(
            "select c.id, c.inbox, c.status, c.assignee, c.lang, c.priority, c.topic,
                    c.waiting_since, c.due_since, c.due_at, c.window_expires_at, c.updated_at, c.snoozed_until,
                    p.name as contact,
                    coalesce((select body from message m where m.conversation_id = c.id
                            and m.author = 'customer' order by m.seq desc limit 1),
                        (select body from message m where m.conversation_id = c.id
                            and m.author = 'machine' order by m.seq desc limit 1)) as last_words,
                    coalesce((select o.state in ('failed', 'uncertain') from outbox o
                        where o.conversation_id = c.id order by o.seq desc limit 1), false)
                        as undelivered,
                    exists (select 1 from held_send h where h.conversation_id = c.id) as held,
                    (select string_agg(t.name, ',' order by t.name) from tag t
                        where t.conversation_id = c.id) as tags,
                    exists (select 1 from block b where b.contact_id = c.contact_id) as blocked,
                    (select reasons from decision d where d.conversation_id = c.id
                        order by d.created_at desc, d.id desc limit 1) as reasons
             from "
        )
    };
}

/// A page of a queue: first which conversations, by an index, then what is shown of them.
macro_rules! page {
    ($where:expr, $order:expr) => {
        concat!(
            rows!(),
            "(select c.id from conversation c where ",
            $where,
            " and ($1 = $1) order by ",
            $order,
            " limit $2 offset $3) few join conversation c on c.id = few.id
             join contact p on p.id = c.contact_id order by ",
            $order
        )
    };
}

/// What ends first stands first: the time in which somebody must answer, or the channel's window. The indexes of
/// the queues hold the same expression.
macro_rules! first {
    () => {
        "case when c.window_expires_at < c.due_at then c.window_expires_at else c.due_at end nulls last, c.id"
    };
}

/// What waits for approval.
macro_rules! approval {
    () => {
        "c.status in ('waiting', 'with_agent') and exists (select 1 from draft d
             where d.conversation_id = c.id and d.state = 'proposed')
         and not exists (select 1 from held_send h where h.conversation_id = c.id)"
    };
}

/// What waits for a person without a draft.
macro_rules! handed_off {
    () => {
        "c.status = 'waiting' and not exists (select 1 from draft d
             where d.conversation_id = c.id and d.state = 'proposed')"
    };
}

/// What is left of all conversations; empty parts leave all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose move it is.
    pub status: Option<Status>,
    /// The inbox.
    pub inbox: Option<InboxName>,
    /// The customer's language.
    pub lang: Option<Lang>,
    /// The agent who has it.
    pub agent: Option<AgentId>,
    /// The topic.
    pub topic: Option<String>,
    /// How soon a person should look.
    pub priority: Option<Priority>,
    /// A tag that it has.
    pub tag: Option<Tag>,
    /// The first moment at which something last happened.
    pub from: Option<DateTime<Utc>>,
    /// The moment before which it did.
    pub before: Option<DateTime<Utc>>,
}

impl Filter {
    /// The query for the rows of a page that it leaves, the newest first.
    pub(super) fn page<DB>(
        &self,
        among: Option<&[ConversationId]>,
        offset: i64,
        limit: i64,
    ) -> QueryBuilder<DB>
    where
        DB: Database,
        for<'q> String: Encode<'q, DB> + Type<DB>,
        for<'q> i64: Encode<'q, DB> + Type<DB>,
        for<'q> DateTime<Utc>: Encode<'q, DB> + Type<DB>,
    {
        let mut query = QueryBuilder::new(concat!(rows!(), "(select c.id from conversation c"));
        self.narrow(&mut query, among);
        query.push(" order by c.updated_at desc, c.id desc limit ").push_bind(limit);
        query.push(" offset ").push_bind(offset);
        query.push(
            ") few join conversation c on c.id = few.id join contact p on p.id = c.contact_id
             order by c.updated_at desc, c.id desc",
        );
        query
    }

    /// The query that counts what it leaves, to a limit.
    pub(super) fn count<DB>(&self, among: Option<&[ConversationId]>, limit: i64) -> QueryBuilder<DB>
    where
        DB: Database,
        for<'q> String: Encode<'q, DB> + Type<DB>,
        for<'q> i64: Encode<'q, DB> + Type<DB>,
        for<'q> DateTime<Utc>: Encode<'q, DB> + Type<DB>,
    {
        let mut query =
            QueryBuilder::new("select count(*) from (select 1 as one from conversation c");
        self.narrow(&mut query, among);
        query.push(" limit ").push_bind(limit).push(") counted");
        query
    }

    fn narrow<DB>(&self, query: &mut QueryBuilder<DB>, among: Option<&[ConversationId]>)
    where
        DB: Database,
        for<'q> String: Encode<'q, DB> + Type<DB>,
        for<'q> DateTime<Utc>: Encode<'q, DB> + Type<DB>,
    {
        query.push(" where 1 = 1");
        if let Some(among) = among {
            query.push(" and c.id in (");
            let mut list = query.separated(", ");
            for id in among {
                list.push_bind(id.to_string());
            }
            query.push(")");
        }
        let texts = [
            ("status", self.status.map(|it| it.as_str().to_owned())),
            ("inbox", self.inbox.as_ref().map(ToString::to_string)),
            ("lang", self.lang.map(|it| it.to_string())),
            ("assignee", self.agent.as_ref().map(ToString::to_string)),
            ("topic", self.topic.clone()),
            ("priority", self.priority.map(|it| it.as_str().to_owned())),
        ];
        for (column, text) in texts.into_iter().filter_map(|(column, text)| Some((column, text?))) {
            query.push(format!(" and c.{column} = ")).push_bind(text);
        }
        if let Some(tag) = &self.tag {
            query.push(
                " and exists (select 1 from tag t where t.conversation_id = c.id and t.name = ",
            );
            query.push_bind(tag.to_string()).push(")");
        }
        for (sign, time) in [(">=", self.from), ("<", self.before)] {
            if let Some(time) = time {
                query.push(format!(" and c.updated_at {sign} ")).push_bind(time);
            }
        }
    }
}

impl Store {
    /// A page of a queue: what ends first stands first; where nothing does, the newest.
    pub async fn queue(
        &self,
        queue: Queue,
        agent: &AgentId,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<QueueRow>> {
        on!(&self.read, db => {
            sqlx::query_as(statement(queue))
                .bind(agent)
                .bind(limit)
                .bind(offset)
                .fetch_all(db)
                .await
        })
        .with_context(|| format!("reading the queue {queue}"))
    }

    /// How many conversations each queue holds.
    pub async fn counts(&self, agent: &AgentId, now: DateTime<Utc>) -> Result<Counts> {
        on!(&self.read, db => {
            sqlx::query_as(
                concat!(
                    "select (select count(*) from conversation c where ", approval!(), ") as approval,
                     (select count(*) from conversation c where ", handed_off!(), ") as handed_off,
                     (select count(*) from conversation where status = 'with_agent' and assignee = $1) as mine,
                     (select count(*) from conversation where status = 'snoozed') as snoozed,
                     (select count(*) from audit where state = 'waiting') as audit,
                     (select count(*) from conversation) as everything,
                     (select count(*) from held_send) as held,
                     (select count(*) from saved_view where agent_id = $1 or shared) as views,
                     (select count(*) from conversation
                      where status in ('waiting', 'with_agent') and due_at <= $2) as overdue,
                     (select count(*) from conversation
                      where status in ('waiting', 'with_agent') and warn_at <= $2 and due_at > $2)
                         as nearly"
                ),
            )
            .bind(agent)
            .bind(now)
            .fetch_one(db)
            .await
        })
        .context("counting the queues")
    }
}

/// The statement that reads a page of a queue. Each has its own, for none of the database's indexes would
/// serve a condition that is chosen only when it runs.
fn statement(queue: Queue) -> &'static str {
    match queue {
        Queue::Approval => page!(approval!(), first!()),
        Queue::HandedOff => page!(handed_off!(), first!()),
        Queue::Mine => page!("c.status = 'with_agent' and c.assignee = $1", first!()),
        Queue::WithBot => page!("c.status = 'bot'", "c.updated_at desc, c.id desc"),
        Queue::Snoozed => page!("c.status = 'snoozed'", "c.snoozed_until, c.id"),
        Queue::Resolved => page!("c.status = 'resolved'", "c.updated_at desc, c.id desc"),
        Queue::Audit => page!(
            "exists (select 1 from audit a where a.conversation_id = c.id and a.state = 'waiting')",
            "c.updated_at desc, c.id desc"
        ),
        Queue::All => page!("true", "c.updated_at desc, c.id desc"),
    }
}

#[cfg(test)]
impl Store {
    /// Lets the channel's window of a conversation close at a moment.
    pub(super) async fn close_window(&self, id: &ConversationId, at: DateTime<Utc>) {
        on!(&self.write, db => {
            sqlx::query("update conversation set window_expires_at = $2 where id = $1")
                .bind(id)
                .bind(at)
                .execute(db)
                .await
                .map(drop)
        })
        .expect("the window is set");
    }
}
