//! `/api/v1`: what operators do, for programs. A client's own access token opens it, by scope; answers are JSON, and what goes
//! wrong is told as RFC 9457 has it.

mod audit;
mod caller;
mod carriers;
mod declaration;
mod declared;
mod doctor;
mod events;
mod imports;
mod installation;
mod openapi;
mod overview;
mod page;
mod people;
mod person;
mod preview;
mod problem;
mod readable;
mod secrets;
mod sentences;
mod sign_ins;
mod written_to;

use crate::app::App;
use crate::http::bounds::LARGEST_FILE;
use crate::http::urls;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post};
use problem::Problem;
use serde_json::Value;
use std::convert::Infallible;
use tower_http::limit::RequestBodyLimitLayer;

/// What there is, as OpenAPI tells it.
pub fn described(issuer: &str) -> Value {
    openapi::document(issuer)
}

/// Programs get no page for a person.
pub fn is_under(path: &str) -> bool {
    path.starts_with(urls::API)
}

pub fn not_found() -> Response {
    problem::unknown().into_response()
}

pub fn wrong_method() -> Response {
    let title = "This is not how this address is used.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", title).into_response()
}

/// An answer, or why there is none; both are answers.
type Answer = Result<Response, Response>;

/// What takes a whole installation. Told by its length, one that is too large is refused before it is sent.
fn file(route: MethodRouter<App>) -> MethodRouter<App> {
    let largest = RequestBodyLimitLayer::new(LARGEST_FILE);
    route.layer::<_, Infallible>(largest).layer(DefaultBodyLimit::max(LARGEST_FILE))
}

pub fn routes() -> Router<App> {
    Router::new()
        .route(urls::API, get(readable::show))
        .route(urls::API_OPENAPI, get(openapi::show))
        .route(urls::API_AUDIT, get(audit::list))
        .route(urls::API_AUDIT_VERIFY, get(audit::verify))
        .route(urls::API_AUDIT_EXPORT, get(audit::export))
        .route(urls::API_EXPORT, get(declaration::export))
        .route(urls::API_APPLY, file(post(declaration::apply)))
        .route(urls::API_OVERVIEW, get(overview::show))
        .route(urls::API_EVENTS, get(events::list))
        .route(urls::API_EVENT, get(events::show))
        .route(urls::API_EVENT_REPLAY, post(events::replay))
        .route(urls::API_EVENT_DELIVERIES, get(events::deliveries))
        .route(urls::API_EVENT_ENDPOINT_TEST, post(events::test))
        .route(urls::API_PEOPLE, get(people::list).post(people::create))
        .route(urls::API_PERSON, get(people::show).patch(people::update).delete(people::erase))
        .route(urls::API_PERSON_SESSIONS, get(person::sessions).delete(person::end_sessions))
        .route(urls::API_PERSON_IDENTIFIERS, post(person::add_identifier))
        .route(urls::API_PERSON_IDENTIFIER, delete(person::remove_identifier))
        .route(urls::API_PERSON_MERGE, post(person::merge))
        .route(urls::API_PERSON_EXPORT, get(person::export))
        .route(urls::API_PERSON_SIGN_INS, get(person::sign_ins))
        .route(urls::API_PERSON_GRANTS, get(person::grants))
        .route(urls::API_IMPORT, get(imports::show))
        .route(urls::API_IMPORT_LINES, get(imports::lines))
        .route(urls::API_SIGN_INS, get(sign_ins::list))
        .route(urls::API_SIGN_IN, get(sign_ins::show))
        .route(urls::API_SIGN_IN_RESEND, post(sign_ins::resend))
        .route(urls::API_INVITATIONS, post(written_to::invite))
        .route(urls::API_OPT_OUT, delete(written_to::allow))
        .route(urls::API_DOCTOR, get(doctor::examine))
        .route(urls::API_OPERATORS, get(installation::list_operators).post(installation::invite))
        .route(urls::API_OPERATOR, patch(installation::change_operator).delete(installation::remove_operator))
        .route(urls::API_KEYS, get(installation::list_keys).post(installation::rotate_keys))
        .route(urls::API_SENTENCES, get(sentences::list))
        .route(urls::API_SETTINGS, get(installation::list_settings))
        .route(urls::API_CLIENT_SECRETS, post(secrets::rotate))
        .route(urls::API_CLIENT_OLD_SECRET, delete(secrets::end_old))
        .route(urls::API_CARRIER_CHECKS, post(carriers::check_new))
        .route(urls::API_CARRIER_CHECK, post(carriers::check))
        .route(urls::API_CARRIER_SYNC, post(carriers::sync))
        .route(urls::API_CARRIER_TEST, post(carriers::test))
        .route(urls::API_CARRIER_TESTED, get(carriers::tested))
        .route(urls::API_CARRIER_HEALTH, get(carriers::condition))
        .route(urls::API_CONNECTION_PREVIEW, get(preview::show))
        .route(urls::API_DECLARED, get(declared::list).post(declared::create))
        .route(urls::API_DECLARED_ONE, get(declared::show).patch(declared::update).delete(declared::delete))
}

/// What takes as long as a file takes to come, and holds as much.
pub fn files() -> Router<App> {
    Router::new().route(urls::API_IMPORTS, get(imports::list).post(imports::create))
}
