//! Faces of what went wrong: a page for people, JSON for clients, and for what broke on our side one calm sentence, logged once.

use super::admin::api;
use super::browser::Browser;
use super::frame::bare;
use super::headers;
use super::views::ErrorPage;
use super::watch::RequestId;
use crate::app::App;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::ParamFault;
use crate::domain::profile::Profile;
use crate::flows::Fault;
use crate::flows::access_token::Scheme;
use crate::flows::authorize::PageFault;
use crate::flows::belong::Unfit;
use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::any::Any;
use std::time::Duration;
use tower_http::csrf::{ProtectionError, ResponseForProtectionError};

/// Renders a template; one that fails to is our fault.
pub fn render(template: &impl Template) -> Result<String, Fault> {
    template.render().map_err(|error| Fault::Broken(format!("a page does not render: {error}")))
}

/// An error page: keys of words, and a line for whoever builds the application.
pub struct Problem<'a> {
    pub status: StatusCode,
    pub heading: &'a str,
    pub body: &'a str,
    pub detail: Option<&'a str>,
}

pub fn problem(app: &App, browser: &Browser, id: &RequestId, problem: &Problem<'_>) -> Response {
    let nonce = app.entropy.short();
    let page = ErrorPage {
        frame: bare(app, browser.words(app), &nonce),
        heading: problem.heading,
        body: problem.body,
        detail: problem.detail,
        request_id: &id.0,
        back: None,
    };
    match render(&page) {
        Ok(html) => headers::page(app, problem.status, html, &nonce, None),
        Err(_) => (problem.status, "Something went wrong. Try again.").into_response(),
    }
}

/// A page where something of ours broke.
pub fn page(app: &App, browser: &Browser, id: &RequestId, fault: &Fault) -> Response {
    log(app, fault);
    match fault {
        Fault::Unavailable(_) => {
            let told = Problem {
                status: StatusCode::SERVICE_UNAVAILABLE,
                heading: "unavailable-title",
                body: "unavailable-body",
                detail: None,
            };
            let mut response = problem(app, browser, id, &told);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
            response
        }
        Fault::Broken(_) => problem(
            app,
            browser,
            id,
            &Problem {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                heading: "something-broke-title",
                body: "something-broke-body",
                detail: None,
            },
        ),
    }
}

/// An authorization request whose sender is not proven: our page, 400, never a redirect.
pub fn request(app: &App, browser: &Browser, id: &RequestId, fault: &PageFault) -> Response {
    tracing::info!(?fault, "authorization request refused on our own page");
    let detail = match fault {
        PageFault::UnknownClient => "client_id is missing, or no application is registered under it.".to_owned(),
        PageFault::RedirectUri { client } => {
            format!("redirect_uri is missing, or is not registered for the application \"{client}\".")
        }
        PageFault::Unfit { client, unfit } => return unfit_request(app, browser, id, client, *unfit),
        PageFault::Trial { client } => {
            format!(
                "This trial of \"{client}\" began in another browser, or too long ago. Begin it again in the portal."
            )
        }
        PageFault::NoWayIn { client } => {
            format!("None of the connections of the application \"{client}\" is enabled: nobody can sign in to it.")
        }
        PageFault::Request { client, error } => format!("{} (application \"{client}\")", error.description()),
        PageFault::Params { client, fault } => format!("{} (application \"{client}\")", params(fault)),
    };
    bad_request(app, browser, id, &detail)
}

/// An organization or an invitation that is not what the request says it is: here a person may well do something about it.
fn unfit_request(app: &App, browser: &Browser, id: &RequestId, client: &str, unfit: Unfit) -> Response {
    let what = match unfit {
        Unfit::UnknownOrganization => "org_code is no organization known here",
        Unfit::Invitation => "the invitation is unknown, used or expired",
        Unfit::NoEmail => "invitations need an e-mail connection, and the application offers none",
    };
    let detail = format!("{what} (application \"{client}\").");
    let told = Problem {
        status: StatusCode::BAD_REQUEST,
        heading: "invitation-title",
        body: "invitation-body",
        detail: Some(&detail),
    };
    problem(app, browser, id, &told)
}

/// A request an application made wrongly: what is wrong, for whoever builds it.
pub fn bad_request(app: &App, browser: &Browser, id: &RequestId, detail: &str) -> Response {
    let told = Problem {
        status: StatusCode::BAD_REQUEST,
        heading: "request-problem-title",
        body: "request-problem-body",
        detail: Some(detail),
    };
    problem(app, browser, id, &told)
}

pub fn params(fault: &ParamFault) -> String {
    match fault {
        ParamFault::Repeated(name) => format!("The parameter {name} came more than once."),
        ParamFault::TooLong(name) => format!("The parameter {name} is too long."),
        ParamFault::TooMany => "There are too many parameters.".to_owned(),
    }
}

/// The token endpoint's answer to what broke on our side: not JSON, because SDKs take a JSON body without tokens as the end
/// of the person's session.
pub fn machine(app: &App, fault: &Fault) -> Response {
    log(app, fault);
    let (status, text) = match fault {
        Fault::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The service is not available right now. Try again shortly.\n")
        }
        Fault::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side. Try again.\n"),
    };
    let headers = [
        (CACHE_CONTROL, headers::NO_STORE),
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (RETRY_AFTER, HeaderValue::from_static("5")),
    ];
    (status, headers, text).into_response()
}

/// RFC 6749 §5.2.
pub fn oauth(refusal: &Refusal, basic: bool) -> Response {
    let status =
        if refusal.error == OAuthError::InvalidClient { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let body = Json(json!({ "error": refusal.error.code(), "error_description": refusal.error.description() }));
    let mut response =
        (status, [(CACHE_CONTROL, headers::NO_STORE), (PRAGMA, HeaderValue::from_static("no-cache"))], body)
            .into_response();
    if status == StatusCode::UNAUTHORIZED && basic {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"countersign\""));
    }
    response
}

/// To a client that asks too often (RFC 6585 §4, RFC 9126 §2.3).
pub fn too_many(wait: Duration) -> Response {
    let mut response = oauth(&Refusal::new(OAuthError::TemporarilyUnavailable, "too many"), false);
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    response
}

/// What a resource of ours answers to a token it does not take, or to none (RFC 6750 §3, RFC 9449 §7.1). `shown` is the name the
/// token was shown by.
pub fn resource(refused: Option<(Option<Scheme>, &Refusal)>) -> Response {
    let (scheme, refusal) = refused.map_or((None, None), |(scheme, refusal)| (scheme, Some(refusal)));
    let error = refusal.map_or(OAuthError::InvalidToken, |refusal| refusal.error);
    if let Some(refusal) = refusal {
        tracing::info!(error = %error, detail = refusal.detail, "access token refused");
    }
    let status = match error {
        OAuthError::InsufficientScope => StatusCode::FORBIDDEN,
        OAuthError::InvalidRequest => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNAUTHORIZED,
    };
    let body = json!({ "error": error.code(), "error_description": error.description() });
    let mut response = (status, [(CACHE_CONTROL, headers::NO_STORE)], Json(body)).into_response();
    let why = |tried: Option<Scheme>| match refusal {
        Some(_) if scheme.is_none() || scheme == tried => {
            format!("error=\"{}\", error_description=\"{}\", ", error.code(), error.description())
        }
        _ => String::new(),
    };
    let algorithms = Profile::Default.client_algorithms().join(" ");
    let mut challenges = [
        format!("Bearer {}realm=\"countersign\"", why(Some(Scheme::Bearer))),
        format!("DPoP {}algs=\"{algorithms}\"", why(Some(Scheme::Dpop))),
    ];
    // The way that was tried stands first.
    if scheme == Some(Scheme::Dpop) {
        challenges.reverse();
    }
    for challenge in challenges {
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().append(WWW_AUTHENTICATE, challenge);
        }
    }
    response
}

fn log(app: &App, fault: &Fault) {
    app.metrics.faults.inc();
    match fault {
        Fault::Unavailable(what) => tracing::warn!("not available: {what}"),
        Fault::Broken(what) => tracing::error!("broken: {what}"),
    }
}

pub async fn not_found(
    State(app): State<App>,
    uri: Uri,
    browser: Browser,
    Extension(id): Extension<RequestId>,
) -> Response {
    if api::is_under(uri.path()) {
        return api::not_found();
    }
    problem(
        &app,
        &browser,
        &id,
        &Problem { status: StatusCode::NOT_FOUND, heading: "not-found-title", body: "not-found-body", detail: None },
    )
}

pub async fn wrong_method(
    State(app): State<App>,
    browser: Browser,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    if api::is_under(request.uri().path()) {
        return api::wrong_method();
    }
    let detail =
        format!("{} is not how this address is used.", request.method().as_str().chars().take(10).collect::<String>());
    problem(
        &app,
        &browser,
        &id,
        &Problem {
            status: StatusCode::METHOD_NOT_ALLOWED,
            heading: "not-found-title",
            body: "not-found-body",
            detail: Some(&detail),
        },
    )
}

pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!("a request panicked: {what}");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))],
        "Something went wrong on our side. Try again.\n",
    )
        .into_response()
}

/// A form of ours posted from somewhere else.
#[derive(Clone, Copy, Debug)]
pub struct CrossOrigin;

impl ResponseForProtectionError<Body> for CrossOrigin {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        tracing::warn!("a form was posted from another site and refused");
        let text = "This form was sent from another site. Go back to the app and begin again.\n";
        let headers =
            [(CACHE_CONTROL, headers::NO_STORE), (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
        (StatusCode::FORBIDDEN, headers, text).into_response()
    }
}
