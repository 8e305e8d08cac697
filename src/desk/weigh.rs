//! Weighing: the steps between a text and its confidence that need neither store nor model, so that
//! an evaluation runs the very code that answers customers.

use crate::answer::{Asked, Drafted, ground};
use crate::knowledge::{Entry, Hit};

/// How far the draft stands in what it cites; `said` is what the customer wrote.
pub fn grounding(drafted: &Drafted, asked: &[Asked], said: &str) -> ground::Grounding {
    let Some(draft) = &drafted.draft else {
        return ground::Grounding { undocumented: Vec::new(), share: 0.0 };
    };
    let hits = asked.iter().flat_map(|asked| &asked.hits);
    let cited = |hit: &&Hit| draft.citations.iter().any(|citation| citation.entry == hit.entry.id);
    let entries: Vec<&Entry> = hits.filter(cited).map(|hit| &hit.entry).collect();
    ground::check(draft, &entries, said)
}
