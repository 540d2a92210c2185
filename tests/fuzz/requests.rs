//! Forms and queries of strangers: read without a panic, and nothing of them counts that must not.

use countersign::domain::callback::Callback;
use countersign::domain::client::{Client, ClientKind};
use countersign::domain::hint::Hint;
use countersign::domain::identifier::Identifier;
use countersign::domain::ids::ClientId;
use countersign::domain::params::Params;
use countersign::domain::pkce;
use countersign::domain::prompt::Prompt;
use countersign::domain::request::{AuthRequest, ONCE};
use countersign::domain::scope::Scope;

const HOME: &str = "https://app.example/callback";
const ISSUER: &str = "https://signin.example";

fn client() -> Client {
    let mut client = Client::new(ClientId::new("app"), "App", ClientKind::Spa);
    client.redirect_uris = vec![HOME.into()];
    client
}

/// Parameters as they stand in good requests, so that what is random meets what is not.
const NAMES: [&str; 14] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "claims",
    "resource",
];
const GOOD: [(&str, &str); 6] = [
    ("client_id", "app"),
    ("redirect_uri", HOME),
    ("response_type", "code"),
    ("scope", "openid"),
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

#[test]
fn an_authorization_request_is_read_or_refused() {
    let client = client();
    bolero::check!().with_type::<Vec<(u8, String)>>().for_each(|changes: &Vec<(u8, String)>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in GOOD {
            let changed = changes.iter().any(|(place, _)| NAMES[usize::from(*place) % NAMES.len()] == name);
            if !changed {
                query.append_pair(name, value);
            }
        }
        for (place, value) in changes {
            query.append_pair(NAMES[usize::from(*place) % NAMES.len()], value);
        }
        read(&client, query.finish().as_bytes());
    });
}

#[test]
fn any_bytes_are_a_query() {
    let client = client();
    bolero::check!().for_each(|bytes: &[u8]| read(&client, bytes));
}

fn read(client: &Client, bytes: &[u8]) {
    let params = Params::parse(bytes);
    let once = params.check(&ONCE).is_ok();
    let Some(callback) = Callback::prove(client, &params, ISSUER).filter(|_| once) else { return };
    assert_eq!(callback.redirect_uri, HOME);
    if let Ok(request) = AuthRequest::read(&params, client, &callback) {
        assert!(request.code_challenge.is_some(), "a public client always has one");
        assert!(request.nonce.as_deref().is_none_or(|nonce| !nonce.contains('\0')));
        assert!(!(request.prompt.none && request.prompt.wants_fresh_proof()));
    }
}

#[test]
fn small_readers_take_any_text() {
    bolero::check!().with_type::<String>().for_each(|text: &String| {
        if let Some(scope) = Scope::parse(text) {
            assert_eq!(Scope::parse(&scope.to_string()), Some(scope), "what was read reads the same again");
        }
        drop((Prompt::parse(text), Hint::parse(text), pkce::well_formed(text)));
        // One form for everybody: read again, it stays as it is.
        if let Ok(phone) = Identifier::phone(text, Some("NG")) {
            assert_eq!(Identifier::phone(phone.reveal(), None).ok(), Some(phone));
        }
        if let Ok(email) = Identifier::email(text) {
            assert_eq!(Identifier::email(email.reveal()).ok(), Some(email));
        }
    });
}
