//! What discovery said about the provider, and ID tokens verified by it.

use super::fetch::Fetch;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType, CoreIdToken,
    CoreIdTokenVerifier, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalProviderMetadata, ClaimsVerificationError, ClientId, ClientSecret,
    EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutProviderMetadata, Nonce,
    ProviderMetadata, RedirectUrl, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// What discovery says beyond the library's own fields: RFC 9207.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct AnswerNamesIssuer {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}
impl AdditionalProviderMetadata for AnswerNamesIssuer {}

type Metadata = ProviderMetadata<
    LogoutProviderMetadata<AnswerNamesIssuer>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

pub struct Known {
    pub client: Client,
    pub end_session: Option<EndSessionUrl>,
    /// Every answer carries `iss`: one without it is not ours.
    pub answer_names_issuer: bool,
}

/// An ID token as it came, with what it must fit.
pub struct Unproven<'a> {
    pub id_token: &'a CoreIdToken,
    pub access_token: &'a AccessToken,
    pub nonce: &'a Nonce,
    /// A refreshed ID token may come without a nonce, but never with another.
    pub nonce_needed: bool,
}

impl Known {
    /// Reads the provider's metadata and its keys.
    pub async fn discover(
        issuer: &str,
        client_id: &ClientId,
        client_secret: &ClientSecret,
        redirect_uri: &str,
        fetch: &Fetch,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let metadata = Metadata::discover_async(IssuerUrl::new(issuer.to_owned())?, fetch).await?;
        let more = metadata.additional_metadata();
        Ok(Self {
            end_session: more.end_session_endpoint.clone(),
            answer_names_issuer: more.additional_metadata.authorization_response_iss_parameter_supported,
            client: CoreClient::from_provider_metadata(metadata, client_id.clone(), Some(client_secret.clone()))
                .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned())?),
        })
    }

    /// Signature, issuer, audience, times, nonce, and that the access token belongs to it (`at_hash`).
    pub fn verify(&self, token: &Unproven<'_>) -> Result<SubjectIdentifier, ClaimsVerificationError> {
        let verifier: CoreIdTokenVerifier = self.client.id_token_verifier();
        let claims = token.id_token.claims(&verifier, |found: Option<&Nonce>| match found {
            Some(found) if found.secret() == token.nonce.secret() => Ok(()),
            None if !token.nonce_needed => Ok(()),
            _ => Err("the nonce is not the one sent".to_owned()),
        })?;
        if let Some(stated) = claims.access_token_hash()
            && access_token_hash(token, &verifier)? != *stated
        {
            return Err(ClaimsVerificationError::Other("at_hash does not fit the access token".to_owned()));
        }
        Ok(claims.subject().clone())
    }
}

fn access_token_hash(
    token: &Unproven<'_>,
    verifier: &CoreIdTokenVerifier,
) -> Result<AccessTokenHash, ClaimsVerificationError> {
    let unsigned = ClaimsVerificationError::SignatureVerification;
    let algorithm = token.id_token.signing_alg().map_err(unsigned)?;
    let key = token.id_token.signing_key(verifier).map_err(unsigned)?;
    AccessTokenHash::from_token(token.access_token, algorithm, key)
        .map_err(|error| ClaimsVerificationError::Other(error.to_string()))
}
