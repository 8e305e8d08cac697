//! The sentence encoder, where the settings name one: from a folder, or behind an endpoint.

mod endpoint;
mod local;
mod tokens;

use crate::config::Embedding;
use anyhow::Context;
use endpoint::Endpoint;
use local::Local;

/// Makes vectors of sentences.
pub struct Encoder {
    maker: Maker,
    /// Names the encoder: vectors of two encoders never mix.
    pub model: String,
    query_prefix: String,
    passage_prefix: String,
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

    fn vectors(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        match &self.maker {
            Maker::Local(local) => local.vectors(texts),
            Maker::Endpoint(endpoint) => endpoint.vectors(texts),
        }
    }
}
