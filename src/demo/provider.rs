//! All the talk with the provider: what it says about itself, the authorization URL, tokens, userinfo, logout.

use super::Demo;
use super::fetch::Fetch;
use super::known::{Known, Unproven};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreGenderClaim, CoreIdToken, CoreRequestTokenError, CoreTokenResponse,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    HttpClientError, LanguageTag, LoginHint, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, RefreshToken, Scope, SignatureVerificationError, SubjectIdentifier,
    TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::{Arc, RwLock};

/// What a failed conversation comes to, in words for the page.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("the provider did not answer as expected: {0}")]
    Unreachable(String),
    #[error("the provider refused: {0}")]
    Refused(String),
    #[error("what the provider sent does not hold: {0}")]
    Unproven(String),
}

/// Claims the library has no field for.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct AnyClaims {
    #[serde(flatten)]
    others: Map<String, Value>,
}
impl AdditionalClaims for AnyClaims {}

/// What an app may add to a sign-in request.
#[derive(Default, Deserialize)]
pub struct Wishes {
    pub login_hint: Option<String>,
    pub connection_id: Option<String>,
    pub prompt: Option<String>,
    pub ui_locales: Option<String>,
}

/// What must be remembered in this browser's session until the answer comes.
pub struct Pending {
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
}

/// A sign-in that was verified.
#[derive(Clone)]
pub struct SignedIn {
    pub id_token: CoreIdToken,
    pub subject: SubjectIdentifier,
    pub nonce: Nonce,
    pub access_token: AccessToken,
    pub refresh_token: Option<RefreshToken>,
}

/// The provider, known by its issuer URL alone.
pub struct Provider {
    issuer: String,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: String,
    home_uri: String,
    fetch: Result<Fetch, String>,
    /// What discovery said. Empty until someone signs in; asked again when a signature names an unknown key.
    known: RwLock<Option<Arc<Known>>>,
}

impl Provider {
    pub fn new(demo: &Demo) -> Self {
        Self {
            issuer: demo.issuer.clone(),
            client_id: ClientId::new(demo.client_id.clone()),
            client_secret: ClientSecret::new(demo.client_secret.clone()),
            redirect_uri: format!("{}/callback", demo.base_url),
            home_uri: format!("{}/", demo.base_url),
            fetch: Fetch::new(&demo.issuer).map_err(|error| error.to_string()),
            known: RwLock::new(None),
        }
    }

    /// The URL to send the browser to, and what to remember under its `state`.
    pub async fn authorization(&self, wishes: Wishes) -> Result<(url::Url, CsrfToken, Pending), Trouble> {
        let known = self.known().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = known
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["profile", "email", "phone", "offline"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        if let Some(hint) = wishes.login_hint {
            request = request.set_login_hint(LoginHint::new(hint));
        }
        if let Some(connection) = wishes.connection_id {
            request = request.add_extra_param("connection_id", connection);
        }
        if let Some(prompt) = wishes.prompt {
            request = request.add_prompt(prompt_named(prompt));
        }
        for locale in wishes.ui_locales.iter().flat_map(|list| list.split_whitespace()) {
            request = request.add_ui_locale(LanguageTag::new(locale.to_owned()));
        }
        let (url, state, nonce) = request.url();
        Ok((url, state, Pending { nonce, verifier }))
    }

    /// RFC 9207: an answer that names another issuer, or none although ours always names itself, came from elsewhere.
    pub async fn check_issuer(&self, iss: Option<&str>) -> Result<(), Trouble> {
        match iss {
            Some(iss) if iss == self.issuer => Ok(()),
            Some(iss) => Err(Trouble::Unproven(format!("the answer comes from the issuer {iss}, not {}", self.issuer))),
            None if self.known().await?.answer_names_issuer => {
                Err(Trouble::Unproven("the answer does not name its issuer".to_owned()))
            }
            None => Ok(()),
        }
    }

    /// Swaps the code for tokens and verifies them.
    pub async fn exchange(&self, code: String, pending: Pending) -> Result<SignedIn, Trouble> {
        let known = self.known().await?;
        let tokens = known
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Trouble::Unreachable(error.to_string()))?
            .set_pkce_verifier(pending.verifier)
            .request_async(self.fetch()?)
            .await
            .map_err(refused)?;
        let id_token = tokens
            .id_token()
            .cloned()
            .ok_or_else(|| Trouble::Unproven("there is no ID token in the token response".to_owned()))?;
        let token = Unproven {
            id_token: &id_token,
            access_token: tokens.access_token(),
            nonce: &pending.nonce,
            nonce_needed: true,
        };
        let subject = self.verify(&known, &token).await?;
        Ok(signed_in(&tokens, id_token, subject, pending.nonce, None))
    }

    /// New tokens for the refresh token. A new ID token must be about the same person (OpenID Connect Core §12.2).
    pub async fn refresh(&self, before: &SignedIn) -> Result<SignedIn, Trouble> {
        let known = self.known().await?;
        let refresh_token = before
            .refresh_token
            .as_ref()
            .ok_or_else(|| Trouble::Refused("it gave no refresh token at sign-in".to_owned()))?;
        let tokens: CoreTokenResponse = known
            .client
            .exchange_refresh_token(refresh_token)
            .map_err(|error| Trouble::Unreachable(error.to_string()))?
            .request_async(self.fetch()?)
            .await
            .map_err(refused)?;
        let id_token = match tokens.id_token().cloned() {
            Some(fresh) => {
                let token = Unproven {
                    id_token: &fresh,
                    access_token: tokens.access_token(),
                    nonce: &before.nonce,
                    nonce_needed: false,
                };
                if self.verify(&known, &token).await? != before.subject {
                    return Err(Trouble::Unproven("the new ID token is about somebody else".to_owned()));
                }
                fresh
            }
            None => before.id_token.clone(),
        };
        Ok(signed_in(&tokens, id_token, before.subject.clone(), before.nonce.clone(), before.refresh_token.clone()))
    }

    /// What the userinfo endpoint says. Its `sub` must be the ID token's.
    pub async fn userinfo(&self, who: &SignedIn) -> Result<Value, Trouble> {
        let known = self.known().await?;
        let claims: UserInfoClaims<AnyClaims, CoreGenderClaim> = known
            .client
            .user_info(who.access_token.clone(), Some(who.subject.clone()))
            .map_err(|error| Trouble::Unreachable(error.to_string()))?
            .request_async(self.fetch()?)
            .await
            .map_err(|error| Trouble::Refused(whole_story(&error)))?;
        serde_json::to_value(claims).map_err(|error| Trouble::Unproven(error.to_string()))
    }

    /// Where to send the browser to end the provider's session too; `state` comes back with it.
    pub async fn logout(&self, who: &SignedIn, state: &str) -> Result<Option<url::Url>, Trouble> {
        let known = self.known().await?;
        let back = PostLogoutRedirectUrl::new(self.home_uri.clone())
            .map_err(|error| Trouble::Unreachable(error.to_string()))?;
        Ok(known.end_session.clone().map(|end_session| {
            LogoutRequest::from(end_session)
                .set_id_token_hint(&who.id_token)
                .set_client_id(self.client_id.clone())
                .set_post_logout_redirect_uri(back)
                .set_state(CsrfToken::new(state.to_owned()))
                .http_get_url()
        }))
    }

    /// Verifies an ID token. A key we do not know yet may be a new one: the provider is asked once more.
    async fn verify(&self, known: &Known, token: &Unproven<'_>) -> Result<SubjectIdentifier, Trouble> {
        let found = match known.verify(token) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                self.discover().await?.verify(token)
            }
            found => found,
        };
        found.map_err(|error| Trouble::Unproven(whole_story(&error)))
    }

    async fn known(&self) -> Result<Arc<Known>, Trouble> {
        let known = self.known.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
        match known {
            Some(known) => Ok(known),
            None => self.discover().await,
        }
    }

    async fn discover(&self) -> Result<Arc<Known>, Trouble> {
        let found =
            Known::discover(&self.issuer, &self.client_id, &self.client_secret, &self.redirect_uri, self.fetch()?);
        let known = Arc::new(found.await.map_err(|error| Trouble::Unreachable(whole_story(error.as_ref())))?);
        *self.known.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(known.clone());
        Ok(known)
    }

    fn fetch(&self) -> Result<&Fetch, Trouble> {
        self.fetch.as_ref().map_err(|error| Trouble::Unreachable(error.clone()))
    }
}

fn signed_in(
    tokens: &CoreTokenResponse,
    id_token: CoreIdToken,
    subject: SubjectIdentifier,
    nonce: Nonce,
    old_refresh_token: Option<RefreshToken>,
) -> SignedIn {
    SignedIn {
        id_token,
        subject,
        nonce,
        access_token: tokens.access_token().clone(),
        refresh_token: tokens.refresh_token().cloned().or(old_refresh_token),
    }
}

fn prompt_named(name: String) -> CoreAuthPrompt {
    match name.as_str() {
        "none" => CoreAuthPrompt::None,
        "login" => CoreAuthPrompt::Login,
        "consent" => CoreAuthPrompt::Consent,
        "select_account" => CoreAuthPrompt::SelectAccount,
        _ => CoreAuthPrompt::Extension(name),
    }
}

fn refused(error: CoreRequestTokenError<HttpClientError<reqwest::Error>>) -> Trouble {
    Trouble::Refused(whole_story(&error))
}

/// An error and what caused it, in one line.
fn whole_story(error: &dyn std::error::Error) -> String {
    let mut story = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        story = format!("{story}: {inner}");
        cause = inner.source();
    }
    story
}
