//! The phone: a carrier that shows every message on a page, for a first sign-in without an account anywhere.
//! Messages live in memory only, so a passcode is never stored.

use super::{Finding, Sender};
use crate::domain::delivery::{Channel, Handed, Message, Status};
use crate::domain::time::Time;
use async_trait::async_trait;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// How many messages it remembers.
const MEMORY: usize = 200;

#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The attempt it came by.
    pub id: String,
    pub channel: Channel,
    /// The app that wrote, as the device names the sender.
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub language: String,
    /// Seconds since 1970.
    pub at: i64,
}

#[derive(Clone, Debug)]
pub struct Phone {
    shown: Arc<Mutex<VecDeque<Shown>>>,
    live: broadcast::Sender<Shown>,
}

impl Default for Phone {
    fn default() -> Self {
        Self { shown: Arc::default(), live: broadcast::channel(64).0 }
    }
}

impl Phone {
    /// Newest first, to one number or address or to all.
    pub fn messages(&self, to: Option<&str>) -> Vec<Shown> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().filter(|message| to.is_none_or(|to| message.to == to)).cloned().collect()
    }

    pub fn listen(&self) -> broadcast::Receiver<Shown> {
        self.live.subscribe()
    }
}

#[async_trait]
impl Sender for Phone {
    fn idempotent(&self) -> bool {
        true
    }

    async fn send(&self, message: &Message) -> Handed {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let id = message.attempt.as_str();
        if !shown.iter().any(|have| have.id == id) {
            let new = Shown {
                id: id.to_owned(),
                channel: message.channel,
                from: message.from.clone(),
                to: message.to.reveal().to_owned(),
                subject: message.subject.clone(),
                text: message.text.clone(),
                language: message.language.clone(),
                at: message.at.secs(),
            };
            shown.push_front(new.clone());
            shown.truncate(MEMORY);
            let _nobody_watches = self.live.send(new);
        }
        // What lies on the page has arrived.
        Handed::Accepted { reference: id.to_owned(), status: Status::Delivered, cost: None }
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        vec![Finding::good("shows every message at /dev/phone")]
    }
}
