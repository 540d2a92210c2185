//! A real relying party: the `openidconnect` crate, speaking HTTP to the server like anybody's app.

use super::{Page, Visitor};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenClaims,
    IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};

/// Claims beyond the standard ones, all of them.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct More(pub serde_json::Map<String, serde_json::Value>);
impl AdditionalClaims for More {}

type Fields = IdTokenFields<
    More,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Answer = StandardTokenResponse<Fields, CoreTokenType>;
type App = Client<
    More,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
pub type Claims = IdTokenClaims<More, CoreGenderClaim>;

pub struct Rp {
    app: App,
    issuer: String,
}

/// An authorization under way: what the app remembers until the browser comes back.
pub struct Begun {
    pub url: String,
    pub state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// Tokens whose signature, issuer, audience, nonce and at_hash the library has verified.
pub struct Tokens {
    pub claims: Claims,
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub id_token: String,
}

impl Rp {
    pub async fn discover(issuer: &str, client_id: &str, secret: Option<&str>, redirect_uri: &str) -> Self {
        let url = IssuerUrl::new(issuer.to_owned()).expect("a URL");
        let metadata = CoreProviderMetadata::discover_async(url, &fetch).await.expect("discovery");
        let app: App = Client::from_provider_metadata(
            metadata,
            ClientId::new(client_id.to_owned()),
            secret.map(|secret| ClientSecret::new(secret.to_owned())),
        )
        .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).expect("a URL"));
        Self { app, issuer: issuer.to_owned() }
    }

    /// The URL to send a browser to, with PKCE, state and nonce; `extra` adds parameters.
    pub fn begin(&self, scopes: &[&str], extra: &[(&str, &str)]) -> Begun {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = self
            .app
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge);
        let request = scopes.iter().fold(request, |request, scope| request.add_scope(Scope::new((*scope).to_owned())));
        let request = extra
            .iter()
            .fold(request, |request, (name, value)| request.add_extra_param((*name).to_owned(), (*value).to_owned()));
        let (url, state, nonce) = request.url();
        Begun { url: url.as_str().strip_prefix(&self.issuer).expect("our endpoint").to_owned(), state, nonce, verifier }
    }

    /// The browser came back: checks state and iss, swaps the code, verifies the ID token.
    pub async fn finish(&self, begun: Begun, back: &Page) -> Tokens {
        assert_eq!(back.param("state").as_deref(), Some(begun.state.secret().as_str()));
        assert_eq!(back.param("iss").as_deref(), Some(self.issuer.as_str()));
        let request = self
            .app
            .exchange_code(AuthorizationCode::new(back.code()))
            .expect("a token endpoint")
            .set_pkce_verifier(begun.verifier);
        let answer = request.request_async(&fetch).await.expect("tokens");
        self.verify(&answer, Some(&begun.nonce))
    }

    pub async fn refresh(&self, token: &str) -> Result<Tokens, String> {
        let token = RefreshToken::new(token.to_owned());
        let answer = self
            .app
            .exchange_refresh_token(&token)
            .expect("a token endpoint")
            .request_async(&fetch)
            .await
            .map_err(|error| format!("{error:?}"))?;
        Ok(self.verify(&answer, None))
    }

    fn verify(&self, answer: &Answer, nonce: Option<&Nonce>) -> Tokens {
        let id_token = answer.id_token().expect("an ID token");
        let verifier = self.app.id_token_verifier();
        // A refreshed ID token repeats the nonce, or leaves it out: there is nothing to compare it with here.
        let claims = match nonce {
            Some(nonce) => id_token.claims(&verifier, nonce),
            None => id_token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
        };
        let claims = claims.expect("a good ID token").clone();
        let hash = claims.access_token_hash().expect("at_hash");
        let own = AccessTokenHash::from_token(
            answer.access_token(),
            id_token.signing_alg().expect("an algorithm"),
            id_token.signing_key(&verifier).expect("a key"),
        )
        .expect("a hash");
        assert_eq!(*hash, own);
        Tokens {
            claims,
            access_token: answer.access_token().secret().clone(),
            refresh_token: answer.refresh_token().map(|token| token.secret().clone()),
            id_token: id_token.to_string(),
        }
    }
}

impl Tokens {
    /// Every claim of the ID token, by name.
    pub fn all(&self) -> serde_json::Map<String, serde_json::Value> {
        payload(&self.id_token)
    }
}

/// The claims of a JWT, unverified.
pub fn payload(jwt: &str) -> serde_json::Map<String, serde_json::Value> {
    use base64::Engine;
    let part = jwt.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url"))
        .expect("JSON")
}

/// The crate's HTTP, over the tests' reqwest.
async fn fetch(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    #[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
    let (parts, body) = request.into_parts();
    let response = http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).send().await?;
    let mut answer = HttpResponse::new(Vec::new());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    *answer.body_mut() = response.bytes().await?.to_vec();
    Ok(answer)
}

/// One whole sign-in, from the app's button to its tokens.
pub async fn sign_in(
    house: &super::House,
    rp: &Rp,
    visitor: &mut Visitor,
    scopes: &[&str],
    identifier: &str,
) -> Tokens {
    let begun = rp.begin(scopes, &[]);
    let page = visitor.get(&begun.url).await;
    let page = identify(visitor, page, identifier).await;
    let code = house.passcode(identifier).await;
    let back = visitor.submit(&page, &[("p_confirmation_code", &code)]).await;
    rp.finish(begun, &back).await
}

/// Fills in whichever form the identifier needs.
pub async fn identify(visitor: &mut Visitor, page: Page, identifier: &str) -> Page {
    if !identifier.contains('@') {
        return visitor.submit(&page, &[("p_phone", identifier)]).await;
    }
    let page = if page.html.contains("p_email") {
        page
    } else {
        let separator = if page.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}method=email", page.url);
        visitor.get(&url).await
    };
    visitor.submit(&page, &[("p_email", identifier)]).await
}
