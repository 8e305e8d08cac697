//! `sureply simulate`: plays labelled questions as customers against a server, and counts the ends.

mod client;

use super::out;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::InboxName;
use crate::eval::{Case, Ended, Tally, load_cases};
use anyhow::{Context, Result, ensure};
use clap::Args;
use client::Client;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How long after the last message its end is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// What to play, and where.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// A folder with queries.jsonl, or a file of questions.
    path: PathBuf,
    /// Messages a second.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// How many questions to play at most.
    #[arg(long)]
    limit: Option<usize>,
    /// The part of the set to play; `all` for every row.
    #[arg(long, default_value = "dev")]
    split: String,
    /// The inbox to write to, one of channel `api`.
    #[arg(long, default_value = "api")]
    inbox: String,
    /// A running server; without it one is started on the data folder for this run.
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// A token of the running server, from `sureply agent token`.
    #[arg(long)]
    token: Option<String>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Plays the questions and prints what came of them.
pub(super) async fn simulate(data: &Path, config: Config, arguments: Simulate) -> Result<()> {
    ensure!(arguments.rate > 0.0 && arguments.rate.is_finite(), "--rate must be more than 0");
    let split = (arguments.split != "all").then_some(arguments.split.as_str());
    let mut cases = load_cases(&arguments.path, split)?;
    cases.truncate(arguments.limit.unwrap_or(usize::MAX));
    let (app, client) = reach(data, config, &arguments).await?;
    let tally = play(&client, &cases, arguments.rate).await;
    if let Some(app) = app {
        app.stop().await;
    }
    print(&tally?, arguments.json)
}

/// The server to play against: the one named, or one of our own for this run.
async fn reach(
    data: &Path,
    mut config: Config,
    arguments: &Simulate,
) -> Result<(Option<App>, Client)> {
    let inbox = InboxName::from(arguments.inbox.as_str());
    if let (Some(url), Some(token)) = (&arguments.url, &arguments.token) {
        let client = Client::new(url, token, &inbox)?;
        client.knock().await?;
        return Ok((None, client));
    }
    ensure!(config.inbox(&inbox).is_some(), "the settings name no inbox `{inbox}`");
    config.server.listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    config.server.public_url = None;
    let app = App::start_at(data, config, Clock::real()).await?;
    let token = app.new_token("simulate").await?;
    let client = Client::new(app.public_url(), &token, &inbox)?;
    Ok((Some(app), client))
}

async fn play(client: &Client, cases: &[Case], rate: f64) -> Result<Tally> {
    // Runs of the same set on one server must not take each other's messages for duplicates.
    let run = uuid::Uuid::now_v7().simple().to_string();
    let name = |case: &Case| format!("{run}-{}", case.id);
    let start = client.position().await.context("asking the server where its replies stand")?;

    let bar = progress(cases.len(), "sending");
    let began = Instant::now();
    let mut sending = JoinSet::new();
    for (index, case) in cases.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a set has far fewer than 2^52 rows")]
        let due = began + Duration::from_secs_f64(index as f64 / rate);
        tokio::time::sleep_until(due.into()).await;
        let (client, id, text) = (client.clone(), name(case), case.text.clone());
        sending.spawn(async move { client.send(&id, &text).await });
        bar.inc(1);
    }
    while let Some(sent) = sending.join_next().await {
        sent.context("sending a message")??;
    }
    bar.finish_and_clear();

    let mut ended = wait_for_ends(client, cases, name).await?;
    let replies = client.replies_since(start).await?;
    for (case_id, end) in &mut ended {
        end.replies = replies.get(&format!("{run}-{case_id}")).copied().unwrap_or(0);
    }
    Ok(Tally::of(cases.iter().map(|case| (case, ended.get(&case.id)))))
}

/// Asks for each message where it ended until all have or nothing more happens.
async fn wait_for_ends(
    client: &Client,
    cases: &[Case],
    name: impl Fn(&Case) -> String,
) -> Result<HashMap<String, Ended>> {
    let bar = progress(cases.len(), "deciding");
    let mut ended: HashMap<String, Ended> = HashMap::new();
    let mut last_end = Instant::now();
    while ended.len() < cases.len() && last_end.elapsed() < PATIENCE {
        let mut any_open = false;
        for case in cases {
            if ended.contains_key(&case.id) {
                continue;
            }
            match client.find_end(&name(case)).await? {
                Some(end) => {
                    ended.insert(case.id.clone(), end);
                    last_end = Instant::now();
                    bar.inc(1);
                }
                None => any_open = true,
            }
        }
        if any_open {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
    bar.finish_and_clear();
    Ok(ended)
}

fn progress(length: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(what)
}

fn print(tally: &Tally, json: bool) -> Result<()> {
    if json {
        out::line(serde_json::to_string(tally).context("writing the tally")?);
        return Ok(());
    }
    out::line(format_args!(
        "sent {}  ends {}  lost {}  double {}",
        tally.sent, tally.ends, tally.lost, tally.double
    ));
    for (action, count) in &tally.actions {
        out::line(format_args!("  {action:<12} {count}"));
    }
    out::line(format_args!("answers: {} right, {} wrong", tally.right, tally.wrong));
    out::line(format_args!("drafts:  {} right, {} wrong", tally.drafts_right, tally.drafts_wrong));
    let time = tally.decision_ms;
    out::line(format_args!(
        "time to decision, quiet time aside: p50 {:.1} ms, p99 {:.1} ms",
        time.p50, time.p99
    ));
    if tally.lost + tally.double == 0 {
        out::line(format_args!("every message reached exactly one end"));
    }
    Ok(())
}
