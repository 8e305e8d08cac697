//! How mails name what they belong to: Message-IDs of our own, a token in the subject, the subject itself.

use super::{ConversationId, MessageId};

/// Letters and digits of a conversation's id that stand in a subject.
const TOKEN: usize = 10;

/// The Message-ID of a mail of ours (RFC 5322, 3.6.4), without angle brackets. It is made of the message alone,
/// so that it is the same at every attempt and known before the first.
pub fn own_message_id(conversation: &ConversationId, message: &MessageId, domain: &str) -> String {
    format!("{conversation}.{message}@{domain}")
}

/// What a Message-ID of ours names; whether there is such a message only the store can tell.
pub fn read_own_message_id(id: &str) -> Option<(ConversationId, MessageId)> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let (names, _) = id.rsplit_once('@')?;
    let (conversation, message) = names.split_once('.')?;
    Some((ConversationId::from(uuid(conversation)?), MessageId::from(uuid(message)?)))
}

/// An id as we write it; some servers turn letters into capitals.
fn uuid(text: &str) -> Option<String> {
    (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok())?.map(|uuid| uuid.to_string())
}

/// What may stand in a subject to name a conversation, for mailboxes that lose all else.
pub fn subject_token(conversation: &ConversationId) -> String {
    let letters: Vec<char> = conversation.as_str().chars().filter(|it| *it != '-').collect();
    let last: String = letters[letters.len().saturating_sub(TOKEN)..].iter().collect();
    format!("[#{last}]")
}

/// The end of the id that a subject names, if it names one: small letters and digits only. It counts only from
/// the conversation's own contact, as anybody may write it.
pub fn read_subject_token(subject: &str) -> Option<String> {
    subject.rmatch_indices("[#").find_map(|(at, _)| {
        let (inside, _) = subject[at + 2..].split_once(']')?;
        let token: String = inside.chars().filter(|it| *it != '-').collect();
        let is_token =
            (TOKEN..=32).contains(&token.len()) && token.chars().all(|it| it.is_ascii_hexdigit());
        is_token.then(|| token.to_ascii_lowercase())
    })
}

/// What stands before the subject of an answer, in the languages of common mail programs.
const ANSWERS: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "vs", "ref", "rép", "rv", "odp", "ynt", "r", "bls", "atb",
    "vá", "res", "回复", "答复", "回覆", "답장",
];

/// A subject without what marks an answer, and without a token of ours.
pub fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((word, after)) = rest.split_once([':', '：']) {
        // Some count: `Re[2]:`, `Re (3):`.
        let word = word.trim_end().trim_end_matches([']', ')']);
        let word =
            word.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches(['[', '(']);
        let word = word.trim().to_lowercase();
        if !ANSWERS.contains(&word.as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    let Some(token) = read_subject_token(rest) else { return rest.to_owned() };
    let is_ours = |inside: &str| {
        inside.chars().filter(|it| *it != '-').collect::<String>().eq_ignore_ascii_case(&token)
    };
    let marked = rest.rmatch_indices("[#").find_map(|(at, _)| {
        let (inside, after) = rest[at + 2..].split_once(']')?;
        is_ours(inside).then(|| format!("{} {}", rest[..at].trim_end(), after.trim_start()))
    });
    marked.unwrap_or_else(|| rest.to_owned()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        bare_subject, own_message_id, read_own_message_id, read_subject_token, subject_token,
    };
    use crate::conversation::{ConversationId, MessageId};

    #[test]
    fn a_message_id_of_ours_is_read_as_it_was_written_and_no_other() {
        let (conversation, message) = (ConversationId::fresh(), MessageId::fresh());
        let own = own_message_id(&conversation, &message, "shop.example");
        let expected = Some((conversation.clone(), message.clone()));
        for id in [own.clone(), format!("<{own}>"), format!(" {own} "), own.to_uppercase()] {
            assert_eq!(read_own_message_id(&id), expected, "{id}");
        }
        for id in [
            String::new(),
            "@".into(),
            "CAF+x=abc@mail.example".into(),
            format!("{conversation}@shop.example"),
            format!("{conversation}.@shop.example"),
            format!("{conversation}.{message}.{message}@shop.example"),
            format!("{conversation}.{message}"),
            format!("x{conversation}.{message}@shop.example"),
            format!("{{{}}}.{message}@shop.example", &conversation.as_str()[2..]),
        ] {
            assert_eq!(read_own_message_id(&id), None, "{id}");
        }
    }

    #[test]
    fn a_subject_names_a_conversation_by_the_end_of_its_id() {
        let id = ConversationId::from("0191f2c4-0000-7000-8000-a1b2c3d4e5f6");
        assert_eq!(subject_token(&id), "[#b2c3d4e5f6]");
        for (subject, token) in [
            ("Re: Tents [#b2c3d4e5f6]", Some("b2c3d4e5f6")),
            ("[#B2C3D4E5F6] Tents", Some("b2c3d4e5f6")),
            ("[#12] Tents [#b2c3d4e5f6] [#zz]", Some("b2c3d4e5f6")),
            ("[#0191f2c4-0000-7000-8000-a1b2c3d4e5f6]", Some("0191f2c4000070008000a1b2c3d4e5f6")),
            ("Order [#1234]", None),
            ("[#b2c3d4e5f6", None),
            ("[#b2c3d4e5%_]", None),
            ("", None),
        ] {
            assert_eq!(read_subject_token(subject).as_deref(), token, "{subject}");
        }
    }

    #[test]
    fn a_subject_loses_what_marks_an_answer_and_nothing_else() {
        for (subject, bare) in [
            ("Re: Tents", "Tents"),
            ("RE: AW: SV: Tents", "Tents"),
            ("Re[2]: Tents", "Tents"),
            ("re (3): Tents", "Tents"),
            ("回复：Tents", "Tents"),
            ("Fwd: Tents", "Fwd: Tents"),
            ("Return: which label?", "Return: which label?"),
            ("Re: Tents [#b2c3d4e5f6]", "Tents"),
            ("Re: Tents [#b2c3d4e5f6] please", "Tents please"),
            ("Re:", ""),
            ("  ", ""),
            (":", ":"),
        ] {
            assert_eq!(bare_subject(subject), bare, "{subject}");
        }
    }
}
