//! Money is counted before a message is sent, and given back when it was not: no race spends more than a cap allows.

use crate::app::App;
use crate::domain::delivery::{Attempt, Cap, Channel, Class, Failed, Micros};
use crate::domain::limit::Limit;
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;

/// What was counted for one message.
pub struct Reserved {
    counters: Vec<String>,
    amount: Micros,
}

/// The caps that are about this message, each with its counter.
fn about<'a>(caps: &'a [Cap], attempt: &Attempt, country: &str) -> Vec<(&'a Cap, Limit)> {
    let of = |cap: &'a Cap| {
        let key = cap.counter(&attempt.job.client, country)?;
        Some((cap, Limit { key, most: 0, window: cap.per.span() }))
    };
    caps.iter().filter_map(of).collect()
}

/// Counts the estimate against every cap it is about. At a cap, messages that pay a telephone company stop; others go on.
pub async fn reserve(
    app: &App,
    attempt: &Attempt,
    channel: Channel,
    country: &str,
    amount: Micros,
    now: Time,
) -> Result<Result<Reserved, Failed>, Fault> {
    let live = app.live();
    let caps = about(&live.catalog.caps, attempt, country);
    let mut reserved = Reserved { counters: Vec::new(), amount };
    if caps.is_empty() || amount == Micros(0) {
        return Ok(Ok(reserved));
    }
    // Dropped, the transaction takes everything back: what is refused here was not spent.
    let mut tx = app.db.begin().await?;
    for (cap, limit) in caps {
        let count = store::counters::raise_by(&mut tx, &limit, amount.0, now).await?;
        if channel.is_toll() && count.count > cap.most.0 {
            drop(tx);
            let id = cap.id();
            let text = format!(
                "the cap {id} of {} {} is reached; SMS and calls stop until its time is over",
                cap.most, app.config.money_currency
            );
            app.alert("cap", &id, &text);
            return Ok(Err(Failed::new(Class::Policy, "cap", format!("the cap {id} is reached"))));
        }
        reserved.counters.push(limit.key);
    }
    tx.commit().await?;
    Ok(Ok(reserved))
}

/// The carrier did not take it: it costs nothing.
pub async fn give_back(app: &App, reserved: &Reserved) -> Result<(), Fault> {
    for counter in &reserved.counters {
        store::counters::lower_by(&app.db, counter, reserved.amount.0).await?;
    }
    Ok(())
}
