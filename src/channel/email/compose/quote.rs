//! The mail that is answered, quoted below: who wrote it when, then its words.

use crate::channel::text::clean_line;
use crate::conversation::Quoted;
use crate::lang::Lang;

/// Characters that are quoted at most.
const LONGEST: usize = 10_000;

/// A mail as it is quoted.
pub(super) struct Below {
    /// Who wrote it and when.
    pub(super) said: String,
    /// Its words, a line each.
    pub(super) lines: Vec<String>,
}

impl Below {
    pub(super) fn new(quoted: &Quoted, lang: Lang) -> Self {
        let who = quoted.from.name.as_deref().map(clean_line).filter(|name| !name.is_empty());
        let who = who.unwrap_or_else(|| clean_line(&quoted.from.address));
        let when = quoted.at.format("%Y-%m-%d %H:%M UTC");
        // The words that mail programs use, so that others know them for a quote.
        let said = match lang.as_str() {
            "de" => format!("Am {when} schrieb {who}:"),
            "fr" => format!("Le {when}, {who} a écrit :"),
            "es" => format!("El {when}, {who} escribió:"),
            "pt" => format!("Em {when}, {who} escreveu:"),
            "it" => format!("Il {when}, {who} ha scritto:"),
            "nl" => format!("Op {when} schreef {who}:"),
            _ => format!("On {when}, {who} wrote:"),
        };
        let cut: String = quoted.text.trim().chars().take(LONGEST).collect();
        let is_cut = cut.len() < quoted.text.trim().len();
        let lines = cut.lines().map(str::to_owned).chain(is_cut.then(|| "[…]".to_owned()));
        Self { said, lines: lines.collect() }
    }

    /// The quote as plain text.
    pub(super) fn plain(&self) -> String {
        let quoted = self.lines.iter().map(|line| format!("> {line}").trim_end().to_owned());
        std::iter::once(self.said.clone()).chain(quoted).collect::<Vec<_>>().join("\n")
    }
}
