//! Browsers that a story drives: Chromium without a window, through Debian's chromedriver.

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a page may take to show something, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the driver may take to close its browsers.
const GOODBYE: Duration = Duration::from_secs(5);

/// The driver, which ends its browsers with itself.
pub(crate) struct Driver {
    process: Child,
    /// Kept open, since the driver may have more to say.
    _printed: BufReader<ChildStdout>,
    address: String,
}

impl Driver {
    /// Starts chromedriver; none where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().ok()?;
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        let port = printed
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.to_owned()))
            .expect("it tells its port");
        let address = format!("127.0.0.1:{}", port.trim_end_matches('.'));
        Some(Self { process, _printed: printed, address })
    }

    /// Opens a browser that nobody has used before.
    pub(crate) async fn open(&self) -> Browser {
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=en"];
        let Value::Object(wishes) = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        }) else {
            unreachable!("it is an object")
        };
        let url = format!("http://{}", self.address);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wishes).connect(&url).await.expect("Chromium starts");
        let session = client.session_id().await.expect("a session").expect("its id");
        Browser { client, session: format!("{url}/session/{session}") }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Killed outright it would leave its browsers behind; asked to go, it closes them.
        if let Ok(mut line) = TcpStream::connect(&self.address) {
            let asked = write!(line, "GET /shutdown HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
            let began = Instant::now();
            while asked.is_ok()
                && began.elapsed() < GOODBYE
                && matches!(self.process.try_wait(), Ok(None))
            {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        if self.process.kill().is_ok() {
            drop(self.process.wait());
        }
    }
}

/// One browser with one page.
pub(crate) struct Browser {
    pub(crate) client: Client,
    session: String,
}

impl Browser {
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Waits until something stands on the page.
    pub(crate) async fn see(&self, css: &str) {
        let wait = self.client.wait().at_most(PATIENCE).every(Duration::from_millis(50));
        if let Err(error) = wait.for_element(Locator::Css(css)).await {
            panic!("{css}: {error}\n{}", self.text("body").await);
        }
    }

    /// Waits until something on the page shows these words.
    pub(crate) async fn read(&self, css: &str, words: &str) {
        let began = Instant::now();
        loop {
            let shown = self.text(css).await;
            if shown.contains(words) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{css} does not show `{words}`: {shown}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The words that something shows; empty when it is not there, or just being replaced.
    pub(crate) async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Presses keys where the focus is, as somebody without a mouse does. What is replaced before they
    /// reach it has not got them, so that they are pressed again.
    pub(crate) async fn press(&self, keys: &str) {
        let began = Instant::now();
        loop {
            let focused = self.client.active_element().await.expect("something has the focus");
            match focused.send_keys(keys).await {
                Ok(()) => return,
                Err(error) => {
                    let is_replaced = error.to_string().contains("stale element");
                    assert!(is_replaced && began.elapsed() < PATIENCE, "it takes no keys: {error}");
                }
            }
        }
    }

    /// Presses a letter together with Control.
    pub(crate) async fn press_with_control(&self, key: Key) {
        self.press(&(Key::Control + &String::from(char::from(key)))).await;
    }

    /// Goes on with the tab key until the element of that id has the focus.
    pub(crate) async fn tab_to(&self, id: &str) {
        for _ in 0..40 {
            let focused = self.client.active_element().await.expect("something has the focus");
            if focused.attr("id").await.is_ok_and(|own| own.as_deref() == Some(id)) {
                return;
            }
            self.press(&String::from(char::from(Key::Tab))).await;
        }
        panic!("the tab key does not reach #{id}");
    }

    /// What the browser complained about: errors of scripts, refused resources, broken policies.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let logged = self.ask("se/log", &json!({ "type": "browser" })).await;
        let entries = logged.as_array().expect("a list").iter();
        entries
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Takes pictures of the page by day, by night and on a phone into the folder that `SCREENSHOTS`
    /// names, if it names one.
    #[expect(clippy::disallowed_methods, reason = "the environment says where pictures go")]
    pub(crate) async fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("SCREENSHOTS") else { return };
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        for (look, scheme, width, height) in [
            ("light", "light", 1280, 800),
            ("dark", "dark", 1280, 800),
            ("phone", "light", 390, 844),
        ] {
            let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
            self.tell_chromium("Emulation.setEmulatedMedia", &json!({ "features": [feature] }))
                .await;
            let size = json!({
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": look == "phone",
            });
            self.tell_chromium("Emulation.setDeviceMetricsOverride", &size).await;
            let picture = self.client.screenshot().await.expect("a picture");
            let file = PathBuf::from(&folder).join(format!("{name}-{look}.png"));
            std::fs::write(file, picture).expect("the picture is kept");
        }
        self.tell_chromium("Emulation.setEmulatedMedia", &json!({ "features": [] })).await;
        self.tell_chromium("Emulation.clearDeviceMetricsOverride", &json!({})).await;
    }

    async fn tell_chromium(&self, command: &str, parameters: &Value) {
        self.ask("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await;
    }

    /// Asks the driver for what only Chromium's has.
    async fn ask(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/{path}", self.session);
        let request = reqwest::Client::builder().build().expect("a client").post(url).json(body);
        let answer = request.send().await.expect("the driver answers");
        let mut told: Value = answer.json().await.expect("JSON");
        told["value"].take()
    }

    pub(crate) async fn close(self) {
        self.client.close().await.expect("it closes");
    }
}
