//! Backing: what the cited passages hold, prepared so that a sentence can be held against it.

use super::super::text::{Plain, akin, plain, sentences, words};
use super::commitment::{self, Commitment};
use super::fact::{self, Fact, Found};
use super::passage::clauses;
use super::{Alike, share, table};
use crate::knowledge::Entry;
use crate::lang::Lang;
use std::ops::Range;

/// The share of a sentence's content words that must stand in the cited passages.
const SUPPORT: f64 = 0.6;

/// How alike in meaning a sentence and the nearest passage must be, where meanings can be compared.
const ALIKE: f64 = 0.3;

/// How many words before a number tell what it is of.
const REACH: usize = 4;

/// What became of a sentence.
pub enum Judgement {
    /// It states nothing: a pleasantry, or no words at all.
    Empty,
    /// It is documented.
    Backed,
    /// What of it is not.
    Missing(Vec<String>),
}

/// What the cited passages hold.
pub struct Backing {
    lang: Lang,
    facts: Vec<Fact>,
    identifiers: Vec<Fact>,
    words: Vec<String>,
    sentences: Vec<Said>,
    places: Vec<Place>,
}

/// A sentence of a passage.
struct Said {
    text: String,
    words: Vec<String>,
    negated: bool,
    facts: Vec<Fact>,
    commitments: Vec<Commitment>,
}

impl Said {
    /// Whether this very sentence has what was found in another.
    fn has(&self, found: &Found) -> bool {
        found.readings.iter().any(|reading| {
            !reading.is_measure()
                || self.facts.iter().any(|fact| fact.backs(reading))
                || reading.is_identifier()
        })
    }
}

/// A number, date or address where it stands, and what stands around it.
struct Place {
    readings: Vec<Fact>,
    /// The words before it, the nearest first.
    before: Vec<String>,
    after: Option<String>,
    /// The words that state something in the part of the sentence that speaks of one thing.
    clause: Vec<String>,
    /// The same of the whole sentence.
    sentence: Vec<String>,
}

impl Place {
    /// The measures of a sentence, each with its surroundings.
    fn all(sentence: &str, found: &[Found]) -> Vec<Self> {
        let clauses = clauses(sentence, &ranges(found));
        let whole = matter(sentence, found);
        let measures = found.iter().filter(|it| it.readings.iter().any(Fact::is_measure));
        let places = measures.filter_map(|it| {
            let start = it.at?;
            let is_next = |word: &String| table::unit(word).is_none();
            let clause = clauses.iter().find(|range| range.contains(&start))?;
            Some(Self {
                readings: it.readings.clone(),
                before: words(&sentence[..start]).into_iter().rev().take(REACH).collect(),
                after: words(&sentence[start + it.shown.len()..]).into_iter().find(is_next),
                clause: matter(&sentence[clause.clone()], found),
                sentence: whole.clone(),
            })
        });
        places.collect()
    }

    /// How much speaks for both being said of the same thing.
    fn nearness(&self, other: &Self) -> usize {
        let pairs = self.before.iter().zip(&other.before);
        let run = pairs.take_while(|(one, two)| one == two).count();
        let is_same_after = self.after.is_some() && self.after == other.after;
        usize::from(run > 0)
            + run
            + 2 * usize::from(is_same_after)
            + 2 * overlap(&self.clause, &other.clause)
            + overlap(&self.sentence, &other.sentence)
    }

    /// Whether this place of a passage has what the other says.
    fn backs(&self, said: &Self) -> bool {
        self.readings.iter().any(|fact| said.readings.iter().any(|it| fact.backs(it)))
    }

    /// Whether one could stand for the other: numbers, dates and times all answer "how many" or "when".
    fn is_of_a_kind(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant::<Fact>;
        let is_alike = |one: &Fact, two: &Fact| {
            kind(one) == kind(two) || (one.is_numeric() && two.is_numeric())
        };
        self.readings.iter().any(|one| other.readings.iter().any(|two| is_alike(one, two)))
    }
}

impl Backing {
    /// Prepares the passages; of the customer's words only identifiers count.
    pub fn new(passages: &[(&Entry, &str)], turn_text: &str) -> Self {
        let identifiers = fact::find(turn_text, Lang::EN).into_iter().flat_map(|it| it.readings);
        let mut backing = Self {
            lang: passages.first().map_or(Lang::EN, |(entry, _)| entry.lang),
            facts: Vec::new(),
            identifiers: identifiers.filter(Fact::is_identifier).collect(),
            words: Vec::new(),
            sentences: Vec::new(),
            places: Vec::new(),
        };
        for (entry, passage) in passages {
            backing.add(entry, passage);
        }
        backing
    }

    fn add(&mut self, entry: &Entry, passage: &str) {
        let passage = plain(passage);
        self.facts.extend(passage.links.iter().map(|link| fact::address(link)));
        for sentence in passage.blocks.iter().flat_map(|block| sentences(block)) {
            let found = fact::find(sentence, entry.lang);
            self.facts.extend(found.iter().flat_map(|found| found.readings.iter().cloned()));
            self.places.extend(Place::all(sentence, &found));
            let words = words(sentence);
            self.words.extend(words.iter().cloned());
            self.sentences.push(Said {
                text: sentence.trim().to_owned(),
                negated: table::is_negated(&words, entry.lang),
                facts: found.into_iter().flat_map(|found| found.readings).collect(),
                commitments: commitment::find(sentence, entry.lang),
                words,
            });
        }
        self.words.extend(words(&entry.question));
        self.words.extend(words(&entry.title));
    }

    /// The links of a text that no passage has.
    pub fn missing_links(&self, rest: &Plain) -> Vec<String> {
        let is_missing = |link: &&String| !self.facts.contains(&fact::address(link));
        rest.links.iter().filter(is_missing).cloned().collect()
    }

    /// Whether a sentence is documented; with how alike it is to the nearest passage, where that was asked.
    pub fn judge(&self, sentence: &str, lang: Lang, alike: Alike) -> (Judgement, Option<f64>) {
        let said = words(sentence);
        let negated = table::is_negated(&said, lang);
        let found = fact::find(sentence, lang);
        let content = content(sentence, &found);
        let commitments = commitment::find(sentence, lang);
        if found.is_empty() && content.is_empty() && !negated && commitments.is_empty() {
            return (Judgement::Empty, None);
        }
        let missing = self.missing_facts(sentence, &found);
        if !missing.is_empty() {
            return (Judgement::Missing(missing), None);
        }
        if self.has(&said) {
            return (Judgement::Backed, None);
        }
        let likeness = self.likeness(sentence, lang, alike);
        let is_backed = self.supports(&content)
            && self.says_something(&content, &found)
            && self.agrees(&matter(sentence, &found), &found, negated)
            && self.commits(&content, &commitments)
            && likeness.is_none_or(|likeness| likeness >= ALIKE);
        if is_backed {
            return (Judgement::Backed, likeness);
        }
        (Judgement::Missing(vec![sentence.to_owned()]), likeness)
    }

    /// The facts of a sentence that the passages do not have, or have of something else.
    fn missing_facts(&self, sentence: &str, found: &[Found]) -> Vec<String> {
        let places = Place::all(sentence, found);
        let is_elsewhere = |fact: &Found| {
            let place =
                places.iter().find(|it| it.readings == fact.readings && !self.is_said_of(it));
            place.is_some()
        };
        let is_missing = |fact: &&Found| !self.holds(fact) || is_elsewhere(fact);
        found.iter().filter(is_missing).map(|fact| fact.shown.clone()).collect()
    }

    fn holds(&self, found: &Found) -> bool {
        found.readings.iter().any(|reading| {
            self.facts.iter().any(|fact| fact.backs(reading))
                || self.identifiers.contains(reading)
                || reading.is_word_among(&self.words)
        })
    }

    /// Whether there is more to a sentence than an identifier of the customer's: alone it says nothing that
    /// a passage could back.
    fn says_something(&self, content: &[String], found: &[Found]) -> bool {
        let is_theirs = |found: &Found| {
            !found.readings.iter().any(|reading| {
                self.facts.iter().any(|fact| fact.backs(reading))
                    || reading.is_word_among(&self.words)
            })
        };
        !content.is_empty() || found.is_empty() || !found.iter().all(is_theirs)
    }

    /// Whether the passages say this of the same thing: where they speak of it, as far as the words around
    /// tell, no other number, date or address may stand instead.
    fn is_said_of(&self, said: &Place) -> bool {
        let nearness = |place: &&Place| place.nearness(said);
        let kin = || self.places.iter().filter(|place| place.is_of_a_kind(said));
        let nearest = kin().map(|place| nearness(&place)).max().unwrap_or(0);
        let is_identifier = said.readings.iter().any(|it| self.identifiers.contains(it));
        nearest == 0
            || is_identifier
            || kin().any(|place| nearness(&place) == nearest && place.backs(said))
    }

    /// Whether a passage has this very sentence.
    fn has(&self, said: &[String]) -> bool {
        self.sentences.iter().any(|sentence| sentence.words == said)
    }

    fn supports(&self, content: &[String]) -> bool {
        share(overlap(content, &self.words), content.len()) >= SUPPORT
    }

    /// Whether the passages say yes or no as this sentence does: a no must stand in one that says no,
    /// and the nearest to a yes must not say no.
    fn agrees(&self, matter: &[String], found: &[Found], negated: bool) -> bool {
        if negated {
            return self.sentences.iter().filter(|sentence| sentence.negated).any(|sentence| {
                share(overlap(matter, &sentence.words), matter.len()) >= SUPPORT
                    && found.iter().all(|found| sentence.has(found))
            });
        }
        // Of sentences that are equally near, the first counts: answers begin with the yes or no.
        let nearest = self.sentences.iter().rev().max_by_key(|s| overlap(matter, &s.words));
        nearest.is_some_and(|sentence| !sentence.negated)
    }

    /// Whether a passage that speaks of the same commits to as much.
    fn commits(&self, content: &[String], commitments: &[Commitment]) -> bool {
        commitments.iter().all(|commitment| {
            self.sentences.iter().any(|sentence| {
                sentence.commitments.contains(commitment)
                    && share(overlap(content, &sentence.words), content.len()) >= SUPPORT
            })
        })
    }

    /// How alike a sentence is to the passage that is nearest in meaning; nothing where languages differ.
    fn likeness(&self, sentence: &str, lang: Lang, alike: Alike) -> Option<f64> {
        if lang != self.lang {
            return None;
        }
        let scores = self.sentences.iter().filter_map(|said| alike(lang, sentence, &said.text));
        scores.max_by(f64::total_cmp)
    }
}

/// Where the facts of a sentence stand in it.
fn ranges(found: &[Found]) -> Vec<Range<usize>> {
    found.iter().filter_map(|found| found.at.map(|at| at..at + found.shown.len())).collect()
}

/// The words of a sentence that state something and are not judged by themselves, as names are.
fn content(sentence: &str, found: &[Found]) -> Vec<String> {
    let mut rest = sentence.to_owned();
    for found in found.iter().filter(|found| found.readings.iter().any(Fact::stands_alone)) {
        rest = rest.replace(&found.shown, " ");
    }
    matter(&rest, found)
}

/// The words of a sentence that say what it speaks of, names among them: no units or pleasantries.
fn matter(sentence: &str, found: &[Found]) -> Vec<String> {
    let is_fact = |word: &String| {
        table::unit(word).is_some() || found.iter().any(|it| it.at.is_none() && it.shown == *word)
    };
    let states =
        |word: &String| table::is_content(word) && !table::is_pleasantry(word) && !is_fact(word);
    words(sentence).into_iter().filter(states).collect()
}

fn overlap(content: &[String], words: &[String]) -> usize {
    content.iter().filter(|word| words.iter().any(|other| akin(word, other))).count()
}
