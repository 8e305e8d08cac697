//! Bytes that nobody means well: no panic, no lost words, no long wait.

use super::{mail, own};
use crate::channel::email::read::{safe_html, understand};
use crate::channel::text::MAX_TEXT;
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Fifty milliseconds for a hundred kilobytes, and that for less as well; without optimisation code
/// takes many times as long.
pub(super) fn allowed(length: usize) -> Duration {
    let slowness = if cfg!(debug_assertions) { 20 } else { 1 };
    let micros = u64::try_from(length / 2).expect("it is short").max(50_000);
    Duration::from_micros(slowness * micros)
}

/// The time that this thread has been at work, where the system tells it: what other programs do
/// beside it is not the mail's to pay for.
pub(super) fn worked() -> Duration {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGAN.elapsed(), Duration::from_nanos)
}

/// Understands within the time allowed; what the machine does beside it is let pass by a second try.
fn in_time(name: &str, raw: &[u8]) {
    // What is built once is not the mail's to pay for.
    understand(
        b"Subject: Undeliverable\nFrom: mailer-daemon@x.example\n\nnot be delivered\n",
        &own(),
    );
    let mut spent = Duration::MAX;
    for _ in 0..3 {
        let began = worked();
        understand(raw, &own());
        spent = spent.min(worked().saturating_sub(began));
        if spent <= allowed(raw.len()) {
            break;
        }
    }
    assert!(spent <= allowed(raw.len()), "{name}: {spent:?} for {} bytes", raw.len());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn nothing_takes_long() {
    let html = |body: String| mail("Content-Type: text/html\n", &body);
    let times = |part: &str, length: usize| part.repeat(length / part.len());
    for length in [100_000] {
        let attributes: String =
            (0..length / 8).map(|number| format!(" a{number:x}=1")).collect::<Vec<_>>().concat();
        let parts: String = (0..length / 60)
            .map(|number| format!("--b\nContent-Type: multipart/mixed; boundary=c{number}\n\n"))
            .collect::<Vec<_>>()
            .concat();
        for (name, raw) in [
            ("open tags", html(times("<div>", length))),
            ("open links", html(times("<a href=x><b><i>", length))),
            (
                "ends of nothing",
                html(format!("{}{}", times("<div>", 2_000), times("</x>", length))),
            ),
            ("attributes", html(format!("<p{attributes}>words</p>"))),
            ("signs", html(times("<", length))),
            ("entities", html(times("&amp", length))),
            ("comments", html(times("<!--", length))),
            ("tables", html(times("<table><tr><td>", length))),
            (
                "styles",
                html(format!(
                    "<style>{}</style>{}",
                    times("a.b{color:red}", length / 2),
                    times("<a class=b>x", length / 2)
                )),
            ),
            ("rules that never end", html(format!("<style>{}</style>", times("@media{", length)))),
            ("parts within parts", mail("Content-Type: multipart/mixed; boundary=b\n", &parts)),
            (
                "mails within mails",
                mail(
                    "Content-Type: message/rfc822\n",
                    &times("Content-Type: message/rfc822\n\n", length),
                ),
            ),
            (
                "digests",
                mail(
                    "Content-Type: multipart/digest; boundary=b\n",
                    &times("--b\nContent-Type: multipart/digest; boundary=b\n\n", length),
                ),
            ),
            (
                "encoded words",
                mail(&format!("Subject: {}\n", times("=?utf-8?Q?a ", length)), "x\n"),
            ),
            ("encoded words in names", mail(&format!("Cc: {}\n", times("=?u?B?", length)), "x\n")),
            ("addresses", mail(&format!("Cc: {}\n", times("a@b.example, ", length)), "x\n")),
            (
                "brackets",
                mail(
                    &format!("Cc: {}\nReferences: {}\n", times("((<", length), times("<", length)),
                    "x\n",
                ),
            ),
            ("headers", mail(&times("X: y\n", length), "x\n")),
            (
                "parameters",
                mail(&format!("Content-Type: text/plain{}\n", times("; a*0*=b", length)), "x\n"),
            ),
            ("quotations", mail("", &times("> x\n", length))),
            ("depth of quotations", mail("", &times(">", length))),
            ("blank lines", mail("", &times("\n", length))),
            ("dashes", mail("", &times("-- \n", length))),
            ("one line", mail("", &times("a", length))),
            ("base64", mail("Content-Transfer-Encoding: base64\n", &times("=", length))),
            (
                "quoted-printable",
                mail("Content-Transfer-Encoding: quoted-printable\n", &times("=\n=", length)),
            ),
            ("zeros", times("\0", length)),
            ("colons", times(":", length)),
        ] {
            in_time(name, raw.as_bytes());
        }
    }
}

#[test]
fn words_survive_what_cannot_be_taken_apart() {
    let needle = "Where is my blue cup";
    let deep: String = (0..2_000)
        .map(|number| {
            format!("--b{number}\nContent-Type: multipart/mixed; boundary=b{}\n\n", number + 1)
        })
        .collect::<Vec<_>>()
        .concat();
    for (name, raw) in [
        ("no headers", needle.to_owned()),
        ("no headers and a colon", format!("Note: {needle}")),
        ("only a blank line", format!("\n\n{needle}")),
        (
            "too many parts",
            mail("Content-Type: multipart/mixed; boundary=b0\n", &format!("{needle}\n{deep}")),
        ),
        (
            "mails within mails",
            mail(
                "Content-Type: message/rfc822\n",
                &format!("{}{needle}", "Content-Type: message/rfc822\n\n".repeat(600)),
            ),
        ),
        (
            "no parts where some are said",
            mail("Content-Type: multipart/alternative; boundary=b\n", needle),
        ),
        ("no boundary", mail("Content-Type: multipart/mixed\n", needle)),
        ("a kind that is none", mail("Content-Type: ;;;\n", needle)),
        ("a charset that is none", mail("Content-Type: text/plain; charset=klingon\n", needle)),
        ("an encoding that is none", mail("Content-Transfer-Encoding: uuencode-ish\n", needle)),
        (
            "base64 that is none",
            mail("Content-Transfer-Encoding: base64\n", &format!("{needle}!!!")),
        ),
        ("carriage returns only", mail("", needle).replace('\n', "\r")),
        ("of a mailbox file", format!("From a@b Mon Mar  2 10:00:00 2026\n{}", mail("", needle))),
        ("a mark at the start", format!("\u{feff}{}", mail("", needle))),
        (
            "too deep HTML",
            mail("Content-Type: text/html\n", &format!("{}{needle}", "<div>".repeat(600))),
        ),
        (
            "all hidden but the words",
            mail("Content-Type: text/html\n", &format!("<p style=\"font-size:0\">x</p>{needle}")),
        ),
    ] {
        let found = understand(raw.as_bytes(), &own());
        assert!(found.text.contains(needle), "{name}: {:?} {:?}", found.text, found.mail.problems);
    }
}

#[test]
fn too_many_words_are_cut_and_that_is_said() {
    let found = understand(mail("", &"word ".repeat(20_000)).as_bytes(), &own());
    assert!(found.text.chars().count() <= MAX_TEXT);
    assert!(found.text.chars().count() > MAX_TEXT - 10);
    assert!(found.mail.problems.iter().any(|problem| problem.contains("too long")));
}

#[test]
fn thirty_megabytes_are_read() {
    let line = format!("{}\n", "QUJD".repeat(19));
    let raw = mail(
        "Content-Type: multipart/mixed; boundary=b\n",
        &format!(
            "--b\nContent-Type: text/plain\n\nsee the film\n--b\nContent-Type: video/mp4; name=film.mp4\nContent-Transfer-Encoding: base64\n\n{}--b--\n",
            line.repeat(30_000_000 / line.len())
        ),
    );
    in_time("a film", raw.as_bytes());
    let found = understand(raw.as_bytes(), &own());
    assert_eq!((found.text.as_str(), found.files.len()), ("see the film", 1));
    assert!(found.files[0].bytes.len() > 22_000_000);
}

proptest! {
    #[test]
    fn any_bytes_are_understood(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let found = understand(&raw, &own());
        prop_assert!(found.text.chars().count() <= MAX_TEXT);
        safe_html(&raw);
    }

    #[test]
    fn any_body_is_understood(kind in "(text/html|text/plain|multipart/mixed; boundary=b|message/rfc822|application/ms-tnef|text/calendar|message/delivery-status)", body in "(?s)(--b|<[a-z]{1,4}|>|\n|=|:|Content-Type: |[a-z ]{1,8}|\\PC){0,60}") {
        let raw = mail(&format!("Content-Type: {kind}\n"), &body);
        let found = understand(raw.as_bytes(), &own());
        prop_assert!(found.mail.subject.chars().all(|letter| !letter.is_control()));
    }
}
