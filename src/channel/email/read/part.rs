//! The parts of a mail, sorted: words, files, reports, wrappers.

use super::bound::{self, MAX_FILES, MAX_WORDS};
use super::report::Pieces;
use super::{File, calendar, charset, file, flow, html, tnef};
use crate::conversation::Removed;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

/// A mail's parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Its words without what its HTML marks as quoted or hides.
    pub(super) text: String,
    /// All its words that are shown.
    pub(super) full: String,
    pub(super) removed: Vec<Removed>,
    pub(super) files: Vec<File>,
    pub(super) pieces: Pieces,
    /// The method of a calendar part.
    pub(super) calendar: Option<String>,
    pub(super) problems: Vec<String>,
    /// Words for a mail that has none of its own.
    pub(super) spare: Vec<String>,
    pub(super) is_forward: bool,
}

/// Sorts the parts of a mail.
pub(super) fn sort(message: &Message<'_>, is_forward: bool) -> Parts {
    let mut parts = Parts { is_forward, ..Parts::default() };
    parts.name_wrapper(message);
    let mut is_word = vec![false; message.parts.len()];
    parts.take_words(message, &mut is_word);
    for id in &message.attachments {
        let is_taken = is_word.get(*id as usize).copied().unwrap_or(true);
        if let Some(part) = message.parts.get(*id as usize).filter(|_| !is_taken) {
            parts.take(message, part);
        }
    }
    if parts.full.trim().is_empty() {
        parts.full = std::mem::take(&mut parts.spare).join("\n\n");
        parts.text.clone_from(&parts.full);
    }
    parts
}

/// What a part says it is, in lower case: `text/plain`.
pub(super) fn media_type(part: &MessagePart<'_>) -> String {
    part.content_type().map_or_else(String::new, |kind| {
        let subtype = kind.subtype().unwrap_or_default();
        format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase()
    })
}

/// Words in place of an HTML part that some programs send as the plain part.
fn is_trivial(plain: &str) -> bool {
    let plain = plain.trim();
    if plain.chars().filter(|letter| letter.is_alphanumeric()).count() == 0 {
        return true;
    }
    let start = bound::start_of(plain, 600).to_lowercase();
    plain.len() < 600
        && [
            "not support html",
            "html-capable",
            "html capable",
            "html email client",
            "view this email in",
            "view it in your browser",
            "keine html",
            "kein html",
            "html-fähig",
            "ne supporte pas le html",
            "no soporta html",
            "html version",
            "enable html",
            "requires html",
            "html format",
        ]
        .iter()
        .any(|words| start.contains(words))
}

impl Parts {
    /// Takes the words: of several versions the plain one, unless it says nothing.
    fn take_words(&mut self, message: &Message<'_>, is_word: &mut [bool]) {
        let is_html = |id: &u32| {
            matches!(
                message.parts.get(*id as usize),
                Some(MessagePart { body: PartType::Html(_), .. })
            )
        };
        let has_html = message.html_body.iter().any(is_html);
        self.read_all(message, &message.text_body, is_word);
        let only_plain = !message.text_body.iter().any(is_html);
        if only_plain && has_html && is_trivial(&self.full) {
            let plain = std::mem::take(&mut self.full);
            self.text.clear();
            self.read_all(message, &message.html_body, is_word);
            if self.full.trim().is_empty() {
                self.text.clone_from(&plain);
                self.full = plain;
            }
        }
        for id in message.text_body.iter().chain(&message.html_body) {
            let is_read = message
                .parts
                .get(*id as usize)
                .is_some_and(|part| matches!(part.body, PartType::Text(_) | PartType::Html(_)));
            if let Some(place) = is_word.get_mut(*id as usize) {
                *place |= is_read;
            }
        }
        if self.full.trim().is_empty() {
            self.take_stray(message, is_word);
        }
    }

    /// Reads text that the parser counts as a file, since what it says of itself makes no sense.
    fn take_stray(&mut self, message: &Message<'_>, is_word: &mut [bool]) {
        let stray: Vec<u32> = message
            .attachments
            .iter()
            .copied()
            .filter(|id| {
                message.parts.get(*id as usize).is_some_and(|part| {
                    let kind = media_type(part);
                    let is_text = kind.is_empty()
                        || kind.starts_with("multipart/")
                        || matches!(kind.as_str(), "text/plain" | "text/html" | "text/");
                    let is_file = part.attachment_name().is_some()
                        || part
                            .content_disposition()
                            .is_some_and(mail_parser::ContentType::is_attachment);
                    matches!(part.body, PartType::Text(_) | PartType::Html(_))
                        && is_text
                        && !is_file
                })
            })
            .collect();
        self.read_all(message, &stray, is_word);
        for id in stray {
            is_word[id as usize] = true;
        }
    }

    fn read_all(&mut self, message: &Message<'_>, ids: &[u32], _is_word: &mut [bool]) {
        for id in ids {
            let Some(part) = message.parts.get(*id as usize) else { continue };
            let (words, was_wrong) = charset::words(message, part);
            if words.trim().is_empty() {
                continue;
            }
            if was_wrong {
                self.note("its charset is not the one it names; it was read as what it is");
            }
            let is_html = matches!(part.body, PartType::Html(_)) || media_type(part) == "text/html";
            if is_html { self.add_html(&words) } else { self.add_plain(part, &words) }
        }
    }

    fn add_plain(&mut self, part: &MessagePart<'_>, words: &str) {
        let words = bound::start_of(words, MAX_WORDS);
        let attribute = |name: &str| part.content_type().and_then(|kind| kind.attribute(name));
        let is = |name: &str, value: &str| {
            attribute(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let words = if is("format", "flowed") {
            flow::unfold(words, is("delsp", "yes"))
        } else {
            words.replace("\r\n", "\n")
        };
        add(&mut self.text, &words);
        add(&mut self.full, &words);
    }

    fn add_html(&mut self, words: &str) {
        let rendered = html::read(words, self.is_forward);
        if rendered.is_cut {
            self.note("its HTML is too long or too deep; its end was not read");
        }
        add(&mut self.text, &rendered.text);
        add(&mut self.full, &rendered.full);
        self.removed.extend(rendered.removed);
    }

    /// Takes a part that is not among the words.
    fn take(&mut self, message: &Message<'_>, part: &MessagePart<'_>) {
        let kind = media_type(part);
        let words = |part: &MessagePart<'_>| match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => charset::guess(bytes),
            _ => charset::words(message, part).0.into_owned(),
        };
        if kind.starts_with("multipart/") {
            // It says that it has parts, but not where they begin.
            let text = words(part).replace("\r\n", "\n");
            add(&mut self.text, &text);
            add(&mut self.full, &text);
            return;
        }
        match kind.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                let more = words(part);
                let before = self.pieces.delivery.get_or_insert_default();
                before.push_str(&more);
                before.push_str("\n\n");
                return;
            }
            "message/disposition-notification" | "message/global-disposition-notification" => {
                self.pieces.disposition = Some(words(part));
                return;
            }
            "message/feedback-report" => {
                self.pieces.feedback = Some(words(part));
                return;
            }
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers" => {
                self.pieces.returned = Some(words(part));
                return;
            }
            "text/calendar" => self.take_calendar(&words(part)),
            "application/ms-tnef" | "application/vnd.ms-tnef" => {
                if self.unwrap_tnef(part) {
                    return;
                }
            }
            _ => {
                let is_winmail = part
                    .attachment_name()
                    .is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"));
                if is_winmail && self.unwrap_tnef(part) {
                    return;
                }
            }
        }
        if let PartType::Message(nested) = &part.body {
            self.take_nested(nested);
        }
        self.add_file(file::of(message, part, &kind));
    }

    fn add_file(&mut self, file: Option<File>) {
        let Some(file) = file else { return };
        if self.files.len() < MAX_FILES {
            self.files.push(file);
        } else {
            self.note("it has too many files; those at the end stay in the original only");
        }
    }

    fn take_calendar(&mut self, text: &str) {
        let event = calendar::read(text);
        self.spare.push(event.text());
        self.calendar = self.calendar.take().or(event.method);
    }

    /// A mail within the mail is a file; its words stand in for a mail that has none.
    fn take_nested(&mut self, nested: &Message<'_>) {
        if let Some(start) = nested.raw_message.get(nested_start(nested)..) {
            let end = bound::headers_end(start).min(100_000);
            self.pieces.returned.get_or_insert_with(|| charset::guess(&start[..end]));
        }
        let mut inner = Parts { is_forward: true, ..Parts::default() };
        let mut is_word = vec![false; nested.parts.len()];
        inner.take_words(nested, &mut is_word);
        let words = inner.full.trim();
        let subject = nested.subject().unwrap_or_default();
        self.spare.push(format!("{subject}\n\n{words}").trim().to_owned());
    }

    fn unwrap_tnef(&mut self, part: &MessagePart<'_>) -> bool {
        let Some(found) = tnef::read(part.contents()) else {
            self.note("its winmail.dat cannot be read; it is kept as a file");
            return false;
        };
        if found.is_broken {
            self.note("its winmail.dat is broken; what could be read was taken out");
        }
        if self.full.trim().is_empty() {
            match (found.text, found.html) {
                (Some(text), _) => {
                    add(&mut self.text, &text.replace("\r\n", "\n"));
                    add(&mut self.full, &text.replace("\r\n", "\n"));
                }
                (None, Some(html)) => self.add_html(&html),
                (None, None) => {}
            }
        }
        for wrapped in found.files {
            self.add_file(Some(file::unwrapped(wrapped)));
        }
        true
    }

    /// Names what a mail is wrapped in that cannot be opened here.
    fn name_wrapper(&mut self, message: &Message<'_>) {
        for part in message.parts.iter().take(50) {
            let kind = media_type(part);
            let attribute = |name: &str| {
                let kind = part.content_type()?;
                kind.attribute(name).map(str::to_ascii_lowercase)
            };
            let says =
                attribute("smime-type").or_else(|| attribute("protocol")).unwrap_or_default();
            let name = match kind.as_str() {
                "application/pkcs7-mime" | "application/x-pkcs7-mime"
                    if says.contains("signed") =>
                {
                    "it is signed with S/MIME in a form that wraps its words; open the original to read them"
                }
                "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                    "it is encrypted with S/MIME and cannot be read here"
                }
                "multipart/encrypted" => "it is encrypted with PGP and cannot be read here",
                "multipart/signed" if says.contains("pgp") => {
                    "it is signed with PGP; the signature was not checked"
                }
                "multipart/signed" => "it is signed with S/MIME; the signature was not checked",
                _ => continue,
            };
            self.note(name);
        }
    }

    pub(super) fn note(&mut self, problem: &str) {
        if !self.problems.iter().any(|known| known == problem) {
            self.problems.push(problem.to_owned());
        }
    }
}

fn nested_start(nested: &Message<'_>) -> usize {
    nested.parts.first().map_or(usize::MAX, |part| part.offset_header as usize)
}

/// Adds words below others, bounded.
fn add(text: &mut String, words: &str) {
    let room = MAX_WORDS.saturating_sub(text.len());
    if !text.trim().is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(bound::start_of(words, room));
}
