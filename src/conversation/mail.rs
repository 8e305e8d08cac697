//! What a mail tells beside its words: who wrote it to whom, what it answers, and whether to trust that.

use super::{AttachmentId, ConversationId, OutboxId};
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An address with the name that came with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The name, cleaned; nobody vouches for it.
    pub name: Option<String>,
    /// The address in lower case.
    pub address: String,
}

words! {
    /// Whether a machine sent a mail by itself, and why it did.
    MailKind {
        /// A person wrote it, as far as its headers tell.
        Personal = "none",
        /// Out of office, a receipt, any answer given by itself (RFC 3834).
        AutoReply = "auto_reply",
        /// It tells that a mail did not arrive or is late (RFC 3464).
        Bounce = "bounce",
        /// Sent to many: a list, a newsletter.
        List = "list",
        /// Another report: it was read (RFC 8098), it was called spam (RFC 5965).
        Report = "report",
    }
}

words! {
    /// Whether the sender's domain vouches for a mail (SPF, DKIM, DMARC).
    SenderAuth {
        /// It does.
        Pass = "pass",
        /// It says that the mail is not from it.
        Fail = "fail",
        /// Nobody says anything that can be believed.
        None = "none",
    }
}

words! {
    /// What was taken off a mail's new words.
    RemovedKind {
        /// What it answers, quoted.
        Quote = "quote",
        /// A signature, a disclaimer, "sent from my phone".
        Signature = "signature",
        /// Words that the mail's HTML hides from its reader.
        Hidden = "hidden",
    }
}

/// A part that was taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// What it is.
    pub kind: RemovedKind,
    /// Its text.
    pub text: String,
}

words! {
    /// What a report says has become of a mail of ours.
    ReportKind {
        /// It will not arrive (5.x.x).
        Failed = "failed",
        /// It is late and tried again (4.x.x, `delayed`).
        Delayed = "delayed",
        /// It has arrived.
        Delivered = "delivered",
        /// It was shown to its reader.
        Read = "read",
        /// Its reader called it spam.
        Complaint = "complaint",
    }
}

/// A report about a mail of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What it says.
    pub kind: ReportKind,
    /// The address that it is about.
    pub recipient: Option<String>,
    /// The enhanced status code (RFC 3463), such as 5.1.1.
    pub status: Option<String>,
    /// The other server's words, on one line.
    pub diagnostic: Option<String>,
    /// The Message-ID of the mail it is about, without angle brackets.
    pub about: Option<String>,
    /// The delivery that the address it was sent to names, where that is signed by us.
    pub outbox_id: Option<OutboxId>,
}

impl Report {
    /// Whether it says that the address itself is no good.
    pub fn is_about_address(&self) -> bool {
        self.kind == ReportKind::Failed && self.status.as_deref().is_none_or(is_about_address)
    }

    /// What the other server says, in one line: its status and its words.
    pub fn words(&self) -> String {
        let parts = [self.status.as_deref(), self.diagnostic.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Whether a status (RFC 3463) says that an address is no good: a permanent failure that is not about who sent the
/// mail, a mailbox that is full, the network, the mail's size or content, or a policy that turned this one away.
fn is_about_address(status: &str) -> bool {
    let others = ["5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.4"];
    let classes = ["5.4.", "5.6.", "5.7."];
    status.starts_with("5.")
        && !others.contains(&status)
        && !classes.iter().any(|class| status.starts_with(class))
}

/// The status in the words of a server that refused a mail at once, where it says that there is no such address.
pub fn unknown_address(words: &str) -> Option<&str> {
    words.split_whitespace().find(|word| {
        let is_of_addresses = word.starts_with("5.1.") || *word == "5.2.1";
        let is_status = word.chars().all(|it| it.is_ascii_digit() || it == '.');
        is_of_addresses && is_status && is_about_address(word)
    })
}

words! {
    /// What is known against writing to an address.
    AddressMark {
        /// Mails to it came back for good.
        Bounced = "bounced",
        /// Its reader called a mail of ours spam.
        Complained = "complained",
    }
}

/// A mail as it was understood, beside the message that it became.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// Its Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Its subject, decoded and cleaned.
    pub subject: String,
    /// Who wrote it. More than one is rare; the first counts.
    pub from: Vec<Mailbox>,
    /// Where answers are to go, where that is said.
    pub reply_to: Vec<Mailbox>,
    /// The address that answers go to, where it is not the sender's: the one of Reply-To that is none of ours.
    pub answers_to: Option<String>,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// To whom besides.
    pub cc: Vec<Mailbox>,
    /// What it answers: In-Reply-To, then References from the newest to the oldest; no angle brackets,
    /// none twice.
    pub answers: Vec<String>,
    /// The conversation that the address it was sent to names, where that is signed by us.
    pub thread: Option<ConversationId>,
    /// Whether a machine sent it by itself.
    pub kind: MailKind,
    /// The headers and words that say so.
    pub why: Vec<String>,
    /// Whether its sender's domain vouches for it.
    pub auth: SenderAuth,
    /// What was taken off its new words.
    pub removed: Vec<Removed>,
    /// The report that it is, if it is one.
    pub report: Option<Report>,
    /// What was wrong with it and how that was read.
    pub problems: Vec<String>,
    /// The mail as it came, byte for byte, among the stored files; set when it is stored.
    pub original: Option<AttachmentId>,
}

impl Mail {
    /// Whether a machine sent it by itself: it is filed and never answered.
    pub fn is_automatic(&self) -> bool {
        self.kind != MailKind::Personal
    }
}

/// What an outgoing mail needs to know of those before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailThread {
    /// The subject of the conversation, without `Re:`.
    pub subject: String,
    /// The Message-IDs of its mails in both directions, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// The newest mail of the customer, to be quoted.
    pub quoted: Option<Quoted>,
}

/// A mail that is quoted below an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Who wrote it.
    pub from: Mailbox,
    /// When.
    pub at: DateTime<Utc>,
    /// Its new words.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::{Report, ReportKind, unknown_address};

    #[test]
    fn only_a_failure_for_good_that_is_about_the_address_speaks_against_it() {
        for (kind, status, is_about_address) in [
            (ReportKind::Failed, Some("5.1.1"), true),
            (ReportKind::Failed, Some("5.0.0"), true),
            (ReportKind::Failed, Some("5.2.1"), true),
            (ReportKind::Failed, None, true),
            (ReportKind::Failed, Some("5.1.8"), false),
            (ReportKind::Failed, Some("5.2.2"), false),
            (ReportKind::Failed, Some("5.7.1"), false),
            (ReportKind::Failed, Some("4.4.7"), false),
            (ReportKind::Delayed, Some("5.1.1"), false),
            (ReportKind::Delivered, None, false),
        ] {
            let status = status.map(str::to_owned);
            let report = Report {
                kind,
                recipient: None,
                status,
                diagnostic: None,
                about: None,
                outbox_id: None,
            };
            assert_eq!(report.is_about_address(), is_about_address, "{report:?}");
        }
    }

    #[test]
    fn a_server_that_knows_no_such_address_is_told_from_one_that_wants_no_mail() {
        for (words, status) in [
            ("the server refused it: 550 5.1.1 no such person here", Some("5.1.1")),
            ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", Some("5.1.10")),
            ("550 5.2.1 disabled", Some("5.2.1")),
            ("550 5.1.8 your domain is unknown", None),
            ("554 5.7.1 looks like spam", None),
            ("550 no such person here", None),
            (
                "mails to this address have come back since 2026-11-26 (5.1.1); take the mark off",
                None,
            ),
            ("552 5.2.2 full", None),
            ("see https://5.1.1/x 5.1.1: or", None),
        ] {
            assert_eq!(unknown_address(words), status, "{words}");
        }
    }
}
