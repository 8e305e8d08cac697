//! What the chat page says, in the languages it speaks: more than triage knows.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;

use crate::lang::Lang;
use crate::web::words::by_preference;
use serde::Serialize;

/// The page's words in one language; the script gets them as they are named here.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    pub(super) lang: &'static str,
    /// Which way it is read: `ltr` or `rtl`.
    pub(super) dir: &'static str,
    pub(super) subtitle: &'static str,
    pub(super) greeting: &'static str,
    pub(super) notice: &'static str,
    pub(super) log: &'static str,
    pub(super) write: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) send: &'static str,
    pub(super) attach: &'static str,
    pub(super) person: &'static str,
    /// The message that the button sends.
    pub(super) wish: &'static str,
    pub(super) device: &'static str,
    pub(super) device_hint: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) close: &'static str,
    pub(super) newer: &'static str,
    pub(super) you: &'static str,
    pub(super) automatic: &'static str,
    pub(super) team: &'static str,
    pub(super) source: &'static str,
    /// Marks an automatic answer as one that helped.
    pub(super) helpful: &'static str,
    /// Marks an automatic answer as one that did not help.
    pub(super) unhelpful: &'static str,
    pub(super) noted: &'static str,
    pub(super) thanks: &'static str,
    pub(super) choices: &'static str,
    pub(super) sending: &'static str,
    pub(super) sent: &'static str,
    pub(super) failed: &'static str,
    pub(super) retry: &'static str,
    pub(super) remove: &'static str,
    pub(super) typing: &'static str,
    pub(super) waiting: &'static str,
    pub(super) with_person: &'static str,
    pub(super) offline: &'static str,
    pub(super) file_large: &'static str,
    pub(super) file_kind: &'static str,
    pub(super) file_many: &'static str,
    pub(super) too_fast: &'static str,
    pub(super) link_over: &'static str,
    pub(super) wrong: &'static str,
    pub(super) no_script: &'static str,
    pub(super) email: &'static str,
    pub(super) email_label: &'static str,
    pub(super) email_hint: &'static str,
    pub(super) email_save: &'static str,
    pub(super) email_kept: &'static str,
    pub(super) email_bad: &'static str,
    pub(super) present: &'static str,
    pub(super) away: &'static str,
    /// Outside business hours; `{time}` is when they begin.
    pub(super) closed: &'static str,
    /// How long a person usually takes; `{time}` is such as "20 minutes".
    pub(super) within: &'static str,
    /// The same where it varies, from `{from}` to `{to}`.
    pub(super) between: &'static str,
    pub(super) writes: &'static str,
    pub(super) drop: &'static str,
}

/// The first language asked for that the page speaks: by address, then as the browser says, then the
/// inbox's own.
pub(super) fn of(asked: Option<&str>, accepted: &str, inbox: Lang) -> &'static Words {
    let known = |code: &str| {
        let lang: Lang = code.trim().parse().ok()?;
        ALL.into_iter().find(|words| words.lang == lang.as_str())
    };
    asked
        .and_then(known)
        .or_else(|| by_preference(accepted).into_iter().find_map(known))
        .or_else(|| known(inbox.as_str()))
        .unwrap_or(&en::EN)
}

static ALL: [&Words; 8] = [&en::EN, &de::DE, &es::ES, &fr::FR, &pt::PT, &it::IT, &nl::NL, &ar::AR];

#[cfg(test)]
mod tests {
    use super::{ALL, of};
    use crate::lang::Lang;

    #[test]
    fn the_page_speaks_the_visitors_language_if_it_can() {
        for (asked, accepted, inbox, lang) in [
            (None, "", Lang::EN, "en"),
            (None, "de-AT,de;q=0.9,en;q=0.8", Lang::EN, "de"),
            (None, "en;q=0.3, fr;q=0.9", Lang::EN, "fr"),
            (None, "ja, es;q=0.5", Lang::EN, "es"),
            (None, "ja", Lang::PT, "pt"),
            (None, "de;q=0, *;q=0.5", Lang::EN, "en"),
            (None, "ja", Lang::IT, "it"),
            (None, "ar-EG, en;q=0.5", Lang::EN, "ar"),
            (None, "nl", Lang::EN, "nl"),
            (Some("es"), "de", Lang::EN, "es"),
            (Some("xx"), "de", Lang::EN, "de"),
            (Some("<script>"), ";;q=,,", Lang::EN, "en"),
        ] {
            assert_eq!(of(asked, accepted, inbox).lang, lang, "{asked:?} {accepted:?}");
        }
    }

    /// The placeholders of a text, in order of the alphabet.
    fn placeholders(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_language_has_every_text_with_the_same_placeholders() {
        let written = |words: &super::Words| serde_json::to_value(words).expect("JSON");
        let english = written(ALL[0]);
        let english = english.as_object().expect("an object");
        assert_eq!(ALL.len(), 8);
        for words in ALL {
            let all = written(words);
            for (key, text) in english {
                let said = all[key].as_str().expect("a text");
                let place = format!("{} of {}", key, words.lang);
                assert!(!said.trim().is_empty(), "{place}");
                let original = text.as_str().expect("a text");
                assert_eq!(placeholders(said), placeholders(original), "{place}");
                assert!(
                    words.lang == "en" || said != original || said.chars().count() < 9,
                    "{place} is not translated: {said}"
                );
            }
            let launcher = include_str!("../../static/widget.js");
            assert!(launcher.contains(&format!("\n    {}: [\"", words.lang)), "{}", words.lang);
            let is_mirrored = words.lang == "ar";
            assert_eq!(words.dir == "rtl", is_mirrored, "{}", words.lang);
        }
    }
}
