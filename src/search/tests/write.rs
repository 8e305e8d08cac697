//! What writing, reopening and damage do to the index, and what searches see meanwhile.

use super::*;
use crate::knowledge::ArticleId;
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

#[test]
fn an_index_is_found_again_as_it_was_left() {
    let shop = over(&[english("a", "Refund?", "Yes."), english("b", "Delivery?", "Yes.")]);
    let Fixture { search, dir } = shop;
    drop(search);
    let search = Search::open(dir.path(), &Embedding::default()).expect("it can be reopened");
    assert_eq!((search.revision(), search.len()), (1, 2));
    assert_eq!(ids(&search, asks("refund")), ["a"]);
}

#[test]
fn an_update_replaces_whole_articles() {
    let shop = over(&[
        english("art/one", "Refund?", "Yes."),
        english("art/two", "Refund!", "No."),
        english("other", "Refund.", "Maybe."),
    ]);
    let articles: [ArticleId; 2] = ["art".into(), "unknown".into()];
    shop.update(&articles, &[english("art/three", "Refund now", "")], 7).expect("an update");
    assert_eq!((shop.revision(), shop.len()), (7, 2));
    assert_eq!(shop.entry(&"art/one".into()).expect("a read"), None);
    let three = shop.entry(&"art/three".into()).expect("a read");
    assert_eq!(three, Some(english("art/three", "Refund now", "")));
    assert_eq!(ids(&shop, asks("refund")).len(), 2);
    shop.update(&["other".into()], &[], 8).expect("an update");
    assert_eq!((shop.revision(), ids(&shop, asks("refund")).len()), (8, 1));
}

#[test]
fn updated_and_rebuilt_indexes_score_alike() {
    let entries: Vec<Entry> =
        (0..40).map(|n| english(&format!("e{n}"), &format!("Refund of case {n}"), "")).collect();
    let rebuilt = over(&entries);
    let updated = over(&entries[..20]);
    for n in [30, 25, 35] {
        let articles: Vec<ArticleId> = entries[..n].iter().map(|e| e.article.clone()).collect();
        updated.update(&articles, &entries[..n], 2).expect("an update");
    }
    updated.update(&[], &entries[35..], 3).expect("an update");
    let query = asks("refund of case 7");
    assert_eq!(found(&updated, query), found(&rebuilt, query));
}

#[test]
fn of_two_entries_with_one_identifier_one_remains() {
    let shop = over(&[english("a", "Refund old", ""), english("a", "Refund new", "")]);
    assert_eq!(shop.len(), 1);
    shop.update(&[], &[english("a", "Refund newest", "")], 2).expect("an update");
    assert_eq!(ids(&shop, asks("newest")), ["a"]);
    assert_eq!(shop.len(), 1);
}

#[test]
fn searches_see_each_state_whole_while_it_is_written() {
    let state = |n: i64| -> Vec<Entry> {
        let answer = format!("state {n}");
        (0..8).map(|e| english(&format!("e{e}"), "Refund", &answer)).collect()
    };
    let shop = over(&state(0));
    let done = AtomicBool::new(false);
    let articles: Vec<ArticleId> = state(0).into_iter().map(|entry| entry.article).collect();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut searches = 0;
                    while !done.load(Ordering::Relaxed) || searches == 0 {
                        let hits = found(&shop, asks("refund"));
                        assert_eq!(hits.len(), 8);
                        assert!(hits.iter().all(|h| h.entry.answer == hits[0].entry.answer));
                        searches += 1;
                    }
                })
            })
            .collect();
        for n in 1..12 {
            let written = if n % 2 == 0 {
                shop.replace(&state(n), n)
            } else {
                shop.update(&articles, &state(n), n)
            };
            written.expect("writing while others search");
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().expect("no reader failed");
        }
    });
    assert_eq!((shop.revision(), shop.len()), (11, 8));
}

/// Damages a filled index with `damage` and sees that it opens empty and can be filled again.
fn survives(name: &str, damage: impl FnOnce(&Path)) {
    let Fixture { search, dir } = over(&[english("a", "Refund?", "Yes.")]);
    drop(search);
    damage(dir.path());
    let search = Search::open(dir.path(), &Embedding::default())
        .unwrap_or_else(|error| panic!("{name}: {error:#}"));
    assert_eq!((search.revision(), search.len()), (0, 0), "{name}");
    assert!(ids(&search, asks("refund")).is_empty(), "{name}");
    search.replace(&[english("b", "Refund?", "Yes.")], 2).expect("it can be filled again");
    assert_eq!(ids(&search, asks("refund")), ["b"], "{name}");
}

fn files(dir: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(dir).expect("the index folder");
    let paths = files.map(|file| file.expect("a file").path());
    let chosen: Vec<_> = paths.filter(|p| p.extension().is_some_and(|e| e == extension)).collect();
    assert!(!chosen.is_empty(), "there is a .{extension} file");
    chosen
}

#[test]
fn a_damaged_index_is_made_anew() {
    survives("no meta.json", |dir| fs::remove_file(dir.join("meta.json")).expect("removed"));
    survives("garbage meta.json", |dir| fs::write(dir.join("meta.json"), "?").expect("written"));
    survives("empty meta.json", |dir| fs::write(dir.join("meta.json"), "").expect("written"));
    survives("garbage .managed.json", |dir| {
        fs::write(dir.join(".managed.json"), [0xff, 0xfe]).expect("written");
    });
    survives("an older version", |dir| {
        let meta = fs::read_to_string(dir.join("meta.json")).expect("read");
        let payload = format!("\"{} 1\"", crate::search::schema::VERSION);
        let older = meta.replace(&payload, "\"0 1\"");
        assert_ne!(meta, older);
        fs::write(dir.join("meta.json"), older).expect("written");
    });
    survives("other fields", |dir| {
        let meta = fs::read_to_string(dir.join("meta.json")).expect("read");
        fs::write(dir.join("meta.json"), meta.replace("last_day", "lost_day")).expect("written");
    });
}

#[test]
fn an_index_with_damaged_segments_is_made_anew() {
    for extension in ["term", "idx", "store", "fast", "fieldnorm"] {
        survives(&format!("no .{extension}"), |dir| {
            for file in files(dir, extension) {
                fs::remove_file(file).expect("removed");
            }
        });
        survives(&format!("garbage .{extension}"), |dir| {
            for file in files(dir, extension) {
                let size = fs::metadata(&file).expect("a file").len();
                fs::write(file, vec![7; usize::try_from(size).expect("small")]).expect("written");
            }
        });
        survives(&format!("short .{extension}"), |dir| {
            for file in files(dir, extension) {
                fs::write(file, "").expect("written");
            }
        });
        survives(&format!("flipped .{extension}"), |dir| {
            for file in files(dir, extension) {
                let mut bytes = fs::read(&file).expect("read");
                bytes[0] ^= 1;
                fs::write(file, bytes).expect("written");
            }
        });
    }
}

#[test]
fn what_is_no_index_is_left_alone() {
    let dir = TempDir::new().expect("a temporary folder");
    fs::create_dir(dir.path().join("below")).expect("created");
    fs::write(dir.path().join("below/notes"), "mine").expect("written");
    let search = Search::open(dir.path(), &Embedding::default()).expect("opened");
    assert!(search.is_empty());
    assert!(dir.path().join("below/notes").exists());
    assert!(Search::open(&dir.path().join("below/notes"), &Embedding::default()).is_err());
}
