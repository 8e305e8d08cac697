//! What WhatsApp tells of deliveries: the same in whatever order it comes, and a failure finds a person.

use super::{after, claim, conclusion, fresh, noon, receive};
use crate::conversation::{
    Action, Amount, Author, ConversationId, Delivery, Happening, InboxName, OutboxId, Price, Sent,
    Status, StatusNews, WhatsappNews,
};
use crate::store::{News, Store};

/// A conversation whose automatic answer is under way, under the name that the channel gave where it did.
async fn under_way(store: &Store, name: Option<&str>) -> (ConversationId, OutboxId) {
    let received = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(2)).await;
    concluded.expect("concluded");
    let claimed = store.claim_outbox(10, after(3), after(63)).await.expect("a claim");
    let [outgoing] = claimed.try_into().expect("exactly one delivery is due");
    if let Some(name) = name {
        let sent = Sent::Accepted(Some(name.into()));
        store.record_attempt(&outgoing, &sent, after(3)).await.expect("recorded");
    }
    (received.conversation_id, outgoing.id)
}

fn news(name: &str, outbox: Option<&OutboxId>, state: Delivery) -> News {
    let status = StatusNews {
        id: name.into(),
        outbox: outbox.cloned(),
        state,
        words: (state == Delivery::Failed).then(|| "it is too late".into()),
        price: None,
        number: None,
        at: after(5),
        raw: "{}".into(),
    };
    (InboxName::from("api"), WhatsappNews::Status(status))
}

async fn state(store: &Store, id: &ConversationId) -> Option<Delivery> {
    let messages = store.messages(id, i64::MAX, 10).await.expect("messages");
    messages.iter().find(|message| message.author == Author::Bot).and_then(|it| it.delivery)
}

#[tokio::test]
async fn statuses_in_any_order_twice_or_at_once_leave_the_same() {
    use Delivery::{Delivered, Failed, Read, Sent};
    for (all, last) in [
        (vec![Sent, Delivered, Read], Read),
        (vec![Sent, Failed], Failed),
        (vec![Failed, Delivered], Delivered),
    ] {
        for (turns, at_once, is_named) in [
            (0, true, true),
            (1, false, true),
            (1, true, false),
            (0, false, false),
            (1, false, false),
        ] {
            let fresh = fresh().await;
            let (id, outbox) = under_way(&fresh.store, is_named.then_some("wamid.1")).await;
            // By our own name where the channel's is not recorded yet, else by the channel's.
            let outbox = (!is_named).then_some(&outbox);
            let mut order = all.clone();
            order.rotate_left(turns);
            let told: Vec<News> =
                order.iter().chain(&all).map(|it| news("wamid.1", outbox, *it)).collect();
            let size = if at_once { told.len() } else { 1 };
            for some in told.chunks(size) {
                fresh.store.take(&[], some, after(6)).await.expect("stored");
            }
            assert_eq!(
                state(&fresh.store, &id).await,
                Some(last),
                "{order:?} {at_once} {is_named}"
            );
            // Whatever told first, the channel's name is known from then on.
            let known = [news("wamid.1", None, Read)];
            fresh.store.take(&[], &known, after(7)).await.expect("stored");
            let kept = fresh.store.kept(&InboxName::from("api"), 9).await.expect("read");
            assert_eq!(kept, [], "it is no stranger's");
            let shown = fresh.store.shown_messages(&id, 0, 10).await.expect("shown");
            assert_eq!(shown.iter().filter(|it| it.author == Author::Bot).count(), 1);
        }
    }
}

#[tokio::test]
async fn a_failure_is_told_once_and_finds_a_person() {
    let fresh = fresh().await;
    let (id, outbox) = under_way(&fresh.store, Some("wamid.1")).await;
    for _ in 0..2 {
        let told = [news("wamid.1", Some(&outbox), Delivery::Failed)];
        fresh.store.take(&[], &told, after(6)).await.expect("stored");
    }
    let conversation = fresh.store.conversation(&id).await.expect("read");
    assert_eq!(conversation.status, Status::Waiting);
    let messages = fresh.store.messages(&id, i64::MAX, 10).await.expect("messages");
    let told = messages.iter().filter_map(|it| Happening::read(&it.body)).collect::<Vec<_>>();
    assert_eq!(told, [Happening::Undelivered { words: "it is too late".into() }]);
}

#[tokio::test]
async fn a_part_that_arrives_is_not_the_whole_and_one_that_fails_is() {
    let fresh = fresh().await;
    let (id, outbox) = under_way(&fresh.store, None).await;
    let part = OutboxId::from(format!("{outbox}~0"));
    for (news_of, expected) in
        [(Delivery::Delivered, Delivery::Sending), (Delivery::Failed, Delivery::Failed)]
    {
        let told = [news("wamid.0", Some(&part), news_of)];
        fresh.store.take(&[], &told, after(6)).await.expect("stored");
        assert_eq!(state(&fresh.store, &id).await, Some(expected), "{news_of}");
    }
}

#[tokio::test]
async fn a_status_of_a_message_sent_elsewhere_is_kept_once() {
    let fresh = fresh().await;
    let (id, _) = under_way(&fresh.store, Some("wamid.1")).await;
    for _ in 0..2 {
        let told = [news("wamid.other", Some(&OutboxId::from("theirs")), Delivery::Read)];
        fresh.store.take(&[], &told, after(6)).await.expect("stored");
    }
    assert_eq!(state(&fresh.store, &id).await, Some(Delivery::Sent));
    let kept = fresh.store.kept(&InboxName::from("api"), 9).await.expect("read");
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[tokio::test]
async fn what_a_message_costs_is_the_same_in_whatever_order_it_is_told() {
    let price = |category: &str, micros: Option<i64>| Price {
        category: category.into(),
        kind: Some("regular".into()),
        billable: micros.is_some(),
        amount: micros.map(|micros| Amount { micros, currency: "EUR".into() }),
    };
    let told = [
        (Delivery::Sent, 5, price("service", None)),
        (Delivery::Delivered, 6, price("utility", Some(45_600))),
        (Delivery::Read, 6, price("marketing", Some(113_100))),
    ];
    for turns in 0..told.len() {
        for (is_reversed, at_once) in [(false, false), (true, false), (false, true), (true, true)] {
            let fresh = fresh().await;
            let (id, _) = under_way(&fresh.store, Some("wamid.1")).await;
            let mut order = told.to_vec();
            order.rotate_left(turns);
            if is_reversed {
                order.reverse();
            }
            let all: Vec<News> = order
                .iter()
                .chain(&told)
                .map(|(state, at, price)| {
                    let (inbox, news) = news("wamid.1", None, *state);
                    let WhatsappNews::Status(status) = news else { panic!("a status") };
                    let status =
                        StatusNews { price: Some(price.clone()), at: after(*at), ..status };
                    (inbox, WhatsappNews::Status(status))
                })
                .collect();
            let parts: Vec<&[News]> =
                if at_once { vec![&all] } else { all.chunks(1).collect::<Vec<_>>() };
            let mut counted = 0;
            for part in parts {
                counted += fresh.store.take(&[], part, after(9)).await.expect("taken").prices.len();
            }
            let prices = fresh.store.prices(&id).await.expect("read");
            let prices: Vec<Price> = prices.into_iter().map(|(_, price)| price).collect();
            // Of two that are told of one moment always the same counts.
            assert_eq!(prices, [price("utility", Some(45_600))], "{turns} {is_reversed} {at_once}");
            assert_eq!(counted, 1, "it is counted once");
        }
    }
}

#[tokio::test]
async fn whoever_has_stopped_advertising_is_known_by_the_failure_that_says_so() {
    let fresh = fresh().await;
    let (id, _) = under_way(&fresh.store, Some("wamid.1")).await;
    let (inbox, failed) = news("wamid.1", None, Delivery::Failed);
    let WhatsappNews::Status(status) = failed else { panic!("a status") };
    let words = Some("the customer has stopped marketing messages (error 131050)".to_owned());
    let failed = WhatsappNews::Status(StatusNews { words, ..status });
    for _ in 0..2 {
        fresh.store.take(&[], &[(inbox.clone(), failed.clone())], after(9)).await.expect("taken");
    }
    let contact = fresh.store.conversation(&id).await.expect("read").contact_id;
    let consent = fresh.store.consent(&contact, "marketing_messages").await.expect("read");
    assert_eq!(consent, Some(false));
    let messages = fresh.store.messages(&id, i64::MAX, 20).await.expect("messages");
    let told = messages.iter().filter_map(|it| Happening::read(&it.body));
    let told = told.filter(|it| matches!(it, Happening::MarketingStopped { .. }));
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn only_news_that_something_waits_for_stir() {
    for (name, state, stirs) in [
        (None, Delivery::Delivered, true),
        (Some("wamid.1"), Delivery::Delivered, false),
        (Some("wamid.1"), Delivery::Sent, false),
        (Some("wamid.1"), Delivery::Failed, true),
    ] {
        let fresh = fresh().await;
        let (id, outbox) = under_way(&fresh.store, name).await;
        let told = [news("wamid.1", Some(&outbox), state)];
        let taken = fresh.store.take(&[], &told, after(6)).await.expect("stored");
        assert_eq!(taken.stirs, stirs, "{name:?} {state}");
        let changed = if state == Delivery::Sent { vec![] } else { vec![id] };
        assert_eq!(taken.changed, changed, "{name:?} {state}");
    }
}
