//! What is wanted becomes rows: the one place where the catalog is written, whichever door it came by.

mod endpoints;

use super::people;
use crate::app::{App, carrier_label, secret_label};
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::Act;
use crate::domain::carrier::{Carrier, Credentials};
use crate::domain::catalog::Catalog;
use crate::domain::client::{AuthMethod, Client, OldSecret};
use crate::domain::connection::Connection;
use crate::domain::declaration::{Noun, Wanted, WantedClient, WantedPolicy};
use crate::domain::registration::Policy;
use crate::flows::{Fault, events};
use crate::store::{self, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// What changed, in the words the command prints.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub lines: Vec<String>,
    /// Client secrets made now: shown once, stored only as hashes.
    pub made_secrets: Vec<(String, String)>,
    /// What only the rows could tell to be wrong.
    pub wrong: Vec<String>,
    /// What was done to people, who are no part of the catalog.
    pub(super) acts: Vec<Act>,
}

/// A secret as it is.
pub(super) fn kept(app: &App, have: &Catalog, noun: Noun, of: &str, secret: &str) -> Option<String> {
    if noun == Noun::EventEndpoint {
        return events::secret(app, have.event_endpoint(of)?).ok();
    }
    let known = have.carriers.iter().find(|known| known.carrier.name == of)?;
    app.credentials(known).ok()?.get(secret).map(str::to_owned)
}

pub(super) async fn write(app: &App, tx: &mut Tx, have: &Catalog, wanted: Wanted) -> Result<Changes, Fault> {
    let mut changes = Changes::default();
    for wanted in wanted.connections {
        connection(app, tx, have, wanted, &mut changes).await?;
    }
    carriers(app, tx, have, wanted.carriers, &mut changes).await?;
    for wanted in wanted.clients {
        client(app, tx, have, wanted, &mut changes).await?;
    }
    for cap in wanted.caps {
        if !have.caps.contains(&cap) {
            let known = have.caps.iter().any(|known| known.id() == cap.id());
            changes.say(known, "cap", &cap.id(), &format!("{} {}", cap.most, app.config.money_currency));
            store::catalog::change_cap(&mut *tx, &cap).await?;
        }
    }
    for resource in wanted.resources {
        if have.resource(&resource.uri) != Some(&resource) {
            changes.say(have.resource(&resource.uri).is_some(), "resource", &resource.uri, "");
            store::catalog::change_declared(&mut *tx, "resource", &resource.uri, &resource).await?;
        }
    }
    for scope in wanted.scopes {
        let known = have.scopes.iter().find(|known| known.name == scope.name);
        if known != Some(&scope) {
            changes.say(known.is_some(), "scope", &scope.name, "");
            store::catalog::change_declared(&mut *tx, "scope", &scope.name, &scope).await?;
        }
    }
    let people = people::Declared {
        organizations: wanted.organizations,
        roles: wanted.roles,
        permissions: wanted.permissions,
        flags: wanted.flags,
        people: wanted.people,
    };
    people::apply(app, tx, have, people, &mut changes).await?;
    for wanted in wanted.registrations {
        registration(app, tx, have, wanted, &mut changes).await?;
    }
    for wanted in wanted.event_endpoints {
        endpoints::write(app, tx, have, wanted, &mut changes).await?;
    }
    for wording in wanted.wordings {
        let known = have.wordings.iter().find(|known| known.name() == wording.name());
        if known != Some(&wording) {
            changes.say(known.is_some(), "text", &wording.name(), "");
            store::catalog::change_declared(&mut *tx, "text", &wording.name(), &wording).await?;
        }
    }
    for test in wanted.test_identifiers {
        if !have.test_identifiers.contains(&test) {
            let known = have.test_identifiers.iter().any(|known| known.identifier == test.identifier);
            changes.say(known, "test identifier", &test.identifier.to_string(), "");
            store::catalog::change_test_identifier(&mut *tx, &test).await?;
        }
    }
    Ok(changes)
}

impl Changes {
    pub(super) fn say(&mut self, known: bool, noun: &str, name: &str, what: &str) {
        let (sign, verb) = if known { ('~', "changed") } else { ('+', "added") };
        let what = if what.is_empty() { String::new() } else { format!(": {what}") };
        self.lines.push(format!("{sign} {noun} {name} {verb}{what}"));
    }
}

async fn connection(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: Connection,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let known = have.connections.iter().find(|known| known.name == wanted.name);
    let taken = have.connections.iter().find(|other| other.id == wanted.id && other.name != wanted.name);
    if known.is_some_and(|known| !wanted.id.as_str().is_empty() && known.id != wanted.id) || taken.is_some() {
        changes.wrong.push(format!(
            "connection \"{}\": id: it has another, which apps may know it by; or another has this",
            wanted.name
        ));
        return Ok(());
    }
    let id = match known {
        Some(known) => known.id.clone(),
        None if wanted.id.as_str().is_empty() => app.entropy.connection_id(),
        None => wanted.id.clone(),
    };
    let wanted = Connection { id, ..wanted };
    if known != Some(&wanted) {
        changes.say(known.is_some(), "connection", &wanted.name, wanted.id.as_str());
        store::catalog::change_connection(tx, &wanted).await?;
    }
    Ok(())
}

/// The order of carriers is the order they are tried in: it may change where nothing else does, and then moves others too.
async fn carriers(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    mut wanted: Vec<(Carrier, Credentials)>,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let before: Vec<&str> = have.carriers.iter().map(|known| known.carrier.name.as_str()).collect();
    let declared: Vec<&str> = wanted.iter().map(|(carrier, _)| carrier.name.as_str()).collect();
    let order: Vec<String> = arranged(&before, &declared).into_iter().map(str::to_owned).collect();
    for (place, name) in order.iter().enumerate() {
        let known = have.carriers.iter().find(|known| known.carrier.name == *name);
        let moved = before.get(place).is_none_or(|stood| stood != name);
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let open = known.map(|known| app.credentials(known).unwrap_or_default()).unwrap_or_default();
        if let Some(at) = wanted.iter().position(|(carrier, _)| carrier.name == *name) {
            let (carrier, secrets) = wanted.swap_remove(at);
            let same = known.is_some_and(|known| known.carrier == carrier) && open == secrets;
            if !same || moved {
                changes.say(known.is_some(), "carrier", name, if same { "order" } else { carrier.kind.as_str() });
                let sealed = || app.secret.seal.close(&carrier_label(name), &secrets.to_bytes());
                let credentials = if secrets.is_empty() { None } else { Some(sealed()?) };
                store::catalog::change_carrier(&mut *tx, &carrier, credentials, place).await?;
            }
        } else if let Some(known) = known.filter(|_| moved) {
            changes.say(true, "carrier", name, "order");
            store::catalog::change_carrier(&mut *tx, &known.carrier, known.credentials.clone(), place).await?;
        }
    }
    Ok(())
}

/// The order there is, while it agrees with the one declared; else those declared in theirs, where the first of them stood.
fn arranged<'a>(before: &[&'a str], declared: &[&'a str]) -> Vec<&'a str> {
    let mut rest = before.iter();
    if declared.iter().all(|name| rest.any(|stands| stands == name)) {
        return before.to_vec();
    }
    let first = before.iter().position(|name| declared.contains(name)).unwrap_or(before.len());
    let (ahead, behind) = before.split_at(first);
    let behind = behind.iter().filter(|name| !declared.contains(name));
    ahead.iter().chain(declared).chain(behind).copied().collect()
}

async fn client(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: WantedClient,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let known = have.client(wanted.client.id.as_str());
    let secret = wanted.secret.clone();
    let declared = wanted.client.secret_hash.clone();
    let (secret_hash, made) = match (&wanted.secret, declared.or(known.and_then(|known| known.secret_hash.clone()))) {
        _ if !wanted.client.has_secret() => (None, None),
        (Some(secret), _) => (Some(sha256_hex(secret)), None),
        (None, Some(hash)) => (Some(hash), None),
        (None, None) => {
            let secret = app.entropy.client_secret();
            (Some(sha256_hex(&secret)), Some(secret))
        }
    };
    let mut wanted = Client { secret_hash, ..wanted.client };
    wanted.old_secret = old_secret(known.map(Arc::as_ref), &wanted);
    if wanted.keys.method == Some(AuthMethod::ClientSecretJwt) {
        // The same secret keeps its seal, or every `apply` would be a change.
        let kept = known.filter(|known| known.secret_hash == wanted.secret_hash);
        wanted.keys.sealed_secret =
            match (kept.and_then(|known| known.keys.sealed_secret.clone()), secret.as_deref().or(made.as_deref())) {
                (Some(sealed), _) => Some(sealed),
                (None, Some(secret)) => {
                    Some(STANDARD.encode(app.secret.seal.close(&secret_label(wanted.id.as_str()), secret.as_bytes())?))
                }
                (None, None) => {
                    // Its hash alone is known: a new one is the only way.
                    let made = app.entropy.client_secret();
                    wanted.secret_hash = Some(sha256_hex(&made));
                    let sealed = app.secret.seal.close(&secret_label(wanted.id.as_str()), made.as_bytes())?;
                    changes.made_secrets.push((wanted.id.as_str().to_owned(), made));
                    Some(STANDARD.encode(sealed))
                }
            };
    }
    if known.is_some_and(|known| **known == wanted) {
        return Ok(());
    }
    let what = known.map_or_else(String::new, |known| differences(known, &wanted));
    changes.say(known.is_some(), "client", wanted.id.as_str(), &what);
    changes.made_secrets.extend(made.map(|secret| (wanted.id.as_str().to_owned(), secret)));
    Ok(store::catalog::change_client(tx, &wanted).await?)
}

/// The secret before this one: as it is declared, or else as it stands. Its seal is ours to keep.
fn old_secret(known: Option<&Client>, wanted: &Client) -> Option<OldSecret> {
    let known = known.and_then(|known| known.old_secret.as_ref());
    let old = wanted.old_secret.as_ref().or(known).filter(|old| wanted.secret_hash.as_ref() != Some(&old.hash));
    let old = old.filter(|_| wanted.has_secret())?;
    let sealed = known.filter(|known| known.hash == old.hash).and_then(|known| known.sealed.clone());
    Some(OldSecret { sealed, ..old.clone() })
}

async fn registration(
    app: &App,
    tx: &mut Tx,
    have: &Catalog,
    wanted: WantedPolicy,
    changes: &mut Changes,
) -> Result<(), Fault> {
    let known = have.registrations.iter().find(|known| known.name == wanted.policy.name);
    let declared = wanted.policy.token_hash.clone();
    let (token_hash, made) = match (wanted.token, declared.or(known.and_then(|known| known.token_hash.clone()))) {
        _ if wanted.policy.open => (None, None),
        (Some(token), _) => (Some(sha256_hex(&token)), None),
        (None, Some(hash)) => (Some(hash), None),
        (None, None) => {
            let token = app.entropy.client_secret();
            (Some(sha256_hex(&token)), Some(token))
        }
    };
    let policy = Policy { token_hash, ..wanted.policy };
    if known == Some(&policy) {
        return Ok(());
    }
    changes.say(known.is_some(), "registration", &policy.name, "");
    changes.made_secrets.extend(made.map(|token| (format!("registration {}", policy.name), token)));
    Ok(store::catalog::change_declared(tx, "registration", &policy.name, &policy).await?)
}

/// Which settings differ, by name; values may be secrets.
fn differences(known: &Client, wanted: &Client) -> String {
    let fields = |client: &Client| {
        serde_json::to_value(client).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
    };
    let (known, wanted) = (fields(known), fields(wanted));
    wanted
        .iter()
        .filter(|(name, value)| known.get(*name) != Some(value))
        .map(|(name, _)| name.replace("secret_hash", "secret"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::arranged;

    #[test]
    fn the_order_changes_only_where_it_must() {
        assert_eq!(arranged(&["a", "b", "c"], &["a", "c"]), ["a", "b", "c"]);
        assert_eq!(arranged(&["a", "b", "c"], &["c", "a"]), ["c", "a", "b"]);
        assert_eq!(arranged(&["a", "b", "c"], &["b", "new", "c"]), ["a", "b", "new", "c"]);
        assert_eq!(arranged(&["a", "b"], &["new"]), ["a", "b", "new"]);
        assert_eq!(arranged(&[], &["a", "b"]), ["a", "b"]);
    }
}
