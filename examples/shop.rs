//! The program of `docs/connect/axum.md`, letter for letter: a test holds the two together, and runs it.

#![expect(clippy::disallowed_methods, reason = "an app of somebody's own reads its environment")]

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing::get};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, http,
};
use std::collections::HashMap;
use std::env::var;
use std::error::Error;
use std::sync::{Arc, Mutex};

const COOKIE: &str = "shop_session";

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;
type Failure = Box<dyn Error + Send + Sync>;

/// What a browser's session holds: a sign-in under way, or the one that was verified.
enum Session {
    Pending { state: CsrfToken, nonce: Nonce, verifier: PkceCodeVerifier },
    SignedIn { subject: String },
}

struct Shop {
    issuer: String,
    client: Client,
    http: reqwest::Client,
    sessions: Mutex<HashMap<String, Session>>, // a real shop keeps these in its database
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (issuer, site) = (var("ISSUER")?, var("SITE")?);
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let url = IssuerUrl::new(issuer.clone())?;
    let metadata = CoreProviderMetadata::discover_async(url, &|request| send(http.clone(), request)).await?;
    let secret = ClientSecret::new(var("CLIENT_SECRET")?);
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("shop".into()), Some(secret))
        .set_redirect_uri(RedirectUrl::new(format!("{site}/callback"))?);
    let shop = Arc::new(Shop { issuer, client, http, sessions: Mutex::default() });
    let app = Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .with_state(shop);
    let port = site.rsplit(':').next().unwrap_or_default();
    axum::serve(tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?, app).await?;
    Ok(())
}

/// Carries openidconnect's requests over reqwest.
async fn send(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = client.execute(request.try_into()?).await?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(answer.bytes().await?.to_vec()).expect("made of a response's parts"))
}

async fn home(State(shop): State<Arc<Shop>>, jar: CookieJar) -> String {
    let sessions = shop.sessions.lock().unwrap();
    match jar.get(COOKIE).and_then(|cookie| sessions.get(cookie.value())) {
        Some(Session::SignedIn { subject }) => format!("Hello, {subject}"),
        _ => "Sign in at /login".into(),
    }
}

async fn login(State(shop): State<Arc<Shop>>, jar: CookieJar) -> impl IntoResponse {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = shop
        .client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "email", "phone", "offline"].map(|scope| Scope::new(scope.into())))
        .set_pkce_challenge(challenge)
        // .set_login_hint(LoginHint::new("+2348012345678".into()))
        // .add_extra_param("connection_id", "phone")
        .url();
    let jar = keep(&shop, jar, Session::Pending { state, nonce, verifier });
    (jar, Redirect::to(url.as_str()))
}

#[derive(serde::Deserialize)]
struct Answer {
    code: Option<String>,
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

async fn callback(State(shop): State<Arc<Shop>>, jar: CookieJar, Query(answer): Query<Answer>) -> Response {
    match finish(&shop, &jar, answer).await {
        Ok(subject) => (keep(&shop, jar, Session::SignedIn { subject }), Redirect::to("/")).into_response(),
        Err(failure) => (StatusCode::BAD_REQUEST, format!("You were not signed in: {failure}")).into_response(),
    }
}

async fn finish(shop: &Shop, jar: &CookieJar, answer: Answer) -> Result<String, Failure> {
    let Some(Session::Pending { state, nonce, verifier }) = pending(shop, jar) else {
        return Err("no sign-in was under way".into());
    };
    if answer.state != *state.secret() || answer.iss.as_deref() != Some(shop.issuer.as_str()) {
        return Err("the answer is not one to ours".into());
    }
    let code = answer.code.ok_or(answer.error.unwrap_or_default())?;
    let tokens = shop
        .client
        .exchange_code(AuthorizationCode::new(code))?
        .set_pkce_verifier(verifier)
        .request_async(&|request| send(shop.http.clone(), request))
        .await?;
    let claims = tokens.id_token().ok_or("no ID token")?.claims(&shop.client.id_token_verifier(), &nonce)?;
    // Also here: claims.phone_number(), claims.email(), tokens.refresh_token().
    Ok(claims.subject().to_string())
}

/// The sign-in under way in this browser, taken out: each is answered once.
fn pending(shop: &Shop, jar: &CookieJar) -> Option<Session> {
    let id = jar.get(COOKIE)?.value();
    let mut sessions = shop.sessions.lock().unwrap();
    match sessions.get(id)? {
        Session::Pending { .. } => sessions.remove(id),
        Session::SignedIn { .. } => None,
    }
}

/// Always under a new cookie: what was known before a sign-in is worth nothing after it.
fn keep(shop: &Shop, jar: CookieJar, session: Session) -> CookieJar {
    let id = CsrfToken::new_random().into_secret();
    shop.sessions.lock().unwrap().insert(id.clone(), session);
    jar.add(Cookie::build((COOKIE, id)).path("/").http_only(true).same_site(SameSite::Lax))
}
