//! A sentence encoder out of a folder: an ONNX model and its tokenizer, run on this machine.

use super::tokens::Tokenizing;
use anyhow::{Context, bail, ensure};
use rten::{Model, NodeId, ValueOrView};
use rten_tensor::{AsView, Layout, NdTensor, Tensor};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, path::PathBuf};

/// Tokens that are worked on at once.
const BATCH_TOKENS: usize = 2_048;
/// A model begins and ends with what tells it apart; nobody needs it hashed whole at every start.
const TELLING_BYTES: usize = 65_536;

/// A sentence encoder.
pub struct Local {
    model: Model,
    tokenizer: Tokenizing,
    name: String,
    inputs: Vec<(NodeId, Input)>,
    output: NodeId,
}

/// What a model wants to be told about each token.
#[derive(Clone, Copy)]
enum Input {
    Ids,
    Mask,
    Types,
}

impl Local {
    /// Opens the folder and tries the encoder, so that a wrong one is found at the start.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        ensure!(folder.is_dir(), "there is no such folder");
        let bytes = fs::read(model_file(folder)?).context("reading the model")?;
        let json = fs::read_to_string(folder.join("tokenizer.json"))
            .context("reading tokenizer.json, which must lie beside the model")?;
        let name = name(&bytes, &json);
        let tokenizer = Tokenizing::start(json).context("reading tokenizer.json")?;
        let model = Model::load(bytes)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("reading the model: it is no whole ONNX file")?;
        let inputs = inputs(&model)?;
        let output = *model.output_ids().first().context("the model has no output")?;
        let local = Self { model, tokenizer, name, inputs, output };
        let tried = local.vectors(&["Is it of use?".to_owned()]).context("trying the model")?;
        ensure!(tried[0].iter().any(|number| number.abs() > 0.0), "the model answers nothing");
        Ok(local)
    }

    /// Names the model by its contents.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The vectors of texts, in their order.
    pub fn vectors(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        let tokens = self.tokenizer.tokens(texts)?;
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|&place| tokens[place].len());
        let mut vectors = vec![Vec::new(); tokens.len()];
        let mut rest = &order[..];
        while let Some(&shortest) = rest.first() {
            let size = (BATCH_TOKENS / tokens[shortest].len().max(1)).clamp(1, rest.len());
            let (batch, after) = rest.split_at(size);
            let texts: Vec<&[u32]> = batch.iter().map(|&place| &*tokens[place]).collect();
            for (&place, vector) in batch.iter().zip(self.run(&texts)?) {
                vectors[place] = vector;
            }
            rest = after;
        }
        Ok(vectors)
    }

    fn run(&self, texts: &[&[u32]]) -> anyhow::Result<Vec<Vec<f32>>> {
        let width = texts.iter().map(|text| text.len()).max().unwrap_or(0);
        ensure!(width > 0, "a text has no tokens");
        let inputs = self.inputs.iter().map(|&(node, input)| {
            let numbers: Vec<i32> = texts.iter().flat_map(|text| row(text, width, input)).collect();
            let tensor: NdTensor<i32, 2> = NdTensor::from_data([texts.len(), width], numbers);
            (node, ValueOrView::from(tensor))
        });
        let run = self.model.run(inputs.collect(), &[self.output], None);
        let output =
            run.map_err(|error| anyhow::anyhow!("{error}")).context("running the model")?;
        let output: Option<Tensor<f32>> =
            output.into_iter().next().and_then(rten::Value::into_tensor);
        let output = output.context("the model answers no numbers")?;
        let lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
        pooled(&output, &lengths, width)
    }
}

fn row(text: &[u32], width: usize, input: Input) -> impl Iterator<Item = i32> {
    (0..width).map(move |place| match (input, text.get(place)) {
        (Input::Ids, Some(&id)) => i32::try_from(id).unwrap_or(0),
        (Input::Mask, Some(_)) => 1,
        (Input::Types, Some(_)) | (_, None) => 0,
    })
}

/// The mean over each text's tokens, where the model has not taken it already.
fn pooled(output: &Tensor<f32>, lengths: &[usize], width: usize) -> anyhow::Result<Vec<Vec<f32>>> {
    let (shape, numbers) = (output.shape().to_vec(), output.to_vec());
    match shape[..] {
        [rows, dims] if rows == lengths.len() && dims > 0 => {
            Ok(numbers.chunks_exact(dims).map(<[f32]>::to_vec).collect())
        }
        [rows, tokens, dims] if rows == lengths.len() && tokens == width && dims > 0 => {
            let texts = numbers.chunks_exact(tokens * dims).zip(lengths);
            Ok(texts.map(|(text, &length)| mean(&text[..length * dims], dims)).collect())
        }
        _ => {
            bail!("the model has the wrong shape: it answers {shape:?} to {} texts", lengths.len())
        }
    }
}

fn mean(tokens: &[f32], dims: usize) -> Vec<f32> {
    let mut sum = vec![0.0; dims];
    for token in tokens.chunks_exact(dims) {
        for (sum, number) in sum.iter_mut().zip(token) {
            *sum += number;
        }
    }
    let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
    sum.into_iter().map(|number| number / length.max(f32::MIN_POSITIVE)).collect()
}

fn inputs(model: &Model) -> anyhow::Result<Vec<(NodeId, Input)>> {
    let inputs = model.input_ids().iter().map(|&node| {
        let info = model.node_info(node);
        let name = info.as_ref().and_then(rten::NodeInfo::name).unwrap_or_default();
        match name {
            "input_ids" => Ok((node, Input::Ids)),
            "attention_mask" => Ok((node, Input::Mask)),
            "token_type_ids" => Ok((node, Input::Types)),
            _ => bail!("the model has the wrong shape: it wants `{name}`, as no encoder does"),
        }
    });
    let inputs: Vec<(NodeId, Input)> = inputs.collect::<anyhow::Result<_>>()?;
    let has_ids = inputs.iter().any(|(_, input)| matches!(input, Input::Ids));
    ensure!(has_ids, "the model has the wrong shape: it wants no `input_ids`");
    Ok(inputs)
}

/// `model.onnx`, else `model_quantized.onnx`, else the only ONNX file there is.
fn model_file(folder: &Path) -> anyhow::Result<PathBuf> {
    let usual = ["model.onnx", "model_quantized.onnx"].map(|name| folder.join(name));
    if let Some(file) = usual.into_iter().find(|file| file.is_file()) {
        return Ok(file);
    }
    let mut found = Vec::new();
    for file in fs::read_dir(folder).context("listing the folder")? {
        let path = file.context("listing the folder")?.path();
        if path.extension().is_some_and(|extension| extension == "onnx") {
            found.push(path);
        }
    }
    match found.pop() {
        Some(file) if found.is_empty() => Ok(file),
        Some(_) => bail!("several ONNX files lie there; name one of them model.onnx"),
        None => bail!("no ONNX file lies there; an encoder is model.onnx with tokenizer.json"),
    }
}

fn name(model: &[u8], tokenizer: &str) -> String {
    let end = model.len().saturating_sub(TELLING_BYTES);
    let hash = Sha256::new()
        .chain_update(model.len().to_le_bytes())
        .chain_update(&model[..model.len().min(TELLING_BYTES)])
        .chain_update(&model[end..])
        .chain_update(tokenizer.len().to_le_bytes())
        .finalize();
    let telling = hash.iter().take(8).fold(0, |name: u64, &byte| name << 8 | u64::from(byte));
    format!("{telling:016x}")
}
