//! What an application is told when a sign-in was left too long, so that it can begin it again (Kinde's `reauth_state`):
//! JSON in standard base64, of keys its SDKs hand on to their own sign-in route.

use super::params::Params;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Whatever else the request held stays out: `state`, `nonce` and the challenge are of the request that is over, and SDKs fail
/// on `scope`.
const SAFE: [&str; 9] = [
    "login_hint",
    "connection_id",
    "org_code",
    "org_name",
    "is_create_org",
    "prompt",
    "lang",
    "invitation_code",
    "plan_interest",
];

/// From the parameters that count: pushed ones never stood in a query.
pub fn state(params: &Params) -> String {
    let kept = SAFE.iter().filter_map(|name| Some(((*name).to_owned(), Value::from(params.get(name)?))));
    STANDARD.encode(Value::Object(kept.collect::<Map<_, _>>()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_sdks_can_read_is_kept() {
        let told = state(&Params::parse(
            b"client_id=x&login_hint=ada%40b.example&scope=openid&state=s&nonce=n&prompt=create&lang=&code_challenge=c",
        ));
        let read: Value = serde_json::from_slice(&STANDARD.decode(told).expect("standard base64")).expect("JSON");
        assert_eq!(read, serde_json::json!({ "login_hint": "ada@b.example", "prompt": "create" }));
        assert_eq!(state(&Params::default()), STANDARD.encode("{}"));
    }
}
