//! One rung: its carriers in order of preference, until one takes the message or it is clear that none will.

use super::moments::{keep, moment};
use super::{route, spending, write};
use crate::app::App;
use crate::delivery::health::Gate;
use crate::delivery::route::Ready;
use crate::delivery::web::NOT_REACHED;
use crate::domain::carrier::CarrierKind;
use crate::domain::delivery::{Attempt, Channel, Class, Failed, Handed, Message, Micros};
use crate::domain::identifier::Identifier;
use crate::domain::timeline::{Moment, What};
use crate::flows::Fault;
use crate::store;
use crate::telemetry::{ByChannel, Delivery};
use std::time::Duration;
use tokio::runtime::Handle;

/// For what is written down after a carrier has answered.
const MARGIN: Duration = Duration::from_secs(5);

pub enum Went {
    Handed {
        ready: Ready,
        reference: Option<String>,
        status: i64,
        estimate: Micros,
        /// Whether the carrier said that it has it.
        known: bool,
    },
    Nowhere {
        carrier: Option<String>,
        failed: Failed,
    },
}

pub async fn send(
    app: &App,
    speaker: &Handle,
    attempt: &Attempt,
    channel: Channel,
    to: &Identifier,
) -> Result<Went, Fault> {
    let live = app.live();
    let country = attempt.job.country();
    let rung = live.catalog.connection(&attempt.job.connection).and_then(|connection| connection.rung(channel));
    let routed = route(&live.carriers, channel, rung, country.as_deref());
    if routed.is_empty() {
        app.alert("no_carrier", channel.as_str(), "no carrier that can be used carries this channel");
    }
    let country = country.unwrap_or_default();
    let mut last = (None, Failed::new(Class::Misconfigured, "no_carrier", "no carrier carries this channel"));
    // Asking such a carrier whether digits are right would tell who is known, by its time and by its failures.
    let closed = live.catalog.client(&attempt.job.client).is_some_and(|client| !client.sign_up);
    for (ready, choice) in routed.into_iter().filter(|(ready, _)| !(closed && ready.verifier.is_some())) {
        let name = Some(ready.name().to_owned());
        // The place first: a circuit's one probe must not be spent on a message that then finds none.
        let place = app.place(ready.name()).await.filter(|_| may_try(app, ready, channel));
        let Some(_place) = place else {
            let passed = moment(app, attempt, What::PassedOver);
            keep(app, &app.db, Moment { carrier: name.clone(), ..passed }).await?;
            last = (name, Failed::new(Class::Busy, "passed_over", "it fails, or too much is on its way to it"));
            continue;
        };
        if !hold(app, attempt, ready).await? {
            let gone = Failed::new(Class::Busy, "lapsed", "another node looks after it");
            return Ok(Went::Nowhere { carrier: name, failed: gone });
        }
        let estimate = ready.carrier.price(channel, to.reveal());
        let reserved = match spending::reserve(app, attempt, channel, &country, estimate, app.now()).await? {
            Ok(reserved) => reserved,
            Err(capped) => return Ok(Went::Nowhere { carrier: name, failed: capped }),
        };
        let mut message = write::write(app, attempt, channel, to);
        message.sender = choice.and_then(|choice| choice.sender.clone());
        message.region = choice.and_then(|choice| choice.region.clone());
        message.report_to = app.receipts_url(&ready.carrier, &attempt.id);
        if ready.verifier.is_some() {
            // Before it is asked: its digits may be read and typed before its answer is written down, or though it never is.
            store::challenges::change_verifier(&app.db, &attempt.challenge, ready.name(), "").await?;
        }
        let (handed, opened) = hand(app, speaker, ready, message, &country).await;
        if opened {
            let opened = Moment { carrier: name.clone(), ..moment(app, attempt, What::Opened) };
            keep(app, &app.db, opened).await?;
        }
        match handed {
            Handed::Accepted { reference, status, cost } => {
                if let Some(cost) = cost {
                    store::outbox::change_cost(&app.db, &attempt.id, cost.amount.0, &cost.currency).await?;
                }
                let status = status.rank();
                return Ok(Went::Handed {
                    ready: ready.clone(),
                    reference: Some(reference),
                    status,
                    estimate,
                    known: true,
                });
            }
            // The carrier drops a second one: it can be asked again, and nobody else.
            Handed::Unknown(what) if ready.sender.idempotent() => {
                spending::give_back(app, &reserved).await?;
                let failed = Failed::new(Class::Busy, "unknown", what);
                refused(app, attempt, ready, &failed).await?;
                return Ok(Went::Nowhere { carrier: name, failed });
            }
            Handed::Unknown(what) => {
                let unknown = moment(app, attempt, What::Unknown);
                keep(app, &app.db, Moment { carrier: name, detail: Some(what), ..unknown }).await?;
                return Ok(Went::Handed { ready: ready.clone(), reference: None, status: 0, estimate, known: false });
            }
            Handed::Failed(failed) => {
                spending::give_back(app, &reserved).await?;
                refused(app, attempt, ready, &failed).await?;
                let ends = !failed.class.is_the_carriers();
                // Several carriers failed: the one that may yet take it decides what is done.
                if ends || last.1.class != Class::Busy || failed.class == Class::Busy {
                    last = (name, failed);
                }
                if ends {
                    break;
                }
            }
        }
    }
    Ok(Went::Nowhere { carrier: last.0, failed: last.1 })
}

/// Lengthens the lease where this carrier may take longer to answer than is left of it. Not, where another node took over.
async fn hold(app: &App, attempt: &Attempt, ready: &Ready) -> Result<bool, Fault> {
    let until = app.now().plus(Duration::from_secs(ready.carrier.timeout_seconds) + MARGIN);
    // The phone answers at once.
    if attempt.lease_until >= until || ready.carrier.kind == CarrierKind::DevPhone {
        return Ok(true);
    }
    Ok(store::outbox::change_lease(&app.db, attempt, until).await?)
}

fn may_try(app: &App, ready: &Ready, channel: Channel) -> bool {
    app.health.gate(ready.name(), channel, app.now()) != Gate::Open
}

/// What the carrier said, and whether its circuit opened by it.
async fn hand(app: &App, speaker: &Handle, ready: &Ready, message: Message, country: &str) -> (Handed, bool) {
    #[expect(clippy::disallowed_methods, reason = "it measures a duration for a metric")]
    let began = std::time::Instant::now();
    app.health.hands(ready.name(), app.now());
    let (sender, channel) = (ready.sender.clone(), message.channel);
    let spoken = speaker.spawn(async move { sender.send(&message).await });
    let handed = spoken.await.unwrap_or_else(|error| Handed::Unknown(error.to_string()));
    if answered(&handed) {
        app.health.answered(ready.name());
    }
    let took = began.elapsed();
    let opened = note(app, ready, channel, country, took, &handed);
    (handed, opened)
}

/// Whether the carrier said anything at all.
fn answered(handed: &Handed) -> bool {
    match handed {
        Handed::Accepted { .. } => true,
        Handed::Failed(failed) => failed.code != NOT_REACHED,
        Handed::Unknown(_) => false,
    }
}

fn note(app: &App, ready: &Ready, channel: Channel, country: &str, took: Duration, handed: &Handed) -> bool {
    let (outcome, fault) = match handed {
        Handed::Accepted { .. } => ("accepted", false),
        Handed::Unknown(_) => ("unknown", true),
        Handed::Failed(failed) => (failed.class.as_str(), failed.class.is_the_carriers()),
    };
    let (carrier, channel_name) = (ready.name().to_owned(), channel.as_str());
    let opened = app.health.saw(&carrier, channel, country, app.now(), took, fault);
    if let Handed::Accepted { .. } = handed {
        app.health.refused(&carrier, None);
    }
    let of = ByChannel { carrier: carrier.clone(), channel: channel_name };
    app.metrics.delivery_latency.get_or_create(&of).observe(took.as_secs_f64());
    let counted = Delivery { channel: channel_name, carrier, country: country.to_owned(), outcome };
    app.metrics.deliveries.get_or_create(&counted).inc();
    opened
}

/// A carrier said no: kept in the story, and told to the operator where it is theirs to mend.
async fn refused(app: &App, attempt: &Attempt, ready: &Ready, failed: &Failed) -> Result<(), Fault> {
    let name = ready.name();
    tracing::warn!(attempt = %attempt.id, carrier = name, channel = attempt.job.channel().map(Channel::as_str), code = failed.code, class = failed.class.as_str(), "message not taken: {}", failed.detail);
    if failed.class == Class::Misconfigured {
        let what = format!("{} {}", failed.code, failed.detail);
        app.health.refused(name, Some(&what));
        app.alert("misconfigured", name, &format!("refuses our messages: {what}; `countersign doctor` says more"));
    }
    let said = moment(app, attempt, What::Refused);
    let said = Moment {
        carrier: Some(name.to_owned()),
        code: Some(failed.code.clone()),
        detail: Some(failed.detail.clone()),
        ..said
    };
    keep(app, &app.db, said).await
}
