//! Views: searches that people keep under a name, for themselves or for the team.

use super::{Store, on, within};
use crate::conversation::{AgentId, ViewId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Views that one person may keep.
const MOST: i64 = 50;

/// A search under a name.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedView {
    /// Its identifier.
    pub id: ViewId,
    /// Who keeps it.
    pub agent_id: AgentId,
    /// What it is called.
    pub name: String,
    /// Whether the team sees it.
    pub shared: bool,
    /// What is looked for, as an address says it.
    pub query: String,
}

impl Store {
    /// The views that somebody sees: their own and the team's, by name.
    pub async fn views(&self, agent: &AgentId) -> Result<Vec<SavedView>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, agent_id, name, shared, query from saved_view
                 where agent_id = $1 or shared order by lower(name), id limit 200",
            )
            .bind(agent)
            .fetch_all(db)
            .await
        })
        .context("reading views")
    }

    /// Keeps a view; `false` where somebody keeps as many as they may.
    pub async fn add_view(&self, view: &SavedView, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into saved_view (id, agent_id, name, shared, query, created_at)
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&view.id)
            .bind(&view.agent_id)
            .bind(&view.name)
            .bind(view.shared)
            .bind(&view.query)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("keeping a view")?;
        let kept: i64 = within!(&mut tx, conn => {
            sqlx::query_scalar("select count(*) from saved_view where agent_id = $1")
                .bind(&view.agent_id)
                .fetch_one(conn)
                .await
        })
        .context("counting views")?;
        if kept > MOST {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a view of somebody's own another name, and shares it or not; `false` where it is not theirs.
    pub async fn change_view(
        &self,
        id: &ViewId,
        agent: &AgentId,
        name: &str,
        shared: bool,
    ) -> Result<bool> {
        on!(&self.write, db => {
            sqlx::query(
                "update saved_view set name = $3, shared = $4 where id = $1 and agent_id = $2",
            )
            .bind(id)
            .bind(agent)
            .bind(name)
            .bind(shared)
            .execute(db)
            .await
            .map(|done| done.rows_affected() == 1)
        })
        .context("changing a view")
    }

    /// Deletes a view of somebody's own; `false` where it is not theirs.
    pub async fn delete_view(&self, id: &ViewId, agent: &AgentId) -> Result<bool> {
        on!(&self.write, db => {
            sqlx::query("delete from saved_view where id = $1 and agent_id = $2")
                .bind(id)
                .bind(agent)
                .execute(db)
                .await
                .map(|done| done.rows_affected() == 1)
        })
        .context("deleting a view")
    }
}
