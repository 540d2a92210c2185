//! Forms of the portal looked at while they are filled in: what a save would say, by field, and nothing kept of it.

use crate::harness::machine::Answer;
use crate::harness::portal::{Desk, code_of, filled};
use crate::harness::{Engine, House, both};
use countersign::domain::audit::By;
use countersign::domain::declaration::Noun;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::{change, export, operators};
use reqwest::Method;
use serde_json::{Value, json};

/// As a script asks.
async fn asked(house: &House, desk: &Desk, path: &str, fields: &[(&str, &str)]) -> Answer {
    let cookies: Vec<String> = desk.visitor.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", house.issuer.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("cookie", &cookies.join("; ")),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    house.machine().any(Method::POST, path, &headers, body.into_bytes()).await
}

async fn told(house: &House, desk: &Desk, path: &str, fields: &[(&str, &str)]) -> Value {
    let answer = asked(house, desk, path, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

async fn written(house: &House) -> usize {
    list(&house.app, &Filter::default(), None, 1_000).await.expect("read").len()
}

both!(what_a_save_would_say_is_told_by_field, by_field);
async fn by_field(engine: Engine) {
    let house = House::open(engine).await;
    let owner = Desk::of(&house, Role::Owner).await;
    let (before, revision) = (written(&house).await, house.app.live().catalog.revision);
    let new = "/admin/check/clients";
    // All of an empty form, each by its own words.
    let all = told(&house, &owner, new, &[]).await;
    assert!(all["id"].as_str().is_some_and(|what| what.contains("1 to 64")), "{all}");
    assert!(all["name"].as_str().is_some_and(|what| what.contains("1 to 40")), "{all}");
    assert!(all["kind"].as_str().is_some_and(|what| what.contains("spa")), "{all}");
    let good = [
        ("id", "till"),
        ("name", "Till"),
        ("kind", "web"),
        ("redirect_uris", "https://till.example/cb"),
        ("connections", "email"),
    ];
    assert_eq!(told(&house, &owner, new, &good).await, json!({}));
    for (field, value, helps) in [
        ("redirect_uris", "till.example/cb", "begin it with https://"),
        ("redirect_uris", "https://till.example/cb\nhttp://till.example/cb", "use https"),
        ("redirect_uris", "https://till.example/#cb", "leave out the #"),
        ("redirect_uris", "https://*.till.example/", "each URL by itself"),
        ("redirect_uris", "com.example.till:/cb", "native client"),
        ("redirect_uris", "", "at least one"),
        ("post_logout_redirect_uris", "https://a.example/, https://b.example/", "one URL a line"),
        ("initiate_login_uri", "http://till.example/", "https"),
        ("connections", "nowhere", "no connection"),
        ("access_token_seconds", "soon", "a whole number"),
        ("access_token_seconds", "1", "60 to"),
        ("jwks", "{", "JSON"),
        ("color", "<script>", "six hex digits"),
        ("id", "shop", "there is one of this name"),
        ("id", "countersign-portal", "the portal's own"),
    ] {
        let fields: Vec<(&str, &str)> =
            good.into_iter().filter(|(name, _)| *name != field).chain([(field, value)]).collect();
        let wrong = told(&house, &owner, new, &fields).await;
        assert!(wrong[field].as_str().is_some_and(|what| what.contains(helps)), "{field} {value}: {wrong}");
        assert_eq!(wrong.as_object().map(serde_json::Map::len), Some(1), "nothing else: {wrong}");
    }
    // What the kind says of one field is told when the kind changes.
    let native: Vec<(&str, &str)> = good[..2]
        .iter()
        .copied()
        .chain([("kind", "native"), ("redirect_uris", "com.example.till:/cb"), ("connections", "email")])
        .collect();
    assert_eq!(told(&house, &owner, new, &native).await, json!({}));
    // Of one there is, its name stays.
    let of_shop = "/admin/check/clients?name=shop";
    let shop = [("id", "shop"), ("name", "Shop"), ("kind", "web"), ("redirect_uris", "nope"), ("connections", "phone")];
    let wrong = told(&house, &owner, of_shop, &shop).await;
    assert_eq!(
        wrong.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["redirect_uris".into()])
    );
    let wrong = told(&house, &owner, of_shop, &good).await;
    assert!(wrong["id"].as_str().is_some_and(|what| what.contains("stays")), "{wrong}");
    // Rows are one field.
    let rung = [("name", "more"), ("kind", "phone"), ("rung.0.channel", "sms"), ("rung.0.wait_seconds", "soon")];
    let wrong = told(&house, &owner, "/admin/check/connections", &rung).await;
    assert_eq!(wrong, json!({ "rung": "a whole number" }));
    let cap = [("per", "fortnight"), ("most", "much"), ("country", "XX")];
    let wrong = told(&house, &owner, "/admin/check/caps", &cap).await;
    assert_eq!(wrong.as_object().map(serde_json::Map::len), Some(3), "{wrong}");
    assert_eq!(asked(&house, &owner, "/admin/check/nothing", &[]).await.status, 404);
    assert_eq!((written(&house).await, house.app.live().catalog.revision), (before, revision));
    house.close().await;
}

/// Nor does it wait for anybody. SQLite has one connection, and nobody there reads while another writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_filled_in_waits_for_no_change() {
    crate::harness::run(Engine::Postgres, no_lock).await;
}

async fn no_lock(engine: Engine) {
    let house = House::open(engine).await;
    let owner = Desk::of(&house, Role::Owner).await;
    // Somebody else is changing things, and takes their time.
    let mut tx = house.app.db.begin().await.expect("a transaction");
    countersign::store::catalog::hold(&mut tx).await.expect("held");
    for path in ["/admin/check/clients", "/admin/check/clients?name=shop", "/admin/check/organizations?name=default"] {
        let answer = tokio::time::timeout(std::time::Duration::from_secs(2), asked(&house, &owner, path, &[])).await;
        assert_eq!(answer.unwrap_or_else(|_| panic!("{path} waits")).status, 200, "{path}");
    }
    drop(tx);
    house.close().await;
}

both!(a_form_is_checked_without_a_script_and_loses_nothing, drawn);
async fn drawn(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let before = written(&house).await;
    let page = owner.get("/admin/clients/shop").await;
    assert!(page.html.contains("formaction=\"/admin/check/clients?name=shop\""), "{}", page.html);
    let check = |page: &crate::harness::Page, changes: &[(&str, &str)]| filled(page, changes[0].0, changes).1;
    let send = async |owner: &mut Desk, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        owner.post("/admin/check/clients?name=shop", &fields).await
    };
    let typed = "<script>alert(1)</script>";
    let wrong = send(&mut owner, check(&page, &[("redirect_uris", "http://shop.example/"), ("name", typed)])).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.text());
    assert!(wrong.html.contains("id=\"redirect_uris-wrong\"") && !wrong.html.contains("id=\"name-wrong\""));
    assert!(wrong.html.contains("http://shop.example/") && !wrong.html.contains(typed), "{}", wrong.html);
    let right =
        send(&mut owner, check(&wrong, &[("redirect_uris", "https://shop.example/cb"), ("name", "Mine")])).await;
    assert_eq!((right.status.as_u16(), right.text().contains("Nothing is saved yet")), (200, true), "{}", right.text());
    assert!(!right.html.contains("-wrong\"") && right.html.contains("value=\"Mine\""));
    assert_eq!(house.app.live().catalog.client("shop").expect("there").name, "Shop");
    assert_eq!(written(&house).await, before);
    // What somebody else changes meanwhile is news to this form however often it was checked.
    let mut other = Desk::of(&house, Role::Admin).await;
    let theirs = other.get("/admin/clients/shop").await;
    assert_eq!(other.save(&theirs, &[("name", "Theirs")]).await.status.as_u16(), 200);
    let checked = send(&mut owner, check(&right, &[("name", "Mine")])).await;
    assert_eq!(checked.status.as_u16(), 200, "{}", checked.text());
    let unread = owner.save(&checked, &[("access_token_seconds", "soon")]).await;
    assert_eq!(unread.status.as_u16(), 422, "{}", unread.text());
    for page in [&checked, &unread] {
        let saved = owner.save(page, &[("name", "Mine"), ("access_token_seconds", "600")]).await;
        assert_eq!((saved.status.as_u16(), saved.text().contains("now: Theirs")), (409, true), "{}", saved.text());
    }
    house.close().await;
}

both!(nothing_that_is_there_is_wrong, as_it_stands);
async fn as_it_stands(engine: Engine) {
    let house = House::with(engine, include_str!("../fixtures/everything.toml"), &[]).await;
    // Nobody can sign in by what is declared there, so the first link's hour has to do.
    let link = operators::invite(&house.app, &By::command(), Role::Owner).await.expect("a link");
    let mut desk = Desk { visitor: house.visitor(), address: String::new() };
    desk.post("/admin/join", &[("invitation", &code_of(&link))]).await;
    let before = export::export(&house.app).await.expect("exported");
    let mut forms = 0;
    for noun in Noun::ALL {
        for item in change::list(&house.app, noun).await.expect("listed") {
            let name = url::form_urlencoded::byte_serialize(item.name.as_bytes()).collect::<String>();
            let page = desk.get(&format!("/admin/{}/{}", noun.plural(), name.replace('+', "%20"))).await;
            let (_, fields) = filled(&page, "etag", &[]);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let path = format!("/admin/check/{}?name={name}", noun.plural());
            assert!(page.html.contains("data-check"), "{}", page.html);
            let wrong = told(&house, &desk, &path, &fields).await;
            assert_eq!(wrong, json!({}), "{} {}", noun.as_str(), item.name);
            forms += 1;
        }
    }
    assert!(forms > 20, "{forms}");
    assert_eq!(export::export(&house.app).await.expect("exported"), before);
    house.close_anyway().await;
}
