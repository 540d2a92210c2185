//! Programs to copy, with this application's own values in them. They stand in `docs/connect`, where they run as tests.

use super::{Tab, tabs, trial};
use crate::domain::client::{Client, ClientKind, GrantType};
use crate::domain::declaration::Noun;
use crate::domain::management::{Subject, Verb};
use crate::domain::params::Params;
use crate::flows::trial as flow;
use crate::http::admin::portal::desk::{Desk, Frame};
use crate::http::admin::portal::turned::{Answer, Turned};
use crate::http::urls;
use askama::Template;
use axum::extract::{Path, RawQuery};
use url::Url;

struct Framework {
    key: &'static str,
    name: &'static str,
    /// The page it stands on.
    page: &'static str,
    files: &'static [&'static str],
    install: &'static str,
    /// Where the program wants people back, below its site.
    callback: &'static str,
    suits: fn(&Client) -> bool,
}

const WEB: &str = include_str!("../../../../../docs/connect/web.md");
const NEXTJS: &str = include_str!("../../../../../docs/connect/nextjs.md");
const PYTHON: &str = include_str!("../../../../../docs/connect/python.md");
const AXUM: &str = include_str!("../../../../../docs/connect/axum.md");
const SPA: &str = include_str!("../../../../../docs/connect/spa.md");
const NATIVE: &str = include_str!("../../../../../docs/connect/native.md");
const DEVICE: &str = include_str!("../../../../../docs/connect/device.md");
const MACHINE: &str = include_str!("../../../../../docs/connect/machine.md");

const FRAMEWORKS: &[Framework] = &[
    Framework {
        key: "node",
        name: "Node.js",
        page: WEB,
        files: &["server.mjs"],
        install: "npm install openid-client",
        callback: "/callback",
        suits: |client| client.kind == ClientKind::Web,
    },
    Framework {
        key: "nextjs",
        name: "Next.js",
        page: NEXTJS,
        files: &["lib/oidc.ts", "app/api/auth/login/route.ts", "app/api/auth/callback/route.ts"],
        install: "npm install openid-client",
        callback: "/api/auth/callback",
        suits: |client| client.kind == ClientKind::Web,
    },
    Framework {
        key: "nextauth",
        name: "NextAuth",
        page: NEXTJS,
        files: &["app/api/auth/[...nextauth]/route.ts"],
        install: "npm install next-auth@4",
        callback: "/api/auth/callback/countersign",
        suits: |client| client.kind == ClientKind::Web,
    },
    Framework {
        key: "flask",
        name: "Python, Flask",
        page: PYTHON,
        files: &["shop.py"],
        install: "pip install flask authlib requests",
        callback: "/callback",
        suits: |client| client.kind == ClientKind::Web,
    },
    Framework {
        key: "axum",
        name: "Rust, axum",
        page: AXUM,
        files: &["Cargo.toml", "src/main.rs"],
        install: "",
        callback: "/callback",
        suits: |client| client.kind == ClientKind::Web,
    },
    Framework {
        key: "browser",
        name: "In the browser",
        page: SPA,
        files: &["index.html", "app.js"],
        install: "npm install oauth4webapi",
        callback: "/",
        suits: |client| client.kind == ClientKind::Spa,
    },
    Framework {
        key: "native",
        name: "Command line or desktop",
        page: NATIVE,
        files: &["till.mjs"],
        install: "npm install openid-client",
        callback: "",
        suits: |client| client.kind == ClientKind::Native,
    },
    Framework {
        key: "device",
        name: "A device without a keyboard",
        page: DEVICE,
        files: &["screen.mjs"],
        install: "npm install openid-client",
        callback: "",
        suits: |client| client.may(GrantType::DeviceCode),
    },
    Framework {
        key: "machine",
        name: "A machine",
        page: MACHINE,
        files: &["reports.mjs"],
        install: "npm install openid-client",
        callback: "",
        suits: |client| client.may(GrantType::ClientCredentials),
    },
];

#[derive(Template)]
#[template(path = "admin/client_connect.html")]
struct ConnectPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    values: Vec<(&'static str, String)>,
    /// Key, name, and whether it is shown.
    frameworks: Vec<(&'static str, &'static str, bool)>,
    install: &'static str,
    environment: String,
    /// A file's name and its text.
    files: Vec<(&'static str, String)>,
    /// Where the program wants people back, and the application does not allow it yet.
    missing: Option<String>,
    /// Where it is tried, for whoever may.
    trial: Option<String>,
    /// Why nobody can try it.
    untried: Option<&'static str>,
    sign_up: bool,
    /// Where the app itself begins a sign-in.
    begin: Option<String>,
}

pub async fn show(desk: Desk, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    desk.admit(Verb::Read, Subject::Declared(Noun::Client))?;
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let live = desk.app.live();
    let client = live.catalog.client(&id).ok_or(Turned::NotFound)?;
    let suiting: Vec<&Framework> = FRAMEWORKS.iter().filter(|one| (one.suits)(client)).collect();
    let chosen = suiting.iter().find(|one| query.get("with") == Some(one.key)).or(suiting.first()).copied();
    let (issuer, site) = (desk.app.issuer.as_str(), site(client));
    let file = |framework: &Framework, name: &'static str| {
        Some((name, filled(block(framework.page, name)?, issuer, &site, client.id.as_str())))
    };
    let files = chosen.map(|one| one.files.iter().filter_map(|name| file(one, name)).collect());
    let wanted = chosen.filter(|one| !one.callback.is_empty()).map(|one| format!("{site}{}", one.callback));
    let may_try = trial::may(&desk) && flow::client(&desk.app, &id).is_some();
    let untried = flow::untried(&desk.app, client);
    let page = ConnectPage {
        frame: desk.frame("clients", client.name.as_str()),
        tabs: tabs(&desk, Noun::Client, &id, "connect"),
        place: urls::portal_one("clients", &id),
        values: values(issuer, client),
        frameworks: suiting.iter().map(|one| (one.key, one.name, chosen.is_some_and(|it| it.key == one.key))).collect(),
        install: chosen.map_or("", |one| one.install),
        environment: environment(issuer, &site, client),
        files: files.unwrap_or_default(),
        missing: wanted.filter(|wanted| !client.has_redirect_uri(wanted)),
        trial: Some(format!("{}/try", urls::portal_one("clients", &id))).filter(|_| untried.is_none() && may_try),
        untried: untried.filter(|_| may_try).map(trial::why),
        sign_up: client.sign_up,
        begin: begin(issuer, client),
    };
    desk.show(&page)
}

/// Where the app stands, as its first redirect URL tells.
fn site(client: &Client) -> String {
    let origin = client.redirect_uris.iter().filter_map(|uri| Some(Url::parse(uri).ok()?.origin()));
    let origin = origin.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization()).next();
    origin.unwrap_or_else(|| "http://localhost:3000".to_owned())
}

/// The fenced block that follows a file's name on a page.
fn block<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let after = page.split_once(&format!("\n`{name}`"))?.1.split_once("\n\n```")?.1;
    let (_, text) = after.split_once('\n')?;
    Some(text.split("\n```").next().unwrap_or_default())
}

/// With this installation's and this application's values in place of those the page shows.
fn filled(text: &str, issuer: &str, site: &str, id: &str) -> String {
    let named = |other: &str| format!("\"{other}\"");
    text.replace("http://localhost:8080", issuer)
        .replace("http://localhost:3000", site)
        .replace("http://localhost:4000", site)
        .replace(&named("shop"), &named(id))
        .replace(&named("kiosk"), &named(id))
}

fn values(issuer: &str, client: &Client) -> Vec<(&'static str, String)> {
    let method = match client.keys.method {
        Some(method) => method.as_str(),
        None if client.has_secret() => "client_secret_basic or client_secret_post",
        None => "none, with PKCE",
    };
    let mut values = vec![
        ("Issuer", issuer.to_owned()),
        ("Discovery", format!("{issuer}{}", urls::OPENID_CONFIGURATION)),
        ("Client id", client.id.to_string()),
        ("Client authentication", method.to_owned()),
        ("ID token signed with", client.algorithm.as_str().to_owned()),
        ("Token endpoint", format!("{issuer}{}", urls::TOKEN)),
    ];
    if client.may(GrantType::AuthorizationCode) {
        values.push(("Authorization endpoint", format!("{issuer}{}", urls::AUTHORIZE)));
        values.extend(authorize_url(issuer, client, None).map(|url| ("Authorize URL", url)));
        values.push(("Scopes", "openid profile email phone offline".to_owned()));
    }
    values
}

/// What a browser is sent to; capitals stand for what the app makes anew each time. Nothing where it has nowhere to come back to.
pub fn authorize_url(issuer: &str, client: &Client, connection: Option<&str>) -> Option<String> {
    let mut all = vec![
        ("client_id", client.id.as_str()),
        ("response_type", "code"),
        ("scope", "openid profile email phone"),
        ("redirect_uri", client.redirect_uris.first()?),
        ("state", "STATE"),
        ("nonce", "NONCE"),
    ];
    all.extend(connection.map(|id| ("connection_id", id)));
    if client.require_pkce || client.profile.requires_pkce() {
        all.extend([("code_challenge", "CODE_CHALLENGE"), ("code_challenge_method", "S256")]);
    }
    let query = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Some(format!("{issuer}{}?{}", urls::AUTHORIZE, Params::new(query).encoded()))
}

fn environment(issuer: &str, site: &str, client: &Client) -> String {
    let mut lines = vec![format!("ISSUER={issuer}"), format!("CLIENT_ID={}", client.id)];
    if client.may(GrantType::AuthorizationCode) && client.kind == ClientKind::Web {
        lines.push(format!("SITE={site}"));
    }
    if client.has_secret() {
        lines.push("CLIENT_SECRET=the-secret-you-were-shown".to_owned());
    }
    lines.join("\n")
}

/// OpenID Connect Core §4: the app begins, and is told whose sign-in it is.
fn begin(issuer: &str, client: &Client) -> Option<String> {
    let own = client.initiate_login_uri.as_ref().filter(|_| client.may(GrantType::AuthorizationCode))?;
    let mut url = Url::parse(own).ok()?;
    url.query_pairs_mut().append_pair("iss", issuer);
    Some(url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_stands_on_its_page() {
        for framework in FRAMEWORKS {
            for name in framework.files {
                let text = block(framework.page, name).unwrap_or_else(|| panic!("{name}"));
                assert!(text.lines().count() > 5, "{name}: {text}");
            }
        }
    }
}
