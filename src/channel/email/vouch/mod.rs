//! Whether a mail's signature vouches for its sender (DKIM, RFC 6376), by the keys that domains publish in the DNS.
//!
//! Only a signature of the sender's own domain counts (DMARC's relaxed alignment, RFC 7489 §3.1.1). SPF is not
//! looked at: it is about the server that handed a mail in, which is not known of mails in a mailbox. So a mail
//! that nothing vouches for is not called a forgery.

use super::read::{is_aligned, sole_domain};
use crate::config::EmailSettings;
use crate::conversation::{Mailbox, SenderAuth};
use anyhow::{Context as _, Result};
use mail_auth::common::verify::VerifySignature as _;
use mail_auth::hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts,
};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, MessageAuthenticator};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the DNS may take in all over one mail.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// How long it is left alone after it was silent, so that a machine without a network reads mails none the slower.
const LEFT_ALONE: Duration = Duration::from_mins(1);
/// Signatures of one mail that are looked at.
const MOST_SIGNATURES: usize = 5;

/// Asks the DNS for the keys of mails' signatures.
pub struct Voucher {
    asks: MessageAuthenticator,
    within: Duration,
    silent_until: Mutex<Option<Instant>>,
}

impl Voucher {
    /// Asks the name server of the settings, else those of this machine; nobody where it names none, or where
    /// signatures are not to be checked.
    pub(super) fn open(settings: &EmailSettings) -> Result<Option<Self>> {
        let known = match settings.name_server {
            _ if !settings.check_signatures => None,
            Some(server) => Some((only(server), ResolverOpts::default())),
            None => read_system_conf().ok(),
        };
        known.map(|(config, options)| Self::asking(config, options, ANSWER_WITHIN)).transpose()
    }

    fn asking(config: ResolverConfig, mut options: ResolverOpts, within: Duration) -> Result<Self> {
        (options.timeout, options.attempts) = (within / 2, 1);
        let asks = MessageAuthenticator::new(config, options).context("setting the resolver up")?;
        Ok(Self { asks, within, silent_until: Mutex::new(None) })
    }

    /// Whether a signature vouches for the sender of a mail as it came. What cannot be found out vouches for nothing.
    pub async fn vouches(&self, raw: &[u8], from: &[Mailbox]) -> SenderAuth {
        let Some(domain) = sole_domain(from).filter(|_| self.may_ask()) else {
            return SenderAuth::None;
        };
        let Some(mut mail) = AuthenticatedMessage::parse(raw) else { return SenderAuth::None };
        // A foreign domain's signature says nothing of this sender, so that its key is not asked for.
        mail.dkim_headers
            .retain(|it| is_aligned(&it.header.domain().to_ascii_lowercase(), &domain));
        mail.dkim_headers.truncate(MOST_SIGNATURES);
        if mail.dkim_headers.is_empty() {
            return SenderAuth::None;
        }
        let asked = tokio::time::timeout(self.within, self.asks.verify_dkim(&mail)).await;
        match asked {
            Ok(found) if found.iter().any(|it| *it.result() == DkimResult::Pass) => {
                SenderAuth::Pass
            }
            Ok(found) if !found.iter().any(is_unanswered) => SenderAuth::None,
            Ok(_) | Err(_) => {
                self.leave_alone();
                SenderAuth::None
            }
        }
    }

    fn may_ask(&self) -> bool {
        let silent_until = self.silent_until.lock().unwrap_or_else(PoisonError::into_inner);
        silent_until.is_none_or(|until| until <= Instant::now())
    }

    fn leave_alone(&self) {
        tracing::info!("the DNS does not answer; signatures of mails are not checked for a minute");
        let mut silent_until = self.silent_until.lock().unwrap_or_else(PoisonError::into_inner);
        *silent_until = Some(Instant::now() + LEFT_ALONE);
    }
}

/// This name server and no other.
fn only(server: SocketAddr) -> ResolverConfig {
    let (mut udp, mut tcp) = (ConnectionConfig::udp(), ConnectionConfig::tcp());
    (udp.port, tcp.port) = (server.port(), server.port());
    let server = NameServerConfig::new(server.ip(), true, vec![udp, tcp]);
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

fn is_unanswered(found: &DkimOutput<'_>) -> bool {
    matches!(found.result(), DkimResult::TempError(_))
}

#[cfg(test)]
mod tests;
