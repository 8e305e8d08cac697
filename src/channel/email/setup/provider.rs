//! Where the mail of well-known providers is read and sent; for others, what their domain says.

use crate::config::Security;

/// Where an account's mail is read and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The server that is read from, its port and protection.
    pub imap: (String, u16, Security),
    /// The server that is sent by, its port and protection.
    pub smtp: (String, u16, Security),
    /// What whoever sets it up should know.
    pub hint: Option<&'static str>,
}

/// Domains of addresses, the first of them the provider's own; IMAP server, SMTP server with its port, and a hint.
type Row = (&'static [&'static str], &'static str, (&'static str, u16), Option<&'static str>);

const APP_PASSWORD: Option<&str> =
    Some("with two-step login it takes an app password only; make one in the account's settings");
const OAUTH: Option<&str> =
    Some("it takes no passwords any more: set oauth = { provider = \"microsoft\", … }");
const SWITCHED_OFF: Option<&str> =
    Some("access by other programs (IMAP) must be switched on in the account's settings first");
const OUTSIDE: Option<&str> = Some(
    "a password of its own for other programs may be needed; make one in the account's settings",
);

/// As the providers' help pages have it; each IMAP server is at port 993 with TLS.
const KNOWN: &[Row] = &[
    (&["gmail.com", "googlemail.com"], "imap.gmail.com", ("smtp.gmail.com", 465), APP_PASSWORD),
    (
        &[
            "office365.com",
            "outlook.com",
            "outlook.de",
            "outlook.fr",
            "hotmail.com",
            "live.com",
            "msn.com",
        ],
        "outlook.office365.com",
        ("smtp.office365.com", 587),
        OAUTH,
    ),
    (
        &[
            "yahoo.com",
            "yahoo.de",
            "yahoo.fr",
            "yahoo.es",
            "yahoo.it",
            "yahoo.co.uk",
            "yahoo.com.br",
            "ymail.com",
            "rocketmail.com",
        ],
        "imap.mail.yahoo.com",
        ("smtp.mail.yahoo.com", 465),
        APP_PASSWORD,
    ),
    (&["aol.com", "aol.de", "aol.fr"], "imap.aol.com", ("smtp.aol.com", 465), APP_PASSWORD),
    (
        &["icloud.com", "me.com", "mac.com"],
        "imap.mail.me.com",
        ("smtp.mail.me.com", 587),
        APP_PASSWORD,
    ),
    (
        &["fastmail.com", "fastmail.fm"],
        "imap.fastmail.com",
        ("smtp.fastmail.com", 465),
        APP_PASSWORD,
    ),
    (
        &["gmx.net", "gmx.de", "gmx.at", "gmx.ch"],
        "imap.gmx.net",
        ("mail.gmx.net", 465),
        SWITCHED_OFF,
    ),
    (&["gmx.com", "gmx.fr", "gmx.es"], "imap.gmx.com", ("mail.gmx.com", 465), SWITCHED_OFF),
    (&["web.de"], "imap.web.de", ("smtp.web.de", 587), SWITCHED_OFF),
    (
        &["t-online.de", "magenta.de"],
        "secureimap.t-online.de",
        ("securesmtp.t-online.de", 465),
        OUTSIDE,
    ),
    (&["freenet.de"], "mx.freenet.de", ("mx.freenet.de", 587), None),
    (
        &["ionos.de", "1und1.de", "online.de", "onlinehome.de"],
        "imap.ionos.de",
        ("smtp.ionos.de", 465),
        None,
    ),
    (&["ionos.com"], "imap.ionos.com", ("smtp.ionos.com", 465), None),
    (&["ionos.co.uk"], "imap.ionos.co.uk", ("smtp.ionos.co.uk", 465), None),
    (&["ionos.fr"], "imap.ionos.fr", ("smtp.ionos.fr", 465), None),
    (&["ionos.es"], "imap.ionos.es", ("smtp.ionos.es", 465), None),
    (&["ovh.net", "ovh.com", "ovhcloud.com"], "ssl0.ovh.net", ("ssl0.ovh.net", 465), None),
    (
        &["infomaniak.com", "ik.me", "ikmail.com", "etik.com"],
        "mail.infomaniak.com",
        ("mail.infomaniak.com", 465),
        OUTSIDE,
    ),
    (&["posteo.de", "posteo.net"], "posteo.de", ("posteo.de", 465), None),
    (&["mailbox.org"], "imap.mailbox.org", ("smtp.mailbox.org", 465), OUTSIDE),
    (&["zoho.com", "zohomail.com"], "imap.zoho.com", ("smtp.zoho.com", 465), APP_PASSWORD),
    (&["zoho.eu", "zohomail.eu"], "imap.zoho.eu", ("smtp.zoho.eu", 465), APP_PASSWORD),
    (&["zoho.in", "zohomail.in"], "imap.zoho.in", ("smtp.zoho.in", 465), APP_PASSWORD),
    (&["yandex.com"], "imap.yandex.com", ("smtp.yandex.com", 465), APP_PASSWORD),
    (&["yandex.ru", "ya.ru"], "imap.yandex.ru", ("smtp.yandex.ru", 465), APP_PASSWORD),
    (&["orange.fr", "wanadoo.fr"], "imap.orange.fr", ("smtp.orange.fr", 465), None),
    (&["free.fr"], "imap.free.fr", ("smtp.free.fr", 465), None),
    (&["laposte.net"], "imap.laposte.net", ("smtp.laposte.net", 465), None),
];

/// The addresses of Proton: its mail is read through a program of its own on this machine.
const PROTON: [&str; 4] = ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"];
const BRIDGE: &str = "Proton is read through its Bridge, which must run on this machine: log in with the password \
    that Bridge shows, and name the certificate that Bridge exports with ca_file";

/// The servers of a provider that is known by the domain of its addresses.
pub fn known(domain: &str) -> Option<Found> {
    let domain = domain.to_lowercase();
    if PROTON.contains(&domain.as_str()) {
        let here = |port| ("127.0.0.1".to_owned(), port, Security::StartTls);
        return Some(Found { imap: here(1143), smtp: here(1025), hint: Some(BRIDGE) });
    }
    let row = KNOWN.iter().find(|row| row.0.contains(&domain.as_str()))?;
    let (_, imap, (smtp, port), hint) = *row;
    let security = if port == 465 { Security::Tls } else { Security::StartTls };
    Some(Found {
        imap: (imap.to_owned(), 993, Security::Tls),
        smtp: (smtp.to_owned(), port, security),
        hint,
    })
}

/// The providers that are known, each by the domain that it is best known by.
pub fn providers() -> Vec<&'static str> {
    KNOWN.iter().map(|row| row.0[0]).chain(PROTON.into_iter().take(1)).collect()
}

/// Reads what a domain says about itself, as Mozilla has it written (config-v1.1.xml). Only protected servers
/// are taken.
pub fn from_autoconfig(xml: &str) -> Option<Found> {
    let imap = server(xml, "incomingServer", "imap")?;
    let smtp = server(xml, "outgoingServer", "smtp")?;
    Some(Found { imap, smtp, hint: None })
}

fn server(xml: &str, element: &str, kind: &str) -> Option<(String, u16, Security)> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    xml.split(&open).skip(1).find_map(|rest| {
        let (inside, _) = rest.split_once(&close)?;
        let is_kind = inside.split('>').next()?.contains(&format!("\"{kind}\""));
        let security = match text(inside, "socketType")?.to_ascii_uppercase().as_str() {
            "SSL" => Security::Tls,
            "STARTTLS" => Security::StartTls,
            _ => return None,
        };
        let host = text(inside, "hostname").filter(|host| is_host(host))?;
        is_kind.then_some((host.to_lowercase(), text(inside, "port")?.parse().ok()?, security))
    })
}

fn text<'a>(inside: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = inside.split_once(&format!("<{element}>"))?;
    rest.split_once(&format!("</{element}>")).map(|(text, _)| text.trim())
}

fn is_host(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    text.contains('.') && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, PROTON, from_autoconfig, known, providers};
    use crate::config::Security::{StartTls, Tls};

    #[test]
    fn providers_are_known_by_their_domain() {
        for (domain, imap, smtp) in [
            ("gmail.com", "imap.gmail.com", ("smtp.gmail.com", 465, Tls)),
            ("Hotmail.com", "outlook.office365.com", ("smtp.office365.com", 587, StartTls)),
            ("web.de", "imap.web.de", ("smtp.web.de", 587, StartTls)),
        ] {
            let found = known(domain).expect(domain);
            assert_eq!(found.imap, (imap.to_owned(), 993, Tls));
            assert_eq!(found.smtp, (smtp.0.to_owned(), smtp.1, smtp.2));
        }
        let bridge = known("proton.me").expect("its Bridge");
        assert_eq!(bridge.imap, ("127.0.0.1".into(), 1143, StartTls));
        assert_eq!(known("shop.example"), None);
    }

    #[test]
    fn no_domain_belongs_to_two_providers() {
        let mut domains: Vec<_> = KNOWN.iter().flat_map(|row| row.0).chain(&PROTON).collect();
        let all = domains.len();
        domains.sort();
        domains.dedup();
        assert_eq!(domains.len(), all);
        assert!(providers().into_iter().all(|provider| known(provider).is_some()));
    }

    #[test]
    fn a_domain_says_where_its_servers_are() {
        let xml = |socket: &str, host: &str| {
            format!(
                "<clientConfig><emailProvider id=\"x\"><incomingServer type=\"pop3\"><hostname>p.x.example\
                 </hostname><port>995</port><socketType>SSL</socketType></incomingServer><incomingServer \
                 type=\"imap\"><hostname>{host}</hostname><port>993</port><socketType>{socket}</socketType>\
                 </incomingServer><outgoingServer type=\"smtp\"><hostname>s.x.example</hostname>\
                 <port>587</port><socketType>STARTTLS</socketType></outgoingServer></emailProvider>"
            )
        };
        let found = from_autoconfig(&xml("SSL", "I.x.example")).expect("both are there");
        assert_eq!(found.imap, ("i.x.example".into(), 993, Tls));
        assert_eq!(found.smtp, ("s.x.example".into(), 587, StartTls));
        for bad in
            [xml("plain", "i.x.example"), xml("SSL", "i.x\" evil"), "<html>".into(), String::new()]
        {
            assert_eq!(from_autoconfig(&bad), None);
        }
    }
}
