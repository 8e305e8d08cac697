//! Whatever bytes come as a mail: no panic, no text past its bound, no control characters in a subject.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sureply::bench::{Own, safe_html, understand};

fuzz_target!(|raw: &[u8]| {
    let own = Own {
        addresses: vec!["support@example.com".into()],
        authserv: vec!["mx.example.com".into()],
        reply_to_is_sender: false,
    };
    let found = understand(raw, &own);
    assert!(found.text.chars().count() <= 20_000);
    assert!(found.mail.subject.chars().all(|letter| !letter.is_control()));
    // A panic of the parser is caught; here it is what is looked for.
    let is_broken = found.mail.problems.iter().any(|problem| problem.contains("could not be taken apart"));
    assert!(!is_broken, "the parser panicked");
    safe_html(raw);
});
