//! An entry: its question, the ways to ask it, its answer, and the terms it changes for itself.

use super::body::Section;
use super::head::Head;
use super::problem::{Report, flaw};
use super::slug;
use super::terms::Terms;
use crate::knowledge::{Entry, EntryId};
use std::collections::HashMap;

/// Reads the entries of all sections; they are whole only where nothing was reported.
pub fn read(
    text: &str,
    head: &Head,
    sections: Vec<Section>,
    report: &mut Report<'_>,
) -> Vec<Entry> {
    let slugs = slugs(&sections, report);
    let entries = sections.into_iter().zip(slugs).map(|(section, slug)| {
        let (ways, answer) = parts(text, &section, report);
        let terms = terms(&head.terms, &section, report);
        check_question(&section, report);
        let id = slug.map_or(head.id.to_string(), |slug| format!("{}/{slug}", head.id));
        Entry {
            id: EntryId::from(id),
            article: head.id.clone(),
            version: 0,
            lang: head.lang,
            title: head.title.clone(),
            topic: head.topic.clone(),
            tags: head.tags.clone(),
            risk: terms.risk,
            audience: terms.audience,
            valid_until: terms.valid_until,
            status: terms.status,
            question: section.question,
            ways,
            learned: Vec::new(),
            answer,
        }
    });
    entries.collect()
}

/// A slug for each section, or none for a lone entry that asks for none.
fn slugs(sections: &[Section], report: &mut Report<'_>) -> Vec<Option<String>> {
    let mut taken = HashMap::new();
    let is_alone = sections.len() == 1;
    let slugs = sections.iter().map(|section| {
        let slug = match &section.slug {
            Some(written) => {
                slug::check(written).map_err(|flaw| report.add(section.line, flaw)).ok()
            }
            None if is_alone => None,
            None => own_slug(section, report),
        }?;
        if let Some(first) = taken.insert(slug.clone(), section.line) {
            let what = format!("the slug `#{slug}` is taken by the entry in line {first}");
            report
                .add(section.line, flaw(what, "end the heading with another, such as `{#other}`"));
        }
        Some(slug)
    });
    slugs.collect()
}

fn own_slug(section: &Section, report: &mut Report<'_>) -> Option<String> {
    let slug = slug::of_question(&section.question);
    if slug.is_none() && !section.question.is_empty() {
        let fix = "end the heading with one, such as `{#opening-hours}`";
        report.add(section.line, flaw("the question gives no slug", fix));
    }
    slug
}

/// The ways to ask, which are the lines that begin with `>` directly below the heading, and the
/// answer.
fn parts(text: &str, section: &Section, report: &mut Report<'_>) -> (Vec<String>, String) {
    let mut ways = Vec::new();
    let mut answer_at = section.below.start;
    let mut was_blank = true;
    for (line, number) in text[section.below.clone()].split_inclusive('\n').zip(section.line + 1..)
    {
        let content = line.trim();
        if let Some(way) = content.strip_prefix('>') {
            if way.trim().is_empty() {
                report
                    .add(number, flaw("a way to ask is empty", "write it out or remove the line"));
            }
            ways.push(way.trim().to_owned());
        } else if !content.is_empty() {
            if !was_blank {
                let fix = "begin the line with `>`, or leave a blank line above the answer";
                report.add(number, flaw("text follows the ways to ask directly", fix));
            }
            break;
        }
        was_blank = content.is_empty();
        answer_at += line.len();
    }
    let answer = text[answer_at..section.below.end].trim_end();
    if answer.is_empty() {
        let fix = "write the answer below the ways to ask, or remove the entry";
        report.add(section.line, flaw("the entry has no answer", fix));
    }
    (ways, answer.to_owned())
}

fn terms(article: &Terms, section: &Section, report: &mut Report<'_>) -> Terms {
    let mut terms = article.clone();
    for (at, (key, value)) in section.terms.iter().enumerate() {
        if section.terms[..at].iter().any(|(earlier, _)| earlier == key) {
            let what = format!("the key `{key}` stands twice in the braces");
            report.add(section.line, flaw(what, "keep one of them"));
        }
        if let Err(flaw) = terms.set(key, value.as_deref().unwrap_or_default()) {
            report.add(section.line, flaw);
        }
    }
    terms
}

fn check_question(section: &Section, report: &mut Report<'_>) {
    if section.question.is_empty() {
        report.add(section.line, flaw("the entry has no question", "write it behind `##`"));
    }
    if section.question.contains(['{', '}']) {
        let fix = "end the heading with one pair of braces, such as `{#slug risk=high}`";
        report.add(section.line, flaw("the braces of the heading are not well formed", fix));
    }
}
