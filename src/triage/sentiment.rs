//! The customer's mood: words and what negates them, capitals, exclamation marks, emoji.

use super::Sentiment;
use super::phrase::Phrases;
use super::text::Text;
use super::words::Words;
use crate::lang::Lang;

/// How far back a negation is looked for, in words.
const REACH: usize = 3;

/// Finds the mood by the words of the message's language and of English.
pub fn read(text: &Text, lang: Lang) -> Sentiment {
    let mut tables = vec![Words::of_lang(lang)];
    if lang != Lang::EN {
        tables.push(Words::of_lang(Lang::EN));
    }
    let angry = tables.iter().any(|words| words.angry.find(text).is_some());
    let mut score = emoji_score(&text.clean);
    for words in tables {
        score += count(&words.positive, &words.negation, text)
            - count(&words.negative, &words.negation, text);
    }
    let loud = shouts(text) || text.clean.contains("!!") || text.clean.contains("?!?");
    match score {
        ..0 if angry || loud => Sentiment::Angry,
        ..0 => Sentiment::Negative,
        0 if angry => Sentiment::Angry,
        1.. if !angry => Sentiment::Positive,
        _ => Sentiment::Neutral,
    }
}

/// Hits of a table; those that are negated count against.
fn count(phrases: &Phrases, negation: &Phrases, text: &Text) -> i32 {
    let hits = phrases.within(text, 0..text.words.len());
    hits.map(|hit| if is_negated(negation, text, hit.first) { -1 } else { 1 }).sum()
}

fn is_negated(negation: &Phrases, text: &Text, word: usize) -> bool {
    let sentence = &text.sentences[text.words[word].sentence];
    let from = word.saturating_sub(REACH).max(sentence.first);
    negation.within(text, from..word).next().is_some()
}

/// Whether most of the message is in capitals: three words of them or more.
fn shouts(text: &Text) -> bool {
    let is_upper = |word: &&super::text::Word| {
        let written = &text.clean[word.start..word.end];
        written.chars().count() > 2 && written.chars().all(char::is_uppercase)
    };
    let upper = text.words.iter().filter(is_upper).count();
    upper >= 3 && upper * 2 > text.words.len()
}

fn emoji_score(text: &str) -> i32 {
    let score = |c| match c {
        '😡' | '🤬' | '😠' | '👿' => -2,
        '😞' | '😢' | '😭' | '😤' | '👎' | '🙁' | '☹' | '😒' | '😩' | '💔' => {
            -1
        }
        '😀'..='😆' | '😊' | '😍' | '👍' | '🙏' | '❤' | '🎉' | '🥰' | '🙂' | '👏' | '🤩' => {
            1
        }
        _ => 0,
    };
    text.chars().map(score).sum()
}

#[cfg(test)]
mod tests {
    use super::{Lang, Sentiment, Text, read};
    use Sentiment::{Angry, Negative, Neutral, Positive};

    #[test]
    fn words_and_signs_tell_the_mood() {
        for (lang, text, expected) in [
            (Lang::EN, "How long does shipping take?", Neutral),
            (Lang::EN, "Great boots, I love them", Positive),
            (Lang::EN, "The boots are not good", Negative),
            (Lang::EN, "the tent is broken", Negative),
            (Lang::EN, "THE TENT IS BROKEN AGAIN", Angry),
            (Lang::EN, "still waiting!!!", Angry),
            (Lang::EN, "this is bullshit", Angry),
            (Lang::EN, "not bad", Positive),
            (Lang::EN, "my parcel 😡", Negative),
            (Lang::DE, "Der Reißverschluss ist kaputt, ich bin enttäuscht", Negative),
            (Lang::DE, "Das ist nicht schlecht", Positive),
            (Lang::DE, "Eine Frechheit, kaputt angekommen!!!", Angry),
            (Lang::ES, "Estoy muy contenta con la mochila", Positive),
            (Lang::ES, "no estoy satisfecho", Negative),
            (Lang::ES, "Es inaceptable, un desastre", Angry),
            (Lang::FR, "Je suis déçue, la tente est déchirée", Negative),
            (Lang::FR, "C'est parfait, j'adore", Positive),
            (Lang::FR, "C'est une arnaque, bande de voleurs", Angry),
            (Lang::PT, "Adorei a mochila, excelente", Positive),
            (Lang::PT, "Veio com defeito, estou decepcionada", Negative),
            (Lang::PT, "Péssimo, um absurdo!!!", Angry),
        ] {
            assert_eq!(read(&Text::read(text), lang), expected, "{text}");
        }
    }
}
