//! What operators do, for people: pages of the server's own, which work without JavaScript. Each handler asks the desk who is there
//! and what they may, calls one flow of `flows::manage`, and draws one page.

mod audit;
mod called;
mod chart;
mod check;
mod cut;
mod declaration;
mod declared;
mod desk;
mod entry;
mod events;
mod form;
mod imports;
mod keys;
mod listed;
mod messages;
mod operators;
mod overview;
mod people;
mod places;
mod sent;
mod settings;
mod setup;
mod sign_ins;
mod turned;
mod typed;
mod written;

use crate::app::App;
use crate::http::bounds::LARGEST_FILE;
use crate::http::urls;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

/// Inside the layers of pages: cookies, and no posts from elsewhere.
pub fn routes(app: &App) -> Router<App> {
    Router::new()
        .route(urls::PORTAL, get(overview::show))
        .route(urls::PORTAL_SIGN_IN, post(entry::begin))
        .route(urls::PORTAL_CALLBACK, get(entry::come_back))
        .route(urls::PORTAL_JOIN, get(entry::join).post(entry::open))
        .route(urls::PORTAL_LEAVE, post(entry::leave))
        .route(urls::PORTAL_SIGNED_OUT, get(entry::signed_out))
        .route(urls::PORTAL_OPERATORS, get(operators::list).post(operators::invite))
        .route(urls::PORTAL_OPERATOR, post(operators::change))
        .route(urls::PORTAL_OPERATOR_REMOVE, post(operators::remove))
        .route(urls::PORTAL_KEYS, get(keys::show).post(keys::rotate))
        .route(urls::PORTAL_MESSAGES, get(messages::show))
        .route(urls::PORTAL_SETTINGS, get(settings::show))
        .route(urls::PORTAL_SIGN_INS, get(sign_ins::list))
        .route(urls::PORTAL_SIGN_INS_ONE, get(sign_ins::show))
        .route(urls::PORTAL_SIGN_IN_RESEND, post(sign_ins::resend))
        .route(urls::PORTAL_PEOPLE, get(people::list).post(people::create))
        .route(urls::PORTAL_PERSON_NEW, get(people::new))
        .route(urls::PORTAL_INVITE, get(people::written_to::show).post(people::written_to::send))
        .route(urls::PORTAL_WRITE_AGAIN, post(people::written_to::allow))
        .route(urls::PORTAL_PERSON, get(people::show))
        .route(urls::PORTAL_PERSON_BLOCK, post(people::block))
        .route(urls::PORTAL_PERSON_SIGN_OUT, post(people::sign_out))
        .route(urls::PORTAL_PERSON_IDENTIFIERS, post(people::add_identifier))
        .route(urls::PORTAL_PERSON_IDENTIFIERS_REMOVE, post(people::remove_identifier))
        .route(urls::PORTAL_PERSON_MERGE, post(people::merge))
        .route(urls::PORTAL_PERSON_COPY, get(people::copy))
        .route(urls::PORTAL_PERSON_ERASE, get(people::erasing).post(people::erase))
        .route(urls::PORTAL_EVENTS, get(events::list))
        .route(urls::PORTAL_EVENT_DELIVERIES, get(events::deliveries))
        .route(urls::PORTAL_EVENT, get(events::show))
        .route(urls::PORTAL_EVENT_REPLAY, post(events::replay))
        .route(urls::PORTAL_EVENT_ENDPOINT_TEST, post(events::test))
        .route(urls::PORTAL_IMPORT_NEW, get(imports::new))
        .route(urls::PORTAL_IMPORT, get(imports::show))
        .route(urls::PORTAL_DECLARATION_EXPORT, get(declaration::save_as))
        .route(urls::PORTAL_AUDIT, get(audit::list))
        .route(urls::PORTAL_AUDIT_EXPORT, get(audit::export))
        .route(urls::PORTAL_CARRIER_NEW, get(setup::carriers::new))
        .route(urls::PORTAL_CARRIER_CHECK_NEW, post(setup::carriers::check_new))
        .route(urls::PORTAL_CARRIER_CHECK, post(setup::carriers::check_one))
        .route(urls::PORTAL_CARRIER_LOOK, get(setup::carriers::look).post(setup::carriers::examine))
        .route(urls::PORTAL_CARRIER_SYNC, post(setup::carriers::sync))
        .route(urls::PORTAL_CARRIER_TEST, post(setup::carriers::test))
        .route(urls::PORTAL_CARRIER_TESTED, get(setup::carriers::tested))
        .route(urls::PORTAL_CONNECTION_PREVIEW, get(setup::connections::show))
        .route(urls::PORTAL_CLIENT_CONNECT, get(setup::connect::show))
        .route(urls::PORTAL_CLIENT_TRY, post(setup::trial::begin))
        .route(urls::PORTAL_CLIENT_TRIED, get(setup::trial::show))
        .route(urls::PORTAL_CLIENT_SECRETS, get(setup::secrets::show).post(setup::secrets::rotate))
        .route(urls::PORTAL_CLIENT_SECRETS_END, post(setup::secrets::end_old))
        .route(urls::PORTAL_CHECK, post(check::check))
        .route(urls::PORTAL_TEXT_LOOK, get(setup::wording::show).post(setup::wording::typed))
        .route(urls::PORTAL_DECLARED, get(listed::list).post(declared::create))
        .route(urls::PORTAL_DECLARED_NEW, get(declared::new))
        .route(urls::PORTAL_DECLARED_ONE, get(declared::show).post(declared::save))
        .route(urls::PORTAL_DECLARED_DELETE, post(declared::delete))
        .layer(from_fn_with_state(app.clone(), turned::drawn))
}

/// Forms with a file in them: it takes as long to come, and is as large, as a file may be.
pub fn files(app: &App) -> Router<App> {
    Router::new()
        .route(urls::PORTAL_IMPORTS, get(imports::list).post(imports::create).layer(DefaultBodyLimit::disable()))
        // Sealed and written as text, what was looked at is larger than the file.
        .route(
            urls::PORTAL_DECLARATION,
            get(declaration::show).post(declaration::submit).layer(DefaultBodyLimit::max(3 * LARGEST_FILE)),
        )
        .layer(from_fn_with_state(app.clone(), turned::drawn))
}

/// Forms with a picture in them: it is bound by itself, and told about kindly where it is too large.
pub fn pictures(app: &App) -> Router<App> {
    Router::new()
        .route(urls::PORTAL_CLIENT_LOOKS, get(setup::looks::show).post(setup::looks::save))
        .route(urls::PORTAL_CLIENT_PREVIEW, get(setup::gallery::show).post(setup::gallery::typed))
        .layer(sent::bound())
        .layer(from_fn_with_state(app.clone(), turned::drawn))
}
