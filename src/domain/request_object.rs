//! What a request object says (RFC 9101 §4, OpenID Connect Core §6.1), once its signature holds: for whom it is, how long it is good,
//! and the parameters in it.

use super::client::Client;
use super::params::Params;
use super::profile::Profile;
use super::request::ONCE;
use super::time::Time;
use serde_json::{Map, Value};

/// How far a client's clock may be ahead.
const SKEW: i64 = 30;
/// The JWT's own, no parameters.
const OF_THE_JWT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
/// What its `typ` may be. A client signs other things with the same key: assertions, proofs.
const TYPES: [&str; 3] = ["oauth-authz-req+jwt", "application/oauth-authz-req+jwt", "jwt"];

/// Whether a JWT of this type is a request object. Most say nothing.
pub fn is_typ(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| TYPES.iter().any(|one| one.eq_ignore_ascii_case(typ)))
}

/// The parameters of a request object this client signed, or why they do not count.
pub fn read(claims: &Map<String, Value>, client: &Client, issuer: &str, now: Time) -> Result<Params, &'static str> {
    let id = client.id.as_str();
    if claims.get("iss").and_then(Value::as_str) != Some(id) {
        return Err("iss is not the client");
    }
    // RFC 9101 §10.8: an assertion by which the client authenticates has both, and is no request.
    if claims.get("sub").is_some_and(|sub| sub == id) {
        return Err("sub is the client");
    }
    if !is_for(claims.get("aud"), issuer) {
        return Err("aud is not us");
    }
    if claims.get("client_id").is_some_and(|told| told != id) {
        return Err("client_id is another one");
    }
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err("a request within a request");
    }
    check_times(claims, client.profile, now.secs())?;
    parameters(claims, id)
}

fn is_for(aud: Option<&Value>, issuer: &str) -> bool {
    match aud {
        Some(Value::String(one)) => one == issuer,
        Some(Value::Array(list)) => list.iter().any(|one| one == issuer),
        _ => false,
    }
}

fn check_times(claims: &Map<String, Value>, profile: Profile, now: i64) -> Result<(), &'static str> {
    let (exp, nbf) = (moment(claims, "exp")?, moment(claims, "nbf")?);
    if exp.is_some_and(|exp| now >= exp) {
        return Err("expired");
    }
    if nbf.is_some_and(|nbf| nbf > now.saturating_add(SKEW)) {
        return Err("not good yet");
    }
    let Some(life) = profile.request_object_life() else { return Ok(()) };
    let longest = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
    match (exp, nbf) {
        (Some(exp), Some(nbf)) if exp.saturating_sub(nbf) > longest => Err("good for too long"),
        (Some(_), Some(nbf)) if now.saturating_sub(nbf) > longest => Err("nbf is too long ago"),
        (Some(_), Some(_)) => Ok(()),
        _ => Err("without exp or nbf"),
    }
}

/// RFC 7519 §2: a number, with a fraction or without.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, &'static str> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64)) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err("a time that is no number"),
        },
    }
}

fn parameters(claims: &Map<String, Value>, client: &str) -> Result<Params, &'static str> {
    let mut pairs = vec![("client_id".to_owned(), client.to_owned())];
    let told = claims.iter().filter(|(name, _)| *name != "client_id" && !OF_THE_JWT.contains(&name.as_str()));
    for (name, value) in told {
        match value {
            // Several resources, say: as often as they would stand in a query.
            Value::Array(list) => {
                for one in list {
                    let one = one.as_str().ok_or("a list of other things than text")?;
                    pairs.push((name.clone(), one.to_owned()));
                }
            }
            one => pairs.extend(text(one).map(|text| (name.clone(), text))),
        }
    }
    let params = Params::new(pairs);
    params.check(&ONCE).map_err(|_| "a parameter that is too long, or twice")?;
    Ok(params)
}

/// As the query would say it; an object, like `claims`, as JSON.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::ClientKind;
    use crate::domain::ids::ClientId;
    use serde_json::json;

    const US: &str = "https://id.example";

    fn client(profile: Profile) -> Client {
        Client { profile, ..Client::new(ClientId::new("shop"), "Shop", ClientKind::Web) }
    }

    fn told(profile: Profile, extra: Value) -> Result<Params, &'static str> {
        let mut claims = json!({ "iss": "shop", "aud": US, "client_id": "shop", "exp": 1_100, "nbf": 1_000 });
        let members = claims.as_object_mut().expect("an object");
        for (name, value) in extra.as_object().expect("an object") {
            members.insert(name.clone(), value.clone());
        }
        read(members, &client(profile), US, Time::from_secs(1_000))
    }

    #[test]
    fn parameters_are_as_a_query_would_say_them() {
        let params = told(
            Profile::Default,
            json!({ "state": "s", "max_age": 5, "claims": { "a": null }, "resource": ["urn:a", "urn:b"], "nonce": null, "jti": "1" }),
        )
        .expect("good");
        assert_eq!((params.get("state"), params.get("max_age"), params.get("jti")), (Some("s"), Some("5"), None));
        assert_eq!((params.get("claims"), params.get("nonce")), (Some("{\"a\":null}"), None));
        assert_eq!(params.all("resource").collect::<Vec<_>>(), ["urn:a", "urn:b"]);
        assert_eq!((params.get("client_id"), params.get("aud")), (Some("shop"), None));
    }

    #[test]
    fn what_is_not_this_clients_for_us_and_now_does_not_count() {
        for wrong in [
            json!({ "iss": "other" }),
            json!({ "iss": null }),
            json!({ "sub": "shop" }),
            json!({ "aud": "https://other.example" }),
            json!({ "aud": [] }),
            json!({ "aud": null }),
            json!({ "client_id": "other" }),
            json!({ "request": "x" }),
            json!({ "request_uri": "urn:x" }),
            json!({ "exp": 1_000 }),
            json!({ "exp": "1100" }),
            json!({ "nbf": 1_061 }),
            json!({ "state": ["a", "b"] }),
            json!({ "resource": [1] }),
            json!({ "state": "x".repeat(9_000) }),
        ] {
            assert!(told(Profile::Default, wrong.clone()).is_err(), "{wrong}");
        }
        assert!(told(Profile::Default, json!({ "aud": ["https://other.example", US], "nbf": 1_008 })).is_ok());
    }

    #[test]
    fn fapi_bounds_how_long_one_is_good() {
        for (exp, nbf, good) in [
            (json!(1_100), json!(1_008), true),
            (json!(4_600), json!(1_000), true),
            (json!(4_601), json!(1_000), false),
            (json!(1_001), json!(-2_600), false),
            (json!(1_001.5), json!(999.5), true),
        ] {
            assert_eq!(told(Profile::Fapi2, json!({ "exp": exp, "nbf": nbf })).is_ok(), good, "{exp} {nbf}");
        }
        for missing in ["exp", "nbf"] {
            let mut claims = json!({ "iss": "shop", "aud": US, "exp": 1_100, "nbf": 1_000 });
            claims.as_object_mut().expect("an object").remove(missing);
            let read =
                |profile| read(claims.as_object().expect("an object"), &client(profile), US, Time::from_secs(1_000));
            assert!(read(Profile::Fapi2).is_err() && read(Profile::Default).is_ok(), "{missing}");
        }
    }

    #[test]
    fn other_things_a_client_signs_are_no_requests() {
        assert!([None, Some("JWT"), Some("oauth-authz-req+jwt")].into_iter().all(is_typ));
        assert!(![Some("dpop+jwt"), Some("client-authentication+jwt"), Some("at+jwt")].into_iter().any(is_typ));
    }
}
