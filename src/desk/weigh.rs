//! Weighing: the steps between a text and its confidence that need neither store nor model, so that
//! an evaluation runs the very code that answers customers.

use crate::answer::{Asked, Drafted, ground};
use crate::knowledge::{Entry, Hit};
use crate::lang::Lang;
use crate::search::Words;

/// How far the draft stands in what it cites; `said` is what the customer wrote.
pub fn grounding(drafted: &Drafted, asked: &[Asked], said: &str) -> ground::Grounding {
    let Some(draft) = &drafted.draft else {
        return ground::Grounding::none();
    };
    let hits = asked.iter().flat_map(|asked| &asked.hits);
    let cited = |hit: &&Hit| draft.citations.iter().any(|citation| citation.entry == hit.entry.id);
    let entries: Vec<&Entry> = hits.filter(cited).map(|hit| &hit.entry).collect();
    ground::check(draft, &entries, said, alike)
}

/// How alike in meaning two texts are, by the vectors that are part of the program.
pub fn alike(lang: Lang, one: &str, other: &str) -> Option<f64> {
    let (one, other) = (Words::shipped().vector(lang, one)?, Words::shipped().vector(lang, other)?);
    let cosine: f32 = one.iter().zip(&other).map(|(a, b)| a * b).sum();
    Some(f64::from(cosine).clamp(0.0, 1.0))
}
