//! Clients that authenticate by what they hold: keys published or not, assertions, certificates.

use super::House;
use super::prover::{Prover, over};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A set of these keys, each by its name.
pub fn jwks(keys: &[(&str, &Prover)]) -> Value {
    let named = |(kid, key): &(&str, &Prover)| over(key.jwk.clone(), json!({ "kid": kid }));
    json!({ "keys": keys.iter().map(named).collect::<Vec<_>>() })
}

/// A client declared, with further lines of its own.
pub fn declared(id: &str, kind: &str, method: &str, lines: &str) -> String {
    let web = if kind == "web" {
        "redirect_uris = [\"http://127.0.0.1:4000/callback\"]\nconnections = [\"phone\"]"
    } else {
        ""
    };
    format!(
        "[[client]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"{kind}\"\nauth_method = \"{method}\"\n{web}\n{lines}\n"
    )
}

impl House {
    /// What a good assertion says; `extra` changes it, or takes away where it is null.
    pub fn asserts(&self, client: &str, extra: Value) -> Value {
        let now = self.app.now().secs();
        let jti = self.app.entropy.short();
        let usual = json!({"iss": client, "sub": client, "aud": self.issuer, "exp": now + 60, "iat": now, "jti": jti});
        over(usual, extra)
    }

    /// An assertion by the key called `kid`.
    pub fn assertion(&self, kid: &str, key: &Prover, client: &str, extra: Value) -> String {
        key.sign(&json!({"alg": key.algorithm, "kid": kid}), &self.asserts(client, extra))
    }
}

/// A JWS under a shared secret.
pub fn by_secret(secret: &str, header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", text(header), text(claims));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes())))
}

/// A client's own server: publishes keys, and counts who reads them.
#[derive(Clone)]
pub struct Publisher {
    pub url: String,
    /// `None`: it is broken.
    set: Arc<Mutex<Option<Value>>>,
    read: Arc<AtomicUsize>,
}

impl Publisher {
    pub async fn open(set: Value) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/jwks.json", listener.local_addr().expect("bound"));
        let publisher = Self { url, set: Arc::new(Mutex::new(Some(set))), read: Arc::default() };
        let own = publisher.clone();
        let answer = move || {
            own.read.fetch_add(1, Ordering::SeqCst);
            let set = own.set.lock().expect("a lock").clone();
            async move {
                match set {
                    Some(set) => ([("cache-control", "max-age=600")], axum::Json(set)).into_response(),
                    None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                }
            }
        };
        let router = axum::Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        publisher
    }

    pub fn publish(&self, set: Option<Value>) {
        *self.set.lock().expect("a lock") = set;
    }

    pub fn times_read(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }
}

/// A certificate for `subject`, as openssl writes it (`/C=GB/O=Shop/CN=client`), with these alternative names.
pub struct Certified {
    pub pem: String,
    der: Vec<u8>,
}

impl Certified {
    pub fn new(subject: &str, names: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let names = format!("subjectAltName={names}");
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"];
        let made = ["req", "-x509", "-days", "2", "-subj", subject, "-addext", &names, "-out", "cert.pem"];
        openssl(folder.path(), &[&made[..], &key].concat());
        let pem = std::fs::read_to_string(folder.path().join("cert.pem")).expect("reads");
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        Self { der: STANDARD.decode(base64).expect("base64"), pem }
    }

    /// As RFC 9440 has it.
    pub fn header(&self) -> String {
        format!(":{}:", STANDARD.encode(&self.der))
    }

    /// `x5t#S256`.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.der))
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let mut openssl = Command::new("openssl");
    openssl.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(openssl.status().expect("openssl").success(), "openssl {arguments:?}");
}
