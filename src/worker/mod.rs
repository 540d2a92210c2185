//! The clockwork: hands messages to carriers, reads anew what other nodes changed, sweeps. Calls flows, decides nothing.

mod events;

use crate::app::App;
use crate::flows::manage::import;
use crate::flows::{Fault, carriers, deliver, figures, notify, sweep};
use crate::thread;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the deliverer sleeps when nobody rings: messages of other nodes, retries.
const LOOK: Duration = Duration::from_millis(500);
/// How long it waits after the bell for others to ring: one claim for all of them. Nobody notices; a carrier takes longer.
const GATHER: Duration = Duration::from_millis(10);
/// How often it is looked for files of people.
const FILES: Duration = Duration::from_secs(1);
/// How often a node says which files it has.
const HERE: Duration = Duration::from_secs(60);
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// How often used passcodes are reported to carriers that want to hear of them.
const FEEDBACK: Duration = Duration::from_secs(5);
/// How often prices that are due are asked for.
const BILLS: Duration = Duration::from_secs(5);
/// How often carriers are asked whether our credentials and senders still hold.
const EXAMINE: Duration = Duration::from_secs(15 * 60);
/// How much less urgent speaking to carriers is than pages.
const LESS_URGENT: i32 = 5;
/// Messages on their way at once, over all carriers; each has places of its own, so that a slow one holds up nobody.
const AT_ONCE: usize = 4096;

/// Clients being told of sign-outs at once.
const NOTICES_AT_ONCE: usize = 256;

/// Starts everything; `stop` ends it once what is under way is done.
pub fn start(app: &App, tasks: &TaskTracker, stop: &CancellationToken) {
    if app.config.outbox_deliver {
        tasks.spawn(deliverer(app.clone(), stop.clone()));
        tasks.spawn(every(LOOK, stop.clone(), app.clone(), async |app: &App| {
            told("silent messages could not be looked at", deliver::fall_silent(app).await);
        }));
        tasks.spawn(every(FEEDBACK, stop.clone(), app.clone(), async |app: &App| {
            told("feedback could not be given", deliver::feedback::give(app).await);
        }));
        tasks.spawn(every(BILLS, stop.clone(), app.clone(), async |app: &App| {
            told("prices could not be asked for", deliver::bills::ask(app).await);
        }));
        tasks.spawn(every(EXAMINE, stop.clone(), app.clone(), async |app: &App| carriers::watch(app).await));
    }
    if app.config.outbox_deliver {
        tasks.spawn(teller(app.clone(), stop.clone()));
        tasks.spawn(events::teller(app.clone(), stop.clone()));
    }
    tasks.spawn(every(Duration::from_secs(1), stop.clone(), app.clone(), async |app: &App| {
        if let Err(error) = app.reload_if_changed().await {
            tracing::warn!("the catalog could not be read anew: {error}");
        }
    }));
    tasks.spawn(every(figures::LOOK, stop.clone(), app.clone(), async |app: &App| {
        told("figures could not be counted", figures::count(app, figures::Pace::Resting).await.map(drop));
    }));
    tasks.spawn(every(FILES, stop.clone(), app.clone(), async |app: &App| {
        told("a file of people could not be read", import::spool::read(app).await);
    }));
    tasks.spawn(every(HERE, stop.clone(), app.clone(), async |app: &App| {
        told("files of people could not be looked after", import::spool::look(app).await);
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

/// Carriers are spoken to on a thread of its own, a little less urgent than pages are: they do not queue behind a burst of
/// messages. Nothing else is done there: who waits for the database must not wait for a thread that is less urgent than they are.
/// It ends when nobody holds `Speaking` any more.
fn speaker() -> std::io::Result<(Handle, Speaking)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (handle, (speaking, ended)) = (runtime.handle().clone(), oneshot::channel());
    // Nobody ever says it: it ends.
    thread::start("carriers", LESS_URGENT, move || drop(runtime.block_on(ended)))?;
    Ok((handle, speaking))
}

type Speaking = oneshot::Sender<Infallible>;

async fn deliverer(app: App, stop: CancellationToken) {
    let (speaker, speaking) = match speaker() {
        Ok(started) => started,
        Err(error) => return tracing::error!("nothing is delivered by this node: {error}"),
    };
    let tasks = TaskTracker::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let (book, writer) = deliver::book::open();
    let writing = tokio::spawn(writer.run(app.clone()));
    let mut looks = 0u32;
    while !stop.is_cancelled() {
        // Every so often, messages whose node went silent.
        if looks.is_multiple_of(10) {
            told("lapsed messages could not be looked at", deliver::recover(&app).await);
        }
        looks = looks.wrapping_add(1);
        let claimed = deliver::claim(&app).await.unwrap_or_else(|error| {
            tracing::warn!("the outbox could not be read: {error}");
            Vec::new()
        });
        let more = claimed.len() == deliver::BATCH;
        for attempt in claimed {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let (app, book, speaker) = (app.clone(), book.clone(), speaker.clone());
            tasks.spawn(async move {
                if let Err(error) = deliver::hand_over(&app, &book, &speaker, attempt).await {
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
    // What is on its way is heard out, and written down.
    tasks.close();
    tasks.wait().await;
    drop((book, speaking));
    if let Err(error) = writing.await {
        tracing::error!("what was handed over last could not be written down: {error}");
    }
}

/// Tells clients of sign-outs, each on its own: one that hangs holds up nobody.
async fn teller(app: App, stop: CancellationToken) {
    let (tasks, places) = (TaskTracker::new(), notify::Places::default());
    let at_once = Arc::new(Semaphore::new(NOTICES_AT_ONCE));
    while !stop.is_cancelled() {
        let notices = notify::claim(&app).await.unwrap_or_else(|error| {
            tracing::warn!("notices could not be read: {error}");
            Vec::new()
        });
        let more = notices.len() == notify::BATCH;
        for notice in notices {
            let Ok(permit) = at_once.clone().acquire_owned().await else { return };
            let (app, places) = (app.clone(), places.clone());
            tasks.spawn(async move {
                told("a client could not be told of a sign-out", notify::tell(&app, &places, notice).await);
                drop(permit);
            });
        }
        if !more {
            let rung = tokio::time::timeout(LOOK, app.notices.notified());
            stop.run_until_cancelled(rung).await;
        }
    }
    tasks.close();
    tasks.wait().await;
}

fn told(what: &str, done: Result<(), Fault>) {
    if let Err(error) = done {
        tracing::warn!("{what}: {error}");
    }
}
