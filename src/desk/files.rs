//! Files on disk: each is whole and safely there under its name, or not there at all.

use crate::conversation::{AttachmentId, NewFile};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes files so that they survive a power cut: each under another name first, then renamed. If one cannot be
/// written, none of them stays. Gives them back.
pub(super) async fn lay_down(folder: PathBuf, files: Vec<NewFile>) -> Result<Vec<NewFile>> {
    let written = tokio::task::spawn_blocking(move || {
        let written = write_all(&folder, &files);
        if written.is_err() {
            for file in &files {
                remove(&folder, &file.id);
            }
        }
        written.map(|()| files)
    });
    written.await.context("writing files")?
}

/// Takes files away that nothing refers to.
pub(super) async fn take_away(folder: PathBuf, ids: Vec<AttachmentId>) {
    let gone = tokio::task::spawn_blocking(move || {
        for id in &ids {
            remove(&folder, id);
        }
    });
    if let Err(error) = gone.await {
        tracing::warn!(%error, "files that nothing refers to could not be taken away");
    }
}

fn write_all(folder: &Path, files: &[NewFile]) -> Result<()> {
    for file in files {
        let id = &file.id;
        write(folder, file).with_context(|| format!("writing attachment {id}"))?;
    }
    // The names are in the folder, which has to reach the disk too.
    File::open(folder).and_then(|folder| folder.sync_all()).context("writing the folder of files")
}

fn write(folder: &Path, file: &NewFile) -> std::io::Result<()> {
    let unfinished = unfinished(folder, &file.id);
    let mut open = File::create(&unfinished)?;
    open.write_all(&file.bytes)?;
    open.sync_all()?;
    fs::rename(unfinished, folder.join(file.id.as_str()))
}

fn unfinished(folder: &Path, id: &AttachmentId) -> PathBuf {
    folder.join(format!("{id}.part"))
}

fn remove(folder: &Path, id: &AttachmentId) {
    for path in [unfinished(folder, id), folder.join(id.as_str())] {
        match fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(attachment.id = %id, %error, "a file could not be taken away");
            }
        }
    }
}
