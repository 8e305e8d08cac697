//! The way to a session: connected, private, logged in.

use super::within;
use crate::channel::email::account::{Account, Login};
use crate::channel::email::dial::{Server, Stream};
use crate::channel::email::trouble::{self, Trouble, TroubleKind};
use crate::config::Security;
use async_imap::error::Error;
use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use async_imap::{Authenticator, Client, Session};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How a token is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sasl {
    /// As Google made it up and most servers take it.
    Xoauth2,
    /// RFC 7628.
    OauthBearer,
}

/// A token on its way to a server.
struct Bearer {
    first: Option<String>,
    /// What a server wants to hear that has not taken it, before it says so.
    then: &'static str,
}

impl Authenticator for Bearer {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.first.take().unwrap_or_else(|| self.then.to_owned())
    }
}

/// Opens a session.
pub(super) async fn open(
    account: &Account,
    server: &Server,
    login: &Login,
) -> Result<Session<Stream>, Trouble> {
    let stream = server.dial().await?;
    let (client, sasl) = match server.security {
        Security::Tls => {
            let private = server.protect(stream, &account.trust).await?;
            greeted(server, Client::new(private.into_stream())).await?
        }
        Security::StartTls => {
            let (client, sasl) = greeted(server, Client::new(stream)).await?;
            let stream = start_tls(server, client).await?;
            let private = server.protect(stream, &account.trust).await?;
            (Client::new(private.into_stream()), sasl)
        }
        Security::Plain => greeted(server, Client::new(Box::new(stream) as Stream)).await?,
    };
    log_in(account, server, client, sasl, login).await
}

async fn greeted<T>(server: &Server, mut client: Client<T>) -> Result<(Client<T>, Sasl), Trouble>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + std::fmt::Debug + Send,
{
    let greeting = timeout(server.patience, client.read_response()).await;
    let greeting = greeting.map_err(|_| server.silent_at_first())?;
    let hung_up = || Trouble::new(TroubleKind::Silent, format!("{server} hung up at once"));
    let greeting = greeting.map_err(|_| hung_up())?.ok_or_else(hung_up)?;
    match greeting.parsed() {
        Response::Data { status: Status::Bye, outcome } => {
            let told = outcome.information.as_deref().unwrap_or("-");
            Err(Trouble::new(TroubleKind::Later, format!("{server} turns us away: {told}")))
        }
        greeting => Ok((client, sasl(greeting))),
    }
}

/// How the server wants to be shown a token, as far as its greeting tells.
fn sasl(greeting: &Response<'_>) -> Sasl {
    let Response::Data { outcome, .. } = greeting else { return Sasl::Xoauth2 };
    let Some(ResponseCode::Capabilities(all)) = &outcome.code else { return Sasl::Xoauth2 };
    let has = |name: &str| {
        all.iter().any(|known| {
            matches!(known, Capability::Auth(mechanism) if mechanism.eq_ignore_ascii_case(name))
        })
    };
    if has("OAUTHBEARER") && !has("XOAUTH2") { Sasl::OauthBearer } else { Sasl::Xoauth2 }
}

async fn start_tls(server: &Server, mut client: Client<TcpStream>) -> Result<TcpStream, Trouble> {
    let asked = timeout(server.patience, client.run_command_and_check_ok("STARTTLS", None)).await;
    asked.map_err(|_| server.silent("making the connection private"))?.map_err(|_| {
        let words = format!("{server} offers no STARTTLS; try security = \"tls\" (port 993)");
        Trouble::new(TroubleKind::Tls, words)
    })?;
    Ok(client.into_inner())
}

async fn log_in(
    account: &Account,
    server: &Server,
    client: Client<Stream>,
    sasl: Sasl,
    login: &Login,
) -> Result<Session<Stream>, Trouble> {
    let user = account.settings.user();
    let asked = async {
        let ended = match login {
            Login::Password(password) => client.login(user, password.expose()).await,
            Login::Token(token) => {
                let (name, bearer) = bearer(sasl, server, user, token.expose());
                client.authenticate(name, bearer).await
            }
        };
        // The client that comes back with the error is of no more use.
        ended.map_err(|(error, _client)| error)
    };
    let by_token = matches!(login, Login::Token(_));
    let ended = timeout(server.patience, asked).await.map_err(|_| server.silent("logging in"))?;
    match ended {
        Ok(session) => Ok(session),
        Err(error @ (Error::No(_) | Error::Bad(_))) => {
            let trouble = super::failure(server, &error);
            if trouble.kind == TroubleKind::Later {
                return Err(trouble);
            }
            let (Error::No(told) | Error::Bad(told)) = error else { return Err(trouble) };
            Err(trouble::login(&server.host, by_token, &super::words(&told)))
        }
        Err(error) => within(server, server.patience, "logging in", async { Err(error) }).await,
    }
}

fn bearer(sasl: Sasl, server: &Server, user: &str, token: &str) -> (&'static str, Bearer) {
    match sasl {
        Sasl::Xoauth2 => {
            let first = format!("user={user}\x01auth=Bearer {token}\x01\x01");
            ("XOAUTH2", Bearer { first: Some(first), then: "" })
        }
        Sasl::OauthBearer => {
            let (host, port) = (&server.host, server.port);
            // RFC 5801 writes these two signs of a name in another way.
            let user = user.replace('=', "=3D").replace(',', "=2C");
            let first =
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01");
            ("OAUTHBEARER", Bearer { first: Some(first), then: "\x01" })
        }
    }
}
