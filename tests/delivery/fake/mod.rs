//! A fake of every carrier: it speaks their APIs, keeps what it accepted, answers by the number's last digits and by switches,
//! and posts receipts signed as the vendors sign them. One server stands for any number of carriers: the first part of the
//! path is the carrier's name.

#![allow(dead_code, reason = "each test binary uses its own part of the fake")]

pub mod message;
pub mod meta;
pub mod receipt;
mod serve;
pub mod sign;
pub mod telegram;
pub mod twilio;
pub mod verify;
pub mod vonage;
pub mod way;
pub mod webhook;

pub use message::Message;
pub use receipt::Report;
pub use way::{Way, Why};

use countersign::clock::Clock;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::watch;

#[derive(Clone)]
pub struct Fake(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    numbers: AtomicUsize,
    /// Changes whenever a switch does: what hangs looks again.
    switched: watch::Sender<u64>,
    door: serve::Door,
    /// What receipts are posted with.
    http: reqwest::Client,
}

#[derive(Default)]
pub struct State {
    /// The house's own URL, where carriers with one address for all receipts report.
    pub house: String,
    /// The house's own time: signatures are no older than it.
    clock: Clock,
    /// Every request to send, taken or not.
    pub asked: Vec<Message>,
    /// What was accepted, as a person would find it on their device.
    pub taken: Vec<Message>,
    ways: HashMap<(String, String), Way>,
    /// Numbers that were told once to come back.
    paused: HashSet<(String, String, String)>,
    /// How the house answered each receipt that went out by itself.
    pub answers: Vec<u16>,
    pub prices: twilio::Prices,
    pub verify: verify::Verifications,
    pub telegram: telegram::Requests,
}

impl Fake {
    pub async fn start() -> Self {
        let (door, listener) = serve::Door::open().await;
        let fake = Self(Arc::new(Inner {
            state: Mutex::default(),
            numbers: AtomicUsize::new(1),
            switched: watch::Sender::new(0),
            http: receipt::client(),
            door,
        }));
        fake.0.door.answer(&fake, listener);
        fake
    }

    /// Where a carrier of this name is to be spoken to.
    pub fn url(&self, carrier: &str) -> String {
        format!("http://127.0.0.1:{}/{carrier}", self.0.door.port)
    }

    /// Where the house listens.
    pub fn report_to(&self, issuer: &str, clock: Clock) {
        let mut state = self.state();
        (state.house, state.clock) = (issuer.to_owned(), clock);
    }

    /// Seconds since 1970.
    pub fn now(&self) -> u64 {
        u64::try_from(self.state().clock.now().secs()).expect("after 1970")
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("no panic inside")
    }

    /// How this carrier answers from now on, on every channel.
    pub fn set(&self, carrier: &str, way: Way) {
        self.set_on(carrier, "*", way);
    }

    /// The same for one channel of it.
    pub fn set_on(&self, carrier: &str, channel: &str, way: Way) {
        self.state().ways.insert((carrier.to_owned(), channel.to_owned()), way);
        self.0.switched.send_modify(|count| *count += 1);
    }

    /// Nothing listens any more: connections are refused, those that are open end.
    pub fn down(&self) {
        self.0.door.close();
    }

    pub async fn up(&self) {
        let listener = self.0.door.reopen().await;
        self.0.door.answer(self, listener);
    }

    fn next(&self) -> usize {
        self.0.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// What was accepted for this number so far, in order.
    pub fn taken(&self, to: &str) -> Vec<Message> {
        self.state().taken.iter().filter(|message| message.to == to).cloned().collect()
    }

    /// How often anybody was asked to send to this number.
    pub fn asked(&self, to: &str) -> Vec<Message> {
        self.state().asked.iter().filter(|message| message.to == to).cloned().collect()
    }

    /// The channels by which messages to this number were accepted, in order.
    pub fn channels(&self, to: &str) -> Vec<&'static str> {
        self.taken(to).iter().map(|message| message.channel).collect()
    }

    /// Waits until this many messages to a number were accepted.
    pub async fn messages(&self, to: &str, count: usize) -> Vec<Message> {
        self.until(&format!("{count} messages to {to}"), || self.taken(to).len() >= count).await;
        self.taken(to)
    }

    /// Waits until anybody was asked this often to send to a number.
    pub async fn requests(&self, to: &str, count: usize) -> Vec<Message> {
        self.until(&format!("{count} requests for {to}"), || self.asked(to).len() >= count).await;
        self.asked(to)
    }

    pub async fn until(&self, what: &str, so: impl Fn() -> bool) {
        for _ in 0..1500 {
            if so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let all = self.state().asked.clone();
        panic!("never: {what}; asked were {all:#?}");
    }
}
