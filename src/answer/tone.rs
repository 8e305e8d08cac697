//! Tone: whether a model keeps to it, and what is put around its words.

use super::text::words;
use crate::conversation::{Formality, Tone};
use crate::lang::Lang;

/// Words of one language that only friends, or only strangers, say to each other.
struct Manners {
    lang: &'static str,
    informal: &'static [&'static str],
    /// As written: in German and Italian a capital makes the difference.
    formal: &'static [&'static str],
}

const MANNERS: &[Manners] = &[
    Manners {
        lang: "de",
        informal: &["du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner", "deines"],
        formal: &["Sie", "Ihnen", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer"],
    },
    Manners {
        lang: "fr",
        informal: &["tu", "toi", "ton", "tes"],
        formal: &["vous", "votre", "vos"],
    },
    Manners {
        lang: "es",
        informal: &["tu", "tus", "ti", "contigo"],
        formal: &["usted", "ustedes"],
    },
    Manners { lang: "pt", informal: &["tu", "teu", "tua", "contigo"], formal: &[] },
    Manners { lang: "it", informal: &["tu", "tuo", "tua", "tuoi"], formal: &["Lei", "Suo", "Sua"] },
];

/// The word that is out of tone, if there is one.
pub fn slip(text: &str, lang: Lang, formality: Formality) -> Option<String> {
    let manners = MANNERS.iter().find(|manners| manners.lang == lang.as_str())?;
    match formality {
        Formality::Any => None,
        Formality::Formal => {
            words(text).into_iter().find(|word| manners.informal.contains(&word.as_str()))
        }
        Formality::Informal => {
            // After the first word of a sentence a capital is meant.
            let inner = text.split_inclusive(['.', '!', '?', '\n']);
            let inner = inner.flat_map(|sentence| sentence.split_whitespace().skip(1));
            let bare = inner.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
            bare.into_iter().find(|word| manners.formal.contains(word)).map(str::to_owned)
        }
    }
}

/// The words with the greeting before and the signature after them, as the inbox wants it.
pub fn dressed(body: &str, tone: &Tone, business: &str, name: Option<&str>) -> String {
    // Whoever writes says what they are called: only what looks like a name is repeated.
    let is_name = |word: &&str| {
        word.chars().count() <= 30 && word.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
    };
    let first = name.and_then(|name| name.split_whitespace().next()).filter(is_name);
    let first = first.unwrap_or_default();
    let greeting = tone.greeting.as_deref().map(|greeting| {
        let greeting = greeting.replace("{name}", first);
        // Without a name nothing but a space would be left of it.
        greeting.replace(" ,", ",").replace(" !", "!").trim().to_owned()
    });
    let signature = tone.signature.as_deref().map(|signature| {
        let assistant = tone.assistant.as_deref().unwrap_or(business);
        signature.replace("{assistant}", assistant).replace("{business}", business)
    });
    let parts = [greeting, Some(body.trim().to_owned()), signature];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::{dressed, slip};
    use crate::conversation::{Formality, Tone};
    use crate::lang::Lang;

    #[test]
    fn a_word_out_of_tone_is_found() {
        use Formality::{Any, Formal, Informal};
        for (text, lang, formality, word) in [
            ("Du kannst es zurückgeben.", Lang::DE, Formal, Some("du")),
            ("Sie können es zurückgeben.", Lang::DE, Formal, None),
            ("Gern. Sie kommt morgen, und du bekommst sie.", Lang::DE, Informal, None),
            ("Das können Sie zurückgeben.", Lang::DE, Informal, Some("Sie")),
            ("Vous avez 30 jours, ou tu attends.", Lang::FR, Formal, Some("tu")),
            ("Oui, vous avez 30 jours.", Lang::FR, Informal, Some("vous")),
            ("Puede devolverlo con tu tique.", Lang::ES, Formal, Some("tu")),
            ("You may return it.", Lang::EN, Formal, None),
            ("Du kannst, Sie können.", Lang::DE, Any, None),
        ] {
            assert_eq!(slip(text, lang, formality).as_deref(), word, "{text}");
        }
    }

    #[test]
    fn an_answer_is_greeted_and_signed_as_the_inbox_wants_it() {
        let tone = Tone {
            assistant: Some("Robin".into()),
            greeting: Some("Hello {name},".into()),
            signature: Some("{assistant}, {business}".into()),
            ..Tone::default()
        };
        assert_eq!(
            dressed("Yes.\n", &tone, "Shop", Some("Anna Kowalski")),
            "Hello Anna,\n\nYes.\n\nRobin, Shop"
        );
        assert_eq!(dressed("Yes.", &tone, "Shop", None), "Hello,\n\nYes.\n\nRobin, Shop");
        let odd = Some("https://evil.example now");
        assert_eq!(dressed("Yes.", &tone, "Shop", odd), "Hello,\n\nYes.\n\nRobin, Shop");
        assert_eq!(dressed(" Yes. ", &Tone::default(), "Shop", Some("Anna")), "Yes.");
    }
}
