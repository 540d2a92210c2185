//! Tells endpoints of what happened: each event on its own, each endpoint with places of its own.

use super::told;
use crate::app::App;
use crate::flows::events;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long it sleeps when nobody rings: events of other nodes, and such as are tried again.
const LOOK: Duration = Duration::from_millis(500);
/// How long it waits after the bell: it is rung a moment before the commit, and often.
const GATHER: Duration = Duration::from_millis(20);

pub async fn teller(app: App, stop: CancellationToken) {
    let (tasks, mut places) = (TaskTracker::new(), events::Places::default());
    while !stop.is_cancelled() {
        let (claimed, more) = events::claim(&app, &mut places).await.unwrap_or_else(|error| {
            tracing::warn!("events could not be read: {error}");
            (Vec::new(), false)
        });
        for (delivery, place) in claimed {
            let app = app.clone();
            tasks.spawn(async move {
                told("an endpoint could not be told of an event", events::tell(&app, delivery).await);
                drop(place);
                // The next of its line may go, and there is a place.
                app.events.notify_one();
            });
        }
        if !more {
            let rung = tokio::time::timeout(LOOK, app.events.notified());
            if let Some(Ok(())) = stop.run_until_cancelled(rung).await {
                tokio::time::sleep(GATHER).await;
            }
        }
    }
    // Whom it is speaking to is heard out.
    tasks.close();
    tasks.wait().await;
}
