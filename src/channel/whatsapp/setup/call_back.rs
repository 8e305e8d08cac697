//! The self-test of a webhook: our own public address is called as Meta calls it.

use super::super::sign::{SIGNATURE, sign};
use crate::config::WhatsappSettings;
use crate::word::words;
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use std::error::Error as _;
use std::time::Duration;

/// How long both calls may take in all.
const WITHIN: Duration = Duration::from_secs(10);
/// The most of an answer that is read.
const LONGEST: usize = 4096;
/// A body that means nothing and changes nothing.
const NOTHING: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;

words! {
    /// What came back.
    Called {
        /// The address is ours and takes what Meta posts.
        Reached = "reached",
        /// Something answers that is not this inbox.
        Elsewhere = "elsewhere",
        /// It knows other words than ours: another inbox, or a server with older settings.
        WrongToken = "wrong-token",
        /// It does not take our signature.
        WrongSecret = "wrong-secret",
        /// Its certificate is not one that Meta takes.
        Certificate = "certificate",
        /// It leads elsewhere, and Meta follows nobody.
        Redirect = "redirect",
        /// It does not answer in time.
        TimedOut = "timed-out",
        /// Nothing is there.
        Unreachable = "unreachable",
    }
}

/// Calls an inbox's webhook at the public address: first as Meta does to see whose it is, then with a signed body
/// that says nothing.
pub async fn call_back(public_url: &str, inbox: &str, settings: &WhatsappSettings) -> Called {
    call_within(WITHIN, public_url, inbox, settings).await
}

async fn call_within(
    within: Duration,
    public_url: &str,
    inbox: &str,
    settings: &WhatsappSettings,
) -> Called {
    let url = format!("{}/webhook/whatsapp/{inbox}", public_url.trim_end_matches('/'));
    let client = Client::builder().timeout(within).redirect(redirect::Policy::none()).build();
    let Ok(client) = client else { return Called::Unreachable };
    let called = async {
        match ask(&client, &url, settings).await {
            Called::Reached => post(&client, &url, settings).await,
            other => other,
        }
    };
    tokio::time::timeout(within, called).await.unwrap_or(Called::TimedOut)
}

async fn ask(client: &Client, url: &str, settings: &WhatsappSettings) -> Called {
    let challenge = crate::token::fresh();
    let token = settings.verify_token.expose();
    let query =
        [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", &challenge)];
    let mut answer = match send(client.get(url).query(&query)).await {
        Ok(answer) => answer,
        Err(called) => return called,
    };
    match answer.status() {
        StatusCode::FORBIDDEN => Called::WrongToken,
        StatusCode::OK => match beginning(&mut answer).await {
            Some(text) if text == challenge.as_bytes() => Called::Reached,
            _ => Called::Elsewhere,
        },
        _ => Called::Elsewhere,
    }
}

async fn post(client: &Client, url: &str, settings: &WhatsappSettings) -> Called {
    let Some(secret) = settings.app_secrets.first() else { return Called::WrongSecret };
    let request = client.post(url).header(SIGNATURE, sign(secret, NOTHING.as_bytes()));
    let request = request.header("content-type", "application/json").body(NOTHING);
    match send(request).await {
        Ok(answer) if answer.status().is_success() => Called::Reached,
        Ok(answer) if matches!(answer.status().as_u16(), 401 | 403) => Called::WrongSecret,
        Ok(_) => Called::Elsewhere,
        Err(called) => called,
    }
}

async fn send(request: RequestBuilder) -> Result<Response, Called> {
    match request.send().await {
        Ok(answer) if answer.status().is_redirection() => Err(Called::Redirect),
        Ok(answer) => Ok(answer),
        Err(error) if error.is_timeout() => Err(Called::TimedOut),
        Err(error) if is_about_certificate(&error) => Err(Called::Certificate),
        Err(_) => Err(Called::Unreachable),
    }
}

/// Whether TLS is what failed; the client tells it only in the words of what lies below.
fn is_about_certificate(error: &reqwest::Error) -> bool {
    let mut below = error.source();
    while let Some(cause) = below {
        let words = cause.to_string().to_lowercase();
        if ["certificate", "tls", "handshake", "corrupt message"]
            .iter()
            .any(|it| words.contains(it))
        {
            return true;
        }
        below = cause.source();
    }
    false
}

/// What an answer begins with.
async fn beginning(answer: &mut Response) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        text.extend_from_slice(&chunk);
        if text.len() > LONGEST {
            return None;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Called, call_within};
    use crate::config::WhatsappSettings;
    use std::time::Duration;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn who_does_not_answer_is_not_waited_for() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", silent.local_addr().expect("an address"));
        let settings = WhatsappSettings::new("1065", "0123456789abcdef", "words of ours");
        let within = Duration::from_millis(100);
        assert_eq!(call_within(within, &url, "wa", &settings).await, Called::TimedOut);
    }
}
