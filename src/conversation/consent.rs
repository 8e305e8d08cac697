//! What a customer wants to be sent unasked: the categories in which that is kept, and how a channel tells it.

/// All that is sent unasked; what a customer ends with "STOP".
pub const NOTIFICATIONS: &str = "notifications";

/// Advertising, as the customer has told us or the business can prove.
pub const MARKETING: &str = "marketing";

/// Advertising, as the customer has told WhatsApp itself (Meta, "`user_preferences` webhook").
pub const META_MARKETING: &str = "marketing_messages";

/// Whether a channel's words of a failure say that the customer has stopped advertising of this business (Meta, Cloud
/// API error 131050).
pub fn stops_marketing(words: &str) -> bool {
    words.contains("(error 131050)")
}

#[cfg(test)]
mod tests {
    use super::stops_marketing;

    #[test]
    fn only_the_one_error_says_that_advertising_was_stopped() {
        assert!(stops_marketing("the customer has stopped marketing messages (error 131050)"));
        assert!(!stops_marketing("too much marketing (error 131049)"));
    }
}
