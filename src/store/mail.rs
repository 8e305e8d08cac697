//! What mails tell beside the words of their messages, and what an answer needs to know of them.

use super::row::{json, row};
use super::{Store, Tx, on, within};
use crate::conversation::{
    AddressMark, AttachmentId, Author, ConversationId, InboxName, Mail, MailKind, MailThread,
    Mailbox, MessageId, Quoted, Removed, Report, SenderAuth, Turn, bare_subject, own_message_id,
    read_own_message_id,
};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The mails of a thread that an answer looks back on.
const THREAD: i64 = 100;

/// The address that a conversation is answered to, as a part of a statement: `$column` of the customer's newest
/// mail in it or in those that it goes on for. That is its sender's for what goes out by itself, and for what a
/// person sends the one that it wants its answers at. Never a participant's, never one of Cc.
macro_rules! answers_to {
    ($conversation:literal, $column:literal) => {
        concat!(
            "(with recursive part (id) as (
                 select c.id from conversation c where c.id = ",
            $conversation,
            "    union
                 select c.id from conversation c join part p on c.merged_into = p.id
             )
             select ",
            $column,
            " from mail a join message am on am.id = a.message_id
             where am.conversation_id in (select id from part) and am.author = 'customer'
             order by am.received_at desc, am.id desc limit 1)"
        )
    };
}

pub(super) use answers_to;

/// Who a mail names; JSON in a column.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct People {
    pub(super) from: Vec<Mailbox>,
    pub(super) reply_to: Vec<Mailbox>,
    pub(super) to: Vec<Mailbox>,
    pub(super) cc: Vec<Mailbox>,
}

/// How it stands with the mails that a turn came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Who wrote the newest.
    pub address: String,
    /// The least that the senders' domains say of them.
    pub auth: SenderAuth,
    /// The automatic mails that their sender was sent in the hour before.
    pub automatic: i64,
    /// Whether their sender has called a mail of ours spam.
    pub complained: bool,
    /// Whether the newest wants its answers at another address than its sender's.
    pub elsewhere: bool,
}

struct MailRow {
    message_id: MessageId,
    mail_id: Option<String>,
    subject: String,
    kind: MailKind,
    auth: SenderAuth,
    report: Option<String>,
    original: Option<AttachmentId>,
    reply_to: Option<String>,
    people: People,
    answers: Vec<String>,
    why: Vec<String>,
    removed: Vec<Removed>,
    problems: Vec<String>,
}

row!(MailRow { message_id, mail_id, subject, kind, auth, report, original, reply_to }
    json { people, answers, why, removed, problems });

#[derive(sqlx::FromRow)]
struct Earlier {
    id: MessageId,
    conversation_id: ConversationId,
    author: Author,
    body: String,
    sent_at: DateTime<Utc>,
    mail_id: Option<String>,
    subject: Option<String>,
    address: Option<String>,
    name: Option<String>,
    provider_id: Option<String>,
}

impl Store {
    /// What the mails tell that stand in a conversation and in those that it goes on for.
    pub async fn mail_of(&self, id: &ConversationId) -> Result<HashMap<MessageId, Mail>> {
        let rows: Vec<MailRow> = on!(&self.read, db => {
            sqlx::query_as(
                "with recursive part (id) as (
                     select id from conversation where id = $1
                     union
                     select c.id from conversation c join part p on c.merged_into = p.id
                 )
                 select a.message_id, a.mail_id, a.subject, a.kind, a.auth, a.report, a.original,
                        a.reply_to, a.people, a.answers, a.why, a.removed, a.problems
                 from mail a join message m on m.id = a.message_id
                 where m.conversation_id in (select id from part)",
            )
            .bind(id)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the mails of conversation {id}"))?;
        rows.into_iter().map(|row| Ok((row.message_id.clone(), mail(row)?))).collect()
    }

    /// The mails before a message of ours, for the headers and the quote of the mail that it becomes. Ours are
    /// named after `domain`. What participants and machines wrote is not among them: the customer may never
    /// have seen it.
    pub async fn mail_thread(
        &self,
        id: &ConversationId,
        before: &MessageId,
        domain: &str,
    ) -> Result<MailThread> {
        let newest_first: Vec<Earlier> = on!(&self.read, db => {
            sqlx::query_as(
                "with recursive part (id) as (
                     select id from conversation where id = $1
                     union
                     select c.id from conversation c join part p on c.merged_into = p.id
                 )
                 select m.id, m.conversation_id, m.author, m.body, m.sent_at, a.mail_id, a.subject,
                        a.address, a.name, o.provider_id
                 from message m left join mail a on a.message_id = m.id
                     left join outbox o on o.message_id = m.id
                 where m.conversation_id in (select id from part) and m.visibility = 'public'
                   and (m.author = 'customer' and a.message_id is not null
                        or m.author in ('bot', 'agent')
                           and o.state in ('sending', 'sent', 'delivered', 'read', 'uncertain'))
                   and (m.received_at, m.id) < (
                       select b.received_at, b.id from message b where b.id = $2)
                 order by m.received_at desc, m.id desc limit $3",
            )
            .bind(id)
            .bind(before)
            .bind(THREAD)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the mails before message {before}"))?;
        Ok(thread(newest_first, domain))
    }

    /// The address that a conversation is answered to by people, where it is not that of whoever wrote.
    pub async fn answers_elsewhere(&self, id: &ConversationId) -> Result<Option<String>> {
        on!(&self.read, db => {
            sqlx::query_scalar(concat!("select ", answers_to!("$1", "a.reply_to")))
                .bind(id)
                .fetch_one(db)
                .await
        })
        .with_context(|| format!("looking where conversation {id} is answered to"))
    }

    /// How it stands with the mails of a turn; none where it came in by no mail.
    pub async fn posted(&self, turn: &Turn, now: DateTime<Utc>) -> Result<Option<Posted>> {
        let first = turn.messages.first().map_or(0, |message| message.seq);
        let mails: Vec<(SenderAuth, String, bool)> = on!(&self.read, db => {
            sqlx::query_as(
                "select a.auth, a.address, a.reply_to is not null from mail a join message m on m.id = a.message_id
                 where m.conversation_id = $1 and m.author = 'customer' and m.seq between $2 and $3
                 order by m.seq",
            )
            .bind(&turn.conversation.id)
            .bind(first)
            .bind(turn.last_seq())
            .fetch_all(db)
            .await
        })
        .context("reading the mails of a turn")?;
        let auth = mails.iter().map(|(auth, ..)| *auth).max_by_key(|auth| doubt(*auth));
        let newest =
            mails.into_iter().next_back().map(|(_, address, elsewhere)| (address, elsewhere));
        let Some((auth, (address, elsewhere))) = auth.zip(newest) else { return Ok(None) };
        let (automatic, complained): (i64, bool) = on!(&self.read, db => {
            sqlx::query_as(
                "select (select count(*) from outbox o join message m on m.id = o.message_id
                         where o.inbox = $1 and o.recipient = $2 and o.created_at > $3
                           and m.author = 'bot'),
                        exists (select 1 from address_mark where address = $2 and mark = $4)",
            )
            .bind(&turn.inbox.name)
            .bind(&address)
            .bind(now - TimeDelta::hours(1))
            .bind(AddressMark::Complained)
            .fetch_one(db)
            .await
        })
        .context("counting the automatic mails to an address")?;
        Ok(Some(Posted { address, auth, automatic, complained, elsewhere }))
    }
}

/// Whether the address that a conversation is answered to has had its `most` automatic mails within the hour.
/// On PostgreSQL whoever asks about an address waits for the others that do, so that two turns of one sender
/// cannot both find room.
pub(super) async fn has_enough(
    tx: &mut Tx,
    (inbox, id): (&InboxName, &ConversationId),
    most: u32,
    now: DateTime<Utc>,
) -> Result<bool> {
    let address: Option<String> = within!(tx, conn => {
        sqlx::query_scalar(concat!("select ", answers_to!("$1", "a.address"))).bind(id).fetch_one(conn).await
    })
    .context("looking where a conversation is answered to")?;
    let Some(address) = address else { return Ok(false) };
    if let Tx::Postgres(tx, _) = tx {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 25))")
            .bind(format!("{inbox} {address}"))
            .execute(&mut **tx)
            .await
            .context("waiting for others that write to an address")?;
    }
    let sent: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "select count(*) from outbox o join message m on m.id = o.message_id
             where o.inbox = $1 and o.recipient = $2 and o.created_at > $3 and m.author = 'bot'",
        )
        .bind(inbox)
        .bind(&address)
        .bind(now - TimeDelta::hours(1))
        .fetch_one(conn)
        .await
    })
    .context("counting the automatic mails to an address")?;
    Ok(sent >= i64::from(most))
}

/// How little a sender is to be believed.
fn doubt(auth: SenderAuth) -> u8 {
    match auth {
        SenderAuth::Pass => 0,
        SenderAuth::None => 1,
        SenderAuth::Fail => 2,
    }
}

fn mail(row: MailRow) -> Result<Mail> {
    let report: Option<Report> = row.report.as_deref().map(json).transpose()?;
    let People { from, reply_to, to, cc } = row.people;
    Ok(Mail {
        message_id: row.mail_id,
        subject: row.subject,
        from,
        reply_to,
        answers_to: row.reply_to,
        to,
        cc,
        answers: row.answers,
        // It has had its effect when the mail was stored.
        thread: None,
        kind: row.kind,
        why: row.why,
        auth: row.auth,
        removed: row.removed,
        report,
        problems: row.problems,
        original: row.original,
    })
}

fn thread(newest_first: Vec<Earlier>, domain: &str) -> MailThread {
    let theirs = newest_first.iter().find(|mail| mail.author == Author::Customer);
    let subject = theirs.and_then(|mail| mail.subject.as_deref()).map(bare_subject);
    let quoted = theirs.and_then(|mail| {
        let address = mail.address.clone()?;
        let from = Mailbox { name: mail.name.clone(), address };
        Some(Quoted { from, at: mail.sent_at, text: mail.body.clone() })
    });
    let mut references = Vec::with_capacity(newest_first.len());
    for mail in newest_first.into_iter().rev() {
        let name = match mail.author {
            Author::Customer => mail.mail_id,
            _ => Some(own_name(&mail, domain)),
        };
        references.extend(name.filter(|name| !references.contains(name)));
    }
    MailThread { subject: subject.unwrap_or_default(), references, quoted }
}

/// The Message-ID under which a message of ours went out: the one that was recorded, as its conversation may
/// be another by now.
fn own_name(mail: &Earlier, domain: &str) -> String {
    let recorded = mail
        .provider_id
        .clone()
        .filter(|id| read_own_message_id(id).is_some_and(|(_, message)| message == mail.id));
    let recorded = recorded.map(|id| id.trim_matches(['<', '>']).to_owned());
    recorded.unwrap_or_else(|| own_message_id(&mail.conversation_id, &mail.id, domain))
}
