//! The composer's panel for templates: which there are, what is to be filled in, and what the customer will read.

mod chosen;
mod send;

pub(super) use send::send;

use super::clockface::Moment;
use crate::conversation::{Template, TemplateState, Unfit};
use crate::lang::Lang;
use crate::store::{Opened, SyncState};
use crate::web::Web;
use crate::web::markdown::visible;
use crate::web::words::say_of;
use anyhow::Result;
use chosen::Chosen;
use chrono::{DateTime, Utc};

/// Templates that stand in the list of those that cannot be sent.
const MOST_OTHERS: usize = 50;

/// What was chosen and filled in so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    /// The template, as `en_US/name`.
    pub(super) template: String,
    /// Values by the names of their variables.
    pub(super) values: Vec<(String, String)>,
}

/// The panel.
pub(super) struct TemplatePanel {
    /// The templates by language, those in the customer's first.
    pub(super) groups: Vec<Group>,
    pub(super) chosen: Option<Chosen>,
    /// Why there is nothing to choose.
    pub(super) empty: Option<String>,
    /// Templates that cannot be sent, each with the reason.
    pub(super) others: Vec<(String, String)>,
    pub(super) more_others: usize,
    /// When they were last listed.
    pub(super) listed: Option<Moment>,
    /// Why they were not listed since.
    pub(super) failed: Option<String>,
    /// Whether nothing else can be sent now.
    pub(super) is_only: bool,
}

pub(super) struct Group {
    pub(super) lang: String,
    pub(super) options: Vec<Choosable>,
}

pub(super) struct Choosable {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

impl TemplatePanel {
    /// The panel of a conversation; none where its channel has no templates. `choice` is what was chosen.
    pub(super) async fn read(
        web: &Web,
        opened: &Opened,
        choice: Choice,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let (conversation, store) = (&opened.conversation, &web.desk.store);
        let settings = web.desk.config.inbox_settings(&conversation.inbox);
        let Some(whatsapp) = settings.and_then(|settings| settings.whatsapp.as_deref()) else {
            return Ok(None);
        };
        let all = store.templates(&conversation.inbox).await?;
        let sync = store.template_sync(&conversation.inbox).await?;
        let (offered, others): (Vec<_>, Vec<_>) = all.into_iter().partition(Template::is_offered);
        let wanted = (!choice.template.is_empty()).then_some(&*choice.template);
        let chosen = wanted.and_then(|wanted| offered.iter().find(|it| address(it) == wanted));
        let failed = sync.as_ref().and_then(|sync| sync.last_error.clone());
        let is_known = whatsapp.business_account_id.is_some();
        Ok(Some(Self {
            empty: offered.is_empty().then(|| why_empty(is_known, sync.as_ref())),
            groups: groups(&offered, conversation.lang, wanted),
            chosen: chosen.map(|it| Chosen::new(it, &choice, opened.contact.name.as_deref())),
            more_others: others.len().saturating_sub(MOST_OTHERS),
            others: others.iter().take(MOST_OTHERS).map(other).collect(),
            listed: sync.and_then(|sync| sync.synced_at).map(|at| Moment::new(at, now)),
            failed: failed.filter(|_| !offered.is_empty()).map(|words| visible(&words)),
            is_only: web.desk.is_window_closed(&conversation.inbox, opened.window_expires_at),
        }))
    }
}

/// The word by which a form names a template.
fn address(template: &Template) -> String {
    format!("{}/{}", template.lang, template.name)
}

fn why_empty(is_known: bool, sync: Option<&SyncState>) -> String {
    match sync {
        _ if !is_known => t!("template-no-account"),
        Some(SyncState { last_error: Some(words), .. }) => {
            t!("template-not-listed", words = visible(words))
        }
        Some(SyncState { synced_at: Some(_), .. }) => t!("template-none"),
        Some(_) | None => t!("template-not-yet"),
    }
}

fn groups(offered: &[Template], lang: Option<Lang>, wanted: Option<&str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for it in offered {
        let value = address(it);
        let is_chosen = wanted == Some(&*value);
        let option = Choosable { value, name: it.name.clone(), is_chosen };
        match groups.iter_mut().find(|group| group.lang == it.lang) {
            Some(group) => group.options.push(option),
            None => groups.push(Group { lang: it.lang.clone(), options: vec![option] }),
        }
    }
    // Meta's codes begin with the language: `pt_BR`.
    let is_theirs = |group: &Group| {
        lang.is_some_and(|lang| group.lang.split('_').next() == Some(lang.as_str()))
    };
    groups.sort_by_key(|group| (!is_theirs(group), group.lang.clone()));
    groups
}

fn other(template: &Template) -> (String, String) {
    let reason = match (template.state, template.parts.unfit) {
        (TemplateState::Approved, Some(unfit)) => unfit_words(unfit),
        (state, _) => say_of("template-state", state.as_str()),
    };
    let because = template.reason.as_deref().map(|why| format!(" ({})", visible(why)));
    let name = format!("{} ({})", template.name, template.lang);
    (name, reason + &because.unwrap_or_default())
}

fn unfit_words(unfit: Unfit) -> String {
    match unfit {
        Unfit::Location => t!("template-unfit-location"),
        Unfit::Carousel | Unfit::Catalogue | Unfit::Offer | Unfit::Unknown => {
            t!("template-unfit-unknown")
        }
        Unfit::OneTimeCode => t!("template-unfit-code"),
    }
}
