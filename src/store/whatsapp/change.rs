//! Edits, revocations and reactions: they have their effect once both they and their message are here.

use crate::conversation::{
    Change, ChangeKind, ConversationId, Happening, InboxName, MessageId, Visibility,
};
use crate::store::conversation::hold;
use crate::store::happening::tell;
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Rows that one statement writes at most.
const ROWS: usize = 500;

/// A change that has had no effect yet, with the message that it is about.
#[derive(sqlx::FromRow)]
struct Undone {
    id: String,
    about: String,
    kind: ChangeKind,
    message_id: MessageId,
    conversation_id: ConversationId,
    seq: i64,
    body: String,
    said: Option<String>,
}

impl Store {
    /// The pictures that people have last put to the messages of a conversation, ours and theirs.
    pub async fn reactions(&self, id: &ConversationId) -> Result<Vec<(MessageId, String)>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, c.words from message m
                     left join outbox o on o.message_id = m.id
                     join whatsapp_change c on c.inbox = m.inbox and c.kind = 'reaction'
                         and c.about = coalesce(m.external_id, o.provider_id)
                 where m.conversation_id = $1 and c.words <> '' and not exists (
                     select 1 from whatsapp_change n
                     where n.inbox = c.inbox and n.about = c.about and n.kind = 'reaction'
                       and n.by_us = c.by_us and (n.happened_at, n.id) > (c.happened_at, c.id))
                 order by c.happened_at, c.id",
            )
            .bind(id)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the reactions in conversation {id}"))
    }
}

impl Store {
    /// Everything that an inbox knows besides messages, a line each: what was done to them later, and what people
    /// want to be sent.
    pub async fn told_besides(&self, inbox: &InboxName) -> Result<Vec<String>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select kind || ' ' || about || ' ' || words || case when done then ' done' else '' end
                 from whatsapp_change where inbox = $1
                 union all
                 select category || case when wanted then ' wanted: ' else ' not wanted: ' end || words
                 from consent where inbox = $1",
            )
            .bind(inbox)
            .fetch_all(db)
            .await
        })
        .context("reading what was told besides messages")
    }
}

/// Stores changes, each once, and lets those have their effect whose messages are here.
pub(super) async fn take(
    tx: &mut Tx,
    inbox: &InboxName,
    changes: &[&Change],
    now: DateTime<Utc>,
) -> Result<Vec<ConversationId>> {
    let mut moved = Vec::new();
    for some in changes.chunks(ROWS) {
        within!(tx, conn => {
            let mut insert = sqlx::QueryBuilder::new(
                "insert into whatsapp_change (inbox, id, about, kind, by_us, words, happened_at, done) ",
            );
            insert.push_values(some, |mut row, change| {
                row.push_bind(inbox).push_bind(&change.id).push_bind(&change.about);
                row.push_bind(change.kind).push_bind(change.by_us).push_bind(&change.words);
                row.push_bind(change.at).push_bind(change.kind == ChangeKind::Reaction);
            });
            insert.push(" on conflict (inbox, id) do nothing");
            insert.build().execute(conn).await.map(drop)
        })
        .context("storing what is done to messages")?;
        let abouts: Vec<&str> = some.iter().map(|change| &*change.about).collect();
        moved.extend(follow(tx, inbox, &abouts, now).await?);
        moved.extend(reacted(tx, inbox, some).await?);
    }
    Ok(moved)
}

/// The conversations whose messages somebody has reacted to.
async fn reacted(
    tx: &mut Tx,
    inbox: &InboxName,
    changes: &[&Change],
) -> Result<Vec<ConversationId>> {
    let reactions = changes.iter().filter(|change| change.kind == ChangeKind::Reaction);
    let abouts: Vec<&str> = reactions.map(|change| &*change.about).collect();
    if abouts.is_empty() {
        return Ok(Vec::new());
    }
    within!(tx, conn => {
        let mut query =
            sqlx::QueryBuilder::new("select conversation_id from message where inbox = ");
        query.push_bind(inbox).push(" and external_id in (");
        let mut list = query.separated(", ");
        for about in &abouts {
            list.push_bind(*about);
        }
        query.push(") union select conversation_id from outbox where inbox = ");
        query.push_bind(inbox).push(" and provider_id in (");
        let mut list = query.separated(", ");
        for about in &abouts {
            list.push_bind(*about);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(conn).await
    })
    .context("looking where people have reacted")
}

/// Lets the edits and revocations of these messages have their effect, oldest first.
pub(super) async fn follow(
    tx: &mut Tx,
    inbox: &InboxName,
    abouts: &[&str],
    now: DateTime<Utc>,
) -> Result<Vec<ConversationId>> {
    if abouts.is_empty() {
        return Ok(Vec::new());
    }
    let undone: Vec<Undone> = within!(tx, conn => {
        // Whoever wrote a message may change it, and nobody else.
        let mut query = sqlx::QueryBuilder::new(
            "select c.id, c.about, c.kind, m.id as message_id, m.conversation_id, m.seq, m.body, w.said
             from whatsapp_change c
                 join message m on m.inbox = c.inbox and m.external_id = c.about
                     and m.author = case when c.by_us then 'agent' else 'customer' end
                 join whatsapp w on w.message_id = m.id
             where not c.done and c.inbox = ",
        );
        query.push_bind(inbox).push(" and c.about in (");
        let mut list = query.separated(", ");
        for about in abouts {
            list.push_bind(*about);
        }
        query.push(") order by c.happened_at, c.id");
        query.build_query_as().fetch_all(conn).await
    })
    .context("looking for changes of messages")?;
    let mut changed = Vec::with_capacity(undone.len());
    for change in undone {
        apply(tx, inbox, &change, now).await?;
        changed.push(change.conversation_id);
    }
    Ok(changed)
}

async fn apply(tx: &mut Tx, inbox: &InboxName, change: &Undone, now: DateTime<Utc>) -> Result<()> {
    let id = &change.conversation_id;
    hold(tx, id, now).await?;
    let happening = match change.kind {
        ChangeKind::Edit => {
            replace(tx, inbox, change).await?;
            Happening::Reworded { before: before(tx, change).await? }
        }
        ChangeKind::Revoke => {
            hide(tx, change).await?;
            Happening::Revoked { words: change.body.clone() }
        }
        ChangeKind::Reaction => return Ok(()),
    };
    tell(tx, id, None, &happening, now).await?;
    within!(tx, conn => {
        // Whoever considers the old words loses the turn; it is considered again at once.
        sqlx::query(
            "update turn set lease_until = null, lease_token = null
             where conversation_id = $1 and state = 'open' and first_seq <= $2 and last_seq >= $2",
        )
        .bind(id)
        .bind(change.seq)
        .execute(&mut *conn)
        .await?;
        sqlx::query("update whatsapp_change set done = true where inbox = $1 and id = $2")
            .bind(inbox)
            .bind(&change.id)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("recording that a change had its effect")
}

/// Puts the newest words in the place of those before; the first ones are kept.
async fn replace(tx: &mut Tx, inbox: &InboxName, change: &Undone) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update whatsapp set said = coalesce(said, $2) where message_id = $1")
            .bind(&change.message_id)
            .bind(&change.body)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "update message set body = (
                 select words from whatsapp_change
                 where inbox = $2 and about = $3 and kind = 'edit'
                 order by happened_at desc, id desc limit 1)
             where id = $1",
        )
        .bind(&change.message_id)
        .bind(inbox)
        .bind(&change.about)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("replacing the words of a message")
}

/// The words as they first came.
async fn before(tx: &mut Tx, change: &Undone) -> Result<String> {
    if let Some(said) = &change.said {
        return Ok(said.clone());
    }
    within!(tx, conn => {
        sqlx::query_scalar("select coalesce(said, '') from whatsapp where message_id = $1")
            .bind(&change.message_id)
            .fetch_one(conn)
            .await
    })
    .context("reading the words as they first came")
}

/// Hides a message from the bot: from here on it is for the team.
async fn hide(tx: &mut Tx, change: &Undone) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update message set visibility = $2 where id = $1")
            .bind(&change.message_id)
            .bind(Visibility::Private)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("hiding a message that was taken back")
}
