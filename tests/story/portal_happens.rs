//! What happens, in the portal: how things stand, why a code did not arrive, who did what.

use crate::harness::portal::Desk;
use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{Engine, House, Page, SHOP, both};
use countersign::domain::operator::Role;
use countersign::flows::figures;
use serde_json::Value;

/// What every text field is tried with.
pub const ATTACKS: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil\")",
    "\u{1}\u{7}\u{202e}zero\u{0}byte",
    "'; DROP TABLE subjects; --",
];

/// As a part of an address.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A page as every page is: there, small, and with nothing of an attack in it that a browser would run.
pub fn sound(page: &Page, status: u16, what: &str) {
    assert_eq!(page.status.as_u16(), status, "{what}: {}", page.text());
    assert!(page.html.len() < 60_000, "{what}: {} bytes", page.html.len());
    for bad in ["<script>alert", "<img src=x", " style=\""] {
        assert!(!page.html.contains(bad), "{what}: {bad}");
    }
}

/// Tries a GET form's field with everything, and once with far too much.
pub async fn attacked(desk: &mut Desk, path: &str, fields: &[&str]) {
    for field in fields {
        for attack in ATTACKS {
            let page = desk.get(&format!("{path}?{field}={}", encoded(attack))).await;
            assert!(page.status.as_u16() < 500, "{path} {field} {attack}: {}", page.text());
            sound(&page, page.status.as_u16(), &format!("{path} {field} {attack}"));
        }
        let page = desk.get(&format!("{path}?{field}={}", "x".repeat(20_000))).await;
        assert!(page.status.as_u16() < 500, "{path} {field}: {}", page.status);
    }
}

both!(the_overview_says_how_things_stand, stands);
async fn stands(engine: Engine) {
    let caps = "\n[[cap]]\nper = \"hour\"\nmost = \"5\"\n";
    let house = House::with(engine, &(SHOP.to_owned() + caps), &[]).await;
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    let page = viewer.get("/admin").await;
    sound(&page, 200, "before anything is counted");
    assert!(page.text().contains("Nobody has signed in yet"), "{}", page.text());
    assert!(page.text().contains("Nothing needs your attention"), "{}", page.text());
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, "+2348031234567").await;
    house.passcode("+2348031234567").await;
    house.settle().await;
    signed_in(&mut house.visitor(), &[]).await.code();
    house.pass(11);
    figures::count(&house.app, figures::Pace::AtOnce).await.expect("counts");
    for window in ["hour", "day", "month", "year", ""] {
        let page = viewer.get(&format!("/admin?window={window}")).await;
        sound(&page, 200, window);
        let text = page.text();
        for told in ["Saw the page 3", "Typed it right 2", "Nigeria (NG)", "WhatsApp", "shop", "installation-hour"] {
            assert!(text.contains(told), "{window} {told}: {text}");
        }
        assert!(page.html.contains("role=\"img\"") && page.html.contains("<caption>") | page.html.contains("<thead>"));
        assert!(!page.html.contains("8031234567") && !page.html.contains("2025550143"), "{}", page.html);
    }
    let limit = countersign::domain::limit::Limit {
        key: "spend:hour:installation".into(),
        most: 0,
        window: std::time::Duration::from_secs(3600),
    };
    countersign::store::counters::raise_by(&house.app.db, &limit, 5_000_000, house.app.now()).await.expect("spends");
    house.app.health.refused("phone-page", Some("401 <b>wrong</b> token"));
    let page = viewer.get("/admin").await;
    sound(&page, 200, "troubles");
    let text = page.text();
    assert!(text.contains("Needs your attention") && text.contains("Stops sign-ins."), "{text}");
    assert!(page.html.contains("href=\"/admin/carriers/phone-page\""), "{}", page.html);
    assert!(page.html.contains("href=\"/admin/caps/installation-hour\""), "{}", page.html);
    assert!(!page.html.contains("<b>wrong"), "{}", page.html);
    // Support reads no carriers, and gets no link there.
    let mut support = Desk::of(&house, Role::Support).await;
    assert!(!support.get("/admin").await.html.contains("href=\"/admin/carriers"));
    house.app.health.refused("phone-page", None);
    house.close().await;
}

both!(the_book_is_read_and_checked_and_taken_along, book);
async fn book(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/clients/kiosk").await;
    owner.save(&page, &[("name", "<b>Hers</b>")]).await;
    let page = owner.get("/admin/audit").await;
    sound(&page, 200, "the book");
    let text = page.text();
    assert!(text.contains("update client kiosk") && text.contains("owner@desk.example"), "{text}");
    assert!(page.html.contains("<dt>name</dt>") && page.html.contains("<del>"), "{}", page.html);
    assert!(page.html.contains("href=\"/admin/clients/kiosk\""), "{}", page.html);
    assert!(!page.html.contains("<b>Hers"), "{}", page.html);
    let today = countersign::domain::time::Time(house.app.now().0);
    let day = |at: countersign::domain::time::Time| {
        let at = time::OffsetDateTime::from_unix_timestamp(at.secs()).expect("a moment");
        at.date().to_string()
    };
    let tomorrow = day(today.plus(std::time::Duration::from_secs(86_400)));
    for (query, there) in [
        ("noun=client&name=kiosk".to_owned(), true),
        ("noun=carrier".to_owned(), false),
        (format!("noun=client&since={0}&until={0}", day(today)), true),
        (format!("noun=client&since={tomorrow}"), false),
        ("actor=command&noun=client&name=kiosk".to_owned(), false),
    ] {
        let page = owner.get(&format!("/admin/audit?{query}")).await;
        sound(&page, 200, &query);
        assert_eq!(page.text().contains("update client"), there, "{query}: {}", page.text());
    }
    let page = owner.get("/admin/audit?since=soon").await;
    sound(&page, 422, "no day");
    assert!(page.html.contains("aria-invalid") && page.html.contains("value=\"soon\""), "{}", page.html);
    let page = owner.get("/admin/audit?verify=1").await;
    assert!(page.text().contains("entries are as they were written"), "{}", page.text());
    let copy = owner.get("/admin/audit/export").await;
    assert_eq!(copy.status.as_u16(), 200);
    let entries: Vec<Value> =
        copy.html.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert!(entries.len() > 2 && entries.iter().zip(1..).all(|(entry, seq)| entry["seq"] == seq), "{entries:?}");
    attacked(&mut owner, "/admin/audit", &["noun", "name", "actor", "since", "until", "before", "verify"]).await;
    // One word of an entry changed shows.
    countersign::store::sql::sql("UPDATE audit SET name = 'till' WHERE seq = 2")
        .execute(&house.app.db)
        .await
        .expect("changes");
    let page = owner.get("/admin/audit?verify=1").await;
    assert!(page.text().contains("Entry 2 was changed"), "{}", page.text());
    house.close().await;
}

both!(a_long_book_has_pages, long_book);
async fn long_book(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    for _ in 0..60 {
        countersign::flows::manage::operators::invite(
            &house.app,
            &countersign::domain::audit::By::command(),
            Role::Viewer,
        )
        .await
        .expect("a link");
    }
    let page = owner.get("/admin/audit?noun=operator").await;
    sound(&page, 200, "first");
    let more = page
        .html
        .split("href=\"/admin/audit?noun=operator&#38;before=")
        .nth(1)
        .or_else(|| page.html.split("href=\"/admin/audit?noun=operator&amp;before=").nth(1));
    let before = more.expect("an older page").split('"').next().expect("a number").to_owned();
    let page = owner.get(&format!("/admin/audit?noun=operator&before={before}")).await;
    sound(&page, 200, "second");
    assert!(page.text().contains("entry 1"), "{}", page.text());
    assert!(!page.html.contains(">Earlier<"));
    house.close().await;
}
