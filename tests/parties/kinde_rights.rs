//! What `@kinde-oss/kinde-auth-nextjs` knows beyond who is signed in: organizations, roles, permissions, flags; the portal; the app
//! in its own name.

use crate::chromium::{Browser, Look};
use crate::harness::rp::payload;
use crate::kinde_next::{Scene, known};
use crate::person::Person;
use serde_json::{Value, json};

const ADA: &str = "+2348031234567";
const EVE: &str = "+2348031234568";

/// Ada is a clerk of Acme. Everybody's first organization has a code of its own making.
pub const ACME: &str = r#"
[[permission]]
key = "create:orders"
name = "Create orders"

[[role]]
key = "clerk"
name = "Clerk"
permissions = ["create:orders"]

[[feature_flag]]
key = "seats"
name = "Seats"
type = "integer"
value = 3

[[feature_flag]]
key = "theme"
name = "Theme"
type = "string"
value = "dark"

[[feature_flag]]
key = "beta"
name = "Beta"
type = "boolean"
value = false

[[organization]]
code = "org_acme"
name = "Acme"
flags = { seats = 20, beta = true }

[[person]]
identifiers = ["+2348031234567"]
profile = { given_name = "Ada", family_name = "Obi" }

[[person.organization]]
code = "org_acme"
roles = ["clerk"]
"#;

async fn as_clerk() -> Option<(Scene, Person)> {
    let scene = Scene::declared("roles_in_tokens = true", ACME).await?;
    let mut person = Person::new(&scene.house);
    let page = person.go(&scene.at("/api/auth/login?org_code=org_acme")).await;
    let page = person.prove(&scene.house, page, ADA).await;
    assert_eq!((page.status.as_u16(), page.url), (200, scene.at("/dash")));
    Some((scene, person))
}

/// `protectPage`, `protectApi`, and every question the session answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_sees_what_clerks_may() {
    let Some((scene, mut person)) = as_clerk().await else { return };
    let page = person.go(&scene.at("/rights")).await;
    assert_eq!(page.url, scene.at("/rights"));
    let known = known(&page.html);
    assert_eq!((&known["roles"][0]["key"], &known["roles"][0]["name"]), (&json!("clerk"), &json!("Clerk")), "{known}");
    assert_eq!(known["permission"], json!({ "isGranted": true, "orgCode": "org_acme" }));
    assert_eq!(known["permissions"], json!({ "permissions": ["create:orders"], "orgCode": "org_acme" }));
    assert_eq!((&known["seats"], &known["theme"], &known["beta"]), (&json!(20), &json!("dark"), &json!(true)));
    assert_eq!(
        (&known["entitlements"]["orgCode"], &known["entitlements"]["entitlements"]),
        (&json!("org_acme"), &json!([]))
    );
    let organization = &known["organization"];
    assert_eq!((&organization["orgCode"], &organization["orgName"]), (&json!("org_acme"), &json!("Acme")), "{known}");
    let all = known["organizations"]["orgs"].as_array().expect("a list");
    assert!(all.iter().any(|one| one["code"] == "org_acme" && one["name"] == "Acme"), "{known}");
    assert_eq!((&known["user"]["given_name"], &known["user"]["family_name"]), (&json!("Ada"), &json!("Obi")));
    let orders = person.once(&scene.at("/api/orders")).await;
    assert_eq!((orders.status.as_u16(), orders.html.as_str()), (200, r#"{"orders":[]}"#));
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_does() {
    let Some(scene) = Scene::declared("roles_in_tokens = true", ACME).await else { return };
    let mut person = Person::new(&scene.house);
    assert_eq!(person.once(&scene.at("/api/orders")).await.status, 401, "nobody is signed in");
    let page = person.once(&scene.at("/rights")).await;
    assert!(page.html.contains("/api/auth/login") || page.location().contains("/api/auth/login"), "{}", page.html);
    let page = person.go(&scene.at("/api/auth/login")).await;
    person.prove(&scene.house, page, EVE).await;
    assert_eq!(person.once(&scene.at("/api/orders")).await.status, 403, "signed in, and no clerk");
    // Of an organization somebody is no member of, no token speaks; and nobody goes round in circles.
    let page = person.go(&scene.at("/api/auth/login?org_code=org_acme")).await;
    assert!(page.asks_who() && page.url.starts_with(&scene.house.issuer), "{} {}", page.url, page.text());
    scene.house.pass(120);
    let page = person.prove(&scene.house, page, EVE).await;
    assert!(page.url.starts_with(&scene.at("/dash")), "refused, and the SDK began anew without it: {}", page.url);
    assert_ne!(known(&page.html)["organization"]["orgCode"], "org_acme");
    scene.house.close().await;
}

/// The SDK's half in the browser asks its own server, `/api/auth/setup`.
#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_half_knows_as_much() {
    let Some((scene, person)) = as_clerk().await else { return };
    let Some(browser) = Browser::open(Look::default()).await else { return };
    browser.goto(&scene.app.url).await;
    for (name, value) in person.0.cookies.iter().filter(|(name, _)| name.contains("token")) {
        browser.run(&format!("document.cookie = '{name}={value}; path=/'")).await;
    }
    browser.goto(&scene.at("/client")).await;
    let mut known = Value::Null;
    for _ in 0..200 {
        known = serde_json::from_str(&browser.text("#known").await).expect("JSON");
        if !known.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!((&known["isAuthenticated"], &known["user"]["phone_number"]), (&json!(true), &json!(ADA)), "{known}");
    assert_eq!(
        (&known["organization"]["orgCode"], &known["organization"]["orgName"]),
        (&json!("org_acme"), &json!("Acme"))
    );
    browser.close().await;
    scene.house.close().await;
}

/// `PortalLink`: our page for the person, and back to the app.
#[tokio::test(flavor = "multi_thread")]
async fn the_portal_opens_and_leads_back() {
    let Some((scene, mut person)) = as_clerk().await else { return };
    let dash = person.go(&scene.at("/dash")).await;
    let page = person.go(&scene.at(&dash.link("portal"))).await;
    assert!(page.url.starts_with(&scene.house.issuer) && page.url.contains("link="), "{}", page.url);
    let link = page.url.split("link=").nth(1).expect("a link").to_owned();
    let shown = person.submit(&page, &[("link", &link)]).await;
    assert_eq!((shown.status.as_u16(), shown.url.clone()), (200, format!("{}/account", scene.house.issuer)));
    assert!(shown.html.contains("Ada Obi") && shown.html.contains("Acme"), "{}", shown.html);
    let back = shown.link("back");
    assert_eq!(back.trim_end_matches('/'), scene.app.url);
    // Nobody signed in: the SDK asks who it is first.
    let mut stranger = Person::new(&scene.house);
    assert!(stranger.go(&scene.at("/api/auth/portal")).await.asks_who());
    scene.house.close().await;
}

/// `CreateOrgLink`: an organization of their own, by the name that was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_made_on_the_way_in() {
    let Some(scene) = Scene::declared("create_organizations = true\nroles_in_tokens = true", "").await else { return };
    let mut person = Person::new(&scene.house);
    let home = person.go(&scene.app.url).await;
    let page = person.go(&scene.at(&home.link("organization").replace("Ada & Co", "Ada%20Co"))).await;
    let page = person.prove(&scene.house, page, ADA).await;
    let known = known(&page.html);
    let organization = &known["organization"];
    assert!(organization["orgCode"].as_str().is_some_and(|code| code.starts_with("org_")), "{known}");
    assert!(organization["orgName"].as_str().is_some_and(|name| name.starts_with("Ada")), "{known}");
    assert_eq!(known["organizations"]["orgCodes"].as_array().map(Vec::len), Some(2), "beside everybody's: {known}");
    scene.house.close().await;
}

/// The app in its own name, with the audience the SDK asks for.
#[tokio::test(flavor = "multi_thread")]
async fn the_app_in_its_own_name() {
    let grants = r#"grant_types = ["authorization_code", "refresh_token", "client_credentials"]"#;
    let Some(scene) = Scene::declared(grants, "").await else { return };
    let mut person = Person::new(&scene.house);
    let said: Value = serde_json::from_str(&person.once(&scene.at("/api/machine")).await.html).expect("JSON");
    let claims = payload(said["token"].as_str().unwrap_or_else(|| panic!("no token: {said}")));
    assert_eq!(claims["aud"], json!([format!("{}/api", scene.house.issuer)]));
    assert_eq!((&claims["azp"], &claims["gty"]), (&json!("shop"), &json!(["client_credentials"])));
    assert_eq!(claims["iss"], json!(scene.house.issuer));
    scene.house.close().await;
}
