//! Templates at the desk: their list is read again and again, and an agent sends one.

use crate::channel::{NotListed, list_templates};
use crate::config::InboxSettings;
use crate::conversation::{
    AgentId, ConversationId, FilledTemplate, InboxName, Sent, Template, TemplateNews, TemplateState,
};
use crate::desk::Desk;
use crate::store::{Acted, DueSync, Outgoing};
use anyhow::Result;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the list is read where nothing asks for it.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// How long reading belongs to this node, and how long it may take at most.
const LEASE: TimeDelta = TimeDelta::minutes(10);
const LONGEST: Duration = Duration::from_mins(8);
/// The first wait after a failure; it doubles up to [`EVERY`].
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// How long it is slept at most.
const LONGEST_SLEEP: Duration = Duration::from_secs(3);

impl Desk {
    /// Reads lists of templates until `stop` turns true.
    pub async fn sync_templates(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        if let Err(error) = self.ask_for_templates().await {
            tracing::error!(error = format!("{error:#}"), "asking for templates failed");
        }
        while !*stop.borrow() {
            if let Err(error) = self.sync_due_templates().await {
                tracing::error!(
                    error = format!("{error:#}"),
                    "listing templates failed; trying again"
                );
            }
            tokio::select! {
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Has the templates of every inbox listed now whose settings say whose they are and open them.
    pub async fn ask_for_templates(&self) -> Result<()> {
        for settings in &self.config.inboxes {
            let whatsapp = settings.whatsapp.as_deref();
            let is_set = whatsapp.is_some_and(|it| {
                it.business_account_id.is_some() && it.token().is_ok_and(|token| token.is_some())
            });
            if is_set {
                self.store.ask_for_templates(&settings.inbox().name, self.clock.now()).await?;
            }
        }
        Ok(())
    }

    /// Reads the lists that are due; returns how many attempts that took.
    pub(in crate::desk) async fn sync_due_templates(&self) -> Result<usize> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if self.store.next_sync_due().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let due = self.store.claim_syncs(now, now + LEASE).await?;
        for one in &due {
            self.sync_one(one).await?;
        }
        Ok(due.len())
    }

    async fn sync_one(&self, due: &DueSync) -> Result<()> {
        let listed = self.list_templates(&due.inbox).await;
        let now = self.clock.now();
        match listed {
            Ok(templates) => {
                tracing::info!(inbox = %due.inbox, count = templates.len(), "templates were listed");
                self.store.settle_sync(due, Ok(&templates), now + EVERY, now).await?;
            }
            Err(NotListed { words, wait }) => {
                tracing::warn!(inbox = %due.inbox, attempt = due.attempts, why = words,
                    "templates could not be listed");
                let next = now + wait.max(wait_after(due.attempts));
                self.store.settle_sync(due, Err(&words), next, now).await?;
            }
        }
        Ok(())
    }

    async fn list_templates(&self, inbox: &InboxName) -> Result<Vec<Template>, NotListed> {
        let settings = self.config.inbox_settings(inbox);
        match settings.and_then(|settings: &InboxSettings| settings.whatsapp.as_deref()) {
            Some(whatsapp) => {
                let listed = tokio::time::timeout(LONGEST, list_templates(whatsapp, inbox)).await;
                listed.unwrap_or_else(|_| {
                    let words = "Meta did not list all templates within eight minutes".into();
                    Err(NotListed { words, wait: TimeDelta::zero() })
                })
            }
            None => Err(NotListed {
                words: "the settings no longer name this inbox".into(),
                wait: EVERY,
            }),
        }
    }

    /// Sends a template that an agent has filled in; the conversation becomes theirs.
    pub async fn send_template(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        filled: &FilledTemplate,
    ) -> Result<Acted> {
        let acted = self.store.send_template(id, agent, filled, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Takes in what the end of an attempt tells of the template that was sent.
    pub(in crate::desk) async fn learn_of_template(
        &self,
        outgoing: &Outgoing,
        filled: &FilledTemplate,
        sent: &Sent,
    ) -> Result<()> {
        let Sent::Refused(words) = sent else { return Ok(()) };
        let now = self.clock.now();
        self.store.tell_not_sent(&outgoing.conversation_id, words, now).await?;
        let is = |code: &str| words.contains(&format!("(error {code})"));
        let state = match () {
            () if is("132015") => Some(TemplateState::Paused),
            () if is("132016") => Some(TemplateState::Disabled),
            // It was changed or taken away: the list tells how.
            () if ["132000", "132001", "132012"].iter().any(|code| is(code)) => None,
            () => return Ok(()),
        };
        let news = TemplateNews {
            name: filled.name.clone(),
            lang: filled.lang.clone(),
            state,
            ..TemplateNews::default()
        };
        self.store.change_template(&outgoing.inbox, &news, now).await
    }
}

fn wait_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 8)).unwrap_or(8) - 1;
    (FIRST_WAIT * 2_i32.pow(doublings)).min(EVERY)
}
