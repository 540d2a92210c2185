//! Operators' own words: on pages and in messages, for all applications or one, and nothing that could break either.

use crate::harness::operator::Operator;
use crate::harness::portal::Desk;
use crate::harness::ways::{ask, waiting};
use crate::harness::{House, SHOP, both};
use countersign::domain::operator::Role;
use serde_json::json;

const SCOPES: [&str; 5] = ["read:texts", "create:texts", "update:texts", "delete:texts", "delete:clients"];

both!(messages_and_pages_say_it_the_operators_way, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let say = async |body: &serde_json::Value| operator.post("texts", body).await;
    let made = say(
        &json!({ "language": "en", "key": "whatsapp-passcode", "text": "{ $code } lets you into { $app } <b>now</b>" }),
    )
    .await;
    assert_eq!(
        (made.status, made.header("location")),
        (201, Some("/api/v1/texts/en%3Awhatsapp-passcode")),
        "{}",
        made.body
    );
    let made =
        say(&json!({ "language": "en", "key": "continue", "client": "kiosk", "text": "Next <i>please</i>" })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let mut visitor = house.visitor();
    waiting(&mut visitor, "+2348031234567").await;
    let told = house.message("+2348031234567").await.text;
    assert!(told.contains("lets you into Shop <b>now</b>"), "{told}");
    // Only at the application it is for, and never as markup.
    let kiosk = [
        ("client_id", "kiosk"),
        ("redirect_uri", "http://127.0.0.1:4100/callback"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let page = house.visitor().get(&ask(&kiosk)).await;
    assert!(page.text().contains("Next <i>please</i>") && !page.html.contains("<i>"), "{}", page.html);
    assert!(house.visitor().get(&ask(&[])).await.text().contains("Continue"));
    let mut german = house.visitor();
    german.language = "de".into();
    assert!(!german.get(&ask(&kiosk)).await.text().contains("Next"), "another language says its own");
    // A client that has words of its own is in use by them.
    let kept = operator.delete("clients/kiosk").await;
    assert_eq!(
        (kept.status, kept.body.contains("en:continue") || kept.body.contains("text")),
        (409, true),
        "{}",
        kept.body
    );
    assert_eq!(operator.delete("texts/en%3Acontinue%3Akiosk").await.status, 204);
    assert!(house.visitor().get(&ask(&kiosk)).await.text().contains("Continue"));
    house.close().await;
});

both!(what_cannot_be_said_is_refused_by_field, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let cases = [
        (json!({ "language": "xx", "key": "continue", "text": "On" }), "language"),
        (json!({ "language": "en", "key": "nothing", "text": "On" }), "key"),
        (json!({ "language": "en", "key": "continue", "client": "nobody", "text": "On" }), "client"),
        (json!({ "language": "en", "key": "sms-passcode", "text": "No digits at all" }), "text"),
        (json!({ "language": "en", "key": "sms-passcode", "text": "{ $code } { $digits }" }), "text"),
        (json!({ "language": "en", "key": "sms-passcode", "text": "{ $code } { sms-passcode }" }), "text"),
        (json!({ "language": "en", "key": "continue", "text": "" }), "text"),
    ];
    for (body, field) in cases {
        let answer = operator.post("texts", &body).await;
        assert_eq!(
            (answer.status, answer.json()["errors"][0]["field"].clone()),
            (422, json!(field)),
            "{body}: {}",
            answer.body
        );
    }
    assert_eq!(operator.get("texts").await.json()["data"], json!([]));
    house.close().await;
});

both!(the_portal_shows_what_is_said_and_leads_to_saying_it_otherwise, async |engine| {
    let price = "[[carrier.price]]\nchannel = \"sms\"\nprefix = \"+234\"\namount = \"0.05\"\n[[test_identifier]]";
    let priced = SHOP.replace("[[test_identifier]]", price);
    let house = House::with(engine, &priced, &[]).await;
    let mut desk = Desk::of(&house, Role::Admin).await;
    let page = desk.get("/admin/messages?language=hi").await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.html.len() < 60_000, "{} bytes", page.html.len());
    assert!(page.text().contains("letters that take more room: 2 SMS"), "{}", page.text());
    let page = desk.get("/admin/messages?language=en&client=shop").await;
    assert!(page.text().contains("plain letters: 1 SMS · costs 0.05 USD"), "{}", page.text());
    let form = desk.get("/admin/new/texts?language=en&key=sms-passcode&client=shop&text=%7B%20%24code%20%7D").await;
    let made = desk.save(&form, &[("text", "<script>alert(1)</script> { $code } =1+1")]).await;
    assert_eq!(made.status.as_u16(), 200, "{}", made.text());
    let page = desk.get("/admin/messages?language=en&client=shop").await;
    assert!(page.text().contains("your words") && !page.html.contains("<script>alert"), "{}", page.html);
    let wrong = desk.save(&form, &[("text", "none"), ("key", "voice-passcode")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.html.contains("id=\"text-wrong\"")), (422, true), "{}", wrong.text());
    assert_eq!(desk.get("/admin/messages?language=xx").await.status.as_u16(), 404);
    let operator = Operator::of(&house, &["read:texts"]).await;
    let said = operator.get("sentences?client=shop").await.json();
    let sms = said["data"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["key"] == "sms-passcode")
        .cloned()
        .expect("there");
    assert_eq!(
        (sms["own"].clone(), sms["holes"].clone()),
        (json!("en:sms-passcode:shop"), json!(["app", "code", "tag"]))
    );
    assert_eq!(operator.get("sentences?language=xx").await.status, 400);
    house.close().await;
});
