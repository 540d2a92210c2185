//! What an app asks about the person it holds an access token of: the account API of Kinde's SDKs.

use super::access_token::{self, Presented, Told};
use super::{Fault, account};
use crate::app::App;
use crate::domain::belonging::Belonging;
use crate::domain::client::Client;
use crate::domain::grant::Grant;
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::oauth::{OAuthError, Refusal};
use crate::domain::scope::Scope;
use crate::domain::standard::StandardClaims;
use crate::domain::subject::Subject;
use crate::store;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How many of a list one answer holds.
const PAGE: usize = 100;

#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    Permissions,
    Permission(&'a str),
    Roles,
    FeatureFlags,
    Properties,
    Entitlements,
    Entitlement,
    /// Kinde's first user profile.
    Profile,
}

/// Whose token it is, and whom it was given.
pub struct Holder {
    pub grant: Grant,
    pub client: Arc<Client>,
    pub subject: Subject,
}

/// Whoever may show the token may ask.
pub async fn open(app: &App, presented: &Presented) -> Result<Result<Holder, Refusal>, Fault> {
    let refuse = |detail: &str| Ok(Err(Refusal::new(OAuthError::InvalidToken, detail)));
    let told = match access_token::present(app, presented).await? {
        Ok(told) => told,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // A refresh may have narrowed what this very token carries.
    let scope = told.scope();
    let Told { client, grant: Some(grant), .. } = told else { return refuse("a client's own token: nobody's account") };
    match store::subjects::find(&app.db, &grant.subject).await?.filter(|subject| !subject.blocked) {
        Some(subject) => Ok(Ok(Holder { grant: Grant { scope, ..grant }, client, subject })),
        None => refuse("its subject is blocked or gone"),
    }
}

/// The answer and whose app may read it, or why the token opens nothing. `after` is the id the last page ended with.
pub async fn read(
    app: &App,
    presented: &Presented,
    asked: Asked<'_>,
    after: Option<&str>,
) -> Result<Result<(Arc<Client>, Value), Refusal>, Fault> {
    let holder = match open(app, presented).await? {
        Ok(holder) => holder,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let live = app.live();
    let belonging = Belonging::of(&live.catalog, &holder.subject, holder.grant.organization.as_deref());
    Ok(match belonging {
        Some(belonging) => Ok((holder.client.clone(), tell(&holder, &belonging, asked, after))),
        None => Err(Refusal::new(OAuthError::InvalidToken, "its subject is no member of the organization any more")),
    })
}

/// A link to the person's own page, and whose app asked.
pub async fn portal_link(
    app: &App,
    presented: &Presented,
    return_url: Option<&str>,
) -> Result<Result<(Arc<Client>, Value), Refusal>, Fault> {
    let holder = match open(app, presented).await? {
        Ok(holder) => holder,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let url = account::link(app, &holder.client, &holder.subject.id, return_url)?;
    Ok(Ok((holder.client, json!({ "url": url }))))
}

fn tell(holder: &Holder, of: &Belonging<'_>, asked: Asked<'_>, after: Option<&str>) -> Value {
    let code = of.organization.code.as_str();
    match asked {
        Asked::Permissions => {
            let all = of.permissions.iter();
            let all = all.map(|one| json!({ "id": one.id, "name": one.name, "key": one.key })).collect();
            listed(Some(code), "permissions", all, after)
        }
        Asked::Permission(key) => {
            let granted = of.permission_keys().contains(&key);
            json!({ "permissionKey": key, "orgCode": code, "isGranted": granted })
        }
        Asked::Roles => {
            let all = of.roles.iter();
            let all = all.map(|one| json!({ "id": one.id, "name": one.name, "key": one.key })).collect();
            listed(Some(code), "roles", all, after)
        }
        Asked::FeatureFlags => {
            let all = of.flags.iter().map(|(flag, value)| {
                json!({ "id": flag.id, "name": flag.name, "key": flag.key, "type": flag.kind, "value": value })
            });
            listed(None, "feature_flags", all.collect(), after)
        }
        // Nobody sells anything here, and keeps no properties: the lists are there, and empty.
        Asked::Properties => listed(None, "properties", Vec::new(), after),
        Asked::Entitlements => {
            let mut told = listed(Some(code), "entitlements", Vec::new(), after);
            told["data"]["plans"] = json!([]);
            told
        }
        Asked::Entitlement => json!({ "data": { "org_code": code, "entitlement": null }, "metadata": more(None) }),
        Asked::Profile => first_profile(&holder.subject, &holder.grant.scope),
    }
}

/// By scope, as userinfo is.
fn first_profile(subject: &Subject, scope: &Scope) -> Value {
    let email = subject.primary(Kind::Email).filter(|_| scope.has("email")).map(Identifier::reveal);
    let told = Some(&subject.profile).filter(|_| scope.has("profile"));
    let text = |of: fn(&StandardClaims) -> &Option<String>| told.and_then(|told| of(told).clone());
    json!({
        "id": subject.id.as_str(),
        "preferred_email": email,
        "provided_id": text(|told| &told.provided_id),
        "last_name": text(|told| &told.family_name),
        "first_name": text(|told| &told.given_name),
        "username": text(|told| &told.preferred_username),
        "picture": text(|told| &told.picture),
    })
}

fn listed(code: Option<&str>, name: &str, all: Vec<Value>, after: Option<&str>) -> Value {
    let begin = match after {
        None => 0,
        // An id we do not know has nothing behind it.
        Some(after) => all.iter().position(|one| one["id"] == after).map_or(all.len(), |at| at + 1),
    };
    let rest = all.len() - begin;
    let page: Vec<Value> = all.into_iter().skip(begin).take(PAGE).collect();
    let next = page.last().filter(|_| rest > PAGE).and_then(|last| last["id"].as_str()).map(str::to_owned);
    let mut data: Map<String, Value> = [(name.to_owned(), Value::from(page))].into_iter().collect();
    data.extend(code.map(|code| ("org_code".to_owned(), Value::from(code))));
    json!({ "data": data, "metadata": more(next) })
}

fn more(next: Option<String>) -> Value {
    json!({ "has_more": next.is_some(), "next_page_starting_after": next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another() {
        let all = || (0..250).map(|n| json!({ "id": format!("p{n}") })).collect::<Vec<_>>();
        let first = listed(Some("org_1"), "permissions", all(), None);
        assert_eq!(first["data"]["permissions"].as_array().map(Vec::len), Some(PAGE));
        assert_eq!(first["metadata"], json!({ "has_more": true, "next_page_starting_after": "p99" }));
        let last = listed(None, "permissions", all(), Some("p199"));
        assert_eq!(last["data"]["permissions"][0]["id"], "p200");
        assert_eq!(last["metadata"]["has_more"], false);
        assert_eq!(listed(None, "permissions", all(), Some("x"))["data"]["permissions"], json!([]));
        assert_eq!(listed(None, "permissions", Vec::new(), None)["metadata"]["next_page_starting_after"], Value::Null);
    }
}
