//! Static embeddings: a stand-in that covers no language.

use crate::lang::Lang;

/// The static embeddings.
pub struct Words;

impl Words {
    /// Those that are shipped.
    pub fn shipped() -> &'static Self {
        &Self
    }

    /// The vector of a text.
    #[expect(clippy::unused_self, reason = "a stand-in has nothing to look at")]
    pub fn vector(&self, _lang: Lang, _text: &str) -> Option<Vec<f32>> {
        None
    }

    /// The numbers of a vector.
    #[expect(clippy::unused_self, reason = "a stand-in has nothing to look at")]
    pub fn dims(&self) -> usize {
        128
    }
}
