//! The same request again gets the same answer, and does nothing (draft-ietf-httpapi-idempotency-key-header).

use super::change::{Key, remembered};
use crate::app::App;
use crate::flows::Fault;
use crate::store::{self, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// How long a key stands for its answer.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// A request with such a key.
pub(super) struct Asked {
    key: String,
    request: String,
}

/// What is known of it.
pub(super) enum Before<T> {
    Nothing,
    /// It was answered with this.
    Answered(T),
    /// The key stood for another request.
    Another,
}

impl Asked {
    /// `what` it asks for, and with which body.
    pub fn of(key: Key, what: &str, body: &Value) -> Self {
        let (key, request) = key.stored(&format!("{what} {body}"));
        Self { key, request }
    }

    pub async fn before<T: DeserializeOwned>(&self, app: &App, tx: &mut Tx) -> Result<Before<T>, Fault> {
        let Some(answered) = store::idempotency::find(tx, &self.key, app.now()).await? else {
            return Ok(Before::Nothing);
        };
        let before = remembered(app, &self.key, &self.request, &answered)?;
        Ok(before.map_or(Before::Another, Before::Answered))
    }

    /// Keeps the answer, sealed: it may hold a secret.
    pub async fn keep<T: Serialize>(self, app: &App, tx: &mut Tx, answer: &T) -> Result<(), Fault> {
        let answer = serde_json::to_vec(answer).map_err(|error| Fault::Broken(error.to_string()))?;
        let answer = app.secret.seal.close(&self.key, &answer)?;
        let answered = store::idempotency::Answered { request_hash: self.request, status: 201, answer };
        let now = app.now();
        if !store::idempotency::add(tx, &self.key, answered, now, now.plus(REMEMBERED)).await? {
            return Err(Fault::Unavailable("the same key is being answered".into()));
        }
        Ok(())
    }
}
