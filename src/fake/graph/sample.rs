//! The templates that the fake account has to begin with.

use serde_json::Value;

/// Templates such as a shop has, in several languages, one of them paused and one that is none to fill in.
#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
pub fn sample_templates() -> Vec<Value> {
    serde_json::from_str(include_str!("sample.json")).expect("the file beside this one is a list")
}
