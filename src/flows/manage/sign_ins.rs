//! Sign-ins as operators see them: which there were, and how far each came.

use crate::app::App;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids;
use crate::domain::interaction::LIFE;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use crate::store::sign_ins::{AT_ONCE, Brief, Mark, Stretch};
use std::time::{Duration, Instant};

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
    pub const ALL: [Self; 5] = [Self::Begun, Self::Asked, Self::Proven, Self::Answered, Self::Expired];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Asked => "asked",
            Self::Proven => "proven",
            Self::Answered => "answered",
            Self::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub id: String,
    pub client: String,
    pub at: Time,
    pub state: State,
    /// Masked when it is written.
    pub identifier: Option<Identifier>,
    pub connection: Option<String>,
    /// Of the number; nothing for an address.
    pub country: Option<String>,
    pub ends_at: Time,
}

/// Which sign-ins are asked for; what is left out means any.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub identifier: Option<Identifier>,
    /// The account: asked with one of its identifiers, or answered in its name.
    pub subject: Option<String>,
    pub client: Option<String>,
    pub state: Option<State>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    pub connection: Option<String>,
    /// Begun at this moment or later, …
    pub since: Option<Time>,
    /// … and before this one.
    pub until: Option<Time>,
}

/// A page of sign-ins, newest first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub sign_ins: Vec<SignIn>,
    /// After which one to go on; nothing where that is all. A page may hold fewer than were asked for, and still not be the last:
    /// what is seldom is looked for a stretch at a time.
    pub next: Option<String>,
}

/// How long is looked for one page: what is asked may be seldom, and what is read may lie all over a database far larger than
/// memory. As many as a page holds are looked at in any case.
const PATIENCE: Duration = Duration::from_millis(40);
/// So many ids are passed at once.
const STEP: usize = 200;

pub async fn list(app: &App, filter: &Filter, after: Option<&str>, most: usize) -> Result<Found, Fault> {
    list_within(app, filter, after, most, PATIENCE).await
}

/// With another patience.
#[expect(clippy::disallowed_methods, reason = "how long it has been looked, which no story hangs from")]
pub async fn list_within(
    app: &App,
    filter: &Filter,
    after: Option<&str>,
    most: usize,
    patience: Duration,
) -> Result<Found, Fault> {
    let (now, began) = (app.now(), Instant::now());
    let tired = |looked_at: usize| looked_at > most && began.elapsed() >= patience;
    let mut ahead = stretch(filter, after, now);
    let (mut sign_ins, mut looked_at, mut size) = (Vec::new(), 0, (most + 1).min(STEP));
    while ahead.least < ahead.below && !tired(looked_at) {
        ahead.most = i64::try_from(size).unwrap_or(i64::MAX);
        let marks = look(app, filter, &ahead).await?;
        let meet: Vec<&str> = marks.iter().filter(|mark| mark.meets).map(|mark| mark.id.as_str()).collect();
        for ids in meet.chunks(AT_ONCE) {
            if tired(looked_at) {
                return Ok(Found { sign_ins, next: Some(ahead.below) });
            }
            let rows = store::sign_ins::briefs(app.db.aside(), ids, filter.answered()).await?;
            for sign_in in rows.into_iter().map(|row| of(row, now)).filter(|one| filter.holds(one)) {
                if sign_ins.len() == most {
                    return Ok(Found { next: sign_ins.last().map(|last: &SignIn| last.id.clone()), sign_ins });
                }
                sign_ins.push(sign_in);
            }
            looked_at += ids.len();
            ahead.below = ids.last().map_or(ahead.below, |&id| id.to_owned());
        }
        let Some(last) = marks.last().filter(|_| marks.len() == size) else {
            return Ok(Found { sign_ins, next: None });
        };
        looked_at += marks.len() - meet.len();
        (ahead.below, size) = (last.id.clone(), STEP);
    }
    let next = (ahead.least < ahead.below).then_some(ahead.below);
    Ok(Found { sign_ins, next })
}

/// The ids that may be asked for. Who waits still began within the time a sign-in lasts, and who is too late did not.
fn stretch(filter: &Filter, after: Option<&str>, now: Time) -> Stretch {
    let live = now.minus(LIFE);
    let (since, until) = match filter.state {
        Some(State::Begun | State::Asked | State::Proven) => (Some(live), None),
        Some(State::Expired) => (None, Some(Time(live.0 + 1))),
        _ => (None, None),
    };
    let since = filter.since.into_iter().chain(since).max().unwrap_or_default();
    let until = filter.until.into_iter().chain(until).min().map_or("in_g".to_owned(), |until| ids::first("in", until));
    let below = after.map_or(until.clone(), |after| until.min(after.to_owned()));
    Stretch { least: ids::first("in", since), below, most: 0 }
}

/// By what is most seldom.
async fn look(app: &App, filter: &Filter, ahead: &Stretch) -> Result<Vec<Mark>, Fault> {
    let db = app.db.aside();
    let (client, connection) = (filter.client.as_deref(), filter.connection.as_deref());
    Ok(match filter {
        Filter { subject: Some(subject), identifier, .. } => {
            store::sign_ins::list_of_subject(db, ahead, subject, identifier.as_ref()).await?
        }
        Filter { identifier: Some(identifier), .. } => {
            store::sign_ins::list_of_identifier(db, ahead, identifier).await?
        }
        Filter { country: Some(country), .. } => {
            store::sign_ins::list_of_country(db, ahead, country, client, connection).await?
        }
        Filter { client: Some(client), .. } => store::sign_ins::list_of_client(db, ahead, client, connection).await?,
        Filter { connection: Some(connection), .. } => {
            store::sign_ins::list_of_connection(db, ahead, connection).await?
        }
        _ => store::sign_ins::list(db, ahead).await?,
    })
}

impl Filter {
    /// Whether only those are wanted that were answered, or only those that were not.
    fn answered(&self) -> Option<bool> {
        self.state.map(|state| state == State::Answered)
    }

    /// Whatever the rows were read by.
    fn holds(&self, one: &SignIn) -> bool {
        let same = |wanted: &Option<String>, is: Option<&String>| wanted.is_none() || wanted.as_ref() == is;
        self.state.is_none_or(|state| state == one.state)
            && same(&self.client, Some(&one.client))
            && same(&self.country, one.country.as_ref())
            && same(&self.connection, one.connection.as_ref())
    }
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
        country: row.country.filter(|country| !country.is_empty()),
        ends_at: Time(row.expires_at),
    }
}
