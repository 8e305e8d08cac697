//! What agents do to a conversation: each act is a plain form, and leads on to the next conversation.

use super::conversation::{Kept, again};
use super::facts;
use super::list::List;
use super::page::PageError;
use super::session::SignedIn;
use crate::conversation::{ConversationId, DraftId};
use crate::desk::Approve;
use crate::store::{Acted, Agent, Queue};
use crate::web::{Error, State, Web};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

/// Characters that a message, note or reason may have.
const LONGEST: usize = 20_000;

const STALE: &str = "This draft is out of date: a newer message came, or a colleague was faster. \
    Nothing was sent. Read what is new; what you wrote is kept here.";

/// What a form sends; each act uses the fields it knows.
#[derive(Deserialize)]
pub(super) struct Sent {
    /// The queue that the agent works through.
    #[serde(default)]
    queue: String,
    /// The draft that was on the screen.
    #[serde(default)]
    draft: String,
    /// The words to send or note.
    #[serde(default)]
    text: String,
    /// Whether the edit touched facts: `yes`, `no`, or anything else to have it judged.
    #[serde(default)]
    facts: String,
    /// Why a draft is refused.
    #[serde(default)]
    reason: String,
}

/// An act on its way: who does it, where, and where it leads.
struct Act<'a> {
    web: &'a Web,
    agent: &'a Agent,
    id: &'a ConversationId,
    queue: Queue,
    /// The panel and words to keep if it does not take effect.
    panel: &'static str,
    text: &'a str,
}

/// Sends the draft that was on the screen, as the agent left it.
pub(super) async fn approve(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let (id, text) = (ConversationId::from(id), tidy(&sent.text));
    let act = Act::new(&web, &agent, &id, &sent, "reply", &text);
    if let Some(problem) = unfit(&text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let next = act.next().await?;
    let facts_changed = facts_changed(&web, &id, &sent, &text).await?;
    let approve =
        Approve { draft: DraftId::from(sent.draft.as_str()), text: text.clone(), facts_changed };
    let acted = web.desk.approve(&id, &agent.id, approve).await?;
    act.lead(acted, next, "approved").await
}

/// Refuses the draft that was on the screen, with the reason.
pub(super) async fn reject(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let (id, reason) = (ConversationId::from(id), tidy(&sent.reason));
    let act = Act::new(&web, &agent, &id, &sent, "reject", &reason);
    if let Some(problem) = unfit(&reason) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let draft = DraftId::from(sent.draft.as_str());
    let acted = web.desk.reject(&id, &agent.id, &draft, &reason).await?;
    act.stay(acted, "rejected").await
}

/// Sends the agent's own words.
pub(super) async fn reply(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let (id, text) = (ConversationId::from(id), tidy(&sent.text));
    let act = Act::new(&web, &agent, &id, &sent, "reply", &text);
    if let Some(problem) = unfit(&text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let next = act.next().await?;
    let acted = web.desk.reply(&id, &agent.id, &text).await?;
    act.lead(acted, next, "replied").await
}

/// Adds a note for the team.
pub(super) async fn note(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let (id, text) = (ConversationId::from(id), tidy(&sent.text));
    let act = Act::new(&web, &agent, &id, &sent, "note", &text);
    if let Some(problem) = unfit(&text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let acted = web.desk.note(&id, &agent.id, &text).await?;
    act.stay(acted, "noted").await
}

/// Takes the conversation.
pub(super) async fn take(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = ConversationId::from(id);
    let act = Act::new(&web, &agent, &id, &sent, "reply", "");
    let acted = web.desk.take(&id, &agent.id).await?;
    act.stay(acted, "taken").await
}

/// Closes the conversation.
pub(super) async fn resolve(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = ConversationId::from(id);
    let act = Act::new(&web, &agent, &id, &sent, "reply", "");
    let next = act.next().await?;
    let acted = web.desk.resolve(&id, &agent.id).await?;
    act.lead(acted, next, "resolved").await
}

/// Gives the conversation back to the bot.
pub(super) async fn give_back(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = ConversationId::from(id);
    let act = Act::new(&web, &agent, &id, &sent, "reply", "");
    let next = act.next().await?;
    let acted = web.desk.give_back(&id, &agent.id).await?;
    act.lead(acted, next, "given-back").await
}

/// Tells the page, while the agent types, whether the edit touches facts.
pub(super) async fn compare(
    web: State,
    SignedIn(_): SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let sent = Sent { facts: String::new(), ..sent };
    let changed = facts_changed(&web, &ConversationId::from(id), &sent, &tidy(&sent.text)).await?;
    Ok(Json(json!({ "facts_changed": changed })).into_response())
}

impl<'a> Act<'a> {
    fn new(
        web: &'a Web,
        agent: &'a Agent,
        id: &'a ConversationId,
        sent: &Sent,
        panel: &'static str,
        text: &'a str,
    ) -> Self {
        Self { web, agent, id, queue: sent.queue.parse().unwrap_or(Queue::All), panel, text }
    }

    /// Where to go on: read before the act, which takes the conversation out of its queue.
    async fn next(&self) -> Result<String, PageError> {
        let list = List::read(self.web, self.agent, self.queue, 1).await?;
        Ok(match list.after(self.id) {
            Some(next) => format!("/conversations/{next}?queue={}", self.queue),
            None => format!("/queue/{}?", self.queue),
        })
    }

    async fn lead(&self, acted: Acted, to: String, done: &str) -> Result<Response, PageError> {
        match acted {
            Acted::Done(_) => Ok(Redirect::to(&format!("{to}&done={done}")).into_response()),
            Acted::Stale => self.again(StatusCode::CONFLICT, STALE).await,
            Acted::NoConversation => {
                Err(Error::NotFound("there is no such conversation".into()).into())
            }
        }
    }

    async fn stay(&self, acted: Acted, done: &str) -> Result<Response, PageError> {
        let here = format!("/conversations/{}?queue={}", self.id, self.queue);
        self.lead(acted, here, done).await
    }

    async fn again(
        &self,
        status: StatusCode,
        problem: &'static str,
    ) -> Result<Response, PageError> {
        let kept = Kept { status, problem, panel: self.panel, text: self.text.to_owned() };
        again(self.web, self.agent, self.id, self.queue, kept).await
    }
}

/// What the agent says of their edit, or what the words themselves say.
async fn facts_changed(
    web: &Web,
    id: &ConversationId,
    sent: &Sent,
    text: &str,
) -> anyhow::Result<bool> {
    Ok(match sent.facts.as_str() {
        "yes" => true,
        "no" => false,
        _ => web.desk.store.find_waiting_draft(id).await?.is_some_and(|waiting| {
            waiting.id.as_str() == sent.draft && facts::changed(&waiting.draft.text, text)
        }),
    })
}

/// Words as they were typed, without what forms add: their line ends and the space around.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

fn unfit(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("There are no words yet. Write something first.")
    } else if text.chars().count() > LONGEST {
        Some("This is too long. Use at most 20,000 characters.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{tidy, unfit};

    #[test]
    fn words_are_freed_of_what_forms_add() {
        assert_eq!(tidy("\r\nHello\r\n\r\nYou \r"), "Hello\n\nYou");
    }

    #[test]
    fn empty_and_endless_words_are_refused() {
        assert!(unfit("").is_some());
        assert!(unfit("x").is_none());
        assert!(unfit(&"ü".repeat(20_000)).is_none());
        assert!(unfit(&"ü".repeat(20_001)).is_some());
    }
}
