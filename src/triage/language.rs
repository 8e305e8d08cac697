//! Which language a message is in, and how sure that is.

use super::text::Text;
use super::words::Words;
use crate::lang::Lang;
use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};
use std::sync::OnceLock;

/// The most characters that the detector is shown; more do not make it surer.
const SHOWN_CHARS: usize = 600;

/// The share of the detector's view that another language needs to be believed.
const LEAVE: f64 = 0.5;

/// A language and how sure it is, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// The language.
    pub lang: Lang,
    /// How sure, 0 to 1; 0 where the text does not tell and the fallback was taken.
    pub confidence: f64,
}

/// Finds the language of a text; `fallback` is what the conversation has been in so far.
pub fn detect(text: &Text, fallback: Lang) -> Guess {
    if let Some(guess) = by_script(&text.clean) {
        return guess;
    }
    let shown = words_that_tell(text);
    let count = shown.split(' ').filter(|word| !word.is_empty()).count();
    if count == 0 {
        return Guess { lang: fallback, confidence: 0.0 };
    }
    if let Some(lang) = courtesy_lang(text, fallback) {
        return Guess { lang, confidence: 0.9 };
    }
    if let Some(lang) = by_letters(&shown) {
        return Guess { lang, confidence: 0.6 };
    }
    by_detector(&shown, count, fallback)
}

/// The detector's view, weighed with what the conversation has been in: the shorter the text, the
/// more it takes to leave that.
fn by_detector(shown: &str, count: usize, fallback: Lang) -> Guess {
    let stay = match count {
        1 => 30.0,
        2 => 6.0,
        3..=6 => 2.0,
        _ => 1.0,
    };
    let values = detector().compute_language_confidence_values(shown);
    let weigh = |(language, value): (Language, f64)| {
        let lang = code(language);
        (lang, if lang == fallback { value * stay } else { value })
    };
    let weighed: Vec<_> = values.into_iter().map(weigh).collect();
    let total: f64 = weighed.iter().map(|(_, value)| value).sum();
    let best = weighed.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    match best {
        Some((lang, value)) if lang != fallback && value < total * LEAVE => {
            Guess { lang: fallback, confidence: 0.0 }
        }
        // Rounded, as the detector adds up in any order and the last digits differ.
        Some((lang, value)) if total > 0.0 => {
            Guess { lang, confidence: (value / total * 1000.0).round() / 1000.0 }
        }
        _ => Guess { lang: fallback, confidence: 0.0 },
    }
}

/// The detector with all its models: from single letters to groups of five it is right more often
/// on short messages than with groups of three alone, and takes no more memory. It reads them from
/// the binary as they are needed.
fn detector() -> &'static LanguageDetector {
    static DETECTOR: OnceLock<LanguageDetector> = OnceLock::new();
    DETECTOR.get_or_init(|| {
        LanguageDetectorBuilder::from_languages(&[
            Language::English,
            Language::German,
            Language::Spanish,
            Language::French,
            Language::Portuguese,
            Language::Italian,
            Language::Dutch,
        ])
        .build()
    })
}

fn code(language: Language) -> Lang {
    match language {
        Language::English => Lang::EN,
        Language::German => Lang::DE,
        Language::Spanish => Lang::ES,
        Language::French => Lang::FR,
        Language::Portuguese => Lang::PT,
        Language::Italian => Lang::IT,
        Language::Dutch => Lang::NL,
    }
}

/// The text without addresses and numbers, which are of no language.
fn words_that_tell(text: &Text) -> String {
    let telling = |word: &&str| {
        word.chars().any(char::is_alphabetic)
            && !word.contains(|c: char| c.is_ascii_digit() || c == '@')
            && !word.contains("://")
    };
    let words: Vec<_> = text.clean.split_whitespace().filter(telling).collect();
    words.join(" ").chars().take(SHOWN_CHARS).collect()
}

/// The one language whose greetings and thanks cover the whole text; of several, `fallback`.
fn courtesy_lang(text: &Text, fallback: Lang) -> Option<Lang> {
    let covering: Vec<Lang> = Words::each()
        .filter(|(_, words)| {
            let mut covered = vec![false; text.words.len()];
            words.greeting.cover(text, &mut covered);
            words.thanks.cover(text, &mut covered);
            let told = covered.iter().any(|covered| *covered);
            words.filler.cover(text, &mut covered);
            told && covered.iter().all(|covered| *covered)
        })
        .map(|(lang, _)| lang)
        .collect();
    match covering.as_slice() {
        [lang] => Some(*lang),
        many => many.iter().find(|lang| **lang == fallback).copied(),
    }
}

/// Letters that only languages beyond the detector's have; two make it sure enough to say so.
fn by_letters(shown: &str) -> Option<Lang> {
    const LETTERS: &[(&str, &str)] = &[
        ("pl", "łśźżćńęą"),
        ("tr", "ğşıİ"),
        ("da", "øæå"),
        ("hu", "őű"),
        ("ro", "șțţă"),
        ("cs", "řěů"),
        ("lt", "ėįųū"),
    ];
    let count = |letters: &str| {
        shown.chars().flat_map(char::to_lowercase).filter(|c| letters.contains(*c)).count()
    };
    let best = LETTERS.iter().max_by_key(|(_, letters)| count(letters))?;
    if count(best.1) >= 2 { best.0.parse().ok() } else { None }
}

/// The language by its script, where most letters are not Latin.
fn by_script(text: &str) -> Option<Guess> {
    let mut latin = 0_usize;
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match SCRIPTS.iter().position(|(_, ranges)| ranges.iter().any(|range| range.contains(&c))) {
            Some(script) => counts[script] += 1,
            None => latin += 1,
        }
    }
    let foreign: usize = counts.iter().sum();
    // A word of Chinese or Japanese has two letters where a Latin one has five.
    if foreign == 0 || foreign * 2 < latin {
        return None;
    }
    let (index, _) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let kana = SCRIPTS.iter().position(|(lang, _)| *lang == "ja").is_some_and(|ja| counts[ja] > 0);
    let lang = match SCRIPTS[index].0 {
        "zh" if kana => "ja",
        "ru" => cyrillic(text),
        "ar" => arabic(text),
        lang => lang,
    };
    let lang = lang.parse().ok()?;
    Some(Guess { lang, confidence: 0.95 })
}

const SCRIPTS: [(&str, &[std::ops::RangeInclusive<char>]); 17] = [
    ("zh", &['\u{3400}'..='\u{4dbf}', '\u{4e00}'..='\u{9fff}', '\u{f900}'..='\u{faff}']),
    ("ja", &['\u{3040}'..='\u{30ff}', '\u{31f0}'..='\u{31ff}', '\u{ff66}'..='\u{ff9d}']),
    ("ko", &['\u{1100}'..='\u{11ff}', '\u{3130}'..='\u{318f}', '\u{ac00}'..='\u{d7a3}']),
    ("th", &['\u{0e00}'..='\u{0e7f}']),
    ("ar", &['\u{0600}'..='\u{06ff}', '\u{0750}'..='\u{077f}', '\u{fb50}'..='\u{fdff}']),
    ("ru", &['\u{0400}'..='\u{052f}']),
    ("el", &['\u{0370}'..='\u{03ff}', '\u{1f00}'..='\u{1fff}']),
    ("he", &['\u{0590}'..='\u{05ff}']),
    ("hi", &['\u{0900}'..='\u{097f}']),
    ("bn", &['\u{0980}'..='\u{09ff}']),
    ("ta", &['\u{0b80}'..='\u{0bff}']),
    ("te", &['\u{0c00}'..='\u{0c7f}']),
    ("si", &['\u{0d80}'..='\u{0dff}']),
    ("ka", &['\u{10a0}'..='\u{10ff}']),
    ("hy", &['\u{0530}'..='\u{058f}']),
    ("am", &['\u{1200}'..='\u{137f}']),
    ("km", &['\u{1780}'..='\u{17ff}']),
];

fn cyrillic(text: &str) -> &'static str {
    let has = |letters: &str| text.to_lowercase().chars().any(|c| letters.contains(c));
    if has("әғқңөұүһ") {
        "kk"
    } else if has("ђћџљњј") {
        "sr"
    } else if has("ў") {
        "be"
    } else if has("іїєґ") {
        "uk"
    } else {
        "ru"
    }
}

fn arabic(text: &str) -> &'static str {
    let has = |letters: &str| text.chars().any(|c| letters.contains(c));
    if has("ٹڈڑے") {
        "ur"
    } else if has("پچژگ") {
        "fa"
    } else {
        "ar"
    }
}

#[cfg(test)]
mod tests {
    use super::{Lang, Text, detect};

    fn check(text: &str, fallback: &str, expected: &str) {
        let fallback: Lang = fallback.parse().expect("a code");
        let guess = detect(&Text::read(text), fallback);
        assert_eq!(guess.lang.as_str(), expected, "{text}: {guess:?}");
        assert!((0.0..=1.0).contains(&guess.confidence), "{text}: {guess:?}");
    }

    #[test]
    fn sentences_tell_their_language() {
        for (text, expected) in [
            ("How long does shipping to France take?", "en"),
            ("Wie lange dauert der Versand nach Österreich?", "de"),
            ("¿Cuánto tarda el envío a Canarias?", "es"),
            ("Quels sont les délais de livraison en Belgique ?", "fr"),
            ("Quanto tempo demora a entrega em Lisboa?", "pt"),
            ("Quanto tempo ci vuole per la spedizione a Roma?", "it"),
            ("Hoe lang duurt de verzending naar Nederland?", "nl"),
            ("Wo ist mein Paket HO-48213? mail@beispiel.example", "de"),
        ] {
            check(text, "en", expected);
            check(text, "es", expected);
        }
    }

    #[test]
    fn other_scripts_tell_theirs() {
        for (text, expected) in [
            ("我的包裹在哪里", "zh"),
            ("返品はどうすればいいですか", "ja"),
            ("반품은 어떻게 하나요", "ko"),
            ("ฉันจะคืนสินค้าได้อย่างไร", "th"),
            ("كيف يمكنني إرجاع المنتج", "ar"),
            ("Как вернуть товар", "ru"),
            ("Як повернути товар і гроші", "uk"),
            ("Πώς επιστρέφω ένα προϊόν", "el"),
            ("איך אני מחזיר מוצר", "he"),
            ("मैं सामान कैसे लौटाऊं", "hi"),
            ("iPhone 我的订单在哪里", "zh"),
        ] {
            check(text, "en", expected);
        }
    }

    #[test]
    fn short_and_wordless_texts_stay_in_the_language_of_the_conversation() {
        for text in ["ok", "48213", "👍👍", "", "HO-48213", "PayPal?", "Girona"] {
            check(text, "de", "de");
            check(text, "fr", "fr");
        }
    }

    #[test]
    fn a_detector_that_wavers_is_not_believed() {
        for text in ["Do you sell grand pianos?", "Do you sell second-hand grand pianos?"] {
            check(text, "en", "en");
        }
    }

    #[test]
    fn courtesy_alone_tells_its_language() {
        for (text, expected) in [
            ("gracias", "es"),
            ("Danke!", "de"),
            ("merci beaucoup", "fr"),
            ("obrigada", "pt"),
            ("bom dia", "pt"),
            ("hola", "es"),
            ("thank you", "en"),
        ] {
            check(text, "it", expected);
        }
    }

    #[test]
    fn letters_beyond_the_detector_are_not_taken_for_a_language_it_knows() {
        check("Gdzie jest moja paczka? Zamówiłem ją w piątek", "en", "pl");
        check("Siparişim nerede, hâlâ gelmedi, çok yavaşsınız", "en", "tr");
    }
}
