//! Claims that apps written for Kinde read. What costs room is told only where the client asks for it.

use super::Sources;
use crate::domain::identifier::Kind;
use serde_json::{Map, Value, json};

/// What Hasura's mapping puts in place of the usual names.
const HASURA: [(&str, &str); 8] = [
    ("permissions", "x-hasura-permissions"),
    ("org_code", "x-hasura-org-code"),
    ("org_codes", "x-hasura-org-codes"),
    ("roles", "x-hasura-roles"),
    ("feature_flags", "x-hasura-feature-flags"),
    ("org_name", "x-hasura-org-name"),
    ("organizations", "x-hasura-organizations"),
    ("user_properties", "x-hasura-user_properties"),
];

/// `permissions` and `feature_flags` are there when empty: SDKs take their absence for "not signed in".
pub(super) fn access_token(from: &Sources<'_>) -> Map<String, Value> {
    let belonging = from.belonging;
    let mut claims = object(json!({
        "org_code": belonging.organization.code,
        "permissions": belonging.permission_keys(),
        "feature_flags": belonging.flags_in_tokens(),
        "ksp": { "persistent": true },
    }));
    if from.client.tokens.roles {
        let roles = belonging.roles.iter();
        let roles: Vec<Value> =
            roles.map(|role| json!({ "id": role.id, "key": role.key, "name": role.name })).collect();
        claims.insert("roles".into(), roles.into());
        claims.insert("org_name".into(), belonging.organization.name.as_str().into());
        if let Some(external) = &belonging.organization.external_id {
            claims.insert("external_org_id".into(), external.as_str().into());
        }
        if let Some(email) = from.subject.primary(Kind::Email).filter(|_| from.grant.scope.has("email")) {
            claims.insert("email".into(), email.reveal().into());
        }
    }
    renamed(from, claims)
}

pub(super) fn id_token(from: &Sources<'_>) -> Map<String, Value> {
    let codes: Vec<&str> = from.belonging.all.iter().map(|organization| organization.code.as_str()).collect();
    let mut claims = object(json!({ "org_codes": codes }));
    if from.client.tokens.roles {
        let all = from.belonging.all.iter();
        let all: Vec<Value> = all.map(|one| json!({ "id": one.code, "name": one.name })).collect();
        claims.insert("organizations".into(), all.into());
    }
    if from.client.profile.repeats_kindes_claims() && from.grant.scope.has("profile") {
        // Kinde's TypeScript SDK reads the number here, its others in `phone_number`.
        if let Some(phone) = from.subject.primary(Kind::Phone) {
            claims.insert("phone".into(), phone.reveal().into());
        }
        if let Some(provided) = &from.subject.profile.provided_id {
            claims.insert("provided_id".into(), provided.as_str().into());
        }
    }
    renamed(from, claims)
}

fn renamed(from: &Sources<'_>, claims: Map<String, Value>) -> Map<String, Value> {
    if !from.client.tokens.hasura {
        return claims;
    }
    let name = |name: String| HASURA.iter().find(|(usual, _)| *usual == name).map_or(name, |(_, own)| (*own).into());
    claims.into_iter().map(|(usual, value)| (name(usual), value)).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
