//! Passwords: which are good enough, and how they are kept.

use anyhow::{Context, Result, anyhow};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// A hash takes 19 MiB while it is made; this bounds what a flood of guesses may take.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Passwords that everybody tries first, in lower case.
const COMMONEST: &str = "\
12345678 123456789 1234567890 0123456789 987654321 9876543210 87654321 11111111 111111111 22222222 \
33333333 44444444 55555555 66666666 77777777 88888888 99999999 00000000 000000000 12341234 \
11223344 112233445566 123123123 12344321 13131313 12121212 14725836 147258369 159357456 \
password password1 password12 password123 password1234 passw0rd p@ssword p@ssw0rd pa55word \
mypassword passwort passwort1 passwort123 kennwort contraseña motdepasse senha123 \
qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwertz123 qwertzuiop azertyuiop 1q2w3e4r \
1q2w3e4r5t 1qaz2wsx q1w2e3r4 qazwsxedc asdfghjk asdfghjkl zxcvbnm1 zaq12wsx abcd1234 abc12345 \
abcdefgh abcdefghi a1b2c3d4 aa123456 a1234567 letmein1 letmein123 letmeinnow welcome1 welcome12 \
welcome123 changeme changeme1 changeme123 admin123 admin1234 administrator adminadmin rootroot \
superuser test1234 testtest guestguest default1 secret123 topsecret iloveyou iloveyou1 trustno1 \
sunshine sunshine1 princess princess1 football football1 baseball basketball superman superman1 \
starwars pokemon1 dragon123 monkey123 shadow123 master123 michelle jennifer charlie1 whatever \
whatever1 computer internet samsung1 liverpool chelsea1 arsenal1 barcelona juventus sureply1 \
sureply123 support1 support123 helpdesk customer service1 spring2026 summer2026 autumn2026 winter2026";

/// What is wrong with a password for somebody, in words; nothing if it will do.
pub(super) fn weakness(password: &str, email: &str, name: &str) -> Option<String> {
    let (lower, letters) = (password.to_lowercase(), password.chars().count());
    if letters < 8 {
        Some(t!("weak-short"))
    } else if letters > 256 {
        Some(t!("weak-long"))
    } else if COMMONEST.split_whitespace().any(|common| common == lower) {
        Some(t!("weak-common"))
    } else if lower == email.to_lowercase() || lower == name.to_lowercase() {
        Some(t!("weak-own"))
    } else if password.chars().all(|letter| password.starts_with(letter)) {
        Some(t!("weak-same"))
    } else {
        None
    }
}

/// Hashes a password for the store (argon2id, fresh salt).
pub(super) async fn hash(password: String) -> Result<String> {
    let _permit = AT_ONCE.acquire().await.context("waiting to hash a password")?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.context("hashing a password")?
}

/// Whether a password is the one behind `hash`. Without a hash it takes as long and says no.
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    let _permit = AT_ONCE.acquire().await.context("waiting to check a password")?;
    tokio::task::spawn_blocking(move || match hash {
        Some(hash) => verify_now(&password, &hash),
        None => verify_now(&password, stand_in()?).map(|_| false),
    })
    .await
    .context("checking a password")?
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("hashing a password: {error}"))?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> Result<bool> {
    let hash =
        PasswordHash::new(hash).map_err(|error| anyhow!("reading a password hash: {error}"))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The hash that unknown people are checked against.
fn stand_in() -> Result<&'static str> {
    static HASH: OnceLock<String> = OnceLock::new();
    if HASH.get().is_none() {
        let hash = hash_now("nobody has this password")?;
        return Ok(HASH.get_or_init(|| hash));
    }
    Ok(HASH.get().map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::{hash, verify, weakness};

    #[test]
    fn a_password_must_not_be_what_everybody_tries() {
        let long = "a b".repeat(100);
        for (password, fine) in [
            ("correct horse battery", true),
            ("größe-8x", true),
            ("short", false),
            ("Password1", false),
            ("qwertz123", false),
            ("zzzzzzzzzz", false),
            ("Ada@Shop.example", false),
            ("ada lovelace", false),
            (&long, false),
        ] {
            let weak = weakness(password, "ada@shop.example", "Ada Lovelace");
            assert_eq!(weak.is_none(), fine, "{password}: {weak:?}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let kept = hash("correct horse".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(verify("correct horse".into(), Some(kept.clone())).await.unwrap());
        assert!(!verify("correct house".into(), Some(kept)).await.unwrap());
        assert!(!verify("nobody has this password".into(), None).await.unwrap());
    }
}
