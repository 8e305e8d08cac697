//! What the sentence encoder adds, and what search does where there is none or it fails.

use super::*;
use std::{fs, path::Path};

/// A folder with an encoder that knows a dozen words.
fn encoder(model: &[u8], tokenizer: &[u8]) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("model.onnx"), model).expect("written");
    fs::write(dir.path().join("tokenizer.json"), tokenizer).expect("written");
    dir
}

const TINY: &[u8] = include_bytes!("encoder/tiny.onnx");
const TOKENIZER: &[u8] = include_bytes!("encoder/tokenizer.json");

fn from(folder: &Path) -> Embedding {
    Embedding { model: Some(folder.to_owned()), ..Embedding::default() }
}

/// Entries that share no word with the questions about them.
fn shop() -> [Entry; 2] {
    [english("money", "money back", "By card."), english("parcel", "parcel arrive", "By post.")]
}

fn top(search: &Search, text: &str) -> Option<Hit> {
    found(search, asks(text)).into_iter().next()
}

#[test]
fn an_encoder_finds_what_shares_no_word() {
    let (folder, dir) = (encoder(TINY, TOKENIZER), TempDir::new().expect("a folder"));
    let search = Search::open(dir.path(), &from(folder.path())).expect("an encoder");
    search.replace(&shop(), 1).expect("indexed");
    assert_eq!(search.encoded(), (4, 4));
    for (text, expected) in [("refund", "money"), ("delivery", "parcel")] {
        let hit = top(&search, text).expect(text);
        assert_eq!(hit.entry.id.as_str(), expected, "{text}");
        assert!(hit.rankers.encoder > Some(0.5) && hit.rankers.head > Some(0.5), "{hit:?}");
        assert!(hit.passage.is_some_and(|passage| hit.entry.answer.contains(&passage)));
    }
}

#[test]
fn vectors_are_kept_and_damaged_ones_made_anew() {
    let (folder, dir) = (encoder(TINY, TOKENIZER), TempDir::new().expect("a folder"));
    let open = || Search::open(dir.path(), &from(folder.path())).expect("an encoder");
    let search = open();
    search.replace(&shop(), 1).expect("indexed");
    let expected = found(&search, asks("refund"));
    drop(search);
    let file = dir.path().join("vectors.bin");
    let kept = fs::read(&file).expect("vectors are kept");
    let search = open();
    assert_eq!(search.encoded(), (4, 4), "nothing has to be computed again");
    assert_eq!(found(&search, asks("refund")), expected);
    drop(search);
    let middle = kept.len() / 2;
    let turned: Vec<u8> =
        kept.iter().enumerate().map(|(at, &b)| if at == middle { !b } else { b }).collect();
    for (what, bytes) in [
        ("cut off", kept[..middle].to_vec()),
        ("a bit turned", turned),
        ("empty", Vec::new()),
        ("something else", b"hello\nworld".to_vec()),
    ] {
        fs::write(&file, bytes).expect("written");
        let search = open();
        while !search.encode().expect("encoded") {}
        assert_eq!(found(&search, asks("refund")), expected, "{what}");
        assert_eq!(fs::read(&file).expect("kept again"), kept, "{what}");
    }
}

#[test]
fn vectors_follow_what_is_written_and_whatever_the_segments_are() {
    let folder = encoder(TINY, TOKENIZER);
    let fresh = || {
        let dir = TempDir::new().expect("a folder");
        let search = Search::open(dir.path(), &from(folder.path())).expect("an encoder");
        (search, dir)
    };
    let mut entries = shop().to_vec();
    entries.push(english("when", "when my delivery", "Tomorrow."));
    let ((whole, _a), (grown, _b)) = (fresh(), fresh());
    whole.replace(&entries, 1).expect("indexed");
    for entry in entries.iter().rev() {
        grown
            .update(std::slice::from_ref(&entry.article), std::slice::from_ref(entry), 1)
            .expect("grown");
    }
    for text in ["refund", "parcel", "where is my parcel"] {
        assert_eq!(found(&whole, asks(text)), found(&grown, asks(text)), "{text}");
    }
    grown.update(&["money".into()], &[], 2).expect("an update");
    assert!(!ids(&grown, asks("refund")).contains(&"money".to_owned()));
}

#[test]
fn a_language_without_vectors_is_searched_by_its_words() {
    let swahili = "sw".parse().expect("a code");
    let search = over(&[entry("sw", swahili, "pesa yangu iko wapi", "Subiri.")]);
    let hits = found(&search, Query { lang: swahili, ..asks("pesa") });
    assert_eq!(hits[0].entry.id.as_str(), "sw");
    assert_eq!(
        (hits[0].rankers.words, hits[0].rankers.encoder, hits[0].rankers.head),
        (None, None, None)
    );
    assert!(hits[0].rankers.bm25 > 0.0);
}

#[test]
fn a_folder_that_holds_no_encoder_is_refused_at_the_start() {
    let none = TempDir::new().expect("a folder");
    let several = TempDir::new().expect("a folder");
    for name in ["a.onnx", "b.onnx", "tokenizer.json"] {
        fs::write(several.path().join(name), TINY).expect("written");
    }
    let no_tokenizer = TempDir::new().expect("a folder");
    fs::write(no_tokenizer.path().join("any.onnx"), TINY).expect("written");
    let other_input = encoder(include_bytes!("encoder/other_input.onnx"), TOKENIZER);
    let other_output = encoder(include_bytes!("encoder/other_output.onnx"), TOKENIZER);
    let truncated = encoder(&TINY[..TINY.len() / 2], TOKENIZER);
    let no_model = encoder(b"hello", TOKENIZER);
    let bad_tokens = encoder(TINY, b"{}");
    let missing = none.path().join("nowhere");
    for (folder, part) in [
        (&*missing, "no such folder"),
        (none.path(), "no ONNX file"),
        (several.path(), "several ONNX files"),
        (no_tokenizer.path(), "tokenizer.json"),
        (other_input.path(), "wrong shape: it wants `pixels`"),
        (other_output.path(), "wrong shape"),
        (truncated.path(), "reading the model"),
        (no_model.path(), "reading the model"),
        (bad_tokens.path(), "tokenizer.json"),
    ] {
        let dir = TempDir::new().expect("a folder");
        let error = Search::open(dir.path(), &from(folder)).err().expect(part);
        let error = format!("{error:#}");
        assert!(error.contains(part) && error.contains("embedding.model"), "{part}: {error}");
    }
}
