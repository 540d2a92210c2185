//! `/oauth2/userinfo`, in JSON or as the JWT the client registered for (OpenID Connect Core §5.3).

use super::{presented, proof};
use crate::app::App;
use crate::domain::params::Params;
use crate::flows::userinfo::{Read, read};
use crate::http::{cors, fault, headers};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};

pub async fn get(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    answer(&app, &Method::GET, &uri, &headers, None).await
}

pub async fn post(State(app): State<App>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    answer(&app, &Method::POST, &uri, &headers, Some(&Params::parse(&body))).await
}

async fn answer(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap, form: Option<&Params>) -> Response {
    let shown = proof::shown(app, method, uri.path(), headers);
    let response = match presented::read(app, method, uri, headers, form) {
        Ok(None) => fault::resource(None),
        Err(refusal) => fault::resource(Some((None, &refusal))),
        Ok(Some(presented)) => match read(app, &presented).await {
            Ok(Ok((client, told))) => cors::Of::mark(client.id.as_str(), tell(told)),
            Ok(Err(refusal)) => fault::resource(Some((Some(presented.scheme), &refusal))),
            Err(broken) => fault::machine(app, &broken),
        },
    };
    proof::told(app, &shown, response)
}

fn tell(told: Read) -> Response {
    match told {
        Read::Claims(claims) => ([(CACHE_CONTROL, headers::NO_STORE)], Json(claims)).into_response(),
        Read::Signed(jwt) => {
            let jwt_type = (CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
            ([(CACHE_CONTROL, headers::NO_STORE), jwt_type], jwt).into_response()
        }
    }
}
