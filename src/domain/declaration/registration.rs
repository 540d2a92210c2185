//! `[[registration]]`: who may register clients, and what those may be.

use super::{Faults, NAME, check_hash, is_name};
use crate::domain::client::GrantType;
use crate::domain::registration::Policy;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

const MOST_CLIENTS: u32 = 1_000;
const PER_HOUR: u32 = 10;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Registration)]
pub(super) struct RegistrationDeclared {
    pub(super) name: String,
    #[serde(skip_serializing)]
    #[schema(write_only)]
    token: Option<String>,
    /// In place of the token, what is kept of it.
    token_sha256: Option<String>,
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
    /// A JWK set, or the JSON text of one.
    statement_jwks: Option<Value>,
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
    pub fn of(policy: &Policy) -> Self {
        let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok();
        Self {
            name: policy.name.clone(),
            token: None,
            token_sha256: policy.token_hash.clone(),
            open: policy.open,
            per_hour: Some(policy.per_hour),
            grant_types: Some(policy.grant_types.iter().map(|one| one.as_str().to_owned()).collect()),
            scopes: policy.scopes.clone(),
            redirect_hosts: policy.redirect_hosts.clone(),
            connections: policy.connections.clone(),
            third_party: Some(policy.third_party),
            require_pkce: Some(policy.require_pkce),
            expires_at: policy.expires_at.and_then(moment),
            most_clients: Some(policy.most_clients),
            statement_jwks: policy.statement_jwks.clone(),
            software_ids: policy.software_ids.clone(),
        }
    }

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
        if let Some(hash) = &self.token_sha256 {
            check_hash(hash, "token_sha256", self.token.is_some() || self.open, faults);
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
        let jwks = self.statement_jwks.as_ref().and_then(|given| {
            let read = given.as_str().map_or(Some(given.clone()), |text| serde_json::from_str(text).ok());
            let set = read.filter(|set: &Value| set["keys"].is_array());
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
            token_hash: self.token_sha256,
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
