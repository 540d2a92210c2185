//! What operators see: log lines and metrics. What may never be logged: passcodes, codes, tokens, secrets, and identifiers
//! other than masked, which is how they print.

use crate::config::LogFormat;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicI64, AtomicU64};
use tracing_subscriber::EnvFilter;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Request {
    pub route: String,
    pub method: &'static str,
    pub status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Route {
    pub route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Outcome {
    pub outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Delivery {
    pub channel: &'static str,
    pub carrier: String,
    /// ISO 3166 alpha-2 of the number; empty for addresses.
    pub country: String,
    pub outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByChannel {
    pub carrier: String,
    pub channel: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByCountry {
    pub carrier: String,
    pub channel: &'static str,
    pub country: String,
}

pub type Latency = Family<Route, Histogram, fn() -> Histogram>;

#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub requests: Family<Request, Counter>,
    pub latency: Latency,
    pub challenges: Family<Outcome, Counter>,
    pub passcodes: Family<Outcome, Counter>,
    pub sign_ins: Family<Outcome, Counter>,
    pub tokens: Family<Outcome, Counter>,
    pub deliveries: Family<Delivery, Counter>,
    pub delivery_latency: Family<ByChannel, Histogram, fn() -> Histogram>,
    pub receipts: Family<Delivery, Counter>,
    pub notices: Family<Outcome, Counter>,
    pub events: Family<Outcome, Counter>,
    pub alerts: Family<Outcome, Counter>,
    circuits: Family<ByChannel, Gauge>,
    success: Family<ByCountry, Gauge<f64, AtomicU64>>,
    answer: Family<ByCountry, Gauge<f64, AtomicU64>>,
    /// Things of ours that broke; zero on a good day.
    pub faults: Counter,
    outbox: Gauge<i64, AtomicI64>,
    statements: Gauge<i64, AtomicI64>,
    transactions: Gauge<i64, AtomicI64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("countersign");
        let metrics = Self {
            requests: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_5, 2.0, 14))),
            challenges: Family::default(),
            passcodes: Family::default(),
            sign_ins: Family::default(),
            tokens: Family::default(),
            deliveries: Family::default(),
            delivery_latency: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.01, 2.0, 12))),
            receipts: Family::default(),
            notices: Family::default(),
            events: Family::default(),
            alerts: Family::default(),
            circuits: Family::default(),
            success: Family::default(),
            answer: Family::default(),
            faults: Counter::default(),
            outbox: Gauge::default(),
            statements: Gauge::default(),
            transactions: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests answered, by route and status", metrics.requests.clone());
        registry.register("http_request_seconds", "How long answers took, by route", metrics.latency.clone());
        registry.register("challenges", "Passcodes asked for, by outcome", metrics.challenges.clone());
        registry.register("passcodes", "Passcodes typed, by outcome", metrics.passcodes.clone());
        registry.register("sign_ins", "Sign-ins completed, by outcome", metrics.sign_ins.clone());
        registry.register("tokens", "Answers of the token endpoint, by outcome", metrics.tokens.clone());
        registry.register("deliveries", "Messages handed to carriers, by outcome", metrics.deliveries.clone());
        registry.register("delivery_seconds", "How long carriers took to answer", metrics.delivery_latency.clone());
        registry.register("receipts", "What carriers reported, by status", metrics.receipts.clone());
        registry.register("notices", "Clients told of a sign-out, by outcome", metrics.notices.clone());
        registry.register("events", "Endpoints told of events, by outcome", metrics.events.clone());
        registry.register("alerts", "What an operator has to look at, by kind", metrics.alerts.clone());
        registry.register(
            "circuit_open",
            "1 while a carrier is passed over because it fails",
            metrics.circuits.clone(),
        );
        registry.register(
            "carrier_success_ratio",
            "Share of messages each carrier took without a fault of its own, last five minutes",
            metrics.success.clone(),
        );
        registry.register(
            "carrier_answer_seconds",
            "Mean time each carrier took, last five minutes",
            metrics.answer.clone(),
        );
        registry.register("faults", "Requests that broke on our side", metrics.faults.clone());
        registry.register("outbox_open", "Messages waiting or on their way", metrics.outbox.clone());
        // Counted by the store and only shown here, hence gauges by type though they only rise.
        registry.register(
            "sql_statements_total",
            "SQL statements sent, BEGIN and COMMIT apart",
            metrics.statements.clone(),
        );
        registry.register("sql_transactions_total", "SQL transactions begun", metrics.transactions.clone());
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// The rolling figures as they are now: what fell out of the window is forgotten. `(of whom, success, mean seconds)`
    pub fn set_rolling(&self, figures: impl Iterator<Item = (ByCountry, f64, f64)>) {
        self.success.clear();
        self.answer.clear();
        for (of, success, answer) in figures {
            self.success.get_or_create(&of).set(success);
            self.answer.get_or_create(&of).set(answer);
        }
    }

    pub fn set_circuit(&self, carrier: &str, channel: &'static str, open: bool) {
        self.circuits.get_or_create(&ByChannel { carrier: carrier.to_owned(), channel }).set(i64::from(open));
    }

    /// The page Prometheus reads (OpenMetrics 1.0).
    pub fn page(&self, statements: u64, transactions: u64, outbox: i64) -> String {
        self.statements.set(i64::try_from(statements).unwrap_or(i64::MAX));
        self.transactions.set(i64::try_from(transactions).unwrap_or(i64::MAX));
        self.outbox.set(outbox);
        let mut page = String::new();
        if encode(&mut page, &self.registry).is_err() {
            page.clear();
        }
        page
    }
}

/// Starts logging to standard error, once a process.
pub fn start_logging(level: &str, format: LogFormat) {
    let filter = filter(level);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.try_init(),
    };
    drop(started);
}

/// What is logged at a level. tower-sessions opens a span of its own around every request, which says nothing ours does not;
/// the phone number library tells the numbers it reads.
pub fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_new(format!("{level},tower_sessions=warn,rlibphonenumber=off"))
        .unwrap_or_else(|_| EnvFilter::new("info"))
}
