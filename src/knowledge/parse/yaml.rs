//! YAML of flat keys, field by field: each with its line, and its value as it is written.

use super::problem::{Flaw, flaw};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Error, Location, Spanned};
use std::fmt;

/// A key with its value.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub key: String,
    /// The line within the YAML, from 1.
    pub line: usize,
    /// Its value.
    pub value: Value,
}

/// What a key may hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Value {
    /// Text as it is written, whatever YAML takes it for (`no` stays `no`).
    Text(String),
    /// A list; what is no text in it is `None`.
    List(Vec<Option<String>>),
    /// Nothing.
    Empty,
    /// Keys with values of their own.
    Nested,
}

/// All fields, repeated ones too, or the flaw that keeps the YAML from being read and its line.
pub fn fields(yaml: &str) -> Result<Vec<Field>, (usize, Flaw)> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
    };
    let Pairs(pairs) =
        serde_saphyr::from_str_with_options(yaml, options).map_err(|error| broken(&error))?;
    let fields = pairs.into_iter().map(|(key, value)| Field {
        line: line_of(key.referenced),
        key: key.value,
        value: value_of(value, yaml),
    });
    Ok(fields.collect())
}

fn value_of(raw: Spanned<Raw>, yaml: &str) -> Value {
    match raw.value {
        Raw::List(items) => {
            let texts = items.into_iter().map(|item| match value_of(item, yaml) {
                Value::Text(text) => Some(text),
                Value::List(_) | Value::Empty | Value::Nested => None,
            });
            Value::List(texts.collect())
        }
        Raw::Empty => Value::Empty,
        Raw::Nested => Value::Nested,
        Raw::Text(text) => Value::Text(text),
        Raw::Plain => {
            let span = raw.referenced.span();
            let text = span.byte_offset().zip(span.byte_len()).and_then(|(from, len)| {
                let from = usize::try_from(from).ok()?;
                yaml.get(from..from.checked_add(usize::try_from(len).ok()?)?)
            });
            text.map_or(Value::Empty, |text| Value::Text(text.trim().to_owned()))
        }
    }
}

fn broken(error: &Error) -> (usize, Flaw) {
    let detail = match error.without_snippet() {
        Error::Message { msg, .. } | Error::ExternalMessage { msg, .. } => format!(" ({msg})"),
        _ => String::new(),
    };
    let what = format!("the front matter is no list of `key: value`{detail}");
    let fix = "mend this line or the one above it; text that holds `: ` or ` #` needs quotes";
    (error.location().map_or(1, line_of), flaw(what, fix))
}

fn line_of(place: Location) -> usize {
    usize::try_from(place.line()).unwrap_or(1).max(1)
}

/// The fields as YAML gives them.
struct Pairs(Vec<(Spanned<String>, Spanned<Raw>)>);

/// A value as YAML gives it; numbers and booleans are read again from the source.
enum Raw {
    Text(String),
    Plain,
    List(Vec<Spanned<Raw>>),
    Empty,
    Nested,
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values")
            }

            fn visit_unit<E>(self) -> Result<Pairs, E> {
                Ok(Pairs(Vec::new()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(Fields)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Anything;
        impl<'de> Visitor<'de> for Anything {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
                Ok(Raw::Text(text.to_owned()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
                Ok(Raw::Plain)
            }

            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Empty)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Raw::Nested)
            }
        }
        deserializer.deserialize_any(Anything)
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, fields};

    fn read(yaml: &str) -> Vec<(String, usize, Value)> {
        let fields = fields(yaml).expect(yaml);
        fields.into_iter().map(|field| (field.key, field.line, field.value)).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn values_stay_as_they_are_written() {
        for (written, value) in [
            ("plain words", text("plain words")),
            ("no", text("no")),
            ("2026", text("2026")),
            ("1_0.50", text("1_0.50")),
            ("2026-03-31", text("2026-03-31")),
            ("'quoted: yes'", text("quoted: yes")),
            ("", Value::Empty),
            ("~", Value::Empty),
            (
                "[a, 2, [b], '']",
                Value::List(vec![Some("a".into()), Some("2".into()), None, Some(String::new())]),
            ),
            ("{a: b}", Value::Nested),
        ] {
            assert_eq!(read(&format!("k: {written}\n")), [("k".into(), 1, value)], "{written}");
        }
    }

    #[test]
    fn fields_know_their_lines_even_when_repeated() {
        let found = read("a: 1\n# comment\nb:\n  - x\n  - y\n\na: größer\n");
        let lines: Vec<usize> = found.iter().map(|(_, line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 7]);
        assert_eq!(found[2].2, text("größer"));
    }

    #[test]
    fn nothing_at_all_has_no_fields() {
        assert_eq!(read("\n# only a comment\n"), []);
    }

    #[test]
    fn broken_yaml_is_told_with_its_line() {
        for (yaml, at) in [("a: 1\nb: c: d\n", 2), ("just words\n", 1), ("a: 1\nb: [x\n", 2)] {
            let (line, flaw) = fields(yaml).expect_err(yaml);
            assert_eq!(line, at, "{yaml}: {flaw:?}");
        }
    }
}
