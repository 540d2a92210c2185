//! The authorization endpoint under requests nobody wrote by hand: parameters left out, repeated, reordered, oversized,
//! mis-encoded, crossed between clients; at the front, posted, and pushed ahead. Never a 500, never a code for somebody who is
//! not signed in, never a redirect to a place that is not the named client's own.

use crate::harness::machine::Answer;
use crate::harness::{House, SHOP_CALLBACK, SHOP_SECRET, both};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use reqwest::Method;

const CLIENTS: [(&str, &str); 3] = [
    ("shop", SHOP_CALLBACK),
    ("kiosk", "http://127.0.0.1:4100/callback"),
    ("members", "http://127.0.0.1:4200/callback"),
];

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
    "display",
    "request",
    "request_uri",
    "registration",
    "claims",
    "audience",
    "resource",
    "dpop_jkt",
    "start_page",
    "org_code",
    "is_create_org",
    "org_name",
    "supports_reauth",
    "invitation_code",
    "has_success_page",
    "client_secret",
    "extra",
];

/// As they stand on the wire, encoded or not.
const VALUES: &[&str] = &[
    "",
    "shop",
    "kiosk",
    "members",
    "nobody",
    "code",
    "token",
    "code%20id_token",
    "query",
    "form_post",
    "jwt",
    "form_post.jwt",
    "fragment",
    "openid",
    "openid%20offline",
    "none",
    "login",
    "none%20login",
    "consent",
    "create",
    "0",
    "-1",
    "99999999999999999999",
    "S256",
    "plain",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "http%3A%2F%2F127.0.0.1%3A4000%2Fcallback",
    "http%3A%2F%2F127.0.0.1%3A4100%2Fcallback",
    "https%3A%2F%2Fevil.example%2F",
    "http%3A%2F%2F127.0.0.1%3A4000%2Fcallback%2F..%2F",
    "javascript%3Aalert(1)",
    "urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax",
    "urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A%00",
    "eyJhbGciOiJub25lIn0.e30.",
    "%7B%7D",
    "%7B%22id_token%22%3A%7B%22sub%22%3A%7B%22value%22%3A%22x%22%7D%7D%7D",
    "%7B%22userinfo%22%3Anull%7D",
    "[[[[",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "%0d%0aSet-Cookie:%20x=y",
    "%c0%80",
    "+",
    "%22%3e%3cscript%3e",
    "%f0%9f%92%a9",
    "a%00b",
    "\u{7f}",
    "true",
    "false",
    "https%3A%2F%2Fapi.example",
];

#[derive(Clone, Debug)]
enum Change {
    Drop(usize),
    Repeat(usize),
    Move(usize, usize),
    Set(usize, String),
    Add(&'static str, String),
    Cross(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let value = || {
        prop_oneof![
            8 => select(VALUES).prop_map(str::to_owned),
            1 => "[!-~]{0,60}".prop_map(|text| text.replace(['&', '#'], "")),
            1 => (100usize..12_000).prop_map(|long| "x".repeat(long)),
        ]
    };
    prop_oneof![
        2 => (0usize..8).prop_map(Change::Drop),
        2 => (0usize..8).prop_map(Change::Repeat),
        2 => (0usize..8, 0usize..8).prop_map(|(from, to)| Change::Move(from, to)),
        4 => (0usize..8, value()).prop_map(|(at, value)| Change::Set(at, value)),
        6 => (select(NAMES), value()).prop_map(|(name, value)| Change::Add(name, value)),
        2 => (0usize..3, 0usize..3).prop_map(|(one, other)| Change::Cross(one, other)),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Get,
    Post,
    Pushed,
}

/// A good request, and what was done to it.
fn query(client: usize, changes: &[Change]) -> String {
    let (id, uri) = CLIENTS[client];
    let encoded: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let mut pairs: Vec<(String, String)> = [
        ("client_id", id),
        ("redirect_uri", &encoded),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for change in changes {
        let count = pairs.len();
        match change {
            Change::Drop(at) if *at < count => drop(pairs.remove(*at)),
            Change::Repeat(at) if *at < count => pairs.push(pairs[*at].clone()),
            Change::Move(from, to) if *from < count => {
                let pair = pairs.remove(*from);
                pairs.insert((*to).min(pairs.len()), pair);
            }
            Change::Set(at, value) if *at < count => pairs[*at].1.clone_from(value),
            Change::Add(name, value) => pairs.push(((*name).to_owned(), value.clone())),
            // One client's id with another's address.
            Change::Cross(one, other) => {
                let uri: String = url::form_urlencoded::byte_serialize(CLIENTS[*other].1.as_bytes()).collect();
                pairs.retain(|(name, _)| name != "client_id" && name != "redirect_uri");
                pairs.push(("client_id".into(), CLIENTS[*one].0.into()));
                pairs.push(("redirect_uri".into(), uri));
            }
            _ => {}
        }
    }
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

struct Shooter<'a> {
    house: &'a House,
    http: reqwest::Client,
    /// Cookies of somebody who is signed in, or of nobody.
    cookies: String,
}

impl Shooter<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<String>) -> Result<Answer, TestCaseError> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.house.issuer)).header("cookie", &self.cookies);
        if let Some(body) = body {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let response = request.send().await.map_err(|error| TestCaseError::fail(format!("no answer: {error:?}")))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.text().await.unwrap_or_default() })
    }

    async fn shoot(&self, way: Way, query: &str) -> Result<(), TestCaseError> {
        let answer = match way {
            Way::Get => self.send(Method::GET, &format!("/oauth2/auth?{query}"), None).await?,
            Way::Post => self.send(Method::POST, "/oauth2/auth", Some(query.to_owned())).await?,
            Way::Pushed => {
                let form = format!("client_secret={SHOP_SECRET}&{query}");
                let pushed = self.send(Method::POST, "/oauth2/par", Some(form)).await?;
                prop_assert!([201, 400, 401, 413].contains(&pushed.status), "{} {}", pushed.status, pushed.body);
                if pushed.status != 201 {
                    return Ok(());
                }
                let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                let id = pairs.iter().find(|(name, _)| name == "client_id").map_or("", |(_, id)| id.as_str());
                let open = [("client_id", id), ("request_uri", &pushed.text("request_uri"))];
                let open = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(open).finish();
                self.send(Method::GET, &format!("/oauth2/auth?{open}"), None).await?
            }
        };
        self.judge(&answer, query)
    }

    fn judge(&self, answer: &Answer, query: &str) -> Result<(), TestCaseError> {
        prop_assert!(answer.status < 500, "{} to {query}", answer.status);
        for given in ["\"access_token\"", "\"id_token\"", "\"refresh_token\"", "evil.example/"] {
            prop_assert!(!answer.body.contains(given), "{given} in the answer to {query}");
        }
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let named =
            pairs.iter().find(|(name, value)| name == "client_id" && !value.is_empty()).map(|(_, id)| id.as_str());
        let home = CLIENTS.iter().find(|(id, _)| Some(*id) == named).map(|(_, uri)| *uri);
        let code =
            |text: &str| text.contains("code=") || text.contains("name=\"code\"") || text.contains("value=\"ac_");
        if let Some(to) = answer.header("location") {
            let ours = to.starts_with('/') && !to.starts_with("//");
            let own = home.is_some_and(|uri| to.strip_prefix(uri).is_some_and(|rest| rest.starts_with('?')));
            prop_assert!(ours || own, "sent to {to} by {query}");
            prop_assert!(!to.contains(['\r', '\n']));
            prop_assert!(ours || !self.cookies.is_empty() || !code(to), "a code for nobody: {to}");
        }
        if let Some(action) =
            answer.body.split("id=\"answer\"").next().filter(|_| answer.body.contains("id=\"answer\""))
        {
            let to = action.rsplit("action=\"").next().and_then(|rest| rest.split('"').next()).unwrap_or_default();
            prop_assert!(
                home.is_some_and(|uri| to.replace("&#x2f;", "/").replace("&#47;", "/") == uri),
                "posted to {to} by {query}"
            );
        }
        prop_assert!(!self.cookies.is_empty() || !code(&answer.body), "a code for nobody: {query}");
        Ok(())
    }
}

both!(no_request_gets_what_it_may_not, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    crate::harness::ways::signed_in(&mut visitor, &[]).await.code();
    let cookies = visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
    let runtime = tokio::runtime::Handle::current();
    let config = Config { cases: 400, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let way = select(vec![Way::Get, Way::Get, Way::Post, Way::Pushed]);
    let asked = (way, 0usize..3, prop::collection::vec(change(), 0..6), any::<bool>());
    let result = tokio::task::block_in_place(|| {
        TestRunner::new(config).run(&asked, |(way, client, changes, known)| {
            let cookies = if known { cookies.clone() } else { String::new() };
            let shooter = Shooter { house: &house, http: http.clone(), cookies };
            runtime.block_on(shooter.shoot(way, &query(client, &changes)))
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    house.close().await;
});
