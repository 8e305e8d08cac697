//! Where a domain's mail might be read and sent when nobody says: servers of the usual names are knocked at, all at
//! once, and the first of the list that answers as such a server does is taken.

use super::provider::Found;
use crate::channel::email::dial::Server;
use crate::config::Security::{self, StartTls, Tls};
use futures::future::join_all;
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::timeout;

/// How long a server may take to be reached and to say who it is.
const PATIENCE: Duration = Duration::from_secs(5);

const HINT: &str = "nobody says where this mailbox is; servers of the usual names answered";

/// The servers of a domain that answer; none where one of the two does not.
pub(super) async fn guess(domain: &str, trust: &Arc<ClientConfig>) -> Option<Found> {
    let (imap, smtp) = places(domain);
    let (imap, smtp) = tokio::join!(first(imap, "* OK", trust), first(smtp, "220", trust));
    Some(Found { imap: imap?, smtp: smtp?, hint: Some(HINT) })
}

type Place = (String, u16, Security);

/// Where mail is usually read and sent, the likeliest first.
fn places(domain: &str) -> (Vec<Place>, Vec<Place>) {
    let all = |own: &str, ports: [(u16, Security); 2]| {
        let of = |(port, security)| {
            [own, "mail"].map(|name| (format!("{name}.{domain}"), port, security))
        };
        ports.into_iter().flat_map(of).collect()
    };
    (all("imap", [(993, Tls), (143, StartTls)]), all("smtp", [(465, Tls), (587, StartTls)]))
}

/// The first of these places that answers with `greeting`.
async fn first(places: Vec<Place>, greeting: &str, trust: &Arc<ClientConfig>) -> Option<Place> {
    let answers = join_all(places.iter().map(|place| answers(place, greeting, trust))).await;
    places.into_iter().zip(answers).find_map(|(place, answers)| answers.then_some(place))
}

/// Whether a server is there whose certificate is good and that speaks like one of mail.
async fn answers(place: &Place, greeting: &str, trust: &Arc<ClientConfig>) -> bool {
    let (host, port, security) = place.clone();
    let server = Server { host, port, security, patience: PATIENCE };
    let asked = async {
        let stream = server.dial().await.ok()?;
        match security {
            Tls => begins(server.protect(stream, trust).await.ok()?.into_stream(), greeting).await,
            StartTls | Security::Plain => begins(stream, greeting).await,
        }
    };
    matches!(timeout(PATIENCE, asked).await, Ok(Some(true)))
}

async fn begins(mut stream: impl AsyncRead + Unpin, greeting: &str) -> Option<bool> {
    let mut said = vec![0; greeting.len()];
    stream.read_exact(&mut said).await.ok()?;
    Some(said == greeting.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{first, places};
    use crate::channel::email::dial;
    use crate::channel::email::fake::{Server, says};
    use crate::config::Security::{StartTls, Tls};

    #[test]
    fn the_usual_names_are_tried_with_tls_from_the_first_byte_before_all_else() {
        let (imap, smtp) = places("shop.example");
        let all = imap.iter().chain(&smtp).map(|(host, port, _)| format!("{host}:{port}"));
        assert_eq!(
            all.collect::<Vec<_>>(),
            [
                "imap.shop.example:993",
                "mail.shop.example:993",
                "imap.shop.example:143",
                "mail.shop.example:143",
                "smtp.shop.example:465",
                "mail.shop.example:465",
                "smtp.shop.example:587",
                "mail.shop.example:587",
            ]
        );
    }

    #[tokio::test]
    async fn only_a_server_that_speaks_like_one_of_mail_is_taken() {
        let trust = dial::trust(None).expect("the usual roots");
        let closed = Server::play(Vec::new()).await;
        let closed_port = closed.port;
        closed.heard().await;
        let web = Server::play(vec![vec![says("HTTP/1.1 400 Bad Request")]]).await;
        let mute = Server::play(vec![vec![]]).await;
        let unsafe_one = Server::play(vec![vec![says("* OK but no TLS")]]).await;
        let mail = Server::play(vec![vec![says("* OK IMAP4rev1 ready")]]).await;
        let here = |port, security| ("127.0.0.1".to_owned(), port, security);
        let places = vec![
            here(closed_port, StartTls),
            here(web.port, StartTls),
            here(mute.port, StartTls),
            here(unsafe_one.port, Tls),
            here(mail.port, StartTls),
        ];
        let expected = places[4].clone();
        assert_eq!(first(places, "* OK", &trust).await, Some(expected));
        assert_eq!(first(vec![here(closed_port, StartTls)], "* OK", &trust).await, None);
    }
}
