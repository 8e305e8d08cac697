//! Who is a machine, and who only looks like one.

use crate::channel::email::read::{Own, understand};
use crate::conversation::MailKind::{self, AutoReply, Bounce, List, Personal, Report};

fn kind(headers: &str, body: &str) -> MailKind {
    let from = if headers.contains("From: ") { "" } else { "From: Ana <ana@example.org>\n" };
    let own = Own { addresses: vec!["support@example.com".into()], ..Own::default() };
    let found = understand(format!("{from}{headers}\n\n{body}\n").as_bytes(), &own);
    assert_eq!(found.mail.kind == Personal, found.mail.why.is_empty(), "{:?}", found.mail.why);
    found.mail.kind
}

#[test]
fn headers_tell_machines() {
    for (headers, expected) in [
        ("Auto-Submitted: auto-replied", AutoReply),
        ("Auto-Submitted: auto-generated; owner-email=x", AutoReply),
        ("Auto-Submitted: no", Personal),
        ("Auto-Submitted: No (a person)", Personal),
        ("Return-Path: <>", AutoReply),
        ("Return-Path: < >", AutoReply),
        ("Return-Path: <ana@example.org>", Personal),
        ("Return-Path: <bounces+12@shop.example>", Personal),
        ("From: MAILER-DAEMON@example.org", Bounce),
        ("From: Mail Delivery <>\nReturn-Path: <mailer-daemon@example.org>", Bounce),
        ("From: MAILER-DAEMON <>", Bounce),
        ("From: no-reply@example.org", AutoReply),
        ("From: shop-noreply@example.org", AutoReply),
        ("From: do_not_reply@example.org", AutoReply),
        ("From: noreply+7@example.org", AutoReply),
        ("From: postmaster@example.org", AutoReply),
        ("From: bounces@example.org", AutoReply),
        ("From: abuse@example.org", AutoReply),
        ("From: norepley@example.org", Personal),
        ("From: nora.eply@example.org", Personal),
        ("From: Support <SUPPORT@example.com>", AutoReply),
        ("Precedence: bulk", List),
        ("Precedence: junk", List),
        ("Precedence: auto_reply", AutoReply),
        ("Precedence: first-class", Personal),
        ("List-Id: <news.example.org>", List),
        ("List-Unsubscribe: <https://example.org/u>", List),
        ("List-Post: <mailto:l@example.org>", List),
        // The inbox is a Google Group itself.
        (
            "List-Id: <support.example.com>\nList-Post: <https://groups.example/p>, <mailto:support@example.com>\nPrecedence: list",
            Personal,
        ),
        ("X-Autoreply: yes", AutoReply),
        ("X-Autoreply: no", Personal),
        ("X-Autorespond: x", AutoReply),
        ("X-Loop: x", AutoReply),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", AutoReply),
        ("X-Auto-Response-Suppress: All", AutoReply),
        ("X-Auto-Response-Suppress: DR, RN, NRN", Personal),
        ("X-MS-Exchange-Inbox-Rules-Loop: a@example.org", AutoReply),
        ("X-Failed-Recipients: b@example.org", Bounce),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Bounce),
        (
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            Report,
        ),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", Report),
        ("List-Id: <l.example.org>\nAuto-Submitted: auto-replied", AutoReply),
        ("X-Spam: no", Personal),
    ] {
        assert_eq!(kind(headers, "Hello"), expected, "{headers}");
    }
}

#[test]
fn words_tell_machines_where_headers_do_not() {
    for (subject, body, expected) in [
        ("Automatic reply: Your order", "I am away.", AutoReply),
        ("Auto: Re: x", "x", AutoReply),
        ("Out of Office: Ana", "x", AutoReply),
        ("Out of office", "x", AutoReply),
        ("Automatische Antwort: Bestellung", "x", AutoReply),
        ("Abwesenheitsnotiz: Bestellung", "x", AutoReply),
        ("Réponse automatique : commande", "x", AutoReply),
        ("Respuesta automática: pedido", "x", AutoReply),
        ("Resposta automática: pedido", "x", AutoReply),
        ("自動応答: 注文", "x", AutoReply),
        ("Order 7", "I am out of the office until Monday with limited access to email.", AutoReply),
        (
            "Bestellung",
            "Ich bin bis zum 3. Mai nicht im Büro. In dringenden Fällen wenden Sie sich an Bo.",
            AutoReply,
        ),
        ("Order 7", "This is an automated response. We got your mail.", AutoReply),
        // Persons who write about such things.
        ("Re: Automatic reply: Your order", "Thanks for that.", Personal),
        ("Out of office chairs", "Do you have any more of them?", Personal),
        (
            "Delivery",
            "I am out of the office until Monday, please contact me by phone. Can you deliver then?",
            Personal,
        ),
        ("Abwesenheit", "Bitte liefern Sie erst am Montag.", Personal),
        ("Automatic gate", "The automatic gate does not open.", Personal),
        ("Undeliverable: Hello", "Your message could not be delivered to b@example.org", Bounce),
        ("Delivery Status Notification (Failure)", "550 5.1.1 user unknown", Bounce),
        ("Unzustellbar: Hallo", "Ihre Nachricht konnte nicht zugestellt werden.", Bounce),
        ("Delivery failed", "My parcel never came and nobody rang.", Personal),
        ("Parcel", "It could not be delivered, says the driver.", Personal),
        ("Delivery problem", "The courier left it with somebody else.", Personal),
        ("Mailbox is full", "Your form says my mailbox is full.", Personal),
    ] {
        assert_eq!(kind(&format!("Subject: {subject}"), body), expected, "{subject}: {body}");
    }
}

#[test]
fn a_contact_form_speaks_for_who_wrote_in_it() {
    let raw = b"From: Shop <noreply@shop.example>\nReply-To: ana@example.org\n\nWhere is my cup?\n";
    let own = Own { reply_to_is_sender: true, ..Own::default() };
    assert_eq!(understand(raw, &own).mail.kind, Personal);
    assert_eq!(understand(raw, &Own::default()).mail.kind, AutoReply);
}
