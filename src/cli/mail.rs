//! `sureply mail`: how a mail is understood, for whoever wonders what the inbox made of it.

use super::out;
use crate::channel::{Own, Understood, understand};
use crate::config::Config;
use crate::conversation::{Mailbox, RemovedKind};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Which mails to look into.
#[derive(Debug, Args)]
pub(super) struct Mail {
    /// Mails as they came, one a file; `-` reads one from standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints one JSON object a line, a mail each.
    #[arg(long)]
    json: bool,
}

/// Bytes that a mail may have; servers take far less.
const MAX_MAIL: u64 = 150_000_000;

/// Prints how each mail is understood.
pub(super) fn mail(config: &Config, arguments: &Mail) -> Result<()> {
    let own = own(config);
    let mut failures = Vec::new();
    for file in &arguments.files {
        match read(file) {
            Ok(raw) => {
                let understood = understand(&raw, &own);
                if arguments.json {
                    out::line(as_json(file, &understood));
                } else {
                    out::line(as_words(file, &understood));
                }
            }
            // The others are still worth reading.
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("; "));
    }
    Ok(())
}

/// What all e-mail inboxes of the settings know of themselves.
fn own(config: &Config) -> Own {
    let mut own = Own::default();
    for email in config.inboxes.iter().filter_map(|inbox| inbox.email.as_ref()) {
        let addresses = std::iter::once(&email.address).chain(&email.aliases);
        own.addresses.extend(addresses.map(|address| address.to_lowercase()));
        own.authserv.extend(email.authserv.iter().cloned());
        own.reply_to_is_sender |= email.reply_to_is_sender;
    }
    own
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let is_input = file.as_os_str() == "-";
    let name = if is_input { "standard input".into() } else { file.display().to_string() };
    let context = || format!("reading the mail {name}");
    let mut raw = Vec::new();
    if is_input {
        std::io::stdin().take(MAX_MAIL + 1).read_to_end(&mut raw).with_context(context)?;
    } else {
        if file.is_dir() {
            bail!("{name} is a folder; name the mails in it: {name}/*");
        }
        let opened = File::open(file).with_context(context)?;
        opened.take(MAX_MAIL + 1).read_to_end(&mut raw).with_context(context)?;
    }
    if raw.is_empty() {
        bail!("{name} is empty; a mail has headers and words");
    }
    if u64::try_from(raw.len()).is_ok_and(|length| length > MAX_MAIL) {
        bail!("{name} is longer than {} MB, which no mail is", MAX_MAIL / 1_000_000);
    }
    Ok(raw)
}

fn as_json(file: &Path, understood: &Understood) -> Value {
    let mail = &understood.mail;
    let files = understood.files.iter().map(|file| {
        json!({
            "name": file.name, "media_type": file.media_type, "bytes": file.bytes.len(),
            "inline": file.inline,
        })
    });
    json!({
        "file": file.display().to_string(),
        "subject": mail.subject,
        "from": mail.from,
        "reply_to": mail.reply_to,
        "to": mail.to,
        "cc": mail.cc,
        "date": understood.date,
        "text": understood.text,
        "removed": mail.removed,
        "automatic": { "kind": mail.kind, "why": mail.why },
        "report": mail.report,
        "thread_keys": {
            "message_id": mail.message_id,
            "answers": mail.answers,
            "recipients": understood.recipients,
            "fingerprint": understood.fingerprint,
        },
        "sender_auth": mail.auth,
        "attachments": files.collect::<Vec<_>>(),
        "problems": mail.problems,
    })
}

fn as_words(file: &Path, understood: &Understood) -> String {
    let mail = &understood.mail;
    let mut lines = vec![format!("{}:", file.display())];
    let mut tell = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("  {name:<13}{value}"));
        }
    };
    tell("subject", mail.subject.clone());
    tell("from", people(&mail.from));
    tell("reply to", people(&mail.reply_to));
    tell("to", people(&mail.to));
    tell("cc", people(&mail.cc));
    tell("date", understood.date.map_or_else(String::new, |date| date.to_rfc3339()));
    tell("automatic", [mail.kind.as_str(), &mail.why.join("; ")].join(" ").trim_end().to_owned());
    if let Some(report) = &mail.report {
        let parts = [&report.recipient, &report.status, &report.diagnostic, &report.about];
        let parts = parts.into_iter().flatten().map(String::as_str);
        tell(
            "report",
            [report.kind.as_str()].into_iter().chain(parts).collect::<Vec<_>>().join(", "),
        );
    }
    tell("sender auth", mail.auth.to_string());
    tell("message id", mail.message_id.clone().unwrap_or_default());
    tell("answers", mail.answers.join(" "));
    for file in &understood.files {
        let place = if file.inline { ", inline" } else { "" };
        tell(
            "attachment",
            format!("{} ({}, {} bytes{place})", file.name, file.media_type, file.bytes.len()),
        );
    }
    for removed in &mail.removed {
        let name = match removed.kind {
            RemovedKind::Quote => "quote",
            RemovedKind::Signature => "signature",
            RemovedKind::Hidden => "hidden",
        };
        tell(name, indented(&removed.text));
    }
    tell("text", indented(&understood.text));
    for problem in &mail.problems {
        tell("problem", problem.clone());
    }
    lines.join("\n")
}

fn people(mailboxes: &[Mailbox]) -> String {
    let named = mailboxes.iter().map(|mailbox| match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => mailbox.address.clone(),
    });
    named.collect::<Vec<_>>().join(", ")
}

fn indented(text: &str) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(15)))
}

#[cfg(test)]
mod tests {
    use super::{as_json, as_words, read};
    use crate::channel::{Own, understand};
    use std::path::Path;

    const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: failure notice\nIn-Reply-To: <c.m@shop.example>\n\n<ana@example.org>: 550 5.1.1 no such user\n";

    #[test]
    fn everything_that_is_understood_is_told() {
        let understood = understand(BOUNCE.as_bytes(), &Own::default());
        let told = as_json(Path::new("x.eml"), &understood);
        for name in [
            "file",
            "subject",
            "from",
            "text",
            "removed",
            "automatic",
            "thread_keys",
            "sender_auth",
            "attachments",
            "problems",
        ] {
            assert!(told.get(name).is_some(), "{name} in {told}");
        }
        assert_eq!(told["automatic"]["kind"], "bounce");
        assert_eq!(told["automatic"]["why"][0], "Return-Path: <>");
        assert_eq!(told["thread_keys"]["answers"][0], "c.m@shop.example");
        assert_eq!(told["report"]["status"], "5.1.1");
        assert_eq!(told["sender_auth"], "none");
        let words = as_words(Path::new("x.eml"), &understood);
        for line in ["  subject      failure notice", "  automatic    bounce Return-Path: <>; "] {
            assert!(words.contains(line), "{line} in {words}");
        }
    }

    #[test]
    fn what_is_no_mail_is_named() {
        let folder = read(Path::new("src")).expect_err("it is a folder").to_string();
        assert!(folder.contains("src is a folder"), "{folder}");
        let missing = format!("{:#}", read(Path::new("no such.eml")).expect_err("it is not there"));
        assert!(missing.contains("reading the mail no such.eml"), "{missing}");
    }
}
