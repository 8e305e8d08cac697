//! Whom nothing is sent unasked: addresses that an admin has put on a list, and customers who have said so themselves.

use super::{Store, on};
use crate::conversation::{AgentId, InboxName, MARKETING, META_MARKETING, NOTIFICATIONS, Standing};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// How whoever is known by the name `$2` in the inbox `$1` stands.
macro_rules! standing {
    () => {
        "with who (contact_id) as (select contact_id from identity where inbox = $1 and value = $2)
         select exists (select 1 from block b join who on who.contact_id = b.contact_id)
                    or exists (select 1 from suppression s where s.inbox = $1 and (s.address = $2
                    or s.address in (select i.value from identity i join who on who.contact_id = i.contact_id
                                     where i.inbox = $1))) as suppressed,
                (select c.wanted from consent c join who on who.contact_id = c.contact_id
                 where c.inbox = $1 and c.category = 'notifications') as notifications,
                (select c.wanted from consent c join who on who.contact_id = c.contact_id
                 where c.inbox = $1 and c.category = 'marketing') as marketing,
                (select c.wanted from consent c join who on who.contact_id = c.contact_id
                 where c.inbox = $1 and c.category = 'marketing_messages') as channel_marketing,
                exists (select 1 from conversation v join who on who.contact_id = v.contact_id
                            join message m on m.conversation_id = v.id
                        where v.inbox = $1 and m.author = 'customer') as has_written"
    };
}

pub(super) use standing;

/// An address that nothing is sent to unasked.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Suppression {
    /// The inbox in which that holds.
    pub inbox: InboxName,
    /// The number or id.
    pub address: String,
    /// Why.
    pub reason: String,
    /// Who put it there; nobody for a program.
    pub agent_id: Option<AgentId>,
    /// What they were called.
    pub by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A customer who has ended notifications, or advertising with us or with the channel.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OptOut {
    /// The inbox in which they said so.
    pub inbox: InboxName,
    /// One of their addresses there.
    pub address: String,
    /// What they are called.
    pub name: Option<String>,
    /// What they have ended.
    pub category: String,
    /// In what words.
    pub words: String,
    /// When.
    pub said_at: DateTime<Utc>,
}

impl Store {
    /// Puts an address on the list; `false` where it stands there already, and what is said there stays.
    pub async fn suppress(&self, one: &Suppression) -> Result<bool> {
        let added = on!(&self.write, db => {
            sqlx::query(
                "insert into suppression (inbox, address, reason, agent_id, by_name, created_at)
                 values ($1, $2, $3, $4, $5, $6) on conflict (inbox, address) do nothing",
            )
            .bind(&one.inbox)
            .bind(&one.address)
            .bind(&one.reason)
            .bind(&one.agent_id)
            .bind(&one.by_name)
            .bind(one.created_at)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("putting an address on the list of the suppressed")?;
        Ok(added == 1)
    }

    /// Takes an address off the list; `false` where it does not stand there.
    pub async fn unsuppress(&self, inbox: &InboxName, address: &str) -> Result<bool> {
        let gone = on!(&self.write, db => {
            sqlx::query("delete from suppression where inbox = $1 and address = $2")
                .bind(inbox)
                .bind(address)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })
        .context("taking an address off the list of the suppressed")?;
        Ok(gone == 1)
    }

    /// A page of the list, the newest first; only of `inbox`, and only addresses or reasons that hold `words`, where
    /// those are given.
    pub async fn suppressions(
        &self,
        inbox: Option<&InboxName>,
        words: &str,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Suppression>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select inbox, address, reason, agent_id, by_name, created_at from suppression
                 where ($1 is null or inbox = $1)
                   and lower(address || ' ' || reason) like $2 escape '\\'
                 order by created_at desc, address limit $3 offset $4",
            )
            .bind(inbox)
            .bind(pattern(words))
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await
        })
        .context("reading the list of the suppressed")
    }

    /// A page of the customers who have ended notifications or advertising, the newest first; found as in
    /// [`Self::suppressions`]. Who has ended all notifications is not listed for our advertising too.
    pub async fn opt_outs(
        &self,
        inbox: Option<&InboxName>,
        words: &str,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<OptOut>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select o.inbox, min(i.value) as address, p.name, o.category, o.words, o.said_at
                 from consent o join contact p on p.id = o.contact_id
                     join identity i on i.contact_id = o.contact_id and i.inbox = o.inbox
                 where not o.wanted and ($1 is null or o.inbox = $1)
                   and (o.category in ($5, $6) or o.category = $7 and not exists (
                       select 1 from consent n where n.contact_id = o.contact_id and n.inbox = o.inbox
                           and n.category = $5 and not n.wanted))
                   and lower(i.value || ' ' || coalesce(p.name, '')) like $2 escape '\\'
                 group by o.inbox, o.contact_id, p.name, o.category, o.words, o.said_at
                 order by o.said_at desc, o.contact_id limit $3 offset $4",
            )
            .bind(inbox)
            .bind(pattern(words))
            .bind(limit)
            .bind(offset)
            .bind(NOTIFICATIONS)
            .bind(META_MARKETING)
            .bind(MARKETING)
            .fetch_all(db)
            .await
        })
        .context("reading who has ended notifications")
    }

    /// How a customer stands to being sent something unasked, by one of the names that the inbox knows them by.
    pub async fn standing(&self, inbox: &InboxName, address: &str) -> Result<Standing> {
        let row: Row = on!(&self.read, db => {
            sqlx::query_as(standing!()).bind(inbox).bind(address).fetch_one(db).await
        })
        .context("reading how a customer stands to notifications")?;
        Ok(row.into())
    }
}

/// A pattern that finds these words anywhere, as they are written. PostgreSQL takes no NUL.
fn pattern(words: &str) -> String {
    let words = words.to_lowercase().replace('\0', "");
    let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// How somebody stands, as it is read.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    suppressed: bool,
    notifications: Option<bool>,
    marketing: Option<bool>,
    channel_marketing: Option<bool>,
    has_written: bool,
}

impl From<Row> for Standing {
    fn from(row: Row) -> Self {
        Self {
            suppressed: row.suppressed,
            notifications: row.notifications,
            marketing: row.marketing,
            channel_marketing: row.channel_marketing,
            has_written: row.has_written,
        }
    }
}

#[cfg(test)]
impl Store {
    /// The contact that an inbox knows by a name, if any.
    pub async fn contact_by(
        &self,
        inbox: &InboxName,
        name: &str,
    ) -> Result<Option<crate::conversation::ContactId>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select contact_id from identity where inbox = $1 and value = $2")
                .bind(inbox)
                .bind(name)
                .fetch_optional(db)
                .await
        })
        .context("looking whose a name is")
    }
}
