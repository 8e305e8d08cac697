//! Reading conversations, and the two steps every change of one is made of: say and settle.

use super::row::to_json;
use super::{Store, Tx, on, within};
use crate::conversation::{
    AgentId, Author, Citation, Contact, Conversation, ConversationId, Event, InboxName, Message,
    MessageId, OutboxId, Status, TurnId, Visibility,
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
    pub(super) turn_id: Option<&'a TurnId>,
}

/// A conversation with who its contact is.
#[derive(sqlx::FromRow)]
struct WithContact {
    #[sqlx(flatten)]
    conversation: Conversation,
    name: Option<String>,
    email: Option<String>,
}

impl Store {
    /// The conversation of that id.
    pub async fn conversation(&self, id: &ConversationId) -> Result<Conversation> {
        self.find_conversation(id).await?.with_context(|| format!("there is no conversation {id}"))
    }

    /// The conversation of that id and its contact, if there is one.
    pub async fn find_with_contact(
        &self,
        id: &ConversationId,
    ) -> Result<Option<(Conversation, Contact)>> {
        let row: Option<WithContact> = on!(&self.read, db => {
            sqlx::query_as(
                "select c.id, c.inbox, c.contact_id, c.status, c.assignee, c.lang, c.priority, c.topic,
                        c.last_seq, c.handoff_told, c.waiting_since, c.created_at, c.updated_at,
                        p.name, p.email
                 from conversation c join contact p on p.id = c.contact_id where c.id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading conversation {id} with its contact"))?;
        Ok(row.map(|WithContact { conversation, name, email }| {
            let contact = Contact { id: conversation.contact_id.clone(), name, email };
            (conversation, contact)
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
            "insert into outbox (id, conversation_id, message_id, turn_id, inbox, seq, state, due_at,
                 attempts, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, 'queued', $7, 0, $7, $7)",
        )
        .bind(&outbox_id)
        .bind(conversation)
        .bind(&message_id)
        .bind(message.turn_id)
        .bind(&inbox)
        .bind(seq)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("putting a message into the outbox")?;
    Ok(outbox_id)
}

/// Stores a message for the team only.
pub(super) async fn note(
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &NewMessage<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    insert(tx, conversation, message, Visibility::Private, now).await.map(drop)
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
    within!(tx, conn => {
        sqlx::query(
            "insert into message (id, conversation_id, seq, inbox, author, agent_id, visibility, body,
                 attachments, citations, choices, sent_at, received_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $10, $11, $11)",
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
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing a message of ours")?;
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
    within!(tx, conn => {
        sqlx::query(
            "update conversation set status = $2, waiting_since = $3, assignee = $4, updated_at = $5,
                 handoff_told = case when $6 then false else handoff_told end
             where id = $1",
        )
        .bind(&conversation.id)
        .bind(status)
        .bind(waiting_since)
        .bind(assignee)
        .bind(now)
        .bind(event == Event::GivenBack)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("settling the conversation's status")
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
