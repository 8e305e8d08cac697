//! `winmail.dat` (MS-OXTNEF): the files and the words that Outlook wraps in it.
//!
//! The crate for it gives up at the first odd checksum, date or charset and knows no MAPI properties, in
//! which Outlook puts the words and the long names; so it is read here, and what can be read is kept.

mod property;
mod rtf;

#[cfg(test)]
mod tests;

use super::bound::MAX_FILES;
use super::charset;
use property::{Properties, Property};

const SIGNATURE: u32 = 0x223e_9f78;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const FILE_BEGINS: u32 = 0x0006_9002;
const FILE_TITLE: u32 = 0x0001_8010;
const FILE_DATA: u32 = 0x0006_800f;
const FILE_PROPERTIES: u32 = 0x0006_9005;

/// What was wrapped.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Unwrapped {
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) files: Vec<Wrapped>,
    /// Whether it ends before it should.
    pub(super) is_broken: bool,
}

/// A wrapped file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wrapped {
    pub(super) name: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Unwraps; `None` if it is no TNEF.
pub(super) fn read(bytes: &[u8]) -> Option<Unwrapped> {
    if number(bytes, 0)? != SIGNATURE {
        return None;
    }
    let mut found = Unwrapped::default();
    let mut at = 6;
    while at < bytes.len() {
        let Some((id, data)) = attribute(bytes, at) else {
            found.is_broken = true;
            break;
        };
        take(&mut found, id, data);
        at += 9 + data.len() + 2;
    }
    found.files.retain(|file| !file.bytes.is_empty());
    Some(found)
}

/// An attribute: its level, its name, its length, its data, its checksum.
fn attribute(bytes: &[u8], at: usize) -> Option<(u32, &[u8])> {
    let id = number(bytes, at + 1)?;
    let length = usize::try_from(number(bytes, at + 5)?).ok()?;
    let data = bytes.get(at + 9..(at + 9).checked_add(length)?)?;
    Some((id, data))
}

fn take(found: &mut Unwrapped, id: u32, data: &[u8]) {
    match id {
        BODY => found.text = found.text.take().or_else(|| words(data)),
        MESSAGE_PROPERTIES => take_message(found, data),
        FILE_BEGINS if found.files.len() < MAX_FILES => found.files.push(Wrapped::default()),
        FILE_TITLE | FILE_DATA | FILE_PROPERTIES => {
            if let Some(file) = found.files.last_mut() {
                take_file(file, id, data);
            }
        }
        _ => {}
    }
}

fn take_message(found: &mut Unwrapped, data: &[u8]) {
    for property in Properties::read(data) {
        match property.id {
            Property::BODY => found.text = found.text.take().or_else(|| property.text()),
            Property::HTML => {
                found.html = found.html.take().or_else(|| Some(charset::guess(property.bytes)));
            }
            Property::RTF if found.text.is_none() && found.html.is_none() => {
                found.text = rtf::words(property.bytes).filter(|text| !text.trim().is_empty());
            }
            _ => {}
        }
    }
}

fn take_file(file: &mut Wrapped, id: u32, data: &[u8]) {
    match id {
        FILE_TITLE => file.name = file.name.take().or_else(|| words(data)),
        FILE_DATA => data.clone_into(&mut file.bytes),
        _ => {
            for property in Properties::read(data) {
                match property.id {
                    Property::LONG_NAME => file.name = property.text().or(file.name.take()),
                    Property::MEDIA_TYPE => file.media_type = property.text(),
                    Property::DATA if file.bytes.is_empty() => {
                        property.bytes.clone_into(&mut file.bytes);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Words that end with a zero.
fn words(data: &[u8]) -> Option<String> {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    (end > 0).then(|| charset::guess(&data[..end]))
}

/// A number of four bytes, the least first.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(part.try_into().ok()?))
}
