//! An e-mail inbox's section: its address, the servers that it reads and sends by, how it logs in.

use super::Secret;
use super::load::{is_http, secret};
use crate::word::words;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::PathBuf;

/// What an e-mail inbox reads and sends by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
pub struct EmailSettings {
    /// The address that customers write to.
    pub address: String,
    /// The name that stands before it; by default the business's.
    #[serde(default)]
    pub from_name: Option<String>,
    /// Further addresses that end in the same mailbox.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name to log in by; by default the address.
    #[serde(default)]
    pub user: Option<String>,
    /// The password itself; better one of the next two.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The mailbox that is read; without it mails come by webhook, or not at all.
    #[serde(default)]
    pub imap: Option<Imap>,
    /// The server that mails leave by; without it nothing can be sent.
    #[serde(default)]
    pub smtp: Option<Smtp>,
    /// How to log in where passwords are no longer taken.
    #[serde(default)]
    pub oauth: Option<Oauth>,
    /// Further certificates (PEM) that servers may be signed by.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Whether passwords and mails may go over an open network unencrypted.
    #[serde(default)]
    pub allow_plain: bool,
    /// Whether automatic answers say that they are (RFC 3834).
    #[serde(default = "yes")]
    pub auto_submitted: bool,
    /// Whether the mailbox takes `name+anything@`: answers and bounces then name what they belong to.
    #[serde(default)]
    pub plus_addressing: bool,
    /// Whether subjects of answers name their conversation, for customers whose programs name it nowhere else.
    #[serde(default)]
    pub subject_token: bool,
    /// The servers whose Authentication-Results are believed.
    #[serde(default)]
    pub authserv: Vec<String>,
    /// Whether Reply-To tells who writes, as contact forms need it.
    #[serde(default)]
    pub reply_to_is_sender: bool,
    /// The folder that gets a copy of what was sent.
    #[serde(default)]
    pub save_sent: Option<String>,
    /// The secrets that sign mails handed in by webhook, newest first.
    #[serde(default)]
    pub webhook_secrets: Vec<Secret>,
    /// Automatic mails that one address gets in an hour at most.
    #[serde(default = "three")]
    pub max_automatic_per_hour: u32,
    /// The lines below each mail.
    #[serde(default)]
    pub signature: Option<String>,
    /// A picture (PNG, JPEG or GIF) above each mail; it travels in the mail.
    #[serde(default)]
    pub logo: Option<PathBuf>,
}

words! {
    /// How a connection is kept private.
    Security {
        /// TLS from the first byte.
        Tls = "tls",
        /// TLS after a first exchange, or no mail at all.
        StartTls = "starttls",
        /// Not at all.
        Plain = "plain",
    }
}

/// The mailbox that is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imap {
    /// The server.
    pub host: String,
    /// Its port; by default 993, else 143.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default = "tls")]
    pub security: Security,
    /// The folder.
    #[serde(default = "inbox")]
    pub folder: String,
    /// Seconds until it is looked again, whatever the server tells by itself.
    #[serde(default = "sixty")]
    pub poll_seconds: u32,
    /// Days of older mail that are read at the very first connection.
    #[serde(default)]
    pub since_days: u32,
    /// Whether what was stored is marked as read.
    #[serde(default)]
    pub mark_read: bool,
    /// The folder that it is moved to.
    #[serde(default)]
    pub move_to: Option<String>,
    /// Seconds that a server may take to answer.
    #[serde(default = "thirty")]
    pub timeout_seconds: u32,
}

/// The server that mails leave by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server.
    pub host: String,
    /// Its port; by default 465 (tls), 587 (starttls), else 25.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default = "tls")]
    pub security: Security,
    /// Whether it asks who sends; a relay of one's own may not.
    #[serde(default = "yes")]
    pub login: bool,
    /// Seconds that a server may take to answer.
    #[serde(default = "thirty")]
    pub timeout_seconds: u32,
}

words! {
    /// Who gives out tokens.
    Provider {
        /// Gmail and Google Workspace.
        Google = "google",
        /// Microsoft 365 and Outlook.com.
        Microsoft = "microsoft",
        /// Whoever `token_url` names.
        Custom = "custom",
    }
}

/// How to get the tokens that stand for a password.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth {
    /// Who gives them out.
    pub provider: Provider,
    /// The application that was registered there.
    pub client_id: String,
    /// Its secret; better one of the next two.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub client_secret_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What stands for the login of a person; without it the application logs in by itself.
    #[serde(default)]
    pub refresh_token: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub refresh_token_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub refresh_token_file: Option<PathBuf>,
    /// The organisation at Microsoft; by default any.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Where tokens are asked for, where that is not known.
    #[serde(default)]
    pub token_url: Option<String>,
    /// What they are to be good for, where that is not known.
    #[serde(default)]
    pub scope: Option<String>,
}

fn yes() -> bool {
    true
}

fn three() -> u32 {
    3
}

fn thirty() -> u32 {
    30
}

fn sixty() -> u32 {
    60
}

fn tls() -> Security {
    Security::Tls
}

fn inbox() -> String {
    "INBOX".into()
}

/// The part of an address before its last `@`, and the part after it.
fn parts(address: &str) -> Option<(&str, &str)> {
    let (local, domain) = address.rsplit_once('@')?;
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\",;:()[]\\@".contains(c);
    let is_good = !local.is_empty() && local.chars().chain(domain.chars()).all(is_plain);
    (is_good && !domain.is_empty() && !domain.starts_with('.') && !domain.ends_with('.'))
        .then_some((local, domain))
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

impl EmailSettings {
    /// An address with defaults: nothing is read, nothing can be sent.
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            from_name: None,
            aliases: Vec::new(),
            user: None,
            password: None,
            password_env: None,
            password_file: None,
            imap: None,
            smtp: None,
            oauth: None,
            ca_file: None,
            allow_plain: false,
            auto_submitted: true,
            plus_addressing: false,
            subject_token: false,
            authserv: Vec::new(),
            reply_to_is_sender: false,
            save_sent: None,
            webhook_secrets: Vec::new(),
            max_automatic_per_hour: three(),
            signature: None,
            logo: None,
        }
    }

    /// The name to log in by.
    pub fn user(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.address)
    }

    /// The domain of its address.
    pub fn domain(&self) -> &str {
        parts(&self.address).map_or("localhost", |(_, domain)| domain)
    }

    /// Every address that is this inbox's own, in lower case.
    pub fn own_addresses(&self) -> Vec<String> {
        let all = std::iter::once(&self.address).chain(&self.aliases);
        all.map(|address| address.to_lowercase()).collect()
    }

    /// The password, from wherever it is kept.
    pub fn password(&self) -> Result<Option<Secret>> {
        let (variable, file) = (self.password_env.as_deref(), self.password_file.as_deref());
        secret("inbox.email.password", self.password.as_ref(), variable, file)
    }

    pub(super) fn check(&self, inbox: &str) -> Result<()> {
        for address in std::iter::once(&self.address).chain(&self.aliases) {
            ensure!(
                parts(address).is_some(),
                "inbox.email.address of `{inbox}` is `{address}`; write one address alone, such as \
                 support@example.com"
            );
        }
        if let Some(imap) = &self.imap {
            self.check_server(inbox, "imap", &imap.host, imap.security)?;
            let is_good = (5..=3600).contains(&imap.poll_seconds);
            ensure!(is_good, "inbox.email.imap.poll_seconds of `{inbox}` must lie from 5 to 3600");
            for folder in std::iter::once(&imap.folder).chain(&imap.move_to) {
                check_line(inbox, "imap.folder", folder)?;
            }
            ensure!(
                imap.move_to.as_ref() != Some(&imap.folder),
                "inbox.email.imap.move_to of `{inbox}` is the folder that is read"
            );
        }
        if let Some(smtp) = &self.smtp {
            self.check_server(inbox, "smtp", &smtp.host, smtp.security)?;
        }
        for (name, text) in
            [("from_name", &self.from_name), ("user", &self.user), ("save_sent", &self.save_sent)]
        {
            text.as_ref().map_or(Ok(()), |text| check_line(inbox, name, text))?;
        }
        ensure!(
            self.save_sent.is_none() || self.imap.is_some(),
            "inbox.email.save_sent of `{inbox}` needs imap: the copy is put there over it"
        );
        ensure!(
            self.webhook_secrets.iter().all(|secret| secret.expose().len() >= 24),
            "inbox.email.webhook_secrets of `{inbox}` holds one shorter than 24 characters"
        );
        self.oauth.as_ref().map_or(Ok(()), |oauth| oauth.check(inbox))?;
        self.check_login(inbox)
    }

    fn check_server(&self, inbox: &str, part: &str, host: &str, security: Security) -> Result<()> {
        check_line(inbox, &format!("{part}.host"), host)?;
        ensure!(
            security != Security::Plain || self.allow_plain || is_here(host),
            "inbox.email.{part} of `{inbox}` would send passwords and mails unencrypted to {host}; \
             set security = \"tls\" or \"starttls\" (or allow_plain = true, if the way there is safe)"
        );
        Ok(())
    }

    fn check_login(&self, inbox: &str) -> Result<()> {
        let has_password =
            self.password.is_some() || self.password_env.is_some() || self.password_file.is_some();
        let must = self.imap.is_some() || self.smtp.as_ref().is_some_and(|smtp| smtp.login);
        ensure!(
            !must || has_password || self.oauth.is_some(),
            "inbox.email of `{inbox}` has no way to log in; set password_env, password_file or oauth"
        );
        Ok(())
    }
}

fn check_line(inbox: &str, name: &str, text: &str) -> Result<()> {
    let is_good = !text.trim().is_empty() && !text.chars().any(char::is_control);
    ensure!(is_good, "inbox.email.{name} of `{inbox}` is empty or holds more than one line");
    Ok(())
}

impl Imap {
    /// A mailbox with defaults.
    pub fn new(host: &str, port: u16, security: Security) -> Self {
        Self {
            host: host.to_owned(),
            port: Some(port),
            security,
            folder: inbox(),
            poll_seconds: sixty(),
            since_days: 0,
            mark_read: false,
            move_to: None,
            timeout_seconds: thirty(),
        }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Tls => 993,
            Security::StartTls | Security::Plain => 143,
        })
    }
}

impl Smtp {
    /// A server that asks who sends, with defaults.
    pub fn new(host: &str, port: u16, security: Security) -> Self {
        let (host, port) = (host.to_owned(), Some(port));
        Self { host, port, security, login: true, timeout_seconds: thirty() }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        })
    }
}

impl Oauth {
    /// The application's secret, from wherever it is kept.
    pub fn client_secret(&self) -> Result<Option<Secret>> {
        let (variable, file) =
            (self.client_secret_env.as_deref(), self.client_secret_file.as_deref());
        secret("inbox.email.oauth.client_secret", self.client_secret.as_ref(), variable, file)
    }

    /// What stands for the login of a person, from wherever it is kept.
    pub fn refresh_token(&self) -> Result<Option<Secret>> {
        let (variable, file) =
            (self.refresh_token_env.as_deref(), self.refresh_token_file.as_deref());
        secret("inbox.email.oauth.refresh_token", self.refresh_token.as_ref(), variable, file)
    }

    fn check(&self, inbox: &str) -> Result<()> {
        check_line(inbox, "oauth.client_id", &self.client_id)?;
        if let Some(url) = &self.token_url {
            is_http(url).with_context(|| format!("inbox.email.oauth.token_url of `{inbox}`"))?;
        }
        let is_known = self.provider != Provider::Custom || self.token_url.is_some();
        ensure!(
            is_known,
            "inbox.email.oauth of `{inbox}` has provider = \"custom\" and no token_url"
        );
        let is_refreshed = self.refresh_token.is_some()
            || self.refresh_token_env.is_some()
            || self.refresh_token_file.is_some();
        ensure!(
            is_refreshed || self.provider != Provider::Google,
            "inbox.email.oauth of `{inbox}` needs refresh_token, which a login at Google gives"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{EmailSettings, is_here, parts};
    use crate::config::load::tests::{is_refused, load};

    /// An e-mail inbox whose section goes on with `rest`.
    fn inbox(rest: &str) -> String {
        format!(
            "[[inbox]]\nname='m'\nchannel='email'\n[inbox.email]\naddress='Help@Shop.example'\n{rest}"
        )
    }

    #[test]
    fn an_inbox_has_the_usual_ports_and_names() {
        let config = load(&inbox(
            "password='p'\naliases=['Sales@shop.example']\nimap={host='i.example'}\nsmtp={host='s.example',security='starttls'}",
        ));
        let config = config.expect("good settings");
        let email = config.inboxes[0].email.as_deref().expect("its section");
        let (imap, smtp) = (email.imap.as_ref().expect("imap"), email.smtp.as_ref().expect("smtp"));
        assert_eq!((imap.port(), smtp.port()), (993, 587));
        assert_eq!((imap.folder.as_str(), imap.poll_seconds, imap.since_days), ("INBOX", 60, 0));
        assert_eq!((email.user(), email.domain()), ("Help@Shop.example", "Shop.example"));
        assert_eq!(email.own_addresses(), ["help@shop.example", "sales@shop.example"]);
        assert_eq!(email.password().expect("read").expect("one").expose(), "p");
    }

    #[test]
    fn what_cannot_work_is_refused_in_words() {
        let here = "[[inbox]]\nname='m'\nchannel='email'\n";
        for (text, parts) in [
            (here.to_owned(), vec!["inbox.email", "`m`", "address"]),
            (format!("{here}[inbox.email]\naddress='shop'"), vec!["inbox.email.address", "shop"]),
            (format!("{here}[inbox.email]\naddress=\"a@b.c\\nBcc: x@y.z\""), vec!["one address"]),
            (inbox("pasword='x'"), vec!["pasword"]),
            (inbox("imap={host='i.example'}"), vec!["no way to log in", "password_env"]),
            (inbox("smtp={host='s.example'}"), vec!["no way to log in"]),
            (inbox("password='p'\nimap={host='i.example',security='plain'}"), vec!["unencrypted"]),
            (
                inbox("password='p'\nsmtp={host='s.example',security='ssl'}"),
                vec!["ssl", "starttls"],
            ),
            (inbox("password='p'\nimap={host='i.example',poll_seconds=1}"), vec!["poll_seconds"]),
            (inbox("password='p'\nimap={host='i.example',move_to='INBOX'}"), vec!["move_to"]),
            (inbox("save_sent='Sent'"), vec!["save_sent", "imap"]),
            (inbox("webhook_secrets=['short']"), vec!["webhook_secrets", "24"]),
            (inbox("from_name=\"a\\r\\nBcc: x@y.z\""), vec!["from_name", "one line"]),
            (inbox("oauth={provider='custom',client_id='c'}"), vec!["token_url"]),
            (inbox("oauth={provider='google',client_id='c'}"), vec!["refresh_token"]),
            (
                "[[inbox]]\nname='a'\nchannel='api'\n[inbox.email]\naddress='a@b.example'".into(),
                vec!["inbox.email", "channel = \"email\""],
            ),
        ] {
            is_refused(&text, &parts);
        }
    }

    #[test]
    fn plain_is_fine_to_this_machine_or_where_it_is_asked_for() {
        for rest in [
            "smtp={host='127.0.0.1',security='plain',login=false}",
            "smtp={host='relay.lan',security='plain',login=false}\nallow_plain=true",
        ] {
            load(&inbox(rest)).expect(rest);
        }
        assert!(is_here("[::1]") && is_here("LOCALHOST") && !is_here("127.0.0.1.example.com"));
    }

    #[test]
    fn secrets_are_never_told() {
        let config = load(&inbox(
            "password='planted-secret'\nwebhook_secrets=['planted-secret-of-24-chars']",
        ));
        let told = format!("{:?}", config.expect("good settings"));
        assert!(!told.contains("planted"), "{told}");
        let missing = EmailSettings {
            password_env: Some("SUREPLY_NO_SUCH_VARIABLE".into()),
            ..EmailSettings::new("a@b.example")
        };
        let error = format!("{:#}", missing.password().expect_err("it is not set"));
        assert!(error.contains("inbox.email.password_env"), "{error}");
    }

    #[test]
    fn an_address_is_one_address() {
        for (address, good) in [
            ("support@example.com", true),
            ("support+x@exämple.com", true),
            ("a@b@c.example", false),
            ("Hollow Oak <support@example.com>", false),
            ("support@", false),
            ("@example.com", false),
            ("support@example.com.", false),
            ("a@b.example,c@d.example", false),
        ] {
            assert_eq!(parts(address).is_some(), good, "{address}");
        }
    }
}
