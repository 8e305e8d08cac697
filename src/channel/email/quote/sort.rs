//! Telling the lines of a mail apart.

use super::line::{Kind, Line};
use super::{banner, block, device, intro, notice, rule, text};

/// Lines of a paragraph that are read to find out whether it is a disclaimer.
const NOTICE_LINES: usize = 6;

/// Reads the lines of a mail, each with what it is.
pub(super) fn sort(mail: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = mail.split('\n').map(look).collect();
    keep_code(&mut lines);
    mark_single(&mut lines);
    block::mark(&mut lines);
    mark_intros(&mut lines);
    mark_bars(&mut lines);
    mark_notices(&mut lines);
    lines
}

/// What a line is by itself and at first sight.
fn look(raw: &str) -> Line<'_> {
    let raw = raw.trim_end_matches('\r');
    let (kind, folded) = if text::is_blank(raw) {
        (Kind::Blank, String::new())
    } else if text::is_quoted(raw) {
        (Kind::Quote, String::new())
    } else {
        (Kind::Text, text::fold(raw))
    };
    Line { raw, folded, kind }
}

/// What stands between two fences is shown as it is: no sign in it means anything.
fn keep_code(lines: &mut [Line]) {
    let is_fence = |line: &Line| line.folded.starts_with("```") || line.folded.starts_with("~~~ ");
    let fences: Vec<usize> = (0..lines.len()).filter(|&at| is_fence(&lines[at])).collect();
    for pair in fences.chunks_exact(2) {
        for line in &mut lines[pair[0]..=pair[1]] {
            line.folded.clear();
            line.kind = Kind::Text;
        }
    }
}

fn mark_single(lines: &mut [Line]) {
    for at in 0..lines.len() {
        let line = &lines[at];
        if line.kind != Kind::Text || line.folded.is_empty() {
            continue;
        }
        if let Some(rule) = rule::kind(&line.folded) {
            lines[at].kind = Kind::Rule(rule);
        } else if let Some(kind) = banner::kind(&line.folded) {
            lines[at].kind = kind;
        } else if device::is_device(&line.folded) && stands_alone(&lines[at + 1..]) {
            lines[at].kind = Kind::Device;
        }
    }
}

/// Whether no sentence goes on below a line.
fn stands_alone(below: &[Line]) -> bool {
    below.first().is_none_or(|next| {
        next.kind != Kind::Text
            || rule::kind(&next.folded).is_some()
            || banner::kind(&next.folded).is_some()
            || !next.raw.starts_with(char::is_lowercase)
    })
}

fn mark_intros(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let count = match lines[at].kind {
            Kind::Text => intro::length(lines, at),
            _ => 0,
        };
        for line in &mut lines[at..at + count] {
            line.kind = Kind::Intro;
        }
        at += count.max(1);
    }
}

/// Bars quote right below what announces a quote; elsewhere they are tables.
fn mark_bars(lines: &mut [Line]) {
    let mut is_announced = false;
    for line in lines {
        match line.kind {
            Kind::Intro => is_announced = true,
            Kind::Blank => {}
            Kind::Text if is_announced && line.folded.starts_with('|') => line.kind = Kind::Quote,
            Kind::Text
            | Kind::Quote
            | Kind::Banner
            | Kind::Forward
            | Kind::Rule(_)
            | Kind::Device
            | Kind::Notice => is_announced = false,
        }
    }
}

fn mark_notices(lines: &mut [Line]) {
    for at in 0..lines.len() {
        let begins = lines[at].kind == Kind::Text && (at == 0 || lines[at - 1].kind != Kind::Text);
        if !begins {
            continue;
        }
        let paragraph = lines[at..].iter().take(NOTICE_LINES);
        let paragraph: Vec<&Line> = paragraph.take_while(|line| line.kind == Kind::Text).collect();
        let length = paragraph.iter().map(|line| line.raw.len()).sum();
        let words: Vec<&str> = paragraph.iter().map(|line| line.folded.as_str()).collect();
        if notice::is_notice(&words.join(" "), length) {
            lines[at].kind = Kind::Notice;
        }
    }
}
