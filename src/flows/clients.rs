//! Who a `client_id` is: a client that was declared or registered.

use super::Fault;
use crate::app::App;
use crate::domain::client::Client;
use std::sync::Arc;

pub async fn find(app: &App, id: &str) -> Result<Option<Arc<Client>>, Fault> {
    Ok(app.live().catalog.client(id).cloned())
}
