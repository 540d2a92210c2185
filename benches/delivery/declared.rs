//! Client, ladder and carriers, as the server is told of them.

use super::settings;

/// What receipts and messages are signed with.
pub const SECRET: &str = "whsec_Y291bnRlcnNpZ24tYmVuY2gtZGVsaXZlcnktc2VjcmV0";

pub const SEND: &str = "/send";

/// The country whose first rung is the dead carrier's.
pub const DEAD_COUNTRY: &str = "GH";
pub const COUNTRY: &str = "NG";

/// A rung waits longer than a run takes: here receipts alone climb it.
const WAIT: u64 = 600;

/// `gateway` and `dead` are addresses on loopback.
pub fn declared(gateway: &str, dead: &str) -> String {
    let (id, secret, callback) = (settings::CLIENT_ID, settings::CLIENT_SECRET, settings::REDIRECT_URI);
    format!(
        r#"[[client]]
id = "{id}"
name = "Bench"
kind = "web"
secret = "{secret}"
redirect_uris = ["{callback}"]
connections = ["phone"]

{gateway}
{dead}
[[connection]]
name = "phone"
kind = "phone"
default_country = "{COUNTRY}"
countries = ["{COUNTRY}", "{DEAD_COUNTRY}", "KE", "ID", "PH", "BR", "IN", "US", "GB"]
ladder = ["whatsapp", "sms"]

[[connection.rung]]
channel = "whatsapp"
wait_seconds = {WAIT}
carriers = ["gateway"]

[[connection.rung.route]]
countries = ["{DEAD_COUNTRY}"]
carriers = ["dead"]

[[connection.rung]]
channel = "sms"
wait_seconds = {WAIT}
carriers = ["gateway"]
"#,
        gateway = webhook("gateway", gateway),
        dead = webhook("dead", dead),
    )
}

fn webhook(name: &str, address: &str) -> String {
    format!(
        r#"[[carrier]]
name = "{name}"
kind = "webhook"
url = "http://{address}{SEND}"
channels = ["whatsapp", "sms"]
receipts = true
allow_private = true
secret = "{SECRET}"
"#
    )
}

/// The setting of a server that serves pages and leaves sending to others.
pub const NO_DELIVERY: &str = "\n[outbox]\ndeliver = false\n";
