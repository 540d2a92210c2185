//! Redirect URIs (RFC 9700 §2.1): whatever is asked for, nothing but what was registered is gone to.

use countersign::domain::client::{Client, ClientKind};
use countersign::domain::ids::ClientId;
use countersign::domain::profile::Profile;
use url::Url;

const WEB: &str = "https://app.example/callback?at=1";
const NATIVE: &str = "http://127.0.0.1/callback";

fn client(kind: ClientKind, profile: Profile, uri: &str) -> Client {
    let mut client = Client::new(ClientId::new("app"), "App", kind);
    client.redirect_uris = vec![uri.into()];
    client.profile = profile;
    client
}

/// A URI near the registered one: part of it, then whatever comes, then the rest.
fn near(registered: &str, (cut, skip, text): (u8, u8, String)) -> String {
    let at = usize::from(cut) % (registered.len() + 1);
    let rest = (at + usize::from(skip % 4)).min(registered.len());
    format!("{}{text}{}", &registered[..at], &registered[rest..])
}

#[test]
fn only_the_registered_uri_is_a_redirect_uri() {
    let exact = client(ClientKind::Web, Profile::Default, WEB);
    let compat = client(ClientKind::Web, Profile::Compat, WEB);
    bolero::check!().with_type::<(u8, u8, String)>().cloned().for_each(|change| {
        let asked = near(WEB, change);
        assert_eq!(exact.has_redirect_uri(&asked), asked == WEB, "{asked}");
        if compat.has_redirect_uri(&asked) {
            assert!(asked == WEB || asked == format!("{WEB}/"), "{asked}");
        }
    });
}

#[test]
fn a_native_apps_port_is_all_that_is_free() {
    let native = client(ClientKind::Native, Profile::Default, NATIVE);
    bolero::check!().with_type::<(u8, u8, String)>().cloned().for_each(|change| {
        let asked = near(NATIVE, change);
        if native.has_redirect_uri(&asked) && asked != NATIVE {
            let url = Url::parse(&asked).expect("a URL");
            assert_eq!((url.scheme(), url.host_str(), url.path()), ("http", Some("127.0.0.1"), "/callback"), "{asked}");
            assert_eq!(
                (url.username(), url.password(), url.query(), url.fragment()),
                ("", None, None, None),
                "{asked}"
            );
        }
    });
}
