//! Over all routes and methods, with forged and broken parameters, cookies and headers in any order: nothing but a proven
//! challenge leads to a session, a code or a token, and nothing makes the server stumble.

use crate::harness::rp::{identify, sign_in};
use crate::harness::{House, SHOP, SHOP_CALLBACK, SHOP_SECRET, both};
use crate::rows::Rows;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use reqwest::header::{LOCATION, SET_COOKIE};
use std::sync::LazyLock;

/// Every path there is, as the table of paths spells it; a new one is attacked from its first day.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let table = include_str!("../../src/http/urls.rs");
    let constants = table.lines().filter(|line| line.starts_with("pub const "));
    let paths: Vec<String> = constants.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect();
    assert!(paths.len() > 15 && paths.iter().all(|path| path.starts_with('/')), "{paths:?}");
    let filled = paths.iter().map(|path| path.replace("{client}", "shop").replace("{file}", "page.js"));
    filled.chain(["/".into(), "/nowhere".into(), "/static/..%2f..%2fetc".into(), "/logo/%ff".into()]).collect()
});

const NAMES: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "id_token_hint",
    "login_hint",
    "connection_id",
    "ui_locales",
    "lang",
    "acr_values",
    "request",
    "request_uri",
    "claims",
    "audience",
    "resource",
    "dpop_jkt",
    "interaction",
    "method",
    "edit",
    "again",
    "p_phone",
    "p_email",
    "p_country",
    "p_confirmation_code",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "client_secret",
    "token",
    "access_token",
    "confirmed",
    "post_logout_redirect_uri",
    "redirect",
    "sid",
    "session",
    "subject",
    "sub",
    "by",
    "to",
    "challenge",
    "browser",
    "iss",
];

/// Values no honest client sends, as they stand in a query or a form.
const BROKEN: &[&str] = &[
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "%0d%0aSet-Cookie:%20x=y",
    "%c0%80",
    "+",
    "'%20OR%20'1'='1",
    "%22%3e%3cscript%3e",
    "%f0%9f%92%a9",
    "%e2%80%ae",
    "a%00b",
    "..%2f..%2f",
    "%7b%22a%22%3a1%7d",
    "x[]",
    "%25%30%30",
    "\u{7f}",
];

/// What a parameter says. Own and the victim's things are known only once the house stands.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    /// Already encoded, rightly or not.
    Raw(String),
    OwnInteraction,
    VictimInteraction,
    VictimIdToken,
    UsedCode,
    ForgedToken,
}

#[derive(Clone, Debug)]
enum Cookie {
    /// The browser cookie we were given.
    Own,
    ForgedBrowser(String),
    ForgedSession(String),
    Named(String, String),
}

#[derive(Clone, Debug)]
struct Shot {
    method: &'static str,
    path: String,
    query: Vec<(&'static str, Value)>,
    form: Vec<(&'static str, Value)>,
    cookies: Vec<Cookie>,
    headers: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
enum Step {
    /// An honest beginning, so that later shots have an interaction and a browser of their own.
    Begin,
    /// The victim's number on our own page: a challenge whose digits we do not see.
    AskAs(&'static str),
    /// A guess on our own page.
    Guess(String),
    Shoot(Shot),
}

fn value() -> impl Strategy<Value = Value> {
    let sensible = select(vec![
        "shop",
        "kiosk",
        "members",
        SHOP_CALLBACK,
        "http://127.0.0.1:4100/callback",
        "code",
        "openid",
        "openid offline profile",
        "none",
        "login",
        "create",
        "S256",
        "form_post",
        "query",
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "phone",
        "email",
        "1",
        "0",
        "-1",
        "yes",
        "NG",
        "+2348031234567",
        "ada@example.com",
        "0000000000",
        "1234567890",
        SHOP_SECRET,
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "in_00000000000000000000000000000000",
        "http://127.0.0.1:4000/",
        "https://evil.example/",
        "de",
        "99999999999999999999",
    ]);
    let broken = select(BROKEN);
    prop_oneof![
        8 => sensible.prop_map(|text| Value::Text(text.to_owned())),
        3 => broken.prop_map(|text| Value::Raw(text.to_owned())),
        3 => Just(Value::OwnInteraction),
        2 => Just(Value::VictimInteraction),
        1 => Just(Value::VictimIdToken),
        1 => Just(Value::UsedCode),
        1 => Just(Value::ForgedToken),
        1 => ".{0,40}".prop_map(Value::Text),
        1 => (1_000usize..70_000).prop_map(|long| Value::Raw("x".repeat(long))),
    ]
}

fn params() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    // A request that is nearly right gets further than noise.
    let nearly = select(vec![
        vec![("client_id", "shop"), ("redirect_uri", SHOP_CALLBACK), ("response_type", "code"), ("scope", "openid")],
        vec![
            ("grant_type", "authorization_code"),
            ("client_id", "shop"),
            ("client_secret", SHOP_SECRET),
            ("redirect_uri", SHOP_CALLBACK),
        ],
        vec![("grant_type", "refresh_token"), ("client_id", "shop"), ("client_secret", SHOP_SECRET)],
        vec![],
    ]);
    let more = prop::collection::vec((select(NAMES), value()), 0..6);
    (nearly, more).prop_map(|(nearly, more)| {
        nearly.into_iter().map(|(name, text)| (name, Value::Text(text.to_owned()))).chain(more).collect()
    })
}

fn cookie() -> impl Strategy<Value = Cookie> {
    prop_oneof![
        4 => Just(Cookie::Own),
        1 => "[A-Za-z0-9_-]{43}".prop_map(Cookie::ForgedBrowser),
        2 => "[A-Za-z0-9_-]{22}".prop_map(Cookie::ForgedSession),
        1 => ("(__Host-|__Secure-)?countersign_(session|browser)", "[ -:<-~]{0,60}").prop_map(|(name, value)| Cookie::Named(name, value)),
    ]
}

fn header() -> impl Strategy<Value = (&'static str, String)> {
    let forged =
        format!("{}.{}.x", URL_SAFE_NO_PAD.encode("{\"alg\":\"none\"}"), URL_SAFE_NO_PAD.encode("{\"sub\":\"x\"}"));
    let fixed = select(vec![
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("authorization", format!("Bearer {forged}")),
        ("authorization", format!("Basic {}", STANDARD.encode(format!("shop:{SHOP_SECRET}")))),
        ("authorization", "Basic !".to_owned()),
        ("authorization", String::new()),
        ("x-forwarded-host", "evil.example".to_owned()),
        ("x-forwarded-for", "127.0.0.1".to_owned()),
        ("x-http-method-override", "DELETE".to_owned()),
        ("x-original-url", "/oauth2/token".to_owned()),
        ("content-type", "text/plain".to_owned()),
        ("content-type", "application/json".to_owned()),
        ("content-type", "multipart/form-data; boundary=x".to_owned()),
        ("content-encoding", "gzip".to_owned()),
        ("accept-language", "ar,;q=x,,*;q=9".to_owned()),
        ("accept-encoding", "gzip".to_owned()),
        ("range", "bytes=0-1".to_owned()),
        ("if-none-match", "*".to_owned()),
    ]);
    prop_oneof![6 => fixed, 1 => ("[!-~]{1,200}").prop_map(|value| ("accept-language", value))]
}

fn shot() -> impl Strategy<Value = Shot> {
    let method = select(vec![
        "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "BREW",
    ]);
    let cookies = prop::collection::vec(cookie(), 0..3);
    (method, select(PATHS.clone()), params(), params(), cookies, prop::collection::vec(header(), 0..3))
        .prop_map(|(method, path, query, form, cookies, headers)| Shot { method, path, query, form, cookies, headers })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Begin),
        1 => select(vec!["+2348031234567", "ada@example.com"]).prop_map(Step::AskAs),
        1 => "[0-9]{10}".prop_map(Step::Guess),
        8 => shot().prop_map(Step::Shoot),
    ]
}

/// What an attacker may have come by: everything but a passcode, a cookie and a live token of somebody's.
struct Attacker<'a> {
    house: &'a House,
    http: reqwest::Client,
    own_interaction: String,
    own_cookie: String,
    victim_interaction: String,
    victim_id_token: String,
    used_code: String,
}

impl Attacker<'_> {
    fn encoded(&self, params: &[(&'static str, Value)]) -> String {
        let plain = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let forged = format!(
            "{}.{}.AAAA",
            URL_SAFE_NO_PAD.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}"),
            URL_SAFE_NO_PAD.encode(format!("{{\"iss\":\"{}\"}}", self.house.issuer))
        );
        let pairs = params.iter().map(|(name, value)| {
            let value = match value {
                Value::Text(text) => plain(text),
                Value::Raw(text) => text.clone(),
                Value::OwnInteraction => self.own_interaction.clone(),
                Value::VictimInteraction => self.victim_interaction.clone(),
                Value::VictimIdToken => self.victim_id_token.clone(),
                Value::UsedCode => plain(&self.used_code),
                Value::ForgedToken => forged.clone(),
            };
            format!("{name}={value}")
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    async fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let text = |text: &str| Value::Text(text.to_owned());
        let own = || vec![("interaction", Value::OwnInteraction)];
        let shot = match step {
            Step::Shoot(shot) => shot.clone(),
            Step::Begin => Shot {
                method: "GET",
                path: "/oauth2/auth".into(),
                query: vec![
                    ("client_id", text("shop")),
                    ("redirect_uri", text(SHOP_CALLBACK)),
                    ("response_type", text("code")),
                    ("scope", text("openid")),
                ],
                form: vec![],
                cookies: vec![Cookie::Own],
                headers: vec![],
            },
            Step::AskAs(who) => {
                let (method, field) = if who.contains('@') { ("email", "p_email") } else { ("phone", "p_phone") };
                let query = [own(), vec![("method", text(method))]].concat();
                Shot {
                    method: "POST",
                    path: "/sign-in".into(),
                    query,
                    form: vec![(field, text(who))],
                    cookies: vec![Cookie::Own],
                    headers: vec![],
                }
            }
            Step::Guess(digits) => Shot {
                method: "POST",
                path: "/passcode".into(),
                query: own(),
                form: vec![("p_confirmation_code", text(digits))],
                cookies: vec![Cookie::Own],
                headers: vec![],
            },
        };
        self.fire(&shot).await
    }

    async fn fire(&mut self, shot: &Shot) -> Result<(), TestCaseError> {
        let query = self.encoded(&shot.query);
        let mark = if query.is_empty() { "" } else { "?" };
        // The request line itself has a limit of its own, which is not ours to test.
        let query: String = query.chars().take(30_000).collect();
        let method = Method::from_bytes(shot.method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, format!("{}{}{mark}{query}", self.house.issuer, shot.path));
        let cookies: Vec<String> = shot
            .cookies
            .iter()
            .map(|cookie| match cookie {
                Cookie::Own => format!("countersign_browser={}", self.own_cookie),
                Cookie::ForgedBrowser(value) => format!("countersign_browser=br_{value}"),
                Cookie::ForgedSession(value) => format!("countersign_session={value}"),
                Cookie::Named(name, value) => format!("{name}={value}"),
            })
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if shot.method != "GET" && shot.method != "HEAD" {
            if !shot.headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", "application/x-www-form-urlencoded");
            }
            request = request.body(self.encoded(&shot.form));
        }
        for (name, value) in &shot.headers {
            request = request.header(*name, value);
        }
        // A server that answers without reading a body closes the connection, at times while we still write: once more then.
        let again = request.try_clone().expect("a body in memory");
        let response = match request.send().await {
            Ok(response) => response,
            Err(_) => match again.send().await {
                Ok(response) => response,
                Err(_)
                    if shot.form.iter().any(|(_, value)| matches!(value, Value::Raw(long) if long.len() > 1_000)) =>
                {
                    return Ok(());
                }
                Err(error) => return Err(TestCaseError::fail(format!("no answer: {error:?}"))),
            },
        };
        let status = response.status();
        prop_assert!(!status.is_server_error(), "{status} to {shot:?}");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap_or_default().to_owned();
            if let Some(value) = cookie.strip_prefix("countersign_browser=") {
                self.own_cookie = value.split(';').next().unwrap_or_default().to_owned();
            }
            let session = cookie.strip_prefix("countersign_session=").and_then(|rest| rest.split(';').next());
            prop_assert!(session.is_none_or(str::is_empty), "a session: {cookie}");
        }
        if let Some(to) = response.headers().get(LOCATION) {
            let to = String::from_utf8_lossy(to.as_bytes()).into_owned();
            // Our own address may be handed back what it was asked with.
            prop_assert!(to.starts_with('/') || !to.contains("code="), "a code: {to}");
            if let Some(id) = to.strip_prefix("/sign-in?interaction=") {
                self.own_interaction = id.split('&').next().unwrap_or_default().to_owned();
            }
            let home = to.starts_with('/') && !to.starts_with("//");
            let registered =
                ["http://127.0.0.1:4000/", "http://127.0.0.1:4100/callback", "http://127.0.0.1:4200/callback"];
            prop_assert!(home || registered.iter().any(|known| to.starts_with(known)), "sent to {to}");
        }
        if shot.path != "/dev/phone/live" {
            let body = response.text().await.unwrap_or_default();
            for given in ["\"access_token\":", "\"id_token\":", "\"refresh_token\":", "name=\"code\"", "name=code"] {
                prop_assert!(!body.contains(given), "{given} in the answer to {shot:?}");
            }
        }
        Ok(())
    }
}

/// Rows only a sign-in makes.
const PROOFS: [&str; 5] = ["browsers", "sessions", "grants", "subjects", "identifiers"];

async fn proofs(rows: &Rows) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in PROOFS {
        counts.push(rows.count(table).await);
    }
    counts
}

both!(no_broken_value_makes_the_server_stumble, async |engine| {
    let house = House::open(engine).await;
    let visitor = {
        let mut visitor = house.visitor();
        crate::harness::ways::signed_in(&mut visitor, &[]).await;
        visitor
    };
    let cookies: Vec<String> = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookies = cookies.join("; ");
    let interaction = {
        let mut visitor = visitor.clone();
        let page = visitor.get(&crate::harness::ways::ask(&[("prompt", "login")])).await;
        page.url.split("interaction=").nth(1).expect("an interaction").to_owned()
    };
    let usual = [
        ("client_id", "shop"),
        ("redirect_uri", "http%3A%2F%2F127.0.0.1%3A4000%2Fcallback"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("interaction", &interaction),
    ];
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
    let mut stumbled = std::collections::BTreeSet::new();
    for path in PATHS.iter().filter(|path| *path != "/dev/phone/live") {
        for name in NAMES {
            for broken in if path == "/oauth2/auth" { BROKEN } else { &["%00", "%ff", "%0a%0d"] } {
                let rest =
                    usual.iter().filter(|(usual, _)| usual != name).map(|(name, value)| format!("{name}={value}"));
                let query = rest.chain([format!("{name}={broken}")]).collect::<Vec<_>>().join("&");
                let url = format!("{}{path}", house.issuer);
                let get = http.get(format!("{url}?{query}"));
                // Pages read their interaction from the address, the rest from the form.
                let post = http
                    .post(format!("{url}?{query}"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(query.clone());
                for (method, request) in [("GET", get), ("POST", post)] {
                    let status = request.header("cookie", &cookies).send().await.expect("an answer").status();
                    if status.is_server_error() {
                        stumbled.insert(format!("{status}: {method} {path} {name}={broken}"));
                    }
                }
            }
        }
    }
    assert!(stumbled.is_empty(), "{stumbled:#?}");
    house.close().await;
});

both!(nothing_but_a_proven_challenge_signs_in, async |engine| {
    // Test identifiers have passcodes everybody may know; ten digits nobody guesses.
    let declaration = SHOP.split("[[test_identifier]]").next().expect("the rest");
    let settings =
        [("passcode.digits", "10"), ("passcode.sends_per_ten_minutes", "100"), ("passcode.sends_per_day", "1000")];
    let house = House::with(engine, declaration, &settings).await;
    let (shop, mut victim) = (house.shop().await, house.visitor());
    let begun = shop.begin(&["openid", "offline"], &[]);
    let page = victim.get(&begun.url).await;
    let page = identify(&mut victim, page, "+2348031234567").await;
    let passcode = house.passcode("+2348031234567").await;
    let back = victim.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    let used_code = back.code();
    let id_token = shop.finish(begun, &back).await.id_token;
    sign_in(&house, &shop, &mut house.visitor(), &["openid"], "ada@example.com").await;
    // Somebody waits for a passcode right now.
    let mut waiting = house.visitor();
    let page = waiting.get(&shop.begin(&["openid"], &[]).url).await;
    let page = identify(&mut waiting, page, "+2348031234567").await;
    let victim_interaction = page.url.split("interaction=").nth(1).expect("an interaction").to_owned();

    let rows = Rows::of(&house).await;
    let before = proofs(&rows).await;
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client");
    let runtime = tokio::runtime::Handle::current();
    let config = Config { failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let result = tokio::task::block_in_place(|| {
        TestRunner::new(config).run(&prop::collection::vec(step(), 1..14), |steps| {
            runtime.block_on(async {
                let mut attacker = Attacker {
                    house: &house,
                    http: http.clone(),
                    own_interaction: "in_none".into(),
                    own_cookie: String::new(),
                    victim_interaction: victim_interaction.clone(),
                    victim_id_token: id_token.clone(),
                    used_code: used_code.clone(),
                };
                attacker.take(&Step::Begin).await?;
                for step in &steps {
                    attacker.take(step).await?;
                }
                prop_assert_eq!(proofs(&rows).await, before.clone());
                Ok(())
            })
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    house.close().await;
});
