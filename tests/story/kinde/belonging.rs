//! Which organization a sign-in is for, invitations into one, one made at sign-up, and sign-ins left too long.

use super::account::{ask, token};
use super::claims::{PEOPLE, peopled};
use super::rules::{NEXT, code};
use crate::harness::rp::payload;
use crate::harness::{House, SHOP, both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::domain::audit::By;
use countersign::flows::manage::invitations::{Asked, invite};
use serde_json::{Value, json};

const ADA: &str = "+2348031234567";
const STRANGER: &str = "+2348031234568";

both!(tokens_speak_of_the_organization_asked_for, async |engine| {
    let house = peopled(engine, "roles_in_tokens = true").await;
    let mut visitor = house.visitor();
    let code = code(&house, &mut visitor, &format!("{NEXT}&org_code=org_acme"), ADA).await;
    let told = house.machine().redeem(&code, &[]).await;
    let access = payload(&told.text("access_token"));
    assert_eq!((&access["org_code"], &access["org_name"]), (&json!("org_acme"), &json!("Acme")));
    assert_eq!(access["external_org_id"], "crm-7");
    assert_eq!(access["permissions"], json!(["create:orders"]), "by the role, and none of the default organization's");
    assert_eq!((&access["roles"][0]["key"], &access["roles"][0]["name"]), (&json!("clerk"), &json!("Clerk")));
    assert_eq!(access["feature_flags"]["seats"], json!({ "t": "i", "v": 20 }), "its own, over the installation's");
    assert_eq!(access["feature_flags"]["dark"], json!({ "t": "b", "v": false }));
    // A refresh speaks of the same one; the account API too.
    let again = house.machine().refresh(&told.text("refresh_token"), &[]).await;
    assert_eq!(payload(&again.text("access_token"))["org_code"], "org_acme");
    let roles = ask(&house, "/account_api/v1/roles", &again.text("access_token")).await.json();
    assert_eq!((&roles["data"]["org_code"], &roles["data"]["roles"][0]["key"]), (&json!("org_acme"), &json!("clerk")));
    // js-utils' switchOrg: without a page, from the session.
    let own = house.app.live().catalog.organization.clone();
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&prompt=none&org_code={own}")).await;
    let told = house.machine().redeem(&page.code(), &[]).await;
    assert_eq!(payload(&told.text("access_token"))["org_code"], own.as_str());
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&prompt=none&org_code=org_acme")).await;
    assert_eq!(payload(&house.machine().redeem(&page.code(), &[]).await.text("access_token"))["org_code"], "org_acme");
    // One the person does not belong to is none of theirs, and one nobody knows is a page of ours.
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&prompt=none&org_code=org_other")).await;
    assert_eq!(page.param("error").as_deref(), Some("login_required"));
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&org_code=org_other")).await;
    assert!(page.html.contains("p_phone"), "somebody else may be a member");
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&org_code=org_nobody")).await;
    assert_eq!((page.status.as_u16(), page.url.starts_with("/oauth2/auth")), (400, true));
    house.close().await;
});

both!(who_is_no_member_gets_no_code, async |engine| {
    let house = peopled(engine, "").await;
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{NEXT}&org_code=org_acme")).await;
    let page = visitor.submit(&page, &[("p_phone", STRANGER)]).await;
    let passcode = house.passcode(STRANGER).await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert_eq!((back.param("error").as_deref(), back.param("code")), (Some("access_denied"), None));
    house.close().await;
});

both!(who_was_taken_out_refreshes_no_more, async |engine| {
    let house = peopled(engine, "").await;
    let code = code(&house, &mut house.visitor(), &format!("{NEXT}&org_code=org_acme"), ADA).await;
    let told = house.machine().redeem(&code, &[]).await;
    let subject = payload(&told.text("id_token"))["sub"].as_str().expect("one").to_owned();
    let subject = countersign::domain::ids::SubjectId::new(subject);
    assert!(countersign::flows::manage::members::remove(&house.app, &subject, "org_acme").await.expect("removes"));
    let refused = house.machine().refresh(&told.text("refresh_token"), &[]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".into()));
    assert_eq!(ask(&house, "/account_api/v1/permissions", &told.text("access_token")).await.status, 401);
    house.close().await;
});

both!(an_organization_is_made_at_sign_up_where_that_is_allowed, async |engine| {
    let owner = "\n[[role]]\nkey = \"owner\"\nname = \"Owner\"\npermissions = [\"create:orders\"]\n";
    let shop =
        SHOP.replacen("name = \"Shop\"\n", "name = \"Shop\"\ncreate_organizations = true\nroles_in_tokens = true\n", 1);
    let house = House::with(engine, &format!("{shop}{PEOPLE}{owner}"), &[]).await;
    let query = format!(
        "{NEXT}&start_page=registration&is_create_org=true&org_name=Ada%20%26%20Sons&first_name=Bola&last_name=Ade"
    );
    let page = house.visitor().get(&format!("/oauth2/auth?{query}")).await;
    assert!(page.html.contains("Create your account"));
    let code = code(&house, &mut house.visitor(), &query, STRANGER).await;
    let told = house.machine().redeem(&code, &[]).await;
    let access = payload(&told.text("access_token"));
    assert_eq!((&access["org_name"], &access["roles"][0]["key"]), (&json!("Ada & Sons"), &json!("owner")));
    assert_eq!(access["permissions"], json!(["create:orders"]));
    let id = payload(&told.text("id_token"));
    assert_eq!(id["org_codes"][1], access["org_code"]);
    assert_eq!((&id["given_name"], &id["name"]), (&json!("Bola"), &json!("Bola Ade")), "prefilled by the app");
    house.close().await;
    // Elsewhere the person signs up, and nothing is made.
    let house = peopled(engine, "roles_in_tokens = true").await;
    let access = token(&house, "&is_create_org=true&org_name=X&prompt=create", STRANGER).await;
    assert_eq!(payload(&access)["org_name"], "Default");
    house.close().await;
});

/// The client `members`, where nobody signs up by themselves.
fn members(house_like: &str) -> String {
    house_like.replacen("name = \"Members\"\n", "name = \"Members\"\nclient_uri = \"http://127.0.0.1:4200/\"\n", 1)
}

const MEMBERS: &str = "state=s&client_id=members&redirect_uri=http%3A%2F%2F127.0.0.1%3A4200%2Fcallback&response_type=code&scope=openid%20profile%20email";

both!(an_invitation_signs_one_address_up_once, async |engine| {
    let house = House::with(engine, &format!("{}{PEOPLE}", members(SHOP)), &[]).await;
    let roles = ["clerk".to_owned()];
    let asked = Asked {
        email: "Bola@Example.com",
        client: "members",
        organization: Some("org_acme"),
        roles: &roles,
        given_name: Some("Bola"),
        family_name: None,
    };
    let link = invite(&house.app, &By::command(), &asked).await.expect("answers").expect("a link");
    let link = url::Url::parse(&link).expect("a URL");
    assert_eq!(link.host_str(), Some("127.0.0.1"));
    let sent: Vec<(String, String)> = link.query_pairs().into_owned().collect();
    let invitation = &sent.iter().find(|(name, _)| name == "invitation_code").expect("one").1;
    assert!(invitation.starts_with("inv_") && sent.contains(&("is_invitation".into(), "true".into())));
    // React, on load.
    let query = format!("{MEMBERS}&prompt=create&invitation_code={invitation}&is_invitation=true");
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{query}")).await;
    assert!(page.html.contains("bola@example.com"), "filled in: {}", page.text());
    assert!(!page.html.contains("type=\"email\"") && !page.html.contains("p_country"), "and locked: {}", page.html);
    // Whatever is posted, the invited address is asked.
    let page = visitor.submit(&page, &[("p_email", "eve@example.com")]).await;
    house.settle().await;
    assert!(house.app.phone.messages(Some("eve@example.com")).is_empty());
    let passcode = house.passcode("bola@example.com").await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    let usual = [
        ("client_id", "members"),
        ("client_secret", "bcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123"),
        ("redirect_uri", "http://127.0.0.1:4200/callback"),
    ];
    let told = house.machine().redeem(&back.code(), &usual).await;
    let (access, id) = (payload(&told.text("access_token")), payload(&told.text("id_token")));
    assert_eq!((&access["org_code"], &access["permissions"]), (&json!("org_acme"), &json!(["create:orders"])));
    assert_eq!((&id["email"], &id["given_name"]), (&json!("bola@example.com"), &json!("Bola")));
    // Used, unknown and expired look alike.
    let used = house.visitor().get(&format!("/oauth2/auth?{query}")).await;
    let unknown = house.visitor().get(&format!("/oauth2/auth?{}", query.replace("inv_", "inv_x"))).await;
    let late =
        invite(&house.app, &By::command(), &Asked { email: "late@example.com", client: "members", ..Asked::default() })
            .await;
    let late = late.expect("answers").expect("a link");
    let late =
        late.split("invitation_code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code").to_owned();
    house.pass(7 * 24 * 60 * 60);
    let late = house.visitor().get(&format!("/oauth2/auth?{MEMBERS}&invitation_code={late}")).await;
    for page in [&used, &unknown, &late] {
        assert_eq!(page.status.as_u16(), 400);
        assert!(page.html.contains("invitation"), "{}", page.text());
    }
    house.close().await;
});

both!(an_invitation_is_refused_whole_when_anything_is_wrong, async |engine| {
    let house = House::with(engine, &format!("{}{PEOPLE}", members(SHOP)), &[]).await;
    let roles = ["ghost".to_owned()];
    let asked = Asked { email: "x", client: "none", organization: Some("org_none"), roles: &roles, ..Asked::default() };
    let faults = invite(&house.app, &By::command(), &asked).await.expect("answers").expect_err("wrong");
    assert_eq!(faults.len(), 4, "{faults:?}");
    let homeless = Asked { email: "a@b.example", client: "shop", ..Asked::default() };
    let faults = invite(&house.app, &By::command(), &homeless).await.expect("answers").expect_err("wrong");
    assert!(faults[0].what.contains("initiate_login_uri"), "{faults:?}");
    house.close().await;
});

both!(a_sign_in_left_too_long_goes_back_to_its_app, async |engine| {
    let house = House::open(engine).await;
    let query = format!("{NEXT}&login_hint=phone%3A%2B2348031234567%3Ang&lang=fr");
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{query}")).await;
    let page = visitor.submit(&page, &[("p_phone", ADA)]).await;
    let passcode = house.passcode(ADA).await;
    house.pass(60 * 60 + 1);
    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.url.starts_with("http://127.0.0.1:4000/callback?"), "{}", back.url);
    assert_eq!(back.param("error").as_deref(), Some("login_link_expired"));
    assert_eq!(back.param("state").as_deref(), Some("a1b2"));
    let state = back.param("reauth_state").expect("told");
    let state: Value = serde_json::from_slice(&STANDARD.decode(state).expect("standard base64")).expect("JSON");
    assert_eq!(state, json!({ "login_hint": "phone:+2348031234567:ng", "lang": "fr" }));
    // An app that did not ask for it leaves the person on our page.
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{}", NEXT.replace("&supports_reauth=true", ""))).await;
    house.pass(60 * 60 + 1);
    let page = visitor.get(&page.url).await;
    assert_eq!(page.status.as_u16(), 410);
    house.close().await;
});

both!(somebody_elses_application_hears_of_the_organization_after_consent, async |engine| {
    let guest = "\n[[client]]\nid = \"guest\"\nname = \"Guest\"\nkind = \"web\"\nsecret = \"cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234\"\nredirect_uris = [\"http://127.0.0.1:4300/callback\"]\nconnections = [\"phone\", \"email\"]\nthird_party = true\ncreate_organizations = true\n";
    let house = House::with(engine, &format!("{SHOP}{PEOPLE}{guest}"), &[]).await;
    let asked = NEXT.replace("client_id=shop", "client_id=guest").replace("%3A4000", "%3A4300");
    let own = [
        ("client_id", "guest"),
        ("client_secret", "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"),
        ("redirect_uri", "http://127.0.0.1:4300/callback"),
    ];
    let mut visitor = house.visitor();
    let page = visitor.get(&format!("/oauth2/auth?{asked}&org_code=org_acme")).await;
    let page = visitor.submit(&page, &[("p_phone", ADA)]).await;
    let passcode = house.passcode(ADA).await;
    let page = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert!(page.asks_consent(), "{}", page.text());
    let back = visitor.submit(&page, &[("p_decision", "allow")]).await;
    let told = house.machine().redeem(&back.code(), &own).await;
    let access = payload(&told.text("access_token"));
    assert_eq!((&access["org_code"], &access["permissions"]), (&json!("org_acme"), &json!(["create:orders"])));
    let refresh = house.machine().refresh(&told.text("refresh_token"), &own[..2]).await;
    assert_eq!(payload(&refresh.text("access_token"))["org_code"], "org_acme");
    // Allowed once: the session answers for it at once, and for another organization as well.
    let back = visitor.get(&format!("/oauth2/auth?{asked}&org_code=org_acme")).await;
    let told = house.machine().redeem(&back.code(), &own).await;
    assert_eq!(payload(&told.text("access_token"))["org_code"], "org_acme");
    // Somebody else's application makes no organizations, whatever it asks.
    let back = visitor.get(&format!("/oauth2/auth?{asked}&is_create_org=true&org_name=Mine")).await;
    let told = house.machine().redeem(&back.code(), &own).await;
    let default = house.app.live().catalog.organization.clone();
    assert_eq!(payload(&told.text("access_token"))["org_code"], default.as_str());
    // Who is no member is asked nothing and gives nothing.
    let mut stranger = house.visitor();
    let page = stranger.get(&format!("/oauth2/auth?{asked}&org_code=org_acme")).await;
    let page = stranger.submit(&page, &[("p_phone", STRANGER)]).await;
    let passcode = house.passcode(STRANGER).await;
    let back = stranger.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert_eq!((back.param("error").as_deref(), back.param("code")), (Some("access_denied"), None));
    house.close().await;
});
