//! Every setting, its default and what it means: the one place a setting is named.

use super::Settings;
use super::kinds::{DatabaseUrl, Header, Issuer, Kind, LogFormat, Networks, Span, Whole};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A setting as the reference lists it.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    pub name: &'static str,
    pub default: Option<&'static str>,
    pub about: &'static str,
}

impl Listed {
    /// Its name in the environment, after `COUNTERSIGN_`.
    pub fn environment(&self) -> String {
        self.name.to_uppercase().replace('.', "_")
    }
}

macro_rules! settings {
    ($($name:literal $field:ident: $kind:ty = $default:expr, $about:literal;)+) => {
        /// All settings, checked.
        #[derive(Clone)]
        pub struct Config {
            $(#[doc = $about] pub $field: $kind,)+
            /// What was given rather than left as usual: name, text and where it came from. Secrets are not repeated.
            pub given: Vec<(String, String, String)>,
        }

        const LIST: &[Listed] = &[$(Listed { name: $name, default: $default, about: $about }),+];

        impl Config {
            pub(super) fn read(settings: &Settings, faults: &mut Vec<String>) -> Self {
                let given = settings.iter().map(|(name, given)| {
                    (name.clone(), shown(name, &given.text).to_owned(), given.from.clone())
                });
                Self { $($field: read(settings, faults, $name, $default),)+ given: given.collect() }
            }
        }
    };
}

settings! {
    "issuer" issuer: Option<Issuer> = None, "Where people and apps reach this server; `iss` in tokens. `serve` needs it; https, or http on loopback.";
    "listen" listen: SocketAddr = Some("127.0.0.1:8080"), "Address and port the server listens on.";
    "metrics_listen" metrics_listen: Option<SocketAddr> = Some("127.0.0.1:9464"), "Where Prometheus reads `/metrics`; never on the public address.";
    "data_dir" data_dir: PathBuf = Some("./data"), "Folder of the SQLite database and of the demo's secret.";
    "database_url" database_url: Option<DatabaseUrl> = None, "`sqlite:PATH` or `postgres://…`; left out, `countersign.db` in `data_dir`.";
    "database_connections" database_connections: Whole<2, 500> = Some("16"), "Connections to PostgreSQL at most. SQLite has one writer and up to four readers.";
    "secret" secret: Option<String> = None, "The secret that seals keys and derives passcodes: 32 characters or more, the same on every node. Better in a file.";
    "secret_file" secret_file: Option<PathBuf> = None, "File holding that secret. The demo makes `data_dir/secret` once, mode 0600.";
    "allow_dev_phone" allow_dev_phone: bool = Some("false"), "Lets `serve` run with a `dev_phone` carrier and `/dev/phone`, where everybody reads every passcode.";
    "allow_test_identifiers" allow_test_identifiers: bool = Some("false"), "Lets `serve` honour test identifiers, whose passcodes are fixed.";
    "demo_listen" demo_listen: SocketAddr = Some("127.0.0.1:8081"), "Where the demo web app listens; only `countersign` without a command starts it.";
    "passcode.digits" passcode_digits: Whole<4, 10> = Some("6"), "How many digits a passcode has.";
    "passcode.life" passcode_life: Span = Some("5m"), "How long a passcode can be used. Sending it again begins this anew.";
    "passcode.tries" passcode_tries: Whole<1, 10> = Some("5"), "Wrong passcodes one challenge takes before it is exhausted.";
    "passcode.tries_per_hour" passcode_tries_per_hour: Whole<1, 100> = Some("10"), "Wrong passcodes one identifier takes in an hour, across challenges, browsers and nodes.";
    "passcode.sends_per_ten_minutes" passcode_sends_per_ten_minutes: Whole<1, 100> = Some("5"), "Messages to one identifier in ten minutes.";
    "passcode.sends_per_day" passcode_sends_per_day: Whole<1, 1000> = Some("10"), "Messages to one identifier in a day.";
    "api.per_minute" api_per_minute: Whole<1, 1000000> = Some("600"), "Requests to `/api/v1` a minute from one client.";
    "money.currency" money_currency: String = Some("USD"), "The currency of prices and caps, as ISO 4217 writes it.";
    "history.life" history_life: Span = Some("30d"), "How long what became of each sign-in is kept for `timeline`: interactions, challenges, attempts.";
    "figures.life" figures_life: Span = Some("400d"), "How long the figures of each day are kept: how many signed in, by which ways, at what cost. They name nobody.";
    "events.kept" events_kept: Span = Some("30d"), "How long events, and what became of telling them, are kept to be read and told again.";
    "session.life" session_life: Span = Some("30d"), "How long a sign-in lasts in a browser before the person is asked again.";
    "refresh.overlap" refresh_overlap: Span = Some("60s"), "How long the refresh token before the newest still works, for apps that refresh in parallel.";
    "keys.lead" keys_lead: Span = Some("1h"), "How long a new signing key is published before it signs.";
    "outbox.deliver" outbox_deliver: bool = Some("true"), "Whether this node hands messages to carriers. A node with `false` serves pages and leaves sending to others.";
    "outbox.lease" outbox_lease: Span = Some("30s"), "How long a node may be silent over a message before another looks after it.";
    "shutdown.grace" shutdown_grace: Span = Some("20s"), "How long running requests and messages may take to finish when the server stops.";
    "web.allow_private" web_allow_private: bool = Some("false"), "Whether what applications register (`jwks_uri`, addresses of logouts and metadata) may stand at private addresses and speak plain http.";
    "web.extra_ca_file" web_extra_ca_file: Option<PathBuf> = None, "A PEM file with authorities trusted there beside the system's.";
    "clients.metadata_documents" clients_metadata_documents: bool = Some("false"), "Whether a `client_id` may be an https URL where the client's metadata stand, as MCP clients use it.";
    "clients.metadata_connections" clients_metadata_connections: Option<String> = None, "Ways in such clients offer, separated by commas; all of them where left out.";
    "clients.kept_per_minute" clients_kept_per_minute: Whole<1, 1_000_000> = Some("3000"), "How many pushed requests, and how many codes of devices, one client may ask for from one address in a minute.";
    "proxy.trusted" proxy_trusted: Option<Networks> = None, "Addresses and networks of the proxies in front of this server, whose word on certificates, and on a visitor's address in `X-Forwarded-For`, is taken: `10.0.0.0/8, ::1`.";
    "proxy.client_certificate_header" proxy_client_certificate_header: Option<Header> = None, "The header in which they pass on a certificate they have verified: `Client-Cert` (RFC 9440), or any with an URL-encoded PEM. They must remove it from what comes from outside.";
    "log.level" log_level: String = Some("info"), "What is logged: a tracing filter like `info` or `countersign=debug`.";
    "log.format" log_format: LogFormat = Some("text"), "`text` for people, `json` for machines.";
}

/// A setting as this server has it.
pub struct Told {
    pub listed: &'static Listed,
    pub value: Option<String>,
    /// Where it was given; none where it is as usual.
    pub from: Option<String>,
}

impl Config {
    /// Every setting as it is now.
    pub fn told(&self) -> Vec<Told> {
        let told = |listed: &'static Listed| {
            let given = self.given.iter().find(|(name, _, _)| name == listed.name);
            let value = given.map_or(listed.default, |(_, text, _)| Some(text)).map(str::to_owned);
            Told { listed, value, from: given.map(|(_, _, from)| from.clone()) }
        };
        LIST.iter().map(told).collect()
    }
}

/// The table, for the reference and its test.
pub fn list() -> impl Iterator<Item = &'static Listed> {
    LIST.iter()
}

/// A setting's text as it may be told.
fn shown<'a>(name: &str, text: &'a str) -> &'a str {
    if name == "secret" || name == "database_url" { "…" } else { text }
}

fn read<T: Kind>(settings: &Settings, faults: &mut Vec<String>, name: &str, default: Option<&str>) -> T {
    let usual = || default.and_then(T::read).or_else(T::absent);
    let value = match settings.get(name) {
        None => usual(),
        Some(given) => T::read(&given.text).or_else(|| {
            let shown = shown(name, &given.text);
            faults.push(format!("{name} = \"{shown}\" (from {}): {}", given.from, T::allowed()));
            usual()
        }),
    };
    #[expect(
        clippy::expect_used,
        reason = "a default that cannot be read is a mistake in this table, found by its test"
    )]
    value.expect("the table's default can be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_can_be_read() {
        let mut faults = Vec::new();
        Config::read(&Settings::new(), &mut faults);
        assert_eq!(faults, Vec::<String>::new());
    }
}
