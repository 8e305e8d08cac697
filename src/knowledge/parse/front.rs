//! Front matter: the YAML between two lines of `---` that opens a file, split from the body.

use super::problem::{Flaw, flaw};

/// The YAML of a file and where its body begins, or `None` where it opens with no fence.
pub fn split(text: &str) -> Result<Option<(&str, usize)>, Flaw> {
    let mut lines = text.split_inclusive('\n');
    let Some(opening) = lines.next().filter(|line| is_fence(line)) else { return Ok(None) };
    let mut at = opening.len();
    for line in lines {
        if is_fence(line) {
            return Ok(Some((&text[opening.len()..at], at + line.len())));
        }
        at += line.len();
    }
    Err(flaw("the front matter is not closed", "write a line of `---` below its last key"))
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_fences_part_yaml_from_body() {
        for (text, yaml, body) in [
            ("---\na: 1\n---\nbody\n", "a: 1\n", "body\n"),
            ("---\n---\n", "", ""),
            ("---  \na: 1\n--- ", "a: 1\n", ""),
        ] {
            let (found, at) = split(text).expect(text).expect(text);
            assert_eq!((found, &text[at..]), (yaml, body), "{text}");
        }
    }

    #[test]
    fn a_missing_fence_is_told_from_an_open_one() {
        assert_eq!(split("## Question\n"), Ok(None));
        assert_eq!(split("\n---\na: 1\n---\n"), Ok(None));
        assert!(split("---\na: 1\n").is_err());
    }
}
