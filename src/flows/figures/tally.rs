//! What five minutes of sign-ins add up to.

use super::work::Work;
use crate::app::App;
use crate::domain::delivery::{Micros, Status};
use crate::domain::figures::{Key, Tally, What, slot};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use crate::store::counted::{BATCH, Challenge, Message, SignIn};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Who has not been heard of by then is silent.
const PATIENCE: Duration = Duration::from_secs(2 * 60);

type Tallies = BTreeMap<Key, Tally>;

/// Of all sign-ins that began from `since` and before `until`.
pub(super) async fn of(app: &App, since: Time, until: Time, work: &mut Work) -> Result<Tallies, Fault> {
    let (mut from, to) = (ids::first("in", since), ids::first("in", until));
    let mut tallies = Tallies::new();
    loop {
        let batch = store::counted::list_sign_ins(app.db.aside(), &from, &to).await?;
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(tallies) };
        let challenges = store::counted::list_challenges(app.db.aside(), &first.id, &last.id).await?;
        let messages = store::counted::list_messages(app.db.aside(), &first.id, &last.id).await?;
        for fault in store::counted::list_faults(app.db.aside(), &first.id, &last.id).await? {
            of_fault(&mut tallies, fault);
        }
        of_batch(&mut tallies, &batch, challenges, messages, app.now());
        if batch.len() < BATCH {
            return Ok(tallies);
        }
        work.rest(app).await;
        // The least id above the last one.
        from = format!("{}0", last.id);
    }
}

fn raise(tallies: &mut Tallies, key: Key, sum: i64) {
    let tally = tallies.entry(key).or_default();
    tally.count += 1;
    tally.sum = Micros(tally.sum.0.saturating_add(sum));
}

fn of_fault(tallies: &mut Tallies, fault: store::counted::Fault) {
    let Some(what) = What::parse(&fault.what) else { return };
    let key = Key {
        channel: fault.channel.unwrap_or_default(),
        carrier: fault.carrier.unwrap_or_default(),
        // Why a carrier was passed over is always the same.
        code: fault.code.unwrap_or_default(),
        ..Key::new(what)
    };
    raise(tallies, key, 0);
}

fn of_batch(tallies: &mut Tallies, batch: &[SignIn], challenges: Vec<Challenge>, messages: Vec<Message>, now: Time) {
    let mut sent: HashMap<String, Vec<Message>> = HashMap::new();
    for message in messages {
        sent.entry(message.challenge_id.clone()).or_default().push(message);
    }
    let mut asked: HashMap<&str, Vec<&Challenge>> = HashMap::new();
    for challenge in &challenges {
        asked.entry(&challenge.interaction_id).or_default().push(challenge);
    }
    for sign_in in batch {
        of_sign_in(tallies, sign_in, asked.get(sign_in.id.as_str()).map_or(&[], Vec::as_slice), &sent, now);
    }
}

/// One sign-in with its challenges, oldest first.
fn of_sign_in(
    tallies: &mut Tallies,
    sign_in: &SignIn,
    challenges: &[&Challenge],
    sent: &HashMap<String, Vec<Message>>,
    now: Time,
) {
    let (mut delivered, mut proven) = (false, false);
    for challenge in challenges {
        let spent = challenge.spent_at.is_some();
        proven |= spent;
        let country = country(challenge);
        let messages = sent.get(&challenge.id).map_or(&[][..], Vec::as_slice);
        delivered |= spent | of_messages(tallies, messages, spent, &country, now);
    }
    let asked = !challenges.is_empty();
    let by_client = [
        (What::Begun, true),
        (What::Asked, asked),
        (What::Delivered, delivered),
        (What::Proven, proven),
        (What::Answered, sign_in.finished_at.is_some()),
    ];
    for (what, _) in by_client.into_iter().filter(|(_, so)| *so) {
        raise(tallies, Key { client: sign_in.client_id.clone(), ..Key::new(what) }, 0);
    }
    if let Some(newest) = challenges.last() {
        let by_country = [(What::AskedIn, asked), (What::DeliveredIn, delivered), (What::ProvenIn, proven)];
        for (what, _) in by_country.into_iter().filter(|(_, so)| *so) {
            raise(tallies, Key { country: country(newest), ..Key::new(what) }, 0);
        }
    }
    if let Some(at) = sign_in.finished_at.filter(|_| proven) {
        let took = slot(Time(at).since(Time(sign_in.created_at)));
        raise(tallies, Key { client: sign_in.client_id.clone(), code: took.to_string(), ..Key::new(What::Took) }, 0);
    }
}

/// What was asked for before countries were written down is read again.
fn country(challenge: &Challenge) -> String {
    if !challenge.country.is_empty() || challenge.kind != Kind::Phone.as_str() {
        return challenge.country.clone();
    }
    Identifier::stored(Kind::Phone, challenge.value.clone()).country().unwrap_or_default()
}

/// The messages of one challenge, oldest first. Whether any arrived.
fn of_messages(tallies: &mut Tallies, messages: &[Message], spent: bool, country: &str, now: Time) -> bool {
    let arrived = |message: &Message| Status::of_rank(message.status).is_some_and(Status::arrived);
    // All carry the same digits: the newest that is known to have arrived was read, else the newest that was sent.
    let read = messages.iter().rposition(arrived).or_else(|| messages.iter().rposition(|one| one.state == "sent"));
    for (at, message) in messages.iter().enumerate() {
        let used = spent && read == Some(at);
        let key = |what| Key {
            channel: message.channel.clone(),
            country: country.to_owned(),
            carrier: message.carrier.clone().unwrap_or_default(),
            ..Key::new(what)
        };
        let sent = message.state == "sent";
        let unheard = sent && message.reported_at.is_none() && !arrived(message) && !used;
        let silent = unheard && now.since(Time(message.created_at)) > PATIENCE;
        let counted = [
            (What::Tried, true),
            (What::Arrived, used || arrived(message)),
            (What::Used, used),
            (What::Silent, silent),
        ];
        for (what, _) in counted.into_iter().filter(|(_, so)| *so) {
            raise(tallies, key(what), 0);
        }
        match (message.cost, &message.currency, message.estimate) {
            (Some(cost), Some(currency), _) => {
                raise(tallies, Key { code: currency.clone(), ..key(What::Cost) }, cost);
            }
            (_, _, Some(estimate)) if sent && estimate > 0 => raise(tallies, key(What::Estimate), estimate),
            _ => {}
        }
    }
    messages.iter().any(arrived)
}
