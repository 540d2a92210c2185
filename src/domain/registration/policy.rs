//! `[[registration]]`: who may register clients, and what those may be.

use crate::domain::client::GrantType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    /// SHA-256 of the initial access token, hex; none where anybody may register.
    pub token_hash: Option<String>,
    /// Anybody may, so many an hour from one address.
    pub open: bool,
    pub per_hour: u32,
    /// What its clients may use.
    pub grant_types: Vec<GrantType>,
    /// Scopes they may ask for; empty: all there are.
    pub scopes: Vec<String>,
    /// Hosts their redirect URIs may name, `.example.com` for all below one; empty: any.
    pub redirect_hosts: Vec<String>,
    /// Connections they offer, in order.
    pub connections: Vec<String>,
    /// Whether people are asked before they get anything.
    pub third_party: bool,
    pub require_pkce: bool,
    /// Seconds since 1970 when registering ends.
    pub expires_at: Option<i64>,
    pub most_clients: u32,
    /// Whose software statements are taken; with these, one is needed.
    pub statement_jwks: Option<Value>,
    /// `software_id`s that may register; empty: any.
    pub software_ids: Vec<String>,
}

impl Policy {
    /// Whether a redirect URI may be at this host.
    pub fn allows_host(&self, host: &str) -> bool {
        self.redirect_hosts.is_empty()
            || self.redirect_hosts.iter().any(|allowed| {
                host == allowed
                    || (allowed.starts_with('.') && host.len() > allowed.len() && host.ends_with(allowed.as_str()))
            })
    }

    pub fn open_at(&self, now: i64) -> bool {
        self.expires_at.is_none_or(|ends| now < ends)
    }
}
