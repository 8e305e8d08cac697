//! Teams: people who work on the same kind of conversations.

use super::{Store, Tx, on, within};
use crate::conversation::{AgentId, TeamId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A team with who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its identifier.
    pub id: TeamId,
    /// Its name; settings name it by that, whatever its case.
    pub name: String,
    /// Who is in it, among them who has left the business.
    pub members: BTreeSet<AgentId>,
}

impl Store {
    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        let names: Vec<(TeamId, String)> = on!(&self.read, db => {
            sqlx::query_as("select id, name from team order by name, id").fetch_all(db).await
        })
        .context("reading the teams")?;
        let members: Vec<(TeamId, AgentId)> = on!(&self.read, db => {
            sqlx::query_as("select team_id, agent_id from team_member").fetch_all(db).await
        })
        .context("reading who is in which team")?;
        let in_team = |id: &TeamId| {
            members.iter().filter(|(team, _)| team == id).map(|(_, agent)| agent.clone()).collect()
        };
        Ok(names.into_iter().map(|(id, name)| Team { members: in_team(&id), id, name }).collect())
    }

    /// Keeps a team, new or changed, with these people in it; `false` when another has its name.
    pub async fn save_team(&self, team: &Team, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let taken: Option<TeamId> = within!(&mut tx, conn => {
            sqlx::query_scalar("select id from team where lower(name) = lower($1) and id <> $2 limit 1")
                .bind(&team.name)
                .bind(&team.id)
                .fetch_optional(conn)
                .await
        })
        .context("looking for a team of the same name")?;
        if taken.is_some() {
            return Ok(false);
        }
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into team (id, name, created_at) values ($1, $2, $3)
                 on conflict (id) do update set name = $2",
            )
            .bind(&team.id)
            .bind(&team.name)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("keeping a team")?;
        clear(&mut tx, &team.id).await?;
        for member in &team.members {
            within!(&mut tx, conn => {
                sqlx::query(
                    "insert into team_member (team_id, agent_id) select $1, id from agent where id = $2",
                )
                .bind(&team.id)
                .bind(member)
                .execute(conn)
                .await
                .map(drop)
            })
            .context("putting somebody into a team")?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a team; `false` when there is none.
    pub async fn drop_team(&self, id: &TeamId) -> Result<bool> {
        let mut tx = self.begin().await?;
        clear(&mut tx, id).await?;
        let dropped = within!(&mut tx, conn => {
            sqlx::query("delete from team where id = $1")
                .bind(id)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("ending a team")?;
        tx.commit().await?;
        Ok(dropped > 0)
    }
}

async fn clear(tx: &mut Tx, id: &TeamId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("delete from team_member where team_id = $1").bind(id).execute(conn).await.map(drop)
    })
    .context("taking everybody out of a team")
}
