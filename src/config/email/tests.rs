//! What an e-mail inbox's section may hold, and what is refused in words.

use super::EmailSettings;
use super::check::{is_here, parts};
use crate::config::load::tests::{is_refused, load};

/// An e-mail inbox whose section goes on with `rest`.
fn inbox(rest: &str) -> String {
    format!(
        "[[inbox]]\nname='m'\nchannel='email'\n[inbox.email]\naddress='Help@Shop.example'\n{rest}"
    )
}

#[test]
fn an_inbox_has_the_usual_ports_and_names() {
    let config = load(&inbox(
        "password='p'\naliases=['Sales@shop.example']\nimap={host='i.example'}\nsmtp={host='s.example',security='starttls'}",
    ));
    let config = config.expect("good settings");
    let email = config.inboxes[0].email.as_deref().expect("its section");
    let (imap, smtp) = (email.imap.as_ref().expect("imap"), email.smtp.as_ref().expect("smtp"));
    assert_eq!((imap.port(), smtp.port()), (993, 587));
    assert_eq!((imap.folder.as_str(), imap.poll_seconds, imap.since_days), ("INBOX", 60, 0));
    assert_eq!((email.user(), email.domain()), ("Help@Shop.example", "Shop.example"));
    assert_eq!(email.own_addresses(), ["help@shop.example", "sales@shop.example"]);
    assert_eq!(email.password().expect("read").expect("one").expose(), "p");
}

#[test]
fn what_cannot_work_is_refused_in_words() {
    let here = "[[inbox]]\nname='m'\nchannel='email'\n";
    for (text, parts) in [
        (here.to_owned(), vec!["inbox.email", "`m`", "address"]),
        (format!("{here}[inbox.email]\naddress='shop'"), vec!["inbox.email.address", "shop"]),
        (format!("{here}[inbox.email]\naddress=\"a@b.c\\nBcc: x@y.z\""), vec!["one address"]),
        (inbox("pasword='x'"), vec!["pasword"]),
        (inbox("imap={host='i.example'}"), vec!["no way to log in", "password_env"]),
        (inbox("smtp={host='s.example'}"), vec!["no way to log in"]),
        (inbox("password='p'\nimap={host='i.example',security='plain'}"), vec!["unencrypted"]),
        (inbox("password='p'\nsmtp={host='s.example',security='ssl'}"), vec!["ssl", "starttls"]),
        (inbox("password='p'\nimap={host='i.example',poll_seconds=1}"), vec!["poll_seconds"]),
        (inbox("password='p'\nimap={host='i.example',move_to='INBOX'}"), vec!["move_to"]),
        (inbox("save_sent='Sent'"), vec!["save_sent", "imap"]),
        (inbox("webhook_secrets=['short']"), vec!["webhook_secrets", "24"]),
        (inbox("from_name=\"a\\r\\nBcc: x@y.z\""), vec!["from_name", "one line"]),
        (inbox("oauth={provider='custom',client_id='c'}"), vec!["token_url"]),
        (inbox("oauth={provider='google',client_id='c'}"), vec!["refresh_token"]),
        (
            "[[inbox]]\nname='a'\nchannel='api'\n[inbox.email]\naddress='a@b.example'".into(),
            vec!["inbox.email", "channel = \"email\""],
        ),
    ] {
        is_refused(&text, &parts);
    }
}

#[test]
fn plain_is_fine_to_this_machine_or_where_it_is_asked_for() {
    for rest in [
        "smtp={host='127.0.0.1',security='plain',login=false}",
        "smtp={host='relay.lan',security='plain',login=false}\nallow_plain=true",
    ] {
        load(&inbox(rest)).expect(rest);
    }
    assert!(is_here("[::1]") && is_here("LOCALHOST") && !is_here("127.0.0.1.example.com"));
}

#[test]
fn secrets_are_never_told() {
    let config =
        load(&inbox("password='planted-secret'\nwebhook_secrets=['planted-secret-of-24-chars']"));
    let told = format!("{:?}", config.expect("good settings"));
    assert!(!told.contains("planted"), "{told}");
    let missing = EmailSettings {
        password_env: Some("SUREPLY_NO_SUCH_VARIABLE".into()),
        ..EmailSettings::new("a@b.example")
    };
    let error = format!("{:#}", missing.password().expect_err("it is not set"));
    assert!(error.contains("inbox.email.password_env"), "{error}");
}

#[test]
fn an_address_is_one_address() {
    for (address, good) in [
        ("support@example.com", true),
        ("support+x@exämple.com", true),
        ("a@b@c.example", false),
        ("Hollow Oak <support@example.com>", false),
        ("support@", false),
        ("@example.com", false),
        ("support@example.com.", false),
        ("a@b.example,c@d.example", false),
    ] {
        assert_eq!(parts(address).is_some(), good, "{address}");
    }
}
