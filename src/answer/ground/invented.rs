//! Invented: every answer of the sample with one thing in it altered, of which none may pass.

use super::check;
use crate::conversation::{Citation, Draft, Writer};
use crate::knowledge::Entry;
use crate::knowledge::parse;
use regex::Regex;
use std::fs;

/// The published entries of the sample in a language.
fn entries(lang: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut files: Vec<_> = fs::read_dir(format!("knowledge/{lang}"))
        .expect("the sample is there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    for file in files {
        let bytes = fs::read(&file).expect("a file");
        let (article, _) = parse::markdown(&file.to_string_lossy(), &bytes);
        entries.extend(article.into_iter().flat_map(|article| article.entries));
    }
    entries
}

/// A draft that cites the whole answer and says it in its words, but for one thing.
fn draft(entry: &Entry, text: String) -> Draft {
    let excerpt = entry.answer.trim().to_owned();
    let citation =
        Citation { entry: entry.id.clone(), version: 1, excerpt, title: entry.question.clone() };
    Draft {
        text,
        citations: vec![citation],
        writer: Writer::Model { name: "m".into() },
        lang: entry.lang,
    }
}

/// Each way to alter one number, address or name of a text; found by means of its own, not by those
/// of the check.
fn altered(text: &str) -> Vec<String> {
    let pattern =
        Regex::new(r"(?:https?://[^\s)]+)|[\w.+-]+@[\w-]+\.[\w.]+|\d+|\b\p{Lu}\p{Ll}{3,}")
            .expect("well formed");
    let mut texts = Vec::new();
    for (place, found) in pattern.find_iter(text).enumerate() {
        let (before, after) = (&text[..found.start()], &text[found.end()..]);
        let begins = before.trim_end().is_empty()
            || before.trim_end().ends_with(['.', '!', '?', ':', '*', '-', '|', '"', '“', '„']);
        let others: Vec<String> = match found.as_str() {
            url if url.starts_with("http") => vec![
                url.replacen("://", "://evil-", 1),
                format!("{}/x", url.trim_end_matches(['/', '.', ','])),
            ],
            mail if mail.contains('@') => vec![format!("x{mail}")],
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                let number: u64 = digits.parse().unwrap_or(7);
                // A zero at the end of a decimal fraction changes nothing.
                let is_fraction = before.ends_with(['.', ',']) || digits.starts_with('0');
                let longer = if is_fraction { format!("{digits}4") } else { format!("{digits}0") };
                vec![(number + 1).to_string(), longer, (number * 2 + 3).to_string()]
            }
            _ if begins => Vec::new(),
            _ => vec![["Gondor", "Wakanda", "Atlantis"][place % 3].to_owned()],
        };
        texts.extend(others.iter().map(|other| format!("{before}{other}{after}")));
    }
    texts
}

#[test]
fn an_answer_with_one_thing_altered_never_passes() {
    let (mut cases, mut through) = (0, Vec::new());
    for lang in ["en", "de", "es"] {
        for entry in entries(lang) {
            let answer = entry.answer.trim();
            // Every other one: enough to show it, and quick enough to be shown at each run.
            for text in altered(answer).into_iter().step_by(2) {
                cases += 1;
                let grounding = check(&draft(&entry, text.clone()), &[&entry], "", super::unlike);
                if grounding.undocumented.is_empty() {
                    through.push(text);
                }
            }
        }
    }
    assert!(cases >= 1_000, "{cases} cases are too few to show anything");
    assert!(
        through.is_empty(),
        "{} of {cases}: {:#?}",
        through.len(),
        &through[..through.len().min(12)]
    );
}

#[test]
fn a_number_moved_from_one_thing_to_another_never_passes() {
    let number = Regex::new(r"\d+(?:[.,]\d+)?").expect("well formed");
    let (mut cases, mut through) = (0, Vec::new());
    for lang in ["en", "de", "es"] {
        for entry in entries(lang) {
            let answer = entry.answer.trim();
            let found: Vec<&str> = number.find_iter(answer).map(|it| it.as_str()).collect();
            for (place, here) in number.find_iter(answer).enumerate() {
                let Some(other) = found.get(place + 1).filter(|other| **other != here.as_str())
                else {
                    continue;
                };
                cases += 1;
                let text = format!("{}{other}{}", &answer[..here.start()], &answer[here.end()..]);
                let grounding = check(&draft(&entry, text.clone()), &[&entry], "", super::unlike);
                if grounding.undocumented.is_empty() {
                    through.push((here.as_str().to_owned(), text));
                }
            }
        }
    }
    assert!(cases >= 200 && through.is_empty(), "{} of {cases}: {through:#?}", through.len());
}

#[test]
fn an_answer_in_the_entrys_own_sentences_passes() {
    let (mut all, mut refused) = (0, Vec::new());
    for (lang, hello) in [
        ("en", "Thank you for your message!"),
        ("de", "Vielen Dank für Ihre Nachricht!"),
        ("es", "¡Gracias por su mensaje!"),
    ] {
        for entry in entries(lang) {
            all += 1;
            let text = format!("{hello} {}", entry.answer.trim());
            let grounding = check(&draft(&entry, text), &[&entry], "", super::unlike);
            if !grounding.undocumented.is_empty() {
                refused.push((entry.id.to_string(), grounding.undocumented));
            }
        }
    }
    assert!(refused.len() * 20 <= all, "{} of {all}: {refused:#?}", refused.len());
}
