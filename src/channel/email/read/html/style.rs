//! Which elements of a mail's HTML no reader sees: what their styles come to, as far as it hides.

use super::colour::Colour;
use std::collections::HashMap;

/// What a style says that may hide an element; `None` where it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Look {
    /// It takes no room, is thrown off the page, see-through or cut away: nothing in it can show.
    gone: Option<bool>,
    /// `visibility`, which an inner element may take back.
    invisible: Option<bool>,
    /// Letters of no size, which an inner element may take back.
    tiny: Option<bool>,
    /// A height or width of nothing, which hides what overflows if that is cut off.
    flat: Option<bool>,
    cut: Option<bool>,
    absolute: Option<bool>,
    far: Option<bool>,
    colour: Option<Colour>,
    background: Option<Colour>,
}

/// What holds inside an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sight {
    gone: bool,
    invisible: bool,
    tiny: bool,
    colour: Colour,
    background: Colour,
}

impl Default for Sight {
    fn default() -> Self {
        let (colour, background) = (Colour::BLACK, Colour::WHITE);
        Self { gone: false, invisible: false, tiny: false, colour, background }
    }
}

impl Sight {
    /// Whether a reader sees what stands here.
    pub(super) fn shows(&self) -> bool {
        !self.gone && !self.invisible && !self.tiny && !self.colour.is_lost_on(self.background)
    }

    /// What holds inside an element of the look that stands here.
    pub(super) fn inside(self, look: &Look) -> Self {
        let is_flat = look.flat == Some(true) && look.cut == Some(true);
        let is_away = look.far == Some(true) && look.absolute == Some(true);
        Self {
            gone: self.gone || look.gone == Some(true) || is_flat || is_away,
            invisible: look.invisible.unwrap_or(self.invisible),
            tiny: look.tiny.unwrap_or(self.tiny),
            colour: look.colour.unwrap_or(self.colour),
            background: look.background.unwrap_or(self.background),
        }
    }
}

impl Look {
    /// Reads declarations as they stand in a `style` attribute.
    pub(super) fn read(declarations: &str) -> Self {
        let mut look = Self::default();
        for declaration in declarations.split(';').take(100) {
            if let Some((property, value)) = declaration.split_once(':') {
                let value = value.trim().to_ascii_lowercase();
                let value = value.trim_end_matches("!important").trim_end();
                look.declare(&property.trim().to_ascii_lowercase(), value);
            }
        }
        look
    }

    /// Sets the colours that old attributes give (`bgcolor`, `<font color>`).
    pub(super) fn colour(&mut self, colour: &str, is_background: bool) {
        let place = if is_background { &mut self.background } else { &mut self.colour };
        *place = place.or(Colour::read(&colour.trim().to_ascii_lowercase()));
    }

    /// Marks an element that has the attribute `hidden`.
    pub(super) fn hide(&mut self) {
        self.gone = Some(true);
    }

    /// Puts the look above another: what this one says wins.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            gone: self.gone.or(below.gone),
            invisible: self.invisible.or(below.invisible),
            tiny: self.tiny.or(below.tiny),
            flat: self.flat.or(below.flat),
            cut: self.cut.or(below.cut),
            absolute: self.absolute.or(below.absolute),
            far: self.far.or(below.far),
            colour: self.colour.or(below.colour),
            background: self.background.or(below.background),
        }
    }

    fn declare(&mut self, property: &str, value: &str) {
        match property {
            "display" => self.gone = Some(value == "none"),
            "mso-hide" if value == "all" => self.gone = Some(true),
            "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            "opacity" if number(value).is_some_and(|share| share < 0.1) => self.gone = Some(true),
            "font-size" => self.tiny = length(value).map(|size| size < 2.0),
            "font" => self.tiny = value.split_whitespace().find_map(length).map(|size| size < 2.0),
            "height" | "max-height" | "width" | "max-width" => {
                let is_flat = length(value).is_some_and(|size| size < 2.0);
                self.flat = Some(is_flat || self.flat == Some(true));
            }
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut = Some(matches!(value, "hidden" | "clip"));
            }
            "text-indent" | "margin-left" | "margin-top" | "margin"
                if value.split_whitespace().filter_map(length).any(|by| by <= -500.0) =>
            {
                self.gone = Some(true);
            }
            "left" | "top" | "right" | "bottom" => {
                let is_far = length(value).is_some_and(|by| by.abs() >= 2000.0 || by <= -500.0);
                self.far = Some(is_far || self.far == Some(true));
            }
            "position" => self.absolute = Some(matches!(value, "absolute" | "fixed" | "relative")),
            "clip" if value.starts_with("rect(") && is_all_zero(value) => self.gone = Some(true),
            "clip-path" if value.starts_with("inset(50%") || value.starts_with("inset(100%") => {
                self.gone = Some(true);
            }
            "transform" if value.contains("scale(0)") || value.contains("scale(0,") => {
                self.gone = Some(true);
            }
            "color" | "-webkit-text-fill-color" => self.colour = Colour::read(value),
            // Through a clear background shows what lies behind it.
            "background" | "background-color" => {
                self.background = Colour::read(value).filter(|colour| *colour != Colour::Clear);
            }
            // What lies behind the letters is not known then.
            "background-image" if value != "none" => self.background = Some(Colour::Unknown),
            _ => {}
        }
    }
}

/// Reads a number.
fn number(value: &str) -> Option<f32> {
    match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f32>().ok().map(|percent| percent / 100.0),
        None => value.parse().ok(),
    }
}

/// Reads a length in pixels, roughly: enough to tell nothing from something.
fn length(value: &str) -> Option<f32> {
    let value = value.split('/').next().unwrap_or(value).trim();
    let end = value
        .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '-' | '+'))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let number: f32 = number.parse().ok()?;
    let pixels = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 1.333,
        "em" | "rem" | "ex" | "ch" | "vw" | "vh" | "cm" => 16.0,
        "%" => 0.16,
        "mm" => 3.78,
        "in" => 96.0,
        _ => return None,
    };
    Some(number * pixels)
}

fn is_all_zero(rectangle: &str) -> bool {
    let numbers = rectangle.trim_start_matches("rect(").trim_end_matches(')');
    numbers
        .split([',', ' '])
        .filter(|part| !part.is_empty())
        .all(|part| length(part).is_some_and(|size| size.abs() < 2.0))
}

/// The rules of a mail's style sheets that can be read by name alone: `.x`, `#x`, `tag`, `tag.x`.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: HashMap<String, Look>,
}

/// Rules that are read of all sheets together.
const MAX_RULES: usize = 2_000;

impl Sheet {
    /// Reads a sheet after those before it. What stands within `@media` and the like is left out:
    /// whether it holds depends on the reader's screen.
    pub(super) fn read(&mut self, css: &str) {
        let css = css.replace("<!--", "").replace("-->", "");
        let mut rest = css.as_str();
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].rsplit("*/").next().unwrap_or_default();
            // A statement without a block, such as `@import`, ends at its semicolon.
            let selectors = selectors.rsplit(';').next().unwrap_or_default().trim();
            let inner = &rest[open + 1..];
            let end = if selectors.starts_with('@') { block_end(inner) } else { inner.find('}') };
            let Some(end) = end else { return };
            if !selectors.starts_with('@') {
                self.rule(selectors, &inner[..end]);
            }
            rest = &inner[end + 1..];
        }
    }

    fn rule(&mut self, selectors: &str, declarations: &str) {
        let look = Look::read(declarations);
        if look == Look::default() {
            return;
        }
        for selector in selectors.split(',').take(50).map(str::trim) {
            let is_simple = !selector.is_empty()
                && selector.len() < 100
                && !selector.contains([' ', '>', '+', '~', ':', '[', '*']);
            if is_simple && self.rules.len() < MAX_RULES {
                let place = self.rules.entry(selector.to_ascii_lowercase()).or_default();
                *place = look.over(*place);
            }
        }
    }

    /// What the sheets say about an element.
    pub(super) fn look(&self, tag: &str, id: &str, classes: &str) -> Look {
        let mut look = Look::default();
        if self.rules.is_empty() {
            return look;
        }
        let mut apply = |selector: &str| {
            if let Some(said) = self.rules.get(selector) {
                look = said.over(look);
            }
        };
        apply(tag);
        for class in classes.split_whitespace().take(16) {
            let class = class.to_ascii_lowercase();
            apply(&format!(".{class}"));
            apply(&format!("{tag}.{class}"));
        }
        if !id.is_empty() {
            apply(&format!("#{}", id.to_ascii_lowercase()));
            apply(&format!("{tag}#{}", id.to_ascii_lowercase()));
        }
        look
    }
}

/// Where a block that may hold blocks ends.
fn block_end(inner: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for (place, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}
