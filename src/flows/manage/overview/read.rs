//! Figures put together.

use super::{
    CapStands, Conversion, Fault as Counted, Faults, Funnel, OfCarrier, OfChannel, OfClient, OfCountry, OfWay,
    Overview, Point, Spent, attention,
};
use crate::app::App;
use crate::domain::delivery::{Cap, Channel, Micros, Scope};
use crate::domain::figures::{Key, Size, Tally, What, Window, percentile};
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use std::cmp::Reverse;
use std::collections::BTreeMap;

type Figures = Vec<(Key, Tally)>;

/// How things stand in a window that ends now.
pub async fn read(app: &App, window: Window) -> Result<Overview, Fault> {
    let (size, _) = window.buckets();
    let [before, since, until] = window.bounds(app.now());
    let now = store::figures::list_sums(app.db.aside(), size, since, until).await?;
    let earlier = store::figures::list_sums(app.db.aside(), size, before, since).await?;
    let steps = store::figures::list_steps(app.db.aside(), size, since, until).await?;
    let slots = slots(&now);
    let mut overview = Overview {
        window,
        since,
        until,
        counted_at: store::figures::find_counted(&app.db).await?,
        sign_ins: funnel(&now),
        before: funnel(&earlier),
        course: course(size, since, until, steps),
        clients: clients(&now),
        countries: countries(&now, &earlier),
        channels: channels(&now, &earlier),
        carriers: carriers(&now, &earlier),
        ways: ways(&now),
        median: percentile(&slots, 0.5),
        p95: percentile(&slots, 0.95),
        spent: spent(&now, &app.config.money_currency),
        caps: caps(app).await?,
        faults: faults(app, &now),
        attention: Vec::new(),
    };
    overview.attention = attention::of(app, &overview);
    Ok(overview)
}

impl Funnel {
    fn add(&mut self, what: What, count: i64) {
        match what {
            What::Begun => self.begun += count,
            What::Asked => self.asked += count,
            What::Delivered => self.delivered += count,
            What::Proven => self.proven += count,
            What::Answered => self.answered += count,
            _ => {}
        }
    }
}

impl Conversion {
    fn add(&mut self, what: What, count: i64) {
        match what {
            What::AskedIn | What::Tried => self.asked += count,
            What::DeliveredIn | What::Arrived => self.delivered += count,
            What::ProvenIn | What::Used => self.proven += count,
            _ => {}
        }
    }
}

const SIGN_INS: [What; 5] = [What::Begun, What::Asked, What::Delivered, What::Proven, What::Answered];
const COUNTRIES: [What; 3] = [What::AskedIn, What::DeliveredIn, What::ProvenIn];
const MESSAGES: [What; 3] = [What::Tried, What::Arrived, What::Used];

fn funnel(figures: &Figures) -> Funnel {
    let mut all = Funnel::default();
    figures.iter().for_each(|(key, tally)| all.add(key.what, tally.count));
    all
}

/// Every bucket, those in which nothing happened too.
fn course(size: Size, since: Time, until: Time, steps: Vec<(Time, What, i64)>) -> Vec<Point> {
    let mut by_start: BTreeMap<Time, Funnel> = BTreeMap::new();
    for (start, what, count) in steps {
        by_start.entry(start).or_default().add(what, count);
    }
    let starts = std::iter::successors(Some(since), |at| Some(at.plus(size.span())).filter(|next| *next < until));
    starts.map(|at| Point { at, sign_ins: by_start.get(&at).copied().unwrap_or_default() }).collect()
}

/// Conversions of these figures, by part of their key.
fn by<K: Ord>(figures: &Figures, whats: &[What], of: impl Fn(&Key) -> Option<K>) -> BTreeMap<K, Conversion> {
    let mut all: BTreeMap<K, Conversion> = BTreeMap::new();
    for (key, tally) in figures.iter().filter(|(key, _)| whats.contains(&key.what)) {
        if let Some(part) = of(key) {
            all.entry(part).or_default().add(key.what, tally.count);
        }
    }
    all
}

/// Now beside before, most asked first.
fn beside<K: Ord + Clone>(
    figures: [&Figures; 2],
    whats: &[What],
    of: impl Fn(&Key) -> Option<K>,
) -> Vec<(K, Conversion, Conversion)> {
    let [now, before] = figures.map(|figures| by(figures, whats, &of));
    let mut all: Vec<_> = now
        .into_iter()
        .map(|(key, now)| {
            let before = before.get(&key).copied().unwrap_or_default();
            (key, now, before)
        })
        .collect();
    all.sort_by_key(|(_, now, _)| Reverse(now.asked));
    all
}

fn clients(now: &Figures) -> Vec<OfClient> {
    let mut all: BTreeMap<&str, Funnel> = BTreeMap::new();
    for (key, tally) in now.iter().filter(|(key, _)| SIGN_INS.contains(&key.what)) {
        all.entry(&key.client).or_default().add(key.what, tally.count);
    }
    let mut all: Vec<OfClient> =
        all.into_iter().map(|(client, sign_ins)| OfClient { client: client.to_owned(), sign_ins }).collect();
    all.sort_by_key(|one| Reverse(one.sign_ins.begun));
    all
}

fn countries(now: &Figures, before: &Figures) -> Vec<OfCountry> {
    let all = beside([now, before], &COUNTRIES, |key| Some(key.country.clone()));
    all.into_iter().map(|(country, now, before)| OfCountry { country, now, before }).collect()
}

fn channels(now: &Figures, before: &Figures) -> Vec<OfChannel> {
    let all = beside([now, before], &MESSAGES, |key| Channel::parse(&key.channel));
    all.into_iter().map(|(channel, now, before)| OfChannel { channel, now, before }).collect()
}

fn carriers(now: &Figures, before: &Figures) -> Vec<OfCarrier> {
    let all = beside([now, before], &MESSAGES, |key| Some(key.carrier.clone()));
    all.into_iter().map(|(carrier, now, before)| OfCarrier { carrier, now, before }).collect()
}

fn ways(now: &Figures) -> Vec<OfWay> {
    let way = |key: &Key| Some((Channel::parse(&key.channel)?, key.country.clone(), key.carrier.clone()));
    let mut all: Vec<OfWay> = by(now, &MESSAGES, way)
        .into_iter()
        .map(|((channel, country, carrier), now)| OfWay { channel, country, carrier, now })
        .collect();
    all.sort_by_key(|one| Reverse(one.now.asked));
    all
}

/// How many took how long, shortest first.
fn slots(now: &Figures) -> Vec<(i64, i64)> {
    let mut all: BTreeMap<i64, i64> = BTreeMap::new();
    for (key, tally) in now.iter().filter(|(key, _)| key.what == What::Took) {
        if let Ok(slot) = key.code.parse() {
            *all.entry(slot).or_default() += tally.count;
        }
    }
    all.into_iter().collect()
}

fn spent(now: &Figures, own: &str) -> Vec<Spent> {
    let mut all: BTreeMap<&str, Spent> = BTreeMap::new();
    for (key, tally) in now {
        let currency = match key.what {
            What::Cost => key.code.as_str(),
            What::Estimate => own,
            _ => continue,
        };
        let none = || Spent { currency: currency.to_owned(), told: Micros(0), estimated: Micros(0) };
        let spent = all.entry(currency).or_insert_with(none);
        let part = if key.what == What::Cost { &mut spent.told } else { &mut spent.estimated };
        part.0 = part.0.saturating_add(tally.sum.0);
    }
    let mut all: Vec<Spent> = all.into_values().collect();
    all.sort_by_key(|spent| Reverse(spent.told.0 + spent.estimated.0));
    all
}

async fn caps(app: &App) -> Result<Vec<CapStands>, Fault> {
    let live = app.live();
    let mut stand = Vec::new();
    for cap in &live.catalog.caps {
        let (of, spent) = most_spent(app, cap).await?;
        let currency = app.config.money_currency.clone();
        stand.push(CapStands { name: cap.name(), of, most: cap.most, spent, currency });
    }
    stand.sort_by_key(|cap| Reverse(cap.percent()));
    Ok(stand)
}

/// Where each is counted by itself, the one that spent most.
async fn most_spent(app: &App, cap: &Cap) -> Result<(String, Micros), Fault> {
    let now = app.now();
    let each = match &cap.scope {
        Scope::Client(client) => Some(client.as_str()),
        Scope::Country(country) => Some(country.as_str()),
        Scope::Installation => None,
    };
    let named = each.unwrap_or_default();
    let Some(counter) = cap.counter(named, named) else { return Ok((String::new(), Micros(0))) };
    if named != "*" {
        return Ok((String::new(), Micros(store::counters::find(&app.db, &counter, now).await?)));
    }
    let prefix = counter.trim_end_matches('*');
    let most = store::counters::find_most(&app.db, prefix, now).await?;
    Ok(most.map_or_else(Default::default, |(key, spent)| (key.replacen(prefix, "", 1), Micros(spent))))
}

fn faults(app: &App, now: &Figures) -> Faults {
    let live = app.live();
    let reports = |carrier: &str| live.carrier(carrier).is_some_and(|ready| ready.sender.reports());
    let of = |what: What| {
        let mut all: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
        let wanted = |key: &Key| key.what == what && (what != What::Silent || reports(&key.carrier));
        for (key, tally) in now.iter().filter(|(key, _)| wanted(key)) {
            *all.entry((&key.carrier, &key.channel, &key.code)).or_default() += tally.count;
        }
        let mut all: Vec<Counted> = all
            .into_iter()
            .map(|((carrier, channel, code), count)| Counted {
                carrier: carrier.to_owned(),
                channel: Channel::parse(channel),
                code: code.to_owned(),
                count,
            })
            .collect();
        all.sort_by_key(|fault| Reverse(fault.count));
        all
    };
    Faults {
        refused: of(What::Refused),
        silent: of(What::Silent),
        opened: of(What::Opened),
        passed_over: of(What::PassedOver),
        stopped: of(What::Stopped),
    }
}
