//! An operator tries an application: its own sign-in in their browser, and what it would have got; and no new way for anybody to
//! anybody's code.

use crate::harness::clients::{declared, jwks};
use crate::harness::portal::Desk;
use crate::harness::prover::Prover;
use crate::harness::rp::{Rp, identify};
use crate::harness::ways::{TEST, TEST_PASSCODE, ask, asking, signed_in, typed};
use crate::harness::{Engine, House, Page, SHOP, SHOP_CALLBACK, SHOP_SECRET, both};
use countersign::domain::audit::By;
use countersign::domain::identifier::Identifier;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::{accounts, operators};
use countersign::store;
use reqwest::Method;
use serde_json::json;

const GUEST: &str = "guest@mail.example";
const SECRET: &str = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234";

fn url(path: &str, params: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("{path}?{query}")
}

/// Where the portal's button sends the browser.
async fn pressed(desk: &mut Desk, client: &str) -> String {
    let page = desk.visitor.once(Method::POST, &format!("/admin/clients/{client}/try"), Some(&[])).await;
    assert_eq!(page.status.as_u16(), 303, "{}", page.text());
    page.location()
}

/// Presses it, signs in, and stops before the answer is followed.
async fn answered(desk: &mut Desk, client: &str) -> String {
    let begun = pressed(desk, client).await;
    let page = desk.get(&begun).await;
    let page = identify(&mut desk.visitor, page, TEST).await;
    let (action, hidden) = page.form("p_confirmation_code");
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("p_confirmation_code", TEST_PASSCODE));
    let back = desk.visitor.once(Method::POST, &action, Some(&fields)).await.location();
    back[back.find("/admin/").expect("ours")..].to_owned()
}

fn param(location: &str, name: &str) -> String {
    let url = url::Url::parse("http://x").expect("a URL").join(location).expect("a path");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).expect("the parameter")
}

fn told(page: &Page, words: &str) {
    assert!(page.text().contains(words), "{} ({}): {}", page.url, page.status, page.text());
}

both!(an_application_is_tried_and_nobody_stays_signed_in, tried);
async fn tried(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/clients/shop/connect").await;
    assert!(page.html.contains("/admin/clients/shop/try"), "{}", page.text());
    told(&page, "whoever is new gets an account");
    assert!(page.html.contains("/oauth2/auth?client_id=shop"), "a whole URL to copy: {}", page.html);

    let page = owner.post("/admin/clients/shop/try", &[]).await;
    assert!(page.asks_who() && page.text().contains("Shop"), "its own page: {}", page.text());
    let page = identify(&mut owner.visitor, page, GUEST).await;
    let page = typed(&mut owner.visitor, &page, &house.passcode(GUEST).await).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text());
    assert!(page.url.starts_with("/admin/clients/shop/tried?"), "{}", page.url);
    told(&page, "It works: they are signed in to");
    told(&page, "openid profile email phone");
    let guest = Identifier::read(GUEST).expect("an address");
    let guest = accounts::find_by_identifier(&house.app, &guest).await.expect("asked").expect("a new account").id;
    for holds in [guest.as_str(), GUEST, "email_verified", "at_hash", &house.issuer] {
        told(&page, holds);
    }
    for token in ["eyJ", "ac_", "at_ey"] {
        assert!(!page.html.contains(token), "{token} stands on the page: {}", page.html);
    }
    let story = page.html.split("href=\"").find(|rest| rest.starts_with("/admin/sign_ins/in_")).expect("its story");
    let story = owner.get(story.split('"').next().expect("a path")).await;
    told(&story, "tried from the portal");
    told(&story, "They are in.");

    // Nothing of it lives on, and the browser is the operator's again.
    let now = house.app.now();
    assert!(store::sessions::list(&house.app.db, &guest, now).await.expect("listed").is_empty());
    let grants = store::grants::list_subject(&house.app.db, &guest).await.expect("listed");
    assert!(grants.len() == 1 && grants.iter().all(|one| one.revoked_at.is_some()), "{grants:?}");
    let rp = Rp::discover(&house.issuer, "shop", Some(SHOP_SECRET), SHOP_CALLBACK).await;
    let begun = rp.begin(&["openid"], &[("prompt", "none")]);
    let back = owner.get(&begun.url).await;
    let me = operators::list(&house.app).await.expect("listed")[0].subject.clone();
    assert_eq!(rp.finish(begun, &back).await.claims.subject().as_str(), me.as_str());
    assert_eq!(owner.get("/admin/clients").await.status.as_u16(), 200);

    let book = list(&house.app, &Filter::default(), None, 1).await.expect("read");
    let entry = (book[0].act.as_str(), book[0].noun.as_str(), book[0].name.as_str(), book[0].actor.as_str());
    assert_eq!(entry, ("try", "client", "shop", format!("operator:{me}").as_str()));
    house.close().await;
}

both!(why_somebody_is_not_let_in_is_said, refused);
async fn refused(engine: Engine) {
    let house = House::with(engine, &format!("{SHOP}{}", THEIRS), &[]).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let test = Identifier::read(TEST).expect("a number");
    let person = accounts::find_by_identifier(&house.app, &test).await.expect("asked").expect("somebody").id;
    let mut admin = Desk::of(&house, Role::Admin).await;
    // Called off.
    let page = admin.post("/admin/clients/shop/try", &[]).await;
    let interaction = page.url.split("interaction=").nth(1).expect("one").split('&').next().expect("one").to_owned();
    let page = admin.post(&format!("/cancel?interaction={interaction}"), &[]).await;
    told(&page, "They are not let in. They said no.");
    // Signed in, and then not allowed: the session goes as well.
    let page = admin.post("/admin/clients/theirs/try", &[]).await;
    let page = identify(&mut admin.visitor, page, TEST).await;
    let page = typed(&mut admin.visitor, &page, TEST_PASSCODE).await;
    told(&page, "Theirs");
    let before = store::sessions::list(&house.app.db, &person, house.app.now()).await.expect("listed").len();
    let page = admin.visitor.submit(&page, &[("p_decision", "deny")]).await;
    told(&page, "They said no.");
    let after = store::sessions::list(&house.app.db, &person, house.app.now()).await.expect("listed").len();
    assert_eq!(after + 1, before);
    // Blocked.
    let blocked = json!({ "blocked": true });
    accounts::change(&house.app, &By::command(), person.as_str(), blocked).await.expect("blocked");
    let page = admin.post("/admin/clients/shop/try", &[]).await;
    let page = identify(&mut admin.visitor, page, TEST).await;
    let page = typed(&mut admin.visitor, &page, TEST_PASSCODE).await;
    told(&page, "The account is blocked");
    told(&page, "To try next");
    // Closed: as a stranger would see it.
    let page = admin.get("/admin/clients/members/connect").await;
    told(&page, "sign-up is closed");
    let page = admin.post("/admin/clients/members/try", &[]).await;
    let page = identify(&mut admin.visitor, page, "stranger@mail.example").await;
    assert!(page.asks_digits(), "{}", page.text());
    assert_eq!(house.sent("stranger@mail.example").await, 0);
    // Nobody signs in to these.
    for (client, words) in
        [("robot", "acts in its own name"), ("screen", "leave authorization_code out"), ("shut", "switched on")]
    {
        let page = admin.get(&format!("/admin/clients/{client}/connect")).await;
        told(&page, words);
        assert!(!page.html.contains("/try\""), "{}", page.html);
        let page = admin.post(&format!("/admin/clients/{client}/try"), &[]).await;
        assert_eq!(page.status.as_u16(), 409, "{}", page.text());
        told(&page, words);
    }
    assert_eq!(admin.post("/admin/clients/countersign-portal/try", &[]).await.status.as_u16(), 404);
    house.close().await;
}

const THEIRS: &str = r#"
[[client]]
id = "theirs"
name = "Theirs"
kind = "web"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["phone"]
third_party = true

[[client]]
id = "robot"
name = "Robot"
kind = "machine"
secret = "cdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234"

[[client]]
id = "screen"
name = "Screen"
kind = "native"
grant_types = ["device_code"]
connections = ["phone"]

[[client]]
id = "shut"
name = "Shut"
kind = "spa"
redirect_uris = ["http://127.0.0.1:4300/callback"]
connections = ["off"]

[[connection]]
name = "off"
kind = "email"
enabled = false
"#;

both!(what_an_application_demands_of_itself_is_no_hindrance, demanding);
async fn demanding(engine: Engine) {
    let key = Prover::new("ES256");
    let set = jwks(&[("one", &key)]);
    let clients = [
        declared("pushes", "web", "client_secret_basic", &format!("require_par = true\nsecret = \"{SECRET}\"")),
        declared("signs", "web", "private_key_jwt", &format!("require_signed_request = true\njwks = '{set}'")),
        declared("bound", "web", "client_secret_basic", &format!("dpop_bound = true\nsecret = \"{SECRET}\"")),
        declared("bank", "web", "private_key_jwt", &format!("profile = \"fapi2\"\njwks = '{set}'")),
        declared("opaque", "web", "client_secret_basic", &format!("opaque_tokens = true\nsecret = \"{SECRET}\"")),
    ];
    let house = House::with(engine, &format!("{SHOP}{}", clients.concat()), &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    for client in ["pushes", "signs", "bound", "bank", "opaque"] {
        let back = answered(&mut owner, client).await;
        let page = owner.get(&back).await;
        told(&page, "It works: they are signed in to");
        told(&page, client);
    }
    house.close().await;
}

both!(no_request_but_the_portals_comes_back_to_the_portal, forged);
async fn forged(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let place = format!("{}/admin/clients/shop/tried", house.issuer);
    // By an application, in its own name.
    for extra in [&[("redirect_uri", place.as_str())][..], &[("redirect_uri", &place), ("prompt", "none")]] {
        let page = owner.visitor.once(Method::GET, &ask(extra), None).await;
        assert_eq!(page.status.as_u16(), 400, "{}", page.text());
        told(&page, "redirect_uri");
    }
    let pushed = house.machine().push(&[("redirect_uri", &place)]).await;
    assert_eq!(pushed.refusal(), (400, "invalid_request".into()));
    // Under a seal that is none of ours, or beside a request that is right.
    for sealed in ["AAAA", "%%%", "portal"] {
        let page = owner.visitor.once(Method::GET, &ask(&[("portal_trial", sealed)]), None).await;
        assert_eq!(page.status.as_u16(), 400, "{}", page.text());
    }
    let begun = pressed(&mut owner, "shop").await;
    let sealed = param(&begun, "portal_trial");
    // As another client's.
    let page =
        owner.visitor.once(Method::GET, &asking(&[("client_id", "kiosk"), ("portal_trial", &sealed)]), None).await;
    assert_eq!(page.status.as_u16(), 400, "{}", page.text());
    told(&page, "another browser");
    // In another browser, signed in or not.
    let mut other = Desk::of(&house, Role::Admin).await;
    for visitor in [&mut house.visitor(), &mut other.visitor] {
        let page = visitor.once(Method::GET, &begun, None).await;
        assert_eq!(page.status.as_u16(), 400, "{}", page.text());
    }
    // Pushed ahead by the client itself.
    let pushed = house.machine().push(&[("portal_trial", &sealed), ("redirect_uri", &place)]).await;
    assert_eq!(pushed.status, 400, "{}", pushed.body);
    // What stands beside the seal counts for nothing.
    let beside = format!(
        "{begun}&redirect_uri=https%3A%2F%2Fevil.example%2F&scope=offline&state=mine&response_mode=form_post&prompt=none&code_challenge=x"
    );
    let page = owner.get(&beside).await;
    assert!(page.asks_who(), "{}", page.text());
    let page = identify(&mut owner.visitor, page, TEST).await;
    let page = typed(&mut owner.visitor, &page, TEST_PASSCODE).await;
    assert!(page.url.starts_with("/admin/clients/shop/tried?") && !page.url.contains("state=mine"), "{}", page.url);
    told(&page, "It works");
    // Too late.
    let begun = pressed(&mut owner, "shop").await;
    house.pass(60 * 60 + 1);
    let page = owner.visitor.once(Method::GET, &begun, None).await;
    assert_eq!(page.status.as_u16(), 400, "{}", page.text());
    house.close().await;
}

both!(a_trials_answer_is_good_once_and_for_whoever_began_it, answers);
async fn answers(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let mut other = Desk::of(&house, Role::Admin).await;
    let nothing = |page: &Page| {
        assert_eq!(page.status.as_u16(), 400, "{}", page.text());
        assert!(page.text().contains("nothing to show") && !page.html.contains("email_verified"), "{}", page.text());
    };
    let back = answered(&mut owner, "shop").await;
    // In another operator's browser, at another application's page, with words changed; none of that uses it up.
    nothing(&other.get(&back).await);
    nothing(&owner.get(&back.replace("/clients/shop/", "/clients/kiosk/")).await);
    for (name, value) in [("state", "st_forged"), ("iss", "https://evil.example"), ("code", "ac_forged")] {
        let all = ["code", "state", "iss", "interaction"].map(|key| (key, param(&back, key)));
        let all: Vec<(&str, &str)> =
            all.iter().map(|(key, own)| (*key, if *key == name { value } else { own.as_str() })).collect();
        nothing(&owner.get(&url("/admin/clients/shop/tried", &all)).await);
    }
    let page = owner.get(&back).await;
    told(&page, "It works");
    nothing(&owner.get(&back).await);

    // Nobody else redeems its code, the client with its secret not either.
    let back = answered(&mut owner, "shop").await;
    let (code, place) = (param(&back, "code"), format!("{}/admin/clients/shop/tried", house.issuer));
    for extra in [
        &[("redirect_uri", place.as_str())][..],
        &[("redirect_uri", &place), ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")],
        &[],
    ] {
        assert_eq!(house.machine().redeem(&code, extra).await.refusal(), (400, "invalid_grant".into()));
    }

    // A code that belongs to the application is not read here, whatever the operator's own trial says.
    let begun = pressed(&mut owner, "shop").await;
    let state = {
        let page = owner.get(&begun).await;
        let id = page.url.split("interaction=").nth(1).expect("one").split('&').next().expect("one").to_owned();
        let found = store::interactions::find(&house.app.db, &id).await.expect("read").expect("there");
        found.interaction.request.state.expect("a state")
    };
    let theirs = signed_in(&mut house.visitor(), &[]).await.code();
    let page = owner
        .get(&url("/admin/clients/shop/tried", &[("code", &theirs), ("state", &state), ("iss", &house.issuer)]))
        .await;
    nothing(&page);

    // By whoever may not, nothing begins.
    let before = list(&house.app, &Filter::default(), None, 100).await.expect("read").len();
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    let after_joining = list(&house.app, &Filter::default(), None, 100).await.expect("read").len();
    assert!(after_joining > before);
    assert_eq!(viewer.post("/admin/clients/shop/try", &[]).await.status.as_u16(), 403);
    assert!(!viewer.get("/admin/clients/shop/connect").await.html.contains("/try\""));
    assert_eq!(list(&house.app, &Filter::default(), None, 100).await.expect("read").len(), after_joining);
    assert_eq!(house.visitor().post("/admin/clients/shop/try", &[]).await.status.as_u16(), 401);
    house.close().await;
}
