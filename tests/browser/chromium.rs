//! Chromium through chromedriver: one driver for all tests of this process, one browser with an empty profile for each.

use crate::harness::left_out;
use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look for it.
const LOOK: Duration = Duration::from_millis(50);

pub struct Driver {
    port: u16,
    /// Profiles of its browsers; it goes when the driver does.
    folder: PathBuf,
    chromium: PathBuf,
    /// Its input closes when this process ends, however it ends; it then stops driver and browsers.
    _shell: Child,
}

/// The driver all tests of this process share; `None` where one is not installed.
fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    DRIVER
        .get_or_init(|| Some(start(&program(&["chromedriver"])?, program(&["chromium", "chromium-browser"])?)))
        .as_ref()
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

fn start(chromedriver: &Path, chromium: PathBuf) -> Driver {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let port = free.expect("a free port").port();
    let folder = std::env::temp_dir().join(format!("countersign-chromium-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    // A session of its own: the signal reaches the browsers as well.
    let script = format!(
        "setsid {} --port={port} >{folder}/log 2>&1 & driver=$!; read _ || true; kill -- -$driver; sleep 1; rm -rf {folder}",
        chromedriver.display(),
        folder = folder.display(),
    );
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let driver = Driver { port, folder, chromium, _shell: shell.spawn().expect("a shell") };
    for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return driver;
        }
        std::thread::sleep(LOOK);
    }
    panic!("chromedriver did not start: see {}/log", driver.folder.display());
}

/// The person before the screen.
#[derive(Clone, Copy)]
pub struct Look {
    pub language: &'static str,
    pub javascript: bool,
    pub dark: bool,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
}

impl Default for Look {
    fn default() -> Self {
        Self { language: "en", javascript: true, dark: false, size: (1024, 768) }
    }
}

pub struct Browser {
    client: Client,
}

impl Browser {
    /// `None`, and said so, where there is no browser.
    pub async fn open(look: Look) -> Option<Self> {
        let Some(driver) = driver() else {
            left_out("the browser: no chromium and chromedriver on the PATH");
            return None;
        };
        let profile = tempfile::tempdir_in(&driver.folder).expect("a folder").keep();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--user-data-dir={}", profile.display()),
            format!("--lang={}", look.language),
            format!("--accept-lang={}", look.language),
        ];
        let javascript = if look.javascript { 1 } else { 2 };
        let capabilities = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": driver.chromium,
                "args": arguments,
                "prefs": {
                    "intl.accept_languages": look.language,
                    "profile.managed_default_content_settings.javascript": javascript,
                },
            },
        });
        let capabilities = capabilities.as_object().expect("an object").clone();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("a browser");
        let browser = Self { client };
        browser.resize(look.size).await;
        browser.scheme(look.dark).await;
        Some(browser)
    }

    pub async fn close(self) {
        self.client.close().await.expect("closes");
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("opens");
    }

    pub async fn back(&self) {
        self.client.back().await.expect("goes back");
    }

    pub async fn url(&self) -> Url {
        self.client.current_url().await.expect("a URL")
    }

    pub async fn title(&self) -> String {
        self.client.title().await.expect("a title")
    }

    /// Waits until the browser is at an address that begins so.
    pub async fn arrive(&self, beginning: &str) -> Url {
        for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
            let url = self.url().await;
            if url.as_str().starts_with(beginning) {
                return url;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("not at {beginning}… but at {}: {}", self.url().await, self.text("body").await);
    }

    /// The element, once it is there.
    pub async fn at(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE).every(LOOK);
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                let source = self.client.source().await.unwrap_or_default();
                let body: String = source.split("<body").last().unwrap_or_default().chars().take(3_000).collect();
                panic!("no {css} at {}: {error}\n{body}", self.url().await)
            }
        }
    }

    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.expect("looks").is_empty()
    }

    /// Does something with an element; with the new one, where the page changed in between.
    async fn with<T>(&self, css: &str, act: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
            match act(self.at(css).await).await {
                Ok(done) => return done,
                // Chromium has another word for it where the page goes just then.
                Err(error)
                    if error.is_stale_element_reference()
                        || error.to_string().contains("does not belong to the document") =>
                {
                    tokio::time::sleep(LOOK).await;
                }
                Err(error) => panic!("{css} at {}: {error}", self.url().await),
            }
        }
        panic!("{css} does not stay long enough");
    }

    pub async fn text(&self, css: &str) -> String {
        self.with(css, async |element| element.text().await).await
    }

    pub async fn click(&self, css: &str) {
        self.with(css, async |element| element.click().await).await;
    }

    /// Clicks the first link that leads somewhere whose address contains this.
    pub async fn follow(&self, part: &str) {
        self.click(&format!("a[href*=\"{part}\"]")).await;
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, css: &str, text: &str) {
        self.with(css, async |field| {
            field.clear().await?;
            field.send_keys(text).await
        })
        .await;
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.with(css, async |list| list.select_by_value(value).await).await;
    }

    /// A field's value, or whatever property it is.
    pub async fn property(&self, css: &str, name: &str) -> String {
        self.with(css, async |element| element.prop(name).await).await.unwrap_or_default()
    }

    /// Runs a function's body in the page.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("runs")
    }

    /// Runs one that calls its last argument when it is done.
    pub async fn run_async(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect("runs")
    }

    /// Keys pressed one after another, wherever the focus is.
    pub async fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".into());
        for key in keys {
            actions = actions.then(KeyAction::Down { value: *key }).then(KeyAction::Up { value: *key });
        }
        self.client.perform_actions(actions).await.expect("presses");
    }

    /// A key while another is held.
    pub async fn press_with(&self, held: char, key: char) {
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: held });
        self.client.perform_actions(actions).await.expect("presses");
    }

    pub async fn keys(&self, text: &str) {
        self.press(&text.chars().collect::<Vec<_>>()).await;
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Own { path: "goog/cdp/execute", body }).await.expect("a command it knows")
    }

    pub async fn resize(&self, (width, height): (u32, u32)) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// As a phone has it: more dots to a pixel, no bars beside what scrolls.
    pub async fn held_in_the_hand(&self, (width, height): (u32, u32), density: f32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": density, "mobile": true });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub async fn scheme(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// Lets pages read the clipboard without a question, as someone would who answered it.
    pub async fn allow_clipboard(&self) {
        let parameters = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.cdp("Browser.grantPermissions", parameters).await;
    }

    /// Waits until this is drawn otherwise. Into sandboxed frames nobody can look but by their pictures.
    pub async fn is_drawn_otherwise(&self, css: &str, than: &[u8]) {
        for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
            if self.picture_of(css).await != than {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{css} at {}: drawn as before", self.url().await);
    }

    /// A PNG of one element.
    pub async fn picture_of(&self, css: &str) -> Vec<u8> {
        self.with(css, async |element| element.screenshot().await).await
    }

    /// A PNG of what is on the screen.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    /// What the console said since it was last asked, without what a form with a mistake in it says by its status.
    pub async fn complaints(&self) -> Vec<String> {
        let said = self.client.issue_cmd(Own { path: "se/log", body: json!({ "type": "browser" }) }).await;
        let said = said.expect("the console");
        let entries = said.as_array().expect("a list").iter();
        entries
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|message| !message.contains("the server responded with a status of 4"))
            .collect()
    }

    /// Nothing was blocked, missing or broken.
    pub async fn assert_quiet(&self) {
        let complaints = self.complaints().await;
        assert!(complaints.is_empty(), "the console says, at {}: {complaints:#?}", self.url().await);
    }

    /// Nothing sticks out to the side.
    pub async fn assert_fits(&self, what: &str) {
        let wide = self.run("return [document.scrollingElement.scrollWidth, innerWidth]").await;
        assert!(wide[0].as_u64() <= wide[1].as_u64(), "{what} is {} wide on a screen of {}", wide[0], wide[1]);
    }
}

/// A command beyond the standard ones.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
