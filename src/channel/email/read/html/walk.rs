//! The walk along a mail's HTML: which words stand in which line, and what hides them.

use super::line::{Line, Place};
use super::mark::{self, Mark};
use super::style::{Look, Sheet, Sight};
use crate::conversation::{Removed, RemovedKind};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
};
use html5ever::{Attribute, LocalName};
use std::cell::RefCell;

/// Elements within each other that are told apart; deeper ones count as their parents' words.
const MAX_DEPTH: usize = 256;

/// Bytes of hidden words that are kept.
const MAX_HIDDEN: usize = 20_000;

/// What a walk has found.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) lines: Vec<Line>,
    pub(super) hidden: Option<Removed>,
    pub(super) is_cut: bool,
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    name: LocalName,
    sight: Sight,
    place: Place,
    link: Option<String>,
    is_cell: bool,
}

#[derive(Debug, Default)]
struct State {
    open: Vec<Open>,
    sheet: Sheet,
    css: String,
    /// The element whose raw words are no text of the mail.
    raw: Option<LocalName>,
    lines: Vec<Line>,
    line: String,
    line_place: Option<Place>,
    rest: bool,
    boxes: usize,
    hidden: String,
    hidden_goes_on: bool,
    is_cut: bool,
}

/// Takes the tokens of a page.
#[derive(Debug, Default)]
pub(super) struct Walker(RefCell<State>);

impl Walker {
    /// Ends the walk.
    pub(super) fn end(self) -> Seen {
        let mut state = self.0.into_inner();
        state.break_line();
        let text = state.hidden.trim().to_owned();
        let kind = RemovedKind::Hidden;
        let hidden = (!text.is_empty()).then_some(Removed { kind, text });
        Seen { lines: state.lines, hidden, is_cut: state.is_cut }
    }
}

impl TokenSink for Walker {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == StartTag => return state.start(&tag),
            TagToken(tag) => state.close(&tag.name),
            CharacterTokens(text) => state.text(&text),
            // Comments, mistakes and the end say nothing to a reader.
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        if let Some(kind) = raw {
            self.raw = (!matches!(name, "textarea" | "xmp")).then(|| tag.name.clone());
            return TokenSinkResult::RawData(kind);
        }
        self.imply_ends(name);
        let (sight, place, link) = self.judge(name, tag);
        match name {
            "br" => self.end_line(),
            "img" => self.picture(tag, sight),
            _ => {}
        }
        if is_block(name) {
            self.break_line();
            if matches!(name, "p" | "ul" | "ol" | "blockquote" | "pre" | "hr") || is_heading(name) {
                self.end_line();
            }
        }
        if !is_void(name) {
            if self.open.len() < MAX_DEPTH {
                let is_cell = matches!(name, "td" | "th" | "table");
                self.open.push(Open { name: tag.name.clone(), sight, place, link, is_cell });
            } else {
                self.is_cut = true;
            }
        }
        if name == "li" {
            self.word("- ");
        } else if matches!(name, "td" | "th") && !self.line.trim().is_empty() {
            self.line.push(' ');
        }
        TokenSinkResult::Continue
    }

    /// What holds inside an element: what shows, what it is marked as, where it links to.
    fn judge(&mut self, name: &str, tag: &Tag) -> (Sight, Place, Option<String>) {
        let value = |wanted: &str| attribute(tag, wanted).unwrap_or_default();
        let (id, classes) = (value("id"), value("class"));
        let mut look = self.sheet.look(name, id, classes);
        look = Look::read(value("style")).over(look);
        look.colour(value("bgcolor"), true);
        if name == "font" {
            look.colour(value("color"), false);
        }
        if attribute(tag, "hidden").is_some() || matches!(name, "template" | "head") {
            look.hide();
        }
        let (sight, mut place) = (self.sight().inside(&look), self.place());
        let is_cited = value("type").eq_ignore_ascii_case("cite");
        let names = [id, classes, value("name"), value("data-marker")];
        match mark::read(name, &names, is_cited) {
            Some(Mark::Rest) => {
                self.break_line();
                self.rest = true;
                place.is_rest = true;
            }
            Some(Mark::Around) if place.around.is_none() => {
                self.boxes += 1;
                place.around = Some(self.boxes);
            }
            Some(Mark::Quotation) => place.is_cited = true,
            Some(Mark::Signature) => place.is_signature = true,
            Some(Mark::Around) | None => {}
        }
        if name == "blockquote" {
            place.depth = place.depth.saturating_add(1);
        }
        let link = (name == "a").then(|| value("href").trim().to_owned());
        (sight, place, link.filter(|link| is_told(link)))
    }

    fn sight(&self) -> Sight {
        self.open.last().map_or_else(Sight::default, |open| open.sight)
    }

    fn place(&self) -> Place {
        let mut place = self.open.last().map_or_else(Place::default, |open| open.place);
        place.is_rest |= self.rest;
        place
    }

    fn text(&mut self, text: &str) {
        match &self.raw {
            Some(raw) if &**raw == "style" => {
                if self.css.len() < 500_000 {
                    self.css.push_str(text);
                }
            }
            Some(_) => {}
            None if self.is_in("pre") => {
                for (number, line) in text.split('\n').enumerate() {
                    if number > 0 {
                        self.end_line();
                    }
                    self.word(line.trim_end_matches('\r'));
                }
            }
            None => {
                let mut spaced = String::with_capacity(text.len());
                for letter in text.chars() {
                    let letter = if letter.is_whitespace() { ' ' } else { letter };
                    if letter != ' ' || !spaced.ends_with(' ') {
                        spaced.push(letter);
                    }
                }
                self.word(&spaced);
            }
        }
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.last().is_some_and(|open| &*open.name == name)
    }

    /// Adds words to the line, or to what is hidden.
    fn word(&mut self, words: &str) {
        if !self.sight().shows() {
            if self.hidden.len() < MAX_HIDDEN {
                if !self.hidden_goes_on && !self.hidden.is_empty() && !words.trim().is_empty() {
                    self.hidden.push('\n');
                }
                self.hidden.push_str(super::bound::start_of(words, MAX_HIDDEN));
            }
            self.hidden_goes_on |= !words.trim().is_empty();
            return;
        }
        if !words.trim().is_empty() {
            self.hidden_goes_on = false;
            let place = self.place();
            if self.line_place.is_some_and(|before| before != place) {
                self.break_line();
            }
            self.line_place = Some(place);
        }
        let is_spaced = self.line.is_empty() || self.line.ends_with(' ');
        let is_kept = self.is_in("pre");
        self.line.push_str(if is_spaced && !is_kept {
            words.trim_start_matches(' ')
        } else {
            words
        });
    }

    fn picture(&mut self, tag: &Tag, sight: Sight) {
        // Small pictures of faces are written instead of the signs themselves.
        let alt = attribute(tag, "alt").unwrap_or_default();
        if sight.shows() && alt.chars().count() <= 8 && !alt.is_ascii() {
            self.word(alt);
        }
    }

    fn end_line(&mut self) {
        self.hidden_goes_on = false;
        let text = std::mem::take(&mut self.line);
        let place = self.line_place.take().unwrap_or_else(|| self.place());
        self.lines.push(Line { text: text.trim_end().to_owned(), place });
    }

    /// Ends the line if anything stands in it.
    fn break_line(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
            self.line_place = None;
        } else {
            self.end_line();
        }
        self.hidden_goes_on = false;
    }

    fn close(&mut self, name: &LocalName) {
        if let Some(raw) = self.raw.take() {
            if &*raw == "style" {
                let css = std::mem::take(&mut self.css);
                self.sheet.read(&css);
            }
            return;
        }
        let is_cell = matches!(&**name, "table" | "tbody" | "tr" | "td" | "th");
        let Some(at) = self
            .open
            .iter()
            .rposition(|open| open.name == *name || (!is_cell && open.is_cell))
            .filter(|at| self.open[*at].name == *name)
        else {
            return;
        };
        if let Some(link) = self.open[at].link.take() {
            self.tell_link(&link);
        }
        if is_block(name) {
            self.break_line();
        }
        self.open.truncate(at);
        if matches!(&**name, "p" | "ul" | "ol" | "blockquote" | "pre") || is_heading(name) {
            self.end_line();
        }
    }

    /// Writes where a link leads, unless its words say that.
    fn tell_link(&mut self, link: &str) {
        let bare = link.trim_start_matches("https://").trim_start_matches("http://");
        let bare = bare.trim_start_matches("www.").trim_end_matches('/');
        let words = super::bound::end_of(&self.line, 400);
        if !words.trim().is_empty() && !words.contains(bare) && self.sight().shows() {
            self.line.push_str(if words.ends_with(' ') { "(" } else { " (" });
            self.line.push_str(link);
            self.line.push(')');
        }
    }

    /// Closes what a start tag closes without saying so.
    fn imply_ends(&mut self, name: &str) {
        let (ends, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            _ if is_block(name) => (&["p"], &["table", "td", "th", "div", "li", "blockquote"]),
            _ => return,
        };
        let found = self
            .open
            .iter()
            .rposition(|open| ends.contains(&&*open.name) || stops.contains(&&*open.name));
        if let Some(at) = found.filter(|at| ends.contains(&&*self.open[*at].name)) {
            self.open.truncate(at);
        }
    }
}

/// Links that are worth telling: to pages, and short enough to be read.
fn is_told(link: &str) -> bool {
    (link.starts_with("http://") || link.starts_with("https://")) && link.len() <= 200
}

fn attribute<'a>(tag: &'a Tag, wanted: &str) -> Option<&'a str> {
    let found = |attribute: &&Attribute| &*attribute.name.local == wanted;
    tag.attrs.iter().find(found).map(|attribute| &*attribute.value)
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "p" | "div"
                | "ul"
                | "ol"
                | "li"
                | "dl"
                | "dt"
                | "dd"
                | "table"
                | "tr"
                | "blockquote"
                | "pre"
                | "address"
                | "article"
                | "aside"
                | "center"
                | "details"
                | "fieldset"
                | "figure"
                | "footer"
                | "form"
                | "header"
                | "main"
                | "nav"
                | "section"
                | "summary"
                | "body"
                | "hr"
        )
}

/// Elements without an end tag.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
