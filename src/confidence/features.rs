//! Features: the numbers a confidence is made of; named, bounded and stored with every decision.

use super::wording::likeness;
use crate::answer::{Asked, Drafted, ground::Grounding};
use crate::conversation::Writer;
use crate::knowledge::{Hit, Reputation};
use crate::triage::Triage;
use serde::{Deserialize, Serialize};

/// A question of so many words is long.
const LONG: f64 = 30.0;

/// What the features are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What triage found.
    pub triage: &'a Triage,
    /// Each question with what search found for it.
    pub asked: &'a [Asked],
    /// The draft and what its writer says of it.
    pub drafted: &'a Drafted,
    /// How far the draft stands in its citations.
    pub grounding: &'a Grounding,
    /// What is known of the best entries beside their words.
    pub reputations: &'a [Reputation],
}

/// The numbers, each from 0 to 1 unless it says otherwise. With several questions each is that of
/// the weakest, for an answer is as right as its worst part. What an older record lacks is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Features {
    /// The IDF-weighted share of the question's terms found in the best entry.
    pub coverage: f64,
    /// How far the best entry leads, as a share of its score; 1 where it stands alone.
    pub margin: f64,
    /// How much the question reads like the best entry's own wordings.
    pub likeness: f64,
    /// The share of the question's terms that the best entry lacks.
    pub unknown: f64,
    /// Words of the question, squeezed: 0 for none, 1 for thirty or more.
    pub length: f64,
    /// How many questions there are; not bounded by 1.
    pub questions: f64,
    /// 1 where every best entry is in the customer's language.
    pub same_language: f64,
    /// The share of the draft's sentences that their citations back.
    pub grounded: f64,
    /// The model's own word, 1 where none was asked.
    pub answerable: f64,
    /// The best entry's share of the belief in all that were found (softmax of their scores).
    pub share: f64,
    /// The best entry's BM25, as a share of what the question's words could weigh.
    pub bm25: f64,
    /// Its cosine by the static embeddings; 0 where the language is not covered.
    pub words: f64,
    /// Its cosine by the sentence encoder; 0 where there is none.
    pub encoder: f64,
    /// Its probability by what confirmed wordings have taught.
    pub head: f64,
    /// How far it leads, or trails, by BM25 alone; from -1.
    pub margin_bm25: f64,
    /// The same by the static embeddings.
    pub margin_words: f64,
    /// The same by the sentence encoder.
    pub margin_encoder: f64,
    /// How much better the best entry's wordings together explain the question than no entry in
    /// particular does, by the static embeddings; 0 for not at all, and below it for worse.
    pub lift: f64,
    /// The same by the sentence encoder.
    pub lift_encoder: f64,
    /// How far the best entry leads by that, by the static embeddings; below 0 where it trails.
    pub margin_lift: f64,
    /// The same by the sentence encoder.
    pub margin_lift_encoder: f64,
    /// The share of the rankers that put the best entry first.
    pub agreement: f64,
    /// 1 where the static embeddings know the question's language.
    pub covered: f64,
    /// 1 where a sentence encoder had its say.
    pub encoded: f64,
    /// 1 where the message reads like orders to a machine.
    pub injection: f64,
    /// The mean probability of the tokens of the model's words; 0 where the draft is not a model's or the
    /// endpoint does not say.
    pub logprob: f64,
    /// 1 where it does.
    pub logprob_known: f64,
    /// How long the best entry's text has stood: 1 for two years and more.
    pub age: f64,
    /// The share of drafts from it that people found right; 0 where nobody has said anything.
    pub praised: f64,
    /// The share that they found wrong.
    pub blamed: f64,
}

impl Features {
    /// The numbers that a model looks at, by name. What the rankers find means different things with
    /// an encoder, with static embeddings only and with words only, so that each company has columns of
    /// its own, which are 0 where it was another that ranked.
    pub fn named(&self) -> Vec<(&'static str, f64)> {
        let share = surety(self.share);
        let without = 1.0 - self.encoded;
        let (covered, bare) = (without * self.covered, without * (1.0 - self.covered));
        vec![
            ("encoder_present", self.encoded),
            ("encoder_share", self.encoded * share),
            ("encoder_cosine", self.encoded * self.encoder),
            ("encoder_close", self.encoded * self.encoder.powi(4)),
            ("encoder_coverage", self.encoded * self.coverage),
            ("encoder_odds", self.encoded * odds(self.share)),
            ("encoder_sure", self.encoded * self.encoder.powi(4) * share),
            ("encoder_lift", self.encoded * self.lift_encoder),
            ("encoder_lead", self.encoded * self.margin_encoder),
            ("encoder_lift_lead", self.encoded * self.margin_lift_encoder),
            ("encoder_likeness", self.encoded * self.likeness),
            ("encoder_words", self.encoded * self.words),
            ("encoder_words_lift", self.encoded * self.lift),
            ("words_present", covered),
            ("words_share", covered * share),
            ("words_cosine", covered * self.words),
            ("words_close", covered * self.words.powi(4)),
            ("words_odds", covered * odds(self.share)),
            ("words_sure", covered * self.words.powi(4) * share),
            ("words_lift", covered * self.lift),
            ("words_lead", covered * self.margin_words),
            ("words_lift_lead", covered * self.margin_lift),
            ("bare_share", bare * share),
            ("bm25", without * self.bm25),
            ("bm25_lead", without * self.margin_bm25),
            ("coverage_share", without * self.coverage * share),
            ("agreement", without * self.agreement),
            ("likeness", without * self.likeness),
            ("coverage", without * self.coverage),
            ("margin", without * self.margin),
            ("unknown", without * self.unknown),
            ("length", self.length),
            ("questions", self.questions.clamp(0.0, 3.0)),
            ("same_language", self.same_language),
            ("grounded", self.grounded),
            ("answerable", self.answerable),
            ("injection", self.injection),
            ("logprob", self.logprob),
            ("logprob_known", self.logprob_known),
            ("age", self.age),
            ("praised", self.praised),
            ("blamed", self.blamed),
        ]
    }
}

/// A share as log-odds from -1 to 1, which are reached at odds of about 20 to 1. Beyond that a lead says
/// nothing more: of two things that the knowledge does not hold, one may be nearer to an entry than
/// anything else.
fn surety(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    (share / (1.0 - share)).ln().clamp(-3.0, 3.0) / 3.0
}

/// The same, bounded only at 3 (odds of e⁹ to 1): what a business's own verdicts may teach, where a long
/// lead does mean more.
fn odds(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    (share / (1.0 - share)).ln().clamp(-3.0, 9.0) / 3.0
}

/// Computes the features.
pub fn features(evidence: &Evidence<'_>) -> Features {
    let of_each: Vec<Likelihood> =
        evidence.asked.iter().map(|asked| of_question(asked, evidence.triage)).collect();
    let known: Vec<&Reputation> =
        evidence.asked.iter().filter_map(|asked| known(asked, evidence)).collect();
    let worst =
        |number: fn(&Reputation) -> f64| known.iter().map(|it| number(it)).fold(0.0, f64::max);
    let weakest = |number: fn(&Likelihood) -> f64| {
        of_each.iter().map(number).min_by(f64::total_cmp).unwrap_or(0.0)
    };
    let logprob = logprob(evidence.drafted);
    Features {
        coverage: weakest(|question| question.coverage),
        margin: weakest(|question| question.margin),
        likeness: weakest(|question| question.likeness),
        unknown: 1.0 - weakest(|question| question.known),
        length: weakest(|question| question.length),
        questions: count(evidence.asked.len()),
        same_language: weakest(|question| question.same_language),
        grounded: evidence.grounding.share.clamp(0.0, 1.0),
        answerable: if evidence.drafted.answerable == Some(false) { 0.0 } else { 1.0 },
        share: weakest(|question| question.share),
        bm25: weakest(|question| question.bm25),
        words: weakest(|question| question.words),
        encoder: weakest(|question| question.encoder),
        head: weakest(|question| question.head),
        margin_bm25: weakest(|question| question.margin_bm25),
        margin_words: weakest(|question| question.margin_words),
        margin_encoder: weakest(|question| question.margin_encoder),
        lift: weakest(|question| question.lift),
        lift_encoder: weakest(|question| question.lift_encoder),
        margin_lift: weakest(|question| question.margin_lift),
        margin_lift_encoder: weakest(|question| question.margin_lift_encoder),
        agreement: weakest(|question| question.agreement),
        covered: weakest(|question| question.covered),
        encoded: weakest(|question| question.encoded),
        logprob: logprob.unwrap_or(0.0),
        logprob_known: if logprob.is_some() { 1.0 } else { 0.0 },
        age: worst(Reputation::age),
        praised: known.iter().map(|it| it.praised()).min_by(f64::total_cmp).unwrap_or(0.0),
        blamed: worst(Reputation::blamed),
        injection: if evidence.triage.injection.is_some() { 1.0 } else { 0.0 },
    }
}

/// What is known of the entry that answers a question best.
fn known<'a>(asked: &Asked, evidence: &Evidence<'a>) -> Option<&'a Reputation> {
    let best = &asked.hits.first()?.entry.id;
    evidence.reputations.iter().find(|reputation| reputation.entry == *best)
}

/// How probable the tokens of a model's draft were; approved words have no such number.
fn logprob(drafted: &Drafted) -> Option<f64> {
    let is_model = drafted.draft.as_ref().is_some_and(|draft| draft.writer != Writer::Verbatim);
    drafted.model.as_ref().filter(|_| is_model)?.logprob.map(|mean| mean.clamp(0.0, 1.0))
}

/// The numbers of one question.
#[derive(Default)]
struct Likelihood {
    coverage: f64,
    margin: f64,
    likeness: f64,
    known: f64,
    length: f64,
    same_language: f64,
    share: f64,
    bm25: f64,
    words: f64,
    encoder: f64,
    head: f64,
    margin_bm25: f64,
    margin_words: f64,
    margin_encoder: f64,
    lift: f64,
    lift_encoder: f64,
    margin_lift: f64,
    margin_lift_encoder: f64,
    agreement: f64,
    covered: f64,
    encoded: f64,
}

/// A BM25 of so much is as good as any: about what an entry gets that holds the question in its own
/// wording, title and answer.
const FULL_BM25: f64 = 6.0;

fn of_question(asked: &Asked, triage: &Triage) -> Likelihood {
    let length = (count(asked.words().split_whitespace().count()) / LONG).min(1.0);
    let Some(best) = asked.hits.first() else {
        return Likelihood { length, ..Likelihood::default() };
    };
    let terms = count(best.matched.len() + best.unmatched.len()).max(1.0);
    let rankers: [fn(&Hit) -> Option<f64>; 3] = [
        |hit| Some((hit.rankers.bm25 / FULL_BM25).clamp(0.0, 1.0)),
        |hit| hit.rankers.words.map(|cosine| cosine.clamp(0.0, 1.0)),
        |hit| hit.rankers.encoder.map(|cosine| cosine.clamp(0.0, 1.0)),
    ];
    let of = |ranker: usize| rankers[ranker](best);
    let lead = |ranker: usize| lead(&asked.hits, rankers[ranker]);
    let leads: Vec<f64> = (0..rankers.len()).filter_map(lead).collect();
    Likelihood {
        coverage: best.coverage.clamp(0.0, 1.0),
        margin: margin(&asked.hits),
        likeness: likeness(asked.words(), &best.entry),
        known: count(best.matched.len()) / terms,
        length,
        same_language: if best.entry.lang == triage.lang { 1.0 } else { 0.0 },
        share: share(&asked.hits),
        bm25: of(0).unwrap_or(0.0),
        words: of(1).unwrap_or(0.0),
        encoder: of(2).unwrap_or(0.0),
        head: best.rankers.head.unwrap_or(0.0),
        margin_bm25: lead(0).unwrap_or(0.0),
        margin_words: lead(1).unwrap_or(0.0),
        margin_encoder: lead(2).unwrap_or(0.0),
        lift: bounded(best.rankers.words_lift),
        lift_encoder: bounded(best.rankers.encoder_lift),
        margin_lift: bounded(self::lead(&asked.hits, |hit| hit.rankers.words_lift)),
        margin_lift_encoder: bounded(self::lead(&asked.hits, |hit| hit.rankers.encoder_lift)),
        agreement: count(leads.iter().filter(|&&lead| lead >= 0.0).count())
            / count(leads.len()).max(1.0),
        covered: if of(1).is_some() { 1.0 } else { 0.0 },
        encoded: if of(2).is_some() { 1.0 } else { 0.0 },
    }
}

fn bounded(lift: Option<f64>) -> f64 {
    lift.unwrap_or(0.0).clamp(-1.0, 1.0)
}

/// The best hit's share of the belief in all; those that say the same count as one.
fn share(hits: &[Hit]) -> f64 {
    let Some(best) = hits.first() else { return 0.0 };
    let belief = |hit: &Hit| (hit.score - best.score).exp();
    let all: f64 = hits.iter().map(belief).sum();
    let same = hits.iter().filter(|hit| says_the_same(hit, best));
    let same: f64 = same.map(belief).sum();
    if all > 0.0 { (same / all).clamp(0.0, 1.0) } else { 0.0 }
}

/// Whether two hits come to one and the same answer. Entries without answers have their titles there.
fn says_the_same(hit: &Hit, other: &Hit) -> bool {
    hit.entry.id == other.entry.id || hit.entry.answer == other.entry.answer
}

/// How far the best hit leads the others by one ranker, negative where it trails.
fn lead(hits: &[Hit], ranker: fn(&Hit) -> Option<f64>) -> Option<f64> {
    let best = hits.first()?;
    let own = ranker(best)?;
    let others = hits.iter().filter(|hit| !says_the_same(hit, best)).filter_map(ranker);
    Some(own - others.fold(0.0, f64::max))
}

/// How far the best hit leads the first that says something else.
fn margin(hits: &[Hit]) -> f64 {
    let Some(best) = hits.first() else { return 0.0 };
    let rival = hits.iter().skip(1).find(|hit| hit.entry.answer != best.entry.answer);
    match rival {
        Some(rival) if best.score > 0.0 => {
            ((best.score - rival.score) / best.score).clamp(0.0, 1.0)
        }
        Some(_) => 0.0,
        None => 1.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and hits are small")]
fn count(number: usize) -> f64 {
    number as f64
}
