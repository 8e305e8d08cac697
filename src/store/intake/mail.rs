//! What is stored of a mail besides its message, and what follows from mails that no bot answers.

use super::thread::Place;
use super::{Joining, Voice};
use crate::conversation::{
    AddressMark, ConversationId, Delivery, Event, Happening, Inbound, Mail, OutboxId, Report,
    ReportKind, Status, WhatsappKind,
};
use crate::store::address::mark;
use crate::store::block::is_blocked;
use crate::store::conversation::{hold, settle};
use crate::store::happening::tell;
use crate::store::mail::People;
use crate::store::outbox::learn;
use crate::store::row::to_json;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// What the original of a mail is called among the stored files.
const ORIGINAL: (&str, &str) = ("original.eml", "message/rfc822");

/// Who speaks in a delivery: its contact, unless a machine wrote the mail, somebody else joins a thread, or the
/// business itself writes from elsewhere.
pub(super) fn voice(inbound: &Inbound, place: Option<&Place>) -> Voice {
    let is_automatic = inbound.mail.as_ref().is_some_and(|mail| mail.is_automatic());
    match place {
        _ if is_automatic => Voice::Machine,
        Some(place) if !place.is_contact => Voice::Participant,
        _ => match &inbound.whatsapp {
            Some(told) if told.from_us => Voice::Colleague,
            Some(told) if told.kind == WhatsappKind::Unreadable => Voice::Unreadable,
            _ => Voice::Customer,
        },
    }
}

/// Stores what mails tell, and their files.
pub(super) async fn insert(tx: &mut Tx, joining: &[Joining<'_>], now: DateTime<Utc>) -> Result<()> {
    for joining in joining {
        if let Some(mail) = &joining.incoming.inbound.mail {
            insert_one(tx, joining, mail).await?;
            insert_files(tx, joining, mail, now).await?;
        }
    }
    Ok(())
}

async fn insert_one(tx: &mut Tx, joining: &Joining<'_>, mail: &Mail) -> Result<()> {
    let inbound = joining.incoming.inbound;
    let people = to_json(&People {
        from: mail.from.clone(),
        reply_to: mail.reply_to.clone(),
        to: mail.to.clone(),
        cc: mail.cc.clone(),
    })?;
    let report = mail.report.as_ref().map(to_json).transpose()?;
    let (answers, why) = (to_json(&mail.answers)?, to_json(&mail.why)?);
    let (removed, problems) = (to_json(&mail.removed)?, to_json(&mail.problems)?);
    within!(tx, conn => {
        sqlx::query(
            "insert into mail (message_id, inbox, mail_id, subject, address, name, people, answers,
                 kind, why, auth, removed, report, problems, original, reply_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(&joining.message_id)
        .bind(&inbound.inbox.name)
        .bind(&mail.message_id)
        .bind(&mail.subject)
        .bind(&inbound.identity)
        .bind(&inbound.name)
        .bind(people)
        .bind(answers)
        .bind(mail.kind)
        .bind(why)
        .bind(mail.auth)
        .bind(removed)
        .bind(report)
        .bind(problems)
        .bind(&mail.original)
        .bind(&mail.answers_to)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing what a mail tells")
}

/// Records the files that came in a mail, and the mail itself as it came.
async fn insert_files(
    tx: &mut Tx,
    joining: &Joining<'_>,
    mail: &Mail,
    now: DateTime<Utc>,
) -> Result<()> {
    let inbound = joining.incoming.inbound;
    for file in &inbound.files {
        let named = inbound.attachments.iter().find(|named| named.id == file.id);
        let is_original = mail.original.as_ref() == Some(&file.id);
        let (name, media_type) = match named {
            _ if is_original => ORIGINAL,
            Some(named) => (&*named.name, &*named.media_type),
            None => continue,
        };
        let size = i64::try_from(file.bytes.len()).context("counting the bytes of a file")?;
        within!(tx, conn => {
            sqlx::query(
                "insert into attachment (id, inbox, contact_id, conversation_id, name, media_type, size,
                     created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&file.id)
            .bind(&inbound.inbox.name)
            .bind(&joining.incoming.sender.id)
            .bind(&joining.conversation.id)
            .bind(name)
            .bind(media_type)
            .bind(size)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("recording a file that came in a mail")?;
    }
    Ok(())
}

/// What follows from mails that are not the customer's own: who joins a thread comes before a person, and so
/// does what did not arrive.
pub(super) async fn follow(tx: &mut Tx, joining: &[Joining<'_>], now: DateTime<Utc>) -> Result<()> {
    for joining in joining {
        let inbound = joining.incoming.inbound;
        let report = inbound.mail.as_ref().and_then(|mail| mail.report.as_ref());
        match (joining.voice, report, &joining.delivery) {
            (Voice::Participant, ..) => participant(tx, joining, now).await?,
            (Voice::Machine, Some(report), Some(delivery)) => {
                reported(tx, &joining.conversation.id, delivery, report, now).await?;
            }
            (Voice::Customer | Voice::Machine | Voice::Unreadable | Voice::Colleague, ..) => {}
        }
    }
    Ok(())
}

async fn participant(tx: &mut Tx, joining: &Joining<'_>, now: DateTime<Utc>) -> Result<()> {
    let inbound = joining.incoming.inbound;
    if is_blocked(tx, &joining.incoming.sender.id).await?
        || is_blocked(tx, &joining.conversation.contact_id).await?
    {
        return Ok(());
    }
    let (address, name) = (inbound.identity.clone(), inbound.name.clone());
    let id = &joining.conversation.id;
    tell(tx, id, None, &Happening::Joined { address, name }, now).await?;
    before_person(tx, id, now).await
}

/// Puts a conversation before a person; what was put aside comes back to whoever did that.
async fn before_person(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    let Some(conversation) = hold(tx, id, now).await? else { return Ok(()) };
    let event = match conversation.status {
        Status::Snoozed => Event::Woken,
        Status::Bot | Status::Waiting | Status::WithAgent | Status::Resolved => Event::HandedOff,
    };
    settle(tx, &conversation, event, None, now).await
}

/// Ties a report to the delivery that it is about. The address that is marked is the one we wrote to, not the
/// one a report names: nobody can have others marked.
async fn reported(
    tx: &mut Tx,
    id: &ConversationId,
    delivery: &OutboxId,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<()> {
    let words = report.words();
    match report.kind {
        ReportKind::Delivered => {
            learn(tx, delivery, Delivery::Delivered, None, now).await.map(drop)
        }
        ReportKind::Read => learn(tx, delivery, Delivery::Read, None, now).await.map(drop),
        ReportKind::Delayed => {
            tell(tx, id, None, &Happening::Delayed { words }, now).await.map(drop)
        }
        ReportKind::Complaint => {
            let address = recipient(tx, delivery).await?;
            if let Some(address) = &address {
                let told = (report.status.as_deref(), &*words);
                mark(tx, address, AddressMark::Complained, told, now).await?;
            }
            tell(tx, id, None, &Happening::CalledSpam { address }, now).await.map(drop)
        }
        ReportKind::Failed => {
            learn(tx, delivery, Delivery::Failed, Some(&words), now).await?;
            let address = recipient(tx, delivery).await?;
            if let Some(address) = address.as_ref().filter(|_| report.is_about_address()) {
                let told = (report.status.as_deref(), &*words);
                mark(tx, address, AddressMark::Bounced, told, now).await?;
            }
            tell(tx, id, None, &Happening::Bounced { address, words }, now).await?;
            before_person(tx, id, now).await
        }
    }
}

/// The address that a delivery went to.
async fn recipient(tx: &mut Tx, delivery: &OutboxId) -> Result<Option<String>> {
    let found: Option<Option<String>> = within!(tx, conn => {
        sqlx::query_scalar("select recipient from outbox where id = $1")
            .bind(delivery)
            .fetch_optional(conn)
            .await
    })
    .context("looking where a delivery went")?;
    Ok(found.flatten())
}
