//! A mail as a message: who wrote it, what it says, what it belongs to.

use super::read::{Own, Understood, understand};
use super::token::Signer;
use crate::channel::text::clean_line;
use crate::conversation::{Attachment, AttachmentId, Inbound, Inbox, NewFile};
use chrono::{DateTime, Utc};

/// Who writes when a mail does not say.
const NOBODY: &str = "nobody@unknown.invalid";

/// The message that a mail is. Never fails: what cannot be understood is in the original, which goes along.
pub(super) fn inbound(
    inbox: &Inbox,
    own: &Own,
    signer: &Signer,
    raw: &[u8],
    now: DateTime<Utc>,
) -> Inbound {
    let Understood { mut mail, text, date, files, recipients, fingerprint } = understand(raw, own);
    let named = signer.read(&recipients);
    mail.thread = named.conversation;
    if let Some(report) = &mut mail.report {
        report.outbox_id = named.delivery;
    }
    let original = NewFile { id: AttachmentId::fresh(), bytes: raw.to_vec() };
    mail.original = Some(original.id.clone());
    let mut laid = vec![original];
    let attachments = files.into_iter().map(|file| {
        let id = AttachmentId::fresh();
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        laid.push(NewFile { id: id.clone(), bytes: file.bytes });
        let (name, media_type) = (file.name, file.media_type);
        Attachment { id, name, media_type, size, url: None, missing: None, heard: None }
    });
    let attachments = attachments.collect();
    let reply_to = mail.reply_to.first().filter(|_| own.reply_to_is_sender);
    let writer = reply_to.or(mail.from.first());
    let identity = writer.map_or_else(|| NOBODY.to_owned(), |writer| writer.address.clone());
    let message_id = mail.message_id.as_deref().unwrap_or_default();
    Inbound {
        inbox: inbox.clone(),
        name: writer.and_then(|writer| writer.name.as_deref()).map(clean_line),
        email: writer.map(|writer| writer.address.clone()),
        external_id: Some(format!("{message_id}#{fingerprint}")),
        body: text,
        attachments,
        // A clock that runs ahead does not make a mail the newest for years.
        sent_at: date.map_or(now, |date| date.min(now)),
        identity,
        aliases: Vec::new(),
        mail: Some(Box::new(mail)),
        whatsapp: None,
        files: laid,
    }
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, Own, inbound};
    use crate::channel::email::token::Signer;
    use crate::config::InboxSettings;
    use crate::conversation::{ChannelKind, ConversationId, Inbound, OutboxId};
    use chrono::{DateTime, Utc};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn signer() -> Signer {
        Signer::new("support@shop.example", b"key")
    }

    fn read(raw: &str, reply_to_is_sender: bool) -> Inbound {
        let own = Own {
            addresses: vec!["support@shop.example".into()],
            authserv: vec![],
            reply_to_is_sender,
        };
        let inbox = InboxSettings::new("support", ChannelKind::Email).inbox();
        inbound(&inbox, &own, &signer(), raw.replace('\n', "\r\n").as_bytes(), now())
    }

    const PLAIN: &str = "From: Anna <Anna@Their.example>\nReply-To: form@their.example\n\
        To: support@shop.example\nSubject: Boots\nDate: Thu, 14 Jan 2027 08:00:00 +0000\n\
        Message-ID: <1@their.example>\n\nWhere are they?\n";

    #[test]
    fn a_mail_is_a_message_of_its_sender() {
        let message = read(PLAIN, false);
        assert_eq!(
            (message.identity.as_str(), message.name.as_deref()),
            ("anna@their.example", Some("Anna"))
        );
        assert_eq!(message.body, "Where are they?");
        assert_eq!(message.sent_at.to_rfc3339(), "2027-01-14T08:00:00+00:00");
        let id = message.external_id.as_deref().expect("an id");
        assert!(id.starts_with("1@their.example#"), "{id}");
        let mail = message.mail.expect("its mail");
        assert_eq!(mail.original.as_ref(), Some(&message.files[0].id), "the original goes along");
        assert_eq!(message.files[0].bytes, PLAIN.replace('\n', "\r\n").as_bytes());
        assert_eq!(read(PLAIN, false).external_id.as_deref(), Some(id), "the same for each copy");
        assert_eq!(read(PLAIN, true).identity, "form@their.example");
    }

    #[test]
    fn answers_go_where_reply_to_says_unless_that_is_the_sender_or_one_of_ours() {
        for (reply_to, expected) in [
            ("form@their.example", Some("form@their.example")),
            ("Ben <BEN@their.example>, carl@their.example", Some("ben@their.example")),
            ("Anna@THEIR.example", None),
            ("ben@their.example, anna@their.example", None),
            ("support@shop.example", None),
            ("Support+c-anything@Shop.example", None),
            ("support@shop.example, ben@their.example", Some("ben@their.example")),
            ("", None),
            ("undisclosed-recipients:;", None),
        ] {
            let raw = PLAIN.replace("form@their.example", reply_to);
            let message = read(&raw, false);
            assert_eq!(message.identity, "anna@their.example", "{reply_to}");
            let mail = message.mail.expect("its mail");
            assert_eq!(mail.answers_to.as_deref(), expected, "{reply_to}");
            let as_sender = read(&raw, true).mail.expect("its mail");
            assert_eq!(as_sender.answers_to, None, "who is told to be the sender gets the answers");
        }
    }

    #[test]
    fn nothing_that_is_missing_or_wrong_loses_a_mail() {
        for raw in ["", "\n", "no headers at all", "Subject: x\n\nHi", "\u{0}\u{1}"] {
            let message = read(raw, false);
            assert_eq!((message.identity.as_str(), message.email), (NOBODY, None), "{raw:?}");
            assert!(message.external_id.is_some_and(|id| id.starts_with('#')), "{raw:?}");
            assert_eq!(message.sent_at, now());
        }
        let future = PLAIN.replace("2027", "2099");
        assert_eq!(read(&future, false).sent_at, now(), "dated now");
    }

    #[test]
    fn the_addresses_it_was_sent_to_name_what_it_belongs_to() {
        let (conversation, delivery) = (ConversationId::fresh(), OutboxId::fresh());
        let to = signer().for_conversation(&conversation).expect("one");
        let answer =
            PLAIN.replace("To: support@shop.example", &format!("To: {}", to.to_uppercase()));
        assert_eq!(read(&answer, false).mail.and_then(|mail| mail.thread), Some(conversation));
        let bounced = signer().for_delivery(&delivery).expect("one");
        let report = format!(
            "Return-Path: <>\nDelivered-To: {bounced}\nFrom: MAILER-DAEMON@mx.example\n\
             To: {bounced}\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: \
             message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; \
             anna@their.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
        );
        let mail = read(&report, false).mail.expect("its mail");
        assert_eq!(mail.report.and_then(|report| report.outbox_id), Some(delivery));
    }
}
