//! What an edit changed, word by word; and a draft as the customer would see it, with its sources in place.

use crate::conversation::{Citation, variables};
use crate::web::markdown::{Mark, escaped, find_words, to_html_marked, visible};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// How long a comparison may take; of texts that have little in common the rest is shown as replaced.
const LONGEST: Duration = Duration::from_millis(200);

/// Both texts in one, as HTML: what is gone and what has come are told apart by elements, not by colour alone.
pub(super) fn difference(before: &str, after: &str) -> String {
    let (before, after) = (visible(before), visible(after));
    let words = TextDiff::configure().timeout(LONGEST).diff_unicode_words(&*before, &*after);
    let mut page = String::with_capacity(before.len() + after.len());
    let mut open = ChangeTag::Equal;
    for change in words.iter_all_changes() {
        if change.tag() != open {
            page.push_str(end(open));
            open = change.tag();
            page.push_str(begin(open));
        }
        page.push_str(&escaped(change.value()));
    }
    page.push_str(end(open));
    page
}

fn begin(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "",
        ChangeTag::Delete => "<del>",
        ChangeTag::Insert => "<ins>",
    }
}

fn end(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "",
        ChangeTag::Delete => "</del>",
        ChangeTag::Insert => "</ins>",
    }
}

/// A text as the customer would see it. The number of each source stands behind the words that it is quoted
/// for, or where the text names it; those of which it says nothing stand at its end.
pub(super) fn preview(text: &str, citations: &[Citation]) -> String {
    let (text, mut marks) = numbered(&visible(text), citations.len());
    for (number, citation) in (1..).zip(citations) {
        let is_named =
            marks.iter().any(|mark| matches!(mark, Mark::Source(_, named) if *named == number));
        if !is_named {
            let place = find_words(&text, &visible(&citation.excerpt));
            marks.push(Mark::Source(place.map_or(text.len(), |words| words.end), number));
        }
    }
    marks.extend(variables(&text).map(|(place, _)| Mark::Words(place, "open")));
    to_html_marked(&text, &marks)
}

/// The text without its `[1]`, and where each stood.
fn numbered(text: &str, sources: usize) -> (String, Vec<Mark>) {
    let (mut rest, mut out, mut marks) = (text, String::with_capacity(text.len()), Vec::new());
    while let Some(at) = rest.find('[') {
        let named = rest[at + 1..].split_once(']').and_then(|(number, after)| {
            let number = number.parse::<usize>().ok().filter(|it| (1..=sources).contains(it))?;
            (!after.starts_with(['(', '[', ':'])).then_some((number, after))
        });
        if let Some((number, after)) = named {
            out.push_str(&rest[..at]);
            marks.push(Mark::Source(out.len(), number));
            rest = after;
        } else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    (out, marks)
}

#[cfg(test)]
mod tests {
    use super::{difference, preview};
    use crate::conversation::Citation;

    #[test]
    fn a_difference_is_told_in_words() {
        for (before, after, page) in [
            ("You have 45 days.", "You have 50 days.", "You have <del>45</del><ins>50</ins> days."),
            ("same", "same", "same"),
            ("", "new", "<ins>new</ins>"),
            ("old", "", "<del>old</del>"),
            ("<b>", "<i>", "&lt;<del>b</del><ins>i</ins>&gt;"),
            ("Geht es", "Es geht nicht", "<del>Geht es</del><ins>Es geht nicht</ins>"),
        ] {
            let told = difference(before, after);
            if page.contains("Geht") {
                assert!(told.contains("<ins>") && told.contains("nicht"), "{told}");
            } else {
                assert_eq!(told, page, "{before} / {after}");
            }
        }
    }

    #[test]
    fn each_source_stands_behind_what_it_is_quoted_for() {
        let citation = |excerpt: &str| Citation {
            entry: "returns".into(),
            version: 1,
            excerpt: excerpt.into(),
            title: "How long?".into(),
        };
        let chip = |n| format!("<a class=\"chip\" id=\"chip-{n}\" href=\"#source-{n}\">[{n}]</a>");
        for (text, excerpts, page) in [
            (
                "You have\n30 days. Bye",
                &["You have 30 days."][..],
                format!("<p>You have<br />\n30 days.{} Bye</p>\n", chip(1)),
            ),
            ("It is long [1].", &["30 days"], format!("<p>It is long {}.</p>\n", chip(1))),
            ("Long.", &["30 days"], format!("<p>Long.{}</p>\n", chip(1))),
            (
                "A [3] b [1](https://x.example)",
                &["A"],
                format!(
                    "<p>A{} [3] b <a href=\"https://x.example/\" rel=\"noopener nofollow noreferrer\" target=\"_blank\">1</a></p>\n",
                    chip(1)
                ),
            ),
        ] {
            let citations: Vec<_> = excerpts.iter().map(|excerpt| citation(excerpt)).collect();
            assert_eq!(preview(text, &citations), page, "{text}");
        }
    }
}
