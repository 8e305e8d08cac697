//! Drift: a class whose audits go wrong too often loses its licence at once.

use crate::confidence::{Drift, terms};
use crate::conversation::InboxName;
use crate::desk::Desk;
use crate::knowledge::Risk;
use anyhow::Result;

impl Desk {
    /// Suspends every licensed class whose audits show too many wrong answers.
    pub(super) async fn suspend_drifting(&self) -> Result<()> {
        let trust = self.trusted();
        for ((inbox, risk), class) in &trust.classes {
            self.suspend_if_drifting(inbox, *risk, &class.audits).await?;
        }
        Ok(())
    }

    /// Looks at a class right after an audit, so that no further answer goes out on a licence that
    /// does not hold.
    pub(in crate::desk) async fn watch_drift(&self, inbox: &InboxName, risk: Risk) -> Result<()> {
        let trust = self.trusted();
        let since = trust.class(inbox, risk).and_then(|class| class.granted_at);
        let Some(since) = since else { return Ok(()) };
        let audits = self.store.audited_since(inbox, risk, since).await?;
        self.suspend_if_drifting(inbox, risk, &audits).await
    }

    async fn suspend_if_drifting(
        &self,
        inbox: &InboxName,
        risk: Risk,
        audits: &[bool],
    ) -> Result<()> {
        let Some(terms) = terms(&self.config.policy, risk) else { return Ok(()) };
        let drift = Drift::over(terms, audits.iter().copied());
        let now = self.clock.now();
        if !drift.is_rejected || !self.store.suspend(inbox, risk, now).await? {
            return Ok(());
        }
        metrics::counter!("sureply_suspensions_total", "inbox" => inbox.to_string(), "risk" => risk.as_str())
            .increment(1);
        tracing::error!(%inbox, %risk, audits = drift.seen, wrong = drift.wrong,
            "too many audited answers were wrong: the class drafts only, until it has earned a licence again");
        self.forget_licence(inbox, risk, now);
        Ok(())
    }
}
