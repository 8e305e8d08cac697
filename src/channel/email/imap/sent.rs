//! The folder of sent mails: looked through by Message-ID, and given copies.

use super::folder::encoded;
use super::{Reading, failure, within};
use crate::channel::email::trouble::Trouble;
use async_imap::imap_proto::NameAttribute;
use futures::StreamExt as _;
use std::time::Duration;

impl Reading {
    /// Whether a mail is among those that the account has sent.
    pub async fn has_sent(&mut self, message_id: &str) -> Result<bool, Trouble> {
        let Some(name) = self.sent_folder().await? else { return Ok(false) };
        self.open_named(&name).await?;
        self.is_here(message_id).await
    }

    /// Puts a copy among the sent mails, unless one is there already.
    pub async fn save_sent(&mut self, message_id: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let Some(folder) = self.save_sent.clone().filter(|_| !self.keeps_sent) else {
            return Ok(());
        };
        let name = encoded(&folder);
        self.open_named(&name).await?;
        if self.is_here(message_id).await? {
            return Ok(());
        }
        let server = self.server.clone();
        let patience = server.patience + Duration::from_millis(bytes.len() as u64 / 64);
        let saved = self.session.append(name, Some("(\\Seen)"), None, bytes);
        within(&server, patience, "keeping a sent mail", saved).await
    }

    async fn is_here(&mut self, message_id: &str) -> Result<bool, Trouble> {
        let query = format!("HEADER Message-ID \"<{message_id}>\"");
        Ok(!self.search(&query).await?.is_empty())
    }

    /// The folder that the settings name, else the one that the server marks (RFC 6154), by the name that
    /// travels.
    async fn sent_folder(&mut self) -> Result<Option<String>, Trouble> {
        if let Some(folder) = &self.save_sent {
            return Ok(Some(encoded(folder)));
        }
        let server = self.server.clone();
        let asked = async {
            let names = self.session.list(Some(""), Some("*")).await?;
            let mut names = std::pin::pin!(names);
            let mut found = None;
            while let Some(name) = names.next().await {
                let name = name?;
                if name.attributes().contains(&NameAttribute::Sent) {
                    found = Some(name.name().to_owned());
                }
            }
            Ok(found)
        };
        let found = tokio::time::timeout(server.patience, asked).await;
        found
            .map_err(|_| server.silent("listing folders"))?
            .map_err(|error| failure(&server, &error))
    }
}
