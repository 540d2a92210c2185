//! What a copy of the database, or the log, gives away: nothing that signs anybody in, and in the log no person either.

use crate::harness::rp::{identify, sign_in};
use crate::harness::{Engine, House, SHOP, SHOP_SECRET, both};
use crate::rows::Rows;
use base64::Engine as _;
use countersign::crypto::secret::{Bound, Secret};
use countersign::domain::identifier::{Identifier, Kind};
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

const PHONE: &str = "+2348037654321";
const EMAIL: &str = "grace.hopper@navy.example";
/// Ten digits: six might stand in a hash by chance.
const LONG: [(&str, &str); 1] = [("passcode.digits", "10")];
const CARRIER_TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const EVENT_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MAIL_PASSWORD: &str = "correct-horse-battery-staple";

/// Everything this process logs, at the most talkative.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter(countersign::telemetry::filter("trace"))
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    log
});

/// Secrets a sign-in left in somebody's hands.
struct Held {
    what: &'static str,
    secret: String,
}

/// Signs in by phone and by mail, refreshes, signs in again, types a wrong passcode, and says what was held on the way.
async fn live(house: &House) -> Vec<Held> {
    let mut held = Vec::new();
    let mut hold = |what, secret: &str| held.push(Held { what, secret: secret.to_owned() });
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    for identifier in [PHONE, EMAIL] {
        let begun = shop.begin(&["openid", "offline"], &[("prompt", "login"), ("login_hint", identifier)]);
        let page = visitor.get(&begun.url).await;
        let page = identify(&mut visitor, page, identifier).await;
        let passcode = house.passcode(identifier).await;
        visitor.submit(&page, &[("p_confirmation_code", "0123456789")]).await;
        let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
        hold("passcode", &passcode);
        hold("authorization code", &back.code());
        let tokens = shop.finish(begun, &back).await;
        let refresh = tokens.refresh_token.expect("offline");
        let refreshed = shop.refresh(&refresh).await.expect("refreshes");
        hold("access token", &tokens.access_token);
        hold("access token's signature", tokens.access_token.rsplit('.').next().expect("a signature"));
        hold("refresh token", &refresh);
        hold("refresh token's MAC", refresh.rsplit('.').next().expect("a MAC"));
        hold("second refresh token", &refreshed.refresh_token.expect("offline"));
        hold("second access token", &refreshed.access_token);
        assert_eq!(house.machine().userinfo(&refreshed.access_token).await.status, 200);
        // Things that go wrong are logged more loudly.
        assert_eq!(house.machine().redeem(&back.code(), &[]).await.status, 400);
        assert_eq!(house.machine().userinfo(&refreshed.access_token).await.status, 401);
        for (name, value) in &visitor.cookies {
            let what = if name.contains("session") { "session cookie" } else { "browser cookie" };
            hold(what, value);
        }
    }
    // One that is asked for and never used: nothing in the database gives it away while it lives.
    let mut other = house.visitor();
    let page = other.get(&shop.begin(&["openid"], &[]).url).await;
    identify(&mut other, page, "+2348037654322").await;
    hold("waiting passcode", &house.passcode("+2348037654322").await);
    hold("client secret", SHOP_SECRET);
    hold("mail password", MAIL_PASSWORD);
    hold("carrier token", CARRIER_TOKEN);
    hold("event endpoint's secret", EVENT_SECRET);
    assert!(held.iter().any(|held| held.what == "session cookie"));
    held
}

/// `SHOP`, a mail server nobody reaches, and a carrier that is asked first and never answers.
fn declared() -> String {
    let carrier = format!(
        "\n[[carrier]]\nname = \"z-mail\"\nkind = \"smtp\"\nenabled = false\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"tls\"\n\
         username = \"shop\"\npassword = \"{MAIL_PASSWORD}\"\nfrom = \"no-reply@shop.example\"\n"
    );
    let twilio = format!(
        "[[carrier]]\nname = \"twilio\"\nkind = \"twilio_messaging\"\nbase_url = \"http://127.0.0.1:9\"\nallow_private = true\n\
         account_sid = \"AC{}\"\nauth_token = \"{CARRIER_TOKEN}\"\nfrom = \"+12025550123\"\n\n[[carrier]]",
        "a".repeat(32)
    );
    // Everything that happens is written down, for somebody who does not answer.
    let endpoint = format!(
        "\n[[event_endpoint]]\nname = \"deaf\"\nurl = \"http://127.0.0.1:9/\"\nallow_private = true\nidentifiers = true\nsecret = \"{EVENT_SECRET}\"\n"
    );
    // The shop's ladder begins with WhatsApp, which this carrier does not carry: calls and texts go by it.
    let shop = SHOP.replacen("[[carrier]]", &twilio, 1).replace("[\"whatsapp\", \"sms\"]", "[\"sms\", \"whatsapp\"]");
    format!("{shop}{carrier}{endpoint}")
}

both!(a_copy_of_the_database_signs_nobody_in, async |engine| {
    let house = House::with(engine, &declared(), &LONG).await;
    let held = live(&house).await;
    house.settle().await;
    let rows = Rows::of(&house).await;
    let dump = rows.dump().await;
    for table in [
        "clients",
        "carriers",
        "signing_keys",
        "sessions",
        "browsers",
        "grants",
        "challenges",
        "counters",
        "outbox",
        "events",
    ] {
        assert!(dump.iter().any(|(found, _)| found == table), "{table} holds nothing: this test looks past it");
    }
    for held in &held {
        let forms = forms(held.secret.as_bytes());
        for (table, row) in &dump {
            let row = row.to_lowercase();
            assert!(!forms.iter().any(|form| row.contains(form)), "{} stands in {table}: {row}", held.what);
        }
    }
    // Private keys are sealed: no PKCS#8 and no raw scalar begins there.
    for (_, row) in dump.iter().filter(|(table, _)| table == "signing_keys") {
        for plain in
            ["308204b", "308204a", "3041020100", "302e020100", "3053020101", "302c020101", "3051020101", "308187020100"]
        {
            assert!(!row.to_lowercase().contains(plain), "a key in clear: {row}");
        }
    }
    if engine == Engine::Sqlite {
        let path = house.database_url.strip_prefix("sqlite:").expect("a path");
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            for held in &held {
                assert!(!contains(&bytes, held.secret.as_bytes()), "{} in {file}", held.what);
            }
        }
    }
    house.close().await;
});

/// As text, as hex and as base64, in lower case.
fn forms(secret: &[u8]) -> [String; 3] {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret).to_lowercase();
    [String::from_utf8_lossy(secret).to_lowercase(), hex, base64]
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

both!(the_log_names_nobody_and_opens_nothing, async |engine| {
    let log = LOG.clone();
    let house = House::with(engine, &declared(), &LONG).await;
    let held = live(&house).await;
    // Mistakes and refusals are logged as well.
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    for wrong in ["+23480", "+442079460018", "nobody"] {
        let page = visitor.get(&shop.begin(&["openid"], &[]).url).await;
        identify(&mut visitor, page, wrong).await;
    }
    visitor.get("/oauth2/auth?client_id=nobody&redirect_uri=https://evil.example/").await;
    visitor.get(&shop.begin(&["openid"], &[("id_token_hint", "a.b.c")]).url).await;
    sign_in(&house, &shop, &mut house.visitor(), &["openid"], "+2348037654323").await;
    house.close().await;
    let log = log.0.lock().expect("a lock").clone();
    assert!(contains(&log, b"passcode asked for") && contains(&log, b"signed in"), "this test reads the wrong log");
    for secret in held.iter().map(|held| (held.what, held.secret.as_str())).chain([
        ("phone number", PHONE),
        ("phone number", "8037654321"),
        ("phone number as shown", "803 765 4321"),
        ("e-mail address", EMAIL),
        ("e-mail address", "grace.hopper"),
        ("e-mail address", "navy.example"),
        ("phone number mistyped", "442079460018"),
    ]) {
        if let Some(place) = log.windows(secret.1.len()).position(|window| window == secret.1.as_bytes()) {
            let line =
                String::from_utf8_lossy(&log[place.saturating_sub(600)..(place + 100).min(log.len())]).into_owned();
            panic!("{} in the log: …{line}…", secret.0);
        }
    }
});

#[test]
fn printing_for_debugging_masks() {
    let phone = Identifier::stored(Kind::Phone, PHONE.into());
    let email = Identifier::stored(Kind::Email, EMAIL.into());
    let secret = Secret::new(&[7; 32]).expect("long enough");
    let bound = Bound { challenge: "ch_1", purpose: "sign_in", identifier: &phone, browser: "b" };
    let passcode = secret.passcode(bound, 6);
    let printed = format!("{phone} {phone:?} {email} {email:?} {passcode:?} {secret:?} {bound:?}");
    for hidden in ["803765", "grace.", "navy", passcode.reveal()] {
        assert!(!printed.contains(hidden), "{printed}");
    }
}
