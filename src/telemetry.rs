//! Logs and metrics: set up once, never holding a body, an address or a key.

use crate::config::{Log, LogFormat};
use anyhow::{Context, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// How often what was measured is summed up.
const SUM_UP_EVERY: Duration = Duration::from_secs(10);

/// Starts logging to standard error; a second call changes nothing.
pub fn start_logging(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.filter).with_context(|| {
        format!(
            "log.filter `{}` is not understood; write `info` or `sureply=debug,warn`",
            log.filter
        )
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match log.format {
        LogFormat::Pretty => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    // Tests start many servers in one process; the first one's logging serves them all.
    drop(started);
    Ok(())
}

/// The metrics of this process, in the text format of Prometheus.
pub fn render_metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Sums up what was measured, every few seconds until `stop` turns true: each single figure would be kept until
/// somebody asks for the metrics, and perhaps nobody ever does.
pub async fn keep_metrics(mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Some(metrics) = METRICS.get() {
            metrics.run_upkeep();
        }
        tokio::select! {
            () = tokio::time::sleep(SUM_UP_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Starts counting; a second call changes nothing.
pub fn start_metrics() -> Result<()> {
    if METRICS.get().is_some() {
        return Ok(());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0])
        .context("setting the buckets of the histograms")?
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        // Only the thread that installed the recorder gets here.
        drop(METRICS.set(handle));
    }
    Ok(())
}
