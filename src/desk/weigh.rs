//! Weighing: the steps between a text and its confidence that need neither store nor model, so that
//! an evaluation runs the very code that answers customers.

use crate::answer::{Asked, Drafted, ground};
use crate::knowledge::{Entry, Hit};
use crate::lang::Lang;
use crate::search::{Query, Search};
use anyhow::Result;
use chrono::NaiveDate;

/// How many entries a decision looks at for each question.
pub const CANDIDATES: usize = 8;

/// Searches for each question on its own; of each, the best `limit` entries that customers may get.
pub fn retrieve(
    search: &Search,
    questions: &[String],
    lang: Lang,
    today: NaiveDate,
    limit: usize,
) -> Result<Vec<Asked>> {
    let find = |question: &String| -> Result<Asked> {
        let query = Query { text: question, lang, today, limit, team: false };
        Ok(Asked { question: question.clone(), hits: search.find(&query)? })
    };
    questions.iter().map(find).collect()
}

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
