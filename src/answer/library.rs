//! The library of prompts: those that are part of the program, or a folder's, followed while it changes.

use super::prompt::Prompt;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Every prompt there is, by the name of its file.
pub const EMBEDDED: [(&str, &str); 5] = [
    ("answer", include_str!("../../prompts/answer.md")),
    ("rewrite", include_str!("../../prompts/rewrite.md")),
    ("clarify", include_str!("../../prompts/clarify.md")),
    ("summary", include_str!("../../prompts/summary.md")),
    ("suggest", include_str!("../../prompts/suggest.md")),
];

/// The prompts of one moment.
#[derive(Debug, Clone)]
pub struct Prompts {
    /// For answers to customers.
    pub answer: Prompt,
    /// For questions that lean on what was said before.
    pub rewrite: Prompt,
    /// For asking a customer back.
    pub clarify: Prompt,
    /// For summing up to a person.
    pub summary: Prompt,
    /// For a reply that a person looks at.
    pub suggest: Prompt,
}

/// Where the prompts come from.
pub struct Library {
    folder: Option<PathBuf>,
    shown: Mutex<Shelf>,
}

struct Shelf {
    stamps: Vec<Option<SystemTime>>,
    prompts: Arc<Prompts>,
}

impl Prompts {
    /// Those that are part of the program.
    pub fn embedded() -> Result<Self> {
        Self::read(|_| Ok(None))
    }

    /// Those of a folder; what it does not hold is as in the program.
    pub fn of(folder: &Path) -> Result<Self> {
        Self::read(|name| {
            let path = file(folder, name);
            if !path.exists() {
                return Ok(None);
            }
            let text = std::fs::read_to_string(&path);
            text.map(Some).with_context(|| format!("reading {}", path.display()))
        })
    }

    /// Reads each prompt and renders it with a sample.
    fn read(text: impl Fn(&str) -> Result<Option<String>>) -> Result<Self> {
        let [answer, rewrite, clarify, summary, suggest] = EMBEDDED.map(|(name, embedded)| {
            let own = text(name)?;
            let prompt = Prompt::read(own.as_deref().unwrap_or(embedded));
            prompt
                .and_then(|prompt| prompt.try_out().map(|()| prompt))
                .with_context(|| format!("reading the prompt {name}.md"))
        });
        Ok(Self {
            answer: answer?,
            rewrite: rewrite?,
            clarify: clarify?,
            summary: summary?,
            suggest: suggest?,
        })
    }
}

impl Library {
    /// Opens the library; a folder with a prompt that cannot be used is refused.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let prompts = match folder {
            Some(folder) => Prompts::of(folder)
                .with_context(|| format!("reading the prompts in {}", folder.display()))?,
            None => Prompts::embedded()?,
        };
        let folder = folder.map(Path::to_owned);
        let shelf = Shelf { stamps: stamps(folder.as_deref()), prompts: Arc::new(prompts) };
        Ok(Self { folder, shown: Mutex::new(shelf) })
    }

    /// A library of other prompts that stays as it is.
    pub fn fixed(prompts: Prompts) -> Self {
        let shelf = Shelf { stamps: Vec::new(), prompts: Arc::new(prompts) };
        Self { folder: None, shown: Mutex::new(shelf) }
    }

    /// The prompts as they are now. A change that cannot be used is told once, and changes nothing.
    pub fn prompts(&self) -> Arc<Prompts> {
        // What is behind the lock is whole at any time.
        let mut now = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(folder) = &self.folder else { return Arc::clone(&now.prompts) };
        let stamps = stamps(Some(folder));
        if stamps != now.stamps {
            now.stamps = stamps;
            match Prompts::of(folder) {
                Ok(prompts) => {
                    tracing::info!(answer = prompts.answer.hash, "the prompts have changed");
                    now.prompts = Arc::new(prompts);
                }
                Err(error) => tracing::error!(
                    error = format!("{error:#}"),
                    "a changed prompt cannot be used; the one before stays"
                ),
            }
        }
        Arc::clone(&now.prompts)
    }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.md"))
}

/// When each file last changed.
fn stamps(folder: Option<&Path>) -> Vec<Option<SystemTime>> {
    let Some(folder) = folder else { return Vec::new() };
    let changed = |name: &str| std::fs::metadata(file(folder, name)).ok()?.modified().ok();
    EMBEDDED.iter().map(|(name, _)| changed(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{EMBEDDED, Library, Prompts};

    #[test]
    fn every_embedded_prompt_can_be_used() {
        let prompts = Prompts::embedded().expect("they are well formed");
        for (prompt, (name, _)) in [
            &prompts.answer,
            &prompts.rewrite,
            &prompts.clarify,
            &prompts.summary,
            &prompts.suggest,
        ]
        .into_iter()
        .zip(EMBEDDED)
        {
            assert_eq!(prompt.name, name);
        }
    }

    #[test]
    fn a_folders_prompts_are_followed_and_a_bad_one_changes_nothing() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("answer.md");
        let write = |text: &str, second: u64| {
            std::fs::write(&path, text).expect("it is written");
            let file = std::fs::File::options().write(true).open(&path).expect("it is there");
            let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(second);
            file.set_modified(at).expect("its time is set");
        };
        let good = EMBEDDED[0].1;
        write(good, 1_000);
        let library = Library::open(Some(folder.path())).expect("a good prompt");
        let first = library.prompts().answer.hash.clone();
        write(&good.replace("Be short", "Be very short"), 2_000);
        let second = library.prompts().answer.hash.clone();
        assert_ne!(first, second);
        for bad in
            ["no head", "---\nname: a\nvariables: [data]\n---\nDo.\n---\nno fence {{ data }}"]
        {
            write(bad, 3_000 + bad.len() as u64);
            assert_eq!(library.prompts().answer.hash, second, "{bad}");
            assert!(Library::open(Some(folder.path())).is_err(), "{bad}");
        }
        write(good, 4_000);
        assert_eq!(library.prompts().answer.hash, first);
    }
}
