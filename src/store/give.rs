//! Giving a conversation that waits for a person to somebody who is there and has room, by themselves.

use super::conversation::{hold, settle};
use super::desk::close_turn;
use super::happening::tell;
use super::held::is_held;
use super::row::json;
use super::{Store, Tx, within};
use crate::conversation::{
    AgentId, Colleague, ConversationId, Event, Happening, Status, TeamId, Wanted, choose,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Somebody as the statement finds them.
#[derive(sqlx::FromRow)]
struct Row {
    id: AgentId,
    langs: String,
    skills: String,
    capacity: i64,
    load: i64,
    away_since: Option<DateTime<Utc>>,
    assigned_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    in_team: bool,
}

impl Store {
    /// Gives a conversation that waits for a person, and that nobody has, to whoever fits best; returns
    /// who that is. `team` is the name of the team that it is for.
    ///
    /// One node at a time chooses, so that nobody gets more than they can have.
    pub async fn give(
        &self,
        id: &ConversationId,
        team: Option<&str>,
        wanted: &Wanted<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<AgentId>> {
        let mut tx = self.begin().await?;
        take_turns(&mut tx).await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else { return Ok(None) };
        if conversation.status != Status::Waiting || is_held(&mut tx, id).await? {
            return Ok(None);
        }
        let people = colleagues(&mut tx, team).await?;
        let Some(to) = choose(&people, wanted, now).cloned() else { return Ok(None) };
        // What the bot has just said is that a person will answer: that still goes out.
        close_turn(&mut tx, id, now).await?;
        settle(&mut tx, &conversation, Event::AgentTook, Some(&to), now).await?;
        let is_there = within!(&mut tx, conn => {
            sqlx::query("update agent set assigned_at = $2 where id = $1 and away_since is null")
                .bind(&to)
                .bind(now)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("noting who was given a conversation")?;
        if is_there == 0 {
            return Ok(None);
        }
        tell(&mut tx, id, None, &Happening::Given { to: to.clone() }, now).await?;
        tx.commit().await?;
        Ok(Some(to))
    }
}

/// Waits until no other node chooses; the row is held until the transaction ends.
async fn take_turns(tx: &mut Tx) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into meta (key, value) values ('giving', '')
             on conflict (key) do update set value = meta.value",
        )
        .execute(conn)
        .await
        .map(drop)
    })
    .context("waiting for one's turn to give a conversation")
}

/// The team of that name, in whatever case: databases lower the letters of some alphabets only.
async fn team_of(tx: &mut Tx, name: &str) -> Result<Option<TeamId>> {
    let teams: Vec<(TeamId, String)> = within!(tx, conn => {
        sqlx::query_as("select id, name from team order by id").fetch_all(conn).await
    })
    .context("reading the teams")?;
    let wanted = name.to_lowercase();
    Ok(teams.into_iter().find(|(_, name)| name.to_lowercase() == wanted).map(|(id, _)| id))
}

/// Everybody who may work queues, with what they have now.
async fn colleagues(tx: &mut Tx, team: Option<&str>) -> Result<Vec<Colleague>> {
    let team = match team {
        Some(name) => {
            team_of(tx, name).await?.map_or_else(|| "none".to_owned(), |id| id.to_string())
        }
        None => String::new(),
    };
    let rows: Vec<Row> = within!(tx, conn => {
        sqlx::query_as(
            "select a.id, a.langs, a.skills, a.capacity, a.away_since, a.assigned_at,
                 (select count(*) from conversation c
                  where c.assignee = a.id and c.status = 'with_agent') as load,
                 (select max(s.seen_at) from session s where s.agent_id = a.id) as seen_at,
                 ($1 = '' or exists (select 1 from team_member m
                     where m.agent_id = a.id and m.team_id = $1)) as in_team
             from agent a where a.left_at is null and a.role <> 'viewer' order by a.id",
        )
        .bind(team)
        .fetch_all(conn)
        .await
    })
    .context("reading who could be given a conversation")?;
    rows.into_iter()
        .map(|row| {
            Ok(Colleague {
                id: row.id,
                langs: json(&row.langs)?,
                skills: json(&row.skills)?,
                capacity: row.capacity,
                load: row.load,
                is_away: row.away_since.is_some(),
                seen_at: row.seen_at,
                assigned_at: row.assigned_at,
                in_team: row.in_team,
            })
        })
        .collect()
}
