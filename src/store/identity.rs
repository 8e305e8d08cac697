//! Who a contact is: accounts that the business vouches for, and addresses that were given.

use super::chat::begin_session;
use super::{Store, Tx, within};
use crate::conversation::{Account, ContactId, EmailAddress, IdentityKind, InboxName};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// What stands before an account's name, so that it never meets the name of an anonymous visitor.
pub(super) const ACCOUNT: &str = "account:";

/// What became of a visitor who said who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identified {
    /// A session of theirs was begun.
    Begun,
    /// The session that they came with is theirs already.
    Already,
}

impl Store {
    /// Begins a session for somebody whom the business vouches for. An anonymous chat that was under
    /// way becomes theirs, and whoever else had it open has it no longer; one of another account is
    /// left alone.
    pub async fn identify_chat(
        &self,
        token_hash: &str,
        inbox: &InboxName,
        account: &Account,
        current: Option<&ContactId>,
        now: DateTime<Utc>,
    ) -> Result<Identified> {
        let mut tx = self.begin().await?;
        let contact = find_or_make(&mut tx, inbox, account, now).await?;
        introduce(&mut tx, &contact, account, now).await?;
        let identified = if current == Some(&contact) {
            Identified::Already
        } else {
            if let Some(anonymous) = current
                && !is_vouched_for(&mut tx, anonymous, now).await?
            {
                join(&mut tx, inbox, anonymous, &contact, now).await?;
            }
            begin_session(&mut tx, token_hash, inbox, &contact, now).await?;
            Identified::Begun
        };
        tx.commit().await?;
        Ok(identified)
    }

    /// Keeps an address that a contact gives of themselves: a claim, unless it is known to be theirs.
    pub async fn leave_email(
        &self,
        contact: &ContactId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        keep_email(&mut tx, contact, email, false, now).await?;
        within!(&mut tx, conn => {
            sqlx::query("update contact set email = $2 where id = $1")
                .bind(contact)
                .bind(email.as_str())
                .execute(conn)
                .await
                .map(drop)
        })
        .context("keeping where a contact wants to be reached")?;
        tx.commit().await
    }

    /// Forgets the addresses that a contact gave of themselves.
    pub async fn withdraw_email(&self, contact: &ContactId) -> Result<()> {
        let mut tx = self.begin().await?;
        within!(&mut tx, conn => {
            sqlx::query("delete from contact_email where contact_id = $1 and not verified")
                .bind(contact)
                .execute(&mut *conn)
                .await?;
            sqlx::query(
                "update contact set email = (
                     select max(e.email) from contact_email e where e.contact_id = contact.id)
                 where id = $1",
            )
            .bind(contact)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("forgetting a contact's address")?;
        tx.commit().await
    }
}

/// The contact behind an account, made where it is new. Its row is written, so that two who come at
/// once take turns.
async fn find_or_make(
    tx: &mut Tx,
    inbox: &InboxName,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<ContactId> {
    let value = format!("{ACCOUNT}{}", account.subject);
    let known: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update identity set seen_at = $3 where inbox = $1 and value = $2 returning contact_id",
        )
        .bind(inbox)
        .bind(&value)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .context("looking for an account's contact")?;
    if let Some(known) = known {
        return Ok(known);
    }
    let fresh = ContactId::fresh();
    let found: ContactId = within!(tx, conn => {
        sqlx::query("insert into contact (id, created_at) values ($1, $2)")
            .bind(&fresh)
            .bind(now)
            .execute(&mut *conn)
            .await?;
        let found: ContactId = sqlx::query_scalar(
            "insert into identity (inbox, value, contact_id, seen_at, kind, verified)
             values ($1, $2, $3, $4, $5, true)
             on conflict (inbox, value) do update set seen_at = excluded.seen_at
             returning contact_id",
        )
        .bind(inbox)
        .bind(&value)
        .bind(&fresh)
        .bind(now)
        .bind(IdentityKind::Account)
        .fetch_one(&mut *conn)
        .await?;
        if found != fresh {
            sqlx::query("delete from contact where id = $1").bind(&fresh).execute(conn).await?;
        }
        found
    });
    Ok(found)
}

/// Keeps what the business says of an account; a name or address that stands there already stays, since
/// a person may have corrected it.
async fn introduce(
    tx: &mut Tx,
    contact: &ContactId,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<()> {
    let email = account.email.as_ref();
    if let Some(email) = email {
        keep_email(tx, contact, email, true, now).await?;
    }
    within!(tx, conn => {
        sqlx::query(
            "update contact set name = coalesce(name, $2), email = coalesce(email, $3) where id = $1",
        )
        .bind(contact)
        .bind(&account.name)
        .bind(email.map(EmailAddress::as_str))
        .execute(conn)
        .await
        .map(drop)
    })
    .context("keeping what the business says of an account")
}

/// Keeps an address; what was verified once stays so.
async fn keep_email(
    tx: &mut Tx,
    contact: &ContactId,
    email: &EmailAddress,
    verified: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into contact_email (contact_id, email, verified, said_at) values ($1, $2, $3, $4)
             on conflict (contact_id, email) do update
             set verified = contact_email.verified or excluded.verified, said_at = excluded.said_at",
        )
        .bind(contact)
        .bind(email.as_str())
        .bind(verified)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("keeping a contact's address")
}

/// Whether the business vouches for a contact. Their rows are written: a message of theirs that is
/// being stored is waited for.
async fn is_vouched_for(tx: &mut Tx, contact: &ContactId, now: DateTime<Utc>) -> Result<bool> {
    let vouched: Vec<bool> = within!(tx, conn => {
        sqlx::query_scalar("update identity set seen_at = $2 where contact_id = $1 returning verified")
            .bind(contact)
            .bind(now)
            .fetch_all(conn)
            .await
    })
    .context("asking whether a contact is vouched for")?;
    Ok(vouched.contains(&true))
}

/// Gives all that a contact has in an inbox, their names too, to another who turns out to be the same person.
pub(super) async fn give(
    tx: &mut Tx,
    inbox: &InboxName,
    from: &ContactId,
    to: &ContactId,
    now: DateTime<Utc>,
) -> Result<()> {
    join(tx, inbox, from, to, now).await?;
    within!(tx, conn => {
        sqlx::query("update identity set contact_id = $2 where contact_id = $1 and inbox = $3")
            .bind(from)
            .bind(to)
            .bind(inbox)
            .execute(&mut *conn)
            .await?;
        sqlx::query("update contact set name = coalesce(name, (
                 select f.name from contact f where f.id = $1)) where id = $2")
            .bind(from)
            .bind(to)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "insert into consent (contact_id, inbox, category, wanted, words, said_at)
             select $2, inbox, category, wanted, words, said_at from consent
             where contact_id = $1 and inbox = $3
             on conflict (contact_id, inbox, category) do update
             set wanted = excluded.wanted, words = excluded.words, said_at = excluded.said_at
             where consent.said_at < excluded.said_at",
        )
        .bind(from)
        .bind(to)
        .bind(inbox)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("giving a contact's names to another")
}

/// Gives what an anonymous visitor wrote to the account they turned out to have. Their sessions end, so
/// that a link that was passed on meanwhile does not lead into the account; what inbox and name they
/// had stays with them, for such links to lead to something.
async fn join(
    tx: &mut Tx,
    inbox: &InboxName,
    anonymous: &ContactId,
    account: &ContactId,
    now: DateTime<Utc>,
) -> Result<()> {
    stay_blocked(tx, anonymous, account).await?;
    within!(tx, conn => {
        // When a resolved conversation changed last decides whether a message reopens it.
        sqlx::query(
            "update conversation set contact_id = $2,
                 updated_at = case when status = 'resolved' then updated_at else $4 end
             where contact_id = $1 and inbox = $3",
        )
        .bind(anonymous)
        .bind(account)
        .bind(inbox)
        .bind(now)
        .execute(&mut *conn)
        .await?;
        sqlx::query("update attachment set contact_id = $2 where contact_id = $1 and inbox = $3")
            .bind(anonymous)
            .bind(account)
            .bind(inbox)
            .execute(&mut *conn)
            .await?;
        sqlx::query("update contact_note set contact_id = $2 where contact_id = $1")
            .bind(anonymous)
            .bind(account)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "update regroup set from_id = case when from_id = $1 then $2 else from_id end,
                 into_id = case when into_id = $1 then $2 else into_id end
             where kind = 'contact' and (from_id = $1 or into_id = $1)",
        )
        .bind(anonymous)
        .bind(account)
        .execute(&mut *conn)
        .await?;
        sqlx::query("delete from chat_session where contact_id = $1")
            .bind(anonymous)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "insert into contact_email (contact_id, email, verified, said_at)
             select $2, email, false, said_at from contact_email where contact_id = $1
             on conflict (contact_id, email) do nothing",
        )
        .bind(anonymous)
        .bind(account)
        .execute(&mut *conn)
        .await?;
        sqlx::query(
            "update contact set email = coalesce(
                 (select a.email from contact a where a.id = $1), contact.email)
             where id = $2",
        )
        .bind(anonymous)
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("giving an anonymous chat to an account")
}

/// Whoever is blocked stays so, whoever they say they are.
async fn stay_blocked(tx: &mut Tx, anonymous: &ContactId, account: &ContactId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into block (contact_id, conversation_id, agent_id, reason, was_open, created_at)
             select $2, conversation_id, agent_id, reason, was_open, created_at from block
             where contact_id = $1 on conflict (contact_id) do nothing",
        )
        .bind(anonymous)
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("blocking the account of whoever was blocked")
}
