//! The carrier that answers after half a second, on a thread of its own, and its signed receipts. It stands for somebody else's
//! machine, and takes the processors of the server that is measured only where nobody else wants them.

use super::declared::{SECRET, SEND};
use super::listen::Line;
use super::{Failure, web};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::oneshot;

pub const ANSWERS_AFTER: Duration = Duration::from_millis(500);
/// How long after its answer it knows what became of a message.
pub const REPORTS_AFTER: Duration = Duration::from_millis(200);
const LEAST_URGENT: i32 = 19;
const FIRST_RUNG: &str = "whatsapp";

/// Stops when dropped.
pub struct Carrier {
    pub address: String,
    told: Arc<Mutex<Told>>,
    _stop: oneshot::Sender<()>,
}

/// What the carrier was told, by number.
#[derive(Default)]
pub struct Told {
    pub numbers: HashMap<String, Number>,
    /// Receipts that were not taken, and why the first was not.
    pub refused: u64,
    pub first_refusal: Option<String>,
}

#[derive(Clone, Default)]
pub struct Number {
    /// When the message of each rung came.
    pub first: Option<Instant>,
    pub second: Option<Instant>,
    /// Messages beyond one on the same rung.
    pub repeated: u64,
    pub undelivered: Option<Undelivered>,
}

/// The receipt that said so: when it was posted, and when the server had taken it.
#[derive(Clone, Copy)]
pub struct Undelivered {
    pub posted: Instant,
    pub taken: Option<Instant>,
}

#[derive(Deserialize)]
struct Message {
    attempt: String,
    channel: String,
    to: String,
    receipts_url: Option<String>,
}

#[derive(Clone)]
struct Gateway {
    told: Arc<Mutex<Told>>,
    http: reqwest::Client,
    key: Arc<hmac::Key>,
    habits: Habits,
}

#[derive(Clone, Copy)]
pub struct Habits {
    /// Percent of the messages on the first rung that are reported undelivered.
    pub undelivered: u64,
    /// Whether all others are reported delivered.
    pub delivered: bool,
}

impl Carrier {
    pub fn start(habits: Habits) -> Result<Self, Failure> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?.to_string();
        let told = Arc::new(Mutex::new(Told::default()));
        let key = BASE64_STANDARD.decode(SECRET.trim_start_matches("whsec_"))?;
        let gateway = Gateway {
            told: told.clone(),
            http: web::client()?,
            key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &key)),
            habits,
        };
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        countersign::thread::start("carrier", LEAST_URGENT, move || {
            runtime.block_on(async {
                tokio::select! {
                    served = serve(listener, gateway) => served.unwrap_or_else(|error| eprintln!("carrier: {error}")),
                    _ = stopped => (),
                }
            });
        })?;
        Ok(Self { address, told, _stop: stop })
    }

    /// Looks at what was told so far.
    pub fn look<T>(&self, at: impl FnOnce(&Told) -> T) -> T {
        at(&self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn serve(listener: std::net::TcpListener, gateway: Gateway) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let line = Line::open(listener.accept().await?.0)?;
        let gateway = gateway.clone();
        tokio::spawn(async move {
            // The server hangs up when it stops.
            drop(attend(gateway, line).await);
        });
    }
}

async fn attend(gateway: Gateway, mut line: Line) -> Result<(), Failure> {
    while let Some(request) = line.next().await? {
        if request.path != SEND {
            line.answer("404 Not Found", "").await?;
            continue;
        }
        // Whether it understands is asked by a document without a message.
        match serde_json::from_slice::<Message>(&request.body) {
            Ok(message) => {
                let answer = gateway.take(message).await;
                line.answer("200 OK", &answer).await?;
            }
            Err(_) => line.answer("204 No Content", "").await?,
        }
    }
    Ok(())
}

/// The last two digits of a number, which are as good as chance.
fn last_two(number: &str) -> u64 {
    number.get(number.len().saturating_sub(2)..).and_then(|digits| digits.parse().ok()).unwrap_or(99)
}

impl Gateway {
    fn note(&self, to: &str, change: impl FnOnce(&mut Number)) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        change(told.numbers.entry(to.to_owned()).or_default());
    }

    /// Hands the message on, after a while. The answer.
    async fn take(&self, message: Message) -> String {
        let (came, first) = (Instant::now(), message.channel == FIRST_RUNG);
        self.note(&message.to, |number| {
            let rung = if first { &mut number.first } else { &mut number.second };
            number.repeated += u64::from(rung.replace(rung.unwrap_or(came)).is_some());
        });
        tokio::time::sleep(ANSWERS_AFTER).await;
        let answer = json!({ "reference": message.attempt, "status": "accepted" }).to_string();
        let undelivered = first && last_two(&message.to) < self.habits.undelivered;
        if undelivered || self.habits.delivered {
            let gateway = self.clone();
            tokio::spawn(async move { gateway.report(message, undelivered).await });
        }
        answer
    }

    async fn report(&self, message: Message, undelivered: bool) {
        tokio::time::sleep(REPORTS_AFTER).await;
        let status = if undelivered { "undelivered" } else { "delivered" };
        if undelivered {
            let receipt = Undelivered { posted: Instant::now(), taken: None };
            self.note(&message.to, |number| number.undelivered = Some(receipt));
        }
        let taken = self.post(&message, status).await;
        let now = Instant::now();
        match taken {
            Ok(()) if undelivered => self.note(&message.to, |number| {
                number.undelivered.iter_mut().for_each(|receipt| receipt.taken = Some(now));
            }),
            Ok(()) => {}
            Err(failure) => {
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                told.refused += 1;
                told.first_refusal.get_or_insert_with(|| failure.to_string());
            }
        }
    }

    /// Signed as Standard Webhooks says: over id, time and body.
    async fn post(&self, message: &Message, status: &str) -> Result<(), Failure> {
        let url = message.receipts_url.as_deref().ok_or("the message names no receipts_url")?;
        let body = json!({ "attempt": message.attempt, "status": status }).to_string();
        let id = format!("receipt_{}_{status}", message.attempt);
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let tag = hmac::sign(&self.key, format!("{id}.{seconds}.{body}").as_bytes());
        let answer = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", format!("v1,{}", BASE64_STANDARD.encode(tag)))
            .body(body)
            .send()
            .await?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("{status}: {}", answer.text().await?).into()) }
    }
}
