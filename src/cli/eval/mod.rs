//! `sureply eval`: how well search and confidence do on labelled sets, and what the bound allows there.

mod print;

use crate::clock::Clock;
use crate::confidence::Model;
use crate::config::{Config, Embedding};
use crate::eval::report::{Origin, evaluation};
use crate::eval::{Assessed, LabelledSet, Manner, Row, Wanted, assess, load_sets};
use crate::token;
use anyhow::{Context, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What to measure, and how.
#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Folders with kb.jsonl and queries.jsonl.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The knowledge, where it is not the folder's kb.jsonl: JSON lines or Markdown.
    #[arg(long, value_name = "FILE")]
    kb: Option<PathBuf>,
    /// The questions, where they are not the folder's queries.jsonl.
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// The part of the questions to measure on; `all` for every row.
    #[arg(long, default_value = "dev")]
    split: String,
    /// The most questions of each set.
    #[arg(long)]
    limit: Option<usize>,
    /// Learns the wordings of the `train` rows that one entry answers, as approvals would.
    #[arg(long)]
    learn_train: bool,
    /// The sentence encoder: a folder with an ONNX model and its tokenizer.json, or the address of an
    /// endpoint; by default the one of the settings, which also name prefixes and keys.
    #[arg(long, value_name = "DIR|URL")]
    embedding: Option<String>,
    /// The calibration samples that the bound is tried on; 0 leaves the bound out.
    #[arg(long, default_value_t = 500, value_name = "N")]
    samples: usize,
    /// What every random draw starts from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes one JSON line a question.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// Writes one HTML file with plots and tables.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Prints one JSON object a line instead of tables.
    #[arg(long)]
    json: bool,
}

/// Measures every set and prints a line for each configuration.
pub(super) fn eval(config: &Config, arguments: &Eval) -> Result<()> {
    let embedding = embedding(config, arguments.embedding.as_deref());
    let wanted = Wanted {
        knowledge: arguments.kb.as_deref(),
        questions: arguments.queries.as_deref(),
        split: (arguments.split != "all").then_some(arguments.split.as_str()),
        limit: arguments.limit,
    };
    let manner = Manner {
        learns: arguments.learn_train,
        samples: arguments.samples,
        seed: arguments.seed,
        now: Clock::real().now(),
        embedding: &embedding,
    };
    // Every set is read before the first is measured: a mistake in the last shows at once.
    let mut sets: Vec<LabelledSet> = Vec::new();
    for folder in &arguments.folders {
        sets.extend(load_sets(folder, &wanted)?);
    }
    let mut rows = arguments.rows.as_deref().map(create).transpose()?;
    let mut report = arguments.report.as_deref().map(create).transpose()?;
    let mut all = Vec::new();
    for set in sets {
        let bar = progress(set.cases.len(), &set.name);
        let assessed = assess(set, &manner, &bar)?;
        bar.finish_and_clear();
        if let Some(file) = &mut rows {
            write_rows(file, &assessed.rows).context("writing the rows")?;
        }
        print::print(&assessed, arguments.json)?;
        all.push(assessed);
    }
    if let Some(file) = &mut report {
        write_report(file, &all, arguments.seed).context("writing the report")?;
    }
    Ok(())
}

/// The encoder named, with all else that the settings say of encoders.
fn embedding(config: &Config, named: Option<&str>) -> Embedding {
    let mut embedding = config.embedding.clone();
    let Some(named) = named else { return embedding };
    if named.starts_with("http://") || named.starts_with("https://") {
        (embedding.model, embedding.base_url) = (None, Some(named.to_owned()));
        embedding.name.get_or_insert_with(|| "default".to_owned());
    } else {
        (embedding.model, embedding.base_url) = (Some(PathBuf::from(named)), None);
    }
    embedding
}

fn progress(length: usize, set: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {prefix} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(set.to_owned())
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("making {}", path.display()))?;
    Ok(BufWriter::new(file))
}

fn write_rows(file: &mut BufWriter<File>, rows: &[Row]) -> Result<()> {
    for row in rows {
        writeln!(file, "{}", serde_json::to_string(row)?)?;
    }
    file.flush()?;
    Ok(())
}

fn write_report(file: &mut BufWriter<File>, all: &[Assessed], seed: u64) -> Result<()> {
    let origin = Origin {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        program: program()?,
        model: Model::shipped().version.clone(),
        seed,
    };
    file.write_all(evaluation(all, &origin).as_bytes())?;
    file.flush()?;
    Ok(())
}

/// The program's version and the beginning of the SHA-256 of its file.
fn program() -> Result<String> {
    let path = std::env::current_exe().context("looking for the program's own file")?;
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let hash: String = token::hex(&Sha256::digest(&bytes)).chars().take(16).collect();
    Ok(format!("sureply {} ({hash})", env!("CARGO_PKG_VERSION")))
}
