//! Who hears of events: an endpoint with its secret, which is made where none was given, and then shown this once.

use super::Changes;
use crate::app::{App, endpoint_label};
use crate::domain::catalog::Catalog;
use crate::domain::declaration::WantedEndpoint;
use crate::domain::event::EventEndpoint;
use crate::flows::{Fault, events};
use crate::store::{self, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: WantedEndpoint,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let name = wanted.endpoint.name.clone();
    let known = have.event_endpoint(&name);
    let open = known.and_then(|known| events::secret(app, known).ok());
    let made = (wanted.secret.is_none() && open.is_none()).then(|| app.entropy.webhook_secret());
    let secret = wanted.secret.or_else(|| open.clone()).or_else(|| made.clone()).unwrap_or_default();
    let sealed_secret = match known.filter(|_| open.as_ref() == Some(&secret)) {
        // The same secret keeps its seal, or every `apply` would be a change.
        Some(known) => known.sealed_secret.clone(),
        None => STANDARD.encode(app.secret.seal.close(&endpoint_label(&name), secret.as_bytes())?),
    };
    let endpoint = EventEndpoint { sealed_secret, ..wanted.endpoint };
    if known == Some(&endpoint) {
        return Ok(());
    }
    changes.say(known.is_some(), "event endpoint", &name, &endpoint.events.join(", "));
    changes.made_secrets.extend(made.map(|secret| (format!("event endpoint {name}"), secret)));
    Ok(store::catalog::change_declared(tx, "event_endpoint", &name, &endpoint).await?)
}
