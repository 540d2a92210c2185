//! The portal as a client of its own installation: public, with PKCE, and the same way in as everybody's.

use super::catalog::Catalog;
use super::client::{Client, ClientKind};
use super::ids::ClientId;

/// Nobody else may be declared under it.
pub const CLIENT: &str = "countersign-portal";
pub const CALLBACK: &str = "/admin/callback";
pub const SIGNED_OUT: &str = "/admin/signed-out";

pub fn client(issuer: &str, catalog: &Catalog) -> Client {
    let mut client = Client::new(ClientId::new(CLIENT), "Countersign", ClientKind::Spa);
    client.redirect_uris = vec![format!("{issuer}{CALLBACK}")];
    client.post_logout_redirect_uris = vec![format!("{issuer}{SIGNED_OUT}")];
    client.connections = catalog.connections.iter().map(|connection| connection.name.clone()).collect();
    // Whoever opened an operator's link may, by what that request brings.
    client.sign_up = false;
    client
}
