//! `[[registration]]`: who may register clients, and what those may be.

use super::{Faults, NAME, is_name};
use crate::domain::client::GrantType;
use crate::domain::registration::Policy;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const MOST_CLIENTS: u32 = 1_000;
const PER_HOUR: u32 = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistrationDeclared {
    pub(super) name: String,
    token: Option<String>,
    #[serde(default)]
    open: bool,
    per_hour: Option<u32>,
    grant_types: Option<Vec<String>>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    redirect_hosts: Vec<String>,
    #[serde(default)]
    connections: Vec<String>,
    third_party: Option<bool>,
    require_pkce: Option<bool>,
    expires_at: Option<String>,
    most_clients: Option<u32>,
    statement_jwks: Option<String>,
    #[serde(default)]
    software_ids: Vec<String>,
}

/// Without a token's hash: the flow knows whether one was given, is there, or is to be made.
#[derive(Debug)]
pub struct WantedPolicy {
    pub policy: Policy,
    pub token: Option<String>,
}

impl RegistrationDeclared {
    pub(super) fn check(self, connections: &[String], faults: &mut Faults<'_>) -> Option<WantedPolicy> {
        let before = faults.list.len();
        if !is_name(&self.name) {
            faults.tell("name", NAME);
        }
        match &self.token {
            Some(_) if self.open => faults.tell("token", "open = true needs none"),
            Some(token) if !(40..=60).contains(&token.len()) || !token.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                faults.tell("token", "40 to 60 letters and digits; left out, one is made and shown once");
            }
            _ => {}
        }
        let grant_types = self.read_grant_types(faults);
        let signs_in = grant_types.contains(&GrantType::AuthorizationCode);
        if signs_in && self.connections.is_empty() {
            faults.tell("connections", "at least one, like [\"phone\", \"email\"]");
        }
        for name in self.connections.iter().filter(|name| !connections.contains(name)) {
            faults.tell("connections", format!("there is no connection \"{name}\""));
        }
        let expires_at = self.expires_at.as_deref().and_then(|text| {
            let moment = OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp);
            faults.must("expires_at", moment, "a moment like \"2027-01-31T00:00:00Z\"")
        });
        let jwks = self.statement_jwks.as_deref().and_then(|text| {
            let set: Option<Value> = serde_json::from_str(text).ok().filter(|set: &Value| set["keys"].is_array());
            faults.must("statement_jwks", set, "a JWK set: {\"keys\": [...]}")
        });
        if !self.software_ids.is_empty() && jwks.is_none() {
            faults.tell("software_ids", "needs statement_jwks: only a signed statement proves what software it is");
        }
        let (per_hour, most) = (self.per_hour.unwrap_or(PER_HOUR), self.most_clients.unwrap_or(MOST_CLIENTS));
        if per_hour == 0 || most == 0 {
            faults.tell("most_clients", "most_clients and per_hour are at least 1");
        }
        let policy = Policy {
            name: self.name,
            token_hash: None,
            open: self.open,
            per_hour,
            grant_types,
            scopes: self.scopes,
            redirect_hosts: self.redirect_hosts,
            connections: self.connections,
            third_party: self.third_party.unwrap_or(true),
            require_pkce: self.require_pkce.unwrap_or(true),
            expires_at,
            most_clients: most,
            statement_jwks: jwks,
            software_ids: self.software_ids,
        };
        (faults.list.len() == before).then_some(WantedPolicy { policy, token: self.token })
    }

    fn read_grant_types(&self, faults: &mut Faults<'_>) -> Vec<GrantType> {
        let Some(named) = &self.grant_types else {
            return vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        };
        let allowed = "authorization_code, refresh_token, client_credentials, device_code, token-exchange";
        let read: Vec<GrantType> =
            named.iter().filter_map(|text| faults.must("grant_types", GrantType::parse(text), allowed)).collect();
        if read.is_empty() {
            faults.tell("grant_types", "at least one");
        }
        read
    }
}
