//! QR codes, drawn as one path of squares.

use qrcode::{Color, QrCode};
use std::fmt::Write as _;

/// Modules of white around a code, as scanners want.
const MARGIN: usize = 4;

/// A QR code as an SVG shows it.
pub(super) struct Qr {
    /// Its width and height, margin included.
    pub(super) side: usize,
    /// The path of its dark squares.
    pub(super) path: String,
}

impl Qr {
    /// Draws a text; nothing when it is too long for a code.
    pub(super) fn new(text: &str) -> Option<Self> {
        let code = QrCode::new(text).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (at % width + MARGIN, at / width + MARGIN);
                // Writing into a string does not fail.
                write!(path, "M{x} {y}h1v1h-1z").ok()?;
            }
        }
        Some(Self { side: width + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    #[test]
    fn a_code_has_its_three_corners_within_a_margin() {
        let qr = Qr::new("otpauth://totp/a?secret=ABC").expect("a code");
        let far = qr.side - 5;
        for corner in [(4, 4), (far, 4), (4, far)] {
            assert!(qr.path.contains(&format!("M{} {}h1v1h-1z", corner.0, corner.1)), "{corner:?}");
        }
        assert!(!qr.path.contains("M3 ") && !qr.path.contains(&format!("M{} ", far + 1)));
        assert!(Qr::new(&"x".repeat(5_000)).is_none());
    }
}
