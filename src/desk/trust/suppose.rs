//! Supposing: what today's evidence would earn under another policy, in memory only.

use super::keep::{compute, granted};
use crate::desk::Desk;
use crate::store::Store;
use anyhow::{Context, Result};
use tokio::task::spawn_blocking;

impl Desk {
    /// Takes up the licences that the evidence earns under this desk's own policy; stores nothing, and
    /// leaves the model as it is.
    pub(in crate::desk) async fn suppose_licences(&self) -> Result<()> {
        let key = key(&self.store).await?;
        let mut trust = self.read_trust(key.clone()).await?;
        let (evidence, sought) = (self.store.evidence().await?, self.sought(&trust));
        // Fitted on as many as there can be: so no model is fitted anew.
        let model = (trust.model.clone(), i64::MAX);
        let (_, earned) = spawn_blocking(move || compute(evidence, &key, model, sought))
            .await
            .context("computing the licences")?;
        for (sought, earned) in earned {
            let class = (sought.inbox, sought.risk);
            let after = granted(trust.classes.remove(&class), earned, self.clock.now());
            trust.classes.insert(class, after);
        }
        self.take_up(trust);
        Ok(())
    }
}

async fn key(store: &Store) -> Result<Vec<u8>> {
    Ok(store.value("audit_key").await?.unwrap_or_default().into_bytes())
}
