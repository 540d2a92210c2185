//! The first page: whatever people type for a number or an address, what is told about it, and whom it means.

use crate::harness::rp::{identify, payload};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking};
use crate::harness::{House, Page, Visitor, both};

/// The page with one way in chosen.
async fn by(visitor: &mut Visitor, field: &str) -> Page {
    let page = visitor.get(&ask(&[])).await;
    if field == "p_phone" { page } else { visitor.get(&page.link_called("Use e-mail instead")).await }
}

both!(what_cannot_be_right_is_told_where_it_stands, async |engine| {
    let house = House::open(engine).await;
    let cases = [
        ("p_phone", "", "Enter your mobile number"),
        ("p_phone", "   ", "Enter your mobile number"),
        ("p_phone", "12", "That number can’t be right"),
        ("p_phone", "0803 123", "That number can’t be right"),
        ("p_phone", "0803 123 4567 8901", "That number can’t be right"),
        ("p_phone", "call me", "That number can’t be right"),
        ("p_phone", "1-800-FLOWERS", "That number can’t be right"),
        ("p_phone", "ada@example.com", "That number can’t be right"),
        ("p_phone", "+44 844 412 4444", "We can’t send codes to that number"),
        ("p_phone", "+1 800 356 9377", "We can’t send codes to that number"),
        ("p_phone", "+61 444 110 110", "We can’t send codes to that country yet"),
        ("p_email", "", "Enter your e-mail address"),
        ("p_email", "ada", "Enter an e-mail address like"),
        ("p_email", "ada@example", "Enter an e-mail address like"),
        ("p_email", "a b@example.com", "Enter an e-mail address like"),
        ("p_email", "Ada <ada@example.com>", "Enter an e-mail address like"),
        ("p_email", "ada@example.com,eve@example.com", "Enter an e-mail address like"),
        ("p_email", "ada@example.com\r\nBcc: eve@example.com", "Enter an e-mail address like"),
        ("p_email", "\"ada@example.com\"@evil.example", "Enter an e-mail address like"),
        ("p_email", "ada@[127.0.0.1]", "Enter an e-mail address like"),
    ];
    for (field, typed, told) in cases {
        let mut visitor = house.visitor();
        let page = by(&mut visitor, field).await;
        let fields = [(field, typed), ("p_country", "KE")];
        let page = visitor.submit(&page, &fields).await;
        assert_eq!(page.status, 422, "{typed:?}");
        // Once where it stands, once at the top; marked for those who cannot see it.
        assert_eq!(page.text().matches(told).count(), 2, "{typed:?}: {}", page.text());
        assert!(page.html.contains("aria-invalid=\"true\"") && page.html.contains("<title>Error: "), "{typed:?}");
        let (_, after) = page.html.split_once(&format!("name=\"{field}\"")).expect("the same field");
        let value = after.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a value");
        let kept = value.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
        assert_eq!(kept, typed, "what was typed is kept");
        if field == "p_phone" {
            assert!(page.html.contains("<option value=\"KE\" selected"), "{typed:?}: the country is kept as well");
        }
        // Mended, the same form goes through.
        let mended = if field == "p_phone" { ("p_phone", TEST) } else { ("p_email", "ada@example.com") };
        if typed == "12" || typed == "ada" {
            assert!(visitor.submit(&page, &[mended]).await.asks_digits());
        }
    }
    let sent = house.app.phone.messages(None);
    assert!(sent.iter().all(|message| message.to == "ada@example.com") && sent.len() <= 1, "{sent:?}");
    house.close().await;
});

both!(however_it_is_written_it_is_the_same_person, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let mut subjects = std::collections::BTreeSet::new();
    for (typed, country) in [
        ("+12025550143", "NG"),
        ("+1 202 555 0143", "US"),
        ("0012025550143", "NG"),
        ("(202) 555-0143", "US"),
        ("202.555.0143", "US"),
        ("1 202 555 0143", "US"),
        (" ２０２５５５０１４３ ", "US"),
    ] {
        let mut visitor = house.visitor();
        let page = visitor.get(&ask(&[])).await;
        let page = visitor.submit(&page, &[("p_phone", typed), ("p_country", country)]).await;
        assert!(page.text().contains("+1 202-555-0143"), "{typed}: {}", page.text());
        let back = visitor.submit(&page, &[("p_confirmation_code", TEST_PASSCODE)]).await;
        let claims = payload(&machine.redeem(&back.code(), &[]).await.text("id_token"));
        assert_eq!(claims["phone_number"], TEST);
        subjects.insert(claims["sub"].to_string());
    }
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    subjects.clear();
    for typed in ["Ada@Example.com", " ada@example.com ", "ADA@EXAMPLE.COM"] {
        let mut visitor = house.visitor();
        let before = house.sent("ada@example.com").await;
        let page = visitor.get(&ask(&[])).await;
        let page = identify(&mut visitor, page, typed).await;
        let digits = crate::harness::digits(&house.messages("ada@example.com", before + 1).await.remove(0).text);
        let back = visitor.submit(&page, &[("p_confirmation_code", &digits)]).await;
        let claims = payload(&machine.redeem(&back.code(), &[]).await.text("id_token"));
        assert_eq!(claims["email"], "ada@example.com");
        subjects.insert(claims["sub"].to_string());
    }
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    house.close().await;
});

both!(what_is_unproven_reserves_nothing, async |engine| {
    let house = House::open(engine).await;
    let number = "+2348031234567";
    // Somebody claims a number that is not theirs, and waits.
    let mut claimant = house.visitor();
    let page = claimant.get(&ask(&[])).await;
    let theirs = identify(&mut claimant, page, number).await;
    house.messages(number, 1).await;
    // Its owner comes, proves it, and nothing stands in the way.
    let mut owner = house.visitor();
    let page = owner.get(&ask(&[])).await;
    let page = identify(&mut owner, page, number).await;
    let digits = crate::harness::digits(&house.messages(number, 2).await.remove(0).text);
    owner.submit(&page, &[("p_confirmation_code", &digits)]).await.code();
    // The claimant has nothing of it.
    let page = claimant.submit(&theirs, &[("p_confirmation_code", &digits)]).await;
    assert!(page.asks_digits(), "{}", page.text());
    assert_eq!(claimant.get(&ask(&[("prompt", "none")])).await.error().as_deref(), Some("login_required"));
    house.close().await;
});

both!(a_client_offers_what_it_lists_and_nothing_else, async |engine| {
    let house = House::open(engine).await;
    let kiosk = asking(&[
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ]);
    let mut visitor = house.visitor();
    let page = visitor.get(&kiosk).await;
    assert!(page.html.contains("p_phone") && !page.text().contains("instead"), "{}", page.text());
    for method in ["email", "sms-only", "nothing"] {
        let url = format!("{}&method={method}", page.url);
        assert!(visitor.get(&url).await.html.contains("p_phone"), "{method}");
        let page = visitor.post(&url, &[("p_email", "ada@example.com")]).await;
        assert_eq!(page.status, 422, "{method}");
    }
    let page = identify(&mut visitor, page, TEST).await;
    assert!(page.asks_digits() && !page.text().contains("Try another way"), "there is no other: {}", page.text());
    assert!(house.app.phone.messages(None).is_empty());
    house.close().await;
});

both!(countries_are_named_and_the_likeliest_is_chosen, async |engine| {
    let house = House::open(engine).await;
    for (language, names, chosen) in [
        ("en", ["Nigeria", "United Kingdom", "United States"], "NG"),
        ("en-KE", ["Kenya", "United Kingdom", "United States"], "KE"),
        ("es", ["Reino Unido", "Estados Unidos", "Filipinas"], "NG"),
        ("de-AU", ["Vereinigtes Königreich", "Vereinigte Staaten", "Philippinen"], "NG"),
        ("pt-BR", ["Brasil", "Reino Unido", "Estados Unidos"], "BR"),
    ] {
        let mut visitor = house.visitor();
        visitor.language = language.into();
        let page = visitor.get(&ask(&[])).await;
        assert_eq!(page.html.matches("<option ").count(), 9, "{language}: those offered");
        for name in names {
            assert!(page.text().contains(name), "{language}: {name} in {}", page.text());
        }
        assert!(page.html.contains(&format!("<option value=\"{chosen}\" selected")), "{language}");
        assert_eq!(page.html.matches(" selected").count(), 1, "{language}");
    }
    house.close().await;
});
