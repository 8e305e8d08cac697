//! A connection to the sending server: opened, protected, logged in, and one mail handed over at a time.

use crate::channel::email::account::{Account, Login};
use crate::channel::email::compose::Letter;
use crate::channel::email::dial::{self, Server};
use crate::channel::email::trouble::{self, Trouble, TroubleKind};
use crate::config::Security;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, AsyncTokioStream, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::commands::{Auth, Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// Bytes written at once.
const CHUNK: usize = 64 * 1024;

/// How handing a mail over ended.
#[derive(Debug)]
pub(in crate::channel::email) enum Handed {
    /// The server has it.
    Taken,
    /// The server said no, for now (4xx) or for good (5xx); it has not got it.
    Declined { for_good: bool, told: String },
    /// The connection failed before the mail's end: the server has not got it.
    Lost(String),
    /// The mail's end was written and nothing was heard: nobody knows.
    Unknown(String),
}

/// A connection that is logged in.
pub(in crate::channel::email) struct Connection {
    smtp: AsyncSmtpConnection,
    patience: Duration,
}

impl Connection {
    /// Connects and logs in; a token that is not taken is asked for anew, once.
    pub(in crate::channel::email) async fn open(
        account: &Account,
        server: &Server,
    ) -> Result<Self, Trouble> {
        let needs_login = account.settings.smtp.as_ref().is_none_or(|smtp| smtp.login);
        if !needs_login {
            return Self::dial(account, server).await;
        }
        let login = account.login(None).await?;
        let mut connection = Self::dial(account, server).await?;
        match connection.log_in(account, server, &login).await {
            Err(trouble) if account.may_renew(&trouble) => {
                let fresh = account.login(Some(&login)).await?;
                connection = Self::dial(account, server).await?;
                connection.log_in(account, server, &fresh).await?;
            }
            ended => ended?,
        }
        Ok(connection)
    }

    async fn dial(account: &Account, server: &Server) -> Result<Self, Trouble> {
        let stream = server.dial().await?;
        let stream: Box<dyn AsyncTokioStream> = match server.security {
            Security::Tls => Box::new(server.protect(stream, &account.trust).await?),
            Security::StartTls | Security::Plain => Box::new(stream),
        };
        let name = ClientId::Domain(account.settings.domain().to_owned());
        let greeting = AsyncSmtpConnection::connect_with_transport(stream, &name);
        let greeted = timeout(server.patience, greeting).await;
        let mut smtp = greeted
            .map_err(|_| server.silent_at_first())?
            .map_err(|error| refusal(server, &error))?;
        if server.security == Security::StartTls {
            protect(&mut smtp, account, server, &name).await?;
        }
        Ok(Self { smtp, patience: server.patience })
    }

    async fn log_in(
        &mut self,
        account: &Account,
        server: &Server,
        login: &Login,
    ) -> Result<(), Trouble> {
        let user = account.settings.user();
        let ended = match login {
            Login::Password(password) => {
                let credentials = Credentials::new(user.to_owned(), password.expose().to_owned());
                let mechanisms = [Mechanism::Plain, Mechanism::Login];
                if self.smtp.server_info().get_auth_mechanism(&mechanisms).is_none() {
                    return Err(no_passwords(
                        server,
                        self.smtp.server_info().supports_auth_mechanism(Mechanism::Xoauth2),
                    ));
                }
                let shown = self.smtp.auth(&mechanisms, &credentials);
                timeout(self.patience, shown).await.map(|ended| ended.map(drop))
            }
            Login::Token(token) => {
                let credentials = Credentials::new(user.to_owned(), token.expose().to_owned());
                timeout(self.patience, show_token(&mut self.smtp, credentials)).await
            }
        };
        let by_token = matches!(login, Login::Token(_));
        match ended {
            Err(_) => Err(server.silent("logging in")),
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => {
                Err(trouble::login(&server.host, by_token, &error.to_string()))
            }
            Ok(Err(error)) => Err(refusal(server, &error)),
        }
    }

    /// Whether the connection can still be used.
    pub(in crate::channel::email) async fn is_alive(&mut self) -> bool {
        timeout(self.patience, self.smtp.test_connected()).await.unwrap_or(false)
    }

    /// Hands one mail over.
    pub(in crate::channel::email) async fn hand_over(&mut self, letter: &Letter) -> Handed {
        match timeout(self.patience, self.announce(letter)).await {
            Err(_) => return Handed::Lost("the server did not answer in time".into()),
            Ok(Err(error)) => return declined(&error),
            Ok(Ok(())) => {}
        }
        let is_at_end = Arc::new(AtomicBool::new(false));
        let chunks = Chunks { rest: &letter.bytes, is_at_end: Arc::clone(&is_at_end) };
        let patience = self.patience * 2 + Duration::from_millis(letter.bytes.len() as u64 / 64);
        let ended = timeout(patience, self.smtp.message_iter(chunks)).await;
        let is_at_end = is_at_end.load(Ordering::SeqCst);
        match ended {
            Ok(Ok(_)) => Handed::Taken,
            Ok(Err(error)) if error.status().is_some() => declined(&error),
            _ if !is_at_end => Handed::Lost("the connection broke off within the mail".into()),
            Ok(Err(_)) => Handed::Unknown("the connection broke off after the mail's end".into()),
            Err(_) => Handed::Unknown("the server said nothing after the mail's end".into()),
        }
    }

    /// Says from whom the mail is, to whom, and that it comes.
    async fn announce(&mut self, letter: &Letter) -> Result<(), Error> {
        let mut options = Vec::new();
        let info = self.smtp.server_info();
        let all = letter.envelope.to().iter().chain(letter.envelope.from());
        let is_ascii = all.map(AsRef::<str>::as_ref).all(str::is_ascii);
        if !is_ascii && info.supports_feature(Extension::SmtpUtfEight) {
            options.push(MailParameter::SmtpUtfEight);
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        self.smtp.command(Mail::new(letter.envelope.from().cloned(), options)).await?;
        for to in letter.envelope.to() {
            self.smtp.command(Rcpt::new(to.clone(), Vec::new())).await?;
        }
        self.smtp.command(Data).await?;
        Ok(())
    }

    /// Says goodbye, without waiting long.
    pub(in crate::channel::email) async fn close(mut self) {
        drop(timeout(Duration::from_secs(2), self.smtp.abort()).await);
    }
}

/// The mail in parts; tells when the last one has been asked for, which is before its end is written.
struct Chunks<'a> {
    rest: &'a [u8],
    is_at_end: Arc<AtomicBool>,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            self.is_at_end.store(true, Ordering::SeqCst);
            return None;
        }
        let (chunk, rest) = self.rest.split_at(self.rest.len().min(CHUNK));
        self.rest = rest;
        Some(chunk)
    }
}

async fn protect(
    smtp: &mut AsyncSmtpConnection,
    account: &Account,
    server: &Server,
    name: &ClientId,
) -> Result<(), Trouble> {
    if !smtp.can_starttls() {
        let words = format!("{server} offers no STARTTLS; try security = \"tls\" (port 465)");
        return Err(Trouble::new(TroubleKind::Tls, words));
    }
    let host = server.host.trim_matches(['[', ']']).to_owned();
    let mut parameters =
        TlsParameters::builder(host).certificate_store(CertificateStore::WebpkiRoots);
    for own in dial::own_certificates(account.settings.ca_file.as_deref())? {
        let own = Certificate::from_der(own.to_vec()).map_err(|error| server.unsafe_end(&error))?;
        parameters = parameters.add_root_certificate(own);
    }
    let parameters = parameters.build_rustls().map_err(|error| server.unsafe_end(&error))?;
    let protected = timeout(server.patience, smtp.starttls(parameters, name)).await;
    protected
        .map_err(|_| server.silent("making the connection private"))?
        .map_err(|error| server.unsafe_end(&error))
}

/// Shows a token; a server that does not take it asks once more, with what it thinks of it, and wants
/// an empty line.
async fn show_token(smtp: &mut AsyncSmtpConnection, credentials: Credentials) -> Result<(), Error> {
    let answer = smtp.command(Auth::new(Mechanism::Xoauth2, credentials, None)?).await?;
    if answer.has_code(334) {
        smtp.command("\r\n").await?;
    }
    Ok(())
}

fn no_passwords(server: &Server, takes_tokens: bool) -> Trouble {
    let words = if takes_tokens {
        format!("{server} takes no passwords, only tokens: set oauth in [inbox.email]")
    } else {
        format!(
            "{server} offers no login on this connection; check port and security, or set login = false for a relay of your own"
        )
    };
    Trouble::new(TroubleKind::PasswordsOff, words)
}

/// What it means that a server ends the first exchange.
fn refusal(server: &Server, error: &Error) -> Trouble {
    if error.is_transient() {
        Trouble::new(TroubleKind::Later, format!("{server} asks to come back later: {error}"))
    } else if error.is_permanent() {
        Trouble::new(TroubleKind::Refused, format!("{server} refuses us: {error}"))
    } else {
        Trouble::new(TroubleKind::Silent, format!("{server} hung up ({error})"))
    }
}

fn declined(error: &Error) -> Handed {
    match error.status() {
        Some(_) => Handed::Declined {
            for_good: error.is_permanent(),
            told: trouble::said(&error.to_string()),
        },
        None if error.is_client() => Handed::Declined { for_good: true, told: error.to_string() },
        None => Handed::Lost("the connection broke off before the mail was sent".into()),
    }
}
