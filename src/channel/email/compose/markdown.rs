//! Markdown of ours as plain text and as HTML for mail programs, which know few tags and no styles but those
//! within.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

const PARAGRAPH: &str = "<p style=\"margin:0 0 16px\">";
const CODE: &str = "<pre style=\"white-space:pre-wrap;margin:0 0 16px\"><code>";
const QUOTE: &str =
    "<blockquote style=\"margin:0 0 16px;padding:0 0 0 12px;border-left:2px solid #8888\">";

fn events(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH)
}

/// The address of a link that may be followed: to the web or to an address.
fn address(link_type: LinkType, destination: &str) -> Option<String> {
    if link_type == LinkType::Email {
        return Some(format!("mailto:{destination}"));
    }
    let parsed = url::Url::parse(destination.trim()).ok()?;
    matches!(parsed.scheme(), "http" | "https" | "mailto").then(|| parsed.to_string())
}

/// Markdown as HTML. HTML in it shows as text, a picture as its description, a link that leads nowhere safe
/// as its words.
pub(super) fn to_html(markdown: &str) -> String {
    let mut links = Vec::new();
    let shown = events(markdown).filter_map(|event| {
        Some(match event {
            Event::Start(tag) => open(tag, &mut links)?,
            Event::End(tag) => close(tag, &mut links)?,
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::SoftBreak => Event::HardBreak,
            Event::Text(_) | Event::Code(_) | Event::HardBreak | Event::Rule => event,
            _ => return None,
        })
    });
    let mut page = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut page, shown);
    page
}

fn open<'a>(tag: Tag<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    let raw = |text: &'static str| Some(Event::InlineHtml(CowStr::from(text)));
    match tag {
        Tag::Link { link_type, dest_url, .. } => {
            let address = address(link_type, &dest_url);
            links.push(address.is_some());
            let mut escaped = String::from("<a href=\"");
            pulldown_cmark_escape(&mut escaped, &address?);
            escaped.push_str("\">");
            Some(Event::InlineHtml(CowStr::from(escaped)))
        }
        Tag::Heading { .. } => raw("<p style=\"margin:0 0 16px\"><strong>"),
        Tag::Paragraph | Tag::HtmlBlock => raw(PARAGRAPH),
        Tag::CodeBlock(_) => raw(CODE),
        Tag::BlockQuote(_) => raw(QUOTE),
        Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
            Some(Event::Start(tag))
        }
        _ => None,
    }
}

fn close<'a>(tag: TagEnd, links: &mut Vec<bool>) -> Option<Event<'a>> {
    let raw = |text: &'static str| Some(Event::InlineHtml(CowStr::from(text)));
    match tag {
        TagEnd::Link => links.pop().filter(|is_shown| *is_shown).and_then(|_| raw("</a>")),
        TagEnd::Heading(_) => raw("</strong></p>\n"),
        TagEnd::Paragraph | TagEnd::HtmlBlock => raw("</p>\n"),
        TagEnd::CodeBlock => raw("</code></pre>\n"),
        TagEnd::BlockQuote(_) => raw("</blockquote>\n"),
        TagEnd::List(_)
        | TagEnd::Item
        | TagEnd::Emphasis
        | TagEnd::Strong
        | TagEnd::Strikethrough => Some(Event::End(tag)),
        _ => None,
    }
}

/// Text as it stands in HTML.
fn pulldown_cmark_escape(page: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '&' => page.push_str("&amp;"),
            '"' => page.push_str("&quot;"),
            other => page.push(other),
        }
    }
}

/// Markdown as plain text: lists keep their marks, links their addresses.
pub(super) fn to_plain(markdown: &str) -> String {
    let mut plain = Plain::default();
    for event in events(markdown) {
        plain.take(event);
    }
    plain.text.trim().to_owned()
}

/// Plain text being written.
#[derive(Default)]
struct Plain {
    text: String,
    /// For each list that is open, the number of its next item, where it counts.
    lists: Vec<Option<u64>>,
    /// For each link that is open, its address and where its words begin.
    links: Vec<(Option<String>, usize)>,
    quotes: usize,
}

impl Plain {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                let mut lines = text.split('\n');
                self.text.push_str(lines.next().unwrap_or_default());
                for line in lines {
                    self.line();
                    self.text.push_str(line);
                }
            }
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.text.push_str("----");
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock
                // The first paragraph of an item stands beside its mark.
                if !self.text.ends_with("- ") && !self.text.ends_with(". ") => {
                    self.block();
                }
            Tag::BlockQuote(_) => {
                self.quotes += 1;
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Link { link_type, dest_url, .. } => {
                self.links.push((address(link_type, &dest_url), self.text.len()));
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Link => {
                let Some((Some(address), at)) = self.links.pop() else { return };
                let words = self.text.get(at..).unwrap_or_default();
                let bare = address.trim_start_matches("mailto:").trim_end_matches('/');
                if !words.trim_end_matches('/').eq_ignore_ascii_case(bare) {
                    self.text =
                        format!("{} ({})", self.text, address.trim_start_matches("mailto:"));
                }
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.line();
        }
        self.text.push_str(&"  ".repeat(self.lists.len().saturating_sub(1)));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.text = format!("{}{number}. ", self.text);
                *number += 1;
            }
            _ => self.text.push_str("- "),
        }
    }

    /// Begins a line.
    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&"> ".repeat(self.quotes));
    }

    /// Begins a block, with an empty line before it.
    fn block(&mut self) {
        if !self.text.is_empty() {
            while self.text.ends_with('\n') {
                self.text.pop();
            }
            self.text.push_str("\n\n");
        }
        self.text.push_str(&"> ".repeat(self.quotes));
    }
}

#[cfg(test)]
mod tests {
    use super::{to_html, to_plain};

    #[test]
    fn plain_text_reads_like_what_was_meant() {
        for (markdown, plain) in [
            ("Within **30 days**, *really*.", "Within 30 days, really."),
            ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
            ("Hi:\n\n- a\n- b\n\nBye", "Hi:\n\n- a\n- b\n\nBye"),
            ("1. a\n2. b", "1. a\n2. b"),
            ("- a\n  - b\n- c", "- a\n  - b\n- c"),
            ("See [the shop](https://shop.example/a).", "See the shop (https://shop.example/a)."),
            ("<https://shop.example>", "https://shop.example"),
            ("[x](javascript:alert(1))", "x"),
            ("> quoted\n> on", "> quoted\n> on"),
            ("# Big\n\ntext", "Big\n\ntext"),
            ("`a < b`", "a < b"),
            ("a <b>c</b>", "a <b>c</b>"),
            ("![see](https://evil.example/p.png)", "see"),
        ] {
            assert_eq!(to_plain(markdown), plain, "{markdown}");
        }
    }

    #[test]
    fn html_holds_nothing_that_acts() {
        for (markdown, holds) in [
            ("<script>alert(1)</script>", "&lt;script&gt;"),
            ("a <b onclick=x>b</b>", "&lt;b onclick=x&gt;"),
            ("![see](https://evil.example/p.png)", ">see<"),
            ("[x](javascript:alert(1))", ">x<"),
            ("[x](https://a.example/?a=1&b=\")", "href=\"https://a.example/?a=1&amp;b="),
            ("**b** and `c`", "<strong>b</strong> and <code>c</code>"),
            ("- a\n- b", "<li>a</li>"),
        ] {
            let page = to_html(markdown);
            assert!(page.contains(holds), "{markdown}: {page}");
            for bad in ["<script", "<img", "javascript:", "<b onclick"] {
                assert!(!page.contains(bad), "{markdown}: {page}");
            }
        }
    }
}
