//! What a person allowed somebody else's application, and when they are asked anew.

use super::client::Client;
use super::ids::{ClientId, SubjectId};
use super::request::AuthRequest;
use super::scope::Scope;
use super::time::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub subject: SubjectId,
    pub client_id: ClientId,
    pub scope: Scope,
    /// The resources it was given for.
    pub audience: Vec<String>,
    pub allowed_at: Time,
}

/// Whether a person can ever be asked: first-party clients skip it, a device never does (RFC 8628 §5.4).
pub fn possible(client: &Client, request: &AuthRequest) -> bool {
    client.third_party || request.device.is_some()
}

/// Whether the person is asked now. What was allowed once is not asked again, unless the client wants it so
/// (`prompt=consent`, OpenID Connect Core §3.1.2.1) or asks for more.
pub fn needed(client: &Client, request: &AuthRequest, remembered: Option<&Consent>) -> bool {
    if request.device.is_some() {
        return true;
    }
    client.third_party && (request.prompt.consent || !remembered.is_some_and(|consent| consent.covers(request)))
}

impl Consent {
    fn covers(&self, request: &AuthRequest) -> bool {
        let offline = Scope::parse("offline offline_access").unwrap_or_default();
        let has = |word: &String| self.scope.has(word) || (offline.has(word) && self.scope.offline());
        request.scope.words().iter().all(has)
            && request.audience.iter().all(|resource| self.audience.contains(resource))
    }

    /// What is remembered once this request is allowed as well. Scopes add up only where they are for the same resources: what
    /// was allowed for one is not allowed for another.
    pub fn widened(self, request: &AuthRequest) -> Self {
        if self.covers(request) {
            return self;
        }
        let covers_this = |one: &[String], other: &[String]| one.iter().all(|resource| other.contains(resource));
        let same = covers_this(&self.audience, &request.audience) && covers_this(&request.audience, &self.audience);
        let scope = if same { self.scope.with(&request.scope) } else { request.scope.clone() };
        Self { scope, audience: request.audience.clone(), ..self }
    }
}

/// Nobody here knows who runs it: it registered by itself, or its id is an address of its own.
pub fn unverified(client: &Client) -> bool {
    client.registered.is_some() || id_host(client).is_some()
}

/// The host a client-id URL lives at: the one thing that is sure of such a client.
pub fn id_host(client: &Client) -> Option<String> {
    client.id.as_str().starts_with("https://").then(|| host(client.id.as_str())).flatten()
}

/// The host an address leads to; an application's own scheme has none.
pub fn host(uri: &str) -> Option<String> {
    let uri = url::Url::parse(uri).ok()?;
    matches!(uri.scheme(), "http" | "https").then(|| uri.host_str().map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::ClientKind;
    use crate::domain::prompt::Prompt;

    fn asking(scope: &str, audience: &[&str]) -> AuthRequest {
        AuthRequest {
            scope: Scope::parse(scope).expect("a scope"),
            audience: audience.iter().map(|&one| one.to_owned()).collect(),
            ..AuthRequest::default()
        }
    }

    fn allowed(scope: &str, audience: &[&str]) -> Consent {
        let request = asking(scope, audience);
        Consent {
            subject: SubjectId::new("kp_1"),
            client_id: ClientId::new("guest"),
            scope: request.scope,
            audience: request.audience,
            allowed_at: Time(0),
        }
    }

    fn guest() -> Client {
        Client { third_party: true, ..Client::new(ClientId::new("guest"), "Guest", ClientKind::Web) }
    }

    #[test]
    fn people_are_asked_once_for_each_thing() {
        let (guest, ours) = (guest(), Client { third_party: false, ..guest() });
        let known = allowed("openid email offline", &["https://api.example"]);
        for (asked, again) in [
            (asking("openid", &[]), false),
            (asking("email openid", &["https://api.example"]), false),
            (asking("openid phone", &[]), true),
            (asking("openid", &["https://other.example"]), true),
            (asking("openid offline_access", &[]), false),
        ] {
            assert_eq!(needed(&guest, &asked, Some(&known)), again, "{asked:?}");
            assert!(needed(&guest, &asked, None));
            assert!(!needed(&ours, &asked, None));
        }
        assert!(needed(&guest, &asking("openid offline", &[]), Some(&allowed("openid", &[]))), "staying is asked for");
    }

    #[test]
    fn what_always_asks() {
        let (guest, ours) = (guest(), Client { third_party: false, ..guest() });
        let known = allowed("openid", &[]);
        let consent = AuthRequest { prompt: Prompt { consent: true, ..Prompt::default() }, ..asking("openid", &[]) };
        assert!(needed(&guest, &consent, Some(&known)) && !needed(&ours, &consent, None));
        let device = AuthRequest { device: Some("hash".into()), ..asking("openid", &[]) };
        assert!(needed(&guest, &device, Some(&known)) && needed(&ours, &device, Some(&known)));
        assert!(possible(&ours, &device) && !possible(&ours, &consent) && possible(&guest, &consent));
    }

    #[test]
    fn scopes_add_up_for_the_same_resources_alone() {
        let known = || allowed("openid", &["https://a.example"]);
        let wider = known().widened(&asking("orders", &["https://a.example"]));
        assert_eq!((wider.scope.to_string(), wider.audience.len()), ("openid orders".into(), 1));
        let moved = known().widened(&asking("orders", &["https://b.example"]));
        assert_eq!((moved.scope.to_string(), moved.audience), ("orders".into(), vec!["https://b.example".to_owned()]));
        assert_eq!(known().widened(&asking("openid", &[])), known(), "less than before takes nothing away");
    }

    #[test]
    fn hosts_are_what_a_person_can_check() {
        assert_eq!(host("https://app.example:8443/cb?x=1"), Some("app.example".into()));
        assert_eq!(host("com.example.app:/cb"), None);
        let mut client = guest();
        assert!(!unverified(&client));
        client.id = ClientId::new("https://mcp.example/client.json");
        assert!(unverified(&client) && id_host(&client) == Some("mcp.example".into()));
    }
}
