//! Setting an e-mail inbox up: where its servers are, and whether they let us in.

mod guess;
mod provider;
mod trial;
mod written;

pub use provider::{Found, providers};
pub use trial::{Back, round_trip};
pub(in crate::channel) use written::{lines, path};
pub use written::{section, server};

use provider::{from_autoconfig, known};

use super::account::Account;
use super::dial;
use super::imap::Reading;
use super::smtp::try_login;
use super::trouble::Trouble;
use crate::config::EmailSettings;
use std::time::Duration;

/// How long a domain may take to say where its servers are.
const ASK_WITHIN: Duration = Duration::from_secs(5);
/// Seconds that a server may take to answer while it is tried.
const TRY_WITHIN: u32 = 10;
/// Bytes of what a domain says that are read.
const LONGEST: usize = 64 * 1024;

/// Where the mail of an address is read and sent: as its provider is known to do it, as its domain says, else
/// where servers of the usual names answer. `provider` is whose mail it is, by a domain of its addresses, where
/// the address does not tell.
pub async fn find(address: &str, provider: Option<&str>) -> Option<Found> {
    if let Some(provider) = provider {
        return known(provider);
    }
    let (_, domain) = address.rsplit_once('@')?;
    if let Some(found) = known(domain) {
        return Some(found);
    }
    let trust = dial::trust(None).ok()?;
    let (told, guessed) = tokio::join!(ask(domain), guess::guess(domain, &trust));
    told.or(guessed)
}

/// Asks the domain itself, as mail programs do.
async fn ask(domain: &str) -> Option<Found> {
    let client = reqwest::Client::builder()
        .timeout(ASK_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .ok()?;
    for url in [
        format!("https://autoconfig.{domain}/mail/config-v1.1.xml"),
        format!("https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"),
    ] {
        let Ok(answer) = client.get(url).send().await else { continue };
        let Ok(xml) = answer.text().await else { continue };
        if let Some(found) =
            Some(xml).filter(|xml| xml.len() <= LONGEST).and_then(|xml| from_autoconfig(&xml))
        {
            return Some(found);
        }
    }
    None
}

/// Logs in where mail is read, and opens the folder.
pub async fn try_reading(settings: &EmailSettings) -> Result<(), Trouble> {
    let account = Account::open("trial", &hurried(settings))?;
    let mut reading = Reading::open(&account).await?;
    reading.select().await?;
    reading.close().await;
    Ok(())
}

/// Logs in where mail is sent.
pub async fn try_sending(settings: &EmailSettings) -> Result<(), Trouble> {
    let account = Account::open("trial", &hurried(settings))?;
    try_login(&account).await
}

/// The same settings for somebody who waits before a screen.
fn hurried(settings: &EmailSettings) -> EmailSettings {
    let mut hurried = settings.clone();
    for seconds in [
        hurried.imap.as_mut().map(|imap| &mut imap.timeout_seconds),
        hurried.smtp.as_mut().map(|smtp| &mut smtp.timeout_seconds),
    ]
    .into_iter()
    .flatten()
    {
        *seconds = (*seconds).min(TRY_WITHIN);
    }
    hurried
}
