//! Kinde's other SDKs, unmodified: the TypeScript one in each of its flows, and what its browser SDKs are made of.

use crate::harness::rp::payload;
use crate::harness::{Engine, House, Page, SHOP, SHOP_CALLBACK, SHOP_SECRET, Visitor, ways};
use crate::party::Party;
use countersign::flows::keys;
use countersign::flows::manage::apply::{Applied, apply};
use serde_json::{Value, json};

const PHONE: &str = "+2348031234567";
const KIOSK: &str = "http://127.0.0.1:4100/callback";

struct Scene {
    house: House,
    party: Party,
    visitor: Visitor,
}

impl Scene {
    async fn open(script: &str, given: Value) -> Option<Self> {
        let package = if script.contains("utils") { "@kinde/js-utils" } else { "@kinde-oss/kinde-typescript-sdk" };
        let party = Party::node(package, script)?;
        // An app of Kinde's has its URLs with a slash in one place and without in another.
        let compat = |id: &str| {
            (format!("id = \"{id}\"\n"), format!("id = \"{id}\"\nprofile = \"compat\"\ncreate_organizations = true\n"))
        };
        let declaration = ["shop", "kiosk"]
            .iter()
            .map(|id| compat(id))
            .fold(SHOP.to_owned(), |text, (plain, compat)| text.replace(&plain, &compat));
        let house = House::with(Engine::Sqlite, &declaration, &[]).await;
        let scene = Self { visitor: house.visitor(), house, party };
        let mut given = given;
        given["issuer"] = json!(scene.house.issuer);
        scene.party.ask("open", given);
        Some(scene)
    }

    async fn typescript(flow: &str) -> Option<Self> {
        let (id, secret, callback) = match flow {
            "PKCE" => ("kiosk", Value::Null, KIOSK),
            _ => ("shop", json!(SHOP_SECRET), SHOP_CALLBACK),
        };
        let home = "http://127.0.0.1:4000/";
        let given = json!({ "flow": flow, "client_id": id, "secret": secret, "callback": callback, "home": home });
        Self::open("kinde-typescript.mjs", given).await
    }

    async fn visit(&mut self, url: &str) -> Page {
        self.visitor.get(url.strip_prefix(&self.house.issuer).unwrap_or_else(|| panic!("not ours: {url}"))).await
    }

    /// From the app's button back to the app.
    async fn walk(&mut self, what: &str, with: Value) -> Page {
        let url = self.party.text(what, with);
        let page = self.visit(&url).await;
        let page = crate::harness::rp::identify(&mut self.visitor, page, PHONE).await;
        let passcode = self.house.passcode(PHONE).await;
        self.visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await
    }
}

fn is_of_kinde(known: &Value, house: &House) {
    assert_eq!(known["authenticated"], true, "{known}");
    assert!(known["user"]["id"].as_str().is_some_and(|id| id.starts_with("kp_")), "{known}");
    let organization = known["organization"]["orgCode"].as_str().expect("an organization");
    assert!(organization.starts_with("org_"), "{known}");
    assert_eq!(known["permissions"], json!({ "permissions": [], "orgCode": organization }));
    assert_eq!(known["organizations"]["orgCodes"], json!([organization]));
    assert_eq!(known["issuer"]["value"], json!(house.issuer));
}

async fn typescript(flow: &str) {
    let Some(mut scene) = Scene::typescript(flow).await else { return };
    let back = scene.walk("login", json!({ "extra": { "lang": "en" } })).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let known = scene.party.ask("known", json!({}));
    is_of_kinde(&known, &scene.house);
    assert_eq!((&known["user"]["phone"], &known["user"]["email"]), (&json!(PHONE), &Value::Null), "{known}");
    let profile = scene.party.ask("profile", json!({}));
    assert_eq!((&profile["id"], &profile["phone_number"]), (&known["user"]["id"], &json!(PHONE)), "{profile}");

    let asked = json!({ "domain": scene.house.issuer, "returnUrl": SHOP_CALLBACK });
    let portal = scene.party.text("portal", asked);
    assert!(portal.starts_with(&format!("{}/account?link=", scene.house.issuer)), "{portal}");

    let before = scene.party.ask("tokens", json!({}));
    scene.party.ask("refresh", json!({}));
    let after = scene.party.ask("tokens", json!({}));
    for name in ["access_token", "refresh_token", "id_token"] {
        assert_ne!(after[name], before[name], "{name} is a new one");
    }
    is_of_kinde(&scene.party.ask("known", json!({})), &scene.house);

    let url = scene.party.text("logout", json!({}));
    assert!(url.ends_with("/logout?redirect=http://127.0.0.1:4000/"), "{url}");
    let page = scene.visit(&url).await;
    let out = scene.visitor.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!(out.url, "http://127.0.0.1:4000/");
    let refused = scene.party.refused("known", json!({}));
    assert!(refused["message"].as_str().is_some_and(|message| message.contains("authentication")), "{refused}");
    let token = after["access_token"].as_str().expect("a token");
    assert_eq!(scene.house.machine().userinfo(token).await.status, 401);
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_authorization_code() {
    typescript("AUTHORIZATION_CODE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_pkce() {
    typescript("PKCE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_registers() {
    let Some(mut scene) = Scene::typescript("AUTHORIZATION_CODE").await else { return };
    let back = scene.walk("register", json!({})).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    is_of_kinde(&scene.party.ask("known", json!({})), &scene.house);
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn js_utils_and_the_validator() {
    // The slash at the end is left away in one request and sent in the next (rule 9).
    let given = json!({ "client_id": "kiosk", "callback": format!("{KIOSK}/") });
    let Some(mut scene) = Scene::open("kinde-js-utils.mjs", given).await else { return };
    let back = scene.walk("login", json!({ "extra": { "loginHint": format!("phone:{PHONE}:ng") } })).await;
    let tokens = scene.party.ask("finish", json!({ "url": back.url }));
    assert_eq!(tokens["success"], true, "{tokens}");
    let known = scene.party.ask("known", json!({}));
    assert_eq!((&known["authenticated"], &known["user"]["id"]), (&json!(true), &known["claims"]["sub"]), "{known}");
    assert_eq!(known["claims"]["azp"], "kiosk");
    let access = tokens["accessToken"].as_str().expect("a token");
    assert_eq!(payload(access)["sub"], known["user"]["id"]);
    for name in ["accessToken", "idToken"] {
        assert_eq!(scene.party.ask("validate", json!({ "token": tokens[name] }))["valid"], true, "{name}");
    }
    // Its signature, by one letter.
    let tampered = |token: &str| {
        let (rest, last) = token.split_at(token.len() - 12);
        format!("{rest}{}{}", if last.starts_with('A') { 'B' } else { 'A' }, &last[1..])
    };
    assert_eq!(scene.party.ask("validate", json!({ "token": tampered(access) }))["valid"], false);
    let machine = scene.house.machine();
    let both = [machine.get("/.well-known/jwks.json").await.body, machine.get("/.well-known/jwks").await.body];
    assert_eq!(both[0], both[1]);

    let refreshed = scene.party.ask("refresh", json!({}));
    assert_eq!(refreshed["success"], true, "{refreshed}");
    assert_ne!(refreshed["refreshToken"], tokens["refreshToken"]);

    let asked = json!({ "subNav": "profile", "returnUrl": KIOSK });
    let portal = scene.party.text("portal", asked);
    assert!(portal.starts_with(&format!("{}/account?link=", scene.house.issuer)), "{portal}");

    // Another organization of the same person, without a page.
    let organization = known["organization"]["orgCode"].as_str().or(known["organization"].as_str());
    let url = scene.party.text("switch_org", json!({ "code": organization.expect("an organization") }));
    let back = scene.visit(&url).await;
    let tokens = scene.party.ask("finish", json!({ "url": back.url }));
    assert_eq!(tokens["success"], true, "{tokens}");
    assert_eq!(payload(tokens["accessToken"].as_str().expect("a token"))["org_code"], json!(organization));
    // And nobody, without a page.
    scene.visitor = scene.house.visitor();
    let url = scene.party.text("switch_org", json!({ "code": organization }));
    let back = scene.visit(&url).await;
    assert_eq!((back.error().as_deref(), back.param("state").is_some()), (Some("login_required"), true));
    scene.house.close().await;
}

/// `offline` by its other name, and none of either.
#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_by_scope() {
    let house = House::open(Engine::Sqlite).await;
    let mut visitor = house.visitor();
    for (scope, given) in [("openid offline_access", true), ("openid offline", true), ("openid profile email", false)] {
        let page = visitor.get(&ways::ask(&[("scope", scope)])).await;
        let back = if page.asks_who() { ways::prove(&mut visitor, page).await } else { page };
        let tokens = house.machine().redeem(&back.code(), &[]).await.json();
        assert_eq!(tokens["refresh_token"].is_string(), given, "{scope}: {tokens}");
    }
    house.close().await;
}

/// Somebody with a role in an organization: what Kinde's SDKs read of that is what was declared.
const ACME: &str = r#"
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

[[organization]]
code = "org_acme"
name = "Acme"
flags = { seats = 20 }

[[person]]
identifiers = ["+2348031234567"]
profile = { given_name = "Ada", family_name = "Obi" }

[[person.organization]]
code = "org_acme"
roles = ["clerk"]
"#;

async fn declare(house: &House, declaration: &str) {
    let applied = apply(&house.app, declaration, &|name| Err(format!("no file {name}")), false).await;
    assert!(matches!(applied.expect("applies"), Applied::Done(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_reads_what_somebody_may_do() {
    let Some(mut scene) = Scene::typescript("AUTHORIZATION_CODE").await else { return };
    declare(&scene.house, ACME).await;
    let back = scene.walk("login", json!({ "extra": { "org_code": "org_acme" } })).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let known = scene.party.ask("known", json!({}));
    assert_eq!(known["permissions"], json!({ "permissions": ["create:orders"], "orgCode": "org_acme" }), "{known}");
    assert_eq!(
        (&known["user"]["given_name"], &known["user"]["family_name"]),
        (&json!("Ada"), &json!("Obi")),
        "{known}"
    );
    let organizations = known["organizations"]["orgCodes"].as_array().expect("a list");
    assert!(organizations.contains(&json!("org_acme")), "{known}");
    let flag = scene.party.ask("flag", json!({ "code": "seats", "standard": 1, "type": "i" }));
    assert_eq!((&flag["value"], &flag["is_default"]), (&json!(20), &json!(false)), "{flag}");
    let flag = scene.party.ask("flag", json!({ "code": "unheard_of", "standard": 7, "type": "i" }));
    assert_eq!(flag["value"], 7, "{flag}");
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn js_utils_changes_the_organization() {
    let given = json!({ "client_id": "kiosk", "callback": KIOSK });
    let Some(mut scene) = Scene::open("kinde-js-utils.mjs", given).await else { return };
    declare(&scene.house, ACME).await;
    let back = scene.walk("login", json!({})).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let known = scene.party.ask("known", json!({}));
    assert_ne!(known["organization"]["orgCode"].as_str().or(known["organization"].as_str()), Some("org_acme"));
    assert_eq!(known["permissions"]["permissions"], json!([]), "{known}");
    let url = scene.party.text("switch_org", json!({ "code": "org_acme" }));
    let back = scene.visit(&url).await;
    assert_eq!(scene.party.ask("finish", json!({ "url": back.url }))["success"], true);
    let known = scene.party.ask("known", json!({}));
    assert_eq!(
        (&known["claims"]["org_code"], &known["permissions"]["permissions"]),
        (&json!("org_acme"), &json!(["create:orders"]))
    );
    let flag = scene.party.ask("flag", json!({ "code": "seats" }));
    assert_eq!(flag, 20);
    scene.house.close().await;
}

/// A key that was not there when the validator first looked.
#[tokio::test(flavor = "multi_thread")]
async fn the_validator_finds_new_keys() {
    let given = json!({ "client_id": "kiosk", "callback": KIOSK });
    let Some(mut scene) = Scene::open("kinde-js-utils.mjs", given).await else { return };
    let back = scene.walk("login", json!({})).await;
    let before = scene.party.ask("finish", json!({ "url": back.url }));
    assert_eq!(scene.party.ask("validate", json!({ "token": before["accessToken"] }))["valid"], true);
    keys::rotate(&scene.house.app, &countersign::domain::audit::By::command()).await.expect("rotates");
    scene.house.pass(3_601);
    let after = scene.party.ask("refresh", json!({}));
    let header = |token: &Value| token.as_str().expect("a token").split('.').next().expect("a header").to_owned();
    assert_ne!(header(&after["accessToken"]), header(&before["accessToken"]), "another key signs");
    for token in [&after["accessToken"], &before["accessToken"]] {
        assert_eq!(scene.party.ask("validate", json!({ "token": token }))["valid"], true);
    }
    scene.house.close().await;
}

/// What the token does not say, the account API does: roles always, the rest where it is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn js_utils_asks_the_account_api() {
    let given = json!({ "client_id": "kiosk", "callback": KIOSK });
    let Some(mut scene) = Scene::open("kinde-js-utils.mjs", given).await else { return };
    declare(&scene.house, ACME).await;
    let back = scene.walk("login", json!({ "extra": { "orgCode": "org_acme" } })).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let known = scene.party.ask("known", json!({ "forceApi": true }));
    assert_eq!(known["permissions"]["permissions"], json!(["create:orders"]), "{known}");
    for force in [false, true] {
        let roles = scene.party.ask("roles", json!({ "forceApi": force }));
        assert_eq!((&roles[0]["key"], &roles[0]["name"]), (&json!("clerk"), &json!("Clerk")), "{roles}");
        let has = |key: &str| {
            let asked =
                json!({ "permissions": [key], "roles": ["clerk"], "featureFlags": ["seats"], "forceApi": force });
            scene.party.ask("has", asked)
        };
        assert_eq!((has("create:orders"), has("delete:orders")), (json!(true), json!(false)));
    }
    let granted = scene.party.ask("permission", json!({ "key": "create:orders", "forceApi": true }));
    assert_eq!((&granted["isGranted"], &granted["orgCode"]), (&json!(true), &json!("org_acme")), "{granted}");
    let other = scene.party.ask("permission", json!({ "key": "delete:orders", "forceApi": true }));
    assert_eq!(other["isGranted"], false, "{other}");
    let entitlements = scene.party.ask("entitlements", json!({}));
    assert_eq!(entitlements["entitlements"], json!([]), "nothing is sold here: {entitlements}");
    scene.house.close().await;
}

/// An organization made on the way in is the one the tokens are for.
#[tokio::test(flavor = "multi_thread")]
async fn typescript_makes_an_organization() {
    let Some(mut scene) = Scene::typescript("AUTHORIZATION_CODE").await else { return };
    let back = scene.walk("create_org", json!({ "name": "Ada & Co" })).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let known = scene.party.ask("known", json!({}));
    let code = known["organization"]["orgCode"].clone();
    assert!(code.as_str().is_some_and(|code| code.starts_with("org_")), "{known}");
    let all = known["organizations"]["orgCodes"].as_array().expect("a list");
    assert!(all.len() == 2 && all.contains(&code), "its own beside everybody's: {known}");
    scene.house.close().await;
}

/// What breaks on our side costs nobody their session: only a real no does (rule 12).
#[tokio::test(flavor = "multi_thread")]
async fn typescript_keeps_the_session_while_we_are_broken() {
    let Some(mut scene) = Scene::typescript("AUTHORIZATION_CODE").await else { return };
    let back = scene.walk("login", json!({})).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let kept = scene.party.ask("tokens", json!({}));
    let pool = scene.house.app.db.clone();
    pool.close().await;
    scene.party.refused("refresh", json!({}));
    assert_eq!(scene.party.ask("tokens", json!({})), kept);
    scene.house.close_anyway().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_forgets_the_session_at_a_real_no() {
    let Some(mut scene) = Scene::typescript("AUTHORIZATION_CODE").await else { return };
    let back = scene.walk("login", json!({})).await;
    scene.party.ask("finish", json!({ "url": back.url }));
    let kept = scene.party.ask("tokens", json!({}));
    let token = kept["refresh_token"].as_str().expect("a token");
    let form = [("token", token), ("client_id", "shop"), ("client_secret", SHOP_SECRET)];
    assert_eq!(scene.house.machine().post("/oauth2/revoke", &form).await.status, 200);
    scene.party.refused("refresh", json!({}));
    assert_eq!(scene.party.ask("tokens", json!({})), json!({}));
    scene.house.close().await;
}
