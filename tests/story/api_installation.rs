//! `/api/v1`: operators, keys and settings.

use crate::harness::operator::Operator;
use crate::harness::portal::Desk;
use crate::harness::{House, both};
use countersign::domain::operator::Role;
use reqwest::Method;
use serde_json::json;

both!(operators_are_invited_changed_and_let_go, async |engine| {
    let house = House::open(engine).await;
    let _owner = Desk::of(&house, Role::Owner).await;
    let scopes = ["read:operators", "create:operators", "update:operators", "delete:operators"];
    let operator = Operator::of(&house, &scopes).await;
    let made = operator.post("operators", &json!({ "role": "support" })).await;
    assert_eq!((made.status, made.text("role")), (201, "support".into()), "{}", made.body);
    let link = made.text("link");
    let mut visitor = house.visitor();
    let page = visitor.get(link.strip_prefix(&house.issuer).expect("ours")).await;
    let page = visitor.submit(&page, &[("invitation", &crate::harness::portal::code_of(&link))]).await;
    let mut desk = Desk { visitor, address: "sam@desk.example".into() };
    assert_eq!(desk.prove(&house, page).await.status.as_u16(), 200);
    let listed = operator.get("operators").await.json();
    let roles: Vec<&str> =
        listed["data"].as_array().expect("a list").iter().filter_map(|one| one["role"].as_str()).collect();
    assert_eq!(roles, ["owner", "support"]);
    let (owner, sam) =
        (listed["data"][0]["id"].as_str().expect("an id"), listed["data"][1]["id"].as_str().expect("an id"));
    let change = async |id: &str, role: &str| {
        operator.send(Method::PATCH, &format!("operators/{id}"), &[], Some(&json!({ "role": role }))).await
    };
    let wrong = change(sam, "king").await;
    assert_eq!((wrong.status, wrong.json()["errors"][0]["field"].clone()), (422, json!("role")), "{}", wrong.body);
    assert_eq!(change(owner, "viewer").await.status, 409);
    assert_eq!(change("kp_none", "viewer").await.status, 404);
    assert_eq!(desk.get("/admin/carriers").await.status.as_u16(), 403);
    assert_eq!(change(sam, "viewer").await.status, 204);
    assert_eq!(desk.get("/admin/carriers").await.status.as_u16(), 200, "at once");
    assert_eq!(operator.delete(&format!("operators/{owner}")).await.status, 409);
    assert_eq!(operator.delete(&format!("operators/{sam}")).await.status, 204);
    assert_eq!(desk.get("/admin").await.status.as_u16(), 403);
    house.close().await;
});

both!(keys_and_settings_are_read_and_keys_made_anew, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &["read:keys", "create:keys", "read:settings", "read:audit"]).await;
    assert_eq!(operator.get("keys").await.json()["data"].as_array().map(Vec::len), Some(3));
    let made = operator.post("keys", &json!({})).await;
    assert_eq!((made.status, made.json()["data"].as_array().map(Vec::len)), (201, Some(6)), "{}", made.body);
    let book = operator.get("audit?noun=keys").await.json();
    assert_eq!(
        (book["data"][0]["act"].clone(), book["data"][0]["actor"].clone()),
        (json!("rotate"), json!("client:operator"))
    );
    let settings = operator.get("settings").await;
    let all = settings.json();
    let named = |name: &str| {
        all["data"].as_array().expect("a list").iter().find(|one| one["name"] == name).cloned().expect(name)
    };
    assert_eq!(named("passcode.digits")["value"], "6");
    assert_eq!(named("passcode.digits")["from"], json!(null));
    assert_eq!((named("database_url")["value"].clone(), named("secret")["value"].clone()), (json!("…"), json!(null)));
    assert!(!settings.body.contains(&house.database_url), "{}", settings.body);
    house.close().await;
});

both!(the_one_everybody_belongs_to_is_listed_once, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &["read:organizations", "create:organizations"]).await;
    let codes = async || -> Vec<String> {
        let listed = operator.get("organizations").await.json();
        let all = listed["data"].as_array().expect("a list").iter();
        all.map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(codes().await, ["default"]);
    assert_eq!(operator.post("organizations", &json!({ "code": "org_acme", "name": "Acme" })).await.status, 201);
    assert_eq!(codes().await, ["default", "org_acme"]);
    house.close().await;
});
