//! What `countersign apply` reads: clients, connections, carriers, caps and test identifiers as TOML, checked whole before anything
//! changes. Every fault is found, and told with where it stands and what is allowed.

mod cap;
mod carrier;
mod client;
mod connection;
mod event_endpoint;
mod organization;
mod person;
mod registration;
mod resource;
mod schema;
mod told;
mod wording;

use super::carrier::{Carrier, Credentials};
use super::catalog::{Catalog, TestIdentifier};
use super::client::Client;
use super::connection::Connection;
use super::delivery::Cap;
use super::identifier::Identifier;
use super::organization::{FeatureFlag, Organization, Permission, Role};
use super::resource::{DeclaredScope, Resource};
use super::wording::Wording;
use cap::CapDeclared;
use client::ClientDeclared;
use connection::ConnectionDeclared;
pub use event_endpoint::WantedEndpoint;
pub use organization::OWN;
pub use person::{WantedChange, WantedPerson, read_fields};
pub use registration::WantedPolicy;
use serde::{Deserialize, Serialize};
pub use told::Noun;
use utoipa::ToSchema;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    #[serde(default)]
    client: Vec<ClientDeclared>,
    #[serde(default)]
    connection: Vec<ConnectionDeclared>,
    #[serde(default)]
    carrier: Vec<toml::Table>,
    #[serde(default)]
    cap: Vec<CapDeclared>,
    #[serde(default)]
    test_identifier: Vec<TestDeclared>,
    #[serde(default)]
    resource: Vec<resource::ResourceDeclared>,
    #[serde(default)]
    scope: Vec<resource::ScopeDeclared>,
    #[serde(default)]
    organization: Vec<organization::OrganizationDeclared>,
    #[serde(default)]
    role: Vec<organization::RoleDeclared>,
    #[serde(default)]
    permission: Vec<organization::PermissionDeclared>,
    #[serde(default)]
    feature_flag: Vec<organization::FlagDeclared>,
    #[serde(default)]
    person: Vec<person::PersonDeclared>,
    #[serde(default)]
    registration: Vec<registration::RegistrationDeclared>,
    #[serde(default)]
    event_endpoint: Vec<event_endpoint::EndpointDeclared>,
    #[serde(default)]
    text: Vec<wording::TextDeclared>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TestIdentifier)]
struct TestDeclared {
    identifier: String,
    passcode: String,
}

/// A declaration that passed every check.
#[derive(Debug, Default)]
pub struct Wanted {
    pub clients: Vec<WantedClient>,
    /// Ids may be empty: an existing connection of the same name keeps its own.
    pub connections: Vec<Connection>,
    pub carriers: Vec<(Carrier, Credentials)>,
    pub test_identifiers: Vec<TestIdentifier>,
    pub caps: Vec<Cap>,
    pub resources: Vec<Resource>,
    pub scopes: Vec<DeclaredScope>,
    pub organizations: Vec<Organization>,
    /// Ids are empty, here and below.
    pub roles: Vec<Role>,
    pub permissions: Vec<Permission>,
    pub flags: Vec<FeatureFlag>,
    pub people: Vec<WantedPerson>,
    pub registrations: Vec<WantedPolicy>,
    pub event_endpoints: Vec<WantedEndpoint>,
    pub wordings: Vec<Wording>,
}

#[derive(Debug)]
pub struct WantedClient {
    /// Without a secret hash: the flow knows whether one was given, exists, or is to be made.
    pub client: Client,
    pub secret: Option<String>,
}

/// Reads a file named beside the declaration.
pub type ReadFile<'a> = &'a (dyn Fn(&str) -> Result<Vec<u8>, String> + Sync);

/// Whether a sentence may be said so, by language, key and text; else which field is wrong, and what may stand there.
pub type Sayable<'a> = &'a dyn Fn(&str, &str, &str) -> Result<(), (&'static str, String)>;

/// What a declaration names and does not hold.
pub struct Outside<'a> {
    pub read_file: ReadFile<'a>,
    /// The secret a carrier or an event endpoint of this name has already, by the secret's name.
    pub kept: &'a dyn Fn(Noun, &str, &str) -> Option<String>,
    pub words: Sayable<'a>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which item: `client[0] "shop"`. Empty where it is not known.
    pub at: String,
    pub field: String,
    /// What is wrong, and what is allowed.
    pub what: String,
}

impl Mistake {
    /// One of which all is said in words.
    pub fn plain(what: String) -> Self {
        Self { at: String::new(), field: String::new(), what }
    }

    /// Of one field of what is asked about.
    pub fn of(field: &str, what: impl Into<String>) -> Self {
        Self { field: field.to_owned(), ..Self::plain(what.into()) }
    }

    /// The same, wherever in a list its item stands.
    pub fn is_like(&self, other: &Self) -> bool {
        let item = |at: &str| at.split_once(']').map_or(at.to_owned(), |(_, item)| item.to_owned());
        item(&self.at) == item(&other.at) && self.field == other.field && self.what == other.what
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        [&self.at, &self.field]
            .into_iter()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(f, "{part}: "))?;
        f.write_str(&self.what)
    }
}

impl Declaration {
    /// What every carrier may hold, whatever its kind.
    pub const CARRIER_KEYS: [&str; 7] = carrier::COMMON;

    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let unread =
            |error: toml::de::Error| Mistake { at: String::new(), field: String::new(), what: error.to_string() };
        toml::from_str(text).map_err(|error| vec![unread(error)])
    }

    /// `known` is what the installation has already: a declaration may refer to it.
    pub fn check(self, known: &Catalog, outside: &Outside<'_>) -> Result<Wanted, Vec<Mistake>> {
        let mut faults = Vec::new();
        let mut wanted = Wanted::default();
        let named: Vec<String> = self
            .connection
            .iter()
            .map(|connection| connection.name.clone())
            .chain(known.connections.iter().map(|known| known.name.clone()))
            .collect();
        for (place, declared) in self.carrier.into_iter().enumerate() {
            let at = format!("carrier[{place}] \"{}\"", carrier::name_of(&declared));
            wanted.carriers.extend(carrier::check(declared, outside, &mut Faults { at: &at, list: &mut faults }));
        }
        let carriers: Vec<&Carrier> = wanted
            .carriers
            .iter()
            .map(|(carrier, _)| carrier)
            .chain(known.carriers.iter().map(|sealed| &sealed.carrier))
            .collect();
        for (place, declared) in self.connection.into_iter().enumerate() {
            let at = format!("connection[{place}] \"{}\"", declared.name);
            let checked = connection::check(declared, &carriers, &mut Faults { at: &at, list: &mut faults });
            wanted.connections.extend(checked);
        }
        for (place, declared) in self.cap.into_iter().enumerate() {
            let at = format!("cap[{place}]");
            wanted.caps.extend(cap::check(declared, &mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.client.into_iter().enumerate() {
            let at = format!("client[{place}] \"{}\"", declared.id);
            wanted.clients.extend(client::check(
                declared,
                &named,
                outside.read_file,
                &mut Faults { at: &at, list: &mut faults },
            ));
        }
        for (place, declared) in self.resource.into_iter().enumerate() {
            let at = format!("resource[{place}]");
            wanted.resources.extend(declared.check(&mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.scope.into_iter().enumerate() {
            let at = format!("scope[{place}]");
            wanted.scopes.extend(declared.check(&mut Faults { at: &at, list: &mut faults }));
        }
        let people = People {
            organization: self.organization,
            role: self.role,
            permission: self.permission,
            feature_flag: self.feature_flag,
            person: self.person,
        };
        people.check(known, &mut wanted, &mut faults);
        for (place, declared) in self.registration.into_iter().enumerate() {
            let at = format!("registration[{place}] \"{}\"", declared.name);
            wanted.registrations.extend(declared.check(&named, &mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.event_endpoint.into_iter().enumerate() {
            let at = format!("event_endpoint[{place}] \"{}\"", declared.name);
            wanted.event_endpoints.extend(declared.check(outside, &mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.test_identifier.into_iter().enumerate() {
            let at = format!("test_identifier[{place}]");
            wanted.test_identifiers.extend(check_test(declared, &mut Faults { at: &at, list: &mut faults }));
        }
        let clients = wanted.clients.iter().map(|wanted| wanted.client.id.to_string());
        let clients: Vec<String> = clients.chain(known.clients.keys().cloned()).collect();
        for (place, declared) in self.text.into_iter().enumerate() {
            let at = format!("text[{place}]");
            let checked = declared.check(outside.words, &clients, &mut Faults { at: &at, list: &mut faults });
            wanted.wordings.extend(checked);
        }
        twice("client", wanted.clients.iter().map(|wanted| wanted.client.id.as_str()), &mut faults);
        twice("connection", wanted.connections.iter().map(|connection| connection.name.as_str()), &mut faults);
        twice("carrier", wanted.carriers.iter().map(|(carrier, _)| carrier.name.as_str()), &mut faults);
        twice("resource", wanted.resources.iter().map(|resource| resource.uri.as_str()), &mut faults);
        twice("scope", wanted.scopes.iter().map(|scope| scope.name.as_str()), &mut faults);
        twice("registration", wanted.registrations.iter().map(|wanted| wanted.policy.name.as_str()), &mut faults);
        twice("event_endpoint", wanted.event_endpoints.iter().map(|wanted| wanted.endpoint.name.as_str()), &mut faults);
        let wordings: Vec<String> = wanted.wordings.iter().map(Wording::name).collect();
        twice("text", wordings.iter().map(String::as_str), &mut faults);
        let caps: Vec<String> = wanted.caps.iter().map(Cap::id).collect();
        twice("cap", caps.iter().map(String::as_str), &mut faults);
        if faults.is_empty() { Ok(wanted) } else { Err(faults) }
    }
}

/// Who there is, and what they may do.
struct People {
    organization: Vec<organization::OrganizationDeclared>,
    role: Vec<organization::RoleDeclared>,
    permission: Vec<organization::PermissionDeclared>,
    feature_flag: Vec<organization::FlagDeclared>,
    person: Vec<person::PersonDeclared>,
}

impl People {
    /// What others name comes first.
    fn check(self, known: &Catalog, wanted: &mut Wanted, faults: &mut Vec<Mistake>) {
        for (place, declared) in self.permission.into_iter().enumerate() {
            let at = format!("permission[{place}]");
            wanted.permissions.extend(declared.check(&mut Faults { at: &at, list: faults }));
        }
        for (place, declared) in self.role.into_iter().enumerate() {
            let at = format!("role[{place}]");
            wanted.roles.extend(declared.check(known, &wanted.permissions, &mut Faults { at: &at, list: faults }));
        }
        for (place, declared) in self.feature_flag.into_iter().enumerate() {
            let at = format!("feature_flag[{place}]");
            wanted.flags.extend(declared.check(&mut Faults { at: &at, list: faults }));
        }
        for (place, declared) in self.organization.into_iter().enumerate() {
            let at = format!("organization[{place}]");
            let checked = declared.check(known, &wanted.flags, &mut Faults { at: &at, list: faults });
            wanted.organizations.extend(checked);
        }
        for (place, declared) in self.person.into_iter().enumerate() {
            let at = format!("person[{place}]");
            let checked = declared.check(known, wanted, &mut Faults { at: &at, list: faults });
            wanted.people.extend(checked);
        }
        twice("organization", wanted.organizations.iter().map(|one| one.code.as_str()), faults);
        twice("role", wanted.roles.iter().map(|role| role.key.as_str()), faults);
        twice("permission", wanted.permissions.iter().map(|permission| permission.key.as_str()), faults);
        twice("feature_flag", wanted.flags.iter().map(|flag| flag.key.as_str()), faults);
    }
}

struct Faults<'a> {
    at: &'a str,
    list: &'a mut Vec<Mistake>,
}

impl Faults<'_> {
    fn tell(&mut self, field: &str, what: impl std::fmt::Display) {
        let (at, field) = (self.at.to_owned(), field.to_owned());
        self.list.push(Mistake { at, field, what: what.to_string() });
    }

    /// The value, or the fault told.
    fn must<T>(&mut self, field: &str, found: Option<T>, allowed: &str) -> Option<T> {
        if found.is_none() {
            self.tell(field, allowed);
        }
        found
    }
}

fn twice<'a>(noun: &str, names: impl Iterator<Item = &'a str>, faults: &mut Vec<Mistake>) {
    let mut seen = std::collections::HashSet::new();
    faults.extend(names.filter(|name| !seen.insert(*name)).map(|name| Mistake {
        at: format!("{noun} \"{name}\""),
        field: String::new(),
        what: "is declared twice".into(),
    }));
}

/// What is kept of a secret stands in its place, in an export.
fn check_hash(hash: &str, field: &str, beside_another: bool, faults: &mut Faults<'_>) {
    if beside_another {
        faults.tell(field, "stands in place of the secret, not beside it");
    } else if hash.len() != 64 || !hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        faults.tell(field, "64 hex digits");
    }
}

/// What may stand in a URL and a log line without quoting.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

const NAME: &str = "1 to 64 letters, digits, and - _ .";

fn check_test(declared: TestDeclared, faults: &mut Faults<'_>) -> Option<TestIdentifier> {
    let identifier = faults.must(
        "identifier",
        Identifier::read(&declared.identifier),
        "a phone number with + and country code, or an e-mail address",
    );
    let digits =
        (4..=10).contains(&declared.passcode.len()) && declared.passcode.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        faults.tell("passcode", "4 to 10 digits");
    }
    Some(TestIdentifier { identifier: identifier.filter(|_| digits)?, passcode: declared.passcode })
}

#[cfg(test)]
mod tests;
