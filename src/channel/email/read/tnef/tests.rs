//! `winmail.dat`, made here piece by piece.

use super::{Unwrapped, Wrapped, read, rtf};

fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("it is short");
    [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), data, &[0, 0]].concat()
}

fn property(tag: u32, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).expect("it is short");
    let mut bytes =
        [&tag.to_le_bytes()[..], &1_u32.to_le_bytes(), &length.to_le_bytes(), value].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn properties(all: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(all.len()).expect("it is short");
    [&count.to_le_bytes()[..], &all.concat()].concat()
}

fn wrapped(attributes: &[Vec<u8>]) -> Vec<u8> {
    [&0x223e_9f78_u32.to_le_bytes()[..], &[0, 0], &attributes.concat()].concat()
}

fn file() -> Vec<Vec<u8>> {
    let name: Vec<u8> = "Größe.txt\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let number = [&0x3705_0003_u32.to_le_bytes()[..], &1_u32.to_le_bytes()].concat();
    vec![
        attribute(2, super::FILE_BEGINS, &[0; 14]),
        attribute(2, super::FILE_TITLE, b"GRE~1.TXT\0"),
        attribute(2, super::FILE_DATA, b"forty-two"),
        attribute(
            2,
            super::FILE_PROPERTIES,
            &properties(&[
                number,
                property(0x3707_001f, &name),
                property(0x370e_001e, b"text/plain\0"),
            ]),
        ),
    ]
}

#[test]
fn files_and_words_are_taken_out() {
    let words = attribute(
        1,
        super::MESSAGE_PROPERTIES,
        &properties(&[property(0x1000_001e, b"The words\0")]),
    );
    let found = read(&wrapped(&[vec![words], file()].concat())).expect("it is one");
    let expected = Wrapped {
        name: Some("Größe.txt".into()),
        media_type: Some("text/plain".into()),
        bytes: b"forty-two".to_vec(),
    };
    let words = Some("The words".to_owned());
    assert_eq!(
        found,
        Unwrapped { text: words, html: None, files: vec![expected], is_broken: false }
    );
}

#[test]
fn what_is_broken_gives_what_it_can() {
    let whole = wrapped(&file());
    let found = read(&whole[..whole.len() - 20]).expect("it begins well");
    assert!(found.is_broken);
    assert_eq!(found.files[0].bytes, b"forty-two");
    assert_eq!(read(b"no such thing"), None);
    for end in 0..whole.len() {
        read(&whole[..end]);
    }
}

#[test]
fn compressed_rtf_gives_its_words() {
    let rtf =
        br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\uc1 Gr\u246?\'dfe\par {\*\generator x;}42\tab\{ok\}}";
    let length = u32::try_from(rtf.len()).expect("it is short");
    let head =
        |kind: &[u8]| [&0_u32.to_le_bytes()[..], &length.to_le_bytes(), kind, &[0; 4]].concat();
    let stored = [head(b"MELA"), rtf.to_vec()].concat();
    assert_eq!(rtf::words(&stored).as_deref(), Some("Größe\n42\t{ok}"));
    // Literal bytes, eight after each control byte, then a reference to where the next is written.
    let mut packed = head(b"LZFu");
    for bytes in rtf.chunks(8) {
        packed.push(0);
        packed.extend_from_slice(bytes);
    }
    assert_eq!(rtf::words(&packed).as_deref(), Some("Größe\n42\t{ok}"));
    assert_eq!(rtf::words(b"short"), None);
}

#[test]
fn references_reach_back_into_what_was_unpacked() {
    // `{\rtf1` stands at the start of what the window holds before: a reference of six bytes to it.
    let mut packed = [&0_u32.to_le_bytes()[..], &8_u32.to_le_bytes(), b"LZFu", &[0; 4]].concat();
    packed.extend_from_slice(&[1, 0, 4, b'x', b'}']);
    assert_eq!(rtf::words(&packed).as_deref(), Some("x"));
}
