//! The sentence encoder, where the settings name one: from a folder, or behind an endpoint.

mod endpoint;
mod local;
mod tokens;

use crate::config::Embedding;
use anyhow::Context;
use endpoint::Endpoint;
use local::Local;
use std::sync::OnceLock;

/// Texts that have nothing in common. How alike an encoder finds them all the same differs between
/// encoders: 0.05 by some, 0.75 by others.
const UNLIKE: [&str; 6] = [
    "When does my parcel arrive?",
    "The cat sleeps on the warm roof.",
    "How do I change my password?",
    "Rain is expected over the northern hills.",
    "Which size of shoes should I order?",
    "She plays the violin in an orchestra.",
];
/// Less than this is what the weights were fitted with.
const USUAL: f32 = 0.2;

/// Makes vectors of sentences.
pub struct Encoder {
    maker: Maker,
    /// Names the encoder: vectors of two encoders never mix.
    pub model: String,
    query_prefix: String,
    passage_prefix: String,
    /// What it finds alike in texts that have nothing in common; known from the first question on.
    floor: OnceLock<f32>,
}

enum Maker {
    Local(Box<Local>),
    Endpoint(Endpoint),
}

impl Encoder {
    /// The encoder that the settings name, ready for use; a folder that holds none is an error.
    pub fn open(settings: &Embedding) -> anyhow::Result<Option<Self>> {
        let (maker, model) = match (&settings.model, &settings.base_url) {
            (Some(folder), _) => {
                let local = Local::open(folder)
                    .with_context(|| format!("opening embedding.model in {}", folder.display()))?;
                let name = local.name().to_owned();
                (Maker::Local(Box::new(local)), name)
            }
            (None, Some(url)) => {
                let name = settings.name.as_deref().unwrap_or_default();
                (Maker::Endpoint(Endpoint::new(settings)?), format!("{url} {name}"))
            }
            (None, None) => return Ok(None),
        };
        let passage_prefix = settings.passage_prefix.clone();
        Ok(Some(Self {
            maker,
            model: format!("{model} {passage_prefix}"),
            query_prefix: settings.query_prefix.clone(),
            passage_prefix,
            floor: OnceLock::new(),
        }))
    }

    /// The vector of a customer's words.
    pub fn query(&self, text: &str) -> anyhow::Result<Vec<f32>> {
        let made = self.vectors(&[format!("{}{text}", self.query_prefix)])?;
        made.into_iter().next().context("the encoder made no vector")
    }

    /// The vectors of texts of the knowledge, in their order.
    pub fn passages(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let texts: Vec<String> =
            texts.iter().map(|text| format!("{}{text}", self.passage_prefix)).collect();
        self.vectors(&texts)
    }

    /// What of a cosine is no likeness: the cosine that it gives texts which have nothing in common.
    pub fn floor(&self) -> anyhow::Result<f32> {
        if let Some(&floor) = self.floor.get() {
            return Ok(floor);
        }
        let made = self.vectors(&UNLIKE.map(|text| format!("{}{text}", self.query_prefix)))?;
        let mut cosines = Vec::new();
        for (place, one) in made.iter().enumerate() {
            cosines.extend(made[..place].iter().map(|other| cosine(one, other)));
        }
        cosines.sort_by(f32::total_cmp);
        let middle = cosines.get(cosines.len() / 2).copied().unwrap_or(0.0);
        let floor = if middle > USUAL { middle.min(0.95) } else { 0.0 };
        Ok(*self.floor.get_or_init(|| floor))
    }

    fn vectors(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        match &self.maker {
            Maker::Local(local) => local.vectors(texts),
            Maker::Endpoint(endpoint) => endpoint.vectors(texts),
        }
    }
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    if lengths > 0.0 { dot(one, other) / lengths } else { 0.0 }
}
