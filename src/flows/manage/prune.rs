//! `apply --prune`: what a file does not name is taken away, if nobody needs it. Organizations and people are not a file's to
//! take away, nor are clients that registered themselves.

use super::declared::Declared;
use super::remove::remove;
use super::write::Changes;
use crate::domain::declaration::{Mistake, Noun, Wanted};
use crate::flows::Fault;
use crate::store::Tx;
use std::collections::BTreeSet;

/// What a declaration names.
pub(super) fn named(wanted: &Wanted) -> BTreeSet<(Noun, String)> {
    let mut named = BTreeSet::new();
    let mut add = |noun, name: &str| named.extend([(noun, name.to_owned())]);
    wanted.clients.iter().for_each(|one| add(Noun::Client, one.client.id.as_str()));
    wanted.connections.iter().for_each(|one| add(Noun::Connection, &one.name));
    wanted.carriers.iter().for_each(|(one, _)| add(Noun::Carrier, &one.name));
    wanted.caps.iter().for_each(|one| add(Noun::Cap, &one.name()));
    wanted.resources.iter().for_each(|one| add(Noun::Resource, &one.uri));
    wanted.scopes.iter().for_each(|one| add(Noun::Scope, &one.name));
    wanted.roles.iter().for_each(|one| add(Noun::Role, &one.key));
    wanted.permissions.iter().for_each(|one| add(Noun::Permission, &one.key));
    wanted.flags.iter().for_each(|one| add(Noun::FeatureFlag, &one.key));
    wanted.wordings.iter().for_each(|one| add(Noun::Text, &one.name()));
    wanted.registrations.iter().for_each(|one| add(Noun::Registration, &one.policy.name));
    wanted.event_endpoints.iter().for_each(|one| add(Noun::EventEndpoint, &one.endpoint.name));
    wanted.test_identifiers.iter().for_each(|one| add(Noun::TestIdentifier, one.identifier.reveal()));
    named
}

/// Takes the rest away, and tells what people still hold of it.
pub(super) async fn prune(
    tx: &mut Tx,
    before: &Declared,
    named: &BTreeSet<(Noun, String)>,
    changes: &mut Changes,
) -> Result<Vec<Mistake>, Fault> {
    let mut held = Vec::new();
    for key in before.picture.keys().filter(|key| key.0 != Noun::Organization && !named.contains(key)) {
        let (noun, name) = key;
        let still = remove(tx, &before.catalog, *noun, name).await?;
        let at = format!("{} \"{name}\"", noun.as_str());
        held.extend(still.into_iter().map(|mistake| Mistake { at: at.clone(), ..mistake }));
        let shown = before
            .catalog
            .test_identifiers
            .iter()
            .find(|test| *noun == Noun::TestIdentifier && test.identifier.reveal() == name);
        let shown = shown.map_or_else(|| name.clone(), |test| test.identifier.to_string());
        changes.lines.push(format!("- {} {shown} removed", noun.as_str().replace('_', " ")));
    }
    Ok(held)
}
