//! Posting: as fast as answers come, or by a schedule that waits for none.

use super::support::Connection;
use super::traffic::Traffic;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;

/// More bodies a second than any server here takes.
const FASTEST: f64 = 20_000.0;

/// Who posts to one server.
pub(crate) struct Load<'a> {
    runtime: &'a Runtime,
    address: String,
    /// Connections that are open and wait for nothing.
    idle: Arc<Mutex<Vec<Connection>>>,
}

/// Bodies that last for so long.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
pub(crate) fn enough(rate: f64, time: Duration) -> usize {
    (rate * time.as_secs_f64()) as usize
}

impl<'a> Load<'a> {
    pub(crate) fn on(runtime: &'a Runtime, address: String) -> Self {
        Self { runtime, address, idle: Arc::default() }
    }

    /// Lets clients post for some time, each as soon as it is answered; gives the acks a second.
    pub(crate) fn until(&self, time: Duration, clients: usize, traffic: &mut Traffic) -> f64 {
        let posts = traffic.next(enough(FASTEST, time));
        let (acked, rate) = self.runtime.block_on(self.race(&posts, clients, time));
        traffic.acked(acked);
        rate
    }

    /// Posts what was posted before.
    pub(crate) fn again(&self, posts: &Arc<Vec<String>>) {
        let (acked, _) = self.runtime.block_on(self.race(posts, 32, Duration::from_mins(5)));
        assert_eq!(acked, posts.len(), "all were posted again");
    }

    async fn race(&self, posts: &Arc<Vec<String>>, clients: usize, time: Duration) -> (usize, f64) {
        let next = Arc::new(AtomicUsize::new(0));
        let mut connections = Vec::with_capacity(clients);
        for _ in 0..clients {
            connections.push(Connection::open(&self.address).await.expect("a connection"));
        }
        let began = Instant::now();
        let ask = async |mut connection: Connection,
                         posts: Arc<Vec<String>>,
                         next: Arc<AtomicUsize>| {
            while began.elapsed() < time {
                let Some(post) = posts.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                ack(&mut connection, post).await;
            }
        };
        let asking =
            connections.into_iter().map(|it| ask(it, Arc::clone(posts), Arc::clone(&next)));
        futures::future::join_all(asking).await;
        let acked = next.load(Ordering::Relaxed).min(posts.len());
        let figure = f64::from(u32::try_from(acked).expect("few acks"));
        (acked, figure / began.elapsed().as_secs_f64())
    }

    /// Posts bodies at a rate, whatever becomes of those before; gives how long each ack took in milliseconds since
    /// its body was to leave.
    pub(crate) fn by_schedule(&self, posts: &Arc<Vec<String>>, rate: f64) -> Vec<f64> {
        let (posts, idle, address) =
            (Arc::clone(posts), Arc::clone(&self.idle), self.address.clone());
        self.runtime.block_on(async move {
            let handle = Handle::current();
            let pace = move || pace(&handle, &posts, rate, &idle, &address);
            let posting = tokio::task::spawn_blocking(pace).await.expect("all were posted");
            let mut times = Vec::with_capacity(posting.len());
            for ack in posting {
                times.push(ack.await.expect("an ack"));
            }
            times
        })
    }
}

/// Sends each body on its way when it is time; a runtime's own timers would tell only milliseconds apart.
fn pace(
    handle: &Handle,
    posts: &Arc<Vec<String>>,
    rate: f64,
    idle: &Arc<Mutex<Vec<Connection>>>,
    address: &str,
) -> Vec<JoinHandle<f64>> {
    let began = Instant::now();
    let places = 0..u32::try_from(posts.len()).expect("few bodies");
    let post = |place: u32| {
        let due = began + Duration::from_secs_f64(f64::from(place) / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let (posts, idle, address) = (Arc::clone(posts), Arc::clone(idle), address.to_owned());
        handle.spawn(async move {
            let free = lock(&idle).pop();
            let mut connection = match free {
                Some(connection) => connection,
                None => Connection::open(&address).await.expect("a connection"),
            };
            ack(&mut connection, &posts[place as usize]).await;
            lock(&idle).push(connection);
            due.elapsed().as_secs_f64() * 1_000.0
        })
    };
    places.map(post).collect()
}

fn lock(idle: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn ack(connection: &mut Connection, post: &str) {
    let (status, body) = connection.ask(post).await.expect("an answer");
    assert_eq!(status, 200, "{body}");
}

/// How long it takes in milliseconds to append what is posted to a file and sync it, one after the other.
pub(crate) fn sync_loop(folder: &Path, posts: &[String], time: Duration) -> Vec<f64> {
    let mut file = File::create(folder.join("bare")).expect("a file can be made");
    let (began, mut times) = (Instant::now(), Vec::new());
    for post in posts.iter().cycle() {
        let started = Instant::now();
        if started - began > time {
            break;
        }
        file.write_all(post.as_bytes()).expect("the disk has room");
        file.sync_data().expect("the disk syncs");
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    times
}
