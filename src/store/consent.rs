//! What customers want to be sent unasked, as they or whoever can prove it last said.

use super::conversation::hold;
use super::happening::tell;
use super::{Tx, within};
use crate::conversation::{
    ContactId, ConversationId, Happening, InboxName, META_MARKETING, stops_marketing,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// What somebody says of being sent something.
pub(super) struct Said<'a> {
    pub(super) category: &'a str,
    pub(super) wanted: bool,
    /// In what words, or how it is proven.
    pub(super) words: &'a str,
    pub(super) at: DateTime<Utc>,
}

/// What a contact last said of a category, if anything.
pub(super) async fn wanted(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
    category: &str,
) -> Result<Option<bool>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select wanted from consent where contact_id = $1 and inbox = $2 and category = $3",
        )
        .bind(contact)
        .bind(inbox)
        .bind(category)
        .fetch_optional(conn)
        .await
    })
    .context("reading what a contact wants to be sent")
}

/// Keeps what a contact says, whether it turns anything; what was said later counts already. Of two words of one moment
/// the one that ends counts.
pub(super) async fn record(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
    said: &Said<'_>,
) -> Result<bool> {
    let before = wanted(tx, inbox, contact, said.category).await?;
    let kept = within!(tx, conn => {
        sqlx::query(
            "insert into consent (contact_id, inbox, category, wanted, words, said_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (contact_id, inbox, category) do update
             set wanted = excluded.wanted, words = excluded.words, said_at = excluded.said_at
             where consent.said_at < excluded.said_at
                or consent.said_at = excluded.said_at and not excluded.wanted",
        )
        .bind(contact)
        .bind(inbox)
        .bind(said.category)
        .bind(said.wanted)
        .bind(said.words)
        .bind(said.at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("keeping what a contact wants to be sent")?;
    Ok(kept == 1 && before != Some(said.wanted))
}

/// Keeps that a customer has stopped advertising, where the words of a failure say so.
pub(super) async fn heed_failure(
    tx: &mut Tx,
    id: &ConversationId,
    words: &str,
    (at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    if !stops_marketing(words) {
        return Ok(());
    }
    let Some(conversation) = hold(tx, id, now).await? else { return Ok(()) };
    let said = Said { category: META_MARKETING, wanted: false, words, at };
    if record(tx, &conversation.inbox, &conversation.contact_id, &said).await? {
        let words = words.to_owned();
        tell(tx, id, None, &Happening::MarketingStopped { words }, now).await?;
    }
    Ok(())
}
