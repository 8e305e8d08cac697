//! Settings of a mailbox as people write them: a server on a command line, a section in a file.

use crate::config::{EmailSettings, Security};
use std::fmt::Write as _;

/// The server that is named, else the one that was found.
pub fn server(
    named: Option<&str>,
    found: Option<&(String, u16, Security)>,
    usual: u16,
) -> Option<(String, u16, Security)> {
    let Some(named) = named else { return found.cloned() };
    let (host, port) = match named.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (named, usual),
    };
    let security = if matches!(port, 587 | 143) { Security::StartTls } else { Security::Tls };
    Some((host.to_owned(), port, security))
}

/// The section as it stands in a file; secrets are named, never written.
pub fn section(name: &str, settings: &EmailSettings) -> String {
    let mut section = format!(
        "\n[[inbox]]\nname = {}\nchannel = \"email\"\nmode = \"draft\"\n\n[inbox.email]\naddress = {}\n",
        quoted(name),
        quoted(&settings.address)
    );
    if let Some(variable) = &settings.password_env {
        // Writing to a string cannot fail.
        writeln!(section, "password_env = {}", quoted(variable)).unwrap_or_default();
    }
    if let Some(file) = &settings.password_file {
        writeln!(section, "password_file = {}", quoted(&file.to_string_lossy()))
            .unwrap_or_default();
    }
    if let (Some(imap), Some(smtp)) = (&settings.imap, &settings.smtp) {
        for (name, host, port, security) in [
            ("imap", &imap.host, imap.port(), imap.security),
            ("smtp", &smtp.host, smtp.port(), smtp.security),
        ] {
            let host = quoted(host);
            writeln!(
                section,
                "{name} = {{ host = {host}, port = {port}, security = \"{security}\" }}"
            )
            .unwrap_or_default();
        }
    }
    section
}

/// Text as TOML writes it.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace(char::is_control, ""))
}

#[cfg(test)]
mod tests {
    use super::server;
    use crate::config::Security::{StartTls, Tls};

    #[test]
    fn a_named_server_wins_over_a_found_one() {
        let found = ("imap.found.example".to_owned(), 993, Tls);
        assert_eq!(server(None, Some(&found), 993), Some(found.clone()));
        let named = server(Some("mail.own.example:143"), Some(&found), 993);
        assert_eq!(named, Some(("mail.own.example".into(), 143, StartTls)));
        assert_eq!(server(Some("mail.own.example:x"), None, 993), None);
        assert_eq!(server(None, None, 993), None);
    }
}
