//! The way back to a client. A `Callback` exists only once client and redirect_uri are proven; only its holder can send
//! anything there, so an error found earlier cannot become an open redirect.

use super::client::Client;
use super::oauth::{OAuthError, ResponseMode, Signed};
use super::params::Params;
use super::portal;

#[derive(Clone, Debug)]
pub struct Callback {
    pub redirect_uri: String,
    pub state: Option<String>,
    pub mode: ResponseMode,
    /// Set where the answer is to be a signed JWT.
    pub signed: Option<Signed>,
    pub issuer: String,
}

/// What the browser is to carry to the client. Where it is to be `signed` it is not ready yet: this room has no keys, and
/// `flows::respond` turns its parameters into one JWT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    pub uri: String,
    pub mode: ResponseMode,
    pub signed: Option<Signed>,
    pub params: Vec<(&'static str, String)>,
}

impl Callback {
    /// The proof: this client registered this URI.
    pub fn prove(client: &Client, params: &Params, issuer: &str) -> Option<Self> {
        let redirect_uri = params.get("redirect_uri").filter(|uri| client.has_redirect_uri(uri))?;
        let (mode, signed) = params.get("response_mode").and_then(ResponseMode::parse).unwrap_or_default();
        Some(Self {
            redirect_uri: redirect_uri.to_owned(),
            state: params.get("state").map(str::to_owned),
            mode,
            signed: signed.then(|| Signed { client: client.id.to_string(), algorithm: client.algorithm }),
            issuer: issuer.to_owned(),
        })
    }

    /// The other proof: the portal tries this client, and opened its own seal to say so. The address is ours and made here, not
    /// read: no request can ask for it.
    pub fn of_trial(client: &Client, params: &Params, issuer: &str) -> Self {
        Self {
            redirect_uri: format!("{issuer}{}", portal::tried(client.id.as_str())),
            state: params.get("state").map(str::to_owned),
            mode: ResponseMode::Query,
            signed: None,
            issuer: issuer.to_owned(),
        }
    }

    pub fn answer(&self, code: String, scope: String) -> Redirection {
        self.carry(vec![("code", code), ("scope", scope)])
    }

    pub fn refuse(&self, error: OAuthError) -> Redirection {
        self.carry(vec![("error", error.code().to_owned()), ("error_description", error.description().to_owned())])
    }

    /// Kinde's answer to a sign-in left too long, with what the application needs to begin it again.
    pub fn reauth(&self, reauth_state: String) -> Redirection {
        let error = OAuthError::LoginLinkExpired;
        self.carry(vec![
            ("error", error.code().to_owned()),
            ("error_description", error.description().to_owned()),
            ("reauth_state", reauth_state),
        ])
    }

    /// `state` byte for byte, and who answers (RFC 9207).
    fn carry(&self, mut params: Vec<(&'static str, String)>) -> Redirection {
        params.extend(self.state.clone().map(|state| ("state", state)));
        params.push(("iss", self.issuer.clone()));
        Redirection { uri: self.redirect_uri.clone(), mode: self.mode, signed: self.signed.clone(), params }
    }
}

impl Redirection {
    pub fn has(&self, name: &str) -> bool {
        self.params.iter().any(|(param, _)| *param == name)
    }

    /// The whole URL, parameters appended to the URI's own query byte for byte.
    pub fn url(&self) -> String {
        if self.params.is_empty() {
            return self.uri.clone();
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.params {
            query.append_pair(name, value);
        }
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.uri, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uris_own_query_stays() {
        let callback = Callback {
            redirect_uri: "https://a.example/cb?x=%2F".into(),
            state: Some("a b/+".into()),
            mode: ResponseMode::Query,
            signed: None,
            issuer: "https://i.example".into(),
        };
        let url = callback.answer("c".into(), "openid".into()).url();
        assert_eq!(url, "https://a.example/cb?x=%2F&code=c&scope=openid&state=a+b%2F%2B&iss=https%3A%2F%2Fi.example");
        assert!(
            callback
                .refuse(OAuthError::LoginRequired)
                .url()
                .contains("error=login_required&error_description=User+authentication+is+required.")
        );
    }
}
