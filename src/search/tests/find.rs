//! What is found, for whom and why.

use super::*;

fn shop() -> Fixture {
    let mut refund = english("refund", "When do I get my refund?", "Within 5 days of the return.");
    refund.title = "Returns".to_owned();
    refund.ways = vec!["where is my money".to_owned(), "paying me back".to_owned()];
    over(&[
        refund,
        english("delivery", "How long does delivery take?", "Two days; a refund is no delivery."),
        english("account", "How do I delete my account?", "Under settings. No refund is due."),
        entry("es", Lang::ES, "¿Cuándo llega mi devolución?", "En cinco días."),
        entry("zh", "zh".parse().expect("a code"), "如何申请退款", "在订单页面申请退款"),
    ])
}

#[test]
fn the_entry_asked_for_comes_first() {
    let shop = shop();
    for (text, expected) in [
        ("refunds", "refund"),
        ("WHERE'S MY MONEY???", "refund"),
        ("returning", "refund"),
        ("deleting accounts", "account"),
        ("deliveries", "delivery"),
    ] {
        assert_eq!(ids(&shop, asks(text)).first().map(String::as_str), Some(expected), "{text}");
    }
}

#[test]
fn a_hit_tells_its_parts_and_what_it_covers() {
    let shop = shop();
    let hits = found(&shop, asks("please refund my money to Zanzibar"));
    let hit = &hits[0];
    let parts = [hit.fields.question, hit.fields.ways, hit.fields.title, hit.fields.answer];
    assert!(hit.score > 0.0 && parts.iter().sum::<f64>() > hit.rankers.bm25);
    assert!(hit.fields.question > 0.0 && hit.fields.ways > 0.0 && hit.fields.title == 0.0);
    assert_eq!(hit.matched, ["money", "refund"]);
    assert_eq!(hit.unmatched, ["Zanzibar"]);
    assert!(hit.coverage > 0.3 && hit.coverage < 0.7, "{}", hit.coverage);
    let all = found(&shop, asks("refund money"));
    assert!((all[0].coverage - 1.0).abs() < 1e-9);
}

#[test]
fn rare_terms_cover_more_than_common_ones() {
    let shop = shop();
    let coverage = |text, id: &str| {
        let hits = found(&shop, asks(text));
        hits.iter().find(|hit| hit.entry.id.as_str() == id).map(|hit| hit.coverage)
    };
    assert!(coverage("refund settings", "account") > coverage("refund settings", "refund"));
}

#[test]
fn mistyped_words_are_guessed_and_count_less() {
    let shop = shop();
    for text in ["refnud", "delviery", "acount", "seettings"] {
        assert!(!ids(&shop, asks(text)).is_empty(), "{text}");
    }
    let (right, wrong) = (found(&shop, asks("refund")), found(&shop, asks("refnud")));
    assert_eq!(right[0].entry.id, wrong[0].entry.id);
    assert!(wrong[0].score < right[0].score && wrong[0].coverage < right[0].coverage);
    assert_eq!(wrong[0].matched, ["refnud"]);
    let guessed = found(&shop, asks("dsys 55"));
    assert!(guessed.iter().all(|hit| hit.matched.is_empty()), "short words and numbers are not");
}

#[test]
fn a_known_word_is_never_taken_for_a_typo() {
    let shop =
        over(&[english("a", "Where is my order?", ""), english("b", "What is an odor?", "")]);
    assert_eq!(ids(&shop, asks("order"))[0], "a");
    assert!(found(&shop, asks("order"))[1..].iter().all(|hit| hit.matched.is_empty()));
}

#[test]
fn stop_words_alone_still_find_something() {
    assert!(!ids(&shop(), asks("how do I")).is_empty());
    assert!(!ids(&shop(), asks("is my")).is_empty());
}

#[test]
fn every_language_has_its_analyser() {
    let shop = shop();
    let spanish = Query { lang: Lang::ES, ..asks("devoluciones") };
    assert_eq!(ids(&shop, spanish)[0], "es");
    assert_eq!(ids(&shop, Query { text: "devolucion", ..spanish })[0], "es");
    let chinese = Query { lang: "zh".parse().expect("a code"), ..asks("我要退款") };
    assert_eq!(ids(&shop, chinese)[0], "zh");
}

#[test]
fn other_languages_help_only_where_the_own_fails() {
    let shop = shop();
    assert_eq!(ids(&shop, asks("devolución"))[0], "es", "asked in English, found in Spanish");
    let both = over(&[
        english("own", "Change the PIN code", ""),
        entry("other", Lang::DE, "PIN code ändern", ""),
    ]);
    assert_eq!(ids(&both, asks("PIN code"))[0], "own");
    let ändern = found(&both, asks("PIN ändern"));
    assert_eq!(ändern.len(), 2);
}

#[test]
fn customers_get_only_what_is_public_published_and_holds_today() {
    let mut internal = english("internal", "Refund limit", "");
    internal.audience = Audience::Internal;
    let mut draft = english("draft", "Refund limit", "");
    draft.status = Publication::Draft;
    let mut archived = english("archived", "Refund limit", "");
    archived.status = Publication::Archived;
    let mut expiring = english("expiring", "Refund limit", "");
    expiring.valid_until = Some(day(15));
    let shop = over(&[internal, draft, archived, expiring, english("live", "Refund limit", "")]);
    let query = asks("refund limit");
    assert_eq!(ids(&shop, query), ["expiring", "live"]);
    assert_eq!(ids(&shop, Query { today: day(16), ..query }), ["live"]);
    let all = ["archived", "draft", "expiring", "internal", "live"];
    assert_eq!(ids(&shop, Query { today: day(16), team: true, ..query }), all);
}

#[test]
fn hidden_entries_take_no_place_from_those_that_may_be_told() {
    let mut entries: Vec<Entry> = (0..50)
        .map(|n| {
            let mut hidden = english(&format!("hidden{n}"), "Refund refund", "refund");
            hidden.audience = Audience::Internal;
            hidden
        })
        .collect();
    entries.push(english("shown", "A long question that mentions a refund once", ""));
    assert_eq!(ids(&over(&entries), Query { limit: 1, ..asks("refund") }), ["shown"]);
}

#[test]
fn equal_entries_come_by_identifier_also_after_an_update() {
    let entries: Vec<Entry> =
        (0..30).map(|n| english(&format!("e{n:02}"), "The same question", "")).collect();
    let shop = over(&entries);
    let expected: Vec<String> = (0..5).map(|n| format!("e{n:02}")).collect();
    let query = Query { limit: 5, ..asks("same question") };
    assert_eq!(ids(&shop, query), expected);
    shop.update(&["e03".into()], &entries[3..4], 2).expect("it can be updated");
    assert_eq!(ids(&shop, query), expected);
}

#[test]
fn a_search_is_repeated_exactly() {
    let shop = shop();
    let query = asks("when do I get the refund of my delivery");
    let first = found(&shop, query);
    assert!(!first.is_empty());
    assert!((0..5).all(|_| found(&shop, query) == first));
}

#[test]
fn syntax_is_plain_text() {
    let shop = shop();
    for text in [
        "refund AND",
        "title:refund",
        "\"refund",
        "refund*",
        "+refund -delivery",
        "refund~2^3",
        "(",
        "[a TO b] refund",
        "\\",
        "refund\\",
        "*:*",
        "NOT refund",
    ] {
        let found = ids(&shop, asks(text));
        let is_found = text.contains("refund");
        assert_eq!(found.iter().any(|id| id == "refund"), is_found, "{text}");
    }
}

#[test]
fn strange_texts_have_an_outcome() {
    let shop = shop();
    for text in ["", " ", "🙂🙃😀", "\u{0}\u{1}\u{7f}", "\u{202e}\u{200b}", "?!", "\u{301}"] {
        assert!(ids(&shop, asks(text)).is_empty(), "{text:?}");
    }
    let long = "refund gibberish".repeat(100_000 / 16);
    assert!(found(&shop, asks(&long)).len() <= 10);
    let many: Vec<String> = (0..20_000).map(|n| format!("w{n}")).collect();
    let many = many.join(" ");
    assert!(ids(&shop, asks(&format!("refund {many}"))).contains(&"refund".to_owned()));
    let thai = Query { lang: "th".parse().expect("a code"), ..asks("") };
    assert!(ids(&shop, Query { text: &"คืนเงิน".repeat(100), ..thai }).is_empty());
    assert!(ids(&shop, Query { limit: 0, ..asks("refund") }).is_empty());
    // Three by the word, two in other languages by what it means.
    assert_eq!(ids(&shop, Query { limit: usize::MAX, ..asks("refund") }).len(), 5);
}

#[test]
fn an_empty_index_finds_nothing() {
    let empty = over(&[]);
    assert!(ids(&empty, asks("refund")).is_empty());
    assert!(empty.is_empty());
}

#[test]
fn learned_wordings_are_ways_to_ask() {
    let mut refund = english("refund", "When do I get my refund?", "Within 5 days.");
    refund.learned = vec!["whr is teh cash".to_owned()];
    let shop = over(&[refund, english("delivery", "How long does delivery take?", "Two days.")]);
    let hits = found(&shop, asks("wheres the cash"));
    assert_eq!(hits[0].entry.id.as_str(), "refund");
    assert!(hits[0].fields.ways > 0.0);
}

#[test]
fn the_share_of_the_query_s_weight_compares_over_queries() {
    let shop = shop();
    let share = |text| found(&shop, asks(text))[0].rankers.bm25;
    assert!(share("refund money") > share("refund money Zanzibar"));
    let hits = found(&shop, asks("refund"));
    let own = hits.iter().filter(|hit| hit.entry.lang == Lang::EN);
    assert!(own.clone().count() == 3 && own.clone().all(|hit| hit.rankers.bm25 > 0.0));
}

#[test]
fn an_entry_wins_by_its_best_wording_not_by_their_number() {
    let mut many = english("many", "Order questions", "");
    many.ways = (0..40).map(|n| format!("order number {n} and more words about it")).collect();
    many.ways.push("cancel the order".to_owned());
    let mut scattered = english("scattered", "Order", "");
    scattered.ways = vec!["cancel a meeting".to_owned(), "the order of things".to_owned()];
    let hits = found(&over(&[many, scattered]), asks("cancel the order"));
    assert_eq!(hits[0].entry.id.as_str(), "many");
    assert!(hits[0].fields.ways > hits[0].fields.question);
}

#[test]
fn in_large_knowledge_common_words_yield_to_rarer_ones() {
    let entries: Vec<Entry> = (0..2_100)
        .map(|n| english(&format!("e{n:04}"), &format!("Shop item {n}"), "A shop item."))
        .collect();
    let shop = over(&entries);
    let hits = found(&shop, asks("shop item 77"));
    assert_eq!(hits[0].entry.id.as_str(), "e0077");
    assert_eq!(hits[0].matched, ["77"]);
    assert_eq!(ids(&shop, asks("shop item")).len(), 10, "common words alone still find something");
}

#[test]
fn a_title_is_a_name_only_where_several_entries_bear_it() {
    let entries = |titles: usize| -> Vec<Entry> {
        let titled = (0..titles).map(|n| Entry {
            title: "Harbour Lodge".to_owned(),
            ..english(&format!("e{n}"), &format!("Question {n}"), "An answer.")
        });
        let others = (0..6).map(|n| english(&format!("o{n}"), &format!("Other {n}"), "Else."));
        titled.chain(others).collect()
    };
    for (bearers, is_name) in [(1, false), (2, false), (3, true)] {
        for text in ["is harbour lodge open", "is the lodge open"] {
            let names = over(&entries(bearers)).names(text, Lang::EN).expect("names");
            assert_eq!(!names.is_empty(), is_name, "{bearers} {text}");
        }
    }
}
