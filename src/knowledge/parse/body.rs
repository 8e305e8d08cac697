//! The body of an article: cut at its questions, and checked for what no customer could be shown.

use super::problem::{Flaw, Report, flaw};
use super::text::Lines;
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};
use std::ops::Range;

/// A question's heading and where the lines below it stand.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The line of the heading, from 1.
    pub line: usize,
    /// The heading without its braces.
    pub question: String,
    /// The braces' `#slug`.
    pub slug: Option<String>,
    /// The braces' keys with their values.
    pub terms: Vec<(String, Option<String>)>,
    /// The bytes of the file between this heading and the next.
    pub below: Range<usize>,
}

/// Cuts the text from `start` on into sections.
pub fn sections(text: &str, start: usize, report: &mut Report<'_>) -> Vec<Section> {
    let lines = Lines::new(text);
    let mut cut = Cut {
        text,
        lines: &lines,
        report,
        sections: Vec::new(),
        depth: 0,
        heading: None,
        strays: false,
    };
    let parser = Parser::new_ext(&text[start..], Options::ENABLE_HEADING_ATTRIBUTES);
    for (event, range) in parser.into_offset_iter() {
        cut.take(event, start + range.start..start + range.end);
    }
    cut.sections
}

/// The work of cutting: what was found so far, and where in the document we are.
struct Cut<'a, 'f> {
    text: &'a str,
    lines: &'a Lines,
    report: &'a mut Report<'f>,
    sections: Vec<Section>,
    /// How many blocks and spans are open around the next event.
    depth: usize,
    /// The text of the heading that is open.
    heading: Option<String>,
    /// Whether text above the first question was told.
    strays: bool,
}

impl Cut<'_, '_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        let at = range.start;
        let is_heading = matches!(event, Event::Start(Tag::Heading { .. }));
        if self.depth == 0 && self.sections.is_empty() && !self.strays && !is_heading {
            self.strays = true;
            let fix = "begin each entry with `## Question`, and put its answer below";
            self.tell(at, flaw("text stands above the first question", fix));
        }
        match event {
            Event::Start(tag) => {
                if let Some(flaw) = unfit(&tag, self.depth == 0, &self.text[range]) {
                    self.tell(at, flaw);
                } else if let Tag::Heading { id, classes, attrs, .. } = tag {
                    self.open(at, id, &classes, attrs);
                }
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth -= 1;
                if matches!(tag, TagEnd::Heading(_)) {
                    self.close_heading();
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut self.heading {
                    heading.push_str(&text);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let fix = "write Markdown; for a bare `<` write `\\<`";
                self.tell(at, flaw("the text holds HTML", fix));
            }
            _ => {}
        }
    }

    fn open(
        &mut self,
        at: usize,
        id: Option<CowStr<'_>>,
        classes: &[CowStr<'_>],
        attrs: Vec<(CowStr<'_>, Option<CowStr<'_>>)>,
    ) {
        for class in classes {
            let what = format!("`.{class}` in the braces means nothing");
            self.tell(at, flaw(what, "remove it, or write `#slug` or `key=value`"));
        }
        if let Some(last) = self.sections.last_mut() {
            last.below.end = at;
        }
        self.heading = Some(String::new());
        let own = |text: CowStr<'_>| text.into_string();
        let next_line = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1);
        self.sections.push(Section {
            line: self.lines.at(at),
            question: String::new(),
            slug: id.map(own),
            terms: attrs.into_iter().map(|(key, value)| (own(key), value.map(own))).collect(),
            below: next_line..self.text.len(),
        });
    }

    fn close_heading(&mut self) {
        if let Some(heading) = self.heading.take()
            && let Some(section) = self.sections.last_mut()
        {
            heading.trim().clone_into(&mut section.question);
        }
    }

    fn tell(&mut self, at: usize, flaw: Flaw) {
        self.report.add(self.lines.at(at), flaw);
    }
}

fn misplaced(level: HeadingLevel, is_outermost: bool, source: &str) -> Option<Flaw> {
    if !source.trim_start().starts_with('#') {
        let fix = "write `## Question`, or leave a blank line above a line of dashes";
        return Some(flaw("a heading is underlined", fix));
    }
    if !is_outermost {
        let fix = "begin `##` at the start of the line, or remove it";
        return Some(flaw("a heading stands within a list or quote", fix));
    }
    match level {
        HeadingLevel::H2 => None,
        HeadingLevel::H1 => Some(flaw(
            "a title stands in the text",
            "put it into `title:` at the top; questions begin with `##`",
        )),
        _ => Some(flaw(
            "an answer holds a heading",
            "use bold text, or begin an entry of its own with `##`",
        )),
    }
}

/// What is wrong with an element that is no part of an entry, or stands where it is none.
fn unfit(tag: &Tag<'_>, is_outermost: bool, source: &str) -> Option<Flaw> {
    match tag {
        Tag::Heading { level, .. } => misplaced(*level, is_outermost, source),
        Tag::Image { .. } => {
            Some(flaw("the text holds an image", "link to it; most channels carry text only"))
        }
        Tag::Link { link_type, dest_url, .. } if !leads_somewhere(*link_type, dest_url) => {
            let what = format!("the link to `{dest_url}` leads nowhere from a message");
            Some(flaw(what, "write the whole address with https://, mailto: or tel:"))
        }
        Tag::CodeBlock(CodeBlockKind::Fenced(_)) if !is_closed(source) => {
            Some(flaw("a code block is not closed", "end it with a line of three backticks"))
        }
        _ => None,
    }
}

fn leads_somewhere(link_type: LinkType, address: &str) -> bool {
    let schemes = ["https://", "http://", "mailto:", "tel:"];
    link_type == LinkType::Email || schemes.iter().any(|scheme| address.starts_with(scheme))
}

fn is_closed(fenced: &str) -> bool {
    let fence = fenced.trim_start().chars().next();
    let last = fenced.trim().lines().skip(1).last().map(str::trim).unwrap_or_default();
    last.len() >= 3 && last.chars().all(|c| Some(c) == fence)
}
