//! Notifications on the screen: a template is chosen, filled in, looked at and sent; and those that were.

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use super::suppression::notifying;
use super::thread::priced;
use crate::channel::whatsapp_address;
use crate::conversation::{
    ConversationId, InboxName, NotificationState, Template as Letter, TemplateCategory,
};
use crate::store::{Agent, Asked, NewNotification, Notification};
use crate::web::notification::state;
use crate::web::words::say_of;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};
use std::cmp::Ordering;

/// Notifications on a page.
const PAGE: usize = 30;

/// Pages that can be turned to.
const LAST: i64 = 10_000;

/// Characters of names and of how a consent was given.
const LONGEST: usize = 200;

/// What stands before the names of values in the form.
const VALUE: &str = "v.";

#[derive(Template)]
#[template(path = "notifications.html")]
struct NotificationsPage {
    frame: Frame,
    choices: Vec<Choice>,
    chosen: Option<Chosen>,
    /// Why what was to be sent was not.
    refused: Option<String>,
    sent: Vec<Line>,
    page: i64,
    more: bool,
}

/// A template that may be chosen.
struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

/// The template that was chosen, with what was filled in so far.
struct Chosen {
    value: String,
    key: String,
    to: String,
    name: String,
    how: String,
    given: String,
    needs_consent: bool,
    text: String,
    /// What the customer will read, or what is wrong with the values; nothing before any was given.
    preview: Option<Result<String, String>>,
    values: Vec<ValueField>,
}

struct ValueField {
    name: String,
    label: String,
    value: String,
    example: Option<String>,
}

/// A notification that was asked for.
struct Line {
    to: String,
    conversation: ConversationId,
    template: String,
    text: String,
    state: String,
    is_bad: bool,
    until: Option<Moment>,
    why: Option<String>,
    price: Option<String>,
    by: String,
    at: Moment,
}

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value.trim())
}

/// The page, with the template chosen that the address names.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(fields): Query<Fields>,
) -> Result<Response, PageError> {
    render(&read(&web, &agent, &fields).await?)
}

async fn read(web: &Web, agent: &Agent, fields: &Fields) -> Result<NotificationsPage, PageError> {
    let store = &web.desk.store;
    let page = field(fields, "page").parse().unwrap_or(1_i64).clamp(1, LAST);
    let wanted = field(fields, "template");
    let (mut choices, mut chosen) = (Vec::new(), None);
    for inbox in notifying(web) {
        let letters = store.templates(&InboxName::from(inbox.as_str())).await?;
        for letter in letters.into_iter().filter(Letter::is_offered) {
            let value = format!("{inbox}/{}/{}", letter.name, letter.lang);
            let is_chosen = value == wanted;
            let category = say_of("template-category", letter.category.as_str());
            let words = format!("{inbox}: {} ({}), {category}", letter.name, letter.lang);
            if is_chosen {
                chosen = Some(Chosen::new(&letter, value.clone(), fields));
            }
            choices.push(Choice { value, words, is_chosen });
        }
    }
    let size = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut sent = store.notifications((page - 1) * size, size + 1).await?;
    let more = sent.len() > PAGE;
    sent.truncate(PAGE);
    let mut lines = Vec::with_capacity(sent.len());
    for one in sent {
        lines.push(Line::read(web, one).await?);
    }
    let done = Some(field(fields, "done"));
    let frame = Frame::new(web, agent, "notifications").await?.with_notice(done);
    Ok(NotificationsPage { frame, choices, chosen, refused: None, sent: lines, page, more })
}

/// Sends a notification; the same form sends it once. What is refused is shown again with what was written.
pub(super) async fn send(
    web: State,
    SignedIn(agent): SignedIn,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let refused = match understand(&web, &agent, &fields).await {
        Ok(new) => match web.desk.notify(&new).await? {
            Asked::Taken(..) | Asked::Known(_) => {
                return Ok(Redirect::to("/notifications?done=notified").into_response());
            }
            Asked::Other => Error::Conflict(t!("error-notification-again")),
            Asked::Refused(why) => Error::Unprocessable(say_of("unwanted", why.as_str())),
        },
        Err(error) => error,
    };
    let (Error::BadRequest(words) | Error::Unprocessable(words) | Error::Conflict(words)) =
        &refused
    else {
        return Err(PageError(refused));
    };
    let mut page = read(&web, &agent, &fields).await?;
    if page.chosen.is_none() {
        return Err(PageError(refused));
    }
    page.refused = Some(words.clone());
    Ok((refused.status(), render(&page)?).into_response())
}

async fn understand(web: &Web, agent: &Agent, fields: &Fields) -> Result<NewNotification, Error> {
    let gone = || Error::BadRequest(t!("error-notification-template"));
    let mut parts = field(fields, "template").splitn(3, '/');
    let (Some(inbox), Some(name), Some(lang)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(gone());
    };
    if !notifying(web).iter().any(|known| known == inbox) {
        return Err(gone());
    }
    if [name, lang].iter().any(|text| text.contains(char::is_control)) {
        return Err(gone());
    }
    let inbox = InboxName::from(inbox);
    let letter = web.desk.store.template(&inbox, name, lang).await?;
    let letter = letter.filter(Letter::is_offered).ok_or_else(gone)?;
    let address = whatsapp_address(field(fields, "to"))
        .ok_or_else(|| Error::BadRequest(t!("error-suppression-address")))?;
    let filled = letter.fill(&values(fields)).map_err(|wrong| {
        Error::Unprocessable(t!("error-notification-value", words = wrong.to_string()))
    })?;
    let (name, key) = (field(fields, "name"), field(fields, "key"));
    let is_line = |text: &str| text.chars().count() <= LONGEST && !text.contains(char::is_control);
    if key.is_empty() || !is_line(key) || !is_line(name) {
        return Err(Error::BadRequest(t!("error-notification-again")));
    }
    let said: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    Ok(NewNotification {
        inbox,
        key: format!("desk {} {key}", agent.id),
        print: crate::token::hex(&Sha256::digest(said.join("\n"))),
        reference: None,
        address,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        filled,
        consent: consent(fields, web.desk.clock.now())?,
        agent_id: Some(agent.id.clone()),
        by_name: agent.name.clone(),
        not_before: None,
        expires_at: None,
    })
}

/// The values, by the names of their variables.
fn values(fields: &Fields) -> Vec<(String, String)> {
    let values = fields.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix(VALUE)?.to_owned(), value.trim().to_owned()))
    });
    values.collect()
}

/// How and when the customer agreed, where that is written down.
fn consent(fields: &Fields, now: DateTime<Utc>) -> Result<Option<(DateTime<Utc>, String)>, Error> {
    let (how, given) = (field(fields, "how"), field(fields, "given"));
    if how.is_empty() && given.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::BadRequest(t!("error-notification-consent"));
    let day: NaiveDate = given.parse().map_err(|_| wrong())?;
    let at = moment_of(day, now).ok_or_else(wrong)?;
    let is_line = how.chars().count() <= LONGEST && !how.contains(char::is_control);
    if how.is_empty() || !is_line {
        return Err(wrong());
    }
    Ok(Some((at, how.to_owned())))
}

/// The moment that counts for a day: now for today, its end for an earlier one; none for one to come. So what was ended
/// that day before the consent does not outlast it.
fn moment_of(day: NaiveDate, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match day.cmp(&now.date_naive()) {
        Ordering::Less => Some(day.and_hms_opt(23, 59, 59)?.and_utc()),
        Ordering::Equal => Some(now),
        Ordering::Greater => None,
    }
}

impl Chosen {
    fn new(letter: &Letter, value: String, fields: &Fields) -> Self {
        let given = values(fields);
        let preview = (!given.is_empty()).then(|| {
            let filled = letter.fill(&given).map(|filled| filled.text);
            filled.map_err(|wrong| t!("error-notification-value", words = wrong.to_string()))
        });
        let of = |name: &str| given.iter().find(|(known, _)| known == name);
        let values = letter.variables().into_iter().map(|variable| ValueField {
            value: of(&variable.name).map(|(_, value)| value.clone()).unwrap_or_default(),
            name: format!("{VALUE}{}", variable.name),
            label: variable.name,
            example: variable.example,
        });
        let key = Some(field(fields, "key")).filter(|key| !key.is_empty());
        Self {
            value,
            key: key.map_or_else(crate::token::fresh, str::to_owned),
            to: field(fields, "to").to_owned(),
            name: field(fields, "name").to_owned(),
            how: field(fields, "how").to_owned(),
            given: field(fields, "given").to_owned(),
            needs_consent: matches!(
                letter.category,
                TemplateCategory::Marketing | TemplateCategory::Other
            ),
            text: letter.parts.body.clone(),
            preview,
            values: values.collect(),
        }
    }
}

impl Line {
    async fn read(web: &Web, told: Notification) -> anyhow::Result<Self> {
        let now = web.desk.clock.now();
        let prices = match &told.message_id {
            Some(message) => web.desk.store.prices_of(message).await?,
            None => Vec::new(),
        };
        let word = state(&told);
        let is_gone = told.state == NotificationState::Refused && told.reason.is_none();
        let why = told.reason.map(|why| say_of("unwanted", why.as_str()));
        let why = why.or_else(|| is_gone.then(|| t!("error-notification-template")));
        let until = (word == "waiting").then(|| Moment::new(told.due_at, now));
        Ok(Self {
            is_bad: matches!(word, "failed" | "refused" | "expired" | "uncertain"),
            state: say_of("notification", word),
            until,
            why: why.or(told.error),
            price: priced(prices.iter()),
            to: told.address,
            conversation: told.conversation_id,
            template: format!("{} ({})", told.template, told.lang),
            text: told.filled.text,
            by: told.by_name,
            at: Moment::new(told.created_at, now),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::moment_of;
    use chrono::{DateTime, Utc};

    #[test]
    fn a_day_of_consent_counts_to_its_end_and_today_until_now() {
        let now = "2027-01-15T08:00:00Z".parse().expect("a moment");
        for (day, moment) in [
            ("2027-01-14", Some("2027-01-14T23:59:59Z")),
            ("2027-01-15", Some("2027-01-15T08:00:00Z")),
            ("2027-01-16", None),
        ] {
            let moment = moment.map(|at| at.parse::<DateTime<Utc>>().expect("a moment"));
            assert_eq!(moment_of(day.parse().expect("a day"), now), moment, "{day}");
        }
    }
}
