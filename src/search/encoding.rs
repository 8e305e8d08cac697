//! Encoding: the encoder sees what is new, in the background and for as long as it takes.

use super::Search;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::spawn_blocking, time::sleep};

/// How often it is asked whether there is something new.
const EVERY: Duration = Duration::from_secs(1);
/// The wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(15);

/// Shows the encoder every text that it has not seen, until told to stop.
pub async fn keep_encoded(search: Arc<Search>, mut stopped: watch::Receiver<bool>) {
    if !search.has_encoder() {
        return;
    }
    while !*stopped.borrow_and_update() {
        let step = Arc::clone(&search);
        let pause = match spawn_blocking(move || step.encode()).await {
            Ok(Ok(true)) => EVERY,
            Ok(Ok(false)) => {
                let (seen, of) = search.encoded();
                tracing::info!(seen, of, "the sentence encoder is reading the knowledge");
                continue;
            }
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "the encoder cannot read on for now");
                AFTER_FAILURE
            }
            Err(error) => {
                tracing::error!(%error, "the encoder broke off");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}
