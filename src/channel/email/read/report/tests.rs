//! Reports, by the standards and in servers' own words.

use crate::channel::email::read::{Own, understand};
use crate::conversation::{MailKind, Report, ReportKind};

fn read(raw: &str) -> (MailKind, Option<Report>) {
    let own = Own { addresses: vec!["support@example.com".into()], ..Own::default() };
    let mail = understand(raw.replace('\n', "\r\n").as_bytes(), &own).mail;
    (mail.kind, mail.report)
}

fn report(
    kind: ReportKind,
    recipient: &str,
    status: &str,
    diagnostic: &str,
    about: &str,
) -> Report {
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Report {
        kind,
        recipient: told(recipient),
        status: told(status),
        diagnostic: told(diagnostic),
        about: told(about),
        outbox_id: None,
    }
}

/// A report of that type, with those fields about a mail of ours.
fn dsn(fields: &str) -> String {
    format!(
        "From: mailer-daemon@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <c.m@example.com>\nTo: ana@example.org\nSubject: Re: cup\n\nWords\n--b--\n"
    )
}

#[test]
fn delivery_reports_say_what_became_of_a_mail() {
    for (fields, kind, expected) in [
        (
            "Final-Recipient: rfc822; Ana@Example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n  no such user\n",
            MailKind::Bounce,
            report(
                ReportKind::Failed,
                "ana@example.org",
                "5.1.1",
                "550 5.1.1 no such user",
                "c.m@example.com",
            ),
        ),
        (
            "Final-Recipient: rfc822; ana@example.org\nAction: delayed\nStatus: 4.4.1\n",
            MailKind::Bounce,
            report(ReportKind::Delayed, "ana@example.org", "4.4.1", "", "c.m@example.com"),
        ),
        (
            "Original-Recipient: rfc822;ana@example.org\nFinal-Recipient: rfc822; box-7@inner.example\nAction: relayed\nStatus: 2.0.0\n",
            MailKind::Report,
            report(ReportKind::Delivered, "ana@example.org", "2.0.0", "", "c.m@example.com"),
        ),
        // The worst off of several counts.
        (
            "Final-Recipient: rfc822; bo@example.org\nAction: delayed\nStatus: 4.0.0\n\nFinal-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.2.2 (full)\n",
            MailKind::Bounce,
            report(ReportKind::Failed, "ana@example.org", "5.2.2", "", "c.m@example.com"),
        ),
        (
            "Final-Recipient: rfc822; ana@example.org\nStatus: 5.0.0\n",
            MailKind::Bounce,
            report(ReportKind::Failed, "ana@example.org", "5.0.0", "", "c.m@example.com"),
        ),
    ] {
        assert_eq!(read(&dsn(fields)), (kind, Some(expected)), "{fields}");
    }
}

#[test]
fn receipts_and_complaints_are_told_apart() {
    for (kind, part, fields, expected) in [
        (
            "disposition-notification",
            "message/disposition-notification",
            "Final-Recipient: rfc822; ana@example.org\nOriginal-Message-ID: <c.m@example.com>\nDisposition: manual-action/MDN-sent-manually; displayed\n",
            Some(report(ReportKind::Read, "ana@example.org", "", "", "c.m@example.com")),
        ),
        (
            "disposition-notification",
            "message/disposition-notification",
            "Final-Recipient: rfc822; ana@example.org\nDisposition: automatic-action/MDN-sent-automatically; deleted\n",
            Some(report(ReportKind::Delivered, "ana@example.org", "", "", "r@example.com")),
        ),
        (
            "feedback-report",
            "message/feedback-report",
            "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: <ana@example.org>\n",
            Some(report(
                ReportKind::Complaint,
                "ana@example.org",
                "",
                "Feedback-Type: abuse",
                "r@example.com",
            )),
        ),
        ("feedback-report", "message/feedback-report", "Feedback-Type: auth-failure\n", None),
    ] {
        let raw = format!(
            "From: r@mx.example\nContent-Type: multipart/report; report-type={kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: {part}\n\n{fields}\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <r@example.com>\n--b--\n"
        );
        assert_eq!(read(&raw), (MailKind::Report, expected), "{fields}");
    }
}

#[test]
fn bounces_in_a_servers_own_words_are_read() {
    for (name, raw, expected) in [
        (
            "below the words comes the mail",
            "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI could not deliver your letter, it came back.\n\n<ana@example.org>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <support@example.com>\nMessage-ID: <c.m@example.com>\nTo: ana@example.org\n\nHi\n",
            report(
                ReportKind::Failed,
                "ana@example.org",
                "5.1.1",
                "Remote host said: 550 5.1.1 no such user",
                "c.m@example.com",
            ),
        ),
        (
            "only a code",
            "From: postmaster@mx.example\nSubject: Undeliverable\n\nTo support@example.com: your mail for <ana@example.org> was refused:\n452 mailbox full, trying again\n",
            report(
                ReportKind::Delayed,
                "ana@example.org",
                "4.0.0",
                "452 mailbox full, trying again",
                "",
            ),
        ),
        (
            "the address in a header",
            "From: Mail Delivery <mailer-daemon@mx.example>\nX-Failed-Recipients: ana@example.org\nSubject: Mail delivery failed\n\nA message could not be delivered.\n",
            report(ReportKind::Failed, "ana@example.org", "", "", ""),
        ),
        (
            "a notification as JSON",
            "From: no-reply@sns.example\nSubject: Notification\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":\"ana@example.org\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550\"}]},\"mail\":{}}\n",
            report(ReportKind::Failed, "ana@example.org", "5.1.1", "smtp; 550", ""),
        ),
    ] {
        assert_eq!(read(raw), (MailKind::Bounce, Some(expected)), "{name}");
    }
}
