//! Who is written to: somebody invited, and a number that had told a sender to stop, through the API and the portal.

use crate::harness::operator::Operator;
use crate::harness::portal::Desk;
use crate::harness::{House, SHOP, both};
use crate::portal_happens::sound;
use countersign::domain::delivery::Channel;
use countersign::domain::identifier::Identifier;
use countersign::domain::operator::Role;
use countersign::store::opt_outs;
use reqwest::Method;
use serde_json::json;

const NUMBER: &str = "+2348031234567";

fn shop() -> String {
    SHOP.replace("id = \"shop\"\n", "id = \"shop\"\nclient_uri = \"https://shop.example/\"\n")
}

both!(somebody_is_invited_by_a_program_and_by_an_operator, async |engine| {
    let house = House::with(engine, &shop(), &[]).await;
    let operator = Operator::of(&house, &["create:invitations", "read:audit"]).await;
    let made = operator.post("invitations", &json!({ "email": "ada@mail.example", "client": "shop" })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let link = made.text("link");
    assert!(link.starts_with("https://shop.example/?invitation_code=inv_"), "{link}");
    for (body, field) in [
        (json!({ "client": "shop" }), ""),
        (json!({ "email": "nobody", "client": "shop" }), "email"),
        (json!({ "email": "ada@mail.example", "client": "nowhere" }), "client"),
        (json!({ "email": "ada@mail.example", "client": "kiosk" }), "client"),
        (json!({ "email": "ada@mail.example", "client": "shop", "organization": "org_none" }), "organization"),
        (json!({ "email": "ada@mail.example", "client": "shop", "roles": ["king"] }), "roles"),
        (json!({ "email": "ada@mail.example", "client": "shop", "given_name": "a\u{0}b" }), "given_name"),
        (json!({ "email": "ada@mail.example", "client": "shop", "color": "red" }), "color"),
    ] {
        let told = operator.post("invitations", &body).await;
        assert_eq!(
            (told.status, told.json()["errors"][0]["field"].clone()),
            (422, json!(field)),
            "{body}: {}",
            told.body
        );
    }
    let book = operator.get("audit?noun=invitation").await;
    assert_eq!(book.json()["data"].as_array().map(Vec::len), Some(1), "{}", book.body);
    assert!(!book.body.contains("ada@mail"), "{}", book.body);
    let mut admin = Desk::of(&house, Role::Admin).await;
    let page = admin.get("/admin/people/invite").await;
    sound(&page, 200, "the form");
    assert!(page.html.contains("<option value=\"shop\">") && !page.html.contains("value=\"kiosk\""), "{}", page.html);
    let told = admin.save(&page, &[("email", "\"><script>alert(1)</script>")]).await;
    sound(&told, 422, "no address");
    assert!(told.html.contains("id=\"email-wrong\""), "{}", told.html);
    let made = admin.save(&page, &[("email", "eve@mail.example"), ("given_name", "Eve")]).await;
    sound(&made, 201, "invited");
    assert!(made.text().contains("https://shop.example/?invitation_code=inv_"), "{}", made.text());
    house.close().await;
});

both!(a_number_is_written_to_again, async |engine| {
    let house = House::with(engine, &shop(), &[]).await;
    let operator = Operator::of(&house, &["delete:opt_outs", "read:audit", "read:overview"]).await;
    let number = Identifier::read(NUMBER).expect("a number");
    let stop = async || {
        let now = house.app.now();
        opt_outs::add(&house.app.db, &number, Channel::Sms, "phone-page", now).await.expect("adds");
    };
    let stopped = async || opt_outs::exists(&house.app.db, &number, Channel::Sms).await.expect("looks");
    assert_eq!(operator.delete("opt_outs/%2B2348031234567").await.status, 404);
    stop().await;
    let told = operator.delete("opt_outs/%2B2348031234567").await;
    assert_eq!((told.status, &told.json()["channels"], stopped().await), (200, &json!(1), false), "{}", told.body);
    let book = operator.get("audit?noun=opt_out").await;
    assert!(book.body.contains("\"act\":\"allow\"") && !book.body.contains("8031234567"), "{}", book.body);
    assert_eq!(operator.send(Method::DELETE, "opt_outs/nobody", &[], None).await.status, 404);
    stop().await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let page = admin.get("/admin/people/invite").await;
    let told = admin.save(&page, &[("to", "nobody")]).await;
    sound(&told, 422, "no number");
    let told = admin.save(&page, &[("to", NUMBER)]).await;
    sound(&told, 200, "again");
    assert!(told.text().contains("One channel is open to it again") && !stopped().await, "{}", told.text());
    let examined = operator.get("doctor").await.json();
    assert!(examined["examined"].to_string().contains("phone-page"), "{examined}");
    house.close().await;
});
