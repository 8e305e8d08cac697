//! What was acked against what is stored.

use super::traffic::Traffic;
use std::collections::{BTreeMap, HashMap};

/// Every message that was acked and is not there exactly once, and every message there that nobody posted.
pub(crate) fn messages(traffic: &Traffic, stored: Vec<String>) -> Vec<String> {
    let mut times = HashMap::<String, usize>::new();
    for name in stored {
        *times.entry(name).or_default() += 1;
    }
    let mut faults = Vec::new();
    for name in traffic.messages() {
        let count = times.remove(&name).unwrap_or(0);
        if count != 1 {
            faults.push(format!("{name} is stored {count} times"));
        }
    }
    faults.extend(times.into_keys().map(|name| format!("{name} is stored and was not posted")));
    faults
}

/// Every message of ours that did not get as far as its statuses told.
pub(crate) fn states(traffic: &Traffic, stored: Vec<(String, String)>) -> Vec<String> {
    // Of each message the last status that was told is the farthest.
    let told: BTreeMap<usize, &str> = traffic.statuses().into_iter().collect();
    let stored: HashMap<String, String> = stored.into_iter().collect();
    let mut faults = Vec::new();
    for (number, state) in told {
        let found = stored.get(&format!("o{number}"));
        if found.is_none_or(|found| found != state) {
            faults
                .push(format!("message {number} of ours is {found:?} and was told to be {state}"));
        }
    }
    faults
}
