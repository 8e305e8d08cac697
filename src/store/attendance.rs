//! Whether people are at the desk, and for how long customers waited for them.

use super::{Store, on};
use crate::conversation::{ConversationId, InboxName, Waited};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Decisions that are looked at, the newest of them.
const DECISIONS: i64 = 2_000;

/// A decision that asked for a person: its conversation, when it was made, when a person first
/// answered after it, and whether its customer waits still.
type Asked = (ConversationId, DateTime<Utc>, Option<DateTime<Utc>>, bool);

impl Store {
    /// Whether somebody who may answer and is not away was at the desk since then: asked for a page, or
    /// had one open.
    pub async fn is_somebody_there(&self, since: DateTime<Utc>) -> Result<bool> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select exists (select 1 from session s join agent a on a.id = s.agent_id
                                where s.seen_at > $1 and a.role <> 'viewer'
                                  and a.left_at is null and a.away_since is null)",
            )
            .bind(since)
            .fetch_one(db)
            .await
        })
        .context("asking whether somebody is at the desk")
    }

    /// For how long customers of an inbox waited for a person's answer, of those handed over since then.
    pub async fn waits(
        &self,
        inbox: &InboxName,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Waited>> {
        let asked: Vec<Asked> = on!(&self.read, db => {
            sqlx::query_as(
                "select d.conversation_id, d.created_at,
                        (select min(m.received_at) from message m
                         where m.conversation_id = d.conversation_id and m.author = 'agent'
                           and m.visibility = 'public' and m.received_at > d.created_at),
                        c.status = 'waiting'
                 from decision d join conversation c on c.id = d.conversation_id
                 where d.created_at >= $1 and d.action in ('escalate', 'draft') and c.inbox = $2
                 order by d.created_at desc limit $3",
            )
            .bind(since)
            .bind(inbox)
            .bind(DECISIONS)
            .fetch_all(db)
            .await
        })
        .context("reading for how long customers waited")?;
        // Several decisions before the same answer are one wait, from the first of them.
        let mut first = HashMap::new();
        for (id, asked, answered, waits) in asked {
            if answered.is_some() || waits {
                first.insert((id, answered), asked);
            }
        }
        let waits = first.into_iter().map(|((_, answered), asked)| match answered {
            Some(answered) => Waited::Answered(answered - asked),
            None => Waited::Still(now - asked),
        });
        Ok(waits.collect())
    }
}
