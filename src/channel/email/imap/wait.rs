//! Waiting for new mail: told by the server (RFC 2177) where it can, looked for again after a while anyway.
//!
//! A connection can die without a word. So each wait ends after the time to look again, well before the 29
//! minutes at which servers hang up, and the server must then answer.

use super::{Reading, failure, within};
use crate::channel::email::trouble::Trouble;
use async_imap::types::UnsolicitedResponse;
use std::time::Duration;
use tokio::time::timeout;

/// The longest wait, whatever is asked for.
const LONGEST: Duration = Duration::from_mins(25);

impl Reading {
    /// Waits until there may be something new.
    pub async fn wait(mut self) -> Result<Self, Trouble> {
        let longest = Duration::from_secs(u64::from(self.settings.poll_seconds)).min(LONGEST);
        self.ask_for_news().await?;
        if self.has_news() {
            return Ok(self);
        }
        if !self.can_idle {
            tokio::time::sleep(longest).await;
            self.ask_for_news().await?;
            return Ok(self);
        }
        let Self { session, server, .. } = self;
        let mut idle = session.idle();
        within(&server, server.patience, "beginning to wait", idle.init()).await?;
        {
            let (news, _until_dropped) = idle.wait_with_timeout(longest);
            // Words that only keep the connection alive must not keep us from looking.
            if let Ok(Err(error)) = timeout(longest, news).await {
                return Err(failure(&server, &error));
            }
        }
        let session = within(&server, server.patience, "ending the wait", idle.done()).await?;
        Ok(Self { session, server, ..self })
    }

    /// Has the server say that it is there, and what has changed.
    pub(super) async fn ask_for_news(&mut self) -> Result<(), Trouble> {
        let server = &self.server;
        within(server, server.patience, "asking for news", self.session.noop()).await
    }

    /// Whether the server has told of mail since it was last looked for.
    fn has_news(&mut self) -> bool {
        let told = std::iter::from_fn(|| self.session.unsolicited_responses.try_recv().ok());
        told.fold(false, |news, told| news | matches!(told, UnsolicitedResponse::Exists(_)))
    }
}
