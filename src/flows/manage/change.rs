//! One thing made, changed or taken away, by the same reading, checking and writing as a whole file.

use super::declared::{Declared, Organizations, check_one, etag, items, unsound};
use super::{audit, remove, write};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::By;
use crate::domain::catalog::Catalog;
use crate::domain::declaration::{Mistake, Noun, OWN};
use crate::domain::json::merge;
use crate::domain::organization::Organization;
use crate::flows::Fault;
use crate::store::{self, Tx};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// How long a key stands for its answer.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// One declared thing as operators read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub name: String,
    pub value: Value,
    /// Changes when anything of it does, its secrets too.
    pub etag: String,
    /// Made now, and shown this once.
    pub secret: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Created(Item),
    Updated(Item),
    Deleted,
    Unknown,
    /// There is one of this name.
    Exists,
    /// It changed since it was read: as it is now.
    Stale(Item),
    Wrong(Vec<Mistake>),
    /// What would be wrong without it.
    InUse(Vec<Mistake>),
    /// The key stood for another request.
    KeyReused,
}

/// A key by which the same request is known when it comes again (draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, Debug)]
pub struct Key {
    pub key: String,
    /// The caller whose key it is.
    pub of: String,
}

impl Key {
    /// What it is kept as, and what request it stands for.
    pub(super) fn stored(self, request: &str) -> (String, String) {
        (sha256_hex(&format!("{} {}", self.of, self.key)), sha256_hex(request))
    }
}

pub async fn list(app: &App, noun: Noun) -> Result<Vec<Item>, Fault> {
    Ok(declared(app, Organizations::None).await?.items(noun))
}

/// As it stands now.
async fn declared(app: &App, which: Organizations<'_>) -> Result<Declared, Fault> {
    Declared::read(app, &mut app.db.begin().await?, which).await
}

/// How many organizations are looked through at once.
const BATCH: i64 = 500;

/// A page of them by name: those that come after this one and hold, so many at most. Of most things there are tens; organizations
/// are made by the people in them, and are never read whole for a page.
pub async fn list_page(
    app: &App,
    noun: Noun,
    after: Option<&str>,
    most: usize,
    holds: impl Fn(&Value) -> bool,
) -> Result<Vec<Item>, Fault> {
    if noun != Noun::Organization {
        let mut items = list(app, noun).await?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        items.retain(|item| after.is_none_or(|after| item.name.as_str() > after) && holds(&item.value));
        items.truncate(most);
        return Ok(items);
    }
    let live = app.live();
    let (own, mut last) = (&live.catalog.organization, after.unwrap_or_default().to_owned());
    let mut items = organizations(app, &live.catalog, &[])?;
    items.retain(|item| item.name > last && holds(&item.value));
    loop {
        let read = store::catalog::list_organizations_after(&app.db, own, &last, BATCH).await?;
        let end = read.len() < usize::try_from(BATCH).unwrap_or_default();
        // The one everybody belongs to comes with each, and was told already.
        let read = organizations(app, &live.catalog, &read)?.into_iter().filter(|item| item.name != OWN);
        for item in read {
            last.clone_from(&item.name);
            if holds(&item.value) && items.len() < most {
                items.push(item);
            }
        }
        if end || items.len() >= most {
            return Ok(items);
        }
    }
}

/// The one everybody belongs to, and these.
fn organizations(app: &App, catalog: &Catalog, these: &[Organization]) -> Result<Vec<Item>, Fault> {
    let (own_organization, organization) = (catalog.own_organization.clone(), catalog.organization.clone());
    let alone = Catalog { organization, own_organization, ..Catalog::default() };
    let of = items(app, &alone, these)?.into_iter().filter(|(noun, _)| *noun == Noun::Organization);
    Ok(of
        .map(|(noun, value)| Item { name: noun.name_of(&value), etag: etag(&value.to_string()), value, secret: None })
        .collect())
}

pub async fn find(app: &App, noun: Noun, name: &str) -> Result<Option<Item>, Fault> {
    if noun == Noun::Organization && name != OWN {
        let alone = Catalog { organization: app.live().catalog.organization.clone(), ..Catalog::default() };
        let known = store::catalog::find_organization(&app.db, name).await?;
        let known = known.filter(|known| known.code != alone.organization);
        return Ok(organizations(app, &alone, known.as_slice())?.into_iter().find(|item| item.name == name));
    }
    Ok(list(app, noun).await?.into_iter().find(|item| item.name == name))
}

pub async fn create(app: &App, by: &By, noun: Noun, body: Value, key: Option<Key>) -> Result<Outcome, Fault> {
    let name = noun.name_of(&body);
    let mut change = Change::begin(app, noun, &name).await?;
    let stored = key.map(|key| key.stored(&format!("{} {body}", noun.as_str())));
    if let Some((key, asked)) = &stored
        && let Some(answered) = store::idempotency::find(&mut change.tx, key, app.now()).await?
    {
        return Ok(remembered(app, key, asked, &answered)?.map_or(Outcome::KeyReused, Outcome::Created));
    }
    if change.before.item(noun, &name).is_some() {
        return Ok(Outcome::Exists);
    }
    if noun == Noun::Organization && name == change.before.catalog.organization {
        return Ok(Outcome::Exists);
    }
    let item = match change.declare(noun, &name, body).await? {
        Ok(item) => item,
        Err(mistakes) => return Ok(Outcome::Wrong(mistakes)),
    };
    if let Some((key, asked)) = stored {
        change.remember(&key, asked, &item).await?;
    }
    change.commit(by).await?;
    Ok(Outcome::Created(item))
}

/// `patch` is laid over what there is (RFC 7396). `etag` is what the caller last read.
pub async fn update(
    app: &App,
    by: &By,
    noun: Noun,
    name: &str,
    patch: Value,
    etag: Option<&str>,
) -> Result<Outcome, Fault> {
    let mut change = Change::begin(app, noun, name).await?;
    let Some(item) = change.before.item(noun, name) else { return Ok(Outcome::Unknown) };
    if etag.is_some_and(|etag| etag != item.etag) {
        return Ok(Outcome::Stale(item));
    }
    let body = laid_over(item.value, patch);
    if noun.name_of(&body) != name {
        return Ok(Outcome::Wrong(vec![renamed(noun)]));
    }
    let item = match change.declare(noun, name, body).await? {
        Ok(item) => item,
        Err(mistakes) => return Ok(Outcome::Wrong(mistakes)),
    };
    change.commit(by).await?;
    Ok(Outcome::Updated(item))
}

/// A thing with this laid over it (RFC 7396).
pub(super) fn laid_over(mut body: Value, patch: Value) -> Value {
    let secrets = ["secret", "token"].into_iter().filter(|field| patch.get(field).is_some());
    for given in secrets {
        // A new one takes the place of what was kept of the old.
        body.as_object_mut().and_then(|fields| fields.remove(&format!("{given}_sha256")));
    }
    merge(&mut body, patch);
    body
}

/// Where one is made and there is another of its name.
pub fn exists(noun: Noun) -> Mistake {
    of_its_name(noun, "there is one of this name")
}

/// Where a change would make it another.
pub(super) fn renamed(noun: Noun) -> Mistake {
    of_its_name(noun, "is its name, and stays: make another, and delete this one")
}

fn of_its_name(noun: Noun, what: &str) -> Mistake {
    Mistake::of(noun.key().unwrap_or("per"), what)
}

pub async fn delete(app: &App, by: &By, noun: Noun, name: &str, etag: Option<&str>) -> Result<Outcome, Fault> {
    let mut change = Change::begin(app, noun, name).await?;
    let Some(item) = change.before.item(noun, name) else { return Ok(Outcome::Unknown) };
    if etag.is_some_and(|etag| etag != item.etag) {
        return Ok(Outcome::Stale(item));
    }
    let mut used = remove::remove(&mut change.tx, &change.before.catalog, noun, name).await?;
    used.extend(change.unsound().await?);
    if !used.is_empty() {
        return Ok(Outcome::InUse(used));
    }
    change.commit(by).await?;
    Ok(Outcome::Deleted)
}

/// A change of one thing under way: nobody else changes the catalog until it ends. Dropped, nothing happened.
pub(super) struct Change<'a> {
    app: &'a App,
    which: Organizations<'a>,
    pub(super) tx: Tx,
    pub(super) before: Declared,
    /// Read once everything is written.
    after: Option<Declared>,
}

impl<'a> Change<'a> {
    pub(super) async fn begin(app: &'a App, noun: Noun, name: &'a str) -> Result<Self, Fault> {
        let mut tx = app.db.begin().await?;
        store::catalog::hold(&mut tx).await?;
        let which = Organizations::touched(noun, name);
        let before = Declared::read(app, &mut tx, which).await?;
        Ok(Self { app, which, tx, before, after: None })
    }

    async fn declare(&mut self, noun: Noun, name: &str, body: Value) -> Result<Result<Item, Vec<Mistake>>, Fault> {
        let wanted = match check_one(self.app, noun, body, &self.before.catalog) {
            Ok(wanted) => wanted,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        let changes = write::write(self.app, &mut self.tx, &self.before.catalog, wanted).await?;
        let mut mistakes: Vec<Mistake> = changes.wrong.into_iter().map(Mistake::plain).collect();
        mistakes.extend(self.unsound().await?);
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        let item = self.after.as_ref().and_then(|after| after.item(noun, name));
        let item =
            item.ok_or_else(|| Fault::Broken(format!("a {} is not there after it was written", noun.as_str())))?;
        let secret = changes.made_secrets.into_iter().next().map(|(_, secret)| secret);
        Ok(Ok(Item { secret, ..item }))
    }

    /// What is wrong by what was written. Nothing more is written after it.
    async fn unsound(&mut self) -> Result<Vec<Mistake>, Fault> {
        let after = Declared::read(self.app, &mut self.tx, self.which).await?;
        Ok(unsound(self.app, &self.before, self.after.insert(after)))
    }

    /// The same request again gets this answer.
    pub(super) async fn remember<T: Serialize>(&mut self, key: &str, asked: String, answer: &T) -> Result<(), Fault> {
        let answer = serde_json::to_vec(answer).map_err(|error| Fault::Broken(error.to_string()))?;
        let answer = self.app.secret.seal.close(key, &answer)?;
        let answered = store::idempotency::Answered { request_hash: asked, status: 201, answer };
        let now = self.app.now();
        if !store::idempotency::add(&mut self.tx, key, answered, now, now.plus(REMEMBERED)).await? {
            return Err(Fault::Unavailable("the same key is being answered".into()));
        }
        Ok(())
    }

    async fn commit(self, by: &By) -> Result<(), Fault> {
        self.commit_as(by, None).await
    }

    /// Under a word of its own, where one says more than that something changed.
    pub(super) async fn commit_as(mut self, by: &By, word: Option<&'static str>) -> Result<(), Fault> {
        let after = match self.after {
            Some(after) => after,
            None => Declared::read(self.app, &mut self.tx, self.which).await?,
        };
        let mut acts = audit::differences(&self.before.picture, &after.picture);
        if acts.is_empty() {
            // The same again: nothing to write down, and nothing for other nodes to read anew.
            return Ok(self.tx.commit().await?);
        }
        acts.iter_mut().for_each(|act| act.act = word.unwrap_or(act.act));
        audit::write(self.app, &mut self.tx, by, acts).await?;
        store::catalog::raise_revision(&mut self.tx).await?;
        self.tx.commit().await?;
        self.app.reload().await.map_err(|error| Fault::Broken(error.to_string()))
    }
}

/// What the same key was answered; nothing where it stood for another request.
pub(super) fn remembered<T: DeserializeOwned>(
    app: &App,
    key: &str,
    asked: &str,
    answered: &store::idempotency::Answered,
) -> Result<Option<T>, Fault> {
    if answered.request_hash != asked {
        return Ok(None);
    }
    let answer = app.secret.seal.open(key, &answered.answer)?;
    serde_json::from_slice(&answer).map(Some).map_err(|error| Fault::Broken(error.to_string()))
}
