//! Four doors onto the same flows: whatever the portal does the API does, and the other way round; a command does all of what the
//! API does, because it asks the same routes. A file declares what there is; what is done once is no part of it.

use crate::harness::operator::Operator;
use crate::harness::{House, both};
use crate::role_matrix::{routes, sources};
use axum::body::Body;
use axum::http::Request;
use countersign::flows::manage::audit::{Filter, list};
use countersign::http::in_process;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

enum Door {
    /// The API does it by these.
    Api(&'static [&'static str]),
    /// It does not, and why.
    Alone(&'static str),
}
use Door::{Alone, Api};

const WAY_IN: &str = "how a person gets in and out of the portal; a program comes with a token";
const FORM: &str = "an empty form";
const TRIAL: &str =
    "a sign-in in the browser of whoever tries; a program signs in at /oauth2/auth like any application";
const PICTURE: &str = "how a page looks, to people";

/// Every route of the portal, by its name in `urls.rs`.
const TABLE: &[(&str, &str, Door)] = &[
    ("GET", "PORTAL", Api(&["GET /overview"])),
    ("POST", "PORTAL_SIGN_IN", Alone(WAY_IN)),
    ("GET", "PORTAL_CALLBACK", Alone(WAY_IN)),
    ("GET", "PORTAL_JOIN", Alone(WAY_IN)),
    ("POST", "PORTAL_JOIN", Alone(WAY_IN)),
    ("POST", "PORTAL_LEAVE", Alone(WAY_IN)),
    ("GET", "PORTAL_SIGNED_OUT", Alone(WAY_IN)),
    ("GET", "PORTAL_OPERATORS", Api(&["GET /operators"])),
    ("POST", "PORTAL_OPERATORS", Api(&["POST /operators"])),
    ("POST", "PORTAL_OPERATOR", Api(&["PATCH /operators/{id}"])),
    ("POST", "PORTAL_OPERATOR_REMOVE", Api(&["DELETE /operators/{id}"])),
    ("GET", "PORTAL_KEYS", Api(&["GET /keys"])),
    ("POST", "PORTAL_KEYS", Api(&["POST /keys"])),
    ("GET", "PORTAL_MESSAGES", Api(&["GET /sentences"])),
    ("GET", "PORTAL_SETTINGS", Api(&["GET /settings"])),
    ("GET", "PORTAL_SIGN_INS", Api(&["GET /sign_ins"])),
    ("GET", "PORTAL_SIGN_INS_ONE", Api(&["GET /sign_ins/{id}"])),
    ("POST", "PORTAL_SIGN_IN_RESEND", Api(&["POST /sign_ins/{id}/resend"])),
    ("GET", "PORTAL_PEOPLE", Api(&["GET /people"])),
    ("POST", "PORTAL_PEOPLE", Api(&["POST /people"])),
    ("GET", "PORTAL_PERSON_NEW", Alone(FORM)),
    ("GET", "PORTAL_INVITE", Alone(FORM)),
    ("POST", "PORTAL_INVITE", Api(&["POST /invitations"])),
    ("POST", "PORTAL_WRITE_AGAIN", Api(&["DELETE /opt_outs/{id}"])),
    (
        "GET",
        "PORTAL_PERSON",
        Api(&["GET /people/{id}", "GET /people/{id}/sessions", "GET /people/{id}/sign_ins", "GET /people/{id}/grants"]),
    ),
    ("POST", "PORTAL_PERSON_BLOCK", Api(&["PATCH /people/{id}"])),
    ("POST", "PORTAL_PERSON_SIGN_OUT", Api(&["DELETE /people/{id}/sessions"])),
    ("POST", "PORTAL_PERSON_IDENTIFIERS", Api(&["POST /people/{id}/identifiers"])),
    ("POST", "PORTAL_PERSON_IDENTIFIERS_REMOVE", Api(&["DELETE /people/{id}/identifiers/{identifier}"])),
    ("POST", "PORTAL_PERSON_MERGE", Api(&["POST /people/{id}/merge"])),
    ("GET", "PORTAL_PERSON_COPY", Api(&["GET /people/{id}/export"])),
    ("GET", "PORTAL_PERSON_ERASE", Alone("asks whether one means it")),
    ("POST", "PORTAL_PERSON_ERASE", Api(&["DELETE /people/{id}"])),
    ("GET", "PORTAL_IMPORTS", Api(&["GET /imports"])),
    ("GET", "PORTAL_IMPORT_NEW", Alone(FORM)),
    ("POST", "PORTAL_IMPORTS", Api(&["POST /imports"])),
    ("GET", "PORTAL_IMPORT", Api(&["GET /imports/{id}", "GET /imports/{id}/lines"])),
    ("GET", "PORTAL_EVENTS", Api(&["GET /events"])),
    ("GET", "PORTAL_EVENT_DELIVERIES", Api(&["GET /event_deliveries"])),
    ("GET", "PORTAL_EVENT", Api(&["GET /events/{id}"])),
    ("POST", "PORTAL_EVENT_REPLAY", Api(&["POST /events/{id}/replay"])),
    ("POST", "PORTAL_EVENT_ENDPOINT_TEST", Api(&["POST /event_endpoints/{name}/test"])),
    ("GET", "PORTAL_AUDIT", Api(&["GET /audit", "GET /audit/verify"])),
    ("GET", "PORTAL_AUDIT_EXPORT", Api(&["GET /audit/export"])),
    ("GET", "PORTAL_DECLARATION", Alone(FORM)),
    ("POST", "PORTAL_DECLARATION", Api(&["POST /apply"])),
    ("GET", "PORTAL_DECLARATION_EXPORT", Api(&["GET /export"])),
    ("GET", "PORTAL_CARRIER_NEW", Alone(FORM)),
    ("POST", "PORTAL_CARRIER_CHECK_NEW", Api(&["POST /carrier_checks"])),
    ("POST", "PORTAL_CARRIER_CHECK", Api(&["POST /carriers/{name}/check"])),
    ("GET", "PORTAL_CARRIER_LOOK", Api(&["GET /carriers/{name}/health"])),
    ("POST", "PORTAL_CARRIER_LOOK", Api(&["POST /carriers/{name}/check"])),
    ("POST", "PORTAL_CARRIER_SYNC", Api(&["POST /carriers/{name}/sync"])),
    ("POST", "PORTAL_CARRIER_TEST", Api(&["POST /carriers/{name}/test"])),
    ("GET", "PORTAL_CARRIER_TESTED", Api(&["GET /carriers/{name}/tests/{id}"])),
    ("GET", "PORTAL_CONNECTION_PREVIEW", Api(&["GET /connections/{name}/preview"])),
    ("GET", "PORTAL_CLIENT_CONNECT", Alone("programs to copy, made of what `GET /clients/{name}` tells")),
    ("POST", "PORTAL_CLIENT_TRY", Alone(TRIAL)),
    ("GET", "PORTAL_CLIENT_TRIED", Alone(TRIAL)),
    ("GET", "PORTAL_CLIENT_SECRETS", Api(&["GET /clients/{name}"])),
    ("POST", "PORTAL_CLIENT_SECRETS", Api(&["POST /clients/{id}/secrets"])),
    ("POST", "PORTAL_CLIENT_SECRETS_END", Api(&["DELETE /clients/{id}/secrets/old"])),
    ("GET", "PORTAL_CLIENT_LOOKS", Api(&["GET /clients/{name}"])),
    ("POST", "PORTAL_CLIENT_LOOKS", Api(&["PATCH /clients/{name}"])),
    ("GET", "PORTAL_CLIENT_PREVIEW", Alone(PICTURE)),
    ("POST", "PORTAL_CLIENT_PREVIEW", Alone(PICTURE)),
    ("GET", "PORTAL_TEXT_LOOK", Alone(PICTURE)),
    ("POST", "PORTAL_TEXT_LOOK", Alone(PICTURE)),
    ("GET", "PORTAL_DECLARED", Api(&["GET /{noun}"])),
    ("POST", "PORTAL_DECLARED", Api(&["POST /{noun}"])),
    ("GET", "PORTAL_DECLARED_NEW", Alone(FORM)),
    ("GET", "PORTAL_DECLARED_ONE", Api(&["GET /{noun}/{name}"])),
    ("POST", "PORTAL_CHECK", Alone("what a save would say, while a form is filled in; a program is told so by a 422")),
    ("POST", "PORTAL_DECLARED_ONE", Api(&["PATCH /{noun}/{name}"])),
    ("POST", "PORTAL_DECLARED_DELETE", Api(&["DELETE /{noun}/{name}"])),
];

/// What only programs ask for.
const PROGRAMS: &[(&str, &str)] = &[(
    "GET /doctor",
    "in the portal the overview says what needs somebody, and each carrier is looked at from its own page",
)];

fn operations() -> BTreeSet<String> {
    let document = in_process::described("");
    let paths = document["paths"].as_object().expect("paths");
    let methods = ["get", "post", "put", "patch", "delete"];
    let of = |(path, item): (&String, &Value)| {
        let there = methods.into_iter().filter(|method| item.get(*method).is_some());
        there.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// What stands for every noun that can be declared.
fn of_every_noun(operation: &str) -> Vec<String> {
    let nouns = countersign::domain::declaration::Noun::ALL.into_iter();
    nouns.map(|noun| operation.replace("{noun}", noun.plural())).collect()
}

#[test]
fn what_one_door_does_the_other_does() {
    let (routes, operations) = (routes(), operations());
    let told: BTreeSet<_> =
        TABLE.iter().map(|(method, route, _)| ((*method).to_owned(), (*route).to_owned())).collect();
    assert_eq!(told.len(), TABLE.len(), "twice in the table");
    assert_eq!(routes.difference(&told).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "which API does it?");
    assert_eq!(told.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no such routes");
    let mut reached = BTreeSet::new();
    for (method, route, door) in TABLE {
        match door {
            Alone(why) => assert!(why.len() > 5, "{method} {route}"),
            Api(same) => {
                let same: Vec<String> = same.iter().flat_map(|one| of_every_noun(one)).collect();
                assert!(!same.is_empty(), "{method} {route}");
                for operation in same {
                    assert!(operations.contains(&operation), "{method} {route}: no {operation} in the API");
                    reached.insert(operation);
                }
            }
        }
    }
    for (operation, why) in PROGRAMS {
        assert!(operations.contains(*operation) && why.len() > 5, "{operation}");
        assert!(reached.insert((*operation).to_owned()), "{operation} is a page's as well");
    }
    let left: Vec<&String> = operations.difference(&reached).collect();
    assert_eq!(left, Vec::<&String>::new(), "no page does these");
}

/// As `countersign api` asks.
async fn command(house: &House, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}")).header("if-match", "*");
    let request = request.header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let response = in_process::send(&house.app, request.body(body).expect("a request")).await;
    let status = response.status().as_u16();
    assert!(!response.headers().contains_key("ratelimit"), "nobody counts commands");
    let text = axum::body::to_bytes(response.into_body(), 1_000_000).await.expect("a body");
    (status, String::from_utf8(text.to_vec()).expect("UTF-8"))
}

both!(a_command_does_what_the_api_does, async |engine| {
    let house = House::with(engine, crate::harness::SHOP, &[("api.per_minute", "1")]).await;
    for _ in 0..5 {
        assert_eq!(command(&house, "GET", "/people?q=ada", None).await.0, 200);
    }
    let (status, made) =
        command(&house, "POST", "/people", Some(&json!({ "identifiers": ["ada@mail.example"] }))).await;
    assert_eq!(status, 201, "{made}");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let id = made["id"].as_str().expect("an id");
    let (status, told) = command(&house, "PATCH", &format!("/people/{id}"), Some(&json!({ "blocked": true }))).await;
    assert_eq!(status, 200, "{told}");
    let (status, told) =
        command(&house, "PATCH", "/clients/shop", Some(&json!({ "redirect_uris": ["nowhere"] }))).await;
    assert_eq!((status, told.contains("\"field\":\"redirect_uris\"")), (422, true), "the same checks: {told}");
    assert_eq!(command(&house, "PATCH", "/clients/shop", Some(&json!({ "name": "Store" }))).await.0, 200);
    assert_eq!(command(&house, "DELETE", "/connections/phone", None).await.0, 409, "in use");
    assert_eq!(command(&house, "DELETE", "/clients/kiosk", None).await.0, 204);
    assert_eq!(command(&house, "GET", "/nowhere", None).await.0, 404);
    let book = list(&house.app, &Filter::default(), None, 4).await.expect("reads");
    let told: Vec<_> = book.iter().map(|one| (one.act.as_str(), one.noun.as_str(), one.actor.as_str())).collect();
    assert_eq!(told[..2], [("delete", "client", "command"), ("update", "client", "command")]);
    assert!(book.iter().all(|entry| entry.actor == "command" && entry.address.is_empty()), "{book:?}");
    house.close().await;
});

both!(nobody_over_the_network_is_taken_for_a_command, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let before = list(&house.app, &Filter::default(), None, 1_000).await.expect("reads").len();
    let attempts: &[&[(&str, &str)]] = &[
        &[],
        &[("authorization", "command")],
        &[("authorization", "Bearer command")],
        &[("authorization", "ByCommand")],
        &[("x-command", "true"), ("bycommand", "()"), ("x-by-command", "1"), ("by-command", "1")],
        &[("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=127.0.0.1;by=command"), ("x-real-ip", "127.0.0.1")],
        &[("host", "localhost"), ("via", "in_process"), ("x-internal", "1")],
        &[("x-http-method-override", "GET"), ("x-original-url", "/api/v1/settings"), ("x-extensions", "ByCommand")],
        &[("cookie", "by=command"), ("actor", "command"), ("x-actor", "command")],
    ];
    for headers in attempts {
        for path in ["clients", "settings?actor=command", "export?by=command", "audit/export", "people"] {
            let answer = machine.any(Method::GET, &format!("/api/v1/{path}"), headers, Vec::new()).await;
            assert_eq!(answer.status, 401, "{path} {headers:?}: {}", answer.body);
        }
        let all: Vec<(&str, &str)> =
            headers.iter().copied().chain([("content-type", "application/json"), ("if-match", "*")]).collect();
        let body = json!({ "identifiers": ["eve@mail.example"], "by": "command", "actor": "command" }).to_string();
        let answer = machine.any(Method::POST, "/api/v1/people", &all, body.into_bytes()).await;
        assert_eq!(answer.status, 401, "{headers:?}: {}", answer.body);
    }
    // Nor is a program that has some other scope.
    let operator = Operator::of(&house, &["read:clients"]).await;
    for (name, value) in attempts.concat().into_iter().filter(|(name, _)| !["authorization", "host"].contains(name)) {
        let answer = operator.send(Method::GET, "people", &[(name, value)], None).await;
        assert_eq!(answer.status, 403, "{name}: {}", answer.body);
    }
    let after = list(&house.app, &Filter::default(), None, 1_000).await.expect("reads");
    assert_eq!(after.len(), before + 1, "only the client was declared: {after:?}");
    house.close().await;
});

/// Only the command line asks as a command.
#[test]
fn the_mark_of_a_command_is_made_in_one_place() {
    let (mut named, mut made) = (BTreeSet::new(), BTreeSet::new());
    for (name, text) in sources("") {
        if text.contains("in_process::send") {
            named.insert(name.clone());
        }
        if text.contains("ByCommand(") {
            made.insert(name);
        }
    }
    assert_eq!(named.into_iter().collect::<Vec<_>>(), ["command/api.rs"]);
    assert_eq!(made.into_iter().collect::<Vec<_>>(), ["http/in_process.rs"]);
}
