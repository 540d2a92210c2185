//! Each role and each act of the portal, in one table: who gets in, and that nothing happens where they do not.

use crate::harness::portal::Desk;
use crate::harness::rp::identify;
use crate::harness::ways::ask;
use crate::harness::{Engine, House, Page, both};
use countersign::domain::audit::By;
use countersign::domain::declaration::Noun;
use countersign::domain::management::{Subject, Verb};
use countersign::domain::operator::Role;
use countersign::flows::manage::{accounts, audit, sign_ins};
use serde_json::json;
use std::collections::BTreeSet;

const NUMBER: &str = "+2348031234567";
const ADDRESS: &str = "ada.obi@mail.example";

/// Open to whoever is on the way in or out: no role is asked for.
const OPEN: [(&str, &str); 6] = [
    ("POST", "PORTAL_SIGN_IN"),
    ("GET", "PORTAL_CALLBACK"),
    ("GET", "PORTAL_JOIN"),
    ("POST", "PORTAL_JOIN"),
    ("POST", "PORTAL_LEAVE"),
    ("GET", "PORTAL_SIGNED_OUT"),
];

/// Every noun has these; who may do what follows from what roles may do to it.
const DECLARED: [(&str, &str, Verb, &str, u16); 8] = [
    ("GET", "PORTAL_DECLARED", Verb::Read, "/admin/{noun}", 200),
    ("POST", "PORTAL_DECLARED", Verb::Create, "/admin/{noun}", 422),
    ("GET", "PORTAL_DECLARED_NEW", Verb::Create, "/admin/new/{noun}", 200),
    ("POST", "PORTAL_CHECK", Verb::Create, "/admin/check/{noun}", 422),
    ("POST", "PORTAL_CHECK", Verb::Update, "/admin/check/{noun}?name=nowhere", 404),
    ("GET", "PORTAL_DECLARED_ONE", Verb::Read, "/admin/{noun}/nowhere", 404),
    ("POST", "PORTAL_DECLARED_ONE", Verb::Update, "/admin/{noun}/nowhere", 404),
    ("POST", "PORTAL_DECLARED_DELETE", Verb::Delete, "/admin/{noun}/nowhere/delete", 404),
];

pub struct Act {
    pub method: &'static str,
    /// As it stands in `urls.rs`.
    route: &'static str,
    pub path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// `o`wner, `a`dmin, `s`upport, `v`iewer.
    who: &'static str,
    /// Where the act leads those who may.
    status: u16,
}

const fn get(route: &'static str, path: &'static str, who: &'static str, status: u16) -> Act {
    Act { method: "GET", route, path, fields: &[], who, status }
}

const fn post(
    route: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    who: &'static str,
    status: u16,
) -> Act {
    Act { method: "POST", route, path, fields, who, status }
}

/// `{person}` is somebody new, `{sign-in}` one that waits.
pub const ACTS: &[Act] = &[
    get("PORTAL", "/admin", "oasv", 200),
    get("PORTAL_OPERATORS", "/admin/operators", "oa", 200),
    post("PORTAL_OPERATORS", "/admin/operators", &[("role", "viewer")], "o", 201),
    post("PORTAL_OPERATOR", "/admin/operators/kp_nobody", &[("role", "viewer")], "o", 404),
    post("PORTAL_OPERATOR_REMOVE", "/admin/operators/kp_nobody/remove", &[], "o", 404),
    get("PORTAL_KEYS", "/admin/keys", "oav", 200),
    post("PORTAL_KEYS", "/admin/keys", &[], "oa", 200),
    get("PORTAL_SETTINGS", "/admin/settings", "oav", 200),
    get("PORTAL_MESSAGES", "/admin/messages", "oav", 200),
    get("PORTAL_IMPORTS", "/admin/imports", "oav", 200),
    get("PORTAL_IMPORT_NEW", "/admin/imports/new", "oa", 200),
    post("PORTAL_IMPORTS", "/admin/imports", &[], "oa", 400),
    get("PORTAL_IMPORT", "/admin/imports/imp_nothing", "oav", 404),
    get("PORTAL_DECLARATION", "/admin/declaration", "oa", 200),
    post("PORTAL_DECLARATION", "/admin/declaration", &[], "oa", 422),
    get("PORTAL_DECLARATION_EXPORT", "/admin/declaration/export", "oa", 200),
    post("PORTAL_EVENT_ENDPOINT_TEST", "/admin/event_endpoints/nowhere/test", &[], "oa", 404),
    get("PORTAL_AUDIT", "/admin/audit", "oa", 200),
    get("PORTAL_AUDIT_EXPORT", "/admin/audit/export", "oa", 200),
    get("PORTAL_CARRIER_NEW", "/admin/new/carriers", "oa", 200),
    post("PORTAL_CARRIER_CHECK_NEW", "/admin/new/carriers/check", &[], "oa", 422),
    post("PORTAL_CARRIER_CHECK", "/admin/carriers/nowhere/check", &[], "oa", 404),
    get("PORTAL_CARRIER_LOOK", "/admin/carriers/phone-page/look", "oav", 200),
    post("PORTAL_CARRIER_LOOK", "/admin/carriers/nowhere/look", &[], "oa", 404),
    post("PORTAL_CARRIER_SYNC", "/admin/carriers/nowhere/sync", &[], "oa", 404),
    post("PORTAL_CARRIER_TEST", "/admin/carriers/phone-page/test", &[("to", "x")], "oa", 422),
    get("PORTAL_CARRIER_TESTED", "/admin/carriers/phone-page/tests/test_nothing", "oav", 404),
    get("PORTAL_CONNECTION_PREVIEW", "/admin/connections/phone/preview", "oasv", 200),
    get("PORTAL_CLIENT_CONNECT", "/admin/clients/shop/connect", "oasv", 200),
    post("PORTAL_CLIENT_TRY", "/admin/clients/nowhere/try", &[], "oa", 404),
    get("PORTAL_CLIENT_TRIED", "/admin/clients/shop/tried", "oa", 400),
    get("PORTAL_CLIENT_SECRETS", "/admin/clients/shop/secrets", "oa", 200),
    post("PORTAL_CLIENT_SECRETS", "/admin/clients/nowhere/secrets", &[("old_lives", "0")], "oa", 404),
    post("PORTAL_CLIENT_SECRETS_END", "/admin/clients/nowhere/secrets/end", &[], "oa", 404),
    get("PORTAL_CLIENT_LOOKS", "/admin/clients/shop/looks", "oasv", 200),
    post("PORTAL_CLIENT_LOOKS", "/admin/clients/nowhere/looks", &[], "oa", 404),
    get("PORTAL_CLIENT_PREVIEW", "/admin/clients/shop/preview", "oasv", 200),
    get("PORTAL_TEXT_LOOK", "/admin/texts/look?language=en&key=continue&text=On", "oav", 200),
    post("PORTAL_TEXT_LOOK", "/admin/texts/look", &[], "oav", 200),
    post("PORTAL_CLIENT_PREVIEW", "/admin/clients/shop/preview", &[], "oasv", 200),
    get("PORTAL_EVENTS", "/admin/events", "oav", 200),
    get("PORTAL_EVENT_DELIVERIES", "/admin/events/deliveries", "oav", 200),
    get("PORTAL_EVENT", "/admin/events/event_nothing", "oav", 404),
    post("PORTAL_EVENT_REPLAY", "/admin/events/event_nothing/replay", &[], "oa", 404),
    get("PORTAL_SIGN_INS", "/admin/sign_ins", "oasv", 200),
    get("PORTAL_SIGN_INS_ONE", "/admin/sign_ins/{sign-in}", "oasv", 200),
    // A moment ago it was sent by whoever waits.
    post("PORTAL_SIGN_IN_RESEND", "/admin/sign_ins/{sign-in}/resend", &[], "oas", 429),
    get("PORTAL_PEOPLE", "/admin/people", "oas", 200),
    post("PORTAL_PEOPLE", "/admin/people", &[], "oa", 422),
    get("PORTAL_INVITE", "/admin/people/invite", "oa", 200),
    post("PORTAL_INVITE", "/admin/people/invite", &[("email", "nobody")], "oa", 422),
    post("PORTAL_WRITE_AGAIN", "/admin/people/write-again", &[("to", "nobody")], "oa", 422),
    get("PORTAL_PERSON_NEW", "/admin/people/new", "oa", 200),
    get("PORTAL_PERSON", "/admin/people/{person}", "oas", 200),
    post("PORTAL_PERSON_BLOCK", "/admin/people/{person}/block", &[("blocked", "true")], "oas", 200),
    post("PORTAL_PERSON_SIGN_OUT", "/admin/people/{person}/sign-out", &[], "oas", 200),
    post(
        "PORTAL_PERSON_IDENTIFIERS",
        "/admin/people/{person}/identifiers",
        &[("identifier", "another@mail.example")],
        "oa",
        200,
    ),
    post(
        "PORTAL_PERSON_IDENTIFIERS_REMOVE",
        "/admin/people/{person}/identifiers/remove",
        &[("identifier", "person@mail.example")],
        "oa",
        409,
    ),
    post("PORTAL_PERSON_MERGE", "/admin/people/{person}/merge", &[("from", "kp_nobody")], "oa", 422),
    get("PORTAL_PERSON_COPY", "/admin/people/{person}/copy", "oa", 200),
    get("PORTAL_PERSON_ERASE", "/admin/people/{person}/erase", "oa", 200),
    post("PORTAL_PERSON_ERASE", "/admin/people/{person}/erase", &[("word", "forget")], "oa", 200),
];

/// The files of a room, and of all below it: each by its path there, with its text.
pub fn sources(room: &str) -> Vec<(String, String)> {
    let room = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let (mut folders, mut found) = (vec![room.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).expect("lists").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&room).expect("within").display().to_string();
            found.push((name, std::fs::read_to_string(&path).expect("reads")));
        }
    }
    found
}

/// Every route of the portal as its code has it.
pub fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (_, text) in sources("http/admin/portal") {
        for route in text.split(".route(").skip(1) {
            let name = route.split("urls::").nth(1).expect("a path of urls.rs").split(',').next().expect("a name");
            let rest = route.split(".route(").next().unwrap_or_default().split(".layer").next().unwrap_or_default();
            for (method, call) in [("GET", "get("), ("POST", "post(")] {
                if rest.contains(call) {
                    found.insert((method.to_owned(), name.trim().to_owned()));
                }
            }
        }
    }
    found
}

#[test]
fn no_route_is_forgotten() {
    let own = |method: &str, route: &str| (method.to_owned(), route.to_owned());
    let acts = ACTS.iter().map(|act| own(act.method, act.route));
    let declared = DECLARED.iter().map(|(method, route, ..)| own(method, route));
    let all: BTreeSet<_> = acts.chain(declared).chain(OPEN.iter().map(|(method, route)| own(method, route))).collect();
    let routes = routes();
    assert!(routes.len() > 30, "{routes:?}");
    assert_eq!(routes.difference(&all).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "routes nobody tries");
    assert_eq!(all.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no such routes");
}

async fn written(house: &House) -> usize {
    audit::list(&house.app, &audit::Filter::default(), None, 10_000).await.expect("reads").len()
}

pub async fn person(house: &House, n: usize) -> String {
    let body = json!({ "identifiers": [format!("person{n}@mail.example")] });
    match accounts::create(&house.app, &By::command(), body, None).await.expect("makes") {
        accounts::Outcome::Made(made) => made.id.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// Somebody who waits for a code that was sent this moment.
pub async fn waiting(house: &House, identifier: &str) -> String {
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, identifier).await;
    house.settle().await;
    let found = sign_ins::list(&house.app, &sign_ins::Filter::default(), None, 1).await.expect("lists");
    found.sign_ins[0].id.clone()
}

async fn ask_for(desk: &mut Desk, method: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    if method == "GET" { desk.get(path).await } else { desk.post(path, fields).await }
}

both!(each_role_does_what_it_may_and_nothing_else, matrix);
async fn matrix(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let mut support = Desk::of(&house, Role::Support).await;
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    let sign_in = waiting(&house, NUMBER).await;
    let mut made = 0;
    for (role, letter, desk) in [
        (Role::Viewer, "v", &mut viewer),
        (Role::Support, "s", &mut support),
        (Role::Admin, "a", &mut admin),
        (Role::Owner, "o", &mut owner),
    ] {
        for act in ACTS {
            let (mut path, mut fields) = (act.path.replace("{sign-in}", &sign_in), act.fields.to_vec());
            let (one, another);
            if path.contains("{person}") {
                made += 1;
                path = path.replace("{person}", &person(&house, made).await);
                (one, another) = (format!("person{made}@mail.example"), format!("another{made}@mail.example"));
                for (_, value) in &mut fields {
                    *value = match *value {
                        "person@mail.example" => &one,
                        "another@mail.example" => &another,
                        other => other,
                    };
                }
            }
            let before = written(&house).await;
            let page = ask_for(desk, act.method, &path, &fields).await;
            let wanted = if act.who.contains(letter) { act.status } else { 403 };
            let what = format!("{} {} {path}", role.as_str(), act.method);
            assert_eq!(page.status.as_u16(), wanted, "{what}: {}", page.text());
            if wanted == 403 || act.method == "GET" {
                assert_eq!(written(&house).await, before, "{what} did something");
            }
        }
        for noun in Noun::ALL {
            for (method, _, verb, path, status) in DECLARED {
                let path = path.replace("{noun}", noun.plural());
                let before = written(&house).await;
                let page = ask_for(desk, method, &path, &[]).await;
                let wanted = if role.may(verb, Subject::Declared(noun)) { status } else { 403 };
                let what = format!("{} {method} {path}", role.as_str());
                assert_eq!(page.status.as_u16(), wanted, "{what}: {}", page.text());
                assert_eq!(written(&house).await, before, "{what} did something");
            }
        }
    }
    // Keys that were made meanwhile are told of nowhere else.
    house.close().await;
}

both!(nobody_in_gets_further_than_the_door, outside);
async fn outside(engine: Engine) {
    let house = House::open(engine).await;
    let _owner = Desk::of(&house, Role::Owner).await;
    let person = person(&house, 1).await;
    let before = written(&house).await;
    for act in ACTS {
        let path = act.path.replace("{person}", &person).replace("{sign-in}", "in_nothing");
        let mut visitor = house.visitor();
        let page = if act.method == "GET" { visitor.get(&path).await } else { visitor.post(&path, act.fields).await };
        assert_eq!(page.status.as_u16(), 401, "{} {path}: {}", act.method, page.text());
    }
    assert_eq!(written(&house).await, before);
    house.close().await;
}

both!(who_sees_identifiers_masked_sees_them_masked_everywhere, masked);
async fn masked(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let body = json!({ "identifiers": [NUMBER, ADDRESS] });
    let made = accounts::create(&house.app, &By::command(), body, None).await.expect("makes");
    let accounts::Outcome::Made(ada) = made else { panic!("{made:?}") };
    let sign_in = waiting(&house, NUMBER).await;
    waiting(&house, ADDRESS).await;
    let mut pages: Vec<String> = ACTS
        .iter()
        .filter(|act| act.method == "GET")
        .map(|act| act.path.replace("{person}", ada.id.as_str()).replace("{sign-in}", &sign_in))
        .collect();
    for noun in Noun::ALL {
        pages.push(format!("/admin/{}", noun.plural()));
        for item in countersign::flows::manage::change::list(&house.app, noun).await.expect("lists") {
            pages.push(format!("/admin/{}/{}", noun.plural(), item.name));
        }
    }
    // Whoever may sees them whole: the test would find them.
    let person = owner.get(&format!("/admin/people/{}", ada.id)).await;
    assert!(person.html.contains("8031234567") && person.html.contains(ADDRESS), "{}", person.text());
    assert!(owner.get("/admin/sign_ins").await.html.replace(' ', "").contains("8031234567"));
    for role in [Role::Support, Role::Viewer] {
        let mut desk = Desk::of(&house, role).await;
        let mut read = 0;
        for path in &pages {
            let page = desk.get(path).await;
            let bare = page.html.replace([' ', '-'], "");
            for secret in ["8031234567", "ada.obi", "31234567"] {
                assert!(!bare.contains(secret), "{} sees {secret} at {path}", role.as_str());
            }
            read += usize::from(page.status.as_u16() == 200);
        }
        assert!(read > 5, "{read}");
    }
    // Nor by asking digit after digit.
    let mut support = Desk::of(&house, Role::Support).await;
    for (q, there) in [("%2B2348031234567", true), ("%2B234803", false), ("ada.o", false), (ADDRESS, true)] {
        let page = support.get(&format!("/admin/people?q={q}")).await;
        assert_eq!(page.html.contains(ada.id.as_str()), there, "{q}: {}", page.text());
        let page = owner.get(&format!("/admin/people?q={q}")).await;
        assert!(page.html.contains(ada.id.as_str()), "{q}: {}", page.text());
    }
    house.close_anyway().await;
}
