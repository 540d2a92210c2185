//! What a token is, for whom it may concern (RFC 7662): the client it was issued to, and whoever serves an API it is for. Anybody
//! else learns no more of it than of garbage.

use super::access_token::{self, Presented, Told};
use super::exchange::client_auth::{self, Credentials};
use super::{Fault, clients};
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::client::Client;
use crate::domain::grant::Standing;
use crate::domain::ids::SubjectId;
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::params::Params;
use crate::store;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How whoever asks shows who it is (§2.1): as at the token endpoint, or by an access token of its own, as Kinde's SDKs do.
pub enum Caller<'a> {
    Client(&'a Credentials),
    Token(&'a Presented),
}

pub enum Introspected {
    Plain(Value),
    /// RFC 9701.
    Signed(String),
}

pub async fn introspect(
    app: &App,
    params: &Params,
    caller: &Caller<'_>,
    signed: bool,
) -> Result<Result<Introspected, Refusal>, Fault> {
    if let Err(fault) = params.check(&["token", "token_type_hint", "client_id", "client_secret"]) {
        return Ok(Err(Refusal::new(OAuthError::InvalidRequest, format!("{fault:?}"))));
    }
    let client = match authenticate(app, caller).await? {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(token) = params.get("token") else {
        return Ok(Err(Refusal::new(OAuthError::InvalidRequest, "token is missing")));
    };
    let told = look(app, &client, token).await?.unwrap_or_else(|| json!({ "active": false }));
    Ok(Ok(if signed { Introspected::Signed(sign(app, &client, told)?) } else { Introspected::Plain(told) }))
}

/// A client that cannot authenticate could be anybody, trying tokens out.
async fn authenticate(app: &App, caller: &Caller<'_>) -> Result<Result<Arc<Client>, Refusal>, Fault> {
    match caller {
        Caller::Client(credentials) => Ok(client_auth::authenticate(app, credentials).await?.and_then(|client| {
            if client.public() {
                return Err(Refusal::new(OAuthError::InvalidClient, "a public client"));
            }
            Ok(client.client)
        })),
        Caller::Token(presented) => Ok(match access_token::present(app, presented).await? {
            Ok(Told { grant: None, client, .. }) => Ok(client),
            Ok(_) => Err(Refusal::new(OAuthError::InvalidToken, "not a client's own token")),
            Err(refusal) => Err(refusal),
        }),
    }
}

async fn look(app: &App, client: &Client, token: &str) -> Result<Option<Value>, Fault> {
    if let Some((grant, generation)) = app.secret.read_refresh_token(token) {
        return refresh_token(app, client, &grant, generation).await;
    }
    let Ok(told) = access_token::read(app, token).await? else { return Ok(None) };
    if told.client.id != client.id && !serves(app, client, &told) {
        return Ok(None);
    }
    if let Some(grant) = &told.grant
        && !lives(app, &grant.subject).await?
    {
        return Ok(None);
    }
    Ok(Some(of_access_token(&told)))
}

fn serves(app: &App, client: &Client, told: &Told) -> bool {
    let live = app.live();
    told.audience()
        .filter_map(|uri| live.catalog.resource(uri))
        .any(|resource| resource.servers.iter().any(|server| server == client.id.as_str()))
}

async fn lives(app: &App, subject: &SubjectId) -> Result<bool, Fault> {
    Ok(store::subjects::find(&app.db, subject).await?.is_some_and(|subject| !subject.blocked))
}

/// What the token itself says, but for what only we read.
fn of_access_token(told: &Told) -> Value {
    let mut members = Map::new();
    for (name, value) in told.claims.as_object().into_iter().flatten() {
        if name != "grant_id" && name != "scp" {
            members.insert(name.clone(), value.clone());
        }
    }
    let bound = told.claims["cnf"]["jkt"].is_string();
    members.insert("active".into(), true.into());
    members.insert("client_id".into(), told.client.id.as_str().into());
    members.insert("token_type".into(), if bound { "DPoP" } else { "Bearer" }.into());
    Value::Object(members)
}

async fn refresh_token(app: &App, client: &Client, id: &str, generation: i64) -> Result<Option<Value>, Fault> {
    let Some(grant) = store::grants::find(&app.db, id).await?.filter(|grant| grant.client_id == client.id) else {
        return Ok(None);
    };
    let standing = grant.standing(generation, app.now(), app.config.refresh_overlap.0);
    let usable = matches!(standing, Standing::Newest | Standing::Overlapping);
    if !usable || clients::find(app, grant.client_id.as_str()).await?.is_none() || !lives(app, &grant.subject).await? {
        return Ok(None);
    }
    Ok(Some(json!({
        "active": true,
        "client_id": grant.client_id.as_str(),
        "scope": grant.scope.to_string(),
        "sub": grant.subject.as_str(),
        "iss": app.issuer,
        "iat": grant.rotated_at.unwrap_or(grant.created_at).secs(),
        "exp": grant.expires_at.secs(),
    })))
}

/// RFC 9701 §5.
fn sign(app: &App, client: &Client, told: Value) -> Result<String, Fault> {
    let (live, now) = (app.live(), app.now());
    let algorithm = client.tokens.introspection_algorithm.unwrap_or(client.algorithm);
    let key = live.keys.signer(algorithm, now);
    let key = key.ok_or_else(|| Fault::Broken(format!("there is no {} signing key", algorithm.as_str())))?;
    let claims = json!({
        "iss": app.issuer,
        "aud": client.id.as_str(),
        "iat": now.secs(),
        "token_introspection": told,
    });
    Ok(jwt::sign(key, "token-introspection+jwt", &claims)?)
}
