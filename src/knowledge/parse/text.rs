//! From bytes to text with lines: size, encoding and line ends are settled before anything parses.

use super::problem::{Flaw, flaw};

/// The text without byte order mark and with `\n` as its only line end, or the flaw and its line.
pub fn decode(bytes: &[u8], max_bytes: usize) -> Result<String, (usize, Flaw)> {
    if bytes.len() > max_bytes {
        let what = format!("the file is larger than {} MB", max_bytes / 1_000_000);
        return Err((1, flaw(what, "split it into several files")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        (line, flaw("the text is not UTF-8", "save the file with the encoding UTF-8"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Finds the line of a byte offset.
#[derive(Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Notes where the lines of the text start.
    pub fn new(text: &str) -> Self {
        let later = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self { starts: std::iter::once(0).chain(later.filter(|at| *at < text.len())).collect() }
    }

    /// The line, from 1, that holds the offset; offsets past the end are on the last line.
    pub fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, decode};

    #[test]
    fn line_ends_of_every_system_read_the_same() {
        for bytes in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "\u{feff}a\nb\n"] {
            assert_eq!(decode(bytes.as_bytes(), 100).expect(bytes), "a\nb\n");
        }
    }

    #[test]
    fn a_bad_byte_is_told_with_its_line() {
        let (line, _) = decode(b"one\ntwo\nth\xffree", 100).expect_err("not UTF-8");
        assert_eq!(line, 3);
    }

    #[test]
    fn one_byte_too_many_is_too_large() {
        assert!(decode(&[b'a'; 10], 10).is_ok());
        assert!(decode(&[b'a'; 11], 10).is_err());
    }

    #[test]
    fn an_offset_knows_its_line() {
        let lines = Lines::new("ab\n\nc\n");
        let found: Vec<usize> = [0, 2, 3, 4, 5, 99].iter().map(|at| lines.at(*at)).collect();
        assert_eq!(found, [1, 1, 2, 3, 3, 3]);
    }
}
