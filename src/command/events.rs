//! `countersign events`: what happened, who was told, and telling it again. Whoever serves sends what is written here.

use super::{Ended, one, open, say};
use crate::config::Config;
use crate::domain::audit::By;
use crate::domain::event::{Delivery, Event};
use crate::flows::manage::events::{self, DeliveryFilter, Filter, Replayed};
use clap::Subcommand;

const MOST: i64 = 50;

#[derive(Subcommand)]
pub enum EventsVerb {
    /// What happened, newest first, as far as an endpoint wanted to hear of it.
    List {
        /// Only those of this type, like `session.ended`.
        #[arg(long = "type", default_value = "")]
        kind: String,
        /// Only those of this person (`kp_…`).
        #[arg(long, default_value = "")]
        subject: String,
    },
    /// Who was told of what, newest first.
    Deliveries {
        /// Only those to this endpoint.
        #[arg(long, default_value = "")]
        endpoint: String,
        /// pending, delivered or failed.
        #[arg(long, default_value = "")]
        state: String,
    },
    /// Tell an event again: to one endpoint, or to all that were told of it before.
    Replay {
        event: String,
        #[arg(long)]
        endpoint: Option<String>,
    },
    /// Tell an endpoint that it is being tried.
    Test { endpoint: String },
}

pub async fn run(config: Config, verb: EventsVerb) -> Ended {
    let app = open(config).await?;
    match verb {
        EventsVerb::List { kind, subject } => {
            let filter = Filter { kind, subject, ..Filter::default() };
            events::list(&app, &filter, None, MOST).await.map_err(one)?.iter().for_each(|event| say(&told(event)));
        }
        EventsVerb::Deliveries { endpoint, state } => {
            let found = events::deliveries(&app, &DeliveryFilter { endpoint, state }, None, MOST).await;
            found.map_err(one)?.iter().for_each(|delivery| say(&of_delivery(delivery)));
        }
        EventsVerb::Replay { event, endpoint } => {
            match events::replay(&app, &By::command(), &event, endpoint.as_deref()).await.map_err(one)? {
                Replayed::Done(again) => again.iter().for_each(|delivery| say(&of_delivery(delivery))),
                Replayed::Unknown => {
                    return Err(one("there is no such event; what is older than events.kept is forgotten"));
                }
                Replayed::NoEndpoint => return Err(one("there is no such event endpoint")),
            }
        }
        EventsVerb::Test { endpoint } => match events::test(&app, &By::command(), &endpoint).await.map_err(one)? {
            Some((event, _)) => say(&told(&event)),
            None => return Err(one(format!("there is no event endpoint \"{endpoint}\""))),
        },
    }
    Ok(())
}

/// Identifiers masked, as everywhere that is not asked for one.
fn told(event: &Event) -> String {
    format!("{} {} {} {}", event.timestamp(), event.id, event.kind, event.shown(false))
}

fn of_delivery(delivery: &Delivery) -> String {
    let status = delivery.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let detail = delivery.detail.as_deref().unwrap_or_default();
    let (state, tries) = (delivery.state.as_str(), delivery.tries);
    format!("{} {} {state} tries={tries} status={status} {detail}", delivery.event, delivery.endpoint)
        .trim_end()
        .to_owned()
}
