//! People as operators handle them through the API: looked for, made, changed, made one, copied.

use crate::harness::operator::Operator;
use crate::harness::portal::Desk;
use crate::harness::ways::{TEST, ask, signed_in, typed, waiting};
use crate::harness::{House, SHOP, Visitor, both};
use countersign::domain::audit::By;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{self, Verified};
use countersign::flows::manage::invitations::{Asked, invite};
use reqwest::Method;
use serde_json::{Value, json};

const SCOPES: [&str; 5] = ["read:people", "create:people", "update:people", "delete:people", "read:audit"];

const DECLARED: &str = r#"
[[role]]
key = "clerk"
name = "Clerk"

[[role]]
key = "boss"
name = "Boss"

[[organization]]
code = "org_acme"
name = "Acme"
"#;

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn house(engine: crate::harness::Engine) -> (House, Operator) {
    let house = House::with(engine, &format!("{SHOP}{DECLARED}"), &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    (house, operator)
}

async fn made(operator: &Operator, identifiers: &[&str], name: &str) -> String {
    let made = operator.post("people", &json!({ "identifiers": identifiers, "profile": { "name": name } })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("id")
}

/// Signs in with what a passcode is sent to, in this browser.
async fn sign_in(house: &House, visitor: &mut Visitor, identifier: &str) {
    let page = waiting(visitor, identifier).await;
    house.settle().await;
    let digits = house.passcode(identifier).await;
    typed(visitor, &page, &digits).await.code();
}

async fn acts(operator: &Operator) -> Vec<String> {
    let book = operator.get("audit?noun=person").await.json();
    book["data"].as_array().expect("data").iter().map(|entry| entry["act"].as_str().expect("text").to_owned()).collect()
}

both!(somebody_is_made_once_and_signs_in, async |engine| {
    let (house, operator) = house(engine).await;
    let ada = json!({
        "identifiers": ["Ada@Shop.example", "+234 803 123 4567"],
        "profile": { "given_name": "Ada", "provided_id": "crm-7" },
        "organization": [{ "code": "org_acme", "roles": ["clerk"] }],
    });
    let key = [("idempotency-key", "one"), ("content-type", "application/json")];
    let first = operator.send(Method::POST, "people", &key, Some(&ada)).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let id = first.text("id");
    assert_eq!(first.header("location"), Some(format!("/api/v1/people/{id}").as_str()));
    assert_eq!(
        first.json()["identifiers"],
        json!([{ "kind": "email", "value": "ada@shop.example" }, { "kind": "phone", "value": "+2348031234567" }])
    );
    assert_eq!(
        first.json()["memberships"],
        json!([{ "organization": "org_acme", "roles": ["clerk"], "permissions": [] }])
    );
    // The same again is the same; another body under the key is not.
    let again = operator.send(Method::POST, "people", &key, Some(&ada)).await;
    assert_eq!((again.status, again.text("id")), (201, id.clone()));
    let other = json!({ "identifiers": ["eve@shop.example"] });
    let reused = operator.send(Method::POST, "people", &key, Some(&other)).await;
    assert_eq!((reused.status, reused.text("type")), (422, "urn:countersign:problem:key-reused".into()));
    // Without the key somebody has the identifier, and who is said.
    let taken = operator.post("people", &ada).await;
    assert_eq!((taken.status, taken.text("type")), (409, "urn:countersign:problem:exists".into()));
    assert_eq!(taken.json()["errors"][0]["detail"], format!("belongs to {id}"));
    for (wrong, field) in [
        (json!({}), ""),
        (json!({ "identifiers": [] }), "identifiers"),
        (json!({ "identifiers": ["nobody"] }), "identifiers"),
        (json!({ "identifiers": ["x@shop.example"], "profile": { "nmae": "X" } }), "profile.nmae"),
        (json!({ "identifiers": ["x@shop.example"], "profile": { "name": "x\u{7}" } }), "profile"),
        (json!({ "identifiers": ["x@shop.example"], "organization": [{ "code": "org_none" }] }), "organization.code"),
        (
            json!({ "identifiers": ["x@shop.example"], "organization": [{ "code": "org_acme", "roles": ["king"] }] }),
            "organization.roles",
        ),
    ] {
        let told = operator.post("people", &wrong).await;
        assert_eq!((told.status, &told.json()["errors"][0]["field"]), (422, &json!(field)), "{wrong}: {}", told.body);
    }
    let nobody = operator.get("people?identifier=x%40shop.example").await.json();
    assert_eq!(nobody["data"], json!([]), "what is wrong makes nobody");
    sign_in(&house, &mut house.visitor(), "ada@shop.example").await;
    assert_eq!(acts(&operator).await, ["create"]);
    let book = operator.get("audit?noun=person").await;
    assert!(!book.body.contains("shop.example") && !book.body.contains("8031234567"), "{}", book.body);
    house.close().await;
});

both!(a_profile_is_laid_over_what_there_is, async |engine| {
    let (house, operator) = house(engine).await;
    let id = made(&operator, &["ada@shop.example"], "Ada").await;
    let path = format!("people/{id}");
    let change = json!({
        "profile": { "name": null, "given_name": "Ada", "address": { "country": "NG" } },
        "organization": [{ "code": "org_acme", "roles": ["boss"] }],
    });
    let changed = operator.send(Method::PATCH, &path, &[], Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json()["profile"], json!({ "given_name": "Ada", "address": { "country": "NG" } }));
    assert_eq!(changed.json()["memberships"][0]["roles"], json!(["boss"]));
    assert_eq!(operator.send(Method::PATCH, &path, &[], Some(&change)).await.status, 200);
    for wrong in [
        json!({ "profile": "Ada" }),
        json!({ "profile": { "name": 7 } }),
        json!({ "profile": { "name": "x".repeat(501) } }),
        json!({ "identifiers": ["eve@shop.example"] }),
        json!({ "blocked": true, "organization": [{ "code": "org_none" }] }),
    ] {
        assert_eq!(operator.send(Method::PATCH, &path, &[], Some(&wrong)).await.status, 422, "{wrong}");
    }
    assert_eq!(operator.get(&path).await.json()["blocked"], false, "all or nothing");
    assert_eq!(acts(&operator).await, ["update", "create"], "what changes nothing is not written down");
    house.close().await;
});

both!(somebody_is_found_by_what_one_has_in_hand, async |engine| {
    let (house, operator) = house(engine).await;
    let ada = made(&operator, &["ada@shop.example", "+2348031234567"], "Ada Obi").await;
    house.pass(1);
    let eze = made(&operator, &["adaeze@shop.example"], "Adaeze Eze").await;
    let blocked = operator.send(Method::PATCH, &format!("people/{eze}"), &[], Some(&json!({ "blocked": true }))).await;
    assert_eq!(blocked.status, 200);
    let found = async |query: String| -> Vec<String> {
        let page = operator.get(&format!("people?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        let page = page.json();
        page["data"].as_array().expect("data").iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
    };
    for (text, ids) in [
        (ada.as_str(), vec![&ada]),
        ("Ada Obi <Ada@shop.example>", vec![&ada]),
        ("mailto:ada@shop.example", vec![&ada]),
        ("+234 (803) 123-4567", vec![&ada]),
        // As it is written in the country the connections ask for first.
        ("0803 123 4567", vec![&ada]),
        ("+23480", vec![&ada]),
        ("ada", vec![&eze, &ada]),
        ("OBI ad", vec![&ada]),
        ("ADAEZE", vec![&eze]),
        ("nobody", vec![]),
        ("%", vec![]),
        ("' OR 1=1 --", vec![]),
        ("kp_none", vec![]),
    ] {
        let ids: Vec<String> = ids.into_iter().cloned().collect();
        assert_eq!(found(format!("q={}", encoded(text))).await, ids, "{text}");
    }
    assert_eq!(operator.get("people?q=%00").await.status, 400);
    assert_eq!(found("blocked=true".into()).await, std::slice::from_ref(&eze));
    assert_eq!(found("blocked=false".into()).await, std::slice::from_ref(&ada));
    assert_eq!(found("q=ada&blocked=true".into()).await, std::slice::from_ref(&eze));
    assert_eq!(found("q=ada&blocked=false".into()).await, std::slice::from_ref(&ada));
    assert_eq!(operator.get("people?blocked=maybe").await.status, 400);
    // What is found is cut into pages as any list is.
    let first = operator.get("people?q=ada&limit=1").await.json();
    let next = first["next"].as_str().expect("more");
    assert_eq!(found(format!("q=ada&limit=1&cursor={next}")).await, [ada]);
    house.close().await;
});

both!(a_page_of_people_is_one_statement, async |engine| {
    let (house, operator) = house(engine).await;
    for n in 0..20 {
        made(&operator, &[&format!("p{n}@shop.example"), &format!("q{n}@shop.example")], "P").await;
    }
    let search = countersign::flows::manage::accounts::Search::default();
    let count = || house.app.db.counted().statements.load(std::sync::atomic::Ordering::Relaxed);
    let mut fewest = u64::MAX;
    // Others look into the database now and then.
    for _ in 0..5 {
        let before = count();
        let page = countersign::flows::manage::accounts::list(&house.app, search, None, 20).await.expect("lists");
        assert_eq!(page.len(), 20);
        assert!(page.iter().all(|one| one.identifiers.len() == 2));
        fewest = fewest.min(count() - before);
    }
    assert_eq!(fewest, 1);
    house.close().await;
});

both!(what_one_signs_in_with_is_added_and_taken_away, async |engine| {
    let (house, operator) = house(engine).await;
    let ada = made(&operator, &["ada@shop.example"], "Ada").await;
    let eve = made(&operator, &["eve@shop.example"], "Eve").await;
    let path = format!("people/{ada}/identifiers");
    let mut visitor = house.visitor();
    sign_in(&house, &mut visitor, "ada@shop.example").await;
    let last = operator.send(Method::DELETE, &format!("{path}/ada%40shop.example"), &[], None).await;
    assert_eq!((last.status, last.text("type")), (409, "urn:countersign:problem:last-identifier".into()));
    let added = operator.post(&path, &json!({ "identifier": "+234 803 123 4567" })).await;
    assert_eq!((added.status, added.json()["identifiers"].as_array().map(Vec::len)), (200, Some(2)), "{}", added.body);
    assert_eq!(operator.post(&path, &json!({ "identifier": "+2348031234567" })).await.status, 200, "so already");
    let taken = operator.post(&path, &json!({ "identifier": "eve@shop.example" })).await;
    assert_eq!((taken.status, &taken.json()["errors"][0]["detail"]), (409, &json!(format!("belongs to {eve}"))));
    for wrong in [
        json!({}),
        json!({ "identifier": 7 }),
        json!({ "identifier": "x" }),
        json!({ "identifier": "a@b.example", "x": 1 }),
    ] {
        assert_eq!(operator.post(&path, &wrong).await.status, 422, "{wrong}");
    }
    assert_eq!(operator.post("people/kp_none/identifiers", &json!({ "identifier": "a@b.example" })).await.status, 404);
    // Whatever session it was that began with it ends.
    let removed = operator.send(Method::DELETE, &format!("{path}/ada%40shop.example"), &[], None).await;
    assert_eq!(
        removed.json()["identifiers"],
        json!([{ "kind": "phone", "value": "+2348031234567" }]),
        "{}",
        removed.body
    );
    assert!(visitor.get(&ask(&[("prompt", "none")])).await.location().contains("login_required"));
    for gone in [format!("{path}/ada%40shop.example"), format!("{path}/eve%40shop.example"), format!("{path}/x")] {
        assert_eq!(operator.send(Method::DELETE, &gone, &[], None).await.status, 404, "{gone}");
    }
    // Who comes with it now is somebody new.
    sign_in(&house, &mut house.visitor(), "ada@shop.example").await;
    let now = operator.get("people?identifier=ada%40shop.example").await.json();
    assert_ne!(now["data"][0]["id"], json!(ada));
    assert_eq!(acts(&operator).await, ["remove_identifier", "add_identifier", "create", "create"]);
    house.close().await;
});

both!(two_at_once_leave_one_identifier, async |engine| {
    let (house, operator) = house(engine).await;
    let ada = made(&operator, &["a1@shop.example", "a2@shop.example"], "Ada").await;
    let remove = async |one: &str| {
        operator.send(Method::DELETE, &format!("people/{ada}/identifiers/{one}%40shop.example"), &[], None).await.status
    };
    let (one, other) = tokio::join!(remove("a1"), remove("a2"));
    let mut both = [one, other];
    both.sort_unstable();
    assert_eq!(both, [200, 409]);
    house.close().await;
});

both!(two_accounts_become_one_by_the_persons_own_proof, async |engine| {
    let (house, operator) = house(engine).await;
    let ada = made(&operator, &["ada@shop.example"], "Ada").await;
    let other = operator
        .post(
            "people",
            &json!({ "identifiers": ["+2348031234567"], "profile": { "name": "A. O.", "locale": "en-NG" },
                "organization": [{ "code": "org_acme", "roles": ["clerk"] }] }),
        )
        .await
        .text("id");
    let path = format!("people/{ada}/merge");
    let merge = async |from: &str| operator.post(&path, &json!({ "from": from })).await;
    let unproven = merge(&other).await;
    assert_eq!((unproven.status, unproven.text("type")), (409, "urn:countersign:problem:proof-needed".into()));
    // Two people, each in a browser of their own, at the same time.
    let (mut one, mut two) = (house.visitor(), house.visitor());
    sign_in(&house, &mut one, "ada@shop.example").await;
    sign_in(&house, &mut two, "+2348031234567").await;
    assert_eq!(merge(&other).await.status, 409, "two browsers prove nothing");
    // One person, but too long ago.
    sign_in(&house, &mut one, "+2348031234567").await;
    house.pass(901);
    assert_eq!(merge(&other).await.status, 409, "a quarter of an hour has passed");
    sign_in(&house, &mut one, "ada@shop.example").await;
    assert_eq!(merge(&other).await.status, 409, "one of the two is too old");
    // Asked for, and not typed.
    waiting(&mut one, "+2348031234567").await;
    assert_eq!(merge(&other).await.status, 409);
    house.settle().await;
    let page = waiting(&mut two, "+2348031234567").await;
    house.settle().await;
    let back = typed(&mut two, &page, &house.passcode("+2348031234567").await).await;
    let tokens = house.machine().redeem(&back.code(), &[]).await;
    let access = tokens.text("access_token");
    sign_in(&house, &mut two, "ada@shop.example").await;
    let merged = merge(&other).await;
    assert_eq!(merged.status, 200, "{}", merged.body);
    assert_eq!(merged.text("id"), ada);
    assert_eq!(merged.json()["identifiers"].as_array().map(Vec::len), Some(2));
    assert_eq!(merged.json()["profile"], json!({ "name": "Ada", "locale": "en-NG" }));
    assert_eq!(merged.json()["memberships"][0]["roles"], json!(["clerk"]));
    // The other is gone, with what it gave.
    assert_eq!(operator.get(&format!("people/{other}")).await.status, 404);
    assert_eq!(house.machine().userinfo(&access).await.status, 401);
    sign_in(&house, &mut house.visitor(), "+2348031234567").await;
    let found = operator.get("people?identifier=%2B2348031234567").await.json();
    assert_eq!(found["data"][0]["id"], json!(ada));
    let book = operator.get("audit?noun=person&limit=2").await.json();
    assert_eq!((&book["data"][0]["act"], &book["data"][0]["name"]), (&json!("merged"), &json!(other)));
    assert_eq!((&book["data"][1]["act"], &book["data"][1]["after"]["from"]), (&json!("merge"), &json!(other)));
    for (from, status) in [(ada.as_str(), 422), ("kp_none", 422), (other.as_str(), 422)] {
        assert_eq!(merge(from).await.status, status, "{from}");
    }
    assert_eq!(operator.post("people/kp_none/merge", &json!({ "from": ada })).await.status, 404);
    house.close().await;
});

both!(who_is_blocked_is_not_let_in_by_a_merge, async |engine| {
    let (house, operator) = house(engine).await;
    let mut visitor = house.visitor();
    sign_in(&house, &mut visitor, "ada@shop.example").await;
    sign_in(&house, &mut visitor, "+2348031234567").await;
    let id = async |identifier: &str| {
        let found = operator.get(&format!("people?identifier={}", encoded(identifier))).await.json();
        found["data"][0]["id"].as_str().expect("an id").to_owned()
    };
    let (ada, other) = (id("ada@shop.example").await, id("+2348031234567").await);
    operator.send(Method::PATCH, &format!("people/{other}"), &[], Some(&json!({ "blocked": true }))).await;
    for (into, from) in [(&ada, &other), (&other, &ada)] {
        let told = operator.post(&format!("people/{into}/merge"), &json!({ "from": from })).await;
        assert_eq!((told.status, told.text("type")), (409, "urn:countersign:problem:blocked".into()));
    }
    house.close().await;
});

both!(somebody_gets_a_copy_of_all_that_is_known, async |engine| {
    let (house, operator) = house(engine).await;
    let mut visitor = house.visitor();
    let back = signed_in(&mut visitor, &[]).await;
    let tokens = house.machine().redeem(&back.code(), &[]).await;
    visitor.get(&ask(&[("prompt", "none")])).await.code();
    let found = operator.get(&format!("people?identifier={}", encoded(TEST))).await.json();
    let path = format!("people/{}", found["data"][0]["id"].as_str().expect("an id"));
    operator.send(Method::PATCH, &path, &[], Some(&json!({ "profile": { "name": "=1+1" } }))).await;
    let copy = operator.get(&format!("{path}/export")).await;
    assert_eq!((copy.status, copy.header("cache-control")), (200, Some("no-store")));
    let told = copy.json();
    assert_eq!(told["identifiers"][0]["value"], json!(TEST));
    assert_eq!(told["profile"], json!({ "name": "=1+1" }));
    assert_eq!(
        (told["sessions"].as_array().map(Vec::len), told["grants"].as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
    let sign_ins = told["sign_ins"].as_array().expect("sign-ins");
    assert_eq!(sign_ins.len(), 1, "a silent one is no sign-in: {told}");
    assert!(sign_ins[0]["timeline"].to_string().contains("passcode typed, right"), "{told}");
    assert_eq!(told["done_by_operators"][0]["act"], "update");
    for secret in ["000000", "code_hash", "mac", &tokens.text("access_token"), "client:operator"] {
        assert!(!copy.body.contains(secret), "{secret} in {}", copy.body);
    }
    let listed = async |what: &str| operator.get(&format!("{path}/{what}")).await.json()["data"].clone();
    assert_eq!(listed("sessions").await.as_array().map(Vec::len), Some(1));
    assert_eq!(listed("grants").await[0]["client"], "shop");
    assert_eq!(listed("sign_ins").await[0]["state"], "answered");
    for what in ["export", "sessions", "grants", "sign_ins"] {
        assert_eq!(operator.get(&format!("people/kp_none/{what}")).await.status, 404, "{what}");
    }
    house.close().await;
});

both!(each_act_needs_its_scope, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &["read:people"]).await;
    let body = json!({ "identifiers": ["a@b.example"] });
    for (method, path) in [
        (Method::POST, "people"),
        (Method::POST, "people/kp_1/identifiers"),
        (Method::DELETE, "people/kp_1/identifiers/x"),
        (Method::POST, "people/kp_1/merge"),
    ] {
        assert_eq!(operator.send(method.clone(), path, &[], Some(&body)).await.status, 403, "{method} {path}");
    }
    house.close().await;
});

both!(who_was_invited_and_who_registered_stands_in_the_book, async |engine| {
    let declared = format!(
        "{}\n[[registration]]\nname = \"partners\"\nopen = true\nredirect_hosts = [\"app.example\"]\nconnections = [\"phone\"]\n",
        SHOP.replace("[[client]]\nid = \"shop\"", "[[client]]\nclient_uri = \"https://shop.example\"\nid = \"shop\"")
    );
    let house = House::with(engine, &declared, &[]).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let asked = Asked { email: "ada@shop.example", client: "shop", ..Asked::default() };
    invite(&house.app, &By::command(), &asked).await.expect("answers").expect("a link");
    let told = operator.get("audit?noun=invitation").await;
    assert_eq!(told.json()["data"][0]["after"]["client"], "shop", "{}", told.body);
    assert!(!told.body.contains("ada@"), "the book names nobody's address");
    let metadata = json!({ "redirect_uris": ["https://app.example/cb"], "client_name": "App" });
    let made = house.machine().json(Method::POST, "/oauth2/register", "", Some(&metadata)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (id, token) = (made.text("client_id"), made.text("registration_access_token"));
    let path = format!("/oauth2/register/{id}");
    let changed = json!({ "client_id": id, "redirect_uris": ["https://app.example/cb"], "client_name": "Other" });
    assert_eq!(house.machine().json(Method::PUT, &path, &token, Some(&changed)).await.status, 200);
    assert_eq!(house.machine().json(Method::DELETE, &path, &token, None).await.status, 204);
    let book = operator.get(&format!("audit?noun=client&name={id}")).await;
    let told: Vec<(Value, Value)> = book.json()["data"]
        .as_array()
        .expect("data")
        .iter()
        .map(|entry| (entry["act"].clone(), entry["actor"].clone()))
        .collect();
    let itself = json!(format!("client:{id}"));
    let wanted = [
        (json!("delete"), itself.clone()),
        (json!("update"), itself),
        (json!("create"), json!("registration:partners")),
    ];
    assert_eq!(told, wanted);
    assert_eq!(book.json()["data"][1]["after"]["metadata"]["client_name"], "Other");
    assert!(!book.body.contains(&token) && !book.body.contains(&made.text("client_secret")), "no secret in the book");
    assert!(matches!(audit::verify(&house.app).await.expect("reads"), Verified::Whole(_)));
    house.close().await;
});

both!(no_program_becomes_an_operator_by_an_identifier_of_its_own, async |engine| {
    let (house, operator) = house(engine).await;
    let mut owner = Desk::called(&house, Role::Owner, "owner@desk.example").await;
    let id = countersign::flows::manage::operators::list(&house.app).await.expect("listed")[0].subject.clone();
    let body = json!({ "identifier": "intruder@mail.example" });
    let refused = operator.post(&format!("people/{id}/identifiers"), &body).await;
    assert_eq!(
        (refused.status, refused.text("type")),
        (409, "urn:countersign:problem:operates".into()),
        "{}",
        refused.body
    );
    let taken = operator.delete(&format!("people/{id}/identifiers/{}", encoded("owner@desk.example"))).await;
    assert_eq!(taken.status, 409, "{}", taken.body);
    let erased = operator.delete(&format!("people/{id}")).await;
    assert_eq!(
        (erased.status, erased.text("type")),
        (409, "urn:countersign:problem:last-owner".into()),
        "{}",
        erased.body
    );
    assert_eq!(owner.get("/admin/operators").await.status.as_u16(), 200, "nothing was changed");
    house.close().await;
});
