//! Markdown of ours in WhatsApp's own marks: `*bold*`, `_italic_`, `~struck~`, code, quotes and lists.
//!
//! WhatsApp knows no links with words and no way to escape a mark, and a mark counts at the edge of a word and
//! within a line only (WhatsApp Help Centre, "How to format your messages").

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// What stands before a token; the stronger, the better a place to part a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// Nothing: it goes on where the one before ended.
    None,
    /// A space.
    Space,
    /// A new line.
    Line,
    /// An empty line.
    Block,
}

/// How a token is marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) struck: bool,
}

/// A word, or what must stay as one: an address, code, the mark of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) before: Break,
    /// Whether the message should not be parted here: it is within an item or a link.
    pub(super) is_within: bool,
    pub(super) style: Style,
    pub(super) is_quoted: bool,
    /// How far a line is set in that begins with it.
    pub(super) indent: usize,
    pub(super) text: String,
}

/// Reads Markdown into tokens; code longer than `longest` comes in several, each with its own marks.
pub(super) fn tokens(markdown: &str, longest: usize) -> Vec<Token> {
    let mut reader = Reader { longest, ..Reader::default() };
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        reader.take(event);
    }
    reader.tokens
}

#[derive(Default)]
struct Reader {
    tokens: Vec<Token>,
    longest: usize,
    next: Option<Break>,
    bold: usize,
    italic: usize,
    struck: usize,
    quotes: usize,
    /// For each list that is open, the number of its next item, where it counts.
    lists: Vec<Option<u64>>,
    /// For each link that is open, its address and the token at which its words begin.
    links: Vec<(Option<String>, usize)>,
    code: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) if code.contains('`') => self.text(&code),
            Event::Code(code) => self.push(Style::default(), format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.before(Break::Line),
            Event::Rule => {
                self.before(Break::Block);
                self.push(Style::default(), "---".into());
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.before(Break::Block),
            Tag::Heading { .. } => {
                self.before(Break::Block);
                self.bold += 1;
            }
            Tag::CodeBlock(_) => {
                self.before(Break::Block);
                self.code = Some(String::new());
            }
            Tag::BlockQuote(_) => {
                self.before(Break::Block);
                self.quotes += 1;
            }
            Tag::List(first) => {
                self.before(if self.lists.is_empty() { Break::Block } else { Break::Line });
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { link_type, dest_url, .. } => {
                self.links.push((address(link_type, &dest_url), self.tokens.len()));
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::List(_) => {
                self.lists.pop();
                self.before(if self.lists.is_empty() { Break::Block } else { Break::Line });
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::Link => self.link(),
            _ => {}
        }
    }

    /// An item begins on a line of its own, with its mark; its first paragraph stands beside the mark.
    fn item(&mut self) {
        let is_first_of_all = self.next == Some(Break::Block) && self.lists.len() == 1;
        self.next = Some(if is_first_of_all { Break::Block } else { Break::Line });
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}.");
                *number += 1;
                mark
            }
            _ => "-".into(),
        };
        let depth = self.lists.len().saturating_sub(1);
        self.push_at(Style::default(), mark, false, depth * 2);
        self.next = Some(Break::Space);
    }

    /// A link's address stands after its words, unless they are the address.
    fn link(&mut self) {
        let Some((Some(address), at)) = self.links.pop() else { return };
        let words = self.tokens.get(at..).unwrap_or_default();
        let words = words.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        let is_same =
            words.trim_end_matches('/').eq_ignore_ascii_case(address.trim_end_matches('/'));
        for token in self.tokens.iter_mut().skip(at + 1) {
            token.is_within = true;
        }
        if !is_same {
            let before = if words.is_empty() { self.next.take() } else { None };
            let text = if words.is_empty() { address } else { format!("({address})") };
            self.next = Some(before.unwrap_or(Break::Space));
            let indent = self.indent();
            self.push_at(self.style(), text, !words.is_empty(), indent);
        }
    }

    fn code_block(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let code = code.trim_end_matches('\n').replace("```", "'''");
        for part in lines_within(&code, self.longest.saturating_sub(8).max(1)) {
            self.push(Style::default(), format!("```\n{part}\n```"));
            self.next = Some(Break::Line);
        }
        self.next = Some(Break::Block);
    }

    fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        let style = self.style();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.before(Break::Line);
            }
            if line.starts_with(char::is_whitespace) {
                self.before(Break::Space);
            }
            for word in line.split_whitespace() {
                self.push(style, word.to_owned());
                self.next = Some(Break::Space);
            }
            if !line.ends_with(char::is_whitespace) && !line.is_empty() {
                self.next = None;
            }
        }
    }

    fn style(&self) -> Style {
        Style { bold: self.bold > 0, italic: self.italic > 0, struck: self.struck > 0 }
    }

    /// Lines of an item stand below its words.
    fn indent(&self) -> usize {
        self.lists.len() * 2
    }

    /// What is to stand before the next token, if nothing stronger is; the words of an item stand beside its mark.
    fn before(&mut self, wanted: Break) {
        let is_beside = self.next == Some(Break::Space) && self.tokens.last().is_some_and(is_mark);
        if !is_beside {
            let wanted = if self.lists.is_empty() { wanted } else { wanted.min(Break::Line) };
            self.next = self.next.max(Some(wanted));
        }
    }

    fn push(&mut self, style: Style, text: String) {
        let is_within = !self.lists.is_empty();
        let indent = self.indent();
        self.push_at(style, text, is_within, indent);
    }

    fn push_at(&mut self, style: Style, text: String, is_within: bool, indent: usize) {
        let before = self.next.take().unwrap_or(Break::None);
        let before = if self.tokens.is_empty() { Break::None } else { before };
        let is_quoted = self.quotes > 0;
        self.tokens.push(Token { before, is_within, style, is_quoted, indent, text });
    }
}

fn is_mark(token: &Token) -> bool {
    let is_number = token.text.strip_suffix('.').is_some_and(|it| it.parse::<u64>().is_ok());
    !token.is_within && (token.text == "-" || is_number)
}

/// The address of a link that may be followed.
fn address(link_type: LinkType, destination: &str) -> Option<String> {
    if link_type == LinkType::Email {
        return Some(destination.to_owned());
    }
    let parsed = url::Url::parse(destination.trim()).ok()?;
    match parsed.scheme() {
        "http" | "https" => Some(destination.trim().to_owned()),
        "mailto" | "tel" => Some(parsed.path().to_owned()),
        _ => None,
    }
}

/// Text in parts of whole lines, none longer than `longest`; a longer line is cut.
fn lines_within(text: &str, longest: usize) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut room = 0;
    for line in text.split('\n') {
        let characters: Vec<char> = line.chars().collect();
        let pieces = if characters.is_empty() {
            vec![&[][..]]
        } else {
            characters.chunks(longest).collect()
        };
        for piece in pieces {
            match parts.last_mut() {
                Some(part) if piece.len() < room => {
                    part.push('\n');
                    part.extend(piece);
                    room -= piece.len() + 1;
                }
                _ => {
                    parts.push(piece.iter().collect());
                    room = longest - piece.len();
                }
            }
        }
    }
    parts
}
