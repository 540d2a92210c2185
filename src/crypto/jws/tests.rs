use super::*;
use crate::crypto::jwt;
use crate::crypto::keys::{SigningKey, generate};
use crate::domain::client::Algorithm;
use crate::domain::time::Time;
use serde_json::json;

fn raw(header: &str, claims: &str) -> String {
    format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims), URL_SAFE_NO_PAD.encode("x"))
}

#[test]
fn what_is_signed_is_read_and_verified() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::read(algorithm, &generate(algorithm).expect("generates"), Time(0), None).expect("reads");
        let token = jwt::sign(&key, "x+jwt", &json!({"iss": "me", "exp": 10.9, "nbf": 3})).expect("signs");
        let jws = Jws::read(&token).expect("a JWS");
        let set = KeySet::read(&json!({"keys": [key.jwk]})).expect("a set");
        assert_eq!((jws.typ(), jws.claim("iss"), jws.kid()), (Some("x+jwt"), Some("me"), Some(key.id.as_str())));
        assert_eq!((jws.moment("exp"), jws.moment("nbf"), jws.moment("iss")), (Some(10), Some(3), None));
        assert_eq!(jws.verified_by(&set), Verdict::Good);
        assert!(!jws.verified_with_secret(key.jwk.to_string().as_bytes()), "a public key is no secret");
        let (head, tail) = token.rsplit_once('.').expect("three parts");
        let claims = URL_SAFE_NO_PAD.encode(r#"{"iss":"you"}"#);
        let header = head.split('.').next().expect("a header");
        let forged = format!("{header}.{claims}.{tail}");
        assert_eq!(Jws::read(&forged).expect("a JWS").verified_by(&set), Verdict::Bad);
    }
}

#[test]
fn a_secret_verifies_hs256_alone() {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode("{}"));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), signed.as_bytes());
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac));
    let jws = Jws::read(&token).expect("a JWS");
    assert!(jws.verified_with_secret(b"secret") && !jws.verified_with_secret(b"Secret"));
    assert_eq!(jws.verified_by(&KeySet::default()), Verdict::NoKey);
}

#[test]
fn what_is_not_strictly_a_jws_is_not_read() {
    assert!(
        Jws::read(&raw(r#"{"alg":"none"}"#, "{}"))
            .is_some_and(|jws| jws.verified_by(&KeySet::default()) == Verdict::NoKey)
    );
    let good = raw(r#"{"alg":"ES256"}"#, "{}");
    assert!(Jws::read(&good).is_some());
    for (why, bad) in [
        ("crit", raw(r#"{"alg":"ES256","crit":["x"],"x":1}"#, "{}")),
        ("an empty crit", raw(r#"{"alg":"ES256","crit":[]}"#, "{}")),
        ("b64", raw(r#"{"alg":"ES256","b64":false}"#, "{}")),
        ("alg twice", raw(r#"{"alg":"ES256","alg":"none"}"#, "{}")),
        ("a claim twice", raw(r#"{"alg":"ES256"}"#, r#"{"iss":"a","iss":"b"}"#)),
        ("no alg", raw("{}", "{}")),
        ("alg is no text", raw(r#"{"alg":["ES256"]}"#, "{}")),
        ("a list", raw(r#"{"alg":"ES256"}"#, "[]")),
        ("no JSON", raw("alg", "{}")),
        ("four parts", format!("{good}.x")),
        ("two parts", good.rsplit_once('.').expect("dots").0.to_owned()),
        ("padding", format!("{good}=")),
        ("a space", format!("{good} ")),
        ("other letters", good.replace('e', "+")),
        ("long", raw(r#"{"alg":"ES256"}"#, &format!(r#"{{"x":"{}"}}"#, "x".repeat(17_000)))),
        ("nothing", String::new()),
    ] {
        assert!(Jws::read(&bad).is_none(), "{why}");
    }
}
