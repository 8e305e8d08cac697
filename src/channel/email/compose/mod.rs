//! Composing: a message as a mail that every mail program shows and sorts right.
//!
//! Whatever a customer, a model or an agent has written stands in a body, never in a header of its own making:
//! each value is cleaned to one line or refused, and bodies travel as quoted-printable or base64.

mod header;
mod markdown;
mod quote;
#[cfg(test)]
mod tests;

use super::token::Signer;
use crate::channel::{File, Parcel};
use crate::config::EmailSettings;
use crate::conversation::{Author, MailThread, Message, own_message_id, read_own_message_id};
use crate::lang::Lang;
use anyhow::{Context as _, Result, ensure};
use askama::Template;
use header::{AutoSubmitted, Loop, Suppress};
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, Date};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use quote::Below;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The largest logo, in bytes: it travels with each mail.
const LARGEST_LOGO: u64 = 200 * 1024;
/// By what the page names the logo.
const LOGO_ID: &str = "logo@sureply";

/// A mail ready to leave.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// From whom and to whom, as the servers need it.
    pub(super) envelope: Envelope,
    /// Its Message-ID, without angle brackets.
    pub(super) message_id: String,
    /// The mail.
    pub(super) bytes: Vec<u8>,
}

/// What all mails of an inbox have in common.
pub(super) struct Form {
    settings: EmailSettings,
    inbox: String,
    from_name: String,
    lang: Lang,
    logo: Option<(Vec<u8>, ContentType)>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Page<'a> {
    subject: &'a str,
    from_name: &'a str,
    has_logo: bool,
    logo_id: &'static str,
    body: String,
    signature: Vec<&'a str>,
    quoted: Option<&'a Below>,
}

impl Form {
    pub(super) fn new(
        settings: &EmailSettings,
        inbox: &str,
        business: &str,
        lang: Lang,
    ) -> Result<Self> {
        let from_name = settings.from_name.as_deref().unwrap_or(business);
        header::address(&settings.address)
            .map_err(|_| anyhow::anyhow!("no mail can be sent from inbox.email.address"))?;
        Ok(Self {
            settings: settings.clone(),
            inbox: inbox.to_owned(),
            from_name: header::line(from_name),
            lang,
            logo: settings.logo.as_deref().map(read_logo).transpose()?,
        })
    }

    /// The mail that a parcel leaves as; what cannot be sent is told in words.
    pub(super) fn letter(&self, parcel: Parcel<'_>, signer: &Signer) -> Result<Letter, String> {
        let none = MailThread::default();
        let thread = parcel.thread.unwrap_or(&none);
        let (message, subject) = (parcel.message, header::subject(&thread.subject));
        let id = own_message_id(&message.conversation_id, &message.id, self.settings.domain());
        let to = header::address(parcel.identity)?;
        let own = header::address(&self.settings.address)?;
        let with_plus = |address: Option<String>| {
            let address = address.filter(|_| self.settings.plus_addressing);
            address.and_then(|address| header::address(&address).ok())
        };
        let sender = with_plus(signer.for_delivery(parcel.id)).unwrap_or_else(|| own.clone());
        let envelope = Envelope::new(Some(sender), vec![to.clone()])
            .map_err(|error| format!("the mail cannot be addressed: {error}"))?;
        let name = Some(self.from_name.clone()).filter(|name| !name.is_empty());
        let mut mail = lettre::Message::builder()
            .envelope(envelope.clone())
            .header(Date::from(at(parcel.now.timestamp())))
            .from(Mailbox::new(name.clone(), own))
            .to(Mailbox::new(None, to))
            .subject(&subject)
            .message_id(Some(format!("<{id}>")));
        // What a person writes is no machine's, whoever reads it.
        if message.author == Author::Bot {
            mail = mail.header(Loop(self.inbox.clone()));
        }
        if let Some(answers) = with_plus(signer.for_conversation(&message.conversation_id)) {
            mail = mail.reply_to(Mailbox::new(name, answers));
        }
        let answered = answered(&parcel, thread);
        let references = header::references(&thread.references, answered);
        if let Some(answered) = answered {
            mail = mail.in_reply_to(format!("<{answered}>"));
        }
        if !references.is_empty() {
            mail = mail.references(references.join(" "));
        }
        if message.author == Author::Bot && self.settings.auto_submitted {
            mail = mail.header(AutoSubmitted("auto-replied".into())).header(Suppress("All".into()));
        }
        let mail = mail.multipart(self.parts(message, thread, &subject, parcel.files));
        let mail = mail.map_err(|error| format!("the mail cannot be composed: {error}"))?;
        Ok(Letter { envelope, message_id: id, bytes: mail.formatted() })
    }

    /// Text and page, with the logo beside the page and the files beside both.
    fn parts(
        &self,
        message: &Message,
        thread: &MailThread,
        subject: &str,
        files: &[File],
    ) -> MultiPart {
        let below = thread.quoted.as_ref().map(|quoted| Below::new(quoted, self.lang));
        let words = words(message);
        let text = self.text(&words, below.as_ref());
        let page = self.page(&words, subject, below.as_ref());
        let both = MultiPart::alternative().singlepart(part(text, ContentType::TEXT_PLAIN));
        let page = part(page, ContentType::TEXT_HTML);
        let both = match &self.logo {
            Some((bytes, media_type)) => {
                let logo = Body::new_with_encoding(bytes.clone(), ContentTransferEncoding::Base64);
                let logo = logo.unwrap_or_else(Body::new);
                let logo = Attachment::new_inline(LOGO_ID.into()).body(logo, media_type.clone());
                both.multipart(MultiPart::related().singlepart(page).singlepart(logo))
            }
            None => both.singlepart(page),
        };
        if files.is_empty() {
            return both;
        }
        files
            .iter()
            .fold(MultiPart::mixed().multipart(both), |all, file| all.singlepart(enclosed(file)))
    }

    fn text(&self, words: &str, below: Option<&Below>) -> String {
        let mut text = markdown::to_plain(words);
        if let Some(signature) = self.signature() {
            text = format!("{text}\n\n-- \n{signature}");
        }
        match below {
            Some(below) => format!("{text}\n\n{}\n", below.plain()),
            None => text + "\n",
        }
    }

    fn page(&self, words: &str, subject: &str, below: Option<&Below>) -> String {
        let page = Page {
            subject,
            from_name: &self.from_name,
            has_logo: self.logo.is_some(),
            logo_id: LOGO_ID,
            body: markdown::to_html(words),
            signature: self.signature().map(|text| text.lines().collect()).unwrap_or_default(),
            quoted: below,
        };
        // Writing to a string cannot fail, and nothing else is done.
        page.render().unwrap_or_default()
    }

    fn signature(&self) -> Option<&str> {
        self.settings.signature.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

/// The Message-ID of the mail that is answered: the one that the parcel names, else the newest that
/// is not ours, else the newest.
fn answered<'a>(parcel: &Parcel<'a>, thread: &'a MailThread) -> Option<&'a str> {
    let named = parcel.in_reply_to.and_then(|name| name.rsplit_once('#')).map(|(id, _)| id);
    let known = || thread.references.iter().rev().filter_map(|id| header::message_id(id));
    named
        .and_then(header::message_id)
        .or_else(|| known().find(|id| read_own_message_id(id).is_none()))
        .or_else(|| known().next())
}

/// What a message says, with what it offers to choose from as a list.
fn words(message: &Message) -> String {
    let choices = message.choices.iter().map(|choice| format!("\n- {}", header::line(choice)));
    let choices: String = choices.collect();
    if choices.is_empty() {
        message.body.clone()
    } else {
        format!("{}\n{choices}", message.body.trim_end())
    }
}

/// Text as a part whose lines are never too long and hold no byte that a server could stumble over.
fn part(text: String, media_type: ContentType) -> SinglePart {
    SinglePart::builder()
        .header(media_type)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(text)
}

fn enclosed(file: &File) -> SinglePart {
    // A mail within a mail may not travel as base64 (RFC 2046 §5.2.1), so it goes as bytes.
    let is_wrapped =
        ["message/", "multipart/"].iter().any(|kind| file.media_type.starts_with(kind));
    let bytes = "application/octet-stream";
    let media_type = ContentType::parse(if is_wrapped { bytes } else { &file.media_type })
        .or_else(|_| ContentType::parse(bytes))
        .unwrap_or(ContentType::TEXT_PLAIN);
    let name = header::line(&file.name).replace(['/', '\\', '"'], "_");
    let name: String = name.chars().take(120).collect();
    let name = if name.is_empty() { "file".to_owned() } else { name };
    let body = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64);
    Attachment::new(name).body(body.unwrap_or_else(Body::new), media_type)
}

fn at(seconds: i64) -> SystemTime {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn read_logo(path: &Path) -> Result<(Vec<u8>, ContentType)> {
    let name = path.display();
    let reading = || format!("reading inbox.email.logo {name}");
    let size = std::fs::metadata(path).with_context(reading)?.len();
    ensure!(
        size <= LARGEST_LOGO,
        "inbox.email.logo {name} has {size} bytes; it travels with each mail, so make it smaller than {LARGEST_LOGO}"
    );
    let bytes = std::fs::read(path).with_context(reading)?;
    let media_type = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        _ => anyhow::bail!("inbox.email.logo {name} is no PNG, JPEG or GIF"),
    };
    let media_type = ContentType::parse(media_type).context("naming the logo's type")?;
    Ok((bytes, media_type))
}
