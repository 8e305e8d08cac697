//! Reading conversations, and the two steps every change of one is made of: say and settle.

use super::attachment::tie;
use super::due::{begin_wait, end_wait};
use super::mail::answers_to;
use super::row::to_json;
use super::{Store, Tx, on, within};
use crate::conversation::{
    AgentId, Attachment, Author, Citation, Contact, Conversation, ConversationId, Event, InboxName,
    Message, MessageId, OutboxId, Status, TurnId, Visibility,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Words of ours to be stored and sent.
pub(super) struct NewMessage<'a> {
    pub(super) author: Author,
    pub(super) agent_id: Option<&'a AgentId>,
    pub(super) body: &'a str,
    pub(super) citations: &'a [Citation],
    pub(super) choices: &'a [String],
    /// Files of the team that go with it.
    pub(super) files: &'a [Attachment],
    pub(super) turn_id: Option<&'a TurnId>,
}

/// A conversation as it is opened at the desk: with who its contact is, and until when they wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The conversation.
    pub conversation: Conversation,
    /// Who writes.
    pub contact: Contact,
    /// Until when somebody must have answered, where the customer waits for that.
    pub wait: Option<Wait>,
    /// Until when the customer may be answered freely, where their channel knows such a time.
    pub window_expires_at: Option<DateTime<Utc>>,
    /// The tags, with commas between them.
    pub tags: Option<String>,
    /// Who blocked the contact and why, where somebody did.
    pub blocked: Option<(AgentId, String)>,
    /// Whether another conversation goes on for it.
    pub is_merged: bool,
    /// What else there is to read about it.
    pub has: Has,
}

/// What else there is to read about a conversation, so that nobody asks for what is not there.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own to the store")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Has {
    /// Conversations that it goes on for.
    pub parts: bool,
    /// Answers under audit, judged or not.
    pub audits: bool,
    /// Drafts that went out otherwise than they were written.
    pub edits: bool,
    /// Answers that the customer found helpful, or not.
    pub feedback: bool,
    /// Notes on the contact, or other contacts that are the same person and may have some.
    pub notes: bool,
    /// Mails.
    pub mails: bool,
    /// An address of the contact, or one that answers are to go to, that mails do not reach.
    pub bad_address: bool,
    /// Reactions to messages, perhaps.
    pub reactions: bool,
}

/// A wait for a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Since when the customer waits.
    pub since: DateTime<Utc>,
    /// When somebody must have answered at the latest.
    pub due: DateTime<Utc>,
}

impl Wait {
    /// The wait that two columns tell of.
    pub(super) fn read(since: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>) -> Option<Self> {
        since.zip(due).map(|(since, due)| Self { since, due })
    }
}

#[derive(sqlx::FromRow)]
struct OpenedRow {
    #[sqlx(flatten)]
    conversation: Conversation,
    name: Option<String>,
    email: Option<String>,
    due_since: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    window_expires_at: Option<DateTime<Utc>>,
    tags: Option<String>,
    blocked_by: Option<AgentId>,
    blocked_for: Option<String>,
    is_merged: bool,
    #[sqlx(flatten)]
    has: Has,
}

impl Store {
    /// The conversation of that id.
    pub async fn conversation(&self, id: &ConversationId) -> Result<Conversation> {
        self.find_conversation(id).await?.with_context(|| format!("there is no conversation {id}"))
    }

    /// The conversation of that id as it is opened at the desk, if there is one.
    pub async fn open_conversation(&self, id: &ConversationId) -> Result<Option<Opened>> {
        let row: Option<OpenedRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select c.id, c.inbox, c.contact_id, c.status, c.assignee, c.lang, c.priority, c.topic,
                        c.last_seq, c.handoff_told, c.waiting_since, c.created_at, c.updated_at,
                        c.due_since, c.due_at, c.window_expires_at, p.name, p.email,
                        (select string_agg(t.name, ',' order by t.name) from tag t
                            where t.conversation_id = c.id) as tags,
                        b.agent_id as blocked_by, b.reason as blocked_for,
                        c.merged_into is not null as is_merged,
                        exists (select 1 from conversation x where x.merged_into = c.id) as parts,
                        exists (select 1 from audit a where a.conversation_id = c.id) as audits,
                        exists (select 1 from draft d
                            where d.conversation_id = c.id and d.state = 'edited') as edits,
                        exists (select 1 from message m join message_feedback f on f.message_id = m.id
                            where m.conversation_id = c.id) as feedback,
                        exists (select 1 from contact_note n where n.contact_id = c.contact_id)
                            or exists (select 1 from regroup r where r.kind = 'contact'
                                and r.undone_at is null
                                and (r.from_id = c.contact_id or r.into_id = c.contact_id)) as notes,
                        exists (select 1 from mail a join message m on m.id = a.message_id
                            where m.conversation_id = c.id) as mails,
                        exists (select 1 from identity i join address_mark k on k.address = i.value
                            where i.contact_id = c.contact_id)
                            or exists (select 1 from mail a join message m on m.id = a.message_id
                                join address_mark k on k.address = a.reply_to
                                where m.conversation_id = c.id) as bad_address,
                        exists (select 1 from whatsapp w join message m on m.id = w.message_id
                            where m.conversation_id = c.id) as reactions
                 from conversation c join contact p on p.id = c.contact_id
                     left join block b on b.contact_id = c.contact_id
                 where c.id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading conversation {id} with its contact"))?;
        Ok(row.map(|row| Opened {
            contact: Contact {
                id: row.conversation.contact_id.clone(),
                name: row.name,
                email: row.email,
            },
            wait: Wait::read(row.due_since, row.due_at),
            window_expires_at: row.window_expires_at,
            tags: row.tags,
            blocked: row.blocked_by.zip(row.blocked_for),
            is_merged: row.is_merged,
            has: row.has,
            conversation: row.conversation,
        }))
    }

    /// The conversation of that id, if there is one.
    pub async fn find_conversation(&self, id: &ConversationId) -> Result<Option<Conversation>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                        handoff_told, waiting_since, created_at, updated_at
                 from conversation where id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading conversation {id}"))
    }

    /// The newest `limit` messages before number `before`, oldest first, with how far each got.
    pub async fn messages(
        &self,
        id: &ConversationId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let mut newest_first: Vec<Message> = on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, m.conversation_id, m.seq, m.shown, m.external_id, m.author, m.agent_id,
                        m.visibility, m.body, o.state as delivery, m.sent_at, m.received_at,
                        m.attachments, m.citations, m.choices
                 from message m left join outbox o on o.message_id = m.id
                 where m.conversation_id = $1 and m.seq < $2 order by m.seq desc limit $3",
            )
            .bind(id)
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the messages of conversation {id}"))?;
        newest_first.reverse();
        self.heard(newest_first).await
    }

    /// The newest `limit` messages of a conversation and of those that it goes on for, before a message of
    /// theirs, in the order they came, with how far each got.
    pub async fn thread(
        &self,
        id: &ConversationId,
        before: Option<&MessageId>,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let mut newest_first: Vec<Message> = on!(&self.read, db => {
            sqlx::query_as(
                "with recursive part (id) as (
                     select id from conversation where id = $1
                     union
                     select c.id from conversation c join part p on c.merged_into = p.id
                 )
                 select m.id, m.conversation_id, m.seq, m.shown, m.external_id, m.author, m.agent_id,
                        m.visibility, m.body, o.state as delivery, m.sent_at, m.received_at,
                        m.attachments, m.citations, m.choices
                 from message m left join outbox o on o.message_id = m.id
                 where m.conversation_id in (select id from part)
                   and ($2 is null or (m.received_at, m.id) < (
                       select b.received_at, b.id from message b where b.id = $2))
                 order by m.received_at desc, m.id desc limit $3",
            )
            .bind(id)
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the messages around conversation {id}"))?;
        newest_first.reverse();
        self.heard(newest_first).await
    }

    /// What the customer sees after their number `after`, oldest first.
    pub async fn shown_messages(
        &self,
        id: &ConversationId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Message>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, m.conversation_id, m.seq, m.shown, m.external_id, m.author, m.agent_id,
                        m.visibility, m.body, o.state as delivery, m.sent_at, m.received_at,
                        m.attachments, m.citations, m.choices
                 from message m left join outbox o on o.message_id = m.id
                 where m.conversation_id = $1 and m.visibility = 'public' and m.shown > $2
                 order by m.shown limit $3",
            )
            .bind(id)
            .bind(after)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading what the customer sees of conversation {id}"))
    }
}

/// Stores a message of ours and its delivery; it becomes visible to the customer once sent.
pub(super) async fn say(
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &NewMessage<'_>,
    now: DateTime<Utc>,
) -> Result<OutboxId> {
    let (message_id, inbox, seq) =
        insert(tx, conversation, message, Visibility::Public, now).await?;
    let outbox_id = OutboxId::fresh();
    within!(tx, conn => {
        sqlx::query(
            concat!(
                "insert into outbox (id, conversation_id, message_id, turn_id, inbox, seq, state, due_at,
                     attempts, created_at, updated_at, recipient)
                 values ($1, $2, $3, $4, $5, $6, 'queued', $7, 0, $7, $7, case when $8 then ",
                answers_to!("$2", "a.address"),
                " else ",
                answers_to!("$2", "coalesce(a.reply_to, a.address)"),
                " end)"
            ),
        )
        .bind(&outbox_id)
        .bind(conversation)
        .bind(&message_id)
        .bind(message.turn_id)
        .bind(&inbox)
        .bind(seq)
        .bind(now)
        // Whatever asks for its answers elsewhere, nothing goes there by itself.
        .bind(message.author == Author::Bot)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("putting a message into the outbox")?;
    if message.author == Author::Agent {
        end_wait(tx, conversation).await?;
    }
    Ok(outbox_id)
}

/// Stores a message for the team only.
pub(super) async fn note(
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &NewMessage<'_>,
    now: DateTime<Utc>,
) -> Result<MessageId> {
    let (id, ..) = insert(tx, conversation, message, Visibility::Private, now).await?;
    Ok(id)
}

async fn insert(
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &NewMessage<'_>,
    visibility: Visibility,
    now: DateTime<Utc>,
) -> Result<(MessageId, InboxName, i64)> {
    let (inbox, seq): (InboxName, i64) = within!(tx, conn => {
        sqlx::query_as(
            "update conversation set last_seq = last_seq + 1, updated_at = $2 where id = $1
             returning inbox, last_seq",
        )
        .bind(conversation)
        .bind(now)
        .fetch_one(conn)
        .await
    })
    .context("numbering a message")?;
    let id = MessageId::fresh();
    let (citations, choices) = (to_json(&message.citations)?, to_json(&message.choices)?);
    let files = to_json(&message.files)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into message (id, conversation_id, seq, inbox, author, agent_id, visibility, body,
                 attachments, citations, choices, sent_at, received_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $12, $9, $10, $11, $11)",
        )
        .bind(&id)
        .bind(conversation)
        .bind(seq)
        .bind(&inbox)
        .bind(message.author)
        .bind(message.agent_id)
        .bind(visibility)
        .bind(message.body)
        .bind(citations)
        .bind(choices)
        .bind(now)
        .bind(files)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing a message of ours")?;
    tie(tx, conversation, &id, message.files).await?;
    Ok((id, inbox, seq))
}

/// Moves a conversation to the status that follows from `event`.
pub(super) async fn settle(
    tx: &mut Tx,
    conversation: &Conversation,
    event: Event,
    agent: Option<&AgentId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let status = conversation.status.after(event);
    let waiting_since = match status {
        Status::Waiting => conversation.waiting_since.or(Some(now)),
        Status::Bot | Status::WithAgent | Status::Snoozed | Status::Resolved => None,
    };
    let assignee = match status {
        Status::Bot => None,
        Status::Waiting | Status::WithAgent | Status::Snoozed | Status::Resolved => {
            agent.or(conversation.assignee.as_ref())
        }
    };
    let changed = within!(tx, conn => {
        sqlx::query(
            "update conversation set status = $2, waiting_since = $3, assignee = $4, updated_at = $5,
                 handoff_told = case when $6 then false else handoff_told end,
                 claimed_at = case when $7 then $5 when $8 then claimed_at end,
                 priority_by = case when $9 then null else priority_by end
             where id = $1 and merged_into is null",
        )
        .bind(&conversation.id)
        .bind(status)
        .bind(waiting_since)
        .bind(assignee)
        .bind(now)
        .bind(event == Event::GivenBack)
        .bind(event == Event::AgentTook && agent.is_some())
        .bind(matches!(status, Status::WithAgent | Status::Snoozed))
        .bind(status == Status::Resolved)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("settling the conversation's status")?;
    if changed == 0 {
        return pass_on(tx, conversation, event, agent, now).await;
    }
    match (status, event) {
        (Status::Waiting, _) | (Status::WithAgent, Event::Woken) => {
            begin_wait(tx, &conversation.id, now).await
        }
        // Until the agent answers, the customer waits.
        (Status::WithAgent, _) => Ok(()),
        (Status::Bot | Status::Snoozed | Status::Resolved, _) => {
            end_wait(tx, &conversation.id).await
        }
    }
}

/// What happens in a merged conversation, such as a delivery that fails late, is the matter of the one that
/// goes on for it.
async fn pass_on(
    tx: &mut Tx,
    conversation: &Conversation,
    event: Event,
    agent: Option<&AgentId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let next: Option<Option<ConversationId>> = within!(tx, conn => {
        sqlx::query_scalar("select merged_into from conversation where id = $1")
            .bind(&conversation.id)
            .fetch_optional(conn)
            .await
    })
    .context("looking for the conversation that goes on")?;
    let Some(next) = next.flatten() else { return Ok(()) };
    match event {
        Event::HandedOff | Event::AgentTook | Event::CustomerWrote => {
            let Some(next) = hold(tx, &next, now).await? else { return Ok(()) };
            Box::pin(settle(tx, &next, event, agent, now)).await
        }
        Event::BotReplied
        | Event::NothingToDo
        | Event::AgentApproved
        | Event::GivenBack
        | Event::Snoozed
        | Event::Woken
        | Event::Resolved => Ok(()),
    }
}

/// Reads a conversation and holds its row until the transaction ends.
pub(super) async fn hold(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<Option<Conversation>> {
    within!(tx, conn => {
        sqlx::query_as(
            "update conversation set updated_at = $2 where id = $1
             returning id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                 handoff_told, waiting_since, created_at, updated_at",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .with_context(|| format!("holding conversation {id}"))
}
