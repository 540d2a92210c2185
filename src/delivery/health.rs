//! How well each carrier does, on this node: a circuit breaker per carrier and channel, and the last minutes' successes and
//! times per country. It forgets by itself; nothing here is stored.

use crate::domain::delivery::Channel;
use crate::domain::time::Time;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Faults in a row that open a circuit.
const IN_A_ROW: u32 = 5;
/// Or this share of what was tried in the last minute, once there are enough to tell.
const SHARE: (usize, usize) = (1, 2);
const ENOUGH: usize = 20;
const MINUTE: Duration = Duration::from_secs(60);
/// How long a circuit stays open at first; doubled each time the probe fails.
const REST: Duration = Duration::from_secs(15);
const LONGEST_REST: Duration = Duration::from_secs(5 * 60);
/// What the rolling figures look back on.
const LOOK_BACK: Duration = Duration::from_secs(5 * 60);
/// Figures kept for one carrier, channel and country.
const KEPT: usize = 256;
/// A carrier that answers nobody for so long is taken to hang, before its first message has timed out.
const SILENCE: Duration = Duration::from_secs(3);

#[derive(Default)]
pub struct Health(Mutex<Known>);

#[derive(Default)]
struct Known {
    circuits: BTreeMap<(String, Channel), Circuit>,
    figures: BTreeMap<(String, Channel, String), VecDeque<Seen>>,
    /// Since when a carrier that was handed something has answered nobody.
    silent: BTreeMap<String, Time>,
    /// Carriers whose credentials were refused, and in which words.
    refused: BTreeMap<String, String>,
}

#[derive(Default)]
struct Circuit {
    in_a_row: u32,
    recent: VecDeque<(Time, bool)>,
    opened: Option<Opened>,
}

struct Opened {
    until: Time,
    rest: Duration,
    /// One message is out to see whether the carrier is back.
    probing: bool,
}

#[derive(Clone, Copy)]
struct Seen {
    at: Time,
    good: bool,
    took: Duration,
}

/// Rolling figures of one carrier, channel and country.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    pub carrier: String,
    pub channel: Channel,
    pub country: String,
    pub tried: u32,
    pub good: u32,
    /// The mean time the carrier took to answer.
    pub took: Duration,
}

/// Something about a carrier that wants looking at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub carrier: String,
    pub kind: &'static str,
    pub text: String,
}

/// Whether a message may go to a carrier now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Closed,
    /// Its circuit rested long enough: this one message finds out.
    Probe,
    /// It faults; go elsewhere.
    Open,
}

impl Health {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn gate(&self, carrier: &str, channel: Channel, now: Time) -> Gate {
        let mut known = self.known();
        let Some(circuit) = known.circuits.get_mut(&(carrier.to_owned(), channel)) else { return Gate::Closed };
        match &mut circuit.opened {
            None => Gate::Closed,
            Some(opened) if now < opened.until || opened.probing => {
                // A probe that never came back must not keep the circuit open for ever.
                if opened.probing && now.since(opened.until) > MINUTE {
                    opened.until = now;
                    return Gate::Probe;
                }
                Gate::Open
            }
            Some(opened) => {
                opened.probing = true;
                Gate::Probe
            }
        }
    }

    /// A message is on its way to it.
    pub fn hands(&self, carrier: &str, now: Time) {
        self.known().silent.entry(carrier.to_owned()).or_insert(now);
    }

    /// It answered somebody, whatever it said.
    pub fn answered(&self, carrier: &str) {
        self.known().silent.remove(carrier);
    }

    /// Whether it seems to hang: not to be given many more.
    pub fn hangs(&self, carrier: &str, now: Time) -> bool {
        self.known().silent.get(carrier).is_some_and(|since| now.since(*since) > SILENCE)
    }

    /// What came of a message. `fault` is the carrier's own failure: not reached, broken, busy, refusing our credentials. A
    /// number that cannot be reached is no fault of the carrier's. Whether its circuit opened by this.
    pub fn saw(&self, carrier: &str, channel: Channel, country: &str, now: Time, took: Duration, fault: bool) -> bool {
        let mut known = self.known();
        let circuit = known.circuits.entry((carrier.to_owned(), channel)).or_default();
        let was_open = circuit.opened.is_some();
        circuit.saw(now, fault);
        let opened = !was_open && circuit.opened.is_some();
        let figures = known.figures.entry((carrier.to_owned(), channel, country.to_owned())).or_default();
        figures.push_back(Seen { at: now, good: !fault, took });
        while figures.len() > KEPT || figures.front().is_some_and(|seen| now.since(seen.at) > LOOK_BACK) {
            figures.pop_front();
        }
        opened
    }

    /// The carrier refused our credentials, or takes them again.
    pub fn refused(&self, carrier: &str, what: Option<&str>) {
        let mut known = self.known();
        match what {
            Some(what) => drop(known.refused.insert(carrier.to_owned(), what.to_owned())),
            None => drop(known.refused.remove(carrier)),
        }
    }

    /// What an operator should look at: circuits that are open, credentials that are refused.
    pub fn troubles(&self) -> Vec<Trouble> {
        let known = self.known();
        let open = known.circuits.iter().filter(|(_, circuit)| circuit.opened.is_some());
        let failing = open.map(|((carrier, channel), _)| Trouble {
            carrier: carrier.clone(),
            kind: "failing",
            text: format!("{} fails; it is tried again now and then", channel.as_str()),
        });
        let refused = known.refused.iter().map(|(carrier, what)| Trouble {
            carrier: carrier.clone(),
            kind: "refused",
            text: what.clone(),
        });
        failing.chain(refused).collect()
    }

    /// Whether this circuit is open; unlike [`Self::gate`], asking is no probe.
    pub fn is_open(&self, carrier: &str, channel: Channel) -> bool {
        let known = self.known();
        known.circuits.get(&(carrier.to_owned(), channel)).is_some_and(|circuit| circuit.opened.is_some())
    }

    /// Whether each circuit known is open.
    pub fn circuits(&self) -> Vec<(String, Channel, bool)> {
        let known = self.known();
        known
            .circuits
            .iter()
            .map(|((carrier, channel), circuit)| (carrier.clone(), *channel, circuit.opened.is_some()))
            .collect()
    }

    pub fn figures(&self, now: Time) -> Vec<Figures> {
        let known = self.known();
        let recent = |seen: &VecDeque<Seen>| {
            seen.iter().filter(|seen| now.since(seen.at) <= LOOK_BACK).copied().collect::<Vec<_>>()
        };
        let all = known.figures.iter().map(|((carrier, channel, country), seen)| {
            let seen = recent(seen);
            let took: Duration = seen.iter().map(|seen| seen.took).sum();
            Figures {
                carrier: carrier.clone(),
                channel: *channel,
                country: country.clone(),
                tried: count(seen.len()),
                good: count(seen.iter().filter(|seen| seen.good).count()),
                took: took.checked_div(count(seen.len())).unwrap_or_default(),
            }
        });
        all.filter(|figures| figures.tried > 0).collect()
    }
}

fn count(seen: usize) -> u32 {
    u32::try_from(seen).unwrap_or(u32::MAX)
}

impl Circuit {
    fn saw(&mut self, now: Time, fault: bool) {
        if !fault {
            // One good answer closes it; what failed before the rest is no longer news.
            if self.opened.take().is_some() {
                self.recent.clear();
            }
            self.in_a_row = 0;
        } else {
            self.in_a_row += 1;
        }
        self.recent.push_back((now, fault));
        while self.recent.len() > KEPT || self.recent.front().is_some_and(|(at, _)| now.since(*at) > MINUTE) {
            self.recent.pop_front();
        }
        let faults = self.recent.iter().filter(|(_, fault)| *fault).count();
        let mostly = self.recent.len() >= ENOUGH && faults * SHARE.1 >= self.recent.len() * SHARE.0;
        match &mut self.opened {
            Some(opened) if fault && opened.probing => {
                let rest = (opened.rest * 2).min(LONGEST_REST);
                *opened = Opened { until: now.plus(rest), rest, probing: false };
            }
            Some(_) => {}
            None if fault && (self.in_a_row >= IN_A_ROW || mostly) => {
                self.opened = Some(Opened { until: now.plus(REST), rest: REST, probing: false });
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Sms, Voice};

    fn fail(health: &Health, at: Time, times: u32) {
        (0..times).for_each(|_| {
            health.saw("a", Sms, "NG", at, Duration::ZERO, true);
        });
    }

    #[test]
    fn a_circuit_opens_rests_probes_and_closes() {
        let (health, start) = (Health::default(), Time(0));
        fail(&health, start, 4);
        assert_eq!(health.gate("a", Sms, start), Gate::Closed);
        fail(&health, start, 1);
        assert_eq!(health.gate("a", Sms, start), Gate::Open);
        assert_eq!((health.gate("a", Voice, start), health.gate("b", Sms, start)), (Gate::Closed, Gate::Closed));
        let rested = start.plus(REST);
        assert_eq!(health.gate("a", Sms, rested), Gate::Probe);
        assert_eq!(health.gate("a", Sms, rested), Gate::Open, "one probe at a time");
        fail(&health, rested, 1);
        assert_eq!(health.gate("a", Sms, rested.plus(REST)), Gate::Open, "it rests twice as long");
        let again = rested.plus(REST * 2);
        assert_eq!(health.gate("a", Sms, again), Gate::Probe);
        health.saw("a", Sms, "NG", again, Duration::ZERO, false);
        assert_eq!(health.gate("a", Sms, again), Gate::Closed);
        assert!(health.troubles().is_empty());
    }

    #[test]
    fn half_of_many_opens_it_too_and_old_faults_do_not_count() {
        let health = Health::default();
        for n in 0..20 {
            health.saw("a", Sms, "NG", Time(n), Duration::ZERO, n % 2 == 1);
        }
        assert_eq!(health.gate("a", Sms, Time(20)), Gate::Open);
        let health = Health::default();
        for n in 0..40 {
            health.saw("a", Sms, "NG", Time::from_secs(n * 10), Duration::ZERO, n % 2 == 1);
        }
        assert_eq!(health.gate("a", Sms, Time::from_secs(400)), Gate::Closed);
    }

    #[test]
    fn a_lost_probe_is_sent_again() {
        let health = Health::default();
        fail(&health, Time(0), 5);
        let rested = Time(0).plus(REST);
        assert_eq!(health.gate("a", Sms, rested), Gate::Probe);
        assert_eq!(health.gate("a", Sms, rested.plus(Duration::from_secs(61))), Gate::Probe);
    }

    #[test]
    fn a_carrier_that_answers_nobody_seems_to_hang() {
        let health = Health::default();
        health.hands("a", Time(0));
        health.hands("a", Time::from_secs(3));
        assert!(!health.hangs("a", Time::from_secs(3)) && health.hangs("a", Time(3_001)));
        assert!(!health.hangs("b", Time::from_secs(9)));
        health.answered("a");
        assert!(!health.hangs("a", Time::from_secs(9)));
    }

    #[test]
    fn figures_look_back_five_minutes() {
        let health = Health::default();
        health.saw("a", Sms, "NG", Time(0), Duration::from_millis(100), true);
        health.saw("a", Sms, "NG", Time::from_secs(290), Duration::from_millis(300), false);
        let figures = health.figures(Time::from_secs(295));
        assert_eq!(figures.iter().map(|f| (f.tried, f.good, f.took.as_millis())).collect::<Vec<_>>(), [(2, 1, 200)]);
        assert_eq!(health.figures(Time::from_secs(400)).first().map(|f| (f.tried, f.good)), Some((1, 1)));
        assert!(health.figures(Time::from_secs(900)).is_empty());
    }
}
