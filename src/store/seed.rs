//! Rows made up for trying things out at size: written as their own rooms would write them, many at once.

use super::error::StoreError;
use super::many::insert;
use super::sql::Bind;
use crate::domain::identifier::Identifier;
use crate::domain::time::Time;

fn text(text: &str) -> Bind {
    text.into()
}

fn maybe(text: Option<&str>) -> Bind {
    text.map(str::to_owned).into()
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub since: Time,
    pub blocked_at: Option<Time>,
    pub profile: String,
    /// Of their name, in lower case.
    pub words: Vec<String>,
    pub identifiers: Vec<Identifier>,
}

/// How many of their identifiers nobody had yet.
pub async fn add_people(tx: &mut super::Tx, people: &[Person]) -> Result<u64, StoreError> {
    let subjects = people
        .iter()
        .map(|one| vec![text(&one.id), one.since.into(), one.since.into(), one.blocked_at.into(), text(&one.profile)]);
    let head = "INSERT INTO subjects (id, created_at, updated_at, blocked_at, profile)";
    insert(&mut *tx, head, "ON CONFLICT (id) DO NOTHING", subjects.collect()).await?;
    let identifiers = people.iter().flat_map(|one| one.identifiers.iter().map(move |identifier| (one, identifier)));
    let identifiers = identifiers.map(|(one, of)| {
        vec![text(of.kind().as_str()), text(of.reveal()), text(&one.id), one.since.into(), one.since.into()]
    });
    let words = people.iter().flat_map(|one| one.words.iter().map(move |word| vec![text(word), text(&one.id)]));
    let head = "INSERT INTO names (word, subject_id)";
    insert(&mut *tx, head, "ON CONFLICT (word, subject_id) DO NOTHING", words.collect()).await?;
    let head = "INSERT INTO identifiers (kind, value, subject_id, added_at, verified_at)";
    insert(tx, head, "ON CONFLICT (kind, value) DO NOTHING", identifiers.collect()).await
}

#[derive(Clone, Debug)]
pub struct SignIn {
    pub id: String,
    pub client: String,
    pub request: String,
    pub created_at: Time,
    pub expires_at: Time,
    pub finished_at: Option<Time>,
    pub challenge: Option<Challenge>,
}

#[derive(Clone, Debug)]
pub struct Challenge {
    pub id: String,
    pub identifier: Identifier,
    pub country: String,
    pub connection: String,
    pub issued_at: Time,
    pub expires_at: Time,
    pub spent_at: Option<Time>,
    pub messages: Vec<Message>,
    pub moments: Vec<Moment>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub channel: &'static str,
    pub carrier: String,
    pub state: &'static str,
    pub fell: bool,
    pub status: i64,
    pub class: Option<&'static str>,
    pub code: Option<&'static str>,
    pub created_at: Time,
    pub finished_at: Time,
    pub reported_at: Option<Time>,
    pub estimate: i64,
    pub cost: Option<(i64, &'static str)>,
}

#[derive(Clone, Debug)]
pub struct Moment {
    pub id: String,
    pub at: Time,
    pub what: &'static str,
    pub carrier: Option<String>,
    pub channel: Option<&'static str>,
    pub code: Option<&'static str>,
}

pub async fn add_sign_ins(tx: &mut super::Tx, sign_ins: &[SignIn]) -> Result<(), StoreError> {
    let rows = sign_ins.iter().map(|one| {
        let times = [one.created_at.into(), one.expires_at.into(), one.finished_at.into()];
        [text(&one.id), text(&one.client), text(&one.request), text("")].into_iter().chain(times).collect()
    });
    let head = "INSERT INTO interactions (id, client_id, request, browser, created_at, expires_at, finished_at)";
    insert(&mut *tx, head, "", rows.collect()).await?;
    let challenges = || sign_ins.iter().filter_map(|one| one.challenge.as_ref().map(|challenge| (one, challenge)));
    let rows = challenges().map(|(one, challenge)| of_challenge(one, challenge));
    let head = "INSERT INTO challenges (id, interaction_id, place, purpose, kind, value, connection, browser, mute, issued_at, expires_at, sends, last_sent_at, rung, spent_at, country)";
    insert(&mut *tx, head, "", rows.collect()).await?;
    let messages =
        challenges().flat_map(|(one, challenge)| challenge.messages.iter().map(move |m| (one, challenge, m)));
    let rows = messages.map(|(one, challenge, message)| of_message(one, challenge, message));
    let head = "INSERT INTO outbox (id, challenge_id, job, state, tries, run_at, lease_until, created_at, expires_at, carrier, finished_at, interaction_id, channel, fell, reference, status, class, code, reported_at, estimate, cost, currency)";
    insert(&mut *tx, head, "", rows.collect()).await?;
    let moments = challenges().flat_map(|(one, challenge)| challenge.moments.iter().map(move |moment| (one, moment)));
    let rows = moments.map(|(one, moment)| {
        let texts = [maybe(moment.carrier.as_deref()), maybe(moment.channel), maybe(moment.code)];
        let first = [text(&one.id), text(&moment.id), moment.at.into(), text(moment.what)];
        first.into_iter().chain(texts).collect()
    });
    let head = "INSERT INTO moments (interaction_id, id, at, what, carrier, channel, code)";
    insert(tx, head, "", rows.collect()).await.map(drop)
}

fn of_challenge(one: &SignIn, challenge: &Challenge) -> Vec<Bind> {
    let of = &challenge.identifier;
    vec![
        text(&challenge.id),
        text(&one.id),
        1.into(),
        text("sign_in"),
        text(of.kind().as_str()),
        text(of.reveal()),
        text(&challenge.connection),
        text(""),
        false.into(),
        challenge.issued_at.into(),
        challenge.expires_at.into(),
        1.into(),
        challenge.issued_at.into(),
        0.into(),
        challenge.spent_at.into(),
        text(&challenge.country),
    ]
}

fn of_message(one: &SignIn, challenge: &Challenge, message: &Message) -> Vec<Bind> {
    vec![
        text(&message.id),
        text(&challenge.id),
        text("{}"),
        text(message.state),
        1.into(),
        message.created_at.into(),
        message.created_at.into(),
        message.created_at.into(),
        challenge.expires_at.into(),
        text(&message.carrier),
        message.finished_at.into(),
        text(&one.id),
        text(message.channel),
        message.fell.into(),
        maybe(Some(&message.id)),
        message.status.into(),
        maybe(message.class),
        maybe(message.code),
        message.reported_at.into(),
        message.estimate.into(),
        Bind::Int(message.cost.map(|cost| cost.0)),
        maybe(message.cost.map(|cost| cost.1)),
    ]
}
