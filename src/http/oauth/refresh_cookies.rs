//! A browser app's refresh token as its browser keeps it, the way Kinde's SDKs expect of any host of one's own: `HttpOnly`,
//! sent to the token endpoint alone, beside a flag scripts may read (`_kbrte`). A cookie is taken for a refresh only where the
//! request says by its `Origin` that it comes from that very client (RFC 6749 §10.12): another site cannot use it.

use crate::app::App;
use crate::domain::client::Client;
use crate::domain::params::Params;
use crate::http::cors;
use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use std::collections::BTreeSet;
use std::sync::Arc;
use url::{Host, Url};

const SHARED: &str = "refresh_token";
const FLAG: &str = "_kbrte";
/// Clients whose cookies a sign-out takes back by name; the others' are worth nothing any more.
const TAKEN_BACK: usize = 20;

/// A request of a browser app, from an origin of its own.
pub struct FromBrowser {
    client: Arc<Client>,
    origin: String,
    /// The body had no refresh token: the cookie's was taken.
    pub by_cookie: bool,
}

impl FromBrowser {
    /// `None` for whoever is no browser app of a public client, at home.
    pub fn read(app: &App, headers: &HeaderMap, client_id: Option<&str>) -> Option<Self> {
        let origin = headers.get(ORIGIN)?.to_str().ok()?.to_owned();
        let client = app.known(client_id?)?;
        (client.public() && cors::is_of(&client, &origin)).then_some(Self { client, origin, by_cookie: false })
    }

    /// A refresh without a token takes the cookie's; one in the body wins.
    pub fn complete(&mut self, app: &App, params: Params, headers: &HeaderMap) -> Params {
        if params.get("grant_type") != Some("refresh_token") || params.get("refresh_token").is_some() {
            return params;
        }
        let jar = CookieJar::from_headers(headers);
        let cookie = jar.get(&own(app, &self.client)).or_else(|| jar.get(SHARED));
        match cookie.map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty()) {
            Some(token) => {
                self.by_cookie = true;
                params.with("refresh_token", token)
            }
            None => params,
        }
    }

    pub fn keep(&self, app: &App, token: &str, response: &mut Response) {
        let life = self.client.lifetimes.refresh;
        for name in [own(app, &self.client), SHARED.to_owned()] {
            set(response, &cookie(app, &name, token, life, "; Path=/oauth2/token; HttpOnly", None));
        }
        let parent = parent(app, &self.origin);
        set(response, &cookie(app, FLAG, "1", life, "; Path=/", parent.as_deref()));
    }

    pub fn forget(&self, app: &App, response: &mut Response) {
        clear(app, std::iter::once(&*self.client), response);
    }
}

/// After a sign-out: what the browser keeps opens nothing any more, so it need not try.
pub fn forget_all(app: &App, response: &mut Response) {
    let live = app.live();
    let public = live.catalog.clients.values().map(|client| &**client).filter(|client| client.public());
    clear(app, public.take(TAKEN_BACK), response);
}

fn clear<'a>(app: &App, clients: impl Iterator<Item = &'a Client>, response: &mut Response) {
    let mut parents: BTreeSet<Option<String>> = [None].into();
    let mut names: BTreeSet<String> = [SHARED.to_owned()].into();
    for client in clients {
        names.insert(own(app, client));
        parents.extend(client.origins().map(|origin| parent(app, &origin)));
    }
    for name in names {
        set(response, &cookie(app, &name, "", 0, "; Path=/oauth2/token; HttpOnly", None));
    }
    for parent in parents {
        set(response, &cookie(app, FLAG, "", 0, "; Path=/", parent.as_deref()));
    }
}

/// Two apps on one domain do not overwrite one another's.
fn own(app: &App, client: &Client) -> String {
    let id = client.id.as_str();
    // Ids that are addresses all begin alike.
    let told = if id.contains(':') { app.secret.blurred_text(id) } else { id.to_owned() };
    format!("{SHARED}_{}", told.chars().filter(char::is_ascii_alphanumeric).take(6).collect::<String>())
}

fn cookie(app: &App, name: &str, value: &str, life: u32, place: &str, parent: Option<&str>) -> String {
    let secure = if app.https() { "; Secure" } else { "" };
    let domain = parent.map_or_else(String::new, |parent| format!("; Domain={parent}"));
    format!("{name}={value}{place}; SameSite=Lax; Max-Age={life}{secure}{domain}")
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The domain the app and we have in common, where the app's scripts are to see a cookie of ours. Browsers refuse one that is
/// nobody's own, like `co.uk`.
fn parent(app: &App, origin: &str) -> Option<String> {
    let host = |url: &str| match Url::parse(url).ok()?.host()? {
        Host::Domain(domain) => Some(domain.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    };
    common(&host(&app.issuer)?, &host(origin)?)
}

fn common(ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let pairs = ours.rsplit('.').zip(theirs.rsplit('.')).take_while(|(one, other)| one == other);
    let mut shared: Vec<&str> = pairs.map(|(label, _)| label).collect();
    shared.reverse();
    (shared.len() >= 2).then(|| shared.join("."))
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn the_flag_is_seen_where_both_live() {
        assert_eq!(common("auth.example.com", "app.example.com").as_deref(), Some("example.com"));
        assert_eq!(common("auth.example.com", "example.com").as_deref(), Some("example.com"));
        assert_eq!(common("localhost", "localhost"), None, "host-only");
        assert_eq!(common("auth.example.com", "app.example.org"), None);
        assert_eq!(common("a.localhost", "b.localhost"), None);
    }
}
