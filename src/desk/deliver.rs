//! Delivering: one attempt at a time, its end recorded, nothing of unknown end ever repeated blindly.

use super::Desk;
use crate::channel::{Channel, Parcel};
use crate::config::EmailSettings;
use crate::conversation::{
    Delivery, FilledTemplate, InboxName, MailThread, OutboxId, Sent, subject_token,
};
use crate::store::Outgoing;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// The first wait after an attempt that certainly failed; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(30);

/// A customer's window counts as closed a little early: what leaves at its end may arrive after it.
const WINDOW_MARGIN: TimeDelta = TimeDelta::minutes(1);

/// How long a mail that its server puts off is tried again (RFC 5321, 4.5.4.1 asks for days).
const MAIL_PATIENCE: TimeDelta = TimeDelta::hours(48);

impl Desk {
    /// Attempts a delivery and records how it ended. One that travels in parts goes on while the channel takes
    /// them; each is recorded before the next leaves, so that none is ever sent again.
    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<()> {
        let mut outgoing = outgoing.clone();
        loop {
            let sent = match self.channel(&outgoing.inbox) {
                Some(channel) if self.is_unwanted(channel, &outgoing).await? => return Ok(()),
                Some(channel) => match self.quiet_until(channel, &outgoing).await? {
                    Some(at) => Sent::Held(at, "it waits for the end of the quiet hours".into()),
                    None => self.attempt(channel, &outgoing).await?,
                },
                None => Sent::Refused(format!("the settings name no inbox {}", outgoing.inbox)),
            };
            if !matches!(sent, Sent::Part(_)) {
                return self.record(&outgoing, &sent).await;
            }
            outgoing.parts += 1;
            let now = self.clock.now();
            let lease = TimeDelta::seconds(i64::from(self.config.worker.lease_seconds));
            if !self.store.record_part(&outgoing, now + lease, now).await? {
                return Ok(());
            }
        }
    }

    /// Settles deliveries whose node died in the attempt: sent where the other side has it, repeated only where the
    /// other side knows a repetition by its id, else put before a person.
    pub(super) async fn settle_orphan(&self, outgoing: &Outgoing) -> Result<()> {
        let unknown = Sent::Unknown("the server stopped during the attempt".into());
        let Some(channel) = self.channel(&outgoing.inbox) else {
            return self.record(outgoing, &unknown).await;
        };
        let message = self.store.outgoing_message(outgoing).await?;
        let sent = match channel.find_sent(&message).await {
            Some(name) => Sent::Accepted(Some(name)),
            None => self.bounded(unknown, channel, outgoing, self.clock.now()),
        };
        self.record(outgoing, &sent).await
    }

    /// Takes in news of how far a message got on its way to the customer.
    pub async fn progress(&self, id: &OutboxId, news: Delivery) -> Result<()> {
        if let Some(conversation_id) =
            self.store.record_progress(id, news, self.clock.now()).await?
        {
            self.tell(&conversation_id);
        }
        Ok(())
    }

    async fn attempt(&self, channel: &dyn Channel, outgoing: &Outgoing) -> Result<Sent> {
        let message = self.store.outgoing_message(outgoing).await?;
        let identity = match &outgoing.recipient {
            Some(address) => address.clone(),
            None => self.identity_in(outgoing).await?,
        };
        if let Some(bad) = self.bad_address(outgoing).await? {
            return Ok(Sent::Refused(bad));
        }
        let template = self.template_in(channel, outgoing).await?;
        if let Some(words) = channel.window_closed()
            && template.is_none()
            && !self.is_window_open(outgoing).await?
        {
            return Ok(Sent::Refused(words));
        }
        let names = self.names_in(channel, outgoing).await?;
        let thread = self.thread_before(outgoing).await?;
        let files = if thread.is_some() || channel.carries_files() {
            self.files_of(&message).await?
        } else {
            Vec::new()
        };
        let in_reply_to = self.store.find_answered(outgoing.turn_id.as_ref()).await?;
        let now = self.clock.now();
        let parcel = Parcel {
            id: &outgoing.id,
            identity: &identity,
            names: &names,
            part: usize::try_from(outgoing.parts).unwrap_or_default(),
            attempt: outgoing.attempts,
            turn_id: outgoing.turn_id.as_ref(),
            in_reply_to: in_reply_to.as_deref(),
            message: &message,
            template: template.as_ref(),
            thread: thread.as_ref(),
            files: &files,
            now,
        };
        let sent = channel.send(parcel).await;
        if let Some(filled) = &template
            && let Err(error) = self.learn_of_template(outgoing, filled, &sent).await
        {
            // How the attempt ended is recorded all the same.
            tracing::error!(outbox.id = %outgoing.id, error = format!("{error:#}"),
                "what an attempt tells of a template could not be stored");
        }
        Ok(self.bounded(sent, channel, outgoing, now))
    }

    /// The mailbox behind an inbox; none where it is no matter of mails.
    fn mailbox(&self, inbox: &InboxName) -> Option<&EmailSettings> {
        self.config.inbox_settings(inbox)?.email.as_deref()
    }

    /// How the inbox knows the contact.
    pub(super) async fn identity_in(&self, outgoing: &Outgoing) -> Result<String> {
        let conversation = self.store.conversation(&outgoing.conversation_id).await?;
        self.store.identity_of(&outgoing.inbox, &conversation.contact_id).await
    }

    /// All names by which the inbox knows the contact, where the channel has a use for more than one. A notification
    /// goes where it was asked for, and nowhere else.
    async fn names_in(&self, channel: &dyn Channel, outgoing: &Outgoing) -> Result<Vec<String>> {
        if channel.window_closed().is_none() {
            return Ok(Vec::new());
        }
        if let Some(asked) = self.store.notified_address(&outgoing.message_id).await? {
            return Ok(vec![asked]);
        }
        let conversation = self.store.conversation(&outgoing.conversation_id).await?;
        self.store.names_of(&outgoing.inbox, &conversation.contact_id).await
    }

    /// The template that a delivery is filled from; only where there are windows there are templates.
    pub(super) async fn template_in(
        &self,
        channel: &dyn Channel,
        outgoing: &Outgoing,
    ) -> Result<Option<FilledTemplate>> {
        match channel.window_closed() {
            Some(_) => self.store.template_of(&outgoing.message_id).await,
            None => Ok(None),
        }
    }

    /// Whether the customer may be written to freely right now.
    async fn is_window_open(&self, outgoing: &Outgoing) -> Result<bool> {
        let expires = self.store.window_of(&outgoing.conversation_id).await?;
        Ok(self.is_open(expires))
    }

    fn is_open(&self, expires: Option<DateTime<Utc>>) -> bool {
        expires.is_some_and(|expires| self.clock.now() < expires - WINDOW_MARGIN)
    }

    /// Whether an inbox takes no free words for a customer whose window ends then.
    pub fn is_window_closed(&self, inbox: &InboxName, expires: Option<DateTime<Utc>>) -> bool {
        let knows_windows = self.channel(inbox).and_then(Channel::window_closed).is_some();
        knows_windows && !self.is_open(expires)
    }

    /// Puts attempts of unknown end before people of which no news came in time; returns how many.
    pub(super) async fn ask_about_doubts(&self) -> Result<usize> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if self.store.next_doubt().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let asked = self.store.ask_about_doubts(now).await?;
        for id in &asked {
            tracing::warn!(conversation.id = %id, "no news came of a message of unknown end; a person is asked");
            self.tell(id);
        }
        Ok(asked.len())
    }

    /// Why nothing is sent to an address, where that is known. The words stand in the log too, so that they do
    /// not name it.
    async fn bad_address(&self, outgoing: &Outgoing) -> Result<Option<String>> {
        let Some(address) = &outgoing.recipient else { return Ok(None) };
        let Some(bad) = self.store.bad_address(address).await? else { return Ok(None) };
        let status = bad.status.map(|status| format!(" ({status})")).unwrap_or_default();
        Ok(Some(format!(
            "mails to this address have come back since {}{status}; take the mark off it to try again",
            bad.since.format("%Y-%m-%d")
        )))
    }

    /// The mails before a message, where it leaves as one.
    async fn thread_before(&self, outgoing: &Outgoing) -> Result<Option<MailThread>> {
        let Some(email) = self.mailbox(&outgoing.inbox) else { return Ok(None) };
        let (id, message) = (&outgoing.conversation_id, &outgoing.message_id);
        let mut thread = self.store.mail_thread(id, message, email.domain()).await?;
        if email.subject_token {
            thread.subject = format!("{} {}", thread.subject, subject_token(id));
        }
        Ok(Some(thread))
    }

    /// Turns "again" into "refused" after the last attempt, and gives each further attempt its time.
    fn bounded(
        &self,
        sent: Sent,
        channel: &dyn Channel,
        outgoing: &Outgoing,
        now: DateTime<Utc>,
    ) -> Sent {
        let is_mail = self.mailbox(&outgoing.inbox).is_some();
        let is_last = match channel.patience().or(is_mail.then_some(MAIL_PATIENCE)) {
            Some(patience) => now >= outgoing.created_at + patience,
            None => outgoing.attempts >= i64::from(self.config.worker.max_attempts),
        };
        match sent {
            Sent::Unknown(error) if channel.limits().repeat_safe && !is_last => {
                Sent::Again(now + wait_after(outgoing.attempts), error)
            }
            Sent::Again(_, error) | Sent::Held(_, error) if is_last => {
                Sent::Refused(format!("given up after {} attempts: {error}", outgoing.attempts))
            }
            Sent::Again(at, error) => {
                Sent::Again(at.max(now + wait_after(outgoing.attempts)), error)
            }
            other @ (Sent::Accepted(_)
            | Sent::Part(_)
            | Sent::Held(..)
            | Sent::Refused(_)
            | Sent::Unknown(_)) => other,
        }
    }

    async fn record(&self, outgoing: &Outgoing, sent: &Sent) -> Result<()> {
        let kind = match sent {
            Sent::Accepted(_) => "sent",
            Sent::Part(_) => "part",
            Sent::Again(..) => "again",
            Sent::Held(..) => "held",
            Sent::Refused(_) => "failed",
            Sent::Unknown(_) => "uncertain",
        };
        if let Sent::Held(until, words) = sent {
            tracing::debug!(outbox.id = %outgoing.id, %until, words, "a delivery is put off");
        }
        if let Sent::Again(_, error) | Sent::Refused(error) | Sent::Unknown(error) = sent {
            tracing::warn!(outbox.id = %outgoing.id, attempt = outgoing.attempts, kind, error, "a delivery did not succeed");
        }
        metrics::counter!("sureply_delivery_attempts_total", "end" => kind).increment(1);
        let now = self.clock.now();
        let waits = self.channel(&outgoing.inbox).and_then(Channel::news_within);
        let recorded = match (sent, waits) {
            (Sent::Unknown(error), Some(wait)) => {
                self.store.doubt(outgoing, error, now + wait, now).await
            }
            _ => self.store.record_attempt(outgoing, sent, now).await,
        };
        recorded.with_context(|| format!("recording an attempt at delivery {}", outgoing.id))?;
        self.tell(&outgoing.conversation_id);
        Ok(())
    }
}

fn wait_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 12)).unwrap_or(12) - 1;
    (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WAIT, wait_after};
    use chrono::TimeDelta;

    #[test]
    fn waits_double_up_to_the_longest() {
        for (attempts, wait) in [
            (0, TimeDelta::seconds(5)),
            (1, TimeDelta::seconds(5)),
            (2, TimeDelta::seconds(10)),
            (5, TimeDelta::seconds(80)),
            (12, LONGEST_WAIT),
            (1_000, LONGEST_WAIT),
        ] {
            assert_eq!(wait_after(attempts), wait, "after {attempts}");
        }
    }
}
