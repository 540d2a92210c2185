//! oidcc-formpost-basic: the same answers, in a form a browser posts by itself, and without scripts by a button.

use crate::harness::ways::{TEST, TEST_PASSCODE, ask};
use crate::harness::{House, Page, SHOP_CALLBACK, both, rp};

fn field(page: &Page, name: &str) -> Option<String> {
    page.form("continue").1.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn posts_itself(page: &Page) {
    assert_eq!((page.status.as_u16(), page.form("continue").0.as_str()), (200, SHOP_CALLBACK), "{}", page.url);
    assert!(page.html.contains("method=\"post\"") && page.html.contains("type=\"submit\""), "{}", page.html);
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(page.html.contains(&format!("<script nonce=\"{nonce}\">")), "{}", page.html);
    assert!(policy.contains("form-action 'self' http://127.0.0.1:4000"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
}

both!(oidcc_formpost_server, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let state = "a\"b<c>&'d e";
    let page = visitor.get(&ask(&[("response_mode", "form_post"), ("state", state)])).await;
    let page = rp::identify(&mut visitor, page, TEST).await;
    let page = visitor.submit(&page, &[("p_confirmation_code", TEST_PASSCODE)]).await;
    posts_itself(&page);
    assert_eq!((field(&page, "state").as_deref(), field(&page, "iss")), (Some(state), Some(house.issuer.clone())));
    assert_eq!(house.machine().redeem(&field(&page, "code").expect("a code"), &[]).await.status, 200);
    house.close().await;
});

both!(oidcc_formpost_errors, async |engine| {
    let house = House::open(engine).await;
    for (extra, error) in [
        (("prompt", "none"), "login_required"),
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "nothing"), "invalid_scope"),
        (("request", "x"), "invalid_request_object"),
        (("request_uri", "https://rp.example/x"), "request_uri_not_supported"),
        (("registration", "{}"), "registration_not_supported"),
    ] {
        let page = house.visitor().get(&ask(&[("response_mode", "form_post"), extra])).await;
        posts_itself(&page);
        assert_eq!(field(&page, "error").as_deref(), Some(error), "{extra:?}");
        assert_eq!((field(&page, "state").as_deref(), field(&page, "code")), (Some("st8"), None));
        let mut names: Vec<String> = page.form("continue").1.into_iter().map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, ["error", "error_description", "iss", "state"]);
    }
    // Before anybody is proven it is a page, whatever was asked.
    let page =
        house.visitor().get(&ask(&[("response_mode", "form_post"), ("redirect_uri", "https://evil.example/")])).await;
    assert!(page.status == 400 && !page.html.contains("evil.example"));
    house.close().await;
});
