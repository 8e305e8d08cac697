//! Tokens that stand for somebody: 256 random bits outside, their hash in the store.

use sha2::{Digest, Sha256};

/// Makes a new token, fit for a cookie, a header, an address or a command line.
pub fn fresh() -> String {
    let bits: [u8; 32] = rand::random();
    hex(&bits)
}

/// What the store keeps of a token. The token is random, so a plain hash cannot be guessed back.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Bytes as two lower-case digits each.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::{fresh, hash};

    #[test]
    fn tokens_differ_and_hash_alike() {
        let (one, other) = (fresh(), fresh());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert_eq!(hash(&one), hash(&one));
        assert_ne!(hash(&one), hash(&other));
    }

    #[test]
    fn a_hash_is_sha_256() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
