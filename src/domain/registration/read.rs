//! Metadata becomes a client, held to the same rules as a declared one. What we do not know is ignored (RFC 7591 §2); what we
//! know and cannot honour is refused, so that nobody relies on what is not there.

use super::policy::Policy;
use super::{keys, wrong};
use crate::domain::client::{
    Algorithm, AuthMethod, Branding, Client, ClientKind, GrantType, LogoutUris, TokenStyle, check_uri, is_reachable,
};
use crate::domain::ids::ClientId;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::scope::Scope;
use serde_json::{Map, Value};
use url::Url;

const MOST_URIS: usize = 20;
const LONGEST: usize = 2048;
const LONGEST_NAME: usize = 80;

/// What clients may be here.
pub struct Rules<'a> {
    pub policy: &'a Policy,
    /// Whether it comes with a secret of ours, or has none (Client ID Metadata Documents §4.1).
    pub secrets: bool,
}

/// Members by name, each with the kind of value it must have.
pub struct Read<'a>(pub &'a Map<String, Value>);

impl<'a> Read<'a> {
    /// `null` is as good as left out.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) if text.len() <= LONGEST && !text.chars().any(char::is_control) => Ok(Some(text)),
            Some(_) => Err(wrong(format!("{name} is no text, or too long"))),
        }
    }

    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(set)) => Ok(*set),
            Some(_) => Err(wrong(format!("{name} is neither true nor false"))),
        }
    }

    pub fn list(&self, name: &str) -> Result<Option<Vec<&'a str>>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let texts = value.as_array().filter(|list| list.len() <= MOST_URIS).map(|list| {
            list.iter().map(|one| one.as_str().filter(|text| text.len() <= LONGEST)).collect::<Option<Vec<_>>>()
        });
        texts.flatten().map(Some).ok_or_else(|| wrong(format!("{name} is no list of texts, or too long")))
    }

    /// A page or an endpoint we or people are sent to.
    fn address(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.text(name)? {
            Some(uri) if !is_reachable(uri) => Err(wrong(format!("{name} is not https"))),
            uri => Ok(uri.map(str::to_owned)),
        }
    }

    fn seconds(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        seconds.map(Some).ok_or_else(|| wrong(format!("{name} is no number of seconds")))
    }

    fn algorithm(&self, name: &str) -> Result<Option<Algorithm>, Refusal> {
        let read = |text| Algorithm::parse(text).ok_or_else(|| wrong(format!("{name} is not supported")));
        self.text(name)?.map(read).transpose()
    }
}

pub fn read(id: ClientId, metadata: &Map<String, Value>, rules: &Rules<'_>) -> Result<Client, Refusal> {
    let metadata = &Read(metadata);
    refuse_unhonoured(metadata)?;
    let grant_types = read_grant_types(metadata, rules.policy)?;
    let signs_in = grant_types.contains(&GrantType::AuthorizationCode);
    let machine = grant_types.contains(&GrantType::ClientCredentials);
    let keys = keys::read(metadata, machine)?;
    let shared = matches!(
        keys.method,
        Some(AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost | AuthMethod::ClientSecretJwt)
    );
    if shared && !rules.secrets {
        return Err(wrong("a method with a shared secret"));
    }
    let native = match metadata.text("application_type")? {
        None | Some("web") => false,
        Some("native") => true,
        Some(_) => return Err(wrong("application_type is neither web nor native")),
    };
    let public = keys.method == Some(AuthMethod::None);
    let redirect_uris = read_redirect_uris(metadata, rules.policy, native || public)?;
    if signs_in && redirect_uris.is_empty() {
        return Err(Refusal::new(OAuthError::InvalidRedirectUri, "redirect_uris is missing"));
    }
    let in_browser = redirect_uris.iter().all(|uri| uri.starts_with("https:"));
    let kind = match (native, public) {
        _ if machine && !signs_in => ClientKind::Machine,
        (true, _) => ClientKind::Native,
        (false, true) if in_browser => ClientKind::Spa,
        (false, true) => ClientKind::Native,
        (false, false) => ClientKind::Web,
    };
    let usual = Client::new(id, read_name(metadata, &redirect_uris)?, kind);
    Ok(Client {
        redirect_uris,
        post_logout_redirect_uris: read_uris(metadata, "post_logout_redirect_uris", native || public)
            .map_err(|refusal| wrong(refusal.detail))?,
        connections: rules.policy.connections.clone(),
        require_pkce: usual.require_pkce || rules.policy.require_pkce,
        algorithm: metadata.algorithm("id_token_signed_response_alg")?.unwrap_or_default(),
        // Userinfo is where others look.
        claims_in_id_token: false,
        branding: Branding {
            color: None,
            logo: None,
            terms_url: metadata.address("tos_uri")?,
            privacy_url: metadata.address("policy_uri")?,
            ..Branding::default()
        },
        keys,
        grant_types,
        scopes: read_scopes(metadata, rules.policy)?,
        tokens: TokenStyle {
            dpop_bound: metadata.flag("dpop_bound_access_tokens")?,
            tls_bound: metadata.flag("tls_client_certificate_bound_access_tokens")?,
            userinfo_algorithm: metadata.algorithm("userinfo_signed_response_alg")?,
            introspection_algorithm: metadata.algorithm("introspection_signed_response_alg")?,
            ..TokenStyle::default()
        },
        require_par: metadata.flag("require_pushed_authorization_requests")?,
        require_signed_request: metadata.flag("require_signed_request_object")?,
        third_party: rules.policy.third_party,
        logout: LogoutUris {
            back_channel: metadata.address("backchannel_logout_uri")?,
            back_channel_session: metadata.flag("backchannel_logout_session_required")?,
            front_channel: metadata.address("frontchannel_logout_uri")?,
            front_channel_session: metadata.flag("frontchannel_logout_session_required")?,
        },
        initiate_login_uri: read_initiate_login_uri(metadata)?,
        default_max_age: metadata.seconds("default_max_age")?,
        client_uri: metadata.address("client_uri")?,
        ..usual
    })
}

/// Response types beyond the code, encryption, pairwise subjects: not here.
fn refuse_unhonoured(metadata: &Read<'_>) -> Result<(), Refusal> {
    if metadata.list("response_types")?.is_some_and(|types| types.iter().any(|one| *one != "code")) {
        return Err(wrong("response_types holds more than code"));
    }
    if metadata.text("subject_type")?.is_some_and(|kind| kind != "public") {
        return Err(wrong("subject_type is not public"));
    }
    for name in [
        "id_token_encrypted_response_alg",
        "userinfo_encrypted_response_alg",
        "introspection_encrypted_response_alg",
        "authorization_encrypted_response_alg",
    ] {
        if metadata.value(name).is_some() {
            return Err(wrong(format!("{name} is not supported")));
        }
    }
    Ok(())
}

fn read_grant_types(metadata: &Read<'_>, policy: &Policy) -> Result<Vec<GrantType>, Refusal> {
    let Some(asked) = metadata.list("grant_types")? else { return Ok(vec![GrantType::AuthorizationCode]) };
    let read = |text: &str| {
        let known = GrantType::ALL.into_iter().find(|one| one.as_str() == text);
        known.filter(|one| policy.grant_types.contains(one)).ok_or_else(|| wrong("a grant type that is not allowed"))
    };
    let grant_types: Vec<GrantType> = asked.into_iter().map(read).collect::<Result<_, _>>()?;
    if grant_types.is_empty() { Err(wrong("no grant type")) } else { Ok(grant_types) }
}

fn read_redirect_uris(metadata: &Read<'_>, policy: &Policy, native: bool) -> Result<Vec<String>, Refusal> {
    let uris = read_uris(metadata, "redirect_uris", native)?;
    let elsewhere = |uri: &&String| {
        Url::parse(uri)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .is_none_or(|host| !policy.allows_host(&host))
    };
    if !policy.redirect_hosts.is_empty() && uris.iter().any(|uri| elsewhere(&uri)) {
        return Err(Refusal::new(OAuthError::InvalidRedirectUri, "a host that is not allowed"));
    }
    Ok(uris)
}

fn read_uris(metadata: &Read<'_>, name: &str, native: bool) -> Result<Vec<String>, Refusal> {
    let invalid = |what: &str| Refusal::new(OAuthError::InvalidRedirectUri, format!("{name} {what}"));
    let uris = metadata.list(name).map_err(|refusal| invalid(&refusal.detail))?.unwrap_or_default();
    for uri in &uris {
        check_uri(uri, native).map_err(invalid)?;
    }
    Ok(uris.into_iter().map(str::to_owned).collect())
}

/// The name people read; without one, the host they know.
fn read_name(metadata: &Read<'_>, redirect_uris: &[String]) -> Result<String, Refusal> {
    let host = || {
        let first = redirect_uris.first().and_then(|uri| Url::parse(uri).ok());
        first.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "Application".to_owned())
    };
    let name = metadata.text("client_name")?.map_or_else(host, |name| name.trim().to_owned());
    // Marks that turn the reading direction around could make one name look like another.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(turns) {
        return Err(wrong("client_name is empty, too long or not plain text"));
    }
    Ok(name)
}

fn read_scopes(metadata: &Read<'_>, policy: &Policy) -> Result<Vec<String>, Refusal> {
    let Some(text) = metadata.text("scope")? else { return Ok(policy.scopes.clone()) };
    let asked = Scope::parse(text).ok_or_else(|| wrong("scope is malformed"))?;
    let allowed = |word: &String| policy.scopes.is_empty() || policy.scopes.contains(word);
    if asked.words().iter().all(allowed) {
        Ok(asked.words().to_vec())
    } else {
        Err(wrong("a scope that is not allowed"))
    }
}

/// https and nothing else (OpenID Connect Core §4).
fn read_initiate_login_uri(metadata: &Read<'_>) -> Result<Option<String>, Refusal> {
    match metadata.address("initiate_login_uri")? {
        Some(uri) if !uri.starts_with("https:") => Err(wrong("initiate_login_uri is not https")),
        uri => Ok(uri),
    }
}
