//! Applications on https servers whose certificates a house's own authority signed: `web.extra_ca_file`, over real TLS.

use crate::harness::rp::payload;
use crate::harness::{Engine, House, SHOP};
use crate::party::{Library, Party};
use crate::sign_in::{Scene, error_of};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const PHONE: &str = "+2348031234567";
const CALLBACK: &str = "http://127.0.0.1:4300/callback";

const OFFICE: &str = r#"
[[client]]
id = "office"
name = "Office"
kind = "web"
auth_method = "private_key_jwt"
jwks_uri = "{outside}/jwks.json"
backchannel_logout_uri = "{outside}/signed-out"
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["phone"]
"#;

/// An authority, and a server's certificate signed by it.
struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    fn new(server: &str) -> Self {
        let made = Self { folder: tempfile::tempdir().expect("a folder") };
        let ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let authority = ["-days", "9", "-subj", "/CN=An office", "-addext", "keyUsage=critical,keyCertSign"];
        made.openssl(&[&["req", "-x509"], &ec[..], &authority, &["-keyout", "ca.key", "-out", "ca.pem"]]);
        made.openssl(&[&["req", "-new"], &ec, &["-subj", "/CN=A server", "-keyout", "key.pem", "-out", "asked.pem"]]);
        std::fs::write(made.at("more"), format!("subjectAltName={server}\nextendedKeyUsage=serverAuth\n"))
            .expect("writes");
        let signed = ["x509", "-req", "-in", "asked.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
        made.openssl(&[&signed, &["-days", "9", "-extfile", "more", "-out", "cert.pem"]]);
        made
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).expect("reads")
    }

    fn openssl(&self, arguments: &[&[&str]]) {
        let mut openssl = Command::new("openssl");
        let done = openssl.args(arguments.concat()).current_dir(self.folder.path()).output().expect("openssl");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// The house trusts this file; the office's server shows a certificate of that authority.
async fn office(trusted: Option<&Path>, shows: &Authority) -> Option<(Scene, Party)> {
    let party = Party::start(Library::OpenidClient)?;
    let outside = Party::node("openid-client", "https.mjs")?;
    let keys = party.ask("keys", json!({ "alg": "ES256" }));
    let port = outside.ask(
        "open",
        json!({ "cert": shows.text("cert.pem"), "key": shows.text("key.pem"), "documents": { "/jwks.json": keys } }),
    );
    let declaration = format!("{SHOP}{OFFICE}").replace("{outside}", &format!("https://127.0.0.1:{port}"));
    let mut settings = vec![("web.allow_private", "true")];
    if let Some(file) = trusted {
        settings.push(("web.extra_ca_file", file.to_str().expect("UTF-8")));
    }
    let house = House::with(Engine::Sqlite, &declaration, &settings).await;
    let scene = Scene { visitor: house.visitor(), house, party };
    scene.open(json!({ "client_id": "office", "auth": "private_key_jwt", "callback": CALLBACK }));
    Some((scene, outside))
}

#[tokio::test(flavor = "multi_thread")]
async fn its_keys_are_read_and_it_hears_of_sign_outs() {
    let authority = Authority::new("IP:127.0.0.1");
    let Some((mut scene, outside)) = office(Some(&authority.at("ca.pem")), &authority).await else { return };
    let tokens = scene.sign_in(PHONE).await;
    assert_eq!(tokens["claims"]["azp"], "office");
    let hint = json!({ "id_token_hint": tokens["id_token"] });
    let url = scene.party.text("logout", hint);
    let page = scene.visitor.get(url.strip_prefix(&scene.house.issuer).expect("ours")).await;
    scene.visitor.submit(&page, &[("confirm-logout", "")]).await;
    let heard = outside.ask("heard", json!({}));
    assert_eq!(heard[0]["path"], "/signed-out", "{heard}");
    let token = heard[0]["body"].as_str().and_then(|body| body.strip_prefix("logout_token=")).expect("a logout token");
    assert_eq!(payload(token)["sid"], tokens["claims"]["sid"]);
    scene.house.close().await;
}

/// Without the file, with another authority's, and with a certificate for another server: nothing is read.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_s_certificate_will_do() {
    let (ours, other) = (Authority::new("IP:127.0.0.1"), Authority::new("IP:127.0.0.1"));
    let elsewhere = Authority::new("DNS:office.example");
    let cases: [(Option<PathBuf>, &Authority); 3] =
        [(None, &ours), (Some(ours.at("ca.pem")), &other), (Some(elsewhere.at("ca.pem")), &elsewhere)];
    for (trusted, shows) in cases {
        let Some((mut scene, _outside)) = office(trusted.as_deref(), shows).await else { return };
        let page = scene.begin(json!({ "scope": "openid" })).await;
        let back = scene.prove(page, PHONE).await;
        let refused: Value = scene.party.refused("finish", json!({ "url": back.url }));
        assert_eq!(error_of(&refused), "invalid_client", "{refused}");
        scene.house.close_anyway().await;
    }
}
