//! What the customer is after, most telling sign first.

use super::phrase::{Phrases, Span};
use super::text::{Sentence, Text};
use super::words::Words;
use super::{Intent, Sentiment, clause, spam};
use crate::lang::Lang;

/// The longest message, in words, in which a stray name does not make it more than thanks.
const SHORT_WORDS: usize = 8;

/// How far before its number a thing is named, in words.
const NUMBER_REACH: usize = 2;

/// Digits from which a number is taken for that of an order.
const NUMBER_DIGITS: usize = 4;

/// Finds the intent, and the words that told.
pub fn read(text: &Text, lang: Lang, sentiment: Sentiment) -> (Intent, Vec<String>) {
    if text.words.is_empty() {
        return (Intent::Unreadable, Vec::new());
    }
    let found = by_machine(text, lang)
        .or_else(|| by_small_talk(text))
        .or_else(|| wish_for_person(text))
        .or_else(|| by_complaint(text, lang))
        .or_else(|| by_courtesy(text))
        .or_else(|| by_praise(text, lang, sentiment))
        .or_else(|| by_account(text, lang));
    let (intent, told) = found.unwrap_or((Intent::Question, String::new()));
    let signal = (!told.is_empty()).then(|| format!("{intent}: {told}"));
    (intent, signal.into_iter().collect())
}

type Found = Option<(Intent, String)>;

fn told(text: &Text, span: Span) -> String {
    text.written(span.first, span.last).to_owned()
}

fn by_machine(text: &Text, lang: Lang) -> Found {
    let words = Words::all();
    let weak = || words.machine.find(text).filter(|_| !is_question(text, lang));
    if let Some(span) = words.automatic.find(text).or_else(weak) {
        return Some((Intent::Automatic, told(text, span)));
    }
    if consists_of(text, &[&words.opt_out], &[&words.filler, &words.greeting], false) {
        return Some((Intent::OptOut, text.clean.trim().to_owned()));
    }
    spam::read(text).map(|told| (Intent::Spam, told))
}

fn wish_for_person(text: &Text) -> Found {
    let words = Words::all();
    let alone = marked(text, &[&words.person_alone]);
    let tables = [&words.person_alone, &words.filler, &words.greeting, &words.thanks];
    let known = marked(text, &tables);
    let calls = |one: &&Sentence| {
        alone[one.first..one.last].contains(&true) && !known[one.first..one.last].contains(&false)
    };
    if let Some(sentence) = text.sentences.iter().find(calls) {
        return Some((Intent::PersonWanted, told(text, Span::of(sentence))));
    }
    words.person.find(text).map(|span| (Intent::PersonWanted, told(text, span)))
}

/// Strong words make a complaint of anything but a question about complaints; weaker ones only
/// where nothing is asked that could be answered.
fn by_complaint(text: &Text, lang: Lang) -> Found {
    let words = Words::all();
    let specific = |sentence: &&Sentence| !is_how_to(text, lang, sentence);
    let strong =
        text.sentences.iter().filter(specific).find_map(|one| first(text, &words.complaint, one));
    let angry = &Words::of_lang(lang).angry;
    let weak = || words.upset.find(text).or_else(|| angry.find(text));
    let mild = || weak().or_else(|| misconduct(text)).filter(|_| !asks(text, lang));
    strong.or_else(mild).map(|span| (Intent::Complaint, told(text, span)))
}

/// Bad conduct of the shop or its people.
fn misconduct(text: &Text) -> Option<Span> {
    let words = Words::all();
    let of_firm = |sentence: &&Sentence| first(text, &words.firm, sentence).is_some();
    text.sentences.iter().filter(of_firm).find_map(|sentence| first(text, &words.blame, sentence))
}

/// The first phrase in a sentence.
fn first(text: &Text, phrases: &Phrases, sentence: &Sentence) -> Option<Span> {
    phrases.within(text, sentence.first..sentence.last).next()
}

fn by_small_talk(text: &Text) -> Found {
    let words = Words::all();
    if consists_of(text, &[&words.blank], &[], false) {
        return Some((Intent::Unreadable, String::new()));
    }
    let beside = [&words.greeting, &words.thanks, &words.filler];
    consists_of(text, &[&words.chat], &beside, true).then(|| (Intent::Greeting, String::new()))
}

/// Praise and nothing else: no wish but to praise, and no "but".
fn by_praise(text: &Text, lang: Lang, sentiment: Sentiment) -> Found {
    let words = Words::all();
    let praised = marked(text, &[&words.praise]);
    let own = Words::of_lang(lang);
    let mut wishes = own.request.within(text, 0..text.words.len());
    let more = is_question(text, lang)
        || own.contrast.find(text).is_some()
        || wishes.any(|span| !praised[span.first]);
    let warm = praised.contains(&true) || text.clean.trim_end().ends_with('!');
    (sentiment == Sentiment::Positive && warm && !more).then(|| (Intent::Thanks, String::new()))
}

fn by_courtesy(text: &Text) -> Found {
    let words = Words::all();
    let asks = text.sentences.iter().any(|sentence| sentence.asks);
    let beside: &[&Phrases] = if asks { &[] } else { &[&words.filler] };
    if consists_of(text, &[&words.greeting], beside, !asks) {
        return Some((Intent::Greeting, String::new()));
    }
    let beside = [&[&words.greeting], beside].concat();
    consists_of(text, &[&words.thanks, &words.sign_off], &beside, !asks)
        .then(|| (Intent::Thanks, String::new()))
}

fn by_account(text: &Text, lang: Lang) -> Found {
    let words = Words::all();
    for sentence in &text.sentences {
        if is_how_to(text, lang, sentence) {
            continue;
        }
        let state = first(text, &words.account, sentence);
        if let Some(span) = state.or_else(|| own_number(text, sentence)) {
            return Some((Intent::AccountSpecific, told(text, span)));
        }
    }
    None
}

/// The number of an order or the like: "order 48213", "HO-48213", "#48213".
fn own_number(text: &Text, sentence: &Sentence) -> Option<Span> {
    let is_number = |at: usize| {
        let word = &text.words[at];
        let digits = word.folded.chars().filter(char::is_ascii_digit).count();
        let before = text.clean[..word.start].chars().next_back();
        let prefixed = before == Some('#')
            || word.folded.starts_with(char::is_alphabetic)
            || (before == Some('-') && at > 0 && is_letters(&text.words[at - 1].folded));
        let of_bank = at > 0 && is_iban(&text.words[at - 1].folded);
        digits >= NUMBER_DIGITS && !of_bank && (prefixed || follows_named(text, at))
    };
    (sentence.first..sentence.last)
        .find(|at| is_number(*at))
        .map(|at| Span { first: at, last: at + 1 })
}

/// How the number of a bank account begins, "DE89".
fn is_iban(word: &str) -> bool {
    let (country, check) = word.split_at_checked(2).unwrap_or((word, ""));
    is_letters(country) && check.len() == 2 && check.chars().all(|c| c.is_ascii_digit())
}

fn is_letters(word: &str) -> bool {
    word.len() <= 4 && word.chars().all(|c| c.is_ascii_alphabetic())
}

/// Whether a thing that has a number is named right before, as in "order number 48213".
fn follows_named(text: &Text, at: usize) -> bool {
    let first = text.sentences[text.words[at].sentence].first;
    let amount = text.clean[..text.words[at].start].trim_end().ends_with(['$', '€', '£']);
    let from = at.saturating_sub(NUMBER_REACH).max(first);
    !amount && Words::all().numbered.within(text, from..at).next().is_some()
}

/// Whether a sentence asks for the way in general, as knowledge tells it.
fn is_how_to(text: &Text, lang: Lang, sentence: &Sentence) -> bool {
    let words = Words::of_lang(lang);
    first(text, &words.how_to, sentence).is_some()
}

/// Whether anything is asked or wished for.
fn asks(text: &Text, lang: Lang) -> bool {
    is_question(text, lang) || clause::wants(text, Words::of_lang(lang), 0, text.words.len())
}

/// Whether anything is asked; "What a day!" asks nothing.
fn is_question(text: &Text, lang: Lang) -> bool {
    let words = Words::of_lang(lang);
    let exclaims =
        |sentence: &Sentence| text.clean[sentence.start..sentence.end].trim_end().ends_with('!');
    let asking = |sentence: &Sentence| {
        let opens = clause::opens_question(text, words, sentence.first, sentence.last);
        sentence.asks || (opens && !exclaims(sentence))
    };
    text.sentences.iter().any(asking)
}

/// Whether the message holds one of `main` and nothing that neither `main` nor
/// `beside` explain; where `named`, but for a name.
fn consists_of(text: &Text, main: &[&Phrases], beside: &[&Phrases], named: bool) -> bool {
    if !marked(text, main).contains(&true) {
        return false;
    }
    let mut covered = marked(text, &[main, beside].concat());
    cover_signature(text, &mut covered);
    let rest: Vec<_> = (0..covered.len()).filter(|at| !covered[*at]).collect();
    match rest.as_slice() {
        [] => true,
        [at] => named && is_name(text, &covered, *at),
        _ => false,
    }
}

/// Which words phrases cover.
fn marked(text: &Text, tables: &[&Phrases]) -> Vec<bool> {
    let mut covered = vec![false; text.words.len()];
    for phrases in tables {
        phrases.cover(text, &mut covered);
    }
    covered
}

/// A name stands below "Kind regards".
fn cover_signature(text: &Text, covered: &mut [bool]) {
    if let Some(span) = Words::all().sign_off.find(text)
        && covered.len() - span.last <= 4
    {
        covered[span.first..].fill(true);
    }
}

/// A capitalised word right behind courtesy, as in "Thanks Anna"; "OK Girona" answers a question.
fn is_name(text: &Text, covered: &[bool], at: usize) -> bool {
    let capital = text.clean[text.words[at].start..].starts_with(char::is_uppercase);
    let behind = at > 0 && covered[at - 1] && !text.words[at - 1].folded.starts_with("ok");
    let closes = at + 1 == text.sentences[text.words[at].sentence].last;
    capital && behind && closes && covered.len() <= SHORT_WORDS
}
