//! Sign-ins as operators see them: which there were, and how far each came.

use crate::app::App;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use crate::store::interactions::Brief;

/// How far a sign-in came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The page was shown.
    Begun,
    /// A passcode was asked for.
    Asked,
    /// It was typed, right.
    Proven,
    /// The app got its answer.
    Answered,
    /// It took too long, and got nowhere.
    Expired,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Asked => "asked",
            Self::Proven => "proven",
            Self::Answered => "answered",
            Self::Expired => "expired",
        }
    }
}

pub struct SignIn {
    pub id: String,
    pub client: String,
    pub at: Time,
    pub state: State,
    /// Masked when it is written.
    pub identifier: Option<Identifier>,
    pub connection: Option<String>,
    /// Where the next page begins.
    pub ends_at: Time,
}

/// A page of sign-ins, newest first. An empty client means any.
pub async fn list(app: &App, client: &str, before: Option<(Time, &str)>, most: i64) -> Result<Vec<SignIn>, Fault> {
    let now = app.now();
    let rows = store::interactions::list(&app.db, client, before.unwrap_or((Time(i64::MAX), "")), most).await?;
    Ok(rows.into_iter().map(|row| of(row, now)).collect())
}

pub(super) fn of(row: Brief, now: Time) -> SignIn {
    let state = match (row.finished_at, row.spent_at, &row.value) {
        (Some(_), _, _) => State::Answered,
        (None, _, _) if Time(row.expires_at) <= now => State::Expired,
        (None, Some(_), _) => State::Proven,
        (None, None, Some(_)) => State::Asked,
        (None, None, None) => State::Begun,
    };
    let kind = row.kind.as_deref().and_then(Kind::parse);
    SignIn {
        id: row.id,
        client: row.client_id,
        at: Time(row.created_at),
        state,
        identifier: kind.zip(row.value).map(|(kind, value)| Identifier::stored(kind, value)),
        connection: row.connection,
        ends_at: Time(row.expires_at),
    }
}
