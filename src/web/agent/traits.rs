//! What people can and do: set by admins, one's own languages and being away by oneself.

use super::logbook;
use super::page::PageError;
use super::session::SignedIn;
use crate::conversation::AgentId;
use crate::lang::Lang;
use crate::store::StaffAct;
use crate::web::{Error, State};
use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use serde::Deserialize;

/// Conversations that somebody can have at once at most.
const MOST: i64 = 1_000;

/// Languages or skills that somebody can have.
const MOST_WORDS: usize = 30;

/// Characters of a skill.
const SKILL: usize = 40;

#[derive(Deserialize)]
pub(super) struct Written {
    #[serde(default)]
    langs: String,
    #[serde(default)]
    skills: String,
    capacity: i64,
}

#[derive(Deserialize)]
pub(super) struct Langs {
    #[serde(default)]
    langs: String,
}

#[derive(Deserialize)]
pub(super) struct Away {
    /// `yes`, or back again.
    away: String,
}

/// Sets what somebody can.
pub(super) async fn set(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
    Form(written): Form<Written>,
) -> Result<Redirect, PageError> {
    let (langs, skills) = (langs(&written.langs)?, skills(&written.skills)?);
    if !(0..=MOST).contains(&written.capacity) {
        return Err(Error::BadRequest(t!("error-capacity")).into());
    }
    let store = &web.desk.store;
    if !store.set_traits(&id, &langs, &skills, written.capacity).await? {
        return Err(Error::NotFound(t!("error-nobody")).into());
    }
    let people = store.agents().await?;
    let whom = people.iter().find(|person| person.id == id).map(|person| person.name.as_str());
    let detail = format!("{} · {} · {}", joined(&langs), skills.join(", "), written.capacity);
    logbook::write(&web, &agent, StaffAct::TraitsChanged, whom, &detail).await?;
    Ok(Redirect::to("/people?done=traits"))
}

/// Sets one's own languages.
pub(super) async fn set_own_langs(
    web: State,
    SignedIn(agent): SignedIn,
    Form(written): Form<Langs>,
) -> Result<Redirect, PageError> {
    web.desk.store.set_langs(&agent.id, &langs(&written.langs)?).await?;
    Ok(Redirect::to("/account?done=languages"))
}

/// Goes away, which gives what one has to the others, or comes back.
pub(super) async fn set_away(
    web: State,
    SignedIn(agent): SignedIn,
    Form(sent): Form<Away>,
) -> Result<Redirect, PageError> {
    let is_away = sent.away == "yes";
    web.desk.set_away(&agent.id, is_away).await?;
    Ok(Redirect::to(if is_away { "/account?done=away" } else { "/account?done=back" }))
}

/// What was written between commas, each once, in the order it was written.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known.to_lowercase() == word.to_lowercase()) {
            words.push(word.to_owned());
        }
    }
    words
}

fn langs(text: &str) -> Result<Vec<Lang>, Error> {
    let langs: Result<Vec<Lang>, String> =
        words(&text.replace(' ', ",")).iter().map(|word| word.parse()).collect();
    let mut once: Vec<Lang> = Vec::new();
    for lang in langs.map_err(|_| Error::BadRequest(t!("error-langs")))? {
        if !once.contains(&lang) {
            once.push(lang);
        }
    }
    let once = Some(once).filter(|langs| langs.len() <= MOST_WORDS);
    once.ok_or_else(|| Error::BadRequest(t!("error-langs")))
}

fn skills(text: &str) -> Result<Vec<String>, Error> {
    let skills = words(text);
    let is_odd = |skill: &String| skill.chars().count() > SKILL || skill.contains(char::is_control);
    if skills.len() > MOST_WORDS || skills.iter().any(is_odd) {
        return Err(Error::BadRequest(t!("error-skills")));
    }
    Ok(skills)
}

/// Languages as a form shows them.
pub(super) fn joined(langs: &[Lang]) -> String {
    langs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{langs, skills};

    #[test]
    fn languages_and_skills_are_read_as_people_write_them() {
        for (text, read) in [
            ("de, EN;en-GB  fr", Some("de en fr")),
            ("", Some("")),
            ("de,,", Some("de")),
            ("German", None),
            ("d", None),
        ] {
            let langs = langs(text)
                .ok()
                .map(|langs| langs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            assert_eq!(langs.as_deref(), read, "{text}");
        }
        for (text, read) in [
            ("tents, Returns,returns , boots and shoes", Some(3)),
            ("", Some(0)),
            ("a\u{7}b", None),
        ] {
            assert_eq!(skills(text).ok().map(|skills| skills.len()), read, "{text}");
        }
        assert!(skills(&"x".repeat(41)).is_err());
        assert!(skills(&(0..31).map(|n| n.to_string()).collect::<Vec<_>>().join(",")).is_err());
    }
}
