//! What the pages under `docs/connect` show is what runs here: their declarations are applied, their programs started.

use crate::app::{WebApp, at, free_port};
use crate::chromium::{Browser, Look};
use crate::harness::machine::Machine;
use crate::harness::{Engine, House, left_out};
use crate::party::{folder, has_package, has_python, node, packages, python};
use crate::person::Person;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

const PHONE: &str = "+2348031234567";
const SECRET: &str = "replaceThisByFortyToSixtyLettersAndDigits001";

/// The ways in that all pages lean on.
const WAYS: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
countries = ["NG"]
ladder = ["sms"]

[[connection]]
name = "email"
kind = "email"

[[carrier]]
name = "phone-page"
kind = "dev_phone"
"#;

struct Shown(String);

impl Shown {
    fn read(page: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/connect").join(page);
        Self(std::fs::read_to_string(file).expect("a page"))
    }

    /// The block of a language that follows a file's name.
    fn file(&self, name: &str) -> String {
        self.block(&format!("`{name}`:\n\n```"))
    }

    fn declaration(&self) -> String {
        self.block("```toml") + WAYS
    }

    fn block(&self, beginning: &str) -> String {
        let rest = self.0.split(beginning).nth(1).unwrap_or_else(|| panic!("no {beginning}"));
        let text = rest.split("\n```").next().unwrap_or_default();
        text.split_once('\n').expect("a block").1.to_owned() + "\n"
    }
}

/// A program shown on a page, in a folder where Node finds the packages; what it prints is read line by line.
struct Program {
    child: Child,
    said: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start(name: &str, text: &str, environment: &[(&str, &str)]) -> Self {
        let folder = folder();
        std::fs::write(folder.path().join(name), text).expect("writes");
        let mut node = Command::new(node());
        node.arg(folder.path().join(name)).envs(environment.iter().copied()).stdout(Stdio::piped());
        let mut child = node.spawn().expect("starts");
        let said = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, said, _folder: folder }
    }

    /// The next line, which must begin so; what follows.
    fn says(&mut self, beginning: &str) -> String {
        let mut line = String::new();
        tokio::task::block_in_place(|| self.said.read_line(&mut line)).expect("reads");
        let rest = line.trim_end().strip_prefix(beginning);
        rest.unwrap_or_else(|| panic!("{line:?} does not begin with {beginning:?}")).to_owned()
    }

    fn ends_well(mut self) {
        assert!(tokio::task::block_in_place(|| self.child.wait()).expect("ends").success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits until an element says so.
async fn reads(browser: &Browser, css: &str, wanted: &str) {
    let mut said = String::new();
    for _ in 0..400 {
        said = browser.text(css).await;
        if said == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{css} says {said:?}, not {wanted:?}: {:?}", browser.complaints().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn web() {
    if !has_package("openid-client") {
        return;
    }
    let shown = Shown::read("web.md");
    let port = free_port();
    let site = at(port);
    let declaration = shown.declaration().replace("http://localhost:3000", &site);
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let folder = folder();
    let file = folder.path().join("server.mjs");
    std::fs::write(&file, shown.file("server.mjs")).expect("writes");
    let mut server = Command::new(node());
    server.arg(file).envs([
        ("ISSUER", house.issuer.as_str()),
        ("SITE", &site),
        ("CLIENT_ID", "shop"),
        ("CLIENT_SECRET", SECRET),
    ]);
    let _app = WebApp::start(server, port).await;
    let mut person = Person::new(&house);
    let home = person.go(&format!("{site}/")).await;
    let page = person.go(&format!("{site}{}", home.link("login"))).await;
    let before = person.0.cookies["session"].clone();
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.html.contains(&format!("Hello, {PHONE}")), "{}", page.text());
    assert_ne!(person.0.cookies["session"], before, "another cookie than before");
    let page = person.submit(&page, &[("refresh", "")]).await;
    assert!(page.html.contains(&format!("Hello, {PHONE}")), "{}", page.text());
    let page = person.submit(&page, &[("logout", "")]).await;
    let page = person.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!((page.url, page.html.contains("Welcome")), (format!("{site}/"), true));
    // An answer nobody waits for.
    let page = person.once(&format!("{site}/callback?code=x&state=y")).await;
    assert_eq!(page.status, 500);
    assert!(person.go(&format!("{site}/login")).await.asks_who());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn python_with_flask() {
    if !has_python("requests") || !has_python("authlib") || !has_python("flask") {
        return;
    }
    let shown = Shown::read("python.md");
    let (port, api_port) = (free_port(), free_port());
    let (site, api) = (at(port), at(api_port));
    let declaration = shown.declaration().replace("http://localhost:3000", &site);
    let orders = format!(
        "[[resource]]\nuri = \"{api}\"\nname = \"Orders\"\nscopes = [\"orders:read\"]\n
         [[scope]]\nname = \"orders:read\"\ndescription = \"See orders\"\n
         [[client]]\nid = \"reports\"\nname = \"Reports\"\nkind = \"machine\"\nsecret = \"{SECRET}\"\n"
    );
    let house = House::with(Engine::Sqlite, &format!("{declaration}{orders}"), &[]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let start = async |name: &str, environment: &[(&str, &str)], port: u16| {
        let file = folder.path().join(name);
        std::fs::write(&file, shown.file(name)).expect("writes");
        let mut server = Command::new(python());
        server.arg(file).envs(environment.iter().copied());
        WebApp::start(server, port).await
    };
    let issuer = ("ISSUER", house.issuer.as_str());
    let environment = [issuer, ("SITE", &site), ("CLIENT_ID", "shop"), ("CLIENT_SECRET", SECRET)];
    let _app = start("shop.py", &environment, port).await;
    let mut person = Person::new(&house);
    let home = person.go(&format!("{site}/")).await;
    let page = person.go(&format!("{site}{}", home.link("login"))).await;
    let before = person.0.cookies["session"].clone();
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.html.contains(&format!("Hello, {PHONE}")), "{}", page.text());
    assert_ne!(person.0.cookies["session"], before, "another cookie than before");
    let page = person.submit(&page, &[("logout", "")]).await;
    let page = person.submit(&page, &[("confirm-logout", "")]).await;
    assert!(page.url.starts_with(&format!("{site}/?state=")) && page.html.contains("Welcome"), "{}", page.url);
    // Answers nobody waits for, and one of somebody else.
    for query in ["code=x&state=y", &format!("code=x&state=y&iss={}", house.issuer), "code=x&state=y&iss=https://evil"]
    {
        assert_eq!(person.once(&format!("{site}/callback?{query}")).await.status, 400, "{query}");
    }
    // Called off.
    let page = person.go(&format!("{site}/login")).await;
    let (cancel, _) = page.form("deny");
    let page = person.submit(&page, &[("deny", "")]).await;
    assert_eq!(page.status, 403, "{cancel}: {}", page.text());

    let _api = start("orders.py", &[issuer, ("API", &api)], api_port).await;
    let orders = |token: String| {
        let (api, bearer) = (Machine::new(&api), format!("Bearer {token}"));
        async move { api.send(reqwest::Method::GET, "/orders", &[("authorization", &bearer)], None).await }
    };
    let token = async |extra: &[(&str, &str)]| {
        let own = [("grant_type", "client_credentials"), ("client_id", "reports"), ("client_secret", SECRET)];
        house.machine().post("/oauth2/token", &[&own[..], extra].concat()).await.text("access_token")
    };
    let answer = orders(token(&[("scope", "orders:read"), ("resource", &api)]).await).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "Orders for reports"));
    assert_eq!(orders(token(&[("scope", "orders:read")]).await).await.status, 401, "for something else");
    assert_eq!(orders(token(&[("resource", &api)]).await).await.status, 403, "without the scope");
    assert_eq!(Person::new(&house).once(&format!("{api}/orders")).await.status, 401);
    house.close().await;
}

/// Compiled as an example, which must be the text that is shown.
#[tokio::test(flavor = "multi_thread")]
async fn axum() {
    let shown = Shown::read("axum.md");
    let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop.rs"));
    assert!(
        example.expect("reads").ends_with(&format!("\n\n{}", shown.file("src/main.rs"))),
        "examples/shop.rs differs"
    );
    let tests = std::env::current_exe().expect("a path");
    let program = tests.ancestors().nth(2).expect("a folder").join("examples/shop");
    if !program.is_file() {
        return left_out("the documentation: `cargo build --examples` was not run");
    }
    let port = free_port();
    let site = at(port);
    let declaration = shown.declaration().replace("http://localhost:4000", &site);
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let mut server = Command::new(program);
    server.envs([("ISSUER", house.issuer.as_str()), ("SITE", &site), ("CLIENT_SECRET", SECRET)]);
    let _app = WebApp::start(server, port).await;
    let mut person = Person::new(&house);
    assert_eq!(person.go(&format!("{site}/")).await.html, "Sign in at /login");
    let page = person.go(&format!("{site}/login")).await;
    let before = person.0.cookies["shop_session"].clone();
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.html.starts_with("Hello, kp_"), "{}", page.html);
    assert_ne!(person.0.cookies["shop_session"], before, "another cookie than before");
    // An answer nobody waits for.
    assert_eq!(person.once(&format!("{site}/callback?code=x&state=y")).await.status, 400);
    house.close().await;
}

/// Both ways that are not Kinde's: by `openid-client`, and by NextAuth.
#[tokio::test(flavor = "multi_thread")]
async fn nextjs() {
    let app = packages().join("shown-next");
    if !app.join(".next/BUILD_ID").is_file() {
        return left_out("the documentation: no Next.js app under target/tests/parties/shown-next");
    }
    let port = free_port();
    let site = at(port);
    let declaration = Shown::read("nextjs.md").declaration().replace("http://localhost:3000", &site);
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let mut next = Command::new(node());
    next.arg(packages().join("node_modules/next/dist/bin/next")).args(["start", "-p", &port.to_string()]);
    next.current_dir(app).env("NEXT_TELEMETRY_DISABLED", "1").envs([
        ("ISSUER", house.issuer.as_str()),
        ("SITE", &site),
        ("CLIENT_ID", "shop"),
        ("CLIENT_SECRET", SECRET),
        ("NEXTAUTH_URL", &site),
        ("NEXTAUTH_SECRET", SECRET),
    ]);
    let _app = WebApp::start(next, port).await;
    let mut person = Person::new(&house);
    let page = person.go(&format!("{site}/api/auth/login?ui_locales=fr")).await;
    assert!(page.asks_who() && page.html.contains("lang=\"fr\""), "{} {}", page.url, page.text());
    let page = person.prove(&house, page, PHONE).await;
    assert_eq!((page.html.contains("<h1>Home</h1>"), page.url), (true, format!("{site}/")));
    // An answer nobody waits for.
    assert_eq!(person.once(&format!("{site}/api/auth/callback?code=x&state=y")).await.status, 400);

    house.pass(120);
    let mut person = Person::new(&house);
    let session = format!("{site}/api/auth/session");
    assert_eq!(person.go(&session).await.html, "{}");
    let page = person.go(&format!("{site}/api/auth/signin")).await;
    assert!(page.html.contains("Sign in with Countersign"), "{}", page.html);
    let page = person.submit(&page, &[("callbackUrl", &site)]).await;
    assert!(page.asks_who(), "{} {}", page.url, page.text());
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.html.contains("<h1>Home</h1>"), "{} {}", page.url, page.text());
    let said: serde_json::Value = serde_json::from_str(&person.go(&session).await.html).expect("JSON");
    assert_eq!(said["user"]["name"], PHONE, "{said}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spa() {
    if !has_package("oauth4webapi") {
        return;
    }
    let Some(browser) = Browser::open(Look::default()).await else { return };
    let shown = Shown::read("spa.md");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let site = at(listener.local_addr().expect("bound").port());
    let declaration = shown.declaration().replace("http://localhost:3000", &site);
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    let script =
        shown.file("app.js").replace("http://localhost:8080", &house.issuer).replace("http://localhost:3000", &site);
    let library = "node_modules/oauth4webapi/build/index.js";
    let file = |kind: &'static str, text: String| get(async move || ([(CONTENT_TYPE, kind)], text));
    let router = Router::new()
        .route("/", file("text/html; charset=utf-8", shown.file("index.html")))
        .route("/app.js", file("text/javascript; charset=utf-8", script))
        .route(
            &format!("/{library}"),
            file("text/javascript", std::fs::read_to_string(packages().join(library)).expect("reads")),
        );
    tokio::spawn(async move { axum::serve(listener, router).await });
    browser.goto(&site).await;
    reads(&browser, "#who", "Welcome").await;
    browser.click("#login").await;
    browser.fill("#identifier[name=p_phone]", PHONE).await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = house.passcode(PHONE).await;
    browser.fill("#passcode", &passcode).await;
    reads(&browser, "#who", &format!("Hello, {PHONE}")).await;
    assert_eq!(browser.url().await.as_str(), format!("{site}/"), "the code does not stay");
    browser.click("#refresh").await;
    reads(&browser, "#who", &format!("Hello, {PHONE}")).await;
    // A reload forgets the tokens, and one click brings them back without a page.
    browser.goto(&site).await;
    reads(&browser, "#who", "Welcome").await;
    browser.click("#login").await;
    reads(&browser, "#who", &format!("Hello, {PHONE}")).await;
    assert_eq!(house.sent(PHONE).await, 1);
    browser.click("#logout").await;
    reads(&browser, "#who", "Welcome").await;
    browser.click("#login").await;
    browser.at("#identifier").await;
    browser.assert_quiet().await;
    browser.close().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn native() {
    if !has_package("openid-client") {
        return;
    }
    let shown = Shown::read("native.md");
    let house = House::with(Engine::Sqlite, &shown.declaration(), &[]).await;
    let environment = [("ISSUER", house.issuer.as_str()), ("CLIENT_ID", "till")];
    let mut program = Program::start("till.mjs", &shown.file("till.mjs"), &environment);
    let url = program.says("Sign in at ");
    let mut person = Person::new(&house);
    let page = person.go(&url).await;
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.url.starts_with("http://127.0.0.1:") && page.html.starts_with("You may close"), "{}", page.html);
    assert_eq!(program.says("Hello, "), PHONE);
    program.says("Refreshed, good for ");
    program.says("Signed out");
    program.ends_well();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn device() {
    if !has_package("openid-client") {
        return;
    }
    let shown = Shown::read("device.md");
    let house = House::with(Engine::Sqlite, &shown.declaration(), &[]).await;
    let environment = [("ISSUER", house.issuer.as_str()), ("CLIENT_ID", "screen")];
    let mut program = Program::start("screen.mjs", &shown.file("screen.mjs"), &environment);
    let told = program.says("Open ");
    let (url, letters) = told.split_once(" and enter ").expect("letters");
    let mut person = Person::new(&house);
    let page = person.go(url).await;
    let page = person.submit(&page, &[("user_code", &letters.to_lowercase().replace('-', ""))]).await;
    let page = person.prove(&house, page, PHONE).await;
    assert!(page.text().contains(letters), "once more: {}", page.text());
    person.submit(&page, &[("p_decision", "allow")]).await;
    assert_eq!(program.says("Hello, "), PHONE);
    program.says("Refreshed, good for ");
    program.ends_well();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn machine() {
    if !has_package("openid-client") || !has_package("oauth4webapi") {
        return;
    }
    let shown = Shown::read("machine.md");
    let house = House::with(Engine::Sqlite, &shown.declaration(), &[]).await;
    let folder = folder();
    let file = folder.path().join("api.mjs");
    std::fs::write(&file, shown.file("api.mjs")).expect("writes");
    let port = free_port();
    let mut server = Command::new(node());
    server.arg(file).envs([("ISSUER", house.issuer.as_str()), ("PORT", &port.to_string())]);
    let api = WebApp::start(server, port).await;
    let environment =
        [("ISSUER", house.issuer.as_str()), ("API", &api.url), ("CLIENT_ID", "reports"), ("CLIENT_SECRET", SECRET)];
    let mut program = Program::start("reports.mjs", &shown.file("reports.mjs"), &environment);
    assert!(program.says("A token for ").ends_with(" seconds, scope orders:read"));
    program.says("200 Orders for reports");
    program.ends_well();
    // Without a token, and with one for something else.
    let orders = format!("{}/orders", api.url);
    assert_eq!(Person::new(&house).once(&orders).await.status, 401);
    let elsewhere = [
        ("grant_type", "client_credentials"),
        ("client_id", "orders"),
        ("client_secret", "replaceThisByFortyToSixtyLettersAndDigits002"),
    ];
    let token = house.machine().post("/oauth2/token", &elsewhere).await.text("access_token");
    let bearer = [("authorization", format!("Bearer {token}"))];
    let api = Machine::new(&api.url);
    let bearer: Vec<(&str, &str)> = bearer.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(api.send(reqwest::Method::GET, "/orders", &bearer, None).await.status, 401);
    house.close().await;
}
