//! Attacks 41 to 44, 46, 48, 49, 51: on passcodes, on identifiers nobody has proven, on steps out of turn.

use crate::harness::rp::{identify, payload};
use crate::harness::ways::{ask, asking, signed_in, typed, waiting, went_in, wrong};
use crate::harness::{House, both, digits};
use reqwest::Method;

const PHONE: &str = "+2348031234567";
const MAIL: &str = "ada@example.com";

both!(a41_fifty_guesses_at_once_are_five, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let right = house.passcode(PHONE).await;
    let guesses = (0..50).map(|_| {
        let (mut visitor, page, guess) = (visitor.clone(), page.clone(), wrong(&right));
        tokio::spawn(async move { typed(&mut visitor, &page, &guess).await })
    });
    let guesses: Vec<_> = guesses.collect();
    let mut judged = 0;
    for guess in guesses {
        let answer = guess.await.expect("no panic");
        assert!(!went_in(&answer));
        // What was compared is told that it is wrong. All others are told it is over.
        judged += usize::from(answer.text().contains("isn’t right"));
    }
    assert!(judged <= 5, "{judged} of fifty were compared");
    assert!(!went_in(&typed(&mut visitor, &page, &right).await), "the right one comes too late");
    house.close().await;
});

both!(a41_a_number_counts_however_it_is_written, async |engine| {
    let house = House::open(engine).await;
    for written in [PHONE, "0803 123 4567"] {
        let mut visitor = house.visitor();
        let page = waiting(&mut visitor, written).await;
        let right = house.passcode(PHONE).await;
        for _ in 0..5 {
            typed(&mut visitor, &page, &wrong(&right)).await;
        }
    }
    let mut owner = house.visitor();
    let page = waiting(&mut owner, "+234 803 123 45 67").await;
    let right = digits(&house.messages(PHONE, 3).await.remove(0).text);
    let refused = typed(&mut owner, &page, &right).await;
    assert!(!went_in(&refused) && refused.status == 429, "ten wrong ones an hour, in all ways of writing it");
    house.close().await;
});

both!(a42_a_passcode_lives_once_and_briefly, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let used = house.passcode(PHONE).await;
    let mut second = visitor.clone();
    assert!(went_in(&typed(&mut visitor, &page, &used).await));
    assert!(!went_in(&typed(&mut second, &page, &used).await), "not twice");
    // Too late.
    house.pass(60);
    let page = waiting(&mut visitor, PHONE).await;
    let late = digits(&house.messages(PHONE, 2).await.remove(0).text);
    house.pass(5 * 60 + 1);
    assert!(!went_in(&typed(&mut visitor, &page, &late).await), "not after five minutes");
    // Replaced by another.
    let page = waiting(&mut visitor, PHONE).await;
    let old = digits(&house.messages(PHONE, 3).await.remove(0).text);
    let page = visitor.get(&page.link_called("Change the number")).await;
    let page = identify(&mut visitor, page, MAIL).await;
    assert!(!went_in(&typed(&mut visitor, &page, &old).await), "not after another took its place");
    house.close().await;
});

both!(a43_a_passcode_is_its_own_requests, async |engine| {
    let house = House::open(engine).await;
    let (mut victim, mut attacker) = (house.visitor(), house.visitor());
    let page = waiting(&mut victim, PHONE).await;
    let right = house.passcode(PHONE).await;
    // The page of the victim in the attacker's browser.
    let foreign = attacker.get(&page.url).await;
    assert_eq!(foreign.status, 403, "{}", foreign.text());
    assert!(!foreign.html.contains(PHONE) && !foreign.asks_digits());
    // The digits on a sign-in of the attacker's own, for the same number, for another and for an address.
    for identifier in [PHONE, "+2348031234568", MAIL] {
        let own = waiting(&mut attacker, identifier).await;
        house.settle().await;
        assert!(!went_in(&typed(&mut attacker, &own, &right).await), "{identifier}");
    }
    assert!(went_in(&typed(&mut victim, &page, &right).await), "where it belongs it works");
    house.close().await;
});

both!(a44_no_answer_holds_the_digits, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let page = waiting(&mut visitor, PHONE).await;
    let right = house.passcode(PHONE).await;
    let reloaded = visitor.get(&page.url).await;
    let told = typed(&mut visitor, &page, &wrong(&right)).await;
    for page in [&page, &reloaded, &told] {
        assert!(!page.html.contains(&right) && !page.url.contains(&right), "{}", page.url);
    }
    let metrics = house.app.metrics.page(0, 0, 0);
    assert!(!metrics.contains(&right) && !metrics.contains("8031234567"));
    house.close().await;
});

both!(a46_numbers_that_earn_are_not_called, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    // Premium, shared cost, toll-free: refused before anything is sent.
    for number in ["+19005550123", "+448712345678", "+18005550123"] {
        let page = visitor.get(&ask(&[("prompt", "login")])).await;
        let page = identify(&mut visitor, page, number).await;
        assert!(!page.asks_digits() && page.status == 422, "{number}: {} {}", page.status, page.text());
        assert_eq!(house.sent(number).await, 0, "{number}");
    }
    // One number gets five messages in ten minutes, whatever the number of browsers.
    for _ in 0..8 {
        let mut visitor = house.visitor();
        let page = visitor.get(&ask(&[])).await;
        identify(&mut visitor, page, PHONE).await;
    }
    assert_eq!(house.sent(PHONE).await, 5);
    house.close().await;
});

both!(a48_what_is_unproven_links_nothing, async |engine| {
    let house = House::open(engine).await;
    // An attacker asks for a passcode to the victim's address and cannot read it.
    let mut attacker = house.visitor();
    let page = waiting(&mut attacker, MAIL).await;
    // Signed in as themselves beside it, they ask again.
    assert!(went_in(&signed_in(&mut attacker, &[]).await));
    assert!(!went_in(&typed(&mut attacker, &page, "000000").await));
    let mut victim = house.visitor();
    house.pass(60);
    let page = waiting(&mut victim, MAIL).await;
    let right = digits(&house.messages(MAIL, 2).await.remove(0).text);
    let back = typed(&mut victim, &page, &right).await;
    let machine = house.machine();
    let of = |tokens: &crate::harness::machine::Answer| payload(&tokens.text("id_token"));
    let theirs = of(&machine.redeem(&back.code(), &[]).await);
    let other = signed_in(&mut house.visitor(), &[]).await;
    let attackers = of(&machine.redeem(&other.code(), &[]).await);
    assert_ne!(theirs["sub"], attackers["sub"]);
    assert_eq!((&theirs["email"], &theirs["email_verified"]), (&MAIL.into(), &true.into()));
    assert!(theirs.get("phone_number").is_none(), "nothing of the attacker's is in the victim's account");
    house.close().await;
});

both!(a49_no_step_is_skipped_and_no_claim_flatters, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let interaction = page.url.split("interaction=").nth(1).expect("an interaction").to_owned();
    // The passcode page before there is a passcode leads back; posting to it does nothing.
    let early = visitor.get(&format!("/passcode?interaction={interaction}")).await;
    assert!(early.asks_who(), "{}", early.text());
    let posted =
        visitor.post(&format!("/passcode?interaction={interaction}"), &[("p_confirmation_code", "000000")]).await;
    assert!(!went_in(&posted) && posted.asks_who(), "{}", posted.text());
    // Nothing but one factor was proven, and nothing else is said, whatever was asked for.
    let back = signed_in(&mut visitor, &[("acr_values", "aal3 phr")]).await;
    let told = payload(&machine.redeem(&back.code(), &[]).await.text("id_token"));
    assert_eq!((&told["acr"], &told["amr"]), (&"aal1".into(), &serde_json::json!(["otp"])));
    house.close().await;
});

both!(a51_there_is_no_door_for_answers_nobody_asked_for, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    for path in ["/callback", "/oauth2/callback", "/login/callback", "/saml/acs", "/.well-known/web-identity"] {
        for method in [Method::GET, Method::POST] {
            let form: Option<&[(&str, &str)]> =
                (method == Method::POST).then_some(&[("code", "x"), ("id_token", "x"), ("state", "x")]);
            let answer = machine.send(method.clone(), path, &[], form).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            assert!(answer.header("set-cookie").is_none_or(|cookie| !cookie.contains("session")), "{path}");
        }
    }
    // An authorization response of somebody else's is no authorization request of ours.
    let answer = machine.get(&asking(&[("code", "x"), ("state", "x"), ("iss", "https://other.example")])).await;
    assert_eq!((answer.status, answer.header("location")), (400, None));
    house.close().await;
});
