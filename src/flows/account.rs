//! A person's own page: what signs them in, what they belong to, where they are signed in, and which apps have access. An app
//! leads there by a link that works once (Kinde's portal link); a session of this browser opens it as well.

use super::sign_out::{self, Frames};
use super::{Fault, clients};
use crate::app::App;
use crate::domain::belonging::Belonging;
use crate::domain::client::Client;
use crate::domain::identifier::Identifier;
use crate::domain::ids::{ClientId, SessionId, SubjectId};
use crate::domain::session::Session;
use crate::domain::time::Time;
use crate::store;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;

/// How long a link waits to be opened.
const LINK_LIFE: Duration = Duration::from_secs(5 * 60);
/// How long the page stays open in the browser that opened it.
const OPEN: Duration = Duration::from_secs(60 * 60);
const LABEL: &str = "account link";

/// Who may see the page of whom, and where it leads back to. In a link it stands under the installation's seal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub subject: String,
    pub client: String,
    pub back: Option<String>,
    until: i64,
    once: String,
}

impl Entry {
    pub fn live(&self, now: Time) -> bool {
        now.0 < self.until
    }
}

/// A link for the person an access token is of. `return_url` is kept where it is the client's own.
pub fn link(app: &App, client: &Client, subject: &SubjectId, return_url: Option<&str>) -> Result<String, Fault> {
    let entry = Entry {
        subject: subject.as_str().to_owned(),
        client: client.id.as_str().to_owned(),
        back: return_url.filter(|url| is_own(client, url)).map(str::to_owned),
        until: app.now().plus(LINK_LIFE).0,
        once: app.entropy.short(),
    };
    let plain = serde_json::to_vec(&entry).map_err(|error| Fault::Broken(error.to_string()))?;
    let sealed = URL_SAFE_NO_PAD.encode(app.secret.seal.close(LABEL, &plain)?);
    Ok(format!("{}/account?link={sealed}", app.issuer))
}

fn is_own(client: &Client, url: &str) -> bool {
    let origin = Url::parse(url).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    origin.is_some_and(|origin| client.origins().any(|own| own == origin.ascii_serialization()))
}

/// Spends a link. Whoever has it a second time sees nothing.
pub async fn enter(app: &App, link: &str) -> Result<Option<Entry>, Fault> {
    let now = app.now();
    let Some(entry) = read_link(app, link).filter(|entry| entry.live(now)) else { return Ok(None) };
    let first = store::used::spend(&app.db, &format!("account {}", entry.once), Time(entry.until)).await?;
    Ok(first.then(|| Entry { until: now.plus(OPEN).0, ..entry }))
}

fn read_link(app: &App, link: &str) -> Option<Entry> {
    let plain = app.secret.seal.open(LABEL, &URL_SAFE_NO_PAD.decode(link).ok()?).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// What the page shows.
#[derive(Debug)]
pub struct Account {
    pub name: Option<String>,
    pub identifiers: Vec<String>,
    /// Each with the names of its roles.
    pub organizations: Vec<(String, Vec<String>)>,
    pub sessions: Vec<Session>,
    pub apps: Vec<(ClientId, String)>,
}

/// `None` when the person is blocked or gone.
pub async fn read(app: &App, subject: &SubjectId) -> Result<Option<Account>, Fault> {
    let Some(person) = store::subjects::find(&app.db, subject).await?.filter(|person| !person.blocked) else {
        return Ok(None);
    };
    let (live, now) = (app.live(), app.now());
    let all = Belonging::of(&live.catalog, &person, None).map(|own| own.all).unwrap_or_default();
    let organizations = all.into_iter().filter_map(|one| Belonging::of(&live.catalog, &person, Some(&one.code)));
    // Everybody belongs to the installation's own: it is worth a line where they are something in it.
    let own = live.catalog.organization.as_str();
    let organizations = organizations.filter(|of| of.organization.code != own || !of.roles.is_empty());
    let organizations =
        organizations.map(|of| (of.organization.name.clone(), of.roles.iter().map(|role| role.name.clone()).collect()));
    let mut apps = Vec::new();
    for id in store::grants::list_apps(&app.db, subject, now).await? {
        let name = clients::find(app, id.as_str()).await?.map_or_else(|| id.to_string(), |client| client.name.clone());
        apps.push((id, name));
    }
    Ok(Some(Account {
        name: person.profile.whole_name(),
        identifiers: person.identifiers.iter().map(Identifier::shown).collect(),
        organizations: organizations.collect(),
        sessions: store::sessions::list(&app.db, subject, now).await?,
        apps,
    }))
}

/// Ends every session of the person and everything they gave; whoever is to be told is told. `here` is who is signed in in this
/// browser: applications that only hear through it are the frames.
pub async fn sign_out_everywhere(app: &App, subject: &SubjectId, here: Option<&Session>) -> Result<Frames, Fault> {
    if let Some(here) = here.filter(|here| here.subject == *subject) {
        return sign_out::end(app, here, true).await;
    }
    let nowhere = Session {
        id: SessionId::new(""),
        subject: subject.clone(),
        auth_time: app.now(),
        ended_at: None,
        expires_at: app.now(),
    };
    sign_out::end(app, &nowhere, true).await.map(|_| Frames::new())
}
