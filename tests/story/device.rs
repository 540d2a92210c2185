//! A device without a browser: it shows letters, a person types them elsewhere, signs in and says yes or no (RFC 8628).

use crate::harness::machine::{Answer, Machine, over};
use crate::harness::rp::payload;
use crate::harness::ways::{prove, signed_in};
use crate::harness::{Engine, House, Page, SHOP, Visitor, both};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const DEVICES: &str = r#"
[[client]]
id = "tv"
name = "Television"
kind = "native"
grant_types = ["device_code", "refresh_token"]
connections = ["phone", "email"]

[[client]]
id = "printer"
name = "Printer"
kind = "web"
secret = "defghijabcdefghijabcdefghijabcdefghijabcdefghij12345"
grant_types = ["device_code"]
connections = ["phone"]
"#;

pub async fn house(engine: Engine) -> House {
    House::with(engine, &format!("{SHOP}{DEVICES}"), &[]).await
}

/// What a device holds once it has begun.
pub struct Device {
    pub code: String,
    pub letters: String,
    pub complete: String,
}

impl Device {
    pub async fn begin(machine: &Machine, extra: &[(&str, &str)]) -> Self {
        let answer = begin(machine, extra).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Self {
            code: answer.text("device_code"),
            letters: answer.text("user_code"),
            complete: answer.text("verification_uri_complete"),
        }
    }

    pub async fn poll(&self, machine: &Machine, extra: &[(&str, &str)]) -> Answer {
        let usual = [("grant_type", GRANT_TYPE), ("device_code", self.code.as_str()), ("client_id", "tv")];
        machine.post("/oauth2/token", &over(&usual, extra)).await
    }

    /// The error a poll finds.
    pub async fn finds(&self, machine: &Machine) -> (u16, String) {
        self.poll(machine, &[]).await.refusal()
    }
}

pub async fn begin(machine: &Machine, extra: &[(&str, &str)]) -> Answer {
    let usual = [("client_id", "tv"), ("scope", "openid phone offline")];
    machine.post("/oauth2/device/auth", &over(&usual, extra)).await
}

/// From the letters to the page that asks, as somebody who is not signed in.
pub async fn to_consent(visitor: &mut Visitor, letters: &str) -> Page {
    let page = visitor.get("/device").await;
    let page = visitor.submit(&page, &[("user_code", letters)]).await;
    assert!(page.asks_who(), "{}: {}", page.url, page.text());
    let page = prove(visitor, page).await;
    assert!(page.asks_consent(), "{}: {}", page.url, page.text());
    page
}

both!(letters_become_tokens, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let begun = begin(&machine, &[]).await;
    assert_eq!(begun.header("cache-control"), Some("no-store"));
    let told = begun.json();
    assert_eq!((told["expires_in"].as_i64(), told["interval"].as_i64()), (Some(600), Some(5)));
    assert_eq!(told["verification_uri"], format!("{}/device", house.issuer));
    assert!(told["qr_code"].as_str().is_some_and(|picture| picture.starts_with("data:image/png;base64,iVBORw0KGgo")));
    let device = Device::begin(&machine, &[]).await;
    assert_eq!((device.letters.len(), &device.letters[4..5]), (9, "-"));
    assert_eq!(device.finds(&machine).await, (400, "authorization_pending".into()));

    let mut visitor = house.visitor();
    let page = to_consent(&mut visitor, &device.letters.to_lowercase().replace('-', " ")).await;
    let text = page.text();
    for told in [
        "Give Television access to your account?",
        device.letters.as_str(),
        "Go on only if this code is on a device of yours",
        "See your phone number",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    house.pass(5);
    assert_eq!(device.finds(&machine).await, (400, "authorization_pending".into()), "signed in is not allowed");
    let done = visitor.submit(&page, &[("p_decision", "allow")]).await;
    assert!(done.text().contains("Your device is connected"), "{}", done.text());

    let tokens = device.poll(&machine, &[]).await;
    assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "openid phone offline"));
    let claims = payload(&tokens.text("id_token"));
    assert_eq!((claims["aud"][0].as_str(), claims.get("sid"), claims.get("nonce")), (Some("tv"), None, None));
    assert_eq!(machine.userinfo(&tokens.text("access_token")).await.text("phone_number"), "+12025550143");
    assert_eq!(device.finds(&machine).await, (400, "invalid_grant".into()), "once");
    let again = machine.refresh(&tokens.text("refresh_token"), &[("client_id", "tv"), ("client_secret", "")]).await;
    assert_eq!(again.status, 200, "{}", again.body);
    // Signing out in that browser signs nobody out of the device.
    let logout = visitor.get("/logout").await;
    visitor.submit(&logout, &[("confirmed", "yes")]).await;
    assert_eq!(machine.userinfo(&again.text("access_token")).await.status, 200);
    house.close().await;
});

// Asked again each time, whoever is signed in and whatever was allowed before.
both!(a_session_still_has_to_say_yes, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for _ in 0..2 {
        let device = Device::begin(&machine, &[]).await;
        let path = device.complete.strip_prefix(&house.issuer).expect("ours").to_owned();
        let page = visitor.get(&path).await;
        assert!(page.html.contains(&format!("value=\"{}\"", device.letters)), "{}", page.html);
        assert_eq!(device.finds(&machine).await.1, "authorization_pending", "looking says nothing");
        let page = visitor.submit(&page, &[("user_code", &device.letters)]).await;
        assert!(page.asks_consent() && page.text().contains(&device.letters), "{}", page.text());
        visitor.submit(&page, &[("p_decision", "allow")]).await;
        assert_eq!(device.poll(&machine, &[]).await.status, 200);
    }
    house.close().await;
});

// Kinde's devices name no scope, and say what they will do with the answer instead.
both!(a_device_that_names_no_scope_gets_the_usual_one, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    for form in [&[("client_id", "tv"), ("grant_type", GRANT_TYPE)][..], &[("client_id", "tv"), ("scope", "")]] {
        let begun = machine.post("/oauth2/device/auth", form).await;
        let letters = begun.text("user_code");
        let page = visitor.get("/device").await;
        let page = visitor.submit(&page, &[("user_code", &letters)]).await;
        visitor.submit(&page, &[("p_decision", "allow")]).await;
        let code = begun.text("device_code");
        let form = [("grant_type", GRANT_TYPE), ("device_code", code.as_str()), ("client_id", "tv")];
        let tokens = machine.post("/oauth2/token", &form).await;
        assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "openid profile email"), "{}", tokens.body);
        assert_eq!(machine.userinfo(&tokens.text("access_token")).await.status, 200);
    }
    house.close().await;
});

both!(no_reaches_the_device, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    let device = Device::begin(&machine, &[]).await;
    let page = to_consent(&mut visitor, &device.letters).await;
    let done = visitor.submit(&page, &[("p_decision", "deny")]).await;
    assert!(done.text().contains("Your device was not connected"), "{}", done.text());
    assert_eq!(device.finds(&machine).await, (400, "access_denied".into()));
    // Called off before anybody signed in.
    let device = Device::begin(&machine, &[]).await;
    let mut stranger = house.visitor();
    let page = stranger.get("/device").await;
    let page = stranger.submit(&page, &[("user_code", &device.letters)]).await;
    assert!(page.text().contains("Cancel"), "{}", page.text());
    stranger.submit(&page, &[("deny", "")]).await;
    assert_eq!(device.finds(&machine).await, (400, "access_denied".into()));
    house.close().await;
});

both!(what_takes_too_long_is_over, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    let device = Device::begin(&machine, &[]).await;
    let page = to_consent(&mut visitor, &device.letters).await;
    house.pass(600);
    assert_eq!(device.finds(&machine).await, (400, "expired_token".into()));
    let over = visitor.submit(&page, &[("p_decision", "allow")]).await;
    assert!(over.text().contains("This code has expired"), "{}", over.text());
    assert_eq!(device.finds(&machine).await, (400, "expired_token".into()));
    let page = visitor.get("/device").await;
    let page = visitor.submit(&page, &[("user_code", &device.letters)]).await;
    assert!(page.text().contains("That code isn’t right, or it has expired"), "{}", page.text());
    house.close().await;
});

both!(a_device_is_told_how_often_to_ask, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let device = Device::begin(&machine, &[]).await;
    let (pending, slow_down) = ((400, "authorization_pending".to_owned()), (400, "slow_down".to_owned()));
    assert_eq!(device.finds(&machine).await, pending);
    assert_eq!(device.finds(&machine).await, slow_down, "too early: ten seconds now");
    house.pass(6);
    assert_eq!(device.finds(&machine).await, slow_down, "and now fifteen");
    house.pass(14);
    assert_eq!(device.finds(&machine).await, slow_down, "twenty");
    house.pass(20);
    assert_eq!(device.finds(&machine).await, pending);
    house.close().await;
});

both!(devices_authenticate_like_anybody, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    for (extra, refusal) in [
        (&[("client_id", "nobody")][..], (401, "invalid_client")),
        (&[("client_id", "printer")], (401, "invalid_client")),
        (&[("client_id", "printer"), ("client_secret", "wrong")], (401, "invalid_client")),
        (&[("client_id", "kiosk")], (400, "unauthorized_client")),
        (&[("scope", " ")], (400, "invalid_scope")),
        (&[("scope", "nothing known")], (400, "invalid_scope")),
        (&[("scope", "openid"), ("scope", "phone")], (400, "invalid_request")),
    ] {
        assert_eq!(begin(&machine, extra).await.refusal(), (refusal.0, refusal.1.to_owned()), "{extra:?}");
    }
    let secret = "defghijabcdefghijabcdefghijabcdefghijabcdefghij12345";
    let printer = Device::begin(&machine, &[("client_id", "printer"), ("client_secret", secret)]).await;
    let page = to_consent(&mut house.visitor(), &printer.letters).await;
    assert!(page.text().contains("Printer"));
    for (extra, refusal) in [
        (&[("client_id", "printer")][..], (401, "invalid_client")),
        (&[("client_id", "tv")], (400, "invalid_grant")),
        (&[("client_id", "kiosk")], (400, "unauthorized_client")),
        (&[("client_id", "printer"), ("client_secret", secret), ("device_code", "")], (400, "invalid_request")),
        (&[("client_id", "printer"), ("client_secret", secret), ("device_code", "dc_x")], (400, "invalid_grant")),
        (&[("client_id", "printer"), ("client_secret", secret)], (400, "authorization_pending")),
    ] {
        assert_eq!(printer.poll(&machine, extra).await.refusal(), (refusal.0, refusal.1.to_owned()), "{extra:?}");
    }
    let discovery = machine.get("/.well-known/openid-configuration").await.json();
    assert_eq!(discovery["device_authorization_endpoint"], format!("{}/oauth2/device/auth", house.issuer));
    assert!(discovery["grant_types_supported"].as_array().expect("a list").contains(&GRANT_TYPE.into()));
    house.close().await;
});
