//! Sending the template that was chosen.

use super::super::form::Act;
use super::super::page::PageError;
use super::chosen::label;
use crate::conversation::{Template, WrongValue};
use crate::web::Error;
use axum::http::StatusCode;
use axum::response::Response;

/// Sends the template that was chosen, with its values.
pub(in crate::web::agent) async fn send(act: Act) -> Result<Response, PageError> {
    let act = Act { panel: "template", ..act };
    let choice = act.choice();
    let store = &act.web.desk.store;
    let Some(conversation) = store.find_conversation(&act.id).await? else {
        return Err(Error::NotFound(t!("error-no-conversation")).into());
    };
    let template = match choice.template.split_once('/') {
        Some((lang, name)) => store.template(&conversation.inbox, name, lang).await?,
        None => None,
    };
    let Some(template) = template.filter(Template::is_offered) else {
        return act.again(StatusCode::CONFLICT, t!("template-gone")).await;
    };
    let filled = match template.fill(&choice.values) {
        Ok(filled) => filled,
        Err(wrong) => {
            let problem = wrong_words(&template, &wrong);
            return act.again(StatusCode::UNPROCESSABLE_ENTITY, problem).await;
        }
    };
    let next = act.on().await?;
    let acted = act.web.desk.send_template(&act.id, &act.agent.id, &filled).await?;
    act.lead(acted, next, "template").await
}

/// What is wrong with a value, in the words of whoever fills it in.
fn wrong_words(template: &Template, wrong: &WrongValue) -> String {
    let variables = template.variables();
    let about = wrong.about().and_then(|name| variables.iter().find(|it| it.name == name));
    let name = about.map(|variable| label(template, variable)).unwrap_or_default();
    match wrong {
        WrongValue::Missing(_) => t!("template-missing", name = name),
        WrongValue::Broken(_) => t!("template-broken", name = name),
        WrongValue::NoLink(_) => t!("template-no-link", name = name),
        WrongValue::NoUrlEnd(_) => t!("template-no-url", name = name),
        WrongValue::TooLong(_, most) => t!("template-too-long", name = name, most = *most),
        WrongValue::Unfit | WrongValue::Unknown(_) => t!("template-gone"),
    }
}
