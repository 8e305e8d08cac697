//! A customer who writes: their messages as Meta tells of them.

use super::Graph;
use super::serve::sha256;
use anyhow::Result;
use bytes::Bytes;
use serde_json::{Value, json};

/// What a customer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// They write.
    Text(String),
    /// They press a button, or choose a row of a list.
    Chosen {
        /// Whether it was a row.
        is_row: bool,
        /// Its id.
        id: String,
        /// Its title.
        title: String,
        /// The message it belongs to.
        message: String,
    },
    /// They press a button of a template.
    Pressed {
        /// What it says.
        text: String,
        /// The message it belongs to.
        message: String,
    },
    /// They send a file.
    File {
        /// Its media type.
        media_type: String,
        /// Its name, where they have one.
        name: Option<String>,
        /// What they write below it.
        caption: Option<String>,
        /// Its bytes.
        bytes: Bytes,
    },
}

impl Graph {
    /// A change that tells of a customer's message; gives it with the message's name.
    pub fn message(&self, phone: &str, said: &Said) -> (String, Value) {
        let name = self.fresh_customer_name();
        let at = self.0.memory().clock.now().timestamp();
        (name.clone(), self.message_named(phone, &name, at, said))
    }

    /// A change that tells of a customer's message by this name, sent at that second.
    pub fn message_named(&self, phone: &str, name: &str, at: i64, said: &Said) -> Value {
        let digits = phone.trim_start_matches('+');
        let user = format!("US.{digits}0001");
        let mut message = json!({
            "from": digits, "from_user_id": user, "id": name, "timestamp": at.to_string(),
        });
        let (kind, content) = self.content(said);
        if let Said::Chosen { message: answered, .. } | Said::Pressed { message: answered, .. } =
            said
        {
            message["context"] = json!({ "from": self.account().shown, "id": answered });
        }
        message["type"] = json!(kind);
        message[kind] = content;
        let contact = json!({
            "profile": { "name": format!("Customer {digits}") }, "wa_id": digits, "user_id": user,
        });
        self.change(json!({ "contacts": [contact], "messages": [message] }))
    }

    /// A customer writes; gives the message's name once the receiver has taken it.
    pub async fn says(&self, phone: &str, said: &Said) -> Result<String> {
        let (name, change) = self.message(phone, said);
        let message = change["value"]["messages"][0].clone();
        let status = self.post(vec![change]).await?;
        anyhow::ensure!(status == 200, "the webhook answered {status}");
        self.note(&name, true, message);
        Ok(name)
    }

    fn fresh_customer_name(&self) -> String {
        let mut memory = self.0.memory();
        memory.named += 1;
        format!("wamid.IN{:08}", memory.named)
    }

    fn content(&self, said: &Said) -> (&'static str, Value) {
        match said {
            Said::Text(text) => ("text", json!({ "body": text })),
            Said::Chosen { is_row, id, title, .. } => {
                let kind = if *is_row { "list_reply" } else { "button_reply" };
                ("interactive", json!({ "type": kind, kind: { "id": id, "title": title } }))
            }
            Said::Pressed { text, .. } => ("button", json!({ "payload": text, "text": text })),
            Said::File { media_type, name, caption, bytes } => {
                let kind = match media_type.split('/').next() {
                    Some("image") => "image",
                    Some("audio") => "audio",
                    Some("video") => "video",
                    _ => "document",
                };
                let id = self.keep(media_type, bytes.clone());
                let mut it = json!({ "id": id, "mime_type": media_type, "sha256": sha256(bytes) });
                if kind == "audio" {
                    it["voice"] = json!(true);
                }
                if let Some(name) = name.as_ref().filter(|_| kind == "document") {
                    it["filename"] = json!(name);
                }
                if let Some(caption) = caption {
                    it["caption"] = json!(caption);
                }
                (kind, it)
            }
        }
    }
}
