//! The composition root: opens all parts in order, runs them, and stops them without losing work.

use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::{ChannelKind, InboxName};
use crate::curation::{self, Source};
use crate::desk::{Desk, Finder, Intake, Spooling};
use crate::search::{self, Search};
use crate::store::Store;
use crate::telemetry;
use crate::token;
use crate::triage;
use crate::web::{self, Counts, Programs, Streams, Throttle, Web};
use anyhow::{Context, Result};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// How long stopping waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(40);

/// A running server.
pub struct App {
    /// The desk, for commands and tests that look behind the pages.
    pub(crate) desk: Arc<Desk>,
    address: SocketAddr,
    public_url: String,
    setup_link: Option<String>,
    /// The way in for mails, and this node's name.
    mailboxes: (Intake, String),
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    /// Held as long as the server runs; the system lets go of it however the process ends.
    lock: File,
}

/// Whether the data folder holds a store already.
pub(crate) fn has_store(data: &Path) -> bool {
    store_file(data).exists()
}

fn store_file(data: &Path) -> PathBuf {
    data.join("sureply.db")
}

/// Opens the store that the settings name, by default in the data folder.
pub(crate) async fn open_store(data: &Path, config: &Config) -> Result<Store> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))?;
    let url = match &config.database.url {
        Some(url) => url.expose().to_owned(),
        None => format!("sqlite://{}", store_file(data).display()),
    };
    Store::open(&url).await
}

/// Opens everything that a decision needs, and brings the knowledge up to date.
pub(crate) async fn open(data: &Path, config: Config, clock: Clock) -> Result<Arc<Desk>> {
    let store = open_store(data, &config).await?.with_targets(config.targets());
    // What began to wait under other targets, or before there were any, is held to those of now.
    store.reckon_due().await?;
    let search = Arc::new(
        Search::open(&data.join("index"), &config.embedding).context("opening the search index")?,
    );
    let key = signing_key(&store).await?;
    let desk = Desk::open(store, search, Arc::new(config), clock)?
        .with_files(attachments(data)?)?
        .with_signing_key(&key)?;
    let source = source(&desk).await?;
    let synced = curation::sync(&desk.store, &desk.search, &source, desk.clock.now()).await?;
    for problem in &synced.problems {
        tracing::warn!(%problem, "a problem with the knowledge; what it last held stays in use");
    }
    desk.renew_trust().await.context("reading the licences")?;
    Ok(Arc::new(desk))
}

async fn source(desk: &Desk) -> Result<Source> {
    curation::source_in_use(desk.config.knowledge.dir.as_deref(), &desk.store).await
}

impl App {
    /// Starts serving; returns once requests are taken.
    pub async fn start(data: &Path, config: Config) -> Result<Self> {
        Self::start_at(data, config, Clock::real()).await
    }

    /// Starts serving by a given clock. By a clock that is moved by hand nothing happens by itself:
    /// due work is done when asked.
    pub async fn start_at(data: &Path, config: Config, clock: Clock) -> Result<Self> {
        telemetry::start_metrics()?;
        let listen = config.server.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("listening on {listen}; is another server there? set server.listen to a free address")
        })?;
        let address = listener.local_addr().context("asking for the address in use")?;
        let public_url =
            config.server.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let lock = lock(data)?;
        let desk = open(data, config, clock).await?;
        let setup_link = web::setup_link(&desk.store, desk.clock.now())
            .await?
            .map(|token| format!("{}/join/{token}", public_url.trim_end_matches('/')));
        let (stop, stopped) = watch::channel(false);
        let (mut intake, storing) = Intake::start(Arc::clone(&desk));
        let node = node(data)?;
        let mut tasks = vec![storing];
        if let Some((spooling, task)) = Spooling::start(&desk, &data.join("spool"), &node).await? {
            intake = intake.through(spooling);
            tasks.push(task);
        }
        let mailboxes = (intake.clone(), node);
        let finder = Finder::open(desk.store.clone(), &data.join("messages"))?;
        let web = Arc::new(Web {
            desk: Arc::clone(&desk),
            finder: finder.clone(),
            intake,
            attachments: attachments(data)?,
            signing_key: signing_key(&desk.store).await?,
            public_url: public_url.trim_end_matches('/').to_owned(),
            stopping: stopped.clone(),
            programs: Programs::default(),
            counts: Counts::default(),
            throttle: Throttle::default(),
            streams: Streams::default(),
        });
        // The first customer should not wait for the tables to be read.
        let warming = tokio::task::spawn_blocking(triage::warm);
        tasks.extend([warming, tokio::spawn(serve(listener, web, stopped.clone()))]);
        if !desk.clock.is_by_hand() {
            tasks.push(tokio::spawn(Arc::clone(&desk).work(stopped.clone())));
            tasks.push(tokio::spawn(Arc::clone(&desk).keep_trust(stopped.clone())));
            let (intake, node) = mailboxes.clone();
            let reading = Arc::clone(&desk).read_mailboxes(intake, node, stopped.clone());
            tasks.push(tokio::spawn(reading));
            tasks.push(tokio::spawn(Arc::clone(&desk).fetch_media(stopped.clone())));
            tasks.push(tokio::spawn(Arc::clone(&desk).sync_templates(stopped.clone())));
            tasks.push(tokio::spawn(Arc::clone(&desk).keep_numbers(stopped.clone())));
            tasks.push(tokio::spawn(finder.follow(stopped.clone())));
            tasks.push(tokio::spawn(telemetry::keep_metrics(stopped.clone())));
            tasks.push(tokio::spawn(hold_sample(Arc::clone(&desk), stopped.clone())));
            let encoded = search::keep_encoded(Arc::clone(&desk.search), stopped.clone());
            tasks.push(tokio::spawn(encoded));
            let (store, search) = (desk.store.clone(), Arc::clone(&desk.search));
            let (source, clock) = (source(&desk).await?, desk.clock.clone());
            tasks.push(tokio::spawn(curation::follow(store, search, source, clock, stopped)));
        }
        Ok(Self { desk, address, public_url, setup_link, mailboxes, stop, tasks, lock })
    }

    /// Has the templates of every WhatsApp inbox listed, as at every start that serves by itself.
    pub async fn ask_for_templates(&self) -> Result<()> {
        self.desk.ask_for_templates().await
    }

    /// Does everything that is due by the server's clock and what follows from it; returns how many
    /// steps that took.
    pub async fn run_due(&self) -> Result<usize> {
        self.desk.run_due().await
    }

    /// Stores what is new in the mailbox of an inbox; returns how many mails that were.
    pub async fn read_mail(&self, inbox: &str) -> Result<usize> {
        let (intake, node) = &self.mailboxes;
        let read = self.desk.read_mailbox(&InboxName::from(inbox), intake, node).await;
        read.with_context(|| format!("reading the mailbox of {inbox}"))
    }

    /// Looks at the WhatsApp numbers that are due to be looked at.
    pub async fn mind_numbers(&self) -> Result<()> {
        self.desk.mind_numbers().await
    }

    /// What keeps the mailbox of an inbox from being read, or its mails from leaving, in words.
    pub fn mail_trouble(&self, inbox: &str) -> Option<String> {
        let state = self.desk.mailbox_state(&InboxName::from(inbox))?;
        let sending = state.sending.map(|(trouble, _)| trouble);
        state.reading.or(sending).map(|trouble| trouble.to_string())
    }

    /// Makes a token for a program that uses the API; only its hash is kept.
    pub async fn new_token(&self, name: &str) -> Result<String> {
        let token = token::fresh();
        self.desk
            .store
            .add_token(&token::hash(&token), name, None, None, self.desk.clock.now())
            .await?;
        Ok(token)
    }

    /// The inboxes that customers reach by a chat page.
    pub(crate) fn chats(&self) -> impl Iterator<Item = &str> {
        let inboxes = self.desk.config.inboxes.iter();
        inboxes
            .filter(|inbox| inbox.channel == ChannelKind::Webchat)
            .map(|inbox| inbox.name.as_str())
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address people use.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The one-time link that makes the first admin, while there is nobody yet.
    pub fn setup_link(&self) -> Option<&str> {
        self.setup_link.as_deref()
    }

    /// Stops taking requests, finishes what is under way, and returns when all is still. What takes
    /// longer than [`PATIENCE`] is broken off; its leases run out and it is done by whoever comes next.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // What stores mails ends once nobody can hand it any.
        drop(self.mailboxes);
        let deadline = Instant::now() + PATIENCE;
        for mut task in self.tasks {
            match timeout_at(deadline, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a part of the server ended badly"),
                Err(_) => {
                    tracing::warn!("a part of the server took too long to stop and was broken off");
                    task.abort();
                }
            }
        }
        // Closing the file is not enough: a program being started just now still holds a copy of it.
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data folder could not be given back");
        }
    }
}

/// Holds the data folder for this server: index and attachments are one server's own.
fn lock(data: &Path) -> Result<File> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))?;
    let path = data.join("server.lock");
    let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
    let in_use = "is used by another server; stop that one, or give this one a folder of its own with --data";
    file.try_lock().with_context(|| format!("the data folder {} {in_use}", data.display()))?;
    Ok(file)
}

async fn serve(listener: TcpListener, web: Arc<Web>, mut stopped: watch::Receiver<bool>) {
    let router = web::router(web);
    let until_stopped = async move {
        // An error only says that the app itself is gone, which also ends serving.
        drop(stopped.wait_for(|stop| *stop).await);
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until_stopped).await {
        tracing::error!(%error, "serving ended");
    }
}

/// Has the sample's questions considered once customers are served.
async fn hold_sample(desk: Arc<Desk>, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        declared = desk.declare_sample() => {
            if let Err(error) = declared {
                tracing::error!(error = format!("{error:#}"), "the sample's questions could not be considered");
            }
        }
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

fn attachments(data: &Path) -> Result<PathBuf> {
    let folder = data.join("attachments");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("making the folder {}", folder.display()))?;
    Ok(folder)
}

/// This node's name, made at its first start: a server that comes back is the one that it was.
fn node(data: &Path) -> Result<String> {
    let path = data.join("node");
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if !known.trim().is_empty() {
        return Ok(known.trim().to_owned());
    }
    let fresh = token::fresh();
    std::fs::write(&path, &fresh).with_context(|| format!("writing {}", path.display()))?;
    Ok(fresh)
}

/// The key that signs links, made at the first start and shared by all nodes through the store.
async fn signing_key(store: &Store) -> Result<Vec<u8>> {
    Ok(store.value_or("signing_key", &token::fresh()).await?.into_bytes())
}
