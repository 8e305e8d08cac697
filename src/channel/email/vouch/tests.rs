//! Signatures against keys that a name server of our own publishes.

use super::{Voucher, only};
use crate::channel::email::fake::{name_server, signed};
use crate::conversation::{Mailbox, SenderAuth};
use mail_auth::hickory_resolver::config::ResolverOpts;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

const MAIL: &str = "From: Anna <anna@their.example>\r\nTo: support@shop.example\r\nSubject: Boots\r\n\r\nWhere are they?\r\n";

fn asking(server: SocketAddr, within: Duration) -> Voucher {
    Voucher::asking(only(server), ResolverOpts::default(), within).expect("a resolver")
}

fn from(address: &str) -> Vec<Mailbox> {
    vec![Mailbox { name: None, address: address.into() }]
}

#[tokio::test]
async fn only_a_good_signature_of_the_senders_own_domain_vouches() {
    let voucher = asking(
        name_server(&["their.example", "mail.their.example", "sender.example"]),
        Duration::from_secs(10),
    );
    let own = signed(MAIL, "their.example");
    let twice = MAIL.replace("Subject", "From: Eve <eve@other.example>\r\nSubject");
    let mut of_two = from("anna@their.example");
    of_two.extend(from("eve@other.example"));
    for (what, mail, from, vouches) in [
        ("signed", own.clone(), from("anna@their.example"), SenderAuth::Pass),
        (
            "signed below",
            signed(MAIL, "mail.their.example"),
            from("anna@their.example"),
            SenderAuth::Pass,
        ),
        ("not signed", MAIL.to_owned(), from("anna@their.example"), SenderAuth::None),
        (
            "other words",
            own.replace("Where", "There"),
            from("anna@their.example"),
            SenderAuth::None,
        ),
        (
            "another subject",
            own.replace("Boots", "Tents"),
            from("anna@their.example"),
            SenderAuth::None,
        ),
        (
            "a foreign signature",
            signed(MAIL, "sender.example"),
            from("anna@their.example"),
            SenderAuth::None,
        ),
        (
            "no such key",
            signed(MAIL, "no.their.example"),
            from("anna@their.example"),
            SenderAuth::None,
        ),
        ("two domains", signed(&twice, "their.example"), of_two, SenderAuth::None),
        ("no mail", String::new(), from("anna@their.example"), SenderAuth::None),
    ] {
        assert_eq!(voucher.vouches(mail.as_bytes(), &from).await, vouches, "{what}");
    }
    assert!(voucher.may_ask(), "a key that is not there is an answer");
}

#[tokio::test]
async fn a_silent_dns_vouches_for_nothing_and_is_left_alone() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let voucher = asking(silent.local_addr().expect("its address"), Duration::from_millis(40));
    let mail = signed(MAIL, "their.example");
    let found = voucher.vouches(mail.as_bytes(), &from("anna@their.example")).await;
    assert_eq!(found, SenderAuth::None);
    assert!(!voucher.may_ask());
}
