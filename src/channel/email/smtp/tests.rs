//! How attempts at sending end, before a server that plays a script.

use super::super::account::Account;
use super::super::compose::Letter;
use super::super::fake::{self, Server, Step, says};
use super::super::trouble::TroubleKind;
use super::Sender;
use crate::config::{EmailSettings, Imap, Oauth, Provider, Secret, Security, Smtp};
use crate::conversation::Sent;
use chrono::{DateTime, TimeDelta, Utc};
use lettre::Address;
use lettre::address::Envelope;
use std::sync::Arc;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn letter(bytes: &str) -> Letter {
    let address = |text: &str| text.parse::<Address>().expect("an address");
    let envelope = Envelope::new(
        Some(address("support+b-1@shop.example")),
        vec![address("anna@their.example")],
    );
    Letter {
        envelope: envelope.expect("an envelope"),
        message_id: "c.m@shop.example".into(),
        bytes: bytes.as_bytes().to_vec(),
    }
}

fn settings(smtp: u16, imap: Option<u16>) -> EmailSettings {
    let here = "127.0.0.1".to_owned();
    let plain = Security::Plain;
    EmailSettings {
        password: Some(Secret::from("planted")),
        smtp: Some(Smtp {
            host: here.clone(),
            port: Some(smtp),
            security: plain,
            login: true,
            timeout_seconds: 1,
        }),
        imap: imap.map(|port| Imap {
            host: here,
            port: Some(port),
            security: plain,
            folder: "INBOX".into(),
            poll_seconds: 5,
            since_days: 0,
            mark_read: false,
            move_to: None,
            timeout_seconds: 1,
        }),
        ..EmailSettings::new("support@shop.example")
    }
}

fn sender(settings: &EmailSettings) -> Sender {
    let account = Arc::new(Account::open("support", settings).expect("an account"));
    let server = account.smtp().expect("a server");
    Sender::new(account, server)
}

/// Up to being logged in.
fn greeting() -> Vec<Step> {
    vec![
        says("220 mx.shop.example ESMTP"),
        Step::Hears("EHLO shop.example"),
        says("250-mx.shop.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
        Step::Hears("AUTH PLAIN"),
        says("235 2.7.0 Welcome"),
    ]
}

/// One mail, whose end is answered with `end`.
fn mail(end: Step) -> Vec<Step> {
    vec![
        Step::Hears("MAIL FROM:<support+b-1@shop.example>"),
        says("250 ok"),
        Step::Hears("RCPT TO:<anna@their.example>"),
        says("250 ok"),
        Step::Hears("DATA"),
        says("354 go on"),
        Step::TakesMail,
        end,
    ]
}

fn quit() -> Vec<Step> {
    vec![Step::Hears("QUIT"), says("221 bye")]
}

/// How sending ends before a server of these scripts, and what the server heard.
async fn send(scripts: Vec<Vec<Step>>) -> (Sent, Vec<String>) {
    let server = Server::play(scripts).await;
    let sender = sender(&settings(server.port, None));
    let sent = sender.send(&letter("Subject: Hi\r\n\r\nHello\r\n.dot"), now()).await;
    drop(sender);
    (sent, server.heard().await)
}

#[tokio::test]
async fn a_mail_is_taken_and_the_connection_kept_for_the_next() {
    let script = [
        greeting(),
        mail(says("250 2.0.0 queued")),
        vec![Step::Hears("NOOP"), says("250 ok")],
        mail(says("250 2.0.0 queued")),
    ];
    let server = Server::play(vec![script.concat()]).await;
    let sender = sender(&settings(server.port, None));
    for _ in 0..2 {
        let sent = sender.send(&letter("Subject: Hi\r\n\r\n.dot"), now()).await;
        assert_eq!(sent, Sent::Accepted(Some("c.m@shop.example".into())));
    }
    let heard = server.heard().await;
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 1);
    assert!(heard.contains(&"..dot".to_owned()), "a line of one dot more: {heard:?}");
}

#[tokio::test]
async fn a_connection_that_died_meanwhile_is_replaced() {
    let first = [greeting(), mail(says("250 ok"))].concat();
    let server = Server::play(vec![first.clone(), first]).await;
    let sender = sender(&settings(server.port, None));
    for _ in 0..2 {
        let sent = sender.send(&letter("Subject: Hi\r\n\r\n"), now()).await;
        assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    }
    assert_eq!(server.heard().await.iter().filter(|line| line.starts_with("EHLO")).count(), 2);
}

#[tokio::test]
async fn what_the_server_says_decides() {
    let from = |answer: &str| {
        let steps = vec![Step::Hears("MAIL FROM"), says(answer)];
        [greeting(), steps, quit()].concat()
    };
    let rcpt = |answer: &str| {
        let mut steps = mail(says(""));
        steps.truncate(3);
        [greeting(), steps, vec![says(answer)], quit()].concat()
    };
    for (script, ends, words) in [
        (rcpt("451 4.7.1 Greylisted"), "again", "Greylisted"),
        (rcpt("550 5.1.1 No such user here"), "refused", "5.1.1 No such user here"),
        (from("421 4.3.2 Closing"), "again", "4.3.2"),
        (from("552 5.3.4 Too large"), "refused", "5.3.4"),
        (from("530 5.7.0 Must issue STARTTLS"), "refused", "STARTTLS"),
        ([greeting(), mail(says("452 4.2.2 Full")), quit()].concat(), "again", "4.2.2"),
        ([greeting(), mail(says("554 5.7.1 Spam")), quit()].concat(), "refused", "5.7.1"),
        (vec![says("421 4.3.2 Too busy")], "again", "come back later"),
        (vec![], "again", "hung up"),
        (greeting(), "again", "broke off"),
    ] {
        let (sent, _) = send(vec![script]).await;
        let (kind, told) = match sent {
            Sent::Accepted(_) => ("accepted", String::new()),
            Sent::Part(_) => ("part", String::new()),
            Sent::Again(_, told) => ("again", told),
            Sent::Held(_, told) => ("held", told),
            Sent::Refused(told) => ("refused", told),
            Sent::Unknown(told) => ("unknown", told),
        };
        assert_eq!(kind, ends, "{words}: {told}");
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[tokio::test]
async fn nothing_heard_after_the_end_leaves_it_unknown_and_nothing_before_it_does_not() {
    let hangs_up = [greeting(), mail(Step::Says(String::new()))].concat();
    let (sent, _) = send(vec![hangs_up]).await;
    assert!(matches!(sent, Sent::Unknown(_)), "{sent:?}");
    let sulks = [greeting(), mail(Step::Sulks)].concat();
    let (sent, _) = send(vec![sulks]).await;
    assert!(matches!(sent, Sent::Unknown(_)), "{sent:?}");

    let mut before_data = mail(says(""));
    before_data.truncate(6);
    let server = Server::play(vec![[greeting(), before_data].concat()]).await;
    let sender = sender(&settings(server.port, None));
    let large = "x".repeat(78) + "\r\n";
    let sent = sender.send(&letter(&large.repeat(400_000)), now()).await;
    assert!(matches!(sent, Sent::Again(..)), "its end was never written: {sent:?}");
}

/// A mailbox whose sent mails hold one of these Message-IDs, or do not.
fn sent_folder(found: &'static str) -> Vec<Step> {
    vec![
        says("* OK ready"),
        Step::Hears("LOGIN"),
        says("{tag} OK in"),
        Step::Hears("CAPABILITY"),
        says("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done"),
        Step::Hears("LIST"),
        says("* LIST (\\HasNoChildren \\Sent) \"/\" \"Gesendet &APY-\"\r\n{tag} OK done"),
        Step::Hears("SELECT \"Gesendet &APY-\""),
        says("* 3 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n{tag} OK done"),
        Step::Hears("HEADER Message-ID \"<c.m@shop.example>\""),
        says(found),
        Step::Hears("LOGOUT"),
        says("* BYE\r\n{tag} OK bye"),
    ]
}

#[tokio::test]
async fn a_mail_of_unknown_end_is_looked_for_among_what_was_sent() {
    for (found, is_there) in [("* SEARCH 7\r\n{tag} OK", true), ("* SEARCH\r\n{tag} OK", false)] {
        let smtp = Server::play(vec![[greeting(), mail(Step::Says(String::new()))].concat()]).await;
        let imap = Server::play(vec![sent_folder(found)]).await;
        let sender = sender(&settings(smtp.port, Some(imap.port)));
        let sent = sender.send(&letter("Subject: Hi\r\n\r\n"), now()).await;
        if is_there {
            assert_eq!(sent, Sent::Accepted(Some("c.m@shop.example".into())));
        } else {
            assert!(matches!(sent, Sent::Unknown(_)), "{sent:?}");
        }
        imap.heard().await;
    }
}

#[tokio::test]
async fn a_copy_is_kept_and_that_it_fails_changes_nothing() {
    let append = |answer: &str| {
        vec![
            says("* OK ready"),
            Step::Hears("LOGIN"),
            says("{tag} OK in"),
            Step::Hears("CAPABILITY"),
            says("* CAPABILITY IMAP4rev1\r\n{tag} OK done"),
            Step::Hears("SELECT \"Sent\""),
            says("* 0 EXISTS\r\n{tag} OK done"),
            Step::Hears("HEADER Message-ID"),
            says("* SEARCH\r\n{tag} OK done"),
            Step::Hears("APPEND \"Sent\" (\\Seen) {17}"),
            says(answer),
        ]
    };
    let takes = [append("+ go on"), vec![Step::Takes(17), Step::Hears(""), Step::Hears("LOGOUT")]];
    for script in [takes.concat(), append("{tag} NO no such folder"), vec![]] {
        let smtp = Server::play(vec![[greeting(), mail(says("250 ok"))].concat()]).await;
        let imap = Server::play(vec![script]).await;
        let mut settings = settings(smtp.port, Some(imap.port));
        settings.save_sent = Some("Sent".into());
        let sent = sender(&settings).send(&letter("Subject: Hi\r\n\r\nHi"), now()).await;
        assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_stops_the_sending_and_loses_nothing() {
    let script = vec![
        says("220 mx ESMTP"),
        Step::Hears("EHLO"),
        says("250-mx\r\n250 AUTH PLAIN"),
        Step::Hears("AUTH PLAIN"),
        says("535 5.7.8 Authentication credentials invalid"),
    ];
    let good = [greeting(), mail(says("250 ok"))].concat();
    let server = Server::play(vec![script, good]).await;
    let sender = sender(&settings(server.port, None));
    let letter = letter("Subject: Hi\r\n\r\n");
    let sent = sender.send(&letter, now()).await;
    assert!(
        matches!(&sent, Sent::Again(_, words) if words.contains("user and password")),
        "{sent:?}"
    );
    let (trouble, until) = sender.account.health.state().sending.expect("it is told");
    assert_eq!(trouble.kind, TroubleKind::Login);
    assert!(!trouble.words.contains("planted"), "{trouble}");

    // Until then nobody asks the server again, which would lock the account.
    let sent = sender.send(&letter, now() + TimeDelta::seconds(1)).await;
    assert!(matches!(sent, Sent::Again(at, _) if at == until), "{until}");
    let sent = sender.send(&letter, until).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    assert_eq!(sender.account.health.state().sending, None);
}

/// Settings by which tokens are asked for at `url`.
fn with_tokens(smtp: u16, url: &str) -> EmailSettings {
    drop(rustls::crypto::ring::default_provider().install_default());
    EmailSettings {
        password: None,
        oauth: Some(Oauth {
            token_url: Some(url.to_owned()),
            refresh_token: Some(Secret::from("planted")),
            ..Oauth::new(Provider::Custom, "desk")
        }),
        ..settings(smtp, None)
    }
}

/// Up to a token that the server looks at and refuses.
fn refuses_token() -> Vec<Step> {
    vec![
        says("220 mx ESMTP"),
        Step::Hears("EHLO"),
        says("250-mx\r\n250 AUTH XOAUTH2"),
        Step::Hears("AUTH XOAUTH2"),
        says("334 eyJzdGF0dXMiOiI0MDEifQ=="),
        Step::Hears(""),
        says("535 5.7.8 the token has ended"),
    ]
}

fn token(name: &str) -> String {
    fake::json(200, &format!(r#"{{"access_token":"{name}","expires_in":3600}}"#))
}

#[tokio::test]
async fn a_token_that_is_refused_is_asked_for_anew_once_and_at_once() {
    let takes_token = [
        vec![
            says("220 mx ESMTP"),
            Step::Hears("EHLO"),
            says("250-mx\r\n250 AUTH XOAUTH2"),
            Step::Hears("AUTH XOAUTH2"),
            says("235 2.7.0 Welcome"),
        ],
        mail(says("250 ok")),
    ];
    let server = Server::play(vec![refuses_token(), takes_token.concat()]).await;
    let (url, asked) = fake::http(vec![token("ended"), token("fresh")]).await;
    let sender = sender(&with_tokens(server.port, &url));
    let sent = sender.send(&letter("Subject: Hi\r\n\r\n"), now()).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    assert_eq!(sender.account.health.state().sending, None, "nothing waits");
    let shown = |heard: &[String]| heard.iter().filter(|line| line.starts_with("AUTH")).count();
    assert_eq!((shown(&server.heard().await), asked.await.expect("asked").len()), (2, 2));
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_stops_the_sending() {
    let server = Server::play(vec![refuses_token(), refuses_token()]).await;
    let (url, _asked) = fake::http(vec![token("ended"), token("fresh")]).await;
    let sender = sender(&with_tokens(server.port, &url));
    let letter = letter("Subject: Hi\r\n\r\n");
    let sent = sender.send(&letter, now()).await;
    assert!(matches!(&sent, Sent::Again(_, words) if words.contains("token")), "{sent:?}");
    let (trouble, until) = sender.account.health.state().sending.expect("it is told");
    assert_eq!((trouble.kind, until > now()), (TroubleKind::Login, true));
    let sent = sender.send(&letter, now() + TimeDelta::seconds(1)).await;
    assert!(matches!(sent, Sent::Again(at, _) if at == until), "nobody asks again meanwhile");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let server = Server::play(Vec::new()).await;
    let port = server.port;
    server.heard().await;
    let sent = sender(&settings(port, None)).send(&letter(""), now()).await;
    assert!(
        matches!(&sent, Sent::Again(_, words) if words.contains("nothing listens")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_password_is_never_sent_where_starttls_is_missing() {
    let script = vec![
        says("220 mx ESMTP"),
        Step::Hears("EHLO"),
        says("250-mx\r\n250 AUTH PLAIN"),
        Step::Hears("QUIT"),
    ];
    let server = Server::play(vec![script]).await;
    let mut settings = settings(server.port, None);
    if let Some(smtp) = &mut settings.smtp {
        smtp.security = Security::StartTls;
    }
    let sender = sender(&settings);
    let sent = sender.send(&letter(""), now()).await;
    assert!(matches!(&sent, Sent::Again(_, words) if words.contains("STARTTLS")), "{sent:?}");
}
