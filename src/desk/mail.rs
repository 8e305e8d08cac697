//! Mails at the desk: their files are laid down before they are stored, and what is known of a turn's mail is
//! gathered for the policy.

use super::receive::{Intake, Overloaded};
use super::{Desk, files};
use crate::channel::{self, Channel};
use crate::confidence::Post;
use crate::config::EmailSettings;
use crate::conversation::{
    AgentId, Attachment, ConversationId, Inbound, Message, NewFile, SenderAuth, Turn,
};
use crate::store::{Acted, Posted, Received};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// A mail that was so old when it came is not answered by itself: its writer may long have an answer.
const OLD: TimeDelta = TimeDelta::days(3);

/// A mail that says it is so old was written by a clock that is wrong.
const IMPOSSIBLY_OLD: TimeDelta = TimeDelta::days(3_650);

/// Files of one mail that are kept apart from it.
const MOST_FILES: usize = 100;

/// Why a mail was not stored; it is to be handed in again later.
#[derive(Debug, thiserror::Error)]
pub enum Unreceived {
    /// Its files could not be written, as on a full disk; nothing of it is stored.
    #[error("writing the files of a mail: {0:#}")]
    Files(anyhow::Error),
    /// The store is slower than the mails that come.
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    /// The store turned it down.
    #[error("storing a mail: {0:#}")]
    Store(anyhow::Error),
}

impl Desk {
    /// Stores a mail: first its files, then all else with one commit. Whoever hands it in may let go of it only
    /// once this returns well.
    pub async fn receive_mail(
        &self,
        intake: &Intake,
        mut inbound: Inbound,
    ) -> Result<Received, Unreceived> {
        self.fit(&mut inbound);
        if let Some(mail) = &mut inbound.mail {
            // Nor to the mailbox of another inbox of ours.
            mail.answers_to =
                mail.answers_to.take().filter(|address| !self.is_own_address(address));
        }
        let known = inbound.external_id.as_deref();
        let is_known = match known {
            Some(id) => self.store.find_end(&inbound.inbox.name, id).await,
            None => Ok(None),
        };
        let is_known = is_known.map_err(Unreceived::Store)?.is_some();
        if !is_known {
            self.vouch(&mut inbound).await;
        }
        let mut laid = Vec::new();
        if !is_known && !inbound.files.is_empty() {
            laid = inbound.files.iter().map(|file| file.id.clone()).collect();
            let folder = self.files.clone().context("no folder for files is set");
            let folder = folder.map_err(Unreceived::Files)?;
            inbound.files = files::lay_down(folder, std::mem::take(&mut inbound.files))
                .await
                .map_err(Unreceived::Files)?;
        }
        let received = intake.receive(inbound).await?.map_err(Unreceived::Store)?;
        if received.duplicate
            && let Some(folder) = self.files.clone()
        {
            files::take_away(folder, laid).await;
        }
        Ok(received)
    }

    /// Lets the mail's signature speak for its sender where no server of ours does.
    async fn vouch(&self, inbound: &mut Inbound) {
        let voucher = self.channel(&inbound.inbox.name).and_then(Channel::voucher);
        let (Some(voucher), Some(mail)) = (voucher, &mut inbound.mail) else { return };
        if mail.auth != SenderAuth::None {
            return;
        }
        let original = inbound.files.iter().find(|file| Some(&file.id) == mail.original.as_ref());
        if let Some(original) = original {
            mail.auth = voucher.vouches(&original.bytes, &mail.from).await;
        }
    }

    /// Leaves what is over the limits in the mail's original only, and says so. It stands at the message still,
    /// under the original's id, so that people see that something came, and the bot too.
    fn fit(&self, inbound: &mut Inbound) {
        let Some(mail) = &mut inbound.mail else { return };
        let Some(original) = mail.original.clone() else { return };
        let most = self.config.attachments.max_bytes;
        let mut left_out = Vec::new();
        let mut kept = 0;
        let is_kept = |file: &NewFile, kept: &mut usize| {
            let fits = file.id == original || (file.bytes.len() <= most && *kept < MOST_FILES);
            *kept += usize::from(fits);
            fits
        };
        inbound.files.retain(|file| {
            let fits = is_kept(file, &mut kept);
            if !fits {
                left_out.push(file.id.clone());
            }
            fits
        });
        for file in inbound.attachments.iter_mut().filter(|file| left_out.contains(&file.id)) {
            let name = &file.name;
            mail.problems
                .push(format!("{name} is over the limits for files; the original holds it"));
            file.id = original.clone();
            file.media_type = "message/rfc822".into();
        }
    }

    /// What the policy asks of the mail that a turn came in; none where it came in none.
    pub(super) async fn post(&self, turn: &Turn, now: DateTime<Utc>) -> Result<Option<Post>> {
        let Some(posted) = self.store.posted(turn, now).await? else { return Ok(None) };
        let Posted { address, auth, automatic, complained, elsewhere } = posted;
        let is_old = turn.messages.last().is_some_and(is_old);
        let is_own = self.is_own_address(&address);
        Ok(Some(Post { auth, automatic, complained, is_old, is_own, elsewhere }))
    }

    /// Whether one of our own inboxes writes from an address.
    fn is_own_address(&self, address: &str) -> bool {
        let mailboxes = self.config.inboxes.iter().filter_map(|inbox| inbox.email.as_deref());
        let bare = channel::bare(address);
        mailboxes.flat_map(EmailSettings::own_addresses).any(|own| own == address || own == bare)
    }

    /// Lets mails go again to an address that they came back from.
    pub async fn clear_address(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        address: &str,
    ) -> Result<Acted> {
        let acted = self.store.clear_address(id, agent, address, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// The bytes of the files that a message of ours carries.
    pub(super) async fn files_of(&self, message: &Message) -> Result<Vec<crate::channel::File>> {
        let mut files = Vec::with_capacity(message.attachments.len());
        for Attachment { id, name, media_type, .. } in
            message.attachments.iter().filter(|file| file.url.is_none())
        {
            let folder = self.files.as_ref().context("no folder for files is set")?;
            let bytes = tokio::fs::read(folder.join(id.as_str())).await;
            let bytes = bytes.with_context(|| format!("reading attachment {id}"))?;
            files.push(crate::channel::File {
                name: name.clone(),
                media_type: media_type.clone(),
                bytes,
            });
        }
        Ok(files)
    }
}

/// Whether a mail was old when it came, as far as its date can be believed.
fn is_old(message: &Message) -> bool {
    let age = message.received_at - message.sent_at;
    (OLD..IMPOSSIBLY_OLD).contains(&age)
}
