//! The templates of a business account, page by page (Meta, "Message templates", reading them).

use super::error::explain;
use super::graph::{Failure, Graph};
use crate::config::WhatsappSettings;
use crate::conversation::{InboxName, Template};
use chrono::TimeDelta;

/// Templates that one page has at most.
const PAGE: &str = "100";
/// Pages that are read at most: an account may have 6,000 templates.
const MOST_PAGES: usize = 200;
/// What is asked of each.
const FIELDS: &str =
    "name,language,status,category,parameter_format,components,quality_score,rejected_reason";

/// Why the templates could not be listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NotListed {
    /// What happened and what to do.
    pub words: String,
    /// How long Meta asks us to wait.
    pub wait: TimeDelta,
}

impl NotListed {
    fn because(words: impl Into<String>) -> Self {
        Self { words: words.into(), wait: TimeDelta::zero() }
    }
}

/// Lists all templates of the account behind an inbox.
pub async fn list_templates(
    settings: &WhatsappSettings,
    inbox: &InboxName,
) -> Result<Vec<Template>, NotListed> {
    let account = settings.business_account_id.as_deref().ok_or_else(|| {
        NotListed::because(
            "whatsapp.business_account_id is missing; WhatsApp Manager shows it as the account's id",
        )
    })?;
    let graph = Graph::open(settings).map_err(|error| NotListed::because(format!("{error:#}")))?;
    let (mut templates, mut after) = (Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        let path = format!("{account}/message_templates");
        let mut query = vec![("fields", FIELDS), ("limit", PAGE)];
        if !after.is_empty() {
            query.push(("after", &after));
        }
        let page = graph.get(&path, &query).await.map_err(failed)?;
        let listed = page["data"].as_array().ok_or_else(|| {
            NotListed::because("Meta's answer is no list of templates; check whatsapp.graph_url")
        })?;
        templates.extend(listed.iter().filter_map(|listed| Template::read(inbox, listed)));
        // The address of the next page is not followed: it is told, and holds the token.
        let next = page["paging"]["cursors"]["after"].as_str().unwrap_or_default();
        if page["paging"]["next"].is_null() || next.is_empty() || next == after {
            return Ok(templates);
        }
        next.clone_into(&mut after);
    }
    Err(NotListed::because("Meta's list of templates does not end"))
}

fn failed(failure: Failure) -> NotListed {
    match failure {
        Failure::NotSent(words) | Failure::Unknown(words) => NotListed::because(words),
        Failure::Told { code: code @ (10 | 200..300), details, wait } => {
            let words = format!(
                "the token may not read templates (error {code}); give it the permission \
                 whatsapp_business_management: {}",
                explain(code, &details).words
            );
            NotListed { words, wait }
        }
        Failure::Told { code: 100, details, wait } => {
            let words = format!(
                "the token sees no such account; check whatsapp.business_account_id: {}",
                explain(100, &details).words
            );
            NotListed { words, wait }
        }
        Failure::Told { code, details, wait } => {
            NotListed { words: explain(code, &details).words, wait }
        }
    }
}
