//! Who may call the API: a client, in its own name, with a token meant for the API.

use crate::app::App;
use crate::domain::limit::Limit;
use crate::domain::management::is_api;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::flows::Fault;
use crate::flows::access_token::{Presented, present};
use crate::store;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(60);

/// A call that was let in, or came too often.
#[derive(Clone, Debug)]
pub struct Call {
    pub client: String,
    /// How many are let in in a window, how many are left, and when the next begins.
    pub most: u32,
    pub window: Duration,
    pub left: i64,
    pub resets_in: Duration,
}

impl Call {
    /// Whole seconds after which it surely has begun.
    pub fn resets_in_seconds(&self) -> u64 {
        self.resets_in.as_secs() + u64::from(self.resets_in.subsec_nanos() > 0)
    }
}

#[derive(Debug)]
pub enum Refused {
    Token(Refusal),
    TooOften(Call),
}

pub async fn open(app: &App, presented: &Presented, scope: &str) -> Result<Result<Call, Refused>, Fault> {
    let refuse = |error, detail: &str| Ok(Err(Refused::Token(Refusal::new(error, detail))));
    let told = match present(app, presented).await? {
        Ok(told) => told,
        Err(refusal) => return Ok(Err(Refused::Token(refusal))),
    };
    if told.grant.is_some() || told.claims["gty"] != serde_json::json!(["client_credentials"]) {
        return refuse(OAuthError::InvalidToken, "a person's token, and this is no person's to do");
    }
    if !told.audience().any(|uri| is_api(uri, &app.issuer)) {
        return refuse(OAuthError::InvalidToken, "not meant for the API");
    }
    // What the client was declared with since may be less.
    if !told.scope().has(scope) || !told.client.scopes.iter().any(|own| own == scope) {
        return refuse(OAuthError::InsufficientScope, "without the scope");
    }
    let client = told.client.id.as_str().to_owned();
    let most = app.config.api_per_minute.0;
    let limit = Limit { key: format!("api:{client}"), most, window: WINDOW };
    let now = app.now();
    let count = store::counters::raise_by(&app.db, &limit, 1, now).await?;
    let (left, resets_in) = ((i64::from(most) - count.count).max(0), count.ends_at.since(now));
    let call = Call { client, most, window: WINDOW, left, resets_in };
    Ok(if count.count > i64::from(most) { Err(Refused::TooOften(call)) } else { Ok(call) })
}
