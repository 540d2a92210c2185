//! Every name the server gave a setting, page field, path or metric, in one place.

use std::path::Path;

pub const CLIENT_ID: &str = "bench";
pub const CLIENT_SECRET: &str = "benchBenchBenchBenchBenchBenchBenchBench0001";
/// Nobody listens there: the driver reads the code from the redirect.
pub const REDIRECT_URI: &str = "http://127.0.0.1:4000/callback";
pub const SCOPE: &str = "openid phone offline";

pub const AUTHORIZE: &str = "/oauth2/auth";
pub const TOKEN: &str = "/oauth2/token";
pub const JWKS: &str = "/.well-known/jwks.json";
pub const READY: &str = "/health/ready";
pub const MESSAGES: &str = "/dev/phone/messages";
pub const METRICS: &str = "/metrics";
pub const STATEMENTS: &str = "countersign_sql_statements_total";

pub const COUNTRY: &str = "p_country";
pub const PHONE: &str = "p_phone";
pub const PASSCODE: &str = "p_confirmation_code";

/// The server's own configuration: its defaults but for what a run on loopback needs.
pub fn config(listen: &str, metrics_listen: &str, data_dir: &Path, database_url: &str, secret_file: &Path) -> String {
    format!(
        r#"issuer = "http://{listen}"
listen = "{listen}"
metrics_listen = "{metrics_listen}"
data_dir = "{data_dir}"
database_url = "{database_url}"
secret_file = "{secret_file}"
allow_dev_phone = true
"#,
        data_dir = data_dir.display(),
        secret_file = secret_file.display(),
    )
}

/// The secret that seals the keys, as the secret file holds it.
pub const SECRET: &str = "ZmVlZGJlZWZmZWVkYmVlZmZlZWRiZWVmZmVlZGJlZWY\n";

pub fn sqlite_url(data_dir: &Path) -> String {
    format!("sqlite:{}", data_dir.join("bench.db").display())
}

/// What `countersign apply` declares.
pub fn declared() -> String {
    format!(
        r#"[[client]]
id = "{CLIENT_ID}"
name = "Bench"
kind = "web"
secret = "{CLIENT_SECRET}"
redirect_uris = ["{REDIRECT_URI}"]
connections = ["phone"]

[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
countries = ["NG", "KE", "GH", "ID", "PH", "BR", "IN", "US", "GB"]
ladder = ["sms"]

[[carrier]]
name = "phone-page"
kind = "dev_phone"
"#
    )
}

pub fn apply_arguments<'a>(config: &'a Path, declared: &'a Path) -> [&'a std::ffi::OsStr; 4] {
    ["apply".as_ref(), declared.as_os_str(), "--config".as_ref(), config.as_os_str()]
}

pub fn serve_arguments(config: &Path) -> [&std::ffi::OsStr; 3] {
    ["serve".as_ref(), "--config".as_ref(), config.as_os_str()]
}
