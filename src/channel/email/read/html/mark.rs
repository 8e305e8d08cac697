//! The marks by which mail programs say in HTML what is quoted and what is a signature.

/// What an element is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A quotation; answers may stand between several.
    Quotation,
    /// A box around the line that says who wrote and the quotation; answers may stand inside.
    Around,
    /// From here on everything is the mail that is answered.
    Rest,
    /// A signature.
    Signature,
}

/// Classes around what is quoted: Gmail, Yahoo, Proton, Tuta, Zoho, Spark, Front, Missive, HEY, Apple.
const AROUND: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "front-blockquote",
    "missive_quote",
    "moz-cite-prefix",
    "freshdesk_quote",
    "hs_reply",
    "trix-quote",
    "appleoriginalcontents",
    "wisestamp_quote",
    "mailbox_quote",
    "airmail_on",
];

/// Where Outlook and Zimbra begin the mail that is answered; nobody writes below it.
const REST: &[&str] = &[
    "divrplyfwdmsg",
    "appendonsend",
    "outlookmessageheader",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "__divider__",
    "zwchr",
    "olk_src_body_section",
    "replysplit",
];

const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "yahoo-signature",
    "hs-signature",
];

/// Reads what an element is marked as from its tag, its id, classes and other names.
pub(super) fn read(tag: &str, names: &[&str], is_cited: bool) -> Option<Mark> {
    let mut found = None;
    for name in names.iter().flat_map(|names| names.split_whitespace()).take(24) {
        let name = name.to_ascii_lowercase();
        // Outlook puts `x_` before the names in a mail that it quotes.
        let name = name.trim_start_matches("x_");
        let mark = if REST.contains(&name) {
            Some(Mark::Rest)
        } else if AROUND.contains(&name) {
            Some(Mark::Around)
        } else if SIGNATURES.contains(&name) || (name == "signature" && tag == "div") {
            Some(Mark::Signature)
        } else {
            None
        };
        found = found.or(mark);
    }
    match (tag, found) {
        ("blockquote", Some(Mark::Around)) => Some(Mark::Quotation),
        ("blockquote", None) if is_cited => Some(Mark::Quotation),
        _ => found,
    }
}
