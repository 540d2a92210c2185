//! Software statements (RFC 7591 §2.3): what somebody the operator trusts has signed about a piece of software. It counts for
//! more than what the client says of itself.

use super::Metadata;
use crate::crypto::jwk::{KeySet, Verdict};
use crate::crypto::jws::Jws;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::registration::Policy;
use crate::domain::time::Time;

/// Claims about the statement, not about the client.
const ABOUT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
const ALGORITHMS: [&str; 4] = ["RS256", "PS256", "ES256", "EdDSA"];

/// The metadata as they count: the client's own, overridden by its statement's.
pub(super) fn merge(policy: &Policy, mut metadata: Metadata, now: Time) -> Result<Metadata, Refusal> {
    let invalid = |detail: &str| Refusal::new(OAuthError::InvalidSoftwareStatement, detail);
    let unapproved = |detail: &str| Refusal::new(OAuthError::UnapprovedSoftwareStatement, detail);
    let given = metadata.get("software_statement").cloned();
    let (statement, set) = match (&given, &policy.statement_jwks) {
        (None, None) => return Ok(metadata),
        (None, Some(_)) => return Err(unapproved("this policy wants a software statement")),
        (Some(_), None) => return Err(unapproved("this policy takes no software statements")),
        (Some(statement), Some(set)) => (statement.as_str().unwrap_or_default(), set),
    };
    let jws = Jws::read(statement).ok_or_else(|| invalid("no JWS"))?;
    let keys = KeySet::read(set).unwrap_or_default();
    if !ALGORITHMS.contains(&jws.algorithm.as_str()) || jws.verified_by(&keys) != Verdict::Good {
        return Err(invalid("not signed by a key of the policy"));
    }
    if jws.claim("iss").is_none() {
        return Err(invalid("no iss"));
    }
    if jws.claims.contains_key("exp") && jws.moment("exp").is_none_or(|ends| now.secs() >= ends) {
        return Err(invalid("expired"));
    }
    let software = jws.claim("software_id").unwrap_or_default();
    if !policy.software_ids.is_empty() && !policy.software_ids.iter().any(|approved| approved == software) {
        return Err(unapproved("a software_id that is not approved"));
    }
    for (name, value) in &jws.claims {
        if !ABOUT.contains(&name.as_str()) && name != "software_statement" {
            metadata.insert(name.clone(), value.clone());
        }
    }
    Ok(metadata)
}
