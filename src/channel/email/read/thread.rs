//! What ties a mail to those before it: Message-ID, In-Reply-To, References.

use super::header::Headers;

/// Message-IDs that are kept of what a mail answers.
const MAX_ANSWERS: usize = 60;

/// Letters of one Message-ID; RFC 5322 lines end at 998.
const MAX_ID: usize = 998;

/// The mail's own Message-ID without angle brackets.
pub(super) fn message_id(headers: &Headers) -> Option<String> {
    headers.all("message-id").find_map(|value| ids(value).into_iter().next())
}

/// What it answers: In-Reply-To, then References from the newest to the oldest, none twice. Of very
/// many the newest and the oldest one stay.
pub(super) fn answers(headers: &Headers) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let replied = headers.all("in-reply-to").flat_map(ids);
    let referred: Vec<String> = headers.all("references").flat_map(ids).collect();
    let oldest = referred.first().cloned();
    for id in replied.chain(referred.into_iter().rev()) {
        if found.len() < MAX_ANSWERS && !found.contains(&id) {
            found.push(id);
        }
    }
    if let Some(oldest) = oldest.filter(|oldest| !found.contains(oldest)) {
        found.pop();
        found.push(oldest);
    }
    found
}

/// The Message-IDs in a value: what stands in angle brackets, or without any the words with an `@`.
pub(super) fn ids(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        let inner = &rest[start + 1..];
        let Some(end) = inner.find('>') else { break };
        let id: String = inner[..end].chars().filter(|letter| !letter.is_whitespace()).collect();
        let id = id.rsplit('<').next().unwrap_or_default();
        if !id.is_empty() && id.len() <= MAX_ID {
            found.push(id.to_owned());
        }
        rest = &inner[end + 1..];
    }
    if found.is_empty() {
        let words = value.split([' ', ',', '<', '>', ';']);
        let bare = words.filter(|word| word.contains('@') && word.len() <= MAX_ID);
        found.extend(bare.map(str::to_owned));
    }
    found
}
