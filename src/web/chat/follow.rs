//! Following a chat: what is new in it for a page, as soon as there is anything.

use super::cursor::{Cursor, PAGE};
use super::message::ShownMessage;
use super::standing::Standing;
use super::visitor::Visitor;
use crate::desk::News;
use crate::web::Web;
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// How often to look without news, for what other nodes have done.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A page that follows its chat.
pub(super) struct Follower {
    web: Arc<Web>,
    visitor: Visitor,
    news: broadcast::Receiver<News>,
    stopping: watch::Receiver<bool>,
    /// What the page has of the messages.
    cursor: Option<Cursor>,
    /// The tag of the standing that the page has.
    tag: Option<String>,
}

/// What there is to tell.
pub(super) struct Batch {
    /// Messages that the page has not, oldest first.
    pub(super) messages: Vec<ShownMessage>,
    /// How the chat stands.
    pub(super) standing: Standing,
    /// Whether the page knew another standing.
    pub(super) stands_otherwise: bool,
    /// For each message, the place after it.
    pub(super) places: Vec<String>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && !self.stands_otherwise
    }
}

impl Follower {
    /// A page that has messages up to a cursor, and knows the standing of that tag.
    pub(super) fn new(
        web: &Arc<Web>,
        visitor: Visitor,
        cursor: Option<&str>,
        tag: Option<String>,
    ) -> Self {
        Self {
            news: web.desk.follow(),
            stopping: web.stopping.clone(),
            web: Arc::clone(web),
            visitor,
            // Reading one cannot fail.
            cursor: cursor.and_then(|cursor| cursor.parse().ok()),
            tag,
        }
    }

    /// Where the page is now.
    pub(super) fn cursor(&self) -> Option<String> {
        self.cursor.as_ref().map(Cursor::to_string)
    }

    /// What is new, as soon as there is anything; nothing when the server stops.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>> {
        loop {
            let batch = self.look().await?;
            if !batch.is_empty() {
                return Ok(Some(batch));
            }
            if !self.wait(None).await {
                return Ok(None);
            }
        }
    }

    /// What is new, as soon as there is anything, and in any case after so long.
    pub(super) async fn within(&mut self, patience: Duration) -> Result<Batch> {
        let end = Instant::now() + patience;
        loop {
            let batch = self.look().await?;
            if !batch.is_empty() || Instant::now() >= end || !self.wait(Some(end)).await {
                return Ok(batch);
            }
        }
    }

    async fn look(&mut self) -> Result<Batch> {
        let store = &self.web.desk.store;
        let states = store.chat_states(&self.visitor.inbox, &self.visitor.contact).await?;
        let mut cursor = Cursor::resume(&states, self.cursor.as_ref());
        let (mut messages, mut places) = (Vec::new(), Vec::new());
        for state in states.iter().rev() {
            if state.last_shown <= cursor.shown(&state.id) {
                continue;
            }
            for message in store.shown_messages(&state.id, cursor.shown(&state.id), PAGE).await? {
                let message = ShownMessage::from(message);
                cursor.advance(&state.id, message.shown);
                places.push(cursor.to_string());
                messages.push(message);
            }
        }
        if !states.is_empty() {
            self.cursor = Some(cursor);
        }
        let standing = Standing::of(&self.web, &self.visitor, &states).await?;
        let tag = Some(standing.tag());
        let stands_otherwise = std::mem::replace(&mut self.tag, tag) != self.tag;
        Ok(Batch { messages, standing, stands_otherwise, places })
    }

    /// Waits until there may be something new, or until `end`; `false` when the server stops.
    async fn wait(&mut self, end: Option<Instant>) -> bool {
        let Self { news, cursor, stopping, .. } = self;
        let heard = async {
            loop {
                match news.recv().await {
                    Ok(news)
                        if cursor.as_ref().is_some_and(|it| !it.knows(&news.conversation_id)) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    // The desk is gone; the server is about to stop.
                    Err(RecvError::Closed) => return std::future::pending().await,
                }
            }
        };
        let over = async {
            match end {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = heard => true,
            () = sleep(LOOK_EVERY) => true,
            () = over => true,
            _ = stopping.wait_for(|stop| *stop) => false,
        }
    }
}
