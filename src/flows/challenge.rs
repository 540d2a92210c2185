//! The passcode engine: issue, send again, check. Invariants 1 to 9 of the house live here.

use super::Fault;
use super::standing::Open;
use crate::app::App;
use crate::crypto::same::same;
use crate::crypto::secret::Bound;
use crate::domain::challenge::{Challenge, Purpose};
use crate::domain::client::Connection;
use crate::domain::delivery::{Attempt, Channel, Job};
use crate::domain::identifier::Identifier;
use crate::domain::limit::Limit;
use crate::domain::passcode::Passcode;
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
    write(app, &mut tx, open, &challenge, &connection.ladder, 0, language, mute).await?;
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
    let now = app.now();
    let Some(challenge) = open.challenge.as_ref().filter(|challenge| challenge.spent_at.is_none()) else {
        return Ok(Resent::Over);
    };
    if !challenge.live(now) {
        return renew(app, open, challenge, language).await;
    }
    let wait = challenge.resend_wait(now);
    if !wait.is_zero() {
        return Ok(Resent::TooSoon(wait));
    }
    let test = open.live.catalog.test_passcode(&challenge.identifier).is_some();
    let ladder = ladder(open, challenge);
    let rung = by
        .and_then(|channel| ladder.iter().position(|rung| *rung == channel))
        .unwrap_or_else(|| usize::try_from(challenge.rung).unwrap_or(0));
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
    let again = Challenge { expires_at, ..challenge.clone() };
    write(app, &mut tx, open, &again, ladder, rung, language, challenge.mute || test).await?;
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
    })
}

#[derive(Debug)]
pub enum Checked {
    Right(Challenge),
    /// Not that many digits; costs no try.
    Malformed,
    Wrong {
        left: u32,
    },
    /// This passcode took its last wrong try.
    Exhausted,
    /// This identifier did, in this hour.
    TooManyTries(Duration),
    /// Expired, used, cancelled, or never there.
    Over,
}

/// Counts first, in a statement that commits by itself; compares second, in constant time; the caller spends third.
pub async fn check(app: &App, open: &Open, typed: &str) -> Result<Checked, Fault> {
    let now = app.now();
    let Some(challenge) = open.challenge.as_ref().filter(|challenge| challenge.live(now)) else {
        return Ok(Checked::Over);
    };
    let fixed = open.live.catalog.test_passcode(&challenge.identifier);
    let digits = fixed.map_or(usize::try_from(app.config.passcode_digits.0).unwrap_or(6), str::len);
    let Some(typed) = Passcode::typed(typed, digits) else {
        count_typed(app, "malformed");
        return Ok(Checked::Malformed);
    };
    let [of_challenge, of_identifier] = guess_limits(app, challenge);
    let counts = store::counters::raise(&app.db, [&of_challenge, &of_identifier], now).await?;
    if of_challenge.exceeded(&counts).is_some() {
        // The last wrong try has ended it. This one may be a click too many beside a right one that is not spent yet: it
        // must not end that.
        count_typed(app, "exhausted");
        return Ok(Checked::Exhausted);
    }
    if let Some(over) = of_identifier.exceeded(&counts) {
        // Right passcodes were counted like guesses: take them off before turning anybody away.
        let right = store::challenges::count_spent(&app.db, &challenge.identifier, over.ends_at.minus(HOUR)).await?;
        if over.count - right > i64::from(of_identifier.most) {
            count_typed(app, "too_many_tries");
            return Ok(Checked::TooManyTries(over.ends_at.since(now)));
        }
    }
    let expected = match fixed {
        Some(fixed) => Passcode::fixed(fixed),
        None => app.secret.passcode(Bound::of(challenge), u8::try_from(digits).unwrap_or(6)),
    };
    if same(expected.reveal().as_bytes(), typed.reveal().as_bytes()) & !challenge.mute {
        count_typed(app, "right");
        return Ok(Checked::Right(challenge.clone()));
    }
    count_typed(app, "wrong");
    let used = counts.iter().find(|count| count.key == of_challenge.key).map_or(0, |count| count.count);
    let left = i64::from(of_challenge.most).saturating_sub(used);
    if left > 0 {
        Ok(Checked::Wrong { left: u32::try_from(left).unwrap_or(0) })
    } else {
        exhaust(app, challenge, now).await
    }
}

/// Exhausted is final: not even the right digits open it now.
async fn exhaust(app: &App, challenge: &Challenge, now: Time) -> Result<Checked, Fault> {
    count_typed(app, "exhausted");
    store::challenges::cancel(&app.db, &challenge.id, now).await?;
    Ok(Checked::Exhausted)
}

/// The two letters shown beside the passcode field and in the message.
pub fn tag(app: &App, challenge: &Challenge) -> String {
    app.secret.tag(Bound::of(challenge))
}

/// By which channel the newest message went.
pub fn channel(open: &Open, challenge: &Challenge) -> Channel {
    let ladder = ladder(open, challenge);
    let rung = usize::try_from(challenge.rung).unwrap_or(0);
    ladder.get(rung).or(ladder.first()).copied().unwrap_or(Channel::Sms)
}

/// The other ways its ladder has for the same digits.
pub fn other_channels(open: &Open, challenge: &Challenge) -> Vec<Channel> {
    let newest = channel(open, challenge);
    ladder(open, challenge).iter().copied().filter(|rung| *rung != newest).collect()
}

fn ladder<'a>(open: &'a Open, challenge: &Challenge) -> &'a [Channel] {
    let connection = open.live.catalog.connection(&challenge.connection);
    connection.map(|connection| connection.ladder.as_slice()).unwrap_or_default()
}

fn guess_limits(app: &App, challenge: &Challenge) -> [Limit; 2] {
    let of_identifier = app.secret.blurred(&challenge.identifier);
    [
        Limit { key: format!("guess:{}", challenge.id), most: app.config.passcode_tries.0, window: DAY },
        Limit { key: format!("guess:{of_identifier}"), most: app.config.passcode_tries_per_hour.0, window: HOUR },
    ]
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
    if open.client().is_none_or(|client| client.sign_up) {
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
        job: Job {
            purpose: challenge.purpose.as_str().to_owned(),
            kind: challenge.identifier.kind().as_str().to_owned(),
            to: challenge.identifier.reveal().to_owned(),
            browser: challenge.browser.clone(),
            ladder: ladder.to_vec(),
            rung,
            language: language.to_owned(),
            app: open.client().map(|client| client.name.clone()).unwrap_or_default(),
            color: open.client().and_then(|client| client.branding.color.clone()),
        },
        created_at: app.now(),
        expires_at: challenge.expires_at,
        tries: 0,
    };
    Ok(store::outbox::add(tx, &attempt, mute).await?)
}

fn count(app: &App, outcome: &'static str) {
    app.metrics.challenges.get_or_create(&Outcome { outcome }).inc();
}

fn count_typed(app: &App, outcome: &'static str) {
    app.metrics.passcodes.get_or_create(&Outcome { outcome }).inc();
}
