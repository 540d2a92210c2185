//! The main job: by phone, by e-mail, and the same token whichever way the passcode came.

use crate::harness::rp::{identify, sign_in};
use crate::harness::{House, both};

both!(by_phone, async |engine| {
    let house = House::open(engine).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "phone", "offline"], "+2348031234567").await;
    assert_eq!(tokens.claims.phone_number().map(|number| number.as_str()), Some("+2348031234567"));
    assert_eq!(tokens.claims.phone_number_verified(), Some(true));
    assert!(tokens.refresh_token.is_some());
    house.close().await;
});

both!(by_email, async |engine| {
    let house = House::open(engine).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let begun = shop.begin(&["openid", "email"], &[]);
    let page = visitor.get(&begun.url).await;
    let page = identify(&mut visitor, page, "Ada@Example.com").await;
    let passcode = house.passcode("ada@example.com").await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    let tokens = shop.finish(begun, &back).await;
    assert_eq!(tokens.claims.email().map(|email| email.as_str()), Some("ada@example.com"));
    assert_eq!(tokens.claims.email_verified(), Some(true));
    assert!(tokens.refresh_token.is_none(), "no offline was asked for");
    house.close().await;
});
