//! `login_hint` and `connection_id`: who and how, known beforehand. Nothing is sent until a person says so.

use crate::harness::ways::ask;
use crate::harness::{House, SHOP, both};

const PHONE: &str = "+2348031234567";
const EMAIL: &str = "ada@example.com";

/// A hint, what the field then holds, whom the message goes to.
const HINTS: [(&str, &str, &str); 8] = [
    ("+2348031234567", "+234 803 123 4567", PHONE),
    ("2348031234567", "+234 803 123 4567", PHONE),
    (" 2348031234567", "+234 803 123 4567", PHONE),
    ("phone:+2348031234567", "+234 803 123 4567", PHONE),
    ("phone:+2348031234567:ng", "+234 803 123 4567", PHONE),
    ("phone:08031234567:ng", "+234 803 123 4567", PHONE),
    ("Ada@Example.com", EMAIL, EMAIL),
    ("email:ada@example.com", EMAIL, EMAIL),
];

fn field(identifier: &str) -> &'static str {
    if identifier.contains('@') { "p_email" } else { "p_phone" }
}

both!(a_hint_fills_the_form, async |engine| {
    let house = House::open(engine).await;
    for (hint, shown, to) in HINTS {
        let mut visitor = house.visitor();
        let url = ask(&[("login_hint", hint)]);
        for _ in 0..2 {
            let page = visitor.get(&url).await;
            assert!(page.asks_who() && page.html.contains(field(to)), "{hint}");
            assert!(page.html.contains(&format!("value=\"{shown}\"")), "{hint}: {}", page.html);
        }
        // What a prefilled form sends is what was meant.
        let page = visitor.get(&url).await;
        let before = house.sent(to).await;
        let page = visitor.submit(&page, &[(field(to), shown)]).await;
        assert!(page.asks_digits(), "{hint}: {}", page.text());
        house.messages(to, before + 1).await;
        house.pass(601);
        if to == PHONE && before == 4 {
            house.pass(24 * 3600);
        }
    }
    house.close().await;
});

both!(with_the_connection_named_the_person_only_confirms, async |engine| {
    let house = House::open(engine).await;
    let live = house.app.live();
    let id = |name: &str| live.catalog.connection(name).expect("declared").id.to_string();
    for (hint, shown, to) in HINTS {
        let name = if to == PHONE { "phone" } else { "email" };
        for connection in [name.to_owned(), id(name)] {
            let mut visitor = house.visitor();
            let url = ask(&[("login_hint", hint), ("connection_id", &connection)]);
            let before = house.sent(to).await;
            visitor.get(&url).await;
            let page = visitor.get(&url).await;
            assert!(page.text().contains(shown), "{hint} {connection}: {}", page.text());
            assert!(!page.asks_who(), "{hint}: there is nothing left to type");
            assert!(!page.text().contains("instead"), "{hint}: no other way is offered");
            // Prefetchers and scanners open what they see.
            for link in [
                page.url.clone(),
                page.url.replace("/sign-in", "/passcode"),
                page.url.replace("/sign-in", "/passcode/resend"),
            ] {
                visitor.get(&link).await;
            }
            assert_eq!(house.sent(to).await, before, "a GET sends nothing");
            let page = visitor.submit(&page, &[(field(to), shown)]).await;
            assert!(
                page.asks_digits(),
                "{hint} {connection}: one post leads to the passcode page, not: {}",
                page.text()
            );
            house.messages(to, before + 1).await;
            let digits = house.passcode(to).await;
            let back = visitor.submit(&page, &[("p_confirmation_code", &digits)]).await;
            back.code();
            house.pass(12 * 3600);
        }
    }
    house.close().await;
});

both!(a_confirmed_identifier_can_be_changed, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[("login_hint", PHONE), ("connection_id", "phone")])).await;
    let page = visitor.get(&page.link_called("Change the number")).await;
    assert!(page.asks_who() && page.html.contains("value=\"+234 803 123 4567\""), "{}", page.text());
    let page = visitor.submit(&page, &[("p_phone", "+2348031234568")]).await;
    assert!(page.asks_digits());
    house.message("+2348031234568").await;
    assert_eq!(house.sent(PHONE).await, 0);
    house.close().await;
});

both!(a_malformed_hint_is_ignored, async |engine| {
    let house = House::open(engine).await;
    let long = format!("{}@b.example", "a".repeat(4000));
    for hint in [
        "buffy",
        "username:bob",
        "phone:",
        "email:",
        "email:no",
        "+12",
        "a@b@c",
        "<script>",
        "\u{0}",
        "+1 800 356 9377",
        long.as_str(),
    ] {
        for connection in ["", "phone", "email"] {
            let page = house.visitor().get(&ask(&[("login_hint", hint), ("connection_id", connection)])).await;
            assert_eq!(page.status, 200, "{hint:?}: {}", page.text());
            assert!(page.asks_who(), "{hint:?} {connection}: {}", page.text());
        }
    }
    assert!(house.app.phone.messages(None).is_empty());
    house.close().await;
});

both!(a_hint_from_a_country_not_offered_is_told_like_a_typed_one, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[("login_hint", "phone:+61444110110:au"), ("connection_id", "phone")])).await;
    let page = visitor.submit(&page, &[("p_phone", "+61 444 110 110")]).await;
    assert_eq!(page.status, 422);
    assert!(
        page.asks_who() && page.html.contains("value=\"+61 444 110 110\"") && page.html.contains("aria-invalid"),
        "{}",
        page.text()
    );
    assert_eq!(house.sent("+61444110110").await, 0);
    house.close().await;
});

both!(an_unknown_connection_shows_all_ways_in, async |engine| {
    let disabled = "[[connection]]\nname = \"closed\"\nkind = \"email\"\nenabled = false\n";
    let declaration = SHOP
        .replace("connections = [\"phone\", \"email\"]", "connections = [\"phone\", \"email\", \"closed\"]")
        + disabled;
    let house = House::with(engine, &declaration, &[]).await;
    let live = house.app.live();
    let foreign = live.catalog.connection("sms-only").expect("declared").id.to_string();
    let closed = live.catalog.connection("closed").expect("declared").id.to_string();
    for connection in
        ["nothing", "conn_0123456789abcdef0123456789abcdef", "sms-only", &foreign, "closed", &closed, "' OR 1=1 --"]
    {
        let page = house.visitor().get(&ask(&[("connection_id", connection)])).await;
        assert!(page.asks_who() && page.html.contains("p_phone"), "{connection}");
        assert!(page.text().contains("Use e-mail instead"), "{connection}: {}", page.text());
        assert!(!page.html.contains("method=closed"), "{connection}");
        // With a hint the form is filled, and nobody is asked to confirm a way they did not choose.
        let page = house.visitor().get(&ask(&[("connection_id", connection), ("login_hint", PHONE)])).await;
        assert!(page.asks_who() && page.html.contains("value=\"+234 803 123 4567\""), "{connection}");
    }
    house.close().await;
});

both!(the_connection_named_is_the_only_one_shown, async |engine| {
    let house = House::open(engine).await;
    let email = house.app.live().catalog.connection("email").expect("declared").id.to_string();
    for (connection, field) in [("phone", "p_phone"), ("email", "p_email"), (email.as_str(), "p_email")] {
        let page = house.visitor().get(&ask(&[("connection_id", connection)])).await;
        assert!(page.asks_who() && page.html.contains(field) && !page.text().contains("instead"), "{connection}");
    }
    // A hint of the other sort fills nothing.
    let page = house.visitor().get(&ask(&[("connection_id", "email"), ("login_hint", PHONE)])).await;
    assert!(
        page.asks_who()
            && page.html.contains("p_email")
            && !page.html.contains("234 803")
            && !page.html.contains(PHONE),
        "{}",
        page.text()
    );
    house.close().await;
});
