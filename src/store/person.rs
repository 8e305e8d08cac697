//! A person: the contacts that are known to be one, how they are reached, what was said with them, and notes.

use super::identity::ACCOUNT;
use super::row::row;
use super::{Store, on, within};
use crate::conversation::{
    AgentId, ContactId, ContactNoteId, ConversationId, Identity, IdentityKind, InboxName, Status,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A contact as an agent sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownContact {
    /// Its identifier.
    pub id: ContactId,
    /// The name they gave, their channel told, or an agent has corrected.
    pub name: Option<String>,
    /// The address they gave; a claim.
    pub email: Option<String>,
    /// The agent who has corrected the name.
    pub name_by: Option<AgentId>,
    /// When they first wrote.
    pub created_at: DateTime<Utc>,
    /// Every way in which they are known, the newest first.
    #[sqlx(skip)]
    pub identities: Vec<Identity>,
}

/// A conversation of a person's, in short.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PastConversation {
    /// The conversation.
    pub id: ConversationId,
    /// The contact whose it is.
    pub contact_id: ContactId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// Whose move it is.
    pub status: Status,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// What the customer last said in it.
    pub last_words: Option<String>,
    /// The conversation that goes on for it.
    pub merged_into: Option<ConversationId>,
}

/// A note on a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactNote {
    /// Its identifier.
    pub id: ContactNoteId,
    /// The contact that it was written on.
    pub contact_id: ContactId,
    /// Who wrote it.
    pub agent_id: AgentId,
    /// What it says.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was put away, if it was.
    pub removed_at: Option<DateTime<Utc>>,
}

row!(ContactNote { id, contact_id, agent_id, body, created_at, removed_at });

/// Everything that is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The contacts that are this person, the one asked for first.
    pub contacts: Vec<KnownContact>,
    /// Their conversations, newest first.
    pub conversations: Vec<PastConversation>,
}

/// A contact with one way in which it is known.
#[derive(sqlx::FromRow)]
struct ContactRow {
    #[sqlx(flatten)]
    contact: KnownContact,
    kind: Option<IdentityKind>,
    value: Option<String>,
    inbox: Option<InboxName>,
    verified: Option<bool>,
    seen_at: Option<DateTime<Utc>>,
}

impl ContactRow {
    fn identity(&mut self) -> Option<Identity> {
        let (kind, value) = self.kind.zip(self.value.take())?;
        let (verified, seen_at) = self.verified.zip(self.seen_at)?;
        let value = match value.strip_prefix(ACCOUNT) {
            Some(subject) if kind == IdentityKind::Account => subject.to_owned(),
            _ => value,
        };
        Some(Identity { kind, value, inbox: self.inbox.take(), verified, seen_at })
    }
}

/// Contacts with all the ways in which they are known; the rows of each stand together.
fn gathered(rows: Vec<ContactRow>) -> Vec<KnownContact> {
    let mut contacts: Vec<KnownContact> = Vec::new();
    for mut row in rows {
        let identity = row.identity();
        if contacts.last().is_none_or(|last| last.id != row.contact.id) {
            contacts.push(row.contact);
        }
        if let Some(contact) = contacts.last_mut() {
            contact.identities.extend(identity);
        }
    }
    contacts
}

/// The contacts that are one person with `$1`, itself among them.
macro_rules! with_person {
    ($rest:literal) => {
        concat!(
            "with recursive person (id) as (
                 select $1
                 union
                 select case when r.from_id = p.id then r.into_id else r.from_id end
                 from person p join regroup r on r.kind = 'contact' and r.undone_at is null
                     and (r.from_id = p.id or r.into_id = p.id)
             ) ",
            $rest
        )
    };
}

pub(super) use with_person;

impl Store {
    /// What is known of the person that a contact is, with their newest `limit` conversations.
    pub async fn person(&self, contact: &ContactId, limit: i64) -> Result<Person> {
        let contacts = self.contacts_of(contact).await?;
        let conversations = on!(&self.read, db => {
            sqlx::query_as(with_person!(
                "select c.id, c.contact_id, c.inbox, c.status, c.created_at, c.merged_into,
                     (select body from message m where m.conversation_id = c.id
                          and m.author = 'customer' order by m.seq desc limit 1) as last_words
                 from conversation c where c.contact_id in (select id from person)
                 order by c.created_at desc limit $2"
            ))
            .bind(contact)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading a person's conversations")?;
        Ok(Person { contacts, conversations })
    }

    /// The contacts that are one person with this one, it first, with every way in which each is known.
    async fn contacts_of(&self, contact: &ContactId) -> Result<Vec<KnownContact>> {
        // An address that came with a message stands at the contact alone.
        let rows: Vec<ContactRow> = on!(&self.read, db => {
            sqlx::query_as(with_person!(
                ", known as (
                     select contact_id, kind, value, inbox, verified, seen_at from identity
                     where contact_id in (select id from person)
                     union all
                     select contact_id, 'email', email, null, verified, said_at from contact_email
                     where contact_id in (select id from person)
                     union all
                     select c.id, 'email', c.email, null, false, c.created_at from contact c
                     where c.id in (select id from person) and c.email is not null and not exists (
                         select 1 from contact_email e where e.contact_id = c.id and e.email = c.email)
                 )
                 select c.id, c.name, c.email, c.name_by, c.created_at,
                     k.kind, k.value, k.inbox, k.verified, k.seen_at
                 from contact c left join known k on k.contact_id = c.id
                 where c.id in (select id from person)
                 order by case when c.id = $1 then 0 else 1 end, c.created_at, c.id,
                     k.seen_at desc, k.value
                 limit 500"
            ))
            .bind(contact)
            .fetch_all(db)
            .await
        })
        .context("reading a person")?;
        Ok(gathered(rows))
    }

    /// Notes on the person that a contact is, newest first; of those put away only the newest of the last day.
    pub async fn notes_on(
        &self,
        contact: &ContactId,
        now: DateTime<Utc>,
    ) -> Result<Vec<ContactNote>> {
        on!(&self.read, db => {
            sqlx::query_as(with_person!(
                "select id, contact_id, agent_id, body, created_at, removed_at from contact_note
                 where contact_id in (select id from person)
                   and (removed_at is null or removed_at > $2)
                 order by created_at desc limit 50"
            ))
            .bind(contact)
            .bind(now - chrono::TimeDelta::days(1))
            .fetch_all(db)
            .await
        })
        .context("reading the notes on a person")
    }

    /// Corrects a contact's name; what their channel says changes it no more. `false` where there is no such
    /// contact.
    pub async fn name_contact(
        &self,
        contact: &ContactId,
        name: Option<&str>,
        agent: &AgentId,
    ) -> Result<bool> {
        let by = name.map(|_| agent);
        let changed = on!(&self.write, db => {
            sqlx::query("update contact set name = $2, name_by = $3 where id = $1")
                .bind(contact)
                .bind(name)
                .bind(by)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })
        .context("correcting a contact's name")?;
        Ok(changed == 1)
    }

    /// Stores a note on a contact.
    pub async fn add_contact_note(&self, note: &ContactNote) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into contact_note (id, contact_id, agent_id, body, created_at)
                 values ($1, $2, $3, $4, $5)",
            )
            .bind(&note.id)
            .bind(&note.contact_id)
            .bind(&note.agent_id)
            .bind(&note.body)
            .bind(note.created_at)
            .execute(db)
            .await
            .map(drop)
        })
        .context("storing a note on a contact")
    }

    /// Puts a note on a person away, or brings it back; `false` where the person has no such note.
    pub async fn put_contact_note(
        &self,
        contact: &ContactId,
        note: &ContactNoteId,
        removed_at: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let changed = within!(&mut tx, conn => {
            sqlx::query(with_person!(
                "update contact_note set removed_at = $3
                 where id = $2 and contact_id in (select id from person)"
            ))
            .bind(contact)
            .bind(note)
            .bind(removed_at)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("putting a note on a contact away")?;
        tx.commit().await?;
        Ok(changed == 1)
    }

    /// Contacts whose name, address or name in an inbox holds the words, the newest first.
    pub async fn find_contacts(&self, words: &str, limit: i64) -> Result<Vec<KnownContact>> {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        // Not every database lowers letters of every alphabet; as they are written, they are found.
        let (pattern, exact) = (format!("%{}%", escaped.to_lowercase()), format!("%{escaped}%"));
        on!(&self.read, db => {
            sqlx::query_as(
                "select c.id, c.name, c.email, c.name_by, c.created_at from contact c
                 where lower(c.name) like $1 escape '\\' or c.name like $3 escape '\\' or lower(c.email) like $1 escape '\\'
                    or c.id in (select contact_id from identity where lower(value) like $1 escape '\\')
                 order by c.created_at desc limit $2",
            )
            .bind(pattern)
            .bind(limit)
            .bind(exact)
            .fetch_all(db)
            .await
        })
        .context("looking for contacts")
    }
}
