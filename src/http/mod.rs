//! The edge: reads a request, calls one flow, renders one outcome. Owns routes, cookies, headers and faces; decides nothing
//! about sign-ins. May call `flows`, `app`, `text`, `domain`; reaches the store only for cookie rows and health.

mod address;
mod admin;
mod assets;
mod bounds;
mod browser;
mod cookies;
mod cors;
mod dev_phone;
mod fault;
mod frame;
mod gzip;
mod headers;
mod health;
pub mod in_process;
mod memo;
mod oauth;
mod pages;
mod peer;
mod proxy;
mod receipts;
pub mod serve;
mod shared;
mod unread;
pub mod urls;
pub mod views;
mod watch;

use crate::app::App;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use shared::shared;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// Every route.
pub fn router(app: &App) -> Router {
    // What people's browsers walk through: cookies, sessions, no posts from elsewhere.
    let pages = Router::new()
        .route(urls::IDENTIFIER, get(pages::identifier::show).post(pages::identifier::submit))
        .route(urls::PASSCODE, get(pages::passcode::show).post(pages::passcode::submit))
        .route(urls::CONSENT, get(pages::consent::show).post(pages::consent::submit))
        .route(urls::CANCEL, post(pages::consent::cancel))
        .route(urls::DEVICE, get(pages::device::show).post(pages::device::submit))
        .route(urls::DEVICE_DONE, get(pages::device::done))
        .route(urls::RESEND, post(pages::passcode::resend))
        .route(urls::SIGNED_OUT, get(pages::logout::signed_out))
        .route(urls::ACCOUNT, get(pages::account::show))
        .route(urls::ACCOUNT_OPEN, post(pages::account::open))
        .route(urls::ACCOUNT_TAKE_BACK, post(pages::account::take_back))
        .route(urls::ACCOUNT_EVERYWHERE, post(pages::account::sign_out_everywhere))
        .merge(admin::portal::routes(app))
        .layer(RequestBodyLimitLayer::new(bounds::LARGEST_BODY))
        .merge(admin::portal::pictures(app))
        .layer(same_origin(app));
    let entered = Router::new()
        // Posts from other sites are how a client may begin (OpenID Connect Core §3.1.2.1) and end (RP-Initiated Logout §2).
        .route(urls::AUTHORIZE, get(oauth::authorize::get).post(oauth::authorize::post))
        .route(urls::LOGOUT, get(pages::logout::show).post(pages::logout::submit))
        .route(&urls::doubled(urls::AUTHORIZE), get(oauth::authorize::get).post(oauth::authorize::post))
        .route(&urls::doubled(urls::LOGOUT), get(pages::logout::show).post(pages::logout::submit))
        .layer(RequestBodyLimitLayer::new(bounds::LARGEST_BODY))
        .merge(pages)
        .layer((
            from_fn(gzip::pages),
            from_fn_with_state(app.clone(), cookies::or_told),
            cookies::sessions(app),
            shared(),
        ));
    // Forms with files in them, as pages are, but for how large and how slow they may be.
    let sent = admin::portal::files(app)
        .layer(same_origin(app))
        .layer((from_fn_with_state(app.clone(), cookies::or_told), cookies::sessions(app)));
    let machines = Router::new()
        .route(urls::TOKEN, post(oauth::token::submit))
        .route(urls::PAR, post(oauth::par::submit))
        .route(urls::DEVICE_AUTHORIZATION, post(oauth::device::submit))
        .route(urls::REVOKE, post(oauth::token::revoke))
        .route(urls::INTROSPECT, post(oauth::introspect::submit))
        .route(urls::USERINFO, get(oauth::userinfo::get).post(oauth::userinfo::post))
        .route(urls::USER_PROFILE, get(oauth::userinfo::get).post(oauth::userinfo::post))
        .route(&urls::doubled(urls::TOKEN), post(oauth::token::submit))
        .route(&urls::doubled(urls::USER_PROFILE), get(oauth::userinfo::get).post(oauth::userinfo::post))
        .route(&urls::doubled(urls::JWKS), get(oauth::discovery::keys))
        .route(urls::FIRST_USER_PROFILE, get(oauth::account::first_profile))
        .route(urls::ACCOUNT_PERMISSIONS, get(oauth::account::permissions))
        .route(urls::ACCOUNT_PERMISSION, get(oauth::account::permission))
        .route(urls::ACCOUNT_PORTAL_LINK, get(oauth::account::portal_link))
        .route(urls::ACCOUNT_ROLES, get(oauth::account::roles))
        .route(urls::ACCOUNT_FLAGS, get(oauth::account::feature_flags))
        .route(urls::ACCOUNT_PROPERTIES, get(oauth::account::properties))
        .route(urls::ACCOUNT_ENTITLEMENTS, get(oauth::account::entitlements))
        .route(urls::ACCOUNT_ENTITLEMENT, get(oauth::account::entitlement))
        .route(urls::ACCOUNT_ENTITLEMENT_KEY, get(oauth::account::entitlement))
        .route(urls::OPENID_CONFIGURATION, get(oauth::discovery::show))
        .route(urls::OAUTH_AUTHORIZATION_SERVER, get(oauth::discovery::show))
        .route(urls::JWKS, get(oauth::discovery::keys))
        .route(urls::JWKS_SHORT, get(oauth::discovery::keys))
        .layer(Extension(Arc::<oauth::discovery::Documents>::default()))
        .route(
            urls::REGISTERED,
            get(oauth::register::show).put(oauth::register::change).delete(oauth::register::forget),
        )
        .route(urls::REGISTER, post(oauth::register::add))
        // Named before the layer: a preflight is a method no route has, and must meet it.
        .method_not_allowed_fallback(fault::wrong_method)
        .layer(RequestBodyLimitLayer::new(bounds::LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), proxy::certificate))
        .layer(from_fn_with_state(app.clone(), cors::answer));
    let rest = Router::new()
        // Reads the browser's cookie itself: needs no session, and no compression that holds events back.
        .route(urls::PASSCODE_LIVE, get(pages::live::show))
        .route(urls::STATIC, get(assets::show))
        .route(urls::COUNTRIES, get(assets::countries))
        .route(urls::LOGO, get(assets::logo))
        .route(urls::LIVE, get(health::live))
        .route(urls::READY, get(health::ready))
        .merge(admin::api::routes())
        .merge(receipts::routes());
    let rest = if app.config.allow_dev_phone { rest.merge(dev_phone::routes()) } else { rest };
    Router::new()
        .merge(entered)
        .merge(machines)
        .merge(rest)
        .fallback(fault::not_found)
        .method_not_allowed_fallback(fault::wrong_method)
        .layer((
            TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(20)),
            CatchPanicLayer::custom(fault::panicked),
            DefaultBodyLimit::max(bounds::LARGEST_BODY),
        ))
        .merge(
            admin::api::files()
                .merge(sent)
                .method_not_allowed_fallback(fault::wrong_method)
                .layer(CatchPanicLayer::custom(fault::panicked)),
        )
        .layer((from_fn_with_state(app.clone(), watch::request), shared()))
        .with_state(app.clone())
}

/// Forms of ours are posted by pages of ours. The issuer is trusted by name, for proxies that rewrite `Host`.
fn same_origin(app: &App) -> CsrfLayer<fault::CrossOrigin> {
    let layer = CsrfLayer::new().with_rejection_response(fault::CrossOrigin);
    layer.clone().add_trusted_origin(&app.issuer).unwrap_or(layer)
}

/// What only operators reach, on an address of its own.
pub fn metrics_router(app: &App) -> Router {
    Router::new().route(urls::METRICS, get(health::metrics)).with_state(app.clone())
}
