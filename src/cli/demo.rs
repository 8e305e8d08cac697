//! `sureply demo`: a channel without its provider, to be tried on this machine.

use super::{out, serve};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, InboxSettings, WhatsappSettings};
use crate::conversation::ChannelKind;
use crate::fake::{Account, Graph, sample_templates};
use anyhow::{Context, Result, ensure};
use clap::Subcommand;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

/// The name of the demonstration's inbox and of its folder below the data folder.
const NAME: &str = "demo-whatsapp";

/// How long reading the sample may take, how soon it begins, and how often that is looked at.
const SAMPLE_WITHIN: Duration = Duration::from_mins(2);
const BEGINS_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What can be tried.
#[derive(Debug, Subcommand)]
pub(super) enum Demo {
    /// WhatsApp, with a page that stands for a customer's phone; nothing leaves this machine.
    Whatsapp {
        /// Tells another program of what the customer does, instead of a Sureply of its own.
        #[arg(long, value_name = "URL")]
        hook: Option<String>,
    },
}

/// Serves the demonstration until it is told to stop.
pub(super) async fn demo(data: &Path, mut config: Config, demo: &Demo) -> Result<()> {
    let Demo::Whatsapp { hook } = demo;
    let terminate = serve::terminate()?;
    let graph = Graph::start(Account::default()).await?;
    graph.tell_by_itself();
    graph.set_templates(sample_templates());
    if let Some(hook) = hook {
        graph.call_back(hook, &Clock::ahead());
        out::line(format_args!("Customer:    {}/", graph.url()));
        return serve::told(terminate).await;
    }
    config.inboxes = vec![inbox(&graph)];
    // A second server beside one that runs already must not take its place.
    config.server.listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    config.server.public_url = None;
    ensure!(
        config.database.url.is_none(),
        "the settings name a database; a demonstration must not write into it, so run it without --config"
    );
    let clock = Clock::ahead();
    let app = App::start_at(&data.join(NAME), config, clock.clone())
        .await
        .context("starting the demonstration")?;
    graph.call_back(&format!("{}/webhook/whatsapp/{NAME}", app.public_url()), &clock);
    out::line("Reading the sample shop; until that is done, a person answers.");
    read_sample(&app).await;
    out::line(format_args!("Customer:    {}/", graph.url()));
    serve::announce(&app);
    serve::until_told(app, terminate).await
}

/// Waits until the sample's questions count as evidence, so that the first question is answered like the others. A
/// shop that is no sample has none to wait for.
async fn read_sample(app: &App) {
    let (began, mut has_begun) = (Instant::now(), false);
    while began.elapsed() < SAMPLE_WITHIN {
        let is_read = app.desk.sample_progress().is_some();
        let is_over = has_begun || began.elapsed() > BEGINS_WITHIN;
        if !is_read && is_over {
            return;
        }
        has_begun |= is_read;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The inbox, on the number that is played here.
fn inbox(graph: &Graph) -> InboxSettings {
    let account = graph.account();
    let (number, secret, verify) = (&account.number, &account.app_secret, &account.verify_token);
    let mut whatsapp = WhatsappSettings::new(number, secret, verify);
    whatsapp.business_account_id = Some(account.business.clone());
    whatsapp.access_token = Some(account.token.as_str().into());
    graph.url().clone_into(&mut whatsapp.graph_url);
    whatsapp.media_hosts = vec!["127.0.0.1".into()];
    let mut inbox = InboxSettings::new(NAME, ChannelKind::Whatsapp);
    inbox.whatsapp = Some(Box::new(whatsapp));
    inbox
}
