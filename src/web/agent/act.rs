//! What agents do to a conversation: each act is a plain form, and leads on to the next conversation.

use super::conversation::{Kept, again};
use super::facts;
use super::list::List;
use super::page::PageError;
use super::session::SignedIn;
use crate::conversation::{ConversationId, DraftId, MessageId};
use crate::desk::Approve;
use crate::store::{Acted, Agent, Queue};
use crate::web::{Error, State, Web};
use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Characters that a message, note or reason may have.
const LONGEST: usize = 20_000;

const STALE: &str = "This draft is out of date: a newer message came, or a colleague was faster. \
    Nothing was sent. Read what is new; what you wrote is kept here.";

const SETTLED: &str = "Nothing was changed: this message is no longer of unknown fate. \
    Its news came in, or a colleague was faster.";

/// What a form sends; each act uses the fields it knows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    /// The queue that the agent works through.
    queue: String,
    /// The draft that was on the screen.
    draft: String,
    /// The words to send or note.
    text: String,
    /// Whether the edit touched facts: `yes`, `no`, or anything else to have it judged.
    facts: String,
    /// Why a draft is refused.
    reason: String,
}

/// An act on its way: who does it, where, with what, and where it leads.
pub(super) struct Act {
    web: Arc<Web>,
    agent: Agent,
    id: ConversationId,
    /// The message that the act is about, where it is about one.
    message: MessageId,
    queue: Queue,
    sent: Sent,
    /// The panel and words to keep if it does not take effect.
    panel: &'static str,
    text: String,
}

/// What the address of an act names.
#[derive(Deserialize)]
struct Place {
    id: ConversationId,
    #[serde(default = "no_message")]
    message: MessageId,
}

fn no_message() -> MessageId {
    MessageId::from("")
}

/// Sends the draft that was on the screen, as the agent left it.
pub(super) async fn approve(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("reply");
    if let Some(problem) = unfit(&act.text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let next = act.next().await?;
    let facts_changed = facts_changed(&act.web, &act.id, &act.sent, &act.text).await?;
    let approve = Approve { draft: act.draft(), text: act.text.clone(), facts_changed };
    let acted = act.web.desk.approve(&act.id, &act.agent.id, approve).await?;
    act.lead(acted, next, "approved").await
}

/// Refuses the draft that was on the screen, with the reason.
pub(super) async fn reject(act: Act) -> Result<Response, PageError> {
    let text = tidy(&act.sent.reason);
    let act = Act { panel: "reject", text, ..act };
    if let Some(problem) = unfit(&act.text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let acted = act.web.desk.reject(&act.id, &act.agent.id, &act.draft(), &act.text).await?;
    act.stay(acted, "rejected").await
}

/// Sends the agent's own words.
pub(super) async fn reply(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("reply");
    if let Some(problem) = unfit(&act.text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let next = act.next().await?;
    let acted = act.web.desk.reply(&act.id, &act.agent.id, &act.text).await?;
    act.lead(acted, next, "replied").await
}

/// Adds a note for the team.
pub(super) async fn note(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("note");
    if let Some(problem) = unfit(&act.text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let acted = act.web.desk.note(&act.id, &act.agent.id, &act.text).await?;
    act.stay(acted, "noted").await
}

/// Takes the conversation.
pub(super) async fn take(act: Act) -> Result<Response, PageError> {
    let acted = act.web.desk.take(&act.id, &act.agent.id).await?;
    act.stay(acted, "taken").await
}

/// Closes the conversation.
pub(super) async fn resolve(act: Act) -> Result<Response, PageError> {
    let next = act.next().await?;
    let acted = act.web.desk.resolve(&act.id, &act.agent.id).await?;
    act.lead(acted, next, "resolved").await
}

/// Gives the conversation back to the bot.
pub(super) async fn give_back(act: Act) -> Result<Response, PageError> {
    let acted = act.web.desk.give_back(&act.id, &act.agent.id).await?;
    act.stay(acted, "given-back").await
}

/// Notes a delivery of unknown end as sent: the agent knows that it arrived.
pub(super) async fn was_sent(act: Act) -> Result<Response, PageError> {
    act.settle(true, "settled-sent").await
}

/// Has a delivery of unknown end sent again: the agent knows that it did not arrive.
pub(super) async fn send_again(act: Act) -> Result<Response, PageError> {
    act.settle(false, "settled-again").await
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

impl FromRequest<Arc<Web>> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let SignedIn(agent) = SignedIn::from_request_parts(&mut parts, web).await?;
        let path = Path::<Place>::from_request_parts(&mut parts, web).await;
        let Path(place) = path.map_err(IntoResponse::into_response)?;
        let form = Form::<Sent>::from_request(Request::from_parts(parts, body), web).await;
        let Form(sent) = form.map_err(IntoResponse::into_response)?;
        Ok(Self {
            web: Arc::clone(web),
            agent,
            id: place.id,
            message: place.message,
            queue: sent.queue.parse().unwrap_or(Queue::All),
            sent,
            panel: "reply",
            text: String::new(),
        })
    }
}

impl Act {
    /// The act with the words that were written in a panel.
    fn with_text(self, panel: &'static str) -> Self {
        Self { panel, text: tidy(&self.sent.text), ..self }
    }

    /// The draft that was on the screen.
    fn draft(&self) -> DraftId {
        DraftId::from(tidy(&self.sent.draft))
    }

    /// Where to go on: read before the act, which takes the conversation out of its queue.
    async fn next(&self) -> Result<String, PageError> {
        let list = List::read(&self.web, &self.agent, self.queue, 1).await?;
        Ok(match list.after(&self.id) {
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

    async fn settle(&self, was_sent: bool, done: &str) -> Result<Response, PageError> {
        match self.web.desk.settle_delivery(&self.id, &self.message, was_sent).await? {
            Acted::Stale => self.again(StatusCode::CONFLICT, SETTLED).await,
            acted => self.stay(acted, done).await,
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
        let kept = Kept { status, problem, panel: self.panel, text: self.text.clone() };
        again(&self.web, &self.agent, &self.id, self.queue, kept).await
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

/// Words as they were typed, without what forms add: their line ends and the space around; nor
/// control characters, which nobody types and not every database takes.
fn tidy(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.retain(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'));
    text.trim().to_owned()
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
        assert_eq!(tidy("\0a\tb\u{1b}[1m\u{9f}c\0 \0"), "a\tb[1mc");
    }

    #[test]
    fn empty_and_endless_words_are_refused() {
        assert!(unfit("").is_some());
        assert!(unfit("x").is_none());
        assert!(unfit(&"ü".repeat(20_000)).is_none());
        assert!(unfit(&"ü".repeat(20_001)).is_some());
    }
}
