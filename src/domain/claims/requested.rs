//! Claims asked for one by one (OpenID Connect Core §5.5), where we have them.

use super::Sources;
use crate::domain::claims_request::{ClaimsRequest, Place};
use crate::domain::identifier::Kind;
use serde_json::{Map, Value, json};

/// Those for this place. People are asked for scopes, not for claims: somebody else's application gets no claim beyond what its
/// scopes allow, only the choice of where it stands.
pub(super) fn requested(from: &Sources<'_>, place: Place) -> Map<String, Value> {
    let asked = ClaimsRequest::kept(from.grant.claims.as_deref());
    if asked.names(place).next().is_none() {
        return Map::new();
    }
    known(from).into_iter().filter(|(name, _)| asked.wants(place, name)).collect()
}

/// All we know of the person that this client may know.
fn known(from: &Sources<'_>) -> Map<String, Value> {
    let allowed = |scope: &str| !from.client.third_party || from.grant.scope.has(scope);
    let subject = from.subject;
    let mut claims = Map::new();
    if allowed("profile") {
        claims.extend(subject.profile.of_profile());
        claims.insert("updated_at".into(), subject.updated_at.secs().into());
    }
    if let Some(address) = subject.profile.address.as_ref().filter(|_| allowed("address")) {
        claims.insert("address".into(), json!(address));
    }
    if let Some(email) = subject.primary(Kind::Email).filter(|_| allowed("email")) {
        claims.insert("email".into(), email.reveal().into());
        claims.insert("email_verified".into(), true.into());
    }
    if let Some(phone) = subject.primary(Kind::Phone).filter(|_| allowed("phone")) {
        claims.insert("phone_number".into(), phone.reveal().into());
        claims.insert("phone_number_verified".into(), true.into());
    }
    claims
}
