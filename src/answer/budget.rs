//! Making a prompt fit: the oldest history goes first, then the weakest sources, never the question.

use super::prompt::{Material, Prompt};
use anyhow::{Result, bail};

/// Other models split text into more tokens than the table we count with: this many of eight are ours.
const SAFETY: (usize, usize) = (7, 8);
/// No token table yields fewer tokens than this many bytes to the token, save for runs of one sign.
const BYTES_PER_TOKEN: usize = 16;

/// The text of a prompt that fits, and its size.
#[derive(Debug, PartialEq, Eq)]
pub struct Fitted {
    /// What follows the instructions.
    pub user: String,
    /// Tokens of instructions and text together.
    pub tokens: usize,
    /// How many of the sources are in it.
    pub sources: usize,
}

/// Drops from the material until the prompt, as `write` writes it, has at most `most` tokens as `count`
/// counts them.
///
/// Fails when the customer's message and one source alone are too long.
pub fn fit(
    prompt: &Prompt,
    mut material: Material,
    most: usize,
    write: impl Fn(&Prompt, &Material) -> Result<String>,
    count: impl Fn(&str) -> usize,
) -> Result<Fitted> {
    let most = most / SAFETY.1 * SAFETY.0;
    if material.message.len() > most * BYTES_PER_TOKEN {
        bail!("the message is too long for the prompt");
    }
    let told = count(&prompt.system);
    drop_at_once(&mut material, most.saturating_sub(told), &count);
    loop {
        let user = write(prompt, &material)?;
        let tokens = told + count(&user);
        if tokens <= most {
            return Ok(Fitted { user, tokens, sources: material.sources.len() });
        }
        if !drop_one(&mut material) {
            bail!("the message and one source are too long for the prompt");
        }
    }
}

/// Drops what surely does not fit by the sizes of the pieces, so that long histories cost one pass.
fn drop_at_once(material: &mut Material, most: usize, count: &impl Fn(&str) -> usize) {
    let sources: Vec<usize> = material.sources.iter().map(|source| count(&source.answer)).collect();
    let asked = count(&material.message);
    let mut spare = most.saturating_sub(asked);
    let fitting = sources.iter().take_while(|size| take(&mut spare, **size)).count();
    material.sources.truncate(fitting.max(1));
    let recent = material.history.iter().rev();
    let kept = recent.take_while(|line| take(&mut spare, count(&line.text))).count();
    material.history.drain(..material.history.len() - kept);
}

fn take(spare: &mut usize, size: usize) -> bool {
    let left = spare.checked_sub(size);
    *spare = left.unwrap_or(*spare);
    left.is_some()
}

/// Drops the piece that matters least; false when only what must stay is left.
fn drop_one(material: &mut Material) -> bool {
    if !material.history.is_empty() {
        material.history.remove(0);
        return true;
    }
    material.sources.len() > 1 && material.sources.pop().is_some()
}

#[cfg(test)]
mod tests {
    use super::fit;
    use crate::answer::library::Prompts;
    use crate::answer::prompt::{Line, Material, Prompt, Question, Source, Spoken};
    use crate::conversation::Tone;
    use crate::lang::Lang;

    fn whole(prompt: &Prompt, material: &Material) -> anyhow::Result<String> {
        prompt.render(material)
    }

    fn count(text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn material(message: &str) -> Material {
        let line =
            |text: &str| Line { from: "customer", text: format!("{text} {}", "h ".repeat(100)) };
        let source = |entry: &str| Source {
            entry: entry.into(),
            question: "?".into(),
            answer: format!("{entry} {}", "s ".repeat(100)),
        };
        Material {
            language: Lang::EN,
            sources: vec![source("best"), source("weak"), source("weakest")],
            history: vec![line("oldest"), line("older"), line("newest")],
            message: message.into(),
            questions: vec![Question { number: 1, text: "the question".into() }],
            tone: Spoken::of(&Tone::default()),
        }
    }

    #[test]
    fn the_least_needed_goes_first_and_the_question_never() {
        let prompt = Prompts::embedded().expect("well formed").answer;
        let told = count(&prompt.system);
        for (room, kept, dropped) in [
            (800, vec!["oldest", "weakest"], vec![]),
            (600, vec!["older", "newest", "weakest"], vec!["oldest"]),
            (480, vec!["newest", "weakest"], vec!["older"]),
            (330, vec!["weakest"], vec!["newest"]),
            (250, vec!["weak"], vec!["weakest", "newest"]),
            (130, vec!["best"], vec!["weak", "newest"]),
        ] {
            let most = (told + room) * 8 / 7;
            let fitted =
                fit(&prompt, material("the message"), most, whole, count).expect("it fits");
            assert!(fitted.tokens <= most && fitted.tokens == told + count(&fitted.user));
            assert!(fitted.user.contains("the message") && fitted.user.contains("the question"));
            for word in kept {
                assert!(fitted.user.contains(&format!("\"{word}")), "{word} in {room}");
            }
            for word in dropped {
                assert!(!fitted.user.contains(&format!("\"{word} ")), "{word} not in {room}");
            }
        }
    }

    #[test]
    fn what_cannot_fit_is_an_error() {
        let prompt = Prompts::embedded().expect("well formed").answer;
        let told = count(&prompt.system);
        for (message, most) in [("short", told + 50), ("long ".repeat(9_000).as_str(), told + 900)]
        {
            assert!(fit(&prompt, material(message), most, whole, count).is_err());
        }
    }
}
