//! What `countersign apply` reads: clients, connections, carriers and test identifiers as TOML, checked whole before anything
//! changes. Every fault is found, and told with where it stands and what is allowed.

use super::branding::Accent;
use super::client::{Algorithm, Branding, Client, ClientKind, Connection, ConnectionKind, Lifetimes, Logo};
use super::delivery::{Carrier, CarrierKind, Channel, SmtpSecurity, SmtpSettings};
use super::identifier::Identifier;
use super::ids::{ClientId, ConnectionId};
use super::{catalog::TestIdentifier, phone};
use base64::Engine;
use serde::Deserialize;
use url::Url;

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
struct ClientDeclared {
    id: String,
    name: String,
    kind: String,
    secret: Option<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    #[serde(default)]
    connections: Vec<String>,
    require_pkce: Option<bool>,
    algorithm: Option<String>,
    sign_up: Option<bool>,
    claims_in_id_token: Option<bool>,
    access_token_seconds: Option<u32>,
    id_token_seconds: Option<u32>,
    refresh_token_seconds: Option<u32>,
    color: Option<String>,
    logo: Option<String>,
    terms_url: Option<String>,
    privacy_url: Option<String>,
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

const LARGEST_LOGO: usize = 16 * 1024;

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
            wanted.clients.extend(check_client(
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

fn check_client(
    declared: ClientDeclared,
    connections: &[String],
    read_file: ReadFile<'_>,
    faults: &mut Faults<'_>,
) -> Option<WantedClient> {
    let before = faults.list.len();
    if !is_name(&declared.id) {
        faults.tell("id", NAME);
    }
    if declared.name.trim().is_empty()
        || declared.name.chars().count() > 40
        || declared.name.chars().any(char::is_control)
    {
        faults.tell("name", "1 to 40 characters, as people read it");
    }
    let kind = match declared.kind.as_str() {
        "web" => Some(ClientKind::Web),
        "spa" => Some(ClientKind::Spa),
        "native" => Some(ClientKind::Native),
        "machine" => Some(ClientKind::Machine),
        _ => None,
    };
    let kind = faults.must("kind", kind, "web, spa, native or machine");
    let public = matches!(kind, Some(ClientKind::Spa | ClientKind::Native));
    match &declared.secret {
        Some(_) if public => faults.tell("secret", "a spa or native client cannot keep one: leave it out"),
        Some(secret)
            if !(40..=60).contains(&secret.len()) || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            faults.tell("secret", "40 to 60 letters and digits; left out, one is made and shown once");
        }
        _ => {}
    }
    for uri in &declared.redirect_uris {
        if let Err(what) = check_uri(uri, kind == Some(ClientKind::Native)) {
            faults.tell("redirect_uris", format!("\"{uri}\" {what}"));
        }
    }
    for uri in &declared.post_logout_redirect_uris {
        if let Err(what) = check_uri(uri, kind == Some(ClientKind::Native)) {
            faults.tell("post_logout_redirect_uris", format!("\"{uri}\" {what}"));
        }
    }
    if kind.is_some() && kind != Some(ClientKind::Machine) {
        if declared.redirect_uris.is_empty() {
            faults.tell("redirect_uris", "at least one");
        }
        if declared.connections.is_empty() {
            faults.tell("connections", "at least one, like [\"phone\", \"email\"]");
        }
    }
    for name in declared.connections.iter().filter(|name| !connections.contains(name)) {
        faults.tell("connections", format!("there is no connection \"{name}\""));
    }
    if public && declared.require_pkce == Some(false) {
        faults.tell("require_pkce", "always true for a spa or native client");
    }
    let algorithm = faults.must(
        "algorithm",
        declared.algorithm.as_deref().map_or(Some(Algorithm::RS256), Algorithm::parse),
        "RS256, ES256 or EdDSA",
    );
    let lifetimes = check_lifetimes(&declared, faults);
    let branding = check_branding(&declared, read_file, faults);
    let (kind, algorithm) = (kind?, algorithm?);
    (faults.list.len() == before).then(|| WantedClient {
        secret: declared.secret,
        client: Client {
            id: ClientId::new(declared.id),
            name: declared.name.trim().to_owned(),
            kind,
            secret_hash: None,
            redirect_uris: declared.redirect_uris,
            post_logout_redirect_uris: declared.post_logout_redirect_uris,
            connections: declared.connections,
            require_pkce: declared.require_pkce.unwrap_or(public),
            algorithm,
            sign_up: declared.sign_up.unwrap_or(true),
            claims_in_id_token: declared.claims_in_id_token.unwrap_or(true),
            lifetimes,
            branding,
        },
    })
}

/// RFC 6749 §3.1.2 and RFC 8252: absolute, no fragment; https, or http on loopback, or a native app's own scheme.
fn check_uri(uri: &str, native: bool) -> Result<(), &'static str> {
    let parsed = Url::parse(uri).map_err(|_| "is not an absolute URL")?;
    if uri.contains('#') {
        return Err("has a fragment");
    }
    if uri.contains('*') {
        return Err("has a wildcard: redirect URIs match exactly");
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("carries credentials");
    }
    let loopback = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err("is http; only loopback addresses may be"),
        "javascript" | "data" | "file" | "blob" | "about" | "vbscript" => Err("has a scheme that runs or reads"),
        _ if native => Ok(()),
        _ => Err("has a scheme of its own, which only native clients may use"),
    }
}

fn check_lifetimes(declared: &ClientDeclared, faults: &mut Faults<'_>) -> Lifetimes {
    let usual = Lifetimes::default();
    let lifetimes = Lifetimes {
        access: declared.access_token_seconds.unwrap_or(usual.access),
        id: declared.id_token_seconds.unwrap_or(usual.id),
        refresh: declared.refresh_token_seconds.unwrap_or(usual.refresh),
    };
    let range = [
        ("access_token_seconds", lifetimes.access, 60, 2_592_000),
        ("id_token_seconds", lifetimes.id, 60, 2_592_000),
        ("refresh_token_seconds", lifetimes.refresh, 300, 31_536_000),
    ];
    for (field, seconds, least, most) in range {
        if !(least..=most).contains(&seconds) {
            faults.tell(field, format!("{least} to {most}"));
        }
    }
    lifetimes
}

fn check_branding(declared: &ClientDeclared, read_file: ReadFile<'_>, faults: &mut Faults<'_>) -> Branding {
    if declared.color.as_deref().is_some_and(|color| Accent::from_hex(color).is_none()) {
        faults.tell("color", "six hex digits, like \"#0a7f5a\"");
    }
    for (field, url) in [("terms_url", &declared.terms_url), ("privacy_url", &declared.privacy_url)] {
        if url.as_deref().is_some_and(|url| !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http")))
        {
            faults.tell(field, "an http or https URL");
        }
    }
    let logo = declared.logo.as_deref().and_then(|path| match read_logo(path, read_file) {
        Ok(logo) => Some(logo),
        Err(what) => {
            faults.tell("logo", what);
            None
        }
    });
    Branding {
        color: declared.color.clone(),
        logo,
        terms_url: declared.terms_url.clone(),
        privacy_url: declared.privacy_url.clone(),
    }
}

fn read_logo(path: &str, read_file: ReadFile<'_>) -> Result<Logo, String> {
    let media_type = match path.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => return Err("an svg, png, jpeg or webp file beside the declaration".into()),
    };
    let bytes = read_file(path)?;
    if bytes.len() > LARGEST_LOGO {
        return Err(format!("{} bytes; at most {LARGEST_LOGO}, so that pages stay quick", bytes.len()));
    }
    Ok(Logo { media_type: media_type.into(), data: base64::engine::general_purpose::STANDARD.encode(bytes) })
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
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let none = |path: &str| Err(format!("no file {path}"));
        match Declaration::read(text) {
            Ok(declaration) => declaration.check(&[], &none).err().unwrap_or_default(),
            Err(faults) => faults,
        }
    }

    #[test]
    fn every_wrong_line_is_told() {
        let found = faults(
            r##"
            [[client]]
            id = "a b"
            name = ""
            kind = "other"
            secret = "short"
            redirect_uris = ["http://shop.example/cb", "https://a.example/#x", "javascript:alert(1)", "https://*.a.example/", "nope"]
            connections = ["missing"]
            algorithm = "none"
            access_token_seconds = 1
            color = "red"
            logo = "x.exe"
            [[connection]]
            name = "conn_x"
            kind = "carrier-pigeon"
            countries = ["ng", "XX"]
            [[connection]]
            name = "mail"
            kind = "email"
            ladder = ["sms"]
            [[carrier]]
            name = "m"
            kind = "smtp"
            security = "ssl3"
            [[test_identifier]]
            identifier = "nobody"
            passcode = "x"
            "##,
        );
        for needle in [
            "id: 1 to 64",
            "name: 1 to 40",
            "kind: web, spa",
            "secret: 40 to 60",
            "only loopback",
            "fragment",
            "runs or reads",
            "wildcard",
            "\"nope\" is not",
            "no connection \"missing\"",
            "algorithm: RS256",
            "access_token_seconds: 60",
            "color: six",
            "logo: an svg",
            "not beginning with conn_",
            "kind: phone or email",
            "\"ng\" is not",
            "\"XX\" is not",
            "ladder: only email",
            "host: the mail",
            "security: tls",
            "from: the address",
            "identifier: a phone",
            "passcode: 4 to 10",
        ] {
            assert!(found.iter().any(|fault| fault.contains(needle)), "{needle} in {found:#?}");
        }
    }

    #[test]
    fn unknown_keys_are_faults() {
        assert!(faults("[[client]]\nid='a'\nname='A'\nkind='web'\ncolour='x'")[0].contains("colour"));
    }
}
