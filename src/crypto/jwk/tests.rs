use super::*;
use crate::crypto::keys::{SigningKey, generate};
use crate::domain::client::Algorithm;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::read(algorithm, &generate(algorithm).expect("generates"), Time(0), None).expect("reads")
}

fn one(jwk: &Value) -> Option<KeySet> {
    KeySet::read(&json!({"keys": [jwk]})).filter(|set| !set.is_empty())
}

#[test]
fn each_kind_verifies_what_it_signed_and_nothing_else() {
    for algorithm in Algorithm::ALL {
        let (own, other) = (key(algorithm), key(algorithm));
        let signature = own.sign(b"message").expect("signs");
        let verdict = |jwk: &Value, algorithm: &str, message: &[u8], signature: &[u8]| {
            one(jwk).expect("a key").verify(jwk["kid"].as_str(), algorithm, message, signature)
        };
        assert_eq!(verdict(&own.jwk, algorithm.as_str(), b"message", &signature), Verdict::Good);
        assert_eq!(verdict(&own.jwk, algorithm.as_str(), b"massage", &signature), Verdict::Bad);
        assert_eq!(verdict(&own.jwk, algorithm.as_str(), b"message", &signature[1..]), Verdict::Bad);
        assert_eq!(verdict(&own.jwk, algorithm.as_str(), b"message", b""), Verdict::Bad);
        assert_eq!(verdict(&other.jwk, algorithm.as_str(), b"message", &signature), Verdict::Bad);
        for wrong in ["RS256", "PS256", "ES256", "EdDSA", "HS256", "none", ""] {
            let good = verdict(&own.jwk, wrong, b"message", &signature) == Verdict::Good;
            assert_eq!(good, wrong == algorithm.as_str(), "{wrong}");
        }
    }
}

#[test]
fn what_is_of_no_use_is_not_read() {
    let [rsa, ec, ed] = Algorithm::ALL.map(|algorithm| key(algorithm).jwk);
    let changed = |jwk: &Value, name: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let short = URL_SAFE_NO_PAD.encode([0xc1; 128]);
    for (why, jwk) in [
        ("encryption", changed(&rsa, "use", "enc".into())),
        ("only signs", changed(&rsa, "key_ops", json!(["sign"]))),
        ("1024 bits", changed(&rsa, "n", short.into())),
        ("leading zero", changed(&rsa, "n", URL_SAFE_NO_PAD.encode([0; 257]).into())),
        ("exponent one", changed(&rsa, "e", "AQ".into())),
        ("padded", changed(&rsa, "e", "AQAB=".into())),
        ("private", changed(&ec, "d", "AA".into())),
        ("another curve", changed(&ec, "crv", "P-384".into())),
        ("short", changed(&ec, "y", "AA".into())),
        ("X25519", changed(&ed, "crv", "X25519".into())),
        ("no text", changed(&ed, "x", 7.into())),
        ("symmetric", json!({"kty": "oct", "k": "AAAA"})),
        ("nothing", json!({})),
        ("no object", json!("key")),
    ] {
        assert!(one(&jwk).is_none(), "{why}");
    }
    let set = json!({"keys": [changed(&rsa, "use", "enc".into()), ec, 5]});
    assert_eq!(KeySet::read(&set).expect("a set").len(), 1);
    assert!(KeySet::read(&json!({"keys": {}})).is_none() && KeySet::read(&json!([])).is_none());
}

#[test]
fn a_set_tells_a_wrong_signature_from_a_key_it_does_not_know() {
    let (known, newer) = (key(Algorithm::ES256), key(Algorithm::ES256));
    let set = KeySet::read(&json!({"keys": [known.jwk]})).expect("a set");
    let (good, other) = (known.sign(b"m").expect("signs"), newer.sign(b"m").expect("signs"));
    let verdict = |kid: Option<&str>, signature: &[u8]| set.verify(kid, "ES256", b"m", signature);
    assert_eq!(verdict(Some(known.id.as_str()), &good), Verdict::Good);
    assert_eq!(verdict(None, &good), Verdict::Good);
    assert_eq!(verdict(Some(known.id.as_str()), &other), Verdict::Bad);
    assert_eq!(verdict(Some(newer.id.as_str()), &other), Verdict::NoKey);
    assert_eq!(verdict(Some(newer.id.as_str()), &good), Verdict::NoKey, "the name counts");
    assert_eq!(verdict(None, &other), Verdict::NoKey);
    assert_eq!(set.verify(None, "EdDSA", b"m", &good), Verdict::NoKey);
}
