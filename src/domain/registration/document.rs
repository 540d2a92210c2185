//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): a `client_id` that is an https URL, and the
//! metadata that stand there.

use super::{Policy, Rules, read, wrong};
use crate::domain::client::{Client, GrantType};
use crate::domain::ids::ClientId;
use crate::domain::oauth::Refusal;
use serde_json::{Map, Value};
use std::time::Duration;
use url::{Host, Url};

/// A document is not larger (§6.6 of the draft recommends this).
pub const LARGEST: usize = 5 * 1024;

const LONGEST_URL: usize = 512;
/// How long a document is held, whatever its server says.
const SHORTEST_STAY: Duration = Duration::from_secs(5 * 60);
const LONGEST_STAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a `client_id` can be where a document stands: https, a host with a name, a path, and nothing that two readers could
/// read in two ways: no fragment, no credentials, no dot segments, written as URLs are written. `private` is the operator's
/// leave to use plain http and private addresses.
pub fn is_address(id: &str, private: bool) -> bool {
    let Ok(url) = Url::parse(id) else { return false };
    let named = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.') && !name.ends_with('.'));
    // Parsing takes dot segments, default ports and capitals away: what is not the same afterwards had some.
    let plain = url.as_str() == id && !id.to_ascii_lowercase().contains("%2e");
    plain
        && ((named && url.scheme() == "https") || (private && url.scheme() == "http"))
        && id.len() <= LONGEST_URL
        && url.path() != "/"
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// The host people are shown: it is the one thing about such a client that is proven.
pub fn host(id: &str) -> Option<String> {
    is_address(id, true).then(|| Url::parse(id).ok()?.host_str().map(str::to_owned)).flatten()
}

pub fn stay(said: Option<Duration>) -> Duration {
    said.unwrap_or(SHORTEST_STAY * 12).clamp(SHORTEST_STAY, LONGEST_STAY)
}

/// The client of a document that stands at `id`.
pub fn client(id: &str, metadata: &Map<String, Value>, connections: Vec<String>) -> Result<Client, Refusal> {
    if metadata.get("client_id").and_then(Value::as_str) != Some(id) {
        return Err(wrong("client_id in the document is not its address"));
    }
    if ["client_secret", "client_secret_expires_at"].iter().any(|name| metadata.contains_key(*name)) {
        return Err(wrong("a secret for everybody to read"));
    }
    let mut metadata = metadata.clone();
    // Without a secret there is no `client_secret_basic` to default to.
    metadata.entry("token_endpoint_auth_method").or_insert_with(|| "none".into());
    let policy = Policy {
        name: String::new(),
        token_hash: None,
        open: true,
        per_hour: 0,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::DeviceCode],
        scopes: Vec::new(),
        redirect_hosts: Vec::new(),
        connections,
        third_party: true,
        require_pkce: true,
        expires_at: None,
        most_clients: 0,
        statement_jwks: None,
        software_ids: Vec::new(),
    };
    // Whoever writes documents for many servers names what some of them have.
    if let Some(Value::Array(types)) = metadata.get_mut("grant_types") {
        types.retain(|one| policy.grant_types.iter().any(|known| one == known.as_str()));
    }
    read(ClientId::new(id), &metadata, &Rules { policy: &policy, secrets: false })
}
