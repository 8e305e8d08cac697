//! A line of a mail, and what it is.

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It shows nothing.
    Blank,
    /// Words of whoever wrote the mail.
    Text,
    /// Quoted with `>` or its like.
    Quote,
    /// Of "On … wrote:".
    Intro,
    /// "-----Original Message-----", or of "From: … Sent: … To: … Subject: …".
    Banner,
    /// The head of a mail that is passed on.
    Forward,
    /// What divides: `-- `, underscores, stars.
    Rule(Rule),
    /// "Sent from my phone".
    Device,
    /// The head of a disclaimer.
    Notice,
}

/// What a line of one repeated sign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// A signature follows (RFC 3676 §4.3: `-- `, mostly without its space).
    Signature,
    /// A footer or a quote follows: underscores.
    Footer,
    /// Anything may follow.
    Other,
    /// The mark of a mail tracker, of which nothing follows.
    Tracker,
}

/// A line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// As it was written.
    pub raw: &'a str,
    /// As its words are compared; empty where it is blank, quoted or code.
    pub folded: String,
    /// What it is.
    pub kind: Kind,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.kind == Kind::Blank
    }

    pub(super) fn is_quote(&self) -> bool {
        self.kind == Kind::Quote
    }

    /// Whether it announces a quote.
    pub(super) fn is_header(&self) -> bool {
        matches!(self.kind, Kind::Intro | Kind::Banner)
    }
}
