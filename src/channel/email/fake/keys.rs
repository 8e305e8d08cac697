//! Signed mails, and a name server that publishes the key of their signatures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter as _;
use mail_auth::dkim::DkimSigner;
use std::net::{SocketAddr, UdpSocket};

/// The key pair of RFC 8032, 7.1, test 1.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const PUBLIC: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A mail signed in the name of a domain.
pub(crate) fn signed(mail: &str, domain: &str) -> String {
    let key = Ed25519Key::from_seed_and_public_key(&SEED, &PUBLIC).expect("a key");
    let signer = DkimSigner::from_key(key).domain(domain).selector("s");
    let signature = signer.headers(["From", "To", "Subject"]).sign(mail.as_bytes());
    format!("{}{mail}", signature.expect("a signature").to_header())
}

/// A name server that knows the keys of these domains and of no others.
pub(crate) fn name_server(domains: &'static [&'static str]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("its address");
    let key = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(PUBLIC));
    std::thread::spawn(move || {
        let mut packet = [0_u8; 512];
        while let Ok((length, whoever)) = socket.recv_from(&mut packet) {
            let answer = answer(&packet[..length], domains, &key);
            drop(socket.send_to(&answer, whoever));
        }
    });
    address
}

/// The answer to one question (RFC 1035, 4.1), a TXT record or "no such name".
fn answer(question: &[u8], domains: &[&str], key: &str) -> Vec<u8> {
    let mut at = 12;
    let mut labels = Vec::new();
    while question[at] != 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let is_known = domains.iter().any(|it| labels.join(".") == format!("s._domainkey.{it}"));
    let asked = &question[12..at + 5];
    let mut answer = question[..2].to_vec();
    let code = if is_known { 0 } else { 3 };
    answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::from(is_known), 0, 0, 0, 0]);
    answer.extend(asked);
    if is_known {
        let length = u8::try_from(key.len()).expect("a short key");
        answer.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, length + 1, length]);
        answer.extend(key.as_bytes());
    }
    answer
}
