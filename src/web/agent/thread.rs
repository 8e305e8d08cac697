//! The messages of a conversation as the desk shows them.

use super::clockface::{Moment, date};
use super::edit::difference;
use super::list::contact;
use super::mail::MailNote;
use crate::conversation::{
    Amount, Attachment, Author, Citation, ConversationId, Delivery, Happening, Mail, Message,
    MessageId, Missing, Price, RegroupId, Visibility,
};
use crate::store::{Edit, Has, Regroup, Store};
use crate::web::attachment::is_picture;
use crate::web::markdown;
use crate::web::words;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A message on the page.
pub(super) struct Line {
    pub(super) id: MessageId,
    pub(super) seq: i64,
    /// Which side it stands on and how it looks.
    pub(super) kind: &'static str,
    pub(super) author: String,
    pub(super) html: String,
    pub(super) at: Moment,
    /// Whether a new day begins with it.
    pub(super) new_day: bool,
    pub(super) delivery: Option<(Delivery, String)>,
    pub(super) files: Vec<File>,
    pub(super) citations: Vec<Citation>,
    pub(super) choices: Vec<String>,
    /// Whether the customer said that it helped.
    pub(super) helpful: Option<bool>,
    /// The pictures that somebody has put to it.
    pub(super) reactions: Vec<String>,
    /// What an agent changed of the draft that it was.
    pub(super) edit: Option<Edited>,
    /// The conversation in which it was said, and whether that is the one shown.
    pub(super) conversation: ConversationId,
    pub(super) is_own: bool,
    /// What it tells of, where that can still be undone.
    pub(super) undo: Option<RegroupId>,
    /// Whether the conversation can be split before it.
    pub(super) splits: bool,
    /// What its mail tells besides.
    pub(super) mail: Option<MailNote>,
    /// What it costs, in words.
    pub(super) price: Option<String>,
}

impl Line {
    /// Its name in the page.
    pub(super) fn anchor(&self) -> String {
        if self.is_own {
            format!("m{}", self.seq)
        } else {
            format!("m{}-{}", self.seq, self.conversation)
        }
    }
}

/// What is known of messages besides themselves.
pub(super) struct Asides {
    edits: Vec<Edit>,
    regroups: Vec<Regroup>,
    /// Which answers the customer found helpful, and which not.
    feedback: HashMap<MessageId, bool>,
    /// The mails that messages came in.
    mails: HashMap<MessageId, Mail>,
    /// The pictures that were put to messages.
    reactions: Vec<(MessageId, String)>,
    /// What messages cost.
    prices: Vec<(MessageId, Price)>,
}

impl Asides {
    /// What is known of the messages of a conversation and of those that it goes on for.
    pub(super) async fn read(
        store: &Store,
        id: &ConversationId,
        parts: &[ConversationId],
        has: Has,
        messages: &[Message],
    ) -> anyhow::Result<Self> {
        let whole: Vec<ConversationId> = std::iter::once(id).chain(parts).cloned().collect();
        let mut edits = Vec::new();
        // Of those it goes on for nobody has said whether there are any.
        for id in whole.iter().skip(usize::from(!has.edits)) {
            let numbers = messages.iter().filter(|it| it.conversation_id == *id).map(|it| it.seq);
            if let Some((first, last)) = numbers.clone().min().zip(numbers.max()) {
                edits.extend(store.edits(id, first, last).await?);
            }
        }
        let tells = messages.iter().any(|message| message.author == Author::System);
        let regroups = if tells { store.regroups(&whole).await? } else { Vec::new() };
        let feedback = if has.feedback { store.feedback_in(id).await? } else { HashMap::new() };
        let mails = if has.mails { store.mail_of(id).await? } else { HashMap::new() };
        let reactions = if has.reactions { store.reactions(id).await? } else { Vec::new() };
        // Only what has left by a channel that charges has a price; a message of the contact's need not be there.
        let sent = messages.iter().any(|message| message.delivery.is_some());
        let prices = if sent { store.prices(id).await? } else { Vec::new() };
        Ok(Self { edits, regroups, feedback, mails, reactions, prices })
    }
}

/// What an agent changed of a draft.
pub(super) struct Edited {
    pub(super) by: String,
    /// Both texts in one, as HTML.
    pub(super) html: String,
}

/// A file with a message.
pub(super) struct File {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: String,
    /// Whether it lies here; one that was only named over the API lies elsewhere.
    pub(super) here: bool,
    pub(super) url: Option<String>,
    /// Whether it is a picture that the page can show.
    pub(super) shows: bool,
    /// Whether it is sound that the page can play.
    pub(super) plays: bool,
    /// What a machine heard in it.
    pub(super) heard: Option<String>,
}

/// Puts messages on the page; `contact` is what the customer is called, `names` the agents by id.
pub(super) fn lines(
    id: &ConversationId,
    messages: Vec<Message>,
    asides: Asides,
    contact: &str,
    names: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Vec<Line> {
    let mut day = None;
    let mut lines = Vec::with_capacity(messages.len());
    let mut edits: HashMap<MessageId, Edit> =
        asides.edits.into_iter().map(|edit| (edit.message_id.clone(), edit)).collect();
    let undoes: HashMap<MessageId, RegroupId> = asides
        .regroups
        .into_iter()
        .filter(|regroup| regroup.can_be_undone(now))
        .map(|regroup| (regroup.message_id, regroup.id))
        .collect();
    let mut heard = false;
    for message in messages {
        let today = message.received_at.date_naive();
        let new_day = day.replace(today) != Some(today);
        let edit = edits.remove(&message.id).map(|edit| edited(&edit, &message.body, names));
        let is_own = message.conversation_id == *id;
        let is_theirs = is_own && message.author == Author::Customer;
        // What comes first stays where it is.
        let splits = is_theirs && (std::mem::replace(&mut heard, true) || message.seq > 1);
        let undo = undoes.get(&message.id).cloned();
        let helpful = asides.feedback.get(&message.id).copied();
        let put_to_it = asides.reactions.iter().filter(|(to, _)| *to == message.id);
        let reactions = put_to_it.map(|(_, picture)| picture.clone()).collect();
        let mail = asides.mails.get(&message.id).map(MailNote::new);
        let prices = asides.prices.iter().filter(|(of, _)| *of == message.id);
        let price = priced(prices.map(|(_, price)| price));
        lines.push(Line {
            new_day,
            helpful,
            reactions,
            edit,
            is_own,
            undo,
            splits,
            mail,
            price,
            ..line(message, contact, names, now)
        });
    }
    lines
}

fn line(
    message: Message,
    contact: &str,
    names: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Line {
    let agent = message.agent_id.as_ref().and_then(|id| names.get(id.as_str()));
    let kind = match (message.visibility, message.author) {
        (Visibility::Private, Author::System) => "event",
        (Visibility::Private, _) => "note",
        (Visibility::Public, Author::Participant) => Author::Customer.as_str(),
        (Visibility::Public, author) => author.as_str(),
    };
    let author = match message.author {
        Author::Customer => contact.to_owned(),
        Author::Agent => agent.cloned().unwrap_or_else(|| t!("an-agent")),
        Author::Bot | Author::System => "Sureply".to_owned(),
        Author::Participant => t!("somebody-else"),
        Author::Machine => t!("a-mail-program"),
    };
    let is_unreadable = message.visibility == Visibility::Private
        && message.body.is_empty()
        && message.attachments.is_empty();
    let happened = Some(&message).filter(|message| message.author == Author::System);
    let happened = happened.and_then(|message| Happening::read(&message.body));
    let html = match (happened, message.author) {
        (Some(happened), _) => {
            markdown::plain_to_html(&told(&happened, agent.map(String::as_str), names))
        }
        (None, Author::Customer) if is_unreadable => {
            markdown::plain_to_html(&t!("came-unreadable"))
        }
        (None, Author::Customer | Author::Participant | Author::Machine) => {
            markdown::plain_to_html(&message.body)
        }
        (None, Author::System) => {
            let by = agent.map_or("Sureply", String::as_str);
            markdown::plain_to_html(&format!("{by}: {}", message.body))
        }
        (None, Author::Bot | Author::Agent) => markdown::to_html(&message.body),
    };
    Line {
        id: message.id,
        seq: message.seq,
        kind,
        author,
        html,
        at: Moment::new(message.received_at, now),
        new_day: false,
        delivery: message.delivery.map(|state| (state, delivery(state))),
        files: message.attachments.iter().map(file).collect(),
        citations: message.citations,
        choices: message.choices,
        helpful: None,
        reactions: Vec::new(),
        edit: None,
        conversation: message.conversation_id,
        is_own: true,
        undo: None,
        splits: false,
        mail: None,
        price: None,
    }
}

fn edited(edit: &Edit, sent: &str, names: &HashMap<String, String>) -> Edited {
    let by = edit.agent_id.as_ref().and_then(|id| names.get(id.as_str()));
    Edited {
        by: by.cloned().unwrap_or_else(|| t!("an-agent")),
        html: difference(&edit.draft.text, sent),
    }
}

fn delivery(state: Delivery) -> String {
    words::say_of("delivery", state.as_str())
}

fn file(attachment: &Attachment) -> File {
    let web_address = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    File {
        id: attachment.id.to_string(),
        name: markdown::visible(&attachment.name),
        about: match attachment.missing {
            None => {
                format!("{}, {}", markdown::visible(&attachment.media_type), size(attachment.size))
            }
            Some(Missing::Coming) => t!("file-coming"),
            Some(Missing::Lost) => t!("file-lost"),
        },
        here: attachment.url.is_none() && attachment.missing.is_none(),
        shows: attachment.url.is_none()
            && attachment.missing.is_none()
            && is_picture(&attachment.media_type, attachment.size),
        plays: attachment.is_sound(),
        heard: attachment.heard.as_deref().map(markdown::visible),
        url: attachment.url.as_ref().filter(web_address).cloned(),
    }
}

/// What a message costs in words: its category, and the amount or that it is free. One that travels in parts costs what its
/// parts cost.
pub(super) fn priced<'a>(prices: impl Iterator<Item = &'a Price>) -> Option<String> {
    let prices: Vec<&Price> = prices.collect();
    let first = prices.first()?;
    let amounts = prices.iter().filter_map(|price| price.amount.as_ref());
    let sum = amounts.cloned().reduce(|sum, it| Amount { micros: sum.micros + it.micros, ..sum });
    let category = first.category.as_str();
    Some(match sum {
        Some(sum) => t!("price-amount", category = category, amount = sum.words()),
        None if prices.iter().all(|price| !price.billable) => {
            t!("price-free", category = category)
        }
        None => t!("price-unknown", category = category),
    })
}

/// What happened, as the thread tells it; `by` is who did it, where a person did.
fn told(happening: &Happening, by: Option<&str>, names: &HashMap<String, String>) -> String {
    let by = by.map_or_else(|| t!("an-agent"), str::to_owned);
    let called = |id: &str| names.get(id).cloned().unwrap_or_else(|| t!("an-agent"));
    let to = |address: &Option<String>| address.clone().unwrap_or_else(|| t!("the-customer"));
    match happening {
        Happening::Priority { to } => {
            let to = words::say_of("priority", to.as_str());
            t!("event-priority", by = by, to = to)
        }
        Happening::Tagged { tag } => t!("event-tagged", by = by, tag = tag.as_str()),
        Happening::Untagged { tag } => t!("event-untagged", by = by, tag = tag.as_str()),
        Happening::Assigned { to } => t!("event-assigned", by = by, to = called(to.as_str())),
        Happening::Lapsed { from } => {
            let from = from.as_ref().map_or_else(|| t!("an-agent"), |from| called(from.as_str()));
            t!("event-lapsed", from = from)
        }
        Happening::Given { to } => t!("event-given", to = called(to.as_str())),
        Happening::Left { from } => t!("event-left", from = called(from.as_str())),
        Happening::Missed { .. } => t!("event-missed"),
        Happening::Merged { begun } => t!("event-merged", by = by, date = date(begun.date_naive())),
        Happening::SplitAway => t!("event-split-away", by = by),
        Happening::SplitOff { begun } => {
            t!("event-split-off", by = by, date = date(begun.date_naive()))
        }
        Happening::OnePerson { name } => {
            t!("event-one-person", by = by, name = contact(name.as_deref(), None))
        }
        Happening::TwoPeople => t!("event-two-people", by = by),
        Happening::Parted => t!("event-parted", by = by),
        Happening::Rejoined => t!("event-rejoined", by = by),
        Happening::Blocked { reason } => t!("event-blocked", by = by, reason = reason.as_str()),
        Happening::Unblocked => t!("event-unblocked", by = by),
        Happening::Joined { address, name: Some(name) } => {
            t!("event-joined", who = format!("{name} <{address}>"))
        }
        Happening::Joined { address, name: None } => t!("event-joined", who = address.as_str()),
        Happening::Bounced { address, words } if words.is_empty() => {
            t!("event-bounced-silently", to = to(address))
        }
        Happening::Bounced { address, words } => {
            t!("event-bounced", to = to(address), words = words.as_str())
        }
        Happening::Delayed { words } => t!("event-delayed", words = words.as_str()),
        Happening::CalledSpam { address } => t!("event-called-spam", to = to(address)),
        Happening::Reworded { before } => t!("event-reworded", before = before.as_str()),
        Happening::Revoked { words } if words.is_empty() => t!("event-revoked-silently"),
        Happening::Revoked { words } => t!("event-revoked", words = words.as_str()),
        Happening::Undelivered { words } => t!("event-undelivered", words = words.as_str()),
        Happening::FileLost { name, words } => {
            t!("event-file-lost", name = name.as_str(), words = words.as_str())
        }
        Happening::OptedOut { words } => t!("event-opted-out", words = words.as_str()),
        Happening::MarketingStopped { words } => {
            t!("event-marketing-stopped", words = words.as_str())
        }
        Happening::OptedIn { words } => t!("event-opted-in", words = words.as_str()),
        Happening::AddressCleared { address } => {
            t!("event-address-cleared", by = by, to = address.as_str())
        }
    }
}

/// A size in its largest fitting unit.
pub(super) fn size(bytes: i64) -> String {
    match bytes {
        ..1_024 => t!("bytes", count = bytes),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_told_in_its_largest_fitting_unit() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1_023, "1023 bytes"),
            (1_024, "1 KB"),
            (1_048_576, "1.0 MB"),
            (10 * 1_048_576 + 524_288, "10.5 MB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }
}
