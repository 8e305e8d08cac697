//! The words that triage goes by, one table a language.

pub mod back;
pub mod choice;
mod de;
mod en;
mod es;
mod fr;
mod injection;
mod pt;

use super::phrase::Phrases;
use crate::lang::Lang;
use std::sync::LazyLock;

/// A language's phrases, in the notation of [`super::phrase`].
pub struct Table {
    lang: Lang,
    /// Hello.
    greeting: &'static str,
    /// Thanks, goodbye and contentment: enough by themselves.
    thanks: &'static str,
    /// Words that may stand beside thanks or a greeting without adding a matter.
    filler: &'static str,
    /// How a letter ends; a name follows.
    sign_off: &'static str,
    /// What a question begins with.
    asking: &'static str,
    /// Asks that are no questions by grammar.
    request: &'static str,
    /// Questions about the way to do a thing in general.
    how_to: &'static str,
    /// What may join two questions.
    joiner: &'static str,
    /// Words that point back to the sentence before.
    pointer: &'static str,
    /// The wish for a person.
    person: &'static str,
    /// The wish for a person, when it is all that is said.
    person_alone: &'static str,
    /// Strong complaint.
    complaint: &'static str,
    /// Discontent that gives way to a question asked beside it.
    upset: &'static str,
    /// State of the customer's own order or account.
    account: &'static str,
    /// Things that have numbers.
    numbered: &'static str,
    /// No more messages, when it is all that is said.
    opt_out: &'static str,
    /// Machines' wording.
    automatic: &'static str,
    /// Advertising; one is enough.
    spam: &'static str,
    /// Words that advertising uses; it takes several.
    spam_hint: &'static str,
    /// Danger, fraud, harm.
    urgent: &'static str,
    /// Deadlines and haste.
    soon: &'static str,
    /// Insults and fury.
    angry: &'static str,
    /// Displeasure.
    negative: &'static str,
    /// Pleasure.
    positive: &'static str,
    /// What turns the next words round.
    negation: &'static str,
    /// Wording of machines that a person may use too: it tells where nothing is asked.
    machine: &'static str,
    /// What takes praise back, as "but" does.
    contrast: &'static str,
    /// Small talk, that asks nothing of the shop.
    chat: &'static str,
    /// Sounds and trials of the keyboard: nothing to go by.
    blank: &'static str,
    /// Praise of the shop, its people and its things.
    praise: &'static str,
    /// Bad conduct, that makes a complaint where it is that of the shop or its people.
    blame: &'static str,
    /// The shop and its people.
    firm: &'static str,
    /// What may stand before the word that opens a question.
    lead: &'static str,
}

/// The tables, each line of which may match.
pub struct Words {
    /// See [`Table`] for this and the others.
    pub greeting: Phrases,
    pub thanks: Phrases,
    pub filler: Phrases,
    pub sign_off: Phrases,
    pub asking: Phrases,
    pub request: Phrases,
    pub how_to: Phrases,
    pub joiner: Phrases,
    pub pointer: Phrases,
    pub person: Phrases,
    pub person_alone: Phrases,
    pub complaint: Phrases,
    pub upset: Phrases,
    pub account: Phrases,
    pub numbered: Phrases,
    pub opt_out: Phrases,
    pub automatic: Phrases,
    pub spam: Phrases,
    pub spam_hint: Phrases,
    pub urgent: Phrases,
    pub soon: Phrases,
    pub angry: Phrases,
    pub negative: Phrases,
    pub positive: Phrases,
    pub negation: Phrases,
    pub machine: Phrases,
    pub contrast: Phrases,
    pub chat: Phrases,
    pub blank: Phrases,
    pub praise: Phrases,
    pub blame: Phrases,
    pub firm: Phrases,
    pub lead: Phrases,
    /// Attempts to command a machine reader.
    pub injection: Phrases,
}

const TABLES: [&Table; 5] = [&en::TABLE, &de::TABLE, &es::TABLE, &fr::TABLE, &pt::TABLE];

static ALL: LazyLock<Words> = LazyLock::new(|| Words::of(&TABLES));

static SINGLE: LazyLock<Vec<(Lang, Words)>> =
    LazyLock::new(|| TABLES.iter().map(|table| (table.lang, Words::of(&[table]))).collect());

impl Words {
    /// The words of all languages: phrases long enough not to mean another thing elsewhere.
    pub fn all() -> &'static Self {
        &ALL
    }

    /// The words of one language; of all where there is no table for it.
    pub fn of_lang(lang: Lang) -> &'static Self {
        SINGLE.iter().find(|(of, _)| *of == lang).map_or_else(Self::all, |(_, words)| words)
    }

    /// Each language with its words.
    pub fn each() -> impl Iterator<Item = (Lang, &'static Self)> {
        SINGLE.iter().map(|(lang, words)| (*lang, words))
    }

    fn of(tables: &[&Table]) -> Self {
        let field = |pick: fn(&Table) -> &'static str| {
            Phrases::new(&tables.iter().map(|table| pick(table)).collect::<Vec<_>>())
        };
        Self {
            greeting: field(|table| table.greeting),
            thanks: field(|table| table.thanks),
            filler: field(|table| table.filler),
            sign_off: field(|table| table.sign_off),
            asking: field(|table| table.asking),
            request: field(|table| table.request),
            how_to: field(|table| table.how_to),
            joiner: field(|table| table.joiner),
            pointer: field(|table| table.pointer),
            person: field(|table| table.person),
            person_alone: field(|table| table.person_alone),
            complaint: field(|table| table.complaint),
            upset: field(|table| table.upset),
            account: field(|table| table.account),
            numbered: field(|table| table.numbered),
            opt_out: field(|table| table.opt_out),
            automatic: field(|table| table.automatic),
            spam: field(|table| table.spam),
            spam_hint: field(|table| table.spam_hint),
            urgent: field(|table| table.urgent),
            soon: field(|table| table.soon),
            angry: field(|table| table.angry),
            negative: field(|table| table.negative),
            positive: field(|table| table.positive),
            negation: field(|table| table.negation),
            machine: field(|table| table.machine),
            contrast: field(|table| table.contrast),
            chat: field(|table| table.chat),
            blank: field(|table| table.blank),
            praise: field(|table| table.praise),
            blame: field(|table| table.blame),
            firm: field(|table| table.firm),
            lead: field(|table| table.lead),
            injection: Phrases::new(&injection::TABLES),
        }
    }
}
