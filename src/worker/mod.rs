//! The clockwork: hands messages to carriers, reads anew what other nodes changed, sweeps. Calls flows, decides nothing.

use crate::app::App;
use crate::flows::{deliver, sweep};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the deliverer sleeps when nobody rings: messages of other nodes, retries.
const LOOK: Duration = Duration::from_millis(500);
/// How long it waits after the bell for others to ring: one claim for all of them. Nobody notices; a carrier takes longer.
const GATHER: Duration = Duration::from_millis(10);
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// Messages on their way at once: a slow carrier must not hold up the others.
const AT_ONCE: usize = 64;

/// Starts everything; `stop` ends it once what is under way is done.
pub fn start(app: &App, tasks: &TaskTracker, stop: &CancellationToken) {
    if app.config.outbox_deliver {
        tasks.spawn(deliverer(app.clone(), tasks.clone(), stop.clone()));
    }
    tasks.spawn(every(Duration::from_secs(1), stop.clone(), app.clone(), async |app: &App| {
        if let Err(error) = app.reload_if_changed().await {
            tracing::warn!("the catalog could not be read anew: {error}");
        }
    }));
    tasks.spawn(every(SWEEP, stop.clone(), app.clone(), async |app: &App| match sweep::sweep(app).await {
        Ok(forgotten) => tracing::debug!(forgotten, "swept"),
        Err(error) => tracing::warn!("sweeping failed: {error}"),
    }));
}

async fn every<F: AsyncFn(&App)>(span: Duration, stop: CancellationToken, app: App, work: F) {
    while stop.run_until_cancelled(tokio::time::sleep(span)).await.is_some() {
        work(&app).await;
    }
}

async fn deliverer(app: App, tasks: TaskTracker, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut looks = 0u32;
    while !stop.is_cancelled() {
        // Every so often, messages whose node went silent.
        if looks.is_multiple_of(10)
            && let Err(error) = deliver::recover(&app).await
        {
            tracing::warn!("lapsed messages could not be looked at: {error}");
        }
        looks = looks.wrapping_add(1);
        let claimed = deliver::claim(&app).await.unwrap_or_else(|error| {
            tracing::warn!("the outbox could not be read: {error}");
            Vec::new()
        });
        let more = claimed.len() == 32;
        for attempt in claimed {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let app = app.clone();
            tasks.spawn(async move {
                if let Err(error) = deliver::hand_over(&app, attempt).await {
                    tracing::error!("a message could not be handed over: {error}");
                }
                drop(place);
            });
        }
        if !more {
            let rung = tokio::time::timeout(LOOK, app.bell.notified());
            if let Some(Ok(())) = stop.run_until_cancelled(rung).await {
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}
