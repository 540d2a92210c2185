//! How often one client may have something kept for it from one address: pushed requests (RFC 9126 §2.3), codes of devices.
//! A client that others share is only stopped where it is flooded from.

use super::Fault;
use crate::app::App;
use crate::domain::client::Client;
use crate::domain::limit::Limit;
use crate::store;
use std::time::Duration;

const A_MINUTE: Duration = Duration::from_secs(60);

/// How long to wait, where it was too often. `what` keeps apart what is counted; nobody's address is one address.
pub async fn too_often(
    app: &App,
    what: &'static str,
    client: &Client,
    address: Option<&str>,
) -> Result<Option<Duration>, Fault> {
    let from = app.secret.blurred_text(&format!("{} {}", address.unwrap_or_default(), client.id));
    let most = app.config.clients_kept_per_minute.0;
    let limit = Limit { key: format!("kept:{what}:{from}"), most, window: A_MINUTE };
    let now = app.now();
    let over = limit.exceeded(&[store::counters::raise_by(&app.db, &limit, 1, now).await?]);
    if over.is_some() {
        tracing::warn!(client = %client.id, what, "too often from one address");
    }
    Ok(over.map(|count| count.ends_at.since(now)))
}
