//! Requests a client signed (RFC 9101, OpenID Connect Core §6.1): at the front and pushed ahead, good ones and bad ones.

use crate::harness::machine::over;
use crate::harness::prover::{self, Prover};
use crate::harness::rp::payload;
use crate::harness::ways::{ask, asking, prove, signed_in};
use crate::harness::{Engine, House, SHOP, SHOP_CALLBACK, SHOP_SECRET, both};
use serde_json::{Value, json};

pub const STRICT_SECRET: &str = "efghijabcdefghijabcdefghijabcdefghijabcdefghij123456";
const STRICT_CALLBACK: &str = "http://127.0.0.1:4600/callback";

/// A key with a name.
fn named(key: &Prover, kid: &str) -> Value {
    prover::over(key.jwk.clone(), json!({ "kid": kid, "use": "sig" }))
}

/// The shop with keys, and a client that must sign.
pub async fn house(engine: Engine, keys: &[(&Prover, &str)]) -> House {
    let set = json!({ "keys": keys.iter().map(|(key, kid)| named(key, kid)).collect::<Vec<_>>() });
    let shop = SHOP.replacen("kind = \"web\"\n", &format!("kind = \"web\"\njwks = '{set}'\n"), 1);
    let strict = format!(
        "\n[[client]]\nid = \"strict\"\nname = \"Strict\"\nkind = \"web\"\nrequire_signed_request = true\njwks = '{set}'\nsecret = \"{STRICT_SECRET}\"\nredirect_uris = [\"{STRICT_CALLBACK}\"]\nconnections = [\"phone\"]\n"
    );
    House::with(engine, &[shop, strict].concat(), &[]).await
}

/// What the shop signs; `extra` adds members, or takes them away where it is null.
pub fn says(house: &House, extra: Value) -> Value {
    let usual = json!({
        "iss": "shop", "aud": house.issuer, "client_id": "shop", "exp": house.now() + 300, "nbf": house.now(),
        "redirect_uri": SHOP_CALLBACK, "response_type": "code", "scope": "openid phone", "state": "signed",
    });
    prover::over(usual, extra)
}

pub fn signed(key: &Prover, kid: &str, claims: &Value) -> String {
    key.sign(&json!({ "alg": key.algorithm, "kid": kid, "typ": "oauth-authz-req+jwt" }), claims)
}

both!(a_signed_request_is_the_whole_request, async |engine| {
    let keys = ["RS256", "PS256", "ES256", "EdDSA"].map(Prover::new);
    let list: Vec<(&Prover, &str)> = keys.iter().map(|key| (key, key.algorithm)).collect();
    let house = house(engine, &list).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    for key in &keys {
        let claims = says(
            &house,
            json!({ "nonce": "n-signed", "max_age": 5, "prompt": "login", "claims": { "id_token": { "auth_time": null } } }),
        );
        let object = signed(key, key.algorithm, &claims);
        // What stands beside it counts for nothing.
        let url = asking(&[
            ("client_id", "shop"),
            ("request", &object),
            ("redirect_uri", "https://evil.example/"),
            ("state", "beside"),
            ("scope", "openid offline email"),
            ("response_type", "token"),
            ("prompt", "none"),
        ]);
        let page = visitor.get(&url).await;
        assert!(page.asks_who(), "{}: {} {}", key.algorithm, page.url, page.text());
        let back = prove(&mut visitor, page).await;
        assert_eq!(back.param("state").as_deref(), Some("signed"));
        let tokens = machine.redeem(&back.code(), &[]).await;
        assert_eq!(tokens.text("scope"), "openid phone");
        assert_eq!(payload(&tokens.text("id_token"))["nonce"], "n-signed");
        // Pushed ahead, and posted.
        let form = [("client_id", "shop"), ("client_secret", SHOP_SECRET), ("request", &object)];
        let pushed = machine.post("/oauth2/par", &form).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let url = asking(&[("client_id", "shop"), ("request_uri", &pushed.text("request_uri"))]);
        let page = visitor.get(&url).await;
        assert_eq!(prove(&mut visitor, page).await.param("state").as_deref(), Some("signed"));
        assert!(visitor.post("/oauth2/auth", &[("client_id", "shop"), ("request", &object)]).await.asks_who());
    }
    house.close().await;
});

both!(a_request_signed_wrongly_is_told_so, async |engine| {
    let (key, foreign) = (Prover::new("ES256"), Prover::new("ES256"));
    let house = house(engine, &[(&key, "k1")]).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    signed_in(&mut visitor, &[]).await.code();
    let of = |extra: Value| signed(&key, "k1", &says(&house, extra));
    let good = of(json!({}));
    let (head, signature) = good.rsplit_once('.').expect("three parts");
    let none = {
        use base64::Engine as _;
        let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", part("{\"alg\":\"none\"}".into()), part(says(&house, json!({})).to_string()))
    };
    let header = |header: Value| key.sign(&header, &says(&house, json!({})));
    let wrong = [
        none,
        format!("{head}."),
        format!("{head}x.{signature}"),
        "x".into(),
        "a.b.c".into(),
        signed(&foreign, "k1", &says(&house, json!({}))),
        header(json!({ "alg": "HS256", "kid": "k1" })),
        header(json!({ "alg": "none", "kid": "k1" })),
        header(json!({ "alg": "ES256", "kid": "k1", "typ": "dpop+jwt" })),
        header(json!({ "alg": "ES256", "kid": "k1", "crit": ["x"], "x": 1 })),
        foreign.sign(&json!({ "alg": "ES256", "jwk": foreign.jwk }), &says(&house, json!({}))),
        of(json!({ "iss": "members" })),
        of(json!({ "iss": null })),
        of(json!({ "sub": "shop" })),
        of(json!({ "aud": "https://other.example" })),
        of(json!({ "aud": null })),
        of(json!({ "client_id": "members" })),
        of(json!({ "exp": house.now() })),
        of(json!({ "nbf": house.now() + 61 })),
        of(json!({ "request": "x" })),
        of(json!({ "request_uri": "urn:ietf:params:oauth:request_uri:x" })),
        of(json!({ "state": ["a", "b"] })),
    ];
    for object in &wrong {
        let back = visitor.get(&ask(&[("request", object)])).await;
        assert_eq!((back.error().as_deref(), back.param("code")), (Some("invalid_request_object"), None), "{object}");
        assert_eq!(back.param("state").as_deref(), Some("st8"));
        // Where nothing says where to tell it, a page does.
        let page = visitor.get(&asking(&[("client_id", "shop"), ("request", object)])).await;
        assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{object}");
        let form = [("client_id", "shop"), ("client_secret", SHOP_SECRET), ("request", object)];
        assert_eq!(
            machine.post("/oauth2/par", &form).await.refusal(),
            (400, "invalid_request_object".into()),
            "{object}"
        );
    }
    // Slightly ahead, several audiences, no type: good.
    for extra in [
        json!({ "nbf": house.now() + 8 }),
        json!({ "aud": ["https://other.example", house.issuer] }),
        json!({ "exp": null }),
    ] {
        visitor.get(&asking(&[("client_id", "shop"), ("request", &of(extra))])).await.code();
    }
    // One's request is not another's, and a redirect URI is proven all the same.
    let page = visitor.get(&asking(&[("client_id", "members"), ("request", &good)])).await;
    assert_eq!(page.status, 400);
    for uri in [json!("https://evil.example/"), Value::Null] {
        let object = of(json!({ "redirect_uri": uri }));
        let page = visitor.get(&ask(&[("request", &object)])).await;
        assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{uri}");
    }
    // Whatever it asks is checked like any request.
    let back =
        visitor.get(&asking(&[("client_id", "shop"), ("request", &of(json!({ "response_type": "token" })))])).await;
    assert_eq!(
        (back.error().as_deref(), back.param("state").as_deref()),
        (Some("unsupported_response_type"), Some("signed"))
    );
    let back = visitor.get(&ask(&[("request", &good), ("request_uri", "urn:ietf:params:oauth:request_uri:x")])).await;
    assert_eq!(back.error().as_deref(), Some("invalid_request"));
    house.close().await;
});

both!(some_clients_sign_every_request, async |engine| {
    let key = Prover::new("ES256");
    let house = house(engine, &[(&key, "k1")]).await;
    let (machine, mut visitor) = (house.machine(), house.visitor());
    let its = [
        ("client_id", "strict"),
        ("redirect_uri", STRICT_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
    ];
    let back = visitor.get(&asking(&its)).await;
    assert_eq!((back.error().as_deref(), back.param("state").as_deref()), (Some("invalid_request"), Some("s")));
    let unsigned = over(&its, &[("client_secret", STRICT_SECRET)]);
    assert_eq!(machine.post("/oauth2/par", &unsigned).await.refusal(), (400, "invalid_request".into()));
    let object = signed(
        &key,
        "k1",
        &says(&house, json!({ "iss": "strict", "client_id": "strict", "redirect_uri": STRICT_CALLBACK })),
    );
    assert!(visitor.get(&asking(&[("client_id", "strict"), ("request", &object)])).await.asks_who());
    let form = [("client_id", "strict"), ("client_secret", STRICT_SECRET), ("request", object.as_str())];
    let pushed = machine.post("/oauth2/par", &form).await.text("request_uri");
    assert!(visitor.get(&asking(&[("client_id", "strict"), ("request_uri", &pushed)])).await.asks_who());
    house.close().await;
});
