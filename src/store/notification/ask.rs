//! Asking for a notification: it is taken once, with the consent that comes along, or refused with the reason.

use super::go::become_message;
use super::how;
use crate::conversation::{
    AgentId, ContactId, ConversationId, FilledTemplate, Hours, InboxName, MARKETING, NOTIFICATIONS,
    NotificationId, Notify, TemplateCategory, Unwanted, may_notify,
};
use crate::store::consent::{Said, record};
use crate::store::row::to_json;
use crate::store::{Store, Tx, on, whatsapp, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A notification that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNotification {
    /// The inbox that it leaves by.
    pub inbox: InboxName,
    /// Its name at whoever asks: the same at every attempt.
    pub key: String,
    /// Tells it from another one of the same name.
    pub print: String,
    /// What else it is called there.
    pub reference: Option<String>,
    /// The customer's number or id.
    pub address: String,
    /// What they are called, where we do not know that.
    pub name: Option<String>,
    /// What it says.
    pub filled: FilledTemplate,
    /// When and how the customer agreed.
    pub consent: Option<(DateTime<Utc>, String)>,
    /// Who asks; nobody for a program.
    pub agent_id: Option<AgentId>,
    /// What they are called.
    pub by_name: String,
    /// When it may leave at the soonest.
    pub not_before: Option<DateTime<Utc>>,
    /// From when on it must not leave any more.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What has become of asking for a notification.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// It was taken.
    Taken(NotificationId, ConversationId),
    /// It had been taken before.
    Known(NotificationId),
    /// Its name is that of another one.
    Other,
    /// The customer does not want it; nothing was kept.
    Refused(Unwanted),
}

impl Store {
    /// Takes a notification, and its message where it may leave now; `quiet` are the hours in which nobody is notified.
    pub async fn ask_to_notify(
        &self,
        new: &NewNotification,
        quiet: Option<&Hours>,
        now: DateTime<Utc>,
    ) -> Result<Asked> {
        if let Some(known) = self.known_request(&new.inbox, &new.key, &new.print).await? {
            return Ok(known);
        }
        let mut tx = self.begin().await?;
        let contact = owner(&mut tx, &new.inbox, &new.address, now).await?;
        call(&mut tx, &contact, new.name.as_deref()).await?;
        agree(&mut tx, &contact, new).await?;
        let earliest = new.not_before.map_or(now, |at| at.max(now));
        let category = new.filled.category;
        let standing = how(&mut tx, &new.inbox, &new.address).await?;
        let due_at = match may_notify(category, standing, quiet, earliest) {
            Notify::Not(unwanted) => return Ok(Asked::Refused(unwanted)),
            Notify::Later(at) => at,
            Notify::Now => earliest,
        };
        let mut conversation = conversation_for(&mut tx, &new.inbox, &contact, now).await?;
        let id = NotificationId::fresh();
        if !insert(&mut tx, &id, (new, &contact, &conversation), due_at, now).await? {
            drop(tx);
            let known = self.known_request(&new.inbox, &new.key, &new.print).await?;
            return known.context("a notification of this name was taken and is gone");
        }
        if due_at <= now {
            let of = (&conversation, new.agent_id.as_ref());
            conversation = become_message(&mut tx, &id, of, &new.filled, now).await?;
        }
        tx.commit().await?;
        Ok(Asked::Taken(id, conversation))
    }

    /// The notification that was taken under the same name, if one was.
    pub async fn known_request(
        &self,
        inbox: &InboxName,
        key: &str,
        print: &str,
    ) -> Result<Option<Asked>> {
        let known: Option<(NotificationId, String)> = on!(&self.write, db => {
            sqlx::query_as("select id, print from notification where inbox = $1 and key = $2")
                .bind(inbox)
                .bind(key)
                .fetch_optional(db)
                .await
        })
        .context("looking for an earlier request to notify")?;
        Ok(known.map(|(id, known)| if known == print { Asked::Known(id) } else { Asked::Other }))
    }
}

/// Whose an address is; who is unknown is made. To be asked about is not to be seen: answers go to the number that
/// a customer wrote from last.
async fn owner(
    tx: &mut Tx,
    inbox: &InboxName,
    address: &str,
    now: DateTime<Utc>,
) -> Result<ContactId> {
    let known: Option<ContactId> = within!(tx, conn => {
        // Its row is written, so that who writes under it takes turns with this.
        sqlx::query_scalar(
            "update identity set seen_at = seen_at where inbox = $1 and value = $2 returning contact_id",
        )
        .bind(inbox)
        .bind(address)
        .fetch_optional(conn)
        .await
    })
    .context("looking whose an address is")?;
    match known {
        Some(contact) => Ok(contact),
        None => whatsapp::tie(tx, inbox, &[address.to_owned()], now).await,
    }
}

/// Keeps what a customer is called, where that is not known.
async fn call(tx: &mut Tx, contact: &ContactId, name: Option<&str>) -> Result<()> {
    let Some(name) = name else { return Ok(()) };
    within!(tx, conn => {
        sqlx::query("update contact set name = coalesce(name, $2) where id = $1")
            .bind(contact)
            .bind(name)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("keeping what a customer is called")
}

/// Keeps the consent that comes with a request: of advertising only where that is what is sent.
async fn agree(tx: &mut Tx, contact: &ContactId, new: &NewNotification) -> Result<()> {
    let Some((at, how)) = &new.consent else { return Ok(()) };
    let is_ad =
        matches!(new.filled.category, TemplateCategory::Marketing | TemplateCategory::Other);
    for category in [Some(NOTIFICATIONS), is_ad.then_some(MARKETING)].into_iter().flatten() {
        let said = Said { category, wanted: true, words: how, at: *at };
        record(tx, &new.inbox, contact, &said).await?;
    }
    Ok(())
}

/// The newest conversation of a contact, or a new one: nothing is left to do there, until the customer answers.
async fn conversation_for(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<ConversationId> {
    let newest: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar(
            "select id from conversation where contact_id = $1 and inbox = $2 and merged_into is null
             order by created_at desc limit 1",
        )
        .bind(contact)
        .bind(inbox)
        .fetch_optional(conn)
        .await
    })
    .context("looking for a customer's conversation")?;
    if let Some(newest) = newest {
        return Ok(newest);
    }
    let fresh = ConversationId::fresh();
    within!(tx, conn => {
        sqlx::query(
            "insert into conversation (id, inbox, contact_id, status, priority, last_seq, last_shown,
                 handoff_told, created_at, updated_at)
             values ($1, $2, $3, 'resolved', 'normal', 0, 0, false, $4, $4)",
        )
        .bind(&fresh)
        .bind(inbox)
        .bind(contact)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("beginning a conversation with a notification")?;
    Ok(fresh)
}

async fn insert(
    tx: &mut Tx,
    id: &NotificationId,
    (new, contact, conversation): (&NewNotification, &ContactId, &ConversationId),
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let filled = to_json(&new.filled)?;
    let added = within!(tx, conn => {
        sqlx::query(
            "insert into notification (id, inbox, key, print, reference, address, contact_id,
                 conversation_id, template, lang, category, filled, state, agent_id, by_name, due_at,
                 expires_at, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $13, $14, $15, $16, $17,
                 $17)
             on conflict (inbox, key) do nothing",
        )
        .bind(id)
        .bind(&new.inbox)
        .bind(&new.key)
        .bind(&new.print)
        .bind(&new.reference)
        .bind(&new.address)
        .bind(contact)
        .bind(conversation)
        .bind(&new.filled.name)
        .bind(&new.filled.lang)
        .bind(new.filled.category)
        .bind(filled)
        .bind(&new.agent_id)
        .bind(&new.by_name)
        .bind(due_at)
        .bind(new.expires_at)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("storing a notification")?;
    Ok(added == 1)
}
