//! Everything an operator declared, as one value: clients, connections, carriers, test identifiers. A server keeps it in
//! memory and reads it anew when its revision moves, so that no sign-in asks the database for what seldom changes.

use super::carrier::Carrier;
use super::client::Client;
use super::connection::Connection;
use super::delivery::Cap;
use super::event::{self, EventEndpoint};
use super::identifier::Identifier;
use super::management;
use super::oauth::{OAuthError, Refusal};
use super::organization::{FeatureFlag, Organization, Permission, Role};
use super::registration::Policy;
use super::resource::{DeclaredScope, Resource};
use super::scope::{self, Scope};
use super::wording::Wording;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub revision: i64,
    /// The organization everybody belongs to; tokens name it as Kinde's do.
    pub organization: String,
    /// The same, whole. Others are read with their people.
    pub own_organization: Organization,
    pub roles: Vec<Role>,
    pub permissions: Vec<Permission>,
    pub flags: Vec<FeatureFlag>,
    pub clients: HashMap<String, Arc<Client>>,
    pub connections: Vec<Connection>,
    pub carriers: Vec<SealedCarrier>,
    pub test_identifiers: Vec<TestIdentifier>,
    pub caps: Vec<Cap>,
    pub resources: Vec<Resource>,
    pub scopes: Vec<DeclaredScope>,
    /// By name.
    pub registrations: Vec<Policy>,
    /// Who hears of what happens.
    pub event_endpoints: Vec<EventEndpoint>,
    pub wordings: Vec<Wording>,
}

/// A carrier with its credentials as the database holds them.
#[derive(Clone, Debug)]
pub struct SealedCarrier {
    pub carrier: Carrier,
    pub credentials: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestIdentifier {
    pub identifier: Identifier,
    pub passcode: String,
}

impl Catalog {
    pub fn client(&self, id: &str) -> Option<&Arc<Client>> {
        self.clients.get(id)
    }

    pub fn resource(&self, uri: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.uri == uri)
    }

    pub fn event_endpoint(&self, name: &str) -> Option<&EventEndpoint> {
        self.event_endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// Whether anybody wants to hear of this. Where nobody does, nothing is written down.
    pub fn wants(&self, kind: event::Kind) -> bool {
        self.event_endpoints.iter().any(|endpoint| endpoint.wants(kind))
    }

    /// Whether a scope means anything here: OpenID Connect's own, declared ones, those of resources.
    pub fn knows_scope(&self, word: &str) -> bool {
        scope::SUPPORTED.contains(&word)
            || management::is_scope(word)
            || self.scopes.iter().any(|declared| declared.name == word)
            || self.resources.iter().any(|resource| resource.scopes.iter().any(|scope| scope == word))
    }

    /// What of the scopes asked for this client may have.
    pub fn allowed_scope(&self, client: &Client, asked: Scope) -> Scope {
        let named = |word: &str| client.scopes.iter().any(|scope| scope == word);
        // What operators may do is nobody's by default.
        let allowed = |word: &str| named(word) || (client.scopes.is_empty() && !management::is_scope(word));
        asked.only(|word| self.knows_scope(word) && allowed(word))
    }

    /// Whom tokens may be for, of what was asked: every one declared, and one of the client's own where it names some
    /// (RFC 8707 §2). Kinde's `<issuer>/api` is there without a declaration.
    pub fn allowed_targets(&self, client: &Client, issuer: &str, asked: &[String]) -> Result<(), Refusal> {
        let own_api = |uri: &str| uri.strip_prefix(issuer) == Some("/api");
        let its = |uri: &str| client.resources.is_empty() || client.resources.iter().any(|one| one == uri);
        // The operators' API is for those that name it.
        let operates = |uri: &str| management::is_api(uri, issuer) && client.resources.iter().any(|one| one == uri);
        let known = |uri: &str| own_api(uri) || operates(uri) || (self.resource(uri).is_some() && its(uri));
        match asked.iter().find(|uri| !known(uri)) {
            Some(_) => Err(Refusal::new(OAuthError::InvalidTarget, "not declared, or not one of this client's")),
            None => Ok(()),
        }
    }

    /// By its own id or by its name.
    pub fn connection(&self, asked: &str) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.is_called(asked))
    }

    /// What a client offers, in its order.
    pub fn offered<'a>(&'a self, client: &'a Client) -> impl Iterator<Item = &'a Connection> {
        client.connections.iter().filter_map(|name| self.connection(name)).filter(|connection| connection.enabled)
    }

    pub fn test_passcode(&self, identifier: &Identifier) -> Option<&str> {
        self.test_identifiers.iter().find(|test| test.identifier == *identifier).map(|test| test.passcode.as_str())
    }

    /// Whether any client registered this URL to come back to after sign-out.
    pub fn post_logout_client(&self, uri: &str) -> Option<&Client> {
        self.clients.values().find(|client| client.has_post_logout_redirect_uri(uri)).map(|client| &**client)
    }

    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }

    pub fn permission(&self, key: &str) -> Option<&Permission> {
        self.permissions.iter().find(|permission| permission.key == key)
    }

    pub fn flag(&self, key: &str) -> Option<&FeatureFlag> {
        self.flags.iter().find(|flag| flag.key == key)
    }

    /// The policy a registration comes under: the one its token opens, or the first that needs none.
    pub fn policy(&self, fits: impl Fn(&Policy) -> bool) -> Option<&Policy> {
        self.registrations.iter().find(|policy| fits(policy))
    }

    /// How many clients came by this policy.
    pub fn registered_by(&self, policy: &str) -> usize {
        let came = |client: &&Arc<Client>| client.registered.as_ref().is_some_and(|own| own.policy == policy);
        self.clients.values().filter(came).count()
    }

    /// Whether a browser app of some client lives at this origin.
    pub fn has_origin(&self, origin: &str) -> bool {
        self.clients.values().any(|client| client.origins().any(|known| known == origin))
    }
}
