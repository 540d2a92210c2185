//! 33, on devices: guessing letters, polling in a hurry, another client's code, and the person who is talked into a code that
//! is not theirs.

use crate::device::{Device, house, to_consent};
use crate::harness::ways::signed_in;
use crate::harness::{House, Page, SHOP, Visitor, both};

const WRONG: &str = "That code isn’t right";
const TOO_MANY: &str = "There were too many wrong codes";

async fn block_everybody(house: &House) {
    execute(house, "UPDATE subjects SET blocked_at = 1").await;
}

/// What an operator does, by other means.
pub async fn execute(house: &House, sql: &'static str) {
    if house.database_url.starts_with("postgres") {
        let pool = sqlx::PgPool::connect(&house.database_url).await.expect("connects");
        sqlx::raw_sql(sql).execute(&pool).await.expect("runs");
    } else {
        let pool = sqlx::SqlitePool::connect(&house.database_url).await.expect("opens");
        sqlx::raw_sql(sql).execute(&pool).await.expect("runs");
    }
}

async fn guess(visitor: &mut Visitor, letters: &str) -> Page {
    visitor.post("/device", &[("user_code", letters)]).await
}

// Five wrong ones an hour, whatever they look like; the right one does not count, and does not help afterwards either.
both!(a33_letters_are_not_guessed, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let device = Device::begin(&machine, &[]).await;
    let mut visitor = house.visitor();
    visitor.get("/device").await;
    for letters in ["BBBB-BBBB", "bbbbbbbb", "no"] {
        let page = guess(&mut visitor, letters).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains(WRONG), "{}", page.text());
    }
    assert!(guess(&mut visitor, &device.letters).await.asks_who());
    assert!(guess(&mut visitor, "").await.text().contains("Enter the code your device shows"));
    for letters in ["CCCC-CCCC", "DDDD-DDDD"] {
        assert_eq!(guess(&mut visitor, letters).await.status, 422);
    }
    for letters in ["FFFF-FFFF", device.letters.as_str()] {
        let page = guess(&mut visitor, letters).await;
        assert_eq!(page.status, 429, "{letters}");
        assert!(page.text().contains(TOO_MANY) && page.headers.contains_key("retry-after"), "{}", page.text());
    }
    house.pass(3601);
    assert_eq!(guess(&mut visitor, "GGGG-GGGG").await.status, 422);
    house.close().await;
});

// Whoever throws the cookie away is known by the address their connection comes from, as our proxy tells it.
both!(a33_letters_are_not_guessed_from_one_address, async |engine| {
    let settings = [("proxy.trusted", "127.0.0.1")];
    let house = House::with(engine, SHOP, &settings).await;
    let machine = house.machine();
    let form: &[(&str, &str)] = &[("user_code", "BBBB-BBBB")];
    let from = async |told: &str| {
        let headers = [("x-forwarded-for", told), ("origin", house.issuer.as_str())];
        machine.send(reqwest::Method::POST, "/device", &headers, Some(form)).await.status
    };
    for number in 0..5 {
        // What a visitor puts there themselves stands before what the proxy adds.
        assert_eq!(from(&format!("198.51.100.{number}, 192.0.2.7")).await, 422);
    }
    assert_eq!(from("198.51.100.9, 192.0.2.7").await, 429);
    assert_eq!(from("192.0.2.8").await, 422, "somebody else's is their own");
    house.close().await;
});

both!(a33_a_code_is_its_clients_and_used_once, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let device = Device::begin(&machine, &[]).await;
    let mut visitor = house.visitor();
    let page = to_consent(&mut visitor, &device.letters).await;
    visitor.submit(&page, &[("p_decision", "allow")]).await;
    let secret = "defghijabcdefghijabcdefghijabcdefghijabcdefghij12345";
    let other = device.poll(&machine, &[("client_id", "printer"), ("client_secret", secret)]).await;
    assert_eq!(other.refusal(), (400, "invalid_grant".into()));
    let (one, two) = tokio::join!(device.poll(&machine, &[]), device.poll(&machine, &[]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400], "{} {}", one.body, two.body);
    // Neither what the person types nor what came of it opens anything.
    for code in [device.letters.as_str(), device.code.as_str()] {
        assert_eq!(device.poll(&machine, &[("device_code", code)]).await.refusal(), (400, "invalid_grant".into()));
    }
    house.close().await;
});

// Somebody is sent a link with the letters in it: it shows and asks, and a click elsewhere answers nothing.
both!(a33_a_link_connects_nothing_by_itself, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let device = Device::begin(&machine, &[]).await;
    let mut victim = house.visitor();
    signed_in(&mut victim, &[]).await.code();
    let path = device.complete.strip_prefix(&house.issuer).expect("ours").to_owned();
    let page = victim.get(&path).await;
    assert_eq!(page.headers["x-frame-options"], "DENY");
    assert_eq!(device.finds(&machine).await.1, "authorization_pending");
    let page = victim.submit(&page, &[("user_code", &device.letters)]).await;
    let text = page.text();
    assert!(text.contains("If someone sent it to you, stop here") && text.contains("Television"), "{text}");
    // The attacker's own page posts it, with the victim's cookies.
    let cookies = victim.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let (action, hidden) = page.form("p_session");
    let form: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("p_decision", "allow")]).collect();
    let headers = [("cookie", cookies.as_str()), ("origin", "https://evil.example")];
    assert_eq!(machine.send(reqwest::Method::POST, &action, &headers, Some(&form)).await.status, 403);
    let typed: &[(&str, &str)] = &[("user_code", &device.letters)];
    assert_eq!(machine.send(reqwest::Method::POST, "/device", &headers, Some(typed)).await.status, 403);
    // The attacker answers it themselves meanwhile: the victim's yes gives nothing more.
    let mut attacker = house.visitor();
    let own = to_consent(&mut attacker, &device.letters).await;
    attacker.submit(&own, &[("p_decision", "deny")]).await;
    let late = victim.submit(&page, &[("p_decision", "allow")]).await;
    assert!(late.text().contains("This code has expired"), "{}", late.text());
    house.pass(5);
    assert_eq!(device.finds(&machine).await.1, "access_denied");
    house.close().await;
});

// Rules about clients and people hold for devices too.
both!(a33_clients_and_people_who_may_not, async |engine| {
    let house = house(engine).await;
    let machine = house.machine();
    let (asked, approved) = (Device::begin(&machine, &[]).await, Device::begin(&machine, &[]).await);
    let mut visitor = house.visitor();
    let page = to_consent(&mut visitor, &approved.letters).await;
    visitor.submit(&page, &[("p_decision", "allow")]).await;
    // Blocked after the yes, and before the device came.
    block_everybody(&house).await;
    assert_eq!(approved.finds(&machine).await, (400, "invalid_grant".into()));
    // And before the yes: not let in, and the device hears of it.
    let mut again = house.visitor();
    let page = again.get("/device").await;
    let page = again.submit(&page, &[("user_code", &asked.letters)]).await;
    let page = crate::harness::ways::prove(&mut again, page).await;
    assert!(page.text().contains("Your device was not connected"), "{}", page.text());
    assert_eq!(asked.finds(&machine).await, (400, "access_denied".into()));
    house.close().await;
});
