//! The passcode, as those who mistype it, wait too long, press twice or guess meet it (invariants 1 to 9 of the house).

use crate::harness::rp::identify;
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, signed_in, typed, waiting, went_in, wrong};
use crate::harness::{House, Page, SHOP, Visitor, both};
use countersign::telemetry::Delivery;

const PHONE: &str = "+2348031234567";
const OTHER: &str = "+2348031234568";

async fn resend(visitor: &mut Visitor, page: &Page) -> Page {
    visitor.submit(page, &[("resend", "")]).await
}

both!(wrong_ones_cost_a_try_each, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    for left in (1..=4).rev() {
        let page = typed(&mut visitor, &page, &wrong(&digits)).await;
        assert_eq!(page.status, 422, "{left} left");
        assert!(page.text().contains("That code isn’t right"), "{}", page.text());
        assert_eq!(page.text().contains("You have one try left"), left == 1, "{}", page.text());
        assert!(page.asks_digits() && page.html.contains("aria-invalid=\"true\""));
        assert!(!page.html.contains(&wrong(&digits)) && !page.html.contains(&digits));
    }
    // The last try may be the right one.
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));
    house.close().await;
});

both!(after_five_wrong_ones_not_even_the_right_one, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    for _ in 0..4 {
        typed(&mut visitor, &page, &wrong(&digits)).await;
    }
    let fifth = typed(&mut visitor, &page, &wrong(&digits)).await;
    assert_eq!(fifth.status, 429);
    assert!(fifth.text().contains("tried too many times"), "{}", fifth.text());
    for _ in 0..2 {
        let late = typed(&mut visitor, &page, &digits).await;
        assert!(!went_in(&late) && late.text().contains("tried too many times"), "{}", late.text());
    }
    assert!(visitor.get(&page.url).await.text().contains("tried too many times"), "reloaded, it says the same");
    assert_eq!(house.sent(PHONE).await, 1);
    // The page leads on: a new one, whose tries are its own.
    let renewed = resend(&mut visitor, &fifth).await;
    assert!(renewed.asks_digits(), "{}", renewed.text());
    house.messages(PHONE, 2).await;
    let new = house.passcode(PHONE).await;
    assert_ne!(new, digits);
    assert!(!went_in(&typed(&mut visitor, &renewed, &digits).await), "the old one stays dead");
    assert!(went_in(&typed(&mut visitor, &renewed, &new).await));
    house.close().await;
});

both!(ten_wrong_ones_an_hour_whoever_types_them, async |engine| {
    let house = House::open(engine).await;
    // Two browsers, two sign-ins, five each; every one of them would have had tries left elsewhere.
    for _ in 0..2 {
        let mut attacker = house.visitor();
        let page = waiting(&mut attacker, PHONE).await;
        for _ in 0..5 {
            typed(&mut attacker, &page, &wrong(&house.passcode(PHONE).await)).await;
        }
    }
    let mut owner = house.visitor();
    let page = waiting(&mut owner, PHONE).await;
    let right = house.messages(PHONE, 3).await.remove(0);
    let refused = typed(&mut owner, &page, &crate::harness::digits(&right.text)).await;
    assert!(!went_in(&refused), "the eleventh is refused, right or not");
    assert_eq!(refused.status, 429);
    assert!(refused.text().contains("too many wrong codes"), "{}", refused.text());
    assert!(refused.html.contains("method=email"), "another way is offered");
    // Others are not meant.
    let other = waiting(&mut owner.clone(), OTHER).await;
    let digits = house.passcode(OTHER).await;
    assert!(went_in(&typed(&mut owner.clone(), &other, &digits).await));
    // Nor for ever.
    house.pass(3_601);
    let page = waiting(&mut owner, PHONE).await;
    let right = house.messages(PHONE, 4).await.remove(0);
    assert!(went_in(&typed(&mut owner, &page, &crate::harness::digits(&right.text)).await));
    house.close().await;
});

both!(the_tenth_may_still_be_right, async |engine| {
    let house = House::open(engine).await;
    for (sent, tries) in [(1, 5), (2, 4)] {
        let mut visitor = house.visitor();
        let page = waiting(&mut visitor, PHONE).await;
        let digits = crate::harness::digits(&house.messages(PHONE, sent).await.remove(0).text);
        for _ in 0..tries {
            typed(&mut visitor, &page, &wrong(&digits)).await;
        }
        if tries == 4 {
            assert!(went_in(&typed(&mut visitor, &page, &digits).await));
        }
    }
    house.close().await;
});

both!(right_ones_use_nothing_up, async |engine| {
    let house = House::open(engine).await;
    for round in 0..20 {
        assert!(went_in(&signed_in(&mut house.visitor(), &[]).await), "sign-in {round}");
    }
    // Nine wrong ones later there is one try left in the hour, as if nobody had signed in.
    for _ in 0..3 {
        let mut visitor = house.visitor();
        let page = waiting(&mut visitor, TEST).await;
        for _ in 0..3 {
            assert_eq!(typed(&mut visitor, &page, "111111").await.status, 422);
        }
    }
    assert!(went_in(&signed_in(&mut house.visitor(), &[]).await));
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, TEST).await;
    assert_eq!(typed(&mut visitor, &page, "111111").await.status, 422);
    assert_eq!(typed(&mut visitor, &page, TEST_PASSCODE).await.status, 429);
    house.close().await;
});

both!(five_minutes_and_no_longer, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    house.pass(280);
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));

    let page = waiting(&mut visitor, OTHER).await;
    let digits = house.passcode(OTHER).await;
    house.pass(301);
    let late = typed(&mut visitor, &page, &digits).await;
    assert_eq!(late.status, 422);
    assert!(late.text().contains("That code has expired") && late.html.contains("id=\"resend\""), "{}", late.text());
    assert!(visitor.get(&page.url).await.text().contains("That code has expired"));
    let renewed = resend(&mut visitor, &late).await;
    assert!(renewed.text().contains("We sent you a new one"), "{}", renewed.text());
    let new = crate::harness::digits(&house.messages(OTHER, 2).await.remove(0).text);
    assert_ne!(new, digits);
    assert!(!went_in(&typed(&mut visitor, &renewed, &digits).await));
    assert!(went_in(&typed(&mut visitor, &renewed, &new).await));
    house.close().await;
});

both!(a_resend_carries_the_same_digits_and_makes_one_wait, async |engine| {
    let house =
        House::with(engine, SHOP, &[("passcode.sends_per_ten_minutes", "100"), ("passcode.sends_per_day", "100")])
            .await;
    let mut visitor = house.visitor();
    let mut page = waiting(&mut visitor, PHONE).await;
    let first = house.message(PHONE).await;
    for (sent, wait) in [30, 40, 60, 90, 120, 120].into_iter().enumerate() {
        // Before its time: refused in words, and nothing sent.
        house.pass(wait - 15);
        let soon = resend(&mut visitor, &page).await;
        assert_eq!(soon.status, 429, "after {} of {wait} seconds", wait - 15);
        assert!(soon.text().contains("You can ask again in "), "{}", soon.text());
        assert_eq!(house.sent(PHONE).await, sent + 1);
        house.pass(15);
        page = resend(&mut visitor, &page).await;
        assert!(page.text().contains("We sent the same code again"), "after {wait} seconds: {}", page.text());
        let again = house.messages(PHONE, sent + 2).await.remove(0);
        assert_eq!(again.text, first.text, "digits and tag are the same");
        // Reloading the page after it sends nothing, nor does pressing again at once.
        visitor.get(&page.url).await;
        assert_eq!(resend(&mut visitor, &page).await.status, 429);
        assert_eq!(house.sent(PHONE).await, sent + 2);
    }
    assert!(went_in(&typed(&mut visitor, &page, &crate::harness::digits(&first.text)).await));
    house.close().await;
});

both!(another_channel_carries_the_same_digits, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let first = house.message(PHONE).await;
    assert_eq!(first.channel.as_str(), "whatsapp");
    assert!(page.html.contains("value=\"sms\"") && !page.html.contains("value=\"voice\""), "{}", page.html);
    let (action, _) = page.form("resend");
    assert_eq!(visitor.post(&action, &[("by", "sms")]).await.status, 429, "it waits like any other");
    house.pass(30);
    let page = visitor.post(&action, &[("by", "sms")]).await;
    let second = house.messages(PHONE, 2).await.remove(0);
    assert_eq!(second.channel.as_str(), "sms");
    assert_eq!(crate::harness::digits(&second.text), crate::harness::digits(&first.text));
    assert!(page.html.contains("value=\"whatsapp\"") && !page.html.contains("value=\"sms\""), "{}", page.html);
    // What the ladder does not have is not had by asking: the last channel speaks again.
    house.pass(40);
    let page = visitor.post(&action, &[("by", "voice")]).await;
    assert_eq!(house.messages(PHONE, 3).await.remove(0).channel.as_str(), "sms");
    assert!(went_in(&typed(&mut visitor, &page, &crate::harness::digits(&first.text)).await));
    house.close().await;
});

both!(five_messages_in_ten_minutes_and_ten_a_day, async |engine| {
    let house = House::open(engine).await;
    let ask_for_one = async || {
        let mut visitor = house.visitor();
        let page = visitor.get(&ask(&[])).await;
        identify(&mut visitor, page, PHONE).await
    };
    for round in [1, 2] {
        for _ in 0..5 {
            assert!(ask_for_one().await.asks_digits());
        }
        // However often somebody presses now: what is refused uses nothing of the day up.
        for _ in 0..3 {
            ask_for_one().await;
        }
        let sixth = ask_for_one().await;
        assert_eq!(sixth.status, 429);
        assert!(
            sixth.text().contains("too many codes") && sixth.html.contains("value=\"+2348031234567\""),
            "{}",
            sixth.text()
        );
        let after: u64 = sixth.headers["retry-after"].to_str().expect("ASCII").parse().expect("seconds");
        assert!((1..=if round == 1 { 600 } else { 86_400 }).contains(&after), "{after}");
        assert_eq!(house.sent(PHONE).await, round * 5);
        house.pass(601);
    }
    assert_eq!(ask_for_one().await.status, 429, "ten a day");
    assert_eq!(house.sent(PHONE).await, 10);
    house.pass(24 * 3600);
    assert!(ask_for_one().await.asks_digits());
    assert_eq!(house.sent(PHONE).await, 11);
    house.close().await;
});

both!(it_works_in_its_own_browser_and_sign_in_only, async |engine| {
    let house = House::open(engine).await;
    let (mut visitor, mut thief) = (house.visitor(), house.visitor());
    let page = waiting(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    // Somebody else's browser, with the address of the page and the digits.
    let stolen = thief.post(&page.url, &[("p_confirmation_code", &digits)]).await;
    assert!(!went_in(&stolen) && stolen.status == 403, "{}", stolen.text());
    // Somebody else's sign-in for the same number.
    let theirs = waiting(&mut thief, PHONE).await;
    let their_digits = crate::harness::digits(&house.messages(PHONE, 2).await.remove(0).text);
    assert!(!went_in(&typed(&mut thief, &theirs, &digits).await));
    assert!(!went_in(&typed(&mut visitor, &page, &their_digits).await));
    // Another sign-in in the same browser.
    let second = waiting(&mut visitor, PHONE).await;
    assert!(!went_in(&typed(&mut visitor, &second, &digits).await));
    // Its own, after all of that.
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));
    house.close().await;
});

both!(changing_the_number_cancels_the_old_digits, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let old = house.passcode(PHONE).await;
    let form = visitor.get(&page.link_called("Change the number")).await;
    assert!(
        form.asks_who() && form.html.contains("value=\"+234 803 123 4567\""),
        "what was typed is kept: {}",
        form.text()
    );
    let page = visitor.submit(&form, &[("p_phone", OTHER)]).await;
    assert!(page.text().contains("+234 803 123 4568"), "{}", page.text());
    let new = house.passcode(OTHER).await;
    assert!(!went_in(&typed(&mut visitor, &page, &old).await));
    // Back to the first: digits of its own, once more.
    let form = visitor.get(&page.link_called("Change the number")).await;
    let page = visitor.submit(&form, &[("p_phone", PHONE)]).await;
    let newest = crate::harness::digits(&house.messages(PHONE, 2).await.remove(0).text);
    for dead in [&old, &new] {
        assert!(*dead == newest || !went_in(&typed(&mut visitor, &page, dead).await));
    }
    // Another way altogether.
    let form = visitor.get(&page.link_called("Try another way")).await;
    let page = visitor.submit(&form, &[("p_email", "ada@example.com")]).await;
    assert!(!went_in(&typed(&mut visitor, &page, &newest).await));
    let digits = house.passcode("ada@example.com").await;
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));
    house.close().await;
});

both!(a_double_click_sends_one_message, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let (mut one, mut two, mut three) = (visitor.clone(), visitor.clone(), visitor.clone());
    let fields = [("p_phone", PHONE)];
    let clicks = tokio::join!(one.submit(&page, &fields), two.submit(&page, &fields), three.submit(&page, &fields));
    for click in [&clicks.0, &clicks.1, &clicks.2] {
        assert!(click.asks_digits(), "{}", click.text());
    }
    assert_eq!(house.sent(PHONE).await, 1);
    // What did not go is not counted: four more may go in these ten minutes.
    for _ in 0..4 {
        waiting(&mut house.visitor(), PHONE).await;
    }
    assert_eq!(house.sent(PHONE).await, 5);
    // And on the button that sends again.
    house.pass(601);
    let page = waiting(&mut visitor, PHONE).await;
    house.messages(PHONE, 6).await;
    house.pass(31);
    (one, two) = (visitor.clone(), visitor.clone());
    let clicks = tokio::join!(resend(&mut one, &page), resend(&mut two, &page));
    assert!(clicks.0.asks_digits() && clicks.1.asks_digits());
    assert_eq!(house.sent(PHONE).await, 7);
    let digits = house.passcode(PHONE).await;
    assert!(went_in(&typed(&mut visitor, &clicks.0, &digits).await));
    house.close().await;
});

both!(what_is_no_passcode_costs_no_try, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let digits = house.passcode(PHONE).await;
    let long = "1".repeat(1_000);
    for malformed in ["", "   ", "12345", "1234567", "abcdef", "12 34", "😀", "\u{0}", &long, "-123", "1e5"] {
        let page = typed(&mut visitor, &page, malformed).await;
        assert_eq!(page.status, 422, "{malformed:?}");
        let told = if malformed.trim().is_empty() { "Enter the code we sent you" } else { "The code must be 6 digits" };
        assert!(page.text().contains(told), "{malformed:?}: {}", page.text());
    }
    // As people paste it, from whatever keyboard.
    let pasted = format!("Your code is {} {}!", &digits[..3], &digits[3..]);
    assert!(went_in(&typed(&mut visitor, &page, &pasted).await));
    let page = waiting(&mut visitor, OTHER).await;
    let arabic: String =
        house.passcode(OTHER).await.chars().filter_map(|digit| char::from_u32(0x660 + digit.to_digit(10)?)).collect();
    assert!(went_in(&typed(&mut visitor, &page, &arabic).await));
    house.close().await;
});

both!(a_setting_says_how_many_digits, async |engine| {
    for length in ["4", "8", "10"] {
        let house = House::with(engine, SHOP, &[("passcode.digits", length)]).await;
        let mut visitor = house.visitor();
        let page = waiting(&mut visitor, PHONE).await;
        assert!(page.text().contains(&format!("{length}-digit code")), "{}", page.text());
        let digits = house.passcode(PHONE).await;
        assert_eq!(digits.len().to_string(), length);
        assert!(typed(&mut visitor, &page, "123456").await.text().contains(&format!("must be {length} digits")));
        assert!(went_in(&typed(&mut visitor, &page, &digits).await));
        house.close().await;
    }
});

/// A page without what is new in each: ids, nonces, the tag, and the identifier the person typed.
fn plain(page: &Page, identifier: &str) -> String {
    let mut text = format!("{}\n{}\n{}\n", page.status, page.url, page.html);
    for (name, value) in &page.headers {
        if !["date", "x-request-id"].contains(&name.as_str()) {
            text += &format!("{name}: {}\n", value.to_str().unwrap_or_default());
        }
    }
    let tag =
        page.html.split("class=\"tag\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("no tag").to_owned();
    let text = text.replace(&format!(">{tag}<"), ">TAG<").replace(identifier, "WHO");
    // Every run of 32 hex digits is an id or a nonce.
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        out += if run.len() == 32 { "ID" } else { &run };
        run.clear();
        out.push(c);
    }
    out
}

both!(closed_sign_up_tells_nobody_who_is_known, async |engine| {
    let house = House::open(engine).await;
    let (known, unknown) = ("known@example.com", "stray@example.com");
    let members = asking(&[
        ("client_id", "members"),
        ("redirect_uri", "http://127.0.0.1:4200/callback"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
        ("prompt", "login"),
    ]);
    // Known from the shop, where sign-up is open.
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, known).await;
    let digits = house.passcode(known).await;
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));
    house.pass(24 * 3600 + 1);

    let mut walks = Vec::new();
    for identifier in [known, unknown] {
        let mut visitor = house.visitor();
        let mut seen = Vec::new();
        // The same minute for both: the wait a page tells is part of what is compared.
        let first = visitor.get(&members).await;
        let page = identify(&mut visitor, first, identifier).await;
        assert!(page.asks_digits(), "{identifier}: {}", page.text());
        seen.push(plain(&page, identifier));
        house.settle().await;
        house.pass(31);
        let again = resend(&mut visitor, &page).await;
        assert!(again.text().contains("sent the same code again"), "{identifier}: {}", again.text());
        seen.push(plain(&again, identifier));
        // Nobody guesses all of these by chance.
        for guess in ["012345", "123450", "234501", "345012"] {
            seen.push(plain(&typed(&mut visitor, &page, guess).await, identifier));
        }
        seen.push(plain(&typed(&mut visitor, &page, "12").await, identifier));
        seen.push(plain(&typed(&mut visitor, &page, "450123").await, identifier));
        seen.push(plain(&visitor.get(&page.url).await, identifier));
        let renewed = resend(&mut visitor, &page).await;
        seen.push(plain(&renewed, identifier));
        house.settle().await;
        house.pass(301);
        seen.push(plain(&typed(&mut visitor, &renewed, "012345").await, identifier));
        // Until there were too many messages, or what stands for them.
        for _ in 0..4 {
            let mut another = house.visitor();
            let first = another.get(&members).await;
            seen.push(plain(&identify(&mut another, first, identifier).await, identifier));
        }
        house.settle().await;
        house.pass(24 * 3600 + 1);
        walks.push(seen);
    }
    let unknown_walk = walks.pop().expect("two");
    for (step, (known, unknown)) in walks.remove(0).into_iter().zip(unknown_walk).enumerate() {
        // Seconds of a wait may tick over between two requests.
        let (known, unknown) = (seconds_apart(&known), seconds_apart(&unknown));
        assert_eq!(known, unknown, "step {step}");
    }
    assert_eq!(house.sent(unknown).await, 0, "nothing is sent to somebody unknown");
    assert_eq!(house.sent(known).await, 1 + 5, "one sign-in at the shop, and each of the five here");

    // Who is known gets in here as well; no account was made for the other.
    let mut visitor = house.visitor();
    let first = visitor.get(&members).await;
    let page = identify(&mut visitor, first, known).await;
    let digits = crate::harness::digits(&house.messages(known, 7).await.remove(0).text);
    let back = typed(&mut visitor, &page, &digits).await;
    assert!(back.url.starts_with("http://127.0.0.1:4200/callback?code="), "{}", back.url);
    let address = countersign::domain::identifier::Identifier::email(unknown).expect("an address");
    assert!(countersign::store::subjects::find_by_identifier(&house.app.db, &address).await.expect("asks").is_none());
    house.close().await;
});

/// Waits are told in seconds: 29 and 30 are the same wait.
fn seconds_apart(page: &str) -> String {
    let mut out = String::new();
    for (place, piece) in page.split("data-wait=\"").enumerate() {
        if place == 0 {
            out += piece;
            continue;
        }
        out += "WAIT";
        out += piece.split_once('"').map_or("", |(_, rest)| rest);
    }
    let words: Vec<&str> = out.split("in ").collect();
    let words: Vec<String> = words
        .iter()
        .map(|piece| match piece.split_once(" seconds.") {
            Some((n, rest)) if n.parse::<u32>().is_ok() => format!("N{rest}"),
            _ => (*piece).to_owned(),
        })
        .collect();
    let out = words.join("in ");
    match out.split_once("retry-after: ") {
        Some((before, after)) => format!("{before}{}", after.split_once('\n').map_or("", |(_, rest)| rest)),
        None => out,
    }
}

fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").port()
}

fn delivered(house: &House, channel: &'static str, carrier: &str, outcome: &'static str) -> u64 {
    house
        .app
        .metrics
        .deliveries
        .get_or_create(&Delivery { channel, carrier: carrier.to_owned(), country: String::new(), outcome })
        .get()
}

both!(a_carrier_that_is_down_is_passed_over, async |engine| {
    let smtp = format!(
        "[[carrier]]\nname = \"mail\"\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"no-reply@shop.example\"\n\n[[carrier]]",
        closed_port()
    );
    let house = House::with(engine, &SHOP.replacen("[[carrier]]", &smtp, 1), &[]).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, "ada@example.com").await;
    let digits = house.passcode("ada@example.com").await;
    assert!(went_in(&typed(&mut visitor, &page, &digits).await));
    assert_eq!(
        (delivered(&house, "email", "mail", "busy"), delivered(&house, "email", "phone-page", "accepted")),
        (1, 1)
    );
    house.close().await;
});

both!(with_every_carrier_down_the_person_is_not_stuck, async |engine| {
    let smtp = format!(
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"no-reply@shop.example\"",
        closed_port()
    );
    let house = House::with(engine, &SHOP.replace("kind = \"dev_phone\"", &smtp), &[]).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, "ada@example.com").await;
    let unreachable = |house: &House| delivered(house, "email", "phone-page", "busy");
    for tries in 1..=3 {
        house.until("the carrier is tried", |_| unreachable(&house) >= tries).await;
        house.pass(40);
    }
    house.settle().await;
    assert_eq!(unreachable(&house), 3, "tried three times, then given up");
    // Again, by the same way.
    let again = resend(&mut visitor, &page).await;
    assert!(again.asks_digits() && again.status == 200, "{}", again.text());
    house.until("and once more", |_| unreachable(&house) >= 4).await;
    // Or by another.
    let form = visitor.get(&again.link_called("Try another way")).await;
    assert!(form.asks_who() && form.html.contains("p_phone"), "{}", form.text());
    let page = visitor.submit(&form, &[("p_phone", TEST)]).await;
    assert!(went_in(&typed(&mut visitor, &page, TEST_PASSCODE).await));
    assert_eq!(house.app.metrics.faults.get(), 0, "no page broke");
    house.close_anyway().await;
});
