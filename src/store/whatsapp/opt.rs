//! Customers who end notifications, or begin them again: it counts from the transaction on that stores their message.

use super::message::Came;
use crate::conversation::{
    Author, Happening, MARKETING, Mode, NOTIFICATIONS, OptWord, Status, WhatsappKind, confirmation,
    opt_word,
};
use crate::lang::Lang;
use crate::store::consent::{Said, record, wanted};
use crate::store::conversation::{NewMessage, say};
use crate::store::happening::tell;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Heeds the messages that are nothing but such a word.
pub(super) async fn heed(tx: &mut Tx, theirs: &[&Came<'_>], now: DateTime<Utc>) -> Result<()> {
    for came in theirs {
        // A button of ours that was pressed is an answer to what we asked.
        if !matches!(came.whatsapp.kind, WhatsappKind::Text | WhatsappKind::Button) {
            continue;
        }
        let Some((word, lang)) = opt_word(&came.inbound.body) else { continue };
        if let Some(happening) = change(tx, came, word).await? {
            tell(tx, came.conversation, None, &happening, now).await?;
            confirm(tx, came, word, lang, now).await?;
        }
    }
    Ok(())
}

/// Keeps what a customer wants from now on; nothing where they have said so before. Whoever has not ended anything begins
/// nothing: "start" is also how people begin to chat.
async fn change(tx: &mut Tx, came: &Came<'_>, word: OptWord) -> Result<Option<Happening>> {
    let (inbox, words) = (&came.inbound.inbox.name, came.inbound.body.clone());
    let said =
        |category, wanted| Said { category, wanted, words: &words, at: came.inbound.sent_at };
    let contact = came.contact;
    let happening = match word {
        OptWord::Stop => {
            // Who begins notifications again has not asked for advertising with that.
            record(tx, inbox, contact, &said(MARKETING, false)).await?;
            let changed = record(tx, inbox, contact, &said(NOTIFICATIONS, false)).await?;
            changed.then(|| Happening::OptedOut { words: words.clone() })
        }
        OptWord::StopMarketing => {
            let changed = record(tx, inbox, contact, &said(MARKETING, false)).await?;
            changed.then(|| Happening::MarketingStopped { words: words.clone() })
        }
        OptWord::Start => {
            let is_out = wanted(tx, inbox, contact, NOTIFICATIONS).await? == Some(false);
            let changed = is_out && record(tx, inbox, contact, &said(NOTIFICATIONS, true)).await?;
            changed.then(|| Happening::OptedIn { words: words.clone() })
        }
    };
    Ok(happening)
}

/// Tells the customer, where nobody else talks with them and the settings say so.
async fn confirm(
    tx: &mut Tx,
    came: &Came<'_>,
    word: OptWord,
    lang: Option<Lang>,
    now: DateTime<Utc>,
) -> Result<()> {
    let inbox = &came.inbound.inbox;
    let is_ours = matches!(came.status, Status::Bot | Status::Waiting);
    if !inbox.confirms_opt_out || inbox.mode == Mode::Shadow || !is_ours {
        return Ok(());
    }
    let spoken: Option<Lang> = within!(tx, conn => {
        sqlx::query_scalar("select lang from conversation where id = $1")
            .bind(came.conversation)
            .fetch_one(conn)
            .await
    })
    .context("reading the language of a conversation")?;
    let lang = lang.or(spoken).unwrap_or(inbox.lang);
    let message = NewMessage {
        author: Author::System,
        agent_id: None,
        body: confirmation(word, lang),
        citations: &[],
        choices: &[],
        files: &[],
        turn_id: None,
    };
    say(tx, came.conversation, &message, now).await.map(drop)
}
