//! Transcripts: kept once for each file, and read wherever its message is.

use super::{after, claim, conclusion, fresh, inbound, inbox, noon};
use crate::conversation::{Action, Attachment, AttachmentId, ContactId};
use crate::store::{Store, StoredAttachment};

/// A customer's voice note, sent; who sent it.
async fn sent(store: &Store, id: &str, url: Option<&str>) -> ContactId {
    let known = store.receive(&[inbound("anna", "m0", "hello")], noon()).await.expect("stored");
    let file = StoredAttachment {
        id: AttachmentId::from(id),
        inbox: inbox().name,
        contact_id: known[0].contact_id.clone(),
        conversation_id: None,
        name: "note.ogg".into(),
        media_type: "audio/ogg".into(),
        size: 4,
    };
    store.add_attachment(&file, noon()).await.expect("recorded");
    let note = Attachment {
        id: file.id,
        name: file.name,
        media_type: file.media_type,
        size: 4,
        url: url.map(str::to_owned),
        missing: None,
        heard: None,
    };
    let mut message = inbound("anna", "m1", "");
    message.attachments.push(note);
    store.receive(&[message], noon()).await.expect("stored");
    file.contact_id
}

#[tokio::test]
async fn what_was_heard_first_stays_and_is_read_with_the_turn_and_ever_after() {
    let fresh = fresh().await;
    let store = &fresh.store;
    sent(store, "note", None).await;
    let id = AttachmentId::from("note");
    assert!(!store.has_transcript(&id).await.expect("read"));
    for words in ["Where is my tent?", "Ware is my tend?"] {
        store.put_transcript(&id, words, "whisper", noon()).await.expect("kept");
    }
    assert!(store.has_transcript(&id).await.expect("read"));

    let (claimed, turn) = claim(store, after(5)).await;
    assert_eq!(turn.text(), "hello\nWhere is my tent?");
    assert!(turn.is_heard() && !turn.has_unknown_files());
    store.conclude(&claimed, &turn, &conclusion(Action::Draft), after(5)).await.expect("concluded");
    let shown = store.messages(&turn.conversation.id, i64::MAX, 10).await.expect("read");
    assert_eq!(shown[1].words(), "Where is my tent?", "on the agents' page");
    let past = store.past_turns(noon(), None, 10).await.expect("read");
    let reread = store.reread(&past[0], inbox()).await.expect("read");
    assert_eq!(reread.text(), turn.text(), "and at a replay");
    store.receive(&[inbound("anna", "m2", "and now?")], after(6)).await.expect("stored");
    let given = store.shown_messages(&turn.conversation.id, 0, 10).await.expect("read");
    assert!(given.iter().all(|message| !message.words().contains("tent")), "not by the customer");
}

#[tokio::test]
async fn a_file_that_lies_elsewhere_says_nothing_whatever_it_is_called() {
    let fresh = fresh().await;
    let store = &fresh.store;
    sent(store, "note", Some("https://files.example/note.ogg")).await;
    let id = AttachmentId::from("note");
    store.put_transcript(&id, "Where is my tent?", "whisper", noon()).await.expect("kept");
    let (_, turn) = claim(store, after(5)).await;
    assert_eq!(turn.text().trim(), "hello");
    assert!(turn.has_unknown_files() && !turn.is_heard());
}
