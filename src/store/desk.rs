//! What agents do to a conversation; each act is one transaction and ends the bot's open turn.

use super::attachment::ready;
use super::block::is_blocked;
use super::conversation::{NewMessage, hold, note, say, settle};
use super::held::{is_held, release};
use super::regroup::is_merged;
use super::trust::{count_verdict, raise_of_last};
use super::wording::{NewWording, learn};
use super::{Store, Tx, within};
use crate::conversation::{
    AgentId, Alarm, Attachment, AttachmentId, Author, Conversation, ConversationId, Draft, DraftId,
    DraftState, Event, OutboxId, TurnId, Unwanted, Verdict,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// What became of an agent's act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It took effect; with the delivery that follows, if any.
    Done(Option<OutboxId>),
    /// There is no such conversation.
    NoConversation,
    /// Words wait there to be sent: they leave, or are taken back, before anything else is done.
    Held,
    /// The draft seen is not the one that waits: a newer message or draft, or a colleague was faster; or the
    /// conversation was merged meanwhile.
    Stale,
    /// A file that was to go with it cannot: it is another conversation's or agent's, or went out before.
    NoFile,
    /// There is no room for more of this.
    Full,
    /// Nobody answers the contact.
    Blocked,
    /// Whom it is about does not work the queues here, or not any more.
    Nobody,
    /// The customer does not want to be sent this.
    Unwanted(Unwanted),
}

/// Where an act comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It is done as it is said.
    AtOnce,
    /// It was on hold until then, which ends with it.
    FromHold(DateTime<Utc>),
}

/// What an agent says, and the files that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// The text; it may be empty beside files.
    pub text: &'a str,
    /// Files that the agent uploaded in the conversation.
    pub files: &'a [AttachmentId],
}

impl<'a> From<&'a str> for Words<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, files: &[] }
    }
}

/// An agent's word on a draft they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The version that was on the screen.
    pub draft: DraftId,
    /// What is to be sent.
    pub text: String,
    /// The files that go with it.
    pub files: Vec<AttachmentId>,
    /// Sent as it was, or edited.
    pub state: DraftState,
    /// What that says of the draft.
    pub verdict: Verdict,
    /// The customer's wording, where it is worth learning.
    pub learn: Option<NewWording>,
    /// Whether it was on hold.
    pub sending: Sending,
}

impl Store {
    /// Sends a draft, as it was or edited, if it is still the one that waits.
    pub async fn approve(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        approval: &Approval,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        if let Some(refused) = refused(&mut tx, id, agent, approval.sending).await? {
            return Ok(refused);
        }
        let Some(files) = ready(&mut tx, id, agent, &approval.files).await? else {
            return Ok(Acted::NoFile);
        };
        let settled = settle_draft(&mut tx, id, agent, approval, now).await?;
        let Some((turn_id, draft)) = settled else { return Ok(Acted::Stale) };
        let citations =
            if approval.state == DraftState::Approved { draft.citations } else { Vec::new() };
        let message = NewMessage {
            author: Author::Agent,
            agent_id: Some(agent),
            body: &approval.text,
            citations: &citations,
            choices: &[],
            files: &files,
            turn_id: Some(&turn_id),
        };
        let outbox_id = say(&mut tx, id, &message, now).await?;
        settle(&mut tx, &conversation, Event::AgentApproved, Some(agent), now).await?;
        count_verdict(&mut tx, &turn_id, approval.verdict, now).await?;
        if let Some(wording) = &approval.learn {
            learn(&mut tx, wording, &turn_id, agent, now).await?;
        }
        tx.commit().await?;
        Ok(Acted::Done(Some(outbox_id)))
    }

    /// Refuses a draft, with the reason; the conversation goes to the agent.
    pub async fn reject(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        draft: &DraftId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        if is_held(&mut tx, id).await? {
            return Ok(Acted::Held);
        }
        let rejected: Option<TurnId> = within!(&mut tx, conn => {
            sqlx::query_scalar(
                "update draft set state = 'rejected', verdict = 'wrong', reject_reason = $4,
                     agent_id = $3, settled_at = $5
                 where id = $1 and conversation_id = $2 and state = 'proposed' returning turn_id",
            )
            .bind(draft)
            .bind(id)
            .bind(agent)
            .bind(reason)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("rejecting a draft")?;
        let Some(turn_id) = rejected else { return Ok(Acted::Stale) };
        count_verdict(&mut tx, &turn_id, Verdict::Wrong, now).await?;
        settle(&mut tx, &conversation, Event::AgentTook, Some(agent), now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Sends an agent's own words; the bot's open turn and waiting draft end with it. A draft that is
    /// passed over counts against the bot, else only what agents like would count; and words right
    /// after an automatic answer correct it.
    pub async fn reply(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        words: impl Into<Words<'_>>,
        sending: Sending,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let words = words.into();
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        if let Some(refused) = refused(&mut tx, id, agent, sending).await? {
            return Ok(refused);
        }
        let Some(files) = ready(&mut tx, id, agent, words.files).await? else {
            return Ok(Acted::NoFile);
        };
        raise_of_last(&mut tx, id, Alarm::Correction, now).await?;
        silence_bot(&mut tx, id, now).await?;
        let message = written(agent, words.text, &files);
        let outbox_id = say(&mut tx, id, &message, now).await?;
        settle(&mut tx, &conversation, Event::AgentTook, Some(agent), now).await?;
        tx.commit().await?;
        Ok(Acted::Done(Some(outbox_id)))
    }

    /// Stores an agent's note, which the customer never sees.
    pub async fn add_note(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, id, now).await?.is_none() {
            return Ok(Acted::NoConversation);
        }
        note(&mut tx, id, &written(agent, text, &[]), now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Takes, closes or gives back a conversation. Taking keeps the waiting draft for the agent to
    /// use; closing and giving back put it away, and closing counts that against it. What was not
    /// answered when a conversation is given back falls due at once. Nothing is changed in a merged one: what
    /// stands unanswered there was answered in the one that goes on.
    pub async fn change(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        event: Event,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let conversation = match hold_to_act(&mut tx, id, now).await? {
            Ok(conversation) => conversation,
            Err(refused) => return Ok(refused),
        };
        if event == Event::GivenBack && is_blocked(&mut tx, &conversation.contact_id).await? {
            return Ok(Acted::Blocked);
        }
        match event {
            Event::AgentTook => stop_bot(&mut tx, id, now).await?,
            // What the customer wrote just now, perhaps unseen, is still considered.
            Event::Resolved => pass_drafts_over(&mut tx, id, now).await?,
            Event::CustomerWrote
            | Event::BotReplied
            | Event::HandedOff
            | Event::NothingToDo
            | Event::AgentApproved
            | Event::GivenBack
            | Event::Snoozed
            | Event::Woken => {
                stop_bot(&mut tx, id, now).await?;
                put_drafts_away(&mut tx, id, now).await?;
            }
        }
        settle(&mut tx, &conversation, event, Some(agent), now).await?;
        if event == Event::GivenBack {
            open_turn_for_unanswered(&mut tx, id, now).await?;
        }
        tx.commit().await?;
        Ok(Acted::Done(None))
    }
}

/// Why words may not be sent, if so: what was on hold goes only while it still is, and anything else only
/// where nothing is.
async fn refused(
    tx: &mut Tx,
    id: &ConversationId,
    agent: &AgentId,
    sending: Sending,
) -> Result<Option<Acted>> {
    Ok(match sending {
        Sending::FromHold(due) => (!release(tx, id, agent, due).await?).then_some(Acted::Stale),
        Sending::AtOnce => is_held(tx, id).await?.then_some(Acted::Held),
    })
}

fn written<'a>(agent: &'a AgentId, text: &'a str, files: &'a [Attachment]) -> NewMessage<'a> {
    NewMessage {
        author: Author::Agent,
        agent_id: Some(agent),
        body: text,
        citations: &[],
        choices: &[],
        files,
        turn_id: None,
    }
}

/// Settles the draft that the agent saw, if it still waits; returns its turn and words.
async fn settle_draft(
    tx: &mut Tx,
    id: &ConversationId,
    agent: &AgentId,
    approval: &Approval,
    now: DateTime<Utc>,
) -> Result<Option<(TurnId, Draft)>> {
    let settled: Option<(TurnId, String)> = within!(tx, conn => {
        sqlx::query_as(
            "update draft set state = $4, verdict = $5, sent_body = $6, agent_id = $3, settled_at = $7
             where id = $1 and conversation_id = $2 and state = 'proposed'
               and base_seq = (select max(seq) from message
                               where conversation_id = $2 and author = 'customer')
             returning turn_id, body",
        )
        .bind(&approval.draft)
        .bind(id)
        .bind(agent)
        .bind(approval.state)
        .bind(approval.verdict)
        .bind(&approval.text)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .context("settling a draft")?;
    let Some((turn_id, body)) = settled else { return Ok(None) };
    Ok(Some((turn_id, super::row::json(&body)?)))
}

/// Ends the bot's part: its open turn, what it has not sent yet, and its waiting draft.
pub(super) async fn silence_bot(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<()> {
    stop_bot(tx, id, now).await?;
    pass_drafts_over(tx, id, now).await
}

/// Puts the waiting draft away as one that an agent had no use for: it would have been wrong to
/// send it.
async fn pass_drafts_over(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    for turn in put_drafts_away(tx, id, now).await? {
        count_verdict(tx, &turn, Verdict::Wrong, now).await?;
    }
    Ok(())
}

/// Puts the waiting draft away; returns the turns it was for.
pub(super) async fn put_drafts_away(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<Vec<TurnId>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "update draft set state = 'superseded', settled_at = $2
             where conversation_id = $1 and state = 'proposed' returning turn_id",
        )
        .bind(id)
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .context("putting away the waiting draft")
}

/// Holds a conversation for an act that moves it; or says why that is refused. Everybody locks the conversation
/// before its parts.
pub(super) async fn hold_to_act(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<Result<Conversation, Acted>> {
    let Some(conversation) = hold(tx, id, now).await? else {
        return Ok(Err(Acted::NoConversation));
    };
    if is_merged(tx, id).await? {
        return Ok(Err(Acted::Stale));
    }
    if is_held(tx, id).await? {
        return Ok(Err(Acted::Held));
    }
    Ok(Ok(conversation))
}

/// Closes the open turn: the bot no longer considers what was written.
pub(super) async fn close_turn(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update turn set state = 'closed', decided_at = $2, lease_until = null, lease_token = null
             where conversation_id = $1 and state = 'open'",
        )
        .bind(id)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("closing the open turn")
}

/// Closes the open turn and withdraws what the bot has said and not sent: a person talks now.
pub(super) async fn stop_bot(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    close_turn(tx, id, now).await?;
    within!(tx, conn => {
        sqlx::query(
            "update outbox set state = 'failed', last_error = 'withdrawn: a person took over',
                 updated_at = $2
             where conversation_id = $1 and state = 'queued' and message_id in (
                 select id from message where conversation_id = $1 and author = 'bot')",
        )
        .bind(id)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("withdrawing what the bot has not sent")
}

/// Opens a turn, due at once, from the first customer message that nobody has answered.
pub(super) async fn open_turn_for_unanswered(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let unanswered: (Option<i64>, Option<i64>) = within!(tx, conn => {
        sqlx::query_as(
            "select min(seq), max(seq) from message
             where conversation_id = $1 and author = 'customer' and seq > coalesce((
                 select max(seq) from message where conversation_id = $1
                   and author in ('bot', 'agent') and visibility = 'public'), 0)",
        )
        .bind(id)
        .fetch_one(conn)
        .await
    })
    .context("looking for what nobody has answered")?;
    let (Some(first), Some(last)) = unanswered else { return Ok(()) };
    within!(tx, conn => {
        sqlx::query(
            "insert into turn (id, conversation_id, state, first_seq, last_seq, opened_at, due_at,
                 cap_at, attempts)
             values ($1, $2, 'open', $3, $4, $5, $5, $5, 0)",
        )
        .bind(TurnId::fresh())
        .bind(id)
        .bind(first)
        .bind(last)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("opening a turn for what nobody has answered")
}
