//! Words that the check must know in the languages we write: months, units, numbers, yes and no.
//!
//! All are folded: lower case, no accents.

use crate::lang::Lang;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Names of months; a number beside one makes a date.
pub const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janner", "enero", "janvier", "janeiro", "jan"],
    &["february", "februar", "febrero", "fevrier", "fevereiro", "feb"],
    &["march", "marz", "marzo", "mars", "marco"],
    &["april", "abril", "avril", "apr"],
    &["may", "mai", "mayo", "maio"],
    &["june", "juni", "junio", "juin", "junho", "jun"],
    &["july", "juli", "julio", "juillet", "julho", "jul"],
    &["august", "agosto", "aout", "aug"],
    &["september", "septiembre", "septembre", "setembro", "sept", "sep"],
    &["october", "oktober", "octubre", "octobre", "outubro", "oct", "okt"],
    &["november", "noviembre", "novembre", "novembro", "nov"],
    &["december", "dezember", "diciembre", "decembre", "dezembro", "dec", "dez"],
];

/// Names of weekdays, Monday first.
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "mondays", "montag", "montags", "lunes", "lundi"],
    &["tuesday", "tuesdays", "dienstag", "dienstags", "martes", "mardi"],
    &["wednesday", "wednesdays", "mittwoch", "mittwochs", "miercoles", "mercredi"],
    &["thursday", "thursdays", "donnerstag", "donnerstags", "jueves", "jeudi"],
    &["friday", "fridays", "freitag", "freitags", "viernes", "vendredi"],
    &["saturday", "saturdays", "samstag", "samstags", "sonnabend", "sabado", "samedi"],
    &["sunday", "sundays", "sonntag", "sonntags", "domingo", "dimanche"],
];

/// Units by a common name. `h` stands for hours, `m` is left out: metres and minutes both use it.
const UNITS: &[(&str, &[&str])] = &[
    (
        "day",
        &[
            "day",
            "days",
            "tag",
            "tage",
            "tagen",
            "werktage",
            "werktagen",
            "dia",
            "dias",
            "jour",
            "jours",
        ],
    ),
    ("week", &["week", "weeks", "woche", "wochen", "semana", "semanas", "semaine", "semaines"]),
    ("month", &["month", "months", "monat", "monate", "monaten", "mes", "meses", "mois"]),
    (
        "year",
        &[
            "year", "years", "jahr", "jahre", "jahren", "ano", "anos", "an", "ans", "annee",
            "annees",
        ],
    ),
    (
        "hour",
        &[
            "h", "hour", "hours", "hrs", "stunde", "stunden", "std", "hora", "horas", "heure",
            "heures",
        ],
    ),
    ("minute", &["min", "mins", "minute", "minutes", "minuten", "minuto", "minutos"]),
    (
        "second",
        &["second", "seconds", "sekunde", "sekunden", "segundo", "segundos", "seconde", "secondes"],
    ),
    ("percent", &["%", "percent", "prozent"]),
    ("eur", &["€", "eur", "euro", "euros"]),
    ("usd", &["$", "usd", "dollar", "dollars", "dolares"]),
    ("gbp", &["£", "gbp", "pound", "pounds", "pfund"]),
    ("chf", &["chf", "franken", "fr"]),
    ("brl", &["r$", "brl", "reais"]),
    ("kg", &["kg", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"]),
    ("g", &["g", "gram", "grams", "gramm"]),
    ("km", &["km", "kilometre", "kilometres", "kilometer", "kilometers"]),
    ("cm", &["cm", "centimetre", "centimetres", "zentimeter"]),
    ("mm", &["mm"]),
    ("l", &["l", "litre", "litres", "liter", "liters", "litro", "litros"]),
    ("mb", &["mb", "megabyte", "megabytes"]),
    ("gb", &["gb", "gigabyte", "gigabytes"]),
];

/// Numbers in words, by language; one is left out, for it is an article in most.
const NUMBERS: &[(&str, &[(&str, &str)])] = &[
    (
        "en",
        &[
            ("two", "2"),
            ("three", "3"),
            ("four", "4"),
            ("five", "5"),
            ("six", "6"),
            ("seven", "7"),
            ("eight", "8"),
            ("nine", "9"),
            ("ten", "10"),
            ("eleven", "11"),
            ("twelve", "12"),
            ("fourteen", "14"),
            ("fifteen", "15"),
            ("twenty", "20"),
            ("thirty", "30"),
            ("forty", "40"),
            ("fifty", "50"),
            ("sixty", "60"),
            ("ninety", "90"),
            ("hundred", "100"),
        ],
    ),
    (
        "de",
        &[
            ("zwei", "2"),
            ("drei", "3"),
            ("vier", "4"),
            ("funf", "5"),
            ("sechs", "6"),
            ("sieben", "7"),
            ("acht", "8"),
            ("neun", "9"),
            ("zehn", "10"),
            ("elf", "11"),
            ("zwolf", "12"),
            ("vierzehn", "14"),
            ("funfzehn", "15"),
            ("zwanzig", "20"),
            ("dreissig", "30"),
            ("vierzig", "40"),
            ("funfzig", "50"),
            ("sechzig", "60"),
            ("neunzig", "90"),
            ("hundert", "100"),
        ],
    ),
    (
        "es",
        &[
            ("dos", "2"),
            ("tres", "3"),
            ("cuatro", "4"),
            ("cinco", "5"),
            ("seis", "6"),
            ("siete", "7"),
            ("ocho", "8"),
            ("nueve", "9"),
            ("diez", "10"),
            ("once", "11"),
            ("doce", "12"),
            ("catorce", "14"),
            ("quince", "15"),
            ("veinte", "20"),
            ("treinta", "30"),
            ("cuarenta", "40"),
            ("cincuenta", "50"),
            ("sesenta", "60"),
            ("noventa", "90"),
            ("cien", "100"),
        ],
    ),
    (
        "fr",
        &[
            ("deux", "2"),
            ("trois", "3"),
            ("quatre", "4"),
            ("cinq", "5"),
            ("six", "6"),
            ("sept", "7"),
            ("huit", "8"),
            ("neuf", "9"),
            ("dix", "10"),
            ("onze", "11"),
            ("douze", "12"),
            ("quatorze", "14"),
            ("quinze", "15"),
            ("vingt", "20"),
            ("trente", "30"),
            ("quarante", "40"),
            ("cinquante", "50"),
            ("soixante", "60"),
            ("cent", "100"),
        ],
    ),
    (
        "pt",
        &[
            ("dois", "2"),
            ("duas", "2"),
            ("tres", "3"),
            ("quatro", "4"),
            ("cinco", "5"),
            ("seis", "6"),
            ("sete", "7"),
            ("oito", "8"),
            ("nove", "9"),
            ("dez", "10"),
            ("onze", "11"),
            ("doze", "12"),
            ("catorze", "14"),
            ("quinze", "15"),
            ("vinte", "20"),
            ("trinta", "30"),
            ("quarenta", "40"),
            ("cinquenta", "50"),
            ("sessenta", "60"),
            ("noventa", "90"),
            ("cem", "100"),
        ],
    ),
];

/// Words that promise something worth money, by how they begin.
const PROMISES: &[&str] = &[
    "refund",
    "discount",
    "voucher",
    "compensat",
    "guarantee",
    "reimburse",
    "warrant",
    "free",
    "erstatt",
    "ruckerstatt",
    "rabatt",
    "gutschein",
    "entschadig",
    "garant",
    "kostenlos",
    "gratis",
    "reembols",
    "descuento",
    "descont",
    "vale",
    "cupon",
    "cupom",
    "indemni",
    "indeniz",
    "rembours",
    "remise",
    "gratuit",
];

/// Words of legal or medical advice, by how they begin.
const ADVICE: &[&str] = &[
    "lawsuit",
    "lawyer",
    "attorney",
    "liab",
    "legally",
    "entitle",
    "compensa",
    "dosage",
    "dose",
    "medicat",
    "medicine",
    "prescri",
    "diagnos",
    "allerg",
    "symptom",
    "therap",
    "rechtsanwalt",
    "anwalt",
    "haftbar",
    "haftung",
    "verklag",
    "anspruch",
    "dosier",
    "dosis",
    "arzt",
    "medikament",
    "symptom",
    "abogad",
    "demandar",
    "medico",
    "medicament",
    "receta",
    "avocat",
    "tribunal",
    "medecin",
    "ordonnance",
    "advogad",
    "processar",
    "remedio",
];

/// Words that sentences commonly begin with, which state nothing by themselves.
const OPENERS: &str = "which what how who whose where why would could do does did shall welche welcher welches was wie \
    wo wann warum meinen meinst mochten cual cuales como donde quel quelle quels lequel laquelle comment qual quais quale quali \
    simply just yes no sure also however after before once when while for all any most every each \
    since until unless because although please only even still already usually normally generally otherwise instead \
    both either neither here there now today yet though meanwhile additionally note remember make keep go see write call use send \
    contact choose check start open bring give ask get take visit click log sign enter read wait try find tell put \
    schreiben schreib rufen senden schicken nutzen wahlen prufen geben nehmen bringen gehen melden besuchen klicken offnen \
    escriba escribe llame use envie elija compruebe traiga vaya pulse abra ecrivez appelez utilisez envoyez choisissez \
    ja einfach nur auch nach vor sobald wahrend alle jede jeder jedes fur seit falls weil obwohl bitte meistens \
    normalerweise sonst stattdessen beide hier dort jetzt heute beachten ansonsten ausserdem dabei dafur damit dann da \
    si solo tambien despues antes cuando mientras para todo todos todas cada desde hasta porque aunque por normalmente \
    ademas tenga recuerde aqui ahora hoy oui seulement aussi apres avant quand pendant tout tous toutes chaque depuis \
    jusque parce bien veuillez ici maintenant notez sim apenas tambem depois quando todos cada desde ate porque embora";

const NEGATIONS: &[&str] = &[
    "not", "never", "none", "nothing", "neither", "nor", "without", "cannot", "unable", "nicht",
    "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "nichts", "ohne",
    "weder", "nein", "nunca", "jamas", "ningun", "ninguna", "ninguno", "nada", "sin", "tampoco",
    "nao", "nenhum", "nenhuma", "sem", "jamais", "pas", "aucun", "aucune", "rien", "sans", "non",
];

const FUNCTION_WORDS: &str = "a an the and or but if then than that this these those is are was were be been am \
    do does did have has had will would can could may might shall should must of to in on at by for from with as it \
    its we our us you your i my me he she they them their there here so also very just about into within up out \
    der die das den dem des ein eine einen einem einer eines und oder aber wenn dann als dass ist sind war waren sein \
    haben hat hatte wird werden wurde kann konnen soll sollen muss mussen von zu zum zur im am an auf bei fur mit aus \
    es wir uns unser unsere ihr ihre ihren ihnen sie ich mein meine er auch sich so nach um bis uber \
    el la los las un una unos unas y o pero si que es son fue ser esta estan ha han puede pueden de del al en por para \
    con se su sus lo le les nos nuestro nuestra usted ustedes tu te mi yo como mas muy \
    le les des du et ou mais ce cette ces est sont etait etre ont peut peuvent dans sur par pour avec au aux nous notre \
    nos vous votre vos je mon ma il elle ils elles se sa son ses qui que plus tres \
    os as um uma uns umas e mas se sao foi esta estao tem pode podem da do das dos na no nas nos com ao aos nosso \
    nossa voce voces seu sua seus suas eu meu minha mais muito";

const PLEASANTRIES: &str = "hello hi hey dear thank thanks reaching contacting writing message question questions glad \
    happy pleased sorry hear help helps hope please let know further anything else any more other welcome nice great day \
    evening morning feel ask asking need needs get touch kind regards best wishes good assist assistance again happily \
    hallo guten tag morgen abend danke vielen dank gern gerne nachricht frage fragen anfrage freut hilft helfen weiter \
    weitere weiteren weiterhelfen hoffe hoffen bitte melden schonen freundliche freundlichen grusse herzlichen leid tut \
    hola buenos buenas dias tardes gracias mensaje pregunta preguntas consulta gusto encantados espero esperamos ayude \
    ayuda ayudar ayudarle favor saludos cordiales lamento sentimos hagame hacer saber algo otra necesita \
    bonjour bonsoir merci message question questions plaisir espere esperons aide aider cela avez besoin hesitez \
    contacter cordialement desole desoles bonne journee autre autres toute \
    ola bom boa dia tarde noite obrigado obrigada mensagem pergunta perguntas prazer espero esperamos ajude ajudar \
    ajuda precisar atenciosamente cumprimentos lamento lamentamos duvidas";

static FUNCTIONS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| FUNCTION_WORDS.split_whitespace().collect());
static OPENING: LazyLock<HashSet<&str>> = LazyLock::new(|| OPENERS.split_whitespace().collect());
static POLITE: LazyLock<HashSet<&str>> =
    LazyLock::new(|| PLEASANTRIES.split_whitespace().collect());

/// The month of that name, from 1.
pub fn month(word: &str) -> Option<u8> {
    place(&MONTHS, word)
}

/// The month of that name where the name means nothing else and is written out.
pub fn clear_month(word: &str) -> Option<u8> {
    let unclear = word.len() < 4 || matches!(word, "march" | "mars" | "sept" | "marco");
    (!unclear).then(|| month(word)).flatten()
}

/// The weekday of that name, from 1 for Monday.
pub fn weekday(word: &str) -> Option<u8> {
    place(&WEEKDAYS, word)
}

fn place(names: &[&[&str]], word: &str) -> Option<u8> {
    let index = names.iter().position(|names| names.contains(&word))?;
    u8::try_from(index + 1).ok()
}

/// The unit of that name.
pub fn unit(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(_, names)| names.contains(&word)).map(|(unit, _)| *unit)
}

/// The digits of a number in words.
pub fn number(word: &str, lang: Lang) -> Option<&'static str> {
    let of = |code: &str| NUMBERS.iter().find(|(name, _)| *name == code).map(|(_, words)| *words);
    let words = of(lang.as_str()).or_else(|| of("en"))?;
    words.iter().find(|(name, _)| *name == word).map(|(_, digits)| *digits)
}

/// Whether a word promises something worth money.
pub fn is_promise(word: &str) -> bool {
    PROMISES.iter().any(|promise| word.starts_with(promise))
        && !matches!(word, "freely" | "freeze" | "freezer" | "freezing" | "valen" | "valeur")
}

/// Whether a word is one of legal or medical advice.
pub fn is_advice(word: &str) -> bool {
    ADVICE.iter().any(|advice| word.starts_with(advice))
}

/// Whether sentences commonly begin with this word.
pub fn is_opener(word: &str) -> bool {
    OPENING.contains(word)
}

/// Whether a sentence says no, judged by its words.
pub fn is_negated(words: &[String], lang: Lang) -> bool {
    words.iter().any(|word| {
        NEGATIONS.contains(&word.as_str())
            || word.ends_with("n't")
            // In Portuguese `no` means "in the".
            || (word == "no" && lang != Lang::PT)
    })
}

/// Whether a word carries meaning of its own; digits are facts and judged as such.
pub fn is_content(word: &str) -> bool {
    word.chars().count() > 1
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && !FUNCTIONS.contains(word)
        && !NEGATIONS.contains(&word)
}

/// Whether a word may stand in a sentence that is only polite.
pub fn is_pleasantry(word: &str) -> bool {
    POLITE.contains(word)
}
