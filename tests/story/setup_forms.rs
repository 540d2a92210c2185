//! Forms of the portal whose choices are drawn from what there is: rows added and moved before anything is saved, countries by their
//! names, carriers that carry, and what an unsaved ladder would do.

use crate::harness::portal::{Desk, filled};
use crate::harness::{House, Page, SHOP, both};
use countersign::domain::delivery::Channel;
use countersign::domain::operator::Role;

/// Two carriers of one channel each, beside the phone page that has all.
const CARRIERS: &str = r#"
[[carrier]]
name = "texts"
kind = "webhook"
url = "https://texts.example/send"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
channels = ["sms"]
[[carrier]]
name = "calls"
kind = "webhook"
url = "https://calls.example/send"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
channels = ["voice"]
"#;

impl Desk {
    /// Presses a button of the form that changes its rows.
    async fn press(&mut self, page: &Page, row: &str, changes: &[(&str, &str)]) -> Page {
        assert!(page.html.contains(&format!("name=\"row\" value=\"{row}\"")), "no {row}: {}", page.html);
        let changes = [changes, &[("row", row)]].concat();
        let (action, fields) = filled(page, "etag", &changes);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = self.visitor.post(&action, &fields).await;
        assert!(page.html.len() < 60_000, "{}: {} bytes", page.url, page.html.len());
        page
    }
}

/// The options of a select.
fn options(page: &Page, name: &str) -> Vec<String> {
    let select = page.html.split(&format!("name=\"{name}\"")).nth(1).expect("the select");
    let select = select.split("</select>").next().unwrap_or_default();
    select.split("<option value=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
}

both!(connections_of_an_application_are_put_in_order, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let offered = || house.app.live().catalog.client("shop").expect("there").connections.clone();
    let page = owner.get("/admin/clients/shop").await;
    let moved = owner.press(&page, "down connections 0", &[("name", "Shop of mine")]).await;
    assert_eq!(moved.status.as_u16(), 200, "{}", moved.text());
    assert!(moved.html.contains("value=\"Shop of mine\"") && moved.html.contains("autofocus"), "{}", moved.html);
    assert_eq!(offered(), ["phone", "email"], "nothing is saved");
    // One that was not offered, and goes first.
    let at =
        moved.html.split("connections.order\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    assert_eq!(at.collect::<Vec<_>>(), ["email", "phone", "sms-only"]);
    let third = owner.press(&moved, "up connections 2", &[]).await;
    let (action, mut fields) = filled(&third, "etag", &[]);
    fields.push(("connections".into(), "sms-only".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = owner.visitor.post(&action, &fields).await;
    assert_eq!(saved.url, "/admin/clients/shop?done=saved", "{}", saved.text());
    assert_eq!(offered(), ["email", "sms-only", "phone"]);
    // From the other side.
    let page = owner.get("/admin/connections/sms-only").await;
    assert!(page.text().contains("Applications that offer it"), "{}", page.text());
    assert!(page.html.contains("href=\"/admin/clients/shop\"") && !page.html.contains("/admin/clients/kiosk"));
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    let page = viewer.post("/admin/clients/shop", &[("row", "up connections 1")]).await;
    assert_eq!(page.status.as_u16(), 403);
    house.close().await;
});

both!(a_ladder_is_built_row_by_row, async |engine| {
    let house = House::with(engine, &format!("{SHOP}{CARRIERS}"), &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/new/connections").await;
    let page = owner.press(&page, "add rung", &[("name", "built"), ("countries", "nigeria, Kenya, uk")]).await;
    let page = owner.press(&page, "add rung", &[("rung.0.channel", "voice"), ("rung.0.wait_seconds", "40")]).await;
    let page = owner.press(&page, "up rung 1", &[("rung.1.channel", "sms")]).await;
    assert!(page.html.contains("1. SMS") && page.html.contains("2. Call"), "{}", page.text());
    let page = owner.press(&page, "add rung.0.carriers", &[]).await;
    // Only those that carry it.
    assert_eq!(options(&page, "rung.0.carriers.0.carrier"), ["", "phone-page", "texts"]);
    let page = owner.press(&page, "add rung.0.carriers", &[("rung.0.carriers.0.carrier", "phone-page")]).await;
    let page = owner.press(&page, "up rung.0.carriers 1", &[("rung.0.carriers.1.carrier", "texts")]).await;
    let page = owner.press(&page, "add rung.0.route", &[("rung.0.carriers.0.sender", "Shop")]).await;
    let page = owner.press(&page, "add rung.0.route.0.carriers", &[("rung.0.route.0.countries", "Ghana; ke")]).await;
    let page = owner.press(&page, "add override", &[("rung.0.route.0.carriers.0.carrier", "phone-page")]).await;
    let page =
        owner.press(&page, "add rung", &[("override.0.countries", "Kenya"), ("override.0.ladder", "voice")]).await;
    let changes = [("rung.2.channel", "whatsapp"), ("rung.2.aside", "true"), ("rung.2.closed_in", "Kenya")];
    assert!(house.app.live().catalog.connection("built").is_none(), "nothing is saved");
    // What is no country is named where it stands, and everything else stays.
    let wrong = [&changes[..], &[("rung.1.closed_in", "Nigeria, Nowhere")]].concat();
    let told = owner.save(&page, &wrong).await;
    assert_eq!(
        (told.status.as_u16(), told.html.contains("id=\"rung-1-closed_in-wrong\"")),
        (422, true),
        "{}",
        told.text()
    );
    assert!(told.text().contains("\"Nowhere\" is no country"), "{}", told.text());
    let saved = owner.save(&told, &[("rung.1.closed_in", "Nigeria")]).await;
    assert_eq!(saved.url, "/admin/connections/built?done=saved", "{}", saved.text());

    let live = house.app.live();
    let built = live.catalog.connection("built").expect("saved");
    assert_eq!(built.ladder, [Channel::Sms, Channel::Voice]);
    assert_eq!(built.countries, ["NG", "KE", "GB"]);
    let sms = built.rung(Channel::Sms).expect("said");
    assert_eq!(sms.carriers.iter().map(|one| one.carrier.as_str()).collect::<Vec<_>>(), ["texts", "phone-page"]);
    assert_eq!(sms.carriers[0].sender.as_deref(), Some("Shop"));
    assert_eq!(sms.routes[0].countries, ["GH", "KE"]);
    assert_eq!(sms.routes[0].carriers[0].carrier, "phone-page");
    let voice = built.rung(Channel::Voice).expect("said");
    assert_eq!((voice.wait, voice.closed_in.as_slice()), (40, &["NG".to_owned()][..]));
    assert_eq!(built.rung(Channel::Whatsapp).expect("kept for other ladders").closed_in, ["KE"]);
    assert_eq!(
        (built.overrides[0].countries.as_slice(), &built.overrides[0].ladder),
        (&["KE".to_owned()][..], &vec![Channel::Voice])
    );

    // As it stands it is drawn again; a channel that is taken away is gone.
    let page = owner.get("/admin/connections/built").await;
    assert!(page.html.contains("value=\"Nigeria, Kenya, United Kingdom\""), "{}", page.html);
    let before = live.catalog.connection("built").cloned();
    let same = owner.save(&page, &[]).await;
    assert_eq!(same.status.as_u16(), 200, "{}", same.text());
    assert_eq!(house.app.live().catalog.connection("built").cloned(), before);
    let page = owner.press(&page, "remove rung 1", &[]).await;
    let saved = owner.save(&page, &[]).await;
    assert_eq!(saved.url, "/admin/connections/built?done=saved", "{}", saved.text());
    assert_eq!(house.app.live().catalog.connection("built").expect("there").ladder, [Channel::Sms]);
    house.close().await;
});

both!(an_unsaved_ladder_is_tried, async |engine| {
    let house = House::with(engine, &format!("{SHOP}{CARRIERS}"), &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/connections/phone").await;
    let page = owner.press(&page, "add rung", &[]).await;
    let page = owner.press(&page, "add rung.2.carriers", &[("rung.2.channel", "voice")]).await;
    let tried = [("rung.2.carriers.0.carrier", "calls"), ("rung.1.closed_in", "Kenya"), ("try_country", "kenya")];
    let seen = owner.press(&page, "try", &tried).await;
    assert_eq!(seen.status.as_u16(), 200, "{}", seen.text());
    assert!(
        seen.text().contains("It is closed in KE") && seen.html.contains("/admin/carriers/calls"),
        "{}",
        seen.text()
    );
    let saved = house.app.live();
    assert_eq!(
        saved.catalog.connection("phone").expect("there").ladder,
        [Channel::Whatsapp, Channel::Sms],
        "nothing is saved"
    );
    // It is told anew when rows move, and what is wrong with it is told when it is asked.
    let seen = owner.press(&seen, "up rung 1", &[]).await;
    assert!(seen.text().contains("It is closed in KE"), "{}", seen.text());
    for (field, value, says) in [
        ("try_country", "Nowhere", "is no country"),
        ("try_country", "", "Choose a country"),
        ("rung.0.wait_seconds", "1", "5 to 600"),
        ("rung.2.carriers.0.carrier", "texts", "does not carry voice"),
    ] {
        let told = owner.press(&seen, "try", &[(field, value)]).await;
        assert_eq!((told.status.as_u16(), told.text().contains(says)), (422, true), "{field}: {}", told.text());
    }
    // An address has no country.
    let page = owner.get("/admin/connections/email").await;
    assert!(!page.html.contains("name=\"try_country\""), "{}", page.html);
    let seen = owner.press(&page, "try", &[("enabled", "")]).await;
    assert!(seen.text().contains("This connection is switched off"), "{}", seen.text());
    house.close().await;
});

both!(what_is_known_is_chosen, async |engine| {
    let declared = format!(
        "{SHOP}\n[[permission]]\nkey = \"read:orders\"\nname = \"Read orders\"\n[[resource]]\nuri = \"https://api.example\"\nname = \"Orders\"\nscopes = [\"orders\"]\n"
    );
    let house = House::with(engine, &declared, &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    for (path, field, values) in [
        ("new/roles", "permissions", &["read:orders"][..]),
        ("new/event_endpoints", "events", &["*", "subject.*", "session.ended"]),
        ("new/clients", "grant_types", &["client_credentials"]),
        ("new/clients", "scopes", &["openid", "orders"]),
        ("new/clients", "resources", &["https://api.example"]),
        ("new/registrations", "connections", &["phone", "email"]),
        ("new/resources", "servers", &["shop"]),
        ("new/carriers?kind=webhook", "channels", &["sms", "voice"]),
    ] {
        let page = owner.get(&format!("/admin/{path}")).await;
        for value in values {
            let there = page.html.contains(&format!("name=\"{field}\" value=\"{value}\""));
            assert!(there, "{path} {field} {value}: {}", page.html);
        }
    }
    // What nobody declared may be named where anything may.
    let page = owner.get("/admin/clients/shop").await;
    let (action, mut fields) = filled(&page, "etag", &[]);
    fields.extend(["openid", "orders", "of-elsewhere\r\nand-this"].map(|one| ("scopes".to_owned(), one.to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = owner.visitor.post(&action, &fields).await;
    assert_eq!(saved.status.as_u16(), 200, "{}", saved.text());
    let scopes = house.app.live().catalog.client("shop").expect("there").scopes.clone();
    assert_eq!(scopes, ["openid", "orders", "of-elsewhere", "and-this"]);
    let page = owner.get("/admin/clients/shop").await;
    assert!(page.html.contains("of-elsewhere\nand-this</textarea>"), "{}", page.html);
    // A cap's country is chosen by name.
    let page = owner.get("/admin/new/caps").await;
    assert!(page.html.contains("<option value=\"NG\">Nigeria</option>"), "{}", page.html);
    house.close().await;
});
