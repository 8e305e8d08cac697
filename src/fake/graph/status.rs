//! Statuses of what was sent: told when asked for, in order or not, once or twice.

use super::Graph;
use super::error::Error;
use super::fault::Fault;
use anyhow::Result;
use serde_json::{Value, json};

/// In which order statuses are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they came about.
    AsTheyCame,
    /// The last first.
    Backwards,
    /// Each twice.
    Twice,
}

impl Graph {
    /// Notes what is to be told of a message that was taken.
    pub(super) fn note_statuses(&self, request: &Value, name: &str, fault: Fault) {
        let failed = match fault {
            Fault::FailsLater(code) => Some(Error::new(code, "it was asked for by a plan")),
            _ => None,
        };
        let told: &[&str] =
            if failed.is_some() { &["failed"] } else { &["sent", "delivered", "read"] };
        let mut memory = self.0.memory();
        let now = memory.clock.now().timestamp();
        let is_it = |it: &&Value| {
            let sent = &request["template"];
            it["name"] == sent["name"] && it["language"] == sent["language"]["code"]
        };
        let template = memory.templates.iter().find(is_it);
        let category = template.and_then(|it| it["category"].as_str()).unwrap_or("service");
        let category = category.to_ascii_lowercase();
        for state in told {
            let mut status = json!({ "id": name, "status": state, "timestamp": now.to_string() });
            if let Some(to) = request["to"].as_str() {
                status["recipient_id"] = json!(to.trim_start_matches('+'));
            }
            if let Some(user) = request["recipient"].as_str() {
                status["recipient_user_id"] = json!(user);
            }
            if let Some(callback) = request.get("biz_opaque_callback_data") {
                status["biz_opaque_callback_data"] = callback.clone();
            }
            match &failed {
                Some(error) => status["errors"] = json!([error.in_status()]),
                None => {
                    status["pricing"] = json!({
                        "billable": true, "pricing_model": "PMP", "type": "regular", "category": category,
                    });
                }
            }
            memory.statuses.push(status);
        }
    }

    /// Tells every status that was not told, each in an update of its own; gives the receiver's answers.
    pub async fn tell_statuses(&self, order: Order) -> Result<Vec<u16>> {
        let mut statuses = std::mem::take(&mut self.0.memory().statuses);
        match order {
            Order::AsTheyCame => {}
            Order::Backwards => statuses.reverse(),
            Order::Twice => {
                statuses = statuses.iter().flat_map(|it| [it.clone(), it.clone()]).collect();
            }
        }
        let mut answers = Vec::with_capacity(statuses.len());
        for status in statuses {
            answers.push(self.post(vec![self.change(with_contact(&status))]).await?);
        }
        Ok(answers)
    }

    /// Forgets what was not told: such news never comes.
    pub fn swallow_statuses(&self) -> usize {
        std::mem::take(&mut self.0.memory().statuses).len()
    }
}

/// A status with whom it is about, which Meta leaves out where a message failed.
fn with_contact(status: &Value) -> Value {
    if status["status"] == "failed" {
        return json!({ "statuses": [status] });
    }
    let mut contact = json!({});
    if let Some(phone) = status.get("recipient_id") {
        contact["wa_id"] = phone.clone();
    }
    if let Some(user) = status.get("recipient_user_id") {
        contact["user_id"] = user.clone();
    }
    json!({ "contacts": [contact], "statuses": [status] })
}
