//! Pages after a sign-in, or beside one: where things stand, sign-outs, a person's own page.

use super::*;

pub fn standings(at: &Setting<'_>) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for (heading, body, onward) in [
        ("interaction-expired-title", "interaction-expired-body", Some(("/again", "start-again"))),
        ("interaction-foreign-title", "interaction-foreign-body", Some(("/again", "start-again"))),
        ("interaction-finished-title", "interaction-finished-body", Some(("/app", "back-to-app"))),
        ("interaction-unknown-title", "interaction-unknown-body", None),
        ("account-over-title", "account-over-body", None),
    ] {
        pages.push(drawn(
            &format!("standing-{heading}"),
            StandingPage { frame: at.frame(onward.is_some()), heading, body, good: false, onward },
        ));
    }
    for (heading, body, detail, back) in [
        (
            "request-problem-title",
            "request-problem-body",
            Some(at.value(
                "redirect_uri is not registered for the application \"shop\": <https&#58;//evil>",
                "redirect_uri is not registered for the application \"shop\"",
            )),
            None,
        ),
        ("unavailable-title", "unavailable-body", None, Some("/again")),
        ("invitation-title", "invitation-body", None, None),
        ("not-found-title", "not-found-body", None, None),
        ("something-broke-title", "something-broke-body", None, None),
    ] {
        let page = ErrorPage { frame: at.frame(false), heading, body, detail, request_id: "req_01JX2Y3Z", back };
        pages.push(drawn(&format!("error-{heading}"), page));
    }
    pages.push(drawn("success", SuccessPage { frame: at.frame(true), app: at.brand.name, url: "/cb?code=1&state=2" }));
    pages.push(drawn("signed-out", SignedOutPage { frame: at.frame(true), back: Some("/app"), frames: &[] }));
    let frames = ["/out?iss=x&sid=\"y\"".to_owned()];
    let page = SignedOutPage { frame: at.frame(true), back: Some("/app"), frames: &frames };
    pages.push(drawn("signed-out-frames", page));
    let (action, hidden) = ("/logout", at.hidden());
    let logout = |auto, everywhere, who| ConfirmLogoutPage {
        frame: at.frame(true),
        action,
        hidden,
        who,
        auto,
        everywhere,
        stay: "/account",
    };
    pages.push(drawn("logout", logout(false, false, Some("+234 ••• ••67"))));
    pages.push(drawn("logout-everywhere", logout(false, true, None)));
    pages.push(drawn("logout-auto", logout(true, false, None)));
    let hidden = &[("code", "abc"), ("state", "a\"b<c>"), ("iss", "issuer")];
    pages.push(drawn("post", PostPage { frame: at.frame(true), action: "/callback", hidden }));
    pages
}

pub fn accounts(at: &Setting<'_>) -> Vec<(String, String)> {
    let session = |here| SeenSession { at: "2026-11-21T15:04:00Z".into(), shown: "2026-11-21 15:04 UTC".into(), here };
    let page = |apps: &[(String, String)]| {
        AccountPage {
            frame: at.frame(true),
            name: Some(at.value("Ada <Sons>", "Ada")),
            identifiers: &["+234 803 123 4567".into(), "ada@example.com".into()],
            organizations: &[
                ("Default".into(), String::new()),
                (at.value("Acme & <Sons>", "Acme").into(), "Clerk, Owner".into()),
            ],
            apps,
            sessions: &[session(true), session(false)],
            take_back: "/account/take-back",
            everywhere: "/account/sign-out-everywhere",
            sign_out: "/logout",
            back: Some("/back"),
        }
        .render()
        .unwrap_or_default()
    };
    let apps = [("shop".to_owned(), at.brand.name.to_owned())];
    vec![
        ("account".to_owned(), page(&apps)),
        ("account-bare".to_owned(), page(&[])),
        drawn(
            "account-open",
            AccountOpenPage { frame: at.frame(false), action: "/account/open", link: at.value("\"><script>", "link") },
        ),
    ]
}
