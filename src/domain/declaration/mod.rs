//! What `countersign apply` reads: clients, connections, carriers and test identifiers as TOML, checked whole before anything
//! changes. Every fault is found, and told with where it stands and what is allowed.

mod client;

use super::client::{Client, Connection, ConnectionKind};
use super::delivery::{Carrier, CarrierKind, Channel, SmtpSecurity, SmtpSettings};
use super::identifier::Identifier;
use super::ids::ConnectionId;
use super::{catalog::TestIdentifier, phone};
use client::ClientDeclared;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    #[serde(default)]
    client: Vec<ClientDeclared>,
    #[serde(default)]
    connection: Vec<ConnectionDeclared>,
    #[serde(default)]
    carrier: Vec<CarrierDeclared>,
    #[serde(default)]
    test_identifier: Vec<TestDeclared>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectionDeclared {
    name: String,
    kind: String,
    enabled: Option<bool>,
    default_country: Option<String>,
    #[serde(default)]
    countries: Vec<String>,
    ladder: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierDeclared {
    name: String,
    kind: String,
    enabled: Option<bool>,
    host: Option<String>,
    port: Option<u16>,
    security: Option<String>,
    username: Option<String>,
    password: Option<String>,
    from: Option<String>,
    ca_file: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestDeclared {
    identifier: String,
    passcode: String,
}

/// A declaration that passed every check.
#[derive(Debug, Default)]
pub struct Wanted {
    pub clients: Vec<WantedClient>,
    /// Ids are empty: an existing connection of the same name keeps its own.
    pub connections: Vec<Connection>,
    pub carriers: Vec<(Carrier, Option<String>)>,
    pub test_identifiers: Vec<TestIdentifier>,
}

#[derive(Debug)]
pub struct WantedClient {
    /// Without a secret hash: the flow knows whether one was given, exists, or is to be made.
    pub client: Client,
    pub secret: Option<String>,
}

/// Reads a file named beside the declaration.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

impl Declaration {
    pub fn read(text: &str) -> Result<Self, Vec<String>> {
        toml::from_str(text).map_err(|error: toml::de::Error| vec![error.to_string()])
    }

    pub fn check(self, known_connections: &[&str], read_file: ReadFile<'_>) -> Result<Wanted, Vec<String>> {
        let mut faults = Vec::new();
        let mut wanted = Wanted::default();
        let named: Vec<String> = self
            .connection
            .iter()
            .map(|connection| connection.name.clone())
            .chain(known_connections.iter().map(|&name| name.to_owned()))
            .collect();
        for (place, declared) in self.connection.into_iter().enumerate() {
            let at = format!("connection[{place}] \"{}\"", declared.name);
            wanted.connections.extend(check_connection(declared, &mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.carrier.into_iter().enumerate() {
            let at = format!("carrier[{place}] \"{}\"", declared.name);
            wanted.carriers.extend(check_carrier(declared, &mut Faults { at: &at, list: &mut faults }));
        }
        for (place, declared) in self.client.into_iter().enumerate() {
            let at = format!("client[{place}] \"{}\"", declared.id);
            wanted.clients.extend(client::check(
                declared,
                &named,
                read_file,
                &mut Faults { at: &at, list: &mut faults },
            ));
        }
        for (place, declared) in self.test_identifier.into_iter().enumerate() {
            let at = format!("test_identifier[{place}]");
            wanted.test_identifiers.extend(check_test(declared, &mut Faults { at: &at, list: &mut faults }));
        }
        twice("client", wanted.clients.iter().map(|wanted| wanted.client.id.as_str()), &mut faults);
        twice("connection", wanted.connections.iter().map(|connection| connection.name.as_str()), &mut faults);
        twice("carrier", wanted.carriers.iter().map(|(carrier, _)| carrier.name.as_str()), &mut faults);
        if faults.is_empty() { Ok(wanted) } else { Err(faults) }
    }
}

struct Faults<'a> {
    at: &'a str,
    list: &'a mut Vec<String>,
}

impl Faults<'_> {
    fn tell(&mut self, field: &str, what: impl std::fmt::Display) {
        self.list.push(format!("{}: {field}: {what}", self.at));
    }

    /// The value, or the fault told.
    fn must<T>(&mut self, field: &str, found: Option<T>, allowed: &str) -> Option<T> {
        if found.is_none() {
            self.tell(field, allowed);
        }
        found
    }
}

fn twice<'a>(noun: &str, names: impl Iterator<Item = &'a str>, faults: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    faults.extend(names.filter(|name| !seen.insert(*name)).map(|name| format!("{noun} \"{name}\" is declared twice")));
}

/// What may stand in a URL and a log line without quoting.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

const NAME: &str = "1 to 64 letters, digits, and - _ .";

fn check_connection(declared: ConnectionDeclared, faults: &mut Faults<'_>) -> Option<Connection> {
    let before = faults.list.len();
    if !is_name(&declared.name) || declared.name.starts_with("conn_") {
        faults.tell("name", format!("{NAME}, not beginning with conn_"));
    }
    let kind = match declared.kind.as_str() {
        "phone" => Some(ConnectionKind::Phone),
        "email" => Some(ConnectionKind::Email),
        _ => None,
    };
    let kind = faults.must("kind", kind, "phone or email");
    for country in declared.countries.iter().chain(&declared.default_country) {
        if !phone::is_country(country) {
            faults.tell("countries", format!("\"{country}\" is not an ISO 3166 alpha-2 code in capitals, like NG"));
        }
    }
    if let Some(country) = &declared.default_country
        && !declared.countries.is_empty()
        && !declared.countries.contains(country)
    {
        faults.tell("default_country", format!("{country} is not among countries"));
    }
    let kind = kind?;
    let ladder = match (declared.ladder, kind) {
        (Some(ladder), _) => ladder,
        (None, ConnectionKind::Phone) => vec!["sms".to_owned()],
        (None, ConnectionKind::Email) => vec!["email".to_owned()],
    };
    let channels: Vec<Channel> = ladder
        .iter()
        .filter_map(|word| Channel::parse(word))
        .filter(|channel| channel.reaches(kind.identifier()))
        .collect();
    if channels.len() != ladder.len() || channels.is_empty() {
        faults.tell(
            "ladder",
            match kind {
                ConnectionKind::Phone => "one or more of whatsapp, sms, voice",
                ConnectionKind::Email => "only email",
            },
        );
    }
    (faults.list.len() == before).then(|| Connection {
        id: ConnectionId::new(""),
        name: declared.name,
        kind,
        enabled: declared.enabled.unwrap_or(true),
        default_country: declared.default_country,
        countries: declared.countries,
        ladder: channels,
    })
}

fn check_carrier(declared: CarrierDeclared, faults: &mut Faults<'_>) -> Option<(Carrier, Option<String>)> {
    let before = faults.list.len();
    if !is_name(&declared.name) {
        faults.tell("name", NAME);
    }
    let kind = match declared.kind.as_str() {
        "dev_phone" => Some(CarrierKind::DevPhone),
        "smtp" => check_smtp(&declared, faults).map(CarrierKind::Smtp),
        _ => faults.must("kind", None, "dev_phone or smtp"),
    };
    if declared.kind == "dev_phone"
        && [
            &declared.host,
            &declared.security,
            &declared.username,
            &declared.password,
            &declared.from,
            &declared.ca_file,
        ]
        .into_iter()
        .any(Option::is_some)
    {
        faults.tell("kind", "dev_phone has no settings");
    }
    let kind = kind?;
    (faults.list.len() == before)
        .then(|| (Carrier { name: declared.name, enabled: declared.enabled.unwrap_or(true), kind }, declared.password))
}

fn check_smtp(declared: &CarrierDeclared, faults: &mut Faults<'_>) -> Option<SmtpSettings> {
    let host = faults.must("host", declared.host.clone().filter(|host| !host.is_empty()), "the mail server's name");
    let security = match declared.security.as_deref() {
        None | Some("starttls") => Some(SmtpSecurity::Starttls),
        Some("tls") => Some(SmtpSecurity::Tls),
        Some("none") => Some(SmtpSecurity::None),
        Some(_) => None,
    };
    let security = faults.must("security", security, "tls, starttls or none");
    let from = declared.from.clone().filter(|from| {
        Identifier::email(from.rsplit_once('<').map_or(from.as_str(), |(_, address)| address.trim_end_matches('>')))
            .is_ok()
    });
    let from = faults.must("from", from, "the address mails come from, like \"Shop <no-reply@shop.example>\"");
    if declared.username.is_some() != declared.password.is_some() {
        faults.tell("password", "username and password come together");
    }
    let (host, security, from) = (host?, security?, from?);
    let loopback = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if security == SmtpSecurity::None && !(loopback || declared.password.is_none()) {
        faults.tell("security", "a password travels only over tls or starttls");
    }
    let port = declared.port.unwrap_or(match security {
        SmtpSecurity::Tls => 465,
        SmtpSecurity::Starttls => 587,
        SmtpSecurity::None => 25,
    });
    Some(SmtpSettings {
        host,
        port,
        security,
        username: declared.username.clone(),
        from,
        ca_file: declared.ca_file.clone(),
    })
}

fn check_test(declared: TestDeclared, faults: &mut Faults<'_>) -> Option<TestIdentifier> {
    let identifier =
        Identifier::phone(&declared.identifier, None).ok().or_else(|| Identifier::email(&declared.identifier).ok());
    let identifier =
        faults.must("identifier", identifier, "a phone number with + and country code, or an e-mail address");
    let digits =
        (4..=10).contains(&declared.passcode.len()) && declared.passcode.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        faults.tell("passcode", "4 to 10 digits");
    }
    Some(TestIdentifier { identifier: identifier.filter(|_| digits)?, passcode: declared.passcode })
}

#[cfg(test)]
mod tests;
