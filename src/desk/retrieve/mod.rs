//! Retrieving: what each question of a turn is understood by, and what the knowledge holds on it.
//!
//! A question that leans on what was said before is searched twice: by its own words, and with the
//! last question and the title of the last answer before them. Its own words decide which counts:
//! what they find alone wins where they name a new topic, and what is lent never makes up for words
//! of the question that an entry does not hold.

#[cfg(test)]
mod tests;

mod subject;

use super::context::Context;
use crate::answer::{Asked, Understood};
use crate::conversation::Message;
use crate::knowledge::{EntryId, Hit};
use crate::search::{Query, Search};
use crate::triage::{Leaning, Pick, Triage, leaning};
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use subject::Subjects;

/// How many entries a decision looks at for each question.
pub const CANDIDATES: usize = 8;

/// The share of the question that an entry must hold to be about a topic of its own.
const OWN_TOPIC: f64 = 0.7;
/// By how much it must hold more of the question than what the context finds.
const CLEARLY: f64 = 0.2;
/// The log-odds that an entry loses which holds nothing of the question's own words.
const LENT_ONLY: f64 = 2.5;
/// The part of its log-odds that it gains over the last entry which the question's own words find: they
/// say what is new.
const OWN_WORDS: f64 = 0.5;
/// A choice within these log-odds of another is not told apart from it.
const UNCLEAR: f64 = 0.7;
/// The log-odds that the entry loses besides which was answered with just now: who asks on has read it, and it
/// holds the lent words by birth.
const ANSWERED: f64 = 5.0;

/// What is retrieved for.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// What triage found in the turn.
    pub triage: &'a Triage,
    /// What was said before it, oldest first.
    pub history: &'a [Message],
    /// The day on which entries must hold.
    pub today: NaiveDate,
    /// How many entries are wanted for each question.
    pub limit: usize,
    /// A question of the turn that leans on what was said before, and what a model made of it.
    pub rewritten: Option<(&'a str, &'a str)>,
}

/// The first question of a turn that leans on what was said before, with how it does.
pub fn leant<'a>(triage: &'a Triage, history: &[Message]) -> Option<(&'a str, Leaning)> {
    let context = Context::of(history, triage.lang);
    if context.lent().is_none() || (triage.choice.is_some() && context.offered.is_some()) {
        return None;
    }
    let read = triage.questions.iter().map(|one| (one.as_str(), leaning(one, triage.lang)));
    read.into_iter().find(|(_, leaning)| leaning.leans())
}

/// Finds what the knowledge holds on each question of a turn, each on its own.
pub fn retrieve(search: &Search, heard: &Heard<'_>) -> Result<Vec<Asked>> {
    let context = Context::of(heard.history, heard.triage.lang);
    let subjects = Subjects::of(search, heard.history, heard.triage.lang)?;
    let desk = Reader { search, heard: *heard, context, subjects };
    if let (Some(pick), Some((choices, unclear))) = (&heard.triage.choice, &desk.context.offered) {
        return desk.choice(pick, choices, unclear);
    }
    heard.triage.questions.iter().map(|question| desk.question(question)).collect()
}

struct Reader<'a> {
    search: &'a Search,
    heard: Heard<'a>,
    context: Context<'a>,
    subjects: Subjects,
}

impl Reader<'_> {
    fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let Heard { triage, today, .. } = self.heard;
        self.search.find(&Query { text, lang: triage.lang, today, limit, team: false })
    }

    /// A question by its own words or with those of what was said before, and in either case about
    /// what the conversation speaks of by name.
    fn question(&self, question: &str) -> Result<Asked> {
        let asked = self.leant(question)?;
        let Heard { triage, today, limit, .. } = self.heard;
        let leaning = leaning(question, triage.lang);
        let has_own_words = !leaning.content.is_empty();
        let words = if has_own_words { question } else { asked.words() }.to_owned();
        let query = Query { text: &words, lang: triage.lang, today, limit, team: false };
        self.subjects.apply(self.search, &query, leaning.points, asked)
    }

    fn leant(&self, question: &str) -> Result<Asked> {
        let limit = self.heard.limit;
        let mut own = self.find(question, 2 * limit)?;
        let leaning = leaning(question, self.heard.triage.lang);
        let Some(lent) = self.context.lent().filter(|_| leaning.leans()) else {
            own.truncate(limit);
            return Ok(Asked::new(question, own));
        };
        let written = self.heard.rewritten.filter(|(asked, _)| *asked == question);
        let read_as = match written {
            Some((_, rewritten)) => rewritten.to_owned(),
            None => format!("{lent} {question}"),
        };
        let found = self.find(&read_as, 2 * limit)?;
        let answered = self.context.answered.map(|citation| &citation.entry);
        let hits = weigh(found, &own, &leaning, answered);
        if is_new_topic(&own, &hits, &leaning) {
            own.truncate(limit);
            return Ok(Asked::new(question, own));
        }
        let entry = answered.cloned();
        let hits = hits.into_iter().map(|(hit, _)| hit).take(limit).collect();
        let understood = match written {
            Some(_) => Understood::Rewritten { read_as },
            None => Understood::FollowUp { entry, read_as },
        };
        Ok(Asked { question: question.to_owned(), hits, understood })
    }

    /// What the customer chose among the entries that were offered to them.
    fn choice(&self, pick: &Pick, choices: &[String], unclear: &str) -> Result<Vec<Asked>> {
        let said = self.heard.triage.questions.join(" ");
        let offered: Vec<Option<EntryId>> =
            choices.iter().map(|choice| self.offered(choice)).collect::<Result<_>>()?;
        let places = match pick {
            Pick::These(places) => places.clone(),
            Pick::Neither => Vec::new(),
            Pick::Unclear => {
                let own = self.find(&said, self.heard.limit)?;
                match meant(&own, &offered) {
                    Some(place) => vec![place],
                    None if stands_alone(&said, &own, self.heard.triage) => {
                        return self
                            .heard
                            .triage
                            .questions
                            .iter()
                            .map(|q| self.question(q))
                            .collect();
                    }
                    None => Vec::new(),
                }
            }
        };
        let chosen = places.iter().filter_map(|place| {
            let entry = offered.get(*place)?.as_ref()?;
            Some(self.chosen(entry, choices.get(*place)?, &offered, unclear))
        });
        let chosen: Vec<Asked> = chosen.collect::<Result<_>>()?;
        if !chosen.is_empty() && chosen.len() == places.len() {
            return Ok(chosen);
        }
        let read_as = format!("{unclear} {said}");
        let hits =
            self.find(if *pick == Pick::Neither { unclear } else { &read_as }, self.heard.limit)?;
        Ok(vec![Asked { question: said, hits, understood: Understood::NoChoice { read_as } }])
    }

    /// The entry that was offered under a label, if customers may still get it.
    fn offered(&self, label: &str) -> Result<Option<EntryId>> {
        let hits = self.find(label, self.heard.limit)?;
        let is_it = |hit: &Hit| hit.entry.label() == label || hit.entry.full_label() == label;
        Ok(hits.into_iter().find(is_it).map(|hit| hit.entry.id))
    }

    /// The chosen entry with the evidence for it: searched by its label and the question that had
    /// been unclear, so that words of the question that it does not hold still count against it.
    /// What the customer turned down by choosing is no rival any more; any other entry is.
    fn chosen(
        &self,
        entry: &EntryId,
        label: &str,
        offered: &[Option<EntryId>],
        unclear: &str,
    ) -> Result<Asked> {
        let read_as = format!("{label} {unclear}");
        let mut hits = self.find(&read_as, 2 * self.heard.limit)?;
        if !hits.iter().any(|hit| hit.entry.id == *entry) {
            hits.extend(self.find(label, self.heard.limit)?);
        }
        let turned_down = |hit: &Hit| offered.iter().flatten().any(|other| *other == hit.entry.id);
        hits.retain(|hit| hit.entry.id == *entry || !turned_down(hit));
        if let Some(place) = hits.iter().position(|hit| hit.entry.id == *entry) {
            hits[..=place].rotate_right(1);
        }
        hits.truncate(self.heard.limit);
        let understood = Understood::Choice { entry: entry.clone(), read_as };
        Ok(Asked { question: label.to_owned(), hits, understood })
    }
}

/// The choice that the words find first, clear of the other choices.
fn meant(own: &[Hit], offered: &[Option<EntryId>]) -> Option<usize> {
    let place = |hit: &Hit| offered.iter().position(|entry| entry.as_ref() == Some(&hit.entry.id));
    let best = own.first()?;
    let rival = own.iter().skip(1).find(|hit| place(hit).is_some());
    let is_clear = rival.is_none_or(|rival| rival.score < best.score - UNCLEAR);
    place(best).filter(|_| is_clear)
}

/// Whether an answer to a question back is rather a question of its own, that finds its own entry.
fn stands_alone(said: &str, own: &[Hit], triage: &Triage) -> bool {
    let leaning = leaning(said, triage.lang);
    let is_found = own.first().is_some_and(|hit| hit.coverage >= OWN_TOPIC);
    !leaning.leans() && is_found
}

/// The question's own terms, as the search reads them.
fn own_words(own: &[Hit], leaning: &Leaning) -> BTreeSet<String> {
    match own.first() {
        Some(hit) => {
            hit.matched.iter().chain(&hit.unmatched).map(|word| word.to_lowercase()).collect()
        }
        None => leaning.content.iter().cloned().collect(),
    }
}

/// Orders what the lent words found by how much of the question's own words each entry holds, and
/// lets none seem to cover more of the question than it holds of those.
fn weigh(
    found: Vec<Hit>,
    own: &[Hit],
    leaning: &Leaning,
    answered: Option<&EntryId>,
) -> Vec<(Hit, f64)> {
    let words = own_words(own, leaning);
    let share = |hit: &Hit| {
        if let Some(found) = own.iter().find(|own| own.entry.id == hit.entry.id) {
            return found.coverage;
        }
        let held = hit.matched.iter().filter(|word| words.contains(&word.to_lowercase())).count();
        if words.is_empty() { 1.0 } else { ratio(held, words.len()) }
    };
    let worst = own.iter().map(|hit| hit.score).fold(f64::INFINITY, f64::min);
    let mut weighed: Vec<(Hit, f64)> = found
        .into_iter()
        .map(|mut hit| {
            let share = share(&hit);
            hit.score -= LENT_ONLY * (1.0 - share);
            let alone = own.iter().find(|own| own.entry.id == hit.entry.id);
            hit.score += OWN_WORDS * alone.map_or(0.0, |own| own.score - worst);
            if share < 1.0 && answered == Some(&hit.entry.id) {
                hit.score -= ANSWERED;
            }
            hit.coverage = hit.coverage.min(share);
            (hit, share)
        })
        .collect();
    weighed.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| a.entry.id.cmp(&b.entry.id))
    });
    weighed
}

/// Whether the question's own words find an entry of another topic that holds clearly more of them
/// than what the context finds. Two words of their own name a topic, or one that stands alone:
/// "And for children?" does not.
fn is_new_topic(own: &[Hit], lent: &[(Hit, f64)], leaning: &Leaning) -> bool {
    let Some(best) = own.first() else { return false };
    let names_one =
        leaning.content.len() >= 2 || (leaning.content.len() == 1 && !leaning.continues);
    let held = lent.first().map_or(0.0, |(_, share)| *share);
    let in_title = best.fields.question + best.fields.ways + best.fields.title > 0.0;
    names_one && in_title && best.coverage >= OWN_TOPIC && best.coverage >= held + CLEARLY
}

#[expect(clippy::cast_precision_loss, reason = "a question has few words")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
