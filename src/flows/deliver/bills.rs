//! What messages really cost, asked of carriers that tell it only then: a while after, then less and less often, until it has been a day.

use crate::app::App;
use crate::domain::ids::AttemptId;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use futures_util::future::join_all;
use std::time::Duration;

/// A price is seldom known sooner.
pub const FIRST: Duration = Duration::from_secs(60);
/// Who has not told it by then will not.
const LAST: Duration = Duration::from_secs(24 * 60 * 60);

pub async fn ask(app: &App) -> Result<(), Fault> {
    loop {
        let due = store::outbox::list_unbilled(&app.db, app.now()).await?;
        ask_of(app, &due).await?;
        if due.len() < store::outbox::BILLS {
            return Ok(());
        }
    }
}

async fn ask_of(app: &App, due: &[(AttemptId, String, String, Time)]) -> Result<(), Fault> {
    // Side by side: a carrier that hangs holds up nobody else's.
    let asked =
        due.iter().map(|(attempt, carrier, reference, sent_at)| one(app, attempt, carrier, reference, *sent_at));
    join_all(asked).await.into_iter().collect()
}

async fn one(app: &App, attempt: &AttemptId, carrier: &str, reference: &str, sent_at: Time) -> Result<(), Fault> {
    let (live, now) = (app.live(), app.now());
    if !store::outbox::change_bill(&app.db, attempt, now, later(sent_at, now)).await? {
        return Ok(());
    }
    let Some(ready) = live.carrier(carrier) else { return Ok(()) };
    match ready.sender.bill(reference).await {
        Ok(Some(cost)) => store::outbox::change_cost(&app.db, attempt, cost.amount.0, &cost.currency).await?,
        Ok(None) => {}
        Err(what) => tracing::info!(%attempt, carrier, "price not told: {what}"),
    }
    Ok(())
}

/// As long again as it has been.
fn later(sent_at: Time, now: Time) -> Option<Time> {
    let been = now.since(sent_at).max(FIRST);
    (been < LAST).then(|| now.plus(been))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_asked_for_less_and_less_often() {
        let mut at = Time(0).plus(FIRST);
        let mut times = 1;
        while let Some(next) = later(Time(0), at) {
            assert!(next > at);
            (at, times) = (next, times + 1);
        }
        assert_eq!(times, 12);
    }
}
