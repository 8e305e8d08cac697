//! Messages as HTML: ours from Markdown, cut down to what is safe, and the customer's as the plain text it is.

mod marked;

pub(super) use marked::{Mark, find_words, to_html_marked};

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use std::fmt::Write;

/// Renders Markdown of ours. Emphasis, lists, code, quotes and links to the web or an e-mail address
/// come through; HTML shows as text, a picture as its description, any other link as its words.
pub(super) fn to_html(markdown: &str) -> String {
    let visible = visible(markdown);
    let mut safe = Safe::default();
    let events: Vec<Event<'_>> =
        Parser::new_ext(&visible, options()).filter_map(|event| safe.pass(event)).collect();
    let mut page = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut page, events.into_iter());
    page
}

/// What of Markdown is understood beyond its core.
fn options() -> Options {
    Options::ENABLE_STRIKETHROUGH
}

/// The words of Markdown on one line, for lists.
pub(super) fn to_words(markdown: &str) -> String {
    let visible = visible(markdown);
    let mut words = String::with_capacity(visible.len());
    for event in Parser::new_ext(&visible, options()) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(_) => words.push(' '),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Renders text that somebody else wrote: escaped, line breaks kept, and kept from turning round the
/// words beside it.
pub(super) fn plain_to_html(text: &str) -> String {
    let mut page = String::with_capacity(text.len() + 64);
    page.push_str("<p dir=\"auto\">");
    for character in visible(text.trim_end()).chars() {
        match character {
            '\n' => page.push_str("<br>\n"),
            other => push_escaped(&mut page, other),
        }
    }
    page.push_str("</p>\n");
    page
}

/// Text as HTML, as it stands.
pub(super) fn escaped(text: &str) -> String {
    let mut page = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push_escaped(&mut page, character));
    page
}

/// Makes characters that act instead of showing visible: control characters as their symbols, those
/// that turn the writing direction or hide in text by their code.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => shown.push('\n'),
            '\n' | '\t' => shown.push(character),
            '\u{0}'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(character))),
            '\u{7f}' => shown.push('\u{2421}'),
            other if acts(other) => push_code(&mut shown, other),
            other => shown.push(other),
        }
    }
    shown
}

/// Whether a character has no look of its own and changes what is around it. Joiners stay: emoji and
/// several scripts need them.
fn acts(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

fn push_code(shown: &mut String, character: char) {
    // Writing to a string cannot fail.
    write!(shown, "⟨U+{:04X}⟩", u32::from(character)).unwrap_or_default();
}

fn push_escaped(page: &mut String, character: char) {
    match character {
        '<' => page.push_str("&lt;"),
        '>' => page.push_str("&gt;"),
        '&' => page.push_str("&amp;"),
        '"' => page.push_str("&quot;"),
        '\'' => page.push_str("&#39;"),
        other => page.push(other),
    }
}

/// What is being left out while the events go by.
#[derive(Default)]
struct Safe {
    /// For each link that is open, whether it is shown as one.
    links: Vec<bool>,
}

impl Safe {
    fn pass<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => Some(Event::Text(text)),
            // A line break that somebody typed is one that they want to see.
            Event::SoftBreak => Some(Event::HardBreak),
            Event::Text(_) | Event::Code(_) | Event::HardBreak | Event::Rule => Some(event),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => None,
        }
    }

    fn open<'a>(&mut self, tag: Tag<'a>) -> Option<Event<'a>> {
        match tag {
            Tag::Link { link_type, dest_url, .. } => {
                let address = address(link_type, &dest_url);
                self.links.push(address.is_some());
                address.map(|address| Event::InlineHtml(CowStr::from(opening(&address))))
            }
            // Headings would break the outline of the page around the message.
            Tag::Heading { .. } => Some(Event::InlineHtml(CowStr::from("<p><strong>"))),
            Tag::CodeBlock(_) => Some(Event::InlineHtml(CowStr::from("<pre><code>"))),
            Tag::HtmlBlock => Some(Event::Start(Tag::Paragraph)),
            Tag::Paragraph
            | Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough => Some(Event::Start(match tag {
                Tag::BlockQuote(_) => Tag::BlockQuote(None),
                other => other,
            })),
            _ => None,
        }
    }

    fn close<'a>(&mut self, tag: TagEnd) -> Option<Event<'a>> {
        match tag {
            TagEnd::Link => match self.links.pop() {
                Some(true) => Some(Event::InlineHtml(CowStr::from("</a>"))),
                _ => None,
            },
            TagEnd::Heading(_) => Some(Event::InlineHtml(CowStr::from("</strong></p>\n"))),
            TagEnd::CodeBlock => Some(Event::InlineHtml(CowStr::from("</code></pre>\n"))),
            TagEnd::HtmlBlock => Some(Event::End(TagEnd::Paragraph)),
            TagEnd::BlockQuote(_) => Some(Event::End(TagEnd::BlockQuote(None))),
            TagEnd::Paragraph
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough => Some(Event::End(tag)),
            _ => None,
        }
    }
}

/// The address of a link that may be followed.
fn address(link_type: LinkType, destination: &str) -> Option<String> {
    if link_type == LinkType::Email {
        return Some(format!("mailto:{destination}"));
    }
    let parsed = url::Url::parse(destination.trim()).ok()?;
    matches!(parsed.scheme(), "http" | "https" | "mailto").then(|| parsed.to_string())
}

fn opening(address: &str) -> String {
    let mut tag = String::from("<a href=\"");
    for character in address.chars() {
        push_escaped(&mut tag, character);
    }
    tag.push_str("\" rel=\"noopener nofollow noreferrer\" target=\"_blank\">");
    tag
}

#[cfg(test)]
mod tests {
    use super::{plain_to_html, to_html, to_words, visible};

    #[test]
    fn markdown_of_ours_keeps_its_shape() {
        for (markdown, page) in [
            ("Hello **you**", "<p>Hello <strong>you</strong></p>\n"),
            ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
            ("# Big", "<p><strong>Big</strong></p>\n"),
            (
                "[shop](https://shop.example/a?b=1&c=2)",
                "<p><a href=\"https://shop.example/a?b=1&amp;c=2\" rel=\"noopener nofollow noreferrer\" target=\"_blank\">shop</a></p>\n",
            ),
            (
                "<help@shop.example>",
                "<p><a href=\"mailto:help@shop.example\" rel=\"noopener nofollow noreferrer\" target=\"_blank\">help@shop.example</a></p>\n",
            ),
        ] {
            assert_eq!(to_html(markdown), page, "{markdown}");
        }
    }

    #[test]
    fn what_could_act_shows_as_text() {
        for (markdown, page) in [
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
            ("[x](javascript:alert(1))", "<p>x</p>\n"),
            ("[x](JaVaScRiPt:alert(1))", "<p>x</p>\n"),
            ("[x](data:text/html,hi)", "<p>x</p>\n"),
            ("[x](/logout)", "<p>x</p>\n"),
            ("![see](https://evil.example/p.png)", "<p>see</p>\n"),
            (
                "![a](x) [b](https://a.example/\"onmouseover=)",
                "<p>a <a href=\"https://a.example/%22onmouseover=\" rel=\"noopener nofollow noreferrer\" target=\"_blank\">b</a></p>\n",
            ),
        ] {
            assert_eq!(to_html(markdown), page, "{markdown}");
        }
    }

    #[test]
    fn a_customers_words_stay_words() {
        for (text, page) in [
            ("**not bold**", "<p dir=\"auto\">**not bold**</p>\n"),
            ("a\r\nb\rc\n", "<p dir=\"auto\">a<br>\nb<br>\nc</p>\n"),
            ("<i>&\"'", "<p dir=\"auto\">&lt;i&gt;&amp;&quot;&#39;</p>\n"),
        ] {
            assert_eq!(plain_to_html(text), page, "{text}");
        }
    }

    #[test]
    fn a_list_shows_the_words_alone() {
        for (markdown, words) in [
            ("Hello **you**\n\n- one\n- two", "Hello you one two"),
            ("see [here](https://a.example)", "see here"),
            ("a <b>c</b>", "a <b>c</b>"),
        ] {
            assert_eq!(to_words(markdown), words);
        }
    }

    #[test]
    fn characters_that_act_are_made_visible() {
        for (text, shown) in [
            ("a\u{0}b\u{1b}[31m", "a␀b␛[31m"),
            ("del\u{7f}", "del␡"),
            ("\u{202e}gpj.exe", "⟨U+202E⟩gpj.exe"),
            ("tag\u{e0041}", "tag⟨U+E0041⟩"),
            ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
            ("tab\tstays", "tab\tstays"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
