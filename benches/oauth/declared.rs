//! A client for each algorithm: one that signs people in, one that comes for itself; and an API that introspects.

use super::settings::{CLIENT_SECRET, REDIRECT_URI};
use jsonwebtoken::Algorithm;

/// Algorithm, the client people sign in to, the client without people.
pub const CLIENTS: [(Algorithm, &str, &str, &str); 3] = [
    (Algorithm::RS256, "RS256", "bench-rs", "machine-rs"),
    (Algorithm::ES256, "ES256", "bench-es", "machine-es"),
    (Algorithm::EdDSA, "EdDSA", "bench-ed", "machine-ed"),
];

/// What `countersign apply` declares.
pub fn declared() -> String {
    let clients: String = CLIENTS
        .iter()
        .map(|(_, algorithm, people, machine)| {
            format!(
                r#"[[client]]
id = "{people}"
name = "Bench {algorithm}"
kind = "web"
algorithm = "{algorithm}"
secret = "{CLIENT_SECRET}"
redirect_uris = ["{REDIRECT_URI}"]
connections = ["phone"]

[[client]]
id = "{machine}"
name = "Machine {algorithm}"
kind = "machine"
algorithm = "{algorithm}"
secret = "{CLIENT_SECRET}"

"#
            )
        })
        .collect();
    clients
        + r#"[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["sms"]

[[carrier]]
name = "phone-page"
kind = "dev_phone"
"#
}
