//! Whether each sentence of a draft, and each fact in it, stands in an entry that the draft cites.
//!
//! Facts (numbers with their units, dates, times, amounts, addresses, codes, names, promises) must stand
//! in a cited passage as such, and be said of the same thing there; the rest of a sentence must share most
//! of its words with the passages, be alike in meaning, say yes where they say yes, and commit the business
//! to nothing more. What the customer wrote backs nothing but an identifier echoed to them, so that nobody
//! can talk a link or an amount into an answer.

mod backing;
mod commitment;
mod fact;
mod number;
mod passage;
mod spoken;
mod table;

use super::text::{akin, plain, sentences, words};
use super::tongue;
use crate::conversation::Draft;
use crate::knowledge::Entry;
use crate::lang::Lang;
use backing::{Backing, Judgement};
use serde::{Deserialize, Serialize};

/// How alike in meaning two texts of a language are, 0 to 1; nothing where that cannot be told.
pub type Alike = fn(Lang, &str, &str) -> Option<f64>;

/// For where meanings cannot be compared.
#[cfg(test)]
pub fn unlike(_: Lang, _: &str, _: &str) -> Option<f64> {
    None
}

/// How much of a draft is documented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grounding {
    /// What stands in no cited entry: whole sentences, or the number, date, address or code alone.
    pub undocumented: Vec<String>,
    /// The share of sentences that are backed, 0 to 1; pleasantries do not count.
    pub share: f64,
    /// How alike in meaning the least alike sentence is to what it cites; none where no sentence had to
    /// be compared or the language has no vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<f64>,
}

impl Grounding {
    /// Nothing is wrong.
    fn whole() -> Self {
        Self { undocumented: Vec::new(), share: 1.0, likeness: None }
    }

    /// There is nothing to check.
    pub fn none() -> Self {
        Self { share: 0.0, ..Self::whole() }
    }
}

/// Checks a draft against the passages that it cites; other entries, and the rest of these, back nothing.
pub fn check(draft: &Draft, entries: &[&Entry], turn_text: &str, alike: Alike) -> Grounding {
    let is_cited = |entry: &&&Entry| draft.citations.iter().any(|it| it.entry == entry.id);
    let cited: Vec<&Entry> = entries.iter().filter(is_cited).copied().collect();
    let (rest, whole) = without_whole_answers(&draft.text, &cited);
    if rest.trim().is_empty() {
        return Grounding::whole();
    }
    let passages: Vec<(&Entry, &str)> = draft
        .citations
        .iter()
        .filter_map(|it| cited.iter().find(|entry| entry.id == it.entry).map(|entry| (it, *entry)))
        .map(|(citation, entry)| (entry, passage::cited(entry, &citation.excerpt)))
        .collect();
    let rest = plain(&rest);
    let backing = Backing::new(&passages, turn_text);
    let mut undocumented = backing.missing_links(&rest);
    let (mut total, mut backed, mut least) = (whole, whole, None::<f64>);
    for sentence in rest.blocks.iter().flat_map(|block| sentences(block)).map(str::trim) {
        let (judgement, likeness) = backing.judge(sentence, draft.lang, alike);
        least = least.into_iter().chain(likeness).min_by(f64::total_cmp);
        match judgement {
            Judgement::Empty => continue,
            Judgement::Backed => backed += 1,
            Judgement::Missing(what) => undocumented.extend(what),
        }
        total += 1;
    }
    if total == 0 {
        // Words that state nothing are no answer, however polite.
        undocumented.push(draft.text.clone());
        return Grounding { undocumented, share: 0.0, likeness: None };
    }
    undocumented.dedup();
    Grounding { undocumented, share: share(backed, total), likeness: least.map(rounded) }
}

/// Whether a text states something that is not in what is known: a number, a name, a link, a commitment.
pub fn adds_facts(text: &str, known: &str, lang: Lang) -> bool {
    let known = words(known);
    let is_new = |found: &fact::Found| !found.readings.iter().any(|it| it.is_word_among(&known));
    fact::find(text, lang).iter().any(is_new)
        || !commitment::find(text, lang).is_empty()
        || !plain(text).links.is_empty()
}

/// Whether a word says nothing of a matter: small, polite, or what sentences begin with anyway.
pub fn is_common(word: &str) -> bool {
    !table::is_content(word)
        || table::is_pleasantry(word)
        || table::is_opener(word)
        || tongue::is_small(word)
}

/// Whether two texts speak of something by the same word, its forms and compounds included.
pub fn shares_matter(one: &str, other: &str) -> bool {
    let matter = |text: &str| -> Vec<String> {
        words(text).into_iter().filter(|word| !is_common(word)).collect()
    };
    let theirs = matter(other);
    matter(one).iter().any(|word| theirs.iter().any(|it| is_of_one_matter(word, it)))
}

/// Letters of a word that may be part of a compound.
const SHORTEST_PART: usize = 5;

fn is_of_one_matter(one: &str, other: &str) -> bool {
    let holds = |long: &str, short: &str| {
        short.chars().count() >= SHORTEST_PART && (long.starts_with(short) || long.ends_with(short))
    };
    akin(one, other) || holds(one, other) || holds(other, one) || shares_signs(one, other)
}

/// Whether two words of a script without spaces have two signs in a row in common that are no syllables
/// of grammar.
fn shares_signs(one: &str, other: &str) -> bool {
    let is_sign = |c: &char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{9fff}');
    let signs: Vec<char> = one.chars().collect();
    let pairs = signs.windows(2).filter(|pair| pair.iter().all(is_sign));
    pairs.map(|pair| pair.iter().collect::<String>()).any(|pair| other.contains(&pair))
}

/// Few enough decimals to read back from a record as it was written.
fn rounded(likeness: f64) -> f64 {
    (likeness * 1e6).round() / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "sentences of one draft are few")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Takes out each cited answer that stands in the text unchanged and as paragraphs of its own.
fn without_whole_answers(text: &str, cited: &[&Entry]) -> (String, usize) {
    let mut rest = format!("\n\n{}\n\n", text.trim());
    let mut whole = 0;
    for entry in cited.iter().filter(|entry| !entry.answer.trim().is_empty()) {
        let answer = format!("\n\n{}\n\n", entry.answer.trim());
        if rest.contains(&answer) {
            rest = rest.replace(&answer, "\n\n");
            whole += 1;
        }
    }
    (rest, whole)
}

#[cfg(test)]
mod invented;
#[cfg(test)]
mod tests;
