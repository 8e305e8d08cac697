//! Colours as mails write them, as far as it takes to tell letters from what lies behind them.

/// A colour, or that nothing is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Colour {
    /// Red, green and blue.
    Known(u8, u8, u8),
    /// It shows nothing.
    Clear,
    /// A picture or a way of writing that is not read here.
    Unknown,
}

/// How far apart each part of two colours must be for letters to show.
const LEAST_CONTRAST: u8 = 12;

impl Colour {
    pub(super) const BLACK: Self = Self::Known(0, 0, 0);
    pub(super) const WHITE: Self = Self::Known(255, 255, 255);

    /// Reads a colour, or the first one in a value of several words; `None` if the value names none.
    pub(super) fn read(value: &str) -> Option<Self> {
        if value.contains("url(") || value.contains("gradient(") {
            return Some(Self::Unknown);
        }
        if let Some(start) = value.find("rgb") {
            return Some(function(&value[start..]));
        }
        value.split_whitespace().find_map(word)
    }

    /// Whether letters of this colour cannot be told from what lies behind them.
    pub(super) fn is_lost_on(self, background: Self) -> bool {
        match (self, background) {
            (Self::Clear, _) => true,
            (Self::Known(r, g, b), Self::Known(r2, g2, b2)) => {
                r.abs_diff(r2) < LEAST_CONTRAST
                    && g.abs_diff(g2) < LEAST_CONTRAST
                    && b.abs_diff(b2) < LEAST_CONTRAST
            }
            _ => false,
        }
    }
}

fn word(word: &str) -> Option<Colour> {
    if let Some(hex) = word.strip_prefix('#') {
        return hexadecimal(hex);
    }
    let (r, g, b) = match word {
        "white" => (255, 255, 255),
        "snow" => (255, 250, 250),
        "ivory" => (255, 255, 240),
        "whitesmoke" => (245, 245, 245),
        "black" => (0, 0, 0),
        "red" => (255, 0, 0),
        "green" => (0, 128, 0),
        "blue" => (0, 0, 255),
        "yellow" => (255, 255, 0),
        "gray" | "grey" => (128, 128, 128),
        "silver" => (192, 192, 192),
        "navy" => (0, 0, 128),
        "transparent" => return Some(Colour::Clear),
        _ => return hexadecimal(word).filter(|_| word.len() == 6),
    };
    Some(Colour::Known(r, g, b))
}

/// Reads `fff`, `ffff`, `ffffff` or `ffffffff`; the last of four is how much shows.
fn hexadecimal(hex: &str) -> Option<Colour> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let colour = match digits.as_slice() {
        [.., 0] if digits.len() == 4 => Colour::Clear,
        [.., 0, 0] if digits.len() == 8 => Colour::Clear,
        [r, g, b] | [r, g, b, _] => Colour::Known(r * 17, g * 17, b * 17),
        [r, r2, g, g2, b, b2] | [r, r2, g, g2, b, b2, _, _] => {
            Colour::Known(r * 16 + r2, g * 16 + g2, b * 16 + b2)
        }
        _ => return None,
    };
    Some(colour)
}

/// Reads `rgb(…)` and `rgba(…)`.
fn function(text: &str) -> Colour {
    let inner = text.split_once('(').map_or("", |(_, inner)| inner);
    let inner = inner.split(')').next().unwrap_or_default();
    let parts: Vec<f32> = inner
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty())
        .filter_map(|part| match part.strip_suffix('%') {
            Some(percent) => percent.parse::<f32>().ok().map(|percent| percent * 2.55),
            None => part.parse().ok(),
        })
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is held between 0 and 255"
    )]
    let byte = |part: f32| part.clamp(0.0, 255.0) as u8;
    match parts.as_slice() {
        [_, _, _, share] if *share < 0.1 => Colour::Clear,
        [r, g, b] | [r, g, b, _] => Colour::Known(byte(*r), byte(*g), byte(*b)),
        _ => Colour::Unknown,
    }
}
