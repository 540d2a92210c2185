//! Every field of every form of the portal, and every text the API takes, tried with what would run in a page, in a spreadsheet or
//! in a database. Forms are found by walking the pages, so that a new one is tried without being named here.

use crate::harness::operator::Operator;
use crate::harness::portal::{Desk, filled};
use crate::harness::visitor::attribute;
use crate::harness::ways::ask;
use crate::harness::{House, Page, both};
use crate::portal_happens::encoded;
use crate::role_matrix::{ACTS, person, sources, waiting};
use countersign::domain::carrier::CarrierKind;
use countersign::domain::declaration::Noun;
use countersign::domain::operator::Role;
use countersign::flows::manage::apply::{Applied, apply};
use countersign::flows::manage::change;
use countersign::http::in_process;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const EVERYTHING: &str = include_str!("../fixtures/everything.toml");
/// Markup out of an attribute and out of a text, and a formula; a quote for SQL.
const MARKUP: &str = "=HYPERLINK(\"http://evil\")'><script>alert(1)</script><img src=x onerror=alert(1)>\"><b onx=1>";
/// What no text holds.
const CONTROL: &str = "\u{1}\u{7}\u{202e}zero\u{0}byte";

/// Those that end one's being there.
const LEAVING: [&str; 2] = ["/admin/leave", "/admin/sign-in"];

fn harmless(page: &Page, what: &str) {
    assert!(page.status.as_u16() < 500, "{what}: {} {}", page.status, page.text());
    if page.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        for bad in ["<script>alert", "<img src=x", "<b onx", "'><"] {
            assert!(!page.html.contains(bad), "{what}: {bad} in {}", page.html);
        }
    }
}

struct Form {
    /// It alone: others of its page may have fields of the same name.
    html: String,
    action: String,
    post: bool,
    file: bool,
    fields: Vec<String>,
}

fn forms(page: &Page) -> Vec<Form> {
    let here = page.url.split('?').next().unwrap_or_default().to_owned();
    let all = page.html.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default());
    all.map(|form| {
        let tag = form.split('>').next().unwrap_or_default();
        let named = form.split('<').skip(1).filter(|piece| {
            let types = ["type=\"submit\"", "type=\"file\""];
            ["input", "textarea", "select"].iter().any(|one| piece.starts_with(one))
                && !types.iter().any(|one| piece.contains(one))
        });
        let names: BTreeSet<String> =
            named.map(|piece| attribute(piece, "name")).filter(|name| !name.is_empty()).collect();
        Form {
            html: format!("<form{form}</form>"),
            // Without one, back to where it stands.
            action: Some(attribute(tag, "action")).filter(|action| !action.is_empty()).unwrap_or_else(|| here.clone()),
            post: tag.contains("method=\"post\""),
            file: tag.contains("multipart/form-data"),
            fields: names.into_iter().collect(),
        }
    })
    .filter(|form| !LEAVING.contains(&form.action.as_str()))
    .collect()
}

async fn send(desk: &mut Desk, page: &Page, form: &Form, with: &str, changes: &[(&str, &str)]) -> Page {
    let (_, all) = filled(&Page { html: form.html.clone(), ..page.clone() }, with, changes);
    let action = &form.action;
    let fields: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match (form.post, form.file) {
        (true, true) => desk.visitor.post_file(action, &fields, ("file", "", b"")).await,
        (true, false) => desk.post(action, &fields).await,
        (false, _) => {
            let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
            desk.get(&format!("{action}?{}", query.join("&"))).await
        }
    }
}

/// Pages with what a person would see there, one of each kind.
async fn pages(house: &House, ada: &str, sign_in: &str) -> Vec<String> {
    let fixed = ACTS.iter().filter(|act| act.method == "GET");
    let mut pages: Vec<String> =
        fixed.map(|act| act.path.replace("{person}", ada).replace("{sign-in}", sign_in)).collect();
    pages.retain(|path| !path.ends_with("/export") && !path.ends_with("/copy"));
    pages.extend(CarrierKind::NAMES.iter().map(|kind| format!("/admin/new/carriers?kind={kind}")));
    for noun in Noun::ALL {
        pages.push(format!("/admin/{}", noun.plural()));
        pages.push(format!("/admin/new/{}", noun.plural()));
        let mut kinds = BTreeSet::new();
        for item in change::list(&house.app, noun).await.expect("lists") {
            if kinds.insert(item.value["kind"].to_string()) {
                pages.push(countersign::http::urls::portal_one(noun.plural(), &item.name));
            }
        }
    }
    pages
}

/// Every noun, and every key of each.
async fn everything(house: &House) {
    // The connection that is there has an id already.
    let text: String = EVERYTHING
        .lines()
        .filter(|line| !line.starts_with("id = \"conn_"))
        .fold(String::new(), |text, line| text + line + "\n");
    let applied = apply(&house.app, &text, &|name| Err(format!("no file {name}")), false).await.expect("applies");
    assert!(matches!(applied, Applied::Done(_)), "{applied:?}");
}

both!(every_field_of_every_form_takes_anything_harmlessly, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let (ada, sign_in) = (person(&house, 1).await, waiting(&house, "+2348031234567").await);
    everything(&house).await;
    let pages = pages(&house, &ada, &sign_in).await;
    let mut tried: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in &pages {
        let first = owner.get(path).await;
        harmless(&first, path);
        for (at, form) in forms(&first).iter().enumerate() {
            if !tried.entry(format!("{path} {}", form.action)).or_default().is_empty() {
                continue;
            }
            for field in &form.fields {
                // Whatever was saved a moment ago, as it is now.
                let page = owner.get(path).await;
                let Some(form) = forms(&page).into_iter().nth(at).filter(|form| form.fields.contains(field)) else {
                    continue;
                };
                let what = format!("{path}: {field} of {}", form.action);
                let told = send(&mut owner, &page, &form, field, &[(field, MARKUP)]).await;
                harmless(&told, &what);
                tried.entry(format!("{path} {}", form.action)).or_default().insert(field.clone());
            }
            // What no text holds, in all of them at once.
            let page = owner.get(path).await;
            let Some(form) = forms(&page).into_iter().nth(at).filter(|form| !form.fields.is_empty()) else { continue };
            let all: Vec<(&str, &str)> =
                form.fields.iter().filter(|name| *name != "etag").map(|name| (name.as_str(), CONTROL)).collect();
            let told = send(&mut owner, &page, &form, &form.fields[0], &all).await;
            harmless(&told, &format!("{path}: {}", form.action));
        }
    }
    // What was taken stands on pages now, and on those people sign in on.
    for path in &pages {
        harmless(&owner.get(path).await, &format!("again {path}"));
    }
    for path in ["/admin/audit", "/admin/audit/export", "/admin/declaration/export"] {
        harmless(&owner.get(path).await, path);
    }
    harmless(&house.visitor().get(&ask(&[])).await, "the page people sign in on");
    // Nothing that can be declared was left out.
    let schemas = in_process::described("")["components"]["schemas"].clone();
    // A ladder is the order of its rungs; a logo is a file, which `setup_looks` attacks.
    let elsewhere = ["secret_sha256", "old_secret_sha256", "old_secret_until", "token_sha256", "ladder", "logo"];
    for noun in Noun::ALL.into_iter().filter(|noun| *noun != Noun::Carrier) {
        let tried: BTreeSet<&str> = tried
            .iter()
            .filter(|(form, _)| form.starts_with(&format!("/admin/{}/", noun.plural())))
            .flat_map(|(_, fields)| fields.iter().map(|field| field.split('.').next().unwrap_or_default()))
            .collect();
        for name in schemas[noun.schema()]["properties"].as_object().expect("properties").keys() {
            assert!(elsewhere.contains(&name.as_str()) || tried.contains(name.as_str()), "{}: {name}", noun.as_str());
        }
    }
    let all: usize = tried.values().map(BTreeSet::len).sum();
    assert!(all > 250, "{all} fields");
    house.close_anyway().await;
});

/// The same with one of its texts in place of another, wherever in it that stands.
fn texts(value: &Value, attack: &str) -> Vec<Value> {
    match value {
        Value::String(_) => vec![json!(attack)],
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| texts(item, attack).into_iter().map(move |other| (at, other)))
            .map(|(at, other)| {
                let mut items = items.clone();
                items[at] = other;
                Value::Array(items)
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, item)| texts(item, attack).into_iter().map(move |other| (name.clone(), other)))
            .map(|(name, other)| {
                let mut fields = fields.clone();
                fields.insert(name, other);
                Value::Object(fields)
            })
            .collect(),
        _ => Vec::new(),
    }
}

both!(every_text_the_api_takes_is_taken_or_refused, async |engine| {
    let house = House::open(engine).await;
    everything(&house).await;
    let verbs = ["read", "create", "update"];
    let scopes: Vec<String> =
        Noun::ALL.iter().flat_map(|noun| verbs.map(|verb| format!("{verb}:{}", noun.plural()))).collect();
    let mut scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    scopes.extend(["read:people", "create:people", "update:people", "delete:people", "create:operators"]);
    let settings = Operator::of(&house, &scopes).await;
    let mut tried = 0;
    for noun in Noun::ALL {
        let mut kinds = BTreeSet::new();
        for item in change::list(&house.app, noun).await.expect("lists") {
            if item.name == "operator" || !kinds.insert(item.value["kind"].to_string()) {
                continue;
            }
            let name: String = url::form_urlencoded::byte_serialize(item.name.as_bytes()).collect();
            let path = format!("{}/{}", noun.plural(), name.replace('+', "%20"));
            for (field, value) in item.value.as_object().expect("fields") {
                for attack in [MARKUP, CONTROL] {
                    for other in texts(value, attack) {
                        let answer = in_process_patch(&house, &path, &json!({ field: other })).await;
                        assert!([200, 422].contains(&answer.0), "{path} {field} {other}: {answer:?}");
                        assert!(answer.1.contains("json"), "{path} {field}: {answer:?}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 200, "{tried} texts");
    for attack in [MARKUP, CONTROL] {
        for body in texts(
            &json!({ "identifiers": ["x@mail.example"], "profile": { "name": "x", "provided_id": "x" }, "organization": [{ "code": "x", "roles": ["x"] }] }),
            attack,
        ) {
            let answer = settings.post("people", &body).await;
            assert!([201, 422].contains(&answer.status), "{body}: {} {}", answer.status, answer.body);
        }
        for query in ["people?q=", "people?identifier=", "people?cursor=", "clients?q=", "clients?cursor="] {
            let answer = settings.get(&format!("{query}{}", encoded(attack))).await;
            assert!(answer.status < 500, "{query}: {} {}", answer.status, answer.body);
        }
    }
    house.close_anyway().await;
});

/// As a command asks: thousands of times, and not counted.
async fn in_process_patch(house: &House, path: &str, body: &Value) -> (u16, String, String) {
    let request = axum::http::Request::builder().method("PATCH").uri(format!("/api/v1/{path}"));
    let request = request.header("if-match", "*").header("content-type", "application/json");
    let request = request.body(axum::body::Body::from(body.to_string())).expect("a request");
    let response = in_process::send(&house.app, request).await;
    let kind =
        response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let status = response.status().as_u16();
    let text = axum::body::to_bytes(response.into_body(), 1_000_000).await.expect("a body");
    (status, kind, String::from_utf8_lossy(&text).into_owned())
}

/// Nothing we write is opened by a spreadsheet: no CSV, no formula to run in one. Whoever writes one must think of formulas.
#[test]
fn no_spreadsheet_is_written() {
    let sources = sources("");
    for (name, text) in &sources {
        for writes in ["csv::Writer", "text/csv", "WriterBuilder", "spreadsheetml"] {
            assert!(!text.contains(writes), "{name}: {writes}");
        }
    }
    assert!(sources.len() > 100);
}
