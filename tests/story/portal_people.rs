//! People and their sign-ins, in the portal: found, helped, changed, made one, taken along, forgotten.

use crate::harness::portal::Desk;
use crate::harness::rp::identify;
use crate::harness::ways::{ask, signed_in};
use crate::harness::{Engine, House, both};
use crate::portal_happens::{ATTACKS, attacked, encoded, sound};
use countersign::domain::identifier::Identifier;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::{accounts, operators};
use serde_json::Value;

const NUMBER: &str = "+2348031234567";
/// The number `signed_in` signs in with.
const THEIRS: &str = "+12025550143";

async fn id_of(house: &House, text: &str) -> String {
    let identifier = Identifier::read(text).expect("one");
    let found = accounts::find_by_identifier(&house.app, &identifier).await.expect("finds");
    found.expect("somebody").id.as_str().to_owned()
}

async fn acts(house: &House, noun: &str) -> Vec<String> {
    let filter = Filter { noun: noun.into(), ..Filter::default() };
    list(&house.app, &filter, None, 50).await.expect("reads").into_iter().map(|entry| entry.act).collect()
}

both!(somebody_is_found_blocked_and_let_in_again, found);
async fn found(engine: Engine) {
    let house = House::open(engine).await;
    let mut support = Desk::of(&house, Role::Support).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let id = id_of(&house, THEIRS).await;
    for q in [THEIRS, "+1 202 555 0143", id.as_str()] {
        let page = support.get(&format!("/admin/people?q={}", encoded(q))).await;
        sound(&page, 200, q);
        assert!(page.html.contains(&format!("href=\"/admin/people/{id}\"")), "{q}: {}", page.text());
    }
    assert!(support.get("/admin/people?q=nobody%40mail.example").await.text().contains("Nobody fits"));
    let here = format!("/admin/people/{id}");
    let page = support.get(&here).await;
    sound(&page, 200, "one");
    let text = page.text();
    assert!(text.contains("back in the app") && text.contains("open") && text.contains("shop"), "{text}");
    assert!(!page.html.contains("Add a number") && !page.html.contains("/copy"), "{text}");
    let page = support.post(&format!("{here}/block"), &[("blocked", "true")]).await;
    assert_eq!(page.url, format!("{here}?done=blocked"), "{}", page.text());
    assert!(page.text().contains("Blocked: they cannot sign in."), "{}", page.text());
    assert!(visitor.get(&ask(&[("prompt", "none")])).await.location().contains("login_required"));
    assert!(support.get("/admin/people?blocked=yes").await.html.contains(&id));
    assert!(!support.get("/admin/people?blocked=no").await.html.contains(&id));
    let page = support.post(&format!("{here}/block"), &[("blocked", "false")]).await;
    assert!(page.text().contains("Let in again."), "{}", page.text());
    assert_eq!(support.post(&format!("{here}/block"), &[("blocked", "perhaps")]).await.status.as_u16(), 422);
    signed_in(&mut visitor, &[]).await.code();
    let page = support.post(&format!("{here}/sign-out"), &[]).await;
    assert!(page.text().contains("Signed out everywhere."), "{}", page.text());
    assert!(visitor.get(&ask(&[("prompt", "none")])).await.location().contains("login_required"));
    assert_eq!(acts(&house, "person").await, ["end_sessions", "unblock", "block"]);
    assert_eq!(support.get("/admin/people/kp_nobody").await.status.as_u16(), 404);
    assert_eq!(support.get("/admin/people/a%00b").await.status.as_u16(), 404);
    attacked(&mut support, "/admin/people", &["q", "blocked", "after", "done"]).await;
    house.close().await;
}

both!(what_somebody_signs_in_with_is_changed, identifiers);
async fn identifiers(engine: Engine) {
    let house = House::open(engine).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let id = id_of(&house, THEIRS).await;
    let here = format!("/admin/people/{id}");
    for wrong in ATTACKS {
        let page = admin.post(&format!("{here}/identifiers"), &[("identifier", wrong)]).await;
        sound(&page, 422, wrong);
        assert!(page.html.contains("id=\"identifier-wrong\""), "{wrong}: {}", page.text());
    }
    let page = admin.post(&format!("{here}/identifiers"), &[("identifier", &"9".repeat(30_000))]).await;
    sound(&page, 422, "far too long");
    let page = admin.post(&format!("{here}/identifiers"), &[("identifier", "not-a-number")]).await;
    assert!(page.html.contains("value=\"not-a-number\""), "what was typed stays");
    let page = admin.post(&format!("{here}/identifiers/remove"), &[("identifier", THEIRS)]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("the only one")), (409, true), "{}", page.text());
    let page = admin.post(&format!("{here}/identifiers"), &[("identifier", "Ada@Shop.example")]).await;
    assert!(page.text().contains("Added.") && page.text().contains("ada@shop.example"), "{}", page.text());
    let page = admin.post(&format!("{here}/identifiers"), &[("identifier", "admin@desk.example")]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("Somebody else has")), (409, true), "{}", page.text());
    let page = admin.post(&format!("{here}/identifiers/remove"), &[("identifier", THEIRS)]).await;
    assert!(page.text().contains("Taken away"), "{}", page.text());
    assert_eq!(acts(&house, "person").await, ["remove_identifier", "add_identifier"]);
    // It is a while since they signed in: an operator's word asks for a new one.
    house.pass(31 * 60);
    let page = admin.post(&format!("{here}/identifiers"), &[("identifier", NUMBER)]).await;
    assert_eq!(page.status.as_u16(), 401, "{}", page.text());
    house.close().await;
}

both!(somebody_is_made_and_what_is_wrong_is_told_at_its_field, made);
async fn made(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/people/new").await;
    sound(&page, 200, "the form");
    for attack in ATTACKS {
        let fields = [
            ("identifiers", attack),
            ("name", attack),
            ("given_name", attack),
            ("organization", attack),
            ("roles", attack),
        ];
        let page = owner.post("/admin/people", &fields).await;
        sound(&page, 422, attack);
        assert!(page.html.contains("id=\"identifiers-wrong\""), "{attack}: {}", page.text());
    }
    let page = owner.post("/admin/people", &[("identifiers", &"x".repeat(30_000))]).await;
    sound(&page, 422, "far too long");
    let page = owner.post("/admin/people", &[("identifiers", "owner@desk.example")]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("somebody has")), (409, true), "{}", page.text());
    let name = "=HYPERLINK(\"http://evil\") <b>Obi</b>";
    let page =
        owner.post("/admin/people", &[("identifiers", "+2348031234567\nada@mail.example"), ("name", name)]).await;
    sound(&page, 200, "made");
    assert!(page.url.ends_with("?done=made") && page.text().contains("<b>Obi</b>"), "{}", page.text());
    assert!(!page.html.contains("<b>Obi"), "{}", page.html);
    assert_eq!(acts(&house, "person").await, ["create"]);
    assert_eq!(id_of(&house, NUMBER).await, id_of(&house, "ada@mail.example").await);
    house.close().await;
}

both!(two_accounts_become_one_with_proof, merged);
async fn merged(engine: Engine) {
    let house = House::open(engine).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let mut visitor = house.visitor();
    signed_in(&mut visitor, &[]).await.code();
    let page = visitor.get(&ask(&[("prompt", "login")])).await;
    let page = identify(&mut visitor, page, NUMBER).await;
    let passcode = house.passcode(NUMBER).await;
    let (kept, here) = (id_of(&house, THEIRS).await, format!("/admin/people/{}", id_of(&house, THEIRS).await));
    // Proven in the end; not yet.
    visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await.code();
    let gone = id_of(&house, NUMBER).await;
    for (from, status) in [(kept.as_str(), 422), ("kp_nobody", 422), ("<script>alert(1)</script>", 422)] {
        let page = admin.post(&format!("{here}/merge"), &[("from", from)]).await;
        sound(&page, status, from);
        assert!(page.html.contains("id=\"from-wrong\""), "{from}: {}", page.text());
    }
    let stranger = {
        let page = admin.post("/admin/people", &[("identifiers", "stranger@mail.example")]).await;
        page.url.split('?').next().expect("a path").rsplit('/').next().expect("an id").to_owned()
    };
    let page = admin.post(&format!("{here}/merge"), &[("from", &stranger)]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("no proof")), (409, true), "{}", page.text());
    let page = admin.post(&format!("{here}/merge"), &[("from", &gone)]).await;
    assert!(page.text().contains("The two accounts are one."), "{}", page.text());
    assert_eq!(id_of(&house, NUMBER).await, kept);
    house.close().await;
}

both!(somebody_takes_along_what_is_known_and_is_forgotten, forgotten);
async fn forgotten(engine: Engine) {
    let house = House::open(engine).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let id = id_of(&house, THEIRS).await;
    let here = format!("/admin/people/{id}");
    let copy = admin.get(&format!("{here}/copy")).await;
    assert_eq!(copy.status.as_u16(), 200);
    let told: Value = serde_json::from_str(&copy.html).expect("JSON");
    assert_eq!(told["identifiers"][0]["value"], THEIRS);
    let page = admin.get(&format!("{here}/erase")).await;
    sound(&page, 200, "before");
    assert!(page.text().contains("What is kept, and why"), "{}", page.text());
    let page = admin.post(&format!("{here}/erase"), &[("word", "yes")]).await;
    sound(&page, 422, "the wrong word");
    assert_eq!(id_of(&house, THEIRS).await, id);
    let page = admin.post(&format!("{here}/erase"), &[("word", "forget")]).await;
    assert_eq!(page.url, "/admin/people?done=erased", "{}", page.text());
    assert_eq!(admin.get(&here).await.status.as_u16(), 404);
    assert_eq!(acts(&house, "person").await, ["erase"]);
    house.close().await;
}

both!(whoever_operates_is_changed_by_owners_alone_and_the_last_one_stays, operator_people);
async fn operator_people(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let mut support = Desk::of(&house, Role::Support).await;
    let (first, second) = (id_of(&house, "owner@desk.example").await, id_of(&house, "admin@desk.example").await);
    let before = acts(&house, "person").await;
    // With an address of their own on an owner's account an admin would be the owner.
    let theirs = format!("/admin/people/{first}");
    for (path, fields) in [
        ("identifiers", [("identifier", "mine@mail.example")]),
        ("block", [("blocked", "true")]),
        ("erase", [("word", "forget")]),
        ("merge", [("from", second.as_str())]),
        ("sign-out", [("", "")]),
    ] {
        let page = admin.post(&format!("{theirs}/{path}"), &fields).await;
        assert_eq!(page.status.as_u16(), 403, "{path}: {}", page.text());
    }
    // Nor the other way round: an owner's account merged into their own.
    let page = admin.post(&format!("/admin/people/{second}/merge"), &[("from", &first)]).await;
    assert_eq!(page.status.as_u16(), 403, "{}", page.text());
    assert_eq!(support.post(&format!("{theirs}/block"), &[("blocked", "true")]).await.status.as_u16(), 403);
    assert_eq!(acts(&house, "person").await, before);
    // The last owner is not to be lost by their own hand either.
    for (path, fields) in [("block", ("blocked", "true")), ("erase", ("word", "forget"))] {
        let page = owner.post(&format!("{theirs}/{path}"), &[fields]).await;
        assert_eq!((page.status.as_u16(), page.text().contains("last owner")), (409, true), "{path}: {}", page.text());
    }
    assert_eq!(acts(&house, "person").await, before);
    // Another operator is out at once.
    let page = owner.post(&format!("/admin/people/{second}/block"), &[("blocked", "true")]).await;
    assert!(page.text().contains("Blocked"), "{}", page.text());
    assert_eq!(admin.get("/admin").await.status.as_u16(), 403);
    assert_eq!(operators::list(&house.app).await.expect("lists").len(), 3);
    house.close().await;
}

both!(a_sign_in_is_found_and_its_story_says_what_to_try, story);
async fn story(engine: Engine) {
    let house = House::open(engine).await;
    let mut support = Desk::of(&house, Role::Support).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    let page = identify(&mut visitor, page, NUMBER).await;
    let passcode = house.passcode(NUMBER).await;
    house.settle().await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let id = id_of(&house, THEIRS).await;
    let href = |html: &str| {
        html.split("href=\"/admin/sign_ins/in_").nth(1).map(|rest| rest.split('"').next().expect("an id").to_owned())
    };
    let number = encoded(NUMBER);
    for (query, there) in [
        (format!("identifier={number}"), true),
        ("identifier=08031234567&country=ng".to_owned(), true),
        ("state=asked".to_owned(), true),
        ("client=shop&state=asked".to_owned(), true),
        (format!("subject={id}"), true),
        ("country=NG".to_owned(), true),
        ("country=GH".to_owned(), false),
        ("since=2020-01-01&until=2020-01-02".to_owned(), false),
        ("client=nobody".to_owned(), false),
    ] {
        let page = support.get(&format!("/admin/sign_ins?{query}")).await;
        sound(&page, 200, &query);
        assert_eq!(href(&page.html).is_some(), there, "{query}: {}", page.text());
    }
    for wrong in ["identifier=0803", "country=Nigeria", "state=well", "since=soon", "until=later"] {
        let page = support.get(&format!("/admin/sign_ins?{wrong}")).await;
        sound(&page, 422, wrong);
        assert!(page.html.contains("aria-invalid"), "{wrong}: {}", page.text());
    }
    attacked(
        &mut support,
        "/admin/sign_ins",
        &["identifier", "subject", "client", "state", "country", "since", "after"],
    )
    .await;
    let list = support.get(&format!("/admin/sign_ins?identifier={number}")).await;
    let here = format!("/admin/sign_ins/in_{}", href(&list.html).expect("a link"));
    let told = support.get(&here).await;
    sound(&told, 200, "the story");
    let text = told.text();
    assert!(text.contains("was not typed yet") || text.contains("has not said yet"), "{text}");
    assert!(text.contains("To try next:") && text.contains("passcode asked for by +234••••67"), "{text}");
    assert!(!told.html.contains(&passcode) && !told.html.contains("8031234567"), "{text}");
    // A moment ago is too soon, for whoever asks.
    let again = support.post(&format!("{here}/resend"), &[]).await;
    assert_eq!((again.status.as_u16(), again.text().contains("a moment ago")), (429, true), "{}", again.text());
    assert_eq!(house.sent(NUMBER).await, 1);
    house.pass(31);
    let again = support.post(&format!("{here}/resend"), &[]).await;
    assert!(again.url.ends_with("?done=sent"), "{} {}", again.url, again.text());
    assert!(!again.html.contains(&passcode), "nobody here sees it");
    let messages = house.messages(NUMBER, 2).await;
    assert!(messages.iter().all(|message| message.text.contains(&passcode)), "the same digits");
    house.settle().await;
    assert_eq!(acts(&house, "sign_in").await, ["resend"]);
    // The limit of ten minutes holds whoever asks.
    let mut sent = 2;
    let last = loop {
        house.pass(121);
        let again = support.post(&format!("{here}/resend"), &[]).await;
        if again.status.as_u16() != 200 || sent > 20 {
            break again;
        }
        sent += 1;
        house.settle().await;
    };
    assert!(matches!(last.status.as_u16(), 429 | 409) && sent < 20, "{sent}: {}", last.text());
    let done = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    if crate::harness::ways::went_in(&done) {
        assert!(support.get(&here).await.text().contains("They are in."));
    }
    let over = support.post(&format!("{here}/resend"), &[]).await;
    assert!(matches!(over.status.as_u16(), 409 | 429), "{}", over.text());
    assert_eq!(support.post("/admin/sign_ins/in_nobody/resend", &[]).await.status.as_u16(), 404);
    house.close().await;
}

both!(events_are_read_and_told_again, events);
async fn events(engine: Engine) {
    // Nobody answers there: what matters is what is written down.
    let endpoint = "\n[[event_endpoint]]\nname = \"ledger\"\nurl = \"http://127.0.0.1:9/\"\nevents = [\"*\"]\nallow_private = true\n";
    let house = House::with(engine, &(crate::harness::SHOP.to_owned() + endpoint), &[]).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let page = viewer.get("/admin/events?type=session.started").await;
    sound(&page, 200, "the list");
    let href =
        page.html.split("href=\"/admin/events/event").nth(1).expect("an event").split('"').next().expect("an id");
    let here = format!("/admin/events/event{href}");
    let page = viewer.get(&here).await;
    sound(&page, 200, "one");
    assert!(page.text().contains("ledger") && !page.html.contains("Tell it again"), "{}", page.text());
    let again = admin.post(&format!("{here}/replay"), &[("endpoint", "nowhere")]).await;
    sound(&again, 422, "no such endpoint");
    let again = admin.post(&format!("{here}/replay"), &[("endpoint", "")]).await;
    assert!(again.text().contains("It is told again."), "{}", again.text());
    assert_eq!(acts(&house, "event").await, ["replay"]);
    for path in ["/admin/events/deliveries", "/admin/events/deliveries?endpoint=ledger&state=pending"] {
        let page = viewer.get(path).await;
        sound(&page, 200, path);
        assert!(page.text().contains("ledger"), "{}", page.text());
    }
    attacked(&mut viewer, "/admin/events", &["type", "subject", "since", "after"]).await;
    attacked(&mut viewer, "/admin/events/deliveries", &["endpoint", "state", "after"]).await;
    assert_eq!(viewer.get("/admin/events/event_nothing").await.status.as_u16(), 404);
    house.close_anyway().await;
}
