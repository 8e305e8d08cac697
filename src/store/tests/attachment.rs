//! Files of the team: each goes once, with its own agent's words, in its own conversation.

use super::*;
use crate::conversation::{AttachmentId, ConversationId, HeldSend, SendAct, Visibility};
use crate::store::{Acted, Approval, Sending, StoredAttachment, Words};

/// A file that an agent has uploaded in a conversation.
pub(super) async fn file(store: &Store, id: &ConversationId, agent: &AgentId) -> AttachmentId {
    let conversation = store.conversation(id).await.expect("a conversation");
    let file = StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: conversation.inbox,
        contact_id: conversation.contact_id,
        conversation_id: Some(id.clone()),
        name: "label.pdf".into(),
        media_type: "application/pdf".into(),
        size: 9,
    };
    store.add_agent_file(&file, agent, noon()).await.expect("recorded");
    file.id
}

/// What became of a reply with files.
async fn reply(store: &Store, id: &ConversationId, files: &[AttachmentId]) -> Acted {
    let words = Words { text: "Here it is.", files };
    store.reply(id, &agent(), words, Sending::AtOnce, after(5)).await.expect("no error")
}

/// The words of the team in a conversation, with the names of their files.
async fn said(store: &Store, id: &ConversationId) -> Vec<(Visibility, String, Vec<AttachmentId>)> {
    let messages = store.messages(id, i64::MAX, 100).await.expect("read").into_iter();
    let ours = messages.filter(|message| message.agent_id.is_some());
    let files = |all: Vec<crate::conversation::Attachment>| all.into_iter().map(|it| it.id);
    ours.map(|it| (it.visibility, it.body, files(it.attachments).collect())).collect()
}

#[tokio::test]
async fn a_file_goes_once_with_its_own_agents_words_in_its_own_conversation() {
    let Fresh { store, _folder, .. } = fresh().await;
    let id = receive(&store, "ann", "1", noon()).await.conversation_id;
    let other = receive(&store, "bob", "2", noon()).await.conversation_id;
    let own = file(&store, &id, &agent()).await;
    let elsewhere = file(&store, &other, &agent()).await;
    let colleagues = file(&store, &id, &AgentId::from("agent-2")).await;
    for (wrong, why) in [
        (vec![own.clone(), elsewhere], "another conversation's"),
        (vec![own.clone(), colleagues], "another agent's"),
        (vec![own.clone(), AttachmentId::from("none")], "nobody's"),
        (vec![own.clone(), own.clone()], "twice in one message"),
    ] {
        assert_eq!(reply(&store, &id, &wrong).await, Acted::NoFile, "{why}");
        assert!(said(&store, &id).await.is_empty(), "{why}");
        let unsent = store.unsent_files(&id, &agent(), &wrong).await.expect("read");
        assert!(unsent.iter().all(|it| it.id == own) && !unsent.is_empty(), "{why}");
    }
    assert!(matches!(reply(&store, &id, std::slice::from_ref(&own)).await, Acted::Done(Some(_))));
    let once = [(Visibility::Public, "Here it is.".to_owned(), vec![own.clone()])];
    assert_eq!(said(&store, &id).await, once);
    assert_eq!(
        reply(&store, &id, std::slice::from_ref(&own)).await,
        Acted::NoFile,
        "it went before"
    );
    assert_eq!(said(&store, &id).await, once);
    assert!(store.unsent_files(&id, &agent(), &[own]).await.expect("read").is_empty());
}

#[tokio::test]
async fn a_customers_file_is_no_agents() {
    let Fresh { store, _folder, .. } = fresh().await;
    let id = receive(&store, "ann", "1", noon()).await.conversation_id;
    let conversation = store.conversation(&id).await.expect("a conversation");
    let theirs = StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: conversation.inbox,
        contact_id: conversation.contact_id.clone(),
        conversation_id: None,
        name: "bill.pdf".into(),
        media_type: "application/pdf".into(),
        size: 9,
    };
    store.add_attachment(&theirs, noon()).await.expect("recorded");
    let ours = file(&store, &id, &agent()).await;
    assert_eq!(reply(&store, &id, std::slice::from_ref(&theirs.id)).await, Acted::NoFile);
    let (contact, start) = (&conversation.contact_id, noon());
    assert_eq!(store.count_attachments(contact, start).await.expect("counted"), 1);
    assert_eq!(store.count_agent_files(&agent(), start).await.expect("counted"), 1);
    assert!(store.is_theirs(&theirs.id).await.expect("read"));
    assert!(!store.is_theirs(&ours).await.expect("read"), "nobody has sent it");
}

#[tokio::test]
async fn a_file_is_the_customers_once_they_see_its_message() {
    let Fresh { store, _folder, .. } = fresh().await;
    let id = receive(&store, "ann", "1", noon()).await.conversation_id;
    let sent = file(&store, &id, &agent()).await;
    reply(&store, &id, std::slice::from_ref(&sent)).await;
    assert!(!store.is_theirs(&sent).await.expect("read"), "it waits in the outbox");
    let outgoing = store.claim_outbox(10, after(6), after(60)).await.expect("claimed").remove(0);
    let done = crate::conversation::Sent::Accepted(None);
    store.record_attempt(&outgoing, &done, after(6)).await.expect("recorded");
    assert!(store.is_theirs(&sent).await.expect("read"));
}

#[tokio::test]
async fn a_draft_goes_with_files_or_waits_on() {
    let Fresh { store, _folder, .. } = fresh().await;
    let id = receive(&store, "ann", "1", noon()).await.conversation_id;
    let (claimed, turn) = claim(&store, after(3)).await;
    store.conclude(&claimed, &turn, &conclusion(Action::Draft), after(4)).await.expect("concluded");
    let waiting = store.find_waiting_draft(&id).await.expect("read").expect("a draft");
    let approval = |files| Approval {
        draft: waiting.id.clone(),
        text: "You have 45 days.".into(),
        files,
        state: crate::conversation::DraftState::Approved,
        verdict: crate::conversation::Verdict::Right,
        learn: None,
        sending: Sending::AtOnce,
    };
    let made_up = approval(vec![AttachmentId::from("none")]);
    let refused = store.approve(&id, &agent(), &made_up, after(5)).await.expect("no error");
    assert_eq!(refused, Acted::NoFile);
    assert!(store.find_waiting_draft(&id).await.expect("read").is_some(), "the draft waits on");
    let own = file(&store, &id, &agent()).await;
    let with = approval(vec![own.clone()]);
    let sent = store.approve(&id, &agent(), &with, after(5)).await.expect("no error");
    assert!(matches!(sent, Acted::Done(Some(_))));
    assert_eq!(said(&store, &id).await[0].2, [own]);
}

#[tokio::test]
async fn what_is_held_has_its_files_checked_and_keeps_them_in_its_note() {
    let Fresh { store, _folder, .. } = fresh().await;
    let id = receive(&store, "ann", "1", noon()).await.conversation_id;
    let own = file(&store, &id, &agent()).await;
    let held = |files| HeldSend {
        conversation_id: id.clone(),
        agent_id: agent(),
        act: SendAct::Reply { text: "Here it is.".into(), files },
        due_at: after(10),
    };
    let made_up = held(vec![AttachmentId::from("none")]);
    assert_eq!(store.hold_send(&made_up, after(1)).await.expect("no error"), Acted::NoFile);
    let good = held(vec![own.clone()]);
    assert_eq!(store.hold_send(&good, after(1)).await.expect("held"), Acted::Done(None));
    let back = store.take_back(&id, &agent(), after(2)).await.expect("back").expect("it was held");
    assert_eq!(back.act.files(), std::slice::from_ref(&own));
    store.hold_send(&good, after(3)).await.expect("held");
    store.drop_send(&good, "Not sent.", after(11)).await.expect("dropped");
    let note = (Visibility::Private, "Not sent.\n\nHere it is.".to_owned(), vec![own.clone()]);
    assert_eq!(said(&store, &id).await, [note]);
    assert!(!store.is_theirs(&own).await.expect("read"), "a note is the team's");
}

#[tokio::test]
async fn files_go_where_their_conversation_goes() {
    let Fresh { store, _folder, .. } = fresh().await;
    let older = receive(&store, "ann", "1", noon()).await.conversation_id;
    let unsent = file(&store, &older, &agent()).await;
    store.change(&older, &agent(), Event::Resolved, after(1)).await.expect("closed");
    let later = noon() + TimeDelta::days(8);
    let newer = receive(&store, "ann", "2", later).await.conversation_id;
    assert_ne!(older, newer);
    assert_eq!(reply(&store, &newer, std::slice::from_ref(&unsent)).await, Acted::NoFile);
    store.merge_conversations(&older, &newer, &agent(), later).await.expect("merged");
    assert!(matches!(reply(&store, &newer, std::slice::from_ref(&unsent)).await, Acted::Done(_)));
    let kept = store.find_attachment(&unsent).await.expect("read").expect("there");
    assert_eq!(kept.conversation_id.as_ref(), Some(&newer));

    let third = receive(&store, "ann", "3", later).await;
    let own = file(&store, &newer, &agent()).await;
    reply(&store, &newer, std::slice::from_ref(&own)).await;
    let split = store.split_conversation(&newer, &third.message_id, &agent(), later).await;
    let crate::store::Regrouped::Done(part) = split.expect("no error") else { panic!("it splits") };
    let moved = store.find_attachment(&own).await.expect("read").expect("there");
    assert_eq!(moved.conversation_id, Some(part));
}
