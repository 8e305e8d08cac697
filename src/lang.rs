//! A language, as its two-letter ISO 639-1 code.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 639-1 code in lower case, such as `en`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang([u8; 2]);

impl Lang {
    /// English: what a business gets that has said nothing else.
    pub const EN: Self = Self(*b"en");
    /// German.
    pub const DE: Self = Self(*b"de");
    /// Spanish.
    pub const ES: Self = Self(*b"es");
    /// French.
    pub const FR: Self = Self(*b"fr");
    /// Portuguese.
    pub const PT: Self = Self(*b"pt");
    /// Italian.
    pub const IT: Self = Self(*b"it");
    /// Dutch.
    pub const NL: Self = Self(*b"nl");
    /// Arabic.
    pub const AR: Self = Self(*b"ar");

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("en")
    }
}

impl FromStr for Lang {
    type Err = String;

    /// Reads `en`, `EN`, `en-GB` or `en_GB`; the region is dropped.
    fn from_str(code: &str) -> Result<Self, String> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_bytes() {
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok(Self([*a, *b])),
            _ => {
                Err(format!("`{code}` is no language code; write two letters such as `en` or `de`"))
            }
        }
    }
}

impl TryFrom<String> for Lang {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        code.parse()
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> Self {
        lang.as_str().to_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
