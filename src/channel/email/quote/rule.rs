//! Lines of one repeated sign, and whether what stands below them is a signature.

use super::date;
use super::line::{Kind, Line, Rule};

const SIGNS: &str = "-_=~*#+—–─━═‐―·•";
/// The sign by which a tracker for mails marks those that it sent.
const TRACKER: &str = "\u{1427}";
/// Lines of a signature without its mark, and their characters.
const LINES: usize = 8;
const CHARACTERS: usize = 80;

/// How people end a letter, folded.
const SIGN_OFFS: &[&str] = &[
    "best regards",
    "kind regards",
    "warm regards",
    "regards",
    "best wishes",
    "best,",
    "cheers",
    "sincerely",
    "yours",
    "thanks",
    "thank you",
    "many thanks",
    "mit freundlichen grüßen",
    "mit freundlichem gruß",
    "mit besten grüßen",
    "viele grüße",
    "liebe grüße",
    "beste grüße",
    "freundliche grüße",
    "schöne grüße",
    "herzliche grüße",
    "mit lieben grüßen",
    "grüße",
    "gruß",
    "mfg",
    "lg",
    "vg",
    "cordialement",
    "bien à vous",
    "bien cordialement",
    "salutations",
    "saludos",
    "un saludo",
    "atentamente",
    "cordialmente",
    "un cordial saludo",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
    "atenciosamente",
    "cumprimentos",
    "com os melhores cumprimentos",
    "abraço",
    "obrigad",
    "met vriendelijke groet",
    "vriendelijke groet",
    "groet",
    "med vänlig hälsning",
    "vänliga hälsningar",
    "hälsningar",
    "mvh",
    "med venlig hilsen",
    "venlig hilsen",
    "med vennlig hilsen",
    "vennlig hilsen",
    "hilsen",
    "ystävällisin terveisin",
    "terveisin",
    "pozdrawiam",
    "z poważaniem",
    "s pozdravem",
    "s pozdravom",
    "üdvözlettel",
    "cu stimă",
    "cu respect",
    "saygılarımla",
    "iyi çalışmalar",
    "με εκτίμηση",
    "с уважением",
    "з повагою",
    "с поздрави",
    "lp",
    "lep pozdrav",
    "s poštovanjem",
    "مع تحياتي",
    "تحياتي",
    "בברכה",
    "با احترام",
    "trân trọng",
    "salam",
    "hormat saya",
    "ขอแสดงความนับถือ",
    "此致",
    "谢谢",
    "祝好",
    "よろしくお願い",
    "敬具",
    "감사합니다",
];

/// What a folded line of one sign is, if it is one.
pub(super) fn kind(folded: &str) -> Option<Rule> {
    if folded == TRACKER {
        return Some(Rule::Tracker);
    }
    let sign = folded.chars().next().filter(|&first| SIGNS.contains(first))?;
    let count = folded.chars().filter(|&character| character == sign).count();
    let is_one_sign = folded.chars().all(|character| character == sign || character == ' ');
    match (sign, count) {
        _ if !is_one_sign => None,
        ('-', 2) => Some(Rule::Signature),
        ('_', 5..) => Some(Rule::Footer),
        ('—' | '–', _) | (_, 2..) => Some(Rule::Other),
        _ => None,
    }
}

/// Whether lines are a name, or more lines among which someone can be reached or says good-bye.
pub(super) fn is_signature(lines: &[Line]) -> bool {
    let shown = shown(lines);
    if shown.is_empty() || shown.len() > LINES {
        return false;
    }
    let is_short = |line: &&Line| line.kind == Kind::Text && line.raw.chars().count() <= CHARACTERS;
    shown.iter().all(is_short) && (is_name(&shown) || is_reachable(&shown) || is_sign_off(shown[0]))
}

/// Whether lines end a letter, with a word of farewell or a way to reach somebody.
pub(super) fn is_farewell(lines: &[Line]) -> bool {
    let shown = shown(lines);
    let asks = shown.iter().any(|line| line.folded.ends_with(['?', '？', '!']));
    !asks
        && is_signature(lines)
        && (is_reachable(&shown) && shown.len() > 1 || is_sign_off(shown[0]))
}

/// The lines that show something, no more of them than tell that they are too many.
fn shown<'a>(lines: &'a [Line<'a>]) -> Vec<&'a Line<'a>> {
    lines.iter().filter(|line| !line.is_blank()).take(LINES + 1).collect()
}

fn is_name(shown: &[&Line]) -> bool {
    let [line] = shown else { return false };
    let words = line.raw.split_whitespace();
    let is_capital = |word: &str| word.chars().next().is_some_and(|first| !first.is_lowercase());
    line.folded.chars().all(|character| character.is_alphabetic() || " .-'’".contains(character))
        && !line.folded.ends_with('.')
        && words.clone().count() <= 3
        && words.into_iter().all(is_capital)
}

fn is_sign_off(first: &Line) -> bool {
    let starts = |known: &&str| {
        let rest = first.folded.strip_prefix(*known);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && rest.len() <= 24)
    };
    SIGN_OFFS.iter().any(starts)
}

/// A telephone number, a page or an address.
fn is_reachable(shown: &[&Line]) -> bool {
    shown.iter().any(|line| {
        let line = &line.folded;
        ["http://", "https://", "www.", "@"].iter().any(|sign| line.contains(sign))
            || has_number(line)
    })
}

fn has_number(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let others = line.chars().filter(|character| character.is_alphabetic()).count();
    (8..=15).contains(&digits) && others <= 10 && !date::told(line).is_day()
}
