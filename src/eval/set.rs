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
/// Or whole conversations, the last message of which is the question.
const THREADS: &str = "threads.jsonl";
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
    let questions =
        wanted.questions.map(Path::to_owned).or_else(|| own(QUESTIONS)).or_else(|| own(THREADS));
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
    if let Some(limit) = wanted.limit {
        // From all over the set: kinds of questions may stand together.
        let step = cases.len().div_ceil(limit.max(1)).max(1);
        cases = cases.into_iter().step_by(step).take(limit).collect();
        ensure!(!cases.is_empty(), "--limit 0 leaves no questions");
    }
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

/// Most training questions that are kept back as evidence: with an answer, and without.
const EVIDENCE: [usize; 2] = [1_000, 500];
/// Where the others are learned, no more than one in so many with an answer is kept back.
const KEPT_BACK: usize = 7;

/// Parts the training questions: those that stand for judged turns, and the others, which may be
/// learned. Who is kept back follows from the questions' names alone.
pub fn part_evidence(train: &[Case], learns: bool) -> (Vec<Case>, Vec<Case>) {
    let mut shuffled: Vec<(String, &Case)> =
        train.iter().map(|case| (token::hash(&case.id), case)).collect();
    shuffled.sort_by(|a, b| a.0.cmp(&b.0));
    let answerable = train.iter().filter(|case| !case.gold.is_empty()).count();
    let share = if learns { answerable / KEPT_BACK } else { answerable };
    let mut left = [EVIDENCE[0].min(share), EVIDENCE[1]];
    let (mut evidence, mut others) = (Vec::new(), Vec::new());
    for (_, case) in shuffled {
        let left = &mut left[usize::from(case.gold.is_empty())];
        match left.checked_sub(1) {
            Some(fewer) => {
                *left = fewer;
                evidence.push(case.clone());
            }
            None => others.push(case.clone()),
        }
    }
    (evidence, others)
}

/// The entries with the questions that have exactly one right entry, as approvals would teach them,
/// and how many were learned.
pub fn taught(entries: &[Entry], cases: &[Case]) -> (Vec<Entry>, usize) {
    let mut entries = entries.to_vec();
    let places: HashMap<EntryId, usize> =
        entries.iter().enumerate().map(|(place, entry)| (entry.id.clone(), place)).collect();
    let mut known: HashSet<(usize, &str)> = HashSet::new();
    let mut learned = 0;
    for case in cases {
        let [gold] = case.gold.as_slice() else { continue };
        let Some(&place) = places.get(gold) else { continue };
        let entry = &mut entries[place];
        let is_curated = entry.question == case.text || entry.ways.contains(&case.text);
        if !is_curated && known.insert((place, &case.text)) {
            entry.learned.push(case.text.clone());
            learned += 1;
        }
    }
    (entries, learned)
}

#[cfg(test)]
mod tests {
    use super::{Wanted, load_sets, part_evidence, taught};
    use crate::eval::Case;
    use crate::knowledge::EntryId;
    use std::fs;

    const KB: &str = r#"{"id":"a","title":"A","question":"How?","alt_questions":["Way"],"answer":"So.","lang":"en"}"#;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("writing");
        }
        folder
    }

    fn refused(files: &[(&str, &str)]) -> String {
        let folder = folder(files);
        let error = load_sets(folder.path(), &Wanted::default()).expect_err("a bad set");
        format!("{error:#}")
    }

    fn case(id: &str, text: &str, gold: &[&str]) -> Case {
        let gold = gold.iter().map(|id| EntryId::from(*id)).collect();
        Case { id: id.into(), text: text.into(), gold, ..Case::default() }
    }

    #[test]
    fn rows_may_lack_title_question_answer_and_language() {
        let kb = "{\"id\":\"bare\",\"answer\":\"Wir liefern nach Österreich und in die Schweiz.\"}\n\
                  {\"id\":\"q\",\"question\":\"How?\"}\n";
        let queries = "{\"text\":\"hi\",\"gold\":[\"bare\"]}";
        let folder = folder(&[("kb.jsonl", kb), ("queries.jsonl", queries)]);
        let sets = load_sets(folder.path(), &Wanted::default()).expect("a set");
        let [bare, question] = sets[0].entries.as_slice() else { panic!("two entries") };
        assert_eq!(
            (bare.title.as_str(), bare.question.as_str(), bare.lang.as_str()),
            ("", "", "de")
        );
        assert_eq!((question.title.as_str(), question.answer.as_str()), ("How?", "How?"));
        assert_eq!((sets[0].cases.len(), sets[0].train.len(), sets[0].sha256.len()), (1, 0, 64));
    }

    #[test]
    fn what_is_wrong_with_a_set_is_told_with_its_place() {
        let ok = r#"{"text":"hi","gold":["a"]}"#;
        for (files, parts) in [
            (vec![("queries.jsonl", ok)], vec!["no kb.jsonl", "--kb"]),
            (vec![("kb.jsonl", KB)], vec!["no .jsonl file with questions"]),
            (vec![("kb.jsonl", KB), ("queries.jsonl", "")], vec!["holds no questions"]),
            (vec![("kb.jsonl", "{"), ("queries.jsonl", ok)], vec!["kb.jsonl:1", "cannot be read"]),
            (vec![("kb.jsonl", KB), ("queries.jsonl", "{}")], vec!["queries.jsonl:1", "text"]),
            (
                vec![("kb.jsonl", KB), ("queries.jsonl", r#"{"text":"x","gold":["b","c"]}"#)],
                vec!["queries.jsonl:1: gold names `b`", "gold names `c`"],
            ),
            (
                vec![("kb.jsonl", KB), ("queries.jsonl", r#"{"text":" ","gold":[]}"#)],
                vec!["queries.jsonl:1: the question is empty"],
            ),
            (
                vec![("kb.jsonl", &format!("{KB}\n{KB}")), ("queries.jsonl", ok)],
                vec!["kb.jsonl:2", "taken by line 1"],
            ),
        ] {
            let error = refused(&files);
            for part in parts {
                assert!(error.contains(part), "{part}: {error}");
            }
        }
    }

    #[test]
    fn a_folder_may_hold_a_second_set() {
        let queries = r#"{"text":"hi","gold":["a"]}"#;
        let folder = folder(&[
            ("kb.jsonl", KB),
            ("queries.jsonl", queries),
            ("ansonly_kb.jsonl", KB),
            ("ansonly_queries.jsonl", queries),
        ]);
        let sets = load_sets(folder.path(), &Wanted::default()).expect("two sets");
        assert!(sets.len() == 2 && sets[1].name.ends_with("/ansonly"), "{}", sets[1].name);
        let kb = folder.path().join("kb.jsonl");
        let wanted = Wanted { knowledge: Some(&kb), ..Wanted::default() };
        assert_eq!(load_sets(folder.path(), &wanted).expect("one set").len(), 1);
    }

    #[test]
    fn wordings_are_learned_once_and_only_where_one_entry_answers() {
        let folder = folder(&[("kb.jsonl", KB), ("queries.jsonl", r#"{"text":"x","gold":[]}"#)]);
        let set = &load_sets(folder.path(), &Wanted::default()).expect("a set")[0];
        let cases = [
            case("1", "new", &["a"]),
            case("2", "new", &["a"]),
            case("3", "Way", &["a"]),
            case("4", "none", &[]),
            case("5", "two", &["a", "b"]),
        ];
        let (entries, learned) = taught(&set.entries, &cases);
        assert_eq!((entries[0].learned.join("|"), learned), ("new".to_owned(), 1));
    }

    #[test]
    fn evidence_is_parted_from_what_is_learned() {
        let mut train: Vec<Case> = (0..70).map(|n| case(&format!("a{n}"), "q", &["a"])).collect();
        train.extend((0..5).map(|n| case(&format!("n{n}"), "q", &[])));
        let (evidence, others) = part_evidence(&train, true);
        assert_eq!((evidence.len(), others.len()), (15, 60));
        assert!(others.iter().all(|case| !case.gold.is_empty()));
        let (evidence, others) = part_evidence(&train, false);
        assert_eq!((evidence.len(), others.len()), (75, 0));
    }
}
