//! `format=flowed` (RFC 3676): lines that were broken for the way are put together again.

/// Puts flowed lines together. With `delsp` the space at the break goes as well.
pub(super) fn unfold(text: &str, delsp: bool) -> String {
    let mut kept = String::with_capacity(text.len());
    // The depth of the quotation that the last line goes on in, if it does.
    let mut goes_on: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.trim_end_matches('\r');
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let words = &line[depth..];
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_dashes = words == "-- ";
        if goes_on != Some(depth) || is_dashes {
            if !kept.is_empty() || goes_on.is_some() {
                kept.push('\n');
            }
            kept.push_str(&">".repeat(depth));
            if depth > 0 {
                kept.push(' ');
            }
        }
        let is_flowed = words.ends_with(' ') && !is_dashes;
        kept.push_str(if is_flowed && delsp { &words[..words.len() - 1] } else { words });
        goes_on = is_flowed.then_some(depth);
    }
    kept
}
