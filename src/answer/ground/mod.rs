//! Whether each sentence of a draft, and each fact in it, stands in an entry that the draft cites.
//!
//! Facts (numbers with their units, dates, times, amounts, addresses, codes, promises) must stand in a
//! cited answer as such; the rest of a sentence must share most of its words with the cited entries
//! and say yes where they say yes. What the customer wrote backs nothing but an identifier echoed to
//! them, so that nobody can talk a link or an amount into an answer.

mod fact;
mod number;
mod spoken;
mod table;

use super::text::{Plain, akin, plain, sentences, words};
use crate::conversation::Draft;
use crate::knowledge::Entry;
use crate::lang::Lang;
use fact::{Fact, Found};
use serde::{Deserialize, Serialize};

/// The share of a sentence's content words that must stand in the cited entries.
const SUPPORT: f64 = 0.6;

/// How much of a draft is documented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grounding {
    /// What stands in no cited entry: whole sentences, or the number, date, address or code alone.
    pub undocumented: Vec<String>,
    /// The share of sentences that are backed, 0 to 1; pleasantries do not count.
    pub share: f64,
}

/// Checks a draft against the entries that it cites; other entries back nothing.
pub fn check(draft: &Draft, entries: &[&Entry], turn_text: &str) -> Grounding {
    let cited: Vec<&Entry> = entries
        .iter()
        .copied()
        .filter(|entry| draft.citations.iter().any(|citation| citation.entry == entry.id))
        .collect();
    let (rest, whole) = without_whole_answers(&draft.text, &cited);
    if rest.trim().is_empty() {
        return Grounding { undocumented: Vec::new(), share: 1.0 };
    }
    let rest = plain(&rest);
    let backing = Backing::new(&cited, turn_text);
    let mut undocumented = backing.missing_links(&rest);
    let (mut total, mut backed) = (whole, whole);
    for sentence in rest.blocks.iter().flat_map(|block| sentences(block)).map(str::trim) {
        match backing.judge(sentence, draft.lang) {
            Judgement::Empty => continue,
            Judgement::Backed => backed += 1,
            Judgement::Missing(what) => undocumented.extend(what),
        }
        total += 1;
    }
    if total == 0 {
        // Words that state nothing are no answer, however polite.
        undocumented.push(draft.text.clone());
        return Grounding { undocumented, share: 0.0 };
    }
    undocumented.dedup();
    Grounding { undocumented, share: share(backed, total) }
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

enum Judgement {
    /// It states nothing: a pleasantry, or no words at all.
    Empty,
    Backed,
    Missing(Vec<String>),
}

/// What the cited entries hold, prepared for comparison.
struct Backing {
    facts: Vec<Fact>,
    identifiers: Vec<Fact>,
    words: Vec<String>,
    sentences: Vec<Said>,
}

/// A sentence of an entry's answer.
struct Said {
    words: Vec<String>,
    negated: bool,
}

impl Backing {
    fn new(cited: &[&Entry], turn_text: &str) -> Self {
        let mut backing = Self {
            facts: Vec::new(),
            identifiers: Vec::new(),
            words: Vec::new(),
            sentences: Vec::new(),
        };
        for entry in cited {
            backing.add(entry);
        }
        backing.identifiers = fact::find(turn_text, Lang::EN)
            .into_iter()
            .flat_map(|found| found.readings)
            .filter(Fact::is_identifier)
            .collect();
        backing
    }

    fn add(&mut self, entry: &Entry) {
        let answer = plain(&entry.answer);
        self.facts.extend(answer.links.iter().map(|link| fact::address(link)));
        for block in &answer.blocks {
            self.facts.extend(fact::find(block, entry.lang).into_iter().flat_map(|f| f.readings));
            for sentence in sentences(block) {
                let words = words(sentence);
                let negated = table::is_negated(&words, entry.lang);
                self.words.extend(words.iter().cloned());
                self.sentences.push(Said { words, negated });
            }
        }
        self.words.extend(words(&entry.question));
        self.words.extend(words(&entry.title));
    }

    fn missing_links(&self, rest: &Plain) -> Vec<String> {
        rest.links
            .iter()
            .filter(|link| !self.facts.contains(&fact::address(link)))
            .cloned()
            .collect()
    }

    fn judge(&self, sentence: &str, lang: Lang) -> Judgement {
        let said = words(sentence);
        let negated = table::is_negated(&said, lang);
        let found = fact::find(sentence, lang);
        let content = content(sentence, &found);
        if found.is_empty() && content.is_empty() && !negated {
            return Judgement::Empty;
        }
        let missing: Vec<String> =
            found.into_iter().filter(|fact| !self.holds(fact)).map(|fact| fact.shown).collect();
        if !missing.is_empty() {
            return Judgement::Missing(missing);
        }
        if self.has(&said) || (self.supports(&content) && self.agrees(&content, negated)) {
            return Judgement::Backed;
        }
        Judgement::Missing(vec![sentence.to_owned()])
    }

    fn holds(&self, found: &Found) -> bool {
        found.readings.iter().any(|reading| {
            self.facts.iter().any(|fact| fact.backs(reading))
                || self.identifiers.contains(reading)
                || reading.is_word_among(&self.words)
        })
    }

    /// Whether an answer has this very sentence.
    fn has(&self, said: &[String]) -> bool {
        self.sentences.iter().any(|sentence| sentence.words == said)
    }

    fn supports(&self, content: &[String]) -> bool {
        share(overlap(content, &self.words), content.len()) >= SUPPORT
    }

    /// Whether the answers say yes or no as this sentence does: a no must stand in one that says no,
    /// and the nearest to a yes must not say no.
    fn agrees(&self, content: &[String], negated: bool) -> bool {
        if negated {
            return self.sentences.iter().filter(|sentence| sentence.negated).any(|sentence| {
                share(overlap(content, &sentence.words), content.len()) >= SUPPORT
            });
        }
        // Of sentences that are equally near, the first counts: answers begin with the yes or no.
        let nearest = self.sentences.iter().rev().max_by_key(|s| overlap(content, &s.words));
        nearest.is_some_and(|sentence| !sentence.negated)
    }
}

/// The words of a sentence that state something: no names, addresses or pleasantries.
fn content(sentence: &str, found: &[Found]) -> Vec<String> {
    let mut rest = sentence.to_owned();
    for found in found.iter().filter(|found| found.readings.iter().any(Fact::stands_alone)) {
        rest = rest.replace(&found.shown, " ");
    }
    let states = |word: &String| table::is_content(word) && !table::is_pleasantry(word);
    words(&rest).into_iter().filter(states).collect()
}

fn overlap(content: &[String], words: &[String]) -> usize {
    content.iter().filter(|word| words.iter().any(|other| akin(word, other))).count()
}

#[cfg(test)]
mod tests;
