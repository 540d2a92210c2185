//! The passcode engine: issue, send again, check. Invariants 1 to 9 of the house live here.

mod check;

pub use check::{Checked, check};

use super::manage::audit;
use super::standing::Open;
use super::{Fault, belong, events};
use crate::app::App;
use crate::crypto::secret::Bound;
use crate::domain::audit::{Act, By};
use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::connection::Connection;
use crate::domain::delivery::{Attempt, Channel, Job};
use crate::domain::event::{self, Happened};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::limit::Limit;
use crate::domain::phone::{self, Line};
use crate::domain::time::Time;
use crate::store::{self, Tx};
use crate::telemetry::Outcome;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);

#[derive(Debug, PartialEq, Eq)]
pub enum Issued {
    Sent,
    /// The same identifier was asked a moment ago: its passcode still lives, nothing is sent again.
    Already,
    TooMany(Duration),
    /// No channel may reach this number: its country's rungs are closed, or it takes calls alone and there is no such rung.
    NoWay,
}

/// Challenge and message in one transaction; the carrier is called after it, by the worker.
pub async fn issue(
    app: &App,
    open: &Open,
    connection: &Connection,
    identifier: Identifier,
    language: &str,
) -> Result<Issued, Fault> {
    let now = app.now();
    let before = open.challenge.as_ref();
    if before.is_some_and(|challenge| {
        challenge.live(now) && challenge.identifier == identifier && challenge.connection == connection.name
    }) {
        return Ok(Issued::Already);
    }
    let ladder = ladder_for(connection, open, &identifier);
    if ladder.is_empty() {
        return Ok(Issued::NoWay);
    }
    let test = open.live.catalog.test_passcode(&identifier).is_some();
    let mute = test || !may_sign_in(app, open, &identifier).await?;
    let challenge = Challenge {
        id: app.entropy.challenge_id(now),
        interaction: open.interaction.id.clone(),
        place: before.map_or(1, |challenge| challenge.place + 1),
        purpose: Purpose::SignIn,
        identifier,
        connection: connection.name.clone(),
        browser: open.interaction.browser.clone(),
        mute: mute && !test,
        issued_at: now,
        expires_at: now.plus(app.config.passcode_life.0),
        sends: 1,
        last_sent_at: now,
        rung: 0,
        spent_at: None,
        cancelled_at: None,
        verified_by: None,
    };
    // Dropped, the transaction takes everything back: what is refused here was no send.
    let mut tx = app.db.begin().await?;
    if let Some(wait) = count_send(app, &mut tx, &challenge.identifier, test, now).await? {
        count(app, "too_many");
        return Ok(Issued::TooMany(wait));
    }
    if let Some(before) = before {
        store::challenges::cancel(&mut tx, &before.id, now).await?;
    }
    if !store::challenges::add(&mut tx, &challenge).await? {
        // A second click raced this one and won: its message is on the way.
        return Ok(Issued::Already);
    }
    write(app, &mut tx, open, &challenge, &ladder, 0, language, mute).await?;
    let client = open.interaction.client_id.as_str();
    events::write(app, &mut tx, Happened::challenge(event::Kind::ChallengeIssued, &challenge, client, None)).await?;
    tx.commit().await?;
    app.bell.notify_one();
    count(app, "issued");
    tracing::info!(interaction = %challenge.interaction, challenge = %challenge.id, to = %challenge.identifier, "passcode asked for");
    Ok(Issued::Sent)
}

#[derive(Debug, PartialEq, Eq)]
pub enum Resent {
    Sent,
    /// The old passcode was expired or exhausted: a new one is on its way.
    Renewed,
    TooSoon(Duration),
    TooMany(Duration),
    /// There is nothing to send again: begin with the identifier.
    Over,
}

/// The same digits once more, by the same channel or another of the ladder; new ones where the old can no longer be used.
pub async fn resend(app: &App, open: &Open, by: Option<Channel>, language: &str) -> Result<Resent, Fault> {
    again(app, open, by, language, None).await
}

/// The same, asked for by an operator in the person's place, and written down as theirs.
pub async fn resend_for(app: &App, open: &Open, operator: &By, language: &str) -> Result<Resent, Fault> {
    again(app, open, None, language, Some(operator)).await
}

async fn again(
    app: &App,
    open: &Open,
    by: Option<Channel>,
    language: &str,
    operator: Option<&By>,
) -> Result<Resent, Fault> {
    let now = app.now();
    let Some(challenge) = open.challenge.as_ref().filter(|challenge| challenge.spent_at.is_none()) else {
        return Ok(Resent::Over);
    };
    if !challenge.live(now) {
        // New digits are the person's to ask for.
        return if operator.is_some() { Ok(Resent::Over) } else { renew(app, open, challenge, language).await };
    }
    let wait = challenge.resend_wait(now);
    if !wait.is_zero() {
        return Ok(Resent::TooSoon(wait));
    }
    let test = open.live.catalog.test_passcode(&challenge.identifier).is_some();
    let ladder = ladder(open, challenge);
    let by = match by.filter(|channel| ladder.contains(channel)) {
        Some(channel) => Some(channel),
        // Where sign-up is closed nobody is told that a message climbed: a number that nobody has gets none.
        None if !open.client.sign_up => Some(channel(&ladder, challenge)),
        // As the newest message went, which may have climbed by itself.
        None => open.attempts.last().map(|attempt| attempt.channel),
    };
    let rung = by.and_then(|channel| ladder.iter().position(|rung| *rung == channel)).unwrap_or(0);
    let expires_at = now.plus(app.config.passcode_life.0);
    let mut tx = app.db.begin().await?;
    if let Some(wait) = count_send(app, &mut tx, &challenge.identifier, test, now).await? {
        count(app, "too_many");
        return Ok(Resent::TooMany(wait));
    }
    if !store::challenges::change_sent(&mut tx, challenge, i64::try_from(rung).unwrap_or(0), expires_at, now).await? {
        // Somebody pressed twice, or it was used meanwhile.
        return Ok(Resent::TooSoon(challenge.resend_wait(challenge.last_sent_at)));
    }
    // What is still waiting for word of delivery must not climb beside the message asked for now.
    store::outbox::forget_falls(&mut tx, &challenge.id).await?;
    let again = Challenge { expires_at, ..challenge.clone() };
    write(app, &mut tx, open, &again, &ladder, rung, language, challenge.mute || test).await?;
    if let Some(operator) = operator {
        let name = challenge.interaction.as_str().to_owned();
        let act = Act { act: "resend", noun: "sign_in", name, before: None, after: None };
        audit::write(app, &mut tx, operator, vec![act]).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    count(app, "resent");
    Ok(Resent::Sent)
}

async fn renew(app: &App, open: &Open, challenge: &Challenge, language: &str) -> Result<Resent, Fault> {
    let offered = open.offered();
    let Some(connection) = offered.iter().find(|connection| connection.name == challenge.connection) else {
        return Ok(Resent::Over);
    };
    Ok(match issue(app, open, connection, challenge.identifier.clone(), language).await? {
        Issued::Sent | Issued::Already => Resent::Renewed,
        Issued::TooMany(wait) => Resent::TooMany(wait),
        Issued::NoWay => Resent::Over,
    })
}

/// The two letters shown beside the passcode field and in the message.
pub fn tag(app: &App, challenge: &Challenge) -> String {
    app.secret.tag(Bound::of(challenge))
}

/// By which channel of this ladder the person last asked for it, or the first.
pub fn channel(ladder: &[Channel], challenge: &Challenge) -> Channel {
    let rung = usize::try_from(challenge.rung).unwrap_or(0);
    ladder.get(rung).or(ladder.first()).copied().unwrap_or(Channel::Sms)
}

/// The channels its ladder has for this number.
pub fn ladder(open: &Open, challenge: &Challenge) -> Vec<Channel> {
    let connection = open.live.catalog.connection(&challenge.connection);
    connection.map(|connection| ladder_for(connection, open, &challenge.identifier)).unwrap_or_default()
}

fn ladder_for(connection: &Connection, open: &Open, identifier: &Identifier) -> Vec<Channel> {
    let client = open.interaction.client_id.as_str();
    match identifier.kind() {
        Kind::Email => connection.ladder_for(client, None, Line::Mobile),
        Kind::Phone => {
            let (country, line) = phone::reach(identifier.reveal());
            connection.ladder_for(client, country.as_deref(), line)
        }
    }
}

/// The wait when there were too many messages. Test identifiers are counted and never turned away: nothing is sent to them.
async fn count_send(
    app: &App,
    tx: &mut Tx,
    identifier: &Identifier,
    test: bool,
    now: Time,
) -> Result<Option<Duration>, Fault> {
    let of_identifier = app.secret.blurred(identifier);
    let limit = |name, most, window| Limit { key: format!("{name}:{of_identifier}"), most, window };
    let often = limit("send10m", app.config.passcode_sends_per_ten_minutes.0, TEN_MINUTES);
    let daily = limit("send1d", app.config.passcode_sends_per_day.0, DAY);
    let counts = store::counters::raise(tx, [&often, &daily], now).await?;
    let over = daily.exceeded(&counts).or_else(|| often.exceeded(&counts)).filter(|_| !test);
    Ok(over.map(|over| over.ends_at.since(now)))
}

/// Where sign-up is closed only those known may sign in. Asked for every identifier alike.
async fn may_sign_in(app: &App, open: &Open, identifier: &Identifier) -> Result<bool, Fault> {
    if open.client.sign_up || belong::invited(open, identifier) {
        return Ok(true);
    }
    Ok(store::subjects::find_by_identifier(&app.db, identifier).await?.is_some())
}

#[expect(clippy::too_many_arguments, reason = "the outbox row is made of all of them, in one place")]
async fn write(
    app: &App,
    tx: &mut Tx,
    open: &Open,
    challenge: &Challenge,
    ladder: &[Channel],
    rung: usize,
    language: &str,
    mute: bool,
) -> Result<(), Fault> {
    let attempt = Attempt {
        id: app.entropy.attempt_id(app.now()),
        challenge: challenge.id.clone(),
        interaction: challenge.interaction.clone(),
        job: Job {
            purpose: challenge.purpose.as_str().to_owned(),
            kind: challenge.identifier.kind().as_str().to_owned(),
            to: challenge.identifier.reveal().to_owned(),
            browser: challenge.browser.clone(),
            client: open.interaction.client_id.as_str().to_owned(),
            connection: challenge.connection.clone(),
            ladder: ladder.to_vec(),
            rung,
            fell: false,
            language: language.to_owned(),
            app: open.client.name.clone(),
            color: open.client.branding.color.clone(),
        },
        created_at: app.now(),
        expires_at: challenge.expires_at,
        tries: 0,
        lease_until: Time::default(),
    };
    Ok(store::outbox::add(tx, &attempt, mute).await?)
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.challenges.get_or_create(&Outcome { outcome }).inc();
}
