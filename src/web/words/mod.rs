//! What the desk's pages say, in the languages they speak: messages by key, from the Fluent files beside
//! this one.
//!
//! Which language a page speaks belongs to the request, like its span: it is set once, at the door, and
//! whoever puts a page together asks for its words with `t!`. Syntax and plurals of the files are those of
//! [Project Fluent](https://projectfluent.org/fluent/guide/).

/// The message of a key in the language of the request: `t!("key")`, or with values
/// `t!("key", count = 3)`.
macro_rules! t {
    ($key:literal) => {
        $crate::web::words::say($key, &[])
    };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::web::words::say($key, &[$((stringify!($name), ($value).into())),+])
    };
}

mod choice;
#[cfg(test)]
mod tests;

pub(in crate::web) use choice::{accepted, by_preference};

use crate::lang::Lang;
use crate::word::words;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

words! {
    /// A language that the desk's pages speak.
    Tongue {
        /// English, which every message has.
        En = "en",
        /// German.
        De = "de",
        /// Spanish.
        Es = "es",
        /// French.
        Fr = "fr",
        /// Portuguese.
        Pt = "pt",
    }
}

impl Tongue {
    /// The one that is spoken for a language, if any is.
    pub(in crate::web) fn of(lang: Lang) -> Option<Self> {
        lang.as_str().parse().ok()
    }

    /// What it is called by those who speak it.
    pub(in crate::web) fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Pt => "Português",
        }
    }
}

#[derive(RustEmbed)]
#[folder = "src/web/words/texts/"]
struct Files;

/// The prefix of messages that scripts show; they fill in the `{n}` themselves.
const FOR_SCRIPTS: &str = "script-";

static BUNDLES: LazyLock<BTreeMap<Tongue, FluentBundle<FluentResource>>> =
    LazyLock::new(|| Tongue::ALL.iter().map(|tongue| (*tongue, bundle(*tongue))).collect());

/// What scripts are told, as JSON, by tongue.
static SCRIPTS: LazyLock<BTreeMap<Tongue, String>> =
    LazyLock::new(|| Tongue::ALL.iter().map(|tongue| (*tongue, script(*tongue))).collect());

tokio::task_local! {
    static TONGUE: Tongue;
}

/// Has a request served in a language.
pub(in crate::web) async fn speaking<F: Future>(tongue: Tongue, serve: F) -> F::Output {
    TONGUE.scope(tongue, serve).await
}

/// The language of the request that is being served; English outside of one.
pub(in crate::web) fn tongue() -> Tongue {
    TONGUE.try_with(|tongue| *tongue).unwrap_or(Tongue::En)
}

/// The message of a key in the language of the request, with values filled in. What a language lacks is
/// said in English.
pub(in crate::web) fn say(key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
    let mut args = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        args.set(*name, value.clone());
    }
    let said = said(tongue(), key, &args).or_else(|| said(Tongue::En, key, &args));
    said.unwrap_or_else(|| key.to_owned())
}

/// The message named by an area and one of its words, such as a queue or a reason.
pub(in crate::web) fn say_of(area: &str, word: &str) -> String {
    say(&format!("{area}-{}", word.replace('_', "-")), &[])
}

/// The same, where the word comes from an address: nothing where there is no such message.
pub(in crate::web) fn find(area: &str, word: &str) -> Option<String> {
    let (key, none) = (format!("{area}-{word}"), FluentArgs::new());
    said(tongue(), &key, &none).or_else(|| said(Tongue::En, &key, &none))
}

/// The message for a phrase that records hold in English: its words, joined by hyphens, end the key. Nothing
/// where there is no such message.
pub(in crate::web) fn find_phrase(area: &str, phrase: &str) -> Option<String> {
    let letters = phrase.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' });
    find(area, &letters.collect::<String>().to_ascii_lowercase())
}

/// What the pages' scripts show, as JSON.
pub(in crate::web) fn for_scripts() -> &'static str {
    SCRIPTS.get(&tongue()).map_or("{}", String::as_str)
}

fn said(tongue: Tongue, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = BUNDLES.get(&tongue)?;
    let pattern = bundle.get_message(key)?.value()?;
    let mut problems = Vec::new();
    Some(bundle.format_pattern(pattern, Some(args), &mut problems).into_owned())
}

fn bundle(tongue: Tongue) -> FluentBundle<FluentResource> {
    let locale = tongue.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Names of people stand within `bdi` already; marks of direction in the text would be copied with it.
    bundle.set_use_isolating(false);
    for (_, text) in texts(tongue) {
        // What cannot be read is left out; a test holds that all of it can.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The files of a language, by name.
fn texts(tongue: Tongue) -> Vec<(Cow<'static, str>, String)> {
    let folder = format!("{tongue}/");
    let names = Files::iter().filter(|name| name.starts_with(&folder));
    let read = names.filter_map(|name| {
        let text = String::from_utf8(Files::get(&name)?.data.into_owned()).ok()?;
        Some((name, text))
    });
    read.collect()
}

fn script(tongue: Tongue) -> String {
    let mut args = FluentArgs::new();
    args.set("n", "{n}");
    let keys = keys(Tongue::En).into_iter();
    let told = keys.filter_map(|key| {
        let name = key.strip_prefix(FOR_SCRIPTS)?.to_owned();
        let words = said(tongue, &key, &args).or_else(|| said(Tongue::En, &key, &args))?;
        Some((name, words))
    });
    let told: BTreeMap<String, String> = told.collect();
    serde_json::to_string(&told).unwrap_or_default()
}

/// Every key of a language: a message begins a line with its key.
fn keys(tongue: Tongue) -> Vec<String> {
    let of_file = |text: &str| {
        let begun = text.lines().filter_map(|line| line.split_once(" ="));
        let keys = begun.map(|(key, _)| key).filter(|key| key.starts_with(char::is_alphabetic));
        keys.map(str::to_owned).collect::<Vec<_>>()
    };
    texts(tongue).iter().flat_map(|(_, text)| of_file(text)).collect()
}
