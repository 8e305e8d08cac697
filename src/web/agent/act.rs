//! What agents do to a conversation: each act is a plain form, and leads on to the next conversation.

use super::form::{Act, Sent, tidy};
use super::page::PageError;
use super::{edit, facts};
use crate::conversation::{ConversationId, SendAct, Verdict, variables};
use crate::desk::Outcome;
use crate::web::{Error, State, Web};
use anyhow::Context as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::task::spawn_blocking;

/// Characters that a message, note or reason may have.
pub(super) const LONGEST: usize = 20_000;

/// Sends the draft that was on the screen, as the agent left it.
pub(super) async fn approve(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("reply");
    if let Some(problem) = unsendable(&act.text).or_else(|| overladen(&act)) {
        // The words belong to the draft that was seen, and to no newer one.
        let waiting = act.web.desk.store.find_waiting_draft(&act.id).await?;
        let is_there = waiting.is_some_and(|waiting| waiting.id == act.draft());
        let act = Act { panel: if is_there { "draft" } else { "reply" }, ..act };
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    if is_closed(&act).await? {
        let act = Act { panel: "draft", ..act };
        return act.again(StatusCode::CONFLICT, t!("template-needed")).await;
    }
    let next = act.on().await?;
    let facts_changed = facts_changed(&act.web, &act.id, &act.sent, &act.text).await?;
    let send = SendAct::Approve {
        draft: act.draft(),
        text: act.text.clone(),
        facts_changed,
        files: act.files.clone(),
    };
    let acted = match act.web.desk.send(&act.id, &act.agent.id, send).await? {
        // The page that follows says that it can be taken back.
        Outcome::Held => return Ok(Redirect::to(&next).into_response()),
        Outcome::Done(acted) => acted,
    };
    let settled = act.web.desk.store.find_last_draft(&act.id).await?;
    let verdict = settled.and_then(|draft| draft.verdict).unwrap_or(Verdict::Right);
    act.lead(acted, next, &format!("approved-{verdict}")).await
}

/// Refuses the draft that was on the screen, with the reason.
pub(super) async fn reject(act: Act) -> Result<Response, PageError> {
    let text = reason(&tidy(&act.sent.why), &tidy(&act.sent.reason));
    let act = Act { panel: "reject", text, ..act };
    if act.text.is_empty() {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("no-reason")).await;
    }
    if let Some(problem) = unfit(&act.text) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    let acted = act.web.desk.reject(&act.id, &act.agent.id, &act.draft(), &act.text).await?;
    act.stay(acted, "rejected").await
}

/// Sends the agent's own words.
pub(super) async fn reply(act: Act) -> Result<Response, PageError> {
    let act = act.with_text("reply");
    // Files speak for themselves.
    let is_mute = act.text.is_empty() && !act.files.is_empty();
    let unfit = if is_mute { None } else { unsendable(&act.text) };
    if let Some(problem) = unfit.or_else(|| overladen(&act)) {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    if is_closed(&act).await? {
        return act.again(StatusCode::CONFLICT, t!("template-needed")).await;
    }
    let next = act.on().await?;
    let send = SendAct::Reply { text: act.text.clone(), files: act.files.clone() };
    match act.web.desk.send(&act.id, &act.agent.id, send).await? {
        Outcome::Held => Ok(Redirect::to(&next).into_response()),
        Outcome::Done(acted) => act.lead(acted, next, "replied").await,
    }
}

/// Takes back what is on hold; the words are in the composer again.
pub(super) async fn undo(act: Act) -> Result<Response, PageError> {
    let Some(held) = act.web.desk.undo_send(&act.id, &act.agent.id).await? else {
        return act.again(StatusCode::CONFLICT, t!("too-late")).await;
    };
    let panel = match &held.act {
        SendAct::Approve { .. } => "draft",
        SendAct::Reply { .. } => "reply",
    };
    let (text, files) = (held.act.text().to_owned(), held.act.files().to_vec());
    let act = Act { panel, text, files, ..act };
    act.again(StatusCode::OK, t!("taken-back")).await
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

/// Puts the conversation aside for a while.
pub(super) async fn snooze(act: Act) -> Result<Response, PageError> {
    let Some(until) = until(&act.sent.until, act.web.desk.clock.now()) else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("no-time")).await;
    };
    let next = act.on().await?;
    let acted = act.web.desk.snooze(&act.id, &act.agent.id, until).await?;
    act.lead(acted, next, "snoozed").await
}

/// Closes the conversation.
pub(super) async fn resolve(act: Act) -> Result<Response, PageError> {
    let next = act.on().await?;
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

/// Tells the page, while the agent types, how their words look, what differs from the draft, and whether that
/// touches facts.
pub(super) async fn compare(
    web: State,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let text = tidy(&sent.text);
    if text.chars().count() > LONGEST {
        return Err(Error::TooLarge(t!("too-long")));
    }
    let waiting = web.desk.store.find_waiting_draft(&ConversationId::from(id)).await?;
    let draft = waiting.filter(|waiting| waiting.id.as_str() == sent.draft).map(|it| it.draft);
    let told = spawn_blocking(move || match draft {
        Some(draft) => json!({
            "html": edit::preview(&text, &draft.citations),
            "changes": edit::difference(&draft.text, &text),
            "facts_changed": facts::changed(&draft.text, &text),
        }),
        None => json!({ "html": edit::preview(&text, &[]), "facts_changed": false }),
    });
    Ok(Json(told.await.context("comparing two texts")?).into_response())
}

/// Whether the channel takes no free words for the customer now.
async fn is_closed(act: &Act) -> anyhow::Result<bool> {
    let (desk, id) = (&act.web.desk, &act.id);
    let Some(conversation) = desk.store.find_conversation(id).await? else { return Ok(false) };
    let expires = desk.store.window_of(id).await?;
    Ok(desk.is_window_closed(&conversation.inbox, expires))
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

/// Why a draft is refused: the choice, the words, or both.
fn reason(choice: &str, words: &str) -> String {
    match (choice, words) {
        ("", only) | (only, "") => only.to_owned(),
        (choice, words) => format!("{choice}: {words}"),
    }
}

/// The end of a snooze: in so many hours, or at a time; within a year from now.
pub(super) fn until(wish: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let hours = wish.strip_suffix('h').and_then(|hours| hours.parse().ok());
    let until = match hours.and_then(TimeDelta::try_hours) {
        Some(delta) => now.checked_add_signed(delta)?,
        None => DateTime::parse_from_rfc3339(wish).ok()?.to_utc(),
    };
    (until > now && until <= now + TimeDelta::days(366)).then_some(until)
}

/// Why words may not go to a customer, if so: beside what is wrong with any words, variables still stand in them.
fn unsendable(text: &str) -> Option<String> {
    unfit(text).or_else(|| variables(text).next().map(|_| t!("unfilled")))
}

/// Why no message can carry the files of an act, if so.
fn overladen(act: &Act) -> Option<String> {
    let most = act.web.desk.config.attachments.max_per_message;
    (act.files.len() > most).then(|| t!("attach-many", count = most))
}

fn unfit(text: &str) -> Option<String> {
    if text.is_empty() {
        Some(t!("no-words"))
    } else if text.chars().count() > LONGEST {
        Some(t!("too-long"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{reason, unfit, until};

    #[test]
    fn a_conversation_is_put_aside_for_hours_or_until_a_time() {
        let now = "2026-03-04T09:30:00Z".parse().unwrap();
        for (wish, until_then) in [
            ("4h", Some("2026-03-04T13:30:00Z")),
            ("2026-03-05T09:00:00+01:00", Some("2026-03-05T08:00:00Z")),
            ("0h", None),
            ("-3h", None),
            ("99999999999999h", None),
            ("2026-03-04T09:30:00Z", None),
            ("2099-01-01T00:00:00Z", None),
            ("soon", None),
            ("", None),
        ] {
            let expected = until_then.map(|time| time.parse().unwrap());
            assert_eq!(until(wish, now), expected, "{wish}");
        }
    }

    #[test]
    fn a_reason_is_a_choice_or_words_or_both() {
        for (choice, words, said) in [
            ("Out of date", "", "Out of date"),
            ("", "since May", "since May"),
            ("Out of date", "since May", "Out of date: since May"),
            ("", "", ""),
        ] {
            assert_eq!(reason(choice, words), said);
        }
    }

    #[test]
    fn empty_and_endless_words_are_refused() {
        assert!(unfit("").is_some());
        assert!(unfit("x").is_none());
        assert!(unfit(&"ü".repeat(20_000)).is_none());
        assert!(unfit(&"ü".repeat(20_001)).is_some());
    }
}
