//! Tokens that stand for a password: asked for with what stands for a person's login (RFC 6749 §6) or by
//! the application itself (§4.4), kept until a minute before they end, never asked for twice at once.

use super::trouble::{Trouble, TroubleKind};
use crate::config::{Oauth, Provider, Secret};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::form_urlencoded::Serializer;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// So long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_mins(1);
/// How long a token lasts whose giver does not say.
const USUAL: u64 = 3600;

/// The tokens of an account.
pub(super) struct Tokens {
    settings: Oauth,
    client: reqwest::Client,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<(Secret, Instant)>,
    /// The newest refresh token: some providers give out another with each token.
    refresh: Option<Secret>,
}

/// What a provider answers.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<Secret>,
    expires_in: Option<u64>,
    refresh_token: Option<Secret>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Tokens {
    pub(super) fn new(settings: &Oauth) -> Result<Self, Trouble> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("sureply/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Trouble::new(TroubleKind::Settings, error.to_string()))?;
        Ok(Self { settings: settings.clone(), client, held: Mutex::default() })
    }

    /// A token that is good for a minute at least, and not the one that a server has `refused`.
    pub(super) async fn token(&self, refused: Option<&Secret>) -> Result<Secret, Trouble> {
        // Held while asking: whoever needs one meanwhile waits for it.
        let mut held = self.held.lock().await;
        if let Some((token, until)) = &held.token {
            let is_refused = refused.is_some_and(|refused| refused.expose() == token.expose());
            if !is_refused && Instant::now() + MARGIN < *until {
                return Ok(token.clone());
            }
        }
        let answer = self.ask(held.refresh.as_ref()).await?;
        let Some(token) = answer.access_token else { return Err(self.no_token(&answer)) };
        let lasts = Duration::from_secs(answer.expires_in.unwrap_or(USUAL));
        held.token = Some((token.clone(), Instant::now() + lasts));
        if answer.refresh_token.is_some() {
            held.refresh = answer.refresh_token;
        }
        Ok(token)
    }

    async fn ask(&self, newest: Option<&Secret>) -> Result<Answer, Trouble> {
        let form = self.form(newest)?;
        let asked = self
            .client
            .post(self.url())
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        let answer = asked.map_err(|error| self.out_of_reach(&error))?;
        let status = answer.status();
        if status.is_server_error() {
            let words = format!("{} gives out no tokens right now ({status})", self.name());
            return Err(Trouble::new(TroubleKind::Later, words));
        }
        answer.json().await.map_err(|_| {
            let words = format!("{} answered {status} and no token; check token_url", self.name());
            Trouble::new(TroubleKind::Settings, words)
        })
    }

    fn form(&self, newest: Option<&Secret>) -> Result<String, Trouble> {
        let settings =
            |error: anyhow::Error| Trouble::new(TroubleKind::Settings, format!("{error:#}"));
        let refresh = match newest {
            Some(newest) => Some(newest.clone()),
            None => self.settings.refresh_token().map_err(settings)?,
        };
        let mut form = Serializer::new(String::new());
        form.append_pair("client_id", &self.settings.client_id);
        if let Some(secret) = self.settings.client_secret().map_err(settings)? {
            form.append_pair("client_secret", secret.expose());
        }
        match &refresh {
            Some(token) => {
                form.append_pair("grant_type", "refresh_token");
                form.append_pair("refresh_token", token.expose());
            }
            None => drop(form.append_pair("grant_type", "client_credentials")),
        }
        if let Some(scope) = self.scope(refresh.is_some()) {
            form.append_pair("scope", scope);
        }
        Ok(form.finish())
    }

    fn url(&self) -> String {
        let known = || match self.settings.provider {
            Provider::Google | Provider::Custom => "https://oauth2.googleapis.com/token".into(),
            Provider::Microsoft => {
                let tenant = self.settings.tenant.as_deref().unwrap_or("common");
                format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token")
            }
        };
        self.settings.token_url.clone().unwrap_or_else(known)
    }

    fn scope(&self, by_person: bool) -> Option<&str> {
        let known = match (self.settings.provider, by_person) {
            (Provider::Microsoft, true) => Some(
                "https://outlook.office.com/IMAP.AccessAsUser.All \
                 https://outlook.office.com/SMTP.Send offline_access",
            ),
            (Provider::Microsoft, false) => Some("https://outlook.office365.com/.default"),
            // A refresh is for what the login was for.
            (Provider::Google | Provider::Custom, _) => None,
        };
        self.settings.scope.as_deref().or(known)
    }

    fn name(&self) -> &'static str {
        match self.settings.provider {
            Provider::Google => "Google",
            Provider::Microsoft => "Microsoft",
            Provider::Custom => "the server of token_url",
        }
    }

    /// The address stays out of the words: it may hold a secret.
    fn out_of_reach(&self, error: &reqwest::Error) -> Trouble {
        let how = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
        let words = format!("{} {how}; without it there is no token to log in with", self.name());
        Trouble::new(TroubleKind::Silent, words)
    }

    fn no_token(&self, answer: &Answer) -> Trouble {
        let name = self.name();
        let told = answer.error_description.as_deref().or(answer.error.as_deref()).unwrap_or("-");
        let words = match answer.error.as_deref() {
            Some("invalid_grant") => format!(
                "the login that refresh_token stands for has ended: log in again with {name} and \
                 put the new refresh token into the settings"
            ),
            Some("invalid_client" | "unauthorized_client") => {
                format!("{name} does not know this application: check client_id and client_secret")
            }
            Some("invalid_scope") => format!("{name} does not give this scope: check scope"),
            _ => format!("{name} gave no token"),
        };
        Trouble::new(TroubleKind::Login, format!("{words} ({told})"))
    }
}

#[cfg(test)]
mod tests {
    use super::Tokens;
    use crate::channel::email::fake;
    use crate::channel::email::trouble::{Trouble, TroubleKind};
    use crate::config::{Oauth, Provider, Secret};

    fn tokens(url: &str, refresh: Option<&str>) -> Tokens {
        drop(rustls::crypto::ring::default_provider().install_default());
        let settings = Oauth {
            provider: Provider::Microsoft,
            client_id: "app".into(),
            client_secret: Some(Secret::from("s&cret")),
            client_secret_env: None,
            client_secret_file: None,
            refresh_token: refresh.map(Secret::from),
            refresh_token_env: None,
            refresh_token_file: None,
            tenant: None,
            token_url: Some(url.to_owned()),
            scope: None,
        };
        Tokens::new(&settings).expect("a client")
    }

    async fn token(tokens: &Tokens, refused: Option<&str>) -> Result<String, Trouble> {
        let refused = refused.map(Secret::from);
        tokens.token(refused.as_ref()).await.map(|token| token.expose().to_owned())
    }

    fn good(token: &str, lasts: u64) -> String {
        fake::json(
            200,
            &format!(r#"{{"access_token":"{token}","expires_in":{lasts},"refresh_token":"r-2"}}"#),
        )
    }

    #[tokio::test]
    async fn a_token_is_kept_until_a_minute_before_its_end_or_until_it_is_refused() {
        let answers = vec![good("a", 3600), good("b", 59), good("c", 3600)];
        let (url, asked) = fake::http(answers).await;
        let tokens = tokens(&url, Some("r-1"));
        assert_eq!(token(&tokens, None).await.as_deref(), Ok("a"));
        assert_eq!(token(&tokens, None).await.as_deref(), Ok("a"));
        assert_eq!(token(&tokens, Some("another")).await.as_deref(), Ok("a"));
        assert_eq!(token(&tokens, Some("a")).await.as_deref(), Ok("b"), "refused: asked anew");
        assert_eq!(token(&tokens, None).await.as_deref(), Ok("c"), "it would end too soon");
        let asked = asked.await.expect("three requests");
        assert!(
            asked[0].contains("refresh_token=r-1") && asked[0].contains("client_secret=s%26cret")
        );
        assert!(asked[0].contains("IMAP.AccessAsUser.All"), "{}", asked[0]);
        assert!(asked[1].contains("refresh_token=r-2"), "the newest is used: {}", asked[1]);
    }

    #[tokio::test]
    async fn whoever_needs_one_at_the_same_time_waits_for_the_same() {
        let (url, asked) = fake::http(vec![good("a", 3600)]).await;
        let tokens = tokens(&url, None);
        let (one, other) = tokio::join!(token(&tokens, None), token(&tokens, None));
        assert_eq!((one.as_deref(), other.as_deref()), (Ok("a"), Ok("a")));
        let asked = asked.await.expect("one request");
        assert!(asked[0].contains("grant_type=client_credentials"), "{}", asked[0]);
        assert!(asked[0].contains("office365.com%2F.default"), "{}", asked[0]);
    }

    #[tokio::test]
    async fn what_goes_wrong_is_told_in_words_that_help() {
        for (answer, kind, words) in [
            (
                fake::json(400, r#"{"error":"invalid_grant","error_description":"expired"}"#),
                TroubleKind::Login,
                "log in again with Microsoft",
            ),
            (fake::json(401, r#"{"error":"invalid_client"}"#), TroubleKind::Login, "client_id"),
            (fake::json(503, "busy"), TroubleKind::Later, "503"),
            (fake::json(200, "<html>"), TroubleKind::Settings, "token_url"),
            (String::new(), TroubleKind::Silent, "cannot be reached"),
        ] {
            let (url, _asked) = fake::http(vec![answer]).await;
            let trouble = token(&tokens(&url, Some("planted")), None).await.expect_err(words);
            assert_eq!(trouble.kind, kind, "{trouble}");
            assert!(trouble.words.contains(words), "{trouble}");
            assert!(
                !trouble.words.contains("planted") && !trouble.words.contains(&url),
                "{trouble}"
            );
        }
    }
}
