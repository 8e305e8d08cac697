//! What customers read beside the answers themselves, in their language: templates under `prompts/texts`.

use super::tone;
use crate::conversation::{ChannelKind, Citation, Draft, Inbox};
use crate::lang::Lang;
use anyhow::{Context as _, Result};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Deserialize;
use std::path::Path;
use std::sync::LazyLock;

const SOURCES: [(Lang, &str, &str); 5] = [
    (Lang::EN, "en.yaml", include_str!("../../prompts/texts/en.yaml")),
    (Lang::DE, "de.yaml", include_str!("../../prompts/texts/de.yaml")),
    (Lang::ES, "es.yaml", include_str!("../../prompts/texts/es.yaml")),
    (Lang::FR, "fr.yaml", include_str!("../../prompts/texts/fr.yaml")),
    (Lang::PT, "pt.yaml", include_str!("../../prompts/texts/pt.yaml")),
];
const LAYOUT: &str = include_str!("../../prompts/texts/layout.yaml");

/// One language's texts, each a template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    source: String,
    automatic: String,
    person: String,
    handoff: String,
    waiting: String,
    closed: String,
    weekdays: [String; 7],
    up_to: String,
    minutes: String,
    hours: String,
    days: String,
    clarify: String,
    greeting: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layouts {
    webchat: Layout,
    api: Layout,
    email: Layout,
    whatsapp: Layout,
}

/// How the parts of a reply are put together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    answer: String,
}

#[expect(clippy::expect_used, reason = "the files are part of the program and a test reads each")]
static TEXTS: LazyLock<Vec<(Lang, Texts)>> =
    LazyLock::new(|| load_texts().expect("the embedded texts are well formed"));

#[expect(clippy::expect_used, reason = "the file is part of the program and a test reads it")]
static LAYOUTS: LazyLock<Layouts> =
    LazyLock::new(|| load_layouts().expect("the embedded layout is well formed"));

/// Dresses a draft for sending by itself: greeting and signature of the inbox, sources, notice that it is
/// automatic, way to a person. `name` is the customer's.
pub fn answer(draft: &Draft, inbox: &Inbox, business: &str, name: Option<&str>) -> String {
    let texts = of(draft.lang);
    let channel = inbox.channel;
    let parts = context! {
        body => tone::dressed(&draft.text, &inbox.tone, business, name),
        source => source(texts, &draft.citations),
        automatic => render(&texts.automatic, context! { business }),
        person => render(&texts.person, context! {}),
    };
    render(&layout(channel).answer, parts)
}

/// Says that a person takes over, and how long that usually takes where it is known.
pub fn handoff(lang: Lang, business: &str, reply_time: Option<&str>) -> String {
    let texts = of(lang);
    let told = render(&texts.handoff, context! { business });
    match reply_time.map(str::trim).filter(|time| !time.is_empty()) {
        Some(reply_time) => {
            format!("{told} {}", render(&texts.waiting, context! { reply_time }))
        }
        None => told,
    }
}

/// Says that a person takes over once the business opens, at a time of its own clock.
pub fn handoff_while_closed(
    lang: Lang,
    business: &str,
    opens: NaiveDateTime,
    today: NaiveDate,
) -> String {
    let texts = of(lang);
    let weekday = usize::try_from(opens.weekday().num_days_from_monday()).unwrap_or(0);
    let mut day = texts.weekdays[weekday].clone();
    // Within a week the weekday is enough.
    if (opens.date() - today).num_days() > 6 {
        day = format!("{day}, {}", opens.date());
    }
    let closed = context! { day, time => opens.format("%H:%M").to_string() };
    format!("{} {}", handoff(lang, business, None), render(&texts.closed, closed))
}

/// A time of so many minutes at most, in the largest unit that it fills.
pub fn up_to(lang: Lang, minutes: i64) -> String {
    let texts = of(lang);
    let (template, n) = match minutes {
        ..60 => (&texts.minutes, minutes),
        60..1_440 => (&texts.hours, minutes / 60),
        _ => (&texts.days, minutes / 1_440),
    };
    render(&texts.up_to, context! { time => render(template, context! { n }) })
}

/// Asks which of the choices offered with it the customer means; `question` are a model's words for it.
pub fn clarify(lang: Lang, business: &str, question: Option<&str>) -> String {
    let asked = question.map_or_else(|| render(&of(lang).clarify, context! {}), str::to_owned);
    format!("{asked}\n\n{}", disclosure(lang, business))
}

/// Answers a greeting that says nothing else.
pub fn greeting(lang: Lang, business: &str) -> String {
    let greeting = render(&of(lang).greeting, context! { business });
    format!("{greeting}\n\n{}", disclosure(lang, business))
}

/// Says that a machine writes, and how to reach a person, as the law of the European Union wants.
fn disclosure(lang: Lang, business: &str) -> String {
    let texts = of(lang);
    let automatic = render(&texts.automatic, context! { business });
    format!("{automatic} {}", render(&texts.person, context! {}))
}

/// Every problem with the embedded texts and prompts, told for their author.
pub fn check() -> Vec<String> {
    let embedded = super::library::Prompts::embedded();
    let mut problems: Vec<String> = embedded.err().iter().map(|it| format!("{it:#}")).collect();
    match load_texts() {
        Err(error) => problems.push(format!("{error:#}")),
        Ok(texts) => {
            for (lang, texts) in &texts {
                problems.extend(check_texts(*lang, texts));
            }
        }
    }
    match load_layouts() {
        Err(error) => problems.push(format!("{error:#}")),
        Ok(layouts) => {
            let sample = context! { body => "", source => "", automatic => "", person => "" };
            for layout in [&layouts.webchat, &layouts.api] {
                problems.extend(problem("layout.yaml", &layout.answer, &sample));
            }
        }
    }
    problems
}

/// The problem with a folder of prompts, if there is one.
pub fn check_prompts(folder: &Path) -> Option<String> {
    super::library::Prompts::of(folder).err().map(|error| format!("{error:#}"))
}

fn check_texts(lang: Lang, texts: &Texts) -> Vec<String> {
    let file = format!("{lang}.yaml");
    let none = context! {};
    let business = context! { business => "" };
    [
        (&texts.source, context! { several => true, titles => "" }),
        (&texts.automatic, business.clone()),
        (&texts.person, none.clone()),
        (&texts.handoff, business.clone()),
        (&texts.waiting, context! { reply_time => "" }),
        (&texts.closed, context! { day => "", time => "" }),
        (&texts.up_to, context! { time => "" }),
        (&texts.minutes, context! { n => 1 }),
        (&texts.hours, context! { n => 1 }),
        (&texts.days, context! { n => 1 }),
        (&texts.clarify, none),
        (&texts.greeting, business),
    ]
    .into_iter()
    .filter_map(|(template, sample)| problem(&file, template, &sample))
    .collect()
}

fn problem(file: &str, template: &str, sample: &Value) -> Option<String> {
    if template.trim().is_empty() {
        return Some(format!("prompts/texts/{file}: a text is empty"));
    }
    let error = try_render(template, sample.clone()).err()?;
    Some(format!("prompts/texts/{file}: `{template}`: {error:#}"))
}

fn load_texts() -> Result<Vec<(Lang, Texts)>> {
    SOURCES
        .iter()
        .map(|(lang, file, source)| {
            let texts = serde_saphyr::from_str(source)
                .with_context(|| format!("reading prompts/texts/{file}"))?;
            Ok((*lang, texts))
        })
        .collect()
}

fn load_layouts() -> Result<Layouts> {
    serde_saphyr::from_str(LAYOUT).context("reading prompts/texts/layout.yaml")
}

fn of(lang: Lang) -> &'static Texts {
    let known = TEXTS.iter().find(|(known, _)| *known == lang);
    &known.unwrap_or(&TEXTS[0]).1
}

fn layout(channel: ChannelKind) -> &'static Layout {
    match channel {
        ChannelKind::Webchat => &LAYOUTS.webchat,
        ChannelKind::Api => &LAYOUTS.api,
        ChannelKind::Email => &LAYOUTS.email,
        ChannelKind::Whatsapp => &LAYOUTS.whatsapp,
    }
}

/// The line that names the sources; empty where there are none.
fn source(texts: &Texts, citations: &[Citation]) -> String {
    let mut titles: Vec<String> = Vec::new();
    for citation in citations {
        let title = unmarked(&citation.title);
        if !title.is_empty() && !titles.contains(&title) {
            titles.push(title);
        }
    }
    if titles.is_empty() {
        return String::new();
    }
    let several = titles.len() > 1;
    render(&texts.source, context! { several, titles => titles.join("; ") })
}

/// A title on one line, without what Markdown would take for its own marks.
fn unmarked(title: &str) -> String {
    let words = title.replace(['*', '_', '`', '[', ']', '<', '>', '\\'], "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[expect(clippy::expect_used, reason = "check() renders each template with the same variables")]
fn render(template: &str, parts: Value) -> String {
    try_render(template, parts).expect("the embedded template renders")
}

fn try_render(template: &str, parts: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(template, parts).context("rendering a text")
}

#[cfg(test)]
mod tests {
    use super::{answer, check, clarify, greeting, handoff};
    use crate::answer::tests::turn;
    use crate::conversation::{ChannelKind, Citation, Draft, Inbox, Writer};
    use crate::knowledge::EntryId;
    use crate::lang::Lang;

    const LANGS: [Lang; 6] = [Lang::EN, Lang::DE, Lang::ES, Lang::FR, Lang::PT, Lang::IT];

    fn inbox(channel: ChannelKind) -> Inbox {
        Inbox { channel, ..turn("").inbox }
    }

    fn citation(title: &str) -> Citation {
        Citation { entry: EntryId::from("e"), version: 1, excerpt: "x".into(), title: title.into() }
    }

    fn draft(lang: Lang, titles: &[&str]) -> Draft {
        Draft {
            text: "Body {{ not a template }} <b>.\n".into(),
            citations: titles.iter().map(|title| citation(title)).collect(),
            writer: Writer::Verbatim,
            lang,
        }
    }

    #[test]
    fn the_embedded_texts_have_no_problems() {
        assert_eq!(check(), Vec::<String>::new());
    }

    #[test]
    fn every_text_renders_in_every_language_with_no_placeholder_left() {
        for lang in LANGS {
            for channel in ChannelKind::ALL {
                let mut texts = vec![
                    handoff(lang, "Hollow Oak", Some("an hour")),
                    handoff(lang, "Hollow Oak", None),
                    clarify(lang, "Hollow Oak", None),
                    greeting(lang, "Hollow Oak"),
                ];
                let sent =
                    answer(&draft(lang, &["A *b*", "C"]), &inbox(*channel), "Hollow Oak", None);
                assert!(sent.contains("Body {{ not a template }} <b>."), "{sent}");
                assert!(sent.contains("A b; C") && sent.contains("Hollow Oak"), "{sent}");
                texts.push(sent.replace("{{ not a template }}", ""));
                for text in texts {
                    assert!(
                        text.len() > 20 && !text.contains("{{") && !text.contains("{%"),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn languages_differ_and_unknown_ones_get_english() {
        let said: Vec<String> =
            LANGS.iter().map(|lang| clarify(*lang, "Hollow Oak", None)).collect();
        let different: std::collections::HashSet<&String> = said[..5].iter().collect();
        assert_eq!(different.len(), 5);
        assert_eq!(said[5], said[0]);
    }

    #[test]
    fn an_answer_is_dressed_for_its_channel() {
        let draft = draft(Lang::EN, &["How long?", "How long?"]);
        assert_eq!(
            answer(&draft, &inbox(ChannelKind::Webchat), "Hollow Oak", None),
            "Body {{ not a template }} <b>.\n\n*Source: How long?*  \n*This is an automatic answer \
             from Hollow Oak. If you would rather talk to a person, just say so.*"
        );
        assert_eq!(
            answer(&draft, &inbox(ChannelKind::Api), "Hollow Oak", None),
            "Body {{ not a template }} <b>.\n\nSource: How long?\nThis is an automatic answer from \
             Hollow Oak. If you would rather talk to a person, just say so."
        );
    }

    #[test]
    fn whoever_writes_while_it_is_closed_hears_when_it_opens() {
        let told = |lang, opens: &str, today: &str| {
            let (opens, today) = (opens.parse().expect("a time"), today.parse().expect("a day"));
            super::handoff_while_closed(lang, "Hollow Oak", opens, today)
        };
        for (lang, opens, end) in [
            (
                Lang::EN,
                "2026-11-30T09:00:00",
                "We are closed now; a person answers from Monday, 09:00.",
            ),
            (Lang::DE, "2026-12-01T08:30:00", "ein Mensch antwortet ab Dienstag, 08:30 Uhr."),
            (Lang::EN, "2026-12-28T09:00:00", "a person answers from Monday, 2026-12-28, 09:00."),
        ] {
            let told = told(lang, opens, "2026-11-26");
            assert!(told.contains("Hollow Oak") && told.ends_with(end), "{told}");
        }
    }

    #[test]
    fn a_time_is_told_in_the_largest_unit_it_fills() {
        for (lang, minutes, time) in [
            (Lang::EN, 1, "up to 1 minute"),
            (Lang::EN, 45, "up to 45 minutes"),
            (Lang::EN, 60, "up to 1 hour"),
            (Lang::DE, 120, "bis zu 2 Stunden"),
            (Lang::DE, 1_440, "bis zu 1 Tag"),
            (Lang::DE, 2_880, "bis zu 2 Tage"),
            (Lang::ES, 20, "hasta 20 minutos"),
            (Lang::FR, 60, "jusqu’à 1 heure"),
            (Lang::PT, 4_320, "até 3 dias"),
            (Lang::IT, 5, "up to 5 minutes"),
        ] {
            assert_eq!(super::up_to(lang, minutes), time);
        }
    }

    #[test]
    fn a_handoff_names_a_waiting_time_only_where_it_is_known() {
        let known = handoff(Lang::EN, "Hollow Oak", Some("two hours"));
        assert!(known.ends_with("answer you here. Usual waiting time: two hours."), "{known}");
        for unknown in [None, Some(" ")] {
            assert!(handoff(Lang::EN, "Hollow Oak", unknown).ends_with("answer you here."));
        }
    }
}
