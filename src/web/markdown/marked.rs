//! Markdown with places of it marked: what a citation stands for, what is cited, what is not filled in yet.

use super::{Safe, escaped, options};
use pulldown_cmark::{CowStr, Event, Parser, html};
use std::ops::Range;

/// A place of a text that is shown as more than its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum Mark {
    /// These words are set off, as one of a class.
    Words(Range<usize>, &'static str),
    /// After this place the number of a source stands, as a link to it.
    Source(usize, usize),
}

/// Renders Markdown of ours with marks at places of it. `visible` is what [`super::visible`] has made of a
/// text. Sources whose place shows nothing stand at the end.
pub(in crate::web) fn to_html_marked(visible: &str, marks: &[Mark]) -> String {
    let mut page =
        Page { source: visible, marks, shown: vec![false; marks.len()], events: Vec::new() };
    let mut safe = Safe::default();
    for (event, range) in Parser::new_ext(visible, options()).into_offset_iter() {
        match safe.pass(event) {
            Some(Event::Text(words)) => page.text(&words, &range),
            Some(Event::Code(words)) => page.code(&words, &range),
            Some(Event::End(tag)) => {
                page.sources_until(range.end);
                page.events.push(Event::End(tag));
            }
            Some(other) => page.events.push(other),
            None => {}
        }
    }
    page.sources_until(usize::MAX);
    let mut out = String::with_capacity(visible.len() * 2);
    html::push_html(&mut out, page.events.into_iter());
    out
}

/// Where words stand in a text, whatever the spaces and line ends between them.
pub(in crate::web) fn find_words(text: &str, words: &str) -> Option<Range<usize>> {
    let sought: String = words.split_whitespace().collect();
    let mut compact = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    for (at, letter) in text.char_indices().filter(|(_, letter)| !letter.is_whitespace()) {
        compact.push(letter);
        places.extend(std::iter::repeat_n(at, letter.len_utf8()));
    }
    let start = compact.find(&sought).filter(|_| !sought.is_empty())?;
    let last = *places.get(start + sought.len() - 1)?;
    let last_letter = text[last..].chars().next()?;
    Some(places[start]..last + last_letter.len_utf8())
}

/// A page in the making.
struct Page<'a> {
    source: &'a str,
    marks: &'a [Mark],
    /// For each mark whether it has been shown; for words that never matters.
    shown: Vec<bool>,
    events: Vec<Event<'a>>,
}

impl Page<'_> {
    /// Words as they stand in the source are cut at each mark; others, such as `&amp;`, stay whole.
    fn text(&mut self, words: &str, range: &Range<usize>) {
        if self.source.get(range.clone()) != Some(words) {
            self.piece(words, range);
            return;
        }
        let mut cuts = vec![range.start, range.end];
        for mark in self.marks {
            match mark {
                Mark::Words(marked, _) => cuts.extend([marked.start, marked.end]),
                Mark::Source(at, _) => cuts.push(*at),
            }
        }
        cuts.retain(|cut| range.contains(cut) || *cut == range.end);
        cuts.sort_unstable();
        cuts.dedup();
        for pair in cuts.windows(2) {
            if let [start, end] = *pair
                && let Some(piece) = self.source.get(start..end)
            {
                self.piece(piece, &(start..end));
            }
        }
    }

    fn piece(&mut self, words: &str, range: &Range<usize>) {
        self.set_off(&escaped(words), range);
    }

    fn code(&mut self, words: &str, range: &Range<usize>) {
        self.set_off(&format!("<code>{}</code>", escaped(words)), range);
    }

    fn set_off(&mut self, html: &str, range: &Range<usize>) {
        let class = self.marks.iter().find_map(|mark| match mark {
            Mark::Words(marked, class) if overlap(marked, range) => Some(*class),
            Mark::Words(..) | Mark::Source(..) => None,
        });
        let html = match class {
            Some(class) => format!("<mark class=\"{class}\">{html}</mark>"),
            None => html.to_owned(),
        };
        self.events.push(Event::InlineHtml(CowStr::from(html)));
        self.sources_until(range.end);
    }

    /// Shows the sources whose place has gone by.
    fn sources_until(&mut self, end: usize) {
        for (mark, shown) in self.marks.iter().zip(&mut self.shown) {
            if let Mark::Source(at, number) = mark
                && *at <= end
                && !*shown
            {
                *shown = true;
                let chip = format!(
                    "<a class=\"chip\" id=\"chip-{number}\" href=\"#source-{number}\">[{number}]</a>"
                );
                self.events.push(Event::InlineHtml(CowStr::from(chip)));
            }
        }
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

#[cfg(test)]
mod tests {
    use super::{Mark, find_words, to_html_marked};
    use crate::web::markdown::to_html;

    const CHIP: &str = "<a class=\"chip\" id=\"chip-1\" href=\"#source-1\">[1]</a>";

    #[test]
    fn words_are_found_whatever_is_between_them() {
        for (text, words, found) in [
            ("You have 30  days\nto return it.", "30 days to return", Some("30  days\nto return")),
            ("Über 30 Tage", "Über", Some("Über")),
            ("30 days", "31 days", None),
            ("30 days", " \n", None),
            ("", "x", None),
        ] {
            assert_eq!(find_words(text, words).map(|range| &text[range]), found, "{words}");
        }
    }

    #[test]
    fn marks_stand_where_they_belong() {
        for (text, marks, page) in [
            ("Keep it **30 days**.", vec![Mark::Source(18, 1)], format!("<p>Keep it <strong>30 days{CHIP}</strong>.</p>\n")),
            ("One. Two.", vec![Mark::Source(4, 1)], format!("<p>One.{CHIP} Two.</p>\n")),
            ("One.", vec![Mark::Source(99, 1)], format!("<p>One.</p>\n{CHIP}")),
            ("- a\n- b", vec![Mark::Source(3, 1)], format!("<ul>\n<li>a{CHIP}</li>\n<li>b</li>\n</ul>\n")),
            (
                "a <b> `c` d",
                vec![Mark::Words(2..9, "cited")],
                "<p>a <mark class=\"cited\">&lt;b&gt;</mark><mark class=\"cited\"> </mark><mark class=\"cited\"><code>c</code></mark> d</p>\n".to_owned(),
            ),
        ] {
            assert_eq!(to_html_marked(text, &marks), page, "{text}");
        }
    }

    #[test]
    fn without_marks_a_page_is_what_it_always_is() {
        for text in [
            "A & B &amp; <i>",
            "# Big\n\n1. x\n2. `y`",
            "[a](https://b.example) \"c\" 'd'",
            "```\n<x>\n```",
        ] {
            let plain = to_html(text).replace("&quot;", "\"").replace("&#39;", "'");
            let marked = to_html_marked(text, &[]).replace("&quot;", "\"").replace("&#39;", "'");
            assert_eq!(marked, plain, "{text}");
        }
    }
}
