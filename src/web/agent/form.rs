//! An act on its way: what a form sent, by whom, and where it leads.

use super::composer::Kept;
use super::conversation::again;
use super::files::named;
use super::list::{List, Row};
use super::page::PageError;
use super::session::SignedIn;
use super::template::Choice;
use crate::conversation::{AttachmentId, ConversationId, DecisionId, DraftId, MessageId};
use crate::store::{Acted, Agent, Queue};
use crate::web::words::say_of;
use crate::web::{Error, Web};
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a form sends; each act uses the fields it knows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    /// The queue that the agent works through.
    pub(super) queue: String,
    /// The draft that was on the screen.
    pub(super) draft: String,
    /// The words to send or note.
    pub(super) text: String,
    /// The files that go with them, with commas between them.
    pub(super) files: String,
    /// Whether the edit touched facts: `yes`, `no`, or anything else to have it judged.
    pub(super) facts: String,
    /// Why a draft is refused, as one of the choices.
    pub(super) why: String,
    /// Why a draft is refused, or an answer judged so, in words.
    pub(super) reason: String,
    /// The answer under audit that was on the screen.
    pub(super) audit: String,
    /// The verdict on it.
    pub(super) verdict: String,
    /// How long a conversation is put aside: `4h`, or a time.
    pub(super) until: String,
    /// How soon a person should look.
    pub(super) priority: String,
    /// A word to sort by.
    pub(super) tag: String,
    /// Who is to have it.
    pub(super) agent: String,
    /// Another contact, conversation or message that the act is about.
    pub(super) other: String,
    /// A template, as `en_US/name`.
    pub(super) template: String,
    /// The values that are filled into it, by the names of its variables after `value.`.
    #[serde(flatten)]
    pub(super) values: BTreeMap<String, String>,
}

/// An act on its way: who does it, where, with what, and where it leads.
pub(super) struct Act {
    pub(super) web: Arc<Web>,
    pub(super) agent: Agent,
    pub(super) id: ConversationId,
    /// The message that the act is about, where it is about one.
    pub(super) message: MessageId,
    /// What else the act is about, as its address names it.
    pub(super) thing: String,
    pub(super) queue: Queue,
    pub(super) sent: Sent,
    /// The panel, words and files to keep if it does not take effect.
    pub(super) panel: &'static str,
    pub(super) text: String,
    pub(super) files: Vec<AttachmentId>,
}

/// What the address of an act names.
#[derive(Deserialize)]
struct Place {
    id: ConversationId,
    #[serde(default = "no_message")]
    message: MessageId,
    #[serde(default)]
    thing: String,
}

fn no_message() -> MessageId {
    MessageId::from("")
}

impl FromRequest<Arc<Web>> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let SignedIn(agent) = SignedIn::from_request_parts(&mut parts, web)
            .await
            .map_err(IntoResponse::into_response)?;
        let path = Path::<Place>::from_request_parts(&mut parts, web).await;
        let Path(place) = path.map_err(IntoResponse::into_response)?;
        let id = goes_on(&parts.uri, web, place.id).await.map_err(IntoResponse::into_response)?;
        let form = Form::<Sent>::from_request(Request::from_parts(parts, body), web).await;
        let Form(sent) = form.map_err(IntoResponse::into_response)?;
        Ok(Self {
            web: Arc::clone(web),
            agent,
            id,
            message: place.message,
            thing: place.thing,
            queue: sent.queue.parse().unwrap_or(Queue::All),
            files: named(&sent.files),
            sent,
            panel: "reply",
            text: String::new(),
        })
    }
}

/// The conversation that an act takes effect in: the one that goes on, where it was merged. What was said in a
/// merged one is still delivered and judged there.
async fn goes_on(
    address: &Uri,
    web: &Web,
    id: ConversationId,
) -> Result<ConversationId, PageError> {
    let path = address.path();
    if path.contains("/deliveries/") || path.ends_with("/audit") {
        return Ok(id);
    }
    Ok(web.desk.store.survivor(&id).await?)
}

impl Act {
    /// The act with the words that were written in a panel.
    pub(super) fn with_text(self, panel: &'static str) -> Self {
        Self { panel, text: tidy(&self.sent.text), ..self }
    }

    /// The draft that was on the screen.
    pub(super) fn draft(&self) -> DraftId {
        DraftId::from(tidy(&self.sent.draft))
    }

    /// The answer under audit that was on the screen.
    pub(super) fn audit(&self) -> Option<DecisionId> {
        let audit = tidy(&self.sent.audit);
        (!audit.is_empty()).then(|| DecisionId::from(audit))
    }

    /// The template that was chosen, with its values.
    pub(super) fn choice(&self) -> Choice {
        let values = self.sent.values.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix("value.")?.to_owned(), value.trim().to_owned()))
        });
        Choice { template: tidy(&self.sent.template), values: values.collect() }
    }

    /// Where to go on from the conversation.
    pub(super) async fn on(&self) -> Result<String, PageError> {
        self.next(|row| row.id == self.id).await
    }

    /// Where to go on: read before the act, which takes rows out of their queue.
    pub(super) async fn next(&self, are_done: impl Fn(&Row) -> bool) -> Result<String, PageError> {
        let list = List::read(&self.web, &self.agent, self.queue, 1).await?;
        Ok(match list.after(are_done) {
            Some(next) => next.address(self.queue),
            None => format!("/queue/{}?", self.queue),
        })
    }

    pub(super) async fn lead(
        &self,
        acted: Acted,
        to: String,
        done: &str,
    ) -> Result<Response, PageError> {
        match acted {
            Acted::Done(_) => Ok(Redirect::to(&format!("{to}&done={done}")).into_response()),
            Acted::Stale => self.again(StatusCode::CONFLICT, t!("stale")).await,
            Acted::Held => self.again(StatusCode::CONFLICT, t!("held-problem")).await,
            Acted::NoFile => self.again(StatusCode::CONFLICT, t!("attach-gone")).await,
            Acted::Full => self.again(StatusCode::CONFLICT, t!("tags-full")).await,
            Acted::Blocked => self.again(StatusCode::CONFLICT, t!("blocked-problem")).await,
            Acted::Nobody => {
                self.again(StatusCode::UNPROCESSABLE_ENTITY, t!("assign-nobody")).await
            }
            Acted::Unwanted(why) => {
                self.again(StatusCode::UNPROCESSABLE_ENTITY, say_of("unwanted", why.as_str())).await
            }
            Acted::NoConversation => Err(Error::NotFound(t!("error-no-conversation")).into()),
        }
    }

    pub(super) async fn settle(&self, was_sent: bool, done: &str) -> Result<Response, PageError> {
        match self.web.desk.settle_delivery(&self.id, &self.message, was_sent).await? {
            Acted::Stale => self.again(StatusCode::CONFLICT, t!("settled-problem")).await,
            acted => self.stay(acted, done).await,
        }
    }

    pub(super) async fn stay(&self, acted: Acted, done: &str) -> Result<Response, PageError> {
        let here = format!("/conversations/{}?queue={}", self.id, self.queue);
        self.lead(acted, here, done).await
    }

    pub(super) async fn again(
        &self,
        status: StatusCode,
        problem: impl Into<String>,
    ) -> Result<Response, PageError> {
        let problem = problem.into();
        let (panel, text, audit) = (self.panel, self.text.clone(), self.audit());
        let (files, choice) = (self.files.clone(), self.choice());
        let kept = Kept { status, problem, panel, text, files, audit, choice };
        again(&self.web, &self.agent, &self.id, self.queue, kept).await
    }
}

/// Words as they were typed, without what forms add: their line ends and the space around; nor
/// control characters, which nobody types and not every database takes.
pub(super) fn tidy(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.retain(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn words_are_freed_of_what_forms_add() {
        assert_eq!(tidy("\r\nHello\r\n\r\nYou \r"), "Hello\n\nYou");
        assert_eq!(tidy("\0a\tb\u{1b}[1m\u{9f}c\0 \0"), "a\tb[1mc");
    }
}
