//! Folders: opened by name, which travels in modified UTF-7 (RFC 3501 §5.1.3).

use super::{Reading, within};
use crate::channel::email::trouble::{Trouble, TroubleKind};
use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const MUTF7: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// A folder as it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// While it is the same, so is what each identifier names.
    pub validity: u32,
    /// The identifier that the next mail gets.
    pub next: u32,
}

impl Reading {
    /// Opens the folder that is read.
    pub async fn select(&mut self) -> Result<Selected, Trouble> {
        let folder = self.settings.folder.clone();
        let mailbox = self.open_folder(&folder).await?;
        let next = match mailbox.uid_next {
            Some(next) => next,
            None => self.above("1:*").await?.last().map_or(1, |newest| newest + 1),
        };
        // A server that does not tell promises nothing: each time is another.
        Ok(Selected { validity: mailbox.uid_validity.unwrap_or(0), next })
    }

    pub(super) async fn open_folder(
        &mut self,
        folder: &str,
    ) -> Result<async_imap::types::Mailbox, Trouble> {
        self.open_named(&encoded(folder)).await.map_err(|trouble| match trouble.kind {
            TroubleKind::Refused => Trouble::new(
                TroubleKind::Refused,
                format!("the folder `{folder}` cannot be opened; check imap.folder ({trouble})"),
            ),
            _ => trouble,
        })
    }
}

impl Reading {
    /// Opens a folder by the name that travels.
    pub(super) async fn open_named(
        &mut self,
        name: &str,
    ) -> Result<async_imap::types::Mailbox, Trouble> {
        let server = &self.server;
        within(server, server.patience, "opening a folder", self.session.select(name)).await
    }
}

/// A folder's name as it travels.
pub(super) fn encoded(name: &str) -> String {
    let mut sent = String::with_capacity(name.len());
    let mut run = Vec::new();
    for character in name.chars().map(Some).chain([None]) {
        match character {
            Some(other) if !matches!(other, ' '..='~') => {
                run.extend(
                    other.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()),
                );
            }
            ended => {
                if !run.is_empty() {
                    sent = sent + "&" + &MUTF7.encode(&run) + "-";
                    run.clear();
                }
                match ended {
                    Some('&') => sent.push_str("&-"),
                    Some(plain) => sent.push(plain),
                    None => {}
                }
            }
        }
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn names_travel_in_modified_utf_7() {
        for (name, sent) in [
            ("INBOX", "INBOX"),
            ("Gelöscht", "Gel&APY-scht"),
            ("R&D", "R&-D"),
            ("台北", "&U,BTFw-"),
            ("Entwürfe/ö", "Entw&APw-rfe/&APY-"),
            ("📬", "&2D3c7A-"),
        ] {
            assert_eq!(encoded(name), sent);
        }
    }
}
