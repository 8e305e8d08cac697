//! Whether the sender's domain vouches for a mail, by what a trusted server of ours noted (RFC 8601).

use super::header::Headers;
use crate::conversation::{Mailbox, SenderAuth};

/// A result of one way to prove a sender, with what it is about.
#[derive(Debug)]
struct Proof<'a> {
    method: &'a str,
    result: &'a str,
    properties: Vec<(&'a str, &'a str)>,
}

/// Reads the topmost `Authentication-Results` of a trusted server; anybody may have written the others.
pub(super) fn sender_auth(headers: &Headers, from: &[Mailbox], trusted: &[String]) -> SenderAuth {
    let Some(domain) = sole_domain(from) else { return SenderAuth::None };
    let noted = headers.all("authentication-results").map(without_comments);
    let believed = noted.into_iter().find(|value| {
        let id = value.split([';', ' ']).find(|word| !word.is_empty()).unwrap_or_default();
        trusted.iter().any(|trusted| trusted.trim().eq_ignore_ascii_case(id))
    });
    believed.map_or(SenderAuth::None, |value| judge(&value.to_ascii_lowercase(), &domain))
}

/// The domain of the senders, if it is one and the same.
pub(in crate::channel::email) fn sole_domain(from: &[Mailbox]) -> Option<String> {
    let mut domains = from.iter().map(|mailbox| domain(&mailbox.address));
    let first = domains.next()??;
    domains.all(|domain| domain == Some(first)).then(|| first.to_owned())
}

fn domain(address: &str) -> Option<&str> {
    let domain = address.rsplit_once('@').map_or(address, |(_, domain)| domain);
    let domain = domain.trim_matches(['.', '"', '<', '>', ' ']);
    domain.contains('.').then_some(domain)
}

fn judge(value: &str, from: &str) -> SenderAuth {
    let proofs: Vec<Proof<'_>> = value.split(';').skip(1).take(50).filter_map(proof).collect();
    let dmarc = proofs
        .iter()
        .find(|proof| proof.method == "dmarc" && matches!(proof.result, "pass" | "fail"));
    if let Some(dmarc) = dmarc {
        let is_ours = dmarc.property("header.from").is_none_or(|about| about == from);
        return match (is_ours, dmarc.result) {
            (true, "pass") => SenderAuth::Pass,
            (true, _) => SenderAuth::Fail,
            (false, _) => SenderAuth::None,
        };
    }
    let vouches = proofs.iter().filter(|proof| proof.result == "pass").any(|proof| {
        let names: &[&str] = match proof.method {
            "dkim" => &["header.d", "header.i"],
            "spf" => &["smtp.mailfrom"],
            _ => &[],
        };
        let mut about = names.iter().filter_map(|name| proof.property(name).and_then(domain));
        about.any(|about| is_aligned(about, from))
    });
    if vouches { SenderAuth::Pass } else { SenderAuth::None }
}

impl<'a> Proof<'a> {
    fn property(&self, name: &str) -> Option<&'a str> {
        self.properties.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

fn proof(text: &str) -> Option<Proof<'_>> {
    let mut words = text.split_whitespace();
    let (method, result) = words.next()?.split_once('=')?;
    let method = method.split('/').next().unwrap_or(method);
    let properties = words.filter_map(|word| word.split_once('='));
    let properties = properties.map(|(name, value)| (name, value.trim_matches('"'))).collect();
    Some(Proof { method, result, properties })
}

/// Whether two domains belong together (RFC 7489 §3.1, relaxed): the same, or one within the other.
pub(in crate::channel::email) fn is_aligned(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        outer.contains('.')
            && inner.strip_suffix(outer).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    within(one, other) || within(other, one)
}

/// Leaves out comments in brackets, which may stand within each other, but not within quotes.
fn without_comments(value: &str) -> String {
    let mut kept = String::with_capacity(value.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in value.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                kept.push(' ');
            }
            // What is quoted is one word and must not pass for more.
            _ if depth == 0 && quoted => {
                kept.push(if matches!(letter, ';' | ' ' | '=') { '_' } else { letter });
            }
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept
}
