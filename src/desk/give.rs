//! Who gets what: a conversation that begins to wait for a person is given to somebody, where its inbox is
//! set to do that.

use super::Desk;
use crate::conversation::{Action, Assign, Conclusion, Turn, Wanted};
use chrono::TimeDelta;

impl Desk {
    /// Gives a conversation that was just handed off to whoever fits best. Nobody may fit, and then it
    /// waits in the queue; so it does when this fails, which must not undo the handoff.
    pub(super) async fn give(&self, turn: &Turn, conclusion: &Conclusion, route: Option<&str>) {
        let name = &turn.inbox.name;
        let Some(settings) = self.config.inbox_settings(name) else { return };
        if conclusion.action != Action::Escalate || settings.assign == Assign::None {
            return;
        }
        let topic = conclusion.topic.as_deref().or(turn.conversation.topic.as_deref());
        let minutes = i64::from(self.config.desk.assign_seen_minutes);
        let wanted = Wanted {
            assign: settings.assign,
            lang: Some(conclusion.lang),
            topic,
            seen_within: TimeDelta::minutes(minutes),
        };
        let (id, team) = (&turn.conversation.id, route.or(settings.team.as_deref()));
        match self.store.give(id, team, &wanted, self.clock.now()).await {
            Ok(Some(agent)) => {
                metrics::counter!("sureply_given_total").increment(1);
                tracing::info!(conversation.id = %id, agent.id = %agent, "gave a conversation");
                self.tell(id);
            }
            Ok(None) => tracing::info!(conversation.id = %id, "nobody fits; it waits in the queue"),
            Err(error) => tracing::error!(conversation.id = %id, error = format!("{error:#}"),
                "a conversation could not be given to anybody; it waits in the queue"),
        }
    }
}
