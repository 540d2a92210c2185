//! What a browser keeps or carries for us: under our seal, for one purpose, as text that fits a cookie or an address.

use super::Fault;
use crate::app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) fn close(app: &App, label: &str, what: &impl Serialize) -> Result<String, Fault> {
    let plain = serde_json::to_vec(what).map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(app.secret.seal.close(label, &plain)?))
}

/// Nothing where it was closed for something else, or by somebody else.
pub(super) fn open<T: DeserializeOwned>(app: &App, label: &str, sealed: &str) -> Option<T> {
    let plain = app.secret.seal.open(label, &URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
    serde_json::from_slice(&plain).ok()
}
