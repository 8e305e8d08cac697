//! A mail to itself: sent by the account's own server, and waited for in its own mailbox.

use crate::channel::email::account::Account;
use crate::channel::email::compose::Letter;
use crate::channel::email::imap::Reading;
use crate::channel::email::smtp::{Connection, Handed};
use crate::channel::email::trouble::{Trouble, TroubleKind};
use crate::config::EmailSettings;
use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::address::Envelope;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long it may take.
const UNDER_WAY: Duration = Duration::from_mins(1);
/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(1);
/// How long one with a plus may come after the other.
const LATER: Duration = Duration::from_secs(5);

/// How a mail to itself came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// How long it took.
    pub took: Duration,
    /// Whether one to `name+setup@` came too.
    pub plus_addressing: bool,
}

/// Sends two mails to the account itself, one of them to an address with a plus, and waits for them. They
/// say that a machine wrote them, so that nothing answers.
pub async fn round_trip(settings: &EmailSettings, now: DateTime<Utc>) -> Result<Back, Trouble> {
    let account = Account::open("trial", settings)?;
    let (plain, plus) = (token(), token());
    let none = || Trouble::new(TroubleKind::Settings, "there is no smtp in [inbox.email]");
    let mut connection = Connection::open(&account, &account.smtp().ok_or_else(none)?).await?;
    let address = &settings.address;
    let sent = connection.hand_over(&letter(settings, &plain, address, now)?).await;
    if let Handed::Declined { told, .. } | Handed::Lost(told) | Handed::Unknown(told) = sent {
        return Err(Trouble::new(TroubleKind::Refused, told));
    }
    // A server that takes no plus says so here, or lets the mail vanish; both are found out below.
    drop(connection.hand_over(&letter(settings, &plus, &with_plus(address), now)?).await);
    connection.close().await;
    wait(&account, &plain, &plus).await
}

async fn wait(account: &Account, plain: &str, plus: &str) -> Result<Back, Trouble> {
    let began = Instant::now();
    let mut reading = Reading::open(account).await?;
    let mut came = None;
    while began.elapsed() < UNDER_WAY {
        reading.select().await?;
        if came.is_none() && reading.holds(plain).await? {
            came = Some(began.elapsed());
        }
        if let Some(took) = came {
            let plus_addressing = reading.holds(plus).await?;
            if plus_addressing || began.elapsed() > took + LATER {
                reading.close().await;
                return Ok(Back { took, plus_addressing });
            }
        }
        sleep(EVERY).await;
    }
    reading.close().await;
    let words = "the mail to itself was sent and did not come within a minute; look for it among spam, and \
                 whether this mailbox is that of the address";
    Err(Trouble::new(TroubleKind::Silent, words))
}

fn token() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

fn with_plus(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((name, domain)) => format!("{name}+setup@{domain}"),
        None => address.to_owned(),
    }
}

fn letter(
    settings: &EmailSettings,
    token: &str,
    to: &str,
    now: DateTime<Utc>,
) -> Result<Letter, Trouble> {
    let bad = |_| Trouble::new(TroubleKind::Settings, "inbox.email.address is no address");
    let address = |text: &str| text.parse::<Address>().map_err(bad);
    let envelope = Envelope::new(Some(address(&settings.address)?), vec![address(to)?]);
    let envelope =
        envelope.map_err(|error| Trouble::new(TroubleKind::Settings, error.to_string()))?;
    let message_id = format!("{token}@{}", settings.domain());
    let (from, date) = (&settings.address, now.to_rfc2822());
    let bytes = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Sureply setup {token}\r\nMessage-ID: <{message_id}>\r\n\
         Date: {date}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n\
         This mail was sent to see whether the mailbox works. It may be deleted.\r\n",
    );
    Ok(Letter { envelope, message_id, bytes: bytes.into_bytes() })
}
