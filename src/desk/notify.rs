//! Notifying: what was asked for leaves when it may, and nothing leaves that the customer has ended meanwhile.

use super::Desk;
use crate::channel::Channel;
use crate::config::WhatsappSettings;
use crate::conversation::{Hours, InboxName, NotificationId, TemplateCategory, unwanted};
use crate::store::{Asked, NewNotification, Outgoing};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

/// Notifications that one look takes up.
const AT_ONCE: i64 = 50;

/// How long one is put off that could not be looked at.
const AFTER_ERROR: TimeDelta = TimeDelta::minutes(5);

impl Desk {
    /// Takes a notification that is asked for.
    pub async fn notify(&self, new: &NewNotification) -> Result<Asked> {
        let (now, quiet) = (self.clock.now(), self.quiet(&new.inbox)?);
        let asked = self.store.ask_to_notify(new, quiet.as_ref(), now).await?;
        if let Asked::Taken(_, conversation) = &asked {
            self.tell(conversation);
            self.work.notify_one();
        }
        let end = match &asked {
            Asked::Taken(..) => "taken",
            Asked::Known(_) => "known",
            Asked::Other => "other",
            Asked::Refused(_) => "refused",
        };
        metrics::counter!("sureply_notifications_total", "end" => end).increment(1);
        Ok(asked)
    }

    /// What a request that comes again is answered with, whatever has become of its template or its time since.
    pub async fn asked_before(
        &self,
        inbox: &InboxName,
        key: &str,
        print: &str,
    ) -> Result<Option<Asked>> {
        let known = self.store.known_request(inbox, key, print).await?;
        if let Some(asked) = &known {
            let end = if matches!(asked, Asked::Known(_)) { "known" } else { "other" };
            metrics::counter!("sureply_notifications_total", "end" => end).increment(1);
        }
        Ok(known)
    }

    /// Lets go the notifications whose time has come; returns how many were looked at.
    pub(super) async fn notify_due(&self) -> Result<usize> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if self.store.next_notification_due().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let due = self.store.due_notifications(AT_ONCE, now).await?;
        for (id, inbox) in &due {
            if let Err(error) = self.let_notification_go(id, inbox, now).await {
                tracing::error!(notification.id = %id, error = format!("{error:#}"),
                    "a notification could not be let go; it is tried again later");
                self.store.put_notification_off(id, now + AFTER_ERROR).await?;
            }
        }
        Ok(due.len())
    }

    async fn let_notification_go(
        &self,
        id: &NotificationId,
        inbox: &InboxName,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let quiet = self.quiet(inbox)?;
        let changed = self.store.let_notification_go(id, quiet.as_ref(), now).await?;
        if let Some(conversation) = changed {
            self.tell(&conversation);
        }
        Ok(())
    }

    /// The hours in which an inbox notifies nobody.
    pub fn quiet(&self, inbox: &InboxName) -> Result<Option<Hours>> {
        let settings = self.config.inbox_settings(inbox);
        let whatsapp = settings.and_then(|settings| settings.whatsapp.as_deref());
        whatsapp.map_or(Ok(None), WhatsappSettings::quiet)
    }

    /// Whether a template must not leave any more, looked at right before it would: it is withdrawn then. Nobody has to see
    /// to it, for it is as the customer wants it.
    pub(super) async fn is_unwanted(
        &self,
        channel: &dyn Channel,
        outgoing: &Outgoing,
    ) -> Result<bool> {
        let Some(filled) = self.template_in(channel, outgoing).await? else { return Ok(false) };
        let now = self.clock.now();
        let expires = self.store.expiry_of(&outgoing.message_id).await?;
        let address = match self.store.notified_address(&outgoing.message_id).await? {
            Some(asked) => asked,
            None => self.identity_in(outgoing).await?,
        };
        let standing = self.store.standing(&outgoing.inbox, &address).await?;
        let (name, lang) = (&filled.name, &filled.lang);
        let present = self.store.template(&outgoing.inbox, name, lang).await?;
        let category = present.map_or(filled.category, |template| template.category);
        let words = match unwanted(category, standing) {
            _ if expires.is_some_and(|at| at <= now) => "its time was over before it could leave",
            Some(why) => why.sentence(),
            None => return Ok(false),
        };
        tracing::info!(outbox.id = %outgoing.id, words, "a template is withdrawn");
        self.store.withdraw(outgoing, words, now).await?;
        self.tell(&outgoing.conversation_id);
        Ok(true)
    }

    /// Until when a notification waits because it would leave in the quiet hours now; codes never do.
    pub(super) async fn quiet_until(
        &self,
        channel: &dyn Channel,
        outgoing: &Outgoing,
    ) -> Result<Option<DateTime<Utc>>> {
        let Some(quiet) = self.quiet(&outgoing.inbox)? else { return Ok(None) };
        let Some(until) = quiet.open_until(self.clock.now()) else { return Ok(None) };
        let Some(filled) = self.template_in(channel, outgoing).await? else { return Ok(None) };
        if filled.category == TemplateCategory::Authentication
            || self.store.notified_address(&outgoing.message_id).await?.is_none()
        {
            return Ok(None);
        }
        Ok(Some(until))
    }
}
