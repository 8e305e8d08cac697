//! The spool: nothing that was written is lost before it is stored, and nothing is written over before that.

use super::file::SIZE;
use super::{Files, Spool, Spooled};
use std::path::Path;
use tempfile::TempDir;
use tokio::sync::mpsc;

const MANY: usize = 1_000;

/// What a spool in a folder still holds.
fn held(folder: &Path, stored: u64) -> Vec<(u64, String)> {
    let (_, records) = Files::open(folder, stored, 0).expect("opened");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    records.into_iter().map(|(number, bytes)| (number, text(bytes))).collect()
}

#[tokio::test]
async fn what_was_written_and_is_not_stored_is_there_after_the_end() {
    let folder = TempDir::new().expect("a folder");
    let (files, none) = Files::open(folder.path(), 0, 0).expect("opened");
    assert!(none.is_empty());
    let (sender, mut next) = mpsc::channel(MANY);
    let (spool, progress, writer) = Spool::start(files, sender);
    let words = ["one", "two", "three"];
    let writing = words.map(|word| spool.write(word.into(), word));
    for written in futures::future::join_all(writing).await {
        written.expect("written");
    }
    for (number, item) in (1..).zip(words) {
        assert_eq!(next.recv().await, Some(Spooled { number, item }), "each in its order");
    }
    progress.stored(1);
    drop((spool, progress));
    writer.join().expect("it ends");
    let two = [(2, "two".to_owned()), (3, "three".to_owned())];
    assert_eq!(held(folder.path(), 1), two);

    let (files, _) = Files::open(folder.path(), 1, 0).expect("opened");
    let (sender, _next) = mpsc::channel(MANY);
    let (spool, progress, writer) = Spool::start(files, sender);
    spool.write("four".into(), "four").await.expect("written");
    assert_eq!(held(folder.path(), 1), [&two[..], &[(4, "four".into())]].concat());
    progress.stored(4);
    drop((spool, progress));
    writer.join().expect("it ends");
    assert_eq!(held(folder.path(), 0), [], "what is stored is wiped");
    let bytes = std::fs::read(folder.path().join("0")).expect("read");
    assert!(bytes.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn numbers_go_on_after_everything_that_was_known() {
    let folder = TempDir::new().expect("a folder");
    for (stored, least, first) in [(0, 0, 1), (41, 0, 42), (41, 900, 901)] {
        let (mut files, _) = Files::open(folder.path(), stored, least).expect("opened");
        files.settle().expect("wiped");
        let (sender, mut next) = mpsc::channel(MANY);
        let (spool, progress, writer) = Spool::start(files, sender);
        spool.write("a".into(), ()).await.expect("written");
        assert_eq!(next.recv().await.map(|it| it.number), Some(first));
        drop((spool, progress));
        writer.join().expect("it ends");
        assert_eq!(held(folder.path(), first - 1), [(first, "a".into())]);
    }
}

#[tokio::test]
async fn nothing_is_written_over_before_it_is_stored() {
    let folder = TempDir::new().expect("a folder");
    let (files, _) = Files::open(folder.path(), 0, 0).expect("opened");
    let (sender, mut next) = mpsc::channel(MANY);
    let (spool, progress, writer) = Spool::start(files, sender);
    let whole = || vec![b'x'; usize::try_from(SIZE).expect("it fits")];
    spool.write(whole(), 1).await.expect("the first file");
    spool.write(whole(), 2).await.expect("the second file");
    let mut third = Box::pin(spool.write(whole(), 3));
    assert!(futures::poll!(&mut third).is_pending(), "it is handed to the writer");
    let freeing = async {
        assert_eq!(next.recv().await.map(|it| it.item), Some(1));
        assert_eq!(next.recv().await.map(|it| it.item), Some(2));
        assert!(next.try_recv().is_err(), "both files are full");
        assert_eq!(held(folder.path(), 0).len(), 2);
        progress.stored(1);
    };
    let (third, ()) = tokio::join!(third, freeing);
    third.expect("there is room again");
    let numbers: Vec<_> = held(folder.path(), 1).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [2, 3]);
    drop((spool, progress));
    writer.join().expect("it ends");
}
