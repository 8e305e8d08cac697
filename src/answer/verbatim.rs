//! The approved words themselves: the best entry of each question, unchanged.

use super::text::{akin, sentences, words};
use super::{Asked, Drafted, Request};
use crate::conversation::{Citation, Draft, Writer};
use crate::knowledge::Entry;

/// Characters an excerpt has at most, where its first sentence allows.
const EXCERPT: usize = 300;

/// Below this share of its words an entry hardly speaks of a question,
const HARDLY: f64 = 0.4;
/// unless a ranker that goes by meaning finds the two so alike.
const ALIKE: f64 = 0.6;

/// Writes a draft of the approved answer to each question, one after the other, each entry once.
pub fn verbatim(request: &Request<'_>) -> Drafted {
    let mut used: Vec<&Entry> = Vec::new();
    let mut citations = Vec::new();
    let mut covered = Vec::new();
    let is_one_of_many = request.asked.len() > 1;
    for asked in request.asked {
        let Some(entry) = approved(asked, is_one_of_many) else { continue };
        covered.push(asked.question.clone());
        if !used.iter().any(|known| known.id == entry.id) {
            citations.push(cite(entry, excerpt(asked, entry)));
            used.push(entry);
        }
    }
    let draft = used.first().map(|first| Draft {
        text: used.iter().map(|entry| entry.answer.trim()).collect::<Vec<_>>().join("\n\n"),
        citations,
        writer: Writer::Verbatim,
        lang: first.lang,
    });
    Drafted { draft, covered, ..Drafted::default() }
}

/// A citation of the entry; `excerpt` must stand in its answer.
pub fn cite(entry: &Entry, excerpt: &str) -> Citation {
    let title = if entry.question.trim().is_empty() { &entry.title } else { &entry.question };
    Citation {
        entry: entry.id.clone(),
        version: entry.version,
        excerpt: excerpt.to_owned(),
        title: title.trim().to_owned(),
    }
}

/// The approved answer to a question. Beside an answer that fits, one that hardly does would pass
/// for part of it, so that one of several questions rather stays open.
fn approved(asked: &Asked, is_one_of_many: bool) -> Option<&Entry> {
    let best = asked.hits.first()?;
    let likeness = [best.rankers.words, best.rankers.encoder, best.rankers.head];
    let is_alike = likeness.into_iter().flatten().any(|likeness| likeness >= ALIKE);
    if is_one_of_many && best.coverage < HARDLY && !is_alike {
        return None;
    }
    let entry = &best.entry;
    (!entry.answer.trim().is_empty()).then_some(entry)
}

/// What is cited: of the passage that the search found alike, or of the whole answer where it found
/// none, the paragraph that fits best.
fn excerpt<'a>(asked: &'a Asked, entry: &'a Entry) -> &'a str {
    let found = asked.hits.first().and_then(|hit| hit.passage.as_deref());
    let found = found.filter(|found| entry.answer.contains(found));
    passage(found.unwrap_or(&entry.answer), asked.words())
}

/// The paragraph that shares most words with the question, the first on a tie, cut after a sentence.
fn passage<'a>(answer: &'a str, question: &str) -> &'a str {
    let wanted: Vec<String> = words(question).into_iter().filter(|word| word.len() > 3).collect();
    let shared = |paragraph: &str| {
        let there = words(paragraph);
        wanted.iter().filter(|word| there.iter().any(|other| akin(word, other))).count()
    };
    let paragraphs = answer.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    let mut best = (0, answer);
    for (place, paragraph) in paragraphs.enumerate() {
        let score = shared(paragraph);
        if place == 0 || score > best.0 {
            best = (score, paragraph);
        }
    }
    beginning(best.1.trim())
}

fn beginning(paragraph: &str) -> &str {
    let mut end = 0;
    for sentence in sentences(paragraph) {
        if end > 0 && end + sentence.len() > EXCERPT {
            break;
        }
        end += sentence.len();
    }
    paragraph.get(..end).unwrap_or(paragraph).trim_end()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{asked, entry, hit, turn};
    use super::super::{Request, ground};
    use super::{passage, verbatim};
    use crate::conversation::Writer;
    use crate::lang::Lang;

    #[test]
    fn the_best_entry_of_each_question_is_used_once_and_unchanged() {
        let returns = entry("returns", "How long can I return?", "You have **30 days**.\n");
        let shipping = entry("shipping", "", "We ship to:\n\n- Norway\n- Sweden");
        let turn = turn("…");
        let questions = [
            asked("return?", vec![hit(&returns), hit(&shipping)]),
            asked("to Sweden?", vec![hit(&shipping)]),
            asked("send back?", vec![hit(&returns)]),
            asked("moon?", vec![]),
        ];
        let drafted = verbatim(&Request { turn: &turn, lang: Lang::EN, asked: &questions });

        assert_eq!(drafted.covered, ["return?", "to Sweden?", "send back?"]);
        assert_eq!((drafted.answerable, drafted.problem), (None, None));
        let draft = drafted.draft.expect("two entries were found");
        assert_eq!(draft.text, "You have **30 days**.\n\nWe ship to:\n\n- Norway\n- Sweden");
        assert_eq!(draft.writer, Writer::Verbatim);
        let cited: Vec<_> =
            draft.citations.iter().map(|c| (c.entry.as_str(), &*c.title, &*c.excerpt)).collect();
        assert_eq!(
            cited,
            [
                ("returns", "How long can I return?", "You have **30 days**."),
                ("shipping", "About shipping", "- Norway\n- Sweden"),
            ]
        );
        let grounding = ground::check(&draft, &[&returns, &shipping], "", ground::unlike);
        assert_eq!((grounding.undocumented.len(), grounding.share), (0, 1.0));
    }

    #[test]
    fn an_empty_answer_gives_no_draft() {
        let empty = entry("empty", "What?", " \n");
        let turn = turn("what?");
        let questions = [asked("what?", vec![hit(&empty)])];
        let drafted = verbatim(&Request { turn: &turn, lang: Lang::EN, asked: &questions });
        assert_eq!((drafted.draft, drafted.covered.len()), (None, 0));
    }

    #[test]
    fn the_passage_that_the_search_found_is_cited() {
        let entry = entry("returns", "Returns?", "Refunds take 5 days.\n\nCash comes by post.");
        let turn = turn("…");
        let mut found = hit(&entry);
        for (passage, cited) in [
            (Some("Cash comes by post."), "Cash comes by post."),
            (Some("What stands nowhere."), "Refunds take 5 days."),
            (None, "Refunds take 5 days."),
        ] {
            found.passage = passage.map(str::to_owned);
            let questions = [asked("when do refunds come", vec![found.clone()])];
            let drafted = verbatim(&Request { turn: &turn, lang: Lang::EN, asked: &questions });
            assert_eq!(drafted.draft.expect("a draft").citations[0].excerpt, cited);
        }
    }

    #[test]
    fn the_excerpt_is_the_passage_that_matches_best() {
        let answer = "We are a shop.\n\nReturns take 30 days. Refunds take longer.\n\nBye.";
        for (question, expected) in [
            ("how long do refunds take", "Returns take 30 days. Refunds take longer."),
            ("zzz", "We are a shop."),
        ] {
            assert_eq!(passage(answer, question), expected);
            assert!(answer.contains(expected));
        }
        let long = "Long words again and again. ".repeat(40);
        let excerpt = passage(&long, "words");
        assert!(long.contains(excerpt) && excerpt.len() <= 300 && excerpt.ends_with("again."));
    }
}
