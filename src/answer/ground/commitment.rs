//! Commitments: what an answer says was done, or will be, by the business; only an entry may say so.

use super::super::text::words;
use crate::lang::Lang;

/// What a sentence commits the business to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commitment {
    /// Something was done: "I have cancelled your order".
    Done,
    /// Something will be done: "we will refund you".
    Will,
}

/// The words of one language that make a commitment.
struct Ways {
    lang: &'static str,
    /// Who commits.
    we: &'static [&'static str],
    /// Beside them: it was done, when a participle follows.
    have: &'static [&'static str],
    /// Beside them: it will be done.
    will: &'static [&'static str],
    /// Who and what in one word, or without anybody: "has been cancelled".
    done: &'static [&'static str],
    /// The same of what will be.
    shall: &'static [&'static str],
}

const WAYS: &[Ways] = &[
    Ways {
        lang: "en",
        we: &["i", "we"],
        have: &["have", "just", "already"],
        will: &["will", "shall", "promise", "guarantee"],
        done: &["i've", "we've", "has been", "have been", "was cancelled", "was refunded"],
        shall: &[
            "i'll",
            "we'll",
            "going to",
            "will be refunded",
            "will be cancelled",
            "you will receive",
        ],
    },
    Ways {
        lang: "de",
        we: &["ich", "wir"],
        have: &["habe", "haben"],
        will: &["werde", "werden", "verspreche", "versprechen", "garantieren"],
        done: &["wurde", "wurden"],
        shall: &["sie erhalten", "du erhaltst"],
    },
    Ways {
        lang: "es",
        we: &["yo", "nosotros"],
        have: &["he", "hemos"],
        will: &["vamos", "voy"],
        done: &["he", "hemos", "ha sido", "han sido"],
        shall: &["vamos a", "voy a", "le prometemos", "prometemos", "recibira", "recibiras"],
    },
    Ways {
        lang: "fr",
        we: &["je", "nous"],
        have: &["ai", "avons"],
        will: &["vais", "allons", "promets", "promettons", "garantissons"],
        done: &["j'ai", "a ete", "ont ete"],
        shall: &["vous recevrez", "tu recevras"],
    },
    Ways {
        lang: "pt",
        we: &["eu", "nos"],
        have: &["tenho", "temos"],
        will: &["vou", "vamos"],
        done: &[
            "foi cancelado",
            "foi cancelada",
            "foi reembolsado",
            "ja cancelei",
            "ja cancelamos",
        ],
        shall: &["vamos", "vou", "iremos", "prometemos", "recebera"],
    },
];

/// What a sentence commits to, if to anything.
pub fn find(sentence: &str, lang: Lang) -> Vec<Commitment> {
    let words = words(sentence);
    let said = format!(" {} ", words.join(" "));
    let ways = WAYS.iter().find(|ways| ways.lang == lang.as_str()).unwrap_or(&WAYS[0]);
    let says = |phrases: &[&str]| phrases.iter().any(|it| said.contains(&format!(" {it} ")));
    let near = |others: &[&str]| {
        let pairs = words.iter().enumerate().filter(|(_, word)| ways.we.contains(&word.as_str()));
        let mut pairs =
            pairs.map(|(place, _)| &words[place.saturating_sub(1)..words.len().min(place + 3)]);
        pairs.any(|around| around.iter().any(|word| others.contains(&word.as_str())))
    };
    let mut found = Vec::new();
    if says(ways.done) || (near(ways.have) && words.iter().any(|word| is_participle(word, lang))) {
        found.push(Commitment::Done);
    }
    if says(ways.shall) || near(ways.will) {
        found.push(Commitment::Will);
    }
    found
}

/// Whether a word looks like what was done.
fn is_participle(word: &str, lang: Lang) -> bool {
    let irregular = ["sent", "made", "paid", "given", "put", "taken", "done", "found", "told"];
    match lang.as_str() {
        "de" => {
            let begins = ["ver", "be", "er", "ent", "zer"].iter().any(|it| word.starts_with(it));
            let ends = word.ends_with('t') || word.ends_with("en");
            word.ends_with("iert") || (word.len() > 5 && ends && (begins || word.contains("ge")))
        }
        "es" | "pt" => word.ends_with("ado") || word.ends_with("ido") || word.ends_with("ada"),
        "fr" => word.len() > 3 && (word.ends_with('e') || word.ends_with("is")),
        _ => word.ends_with("ed") || irregular.contains(&word),
    }
}

#[cfg(test)]
mod tests {
    use super::{Commitment, find};
    use crate::lang::Lang;

    #[test]
    fn what_the_business_did_or_will_do_is_a_commitment() {
        use Commitment::{Done, Will};
        for (sentence, lang, expected) in [
            ("We will refund you.", Lang::EN, vec![Will]),
            ("I have cancelled your order.", Lang::EN, vec![Done]),
            ("I've sent it, and we'll pay.", Lang::EN, vec![Done, Will]),
            ("Your order has been cancelled.", Lang::EN, vec![Done]),
            ("We have three stores.", Lang::EN, vec![]),
            ("You can return it within 30 days.", Lang::EN, vec![]),
            ("Ich habe Ihre Bestellung storniert.", Lang::DE, vec![Done]),
            ("Wir werden Ihnen das Geld erstatten.", Lang::DE, vec![Will]),
            ("Wir haben drei Filialen.", Lang::DE, vec![]),
            ("Hemos cancelado su pedido.", Lang::ES, vec![Done]),
            ("Le vamos a devolver el dinero.", Lang::ES, vec![Will]),
            ("J'ai annulé votre commande.", Lang::FR, vec![Done]),
            ("Vamos reembolsar o valor.", Lang::PT, vec![Will]),
        ] {
            assert_eq!(find(sentence, lang), expected, "{sentence}");
        }
    }
}
