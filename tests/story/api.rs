//! `/api/v1`: who is let in, and what becomes of what they do.

use crate::harness::operator::Operator;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{House, both};
use countersign::flows::manage::audit::{self, Verified};
use countersign::store::audit::Filter;
use reqwest::Method;
use serde_json::{Value, json};

const ALL: [&str; 8] = [
    "read:clients",
    "create:clients",
    "update:clients",
    "delete:clients",
    "read:connections",
    "update:connections",
    "delete:connections",
    "read:audit",
];

fn till() -> Value {
    json!({ "id": "till", "name": "Till", "kind": "web", "redirect_uris": ["https://till.example/cb"], "connections": ["phone"] })
}

both!(a_client_is_made_read_changed_and_taken_away, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let made = operator.post("clients", &till()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.header("location"), Some("/api/v1/clients/till"));
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let secret = made.text("secret");
    assert_eq!(secret.len(), 52, "made, and shown this once");
    let read = operator.get("clients/till").await;
    assert_eq!((read.status, read.json()["secret"].clone()), (200, Value::Null));
    assert_eq!(read.json()["access_token_seconds"], 86_400, "what is as usual is told");
    let etag = read.header("etag").expect("a tag").to_owned();
    assert_eq!(made.header("etag"), Some(etag.as_str()));
    let known = operator.send(Method::GET, "clients/till", &[("if-none-match", &etag)], None).await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    let changed =
        operator.patch("clients/till", &etag, &json!({ "name": "The Till", "access_token_seconds": 600 })).await;
    assert_eq!((changed.status, changed.text("name")), (200, "The Till".into()), "{}", changed.body);
    assert_eq!(changed.json()["secret_sha256"], read.json()["secret_sha256"], "its secret stays");
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
    // It is a client like any other, at once.
    let query = [("client_id", "till"), ("redirect_uri", "https://till.example/cb")];
    assert!(house.visitor().get(&ask(&query)).await.text().contains("The Till"));
    assert_eq!(operator.delete("clients/till").await.status, 204);
    assert_eq!(operator.get("clients/till").await.status, 404);
    assert_eq!(house.visitor().get(&ask(&query)).await.status, 400);
    house.close().await;
});

both!(the_second_of_two_is_shown_what_the_first_did, async |engine| {
    let house = House::open(engine).await;
    let (one, other) = (Operator::of(&house, &ALL).await, Operator::called(&house, "other", &ALL).await);
    let etag = one.get("clients/shop").await.header("etag").expect("a tag").to_owned();
    assert_eq!(one.patch("clients/shop", &etag, &json!({ "name": "First" })).await.status, 200);
    let second = other.patch("clients/shop", &etag, &json!({ "name": "Second" })).await;
    assert_eq!((second.status, second.text("type")), (412, "urn:countersign:problem:stale".into()));
    assert_eq!(second.json()["current"]["name"], "First");
    let now = second.header("etag").expect("the tag as it is now").to_owned();
    assert_eq!(other.patch("clients/shop", &now, &json!({ "name": "Second" })).await.status, 200);
    let blind = other.send(Method::PATCH, "clients/shop", &[], Some(&json!({ "name": "Third" }))).await;
    assert_eq!((blind.status, blind.text("type")), (428, "urn:countersign:problem:if-match-needed".into()));
    assert_eq!(other.get("clients/shop").await.text("name"), "Second");
    house.close().await;
});

both!(what_is_wrong_is_told_by_field_and_changes_nothing, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let revision = house.app.live().catalog.revision;
    let mut wrong = till();
    wrong["redirect_uris"] = json!(["http://till.example/cb"]);
    wrong["color"] = json!("red");
    let told = operator.post("clients", &wrong).await;
    assert_eq!((told.status, told.header("content-type")), (422, Some("application/problem+json")));
    let fields: Vec<Value> =
        told.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["redirect_uris", "color"]);
    for (path, body, status, field) in [
        ("clients", json!({ "id": "x", "nmae": "X" }), 422, "nmae"),
        ("clients", json!({ "id": "x", "name": "X", "kind": "web", "redirect_uris": [7] }), 422, "redirect_uris[0]"),
        ("clients", json!({ "id": "shop", "name": "X", "kind": "web" }), 409, "none"),
        ("nothing", till(), 404, "none"),
    ] {
        let told = operator.post(path, &body).await;
        assert_eq!(told.status, status, "{path} {body}: {}", told.body);
        if field != "none" {
            assert_eq!(told.json()["errors"][0]["field"], field, "{}", told.body);
        }
    }
    let renamed = operator.patch("clients/shop", "*", &json!({ "id": "shop2" })).await;
    assert_eq!((renamed.status, renamed.json()["errors"][0]["field"].clone()), (422, json!("id")));
    for (headers, body, status) in [
        (&[("content-type", "text/plain")][..], &b"{}"[..], 415),
        (&[("content-type", "application/json")], b"[]", 400),
        (&[("content-type", "application/json")], b"{\"id\":1,\"id\":2}", 400),
        (&[("content-type", "application/json")], b"{", 400),
    ] {
        let bearer = format!("Bearer {}", operator.token);
        let headers: Vec<(&str, &str)> =
            [("authorization", bearer.as_str())].into_iter().chain(headers.iter().copied()).collect();
        assert_eq!(operator.machine.raw("/api/v1/clients", &headers, body.to_vec()).await.status, status);
    }
    assert_eq!(house.app.live().catalog.revision, revision, "nothing was changed");
    house.close().await;
});

both!(what_others_need_says_who_needs_it, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let told = operator.delete("connections/phone").await;
    assert_eq!((told.status, told.text("type")), (409, "urn:countersign:problem:in-use".into()));
    let errors = told.json()["errors"].as_array().expect("errors").clone();
    let of: Vec<&str> = errors.iter().filter_map(|error| error["of"].as_str()).collect();
    assert_eq!(of, ["client kiosk", "client members", "client shop"], "{errors:?}");
    assert!(house.app.live().catalog.connection("phone").is_some());
    assert_eq!(operator.delete("connections/sms-only").await.status, 204, "nobody needs it");
    house.close().await;
});

both!(a_connection_switched_off_in_mid_sign_in_says_so_calmly, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    assert_eq!(operator.patch("connections/phone", "*", &json!({ "enabled": false })).await.status, 200);
    assert_eq!(operator.patch("connections/email", "*", &json!({ "enabled": false })).await.status, 200);
    let told = visitor.submit(&page, &[("p_phone", "+2348031234567"), ("p_country", "NG")]).await;
    assert!(told.status.as_u16() < 500, "{} {}", told.status, told.text());
    assert_eq!(house.sent("+2348031234567").await, 0);
    house.close().await;
});

both!(the_same_key_makes_one, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let key = [("idempotency-key", "7d1c")];
    let first = operator.send(Method::POST, "clients", &key, Some(&till())).await;
    let again = operator.send(Method::POST, "clients", &key, Some(&till())).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.body);
    assert_eq!(first.json(), again.json(), "the secret too, for whoever lost the answer");
    let mut other = till();
    other["name"] = json!("Another");
    let reused = operator.send(Method::POST, "clients", &key, Some(&other)).await;
    assert_eq!((reused.status, reused.text("type")), (422, "urn:countersign:problem:key-reused".into()));
    // Somebody else's key is another, and a day later it is forgotten.
    let stranger = Operator::called(&house, "stranger", &ALL).await;
    assert_eq!(stranger.send(Method::POST, "clients", &key, Some(&till())).await.status, 409);
    house.pass(24 * 60 * 60);
    let late = Operator::of(&house, &ALL).await;
    assert_eq!(late.send(Method::POST, "clients", &key, Some(&till())).await.status, 409);
    // What is kept of the answer shows no secret.
    let secret = first.text("secret");
    let file = house.database_url.strip_prefix("sqlite:");
    if let Some(file) = file {
        let log = std::fs::read(format!("{file}-wal")).unwrap_or_default();
        let all = [std::fs::read(file).expect("the database"), log].concat();
        assert!(!all.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    house.close().await;
});

both!(a_hundred_at_once_with_one_key_make_one, async |engine| {
    let house = House::open(engine).await;
    let operator = std::sync::Arc::new(Operator::of(&house, &ALL).await);
    let asking = (0..100).map(|_| {
        let operator = operator.clone();
        tokio::spawn(
            async move { operator.send(Method::POST, "clients", &[("idempotency-key", "k")], Some(&till())).await },
        )
    });
    let mut secrets = std::collections::BTreeSet::new();
    for asked in asking.collect::<Vec<_>>() {
        let answer = asked.await.expect("answers");
        assert_eq!(answer.status, 201, "{}", answer.body);
        secrets.insert(answer.text("secret"));
    }
    assert_eq!(secrets.len(), 1);
    let made =
        audit::list(&house.app, &Filter { name: "till".into(), ..Filter::default() }, None, 10).await.expect("lists");
    assert_eq!(made.len(), 1);
    house.close().await;
});

both!(only_a_clients_own_token_meant_for_the_api_opens_it, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &["read:clients"]).await;
    let api = format!("{}/api/v1", house.issuer);
    // Without a token.
    let told = house.machine().get("/api/v1/clients").await;
    assert_eq!((told.status, told.header("content-type")), (401, Some("application/problem+json")));
    assert!(told.header("www-authenticate").expect("a challenge").starts_with("Bearer realm="));
    // Without the scope: which one is told.
    let told = operator.post("clients", &till()).await;
    assert_eq!((told.status, told.text("type")), (403, "urn:countersign:problem:insufficient-scope".into()));
    assert!(told.header("www-authenticate").expect("a challenge").contains("scope=\"create:clients\""));
    assert_eq!(operator.get("connections").await.status, 403);
    // A scope the client does not name cannot be asked for, nor the API by one that does not name it.
    let refused = Operator::ask(&house.machine(), "operator", &[("resource", &api), ("scope", "create:clients")]).await;
    assert_eq!(refused.refusal(), (400, "invalid_scope".into()));
    let elsewhere = Operator::ask(&house.machine(), "operator", &[("scope", "read:clients")]).await;
    let aimless = Operator { machine: house.machine(), token: elsewhere.text("access_token") };
    assert_eq!(aimless.get("clients").await.status, 401, "not meant for the API");
    let form =
        [("grant_type", "client_credentials"), ("client_id", "shop"), ("client_secret", crate::harness::SHOP_SECRET)];
    let shop = house.machine().post("/oauth2/token", &[&form[..], &[("resource", &api)]].concat()).await;
    assert_ne!(shop.status, 200, "{}", shop.body);
    // A person's token opens nothing, whatever the client may.
    let back = signed_in(&mut house.visitor(), &[]).await;
    let tokens = house.machine().redeem(&back.code(), &[]).await;
    let person = Operator { machine: house.machine(), token: tokens.text("access_token") };
    assert_eq!(person.get("clients").await.status, 401);
    // What the client was declared with since counts.
    let less = "[[client]]\nid = \"operator\"\nname = \"Operator\"\nkind = \"machine\"\nscopes = [\"read:audit\"]\n";
    countersign::flows::manage::apply::apply(&house.app, less, &|_| Err(String::new()), false).await.expect("applies");
    assert_eq!(operator.get("clients").await.status, 403);
    house.close().await;
});

both!(who_calls_too_often_waits, async |engine| {
    let house = House::with(engine, crate::harness::SHOP, &[("api.per_minute", "3")]).await;
    let operator = Operator::of(&house, &ALL).await;
    for left in ["2", "1", "0"] {
        let answer = operator.get("clients").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"client\";q=3;w=60"));
        assert!(answer.header("ratelimit").expect("the limit").starts_with(&format!("\"client\";r={left};t=")));
    }
    let refused = operator.get("clients").await;
    assert_eq!((refused.status, refused.text("type")), (429, "urn:countersign:problem:too-often".into()));
    let wait: u64 = refused.header("retry-after").expect("when").parse().expect("seconds");
    assert_eq!(
        Operator::called(&house, "other", &ALL).await.get("clients").await.status,
        200,
        "another's is another's"
    );
    house.pass(wait);
    assert_eq!(operator.get("clients").await.status, 200);
    house.close().await;
});

both!(lists_come_by_pages, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    let ids = |answer: &Value| -> Vec<String> {
        answer["data"]
            .as_array()
            .expect("data")
            .iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let first = operator.get("clients?limit=2").await.json();
    assert_eq!((ids(&first), first["next"].clone()), (vec!["kiosk".into(), "members".into()], json!("members")));
    let rest = operator.get("clients?limit=2&cursor=members").await.json();
    assert_eq!((ids(&rest), rest["next"].clone()), (vec!["operator".into(), "shop".into()], Value::Null));
    assert_eq!(ids(&operator.get("clients?q=127.0.0.1:4100").await.json()), ["kiosk"]);
    for bad in ["limit=0", "limit=101", "limit=x"] {
        assert_eq!(operator.get(&format!("clients?{bad}")).await.status, 400, "{bad}");
    }
    house.close().await;
});

both!(every_change_is_written_down_and_the_book_is_proven_whole, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &ALL).await;
    operator.post("clients", &till()).await;
    operator.patch("clients/till", "*", &json!({ "name": "The Till" })).await;
    operator.patch("clients/till", "*", &json!({ "name": "The Till" })).await;
    operator.patch("clients/till", "*", &json!({ "color": "red" })).await;
    operator.delete("clients/till").await;
    let book = operator.get("audit?noun=client&name=till").await.json();
    let told: Vec<(String, Value, Value)> = book["data"]
        .as_array()
        .expect("data")
        .iter()
        .map(|entry| {
            (
                entry["act"].as_str().expect("an act").to_owned(),
                entry["before"]["name"].clone(),
                entry["after"]["name"].clone(),
            )
        })
        .collect();
    let expected = [
        ("delete".to_owned(), json!("The Till"), Value::Null),
        ("update".to_owned(), json!("Till"), json!("The Till")),
        ("create".to_owned(), Value::Null, json!("Till")),
    ];
    assert_eq!(told, expected, "the same again and what was refused are no changes");
    assert!(book["data"].as_array().expect("data").iter().all(|entry| entry["actor"] == "client:operator"));
    assert_eq!(
        operator.get("audit?actor=command&noun=connection").await.json()["data"].as_array().expect("data").len(),
        3
    );
    let page = operator.get("audit?limit=1").await.json();
    let next = page["next"].as_str().expect("more").to_owned();
    assert_ne!(operator.get(&format!("audit?limit=1&cursor={next}")).await.json()["data"], page["data"]);
    let Verified::Whole(count) = audit::verify(&house.app).await.expect("verifies") else { panic!("broken") };
    assert!(count > 10, "{count}");
    house.close().await;
});

both!(the_description_holds_every_route_and_no_other, async |engine| {
    let house = House::open(engine).await;
    let document = house.machine().get("/api/v1/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let every: Vec<String> =
        document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]["scopes"]
            .as_object()
            .expect("scopes")
            .keys()
            .cloned()
            .collect();
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let operator = Operator::of(&house, &every).await;
    let methods = ["get", "post", "put", "patch", "delete"];
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in methods {
            let sent = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let headers = [("if-match", "*"), ("content-type", "application/json")];
            let path = path.replace("{name}", "none").replace("{subject}", "none").replace("{id}", "none");
            let answer = operator.send(sent, path.trim_start_matches('/'), &headers, Some(&json!({}))).await;
            let Some(operation) = item.get(method) else {
                assert_eq!(answer.status, 405, "{method} {path} is answered and not described: {}", answer.body);
                continue;
            };
            let told = answer.status.to_string();
            assert!(
                operation["responses"].get(&told).is_some(),
                "{method} {path}: {told} is not described: {}",
                answer.body
            );
        }
    }
    // Each scope opens something, and each thing is opened by one.
    let wanted: std::collections::BTreeSet<String> = document["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| methods.iter().filter_map(|method| item.get(*method)))
        .map(|operation| operation["security"][0]["client"][0].as_str().expect("a scope").to_owned())
        .collect();
    assert_eq!(wanted.iter().map(String::as_str).collect::<Vec<_>>(), every);
    house.close().await;
});
