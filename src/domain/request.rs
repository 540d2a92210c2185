//! An authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), checked in the standard's order.

use super::callback::Callback;
use super::claims::ACR;
use super::claims_request::ClaimsRequest;
use super::client::Client;
use super::dpop::is_thumbprint;
use super::hint::Hint;
use super::oauth::{OAuthError, Refusal, ResponseMode, Signed};
use super::params::Params;
use super::pkce;
use super::prompt::Prompt;
use super::reauth;
use super::scope::Scope;
use super::standard::StandardClaims;
use super::target;
use serde::{Deserialize, Serialize};

/// Parameters that may come only once. `audience` and `resource` may repeat; what is not here is ignored.
pub const ONCE: [&str; 27] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "id_token_hint",
    "login_hint",
    "connection_id",
    "ui_locales",
    "lang",
    "acr_values",
    "display",
    "request",
    "request_uri",
    "registration",
    "claims",
    "start_page",
    "org_code",
    "supports_reauth",
    "claims_locales",
    "dpop_jkt",
];

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AuthRequest {
    pub redirect_uri: String,
    pub state: Option<String>,
    pub form_post: bool,
    #[serde(default)]
    pub signed: Option<Signed>,
    pub scope: Scope,
    pub nonce: Option<String>,
    pub code_challenge: Option<String>,
    pub prompt: Prompt,
    pub max_age: Option<u32>,
    /// The subject an `id_token_hint` named, once its signature was checked.
    pub hinted_subject: Option<String>,
    pub login_hint: Option<Hint>,
    /// The name of the connection asked for, once found and offered.
    pub connection: Option<String>,
    /// Languages the client asked for, best first.
    pub languages: Vec<String>,
    /// Who the access token is for: `resource` (RFC 8707) and Kinde's `audience`.
    pub audience: Vec<String>,
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The `claims` parameter, as it came, once found to be readable (OpenID Connect Core §5.5).
    #[serde(default)]
    pub claims: Option<String>,
    /// RFC 9449 §10.
    #[serde(default)]
    pub dpop_jkt: Option<String>,
    /// The hash of the pushed request this came by (RFC 9126): spent when it is answered.
    #[serde(default)]
    pub pushed: Option<String>,
    /// The hash of the device code this answers, in place of a redirect (RFC 8628).
    #[serde(default)]
    pub device: Option<String>,
    /// Kinde's `org_code`.
    #[serde(default)]
    pub organization: Option<String>,
    /// What the client knows of the person: an account made now gets it.
    #[serde(default)]
    pub names: StandardClaims,
    /// Kinde's `org_name` with `is_create_org`: an organization to be made.
    #[serde(default)]
    pub new_organization: Option<String>,
    /// The hash of Kinde's `invitation_code`.
    #[serde(default)]
    pub invitation: Option<String>,
    /// Whether it comes by a link that makes an operator.
    #[serde(default)]
    pub joins: bool,
    /// Whether an operator tries the client, and the portal hears the answer in its place.
    #[serde(default)]
    pub trial: bool,
    /// With Kinde's `supports_reauth` a sign-in left too long goes back to the application, with this.
    #[serde(default)]
    pub reauth: Option<String>,
    /// Kinde's `has_success_page`: a page of ours before the redirect.
    #[serde(default)]
    pub success_page: bool,
    /// The query as it came, so that an expired sign-in can be begun again.
    pub query: String,
}

impl AuthRequest {
    /// Everything the parameters alone decide. `id_token_hint` and `connection_id` need keys and catalog: the flow adds them.
    pub fn read(params: &Params, client: &Client, callback: &Callback) -> Result<Self, Refusal> {
        client.may_authorize()?;
        let invalid = |detail: &str| Refusal::new(OAuthError::InvalidRequest, detail);
        if params.get("registration").is_some() {
            return Err(Refusal::new(OAuthError::RegistrationNotSupported, "registration"));
        }
        match params.get("response_type") {
            Some("code") => {}
            Some(other) => return Err(Refusal::new(OAuthError::UnsupportedResponseType, other)),
            None => return Err(invalid("response_type is missing")),
        }
        if params.get("response_mode").is_some_and(|mode| ResponseMode::parse(mode).is_none()) {
            return Err(invalid("response_mode is none a code may travel by"));
        }
        let scope = params.get("scope").and_then(Scope::parse);
        let scope = scope.ok_or_else(|| Refusal::new(OAuthError::InvalidScope, "no scope, or one that cannot be"))?;
        let code_challenge = read_pkce(params, client)?;
        let prompt = match (params.get("prompt"), params.get("start_page")) {
            (Some(text), _) => Prompt::parse(text).ok_or_else(|| invalid("prompt none beside another value"))?,
            (None, Some("registration")) => Prompt { create: true, ..Prompt::default() },
            (None, _) => Prompt::default(),
        };
        let max_age = match params.get("max_age").map(str::parse) {
            Some(Ok(seconds)) => Some(seconds),
            Some(Err(_)) => return Err(invalid("max_age is not a whole number of seconds")),
            None => client.default_max_age,
        };
        // It stands in a row of its own, and PostgreSQL takes no zero byte in a text.
        if params.get("nonce").is_some_and(|nonce| nonce.contains('\0')) {
            return Err(invalid("a zero byte in nonce"));
        }
        let audience = target::read(params)?;
        let claims = read_claims(params)?;
        let dpop_jkt = params.get("dpop_jkt");
        if dpop_jkt.is_some_and(|jkt| !is_thumbprint(jkt)) {
            return Err(invalid("dpop_jkt is no thumbprint"));
        }
        let languages = ["ui_locales", "lang"].into_iter().filter_map(|name| params.get(name));
        Ok(Self {
            redirect_uri: callback.redirect_uri.clone(),
            state: callback.state.clone(),
            form_post: callback.mode == ResponseMode::FormPost,
            signed: callback.signed.clone(),
            scope,
            nonce: params.get("nonce").map(str::to_owned),
            code_challenge,
            prompt,
            max_age,
            hinted_subject: claims.subject().map(str::to_owned),
            login_hint: params.get("login_hint").and_then(Hint::parse),
            connection: None,
            languages: languages
                .flat_map(|list| list.split([' ', ',']))
                .filter(|tag| !tag.is_empty())
                .take(8)
                .map(str::to_owned)
                .collect(),
            audience,
            acr_values: words(params.get("acr_values")),
            claims: params.get("claims").map(str::to_owned),
            dpop_jkt: dpop_jkt.map(str::to_owned),
            pushed: None,
            device: None,
            organization: params.get("org_code").filter(|code| !code.is_empty()).map(str::to_owned),
            names: read_names(params),
            new_organization: read_new_organization(params),
            invitation: None,
            joins: false,
            trial: false,
            reauth: (params.get("supports_reauth") == Some("true")).then(|| reauth::state(params)),
            success_page: ["has_success_page", "is_use_auth_success_page"]
                .iter()
                .any(|name| params.get(name) == Some("true")),
            query: String::new(),
        })
    }

    pub fn callback(&self, issuer: &str) -> Callback {
        Callback {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            mode: if self.form_post { ResponseMode::FormPost } else { ResponseMode::Query },
            signed: self.signed.clone(),
            issuer: issuer.to_owned(),
        }
    }
}

fn words(list: Option<&str>) -> Vec<String> {
    list.into_iter()
        .flat_map(|list| list.split(' '))
        .filter(|word| !word.is_empty())
        .take(16)
        .map(str::to_owned)
        .collect()
}

fn read_claims(params: &Params) -> Result<ClaimsRequest, Refusal> {
    let Some(text) = params.get("claims") else { return Ok(ClaimsRequest::default()) };
    let claims = ClaimsRequest::parse(text);
    let claims = claims.ok_or_else(|| Refusal::new(OAuthError::InvalidRequest, "claims cannot be read"))?;
    if claims.insists_on_more_than(&[ACR]) {
        return Err(Refusal::new(OAuthError::UnmetAuthenticationRequirements, "an essential acr out of reach"));
    }
    Ok(claims)
}

/// Somebody else wrote the address: what could not be a name is left out.
fn read_names(params: &Params) -> StandardClaims {
    let name = |names: [&'static str; 2]| {
        let told = names.into_iter().find_map(|name| params.get(name)).map(str::trim);
        let fits = |text: &&str| (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        told.filter(fits).map(str::to_owned)
    };
    StandardClaims {
        given_name: name(["given_name", "first_name"]),
        family_name: name(["family_name", "last_name"]),
        ..StandardClaims::default()
    }
}

/// Kinde's `is_create_org` with `org_name`; without one the organization is called after nobody.
fn read_new_organization(params: &Params) -> Option<String> {
    if params.get("is_create_org") != Some("true") {
        return None;
    }
    let name = params.get("org_name").unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
    Some(if name.trim().is_empty() { "New organization".to_owned() } else { name.trim().to_owned() })
}

fn read_pkce(params: &Params, client: &Client) -> Result<Option<String>, Refusal> {
    let invalid = |detail: &str| Refusal::new(OAuthError::InvalidRequest, detail);
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) if client.require_pkce || client.profile.requires_pkce() => {
            Err(invalid("code_challenge is required for this client"))
        }
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("code_challenge_method without code_challenge")),
        (Some(challenge), Some("S256")) if pkce::well_formed(challenge) => Ok(Some(challenge.to_owned())),
        (Some(_), Some("S256")) => Err(invalid("code_challenge is not 43 to 128 unreserved characters")),
        (Some(_), _) => Err(invalid("code_challenge_method must be S256")),
    }
}
