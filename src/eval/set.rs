//! Labelled sets: the entries of a knowledge file and the questions put to them.

use super::case::{Case, load_cases};
use crate::curation::import;
use crate::knowledge::{Entry, EntryId, parse};
use crate::lang::Lang;
use crate::token;
use crate::triage;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The knowledge and the questions of a set's folder.
const KNOWLEDGE: &str = "kb.jsonl";
const QUESTIONS: &str = "queries.jsonl";
/// A folder may hold a second set, whose entries are bare answers.
const SECOND: &str = "ansonly";
/// The split whose questions stand for wordings that agents have approved.
const TRAIN: &str = "train";
/// More wrong labels than these are not listed.
const LISTED: usize = 5;

/// Which rows of a folder are wanted, and from where.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The knowledge, where it is not the folder's own: JSON lines, Markdown or a folder of it.
    pub knowledge: Option<&'a Path>,
    /// The questions, where they are not the folder's own.
    pub questions: Option<&'a Path>,
    /// The part of the questions; all where none is named.
    pub split: Option<&'a str>,
    /// The most questions.
    pub limit: Option<usize>,
}

/// A labelled set.
#[derive(Debug, Clone)]
pub struct LabelledSet {
    /// The folder's name.
    pub name: String,
    /// The entries that may answer.
    pub entries: Vec<Entry>,
    /// The questions to measure on.
    pub cases: Vec<Case>,
    /// The questions of the training part, whatever part is measured on.
    pub train: Vec<Case>,
    /// The SHA-256 of the knowledge's file and the questions' file, one after the other.
    pub sha256: String,
}

/// Reads every set of a folder: its own, and the second one where it holds one.
pub fn load_sets(folder: &Path, wanted: &Wanted<'_>) -> Result<Vec<LabelledSet>> {
    ensure!(folder.is_dir(), "{} is no folder with a labelled set", folder.display());
    let name = set_name(folder);
    let own = |file: &str| Some(folder.join(file)).filter(|path| path.is_file());
    let knowledge = wanted.knowledge.map(Path::to_owned).or_else(|| own(KNOWLEDGE));
    let knowledge = knowledge.with_context(|| {
        format!("{} holds no {KNOWLEDGE}; name the knowledge with --kb", folder.display())
    })?;
    let questions = wanted.questions.map(Path::to_owned).or_else(|| own(QUESTIONS));
    let questions = questions.unwrap_or_else(|| folder.to_owned());
    let mut sets = vec![load_set(name.clone(), &knowledge, &questions, wanted)?];
    let second = own(&format!("{SECOND}_{KNOWLEDGE}")).zip(own(&format!("{SECOND}_{QUESTIONS}")));
    let is_folders_own = wanted.knowledge.is_none() && wanted.questions.is_none();
    if let Some((knowledge, questions)) = second.filter(|_| is_folders_own) {
        sets.push(load_set(format!("{name}/{SECOND}"), &knowledge, &questions, wanted)?);
    }
    Ok(sets)
}

fn set_name(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    real.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn load_set(
    name: String,
    knowledge: &Path,
    questions: &Path,
    wanted: &Wanted<'_>,
) -> Result<LabelledSet> {
    let (entries, hashed) = load_entries(knowledge)?;
    let known: HashSet<&EntryId> = entries.iter().map(|entry| &entry.id).collect();
    let all = load_cases(questions, None)?;
    check_labels(&all, &known, knowledge)?;
    let part = |split: Option<&str>| -> Vec<Case> {
        let is_in = |case: &&Case| split.is_none_or(|split| case.split() == split);
        all.iter().filter(is_in).cloned().collect()
    };
    let mut cases = part(wanted.split);
    ensure!(
        !cases.is_empty(),
        "{} holds no questions of split `{}`; its lines name the split they belong to",
        questions.display(),
        wanted.split.unwrap_or_default(),
    );
    cases.truncate(wanted.limit.unwrap_or(usize::MAX));
    let sha256 = token::hash(&(hashed + &text_of(questions, &all)?));
    let train = if wanted.split == Some(TRAIN) { Vec::new() } else { part(Some(TRAIN)) };
    Ok(LabelledSet { name, entries, cases, train, sha256 })
}

/// What the hash of a set takes of its questions.
fn text_of(questions: &Path, all: &[Case]) -> Result<String> {
    if questions.is_file() {
        return read(questions);
    }
    let texts = all.iter().map(|case| json!([case.id, case.text, case.gold]).to_string());
    Ok(texts.collect())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// Labels must name entries that are there: a figure over others would say nothing.
fn check_labels(cases: &[Case], known: &HashSet<&EntryId>, knowledge: &Path) -> Result<()> {
    let mut wrong = Vec::new();
    for case in cases {
        ensure!(!case.text.trim().is_empty(), "{}: the question is empty", case.place);
        let unknown = case.gold.iter().filter(|id| !known.contains(id));
        wrong.extend(unknown.map(|id| format!("{}: gold names `{id}`", case.place)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let more = wrong.len().saturating_sub(LISTED);
    let listed = wrong.into_iter().take(LISTED).collect::<Vec<_>>().join("\n  ");
    let rest = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    bail!("labels name entries that {} does not hold:\n  {listed}{rest}", knowledge.display());
}

/// The entries of a file or folder, with the text that the set's hash takes of it.
fn load_entries(path: &Path) -> Result<(Vec<Entry>, String)> {
    let is_rows = path.extension().is_some_and(|ending| ending == "jsonl");
    if is_rows {
        let text = read(path)?;
        return Ok((entries_of_rows(path, &text)?, text));
    }
    let reading = import::read(path)?;
    refuse(&reading.problems, path)?;
    let articles = reading.articles.into_iter();
    let entries: Vec<Entry> = articles.flat_map(|(_, article)| article.entries).collect();
    let text = json!(entries).to_string();
    Ok((entries, text))
}

/// Other systems' rows may lack what our own must have: title, question, answer and language.
fn entries_of_rows(path: &Path, text: &str) -> Result<Vec<Entry>> {
    let mut bare = HashMap::new();
    let lines = text.trim_start_matches('\u{feff}').lines();
    let filled: Vec<String> = lines.map(|line| filled(line, &mut bare)).collect();
    let name = path.display().to_string();
    let rows = parse::jsonl(&name, filled.join("\n").as_bytes());
    refuse(&rows.problems, path)?;
    let mut entries: Vec<Entry> =
        rows.articles.into_iter().flat_map(|article| article.entries).collect();
    for entry in &mut entries {
        if let Some(answer) = bare.remove(entry.id.as_str()) {
            (entry.title, entry.question, entry.answer) = (String::new(), String::new(), answer);
        }
    }
    Ok(entries)
}

/// The line with what it may lack. A row that has but an answer is noted in `bare`, for a made-up
/// title must not be searched by.
fn filled(line: &str, bare: &mut HashMap<String, String>) -> String {
    let Ok(Value::Object(mut row)) = serde_json::from_str(line) else { return line.to_owned() };
    let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (id, title, question, answer) =
        (text("id"), text("title"), text("question"), text("answer"));
    let is_bare = title.trim().is_empty() && question.trim().is_empty();
    if is_bare {
        bare.insert(id.clone(), answer.trim().to_owned());
    }
    let title = [title, question.clone(), id].into_iter().find(|text| !text.trim().is_empty());
    if text("lang").is_empty() {
        let shown = format!("{question} {answer}");
        row.insert("lang".into(), json!(triage::read(&shown, Lang::EN, &[]).lang));
    }
    row.insert("title".into(), json!(title.unwrap_or_default()));
    for key in ["question", "answer"] {
        row.entry(key).or_insert_with(|| json!(""));
    }
    Value::Object(row).to_string()
}

fn refuse(problems: &[parse::Problem], path: &Path) -> Result<()> {
    let listed: Vec<String> = problems.iter().take(LISTED).map(ToString::to_string).collect();
    ensure!(
        problems.is_empty(),
        "{} problems in {}:\n  {}",
        problems.len(),
        path.display(),
        listed.join("\n  ")
    );
    Ok(())
}

/// The language that most of the entries are in: what a business of this knowledge would set.
pub fn house_lang(entries: &[Entry]) -> Lang {
    let mut counts: HashMap<Lang, usize> = HashMap::new();
    for entry in entries {
        *counts.entry(entry.lang).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(lang, count)| (*count, std::cmp::Reverse(*lang)));
    most.map_or(Lang::EN, |(lang, _)| lang)
}

/// Gives entries the training questions that have exactly one right entry, as approvals would.
/// Returns how many were learned.
pub fn learn(entries: &mut [Entry], train: &[Case]) -> usize {
    let places: HashMap<EntryId, usize> =
        entries.iter().enumerate().map(|(place, entry)| (entry.id.clone(), place)).collect();
    let mut learned = 0;
    for case in train {
        let [gold] = case.gold.as_slice() else { continue };
        let Some(entry) = places.get(gold).and_then(|place| entries.get_mut(*place)) else {
            continue;
        };
        let is_known = [&entry.ways, &entry.learned].iter().any(|ways| ways.contains(&case.text));
        if !is_known && entry.question != case.text {
            entry.learned.push(case.text.clone());
            learned += 1;
        }
    }
    learned
}
