//! Whom a token is for: `resource` (RFC 8707) and Kinde's `audience`, as they were asked. What may be asked for stands in the catalog.

use super::oauth::{OAuthError, Refusal};
use super::params::Params;
use url::Url;

/// More than anybody's token is for.
const MOST: usize = 16;

/// Every target named, each once, in the order they came. An empty `audience` is Kinde's SDKs' way of naming none.
pub fn read(params: &Params) -> Result<Vec<String>, Refusal> {
    let invalid = |detail: &str| Refusal::new(OAuthError::InvalidTarget, detail);
    let mut targets: Vec<String> = Vec::new();
    for uri in params.all("resource") {
        // RFC 8707 §2: absolute, without a fragment.
        if uri.contains(['#', ' ', '\0']) || Url::parse(uri).is_err() {
            return Err(invalid("a resource is not an absolute URI without a fragment"));
        }
        targets.push(uri.to_owned());
    }
    targets.extend(params.all("audience").flat_map(|list| list.split(' ')).map(str::to_owned));
    let mut once: Vec<String> = Vec::new();
    for target in targets.into_iter().filter(|target| !target.is_empty()) {
        if !once.contains(&target) {
            once.push(target);
        }
        if once.len() > MOST {
            return Err(invalid("more resources than a token is for"));
        }
    }
    Ok(once)
}

/// What a token request narrows its grant to (RFC 8707 §2.2): all that was granted where it names nothing, never more.
pub fn narrowed(granted: &[String], params: &Params) -> Result<Vec<String>, Refusal> {
    let asked = read(params)?;
    if asked.is_empty() {
        return Ok(granted.to_vec());
    }
    if asked.iter().all(|target| granted.contains(target)) {
        return Ok(asked);
    }
    Err(Refusal::new(OAuthError::InvalidTarget, "a resource that was not granted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Vec<String>, OAuthError> {
        read(&Params::parse(query.as_bytes())).map_err(|refusal| refusal.error)
    }

    #[test]
    fn resources_and_audiences_are_one_list() {
        assert_eq!(asked("audience="), Ok(vec![]));
        assert_eq!(
            asked("resource=https://a.example&audience=b+https://a.example&resource=urn:c"),
            Ok(vec!["https://a.example".into(), "urn:c".into(), "b".into()])
        );
        for wrong in
            ["resource=/api", "resource=api", "resource=https://a.example/%23x", "resource=https://a.example+b"]
        {
            assert_eq!(asked(wrong), Err(OAuthError::InvalidTarget), "{wrong}");
        }
        let many: String = (0..17).map(|n| format!("resource=urn:{n}&")).collect();
        assert_eq!(asked(&many), Err(OAuthError::InvalidTarget));
    }

    #[test]
    fn a_token_request_narrows_and_never_widens() {
        let granted = ["urn:a".to_owned(), "urn:b".to_owned()];
        let narrow =
            |query: &str| narrowed(&granted, &Params::parse(query.as_bytes())).map_err(|refusal| refusal.error);
        assert_eq!(narrow(""), Ok(granted.to_vec()));
        assert_eq!(narrow("resource=urn:b"), Ok(vec!["urn:b".into()]));
        assert_eq!(narrow("resource=urn:c"), Err(OAuthError::InvalidTarget));
    }
}
