//! Going away for a while, and coming back.

use super::Desk;
use crate::conversation::AgentId;
use anyhow::Result;

impl Desk {
    /// Notes that somebody is away, or back again; what they had waits for the others then.
    pub async fn set_away(&self, agent: &AgentId, is_away: bool) -> Result<()> {
        let given = self.store.set_away(agent, is_away, self.clock.now()).await?;
        tracing::info!(agent.id = %agent, is_away, given = given.len(), "went away or came back");
        for id in &given {
            self.tell(id);
        }
        Ok(())
    }
}
