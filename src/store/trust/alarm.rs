//! Alarms: what makes an automatic answer suspect brings it before a person.

use crate::conversation::{Alarm, ConversationId, MessageId};
use crate::store::conversation::hold;
use crate::store::{Acted, Store, Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Puts the answers of the decisions that `$which` picks under audit. One that is there already
/// keeps its place and its probability, and the first alarm that it gave.
macro_rules! raise {
    ($which:literal) => {
        concat!(
            "insert into audit (decision_id, conversation_id, draft_id, inbox, risk, alarm, state,
                 created_at)
             select d.id, d.conversation_id,
                    (select f.id from draft f where f.turn_id = d.turn_id and f.state = 'automatic'),
                    c.inbox, coalesce(d.risk, 'standard'), $2, 'waiting', $3
             from decision d join conversation c on c.id = d.conversation_id
             where d.action = 'answer' and ",
            $which,
            " on conflict (decision_id) do update set alarm = coalesce(audit.alarm, excluded.alarm)"
        )
    };
}

impl Store {
    /// Brings the automatic answer that a message carried before a person, as its customer asks.
    pub async fn mark_unhelpful(
        &self,
        conversation: &ConversationId,
        message: &MessageId,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, conversation, now).await?.is_none() {
            return Ok(Acted::NoConversation);
        }
        let raised = within!(&mut tx, conn => {
            sqlx::query(raise!(
                "d.conversation_id = $1
                 and d.turn_id = (select o.turn_id from outbox o join message m on m.id = o.message_id
                                  where o.message_id = $4 and m.author = 'bot')"
            ))
            .bind(conversation)
            .bind(Alarm::ThumbsDown)
            .bind(now)
            .bind(message)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("bringing an unhelpful answer before a person")?;
        if raised == 0 {
            return Ok(Acted::Stale);
        }
        tx.commit().await?;
        Ok(Acted::Done(None))
    }
}

/// Raises an alarm on the newest decision of a conversation if it was an automatic answer and
/// nobody of ours has said anything since.
pub(crate) async fn raise_of_last(
    tx: &mut Tx,
    conversation: &ConversationId,
    alarm: Alarm,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(raise!(
            "d.id = (select id from decision where conversation_id = $1
                     order by created_at desc, id desc limit 1)
             and not exists (
                 select 1 from message m join turn t on t.id = d.turn_id
                 where m.conversation_id = $1 and m.author = 'agent' and m.visibility = 'public'
                   and m.seq > t.last_seq)"
        ))
        .bind(conversation)
        .bind(alarm)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("raising an alarm on an answer")
}

/// Raises an alarm where a closed conversation was reopened and the last that was said to the
/// customer is an automatic answer; a closing decision to leave it at that does not hide it.
pub(crate) async fn raise_of_reopened(
    tx: &mut Tx,
    conversation: &ConversationId,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(raise!(
            "d.turn_id = (select o.turn_id from outbox o where o.conversation_id = $1
                          order by o.seq desc limit 1)"
        ))
        .bind(conversation)
        .bind(Alarm::Reopened)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("raising an alarm on a reopened conversation")
}
