//! Words: what a text means, as the sum of vectors that its words and pieces have by themselves.
//!
//! The vectors are our own (`models/README.md` says how they were made) and part of the program; they
//! are used where they lie, nothing is copied or built at start-up. All languages share one space, so
//! that a question meets an entry written in another language.

mod file;
#[cfg(test)]
mod tests;
mod text;

use crate::lang::Lang;
use file::{File, Kind, Table};
use std::sync::OnceLock;

/// The vectors that are part of the program.
static SHIPPED: &[u8] = include_bytes!("../../../models/words.bin");

/// The vectors of words and pieces, for several languages in one space.
pub struct Words {
    file: File<'static>,
}

impl Words {
    /// Returns what the program ships.
    pub fn shipped() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        // A test reads the shipped file; without it no language would be covered.
        WORDS.get_or_init(|| Self::read(SHIPPED).unwrap_or(Self { file: File::default() }))
    }

    /// Reads a file of vectors; refuses one that is cut off or of another format.
    pub fn read(bytes: &'static [u8]) -> anyhow::Result<Self> {
        Ok(Self { file: File::read(bytes)? })
    }

    /// Returns how many numbers a vector has.
    pub fn dims(&self) -> usize {
        self.file.dims
    }

    /// Says whether texts of this language have vectors.
    pub fn covers(&self, lang: Lang) -> bool {
        self.file.table(lang).is_some()
    }

    /// Computes a text's vector, of length one; none where the language is not covered or not one
    /// piece of the text is known.
    pub fn vector(&self, lang: Lang, text: &str) -> Option<Vec<f32>> {
        let table = self.file.table(lang)?;
        let mut sum = vec![0.0; self.dims()];
        let (mut key, mut last) = (Vec::with_capacity(80), String::new());
        for word in text::words(lang, text) {
            self.add_word(table, &word, &mut key, &mut sum);
            if !last.is_empty() {
                self.add(table.own, Kind::Pair, &[&last, " ", &word], &mut key, &mut sum);
            }
            last = word;
        }
        normalise(sum)
    }

    /// Adds a word: whole if the language or the one beside it knows it, else piece by piece.
    fn add_word(&self, table: Table, word: &str, key: &mut Vec<u8>, sum: &mut [f32]) {
        let is_whole = self.add(table.own, Kind::Word, &[word], key, sum)
            || table.beside.is_some_and(|beside| self.add(beside, Kind::Word, &[word], key, sum));
        let mut rest = if is_whole { "" } else { word };
        while let Some(first) = rest.chars().next() {
            let is_inner = rest.len() < word.len() && !text::is_unspaced(first);
            let kind = if is_inner { Kind::Piece } else { Kind::Word };
            let known =
                text::ends(rest).find(|&end| self.add(table.own, kind, &[&rest[..end]], key, sum));
            rest = &rest[known.unwrap_or(first.len_utf8())..];
        }
    }

    /// Adds the vector of what the parts make up; says whether there is one.
    fn add(
        &self,
        table: u8,
        kind: Kind,
        parts: &[&str],
        key: &mut Vec<u8>,
        sum: &mut [f32],
    ) -> bool {
        key.clear();
        key.extend([table, kind as u8]);
        for part in parts {
            key.extend(part.as_bytes());
        }
        let Some((scale, row)) = self.file.row(key) else { return false };
        for (sum, &value) in sum.iter_mut().zip(row) {
            *sum += scale * f32::from(value.cast_signed());
        }
        true
    }
}

fn normalise(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length < f32::EPSILON {
        return None;
    }
    for value in &mut vector {
        *value /= length;
    }
    Some(vector)
}
