//! The account API as Kinde's SDKs call it.

use super::claims::peopled;
use super::rules::{NEXT, code};
use crate::harness::machine::Answer;
use crate::harness::{House, both};
use reqwest::Method;
use serde_json::json;

pub async fn token(house: &House, extra: &str, number: &str) -> String {
    let code = code(house, &mut house.visitor(), &format!("{NEXT}{extra}"), number).await;
    house.machine().redeem(&code, &[]).await.text("access_token")
}

pub async fn ask(house: &House, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    house.machine().send(Method::GET, path, &headers, None).await
}

const ADA: &str = "+2348031234567";

both!(permissions_roles_and_flags_are_told_in_their_envelope, async |engine| {
    let house = peopled(engine, "").await;
    let token = token(&house, "", ADA).await;
    let own = house.app.live().catalog.organization.clone();
    let told = ask(&house, "/account_api/v1/permissions", &token).await.json();
    assert_eq!(told["data"]["org_code"], own.as_str());
    let id = told["data"]["permissions"][0]["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("perm_"));
    assert_eq!(told["data"]["permissions"], json!([{ "id": id, "name": "Read orders", "key": "read:orders" }]));
    assert_eq!(told["metadata"], json!({ "has_more": false, "next_page_starting_after": null }));
    let after = ask(&house, &format!("/account_api/v1/permissions?starting_after={id}"), &token).await.json();
    assert_eq!(after["data"]["permissions"], json!([]));
    for (key, granted) in [("read:orders", true), ("create:orders", false), ("none", false)] {
        let told = ask(&house, &format!("/account_api/v1/permission/{key}"), &token).await.json();
        assert_eq!(told, json!({ "permissionKey": key, "orgCode": own, "isGranted": granted }));
    }
    assert_eq!(ask(&house, "/account_api/v1/roles", &token).await.json()["data"]["roles"], json!([]));
    let flags = ask(&house, "/account_api/v1/feature_flags", &token).await.json();
    let seats = flags["data"]["feature_flags"].as_array().expect("a list").iter().find(|flag| flag["key"] == "seats");
    let seats = seats.expect("there");
    assert_eq!((&seats["type"], &seats["value"], &seats["name"]), (&json!("integer"), &json!(3), &json!("Seats")));
    for (path, list) in [("properties", "properties"), ("entitlements", "entitlements"), ("entitlements", "plans")] {
        let told = ask(&house, &format!("/account_api/v1/{path}"), &token).await.json();
        assert_eq!(told["data"][list], json!([]), "{path}");
    }
    for path in ["entitlement/seats", "entitlement?key=seats"] {
        let told = ask(&house, &format!("/account_api/v1/{path}"), &token).await;
        assert_eq!((told.status, &told.json()["data"]["entitlement"]), (200, &json!(null)));
    }
    house.close().await;
});

both!(both_user_profiles_keep_their_shapes, async |engine| {
    let house = peopled(engine, "").await;
    let token = token(&house, "", ADA).await;
    let first = ask(&house, "/oauth2/user_profile", &token).await.json();
    let id = first["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("kp_"));
    assert_eq!(
        first,
        json!({ "id": id, "preferred_email": "ada@example.com", "provided_id": "crm-ada", "last_name": "Obi",
                "first_name": "Ada", "username": "ada.obi", "picture": "https://example.com/ada.png" })
    );
    let second = ask(&house, "/oauth2/v2/user_profile", &token).await.json();
    for (claim, value) in [
        ("sub", json!(id)),
        ("id", json!(id)),
        ("name", json!("Ada Obi")),
        ("given_name", json!("Ada")),
        ("family_name", json!("Obi")),
        ("email", json!("ada@example.com")),
        ("email_verified", json!(true)),
        ("picture", json!("https://example.com/ada.png")),
        ("preferred_username", json!("ada.obi")),
        ("phone_number", json!(ADA)),
        ("phone_number_verified", json!(true)),
    ] {
        assert_eq!(second[claim], value, "{claim}");
    }
    assert!(second["updated_at"].is_i64(), "strict models want a whole number");
    house.close().await;
});

both!(without_a_good_token_there_is_json_and_401, async |engine| {
    let house = peopled(engine, "").await;
    let code = code(&house, &mut house.visitor(), NEXT, ADA).await;
    let told = house.machine().redeem(&code, &[]).await;
    let (access, id) = (told.text("access_token"), told.text("id_token"));
    let paths = [
        "/account_api/v1/permissions",
        "/account_api/v1/permission/x",
        "/oauth2/user_profile",
        "/oauth2/v2/user_profile",
    ];
    for path in paths {
        for wrong in ["", "none", &id, &format!("{access}x"), &told.text("refresh_token")] {
            let answer = ask(&house, path, wrong).await;
            assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_token"), "{path} {wrong}");
            assert!(answer.json()["error_description"].is_string() && answer.header("www-authenticate").is_some());
        }
        let query = house.machine().get(&format!("{path}?access_token={access}")).await;
        assert_eq!(query.status, 400, "never in the query");
    }
    house.pass(86_401);
    assert_eq!(ask(&house, "/account_api/v1/permissions", &access).await.status, 401, "expired");
    house.close().await;
});
