//! What every library does: signs in, reads who it is, refreshes, revokes, signs out, and notices what is wrong.

use crate::harness::rp::{identify, payload};
use crate::harness::{Engine, House, Page, SHOP, SHOP_CALLBACK, SHOP_SECRET, Visitor};
use crate::party::{Library, Party};
use serde_json::{Value, json};

const PHONE: &str = "+2348031234567";
const EMAIL: &str = "ada@example.com";
const SCOPE: &str = "openid profile email phone offline";

/// Declares a story as one test for each library.
macro_rules! each {
    ($name:ident, $story:expr) => {
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread")]
            async fn openid_client() {
                ($story)(Library::OpenidClient).await;
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn oauth4webapi() {
                ($story)(Library::Oauth4webapi).await;
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn authlib() {
                ($story)(Library::Authlib).await;
            }
        }
    };
}
pub(crate) use each;

pub struct Scene {
    pub house: House,
    pub party: Party,
    pub visitor: Visitor,
}

impl Scene {
    /// As the client `shop`, authenticated in this way.
    async fn shop(library: Library, auth: &str) -> Option<Self> {
        let party = Party::start(library)?;
        let house = House::with(Engine::Sqlite, SHOP, &[]).await;
        let scene = Self { visitor: house.visitor(), house, party };
        scene.open(json!({ "client_id": "shop", "secret": SHOP_SECRET, "auth": auth, "callback": SHOP_CALLBACK }));
        Some(scene)
    }

    pub fn open(&self, mut given: Value) -> Value {
        given["issuer"] = json!(self.house.issuer);
        let metadata = self.party.ask("open", given);
        assert_eq!(metadata["issuer"], json!(self.house.issuer));
        metadata
    }

    /// The app sends the browser to us: what it sees.
    pub async fn begin(&mut self, given: Value) -> Page {
        let url = self.party.text("begin", given);
        let path = url.strip_prefix(&self.house.issuer).unwrap_or_else(|| panic!("not our endpoint: {url}"));
        self.visitor.get(path).await
    }

    /// From the identifier page back to the app.
    pub async fn prove(&mut self, page: Page, identifier: &str) -> Page {
        let page = identify(&mut self.visitor, page, identifier).await;
        let passcode = self.house.passcode(identifier).await;
        self.visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await
    }

    pub async fn sign_in(&mut self, identifier: &str) -> Value {
        let page = self.begin(json!({ "scope": SCOPE })).await;
        let back = self.prove(page, identifier).await;
        self.party.ask("finish", json!({ "url": back.url }))
    }
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {tokens}")).to_owned()
}

/// The OAuth error the library was refused with, wherever it keeps it.
pub fn error_of(refused: &Value) -> &str {
    refused["error"].as_str().unwrap_or_else(|| panic!("no OAuth error: {refused}"))
}

each!(signs_in_and_out, async |library| {
    let Some(mut scene) = Scene::shop(library, "client_secret_basic").await else { return };
    let tokens = scene.sign_in(PHONE).await;
    let claims = &tokens["claims"];
    assert_eq!((&claims["phone_number"], &claims["phone_number_verified"]), (&json!(PHONE), &json!(true)));
    assert_eq!((&claims["azp"], &claims["iss"]), (&json!("shop"), &json!(scene.house.issuer)));
    assert!(tokens["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")));
    let access = payload(&text(&tokens, "access_token"));
    assert_eq!((&access["sub"], &access["azp"]), (&claims["sub"], &json!("shop")));

    let who = json!({ "access_token": tokens["access_token"], "sub": claims["sub"] });
    let profile = scene.party.ask("userinfo", who);
    assert_eq!((&profile["sub"], &profile["phone_number"]), (&claims["sub"], &json!(PHONE)));

    let refreshed = scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    for name in ["access_token", "refresh_token", "id_token"] {
        assert_ne!(text(&refreshed, name), text(&tokens, name), "{name} is a new one");
    }
    assert_eq!(refreshed["claims"]["sub"], claims["sub"]);
    assert_eq!(refreshed["claims"]["auth_time"], claims["auth_time"]);

    // Out, with the library's own link; the page asks nobody twice, and leads back.
    let home = "http://127.0.0.1:4000/";
    let url = scene.party.text(
        "logout",
        json!({ "id_token_hint": refreshed["id_token"], "post_logout_redirect_uri": home, "state": "bye" }),
    );
    let page = scene.visitor.get(url.strip_prefix(&scene.house.issuer).expect("ours")).await;
    let out = scene.visitor.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!(out.url, format!("{home}?state=bye"));

    let refused = scene.party.refused("refresh", json!({ "refresh_token": refreshed["refresh_token"] }));
    assert_eq!(error_of(&refused), "invalid_grant");
    let who = json!({ "access_token": refreshed["access_token"], "sub": claims["sub"] });
    assert_eq!(scene.party.refused("userinfo", who)["status"], 401);
    let back = scene.begin(json!({ "scope": SCOPE, "extra": { "prompt": "none" } })).await;
    let refused = scene.party.refused("finish", json!({ "url": back.url }));
    assert_eq!(error_of(&refused), "login_required");
    let page = scene.begin(json!({ "scope": SCOPE })).await;
    assert!(page.asks_who(), "{}", page.text());
    scene.house.close().await;
});

each!(a_secret_in_the_form, async |library| {
    let Some(mut scene) = Scene::shop(library, "client_secret_post").await else { return };
    let tokens = scene.sign_in(EMAIL).await;
    assert_eq!(tokens["claims"]["email"], EMAIL);
    scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    scene.house.close().await;
});

each!(without_a_secret, async |library| {
    let Some(party) = Party::start(library) else { return };
    let house = House::open(Engine::Sqlite).await;
    let mut scene = Scene { visitor: house.visitor(), house, party };
    scene.open(json!({ "client_id": "kiosk", "auth": "none", "callback": "http://127.0.0.1:4100/callback" }));
    let tokens = scene.sign_in(PHONE).await;
    assert_eq!(tokens["claims"]["azp"], "kiosk");
    let refreshed = scene.party.ask("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    assert_ne!(refreshed["refresh_token"], tokens["refresh_token"]);
    scene.house.close().await;
});

// Signed in already: the answer comes at once, and is as good.
each!(signed_in_before, async |library| {
    let Some(mut scene) = Scene::shop(library, "client_secret_basic").await else { return };
    let first = scene.sign_in(PHONE).await;
    let back = scene.begin(json!({ "scope": "openid", "extra": { "prompt": "none" } })).await;
    let again = scene.party.ask("finish", json!({ "url": back.url }));
    assert_eq!(again["claims"]["sub"], first["claims"]["sub"]);
    assert!(again["refresh_token"].is_null(), "nobody asked for offline: {again}");
    scene.house.close().await;
});

each!(revokes, async |library| {
    let Some(mut scene) = Scene::shop(library, "client_secret_basic").await else { return };
    let tokens = scene.sign_in(PHONE).await;
    scene.party.ask("revoke", json!({ "token": tokens["refresh_token"], "hint": "refresh_token" }));
    let refused = scene.party.refused("refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    assert_eq!(error_of(&refused), "invalid_grant");
    scene.house.close().await;
});

// What the libraries are for: each of them stops where something is not as it must be.
each!(notices, async |library| {
    let Some(mut scene) = Scene::shop(library, "client_secret_basic").await else { return };
    scene.sign_in(PHONE).await;
    for (kept, what) in [("expectedState", "state"), ("expectedNonce", "nonce")] {
        let back = scene.begin(json!({ "scope": SCOPE })).await;
        let refused = scene.party.refused("finish", json!({ "url": back.url, "remembered": { (kept): "another" } }));
        assert!(refused.to_string().to_lowercase().contains(what), "{refused}");
    }
    // Another's verifier: the server stops it, and the code is spent.
    let back = scene.begin(json!({ "scope": SCOPE })).await;
    let other = json!({ "pkceCodeVerifier": "v".repeat(43) });
    let refused = scene.party.refused("finish", json!({ "url": back.url, "remembered": other }));
    assert_eq!(error_of(&refused), "invalid_grant");
    let refused = scene.party.refused("finish", json!({ "url": back.url }));
    assert_eq!(error_of(&refused), "invalid_grant");
    // A wrong secret.
    let wrong = SHOP_SECRET.to_uppercase();
    scene.open(
        json!({ "client_id": "shop", "secret": wrong, "auth": "client_secret_basic", "callback": SHOP_CALLBACK }),
    );
    let back = scene.begin(json!({ "scope": SCOPE })).await;
    let refused = scene.party.refused("finish", json!({ "url": back.url }));
    assert_eq!(error_of(&refused), "invalid_client");
    scene.house.close().await;
});
