//! What tokens and userinfo say. Whichever way the passcode came, the same words.

mod kinde;
mod requested;

use super::belonging::Belonging;
use super::claims_request::Place;
use super::client::{Client, GrantType};
use super::grant::Grant;
use super::identifier::Kind;
use super::scope::Scope;
use super::standard::IN_ID_TOKEN;
use super::subject::Subject;
use super::time::Time;
use serde_json::{Map, Value, json};

/// What a passcode proves: one factor. Published as `acr_values_supported`.
pub const ACR: &str = "aal1";
/// Authentication method (RFC 8176 §2): a one-time passcode, by whichever channel.
pub const AMR: &str = "otp";

#[derive(Debug)]
pub struct Sources<'a> {
    pub issuer: &'a str,
    pub client: &'a Client,
    pub grant: &'a Grant,
    pub subject: &'a Subject,
    pub belonging: &'a Belonging<'a>,
    pub now: Time,
}

/// OpenID Connect Core §2, with Kinde's additions.
pub fn id_token(from: &Sources<'_>, jti: String, at_hash: String) -> Value {
    let mut claims = common(from, from.client.lifetimes.id, jti);
    claims.insert("aud".into(), json!([from.client.id.as_str()]));
    claims.insert("at_hash".into(), at_hash.into());
    if let Some(nonce) = &from.grant.nonce {
        claims.insert("nonce".into(), nonce.as_str().into());
    }
    if from.client.claims_in_id_token {
        claims.insert("rat".into(), from.grant.created_at.secs().into());
        claims.extend(kinde::id_token(from));
        claims.extend(identity(from));
        claims.extend(profile(from).into_iter().filter(|(name, _)| IN_ID_TOKEN.contains(&name.as_str())));
        claims.insert("updated_at".into(), from.subject.updated_at.secs().into());
    }
    claims.extend(requested::requested(from, Place::IdToken));
    Value::Object(claims)
}

/// RFC 9068 §2.2, with Kinde's additions.
pub fn access_token(from: &Sources<'_>, jti: String) -> Value {
    let mut claims = common(from, from.client.lifetimes.access, jti);
    claims.insert("aud".into(), audience(from.client, from.issuer, &from.grant.audience));
    claims.insert("client_id".into(), from.client.id.as_str().into());
    claims.insert("scope".into(), from.grant.scope.to_string().into());
    claims.insert("scp".into(), json!(from.grant.scope.words()));
    claims.insert("grant_id".into(), from.grant.id.as_str().into());
    claims.extend(kinde::access_token(from));
    Value::Object(claims)
}

/// Whom an access token is for.
fn audience(client: &Client, issuer: &str, asked: &[String]) -> Value {
    if asked.is_empty() && client.profile.names_itself() { json!([issuer]) } else { json!(asked) }
}

#[derive(Debug)]
pub struct Machine<'a> {
    pub issuer: &'a str,
    pub client: &'a Client,
    pub scope: &'a Scope,
    pub audience: &'a [String],
    pub now: Time,
}

/// A client's own token, with Kinde's names beside the standard's.
pub fn machine_token(from: &Machine<'_>, jti: String) -> Value {
    let mut claims = json!({
        "iss": from.issuer,
        "aud": audience(from.client, from.issuer, from.audience),
        "azp": from.client.id.as_str(),
        "client_id": from.client.id.as_str(),
        "iat": from.now.secs(),
        "exp": from.now.secs() + i64::from(from.client.lifetimes.access),
        "jti": jti,
        "gty": [GrantType::ClientCredentials.as_str()],
        "scp": from.scope.words(),
        "v": "2",
    });
    // A scope is one word at least (RFC 6749 §3.3).
    if !from.scope.is_empty() {
        claims["scope"] = from.scope.to_string().into();
    }
    if from.client.profile.machines_are_subjects() {
        claims["sub"] = from.client.id.as_str().into();
    }
    claims
}

/// OpenID Connect Core §5.3.2.
pub fn userinfo(from: &Sources<'_>) -> Value {
    let mut claims = identity(from);
    claims.extend(profile(from));
    claims.extend(requested::requested(from, Place::Userinfo));
    if let Some(address) = from.subject.profile.address.as_ref().filter(|_| from.grant.scope.has("address")) {
        claims.insert("address".into(), json!(address));
    }
    claims.insert("sub".into(), from.subject.id.as_str().into());
    if from.grant.scope.has("profile") {
        claims.insert("updated_at".into(), from.subject.updated_at.secs().into());
        claims.extend(from.subject.profile.provided_id.clone().map(|id| ("provided_id".to_owned(), id.into())));
    }
    Value::Object(claims)
}

fn common(from: &Sources<'_>, life: u32, jti: String) -> Map<String, Value> {
    let claims = json!({
        "iss": from.issuer,
        "sub": from.subject.id.as_str(),
        "azp": from.client.id.as_str(),
        "iat": from.now.secs(),
        "exp": from.now.secs() + i64::from(life),
        "jti": jti,
        "auth_time": from.grant.auth_time.secs(),
        "acr": from.grant.acr.as_deref().unwrap_or(ACR),
        "amr": [AMR],
    });
    match claims {
        Value::Object(mut claims) => {
            // A device's grant hangs from no browser's session.
            if !from.grant.session.as_str().is_empty() {
                claims.insert("sid".into(), from.grant.session.as_str().into());
            }
            claims
        }
        _ => Map::new(),
    }
}

/// OpenID Connect Core §5.4.
fn profile(from: &Sources<'_>) -> Map<String, Value> {
    if from.grant.scope.has("profile") { from.subject.profile.of_profile() } else { Map::new() }
}

/// Proven identifiers, by scope. No default scope list of Kinde's SDKs has `phone`, so `profile` tells the phone as well.
fn identity(from: &Sources<'_>) -> Map<String, Value> {
    let scope = &from.grant.scope;
    let mut claims = Map::new();
    if let Some(email) = from.subject.primary(Kind::Email).filter(|_| scope.has("email")) {
        claims.insert("email".into(), email.reveal().into());
        claims.insert("email_verified".into(), true.into());
    }
    if let Some(phone) = from.subject.primary(Kind::Phone).filter(|_| scope.has("phone") || scope.has("profile")) {
        claims.insert("phone_number".into(), phone.reveal().into());
        claims.insert("phone_number_verified".into(), true.into());
    }
    claims
}
