//! A question's choices as buttons, or as a list where they are many.

use serde_json::{Value, json};

/// Reply buttons a message may have (Meta, "Interactive reply buttons messages").
const MOST_BUTTONS: usize = 3;
const BUTTON_TITLE: usize = 20;
/// Rows a list may have (Meta, "Interactive list messages").
const MOST_ROWS: usize = 10;
const ROW_TITLE: usize = 24;
const ROW_DESCRIPTION: usize = 72;
/// Characters of a row's id; a button's may have 256.
const MAX_ID: usize = 200;
/// What stands before a choice's words in the id of its button.
const SAYS: &str = "say:";

/// Choices as they are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::channel::whatsapp) struct Offer {
    rows: Vec<Row>,
    /// The choices in full, where titles had to be shortened or left out.
    pub(super) legend: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    id: String,
    title: String,
    description: Option<String>,
}

/// Offers choices; none where there is nothing to choose.
pub(super) fn offer(choices: &[String]) -> Option<Offer> {
    let choices: Vec<String> = choices.iter().map(|it| one_line(it)).collect();
    let choices: Vec<&str> =
        choices.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    if choices.is_empty() {
        return None;
    }
    let are_buttons = choices.len() <= MOST_BUTTONS;
    let longest = if are_buttons { BUTTON_TITLE } else { ROW_TITLE };
    let is_shortened = choices.iter().any(|it| length(it) > longest);
    let row = |(at, words): (usize, &&str)| {
        // With numbers, titles that begin alike stay apart: Meta refuses two that are the same.
        let title = if is_shortened { format!("{}. {words}", at + 1) } else { (*words).to_owned() };
        let fits = length(words) <= ROW_DESCRIPTION && !are_buttons && length(&title) > longest;
        Row {
            id: format!("{SAYS}{}", shortened(words, MAX_ID - SAYS.len())),
            title: shortened(&title, longest),
            description: fits.then(|| (*words).to_owned()),
        }
    };
    let rows: Vec<Row> = choices.iter().enumerate().take(MOST_ROWS).map(row).collect();
    let numbered = choices.iter().enumerate().map(|(at, words)| format!("{}. {words}", at + 1));
    let needs_legend = is_shortened || choices.len() > MOST_ROWS;
    let legend = needs_legend.then(|| numbered.collect::<Vec<_>>().join("\n"));
    Some(Offer { rows, legend })
}

/// What a customer says by pressing a button of ours: the choice in full, which its id holds, else its title.
pub(in crate::channel::whatsapp) fn chosen<'a>(id: &'a str, title: &'a str) -> &'a str {
    let words = id.strip_prefix(SAYS).filter(|words| !words.is_empty());
    words.filter(|words| !words.ends_with('…')).unwrap_or(title)
}

impl Offer {
    /// Its `interactive` object below a text; `opens` is written on the button that opens a list.
    pub(super) fn interactive(&self, body: &str, opens: &str) -> Value {
        let body = json!({ "text": body });
        if self.rows.len() <= MOST_BUTTONS {
            let buttons = self.rows.iter().map(
                |row| json!({ "type": "reply", "reply": { "id": row.id, "title": row.title } }),
            );
            let action = json!({ "buttons": buttons.collect::<Vec<_>>() });
            return json!({ "type": "button", "body": body, "action": action });
        }
        let rows = self.rows.iter().map(|row| {
            let mut it = json!({ "id": row.id, "title": row.title });
            if let Some(description) = &row.description {
                it["description"] = json!(description);
            }
            it
        });
        let sections = json!([{ "rows": rows.collect::<Vec<_>>() }]);
        let action = json!({ "button": shortened(opens, BUTTON_TITLE), "sections": sections });
        json!({ "type": "list", "body": body, "action": action })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text of at most `longest` characters, cut after a word where that loses little.
fn shortened(text: &str, longest: usize) -> String {
    if length(text) <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest - 1).collect();
    let at_word = kept.rfind(' ').filter(|at| *at * 2 > kept.len());
    format!("{}…", at_word.map_or(kept.as_str(), |at| &kept[..at]).trim_end())
}

#[cfg(test)]
mod tests {
    use super::{BUTTON_TITLE, MAX_ID, MOST_ROWS, ROW_TITLE, chosen, offer};
    use serde_json::json;
    use std::collections::BTreeSet;

    fn offered(choices: &[&str]) -> super::Offer {
        offer(&choices.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).expect("an offer")
    }

    #[test]
    fn few_short_choices_are_buttons() {
        let offer = offered(&["Return", "Repair"]);
        let button = |title: &str| json!({ "type": "reply", "reply": { "id": format!("say:{title}"), "title": title } });
        let action = json!({ "buttons": [button("Return"), button("Repair")] });
        let wanted = json!({ "type": "button", "body": { "text": "Which?" }, "action": action });
        assert_eq!(offer.interactive("Which?", "Choose"), wanted);
        assert_eq!(offer.legend, None);
    }

    #[test]
    fn many_are_a_list() {
        let offer = offered(&["a", "b", "c", "d"]);
        let list = offer.interactive("Which?", "Choose");
        assert_eq!((&list["type"], &list["action"]["button"]), (&json!("list"), &json!("Choose")));
        let rows = list["action"]["sections"][0]["rows"].as_array().expect("rows");
        assert_eq!(rows[3], json!({ "id": "say:d", "title": "d" }));
    }

    #[test]
    fn titles_stay_within_the_limits_and_apart_and_lose_no_words() {
        let alike = "I want to send back the boots that I bought in";
        for count in [2, 3, 4, 12] {
            let choices: Vec<String> = (1..=count).map(|at| format!("{alike} 201{at}")).collect();
            let offer = super::offer(&choices).expect("an offer");
            let legend = offer.legend.as_deref().expect("the words in full");
            assert!(choices.iter().all(|words| legend.contains(words)), "{legend}");
            let titles: BTreeSet<&str> = offer.rows.iter().map(|it| it.title.as_str()).collect();
            assert_eq!(titles.len(), count.min(MOST_ROWS), "{titles:?}");
            let longest = if count <= 3 { BUTTON_TITLE } else { ROW_TITLE };
            for row in &offer.rows {
                assert!(row.title.chars().count() <= longest, "{}", row.title);
                assert!(row.id.chars().count() <= MAX_ID);
            }
        }
    }

    #[test]
    fn a_pressed_button_says_the_choice_in_full() {
        let long = "w".repeat(300);
        let offer = offered(&["Return within thirty days", &long]);
        let says = |at: usize| chosen(&offer.rows[at].id, &offer.rows[at].title);
        assert_eq!(says(0), "Return within thirty days");
        assert!(says(1).starts_with("2. www"), "where the id cannot hold it, the title is said");
        assert_eq!(chosen("of-another-program", "Yes"), "Yes");
        assert_eq!(chosen("say:", "Yes"), "Yes");
    }

    #[test]
    fn nothing_to_choose_is_no_offer() {
        assert_eq!(offer(&[]), None);
        assert_eq!(offer(&["  ".into()]), None);
    }
}
