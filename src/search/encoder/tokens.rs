//! Tokens: the numbers that a model knows pieces of text by.
//!
//! The tokenizer may not be shared between threads, so that it has one of its own.

use anyhow::{Context, anyhow};
use rten_text::{
    Tokenizer,
    tokenizer::{EncodeOptions, Encoded},
};
use std::{sync::mpsc, thread};

/// Tokens of a text that are read; what models of this kind were made for.
const TOKENS: usize = 256;

type Tokens = anyhow::Result<Vec<Vec<u32>>>;

/// The thread that knows the tokenizer.
pub struct Tokenizing {
    texts: mpsc::Sender<(Vec<String>, mpsc::Sender<Tokens>)>,
}

impl Tokenizing {
    /// Starts the thread with the contents of a `tokenizer.json`; it ends with this value.
    pub fn start(json: String) -> anyhow::Result<Self> {
        let (opened, is_open) = mpsc::channel();
        let (texts, asked) = mpsc::channel::<(Vec<String>, mpsc::Sender<Tokens>)>();
        let serve = move || {
            let tokenizer = match Tokenizer::from_json(&json) {
                Ok(tokenizer) => tokenizer,
                Err(error) => return drop(opened.send(Err(anyhow!("{error}")))),
            };
            drop((json, opened.send(Ok(()))));
            for (texts, answer) in asked {
                // Whoever asked may be gone.
                drop(answer.send(tokens(&tokenizer, &texts)));
            }
        };
        thread::Builder::new()
            .name("tokenizer".to_owned())
            .spawn(serve)
            .context("starting the thread of the tokenizer")?;
        is_open.recv().context("the tokenizer broke off")??;
        Ok(Self { texts })
    }

    /// The tokens of each text.
    pub fn tokens(&self, texts: &[String]) -> Tokens {
        let (answer, answered) = mpsc::channel();
        let gone = "the tokenizer broke off";
        self.texts.send((texts.to_vec(), answer)).map_err(|_| anyhow!(gone))?;
        answered.recv().context(gone)?
    }
}

/// The tokenizer counts the marks of inner pieces as part of the text and looks for places behind its
/// end; so many blanks there hold the pieces of the longest word it knows.
const BEHIND: usize = 256;

fn tokens(tokenizer: &Tokenizer, texts: &[String]) -> Tokens {
    let options = EncodeOptions { max_chunk_len: Some(TOKENS), overlap: 0 };
    let tokens = texts.iter().map(|text| {
        let text = format!("{text}{}", " ".repeat(BEHIND));
        let encoded = tokenizer.encode(&*text, Some(options.clone())).map(Encoded::into_token_ids);
        encoded.context("cutting a text into tokens")
    });
    tokens.collect()
}

#[cfg(test)]
mod tests {
    use super::Tokenizing;

    #[test]
    fn a_word_of_many_pieces_is_cut_at_the_end_of_a_text_too() {
        let json = r###"{"normalizer":{"type":"BertNormalizer","lowercase":true,"strip_accents":null},
            "pre_tokenizer":{"type":"BertPreTokenizer"},"added_tokens":[],
            "model":{"type":"WordPiece","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##a":4,"b":5}}}"###;
        let tokenizing = Tokenizing::start(json.to_owned()).expect("a tokenizer");
        let long = "a".repeat(100);
        let texts = ["aaaaaaa", "Áaaa", &long, ""].map(str::to_owned);
        let tokens = tokenizing.tokens(&texts).expect("tokens");
        assert_eq!(tokens[0], [1, 3, 4, 4, 4, 4, 4, 4, 2]);
        assert_eq!((tokens[1].len(), tokens[2].len(), tokens[3].len()), (6, 102, 2));
    }
}
