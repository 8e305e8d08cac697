//! Templates: the set that an inbox's account has, and the messages that are filled from it.

mod sync;

pub use sync::{DueSync, SyncState};

use super::conversation::{NewMessage, say, settle};
use super::desk::{hold_to_act, silence_bot};
use super::happening::tell;
use super::notification::unwanted_by;
use super::row::{json, row, to_json};
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{
    AgentId, Author, ConversationId, Event, FilledTemplate, Happening, InboxName, MessageId,
    OutboxId, Template, TemplateNews,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Rows that one statement writes at most.
const ROWS: usize = 100;

row!(Template { inbox, name, lang, category, state, quality, reason, is_named } json { parts });

impl Store {
    /// All templates of an inbox, by name and language.
    pub async fn templates(&self, inbox: &InboxName) -> Result<Vec<Template>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select inbox, name, lang, category, state, quality, reason, is_named, parts
                 from template where inbox = $1 order by name, lang",
            )
            .bind(inbox)
            .fetch_all(db)
            .await
        })
        .context("reading templates")
    }

    /// A template of an inbox.
    pub async fn template(
        &self,
        inbox: &InboxName,
        name: &str,
        lang: &str,
    ) -> Result<Option<Template>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select inbox, name, lang, category, state, quality, reason, is_named, parts
                 from template where inbox = $1 and name = $2 and lang = $3",
            )
            .bind(inbox)
            .bind(name)
            .bind(lang)
            .fetch_optional(db)
            .await
        })
        .context("reading a template")
    }

    /// Replaces the templates of an inbox; what is not among these is gone.
    #[cfg(test)]
    pub async fn save_templates(&self, inbox: &InboxName, templates: &[Template]) -> Result<()> {
        let mut tx = self.begin().await?;
        replace(&mut tx, inbox, templates).await?;
        tx.commit().await
    }

    /// The template that a message was filled from, if it is one.
    pub async fn template_of(&self, message: &MessageId) -> Result<Option<FilledTemplate>> {
        let filled: Option<String> = on!(&self.read, db => {
            sqlx::query_scalar("select filled from template_use where message_id = $1")
                .bind(message)
                .fetch_optional(db)
                .await
        })
        .context("reading the template of a message")?;
        filled.map(|filled| json(&filled).context("reading a filled template")).transpose()
    }

    /// Sends a template as an agent's own words, whose conversation it becomes; the bot's open turn and waiting
    /// draft end with it.
    pub async fn send_template(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        filled: &FilledTemplate,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let conversation = match hold_to_act(&mut tx, id, now).await? {
            Ok(conversation) => conversation,
            Err(refused) => return Ok(refused),
        };
        if let Some(why) = unwanted_by(&mut tx, &conversation, filled.category).await? {
            return Ok(Acted::Unwanted(why));
        }
        silence_bot(&mut tx, id, now).await?;
        let outbox_id = send(&mut tx, id, (Author::Agent, Some(agent)), filled, now).await?;
        settle(&mut tx, &conversation, Event::AgentTook, Some(agent), now).await?;
        tx.commit().await?;
        Ok(Acted::Done(Some(outbox_id)))
    }

    /// Tells those who see a conversation why a template was not sent.
    pub async fn tell_not_sent(
        &self,
        id: &ConversationId,
        words: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        tell(&mut tx, id, None, &Happening::Undelivered { words: words.to_owned() }, now).await?;
        tx.commit().await
    }

    /// Takes in what sending has shown of a template, and has the list read again.
    pub async fn change_template(
        &self,
        inbox: &InboxName,
        news: &TemplateNews,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        take(&mut tx, inbox, &[news], now).await?;
        tx.commit().await
    }
}

/// Stores a template as a message of ours, with its delivery.
pub(super) async fn send(
    tx: &mut Tx,
    conversation: &ConversationId,
    (author, agent_id): (Author, Option<&AgentId>),
    filled: &FilledTemplate,
    now: DateTime<Utc>,
) -> Result<OutboxId> {
    let message = NewMessage {
        author,
        agent_id,
        body: &filled.text,
        citations: &[],
        choices: &[],
        files: &[],
        turn_id: None,
    };
    let id = say(tx, conversation, &message, now).await?;
    within!(tx, conn => {
        sqlx::query(
            "insert into template_use (message_id, name, lang, category, filled)
             select message_id, $2, $3, $4, $5 from outbox where id = $1",
        )
        .bind(&id)
        .bind(&filled.name)
        .bind(&filled.lang)
        .bind(filled.category)
        .bind(to_json(filled)?)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing which template a message is")?;
    Ok(id)
}

/// Puts these templates in the place of those that the inbox had.
async fn replace(tx: &mut Tx, inbox: &InboxName, templates: &[Template]) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("delete from template where inbox = $1").bind(inbox).execute(conn).await.map(drop)
    })
    .context("taking away an inbox's templates")?;
    for some in templates.chunks(ROWS) {
        let parts = some.iter().map(|it| to_json(&it.parts)).collect::<Result<Vec<_>>>()?;
        within!(tx, conn => {
            let mut insert = sqlx::QueryBuilder::new(
                "insert into template
                     (inbox, name, lang, category, state, quality, reason, is_named, parts) ",
            );
            insert.push_values(some.iter().zip(parts), |mut row, (it, parts)| {
                row.push_bind(inbox).push_bind(&it.name).push_bind(&it.lang);
                row.push_bind(it.category).push_bind(it.state).push_bind(&it.quality);
                row.push_bind(&it.reason).push_bind(it.is_named).push_bind(parts);
            });
            // One that moved between two pages of the list stands on both.
            insert.push(" on conflict (inbox, name, lang) do nothing");
            insert.build().execute(conn).await.map(drop)
        })
        .context("storing an inbox's templates")?;
    }
    Ok(())
}

/// Changes what is known of a template.
async fn change(tx: &mut Tx, inbox: &InboxName, news: &TemplateNews) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update template set state = coalesce($4, state), quality = coalesce($5, quality),
                 category = coalesce($6, category), reason = case when $4 is null then reason else $7 end
             where inbox = $1 and name = $2 and lang = $3",
        )
        .bind(inbox)
        .bind(&news.name)
        .bind(&news.lang)
        .bind(news.state)
        .bind(&news.quality)
        .bind(news.category)
        .bind(&news.reason)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("changing a template")
}

/// Takes news of templates in, and has the list read again soon.
pub(super) async fn take(
    tx: &mut Tx,
    inbox: &InboxName,
    news: &[&TemplateNews],
    now: DateTime<Utc>,
) -> Result<()> {
    for one in news {
        change(tx, inbox, one).await?;
    }
    if !news.is_empty() {
        sync::ask(tx, inbox, now).await?;
    }
    Ok(())
}
