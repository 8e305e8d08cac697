//! Whether an e-mail inbox's section can work as it stands.

use super::{EmailSettings, Security};
use anyhow::{Result, ensure};

impl EmailSettings {
    /// Says what cannot work as it stands.
    pub fn check(&self, inbox: &str) -> Result<()> {
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

/// The part of an address before its last `@`, and the part after it.
pub(super) fn parts(address: &str) -> Option<(&str, &str)> {
    let (local, domain) = address.rsplit_once('@')?;
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\",;:()[]\\@".contains(c);
    let is_good = !local.is_empty() && local.chars().chain(domain.chars()).all(is_plain);
    (is_good && !domain.is_empty() && !domain.starts_with('.') && !domain.ends_with('.'))
        .then_some((local, domain))
}

/// Whether a host is this machine.
pub(super) fn is_here(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

pub(super) fn check_line(inbox: &str, name: &str, text: &str) -> Result<()> {
    let is_good = !text.trim().is_empty() && !text.chars().any(char::is_control);
    ensure!(is_good, "inbox.email.{name} of `{inbox}` is empty or holds more than one line");
    Ok(())
}
