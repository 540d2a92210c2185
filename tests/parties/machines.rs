//! Machines in their own name, and tokens looked at, by every library.

use crate::harness::rp::payload;
use crate::harness::{Engine, House, SHOP, SHOP_CALLBACK, SHOP_SECRET};
use crate::party::{Library, Party};
use crate::sign_in::{Scene, each, error_of};
use serde_json::{Value, json};

const ROBOT: &str = r#"
[[client]]
id = "robot"
name = "Robot"
kind = "machine"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
scopes = ["orders:read"]
resources = ["https://api.example.com/"]

[[resource]]
uri = "https://api.example.com/"
name = "Orders"
scopes = ["orders:read"]

[[client]]
id = "hmac"
name = "Hmac"
kind = "machine"
auth_method = "client_secret_jwt"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"

[[client]]
id = "signer"
name = "Signer"
kind = "machine"
auth_method = "private_key_jwt"
jwks = '''{jwks}'''
"#;
const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

async fn scene(library: Library) -> Option<Scene> {
    let party = Party::start(library)?;
    let jwks = party.ask("keys", json!({}));
    let declaration = format!("{SHOP}{}", ROBOT.replace("{jwks}", &jwks.to_string()));
    let house = House::with(Engine::Sqlite, &declaration, &[]).await;
    Some(Scene { visitor: house.visitor(), house, party })
}

async fn in_its_own_name(library: Library) {
    let Some(scene) = scene(library).await else { return };
    for auth in ["client_secret_basic", "client_secret_post"] {
        scene.open(json!({ "client_id": "robot", "secret": SECRET, "auth": auth, "callback": SHOP_CALLBACK }));
        let asked = json!({ "scope": "orders:read", "resource": "https://api.example.com/" });
        let tokens = scene.party.ask("client_credentials", asked);
        let claims = payload(tokens["access_token"].as_str().expect("a token"));
        assert_eq!((&claims["aud"], &claims["azp"]), (&json!(["https://api.example.com/"]), &json!("robot")));
        assert_eq!(tokens["scope"], "orders:read");
        assert!(tokens["refresh_token"].is_null() && tokens["id_token"].is_null(), "{tokens}");
        let refused = scene.party.refused("client_credentials", json!({ "scope": "orders:write" }));
        assert_eq!(error_of(&refused), "invalid_scope");
        let other = json!({ "resource": "https://other.example.com/" });
        assert_eq!(error_of(&scene.party.refused("client_credentials", other)), "invalid_target");
    }
    scene.house.close().await;
}

async fn by_its_key(library: Library) {
    let Some(scene) = scene(library).await else { return };
    let signer = json!({ "client_id": "signer", "auth": "private_key_jwt", "callback": SHOP_CALLBACK });
    scene.open(signer.clone());
    let tokens = scene.party.ask("client_credentials", json!({}));
    assert_eq!(payload(tokens["access_token"].as_str().expect("a token"))["azp"], "signer");
    scene.party.ask("client_credentials", json!({}));
    // Another key under the same name.
    scene.party.ask("keys", json!({}));
    scene.open(signer);
    assert_eq!(error_of(&scene.party.refused("client_credentials", json!({}))), "invalid_client");
    scene.house.close().await;
}

/// With a secret it signs and never sends.
async fn by_its_secret(library: Library) {
    let Some(scene) = scene(library).await else { return };
    let hmac = |secret: &str| json!({ "client_id": "hmac", "secret": secret, "auth": "client_secret_jwt", "callback": SHOP_CALLBACK });
    scene.open(hmac(SECRET));
    let tokens = scene.party.ask("client_credentials", json!({}));
    assert_eq!(payload(tokens["access_token"].as_str().expect("a token"))["azp"], "hmac");
    scene.party.ask("client_credentials", json!({}));
    scene.open(hmac(SHOP_SECRET));
    assert_eq!(error_of(&scene.party.refused("client_credentials", json!({}))), "invalid_client");
    // The secret itself is not what it may come with.
    for auth in ["client_secret_basic", "client_secret_post"] {
        scene.open(json!({ "client_id": "hmac", "secret": SECRET, "auth": auth, "callback": SHOP_CALLBACK }));
        assert_eq!(error_of(&scene.party.refused("client_credentials", json!({}))), "invalid_client");
    }
    scene.house.close().await;
}

async fn looked_at(library: Library) {
    let Some(mut scene) = scene(library).await else { return };
    scene.open(json!({
        "client_id": "shop", "secret": SHOP_SECRET, "auth": "client_secret_basic", "callback": SHOP_CALLBACK
    }));
    let tokens = scene.sign_in("+2348031234567").await;
    let look = |token: &Value| scene.party.ask("introspect", json!({ "token": token }));
    let seen = look(&tokens["access_token"]);
    assert_eq!((&seen["active"], &seen["client_id"]), (&json!(true), &json!("shop")), "{seen}");
    assert_eq!(seen["sub"], tokens["claims"]["sub"]);
    assert_eq!(look(&tokens["refresh_token"])["active"], true);
    assert_eq!(look(&json!("nothing"))["active"], false);
    scene.party.ask("revoke", json!({ "token": tokens["refresh_token"] }));
    for token in ["access_token", "refresh_token"] {
        assert_eq!(look(&tokens[token])["active"], false, "{token}");
    }
    scene.house.close().await;
}

each!(asks_in_its_own_name, in_its_own_name);
each!(introspects, looked_at);
each!(signs_who_it_is, by_its_key);
each!(signs_with_its_secret, by_its_secret);
