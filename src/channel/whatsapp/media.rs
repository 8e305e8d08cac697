//! Fetching what customers send: Meta tells an address for a file's id, and the file lies there for five minutes.
//!
//! Only Meta's own hosts are asked, without following them elsewhere, and no more bytes are read than are allowed,
//! whatever size is told. Failed calls are counted against the number, so they are few (Meta, "Media").

use crate::config::{Secret, WhatsappSettings};
use crate::conversation::Media;
use crate::media;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use reqwest::{Client, Response, StatusCode, redirect};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// How long one call may take; both fit into the five minutes that an address is good for.
const WITHIN: Duration = Duration::from_mins(1);

/// The most that the answer naming an address may hold.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Redirects that are followed, each to a host that is allowed.
const MOST_REDIRECTS: usize = 3;

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The media type found by its content; that of plain bytes where nothing is found.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfetched {
    /// It may be there later.
    #[error("{0}")]
    Later(String),
    /// It will not be there.
    #[error("{0}")]
    Never(String),
}

/// What asks Meta for files; it is set up when the first is to be fetched.
#[derive(Debug, Default)]
pub struct Fetcher(OnceLock<Client>);

#[derive(Deserialize)]
struct Address {
    url: String,
    sha256: Option<String>,
}

impl Fetcher {
    /// The client; it follows nobody by itself.
    fn client(&self) -> Result<&Client, Unfetched> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let client = Client::builder().timeout(WITHIN).redirect(redirect::Policy::none()).build();
        let client = client.map_err(|_| Unfetched::Later("nothing can be asked for".into()))?;
        Ok(self.0.get_or_init(|| client))
    }

    /// Fetches a file of at most `most` bytes.
    pub async fn fetch(
        &self,
        settings: &WhatsappSettings,
        media: &Media,
        most: usize,
    ) -> Result<Fetch, Unfetched> {
        let token = settings.token().map_err(|error| Unfetched::Never(format!("{error:#}")))?;
        let token = token.ok_or_else(|| {
            Unfetched::Never("no access token is set; see inbox.whatsapp.access_token".into())
        })?;
        let mut asked = Url::parse(&settings.graph_url).map_err(|_| nowhere())?;
        asked
            .path_segments_mut()
            .map_err(|()| nowhere())?
            .pop_if_empty()
            .extend([&*settings.graph_version, &*media.id]);
        asked.query_pairs_mut().append_pair("phone_number_id", &settings.phone_number_id);
        let answer = bytes(self.get(asked, &token).await?, LONGEST_ANSWER).await?;
        let address: Address = serde_json::from_slice(&answer)
            .map_err(|_| Unfetched::Later("Meta tells no address for it".into()))?;
        let file = self.follow(settings, &address.url, &token).await?;
        let bytes = bytes(file, most).await?;
        for told in [&media.sha256, &address.sha256].into_iter().flatten() {
            if !is_hash_of(told, &bytes) {
                return Err(Unfetched::Later("what came is not what was sent".into()));
            }
        }
        let media_type = media::media_type(&bytes).unwrap_or("application/octet-stream");
        Ok(Fetch { media_type, bytes })
    }

    /// Gets what lies at an address of Meta's, and where that sends us to, if that is Meta's too.
    async fn follow(
        &self,
        settings: &WhatsappSettings,
        address: &str,
        token: &Secret,
    ) -> Result<Response, Unfetched> {
        let mut address = Url::parse(address).map_err(|_| foreign())?;
        for _ in 0..=MOST_REDIRECTS {
            if !is_metas(settings, &address) {
                return Err(foreign());
            }
            let answer = self.get(address.clone(), token).await?;
            if !answer.status().is_redirection() {
                return Ok(answer);
            }
            let next = answer.headers().get(reqwest::header::LOCATION);
            let next = next.and_then(|next| next.to_str().ok());
            address = next.and_then(|next| address.join(next).ok()).ok_or_else(foreign)?;
        }
        Err(Unfetched::Never("Meta sends us from one address to the next".into()))
    }

    async fn get(&self, url: Url, token: &Secret) -> Result<Response, Unfetched> {
        let answer = self.client()?.get(url).bearer_auth(token.expose()).send().await;
        let answer = answer.map_err(|error| {
            let what =
                if error.is_timeout() { "Meta does not answer" } else { "Meta is out of reach" };
            Unfetched::Later(what.into())
        })?;
        let status = answer.status();
        match status {
            _ if status.is_success() || status.is_redirection() => Ok(answer),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Unfetched::Never(format!(
                "Meta does not let us ({status}); see the access token"
            ))),
            // An address that has expired is told anew.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::TOO_MANY_REQUESTS => {
                Err(Unfetched::Later(format!("Meta says {status}")))
            }
            _ if status.is_client_error() => Err(Unfetched::Never(format!("Meta says {status}"))),
            _ => Err(Unfetched::Later(format!("Meta says {status}"))),
        }
    }
}

fn nowhere() -> Unfetched {
    Unfetched::Never("inbox.whatsapp.graph_url is no address to ask at".into())
}

fn foreign() -> Unfetched {
    Unfetched::Never("its address is not one of Meta's; see inbox.whatsapp.media_hosts".into())
}

/// Whether an address is one of Meta's: https at one of the hosts that are set or below it, or the very place
/// where the Graph API is.
fn is_metas(settings: &WhatsappSettings, url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    if Url::parse(&settings.graph_url).is_ok_and(|graph| graph.origin() == url.origin()) {
        return true;
    }
    let is_plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    let is_below = |known: &String| {
        host == known || host.strip_suffix(known.as_str()).is_some_and(|it| it.ends_with('.'))
    };
    url.scheme() == "https" && is_plain && settings.media_hosts.iter().any(is_below)
}

/// The bytes of an answer, unless they are more than `most`.
async fn bytes(answer: Response, most: usize) -> Result<Vec<u8>, Unfetched> {
    let mut chunks = answer.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unfetched::Later("the line broke off".into()))?;
        if bytes.len() + chunk.len() > most {
            return Err(Unfetched::Never(format!("it has more than {most} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Whether a hash, in base64 as in webhooks or in hexadecimal digits as in answers, is that of the bytes. One that
/// is neither is not told in a way that we know, and says nothing.
fn is_hash_of(told: &str, bytes: &[u8]) -> bool {
    let hash = Sha256::digest(bytes);
    match STANDARD.decode(told) {
        Ok(told) if told.len() == 32 => told == hash.as_slice(),
        _ if told.len() == 64 => told.eq_ignore_ascii_case(&crate::token::hex(&hash)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_hash_of, is_metas};
    use crate::config::WhatsappSettings;
    use url::Url;

    #[test]
    fn files_are_fetched_from_meta_and_nobody_else() {
        let mut settings = WhatsappSettings::new("1", "0123456789abcdef", "words of ours");
        for (url, fine) in [
            ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true),
            ("https://fbsbx.com/x", true),
            ("https://mmg.whatsapp.net/x", true),
            ("https://graph.facebook.com/v25.0/1", true),
            ("http://lookaside.fbsbx.com/x", false),
            ("https://lookaside.fbsbx.com:8443/x", false),
            ("https://a@lookaside.fbsbx.com/x", false),
            ("https://fbsbx.com.evil.example/x", false),
            ("https://evilfbsbx.com/x", false),
            ("https://169.254.169.254/latest/meta-data", false),
            ("https://[::ffff:127.0.0.1]/", false),
            ("https://localhost/", false),
            ("file:///etc/passwd", false),
            ("http://127.0.0.1:9000/x", false),
        ] {
            assert_eq!(is_metas(&settings, &Url::parse(url).expect(url)), fine, "{url}");
        }
        settings.graph_url = "http://127.0.0.1:9000".into();
        for (url, fine) in [
            ("http://127.0.0.1:9000/file", true),
            ("http://127.0.0.1:9001/file", false),
            ("https://127.0.0.1:9000/file", false),
        ] {
            assert_eq!(is_metas(&settings, &Url::parse(url).expect(url)), fine, "{url}");
        }
    }

    #[test]
    fn a_hash_is_known_in_both_ways_of_writing() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let base64 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        for (told, bytes, is) in [
            (hex, "abc", true),
            (base64, "abc", true),
            (hex, "abd", false),
            (base64, "abd", false),
            ("4654+8g=", "abc", true),
        ] {
            assert_eq!(is_hash_of(told, bytes.as_bytes()), is, "{told}");
        }
    }
}
