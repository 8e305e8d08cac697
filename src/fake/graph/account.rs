//! The account that is faked.

/// A number, and what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The number's id.
    pub number: String,
    /// The number as it is shown.
    pub shown: String,
    /// The WhatsApp Business Account's id.
    pub business: String,
    /// The token that may use it.
    pub token: String,
    /// The secret that signs updates.
    pub app_secret: String,
    /// The words that open a webhook.
    pub verify_token: String,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            number: "106540352242922".into(),
            shown: "15550051310".into(),
            business: "102290129340398".into(),
            token: "a-token-for-trying".into(),
            app_secret: "a-secret-for-trying-only".into(),
            verify_token: "our own words".into(),
        }
    }
}
