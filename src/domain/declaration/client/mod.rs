//! A declared client: its addresses, lifetimes and looks.

mod protocol;
mod told;

use super::{Faults, NAME, ReadFile, WantedClient, check_hash, is_name};
use crate::domain::branding::{self, Accent};
use crate::domain::client::{Algorithm, Branding, Client, ClientKind, Lifetimes, Logo, OldSecret, check_uri};
use crate::domain::ids::ClientId;
use crate::domain::portal;
use crate::domain::profile::Profile;
use base64::Engine;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;
use utoipa::ToSchema;

const LARGEST_LOGO: usize = 16 * 1024;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Client)]
pub(super) struct ClientDeclared {
    pub(super) id: String,
    name: String,
    kind: String,
    #[serde(skip_serializing)]
    #[schema(write_only)]
    secret: Option<String>,
    /// In place of the secret, what is kept of it.
    secret_sha256: Option<String>,
    /// The secret before it, and until when it works, in seconds since 1970.
    old_secret_sha256: Option<String>,
    old_secret_until: Option<i64>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    #[serde(default)]
    connections: Vec<String>,
    require_pkce: Option<bool>,
    algorithm: Option<String>,
    sign_up: Option<bool>,
    claims_in_id_token: Option<bool>,
    access_token_seconds: Option<u32>,
    id_token_seconds: Option<u32>,
    refresh_token_seconds: Option<u32>,
    color: Option<String>,
    logo: Option<String>,
    terms_url: Option<String>,
    privacy_url: Option<String>,
    /// What of the pages' style it sets beside its colour: `--radius`, `--font`, `--page`, `--page-dark`.
    #[serde(default)]
    css: BTreeMap<String, String>,
    profile: Option<String>,
    auth_method: Option<String>,
    /// A JWK set, or the JSON text of one, or a file of one beside the declaration.
    jwks: Option<Value>,
    #[serde(skip_serializing)]
    #[schema(ignore)]
    jwks_file: Option<String>,
    jwks_uri: Option<String>,
    certificate: Option<String>,
    #[serde(default)]
    grant_types: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    opaque_tokens: bool,
    #[serde(default)]
    dpop_bound: bool,
    #[serde(default)]
    tls_bound: bool,
    userinfo_algorithm: Option<String>,
    introspection_algorithm: Option<String>,
    #[serde(default)]
    roles_in_tokens: bool,
    #[serde(default)]
    hasura_claims: bool,
    #[serde(default)]
    require_par: bool,
    #[serde(default)]
    require_signed_request: bool,
    #[serde(default)]
    third_party: bool,
    backchannel_logout_uri: Option<String>,
    backchannel_logout_session_required: Option<bool>,
    frontchannel_logout_uri: Option<String>,
    frontchannel_logout_session_required: Option<bool>,
    initiate_login_uri: Option<String>,
    client_uri: Option<String>,
    #[serde(default)]
    create_organizations: bool,
}

pub(super) fn check(
    declared: ClientDeclared,
    connections: &[String],
    read_file: ReadFile<'_>,
    faults: &mut Faults<'_>,
) -> Option<WantedClient> {
    let before = faults.list.len();
    if !is_name(&declared.id) {
        faults.tell("id", NAME);
    }
    // RFC 9700 §4.15: a machine's token may say it as `sub`.
    if declared.id.starts_with("kp_") {
        faults.tell("id", "kp_ begins the ids of people");
    }
    if declared.id == portal::CLIENT {
        faults.tell("id", "the portal's own");
    }
    if declared.name.trim().is_empty()
        || declared.name.chars().count() > 40
        || declared.name.chars().any(char::is_control)
    {
        faults.tell("name", "1 to 40 characters, as people read it");
    }
    let kind = faults.must("kind", ClientKind::parse(&declared.kind), "web, spa, native or machine");
    let public = matches!(kind, Some(ClientKind::Spa | ClientKind::Native));
    match &declared.secret {
        Some(_) if public => faults.tell("secret", "a spa or native client cannot keep one: leave it out"),
        Some(secret)
            if !(40..=60).contains(&secret.len()) || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            faults.tell("secret", "40 to 60 letters and digits; left out, one is made and shown once");
        }
        _ => {}
    }
    if let Some(hash) = &declared.secret_sha256 {
        check_hash(hash, "secret_sha256", declared.secret.is_some(), faults);
    }
    let old_secret = check_old_secret(&declared, faults);
    for uri in &declared.redirect_uris {
        if let Err(what) = check_uri(uri, kind == Some(ClientKind::Native)) {
            faults.tell("redirect_uris", format!("\"{uri}\" {what}"));
        }
    }
    for uri in &declared.post_logout_redirect_uris {
        if let Err(what) = check_uri(uri, kind == Some(ClientKind::Native)) {
            faults.tell("post_logout_redirect_uris", format!("\"{uri}\" {what}"));
        }
    }
    if kind.is_some() && kind != Some(ClientKind::Machine) {
        // A device has no browser to come back to.
        let redirects =
            declared.grant_types.is_empty() || declared.grant_types.iter().any(|one| one == "authorization_code");
        if declared.redirect_uris.is_empty() && redirects {
            faults.tell("redirect_uris", "at least one");
        }
        if declared.connections.is_empty() {
            faults.tell("connections", "at least one, like [\"phone\", \"email\"]");
        }
    }
    for name in declared.connections.iter().filter(|name| !connections.contains(name)) {
        faults.tell("connections", format!("there is no connection \"{name}\""));
    }
    if public && declared.require_pkce == Some(false) {
        faults.tell("require_pkce", "always true for a spa or native client");
    }
    let profile = declared.profile.as_deref().and_then(Profile::parse).unwrap_or_default();
    let algorithm = faults.must(
        "algorithm",
        declared.algorithm.as_deref().map_or(Some(profile.usual_algorithm()), Algorithm::parse),
        "RS256, ES256 or EdDSA",
    );
    if algorithm.is_some_and(|algorithm| !profile.signs_with(algorithm)) {
        faults.tell("algorithm", "ES256 or EdDSA in the profile fapi2");
    }
    let lifetimes = check_lifetimes(&declared, faults);
    let branding = check_branding(&declared, read_file, faults);
    let protocol = protocol::check(&declared, kind, read_file, faults);
    let (kind, algorithm, protocol) = (kind?, algorithm?, protocol?);
    (faults.list.len() == before).then(|| WantedClient {
        secret: declared.secret,
        client: Client {
            id: ClientId::new(declared.id),
            name: declared.name.trim().to_owned(),
            kind,
            secret_hash: declared.secret_sha256,
            old_secret,
            profile: protocol.profile,
            keys: protocol.keys,
            grant_types: protocol.grant_types,
            scopes: declared.scopes,
            resources: declared.resources,
            tokens: protocol.tokens,
            require_par: declared.require_par,
            require_signed_request: declared.require_signed_request,
            third_party: declared.third_party,
            logout: protocol.logout,
            initiate_login_uri: declared.initiate_login_uri,
            default_max_age: None,
            client_uri: declared.client_uri,
            create_organizations: declared.create_organizations,
            registered: None,
            redirect_uris: declared.redirect_uris,
            post_logout_redirect_uris: declared.post_logout_redirect_uris,
            connections: declared.connections,
            require_pkce: declared.require_pkce.unwrap_or(public),
            algorithm,
            sign_up: declared.sign_up.unwrap_or(true),
            claims_in_id_token: declared.claims_in_id_token.unwrap_or(true),
            lifetimes,
            branding,
        },
    })
}

fn check_old_secret(declared: &ClientDeclared, faults: &mut Faults<'_>) -> Option<OldSecret> {
    match (&declared.old_secret_sha256, declared.old_secret_until) {
        (Some(hash), Some(until)) => {
            check_hash(hash, "old_secret_sha256", false, faults);
            Some(OldSecret { hash: hash.clone(), sealed: None, until })
        }
        (None, None) => None,
        (Some(_), None) => faults.must("old_secret_until", None, "seconds since 1970, beside old_secret_sha256"),
        (None, Some(_)) => faults.must("old_secret_sha256", None, "64 hex digits, beside old_secret_until"),
    }
}

fn check_lifetimes(declared: &ClientDeclared, faults: &mut Faults<'_>) -> Lifetimes {
    let usual = Lifetimes::default();
    let lifetimes = Lifetimes {
        access: declared.access_token_seconds.unwrap_or(usual.access),
        id: declared.id_token_seconds.unwrap_or(usual.id),
        refresh: declared.refresh_token_seconds.unwrap_or(usual.refresh),
    };
    let range = [
        ("access_token_seconds", lifetimes.access, 60, 2_592_000),
        ("id_token_seconds", lifetimes.id, 60, 2_592_000),
        ("refresh_token_seconds", lifetimes.refresh, 300, 31_536_000),
    ];
    for (field, seconds, least, most) in range {
        if !(least..=most).contains(&seconds) {
            faults.tell(field, format!("{least} to {most}"));
        }
    }
    lifetimes
}

fn check_branding(declared: &ClientDeclared, read_file: ReadFile<'_>, faults: &mut Faults<'_>) -> Branding {
    for (name, value) in declared.css.iter().filter(|(name, value)| !branding::is_variable(name, value)) {
        let known: Vec<String> = branding::VARIABLES.iter().map(|(known, what)| format!("{known} ({what})")).collect();
        faults.tell("css", format!("{name} = {value}: what can be set is {}", known.join("; ")));
    }
    if declared.color.as_deref().is_some_and(|color| Accent::from_hex(color).is_none()) {
        faults.tell("color", "six hex digits, like \"#0a7f5a\"");
    }
    for (field, url) in [("terms_url", &declared.terms_url), ("privacy_url", &declared.privacy_url)] {
        if url.as_deref().is_some_and(|url| !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http")))
        {
            faults.tell(field, "an http or https URL");
        }
    }
    let logo = declared.logo.as_deref().and_then(|path| match read_logo(path, read_file) {
        Ok(logo) => Some(logo),
        Err(what) => {
            faults.tell("logo", what);
            None
        }
    });
    Branding {
        color: declared.color.clone(),
        css: declared.css.clone(),
        logo,
        terms_url: declared.terms_url.clone(),
        privacy_url: declared.privacy_url.clone(),
    }
}

fn read_logo(path: &str, read_file: ReadFile<'_>) -> Result<Logo, String> {
    if let Some(data) = path.strip_prefix("data:") {
        return read_data(data);
    }
    let media_type = match path.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => return Err("an svg, png, jpeg or webp file beside the declaration".into()),
    };
    logo(media_type, &read_file(path)?)
}

/// As it is exported, and where there are no files (RFC 2397).
fn read_data(data: &str) -> Result<Logo, String> {
    let allowed = "data:image/png;base64,… of an svg, png, jpeg or webp";
    let (media_type, text) = data.split_once(";base64,").ok_or(allowed)?;
    let known =
        ["image/svg+xml", "image/png", "image/jpeg", "image/webp"].into_iter().find(|known| *known == media_type);
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| allowed)?;
    logo(known.ok_or(allowed)?, &bytes)
}

fn logo(media_type: &str, bytes: &[u8]) -> Result<Logo, String> {
    if bytes.len() > LARGEST_LOGO {
        return Err(format!("{} bytes; at most {LARGEST_LOGO}, so that pages stay quick", bytes.len()));
    }
    Ok(Logo { media_type: media_type.into(), data: base64::engine::general_purpose::STANDARD.encode(bytes) })
}
