use super::*;

fn faults(text: &str) -> Vec<String> {
    let none = |path: &str| Err(format!("no file {path}"));
    let outside = Outside { read_file: &none, kept: &|_, _, _| None, words: &|_, _, _| Ok(()) };
    let told = |mistakes: Vec<Mistake>| mistakes.iter().map(ToString::to_string).collect();
    match Declaration::read(text) {
        Ok(declaration) => declaration.check(&Catalog::default(), &outside).err().map(told).unwrap_or_default(),
        Err(mistakes) => told(mistakes),
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
        [[carrier]]
        name = "n"
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
        "unknown variant `ssl3`, expected one of `tls`, `starttls`, `none` in `security`",
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

/// What a good declaration of carriers, rungs, overrides and caps becomes.
fn checked(text: &str) -> Result<Wanted, Vec<String>> {
    let file = |path: &str| match path {
        "token" => Ok(b"from a file\n".to_vec()),
        _ => Err(format!("no file {path}")),
    };
    let outside = Outside { read_file: &file, kept: &|_, _, _| None, words: &|_, _, _| Ok(()) };
    let checked = Declaration::read(text).and_then(|declaration| declaration.check(&Catalog::default(), &outside));
    checked.map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

const LADDER: &str = r#"
    [[carrier]]
    name = "gateway"
    kind = "webhook"
    url = "https://sms.example/send"
    channels = ["sms", "whatsapp"]
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    timeout_seconds = 5
    [[carrier.price]]
    channel = "sms"
    prefix = "+234"
    amount = "0.0512"
    [[carrier.price]]
    channel = "sms"
    amount = 0.02
    [[carrier]]
    name = "telegram"
    kind = "telegram_gateway"
    access_token_file = "token"
    [[connection]]
    name = "phone"
    kind = "phone"
    ladder = ["whatsapp", "telegram", "sms"]
    [[connection.rung]]
    channel = "sms"
    wait_seconds = 30
    carriers = ["gateway"]
    closed_in = ["PS"]
    [[connection.rung.route]]
    countries = ["NG"]
    carriers = [{ carrier = "gateway", sender = "Shop" }]
    [[connection.override]]
    countries = ["US"]
    ladder = ["sms"]
    [[cap]]
    per = "hour"
    most = "25"
    [[cap]]
    country = "*"
    per = "day"
    most = 5
"#;

#[test]
fn ladders_carriers_and_caps_are_read() {
    let wanted = checked(LADDER).expect("good");
    let (gateway, secrets) = &wanted.carriers[0];
    assert_eq!(gateway.prices.iter().map(|price| price.amount.0).collect::<Vec<_>>(), [51_200, 20_000]);
    assert!(secrets.get("secret").is_some());
    assert_eq!(wanted.carriers[1].1.get("access_token"), Some("from a file"));
    let phone = &wanted.connections[0];
    assert_eq!((phone.ladder.len(), phone.rungs[0].wait, phone.overrides.len()), (3, 30, 1));
    assert_eq!(phone.rungs[0].routes[0].carriers[0].sender.as_deref(), Some("Shop"));
    let caps: Vec<String> = wanted.caps.iter().map(Cap::id).collect();
    assert_eq!(caps, ["installation per hour", "country * per day"]);
}

#[test]
fn a_wrong_ladder_is_told_where_it_is_wrong() {
    for (from, to, told) in [
        ("carriers = [\"gateway\"]", "carriers = [\"nobody\"]", "rung.carriers: there is no carrier \"nobody\""),
        ("carriers = [\"gateway\"]", "carriers = [\"telegram\"]", "\"telegram\" does not carry sms"),
        ("wait_seconds = 30", "wait_seconds = 1", "rung.wait_seconds: 5 to 600"),
        ("closed_in = [\"PS\"]", "closed_in = [\"ps\"]", "rung.closed_in: \"ps\" is not"),
        ("channel = \"sms\"\n    wait", "channel = \"email\"\n    wait", "rung.channel"),
        ("\"telegram\", \"sms\"]", "\"sms\", \"sms\"]", "each once"),
        ("countries = [\"US\"]", "", "override: needs clients, countries, or both"),
        ("amount = \"0.0512\"", "amount = \"a lot\"", "price.amount"),
        ("prefix = \"+234\"", "prefix = \"234\"", "price.prefix"),
        ("per = \"hour\"", "per = \"week\"", "per: hour or day"),
        ("most = 5", "most = -5", "most: an amount"),
        ("country = \"*\"", "country = \"Nigeria\"", "country: an ISO 3166"),
        ("https://sms.example", "http://sms.example", "url: an https URL"),
        ("timeout_seconds = 5", "timeout_seconds = 500", "timeout_seconds: 1 to 60"),
        ("timeout_seconds = 5", "base_url = \"http://x.example\"", "base_url: an https URL"),
        ("access_token_file = \"token\"", "access_token_file = \"gone\"", "access_token_file: no file gone"),
        ("access_token_file = \"token\"", "", "access_token: needed"),
        ("secret = \"whsec_", "secret = \"", "secret: needed: whsec_"),
        ("kind = \"telegram_gateway\"", "kind = \"pigeon\"", "kind: dev_phone, smtp, twilio_messaging"),
        ("    kind = \"webhook\"", "    kind = \"webhook\"\n    colour = 1", "unknown field `colour`"),
    ] {
        let text = LADDER.replacen(from, to, 1);
        assert_ne!(text, LADDER, "{from} stands there");
        let faults = checked(&text).expect_err(to);
        assert!(faults.iter().any(|fault| fault.contains(told)), "{told} in {faults:#?}");
    }
}

#[test]
fn twilio_sends_as_a_number_or_as_a_service_never_both() {
    let twilio = |more: &str| {
        let sid = |letters: &str| format!("{letters}{}", "a".repeat(32));
        let text = format!(
            "[[carrier]]\nname='t'\nkind='twilio_messaging'\naccount_sid='{}'\nauth_token='secret'\n{more}",
            sid("AC")
        );
        checked(&text).err().unwrap_or_default().join("\n")
    };
    let service = format!("messaging_service_sid='MG{}'", "b".repeat(32));
    assert_eq!(twilio("from='+12025550123'"), "");
    assert_eq!(twilio(&service), "");
    assert!(twilio(&format!("from='+12025550123'\n{service}")).contains("never both"));
    assert!(twilio("").contains("at least one of"));
    assert!(twilio("whatsapp_from='+12025550123'").contains("needs an approved template"));
}

#[test]
fn a_profile_says_what_tokens_are_signed_with() {
    let client = |more: &str| {
        format!(
            "[[client]]\nid = \"bank\"\nname = \"Bank\"\nkind = \"machine\"\nprofile = \"fapi2\"\nauth_method = \"private_key_jwt\"\njwks = '{{\"keys\": []}}'\n{more}"
        )
    };
    let wanted = checked(&client("")).expect("good");
    assert_eq!(wanted.clients[0].client.algorithm, crate::domain::client::Algorithm::ES256);
    assert!(checked(&client("algorithm = \"EdDSA\"")).is_ok());
    let faults = checked(&client("algorithm = \"RS256\"")).expect_err("FAPI 2.0 forbids it");
    assert!(faults.iter().any(|fault| fault.contains("algorithm")), "{faults:?}");
}
