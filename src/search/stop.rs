//! Stop words: the words of a question that say nothing about what is asked.

use crate::lang::Lang;

/// Whether a word is one that only holds a sentence together.
///
/// The lists are short on purpose: negations, directions ("on", "off", "without") and question
/// words tell entries apart, and what is merely frequent already weighs little by its rarity.
/// A language without a list relies on rarity alone.
pub fn is_stop_word(lang: Lang, word: &str) -> bool {
    let word = word.to_lowercase().replace(['\'', '’'], "");
    list(lang).split_ascii_whitespace().any(|stop| stop == word)
}

fn list(lang: Lang) -> &'static str {
    match lang {
        Lang::EN => {
            "a an and are as at be been but by could did do does for had has have hello hey hi i id \
             im in is it its ive me my of or please pls should so thank thanks that the their then \
             there these they this to was were will would you your"
        }
        Lang::DE => {
            "aber als am an auch auf bei bin bist bitte da das dass dein deine dem den der des die \
             dir du ein eine einem einen einer eines er es hallo habe haben hat hi ich ihr ihre im \
             in ist kann könnte man mein meine meinem meinen meiner mich mir mit möchte noch oder \
             sein sich sie sind so und uns von war wäre werden wird wir zu zum zur"
        }
        Lang::ES => {
            "a al algo buenas buenos como con de del días e el ella en es esta este esto estoy favor \
             gracias ha han hay he hola la las le les lo los me mi mis nos o para por porque puedo \
             que se ser si son soy su sus te tiene tu tus un una unas unos y ya yo"
        }
        Lang::FR => {
            "a ai au aux avec bonjour c ce ces cette d dans de des du elle elles en est et être eu \
             il ils j je l la le les leur lui m ma mais me merci mes mon n nos notre nous on ont ou \
             par plaît pour qu que qui s sa se ses si son sont suis sur ta te tes ton tu un une vos \
             votre vous y"
        }
        Lang::PT => {
            "a ao aos as boa bom com como da das de dia do dos e é ela ele em esta estar este estou \
             eu favor foi há isso isto já lhe mas me meu meus minha minhas na nas no nos o obrigada \
             obrigado olá os ou para pela pelo por posso que se seu seus ser sua suas tem ter um uma \
             você vocês"
        }
        Lang::IT => {
            "a ad ai al alla alle allo anche c che ci ciao come con cui d da dal dalla dei del della \
             delle dello di e è ed gli grazie ha hai hanno ho i il in io l la le lo loro ma mi mia \
             mie miei mio ne nei nel nella noi o per posso se si sono su sua suo sul sulla ti tra tu \
             un una uno vi"
        }
        Lang::NL => {
            "aan al als bij ben dag dan dat de den der deze die dit dus een en er graag haar heb \
             hebben heeft het hij hoi hun ik in is je jij jouw kan kun kunnen maar me met mij mijn \
             moet nog of om ons ook op te tot u uit uw van voor was we wel wij wil worden wordt ze \
             zich zij zijn zou"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_entries_apart_are_kept() {
        for (lang, word) in [
            (Lang::EN, "not"),
            (Lang::EN, "without"),
            (Lang::EN, "how"),
            (Lang::DE, "nicht"),
            (Lang::DE, "ohne"),
            (Lang::ES, "sin"),
            (Lang::FR, "pas"),
            (Lang::PT, "sem"),
            (Lang::IT, "senza"),
            (Lang::NL, "niet"),
        ] {
            assert!(!is_stop_word(lang, word), "{lang} {word}");
        }
    }

    #[test]
    fn a_stop_word_is_told_however_it_is_written() {
        assert!(is_stop_word(Lang::EN, "I’m"));
        assert!(is_stop_word(Lang::EN, "THE"));
    }

    #[test]
    fn a_list_is_of_its_language_only() {
        assert!(is_stop_word(Lang::DE, "die"));
        assert!(!is_stop_word(Lang::EN, "die"));
    }
}
