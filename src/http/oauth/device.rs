//! `/oauth2/device/auth`: where a device begins (RFC 8628 §3.1).

use super::{qr, token};
use crate::app::App;
use crate::domain::device::{LIFE, PAUSE};
use crate::flows::device::{Outcome, begin};
use crate::http::address::Address;
use crate::http::{fault, headers, urls};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub async fn submit(State(app): State<App>, Address(address): Address, headers: HeaderMap, body: Bytes) -> Response {
    let (params, credentials) = match token::read(&headers, &body) {
        Ok(read) => read,
        Err(refusal) => return fault::oauth(&refusal, false),
    };
    match begin(&app, &params, &credentials, address.as_deref()).await {
        Ok(Outcome::Begun(begun)) => {
            let page = format!("{}{}", app.issuer, urls::DEVICE);
            let complete = format!("{page}?user_code={}", begun.user_code);
            let mut told = json!({
                "device_code": begun.device_code,
                "user_code": begun.user_code,
                "verification_uri": page,
                "verification_uri_complete": complete,
                "expires_in": LIFE.as_secs(),
                "interval": PAUSE,
            });
            // Not of the standard's: as Kinde tells it, for whoever cannot draw.
            if let Some(picture) = qr::picture(&complete) {
                told["qr_code"] = picture.into();
            }
            ([(CACHE_CONTROL, headers::NO_STORE)], Json(told)).into_response()
        }
        Ok(Outcome::Refused(refusal)) => {
            tracing::info!(error = %refusal.error, detail = refusal.detail, "a device was refused");
            fault::oauth(&refusal, credentials.basic)
        }
        Ok(Outcome::TooMany(wait)) => fault::too_many(wait),
        Err(broken) => fault::machine(&app, &broken),
    }
}
