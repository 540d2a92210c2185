//! The demo web app: a real relying party, so that a first sign-in needs nothing but `countersign`.
//!
//! Owns: its pages, its sessions in memory, and its talk with the provider over HTTP. It is an independent program that
//! happens to live in the same binary: it knows the provider only by its issuer URL, as any other app does, and calls
//! nothing else in this crate. Random values and time come from the `openidconnect` crate, as in any app built on it.
//!
//! | file | what it does |
//! |---|---|
//! | `provider.rs` | the talk with the provider: authorization URL, tokens, userinfo, logout URL |
//! | `known.rs` | what discovery said, and ID tokens verified by it |
//! | `fetch.rs` | carries `openidconnect`'s requests over reqwest |
//! | `sessions.rs` | who is signed in here, by the cookie `demo_session` |
//! | `sign_in.rs` | `/login` and `/callback` |
//! | `account.rs` | `/`, `/refresh`, `/userinfo`, `/logout` |
//! | `pages.rs` | what the pages say |

mod account;
mod fetch;
mod known;
mod pages;
mod provider;
mod sessions;
mod sign_in;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::Arc;

/// What the demo must be told: where the provider is, who it is itself, and where the phone is.
pub struct Demo {
    /// The provider's issuer URL, without a trailing slash.
    pub issuer: String,
    /// Where browsers find this app, without a trailing slash.
    pub base_url: String,
    pub client_id: String,
    pub client_secret: String,
    /// The page that shows the messages sent.
    pub phone_url: String,
}

/// What every request shares.
#[derive(Clone)]
struct Site(Arc<Parts>);

struct Parts {
    demo: Demo,
    provider: provider::Provider,
    sessions: sessions::Sessions,
}

/// The demo's routes. Nothing is asked of the provider until the first sign-in, so either may start first.
///
/// The client must be registered with the redirect URI `{base_url}/callback` and the post-logout redirect URI
/// `{base_url}/`.
pub fn router(demo: Demo) -> Router {
    let provider = provider::Provider::new(&demo);
    let sessions = sessions::Sessions::default();
    let site = Site(Arc::new(Parts { demo, provider, sessions }));
    Router::new()
        .route("/", get(account::home))
        .route("/login", get(sign_in::begin))
        .route("/callback", get(sign_in::finish))
        .route("/refresh", post(account::refresh))
        .route("/userinfo", get(account::userinfo))
        .route("/logout", post(account::sign_out))
        .fallback(account::not_found)
        .layer(map_response(careful))
        .with_state(site)
}

/// Tokens are shown on these pages: they are never cached, framed, or sent along as a referrer.
async fn careful(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
