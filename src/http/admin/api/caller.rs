//! Who calls the API: a client with a token of its own, meant for the API, with the scope the route wants, and not too often; or a
//! command on this machine.

use super::problem::{Problem, unknown};
use crate::app::App;
use crate::domain::audit::{Actor, By};
use crate::domain::dpop::Shown;
use crate::domain::management::{Subject, Verb, scope};
use crate::domain::oauth::OAuthError;
use crate::flows::Fault;
use crate::flows::manage::callers::{Call, Refused, open};
use crate::http::address::Address;
use crate::http::fault;
use crate::http::in_process::ByCommand;
use crate::http::oauth::{presented, proof};
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Somebody who may.
pub struct Admitted {
    pub by: By,
    /// Commands are not counted.
    call: Option<Call>,
    shown: Shown,
}

/// Lets in whoever may do this to these.
pub async fn admit(
    app: &App,
    parts: &Parts,
    address: Address,
    verb: Verb,
    subject: Subject,
) -> Result<Admitted, Response> {
    speakable(parts)?;
    let shown = proof::shown(app, &parts.method, parts.uri.path(), &parts.headers);
    if parts.extensions.get::<ByCommand>().is_some() {
        return Ok(Admitted { by: By::command(), call: None, shown });
    }
    match call(app, parts, verb, subject).await {
        Err(response) => Err(proof::told(app, &shown, response)),
        Ok(call) => {
            let by = By { actor: Actor::Client(call.client.clone()), address: address.0.unwrap_or_default() };
            Ok(Admitted { by, call: Some(call), shown })
        }
    }
}

/// No text of ours holds a zero byte, and PostgreSQL takes none.
fn speakable(parts: &Parts) -> Result<(), Problem> {
    if parts.uri.path().contains("%00") {
        return Err(unknown());
    }
    let title = "No parameter holds a zero byte.";
    let odd = parts.uri.query().is_some_and(|query| query.contains("%00"));
    if odd { Err(Problem::new(StatusCode::BAD_REQUEST, "bad-text", title)) } else { Ok(()) }
}

impl Admitted {
    /// Writes what every answer says beside its own.
    pub fn answer(&self, app: &App, answered: Result<Response, Fault>) -> Response {
        let answered = answered.unwrap_or_else(|broken| broke(app, &broken));
        let answered = match &self.call {
            Some(call) => limits(call, answered),
            None => answered,
        };
        proof::told(app, &self.shown, answered)
    }
}

async fn call(app: &App, parts: &Parts, verb: Verb, subject: Subject) -> Result<Call, Response> {
    let presented = match presented::read(app, &parts.method, &parts.uri, &parts.headers, None) {
        Ok(Some(presented)) => presented,
        Ok(None) => return Err(as_problem(fault::resource(None))),
        Err(refusal) => return Err(as_problem(fault::resource(Some((None, &refusal))))),
    };
    let wanted = scope(verb, subject);
    match open(app, &presented, &wanted).await {
        Ok(Ok(call)) => Ok(call),
        Ok(Err(Refused::Token(refusal))) => {
            let response = as_problem(fault::resource(Some((Some(presented.scheme), &refusal))));
            Err(if refusal.error == OAuthError::InsufficientScope { needs(&wanted, response) } else { response })
        }
        Ok(Err(Refused::TooOften(call))) => {
            let seconds = call.resets_in_seconds();
            let problem =
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", "Too many requests. Wait, and go on.");
            let mut response = problem.with("retry_after", seconds).into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            Err(limits(&call, response))
        }
        Err(broken) => Err(broke(app, &broken)),
    }
}

/// What RFC 6750 says in headers, said in the body too.
fn as_problem(response: Response) -> Response {
    let (code, title) = match response.status() {
        StatusCode::FORBIDDEN => ("insufficient-scope", "The access token has not the scope this needs."),
        StatusCode::BAD_REQUEST => ("bad-token", "The access token is shown in a way that is not allowed."),
        _ => ("token-needed", "This needs an access token of this API."),
    };
    let mut told = Problem::new(response.status(), code, title).into_response();
    for challenge in response.headers().get_all(WWW_AUTHENTICATE) {
        told.headers_mut().append(WWW_AUTHENTICATE, challenge.clone());
    }
    told
}

/// RFC 6750 §3: `scope` says what would do.
fn needs(wanted: &str, mut response: Response) -> Response {
    let challenges: Vec<HeaderValue> = response.headers().get_all(WWW_AUTHENTICATE).iter().cloned().collect();
    response.headers_mut().remove(WWW_AUTHENTICATE);
    for challenge in challenges {
        let told = challenge.to_str().map(|text| text.replacen(' ', &format!(" scope=\"{wanted}\", "), 1));
        let told = told.ok().and_then(|text| HeaderValue::from_str(&text).ok()).unwrap_or(challenge);
        response.headers_mut().append(WWW_AUTHENTICATE, told);
    }
    response
}

/// draft-ietf-httpapi-ratelimit-headers.
fn limits(call: &Call, mut response: Response) -> Response {
    let (left, resets) = (call.left, call.resets_in_seconds());
    let told = [
        (POLICY, format!("\"client\";q={};w={}", call.most, call.window.as_secs())),
        (LIMIT, format!("\"client\";r={left};t={resets}")),
    ];
    for (name, text) in told {
        response.headers_mut().extend(HeaderValue::from_str(&text).ok().map(|value| (name, value)));
    }
    response
}

fn broke(app: &App, broken: &Fault) -> Response {
    let response = fault::machine(app, broken);
    let (code, title) = match broken {
        Fault::Unavailable(_) => ("unavailable", "The service is not available right now. Try again shortly."),
        Fault::Broken(_) => ("broken", "Something went wrong on our side. Try again."),
    };
    let mut told = Problem::new(response.status(), code, title).into_response();
    told.headers_mut().extend(response.headers().get(RETRY_AFTER).cloned().map(|value| (RETRY_AFTER, value)));
    told
}
