//! Deciding what becomes of each line of a mail.

use super::line::{Kind, Line, Rule};
use super::{banner, rule};

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is of the writer's words now, or what they answer line by line.
    Kept,
    /// It is what the mail answers.
    Quoted,
    /// It is a signature or its like.
    Signed,
    /// It is of a mail that is passed on.
    Forwarded,
}

/// Lines of a signature below its mark; more are a part of the letter.
const SIGNATURE: usize = 30;
/// Lines of a footer below underscores.
const FOOTER: usize = 14;
/// A quoted line that was broken is at least as long, and its rest at most.
const BROKEN: usize = 60;
const REST: usize = 30;

/// Decides for all lines.
pub(super) fn of(lines: &[Line]) -> Vec<Fate> {
    let ends_letter =
        |line: &Line| line.is_header() || line.is_quote() || line.kind == Kind::Forward;
    let is_words = |line: &Line| matches!(line.kind, Kind::Text | Kind::Notice);
    let mut walk = Walk {
        lines,
        fates: vec![Fate::Kept; lines.len()],
        letter_ends: next(lines, ends_letter),
        next_words: next(lines, is_words),
        divided: 0,
        has_words: false,
        announced: None,
    };
    let mut at = 0;
    while at < lines.len() {
        at = walk.step(at).max(at + 1);
    }
    walk.settle_quotes();
    walk.drop_notices();
    walk.join_parts();
    walk.fates
}

/// From each line on the next that is such, found once for all lines.
fn next(lines: &[Line], is_such: impl Fn(&Line) -> bool) -> Vec<usize> {
    let mut next = vec![lines.len(); lines.len() + 1];
    for (at, line) in lines.iter().enumerate().rev() {
        next[at] = if is_such(line) { at } else { next[at + 1] };
    }
    next
}

struct Walk<'a> {
    lines: &'a [Line<'a>],
    fates: Vec<Fate>,
    /// Where the letter that holds a line ends: at a quote, or at what announces one.
    letter_ends: Vec<usize>,
    /// Where words stand next.
    next_words: Vec<usize>,
    /// Up to where marks of signatures only divide.
    divided: usize,
    /// Whether the writer has said anything so far.
    has_words: bool,
    /// Whether a quote was announced, and whether that was before any words.
    announced: Option<Before>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Words,
    AfterWords,
}

impl Walk<'_> {
    /// Decides for the lines from `at` on, up to the line that is given back.
    fn step(&mut self, at: usize) -> usize {
        match self.lines[at].kind {
            Kind::Blank | Kind::Notice => at + 1,
            Kind::Text => {
                self.has_words = true;
                at + 1
            }
            Kind::Quote => self.quote(at),
            Kind::Intro | Kind::Banner => self.header(at),
            Kind::Forward => self.give(at, self.lines.len(), Fate::Forwarded),
            Kind::Rule(rule) => self.rule(at, rule),
            Kind::Device => self.give(at, at + 1, Fate::Signed),
        }
    }

    fn give(&mut self, from: usize, to: usize, fate: Fate) -> usize {
        self.fates[from..to].fill(fate);
        to
    }

    /// The next line that shows something.
    fn shown(&self, at: usize) -> usize {
        let rest = &self.lines[at..];
        at + rest.iter().position(|line| !line.is_blank()).unwrap_or(rest.len())
    }

    /// A quote is decided on at the end, but for a mail that is passed on within it.
    fn quote(&mut self, at: usize) -> usize {
        let lines = &self.lines[at..];
        let end = at + lines.iter().position(|line| !line.is_quote()).unwrap_or(lines.len());
        let first = lines
            .iter()
            .take(end - at)
            .find(|line| !super::text::is_blank(super::text::unquoted(line.raw)));
        if self.has_words && first.is_some_and(|first| banner::is_quoted_forward(first.raw)) {
            return self.give(at, end, Fate::Forwarded);
        }
        end
    }

    /// What announces a quote. With `>` below it the quote ends where that ends; without, where the mail ends.
    fn header(&mut self, at: usize) -> usize {
        let mut end = at;
        let mut is_intro = true;
        loop {
            let next = self.shown(end);
            let Some(line) = self.lines.get(next).filter(|line| line.is_header()) else { break };
            is_intro &= line.kind == Kind::Intro;
            end = next + 1;
        }
        let below = self.lines.get(self.shown(end)).map(|line| line.kind);
        let is_marked = below == Some(Kind::Quote);
        if self.has_words && !is_marked {
            return self.give(at, self.lines.len(), Fate::Quoted);
        }
        let before = if self.has_words { Before::AfterWords } else { Before::Words };
        self.announced = self.announced.or(is_marked.then_some(before));
        if is_intro || is_marked {
            return self.give(at, end, Fate::Quoted);
        }
        // A mail that begins with the head of another is passed on without a word.
        self.has_words = true;
        self.lines.len()
    }

    fn rule(&mut self, at: usize, rule: Rule) -> usize {
        if rule == Rule::Tracker {
            return self.give(at, at + 1, Fate::Signed);
        }
        if !self.has_words {
            return at + 1;
        }
        let end = self.letter_ends[at + 1];
        let below = &self.lines[at + 1..end];
        let has_at_most = |most: usize| {
            below.iter().filter(|line| !line.is_blank()).take(most + 1).count() <= most
        };
        let is_signature = match rule {
            Rule::Signature if at < self.divided => false,
            Rule::Signature if is_divided_question(below) => {
                self.divided = end;
                false
            }
            Rule::Signature => has_at_most(SIGNATURE),
            Rule::Footer => has_at_most(FOOTER),
            Rule::Tracker | Rule::Other => rule::is_signature(below),
        };
        let is_end = self.next_words[at + 1] >= end;
        if is_end || is_signature { self.give(at, end, Fate::Signed) } else { at + 1 }
    }

    /// Decides on quotes: those below the last words go, those between words stay.
    fn settle_quotes(&mut self) {
        let runs = self.runs();
        let Some(last) = runs.iter().rposition(|run| !run.is_quote) else {
            // Nothing but quotes: whoever sent them meant them to be read.
            return self.fates.fill(Fate::Kept);
        };
        for run in &runs[last + 1..] {
            self.give(run.from, run.to, Fate::Quoted);
        }
        match runs[..=last].iter().map(|run| run.is_quote).collect::<Vec<_>>()[..] {
            [true, false] if self.announced == Some(Before::Words) => {
                self.give(runs[0].from, runs[0].to, Fate::Quoted);
            }
            [false, true, false] if self.announced.is_some() => {
                let tail = &runs[2];
                if rule::is_farewell(&self.lines[tail.from..tail.to]) {
                    self.give(tail.from, tail.to, Fate::Signed);
                    self.give(runs[1].from, runs[1].to, Fate::Quoted);
                }
            }
            _ => {}
        }
    }

    /// The quotes and the words that are kept so far, in turn.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            if self.fates[at] != Fate::Kept || line.is_blank() {
                continue;
            }
            let is_quote = line.is_quote() || self.is_rest_of_quote(at);
            match runs.last_mut().filter(|run| run.is_quote == is_quote) {
                Some(run) => run.to = at + 1,
                None => runs.push(Run { from: at, to: at + 1, is_quote }),
            }
        }
        runs
    }

    /// The end of a quoted line that a mail program broke without marking it.
    fn is_rest_of_quote(&self, at: usize) -> bool {
        let is_quote =
            |at: Option<usize>| at.and_then(|at| self.lines.get(at)).is_some_and(Line::is_quote);
        is_quote(at.checked_sub(1))
            && is_quote(Some(at + 1))
            && self.lines[at - 1].raw.chars().count() >= BROKEN
            && self.lines[at].raw.chars().count() <= REST
    }

    /// Blank lines within a part that goes belong to it.
    fn join_parts(&mut self) {
        let mut last = None;
        for at in 0..self.lines.len() {
            if self.lines[at].is_blank() && self.fates[at] == Fate::Kept {
                continue;
            }
            if let Some(last) = last.filter(|&last| self.fates[last] == self.fates[at]) {
                self.give(last, at, self.fates[at]);
            }
            last = Some(at);
        }
    }

    /// Disclaimers go where nothing but disclaimers follows and words stand above.
    fn drop_notices(&mut self) {
        let mut end = self.lines.len();
        loop {
            let kept = |at: &usize| self.fates[*at] == Fate::Kept && !self.lines[*at].is_blank();
            let Some(last) = (0..end).rev().find(kept) else { return };
            let lines = &self.lines[..=last];
            let start = lines.iter().rposition(Line::is_blank).map_or(0, |blank| blank + 1);
            let notice = lines[start..].iter().position(|line| line.kind == Kind::Notice);
            let Some(notice) = notice.map(|notice| start + notice) else { return };
            if !(0..notice).any(|at| kept(&at) && self.lines[at].kind == Kind::Text) {
                return;
            }
            self.give(notice, last + 1, Fate::Signed);
            end = notice;
        }
    }
}

/// Whether more marks follow and something is asked below them: they divide a letter.
fn is_divided_question(below: &[Line]) -> bool {
    let mut below = below.iter().take(2 * SIGNATURE);
    let is_mark = |line: &Line| line.kind == Kind::Rule(Rule::Signature);
    below.any(is_mark) && below.any(|line| line.folded.ends_with(['?', '？', '؟']))
}

/// Lines that follow each other and are all quoted, or all not.
struct Run {
    from: usize,
    to: usize,
    is_quote: bool,
}
