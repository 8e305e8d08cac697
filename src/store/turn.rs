//! Turns: claimed when due, read whole, and where each message has ended.

use super::{Db, Store, on};
use crate::conversation::{
    Action, Contact, Conversation, ConversationId, Inbox, InboxName, Message, Turn, TurnId,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// How many earlier messages a turn is read with.
const HISTORY: i64 = 20;

/// A turn that this node works on until its lease ends.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Claimed {
    /// The turn.
    pub id: TurnId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Proof of the claim; void once a newer message or another claim has changed it.
    pub lease_token: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
}

/// A turn as read for its decision.
#[derive(Debug, Clone, PartialEq)]
pub enum TurnRead {
    /// The turn with everything a decision may look at.
    Open(Box<Turn>),
    /// The claim is void: somebody wrote or acted meanwhile.
    Changed,
    /// The settings no longer name this inbox.
    UnknownInbox(InboxName),
}

/// Where a message has ended, as told to whoever sent it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
pub struct End {
    /// The conversation the message is in.
    pub conversation_id: ConversationId,
    /// The turn that answers it; none while a person has the conversation.
    pub turn_id: Option<TurnId>,
    /// `open`, `decided` or `closed` (a person stepped in).
    pub state: Option<String>,
    /// What was decided.
    pub action: Option<Action>,
    /// How sure the decision was, 0 to 1.
    pub confidence: Option<f64>,
    /// When the turn fell due.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The decision's record.
    #[serde(skip)]
    pub record: Option<String>,
}

impl Store {
    /// Claims up to `limit` due turns until `until`.
    pub async fn claim_turns(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Claimed>> {
        let token = uuid::Uuid::now_v7().to_string();
        // The condition stands twice on purpose: the outer one is checked again on a row that another
        // node has just let go of.
        macro_rules! claim {
            ($skip_locked:literal) => {
                concat!(
                    "update turn set lease_until = $2, lease_token = $3, attempts = attempts + 1
                     where state = 'open' and due_at <= $1
                       and (lease_until is null or lease_until < $1)
                       and id in (
                         select id from turn
                         where state = 'open' and due_at <= $1
                           and (lease_until is null or lease_until < $1)
                         order by due_at limit $4 ",
                    $skip_locked,
                    ")
                     returning id, conversation_id, lease_token, attempts"
                )
            };
        }
        let sql = match &self.write {
            Db::Sqlite(_) => claim!(""),
            Db::Postgres(_) => claim!("for update skip locked"),
        };
        on!(&self.write, db => {
            sqlx::query_as(sql).bind(now).bind(until).bind(token).bind(limit).fetch_all(db).await
        })
        .context("claiming due turns")
    }

    /// Whether a claim on a turn still holds.
    pub async fn is_claimed(&self, claimed: &Claimed) -> Result<bool> {
        let count: i64 = on!(&self.read, db => {
            sqlx::query_scalar(
                "select count(*) from turn where id = $1 and state = 'open' and lease_token = $2",
            )
            .bind(&claimed.id)
            .bind(&claimed.lease_token)
            .fetch_one(db)
            .await
        })
        .context("looking whether a claim still holds")?;
        Ok(count > 0)
    }

    /// When the next turn falls due or the next lease ends.
    pub async fn next_turn_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select coalesce(lease_until, due_at) from turn where state = 'open'
                 order by coalesce(lease_until, due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next due turn")
    }

    /// Reads a claimed turn with everything its decision may look at.
    pub async fn turn(
        &self,
        claimed: &Claimed,
        inbox: impl Fn(&InboxName) -> Option<Inbox>,
    ) -> Result<TurnRead> {
        let bounds: Option<(i64, i64, DateTime<Utc>)> = on!(&self.read, db => {
            sqlx::query_as(
                "select first_seq, last_seq, due_at from turn
                 where id = $1 and state = 'open' and lease_token = $2",
            )
            .bind(&claimed.id)
            .bind(&claimed.lease_token)
            .fetch_optional(db)
            .await
        })
        .context("reading the turn")?;
        let Some((first_seq, last_seq, due_at)) = bounds else { return Ok(TurnRead::Changed) };
        let conversation = self.conversation(&claimed.conversation_id).await?;
        let Some(inbox) = inbox(&conversation.inbox) else {
            return Ok(TurnRead::UnknownInbox(conversation.inbox));
        };
        let contact = self.contact(&conversation).await?;
        let messages = self.turn_messages(&conversation, first_seq, last_seq).await?;
        let history = self.history(&conversation, first_seq).await?;
        let id = claimed.id.clone();
        Ok(TurnRead::Open(Box::new(Turn {
            id,
            conversation,
            inbox,
            contact,
            messages,
            history,
            due_at,
        })))
    }

    /// The newest message that a turn answers, by the name its sender gave.
    pub async fn find_answered(&self, turn: Option<&TurnId>) -> Result<Option<String>> {
        let Some(turn) = turn else { return Ok(None) };
        let answered: Option<Option<String>> = on!(&self.read, db => {
            sqlx::query_scalar(
                "select m.external_id from turn t
                 join message m on m.conversation_id = t.conversation_id and m.seq = t.last_seq
                 where t.id = $1",
            )
            .bind(turn)
            .fetch_optional(db)
            .await
        })
        .context("looking for the message that a turn answers")?;
        Ok(answered.flatten())
    }

    /// Where the message that its sender calls `external_id` has ended.
    pub async fn find_end(&self, inbox: &InboxName, external_id: &str) -> Result<Option<End>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select m.conversation_id, t.id as turn_id, t.state, d.action, d.confidence, t.due_at,
                        t.decided_at, d.record
                 from message m
                 left join turn t on t.id = (
                     select id from turn where conversation_id = m.conversation_id
                       and first_seq <= m.seq and last_seq >= m.seq order by last_seq desc limit 1)
                 left join decision d on d.turn_id = t.id
                 where m.inbox = $1 and m.external_id = $2",
            )
            .bind(inbox)
            .bind(external_id)
            .fetch_optional(db)
            .await
        })
        .context("looking where a message has ended")
    }

    /// The contact who writes in a conversation.
    pub async fn contact(&self, conversation: &Conversation) -> Result<Contact> {
        on!(&self.read, db => {
            sqlx::query_as("select id, name, email from contact where id = $1")
                .bind(&conversation.contact_id)
                .fetch_one(db)
                .await
        })
        .context("reading the contact")
    }

    /// A turn's messages. What the customer took back, or what cannot be read here, is among them without words,
    /// so that a turn of nothing else finds a person.
    pub(super) async fn turn_messages(
        &self,
        conversation: &Conversation,
        first: i64,
        last: i64,
    ) -> Result<Vec<Message>> {
        let messages = on!(&self.read, db => {
            sqlx::query_as(
                "select id, conversation_id, seq, shown, external_id, author, agent_id, visibility,
                        case when visibility = 'public' then body else '' end as body,
                        null as delivery, sent_at, received_at,
                        case when visibility = 'public' then attachments else '[]' end as attachments,
                        citations, choices
                 from message
                 where conversation_id = $1 and author = 'customer' and seq between $2 and $3
                 order by seq",
            )
            .bind(&conversation.id)
            .bind(first)
            .bind(last)
            .fetch_all(db)
            .await
        })
        .context("reading the turn's messages")?;
        self.heard(messages).await
    }

    /// What was said before by whom the bot may listen to: the customer and us. What somebody else writes into
    /// a conversation of mails is for people only.
    pub(super) async fn history(
        &self,
        conversation: &Conversation,
        before: i64,
    ) -> Result<Vec<Message>> {
        let mut newest_first: Vec<Message> = on!(&self.read, db => {
            sqlx::query_as(
                "select id, conversation_id, seq, shown, external_id, author, agent_id, visibility, body,
                        null as delivery, sent_at, received_at, attachments, citations, choices
                 from message
                 where conversation_id = $1 and visibility = 'public' and author <> 'participant'
                   and seq < $2
                 order by seq desc limit $3",
            )
            .bind(&conversation.id)
            .bind(before)
            .bind(HISTORY)
            .fetch_all(db)
            .await
        })
        .context("reading what was said before")?;
        newest_first.reverse();
        self.heard(newest_first).await
    }

    /// What was said before number `before` when a conversation was still one with what it was split off.
    pub(super) async fn history_before_split(
        &self,
        id: &ConversationId,
        before: i64,
    ) -> Result<Vec<Message>> {
        let mut newest_first: Vec<Message> = on!(&self.read, db => {
            sqlx::query_as(
                "with recursive whole (id, origin) as (
                     select id, split_from from conversation where id = $1
                     union
                     select c.id, c.split_from from conversation c join whole w on c.id = w.origin
                 )
                 select id, conversation_id, seq, shown, external_id, author, agent_id, visibility, body,
                        null as delivery, sent_at, received_at, attachments, citations, choices
                 from message
                 where conversation_id in (select id from whole) and visibility = 'public'
                   and author <> 'participant' and seq < $2
                 order by seq desc limit $3",
            )
            .bind(id)
            .bind(before)
            .bind(HISTORY)
            .fetch_all(db)
            .await
        })
        .context("reading what was said before a split")?;
        newest_first.reverse();
        self.heard(newest_first).await
    }
}
