//! Connections to mail servers, private from the first byte or made so; every step has its time.

use super::trouble::{Trouble, TroubleKind};
use crate::config::Security;
use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::fmt::Debug;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A connection, whatever protects it.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + Debug> Io for T {}

/// A connection, whatever protects it.
pub(super) type Stream = Box<dyn Io>;

/// A TLS connection as the SMTP client takes one.
#[derive(Debug)]
pub(super) struct Private(Box<TlsStream<TcpStream>>);

/// Where a server is and how it is reached.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) patience: Duration,
}

/// Whom to believe: the roots that browsers know, and those of the settings.
pub(super) fn trust(own: Option<&Path>) -> Result<Arc<ClientConfig>, Trouble> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in own_certificates(own)? {
        roots.add(certificate).map_err(|error| bad_file(own, &error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad_file(own, &error))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// The certificates of the settings.
pub(super) fn own_certificates(
    file: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, Trouble> {
    let Some(path) = file else { return Ok(Vec::new()) };
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| bad_file(file, &error))
}

fn bad_file(file: Option<&Path>, error: &dyn std::fmt::Display) -> Trouble {
    let name = file.map(Path::display).map(|name| name.to_string()).unwrap_or_default();
    Trouble::new(
        TroubleKind::Settings,
        format!("inbox.email.ca_file {name} cannot be used: {error}"),
    )
}

impl Server {
    /// Connects without protection.
    pub(super) async fn dial(&self) -> Result<TcpStream, Trouble> {
        let host = self.host.trim_matches(['[', ']']);
        let dialled = timeout(self.patience, TcpStream::connect((host, self.port))).await;
        let dialled = dialled.map_err(|_| self.silent("connecting"))?;
        let stream = dialled.map_err(|error| self.unreachable(&error))?;
        // An answer that is delayed is slow, and no reason to fail.
        drop(stream.set_nodelay(true));
        Ok(stream)
    }

    /// Protects a connection.
    pub(super) async fn protect(
        &self,
        stream: TcpStream,
        trust: &Arc<ClientConfig>,
    ) -> Result<Private, Trouble> {
        let host = self.host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| {
            Trouble::new(TroubleKind::Settings, format!("`{}` is no name of a server", self.host))
        })?;
        let connector = TlsConnector::from(Arc::clone(trust));
        let protected = timeout(self.patience, connector.connect(name, stream)).await;
        let protected = protected.map_err(|_| {
            Trouble::new(
                TroubleKind::Tls,
                format!("{self} speaks no TLS from the first byte; try security = \"starttls\""),
            )
        })?;
        protected.map(|stream| Private(Box::new(stream))).map_err(|error| self.unsafe_end(&error))
    }

    /// What an end of a TLS handshake means.
    pub(super) fn unsafe_end(&self, error: &dyn std::fmt::Display) -> Trouble {
        let told = error.to_string();
        let advice = if told.contains("NotValidForName") || told.contains("not valid for name") {
            "its certificate is for another name; write the name that the provider gives"
        } else if told.contains("UnknownIssuer") {
            "nobody known vouches for its certificate; name yours with ca_file"
        } else if told.contains("Expired") || told.contains("expired") {
            "its certificate has run out; whoever runs it must renew it"
        } else if told.contains("InvalidContentType") || told.contains("corrupt message") {
            "it speaks no TLS from the first byte; try security = \"starttls\""
        } else {
            "no private connection could be made"
        };
        Trouble::new(TroubleKind::Tls, format!("{self}: {advice} ({told})"))
    }

    fn unreachable(&self, error: &std::io::Error) -> Trouble {
        match error.kind() {
            ErrorKind::ConnectionRefused => Trouble::new(
                TroubleKind::Closed,
                format!("nothing listens at {self}; check host and port"),
            ),
            ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                self.silent("connecting")
            }
            // Failing to look a name up has no kind of its own.
            _ if error.to_string().contains("lookup") => Trouble::new(
                TroubleKind::Name,
                format!("no server has the name {}; check host ({error})", self.host),
            ),
            _ => Trouble::new(TroubleKind::Silent, format!("{self} cannot be reached: {error}")),
        }
    }

    /// The trouble that a server does not greet whoever comes.
    pub(super) fn silent_at_first(&self) -> Trouble {
        if self.security != Security::StartTls {
            return self.silent("waiting for its greeting");
        }
        let seconds = self.patience.as_secs_f32();
        let words = format!(
            "{self} said nothing within {seconds} seconds; it may want TLS from the first byte: try \
             security = \"tls\""
        );
        Trouble::new(TroubleKind::Silent, words)
    }

    /// The trouble that no answer came in time.
    pub(super) fn silent(&self, doing: &str) -> Trouble {
        let seconds = self.patience.as_secs_f32();
        Trouble::new(
            TroubleKind::Silent,
            format!(
                "{self} did not answer within {seconds} seconds ({doing}); a firewall may be between"
            ),
        )
    }
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Private {
    /// The connection as one of any kind.
    pub(super) fn into_stream(self) -> Stream {
        self.0
    }
}

impl AsyncTokioStream for Private {
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

mod io {
    //! A private connection is read and written like the one inside.

    use super::Private;
    use std::io::Result;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

    impl AsyncRead for Private {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<Result<()>> {
            Pin::new(&mut self.0).poll_read(cx, buf)
        }
    }

    impl AsyncWrite for Private {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &[u8],
        ) -> Poll<Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, buf)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }
}
