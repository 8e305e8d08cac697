//! The gold sets of other libraries, where they lie beside the project.

use super::strip;
use std::path::{Path, PathBuf};

/// Mails of the reply trimmer's set that come out exactly, of a hundred; never to fall below.
const RATE: usize = 97;

#[test]
#[expect(clippy::print_stdout, reason = "figures are for whoever runs it")]
fn gold_set_of_the_reply_trimmer_comes_out() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/email/email_reply_trimmer");
    if !folder.is_dir() {
        println!("left out: {} is not there", folder.display());
        return;
    }
    let mut missed = Vec::new();
    let files = files(&folder.join("emails"));
    for file in &files {
        let name = file.file_name().expect("a file has a name");
        let kept = strip(read(file).trim()).kept;
        let wanted = read(&folder.join("trimmed").join(name));
        if kept != wanted.trim() {
            println!("=== {}\n{kept}\n--- wanted\n{}", file.display(), wanted.trim());
            missed.push(name.to_owned());
        }
    }
    let exact = files.len() - missed.len();
    println!("{exact} of {} exact; missed {missed:?}", files.len());
    assert!(exact * 100 >= files.len() * RATE, "{exact} of {} exact", files.len());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("an entry").path()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(file).expect("the file can be read"))
        .replace("\r\n", "\n")
}
