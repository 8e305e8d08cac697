//! The words by which customers choose, one table a language.

use crate::lang::Lang;

/// A language's words, parted by spaces; `neither` holds phrases, parted by commas.
pub struct Table {
    lang: Lang,
    /// The words for each place, the first one first.
    pub places: [&'static str; 4],
    /// The words for one, which are the first place where no other is named.
    pub one: &'static str,
    /// The words for the last place.
    pub last: &'static str,
    /// The words for all of them.
    pub all: &'static str,
    /// What may stand beside the rest without changing it.
    pub small: &'static str,
    /// How an answer begins that turns all of them down.
    pub neither: &'static str,
}

/// The tables to read an answer by: the language's own, and English, which people mix in.
pub fn tables(lang: Lang) -> Vec<&'static Table> {
    TABLES.iter().filter(|table| table.lang == lang || table.lang == Lang::EN).collect()
}

const TABLES: [Table; 7] = [
    Table {
        lang: Lang::EN,
        places: ["first 1st former", "second two 2nd", "third three 3rd", "fourth four 4th"],
        one: "one",
        last: "last latter",
        all: "all both",
        small: "the a an option number no nr answer choice ones please pls thanks thank you i mean meant want need that this \
            is it its ok okay and or yes yeah of them im ill take about to in for with would like",
        neither: "none, neither, no, nope, something else, nothing, other, another, not these, not any, \
            no thanks, none of, i mean something else, different",
    },
    Table {
        lang: Lang::DE,
        places: [
            "erste ersten erster erstes",
            "zweite zweiten zweiter zweites zwei",
            "dritte dritten dritter drittes drei",
            "vierte vierten viertes vier",
        ],
        one: "eins eine",
        last: "letzte letzten letzter letztes letzteres letztere",
        all: "beide beides alle",
        small: "der die das den dem nummer nr option antwort bitte danke ich meine meinte will möchte ist es ok ja und oder \
            von um zu geht mir also",
        neither: "keine, keins, keines, keiner, keinen, nein, nee, nichts davon, nichts, etwas anderes, was anderes, andere, \
            weder noch, ich meine etwas anderes",
    },
    Table {
        lang: Lang::ES,
        places: [
            "primera primero primer",
            "segunda segundo dos",
            "tercera tercero tercer tres",
            "cuarta cuarto cuatro",
        ],
        one: "uno una",
        last: "última último",
        all: "ambas ambos todas todos",
        small: "la el lo los las opción número n respuesta por favor gracias quiero digo refiero me a es sí y o de del",
        neither: "ninguna, ninguno, no, otra cosa, otra, otro, nada, ni una ni otra, algo distinto",
    },
    Table {
        lang: Lang::FR,
        places: [
            "premier première",
            "deuxième second seconde deux",
            "troisième trois",
            "quatrième quatre",
        ],
        one: "un une",
        last: "dernier dernière",
        all: "tous toutes",
        small: "la le l les option numéro n réponse choix s il vous plaît svp merci je veux parle c est oui et ou de du des",
        neither: "aucun, aucune, non, autre chose, autre, rien, ni l un ni l autre, pas ça",
    },
    Table {
        lang: Lang::PT,
        places: [
            "primeira primeiro",
            "segunda segundo dois duas",
            "terceira terceiro três",
            "quarta quarto quatro",
        ],
        one: "um uma",
        last: "última último",
        all: "ambas ambos todas todos",
        small: "a o as os opção número n resposta por favor obrigado obrigada quero digo refiro me é sim e ou de da do",
        neither: "nenhuma, nenhum, não, outra coisa, outra, outro, nada, nem uma nem outra",
    },
    Table {
        lang: Lang::IT,
        places: ["prima primo", "seconda secondo due", "terza terzo tre", "quarta quarto quattro"],
        one: "uno una",
        last: "ultima ultimo",
        all: "entrambe entrambi tutte tutti",
        small: "la il lo i le opzione numero n risposta per favore grazie voglio intendo è sì e o di del della",
        neither: "nessuna, nessuno, no, altro, altra cosa, qualcos altro, niente, né l uno né l altro",
    },
    Table {
        lang: Lang::NL,
        places: ["eerste", "tweede twee", "derde drie", "vierde vier"],
        one: "een één",
        last: "laatste",
        all: "beide allebei alle alledrie",
        small: "de het nummer nr optie antwoord graag alsjeblieft bedankt ik bedoel wil is ja en of van",
        neither: "geen, nee, geen van, iets anders, wat anders, niets, niks, andere, een andere",
    },
];
