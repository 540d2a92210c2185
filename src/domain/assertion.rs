//! What a client's assertion must say of itself (RFC 7523 §3, OpenID Connect Core §9), once its signature is good.

use super::profile::{AssertionAudience, Profile};
use super::time::Time;
use serde_json::{Map, Value};
use std::time::Duration;

/// By how much a client's clock may differ.
const SKEW: Duration = Duration::from_secs(30);

/// For whom it must have been made, and for whom it must have been meant.
pub struct Wanted<'a> {
    pub client: &'a str,
    pub issuer: &'a str,
    /// Whom it may name as its audience and how long it may be good are rules of the client's profile.
    pub profile: Profile,
}

/// What makes it good once.
#[derive(Debug, PartialEq, Eq)]
pub struct Once<'a> {
    pub jti: &'a str,
    /// When it would not be good any more anyway.
    pub ends_at: Time,
}

/// The `typ` of an assertion, where it has one: no other kind of JWT passes for it.
pub fn is_typ(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| ["jwt", "client-authentication+jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known)))
}

/// The error is for the log.
pub fn check<'a>(claims: &'a Map<String, Value>, wanted: &Wanted<'_>, now: Time) -> Result<Once<'a>, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(wanted.client) || text("sub") != Some(wanted.client) {
        return Err("iss and sub are not both the client");
    }
    if !is_meant(claims.get("aud"), wanted) {
        return Err("aud is not this server as this client must name it");
    }
    let expires = moment(claims.get("exp")).ok_or("exp is missing")?;
    let ends_at = expires.plus(SKEW);
    if now >= ends_at {
        return Err("expired");
    }
    // Its `jti` is remembered for as long.
    if expires > now.plus(wanted.profile.assertion_life()).plus(SKEW) {
        return Err("good for longer than its profile allows");
    }
    for name in ["nbf", "iat"] {
        match claims.get(name).map(|value| moment(Some(value))) {
            Some(Some(begins)) if begins <= now.plus(SKEW) => {}
            None => {}
            _ => return Err("not good yet"),
        }
    }
    let jti = text("jti").filter(|jti| !jti.is_empty()).ok_or("jti is missing")?;
    Ok(Once { jti, ends_at })
}

fn is_meant(audience: Option<&Value>, wanted: &Wanted<'_>) -> bool {
    let rule = wanted.profile.assertion_audience();
    let ours = |one: &Value| {
        let Some(rest) = one.as_str().and_then(|one| one.strip_prefix(wanted.issuer)) else { return false };
        // Whichever endpoint of ours it names, it can be used once and here.
        rest.is_empty() || (rule == AssertionAudience::IssuerOrEndpoint && rest.starts_with("/oauth2/"))
    };
    match (audience, rule) {
        (Some(Value::Array(list)), AssertionAudience::IssuerOrEndpoint) => list.iter().any(ours),
        (Some(one @ Value::String(_)), _) => ours(one),
        _ => false,
    }
}

/// A NumericDate may have a fraction (RFC 7519 §2). The cast saturates.
fn moment(value: Option<&Value>) -> Option<Time> {
    let value = value?;
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64)).map(Time::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Time = Time(1_000_000_000);

    fn judged(changes: Value, profile: Profile) -> Result<(String, i64), &'static str> {
        let now = NOW.secs();
        let mut claims =
            json!({"iss": "me", "sub": "me", "aud": "https://i.example", "exp": now + 60, "iat": now, "jti": "1"});
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let mut claims = claims.as_object().expect("an object").clone();
        claims.retain(|_, value| !value.is_null());
        let wanted = Wanted { client: "me", issuer: "https://i.example", profile };
        check(&claims, &wanted, NOW).map(|once| (once.jti.to_owned(), once.ends_at.secs()))
    }

    #[test]
    fn a_good_one_is_good_until_it_expires() {
        let now = NOW.secs();
        assert_eq!(judged(json!({}), Profile::Fapi2), Ok(("1".into(), now + 90)));
        for good in [
            json!({"nbf": now + 8}),
            json!({"exp": now + 600}),
            json!({"exp": now - 10}),
            json!({"exp": now as f64 + 0.5, "iat": null}),
        ] {
            assert!(judged(good.clone(), Profile::Fapi2).is_ok(), "{good}");
        }
        for bad in [
            json!({"iss": "you"}),
            json!({"sub": "you"}),
            json!({"sub": null}),
            json!({"iss": null}),
            json!({"aud": null}),
            json!({"aud": 1}),
            json!({"exp": null}),
            json!({"exp": "soon"}),
            json!({"exp": now - 300}),
            json!({"exp": now - 30}),
            json!({"exp": now + 3_660}),
            json!({"exp": i64::MAX}),
            json!({"exp": 1e300}),
            json!({"nbf": now + 61}),
            json!({"nbf": "x"}),
            json!({"iat": now + 61}),
            json!({"jti": null}),
            json!({"jti": ""}),
            json!({"jti": 7}),
        ] {
            assert!(judged(bad.clone(), Profile::Default).is_err(), "{bad}");
        }
    }

    #[test]
    fn how_long_it_is_good_is_the_profiles_rule() {
        let good = |profile, life: i64| judged(json!({"exp": NOW.secs() + life}), profile).is_ok();
        assert!(good(Profile::Fapi2, 600) && !good(Profile::Fapi2, 660));
        for profile in [Profile::Default, Profile::Compat] {
            assert!(good(profile, 3_600) && !good(profile, 3_660));
        }
    }

    #[test]
    fn who_it_is_meant_for_is_the_profiles_rule() {
        let (issuer, token) = ("https://i.example", "https://i.example/oauth2/token");
        for (audience, strict, loose) in [
            (json!(issuer), true, true),
            (json!(token), false, true),
            (json!([issuer]), false, true),
            (json!(["https://other.example", token]), false, true),
            (json!([]), false, false),
            (json!("https://other.example"), false, false),
            (json!("https://i.example/"), false, false),
            (json!("https://i.example.evil/oauth2/token"), false, false),
        ] {
            let judge = |rule| judged(json!({"aud": audience}), rule).is_ok();
            let both = (judge(Profile::Fapi2), judge(Profile::Compat));
            assert_eq!(both, (strict, loose), "{audience}");
        }
    }
}
