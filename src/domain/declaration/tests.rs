use super::*;

fn faults(text: &str) -> Vec<String> {
    let none = |path: &str| Err(format!("no file {path}"));
    match Declaration::read(text) {
        Ok(declaration) => declaration.check(&Catalog::default(), &none).err().unwrap_or_default(),
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
