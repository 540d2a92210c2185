//! The portal, where things are set up: carriers looked at before they are saved, tests followed, ways shown, secrets changed, pages
//! previewed.

use crate::harness::outside::Outside;
use crate::harness::portal::{Desk, filled};
use crate::harness::{House, Page, both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::domain::carrier::CarrierKind;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use serde_json::json;

pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const NASTY: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil\")",
    "a\u{0}b\u{7}\r\nc",
];

/// Presses the other button of a form, which sends it elsewhere.
async fn press(desk: &mut Desk, page: &Page, to: &str, changes: &[(&str, &str)]) -> Page {
    assert!(page.html.contains(&format!("formaction=\"{to}\"")), "{}", page.html);
    let (_, fields) = filled(page, changes[0].0, changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post(to, &fields).await
}

/// Whether markup came back as it was sent.
fn reflected(page: &Page, text: &str) -> bool {
    text.contains(['<', '"']) && page.html.contains(text)
}

fn is_small(page: &Page) {
    assert!(page.html.len() < 60_000, "{}: {} bytes", page.url, page.html.len());
}

/// As the gateway signs what it reports.
pub async fn report(house: &House, receipt: &serde_json::Value) -> u16 {
    let (at, body) = (house.app.now().secs().to_string(), receipt.to_string());
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("a key");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key);
    let signed = aws_lc_rs::hmac::sign(&key, format!("rc_1.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(signed));
    let headers = [("webhook-id", "rc_1"), ("webhook-timestamp", &at), ("webhook-signature", &signature)];
    house.machine().raw("/carriers/gateway/receipts", &headers, body.into_bytes()).await.status
}

both!(a_carrier_is_looked_at_before_it_is_saved, async |engine| {
    let house = House::open(engine).await;
    let outside = Outside::open().await;
    let url = format!("{}/send", outside.url);
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/new/carriers").await;
    for kind in CarrierKind::NAMES {
        assert!(page.html.contains(&format!("/admin/new/carriers?kind={kind}\"")), "{kind}: {}", page.html);
        is_small(&owner.get(&format!("/admin/new/carriers?kind={kind}")).await);
    }
    let page = owner.get("/admin/new/carriers?kind=webhook").await;
    assert!(page.text().contains("What to fetch where"), "{}", page.text());
    let typed = [
        ("url", url.as_str()),
        ("name", "gateway"),
        ("channels", "sms\nwhatsapp"),
        ("secret", SECRET),
        ("receipts", "true"),
        ("allow_private", "true"),
    ];
    outside.answer_with("/send", &[401]);
    let page = press(&mut owner, &page, "/admin/new/carriers/check", &typed).await;
    assert_eq!(page.status.as_u16(), 422, "{}", page.text());
    assert!(page.text().contains("refuses our signature"), "{}", page.text());
    assert!(page.html.contains("/carriers/gateway/receipts") && !page.html.contains(SECRET), "{}", page.html);
    assert!(house.app.live().carrier("gateway").is_none(), "nothing is saved");
    // The secret need not be typed again, and nobody else can use what stands for it.
    let page = press(&mut owner, &page, "/admin/new/carriers/check", &[("url", &url)]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("takes our signature")), (200, true), "{}", page.text());
    let (_, fields) = filled(&page, "url", &[("url", url.as_str())]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut other = Desk::of(&house, Role::Admin).await;
    let told = other.post("/admin/carriers", &fields).await;
    assert_eq!((told.status.as_u16(), told.html.contains("id=\"secret-wrong\"")), (422, true), "{}", told.text());
    let saved = owner.save(&page, &[("url", &url)]).await;
    assert_eq!(
        (saved.status.as_u16(), saved.url.as_str()),
        (200, "/admin/carriers/gateway?done=saved"),
        "{}",
        saved.text()
    );
    assert!(house.app.live().carrier("gateway").is_some());
    // What cannot be declared is told by its field, and looks at nothing.
    let page = press(&mut owner, &saved, "/admin/carriers/gateway/check", &[("url", "nowhere")]).await;
    assert_eq!((page.status.as_u16(), page.html.contains("id=\"url-wrong\"")), (422, true), "{}", page.text());
    let heard = outside.seen("/send").len();
    let page = press(&mut owner, &saved, "/admin/carriers/gateway/check", &[("url", &url)]).await;
    assert!(page.text().contains("takes our signature") && page.text().contains("receipts:"), "{}", page.text());
    assert_eq!(outside.seen("/send").len(), heard + 1);
    house.close().await;
});

both!(a_test_is_sent_and_followed, async |engine| {
    let outside = Outside::open().await;
    let gateway = format!(
        "[[carrier]]\nname = \"gateway\"\nkind = \"webhook\"\nurl = \"{}/send\"\nsecret = \"{SECRET}\"\nallow_private = true\nreceipts = true\nchannels = [\"sms\"]\n[[carrier.price]]\nchannel = \"sms\"\nprefix = \"+234\"\namount = \"0.0079\"\n",
        outside.url
    );
    let house = House::with(engine, &format!("{}{gateway}", crate::harness::SHOP), &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/carriers/gateway/look").await;
    is_small(&page);
    assert!(page.text().contains("+234") && page.text().contains("0.0079"), "{}", page.text());
    let found = owner.post("/admin/carriers/gateway/look", &[]).await;
    assert!(found.text().contains("takes our signature"), "{}", found.text());
    let synced = owner.post("/admin/carriers/gateway/sync", &[]).await;
    assert!(synced.text().contains("nothing to make"), "{}", synced.text());
    for to in NASTY {
        let page = owner.post("/admin/carriers/gateway/test", &[("to", to)]).await;
        assert_eq!((page.status.as_u16(), reflected(&page, to)), (422, false), "{}", page.text());
    }
    let page = owner.post("/admin/carriers/gateway/test", &[("to", "ada@mail.example")]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("no channel that reaches")), (422, true), "{}", page.text());
    let page = owner.post("/admin/carriers/gateway/test", &[("to", "+2348031234567"), ("channel", "sms")]).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text());
    assert!(page.url.starts_with("/admin/carriers/gateway/tests/test_"), "{}", page.url);
    assert!(page.text().contains("The carrier has it"), "{}", page.text());
    // The form pressed twice is one message; filled in otherwise, it says so.
    let form = owner.get("/admin/carriers/gateway/look").await;
    let (action, hidden) = form.form("once");
    let once = hidden.into_iter().find(|(name, _)| name == "once").expect("it stands for one test").1;
    let typed = [("to", "+2348031234567"), ("channel", "sms"), ("once", once.as_str())];
    let heard = outside.seen("/send").len();
    let (first, second) = (owner.post(&action, &typed).await, owner.post(&action, &typed).await);
    assert_eq!((first.url.as_str(), outside.seen("/send").len()), (second.url.as_str(), heard + 1));
    let other = owner.post(&action, &[("to", "+2348031234568"), ("channel", "sms"), ("once", once.as_str())]).await;
    assert_eq!((other.status.as_u16(), outside.seen("/send").len()), (422, heard + 1), "{}", other.text());
    assert!(other.text().contains("sent a test already"), "{}", other.text());
    let page = owner.post("/admin/carriers/gateway/test", &[("to", "+2348031234567"), ("channel", "sms")]).await;
    let sent = outside.seen("/send").pop().expect("sent");
    let sent: serde_json::Value = serde_json::from_str(&sent.body).expect("JSON");
    assert!(!page.html.contains(sent["code"].as_str().expect("digits")), "a code stands on no page");
    assert_eq!(report(&house, &json!({ "attempt": sent["attempt"], "status": "delivered" })).await, 200);
    let page = owner.get(&page.url).await;
    assert!(
        page.text().contains("It is on the device") && page.text().contains("sms delivered, says gateway"),
        "{}",
        page.text()
    );
    outside.answer_with("/send", &[401]);
    let page = owner.post("/admin/carriers/gateway/test", &[("to", "+2348031234567")]).await;
    assert!(page.text().contains("did not take it"), "{}", page.text());
    let elsewhere = page.url.replace("gateway", "phone-page");
    assert_eq!(owner.get(&elsewhere).await.status.as_u16(), 404);
    assert_eq!(owner.get("/admin/carriers/gateway/tests/test_x'--").await.status.as_u16(), 404);
    let book = list(&house.app, &Filter::default(), None, 20).await.expect("read");
    let acts: Vec<&str> = book.iter().filter(|one| one.noun == "carrier").map(|one| one.act.as_str()).take(5).collect();
    assert_eq!(acts, ["test", "test", "test", "test", "sync"]);
    assert!(!format!("{:?}", book[0]).contains("8031234567"), "masked: {:?}", book[0]);
    // A viewer looks, and does nothing.
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    assert_eq!(viewer.get("/admin/carriers/gateway/look").await.status.as_u16(), 200);
    for act in ["look", "sync", "test", "check"] {
        assert_eq!(viewer.post(&format!("/admin/carriers/gateway/{act}"), &[]).await.status.as_u16(), 403, "{act}");
    }
    house.close().await;
});

both!(the_way_of_a_number_is_shown, async |engine| {
    let house = House::open(engine).await;
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    let page = viewer.get("/admin/connections/phone/preview").await;
    is_small(&page);
    assert!(page.text().contains("First to last") && page.text().contains("phone-page"), "{}", page.text());
    let page = viewer.get("/admin/connections/phone/preview?country=FR&client=kiosk").await;
    assert!(page.text().contains("FR is not among the countries"), "{}", page.text());
    let id = house.app.live().catalog.connection("phone").expect("there").id.to_string();
    let url = format!("connection_id={id}");
    assert!(page.html.contains(&url) && page.html.contains("client_id=kiosk"), "{}", page.html);
    let page = viewer.get("/admin/connections/email/preview").await;
    assert!(page.text().contains("email") && !page.html.contains("name=\"country\""), "{}", page.text());
    assert_eq!(viewer.get("/admin/connections/nowhere/preview").await.status.as_u16(), 404);
    for text in NASTY {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let page = viewer.get(&format!("/admin/connections/phone/preview?country={query}&client={query}")).await;
        // What no text may hold is nowhere.
        let wanted = if text.contains('\0') { 404 } else { 422 };
        assert_eq!((page.status.as_u16(), reflected(&page, text)), (wanted, false), "{}", page.text());
    }
    house.close().await;
});

both!(an_application_gets_its_program_and_a_second_secret, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    for with in ["node", "nextjs", "nextauth", "flask", "axum"] {
        let page = owner.get(&format!("/admin/clients/shop/connect?with={with}")).await;
        is_small(&page);
        assert!(page.text().contains(&house.issuer), "{}", page.text());
        assert!(!page.html.contains("http://localhost:3000"), "{with}: its own site stands there");
    }
    let page = owner.get("/admin/clients/shop/connect?with=node").await;
    assert!(
        page.html.contains("authorizationCodeGrant") && !page.text().contains("One thing first"),
        "{}",
        page.text()
    );
    let page = owner.get("/admin/clients/kiosk/connect").await;
    assert!(page.text().contains("oauth4webapi") && page.text().contains("One thing first"), "{}", page.text());
    assert!(page.text().contains("client_id: &quot;kiosk&quot;") || page.html.contains("kiosk"), "{}", page.text());

    let page = owner.get("/admin/clients/shop/secrets").await;
    assert!(page.text().contains("One secret works"), "{}", page.text());
    let made = owner.save(&page, &[("old_lives", "86400")]).await;
    assert_eq!((made.status.as_u16(), made.html.contains("id=\"secret\"")), (201, true), "{}", made.text());
    assert!(made.text().contains("Two secrets work"), "{}", made.text());
    let third = owner.post("/admin/clients/shop/secrets", &[("old_lives", "86400")]).await;
    assert_eq!((third.status.as_u16(), third.text().contains("End the old one first")), (409, true));
    let odd = owner.post("/admin/clients/shop/secrets", &[("old_lives", "1")]).await;
    assert_eq!(odd.status.as_u16(), 422);
    let ended = owner.post("/admin/clients/shop/secrets/end", &[]).await;
    assert!(ended.text().contains("works no more") && ended.text().contains("One secret works"), "{}", ended.text());
    let page = owner.get("/admin/clients/kiosk/secrets").await;
    assert!(page.text().contains("by something else than a secret"), "{}", page.text());
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    assert_eq!(viewer.get("/admin/clients/shop/secrets").await.status.as_u16(), 403);
    assert!(!viewer.get("/admin/clients/shop").await.html.contains("/admin/clients/shop/secrets"));
    house.pass(11 * 60);
    assert_eq!(owner.get("/admin/clients/shop/secrets").await.status.as_u16(), 401, "sensitive");
    house.close().await;
});

both!(a_thing_may_be_called_as_pages_of_the_portal_are, async |engine| {
    let declared = "[[client]]\nid = \"new\"\nname = \"Called new\"\nkind = \"web\"\nredirect_uris = [\"http://127.0.0.1:4000/callback\"]\nconnections = [\"new\"]\n[[connection]]\nname = \"new\"\nkind = \"email\"\n[[carrier]]\nname = \"check\"\nkind = \"dev_phone\"\n[[carrier]]\nname = \"new\"\nkind = \"dev_phone\"\n";
    let house = House::with(engine, declared, &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    for path in
        ["clients/new", "connections/new", "carriers/new", "carriers/check", "carriers/new/look", "carriers/check/look"]
    {
        let page = owner.get(&format!("/admin/{path}")).await;
        let name = path.split('/').nth(1).expect("a name");
        assert_eq!((page.status.as_u16(), page.html.contains(name)), (200, true), "{path}: {}", page.text());
    }
    let page = owner.get("/admin/clients/new").await;
    assert!(page.html.contains("Called new"), "{}", page.text());
    house.close().await;
});
