//! Reports about mails: that they did not arrive (RFC 3464), were read (RFC 8098), were called spam
//! (RFC 5965), and the many bounces that follow none of these.

mod field;
mod loose;

#[cfg(test)]
mod tests;

pub(super) use loose::read as read_loose;

use super::header::Headers;
use crate::conversation::{Report, ReportKind};
use field::Fields;

/// The parts of a mail that make a report.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// `message/delivery-status`.
    pub(super) delivery: Option<String>,
    /// `message/disposition-notification`.
    pub(super) disposition: Option<String>,
    /// `message/feedback-report`.
    pub(super) feedback: Option<String>,
    /// The headers of the mail that it is about.
    pub(super) returned: Option<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) report: Option<Report>,
    pub(super) why: Option<String>,
}

/// Reads a report from its parts.
pub(super) fn read(pieces: &Pieces, headers: &Headers) -> Found {
    let about = pieces.returned.as_deref().and_then(|text| Fields::read(text).id("message-id"));
    let kind = headers.first("content-type").unwrap_or_default().to_ascii_lowercase();
    let named = kind.starts_with("multipart/report");
    if let Some(text) = &pieces.feedback {
        return Found {
            report: feedback(text, about),
            why: Some("message/feedback-report".into()),
        };
    }
    if let Some(text) = &pieces.disposition {
        return Found {
            report: disposition(text, about),
            why: Some("message/disposition-notification".into()),
        };
    }
    if let Some(text) = &pieces.delivery {
        return Found {
            report: delivery(text, about),
            why: Some("message/delivery-status".into()),
        };
    }
    let why = named.then(|| {
        let of = ["delivery-status", "disposition-notification", "feedback-report"];
        let of = of.into_iter().find(|of| kind.contains(of)).unwrap_or("of no known type");
        format!("Content-Type: multipart/report, {of}")
    });
    let is_bounce = kind.contains("delivery-status");
    let report = (named && is_bounce).then(|| blank(ReportKind::Failed, about));
    Found { report, why }
}

fn blank(kind: ReportKind, about: Option<String>) -> Report {
    Report { kind, recipient: None, status: None, diagnostic: None, about, outbox_id: None }
}

/// Reads a delivery report; of several recipients the worst off counts.
fn delivery(text: &str, about: Option<String>) -> Option<Report> {
    let rank = |kind: ReportKind| match kind {
        ReportKind::Failed => 2,
        ReportKind::Delayed => 1,
        ReportKind::Delivered | ReportKind::Read | ReportKind::Complaint => 0,
    };
    let mut worst: Option<Report> = None;
    for group in field::groups(text) {
        let fields = Fields::read(group);
        let status = fields.status("status");
        let Some(kind) = action(fields.value("action"), status.as_deref()) else { continue };
        let report = Report {
            recipient: fields
                .address("original-recipient")
                .or_else(|| fields.address("final-recipient")),
            diagnostic: fields.value("diagnostic-code").map(field::diagnostic),
            about: fields.id("x-original-message-id").or_else(|| about.clone()),
            status,
            ..blank(kind, None)
        };
        if worst.as_ref().is_none_or(|worst| rank(worst.kind) < rank(kind)) {
            worst = Some(report);
        }
    }
    worst.or_else(|| Some(blank(ReportKind::Failed, about)))
}

fn action(action: Option<&str>, status: Option<&str>) -> Option<ReportKind> {
    let word = action.map(|action| action.trim().to_ascii_lowercase());
    match word.as_deref().and_then(|word| word.split([' ', '(', ';']).next()) {
        Some("failed" | "failure") => Some(ReportKind::Failed),
        Some("delayed") => Some(ReportKind::Delayed),
        Some("delivered" | "relayed" | "expanded" | "deliverable") => Some(ReportKind::Delivered),
        _ => match status?.as_bytes().first()? {
            b'5' => Some(ReportKind::Failed),
            b'4' => Some(ReportKind::Delayed),
            _ => Some(ReportKind::Delivered),
        },
    }
}

fn disposition(text: &str, about: Option<String>) -> Option<Report> {
    let fields = Fields::read(text);
    let said = fields.value("disposition")?.to_ascii_lowercase();
    let kind = said.rsplit(';').next().unwrap_or_default().trim();
    let kind = match kind.split('/').next().unwrap_or_default().trim() {
        "displayed" | "read" => ReportKind::Read,
        "failed" | "denied" => ReportKind::Failed,
        // It was there, whatever was then done with it unread.
        _ => ReportKind::Delivered,
    };
    Some(Report {
        recipient: fields
            .address("original-recipient")
            .or_else(|| fields.address("final-recipient")),
        about: fields.id("original-message-id").or(about),
        ..blank(kind, None)
    })
}

fn feedback(text: &str, about: Option<String>) -> Option<Report> {
    let fields = Fields::read(text);
    let kind = fields.value("feedback-type").unwrap_or("abuse").trim().to_ascii_lowercase();
    // That a proof of the sender failed, or that it is no spam, is nobody's complaint.
    if matches!(kind.as_str(), "auth-failure" | "not-spam" | "dmarc" | "dkim") {
        return None;
    }
    let recipient = ["original-rcpt-to", "removal-recipient", "original-recipient"];
    Some(Report {
        recipient: recipient.into_iter().find_map(|name| fields.address(name)),
        diagnostic: Some(format!("Feedback-Type: {kind}")),
        ..blank(ReportKind::Complaint, about)
    })
}

/// A report with what another reading of the same mail found besides.
pub(super) fn filled(report: Report, other: Report) -> Report {
    Report {
        recipient: report.recipient.or(other.recipient),
        status: report.status.or(other.status),
        diagnostic: report.diagnostic.or(other.diagnostic),
        about: report.about.or(other.about),
        ..report
    }
}
