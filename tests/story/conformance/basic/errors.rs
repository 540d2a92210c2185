//! The errors that travel to a client as its answers do, and those that do not.

use super::{Mode, STATE, Suite, modules};

modules![every_error_travels_the_way_that_was_asked_for];

async fn every_error_travels_the_way_that_was_asked_for(mut suite: Suite) {
    for (extra, error) in [
        (("prompt", "none"), "login_required"),
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "nothing"), "invalid_scope"),
        (("request", "x"), "invalid_request_object"),
        (("request_uri", "https://rp.example/x"), "request_uri_not_supported"),
        (("registration", "{}"), "registration_not_supported"),
    ] {
        let back = suite.begin(&[extra]).await;
        assert_eq!(back.error().as_deref(), Some(error), "{extra:?}");
        assert_eq!((back.param("state").as_deref(), back.param("code")), (Some(STATE), None));
        assert_eq!(back.param("iss"), Some(suite.house.issuer.clone()));
        let description = back.param("error_description").expect("fixed words");
        assert!(description.chars().all(|c| matches!(c, '\x20'..='\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E')));
        let url = url::Url::parse(&back.url).expect("a URL");
        let mut names: Vec<String> = url.query_pairs().map(|(name, _)| name.into()).collect();
        names.sort();
        assert_eq!(names, ["error", "error_description", "iss", "own", "state"]);
    }
    // Before anybody is proven it is a page, whatever was asked.
    let page = suite.begin(&[("redirect_uri", "https://evil.example/")]).await;
    suite.shows_an_error(&page, "redirect_uri");
    assert!(!page.html.contains("evil.example"));
    suite.close().await;
}
