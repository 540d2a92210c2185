//! The portal as a client of its own installation: public, with PKCE, and the same way in as everybody's.

use super::catalog::Catalog;
use super::client::{Client, ClientKind};
use super::ids::ClientId;

/// Nobody else may be declared under it.
pub const CLIENT: &str = "countersign-portal";
pub const CALLBACK: &str = "/admin/callback";
pub const SIGNED_OUT: &str = "/admin/signed-out";

/// Where the portal's trial of a client comes back to. No client registers it, and none is asked for it.
pub fn tried(client: &str) -> String {
    format!("/admin/clients/{}/tried", segment(client))
}

/// Text as one segment of a path: a form would write a space as `+`.
pub fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

pub fn client(issuer: &str, catalog: &Catalog) -> Client {
    let mut client = Client::new(ClientId::new(CLIENT), "Countersign", ClientKind::Spa);
    client.redirect_uris = vec![format!("{issuer}{CALLBACK}")];
    client.post_logout_redirect_uris = vec![format!("{issuer}{SIGNED_OUT}")];
    client.connections = catalog.connections.iter().map(|connection| connection.name.clone()).collect();
    // Whoever opened an operator's link may, by what that request brings.
    client.sign_up = false;
    client
}
