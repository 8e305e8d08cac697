//! The transcriber: a voice note put to an endpoint, repeated and given up within its time.

use super::breaker::Breaker;
use super::failure::Failure;
use super::fetch::{Line, secret};
use super::retry::{lock, pause_before_next};
use super::transcript::{self, Transcript};
use super::used::ModelUse;
use crate::clock::Clock;
use crate::config::Transcription;
use anyhow::{Context as _, Result};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::multipart::{Form, Part};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// A voice note's bytes and what they are.
#[derive(Debug, Clone)]
pub struct Sound {
    /// The file.
    pub bytes: Bytes,
    /// Its media type, found by its content.
    pub media_type: String,
}

/// What a reply is asked to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Detail {
    /// How long the sound is and where it holds speech, too.
    #[default]
    Full,
    /// The words; some models give no more.
    Words,
}

/// An endpoint that transcribes.
pub struct Transcriber {
    line: Line,
    address: String,
    key: Option<HeaderValue>,
    settings: Transcription,
    breaker: Mutex<Breaker>,
    /// What it gave last.
    detail: Mutex<Detail>,
}

impl Transcriber {
    /// Prepares for calls; makes none.
    pub fn new(settings: &Transcription, clock: &Clock) -> Result<Self> {
        let whole = Duration::from_secs(settings.timeout_seconds);
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(settings.connect_seconds).min(whole))
            .timeout(whole)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("preparing the connection to what transcribes")?;
        let key = settings.key()?.map(|key| {
            secret(&format!("Bearer {}", key.expose()))
                .context("reading transcription's key: it holds signs that no key can hold")
        });
        Ok(Self {
            line: Line { http, first_byte: whole, clock: clock.clone() },
            address: format!("{}/audio/transcriptions", settings.base_url.trim_end_matches('/')),
            key: key.transpose()?,
            settings: settings.clone(),
            breaker: Mutex::default(),
            detail: Mutex::default(),
        })
    }

    /// What a sound says, asked for until `deadline` at most, and what asking took.
    pub async fn hear(
        &self,
        sound: &Sound,
        deadline: Instant,
    ) -> (Result<Transcript, Failure>, ModelUse) {
        let start = Instant::now();
        let mut attempts = 0;
        let heard = timeout_at(deadline, self.hear_until(sound, deadline, &mut attempts)).await;
        let heard = heard.unwrap_or(Err(Failure::TimedOut));
        // What an attempt itself reports has been noted; one that ran out of time has not.
        if attempts > 0 && heard == Err(Failure::TimedOut) {
            lock(&self.breaker).failed(self.line.clock.now());
        }
        let may_cost = heard.as_ref().err().is_none_or(|failure| failure.may_cost());
        let told = heard.as_ref().ok().and_then(|heard| heard.seconds);
        let seconds = told.or_else(|| (attempts > 0 && may_cost).then(|| length(&sound.bytes)));
        let used = ModelUse {
            name: self.settings.name.clone(),
            cost_micros: cost(self.settings.price_per_minute, seconds.unwrap_or(0.0)),
            attempts,
            milliseconds: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            ..ModelUse::default()
        };
        (heard, used)
    }

    async fn hear_until(
        &self,
        sound: &Sound,
        until: Instant,
        attempts: &mut u32,
    ) -> Result<Transcript, Failure> {
        let mut detail = *lock(&self.detail);
        let mut retries = 0;
        loop {
            let failure = match self.attempt(sound, detail, attempts).await {
                Ok(heard) => {
                    *lock(&self.detail) = detail;
                    return Ok(heard);
                }
                Err(failure) => failure,
            };
            if failure.is_about_shape() && detail == Detail::Full {
                detail = Detail::Words;
                continue;
            }
            let pause = pause_before_next(retries, failure, &self.breaker, until);
            sleep(pause.ok_or(failure)?).await;
            retries += 1;
        }
    }

    /// Makes one request, unless the breaker is open, and lets the breaker know.
    async fn attempt(
        &self,
        sound: &Sound,
        detail: Detail,
        attempts: &mut u32,
    ) -> Result<Transcript, Failure> {
        let request = self.request(sound, detail).map_err(|_| Failure::Request)?;
        if !lock(&self.breaker).admits(self.line.clock.now()) {
            return Err(Failure::Resting);
        }
        *attempts += 1;
        let reply = self.line.fetch(request).await;
        let heard = reply.and_then(|body| transcript::read(&body));
        // Whoever asks for all of it notes that it ran out of time.
        if heard != Err(Failure::TimedOut) {
            lock(&self.breaker).note(heard.as_ref().err().copied(), self.line.clock.now());
        }
        heard
    }

    fn request(&self, sound: &Sound, detail: Detail) -> reqwest::Result<reqwest::Request> {
        let size = sound.bytes.len() as u64;
        // What the customer calls the file stays here; the name only tells the format.
        let file = Part::stream_with_length(sound.bytes.clone(), size)
            .file_name(format!("voice.{}", extension(&sound.media_type)))
            .mime_str(&sound.media_type)?;
        let format = match detail {
            Detail::Full => "verbose_json",
            Detail::Words => "json",
        };
        let mut form = Form::new()
            .part("file", file)
            .text("model", self.settings.name.clone())
            .text("response_format", format);
        if let Some(language) = self.settings.language {
            form = form.text("language", language.to_string());
        }
        let mut request = self.line.http.post(&self.address).multipart(form);
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        request.build()
    }
}

/// What a file of a media type ends in; endpoints go by it.
fn extension(media_type: &str) -> &str {
    match media_type {
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        other => other.strip_prefix("audio/").unwrap_or("bin"),
    }
}

/// Bytes of a second where nobody says how long a sound is: 24 kbit, as voice notes commonly have.
const BYTES_A_SECOND: u32 = 3_000;

/// How long a sound may be, in seconds.
fn length(sound: &Bytes) -> f64 {
    f64::from(u32::try_from(sound.len()).unwrap_or(u32::MAX)) / f64::from(BYTES_A_SECOND)
}

/// What so many seconds cost, in millionths of the price's currency.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "voice notes are short, and neither price nor length is negative"
)]
fn cost(per_minute: f64, seconds: f64) -> u64 {
    (per_minute / 60.0 * seconds * 1e6).round() as u64
}

#[cfg(test)]
mod tests {
    use super::{cost, extension};

    #[test]
    fn a_minute_costs_what_the_price_says() {
        for (price, seconds, micros) in [(0.006, 60.0, 6_000), (0.006, 8.5, 850), (0.0, 60.0, 0)] {
            assert_eq!(cost(price, seconds), micros);
        }
    }

    #[test]
    fn a_file_is_named_for_its_format() {
        for (media_type, ending) in [
            ("audio/ogg", "ogg"),
            ("audio/mpeg", "mp3"),
            ("audio/mp4", "m4a"),
            ("audio/wav", "wav"),
            ("image/png", "bin"),
        ] {
            assert_eq!(extension(media_type), ending);
        }
    }
}
