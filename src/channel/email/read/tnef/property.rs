//! MAPI properties as they lie in TNEF (MS-OXTNEF §2.1.3.5).

use super::number;
use crate::channel::email::read::charset;

/// A property.
pub(super) struct Property<'a> {
    pub(super) id: u16,
    kind: u16,
    pub(super) bytes: &'a [u8],
}

impl Property<'_> {
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const DATA: u16 = 0x3701;
    pub(super) const LONG_NAME: u16 = 0x3707;
    pub(super) const MEDIA_TYPE: u16 = 0x370e;

    /// Its words.
    pub(super) fn text(&self) -> Option<String> {
        let text = if self.kind == UNICODE {
            let units =
                self.bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<_>>())
        } else {
            charset::guess(self.bytes)
        };
        let text = text.trim_end_matches('\0');
        (!text.is_empty()).then(|| text.to_owned())
    }
}

const UNICODE: u16 = 0x001f;
const SEVERAL: u16 = 0x1000;

/// The properties, one after the other, until one cannot be read.
pub(super) struct Properties<'a> {
    bytes: &'a [u8],
    at: usize,
    left: u32,
}

impl<'a> Properties<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 4, left: number(bytes, 0).unwrap_or(0) }
    }

    fn number(&mut self) -> Option<u32> {
        let number = number(self.bytes, self.at)?;
        self.at += 4;
        Some(number)
    }

    /// Takes bytes, and those that fill them up to four.
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length.next_multiple_of(4);
        Some(bytes)
    }

    /// Skips the name of a property that has no number of its own.
    fn skip_name(&mut self) -> Option<()> {
        self.take(16)?;
        if self.number()? == 0 {
            self.number()?;
        } else {
            let length = usize::try_from(self.number()?).ok()?;
            self.take(length)?;
        }
        Some(())
    }

    fn value(&mut self, kind: u16) -> Option<&'a [u8]> {
        let is_several = kind & SEVERAL != 0;
        match kind & !SEVERAL {
            0x0001..=0x0004 | 0x000a | 0x000b if !is_several => self.take(4),
            0x0005..=0x0007 | 0x0014 | 0x0040 if !is_several => self.take(8),
            0x0048 if !is_several => self.take(16),
            // Texts, bytes and objects tell how many there are, and each its length.
            0x000d | 0x001e | 0x001f | 0x0102 => {
                let count = self.number()?;
                let mut first: Option<&'a [u8]> = None;
                for _ in 0..count {
                    let length = usize::try_from(self.number()?).ok()?;
                    let bytes = self.take(length)?;
                    first = first.or(Some(bytes));
                }
                Some(first.unwrap_or_default())
            }
            fixed => {
                let size = match fixed {
                    0x0002..=0x0004 | 0x000a | 0x000b => 4,
                    0x0005..=0x0007 | 0x0014 | 0x0040 => 8,
                    0x0048 => 16,
                    _ => return None,
                };
                let count = usize::try_from(self.number()?).ok()?;
                self.take(count.checked_mul(size)?)
            }
        }
    }
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        self.left = self.left.checked_sub(1)?;
        let tag = self.number()?;
        let [kind, kind2, id, id2] = tag.to_le_bytes();
        let (kind, id) = (u16::from_le_bytes([kind, kind2]), u16::from_le_bytes([id, id2]));
        if id >= 0x8000 {
            self.skip_name()?;
        }
        let bytes = self.value(kind)?;
        Some(Property { id, kind, bytes })
    }
}
