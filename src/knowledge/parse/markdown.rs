//! An article in Markdown: front matter, then a question with its answer, again and again.

use super::head::Head;
use super::problem::{Flaw, Problem, Report, flaw};
use super::text::decode;
use super::{body, entry, front, head, yaml};
use crate::knowledge::Article;

/// The largest Markdown file that is read.
pub const MAX_MARKDOWN_BYTES: usize = 1_000_000;

/// The lines above the YAML: the opening fence.
const FENCE_LINES: usize = 1;

/// Reads an article; there is one only where there is no problem.
pub fn markdown(file: &str, bytes: &[u8]) -> (Option<Article>, Vec<Problem>) {
    let mut report = Report::new(file);
    let article = match decode(bytes, MAX_MARKDOWN_BYTES) {
        Ok(text) => read(&text, &mut report),
        Err((line, flaw)) => {
            report.add(line, flaw);
            None
        }
    };
    let article = article.filter(|_| report.is_clean());
    (article, report.finish())
}

fn read(text: &str, report: &mut Report<'_>) -> Option<Article> {
    let (head, body_at) = match front::split(text) {
        Ok(Some((yaml, body_at))) => (read_head(yaml, report), body_at),
        Ok(None) => {
            report.add(1, no_front_matter());
            (Head::blank(), 0)
        }
        Err(flaw) => {
            report.add(1, flaw);
            return None;
        }
    };
    let sections = body::sections(text, body_at, report);
    if sections.is_empty() {
        let fix = "add one: `## Question`, and its answer below";
        report.add(1, flaw("the file has no entry", fix));
    }
    let entries = entry::read(text, &head, sections, report);
    Some(Article { id: head.id, lang: head.lang, title: head.title, entries })
}

fn read_head(yaml: &str, report: &mut Report<'_>) -> Head {
    match yaml::fields(yaml) {
        Ok(fields) => head::read(fields, FENCE_LINES, report),
        Err((line, flaw)) => {
            report.add(FENCE_LINES + line, flaw);
            Head::blank()
        }
    }
}

fn no_front_matter() -> Flaw {
    let fix =
        "begin it with a line of `---`, the keys `id`, `lang`, `title` and `topic`, and `---`";
    flaw("the file has no front matter", fix)
}

#[cfg(test)]
mod tests {
    use super::markdown;
    use crate::knowledge::{Article, Audience, Publication, Risk};
    use proptest::prelude::{Strategy as _, any, prop, proptest};

    const HEAD: &str = "---\nid: returns\nlang: en\ntitle: Returns\ntopic: returns\n---\n";

    fn article(body: &str) -> Article {
        let (article, problems) = markdown("a.md", format!("{HEAD}{body}").as_bytes());
        assert_eq!(problems, [], "{body}");
        article.expect("no problem, so an article")
    }

    /// The lines within the body (from 1) and what is wrong there.
    fn problems(body: &str) -> Vec<(usize, String)> {
        let (article, problems) = markdown("a.md", format!("{HEAD}{body}").as_bytes());
        assert_eq!(article.is_none(), !problems.is_empty(), "{body}");
        problems.into_iter().map(|p| (p.line.saturating_sub(6), p.what)).collect()
    }

    #[test]
    fn entries_have_ways_answers_and_terms_of_their_own() {
        let article = article(
            "\n## How *long*? {#window risk=high valid_until=2026-03-31}\n> until when\n>deadline\n\n\
             45 **days**.\n\n> quoted\n\n- a\n- b\n\n## What does it cost?\n\nNothing.\n\n\
             ## For the team {#team audience=internal status=draft}\n> a\n\n```\n## no heading\n```\n",
        );
        let ids: Vec<&str> = article.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["returns/window", "returns/what-does-it-cost", "returns/team"]);
        let [first, second, third] = &article.entries[..] else { panic!("three entries") };
        assert_eq!(first.question, "How long?");
        assert_eq!(first.ways, ["until when", "deadline"]);
        assert_eq!(first.answer, "45 **days**.\n\n> quoted\n\n- a\n- b");
        assert_eq!((first.risk, first.valid_until.is_some()), (Risk::High, true));
        assert_eq!((second.ways.len(), second.risk), (0, Risk::Standard));
        assert_eq!((third.audience, third.status), (Audience::Internal, Publication::Draft));
        assert_eq!(third.answer, "```\n## no heading\n```");
    }

    #[test]
    fn a_lone_entry_bears_the_name_of_its_article() {
        for (body, id) in
            [("## Q?\nA", "returns"), ("## Q? {#q}\nA", "returns/q"), ("## 何?\nA", "returns")]
        {
            assert_eq!(article(body).entries[0].id.as_str(), id, "{body}");
        }
    }

    #[test]
    fn each_mistake_is_told_at_its_line() {
        for (body, line, what) in [
            ("stray\n\n## Q\nA", 1, "text stands above the first question"),
            ("# Title\n\n## Q\nA", 1, "a title stands in the text"),
            ("## Q\nA\n\n### More\nB", 4, "an answer holds a heading"),
            ("## Q\nA\n\n- ## B\n", 4, "a heading stands within a list or quote"),
            ("## Q\nA\n---\nB", 2, "a heading is underlined"),
            ("## Q\n> a\nA", 3, "text follows the ways to ask directly"),
            ("## Q\n> a\n>\n\nA", 3, "a way to ask is empty"),
            ("\n## Q\n> a\n", 2, "the entry has no answer"),
            ("## {#q}\nA", 1, "the entry has no question"),
            ("## Q {#q} x\nA", 1, "the braces of the heading are not well formed"),
            ("## Q {#Q}\nA", 1, "`#Q` is no slug"),
            ("## Q {.class}\nA", 1, "`.class` in the braces means nothing"),
            ("## Q {rsik=high}\nA", 1, "the key `rsik` is unknown"),
            ("## Q {risk=high risk=low}\nA", 1, "the key `risk` stands twice in the braces"),
            ("## Q {risk}\nA", 1, "`risk` is ``"),
            ("## Q {valid_until=soon}\nA", 1, "`valid_until` is `soon`, which is no date"),
            ("## Q\nA\n## Other\nA\n## q\nA", 5, "the slug `#q` is taken by the entry in line 7"),
            ("## Q\nA\n## 何?\nA", 3, "the question gives no slug"),
            ("## Q\nA\n\n<b>x</b>\n", 4, "the text holds HTML"),
            ("## Q\nA\n\n<div>\n\nx", 4, "the text holds HTML"),
            ("## Q\nA\n![x](https://x.example/x.png)", 3, "the text holds an image"),
            ("## Q\n[x](/returns)", 2, "the link to `/returns` leads nowhere from a message"),
            (
                "## Q\n[x](javascript:x)",
                2,
                "the link to `javascript:x` leads nowhere from a message",
            ),
            ("## Q\n```\nA\n\n## Swallowed\nB", 2, "a code block is not closed"),
        ] {
            assert_eq!(problems(body), [(line, what.to_owned())], "{body}");
        }
    }

    #[test]
    fn what_looks_wrong_but_is_fine_passes() {
        for body in [
            "## Q\n5 < 6 and 7 > 3; <https://x.example> or <a@x.example>, {braces}",
            "## Q\n\n> a way\n\n---\n\n[call](tel:+441) `<b>`",
            "## Q\n```\nA\n```\n\n    indented",
        ] {
            assert_eq!(problems(body), [], "{body}");
        }
    }

    #[test]
    fn all_problems_of_a_file_are_told() {
        let file = "---\nid: A\nlang: xx1\ntopic: t\nfoo: 1\n---\n# T\n## Q\n<b>\n\n## Q\n";
        let (article, problems) = markdown("a.md", file.as_bytes());
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!((article, lines), (None, vec![1, 2, 3, 5, 7, 9, 11, 11]), "{problems:#?}");
    }

    #[test]
    fn a_file_that_cannot_be_read_at_all_says_why() {
        let huge = vec![b'a'; 10_000_000];
        for (bytes, line, what) in [
            (&b""[..], 1, "the file has no front matter"),
            (b"---\nid: a\n\n## Q\nA\n", 1, "the front matter is not closed"),
            (b"---\nid: a\n---\n\xff", 4, "the text is not UTF-8"),
            (b"---\nid: a\ntitle: b: c\n---\n", 3, "the front matter is no list"),
            (&huge, 1, "the file is larger than 1 MB"),
        ] {
            let (article, problems) = markdown("a.md", bytes);
            let told = problems.iter().any(|p| p.line == line && p.what.starts_with(what));
            assert!(article.is_none() && told, "{what}: {problems:?}");
        }
    }

    /// Bytes that look like an article often enough to reach every part of the parser.
    fn likely() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
        let pieces = [
            "---\n",
            "id: a\n",
            "lang: en\n",
            "tags: [a, 1",
            "]\n",
            "title: ü",
            ": ",
            "\n",
            "\r\n",
            "\r",
            "\n## ",
            "# ",
            "> ",
            "{#a",
            " risk=high",
            "}",
            "```",
            "<b>",
            "![x](y)",
            "[x](y)",
            "Q?",
            "- ",
            "    ",
            "\u{feff}",
            "\u{0}",
            "&a *a",
            "<<: ",
            "é",
            "---",
            "===",
            "\\",
            "|",
        ];
        let piece =
            prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec());
        let noise = prop::collection::vec(any::<u8>(), 0..3);
        let part = proptest::prop_oneof![9 => piece, 1 => noise];
        let parts = prop::collection::vec(part, 0..60);
        (any::<bool>(), parts).prop_map(|(has_head, parts)| {
            let head = if has_head { HEAD.as_bytes() } else { b"" };
            [head.to_vec(), parts.concat()].concat()
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_lines_lie_within_the_file(bytes in likely()) {
            let (article, problems) = markdown("a.md", &bytes);
            assert_eq!(article.is_none(), !problems.is_empty());
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
            let lines = text.split('\n').count();
            for problem in problems {
                assert!((1..=lines).contains(&problem.line), "{problem}");
            }
        }

        #[test]
        fn no_noise_makes_it_panic(bytes: Vec<u8>) {
            let (article, problems) = markdown("a.md", &bytes);
            assert_eq!(article.is_none(), !problems.is_empty());
        }
    }
}
