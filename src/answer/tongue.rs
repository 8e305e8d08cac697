//! The tongue of a text, told by the small words that each language has of its own.

use super::text::words;
use crate::lang::Lang;

const SMALL: [(Lang, &str); 7] = [
    (
        Lang::EN,
        "the and is are you your to of for with we our it can not this that within have be from or by",
    ),
    (
        Lang::DE,
        "der die das und ist sind sie du dein ihr ihre wir nicht mit fur von zu den dem ein eine auf innerhalb im bis",
    ),
    (
        Lang::ES,
        "el los las y es son usted su sus con para por del en una que puede puedes nuestro desde hasta tu",
    ),
    (
        Lang::FR,
        "le les et est sont vous votre vos avec pour dans des du nous une que sur pouvez votre au aux",
    ),
    (Lang::PT, "o os e sao voce seu sua com para por do da dos das em uma que pode nosso ate nao"),
    (Lang::IT, "il gli e sono lei suo sua con per di del della in una che puo nostro entro non i"),
    (Lang::NL, "de het en zijn u uw je met voor van een niet wij onze binnen kunt naar op"),
];

/// Whether a folded word is a small one of any of these languages.
pub fn is_small(word: &str) -> bool {
    SMALL.iter().any(|(_, small)| small.split(' ').any(|it| it == word))
}

/// The language that a text is plainly in; none where it is too short or mixed to tell.
pub fn of(text: &str) -> Option<Lang> {
    let words = words(text);
    if words.len() < 6 {
        return None;
    }
    let mut counts: Vec<(usize, Lang)> = SMALL
        .iter()
        .map(|(lang, small)| {
            let is_small = |word: &&String| small.split(' ').any(|it| it == word.as_str());
            (words.iter().filter(is_small).count(), *lang)
        })
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let (best, second) = (counts.first()?, counts.get(1)?);
    (best.0 >= 2 && best.0 >= 2 * second.0).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::lang::Lang;

    #[test]
    fn a_plain_text_tells_its_language() {
        for (text, lang) in [
            ("You can return unworn items within 30 days of delivery.", Some(Lang::EN)),
            (
                "Sie können ungetragene Artikel innerhalb von 30 Tagen mit dem Beleg zurückgeben.",
                Some(Lang::DE),
            ),
            (
                "Puede devolver los artículos con el tique hasta 30 días desde la entrega.",
                Some(Lang::ES),
            ),
            (
                "Vous pouvez retourner les articles dans les 30 jours avec votre ticket.",
                Some(Lang::FR),
            ),
            ("Pode devolver os artigos com o talão até 30 dias, e não paga.", Some(Lang::PT)),
            ("U kunt het artikel binnen 30 dagen met de bon terugbrengen.", Some(Lang::NL)),
            ("Yes.", None),
            ("30 % – 45 €, OK", None),
        ] {
            assert_eq!(of(text), lang, "{text}");
        }
    }
}
