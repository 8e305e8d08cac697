//! Time-based one-time passwords (RFC 6238) as the usual apps make them: SHA-1, six digits, thirty seconds.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::{Choice, ConstantTimeEq as _};

/// Seconds that a code stands.
const STEP: i64 = 30;

/// Steps that a clock may be off, either way.
const DRIFT: i64 = 1;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh secret of 160 bits, as apps take it: in base 32.
pub fn fresh_secret() -> String {
    let bits: [u8; 20] = rand::random();
    to_base32(&bits)
}

/// A fresh code for when the app is lost: 80 random bits in groups that people can write down.
pub fn fresh_recovery_code() -> String {
    let bits: [u8; 10] = rand::random();
    grouped(&to_base32(&bits).to_lowercase(), "-")
}

/// A text in groups of four, for people to read or type.
pub fn grouped(text: &str, between: &str) -> String {
    let groups: Vec<&str> = text
        .as_bytes()
        .chunks(4)
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(between)
}

/// What somebody typed as a code, without what stands between its groups.
pub fn typed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// The address by which an app takes a secret in, usually from a QR code.
pub fn address(secret: &str, business: &str, email: &str) -> String {
    let encoded = |text: &str| {
        let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        form.replace('+', "%20")
    };
    let (issuer, email) = (encoded(&business.replace(':', " ")), encoded(email));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}")
}

/// The step whose code this is, if it is one that stands now and is newer than `last`, so that no
/// code counts twice.
pub fn step_of(secret: &str, code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let key = from_base32(secret)?;
    let current = now.timestamp().div_euclid(STEP);
    let steps = (current - DRIFT..=current + DRIFT).filter(|step| *step > last);
    // Each is looked at, whichever fits, so that the time this takes tells nothing.
    let fitting: Vec<i64> = steps.filter(|step| is_same(&code_at(&key, *step), code)).collect();
    fitting.first().copied()
}

/// The code that an app shows.
#[cfg(test)]
pub fn code(secret: &str, now: DateTime<Utc>) -> String {
    code_at(&from_base32(secret).expect("base 32"), now.timestamp().div_euclid(STEP))
}

fn is_same(one: &str, other: &str) -> bool {
    let same: Choice = one.as_bytes().ct_eq(other.as_bytes());
    same.into()
}

/// The code of a step.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn code_at(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let bytes = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

fn to_base32(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let five = ALPHABET.iter().position(|known| *known == letter)?;
        held = held << 5 | u32::try_from(five).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 255).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the RFC's examples, "12345678901234567890".
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // Appendix B, the last six of the eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            assert_eq!(step_of(SECRET, code, at(seconds), 0), Some(step), "{seconds}");
        }
    }

    #[test]
    fn a_code_stands_one_step_either_way_and_counts_once() {
        let (code, step) = ("287082", 1);
        for (seconds, last, found) in [
            (0, 0, Some(step)),
            (29, 0, Some(step)),
            (59, 0, Some(step)),
            (89, 0, Some(step)),
            (90, 0, None),
            (59, 1, None),
            (59, 9, None),
        ] {
            assert_eq!(step_of(SECRET, code, at(seconds), last), found, "{seconds} after {last}");
        }
        for wrong in ["", "287083", "28708", "2870820", "94287082", "２８７０８２"] {
            assert_eq!(step_of(SECRET, wrong, at(59), 0), None, "{wrong}");
        }
        assert_eq!(step_of("not base 32!", code, at(59), 0), None);
    }

    #[test]
    fn secrets_are_long_and_read_back() {
        let secret = fresh_secret();
        assert_eq!(secret.len(), 32);
        assert_ne!(secret, fresh_secret());
        assert_eq!(to_base32(&from_base32(&secret).expect("base 32")), secret);
        assert_eq!(to_base32(b"foobar"), "MZXW6YTBOI");
        let code = fresh_recovery_code();
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(typed(&format!(" {} ", code.to_uppercase())), code.replace('-', ""));
        assert_eq!(grouped("abcdefghij", " "), "abcd efgh ij");
    }

    #[test]
    fn an_app_is_told_whose_secret_it_is() {
        assert_eq!(
            address("ABC", "Oak & Co: Out", "ada+1@shop.example"),
            "otpauth://totp/Oak%20%26%20Co%20%20Out:ada%2B1%40shop.example?secret=ABC&issuer=Oak%20%26%20Co%20%20Out"
        );
    }
}
