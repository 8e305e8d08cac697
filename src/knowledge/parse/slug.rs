//! Slugs: the short names that entries carry within their article.

use super::problem::{Flaw, flaw};
use unicode_normalization::UnicodeNormalization as _;

const MAX_CHARS: usize = 60;

/// Whether the text may be an article's id: lower-case letters, digits, hyphens and dots.
pub fn is_article_id(text: &str) -> bool {
    starts_well(text) && text.bytes().all(|byte| is_slug_byte(byte) || byte == b'.')
}

/// Takes the text as a slug: lower-case letters, digits and hyphens.
pub fn check(text: &str) -> Result<String, Flaw> {
    if starts_well(text) && text.bytes().all(is_slug_byte) {
        return Ok(text.to_owned());
    }
    Err(flaw(
        format!("`#{text}` is no slug"),
        "use lower-case letters, digits and hyphens, starting with a letter or digit",
    ))
}

/// The slug that a question gives itself, or nothing where it holds no Latin letter and no digit.
pub fn of_question(question: &str) -> Option<String> {
    let plain: String =
        question.to_lowercase().replace('ß', "ss").nfkd().filter(char::is_ascii).collect();
    let mut slug = String::new();
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + 1 + word.len() > MAX_CHARS {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug.truncate(MAX_CHARS);
    (!slug.is_empty()).then_some(slug)
}

fn starts_well(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
}

fn is_slug_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::{check, is_article_id, of_question};

    #[test]
    fn a_question_gives_itself_a_slug() {
        for (question, slug) in [
            ("How long does it take?", Some("how-long-does-it-take")),
            ("¿Cuánto cuesta el envío?", Some("cuanto-cuesta-el-envio")),
            ("Größe & Maß – was nun?", Some("grosse-mass-was-nun")),
            ("日本", None),
            ("?!", None),
        ] {
            assert_eq!(of_question(question).as_deref(), slug, "{question}");
        }
    }

    #[test]
    fn a_long_question_is_cut_between_words() {
        let slug = of_question(&"many words ".repeat(20)).expect("it has letters");
        assert!(slug.len() <= 60 && slug.ends_with("-many"), "{slug}");
        assert_eq!(of_question(&"a".repeat(99)).map(|slug| slug.len()), Some(60));
    }

    #[test]
    fn ids_and_slugs_are_plain() {
        for (text, id, slug) in [
            ("returns", true, true),
            ("de.returns-2", true, false),
            ("2-go", true, true),
            ("", false, false),
            ("-a", false, false),
            ("Returns", false, false),
            ("a/b", false, false),
            ("größe", false, false),
        ] {
            assert_eq!((is_article_id(text), check(text).is_ok()), (id, slug), "{text}");
        }
    }
}
