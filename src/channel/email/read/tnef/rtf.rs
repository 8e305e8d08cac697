//! The words in compressed RTF (MS-OXRTFCP), as Outlook sends them.

use super::number;
use crate::channel::email::read::charset;

/// Bytes of RTF that are unpacked; a kilobyte can say that it is many gigabytes.
const MAX_RTF: usize = 4_000_000;

/// What the window holds before anything is unpacked (MS-OXRTFCP §2.1.3.1.5).
const BEFORE: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\
\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The words of compressed RTF, if it can be unpacked.
pub(super) fn words(bytes: &[u8]) -> Option<String> {
    let packed = bytes.get(16..)?;
    let rtf = match &bytes[8..12] {
        b"LZFu" => unpack(packed),
        b"MELA" => packed.to_vec(),
        _ => return None,
    };
    let size = usize::try_from(number(bytes, 4)?).ok()?;
    Some(plain(&rtf[..rtf.len().min(size)]))
}

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut window = Window { bytes: [0; 4096], at: BEFORE.len(), rtf: Vec::new() };
    window.bytes[..BEFORE.len()].copy_from_slice(BEFORE);
    let mut input = packed.iter().copied();
    while let Some(control) = input.next() {
        for bit in 0..8 {
            if control & (1 << bit) == 0 {
                let Some(byte) = input.next() else { return window.rtf };
                window.put(byte);
            } else {
                let (Some(high), Some(low)) = (input.next(), input.next()) else {
                    return window.rtf;
                };
                let reference = usize::from(u16::from_be_bytes([high, low]));
                let (from, length) = (reference >> 4, (reference & 15) + 2);
                if from == window.at {
                    return window.rtf;
                }
                for step in 0..length {
                    window.put(window.bytes[(from + step) % 4096]);
                }
            }
        }
        if window.rtf.len() > MAX_RTF {
            break;
        }
    }
    window.rtf
}

/// The last bytes that were unpacked, to which later ones refer.
struct Window {
    bytes: [u8; 4096],
    at: usize,
    rtf: Vec<u8>,
}

impl Window {
    fn put(&mut self, byte: u8) {
        self.bytes[self.at] = byte;
        self.at = (self.at + 1) % 4096;
        self.rtf.push(byte);
    }
}

/// Groups whose words are not shown.
const SILENT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "generator",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "themedata",
    "latentstyles",
    "header",
    "footer",
    "mhtmltag",
    "htmltag",
    "datastore",
    "xmlnstbl",
    "fldinst",
];

/// The words that RTF shows.
fn plain(rtf: &[u8]) -> String {
    let mut reader =
        Reader { rtf, at: 0, out: Vec::new(), text: String::new(), skip: 0, fallback: 1 };
    let mut silent: Vec<bool> = Vec::new();
    let mut is_silent = false;
    while let Some(byte) = reader.next() {
        match byte {
            b'{' if silent.len() < 1_000 => silent.push(is_silent),
            b'}' => is_silent = silent.pop().unwrap_or(false),
            b'\\' => is_silent |= reader.control(is_silent),
            b'\r' | b'\n' | b'{' => {}
            other if !is_silent => reader.put(other),
            _ => {}
        }
    }
    reader.settle();
    reader.text
}

struct Reader<'a> {
    rtf: &'a [u8],
    at: usize,
    /// Bytes in the document's charset that are not letters yet.
    out: Vec<u8>,
    text: String,
    /// Letters left out because a Unicode letter stands for them.
    skip: usize,
    fallback: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.rtf.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn put(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.out.push(byte);
        }
    }

    fn settle(&mut self) {
        if !self.out.is_empty() {
            self.text.push_str(&charset::guess(&self.out));
            self.out.clear();
        }
    }

    /// Reads what follows a backslash; true if it silences its group.
    fn control(&mut self, is_silent: bool) -> bool {
        let Some(first) = self.next() else { return false };
        if !first.is_ascii_alphabetic() {
            return self.sign(first, is_silent);
        }
        let start = self.at - 1;
        while self.rtf.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(&self.rtf[start..self.at.min(start + 32)]).into_owned();
        let digits = self.at;
        while self.rtf.get(self.at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-') {
            self.at += 1;
        }
        let number: i64 = std::str::from_utf8(&self.rtf[digits..self.at])
            .ok()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(1);
        if self.rtf.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        if SILENT.contains(&name.as_str()) {
            return true;
        }
        if !is_silent {
            self.word(&name, number);
        }
        false
    }

    fn word(&mut self, name: &str, number: i64) {
        match name {
            "par" | "line" | "row" => self.out.push(b'\n'),
            "tab" | "cell" => self.out.push(b'\t'),
            "emdash" | "endash" => self.out.push(b'-'),
            "uc" => self.fallback = usize::try_from(number).unwrap_or(1).min(8),
            "u" => {
                self.settle();
                let code = u32::try_from(if number < 0 { number + 65_536 } else { number });
                self.text.push(code.ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                self.skip = self.fallback;
            }
            "lquote" | "rquote" => self.out.push(b'\''),
            "ldblquote" | "rdblquote" => self.out.push(b'"'),
            _ => {}
        }
    }

    fn sign(&mut self, sign: u8, is_silent: bool) -> bool {
        match sign {
            b'*' => return true,
            b'\'' => {
                let hex = self
                    .rtf
                    .get(self.at..self.at + 2)
                    .and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.at += 2;
                    if !is_silent {
                        self.put(byte);
                    }
                }
            }
            b'~' if !is_silent => self.put(b' '),
            b'\\' | b'{' | b'}' if !is_silent => self.put(sign),
            b'\n' | b'\r' if !is_silent => self.out.push(b'\n'),
            _ => {}
        }
        false
    }
}
