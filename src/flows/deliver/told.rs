//! How messages fare, for endpoints that hear of events. Where none does, a record is one statement, and those of hand-overs are
//! written many at once.

use super::book::{Book, Entry};
use crate::app::App;
use crate::domain::delivery::{Attempt, Failed, Micros, Receipt, Status};
use crate::domain::event::{Handover, Happened, Kind};
use crate::domain::time::Time;
use crate::flows::{Fault, events};
use crate::store::Tx;
use crate::store::outbox::{self, Sent, finish_sent};

/// Handed over; `known` where the carrier said that it has it.
pub async fn sent(app: &App, book: &Book, attempt: Attempt, sent: Sent, known: bool, now: Time) -> Result<(), Fault> {
    let mut kinds = vec![Kind::DeliveryAccepted];
    if sent.status >= Status::Delivered.rank() {
        kinds.push(Kind::DeliveryDelivered);
    }
    if !known || !events::wanted(app, &kinds) {
        return book.enter(Entry { attempt, sent, at: now }).await;
    }
    let (carrier, estimate) = (&sent.carrier, Micros(sent.estimate));
    let mut tx = app.db.begin().await?;
    if finish_sent(&mut tx, &attempt, &sent, now).await? {
        let currency = &app.config.money_currency;
        let handover = Handover { carrier: Some(carrier), estimate: Some(estimate), currency, ..Handover::default() };
        for kind in kinds {
            events::write(app, &mut tx, Happened::delivery(kind, &attempt, &handover)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Nobody took it.
pub async fn failed(
    app: &App,
    tx: &mut Tx,
    attempt: &Attempt,
    carrier: Option<&str>,
    failed: &Failed,
) -> Result<(), Fault> {
    let handover = Handover { carrier, failed: Some(failed), ..Handover::default() };
    events::write(app, tx, Happened::delivery(Kind::DeliveryFailed, attempt, &handover)).await
}

/// What its carrier reported; whether that is news.
pub async fn reported(
    app: &App,
    attempt: &Attempt,
    carrier: &str,
    receipt: &Receipt,
    failed: Option<&Failed>,
    now: Time,
) -> Result<bool, Fault> {
    let (id, rank) = (&attempt.id, receipt.status.rank());
    let kind = match receipt.status {
        Status::Delivered => Some(Kind::DeliveryDelivered),
        Status::Undelivered => Some(Kind::DeliveryFailed),
        _ => None,
    };
    let Some(kind) = kind.filter(|kind| events::wanted(app, &[*kind])) else {
        return Ok(outbox::change_status(&app.db, id, carrier, rank, failed, now).await?);
    };
    let mut tx = app.db.begin().await?;
    let news = outbox::change_status(&mut tx, id, carrier, rank, failed, now).await?;
    if news {
        let handover = Handover { carrier: Some(carrier), failed, cost: receipt.cost.as_ref(), ..Handover::default() };
        events::write(app, &mut tx, Happened::delivery(kind, attempt, &handover)).await?;
    }
    tx.commit().await?;
    Ok(news)
}
