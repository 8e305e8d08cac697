//! Whatever bytes come as a webhook of WhatsApp: no panic, and no message without a name, an id or bounded words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sureply::bench::read_webhook;

fuzz_target!(|body: &[u8]| {
    for message in read_webhook("1065", body).unwrap_or_default() {
        assert!(!message.identity.is_empty());
        assert!(message.external_id.is_some_and(|id| !id.is_empty()));
        assert!(message.body.chars().count() <= 20_000);
        assert!(!message.body.contains('\0'));
    }
});
