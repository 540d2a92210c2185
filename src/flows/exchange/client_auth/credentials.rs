//! What a request brought to show who its client is (RFC 6749 §2.3, RFC 7521 §4.2), read and not yet judged.

use crate::crypto::certificate::Certificate;
use crate::crypto::jws::Jws;
use crate::domain::client::AuthMethod;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// RFC 7523 §2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What the client shows, by the method that makes it one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing but an id, or a certificate.
    #[default]
    Nothing,
    Secret(AuthMethod, String),
    Assertion(AuthMethod, String),
}

#[derive(Default)]
pub struct Credentials {
    /// Who it says it is.
    pub id: Option<String>,
    /// Whether it tried HTTP Basic: a failure then answers 401 with `WWW-Authenticate`.
    pub basic: bool,
    pub(super) shown: Shown,
    pub(super) certificate: Option<Certificate>,
    /// Why it cannot be judged at all.
    pub(super) wrong: Option<Refusal>,
}

impl Credentials {
    /// `certificate` is the `Client-Cert` of a proxy that is believed.
    pub fn read(authorization: Option<&str>, certificate: Option<&str>, params: &Params) -> Self {
        let header = authorization.and_then(basic_part);
        let read =
            if params.check(&["client_id", "client_secret", "client_assertion", "client_assertion_type"]).is_err() {
                Err(Refusal::new(OAuthError::InvalidRequest, "a credential came twice, or is too long"))
            } else {
                read(header, params)
            };
        let certificate = certificate.and_then(Certificate::read);
        match read {
            Ok((id, shown)) => Self { id, basic: header.is_some(), shown, certificate, wrong: None },
            Err(wrong) => Self { basic: header.is_some(), wrong: Some(wrong), ..Self::default() },
        }
    }
}

fn read(header: Option<&str>, params: &Params) -> Result<(Option<String>, Shown), Refusal> {
    let own = |name: &str| params.get(name).map(str::to_owned);
    let (id, secret, assertion) = (own("client_id"), own("client_secret"), own("client_assertion"));
    if [header.is_some(), secret.is_some(), assertion.is_some()].iter().filter(|one| **one).count() > 1 {
        return Err(Refusal::new(OAuthError::InvalidRequest, "more than one way of client authentication"));
    }
    if let Some(header) = header {
        let (named, secret) = decode(header)
            .ok_or_else(|| Refusal::new(OAuthError::InvalidClient, "unreadable client authentication"))?;
        if id.is_some_and(|id| id != named) {
            return Err(Refusal::new(OAuthError::InvalidRequest, "client_id is another than the header's"));
        }
        return Ok((Some(named), Shown::Secret(AuthMethod::ClientSecretBasic, secret)));
    }
    if let Some(secret) = secret {
        return Ok((id, Shown::Secret(AuthMethod::ClientSecretPost, secret)));
    }
    match (assertion, params.get("client_assertion_type")) {
        (Some(assertion), Some(JWT_BEARER)) => by_assertion(id, assertion),
        (None, None) => Ok((id, Shown::Nothing)),
        (Some(_), _) => Err(Refusal::new(OAuthError::InvalidClient, "client_assertion_type is not that of a JWT")),
        (None, Some(_)) => Err(Refusal::new(OAuthError::InvalidClient, "client_assertion is missing")),
    }
}

/// Where no `client_id` stands beside it, the assertion says whose it is: believed only once its signature is that client's.
fn by_assertion(id: Option<String>, assertion: String) -> Result<(Option<String>, Shown), Refusal> {
    let jws = Jws::read(&assertion)
        .ok_or_else(|| Refusal::new(OAuthError::InvalidClient, "client_assertion is no JWS that is read here"))?;
    let method = if jws.algorithm == "HS256" { AuthMethod::ClientSecretJwt } else { AuthMethod::PrivateKeyJwt };
    let id = id.or_else(|| jws.claim("sub").map(str::to_owned));
    drop(jws);
    Ok((id, Shown::Assertion(method, assertion)))
}

fn basic_part(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(rest.trim())
}

/// Both halves are form-encoded before they are base64 (RFC 6749 §2.3.1).
fn decode(header: &str) -> Option<(String, String)> {
    let plain = String::from_utf8(STANDARD.decode(header).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    let form = |text: &str| {
        url::form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((form(id)?, form(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: Option<&str>, form: &str) -> Credentials {
        Credentials::read(header, None, &Params::parse(form.as_bytes()))
    }

    #[test]
    fn basic_is_form_decoded() {
        let header = format!("Basic {}", STANDARD.encode("a%20b:c%2Bd+e"));
        let plain = read(Some(&header), "");
        let secret = Shown::Secret(AuthMethod::ClientSecretBasic, "c+d e".into());
        assert_eq!((plain.id.as_deref(), &plain.shown, plain.basic), (Some("a b"), &secret, true));
        let both = read(Some(&header), "client_secret=x");
        assert!(both.wrong.is_some_and(|wrong| wrong.error == OAuthError::InvalidRequest));
        assert!(read(Some("Basic !!"), "").wrong.is_some_and(|wrong| wrong.error == OAuthError::InvalidClient));
        assert!(!read(Some("Bearer x"), "client_id=x").basic);
    }

    #[test]
    fn one_way_at_a_time_and_each_parameter_once() {
        let twice =
            ["client_secret=a&client_secret=b", "client_id=a&client_id=a", "client_secret=a&client_assertion=b"];
        for form in twice {
            assert!(read(None, form).wrong.is_some_and(|wrong| wrong.error == OAuthError::InvalidRequest), "{form}");
        }
        for form in
            ["client_assertion=x", "client_assertion=a.b.c&client_assertion_type=saml", "client_assertion_type=x"]
        {
            assert!(read(None, form).wrong.is_some_and(|wrong| wrong.error == OAuthError::InvalidClient), "{form}");
        }
    }
}
