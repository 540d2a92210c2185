//! Somebody is invited: a link is made that signs one address up, once.

use super::audit;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::{Act, By};
use crate::domain::client::Client;
use crate::domain::declaration::{Mistake, OWN};
use crate::domain::identifier::Identifier;
use crate::domain::invitation::{Invitation, LIFE};
use crate::domain::standard::StandardClaims;
use crate::flows::{Fault, clients};
use crate::store;
use serde_json::json;
use url::Url;

/// As of a declared person.
const LONGEST_NAME: usize = 500;

#[derive(Debug, Default)]
pub struct Asked<'a> {
    pub email: &'a str,
    pub client: &'a str,
    /// None: the one everybody belongs to.
    pub organization: Option<&'a str>,
    pub roles: &'a [String],
    pub given_name: Option<&'a str>,
    pub family_name: Option<&'a str>,
}

/// The link, shown this once; or everything that is wrong.
pub async fn invite(app: &App, by: &By, asked: &Asked<'_>) -> Result<Result<String, Vec<Mistake>>, Fault> {
    let mut faults = Vec::new();
    let email = Identifier::email(asked.email).map_err(|_| faults.push(Mistake::of("email", "no e-mail address"))).ok();
    let client = clients::find(app, asked.client).await?;
    let home = client.as_deref().and_then(home);
    match (&client, &home) {
        (None, _) => faults.push(Mistake::of("client", format!("\"{}\" is not declared", asked.client))),
        (Some(_), None) => {
            let what = "it has neither initiate_login_uri nor client_uri to be sent to";
            faults.push(Mistake::of("client", what));
        }
        _ => {}
    }
    let live = app.live();
    let organization = match asked.organization.filter(|code| *code != OWN && *code != live.catalog.organization) {
        None => live.catalog.organization.clone(),
        Some(code) => {
            if store::catalog::find_organization(&app.db, code).await?.is_none() {
                faults.push(Mistake::of("organization", format!("\"{code}\" is not declared")));
            }
            code.to_owned()
        }
    };
    let unknown = asked.roles.iter().filter(|role| live.catalog.role(role).is_none());
    faults.extend(unknown.map(|role| Mistake::of("roles", format!("\"{role}\" is not declared"))));
    let names = [("given_name", asked.given_name), ("family_name", asked.family_name)];
    let unfit = |name: &str| name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control);
    let odd = names.into_iter().filter(|(_, name)| name.is_some_and(unfit));
    faults.extend(
        odd.map(|(field, _)| Mistake::of(field, format!("up to {LONGEST_NAME} characters, and none that control"))),
    );
    let (Some(email), Some(mut link), true) = (email, home, faults.is_empty()) else { return Ok(Err(faults)) };
    let (code, now) = (app.entropy.token("inv_"), app.now());
    let profile = StandardClaims {
        given_name: asked.given_name.map(str::to_owned),
        family_name: asked.family_name.map(str::to_owned),
        ..StandardClaims::default()
    };
    let invitation = Invitation {
        code_hash: sha256_hex(&code),
        email,
        profile,
        organization,
        roles: asked.roles.to_vec(),
        created_at: now,
        expires_at: now.plus(LIFE),
        spent_at: None,
    };
    let mut tx = app.db.begin().await?;
    store::invitations::add(&mut tx, &invitation).await?;
    audit::write(app, &mut tx, by, vec![act(&invitation, asked.client)]).await?;
    tx.commit().await?;
    tracing::info!(client = asked.client, organization = invitation.organization, "somebody was invited");
    // As Kinde's SDKs read it on load; `iss` for those that begin by OpenID Connect Core §4.
    link.query_pairs_mut()
        .append_pair("invitation_code", &code)
        .append_pair("is_invitation", "true")
        .append_pair("iss", &app.issuer);
    Ok(Ok(link.into()))
}

/// The book names nobody's address; the hash of the code tells two invitations apart, and opens none.
fn act(invitation: &Invitation, client: &str) -> Act {
    let name = invitation.code_hash.chars().take(12).collect();
    let after = json!({
        "client": client, "organization": invitation.organization, "roles": invitation.roles,
        "expires_at": invitation.expires_at.secs(),
    });
    Act { act: "create", noun: "invitation", name, before: None, after: Some(after) }
}

/// Where the app begins sign-ins, or lives.
fn home(client: &Client) -> Option<Url> {
    let uri = client.initiate_login_uri.as_deref().or(client.client_uri.as_deref())?;
    Url::parse(uri).ok()
}
