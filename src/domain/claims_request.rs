//! The `claims` parameter (OpenID Connect Core §5.5): which claims a client wants, and where. A wish that cannot be granted is no
//! error (§5.5.1), but for the subject and the way of signing in.

use serde_json::{Map, Value};

const LONGEST: usize = 4 * 1024;
const DEEPEST: usize = 8;
const MOST: usize = 64;

/// Where claims are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    IdToken,
    Userinfo,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::Userinfo => "userinfo",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest(Map<String, Value>);

impl ClaimsRequest {
    /// `None` for what is no claims request, or larger or deeper than one needs to be.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST || depth(text) > DEEPEST {
            return None;
        }
        let Value::Object(members) = serde_json::from_str(text).ok()? else { return None };
        let read = Self(members);
        [Place::IdToken, Place::Userinfo].into_iter().all(|place| read.well_formed(place)).then_some(read)
    }

    /// The request a grant or an interaction kept: it was readable once.
    pub fn kept(text: Option<&str>) -> Self {
        text.and_then(Self::parse).unwrap_or_default()
    }

    /// Each wish is `null` or an object; members of the whole we do not know are ignored.
    fn well_formed(&self, place: Place) -> bool {
        match self.0.get(place.name()) {
            None => true,
            Some(Value::Object(wishes)) => {
                wishes.len() <= MOST && wishes.values().all(|wish| wish.is_null() || wish.is_object())
            }
            Some(_) => false,
        }
    }

    fn wishes(&self, place: Place) -> Option<&Map<String, Value>> {
        self.0.get(place.name()).and_then(Value::as_object)
    }

    pub fn names(&self, place: Place) -> impl Iterator<Item = &str> {
        self.wishes(place).into_iter().flat_map(Map::keys).map(String::as_str)
    }

    pub fn wants(&self, place: Place, name: &str) -> bool {
        self.wishes(place).is_some_and(|wishes| wishes.contains_key(name))
    }

    fn wish(&self, place: Place, name: &str) -> Option<&Value> {
        self.wishes(place)?.get(name)
    }

    /// The one subject the answer may be about (§5.5.1), wherever it is named.
    pub fn subject(&self) -> Option<&str> {
        [Place::IdToken, Place::Userinfo].into_iter().find_map(|place| self.wish(place, "sub")?.get("value")?.as_str())
    }

    /// Whether it insists on a way of signing in that is none of `reachable` (§5.5.1.1).
    pub fn insists_on_more_than(&self, reachable: &[&str]) -> bool {
        let Some(wish) = self.wish(Place::IdToken, "acr").filter(|wish| wish["essential"] == true) else {
            return false;
        };
        let values = wish["values"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut wanted = wish.get("value").into_iter().chain(values).peekable();
        wanted.peek().is_some() && !wanted.any(|value| value.as_str().is_some_and(|acr| reachable.contains(&acr)))
    }
}

/// How deep objects and lists lie in one another; brackets within strings do not count.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => now += 1,
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_and_a_broken_one_is_not() {
        let read = ClaimsRequest::parse(
            r#"{"userinfo":{"name":{"essential":true},"[{":null},"id_token":{"sub":{"value":"kp_1"},"auth_time":null},"x":1}"#,
        )
        .expect("readable");
        assert!(read.wants(Place::Userinfo, "name") && !read.wants(Place::IdToken, "name"));
        assert_eq!((read.subject(), read.names(Place::IdToken).count()), (Some("kp_1"), 2));
        let deep = format!("{}{}", "{\"a\":".repeat(9), "}".repeat(9));
        let wide: String = (0..65).map(|n| format!("\"c{n}\":null,")).collect();
        let wide = format!("{{\"id_token\":{{{}}}}}", wide.trim_end_matches(','));
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(LONGEST));
        for wrong in ["", "1", "[]", "{", "{\"userinfo\":1}", "{\"id_token\":{\"acr\":true}}", &deep, &wide, &long] {
            assert_eq!(ClaimsRequest::parse(wrong), None, "{}", wrong.get(..40).unwrap_or(wrong));
        }
    }

    #[test]
    fn only_what_is_essential_and_out_of_reach_is_insisted_on() {
        let insists = |acr: &str| {
            let text = format!("{{\"id_token\":{{\"acr\":{acr}}}}}");
            ClaimsRequest::parse(&text).expect("readable").insists_on_more_than(&["aal1"])
        };
        assert!(insists(r#"{"essential":true,"value":"aal2"}"#));
        assert!(insists(r#"{"essential":true,"values":["aal2",3]}"#));
        assert!(!insists(r#"{"essential":true,"values":["aal2","aal1"]}"#));
        assert!(!insists(r#"{"value":"aal2"}"#));
        assert!(!insists(r#"{"essential":true}"#));
        assert!(!insists("null"));
    }
}
