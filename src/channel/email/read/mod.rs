//! Mails, read: raw bytes become words, files and what the rest of the house has to know of them.
//!
//! It never fails: whatever bytes come, something is understood, what is wrong is named in `problems`,
//! and the original holds what was left out.

mod auth;
mod automatic;
mod bound;
mod calendar;
mod charset;
mod file;
mod fingerprint;
mod flow;
mod header;
mod html;
mod part;
mod report;
mod safe;
mod smime;
mod thread;
mod tnef;

#[cfg(test)]
mod tests;

pub(super) use auth::{is_aligned, sole_domain};

use super::quote;
use crate::channel::text::{MAX_TEXT, clean};
use crate::conversation::{Mail, MailKind, Mailbox, Removed, RemovedKind, Report};
use chrono::{DateTime, Utc};
use header::Headers;
use mail_parser::{HeaderName, Message, MessageParser};
use part::Parts;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What an inbox knows of itself.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Its addresses, in lower case.
    pub addresses: Vec<String>,
    /// The servers whose `Authentication-Results` are believed.
    pub authserv: Vec<String>,
    /// Whether Reply-To counts as the sender, as behind contact forms.
    pub reply_to_is_sender: bool,
}

impl Own {
    /// Whether an address is one of its own, whatever stands behind a plus in it.
    pub fn has(&self, address: &str) -> bool {
        let bare = bare(address);
        self.addresses.iter().any(|own| *own == address || *own == bare)
    }
}

/// An address in lower case without what stands behind a plus in its first part.
pub fn bare(address: &str) -> String {
    let address = address.to_lowercase();
    match address
        .rsplit_once('@')
        .and_then(|(local, domain)| Some((local.split_once('+')?.0, domain)))
    {
        Some((local, domain)) => format!("{local}@{domain}"),
        None => address,
    }
}

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without a path.
    pub name: String,
    /// Its type, as its sender says.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is a picture within the words.
    pub inline: bool,
}

/// A mail, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// What it tells beside its words.
    pub mail: Mail,
    /// Its new words, cleaned, of at most `MAX_TEXT` letters.
    pub text: String,
    /// When it was sent, as it says; nobody vouches for it.
    pub date: Option<DateTime<Utc>>,
    /// Its files.
    pub files: Vec<File>,
    /// Every address it was sent to, in lower case, with their plus parts.
    pub recipients: Vec<String>,
    /// Tells two mails of one Message-ID apart, and is the same for two copies of one mail.
    pub fingerprint: String,
}

/// Letters that are kept of each part that is taken off.
const MAX_REMOVED: usize = 20_000;

/// Understands a mail.
pub fn understand(raw: &[u8], own: &Own) -> Understood {
    let opened = catch_unwind(|| smime::opened(bound::prepared(raw)));
    let (prepared, is_signed) = opened.unwrap_or_else(|_| (bound::prepared(raw), false));
    let mut understood = take_apart(&prepared, own);
    if is_signed {
        let note = "it is signed with S/MIME; the signature was not checked";
        understood.mail.problems.insert(0, note.to_owned());
    }
    understood
}

fn take_apart(prepared: &[u8], own: &Own) -> Understood {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let is_tame = bound::is_tame(prepared);
        let parser = MessageParser::default();
        if is_tame {
            return parser.parse(prepared).map(|message| of(&message, own));
        }
        let headers = &prepared[..bound::headers_end(prepared).min(200_000)];
        let message = parser.parse_headers(headers)?;
        Some(as_text(
            Some(&message),
            prepared,
            own,
            "it has more parts within each other than can be read; it is shown as it came",
        ))
    }));
    match read {
        Ok(Some(understood)) => understood,
        Ok(None) => as_text(None, prepared, own, "it has no headers; it is shown as it came"),
        Err(_) => {
            as_text(None, prepared, own, "it could not be taken apart; it is shown as it came")
        }
    }
}

/// Makes a mail's HTML safe to be shown, with nothing remote in it; `None` if it has none that can be.
pub fn safe_html(raw: &[u8]) -> Option<String> {
    catch_unwind(|| safe::shown(raw)).ok().flatten()
}

/// Understands a mail of which only headers can be read, if that: its bytes are its words.
fn as_text(message: Option<&Message<'_>>, raw: &[u8], own: &Own, problem: &str) -> Understood {
    let blank = Message::default();
    let start = if message.is_some() { bound::headers_end(raw) } else { 0 };
    let end = raw.len().min(start + bound::MAX_WORDS);
    let text = charset::guess(&raw[start..end]);
    let mut parts = Parts { full: text.clone(), text, ..Parts::default() };
    parts.note(problem);
    settle(message.unwrap_or(&blank), parts, own)
}

fn of(message: &Message<'_>, own: &Own) -> Understood {
    let subject = header::words(message, HeaderName::Subject).unwrap_or_default();
    let mut parts = part::sort(message, is_forward(&subject));
    let nothing_found = parts.full.trim().is_empty() && parts.files.is_empty();
    let raw = message.raw_message.as_ref();
    let body = raw.get(bound::headers_end(raw)..).unwrap_or_default();
    let has_headers =
        message.headers().iter().any(|header| !matches!(header.name, HeaderName::Other(_)));
    let is_report = parts.pieces.delivery.is_some() || parts.pieces.returned.is_some();
    if nothing_found && !is_report && parts.problems.is_empty() && !has_headers {
        // Words that have a colon look like a header.
        parts.full = charset::guess(&raw[..raw.len().min(bound::MAX_WORDS)]);
        parts.text.clone_from(&parts.full);
    } else if nothing_found && !is_report && !body.trim_ascii().is_empty() && shows(body) {
        parts.full = charset::guess(&body[..body.len().min(bound::MAX_WORDS)]);
        parts.text.clone_from(&parts.full);
        parts.note("its parts cannot be told apart; it is shown as it came");
    }
    settle(message, parts, own)
}

/// Whether raw bytes are more than the frame around parts that hold nothing.
fn shows(body: &[u8]) -> bool {
    let is_frame = |line: &[u8]| {
        let line = line.trim_ascii();
        line.is_empty()
            || line.starts_with(b"--")
            || line.to_ascii_lowercase().starts_with(b"content-")
            || line.starts_with(b"<")
    };
    body.split(|byte| *byte == b'\n').take(2_000).any(|line| !is_frame(line))
}

/// Whether a subject says that its sender passes a mail on.
fn is_forward(subject: &str) -> bool {
    let start = subject.trim_start().to_lowercase();
    ["fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "doorst:", "vs:", "转发", "轉寄"]
        .iter()
        .any(|prefix| start.starts_with(prefix))
}

fn settle(message: &Message<'_>, mut parts: Parts, own: &Own) -> Understood {
    let headers =
        if message.parts.is_empty() { Headers::default() } else { Headers::read(message) };
    let people = People::read(message, &headers);
    let subject =
        if message.parts.is_empty() { None } else { header::words(message, HeaderName::Subject) };
    let subject = subject.unwrap_or_default();
    let whole = clean(&parts.full);
    let text = new_words(&mut parts, &whole);
    let found = report::read(&parts.pieces, &headers);
    let (kind, why) = automatic::judge(&automatic::Signs {
        headers: &headers,
        sender: people.sender(own),
        subject: &subject,
        text: &text,
        report: &found,
        own: &own.addresses,
        calendar: parts.calendar.as_deref(),
    });
    let report = told(found.report, kind, &whole, &parts, &headers, own);
    let date = date(message);
    note_what_is_missing(&mut parts, &headers, &people, date);
    let answers_to = people.answers_to(own);
    let text = shortened(text, &mut parts);
    Understood {
        fingerprint: fingerprint::of(&people.from, headers.first("date"), &subject, &whole),
        recipients: people.recipients(&headers),
        mail: Mail {
            message_id: thread::message_id(&headers),
            subject,
            auth: auth::sender_auth(&headers, &people.from, &own.authserv),
            from: people.from,
            answers_to,
            reply_to: people.reply_to,
            to: people.to,
            cc: people.cc,
            answers: thread::answers(&headers),
            thread: None,
            kind,
            why,
            removed: parts.removed,
            report,
            problems: parts.problems,
            original: None,
        },
        text,
        date,
        files: parts.files,
    }
}

/// The report that a mail is: what its parts say, and what its words say besides.
fn told(
    report: Option<Report>,
    kind: MailKind,
    whole: &str,
    parts: &Parts,
    headers: &Headers,
    own: &Own,
) -> Option<Report> {
    let is_bounce = kind == MailKind::Bounce;
    let is_notice = whole.trim_start().starts_with("{\"notificationType\"");
    let is_told = match &report {
        Some(report) => report.recipient.is_some() || !is_bounce,
        None => !is_bounce && !is_notice,
    };
    if is_told {
        return report;
    }
    let returned = parts.pieces.returned.as_deref();
    let loose = report::read_loose(whole, returned, headers, &own.addresses);
    Some(match report {
        Some(report) => report::filled(report, loose),
        None => loose,
    })
}

/// The new words: without quotations and signature, unless nothing else was written.
fn new_words(parts: &mut Parts, whole: &str) -> String {
    let marked = std::mem::take(&mut parts.removed);
    let stripped = quote::strip(&clean(&parts.text));
    let kept = stripped.kept.trim();
    let (hidden, marked): (Vec<Removed>, Vec<Removed>) =
        marked.into_iter().partition(|removed| removed.kind == RemovedKind::Hidden);
    let (text, taken) = if kept.is_empty() {
        (whole.trim().to_owned(), Vec::new())
    } else {
        // A mail that is passed on is what its sender wants to be read.
        let forwarded = stripped.forwarded.iter().map(String::as_str);
        let text = std::iter::once(kept).chain(forwarded).collect::<Vec<_>>().join("\n\n");
        (text, stripped.removed.into_iter().chain(marked).collect())
    };
    parts.removed = taken.into_iter().chain(hidden).collect();
    for removed in &mut parts.removed {
        let text = clean(bound::start_of(&removed.text, MAX_REMOVED));
        text.trim().clone_into(&mut removed.text);
    }
    parts.removed.retain(|removed| !removed.text.is_empty());
    text
}

fn shortened(text: String, parts: &mut Parts) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        None => text,
        Some((end, _)) => {
            parts.note("its words are too long; their end stays in the original only");
            text[..end].trim_end().to_owned()
        }
    }
}

/// The moment that a mail says it was sent.
fn date(message: &Message<'_>) -> Option<DateTime<Utc>> {
    let date = message.parts.first().and_then(|_| message.date())?;
    let is_sound = date.is_valid() && (1970..=9999).contains(&date.year);
    is_sound.then(|| DateTime::from_timestamp(date.to_timestamp(), 0)).flatten()
}

fn note_what_is_missing(
    parts: &mut Parts,
    headers: &Headers,
    people: &People,
    date: Option<DateTime<Utc>>,
) {
    if people.from.is_empty() {
        parts.note("it names no sender");
    } else if people.from.len() > 1 {
        parts.note("it names several senders; the first counts");
    }
    if thread::message_id(headers).is_none() {
        parts.note("it has no Message-ID");
    }
    if date.is_none() {
        let has_date = headers.has("date");
        parts.note(if has_date { "its date cannot be read" } else { "it has no date" });
    }
}

/// Whom a mail names.
struct People {
    from: Vec<Mailbox>,
    reply_to: Vec<Mailbox>,
    to: Vec<Mailbox>,
    cc: Vec<Mailbox>,
}

impl People {
    fn read(message: &Message<'_>, headers: &Headers) -> Self {
        if message.parts.is_empty() {
            return Self { from: Vec::new(), reply_to: Vec::new(), to: Vec::new(), cc: Vec::new() };
        }
        let mut from = header::mailboxes(message, &HeaderName::From);
        // Without a From the other names of a sender are better than none.
        for other in [HeaderName::Sender, HeaderName::ReplyTo] {
            if from.is_empty() && !headers.has("from") {
                from = header::mailboxes(message, &other);
            }
        }
        Self {
            from,
            reply_to: header::mailboxes(message, &HeaderName::ReplyTo),
            to: header::mailboxes(message, &HeaderName::To),
            cc: header::mailboxes(message, &HeaderName::Cc),
        }
    }

    /// Whoever counts as the sender.
    fn sender(&self, own: &Own) -> Option<&Mailbox> {
        let reply_to = self.reply_to.first().filter(|_| own.reply_to_is_sender);
        reply_to.or(self.from.first())
    }

    /// The address that answers go to, where Reply-To names another than the sender's that is none of ours.
    fn answers_to(&self, own: &Own) -> Option<String> {
        let sender = &self.sender(own)?.address;
        let is_sender = self.reply_to.iter().any(|mailbox| mailbox.address == *sender);
        let mut others = self.reply_to.iter().filter(|mailbox| !own.has(&mailbox.address));
        if is_sender { None } else { others.next().map(|mailbox| mailbox.address.clone()) }
    }

    /// Every address that it was sent to.
    fn recipients(&self, headers: &Headers) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let delivered = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];
        let delivered = delivered.into_iter().flat_map(|name| headers.all(name));
        let delivered = delivered.flat_map(|value| value.split(',')).map(header::tidy);
        let named = self.to.iter().chain(&self.cc).map(|mailbox| mailbox.address.clone());
        for address in delivered.chain(named) {
            if address.contains('@') && !found.contains(&address) && found.len() < 200 {
                found.push(address);
            }
        }
        found
    }
}
