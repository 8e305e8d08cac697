//! What kind of file some bytes are, by the bytes alone; what their sender calls them does not count.

/// The media type of a file, if it is of a kind that is safe to keep: pictures, sound, PDF, plain text.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("audio/wav"),
        [b'O', b'g', b'g', b'S', 0, ..] => Some("audio/ogg"),
        [b'I', b'D', b'3', 2..=4, ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some("audio/mpeg"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', b' ', ..] => Some("audio/mp4"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        _ if is_plain_text(bytes) => Some("text/plain"),
        _ => None,
    }
}

/// The media type of a picture that every browser shows and that can hold no program; SVG is none.
pub(crate) fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    media_type(bytes).filter(|kind| kind.starts_with("image/"))
}

/// Text that no program takes for markup: what begins like a tag is refused.
fn is_plain_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.trim_start_matches('\u{feff}');
    let is_clean =
        |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r');
    !text.is_empty() && text.chars().all(is_clean) && !text.trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::{media_type, picture_type};

    #[test]
    fn content_decides_what_a_file_is() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0rest"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\nrest", Some("image/png")),
            (b"GIF89a..", Some("image/gif")),
            (b"GIF80a..", Some("text/plain")),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some("image/webp")),
            (b"RIFF\x01\x02\x03\x04WAVEfmt ", Some("audio/wav")),
            (b"RIFF\x01\x02\x03\x04AVI LIST", None),
            (b"OggS\0\x02rest", Some("audio/ogg")),
            (b"OggS, I say", Some("text/plain")),
            (b"ID3\x04\0rest", Some("audio/mpeg")),
            (b"ID3 is a format", Some("text/plain")),
            (b"\xff\xfb\x90\x00", Some("audio/mpeg")),
            (b"\0\0\0\x1cftypM4A \0", Some("audio/mp4")),
            (b"\0\0\0\x1cftypisom\0", None),
            (b"%PDF-1.7\n", Some("application/pdf")),
            ("Grüße\r\n\tab".as_bytes(), Some("text/plain")),
            (b"", None),
            (b"MZ\x90\x00", None),
            (b"PK\x03\x04zip", None),
            (b"\x7fELF\x02\x01", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"  \n<!DOCTYPE html><script>", None),
            (b"\xef\xbb\xbf<html>", None),
            (b"latin \xe9t\xe9", None),
            (b"esc \x1b[31m", None),
        ] {
            assert_eq!(media_type(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
            let picture = kind.filter(|kind| kind.starts_with("image/"));
            assert_eq!(picture_type(bytes), picture, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
