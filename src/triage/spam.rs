//! Advertising and junk; when in doubt it is a customer.

use super::text::Text;
use super::words::Words;
use std::collections::BTreeSet;

/// The words that make the message spam, if it is.
///
/// A phrase that only advertisers use is enough; weaker ones take three, or two with a link.
pub fn read(text: &Text) -> Option<String> {
    let words = Words::all();
    if let Some(span) = words.spam.find(text) {
        return Some(text.written(span.first, span.last).to_owned());
    }
    let hints: BTreeSet<_> = words
        .spam_hint
        .within(text, 0..text.words.len())
        .map(|span| text.written(span.first, span.last).to_lowercase())
        .collect();
    let needed = if has_link(&text.clean) { 2 } else { 3 };
    (hints.len() >= needed).then(|| hints.into_iter().collect::<Vec<_>>().join(", "))
}

fn has_link(text: &str) -> bool {
    text.contains("http://") || text.contains("https://") || text.contains("www.")
}

#[cfg(test)]
mod tests {
    use super::{Text, read};

    #[test]
    fn advertising_is_spam_and_customers_are_not() {
        for (text, spam) in [
            ("We offer SEO services to put you on the first page of Google", true),
            ("Would you accept a guest post with backlinks?", true),
            ("Congratulations winner! Click here https://x.example", true),
            ("Invest in bitcoin: guaranteed profit every week", true),
            ("Wir bringen Ihre Website bei Google auf den ersten Platz", true),
            ("Sofortkredit ohne Schufa, hier klicken", true),
            ("Gana dinero fácil desde casa", true),
            ("Usted ha ganado un premio", true),
            ("Référencement SEO pour votre site", true),
            ("Offre de prêt entre particuliers", true),
            ("Ganhe dinheiro em casa sem esforço", true),
            ("Você ganhou! Resgate seu prêmio", true),
            ("Your website says free shipping, is that so?", false),
            ("Can I win a prize in the raffle?", false),
            ("I clicked https://hollowoak.example/returns and get an error", false),
            ("Is there a discount for a collaboration with our club?", false),
            ("Do you sell casino-style playing cards for the hut?", false),
            ("Gibt es einen Kredit oder Ratenzahlung?", false),
        ] {
            assert_eq!(read(&Text::read(text)).is_some(), spam, "{text}");
        }
    }
}
