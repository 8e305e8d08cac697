//! A contact: a person who writes to the business.

use super::ContactId;
use serde::{Deserialize, Serialize};

/// A person who writes, as far as they said who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its identifier.
    pub id: ContactId,
    /// The name they gave or their channel told.
    pub name: Option<String>,
    /// The address they gave; a claim until verified.
    pub email: Option<String>,
}

impl Contact {
    /// What they are called.
    pub fn names(&self) -> Vec<&str> {
        self.name.iter().map(String::as_str).collect()
    }
}
