//! Sources: where knowledge comes from, and reading all of one.

use super::reading::{Reading, is_markdown, real_path};
use anyhow::{Context, Result};
use rust_embed::RustEmbed;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

/// Where knowledge comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The knowledge of an invented business that comes with the program.
    Sample,
    /// A folder of Markdown files, which is followed.
    Folder(PathBuf),
    /// What was brought in once and lives in the store alone.
    Imported,
}

/// The files of the sample.
#[derive(RustEmbed)]
#[folder = "knowledge/"]
struct SampleFiles;

impl Source {
    /// Its word in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Folder(_) => "folder",
            Self::Imported => "imported",
        }
    }

    /// Reads all that it holds; an error means that nothing can be told of what it holds.
    pub fn read(&self) -> Result<Reading> {
        match self {
            Self::Sample => Ok(read_sample()),
            Self::Folder(folder) => read_folder(folder),
            Self::Imported => Ok(Reading::default()),
        }
    }
}

fn read_sample() -> Reading {
    let mut files: Vec<_> =
        SampleFiles::iter().filter(|file| is_markdown(file.as_ref().as_ref())).collect();
    files.sort();
    let mut reading = Reading::default();
    for file in files {
        if let Some(embedded) = SampleFiles::get(&file) {
            reading.take(&file, &embedded.data);
        }
    }
    reading
}

/// Reads every Markdown file of a folder and of the folders in it, by name.
pub fn read_folder(folder: &Path) -> Result<Reading> {
    let root = real_path(folder)?;
    let mut reading = Reading::default();
    walk(&root, &root, &mut reading)?;
    if reading.is_empty() {
        let fix = "put Markdown files (.md) into it; until then, what it last held stays in use";
        reading.refuse(&folder.display().to_string(), "the folder holds no knowledge", fix);
    }
    Ok(reading)
}

/// Walks in order of names. A folder that cannot be listed ends the walk, since its files would
/// otherwise seem to be gone. Hidden files and folders are passed over.
fn walk(root: &Path, folder: &Path, reading: &mut Reading) -> Result<()> {
    let listing = || format!("listing the folder {}", folder.display());
    let entries = folder.read_dir().with_context(listing)?;
    let mut entries = entries.collect::<Result<Vec<DirEntry>, _>>().with_context(listing)?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().with_context(|| format!("looking at {}", path.display()))?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            walk(root, &path, reading)?;
        } else if kind.is_symlink() {
            follow_link(root, &path, reading);
        } else if kind.is_file() && is_markdown(&path) {
            reading.read_file(&name(root, &path), &path);
        }
    }
    Ok(())
}

/// Reads the file a link leads to, unless it leads out of the folder or round in circles.
fn follow_link(root: &Path, link: &Path, reading: &mut Reading) {
    let file = name(root, link);
    let fix = "put the file itself into the folder";
    match link.canonicalize() {
        Ok(target) if target.is_dir() => {
            let fix = "put the folder itself here, or remove the link";
            reading.refuse(&file, "a link to a folder is not followed", fix);
        }
        _ if !is_markdown(link) => {}
        Ok(target) if !target.starts_with(root) => {
            reading.refuse(&file, "the link leads out of the folder", fix);
        }
        Ok(target) if target.is_file() => reading.read_file(&file, &target),
        Ok(_) => reading.refuse(&file, "the link leads to no file", fix),
        Err(error) => {
            reading.refuse(&file, &format!("the link cannot be followed ({error})"), fix);
        }
    }
}

/// The path from the root, with `/` between folders on every system.
fn name(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::Source;
    use std::fs;
    use std::path::Path;
    use tempfile::TempDir;

    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (file, id) in files {
            put(folder.path(), file, id);
        }
        folder
    }

    fn put(folder: &Path, file: &str, id: &str) {
        let path = folder.join(file);
        let text = format!("---\nid: {id}\nlang: en\ntitle: T\ntopic: t\n---\n## Q\nA\n");
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("making folders");
        fs::write(path, text).expect("writing a file");
    }

    fn read(folder: &TempDir) -> (Vec<String>, Vec<String>) {
        let reading = Source::Folder(folder.path().to_owned()).read().expect("it can be listed");
        let articles = reading.articles.into_iter();
        let problems = reading.problems.into_iter().map(|p| format!("{}: {}", p.file, p.what));
        (
            articles.map(|(file, article)| format!("{file} {}", article.id)).collect(),
            problems.collect(),
        )
    }

    #[test]
    fn the_sample_has_no_problem_and_what_it_promises() {
        let reading = Source::Sample.read().expect("it is part of the program");
        assert_eq!(reading.problems, []);
        let entries = || reading.articles.iter().flat_map(|(_, article)| &article.entries);
        for (lang, least) in [("en", 80), ("de", 40), ("es", 40)] {
            assert!(
                entries().filter(|entry| entry.lang.as_str() == lang).count() >= least,
                "{lang}"
            );
        }
    }

    #[test]
    fn markdown_files_are_read_by_name_in_every_folder() {
        let folder = folder(&[
            ("b.md", "b"),
            ("a/z.MD", "z"),
            ("a/notes.txt", "n"),
            (".git/x.md", "x"),
            (".hidden.md", "h"),
        ]);
        assert_eq!(read(&folder), (vec!["a/z.MD z".to_owned(), "b.md b".to_owned()], vec![]));
    }

    #[test]
    fn a_broken_file_is_told_and_the_others_are_read() {
        let folder = folder(&[("a.md", "a"), ("b.md", "B")]);
        fs::write(folder.path().join("c.md"), vec![b'a'; 10_000_000]).expect("writing it");
        let (articles, problems) = read(&folder);
        assert_eq!(articles, ["a.md a"]);
        assert_eq!(problems, ["b.md: `id` is `B`", "c.md: the file is larger than 1 MB"]);
    }

    #[test]
    fn an_empty_folder_is_a_problem_and_a_missing_one_an_error() {
        let folder = folder(&[]);
        let (articles, problems) = read(&folder);
        assert!(articles.is_empty() && problems[0].ends_with("the folder holds no knowledge"));
        assert!(Source::Folder(folder.path().join("missing")).read().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_the_folder_only() {
        use std::os::unix::fs::symlink;
        let outside = folder(&[("secret.md", "secret")]);
        let inside = folder(&[(".data/real.md", "real")]);
        let link =
            |target: &Path, name: &str| symlink(target, inside.path().join(name)).expect("linking");
        link(Path::new(".data/real.md"), "fine.md");
        link(&outside.path().join("secret.md"), "out.md");
        link(Path::new("."), "loop");
        link(Path::new("nowhere"), "dead.md");
        link(Path::new("nowhere"), "dead.txt");
        let (articles, problems) = read(&inside);
        assert_eq!(articles, ["fine.md real"]);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].starts_with("dead.md: the link cannot be followed"));
        assert_eq!(problems[1], "loop: a link to a folder is not followed");
        assert_eq!(problems[2], "out.md: the link leads out of the folder");
    }
}
