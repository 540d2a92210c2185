//! What carriers report, once it is proven to come from them: a status only rises, a failure climbs the ladder at once, and
//! whatever comes twice, late or out of order changes nothing else.

use super::fall::{self, Why};
use super::moments::{keep, moment};
use super::told;
use crate::app::App;
pub use crate::delivery::Posted;
use crate::delivery::Reported;
use crate::domain::delivery::{Attempt, Class, Failed, Receipt, Status};
use crate::domain::timeline::{Moment, What};
use crate::flows::{Fault, figures};
use crate::store;
use crate::telemetry::Delivery;

#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// Whatever it was about: what is not ours, or not news, is taken like all others, so that it is not sent again.
    Done,
    Handshake(String),
    /// Not proven to come from the carrier.
    Unproven,
    NoCarrier,
}

pub async fn take(app: &App, carrier: &str, posted: &Posted<'_>) -> Result<Taken, Fault> {
    let live = app.live();
    let Some(ready) = live.carrier(carrier) else {
        return Ok(Taken::NoCarrier);
    };
    let receipts = match ready.sender.read(posted) {
        Ok(Reported::Receipts(receipts)) => receipts,
        Ok(Reported::Handshake(answer)) => return Ok(Taken::Handshake(answer)),
        Err(unproven) => {
            tracing::warn!(carrier, "receipt refused: {}", unproven.0);
            return Ok(Taken::Unproven);
        }
    };
    for receipt in receipts {
        believe(app, carrier, receipt).await?;
    }
    Ok(Taken::Done)
}

async fn believe(app: &App, carrier: &str, receipt: Receipt) -> Result<(), Fault> {
    let found = match (&receipt.attempt, &receipt.reference) {
        (Some(id), _) if !id.as_str().contains('\0') => store::outbox::find(&app.db, carrier, id.as_str()).await?,
        (None, Some(reference)) if !reference.contains('\0') => {
            store::outbox::find_by_reference(&app.db, carrier, reference).await?
        }
        _ => None,
    };
    let Some(attempt) = found else {
        tracing::debug!(carrier, "a receipt for no attempt of ours");
        return Ok(());
    };
    let failed = match (&receipt.failed, receipt.status) {
        (Some(failed), _) => Some(failed.clone()),
        (None, Status::Undelivered) => Some(Failed::new(Class::Unreachable, "undelivered", "the carrier gave up")),
        _ => None,
    };
    let (status, now) = (receipt.status, app.now());
    let news = told::reported(app, &attempt, carrier, &receipt, failed.as_ref(), now).await?;
    if let Some(cost) = &receipt.cost {
        store::outbox::change_cost(&app.db, &attempt.id, cost.amount.0, &cost.currency).await?;
    }
    // Acted on even where it is no news: a node may have died between the record and the deed, and the deed is done once.
    if let (Status::Undelivered, Some(failed)) = (status, &failed) {
        act(app, &attempt, carrier, failed, news).await?;
    }
    if news {
        record(app, &attempt, carrier, status, failed).await?;
        figures::changed(app, &attempt.interaction).await?;
        app.tell(&attempt.challenge);
    }
    Ok(())
}

async fn act(app: &App, attempt: &Attempt, carrier: &str, failed: &Failed, news: bool) -> Result<(), Fault> {
    if failed.class == Class::Misconfigured && news {
        app.alert("misconfigured", carrier, &format!("did not deliver: {} {}", failed.code, failed.detail));
    }
    if failed.class.stops() {
        // Not repeated for a repeated receipt: there is nothing to undo and nothing left to do.
        return if news { fall::ended(app, attempt, carrier, failed).await } else { Ok(()) };
    }
    fall::handed(app, attempt, Why { code: failed.code.clone(), toll: true, carrier: Some(carrier.to_owned()) }).await
}

async fn record(
    app: &App,
    attempt: &Attempt,
    carrier: &str,
    status: Status,
    failed: Option<Failed>,
) -> Result<(), Fault> {
    let channel = attempt.job.channel().map_or("", |channel| channel.as_str());
    let country = attempt.job.country().unwrap_or_default();
    let counted = Delivery { channel, carrier: carrier.to_owned(), country, outcome: status.as_str() };
    app.metrics.receipts.get_or_create(&counted).inc();
    let said = failed.map(|failed| format!("{} {}", failed.code, failed.detail));
    let moment = Moment {
        carrier: Some(carrier.to_owned()),
        code: Some(status.as_str().to_owned()),
        detail: said,
        ..moment(app, attempt, What::Receipt)
    };
    keep(app, &app.db, moment).await
}
