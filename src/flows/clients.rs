//! Who a `client_id` is: a client that was declared or registered, or one whose metadata stand where its id says.

use super::Fault;
use crate::app::{App, Live};
use crate::domain::client::Client;
use crate::domain::json;
use crate::domain::registration::document;
use std::sync::Arc;

/// What became of reading a document.
enum Read {
    Client(Arc<Client>),
    /// It is not there any more, or is none.
    None,
    /// Nobody answered: what was read before may still count.
    Silent,
}

pub async fn find(app: &App, id: &str) -> Result<Option<Arc<Client>>, Fault> {
    let live = app.live();
    if let Some(client) = live.catalog.client(id) {
        return Ok(Some(client.clone()));
    }
    if !may_be_elsewhere(app, id) {
        return Ok(None);
    }
    Ok(by_document(app, &live, id).await.map(|client| offering(app, &live, client)))
}

/// Whether this may be the address of a client's metadata, where such clients are welcome.
pub fn may_be_elsewhere(app: &App, id: &str) -> bool {
    app.config.clients_metadata_documents && document::is_address(id, app.config.web_allow_private)
}

async fn by_document(app: &App, live: &Live, id: &str) -> Option<Arc<Client>> {
    let fresh = || app.documents.find(id, app.now()).filter(|held| held.is_fresh(app.now())).map(|held| held.client);
    if let Some(client) = fresh() {
        return Some(client);
    }
    let _place = app.documents.at_once.acquire().await.ok()?;
    // Whoever had the place before may have read it.
    if let Some(client) = fresh() {
        return Some(client);
    }
    match read(app, live, id).await {
        Read::Client(client) => Some(client),
        Read::None => {
            app.documents.forget(id);
            None
        }
        Read::Silent => app.documents.find(id, app.now()).map(|held| held.client),
    }
}

async fn read(app: &App, live: &Live, id: &str) -> Read {
    let host = document::host(id).unwrap_or_default();
    if !app.documents.may_read(&host, app.now()) {
        tracing::warn!(host, "client metadata are asked for too often");
        return Read::Silent;
    }
    let fetched = match app.web.fetch(id, document::LARGEST).await {
        Ok(fetched) => fetched,
        Err(what) => {
            tracing::info!(host, "client metadata cannot be read: {what}");
            return Read::Silent;
        }
    };
    let told = |what: &str| tracing::info!(host, status = fetched.status, "client metadata are refused: {what}");
    if fetched.status >= 500 || fetched.status == 429 {
        told("the server does not answer now");
        return Read::Silent;
    }
    let kind = fetched.media_type.as_str();
    if fetched.status != 200 || !(kind == "application/json" || kind.ends_with("+json")) {
        told("not there, or no JSON");
        return Read::None;
    }
    let Some(metadata) = json::read_object(&fetched.body) else {
        told("no JSON object");
        return Read::None;
    };
    match document::client(id, &metadata, connections(app, live)) {
        Ok(client) => {
            let (client, until) = (Arc::new(client), app.now().plus(document::stay(fetched.max_age)));
            app.documents.keep(id, client.clone(), until);
            tracing::info!(host, "client metadata read");
            Read::Client(client)
        }
        Err(refusal) => {
            told(&refusal.detail);
            Read::None
        }
    }
}

/// The ways in such clients offer: those a setting names, or all.
fn connections(app: &App, live: &Live) -> Vec<String> {
    match &app.config.clients_metadata_connections {
        Some(named) => named.split(',').map(|name| name.trim().to_owned()).collect(),
        None => live.catalog.connections.iter().map(|connection| connection.name.clone()).collect(),
    }
}

/// With the connections there are now.
fn offering(app: &App, live: &Live, client: Arc<Client>) -> Arc<Client> {
    let connections = connections(app, live);
    if client.connections == connections { client } else { Arc::new(Client { connections, ..(*client).clone() }) }
}
