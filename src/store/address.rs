//! What is known against writing to an address: mails to it came back, or were called spam.

use super::conversation::hold;
use super::happening::tell;
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{AddressMark, AgentId, ConversationId, Happening};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// An address that mails do not reach.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BadAddress {
    /// The address.
    pub address: String,
    /// Since when that is known.
    pub since: DateTime<Utc>,
    /// The enhanced status code that the other server gave.
    pub status: Option<String>,
    /// Its words.
    pub words: String,
}

impl Store {
    /// The mark of an address that mails do not reach, if it has one.
    pub async fn bad_address(&self, address: &str) -> Result<Option<BadAddress>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select address, since, status, words from address_mark
                 where address = $1 and mark = $2",
            )
            .bind(address)
            .bind(AddressMark::Bounced)
            .fetch_optional(db)
            .await
        })
        .context("looking whether mails reach an address")
    }

    /// Takes the marks off the address that a conversation is answered to, by an agent's word.
    pub async fn clear_address(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, id, now).await?.is_none() {
            return Ok(Acted::NoConversation);
        }
        let cleared = within!(&mut tx, conn => {
            sqlx::query("delete from address_mark where address = $1")
                .bind(address)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("taking the marks off an address")?;
        if cleared == 0 {
            return Ok(Acted::Stale);
        }
        let told = Happening::AddressCleared { address: address.to_owned() };
        tell(&mut tx, id, Some(agent), &told, now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }
}

/// Marks an address; what was known first stays.
pub(super) async fn mark(
    tx: &mut Tx,
    address: &str,
    mark: AddressMark,
    (status, words): (Option<&str>, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into address_mark (address, mark, since, status, words)
             values ($1, $2, $3, $4, $5) on conflict (address, mark) do nothing",
        )
        .bind(address)
        .bind(mark)
        .bind(now)
        .bind(status)
        .bind(words)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("marking an address")
}
