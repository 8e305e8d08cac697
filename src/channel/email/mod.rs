//! E-mail: mails are read into messages, and messages leave as mails.

mod account;
mod compose;
mod dial;
#[cfg(test)]
pub(crate) mod fake;
mod health;
mod imap;
mod inbound;
mod oauth;
mod quote;
pub mod read;
pub mod setup;
mod smtp;
mod token;
mod trouble;
mod vouch;
pub mod webhook;

pub use health::MailboxState;
pub use imap::{Listed, Reader, Reading};
pub use trouble::{Trouble, TroubleKind};
pub use vouch::Voucher;

use super::{Arrival, Channel, Home, Limits, Parcel, Refusal, text};
use crate::config::InboxSettings;
use crate::conversation::{Inbound, Inbox, Message, Removed, Sent, own_message_id};
use account::Account;
use anyhow::{Context as _, Result};
use compose::Form;
use futures::FutureExt;
use futures::future::BoxFuture;
use read::Own;
use smtp::Sender;
use std::sync::Arc;
use token::Signer;

/// The e-mail inbox.
pub(super) struct Email {
    inbox: Inbox,
    own: Own,
    account: Arc<Account>,
    form: Form,
    signer: Signer,
    sender: Option<Sender>,
    voucher: Option<Voucher>,
}

impl Email {
    pub(super) fn open(settings: &InboxSettings, home: &Home<'_>) -> Result<Self> {
        let email = settings.email.as_deref().context("there is no [inbox.email]")?;
        let account = Arc::new(Account::open(&settings.name, email)?);
        let sender = account.smtp().map(|server| Sender::new(Arc::clone(&account), server));
        Ok(Self {
            inbox: settings.inbox(),
            own: Own {
                addresses: email.own_addresses(),
                authserv: email.authserv.clone(),
                reply_to_is_sender: email.reply_to_is_sender,
            },
            form: Form::new(email, &settings.name, home.business, settings.lang)?,
            signer: Signer::new(&email.address, home.signing_key),
            account,
            sender,
            voucher: Voucher::open(email)?,
        })
    }

    async fn attempt(&self, parcel: Parcel<'_>) -> Sent {
        let Some(sender) = &self.sender else {
            return Sent::Refused(
                "this inbox has no smtp in [inbox.email], so nothing can be sent".into(),
            );
        };
        match self.form.letter(parcel, &self.signer) {
            Ok(letter) => sender.send(&letter, parcel.now).await,
            Err(words) => Sent::Refused(words),
        }
    }
}

impl Channel for Email {
    /// The body is the mail.
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        let (own, signer) = (&self.own, &self.signer);
        Ok(vec![inbound::inbound(&self.inbox, own, signer, arrival.body, arrival.now)])
    }

    fn send<'a>(&'a self, parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        self.attempt(parcel).boxed()
    }

    /// Looks among the account's sent mails, where a copy is kept by us or by the provider.
    fn find_sent<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Option<String>> {
        let domain = self.account.settings.domain();
        let id = own_message_id(&message.conversation_id, &message.id, domain);
        async move {
            let sender = self.sender.as_ref()?;
            sender.has_sent(&id).await.then_some(id)
        }
        .boxed()
    }

    fn limits(&self) -> Limits {
        Limits { max_chars: text::MAX_TEXT, buttons: false, repeat_safe: false, files: true }
    }

    fn reader(&self) -> Option<Reader<'_>> {
        Reader::of(&self.account)
    }

    fn voucher(&self) -> Option<&Voucher> {
        self.voucher.as_ref()
    }

    fn state(&self) -> Option<MailboxState> {
        Some(self.account.health.state())
    }
}

/// A mail's plain words without quotes and signatures, and the mail passed on below them, and what was removed.
pub fn without_quotes(text: &str) -> (String, Option<String>, Vec<Removed>) {
    let stripped = quote::strip(text);
    (stripped.kept, stripped.forwarded, stripped.removed)
}
