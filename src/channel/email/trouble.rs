//! What keeps us from a mail server, in words that say what to do about it.

use crate::word::words;

words! {
    /// What kind of trouble it is.
    TroubleKind {
        /// Nobody knows the server's name.
        Name = "name",
        /// Nothing listens there.
        Closed = "closed",
        /// It does not answer in time, or hangs up.
        Silent = "silent",
        /// It cannot prove that it is who it says it is, or speaks no TLS.
        Tls = "tls",
        /// It does not take the name and the password or token.
        Login = "login",
        /// It takes no passwords any more.
        PasswordsOff = "passwords_off",
        /// It takes the login and not what is asked of it then.
        Refused = "refused",
        /// It asks to come back later.
        Later = "later",
        /// The settings cannot be used as they are.
        Settings = "settings",
    }
}

/// What keeps us from a mail server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Trouble {
    /// Its kind.
    pub kind: TroubleKind,
    /// What happened and what to do, on one line, without a secret.
    pub words: String,
}

impl Trouble {
    /// Trouble in words, from which addresses are taken out: they end in logs.
    pub fn new(kind: TroubleKind, words: impl Into<String>) -> Self {
        let words: String = words.into();
        Self { kind, words: said(&words) }
    }

    /// Whether only a person can mend it: trying on would lock the account.
    pub fn needs_person(&self) -> bool {
        matches!(self.kind, TroubleKind::Login | TroubleKind::PasswordsOff | TroubleKind::Settings)
    }
}

/// What a server said, on one line and without addresses.
pub(super) fn said(words: &str) -> String {
    let line = super::text::clean_line(words);
    let masked = line.split(' ').map(|word| if word.contains('@') { "…@…" } else { word });
    masked.collect::<Vec<_>>().join(" ").chars().take(500).collect()
}

/// Servers that have stopped taking passwords say so in words of their own.
const PASSWORDS_OFF: [&str; 9] = [
    "basic authentication is disabled",
    "basicauthblocked",
    "smtpclientauthentication is disabled",
    "authentication unsuccessful, basic",
    "5.7.139",
    "application-specific password required",
    "username and password not accepted",
    "web login required",
    "please log in via your web browser",
];

/// What a server means that does not take a login.
pub(super) fn login(host: &str, by_token: bool, told: &str) -> Trouble {
    let lower = told.to_lowercase();
    if !by_token && PASSWORDS_OFF.iter().any(|sign| lower.contains(sign)) {
        return Trouble::new(
            TroubleKind::PasswordsOff,
            format!(
                "{host} does not take this password: it wants an app password, or oauth \
                 (see [inbox.email] oauth); it said: {told}"
            ),
        );
    }
    let advice = if by_token {
        "the token is not taken; log in again with the provider, and look whether it may use IMAP and SMTP"
    } else {
        "check user and password; with two-step login an app password is needed"
    };
    Trouble::new(TroubleKind::Login, format!("{host} refuses the login: {advice}; it said: {told}"))
}

#[cfg(test)]
mod tests {
    use super::{TroubleKind, login};

    #[test]
    fn a_server_that_takes_no_passwords_is_told_from_a_wrong_one() {
        for (by_token, told, kind) in [
            (false, "[AUTHENTICATIONFAILED] Authentication failed.", TroubleKind::Login),
            (
                false,
                "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
                TroubleKind::PasswordsOff,
            ),
            (false, "534-5.7.9 Application-specific password required", TroubleKind::PasswordsOff),
            (true, "535 5.7.139 user is locked", TroubleKind::Login),
        ] {
            let trouble = login("imap.example.com", by_token, told);
            assert_eq!(trouble.kind, kind, "{told}");
            assert!(trouble.needs_person());
        }
    }

    #[test]
    fn what_a_server_says_stays_on_one_line_and_names_nobody() {
        let trouble = login("h", false, "no\r\nlogged: <anna@shop.example> is well\u{1b}[31m");
        assert!(!trouble.words.contains("anna"), "{trouble}");
        assert!(!trouble.words.contains(['\r', '\n', '\u{1b}']), "{trouble}");
    }
}
