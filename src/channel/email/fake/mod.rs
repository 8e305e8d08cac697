//! Servers for tests, each a script over TCP: what it waits for, what it says then.

mod keys;

pub(crate) use keys::{name_server, signed};

use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a server waits for what its script says comes next.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Answers one request each; gives its address and, when all were asked, the requests.
pub(crate) async fn http(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/token", listener.local_addr().expect("an address"));
    let asked = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut request = Vec::new();
            while !is_whole(&request) {
                assert!(socket.read_buf(&mut request).await.expect("bytes") > 0, "hung up early");
            }
            requests.push(String::from_utf8_lossy(&request).into_owned());
            socket.write_all(answer.as_bytes()).await.expect("writing the answer");
        }
        requests
    });
    (url, asked)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_none_or(|length: usize| body.len() >= length)
}

/// A step of a server.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Waits for a line that holds this, without regard to case; the script's own tag is the line's first
    /// word from then on.
    Hears(&'static str),
    /// Says these bytes; `{tag}` is the first word of what it heard last.
    Says(String),
    /// Reads until a line that is a single dot.
    TakesMail,
    /// Reads so many bytes.
    Takes(usize),
    /// Says nothing until the other side hangs up.
    Sulks,
}

/// Says a line.
pub(crate) fn says(line: &str) -> Step {
    Step::Says(format!("{line}\r\n"))
}

/// A server that plays one script a connection, in order, and then takes no more.
pub(crate) struct Server {
    pub(crate) port: u16,
    played: JoinHandle<Vec<String>>,
}

impl Server {
    pub(crate) async fn play(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let played = tokio::spawn(async move {
            let mut heard = Vec::new();
            for script in scripts {
                let accepted = timeout(PATIENCE, listener.accept()).await;
                let (socket, _) = accepted.expect("somebody comes").expect("a connection");
                play(socket, script, &mut heard).await;
            }
            heard
        });
        Self { port, played }
    }

    /// Everything that it heard, once all was played.
    pub(crate) async fn heard(self) -> Vec<String> {
        timeout(PATIENCE, self.played).await.expect("it ends in time").expect("it is played")
    }
}

async fn play(socket: TcpStream, script: Vec<Step>, heard: &mut Vec<String>) {
    let mut socket = BufReader::new(socket);
    let mut tag = String::new();
    for step in script {
        match step {
            Step::Says(text) => {
                let text = text.replace("{tag}", &tag);
                // Whoever has hung up meanwhile is seen at the next step.
                drop(socket.write_all(text.as_bytes()).await);
                drop(socket.flush().await);
            }
            Step::Hears(part) => {
                let line = line(&mut socket).await;
                let is_expected = line.to_lowercase().contains(&part.to_lowercase());
                assert!(is_expected, "expected `{part}`, heard `{line}`");
                tag = line.split(' ').next().unwrap_or_default().to_owned();
                heard.push(line);
            }
            Step::TakesMail => loop {
                let line = line(&mut socket).await;
                if line == "." {
                    break;
                }
                heard.push(line);
            },
            Step::Takes(bytes) => {
                let mut taken = vec![0; bytes];
                socket.read_exact(&mut taken).await.expect("so many bytes");
                heard.push(String::from_utf8_lossy(&taken).into_owned());
            }
            Step::Sulks => {
                let mut rest = Vec::new();
                drop(timeout(PATIENCE, socket.read_to_end(&mut rest)).await);
            }
        }
    }
}

async fn line(socket: &mut BufReader<TcpStream>) -> String {
    let mut line = Vec::new();
    let read = timeout(PATIENCE, socket.read_until(b'\n', &mut line)).await;
    read.expect("a line in time").expect("a line");
    String::from_utf8_lossy(&line).trim_end().to_owned()
}
