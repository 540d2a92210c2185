//! Clients whose id is where their metadata stand: read with a guard, held for a while, and asked about by their host.

use crate::harness::machine::over;
use crate::harness::outside::{Document, Outside};
use crate::harness::rp::payload;
use crate::harness::ways::asking;
use crate::harness::{Engine, House, SHOP, both};
use crate::registration::through;
use crate::told::{checked, sign_out};
use serde_json::{Value, json};

pub const CALLBACK: &str = "http://127.0.0.1:4300/callback";
const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";

pub async fn house(engine: Engine) -> House {
    let ways = ("clients.metadata_connections", "phone, email");
    House::with(engine, SHOP, &[("web.allow_private", "true"), ("clients.metadata_documents", "true"), ways]).await
}

/// What stands at `path`, as a good document.
pub fn document(outside: &Outside, path: &str, more: Value) -> (String, Document) {
    let id = format!("{}{path}", outside.url);
    let mut metadata = json!({ "client_id": id, "client_name": "Agent", "redirect_uris": [CALLBACK] });
    for (name, value) in more.as_object().expect("an object") {
        metadata[name.as_str()] = value.clone();
    }
    (id, Document::json(&metadata))
}

pub fn ask(client: &str, extra: &[(&str, &str)]) -> String {
    let challenge = countersign::crypto::hash::s256(VERIFIER);
    let usual = [
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "st8"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    asking(&over(&usual, extra))
}

both!(a_document_is_a_client, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine).await;
    let (id, document) = document(&outside, "/client.json", json!({}));
    outside.serve("/client.json", document);
    let (mut visitor, machine) = (house.visitor(), house.machine());
    let page = visitor.get(&ask(&id, &[])).await;
    assert!(page.asks_who(), "{}", page.text());
    let back = through(&mut visitor, page).await;
    let form =
        [("client_id", id.as_str()), ("client_secret", ""), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let tokens = machine.redeem(&back.code(), &form).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(crate::harness::rp::payload(&tokens.text("id_token"))["aud"], json!([id]));
    assert_eq!(machine.userinfo(&tokens.text("access_token")).await.status, 200);
    assert_eq!(outside.seen("/client.json").len(), 1, "read once");
    // PKCE is a must, as for every client without a secret.
    let page = visitor.get(&ask(&id, &[("code_challenge", ""), ("code_challenge_method", "")])).await;
    assert_eq!(page.error().as_deref(), Some("invalid_request"));
    let told = machine.get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(told["client_id_metadata_document_supported"], true);
    house.close().await;
});

both!(documents_are_held_and_read_anew, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let (short, document_short) = document(&outside, "/short", json!({}));
    let (long, document_long) = document(&outside, "/long", json!({}));
    outside.serve("/short", document_short.clone().with("cache-control", "no-store"));
    outside.serve("/long", document_long.clone().with("cache-control", "max-age=99999999"));
    for (wait, counts) in [(0, (1, 1)), (200, (1, 1)), (120, (2, 1)), (80_000, (3, 1)), (10_000, (4, 2))] {
        house.pass(wait);
        assert!(visitor.get(&ask(&short, &[])).await.asks_who());
        assert!(visitor.get(&ask(&long, &[])).await.asks_who());
        assert_eq!((outside.seen("/short").len(), outside.seen("/long").len()), counts, "after {wait}");
    }
    // Its server is down: what was read counts for a day more.
    outside.serve("/short", Document { status: 503, ..document_short.clone() });
    house.pass(3_600);
    assert!(visitor.get(&ask(&short, &[])).await.asks_who());
    house.pass(90_000);
    assert_eq!(visitor.get(&ask(&short, &[])).await.status, 400);
    // It was taken away: that counts at once.
    outside.serve("/long", Document { status: 404, ..document_long });
    house.pass(90_000);
    assert_eq!(visitor.get(&ask(&long, &[])).await.status, 400);
    // Errors are not held: what is there again is read again.
    outside.serve("/short", document_short);
    assert!(visitor.get(&ask(&short, &[])).await.asks_who());
    house.close().await;
});

both!(nobody_is_a_document_unless_the_operator_says_so, async |engine| {
    let outside = Outside::open().await;
    let (id, document) = document(&outside, "/client.json", json!({}));
    outside.serve("/client.json", document);
    for settings in [&[("web.allow_private", "true")][..], &[("clients.metadata_documents", "true")]] {
        let house = House::with(engine, SHOP, settings).await;
        assert_eq!(house.visitor().get(&ask(&id, &[])).await.status, 400);
        assert_eq!(outside.seen("/client.json").len(), 0, "nobody knocked");
        house.close().await;
    }
    let house = House::with(engine, SHOP, &[]).await;
    let told = house.machine().get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(told["client_id_metadata_document_supported"], false);
    house.close().await;
});

both!(a_setting_names_their_ways_in, async |engine| {
    let outside = Outside::open().await;
    let (id, document) = document(&outside, "/client.json", json!({}));
    outside.serve("/client.json", document);
    let settings = [
        ("web.allow_private", "true"),
        ("clients.metadata_documents", "true"),
        ("clients.metadata_connections", "email"),
    ];
    let house = House::with(engine, SHOP, &settings).await;
    let page = house.visitor().get(&ask(&id, &[])).await;
    assert!(page.html.contains("p_email") && !page.html.contains("p_phone"), "{}", page.text());
    house.close().await;
});

/// Says where it hears of sign-outs, and signs somebody in; the ID token.
async fn hearing(outside: &Outside, house: &House, visitor: &mut crate::harness::Visitor) -> (String, String) {
    let hears = json!({
        "backchannel_logout_uri": format!("{}/back", outside.url),
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": format!("{}/front", outside.url),
        "frontchannel_logout_session_required": true,
        "post_logout_redirect_uris": ["http://127.0.0.1:4300/bye"],
    });
    let (id, document) = document(outside, "/client.json", hears);
    outside.serve("/client.json", document);
    // What it gets lives for a while.
    let page = visitor.get(&ask(&id, &[("scope", "openid offline")])).await;
    let back = through(visitor, page).await;
    let form =
        [("client_id", id.as_str()), ("client_secret", ""), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let tokens = house.machine().redeem(&back.code(), &form).await;
    (id, tokens.text("id_token"))
}

both!(a_document_says_where_sign_outs_are_heard, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let (id, hint) = hearing(&outside, &house, &mut visitor).await;
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri=http://127.0.0.1:4300/bye");
    let page = sign_out(&mut visitor, &query, &[]).await;
    let sid = payload(&hint)["sid"].as_str().expect("a sid").to_owned();
    assert!(page.html.contains(&format!("{}/front?iss=", outside.url)) && page.html.contains(&sid), "{}", page.html);
    assert_eq!(page.link("back"), "http://127.0.0.1:4300/bye");
    let told = outside.heard("/back", 1).await;
    let claims = checked(&house, &told[0], &id, jsonwebtoken::Algorithm::RS256).await;
    assert_eq!((&claims["sid"], &claims["sub"]), (&json!(sid), &payload(&hint)["sub"]));
    house.close().await;
});

both!(a_document_that_cannot_be_read_at_the_sign_out_is_read_later, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine).await;
    let mut visitor = house.visitor();
    let (id, _) = hearing(&outside, &house, &mut visitor).await;
    // Long after, nothing of it is held any more, and its server is down.
    house.pass(2 * 86_400);
    let (_, good) =
        document(&outside, "/client.json", json!({ "backchannel_logout_uri": format!("{}/back", outside.url) }));
    outside.serve("/client.json", Document { status: 503, ..good.clone() });
    sign_out(&mut visitor, "", &[]).await;
    house
        .until("it was tried", |app| {
            let outcome = countersign::telemetry::Outcome { outcome: "retried" };
            app.metrics.notices.get_or_create(&outcome).get() > 0
        })
        .await;
    outside.serve("/client.json", good);
    house.pass(5);
    let told = outside.heard("/back", 1).await;
    checked(&house, &told[0], &id, jsonwebtoken::Algorithm::RS256).await;
    house.close().await;
});

both!(a_browser_app_by_document_keeps_its_refresh_token_in_its_browser, async |engine| {
    let outside = Outside::open().await;
    let house = house(engine).await;
    let mut named = Vec::new();
    for path in ["/one.json", "/two.json"] {
        let (id, document) =
            document(&outside, path, json!({ "grant_types": ["authorization_code", "refresh_token"] }));
        outside.serve(path, document);
        let mut visitor = house.visitor();
        let page = visitor.get(&ask(&id, &[("scope", "openid offline")])).await;
        let code = through(&mut visitor, page).await.code();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("client_id", &id),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let send = async |headers: &[(&str, &str)], form: &[(&str, &str)]| {
            house.machine().send(reqwest::Method::POST, "/oauth2/token", headers, Some(form)).await
        };
        let origin = ("origin", "http://127.0.0.1:4300");
        let tokens = send(&[origin], &form).await;
        assert_eq!(tokens.header("access-control-allow-origin"), Some(origin.1), "{}", tokens.body);
        let mut set = tokens.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("ASCII"));
        let own = set.find(|cookie| cookie.starts_with("refresh_token_")).expect("its own");
        assert!(own.contains("HttpOnly") && own.contains("Path=/oauth2/token"), "{own}");
        let cookie = own.split(';').next().expect("a pair").to_owned();
        // By the cookie alone, from its own origin and from no other.
        let form = [("grant_type", "refresh_token"), ("client_id", id.as_str())];
        let evil = send(&[("origin", "https://evil.example"), ("cookie", &cookie)], &form).await;
        assert_eq!((evil.status, evil.header("access-control-allow-origin")), (400, None));
        assert_eq!(send(&[origin, ("cookie", &cookie)], &form).await.status, 200);
        named.push(cookie.split('=').next().expect("a name").to_owned());
    }
    assert_ne!(named[0], named[1], "two apps do not overwrite one another's");
    house.close().await;
});
