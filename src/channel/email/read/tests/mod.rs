//! Mails as they come, and what is understood of them.

mod bad;
mod corpus;
mod people;
mod words;

use super::{Own, Understood, understand};

fn own() -> Own {
    Own {
        addresses: vec!["support@example.com".into()],
        authserv: vec!["mx.example.com".into()],
        reply_to_is_sender: false,
    }
}

/// Understands a mail that is written with line feeds, as it comes over the wire.
fn read(mail: &str) -> Understood {
    understand(mail.replace('\n', "\r\n").as_bytes(), &own())
}

/// A mail of those headers and words.
fn mail(headers: &str, body: &str) -> String {
    let usual = "From: Ana <ana@example.org>\nTo: support@example.com\nMessage-ID: <1@example.org>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n";
    format!("{usual}{headers}\n{body}")
}
