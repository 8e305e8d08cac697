//! Who else is in a conversation: said by each open page, answered with the others.

use super::session::SignedIn;
use crate::conversation::{AgentId, ConversationId};
use crate::desk::Doing;
use crate::store::Role;
use crate::web::{Error, State, Web};
use axum::extract::Path;
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(super) struct Said {
    /// What the agent does: `viewing` or `writing`.
    doing: Doing,
}

/// Notes what an agent does in a conversation; answers who else is there.
pub(super) async fn note(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(said): Form<Said>,
) -> Result<Json<Value>, Error> {
    let id = ConversationId::from(id);
    if web.desk.store.find_conversation(&id).await?.is_none() {
        return Err(Error::NotFound(t!("error-no-conversation")));
    }
    // Whoever may only look writes nothing, whatever the page says: customers are told who writes.
    let doing = if agent.role < Role::Agent { Doing::Viewing } else { said.doing };
    web.desk.note_presence(&id, Some((&agent.id, &agent.name)), doing);
    Ok(Json(others(&web, &id, &agent.id)))
}

/// Who is in a conversation besides an agent, and for how many seconds that holds.
pub(super) fn others(web: &Web, id: &ConversationId, agent: &AgentId) -> Value {
    let now = web.desk.clock.now();
    let there = web.desk.present(id);
    let others = there.iter().filter(|one| one.agent.as_ref() != Some(agent));
    let people: Vec<Value> = others
        .map(|one| {
            let seconds = (one.until - now).num_seconds().max(1);
            json!({
                "name": one.agent.as_ref().map(|_| &one.name),
                "doing": one.doing,
                "seconds": seconds,
            })
        })
        .collect();
    json!({ "conversation": id, "people": people })
}
