//! Settings of a mailbox as people write them: a server on a command line, a section in a file.

use crate::config::{EmailSettings, Oauth, Security};

/// The server that is named, else the one that was found. A name may have a port and, before it, how the
/// connection is protected where the port does not tell: `starttls://mail.example.com:1143`.
pub fn server(
    named: Option<&str>,
    found: Option<&(String, u16, Security)>,
    usual: u16,
) -> Option<(String, u16, Security)> {
    let Some(named) = named else { return found.cloned() };
    let (told, place) = match named.split_once("://") {
        Some(("tls", place)) => (Some(Security::Tls), place),
        Some(("starttls", place)) => (Some(Security::StartTls), place),
        Some(_) => return None,
        None => (None, named),
    };
    let (host, port) = match place.rsplit_once(':') {
        // The colons of an address within brackets are its own.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (place, usual),
    };
    let by_port = if matches!(port, 587 | 143) { Security::StartTls } else { Security::Tls };
    let is_host = !host.is_empty() && !host.contains(['/', ' ', '@']);
    is_host.then(|| (host.to_owned(), port, told.unwrap_or(by_port)))
}

/// The section as it stands in a file; secrets are named, never written.
pub fn section(name: &str, settings: &EmailSettings) -> String {
    let inbox = [("name", Some(name)), ("channel", Some("email")), ("mode", Some("draft"))];
    let (password, ca) = (path(settings.password_file.as_ref()), path(settings.ca_file.as_ref()));
    let email = [
        ("address", Some(settings.address.as_str())),
        ("user", settings.user.as_deref()),
        ("password_env", settings.password_env.as_deref()),
        ("password_file", password.as_deref()),
        ("ca_file", ca.as_deref()),
    ];
    let imap = settings.imap.as_ref().map(|it| (&it.host, it.port(), it.security));
    let smtp = settings.smtp.as_ref().map(|it| (&it.host, it.port(), it.security));
    let servers = [("imap", imap), ("smtp", smtp)].into_iter().filter_map(|(name, server)| {
        let (host, port, security) = server?;
        let host = quoted(host);
        Some(format!("{name} = {{ host = {host}, port = {port}, security = \"{security}\" }}\n"))
    });
    let oauth = settings.oauth.as_ref().map(tokens).unwrap_or_default();
    format!(
        "\n[[inbox]]\n{}\n[inbox.email]\n{}{}{oauth}",
        lines(&inbox),
        lines(&email),
        servers.collect::<String>()
    )
}

/// How tokens are come by.
fn tokens(oauth: &Oauth) -> String {
    let (secret, refresh) =
        (path(oauth.client_secret_file.as_ref()), path(oauth.refresh_token_file.as_ref()));
    let settings = [
        ("provider", Some(oauth.provider.as_str())),
        ("client_id", Some(oauth.client_id.as_str())),
        ("client_secret_env", oauth.client_secret_env.as_deref()),
        ("client_secret_file", secret.as_deref()),
        ("refresh_token_env", oauth.refresh_token_env.as_deref()),
        ("refresh_token_file", refresh.as_deref()),
        ("tenant", oauth.tenant.as_deref()),
        ("token_url", oauth.token_url.as_deref()),
        ("scope", oauth.scope.as_deref()),
    ];
    format!("\n[inbox.email.oauth]\n{}", lines(&settings))
}

/// Settings as lines of a file; what is not given is left out.
pub(in crate::channel) fn lines(settings: &[(&str, Option<&str>)]) -> String {
    let given = settings.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    given.fold(String::new(), |lines, (name, value)| lines + name + " = " + &quoted(value) + "\n")
}

/// A path as text.
pub(in crate::channel) fn path(path: Option<&std::path::PathBuf>) -> Option<String> {
    path.map(|path| path.to_string_lossy().into_owned())
}

/// Text as TOML writes it.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace(char::is_control, ""))
}

#[cfg(test)]
mod tests {
    use super::{section, server};
    use crate::config::Security::{StartTls, Tls};
    use crate::config::{EmailSettings, Imap, Oauth, Provider, Smtp};

    #[test]
    fn a_named_server_wins_over_a_found_one() {
        let found = ("imap.found.example".to_owned(), 993, Tls);
        assert_eq!(server(None, Some(&found), 993), Some(found.clone()));
        assert_eq!(server(None, None, 993), None);
        for (named, expected) in [
            ("mail.own.example", Some(("mail.own.example", 993, Tls))),
            ("mail.own.example:143", Some(("mail.own.example", 143, StartTls))),
            ("mail.own.example:2993", Some(("mail.own.example", 2993, Tls))),
            ("starttls://localhost:1143", Some(("localhost", 1143, StartTls))),
            ("tls://mail.own.example:587", Some(("mail.own.example", 587, Tls))),
            ("[::1]", Some(("[::1]", 993, Tls))),
            ("[::1]:143", Some(("[::1]", 143, StartTls))),
            ("mail.own.example:x", None),
            ("plain://mail.own.example", None),
            ("https://mail.own.example/", None),
            (":993", None),
            ("", None),
        ] {
            let expected = expected.map(|(host, port, kind)| (host.to_owned(), port, kind));
            assert_eq!(server(Some(named), Some(&found), 993), expected, "{named}");
        }
    }

    #[test]
    fn a_section_holds_what_was_tried_and_no_secret() {
        let settings = EmailSettings {
            user: Some("shop\\\"one\"".into()),
            ca_file: Some("/etc/own.pem".into()),
            imap: Some(Imap::new("localhost", 1143, StartTls)),
            smtp: Some(Smtp::new("localhost", 1025, StartTls)),
            oauth: Some(Oauth {
                client_secret: Some("planted".into()),
                client_secret_env: Some("MAIL_SECRET".into()),
                token_url: Some("https://login.shop.example/token".into()),
                ..Oauth::new(Provider::Custom, "desk")
            }),
            ..EmailSettings::new("help@shop.example")
        };
        let written = section("help", &settings);
        assert!(!written.contains("planted"), "{written}");
        let read: crate::config::Config = toml(&written);
        let email = read.inboxes[0].email.as_deref().expect("its section");
        assert_eq!(email.user(), "shop\\\"one\"");
        assert_eq!(email.ca_file, settings.ca_file);
        let oauth = email.oauth.as_ref().expect("its tokens");
        assert_eq!((oauth.provider, oauth.client_id.as_str()), (Provider::Custom, "desk"));
        assert_eq!(oauth.client_secret_env.as_deref(), Some("MAIL_SECRET"));
        let imap = email.imap.as_ref().expect("its server");
        assert_eq!((imap.port(), imap.security), (1143, StartTls));
    }

    fn toml(section: &str) -> crate::config::Config {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("sureply.toml");
        std::fs::write(&file, section).expect("written");
        crate::config::Config::load(Some(&file)).expect("good settings")
    }
}
