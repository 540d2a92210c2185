//! The relying party: PKCE, the token request, and the ID token verified against the provider's keys.

use super::Failure;
use super::settings;
use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use std::collections::HashMap;
use url::Url;

pub struct App {
    issuer: String,
    client: &'static str,
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

/// What is remembered between the request and its answer.
pub struct Request {
    pub url: Url,
    state: String,
    nonce: String,
    verifier: String,
}

#[derive(Deserialize)]
pub struct Tokens {
    id_token: String,
    pub access_token: String,
    pub refresh_token: String,
}

#[derive(Deserialize)]
struct IdToken {
    nonce: String,
    phone_number: String,
}

impl App {
    pub fn new(issuer: &str, jwks: &JwkSet, client: &'static str, algorithm: Algorithm) -> Result<Self, Failure> {
        let mut keys = HashMap::new();
        for jwk in &jwks.keys {
            let kid = jwk.common.key_id.clone().ok_or("a key of the provider has no kid")?;
            keys.insert(kid, DecodingKey::from_jwk(jwk)?);
        }
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[client]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Ok(Self { issuer: issuer.to_owned(), client, keys, validation })
    }

    pub fn request(&self) -> Result<Request, Failure> {
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let parameters = [
            ("client_id", self.client),
            ("redirect_uri", settings::REDIRECT_URI),
            ("response_type", "code"),
            ("scope", settings::SCOPE),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let url = Url::parse_with_params(&format!("{}{}", self.issuer, settings::AUTHORIZE), parameters)?;
        Ok(Request { url, state, nonce, verifier })
    }

    /// The code in the answer, once the state and the issuer in it are ours.
    pub fn code(&self, request: &Request, answer: &Url) -> Result<String, Failure> {
        let mut said: HashMap<_, _> = answer.query_pairs().into_owned().collect();
        if said.get("state") != Some(&request.state) || said.get("iss") != Some(&self.issuer) {
            return Err(format!("the answer does not fit the request: {answer}").into());
        }
        said.remove("code").ok_or_else(|| format!("the answer has no code: {answer}").into())
    }

    pub async fn exchange(&self, http: &reqwest::Client, request: &Request, code: &str) -> Result<Tokens, Failure> {
        let response = http
            .post(format!("{}{}", self.issuer, settings::TOKEN))
            .basic_auth(self.client, Some(settings::CLIENT_SECRET))
            .form(&[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", settings::REDIRECT_URI),
                ("code_verifier", &request.verifier),
            ])
            .send()
            .await?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("the token endpoint answered {status}: {}", response.text().await?).into());
        }
        Ok(response.json().await?)
    }

    /// Signature, issuer, audience, time, nonce, and that it is about the number typed.
    pub fn verify(&self, request: &Request, tokens: &Tokens, phone: &str) -> Result<(), Failure> {
        let kid = decode_header(&tokens.id_token)?.kid.ok_or("the ID token names no key")?;
        let key = self.keys.get(&kid).ok_or("the ID token names a key that is not published")?;
        let claims = decode::<IdToken>(&tokens.id_token, key, &self.validation)?.claims;
        if claims.nonce != request.nonce || claims.phone_number != phone {
            return Err("the ID token belongs to another request or person".into());
        }
        if tokens.access_token.is_empty() || tokens.refresh_token.is_empty() {
            return Err("a token is missing in the answer".into());
        }
        Ok(())
    }
}

fn random() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
