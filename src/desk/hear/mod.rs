//! Hearing: a turn's voice notes are transcribed before it is considered, each file once.
//!
//! What was heard is stored before it is used, so that a turn that is tried again reads the same words, and
//! so does a replay, which asks nobody. Only a file that the customer sent here is heard: what an address
//! names is never fetched. Whatever goes wrong leaves a file unheard, and a person listens to it.

use super::Desk;
use crate::answer::{Sound, Transcriber};
use crate::channel;
use crate::conversation::{AttachmentId, Turn};
use crate::store::StoredAttachment;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio::time::{Instant, timeout_at};

/// What hears, and where customers' files lie.
pub(super) struct Hearing {
    transcriber: Transcriber,
    folder: PathBuf,
    /// Room for the files that are in memory at once.
    places: Semaphore,
    /// The files that are being heard: a turn that was read anew meanwhile waits instead of asking too.
    under_way: Mutex<HashMap<AttachmentId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Desk {
    /// Keeps files in `folder`, and has voice notes there transcribed, where the settings say by what.
    pub fn with_files(mut self, folder: PathBuf) -> Result<Self> {
        self.files = Some(folder.clone());
        if let Some(settings) = &self.config.transcription {
            let transcriber = Transcriber::new(settings, &self.clock)
                .context("setting up what transcribes voice notes")?;
            let places = Semaphore::new(settings.max_concurrent);
            self.hearing =
                Some(Hearing { transcriber, folder, places, under_way: Mutex::default() });
        }
        Ok(self)
    }

    /// Whether words that were only heard may be answered like written ones.
    pub(super) fn trusts_hearing(&self) -> bool {
        self.config.transcription.as_ref().is_some_and(|settings| settings.automatic)
    }

    /// The turn with what its voice notes say. A newer message does not break this off, unlike a model's
    /// answer: the turn that it makes needs the same words.
    pub(super) async fn hear(&self, turn: Turn) -> Turn {
        let (Some(hearing), Some(settings)) = (&self.hearing, &self.config.transcription) else {
            return turn;
        };
        let deadline = Instant::now() + Duration::from_secs(settings.timeout_seconds);
        let unheard = turn.files().filter(|file| file.is_sound() && file.heard.is_none());
        let unheard: Vec<AttachmentId> = unheard.map(|file| file.id.clone()).collect();
        let mut has_heard = false;
        for id in &unheard {
            let heard = self.hear_file(hearing, &turn, id, deadline).await;
            has_heard |= heard.is_ok();
            if let Err(error) = heard {
                tracing::warn!(turn.id = %turn.id, conversation.id = %turn.conversation.id,
                    attachment.id = %id, error = format!("{error:#}"),
                    "a voice note could not be transcribed; a person listens to it");
            }
        }
        if !has_heard {
            return turn;
        }
        match self.store.heard(turn.messages.clone()).await {
            Ok(messages) => Turn { messages, ..turn },
            Err(error) => {
                tracing::error!(turn.id = %turn.id, error = format!("{error:#}"),
                    "what was heard cannot be read; a person listens to it");
                turn
            }
        }
    }

    /// Has one file transcribed and keeps what was heard.
    async fn hear_file(
        &self,
        hearing: &Hearing,
        turn: &Turn,
        id: &AttachmentId,
        deadline: Instant,
    ) -> Result<()> {
        let alone = timeout_at(deadline, hearing.alone(id)).await;
        let _alone = alone.context("waiting until it is heard for an earlier state of the turn")?;
        if self.store.has_transcript(id).await? {
            return Ok(());
        }
        let file = self.allowed_file(turn, id).await?;
        let place = timeout_at(deadline, hearing.places.acquire()).await;
        let _place = place.context("waiting until others are heard")??;
        let sound = hearing.sound(file).await?;
        let (heard, used) = hearing.transcriber.hear(&sound, deadline).await;
        let model = used.name.clone();
        if used.attempts > 0 {
            self.count_spending(Some(&turn.conversation.id), &[used]).await;
        }
        let words = channel::heard(&heard?.text)?;
        self.store.put_transcript(id, &words, &model, self.clock.now()).await
    }

    /// The file, if it may be put to the endpoint.
    async fn allowed_file(&self, turn: &Turn, id: &AttachmentId) -> Result<StoredAttachment> {
        let settings =
            self.config.transcription.as_ref().context("nothing is set to transcribe")?;
        let file = self.store.find_attachment(id).await?;
        let file = file.filter(|file| file.contact_id == turn.contact.id);
        let file = file.context("it is no file that this customer has sent here")?;
        let most = i64::try_from(settings.max_bytes).unwrap_or(i64::MAX);
        ensure!(file.size <= most, "it is larger than transcription.max_bytes");
        if settings.price_per_minute > 0.0
            && let Some(spent) = self.spent(Some(&turn.conversation.id)).await
        {
            bail!(spent);
        }
        Ok(file)
    }
}

impl Hearing {
    /// Waits until nobody else hears the file.
    async fn alone(&self, id: &AttachmentId) -> OwnedMutexGuard<()> {
        let lock = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(under_way.entry(id.clone()).or_default())
        };
        lock.lock_owned().await
    }

    /// The file's bytes; its name is an identifier of ours, so it is no path.
    async fn sound(&self, file: StoredAttachment) -> Result<Sound> {
        let bytes = tokio::fs::read(self.folder.join(file.id.as_str())).await;
        let bytes = bytes.context("reading its bytes")?.into();
        Ok(Sound { bytes, media_type: file.media_type })
    }
}

#[cfg(test)]
mod tests;
