//! Bounces in a server's own words: the address, the code and the sentence are picked out.

use super::super::bound;
use super::super::header::{Headers, tidy};
use super::super::thread;
use super::field;
use crate::channel::text::clean_line;
use crate::conversation::{Report, ReportKind};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Bytes in which a server says what went wrong.
const START: usize = 50_000;

#[expect(clippy::expect_used, reason = "tests run these patterns")]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+")
        .expect("the pattern is written here")
});

#[expect(clippy::expect_used, reason = "tests run these patterns")]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s:<(\[#>])([45]\d\d)(?:[\s:)\]-]|$)").expect("the pattern is written here")
});

/// Reads a bounce from its words and from the mail that came back with it.
pub(in super::super) fn read(
    text: &str,
    returned: Option<&str>,
    headers: &Headers,
    own: &[String],
) -> Report {
    let text = bound::start_of(text, START);
    if let Some(report) = notification(text) {
        return report;
    }
    let (said, quoted) = apart(text);
    let line = said.lines().find(|line| field::status(line).is_some() || CODE.is_match(line));
    let status = line.and_then(field::status).or_else(|| {
        let code = CODE.captures(line?)?.get(1)?.as_str();
        Some(format!("{}.0.0", &code[..1]))
    });
    let is_late =
        status.as_deref().map_or_else(|| tells_delay(said), |status| status.starts_with('4'))
            && !said.to_lowercase().contains("giving up");
    let about = returned.or(quoted).map(field::Fields::read);
    let about_mail = about.as_ref().and_then(|fields| fields.id("message-id"));
    Report {
        kind: if is_late { ReportKind::Delayed } else { ReportKind::Failed },
        recipient: recipient(said, headers, own)
            .or_else(|| about.as_ref().and_then(|fields| fields.address("to"))),
        diagnostic: line.map(|line| clean_line(bound::start_of(line, 1_000))),
        about: about_mail.or_else(|| message_id(text)),
        status,
        outbox_id: None,
    }
}

/// What the server says, and the headers of the mail that it gives back below.
fn apart(text: &str) -> (&str, Option<&str>) {
    let marks = ["\nReceived: ", "\nReturn-Path: ", "\nMessage-ID: ", "\nMessage-Id: "];
    let at = marks.iter().filter_map(|mark| text.find(mark)).min();
    at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

fn tells_delay(said: &str) -> bool {
    let said = said.to_lowercase();
    [
        "will be retried",
        "still being retried",
        "will continue to try",
        "has been delayed",
        "not yet been delivered",
    ]
    .iter()
    .any(|words| said.contains(words))
}

fn recipient(said: &str, headers: &Headers, own: &[String]) -> Option<String> {
    let named = headers.first("x-failed-recipients").unwrap_or_default();
    let about = |address: &str| {
        let local = address.split('@').next().unwrap_or_default();
        !own.iter().any(|own| own == address)
            && !matches!(local, "postmaster" | "mailer-daemon" | "abuse" | "support" | "admin")
    };
    let mut found = ADDRESS.find_iter(named).chain(ADDRESS.find_iter(said));
    found.find_map(|found| Some(tidy(found.as_str())).filter(|address| about(address)))
}

fn message_id(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim_start).find(|line| {
        line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"))
    })?;
    thread::ids(&line[11..]).into_iter().next()
}

/// Reads what Amazon's notification service says of a mail.
fn notification(text: &str) -> Option<Report> {
    let start = text.trim_start();
    let value: Value = serde_json::Deserializer::from_str(start.starts_with('{').then_some(start)?)
        .into_iter()
        .next()?
        .ok()?;
    let (kind, list, what) = match value["notificationType"].as_str()? {
        "Bounce" if value["bounce"]["bounceType"] == "Transient" => {
            (ReportKind::Delayed, &value["bounce"]["bouncedRecipients"], "bounce")
        }
        "Bounce" => (ReportKind::Failed, &value["bounce"]["bouncedRecipients"], "bounce"),
        "Complaint" => {
            (ReportKind::Complaint, &value["complaint"]["complainedRecipients"], "complaint")
        }
        "Delivery" => (ReportKind::Delivered, &value["delivery"]["recipients"], "delivery"),
        _ => return None,
    };
    let first = &list[0];
    let address = first["emailAddress"].as_str().or(first.as_str());
    let words =
        |value: &Value| value.as_str().map(|words| clean_line(bound::start_of(words, 1_000)));
    Some(Report {
        kind,
        recipient: address.map(tidy),
        status: first["status"].as_str().and_then(field::status),
        diagnostic: words(&first["diagnosticCode"])
            .or_else(|| words(&value[what]["bounceSubType"])),
        about: words(&value["mail"]["commonHeaders"]["messageId"])
            .and_then(|id| thread::ids(&id).into_iter().next()),
        outbox_id: None,
    })
}
