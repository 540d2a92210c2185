//! What they did: most come in, some give up, carriers are mostly good, by day more than by night.

use super::chance::Chance;
use super::{Wanted, people};
use crate::app::App;
use crate::domain::client::ClientKind;
use crate::domain::delivery::Channel;
use crate::domain::identifier::Kind;
use crate::domain::interaction::LIFE;
use crate::domain::portal;
use crate::domain::request::AuthRequest;
use crate::domain::time::Time;
use crate::store::seed::{Challenge, Message, Moment, SignIn};
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many of a hundred come in each hour.
const HOURS: [i64; 24] = [2, 1, 1, 1, 1, 2, 4, 5, 6, 6, 5, 5, 6, 6, 5, 5, 5, 6, 7, 7, 5, 4, 3, 2];
const PASSCODE: Duration = Duration::from_secs(5 * 60);

/// What is declared, or made up where nothing is.
pub(super) struct Ways {
    clients: Vec<(u64, String)>,
    request: String,
    phone: String,
    email: String,
    carriers: Vec<(Channel, String)>,
}

impl Ways {
    pub fn of(app: &App) -> Self {
        let catalog = &app.live().catalog;
        let mut clients: Vec<String> = catalog
            .clients
            .values()
            .filter(|client| client.kind != ClientKind::Machine && client.id.as_str() != portal::CLIENT)
            .map(|client| client.id.to_string())
            .collect();
        clients.sort();
        if clients.is_empty() {
            clients = ["shop", "market", "kiosk"].map(str::to_owned).to_vec();
        }
        // Each half as much used as the one before.
        let weighed = clients.into_iter().enumerate().map(|(place, id)| (1 << (10 - place.min(10)), id));
        let connection = |kind: Kind| {
            let known = catalog.connections.iter().find(|one| one.kind.identifier() == kind);
            known.map_or_else(|| kind.as_str().to_owned(), |connection| connection.name.clone())
        };
        let carrier = |channel: Channel| {
            let known = catalog.carriers.iter().map(|sealed| &sealed.carrier).find(|one| one.kind.carries(channel));
            let usual = match channel {
                Channel::Whatsapp => "meta",
                Channel::Email => "smtp",
                _ => "twilio",
            };
            (channel, known.map_or_else(|| usual.to_owned(), |carrier| carrier.name.clone()))
        };
        Self {
            clients: weighed.collect(),
            request: serde_json::to_string(&AuthRequest::default()).unwrap_or_default(),
            phone: connection(Kind::Phone),
            email: connection(Kind::Email),
            carriers: Channel::ALL.map(carrier).to_vec(),
        }
    }

    /// The n-th of all, in the order of time.
    pub fn sign_in(&self, chance: &mut Chance, wanted: &Wanted, n: u64, now: Time) -> SignIn {
        let created_at = moment(chance, wanted, n, now);
        let id = |chance: &mut Chance, prefix: &str, at: Time| format!("{prefix}_{:012x}{}", at.0, chance.tail());
        let so_far = |at: Time| (at <= now).then_some(at);
        let after =
            |chance: &mut Chance, at: Time, least, most| at.plus(Duration::from_millis(chance.between(least, most)));
        let mut sign_in = SignIn {
            id: id(chance, "in", created_at),
            client: chance.pick(&self.clients).cloned().unwrap_or_default(),
            request: self.request.clone(),
            created_at,
            expires_at: created_at.plus(LIFE),
            finished_at: None,
            challenge: None,
        };
        let issued_at = after(chance, created_at, 3_000, 25_000);
        if chance.happens(80) || issued_at > now {
            return sign_in;
        }
        let (identifier, country) = people::identifier(wanted.seed, chance.below(wanted.people.max(1)));
        let mail = identifier.kind() == Kind::Email;
        let mut challenge = Challenge {
            id: id(chance, "ch", issued_at),
            identifier,
            country: country.to_owned(),
            connection: if mail { self.email.clone() } else { self.phone.clone() },
            issued_at,
            expires_at: issued_at.plus(PASSCODE),
            spent_at: None,
            messages: Vec::new(),
            moments: Vec::new(),
        };
        let first = if mail {
            Channel::Email
        } else {
            *chance.pick(&[(65, Channel::Whatsapp), (31, Channel::Sms), (4, Channel::Voice)]).unwrap_or(&Channel::Sms)
        };
        let mut arrived = self.message(chance, &mut challenge, first, false, issued_at, now);
        if arrived.is_none() && first == Channel::Whatsapp {
            let fell = issued_at.plus(Duration::from_secs(25));
            if fell <= now {
                challenge.moments.push(self.moment(chance, fell, "fell", first, Some("no_receipt")));
                arrived = self.message(chance, &mut challenge, Channel::Sms, true, fell, now);
            }
        }
        if let Some(arrived) = arrived.filter(|_| !chance.happens(90)) {
            if chance.happens(50) {
                challenge.moments.push(self.moment(chance, arrived, "mistyped", first, None));
            }
            challenge.spent_at = so_far(after(chance, arrived, 4_000, 70_000));
            let answered = challenge.spent_at.filter(|_| !chance.happens(15));
            sign_in.finished_at = answered.and_then(|at| so_far(after(chance, at, 20, 900)));
        }
        sign_in.challenge = Some(challenge);
        sign_in
    }

    fn carrier(&self, channel: Channel) -> String {
        self.carriers.iter().find(|(of, _)| *of == channel).map(|(_, carrier)| carrier.clone()).unwrap_or_default()
    }

    fn moment(
        &self,
        chance: &mut Chance,
        at: Time,
        what: &'static str,
        channel: Channel,
        code: Option<&'static str>,
    ) -> Moment {
        let carrier = (what != "mistyped").then(|| self.carrier(channel));
        let channel = (what != "mistyped").then(|| channel.as_str());
        Moment { id: format!("{:012x}{}", at.0, chance.tail()), at, what, carrier, channel, code }
    }

    /// One message; when it arrived, where it did.
    fn message(
        &self,
        chance: &mut Chance,
        challenge: &mut Challenge,
        channel: Channel,
        fell: bool,
        at: Time,
        now: Time,
    ) -> Option<Time> {
        let refused = chance.happens(12);
        let finished_at = at.plus(Duration::from_millis(chance.between(200, 1_500)));
        let delivered = finished_at.plus(Duration::from_millis(chance.between(800, 9_000)));
        let arrives = !refused && chance.happens(if channel == Channel::Whatsapp { 930 } else { 955 });
        let known = arrives && delivered <= now && channel != Channel::Email;
        let estimate = match channel {
            Channel::Whatsapp => 14_000,
            Channel::Sms => 45_000,
            Channel::Voice => 90_000,
            _ => 0,
        };
        challenge.messages.push(Message {
            id: format!("at_{:012x}{}", at.0, chance.tail()),
            channel: channel.as_str(),
            carrier: self.carrier(channel),
            state: if refused { "failed" } else { "sent" },
            fell,
            status: if known { 4 } else { i64::from(!refused) },
            class: refused.then_some("busy"),
            code: refused.then_some("503"),
            created_at: at,
            finished_at,
            reported_at: known.then_some(delivered),
            estimate: if refused { 0 } else { estimate },
            cost: (known && channel == Channel::Sms).then_some((41_000, "USD")),
        });
        if refused {
            challenge.moments.push(self.moment(chance, finished_at, "refused", channel, Some("503")));
        }
        (arrives && delivered <= now).then_some(delivered)
    }
}

/// The n-th moment of so many in so many days: in order, and by day more than by night.
fn moment(chance: &mut Chance, wanted: &Wanted, n: u64, now: Time) -> Time {
    let whole = i64::from(wanted.days.max(1)) * DAY;
    let (span, of) = (i128::from(whole), wanted.sign_ins);
    let jitter = i128::from(chance.below(1_000));
    let even = i64::try_from(span * (i128::from(n) * 1_000 + jitter) / (i128::from(of.max(1)) * 1_000)).unwrap_or(0);
    let (day, within) = (even / DAY, even % DAY);
    // The share of the day that is over, in hundredths of people, and the hour by which so many have come.
    let share = within * 100;
    let mut come = 0;
    for (hour, weight) in (0..).zip(HOURS) {
        let next = come + weight * DAY;
        if share < next {
            let into = (share - come) / weight / 24;
            return Time(now.0 - whole + day * DAY + hour * (DAY / 24) + into);
        }
        come = next;
    }
    Time(now.0 - whole + (day + 1) * DAY - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_order_and_fill_thirty_days() {
        let (mut chance, now) = (Chance::of(1), Time(1_700_000_000_000));
        let wanted = Wanted { people: 1, sign_ins: 10_000, days: 30, seed: 1 };
        assert_eq!(HOURS.iter().sum::<i64>(), 100);
        let all: Vec<Time> = (0..10_000).map(|n| moment(&mut chance, &wanted, n, now)).collect();
        assert!(all.is_sorted() && all[0] >= now.minus(Duration::from_secs(30 * 86_400)) && all[9_999] <= now);
        assert!(
            now.since(all[9_999]) < Duration::from_secs(3_600)
                && now.since(all[5_000]) > Duration::from_secs(14 * 86_400)
        );
    }
}
