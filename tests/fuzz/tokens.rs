//! Tokens somebody may have made up: none but ours is taken for ours.

use countersign::crypto::jwt;
use countersign::crypto::keys::{Keyring, SigningKey, generate};
use countersign::crypto::secret::Secret;
use countersign::domain::client::Algorithm;
use countersign::domain::time::Time;
use serde_json::json;
use std::sync::Arc;

fn key() -> Arc<SigningKey> {
    let pkcs8 = generate(Algorithm::ES256).expect("generates");
    Arc::new(SigningKey::read(Algorithm::ES256, &pkcs8, Time(0), None).expect("reads"))
}

#[test]
fn a_changed_token_is_no_token() {
    let key = key();
    let ring = Keyring::new(vec![key.clone()]);
    let token = jwt::sign(&key, "JWT", &json!({"sub": "kp_1", "exp": 10})).expect("signs");
    assert!(jwt::read(&ring, &token, Time(0)).is_some());
    bolero::check!().with_type::<(u16, u8, String)>().cloned().for_each(|(at, skip, text)| {
        let at = usize::from(at) % (token.len() + 1);
        let rest = (at + usize::from(skip % 8)).min(token.len());
        let changed = format!("{}{text}{}", &token[..at], &token[rest..]);
        if changed != token {
            assert!(jwt::read(&ring, &changed, Time(0)).is_none(), "{changed}");
        }
    });
}

#[test]
fn any_text_is_no_token() {
    let ring = Keyring::new(vec![key()]);
    let secret = Secret::new(&[7; 32]).expect("long enough");
    bolero::check!().with_type::<String>().for_each(|text: &String| {
        assert!(jwt::read(&ring, text, Time(0)).is_none());
        assert!(secret.read_refresh_token(text).is_none());
        assert!(secret.read_refresh_token(&format!("rt_{text}.1.")).is_none());
    });
}
