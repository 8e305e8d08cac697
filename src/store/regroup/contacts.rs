//! Contacts that are one person: tied together, each still reached by its own address.

use super::{RegroupKind, Regrouped, Told, tell};
use crate::conversation::{AgentId, ContactId, ConversationId, Happening};
use crate::store::block::spread;
use crate::store::conversation::hold;
use crate::store::person::with_person;
use crate::store::{Store, Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::json;

impl Store {
    /// Notes that the contact of a conversation is the same person as another contact.
    pub async fn merge_contact(
        &self,
        conversation: &ConversationId,
        other: &ContactId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Regrouped> {
        let mut tx = self.begin().await?;
        let Some(held) = hold(&mut tx, conversation, now).await? else {
            return Ok(Regrouped::Gone);
        };
        let own = &held.contact_id;
        // Both rows are held, so that of two who tie the same contacts the second sees the first.
        let (first, second) = if own < other { (own, other) } else { (other, own) };
        let mut called = Vec::new();
        for contact in [first, second] {
            let Some(name) = hold_contact(&mut tx, contact).await? else {
                return Ok(Regrouped::Gone);
            };
            called.push((contact, name));
        }
        if are_one(&mut tx, own, other).await? {
            return Ok(Regrouped::Unfit);
        }
        let named = called.into_iter().find(|(contact, _)| *contact == other);
        let happened = Happening::OnePerson { name: named.and_then(|(_, name)| name) };
        let (from_id, into_id) = (own.as_str(), other.as_str());
        let told = Told { kind: RegroupKind::Contact, from_id, into_id, agent, was: json!({}) };
        tell(&mut tx, conversation, &told, &happened, now).await?;
        if !spread(&mut tx, own, now).await? {
            return Ok(Regrouped::Unfit);
        }
        tx.commit().await?;
        Ok(Regrouped::Done(conversation.clone()))
    }
}

/// Holds a contact's row; what they are called, if anything, where they are there.
async fn hold_contact(tx: &mut Tx, id: &ContactId) -> Result<Option<Option<String>>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "update contact set created_at = created_at where id = $1
             returning coalesce(name, email)",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })
    .context("holding a contact")
}

async fn are_one(tx: &mut Tx, one: &ContactId, other: &ContactId) -> Result<bool> {
    let found: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar(with_person!("select id from person where id = $2"))
            .bind(one)
            .bind(other)
            .fetch_optional(conn)
            .await
    })
    .context("looking whether two contacts are one person")?;
    Ok(found.is_some())
}
