//! The other way round: an installation as it would be declared. Declared again, it changes nothing.

use super::{Declaration, Mistake, TestDeclared, carrier, organization};
use crate::domain::carrier::Credentials;
use crate::domain::catalog::{Catalog, SealedCarrier};
use crate::domain::client::Client;
use crate::domain::organization::Organization;
use crate::domain::wording;
use serde_json::Value;

/// What can be declared, by the name it has in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noun {
    Client,
    Connection,
    Carrier,
    Cap,
    Resource,
    Scope,
    Organization,
    Role,
    Permission,
    FeatureFlag,
    Registration,
    TestIdentifier,
    EventEndpoint,
    /// A sentence in the operator's words.
    Text,
}

impl Noun {
    pub const ALL: [Self; 14] = [
        Self::Client,
        Self::Connection,
        Self::Carrier,
        Self::Cap,
        Self::Resource,
        Self::Scope,
        Self::Organization,
        Self::Role,
        Self::Permission,
        Self::FeatureFlag,
        Self::Registration,
        Self::TestIdentifier,
        Self::EventEndpoint,
        Self::Text,
    ];

    /// Its table in a declaration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Connection => "connection",
            Self::Carrier => "carrier",
            Self::Cap => "cap",
            Self::Resource => "resource",
            Self::Scope => "scope",
            Self::Organization => "organization",
            Self::Role => "role",
            Self::Permission => "permission",
            Self::FeatureFlag => "feature_flag",
            Self::Registration => "registration",
            Self::TestIdentifier => "test_identifier",
            Self::EventEndpoint => "event_endpoint",
            Self::Text => "text",
        }
    }

    /// What the API calls many of them.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Client => "clients",
            Self::Connection => "connections",
            Self::Carrier => "carriers",
            Self::Cap => "caps",
            Self::Resource => "resources",
            Self::Scope => "scopes",
            Self::Organization => "organizations",
            Self::Role => "roles",
            Self::Permission => "permissions",
            Self::FeatureFlag => "feature_flags",
            Self::Registration => "registrations",
            Self::TestIdentifier => "test_identifiers",
            Self::EventEndpoint => "event_endpoints",
            Self::Text => "texts",
        }
    }

    pub fn of_plural(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|noun| noun.plural() == text)
    }

    /// The field that names one; a cap and a text are named by all they are about.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Client => Some("id"),
            Self::Connection | Self::Carrier | Self::Scope | Self::Registration | Self::EventEndpoint => Some("name"),
            Self::Resource => Some("uri"),
            Self::Organization => Some("code"),
            Self::Role | Self::Permission | Self::FeatureFlag => Some("key"),
            Self::TestIdentifier => Some("identifier"),
            Self::Cap | Self::Text => None,
        }
    }

    /// What one is called.
    pub fn name_of(self, item: &Value) -> String {
        let text = |field: &str| item[field].as_str().unwrap_or_default();
        if self == Self::Text {
            return wording::name(text("language"), text("key"), item["client"].as_str());
        }
        match (self.key(), text("client"), text("country")) {
            (Some(key), _, _) => text(key).to_owned(),
            (None, "", "") => format!("installation-{}", text("per")),
            (None, "", country) => format!("country-{country}-{}", text("per")),
            (None, client, _) => format!("client-{client}-{}", text("per")),
        }
    }
}

impl Declaration {
    /// Clients that registered themselves are nobody's declaration. `organizations` are all but the one everybody belongs to.
    pub fn of(
        catalog: &Catalog,
        organizations: &[Organization],
        credentials: impl Fn(&SealedCarrier) -> Credentials,
    ) -> Self {
        let mut clients: Vec<&Client> = catalog.clients.values().map(|client| &**client).collect();
        clients.retain(|client| client.registered.is_none());
        clients.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        let tests = catalog.test_identifiers.iter().map(|test| TestDeclared {
            identifier: test.identifier.reveal().to_owned(),
            passcode: test.passcode.clone(),
        });
        let own = &catalog.organization;
        let organizations = std::iter::once(&catalog.own_organization).chain(organizations);
        Self {
            client: clients.into_iter().map(super::ClientDeclared::of).collect(),
            connection: catalog.connections.iter().map(super::ConnectionDeclared::of).collect(),
            carrier: catalog.carriers.iter().map(|sealed| carrier::of(&sealed.carrier, &credentials(sealed))).collect(),
            cap: catalog.caps.iter().map(super::CapDeclared::of).collect(),
            test_identifier: tests.collect(),
            resource: catalog.resources.iter().map(super::resource::ResourceDeclared::of).collect(),
            scope: catalog.scopes.iter().map(super::resource::ScopeDeclared::of).collect(),
            organization: organizations.map(|one| organization::OrganizationDeclared::of(one, own)).collect(),
            role: catalog.roles.iter().map(organization::RoleDeclared::of).collect(),
            permission: catalog.permissions.iter().map(organization::PermissionDeclared::of).collect(),
            feature_flag: catalog.flags.iter().map(organization::FlagDeclared::of).collect(),
            person: Vec::new(),
            event_endpoint: catalog.event_endpoints.iter().map(super::event_endpoint::EndpointDeclared::of).collect(),
            registration: catalog.registrations.iter().map(super::registration::RegistrationDeclared::of).collect(),
            text: catalog.wordings.iter().map(super::wording::TextDeclared::of).collect(),
        }
    }

    /// One thing by itself, as the API has it, and what it misses: that counts as empty, so that the rest can be looked at as well.
    pub fn of_one(noun: Noun, mut item: Value) -> Result<(Self, Vec<Mistake>), Vec<Mistake>> {
        // A carrier's table knows no null: left out is left out.
        if let Some(fields) = item.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        let mut told = Vec::new();
        loop {
            let whole = Value::Array(vec![item.clone()]);
            let whole = Value::Object([(noun.as_str().to_owned(), whole)].into_iter().collect());
            let error = match serde_path_to_error::deserialize(whole) {
                Ok(one) => return Ok((one, told)),
                Err(error) => error,
            };
            let (path, what) = (error.path().to_string(), error.inner().to_string());
            let field = path.split_once("].").map_or("", |(_, field)| field).to_owned();
            let missing = what.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
            match (missing.filter(|_| field.is_empty()), item.as_object_mut()) {
                (Some(name), Some(fields)) if !fields.contains_key(name) => {
                    fields.insert(name.to_owned(), Value::String(String::new()));
                    told.push(Mistake::of(name, "is missing"));
                }
                _ => {
                    told.push(Mistake::of(&field, what));
                    return Err(told);
                }
            }
        }
    }

    /// Each thing by itself.
    pub fn items(&self) -> Result<Vec<(Noun, Value)>, serde_json::Error> {
        let mut all = serde_json::to_value(self)?;
        let mut items = Vec::new();
        for noun in Noun::ALL {
            if let Value::Array(list) = all[noun.as_str()].take() {
                items.extend(list.into_iter().map(|item| (noun, item)));
            }
        }
        Ok(items)
    }

    /// As a file, without what is as usual.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let mut table = toml::Table::try_from(self)?;
        let usual: Vec<toml::Table> =
            self.client.iter().map(|client| toml::Table::try_from(client.usual())).collect::<Result<_, _>>()?;
        for (noun, items) in &mut table {
            let items = items.as_array_mut().into_iter().flatten().filter_map(toml::Value::as_table_mut);
            for (place, item) in items.enumerate() {
                let usual = usual.get(place).filter(|_| noun == Noun::Client.as_str());
                // Needed, whatever is usual.
                let needed = |key: &str| ["id", "name", "kind"].contains(&key);
                let as_usual = |key: &str, value: &toml::Value| usual.and_then(|usual| usual.get(key)) == Some(value);
                item.retain(|key, value| needed(key) || !(is_empty(value) || as_usual(key, value)));
            }
        }
        table.retain(|_, items| !is_empty(items));
        toml::to_string(&table)
    }
}

fn is_empty(value: &toml::Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_table().is_some_and(toml::Table::is_empty)
}
