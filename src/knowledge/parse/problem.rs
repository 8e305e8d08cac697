//! Problems of a file, told so that its author can mend them, and the report that gathers them.

use std::fmt;

/// Something wrong with a file, told so that its author can mend it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// The file, relative to its folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.file, self.line, self.what, self.fix)
    }
}

/// A problem that does not know its place yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    what: String,
    fix: String,
}

/// What is wrong, and what to do about it.
pub fn flaw(what: impl Into<String>, fix: impl Into<String>) -> Flaw {
    Flaw { what: what.into(), fix: fix.into() }
}

/// The problems found in one file so far.
#[derive(Debug)]
pub struct Report<'f> {
    file: &'f str,
    problems: Vec<Problem>,
}

impl<'f> Report<'f> {
    /// A report on the file without a problem.
    pub fn new(file: &'f str) -> Self {
        Self { file, problems: Vec::new() }
    }

    /// Notes a flaw at a line, from 1.
    pub fn add(&mut self, line: usize, Flaw { what, fix }: Flaw) {
        self.problems.push(Problem { file: self.file.to_owned(), line, what, fix });
    }

    /// Whether nothing is wrong so far.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems in the order of their lines, each told once.
    pub fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.line);
        self.problems.dedup();
        self.problems
    }
}
