//! A temporary folder for an index that is needed once.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A temporary folder that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one that nobody else has.
    pub fn fresh() -> Result<Self> {
        let name = format!("sureply-eval-{}", uuid::Uuid::now_v7().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_dir_all(path) {
        tracing::warn!(%error, path = %path.display(), "a temporary folder stays behind");
    }
}
