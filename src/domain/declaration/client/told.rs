//! A client as it would be declared.

use super::ClientDeclared;
use crate::domain::client::{Client, ClientKind};
use crate::domain::ids::ClientId;
use crate::domain::profile::Profile;

impl ClientDeclared {
    pub fn of(client: &Client) -> Self {
        let logo = client.branding.logo.as_ref();
        Self {
            id: client.id.as_str().to_owned(),
            name: client.name.clone(),
            kind: client.kind.as_str().to_owned(),
            secret: None,
            secret_sha256: client.secret_hash.clone(),
            old_secret_sha256: client.old_secret.as_ref().map(|old| old.hash.clone()),
            old_secret_until: client.old_secret.as_ref().map(|old| old.until),
            redirect_uris: client.redirect_uris.clone(),
            post_logout_redirect_uris: client.post_logout_redirect_uris.clone(),
            connections: client.connections.clone(),
            require_pkce: Some(client.require_pkce),
            algorithm: Some(client.algorithm.as_str().to_owned()),
            sign_up: Some(client.sign_up),
            claims_in_id_token: Some(client.claims_in_id_token),
            access_token_seconds: Some(client.lifetimes.access),
            id_token_seconds: Some(client.lifetimes.id),
            refresh_token_seconds: Some(client.lifetimes.refresh),
            color: client.branding.color.clone(),
            css: client.branding.css.clone(),
            logo: logo.map(|logo| format!("data:{};base64,{}", logo.media_type, logo.data)),
            terms_url: client.branding.terms_url.clone(),
            privacy_url: client.branding.privacy_url.clone(),
            profile: Some(client.profile.as_str().to_owned()),
            auth_method: client.keys.method.map(|method| method.as_str().to_owned()),
            jwks: client.keys.jwks.clone(),
            jwks_file: None,
            jwks_uri: client.keys.jwks_uri.clone(),
            certificate: client.keys.certificate.clone(),
            grant_types: client.grant_types.iter().map(|one| one.as_str().to_owned()).collect(),
            scopes: client.scopes.clone(),
            resources: client.resources.clone(),
            opaque_tokens: client.tokens.opaque,
            dpop_bound: client.tokens.dpop_bound,
            tls_bound: client.tokens.tls_bound,
            userinfo_algorithm: client.tokens.userinfo_algorithm.map(|one| one.as_str().to_owned()),
            introspection_algorithm: client.tokens.introspection_algorithm.map(|one| one.as_str().to_owned()),
            roles_in_tokens: client.tokens.roles,
            hasura_claims: client.tokens.hasura,
            require_par: client.require_par,
            require_signed_request: client.require_signed_request,
            third_party: client.third_party,
            backchannel_logout_uri: client.logout.back_channel.clone(),
            backchannel_logout_session_required: Some(client.logout.back_channel_session),
            frontchannel_logout_uri: client.logout.front_channel.clone(),
            frontchannel_logout_session_required: Some(client.logout.front_channel_session),
            initiate_login_uri: client.initiate_login_uri.clone(),
            client_uri: client.client_uri.clone(),
            create_organizations: client.create_organizations,
        }
    }

    /// One of this id, name, kind and profile, with everything else as usual.
    pub fn usual(&self) -> Self {
        let kind = ClientKind::parse(&self.kind).unwrap_or(ClientKind::Web);
        let usual = Client::new(ClientId::new(self.id.clone()), self.name.clone(), kind);
        let profile = self.profile.as_deref().and_then(Profile::parse).unwrap_or_default();
        let algorithm = Some(profile.usual_algorithm().as_str().to_owned());
        let session = Some(true);
        Self {
            algorithm,
            backchannel_logout_session_required: session,
            frontchannel_logout_session_required: session,
            ..Self::of(&usual)
        }
    }
}
