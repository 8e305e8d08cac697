//! Tests of the vectors: those of the script, and files that are no good.

use super::{Words, file::File, text};
use crate::lang::Lang;
use serde::Deserialize;

/// A sentence with the beginning of its vector as the script that made the file computed it.
#[derive(Deserialize)]
struct Golden {
    lang: Lang,
    text: String,
    vector: Vec<f32>,
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-4)
}

fn cosine(a: (Lang, &str), b: (Lang, &str)) -> f32 {
    let vector = |(lang, text)| Words::shipped().vector(lang, text).unwrap_or_default();
    vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_are_those_of_the_script() {
    let golden = include_str!("../../../models/golden.jsonl").lines();
    for line in golden {
        let golden: Golden = serde_json::from_str(line).expect("the fixture is ours");
        let vector = Words::shipped().vector(golden.lang, &golden.text).unwrap_or_default();
        assert_eq!(vector.len(), Words::shipped().dims(), "{}", golden.text);
        assert!(close(&vector, &golden.vector), "{}: {:?}", golden.text, &vector[..4]);
    }
}

#[test]
fn vectors_have_length_one() {
    let vector = Words::shipped().vector(Lang::EN, "Where is my parcel?").unwrap_or_default();
    let length: f32 = vector.iter().map(|value| value * value).sum();
    assert!((length - 1.0).abs() < 1e-4);
}

#[test]
fn other_words_for_the_same_are_nearer_than_other_matters() {
    let question = (Lang::EN, "how do i get my money back");
    let same = cosine(question, (Lang::EN, "Request a refund"));
    let other = cosine(question, (Lang::EN, "Opening hours of our stores"));
    assert!(same > other + 0.2, "{same} {other}");
}

#[test]
fn no_vector_without_a_known_language_or_piece() {
    let thai: Lang = "th".parse().expect("a code");
    assert!(!Words::shipped().covers(thai));
    assert_eq!(Words::shipped().vector(thai, "refund"), None);
    assert_eq!(Words::shipped().vector(Lang::EN, ""), None);
    assert_eq!(Words::shipped().vector(Lang::EN, " ?! \u{1f642} \u{0}"), None);
}

#[test]
fn long_and_odd_text_is_no_trouble() {
    for text in ["x".repeat(100_000), "a ".repeat(50_000), "\u{301}\u{e5}\u{fffd}ß'’".repeat(999)]
    {
        let vector = Words::shipped().vector(Lang::EN, &text).unwrap_or_default();
        assert!(vector.iter().all(|value| value.is_finite()));
    }
}

#[test]
fn words_are_small_bare_and_joined_by_apostrophes() {
    let check = |lang, text, words: &[&str]| assert_eq!(text::words(lang, text), words, "{text}");
    check(Lang::EN, "I can't log-in!", &["i", "cant", "log", "in"]);
    check(Lang::EN, "it’s ' quoted'", &["its", "quoted"]);
    check(Lang::FR, "L'adresse e\u{301}te\u{301}", &["l", "adresse", "ete"]);
    check(Lang::DE, "Größe ÄNDERN", &["grosse", "andern"]);
    check(Lang::EN, "ｆｕｌｌ ﬁt №5", &["full", "fit", "no5"]);
    check(Lang::EN, "", &[]);
}

/// A file of one language, two dims and one word, which is "a".
fn small() -> Vec<u8> {
    let mut bytes = b"SRPLYWD1".to_vec();
    for number in [2_u32, 1, 1, 2, 3] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(*b"en\x00\xff");
    bytes.extend(0.5_f32.to_le_bytes());
    bytes.extend(3_u32.to_le_bytes());
    // FNV-1a of the key is even, so that its slot is the first.
    bytes.extend([1_u32, 0].iter().flat_map(|slot| slot.to_le_bytes()));
    bytes.extend(*b"\x00\x00a");
    bytes.extend([3, 4]);
    bytes
}

fn refusal(bytes: &[u8]) -> String {
    File::read(bytes).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_small_file_is_read() {
    let words = Words::read(small().leak()).expect("a good file");
    assert_eq!(words.vector(Lang::EN, "A b"), Some(vec![0.6, 0.8]));
}

#[test]
fn a_file_of_another_kind_is_refused() {
    assert_eq!(refusal(b""), "this is no file of word vectors");
    assert_eq!(refusal(b"SRPLYWD2\0\0\0\0"), "this is no file of word vectors");
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let bytes = small();
    for length in 0..bytes.len() {
        assert_ne!(refusal(&bytes[..length]), "", "{length} bytes");
    }
}

#[test]
fn a_file_with_any_number_wrong_is_refused_or_harmless() {
    let bytes = small();
    for at in 8..bytes.len() {
        for value in [0, 1, 3, 127, 255] {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            if let Ok(words) = Words::read(bytes.leak()) {
                words.vector(Lang::EN, "a b c");
            }
        }
    }
}

#[test]
fn a_file_that_says_too_much_is_refused() {
    let wrong = |at: usize, value: u32| {
        let mut bytes = small();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        refusal(&bytes)
    };
    assert_eq!(wrong(8, 3), "rows are missing");
    assert_eq!(wrong(12, u32::MAX), "the file is cut off");
    assert_eq!(wrong(32, f32::NAN.to_bits()), "a scale is not a number");
    assert_eq!(wrong(36, 2), "keys are missing");
    assert_eq!(wrong(40, 9), "a slot names a row that is not there");
    assert_eq!(wrong(44, 1), "no slot is free");
}
