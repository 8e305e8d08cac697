//! Relearning: model and licences anew from everything that people have judged, when an admin asks.

use crate::conversation::Source;
use crate::desk::Desk;
use crate::token;
use anyhow::{Result, ensure};

/// What judging all anew has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relearned {
    /// Verdicts and audits that people gave.
    pub verdicts: usize,
    /// The model in force before.
    pub model_before: String,
    /// The model in force now; the same where too little was judged, or nothing better was learned.
    pub model: String,
}

impl Desk {
    /// Fits the model to all verdicts of the fitting fold, if that makes it better, and computes every
    /// licence anew. Refused while nobody has judged anything.
    pub async fn relearn(&self) -> Result<Relearned> {
        let _renewing = self.renewing.lock().await;
        let evidence = self.store.evidence().await?;
        let is_persons = |source: Source| matches!(source, Source::Verdict | Source::Audit);
        let verdicts = evidence.iter().filter(|row| is_persons(row.source)).count();
        ensure!(
            verdicts > 0,
            "nobody has judged a draft or an automatic answer yet; approve, edit or reject drafts first, \
             or declare a labelled set with `sureply calibrate DIR`"
        );
        let revision = self.store.evidence_revision().await?;
        let key = self.store.value_or("audit_key", &token::fresh()).await?.into_bytes();
        let mut trust = self.read_trust(key).await?;
        let model_before = trust.model.version.clone();
        self.earn(&mut trust, revision, 0).await?;
        trust.revision = Some(revision);
        let model = trust.model.version.clone();
        self.take_up(trust);
        Ok(Relearned { verdicts, model_before, model })
    }
}
