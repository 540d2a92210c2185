//! Operators get in, by a link and by a passcode, and no further than their role and the time since they signed in allow.

use crate::harness::portal::{Desk, code_of};
use crate::harness::{Engine, House, both};
use countersign::domain::audit::By;
use countersign::domain::ids::SubjectId;
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::operators;

both!(a_link_makes_the_first_owner_once, first_owner);
async fn first_owner(engine: Engine) {
    let house = House::open(engine).await;
    assert!(operators::none_yet(&house.app).await.expect("asked"));
    let link = operators::invite(&house.app, &By::command(), Role::Owner).await.expect("a link");
    let path = link.strip_prefix(&house.issuer).expect("ours").to_owned();

    // Previews of links open none.
    let mut preview = house.visitor();
    assert!(preview.get(&path).await.text().contains("It works once"));
    let mut visitor = house.visitor();
    let page = visitor.get(&path).await;
    let page = visitor.submit(&page, &[("invitation", &code_of(&link))]).await;
    assert!(page.html.contains("p_email"), "{}", page.text());

    let again = preview.post("/admin/join", &[("invitation", &code_of(&link))]).await;
    assert_eq!((again.status.as_u16(), again.text().contains("no longer works")), (410, true), "{}", again.text());

    let mut desk = Desk { visitor, address: "ada@desk.example".into() };
    let page = desk.prove(&house, page).await;
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, "/admin"), "{}", page.text());
    let all = operators::list(&house.app).await.expect("listed");
    assert_eq!(all.iter().map(|one| one.role).collect::<Vec<_>>(), [Role::Owner]);
    let book = list(&house.app, &Filter::default(), None, 10).await.expect("read");
    let told: Vec<_> =
        book.iter().map(|entry| (entry.actor.as_str(), entry.act.as_str(), entry.noun.as_str())).collect();
    let owner = format!("operator:{}", all[0].subject);
    assert_eq!(told[..2], [(owner.as_str(), "create", "operator"), ("command", "invite", "operator")]);
    house.close().await;
}

both!(a_link_lives_a_quarter_of_an_hour, link_life);
async fn link_life(engine: Engine) {
    let house = House::open(engine).await;
    let link = operators::invite(&house.app, &By::command(), Role::Owner).await.expect("a link");
    house.pass(15 * 60 + 1);
    let page = house.visitor().post("/admin/join", &[("invitation", &code_of(&link))]).await;
    assert_eq!(page.status.as_u16(), 410, "{}", page.text());
    let page = house.visitor().post("/admin/join", &[("invitation", "opi_guess")]).await;
    assert_eq!(page.status.as_u16(), 410, "{}", page.text());
    house.close().await;
}

both!(nobody_else_gets_in, strangers);
async fn strangers(engine: Engine) {
    let house = House::open(engine).await;
    let _owner = Desk::of(&house, Role::Owner).await;
    let mut visitor = house.visitor();
    let page = visitor.get("/admin/carriers").await;
    assert_eq!(page.status.as_u16(), 401, "{}", page.text());
    // Somebody with no account gets no message by way of the portal, and no account.
    let page = visitor.submit(&page, &[("to", "/admin/carriers")]).await;
    let page = crate::harness::rp::identify(&mut visitor, page, "stranger@mail.example").await;
    assert!(page.html.contains("p_confirmation_code"), "looks like any other: {}", page.text());
    assert_eq!(house.sent("stranger@mail.example").await, 0);
    // Somebody with an account, who does not operate.
    let mut member = house.visitor();
    let page = crate::harness::ways::signed_in(&mut member, &[]).await;
    assert!(crate::harness::ways::went_in(&page));
    let page = member.get("/admin").await;
    let page = member.submit(&page, &[("to", "/admin")]).await;
    assert_eq!(page.status.as_u16(), 403, "{}", page.text());
    assert!(page.text().contains("not as somebody who operates"), "{}", page.text());
    // A forged invitation opens nothing.
    let page = house.visitor().get("/oauth2/auth?client_id=countersign-portal&operator_invitation=AAAA&response_type=code&scope=openid&redirect_uri=x").await;
    assert_eq!(page.status.as_u16(), 400);
    house.close().await;
}

both!(what_is_sensitive_asks_for_a_sign_in_a_moment_ago, fresh);
async fn fresh(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    assert_eq!(owner.get("/admin/new/carriers").await.status.as_u16(), 200);
    house.pass(11 * 60);
    assert_eq!(owner.get("/admin/carriers").await.status.as_u16(), 200, "reading is not");
    let page = owner.get("/admin/new/carriers").await;
    assert_eq!((page.status.as_u16(), page.text().contains("Confirm")), (401, true), "{}", page.text());
    let page = owner.confirm(&house, &page).await;
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, "/admin/new/carriers"), "{}", page.text());
    // What was opened may be sent a while longer.
    house.pass(20 * 60);
    let page = owner.post("/admin/keys", &[]).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text());
    house.pass(11 * 60);
    let page = owner.post("/admin/keys", &[]).await;
    assert_eq!(page.status.as_u16(), 401, "{}", page.text());
    house.close().await;
}

both!(whoever_was_out_when_they_pressed_a_button_comes_back_to_the_page_it_stood_on, pressed);
async fn pressed(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let form = "/admin/new/carriers?kind=smtp";
    for act in ["/admin/new/carriers/check", "/admin/check/carriers", "/admin/clients/shop/try"] {
        let mut out = owner.visitor.clone();
        assert_eq!(out.get(form).await.status.as_u16(), 200);
        out.cookies.clear();
        let page = out.post(act, &[("name", "mail")]).await;
        assert_eq!(page.status.as_u16(), 401, "{act}: {}", page.text());
        let (_, hidden) = page.form("to");
        assert!(hidden.contains(&("to".into(), form.replace('&', "&amp;"))), "{act}: {hidden:?}");
        // A browser that does not tell.
        let mut blind = house.visitor();
        let page = blind.post(act, &[("name", "mail")]).await;
        assert!(page.form("to").1.contains(&("to".into(), "/admin".into())), "{act}: {}", page.html);
    }
    assert_eq!(owner.get(form).await.status.as_u16(), 200);
    house.close().await;
}

both!(the_last_owner_stays, last_owner);
async fn last_owner(engine: Engine) {
    let house = House::open(engine).await;
    let mut ada = Desk::called(&house, Role::Owner, "ada@desk.example").await;
    let me = operators::list(&house.app).await.expect("listed")[0].subject.clone();
    let one = format!("/admin/operators/{me}");
    for (path, fields) in [(format!("{one}/remove"), &[][..]), (one.clone(), &[("role", "viewer")])] {
        let page = ada.post(&path, fields).await;
        assert_eq!((page.status.as_u16(), page.text().contains("last owner")), (409, true), "{}", page.text());
    }
    Desk::called(&house, Role::Owner, "bob@desk.example").await;
    let page = ada.post(&one, &[("role", "viewer")]).await;
    // Done, and with that the page it leads to is no longer hers.
    assert_eq!(page.status.as_u16(), 403, "{}", page.text());
    assert_eq!(operators::list(&house.app).await.expect("listed")[0].role, Role::Viewer);
    house.close().await;
}

both!(whoever_is_removed_is_out_at_once, removed);
async fn removed(engine: Engine) {
    let house = House::open(engine).await;
    let _owner = Desk::of(&house, Role::Owner).await;
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    assert_eq!(viewer.get("/admin/clients").await.status.as_u16(), 200);
    let id = operators::list(&house.app).await.expect("listed")[1].subject.clone();
    operators::remove(&house.app, &By::command(), &SubjectId::new(id.as_str())).await.expect("removed");
    assert_eq!(viewer.get("/admin/clients").await.status.as_u16(), 403);
    house.close().await;
}

both!(a_form_that_is_wrong_loses_nothing, wrong_form);
async fn wrong_form(engine: Engine) {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/new/clients").await;
    let fields = [
        ("id", "till"),
        ("name", "<script>alert(1)</script>"),
        ("kind", "web"),
        ("redirect_uris", "http://shop.example/cb"),
        ("connections", "nowhere"),
        ("access_token_seconds", "soon"),
    ];
    let page = owner.visitor.submit(&page, &fields).await;
    assert_eq!(page.status.as_u16(), 422);
    assert!(page.html.contains("a whole number"), "{}", page.text());
    let fields = [&fields[..5], &[("access_token_seconds", "600")]].concat();
    let page = owner.visitor.submit(&page, &fields).await;
    assert_eq!(page.status.as_u16(), 422);
    assert!(
        page.html.contains("id=\"connections-wrong\"") && page.html.contains("id=\"redirect_uris-wrong\""),
        "{}",
        page.text()
    );
    assert!(page.html.contains("http://shop.example/cb"), "what was typed stays");
    assert!(!page.html.contains("<script>alert"), "{}", page.html);
    let good = [
        ("id", "till"),
        ("name", "=SUM(A1)"),
        ("kind", "web"),
        ("redirect_uris", "https://shop.example/cb"),
        ("connections", "email"),
    ];
    let page = owner.visitor.submit(&page, &good).await;
    assert_eq!(page.status.as_u16(), 201, "{}", page.text());
    assert!(page.html.contains("id=\"secret\""), "shown this once: {}", page.text());
    let page = owner.get("/admin/clients/till").await;
    assert_eq!((page.status.as_u16(), page.html.contains("id=\"secret\"")), (200, false));
    house.close().await;
}

both!(two_at_once_see_the_difference, at_once);
async fn at_once(engine: Engine) {
    let house = House::open(engine).await;
    let (mut ada, mut bob) =
        (Desk::called(&house, Role::Owner, "ada@desk.example").await, Desk::of(&house, Role::Admin).await);
    let (hers, his) = (ada.get("/admin/new/caps").await, bob.get("/admin/clients/kiosk").await);
    let made = ada.visitor.submit(&hers, &[("per", "day"), ("most", "5"), ("country", "NG")]).await;
    assert_eq!(made.url, "/admin/caps/country-NG-day?done=saved", "{}", made.text());
    let page = ada.get("/admin/clients/kiosk").await;
    let done = ada.save(&page, &[("name", "Hers")]).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    let stale = bob.save(&his, &[("name", "His")]).await;
    assert_eq!(stale.status.as_u16(), 409, "{}", stale.text());
    assert!(stale.text().contains("now: Hers") && stale.html.contains("value=\"His\""), "{}", stale.text());
    let done = bob.save(&stale, &[("name", "His")]).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    assert!(bob.get("/admin/clients/kiosk").await.html.contains("value=\"His\""));
    // In use: what uses it is told.
    let page = ada.post("/admin/connections/phone/delete", &[]).await;
    assert_eq!((page.status.as_u16(), page.text().contains("kiosk")), (409, true), "{}", page.text());
    house.close().await;
}

both!(a_form_saved_as_it_stands_changes_nothing, as_it_stands);
async fn as_it_stands(engine: Engine) {
    let house = House::with(engine, include_str!("../fixtures/everything.toml"), &[]).await;
    // Nobody can sign in by what is declared there, so the first link's hour has to do.
    let link = operators::invite(&house.app, &By::command(), Role::Owner).await.expect("a link");
    let mut desk = Desk { visitor: house.visitor(), address: String::new() };
    let page = desk.post("/admin/join", &[("invitation", &code_of(&link))]).await;
    assert!(page.text().contains("You came by the first link"), "{}", page.text());
    let before = countersign::flows::manage::export::export(&house.app).await.expect("exported");
    let mut pages = 0;
    for noun in countersign::domain::declaration::Noun::ALL {
        for item in countersign::flows::manage::change::list(&house.app, noun).await.expect("listed") {
            let list = desk.get(&format!("/admin/{}", noun.plural())).await;
            let href = list.html.split("href=\"").find(|rest| {
                let path = rest.split('"').next().unwrap_or_default();
                rest.split('>').nth(1).is_some_and(|text| text.starts_with("<bdi")) && {
                    let last = path.rsplit('/').next().unwrap_or_default();
                    url::form_urlencoded::parse(format!("x={last}").as_bytes()).any(|(_, value)| value == item.name)
                }
            });
            let href = href.unwrap_or_else(|| panic!("{} is not listed: {}", item.name, list.html));
            let page = desk.get(href.split('"').next().expect("a path")).await;
            assert!(page.html.len() < 60_000, "{}: {} bytes", item.name, page.html.len());
            let page = desk.save(&page, &[]).await;
            assert_eq!(page.status.as_u16(), 200, "{} {}: {}", noun.as_str(), item.name, page.text());
            pages += 1;
        }
    }
    assert!(pages > 20, "{pages}");
    let after = countersign::flows::manage::export::export(&house.app).await.expect("exported");
    assert_eq!(before, after);
    let book = list(&house.app, &Filter::default(), None, 10).await.expect("read");
    assert_eq!(book[0].act, "invite", "nothing was changed: {:?}", book[0]);
    house.close_anyway().await;
}
