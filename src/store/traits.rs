//! What people can and do: languages, skills, capacity, and whether they are away.

use super::due::begin_wait;
use super::happening::tell;
use super::row::{row, to_json};
use super::{Store, on, within};
use crate::conversation::{AgentId, ConversationId, Happening};
use crate::lang::Lang;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// What somebody can and does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// Whose traits they are.
    pub id: AgentId,
    /// How many conversations they can have at once; with 0 they are given none by themselves.
    pub capacity: i64,
    /// Since when they are away.
    pub away_since: Option<DateTime<Utc>>,
    /// The languages they speak.
    pub langs: Vec<Lang>,
    /// What they know about.
    pub skills: Vec<String>,
}

row!(Traits { id, capacity, away_since } json { langs, skills });

impl Store {
    /// Everybody's traits.
    pub async fn traits(&self) -> Result<HashMap<AgentId, Traits>> {
        let traits: Vec<Traits> = on!(&self.read, db => {
            sqlx::query_as("select id, capacity, away_since, langs, skills from agent").fetch_all(db).await
        })
        .context("reading what people can")?;
        Ok(traits.into_iter().map(|traits| (traits.id.clone(), traits)).collect())
    }

    /// Sets what somebody who works here can; `false` for nobody.
    pub async fn set_traits(
        &self,
        agent: &AgentId,
        langs: &[Lang],
        skills: &[String],
        capacity: i64,
    ) -> Result<bool> {
        let (langs, skills) = (to_json(&langs)?, to_json(&skills)?);
        let set = on!(&self.write, db => {
            sqlx::query(
                "update agent set langs = $2, skills = $3, capacity = $4
                 where id = $1 and left_at is null",
            )
            .bind(agent)
            .bind(langs)
            .bind(skills)
            .bind(capacity)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("setting what somebody can")?;
        Ok(set > 0)
    }

    /// Notes that somebody is away, which gives what they have to the others, or back again. Returns what
    /// now waits for somebody else; where words are about to be sent they keep it.
    pub async fn set_away(
        &self,
        agent: &AgentId,
        is_away: bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<ConversationId>> {
        let mut tx = self.begin().await?;
        let since = is_away.then_some(now);
        within!(&mut tx, conn => {
            sqlx::query(
                "update agent set away_since = case when $2 then coalesce(away_since, $3) else null end
                 where id = $1",
            )
            .bind(agent)
            .bind(is_away)
            .bind(since)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("noting that somebody is away")?;
        let mut given: Vec<ConversationId> = Vec::new();
        if is_away {
            given = within!(&mut tx, conn => {
                sqlx::query_scalar(
                    "update conversation set status = 'waiting', assignee = null, claimed_at = null,
                         waiting_since = coalesce(waiting_since, $2), updated_at = $2
                     where assignee = $1 and status = 'with_agent'
                       and not exists (select 1 from held_send h where h.conversation_id = conversation.id)
                     returning id",
                )
                .bind(agent)
                .bind(now)
                .fetch_all(conn)
                .await
            })
            .context("giving the conversations of somebody who is away to the others")?;
        }
        for id in &given {
            tell(&mut tx, id, None, &Happening::Left { from: agent.clone() }, now).await?;
            begin_wait(&mut tx, id, now).await?;
        }
        tx.commit().await?;
        Ok(given)
    }

    /// Sets the languages that somebody speaks.
    pub async fn set_langs(&self, agent: &AgentId, langs: &[Lang]) -> Result<()> {
        let langs = to_json(&langs)?;
        on!(&self.write, db => {
            sqlx::query("update agent set langs = $2 where id = $1")
                .bind(agent)
                .bind(langs)
                .execute(db)
                .await
                .map(drop)
        })
        .context("setting the languages that somebody speaks")
    }
}
