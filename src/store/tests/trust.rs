//! Trust: a verdict counts once, an audit is settled once, an alarm stays out of every estimate.

use super::article::article;
use super::{after, agent, basis, claim, conclusion, fresh, inbox, noon, receive};
use crate::conversation::{
    Action, Alarm, Basis, Conclusion, ConversationId, DecisionId, DraftState, Event, Reason,
    Source, Verdict,
};
use crate::knowledge::{ArticleId, EntryId, Risk};
use crate::store::{Acted, Approval, Concluded, Evidence, NewWording, Sending, Store};
use chrono::TimeDelta;

/// A conversation whose turn is concluded so.
async fn concluded(store: &Store, name: &str, conclusion: &Conclusion) -> ConversationId {
    let received = receive(store, name, name, noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    let done = store.conclude(&claimed, &turn, conclusion, after(2)).await.expect("concluded");
    assert!(matches!(done, Concluded::Done(_)), "{done:?}");
    received.conversation_id
}

/// An automatic answer that was drawn by the audit.
fn drawn() -> Conclusion {
    let basis = Basis { drawn: Some(0.05), share: 0.05, ..basis() };
    Conclusion { basis: Some(basis), ..conclusion(Action::Answer) }
}

async fn approval(store: &Store, id: &ConversationId, verdict: Verdict) -> Approval {
    let draft = store.find_waiting_draft(id).await.expect("read").expect("a draft waits").id;
    let state = match verdict {
        Verdict::Right => DraftState::Approved,
        Verdict::Wording | Verdict::Wrong => DraftState::Edited,
    };
    Approval {
        draft,
        text: "You have 45 days.".into(),
        files: Vec::new(),
        state,
        verdict,
        learn: None,
        sending: Sending::AtOnce,
    }
}

/// The sources of all evidence, each with whether it says wrong.
async fn labels(store: &Store) -> Vec<(Source, bool)> {
    let evidence = store.evidence().await.expect("evidence");
    evidence.into_iter().map(|row| (row.source, row.wrong)).collect()
}

#[tokio::test]
async fn what_an_agent_does_with_a_draft_is_evidence_once() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for (name, verdict, wrong) in
        [("a", Verdict::Right, false), ("b", Verdict::Wording, false), ("c", Verdict::Wrong, true)]
    {
        let before = store.evidence_revision().await.expect("a revision");
        let id = concluded(store, name, &conclusion(Action::Draft)).await;
        let approval = approval(store, &id, verdict).await;
        store.approve(&id, &agent(), &approval, after(5)).await.expect("approved");
        let again = store.approve(&id, &agent(), &approval, after(6)).await.expect("no error");
        assert_eq!(again, Acted::Stale);
        let evidence = store.evidence().await.expect("evidence");
        let last = evidence.last().expect("a label");
        assert_eq!((last.wrong, last.source), (wrong, Source::Verdict), "{name}");
        assert_eq!((&last.inbox, last.risk), (&Some(inbox().name), Risk::Standard));
        assert_eq!((last.features["coverage"].as_f64(), last.eligible), (Some(0.9), true));
        assert!((last.probability - 1.0).abs() < 1e-9 && (last.share - 1.0).abs() < 1e-9);
        assert_eq!(last.happened_at, after(2));
        assert_eq!(store.evidence_revision().await.expect("a revision"), before + 1);
    }
    assert_eq!(labels(store).await.len(), 3);
    let both = [article("a", "One."), article("b", "Two.")];
    store.sync_source("folder", &both, &[], noon()).await.expect("synced");
    let entries = store.entries().await.expect("entries");
    for (entry, (right, wrong)) in entries.iter().zip([(2, 1), (0, 0)]) {
        let later = noon() + TimeDelta::days(3);
        let reputation = store.reputation(entry, later).await.expect("a reputation");
        assert_eq!(
            (reputation.right, reputation.wrong, reputation.days),
            (right, wrong, 3),
            "{}",
            entry.id
        );
    }
}

#[tokio::test]
async fn a_draft_that_is_refused_or_passed_over_counts_against_the_bot() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for act in ["reject", "reply", "close", "take and reply"] {
        let id = concluded(store, act, &conclusion(Action::Draft)).await;
        let draft = store.find_waiting_draft(&id).await.expect("read").expect("it waits").id;
        match act {
            "reject" => store.reject(&id, &agent(), &draft, "old", after(5)).await,
            "close" => store.change(&id, &agent(), Event::Resolved, after(5)).await,
            "take and reply" => {
                store.change(&id, &agent(), Event::AgentTook, after(4)).await.expect("taken");
                assert!(store.find_waiting_draft(&id).await.expect("read").is_some());
                store.reply(&id, &agent(), "Let me look.", Sending::AtOnce, after(5)).await
            }
            _ => store.reply(&id, &agent(), "Let me look.", Sending::AtOnce, after(5)).await,
        }
        .expect("no error");
        assert_eq!(labels(store).await.last(), Some(&(Source::Verdict, true)), "{act}");
    }
    assert_eq!(labels(store).await.len(), 4);
}

#[tokio::test]
async fn a_draft_that_a_newer_message_makes_out_of_date_is_no_evidence() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = concluded(store, "anna", &conclusion(Action::Draft)).await;
    receive(store, "anna", "m2", after(4)).await;
    store.change(&id, &agent(), Event::GivenBack, after(5)).await.expect("no error");
    assert_eq!(labels(store).await, []);
}

#[tokio::test]
async fn an_audit_is_settled_once_and_becomes_evidence_with_its_probability() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = concluded(store, "anna", &drawn()).await;
    let queue = store.audits(0, 10).await.expect("a queue");
    assert_eq!(queue.len(), 1);
    assert_eq!(
        (queue[0].asked.as_deref(), queue[0].audit.probability.is_none()),
        (Some("hello"), false)
    );
    assert!(queue[0].audit.draft_id.is_some());
    let decision = &queue[0].audit.decision_id;

    let first = store.settle_audit(decision, &agent(), Verdict::Wrong, after(9)).await;
    assert_eq!(first.expect("settled"), Acted::Done(None));
    let again = store.settle_audit(decision, &agent(), Verdict::Right, after(10)).await;
    assert_eq!(again.expect("no error"), Acted::Stale);
    let evidence = store.evidence().await.expect("evidence");
    assert_eq!(evidence.len(), 1);
    assert_eq!((evidence[0].source, evidence[0].wrong), (Source::Audit, true));
    assert!((evidence[0].probability - 0.05).abs() < 1e-9);
    assert_eq!(store.audits_waiting().await.expect("a count"), 0);
    assert_eq!(store.audits_of(&id).await.expect("audits")[0].verdict, Some(Verdict::Wrong));
    let audited = store.audited_since(&inbox().name, Risk::Standard, noon()).await;
    assert_eq!(audited.expect("verdicts"), [true]);
    let other = store.audited_since(&"other".into(), Risk::Standard, noon()).await;
    assert!(other.expect("verdicts").is_empty());
    let nobody = store.settle_audit(&DecisionId::fresh(), &agent(), Verdict::Right, after(9)).await;
    assert_eq!(nobody.expect("no error"), Acted::NoConversation);
}

#[tokio::test]
async fn what_follows_an_automatic_answer_may_give_alarm() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let complaint = Conclusion { reasons: vec![Reason::Complaint], ..conclusion(Action::Escalate) };
    for (name, alarm) in [
        ("corrected", Some(Alarm::Correction)),
        ("complained", Some(Alarm::Complaint)),
        ("reopened", Some(Alarm::Reopened)),
        ("unhelpful", Some(Alarm::ThumbsDown)),
        ("pleased", None),
    ] {
        let id = concluded(store, name, &conclusion(Action::Answer)).await;
        match name {
            "corrected" => {
                store
                    .reply(&id, &agent(), "Sorry, 14 days.", Sending::AtOnce, after(5))
                    .await
                    .expect("sent");
                store
                    .reply(&id, &agent(), "And one more thing.", Sending::AtOnce, after(6))
                    .await
                    .expect("sent");
            }
            "complained" => {
                receive(store, name, "again", after(3)).await;
                let (claimed, turn) = claim(store, after(6)).await;
                store.conclude(&claimed, &turn, &complaint, after(6)).await.expect("concluded");
            }
            "unhelpful" => {
                let messages = store.messages(&id, i64::MAX, 9).await.expect("messages");
                let answer = &messages.last().expect("the answer").id;
                store.mark_unhelpful(&id, answer, after(5)).await.expect("marked");
                let theirs = store.mark_unhelpful(&id, &messages[0].id, after(5)).await;
                assert_eq!(theirs.expect("no error"), Acted::Stale, "no answer of ours");
            }
            _ => {
                store.change(&id, &agent(), Event::Resolved, after(5)).await.expect("closed");
                if name == "reopened" {
                    receive(store, name, "back", after(6)).await;
                    store.change(&id, &agent(), Event::AgentTook, after(7)).await.expect("taken");
                }
            }
        }
        let audits = store.audits_of(&id).await.expect("audits");
        assert_eq!(audits.first().and_then(|audit| audit.alarm), alarm, "{name}");
        assert!(audits.len() < 2 && audits.iter().all(|audit| audit.probability.is_none()));
        for audit in audits {
            let decision = &audit.decision_id;
            store.settle_audit(decision, &agent(), Verdict::Right, after(9)).await.expect("ok");
        }
    }
    assert!(labels(store).await.iter().all(|(source, _)| *source == Source::Alarm));
    let audited = store.audited_since(&inbox().name, Risk::Standard, noon()).await;
    assert!(audited.expect("verdicts").is_empty(), "an alarm is in no estimate");
}

#[tokio::test]
async fn an_alarm_leaves_a_drawn_answer_in_the_estimate() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = concluded(store, "anna", &drawn()).await;
    store.reply(&id, &agent(), "Sorry, 14 days.", Sending::AtOnce, after(5)).await.expect("sent");
    let audits = store.audits_of(&id).await.expect("audits");
    assert_eq!((audits.len(), audits[0].alarm), (1, Some(Alarm::Correction)));
    assert!(audits[0].probability.is_some());
    store
        .settle_audit(&audits[0].decision_id, &agent(), Verdict::Wrong, after(9))
        .await
        .expect("ok");
    assert_eq!(labels(store).await, [(Source::Audit, true)]);
}

#[tokio::test]
async fn without_a_licence_in_force_nothing_goes_out_by_itself() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let name = inbox().name;
    assert!(store.suspend(&name, Risk::Standard, after(1)).await.expect("suspended"));
    assert!(!store.suspend(&name, Risk::Standard, after(1)).await.expect("no error"), "once");
    receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    let refused = store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(2)).await;
    assert_eq!(refused.expect("no error"), Concluded::NotLicensed);
    assert!(store.claim_outbox(10, after(3), after(60)).await.expect("claims").is_empty());
    let drafted = store.conclude(&claimed, &turn, &conclusion(Action::Draft), after(3)).await;
    assert!(matches!(drafted, Ok(Concluded::Done(_))), "the turn is still the node's to end");

    let mut late = store.licences().await.expect("licences");
    late.retain(|licence| licence.risk == Risk::Standard);
    late[0].threshold = Some(0.7);
    late[0].suspended_at = None;
    store.put_licences(&late, 7).await.expect("stored");
    let now = store.licences().await.expect("licences");
    let standard = now.iter().find(|licence| licence.risk == Risk::Standard).expect("a licence");
    assert_eq!(standard.threshold, None, "computed without knowing of the suspension");
    assert_eq!(store.trust_revision().await.expect("a revision"), 7);
    late[0].suspended_at = Some(after(1));
    store.put_licences(&late, 8).await.expect("stored");
    let again = store.licences().await.expect("licences");
    assert!(again.iter().all(|licence| licence.threshold.is_some()), "earned again");
}

#[tokio::test]
async fn a_declared_set_takes_the_place_of_its_earlier_self() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let row = |case: &str, wrong| Evidence {
        source: Source::Declared,
        set_name: Some("mine".into()),
        case_name: Some(case.into()),
        inbox: None,
        decision_id: None,
        risk: Risk::Low,
        eligible: true,
        wrong,
        probability: 1.0,
        share: 1.0,
        happened_at: noon(),
        features: serde_json::json!({ "coverage": 0.1 }),
    };
    let rows = [row("a", false), row("b", true)];
    assert!(store.put_set("mine", &rows, noon()).await.expect("stored"));
    assert!(!store.put_set("mine", &rows, after(1)).await.expect("no error"), "the same");
    assert!(store.put_set("other", &rows[..1], after(1)).await.expect("stored"));
    assert!(store.put_set("mine", &rows[1..], after(2)).await.expect("stored"));
    let all = store.evidence().await.expect("evidence");
    let mut rows: Vec<_> = all.iter().map(|row| (row.set_name.as_deref(), row.wrong)).collect();
    rows.sort_unstable();
    assert_eq!(rows, [(Some("mine"), true), (Some("other"), false)]);
    assert!(store.put_set("mine", &[], after(3)).await.expect("removed"));
    assert_eq!(store.evidence().await.expect("evidence").len(), 1);
}

#[tokio::test]
async fn a_wording_is_learned_once_capped_and_can_be_removed_for_good() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let learn = async |name: &str, words: &str| {
        let id = concluded(store, name, &conclusion(Action::Draft)).await;
        let learn = NewWording {
            entry: EntryId::from("returns/window"),
            article: ArticleId::from("returns"),
            words: words.into(),
            likeness: words.to_lowercase(),
            most: 2,
        };
        let approval =
            Approval { learn: Some(learn), ..approval(store, &id, Verdict::Right).await };
        store.approve(&id, &agent(), &approval, after(5)).await.expect("approved");
    };
    let live = async || -> Vec<String> {
        let all = store.wordings(None, 0, 10).await.expect("wordings");
        all.into_iter().filter(|row| row.removed_at.is_none()).map(|row| row.words).collect()
    };
    learn("a", "Send it back").await;
    learn("b", "SEND IT BACK").await;
    assert_eq!(live().await, ["Send it back"], "a duplicate");
    let before = store.knowledge_revision().await.expect("a revision");
    let id = store.wordings(None, 0, 1).await.expect("wordings").remove(0).id;
    assert!(store.remove_wording(&id, &agent(), after(6)).await.expect("removed"));
    assert!(!store.remove_wording(&id, &agent(), after(6)).await.expect("no error"));
    learn("c", "send it back").await;
    assert_eq!(live().await, Vec::<String>::new(), "removed for good");
    assert!(store.restore_wording(&id).await.expect("restored"));
    assert_eq!(store.knowledge_revision().await.expect("a revision"), before + 2);
    let changed = store.changed_articles(before, before + 2).await.expect("changes");
    assert_eq!(changed, Some([ArticleId::from("returns")].into()));
    assert_eq!(store.changed_articles(before, before + 3).await.expect("changes"), None);
    learn("d", "two").await;
    learn("e", "three").await;
    assert_eq!(live().await, ["three", "two"], "the oldest goes");
}
