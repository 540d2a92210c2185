//! `serve` does not start where it would not be safe, says all that is wrong at once, and ends with 2.

use crate::harness::{Engine, SHOP};
use crate::node::{Place, SECRET, program};

/// What `serve` said before it ended with 2.
fn refusal(settings: &[(&str, &str)]) -> String {
    let output = program(settings).arg("serve").output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    said
}

#[test]
fn without_an_issuer_or_a_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = ("data_dir", folder.path().to_str().expect("UTF-8"));
    let said = refusal(&[data_dir]);
    assert!(said.contains("issuer: needed") && said.contains("secret or secret_file: needed"), "{said}");
    let said = refusal(&[data_dir, ("issuer", "https://login.example.com")]);
    assert!(!said.contains("issuer: needed") && said.contains("secret or secret_file: needed"), "{said}");
    let said = refusal(&[data_dir, ("secret", SECRET)]);
    assert!(said.contains("issuer: needed") && !said.contains("secret_file"), "{said}");
    let said = refusal(&[data_dir, ("issuer", "https://login.example.com"), ("secret", "short")]);
    assert!(said.contains("at least 32"), "{said}");
    assert!(std::fs::read_dir(folder.path()).expect("lists").next().is_none(), "it made something all the same");
}

#[test]
fn with_an_http_issuer_off_loopback() {
    for issuer in [
        "http://login.example.com",
        "http://192.168.1.1:8080",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
    ] {
        let said = refusal(&[("issuer", issuer), ("secret", SECRET)]);
        assert!(said.contains(issuer) && said.contains("http is for loopback only"), "{said}");
    }
}

#[test]
fn with_bad_settings_all_in_one_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("c.toml");
    std::fs::write(&file, "listen = 80\ncolour = \"red\"\n[passcode]\ndigits = 3\ntries = \"many\"\n").expect("writes");
    let settings = [
        ("issuer", "https://a.example/path"),
        ("database_url", "mysql://user:hunter2@host/db"),
        ("passcode.life", "soon"),
        ("colour", "blue"),
        ("secret", SECRET),
    ];
    let output = program(&settings).arg("serve").arg("--config").arg(&file).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for wanted in [
        "listen = \"80\"",
        "an address and port",
        "colour",
        "COUNTERSIGN_COLOUR",
        "passcode.digits = \"3\"",
        "from 4 to 10",
        "passcode.tries",
        "issuer = ",
        "database_url",
        "passcode.life",
        "like 90s",
    ] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    assert!(!said.contains("hunter2") && !said.contains(SECRET), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_what_gives_passcodes_away() {
    let place = Place::new(Engine::Sqlite, "https://login.example.com".into()).await;
    place.apply(SHOP);
    let settings = |more: &[(&'static str, &'static str)]| {
        let usual = [
            ("issuer", "https://login.example.com".to_owned()),
            ("secret", SECRET.to_owned()),
            ("database_url", place.database_url.clone()),
            ("metrics_listen", "off".to_owned()),
            ("listen", "127.0.0.1:1".to_owned()),
        ];
        usual.into_iter().chain(more.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect::<Vec<_>>()
    };
    let refused = |more: &[(&'static str, &'static str)]| {
        let all = settings(more);
        refusal(&all.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    };
    let said = refused(&[]);
    assert!(said.contains("\"phone-page\"") && said.contains("allow_dev_phone = true"), "{said}");
    assert!(said.contains("1 test identifiers") && said.contains("allow_test_identifiers = true"), "{said}");
    let said = refused(&[("allow_dev_phone", "true")]);
    assert!(!said.contains("phone-page") && said.contains("test identifiers"), "{said}");
    let said = refused(&[("allow_test_identifiers", "true")]);
    assert!(said.contains("phone-page") && !said.contains("test identifiers"), "{said}");
    // Told so, it goes on, as far as the port that is not free to it.
    let said =
        refused(&[("allow_test_identifiers", "true"), ("allow_dev_phone", "true"), ("metrics_listen", "256.0.0.1:1")]);
    assert!(!said.contains("phone-page") && said.contains("metrics_listen"), "{said}");
}
