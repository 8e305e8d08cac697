//! The logbook: what people did to people and settings, written beside the act and never changed.

use super::row::row;
use super::{Store, on};
use crate::conversation::AgentId;
use crate::word::words;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

words! {
    /// What somebody did.
    StaffAct {
        /// Made a link to join by.
        Invited = "invited",
        /// Joined by a link.
        Joined = "joined",
        /// Gave somebody another role.
        RoleGiven = "role_given",
        /// Logged somebody out everywhere.
        LoggedOut = "logged_out",
        /// Noted that somebody left.
        Deactivated = "deactivated",
        /// Let somebody in again.
        Reactivated = "reactivated",
        /// Made a link for a new password.
        ResetOffered = "reset_offered",
        /// Changed a password.
        PasswordChanged = "password_changed",
        /// Switched the second step of a login on.
        FactorOn = "factor_on",
        /// Switched it off.
        FactorOff = "factor_off",
        /// Took it away from somebody who lost their app.
        FactorReset = "factor_reset",
        /// Used a recovery code to come in.
        RecoveryUsed = "recovery_used",
        /// Made new recovery codes.
        RecoveryRenewed = "recovery_renewed",
        /// Changed what somebody can and does.
        TraitsChanged = "traits_changed",
        /// Made a team.
        TeamMade = "team_made",
        /// Changed a team's name or members.
        TeamChanged = "team_changed",
        /// Ended a team.
        TeamEnded = "team_ended",
        /// Made a program's token.
        TokenMade = "token_made",
        /// Ended one.
        TokenRevoked = "token_revoked",
        /// Put an address on the list of those that nothing is sent to unasked.
        Suppressed = "suppressed",
        /// Took one off it.
        Unsuppressed = "unsuppressed",
    }
}

/// A line of the logbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLine {
    /// Who did it; nobody for the command line.
    pub actor: Option<AgentId>,
    /// What they were called.
    pub actor_name: String,
    /// What they did.
    pub act: StaffAct,
    /// To whom or what, by the name it had.
    pub subject: Option<String>,
    /// What else is to be said of it.
    pub detail: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

row!(StaffLine { actor, actor_name, act, subject, detail, created_at });

impl Store {
    /// Writes a line into the logbook.
    pub async fn log(&self, line: &StaffLine) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into staff_act (id, actor, actor_name, act, subject, detail, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(&line.actor)
            .bind(&line.actor_name)
            .bind(line.act)
            .bind(&line.subject)
            .bind(&line.detail)
            .bind(line.created_at)
            .execute(db)
            .await
            .map(drop)
        })
        .context("writing a line of the logbook")
    }

    /// A page of the logbook, the newest first.
    pub async fn log_page(&self, offset: i64, limit: i64) -> Result<Vec<StaffLine>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select actor, actor_name, act, subject, detail, created_at from staff_act
                 order by created_at desc, id desc limit $1 offset $2",
            )
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await
        })
        .context("reading the logbook")
    }
}
