//! One thing made, changed or taken away, by the same reading, checking and writing as a whole file.

use super::write::{self, kept};
use super::{audit, export, remove};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::audit::By;
use crate::domain::carrier::Credentials;
use crate::domain::catalog::Catalog;
use crate::domain::declaration::{Declaration, Mistake, Noun, OWN, Outside, Wanted};
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
    let mut tx = app.db.begin().await?;
    let catalog = store::catalog::list(&mut tx).await?;
    items(app, &mut tx, &catalog, noun).await
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
    let mut items = organizations(&live.catalog, &[])?;
    items.retain(|item| item.name > last && holds(&item.value));
    loop {
        let read = store::catalog::list_organizations_after(&app.db, own, &last, BATCH).await?;
        let end = read.len() < usize::try_from(BATCH).unwrap_or_default();
        // The one everybody belongs to comes with each, and was told already.
        let read = organizations(&live.catalog, &read)?.into_iter().filter(|item| item.name != OWN);
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
fn organizations(catalog: &Catalog, these: &[Organization]) -> Result<Vec<Item>, Fault> {
    let (own_organization, organization) = (catalog.own_organization.clone(), catalog.organization.clone());
    let alone = Catalog { organization, own_organization, ..Catalog::default() };
    let declared = Declaration::of(&alone, these, |_| Credentials::default()).items();
    let declared = declared.map_err(|error| Fault::Broken(format!("the catalog cannot be written: {error}")))?;
    let of = declared.into_iter().filter(|(noun, _)| *noun == Noun::Organization);
    Ok(of
        .map(|(noun, value)| Item { name: noun.name_of(&value), etag: etag(&value.to_string()), value, secret: None })
        .collect())
}

fn etag(whole: &str) -> String {
    sha256_hex(whole).chars().take(32).collect()
}

pub async fn find(app: &App, noun: Noun, name: &str) -> Result<Option<Item>, Fault> {
    if noun == Noun::Organization && name != OWN {
        let alone = Catalog { organization: app.live().catalog.organization.clone(), ..Catalog::default() };
        let known = store::catalog::find_organization(&app.db, name).await?;
        let known = known.filter(|known| known.code != alone.organization);
        return Ok(organizations(&alone, known.as_slice())?.into_iter().find(|item| item.name == name));
    }
    Ok(list(app, noun).await?.into_iter().find(|item| item.name == name))
}

pub async fn create(app: &App, by: &By, noun: Noun, body: Value, key: Option<Key>) -> Result<Outcome, Fault> {
    let mut change = Change::begin(app).await?;
    let stored = key.map(|key| key.stored(&format!("{} {body}", noun.as_str())));
    if let Some((key, asked)) = &stored
        && let Some(answered) = store::idempotency::find(&mut change.tx, key, app.now()).await?
    {
        return Ok(remembered(app, key, asked, &answered)?.map_or(Outcome::KeyReused, Outcome::Created));
    }
    let name = noun.name_of(&body);
    if change.item(noun, &name).await?.is_some() {
        return Ok(Outcome::Exists);
    }
    if noun == Noun::Organization && name == change.have.organization {
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
    let mut change = Change::begin(app).await?;
    let Some(item) = change.item(noun, name).await? else { return Ok(Outcome::Unknown) };
    if etag.is_some_and(|etag| etag != item.etag) {
        return Ok(Outcome::Stale(item));
    }
    let mut body = item.value;
    let secrets = ["secret", "token"].into_iter().filter(|field| patch.get(field).is_some());
    for given in secrets {
        // A new one takes the place of what was kept of the old.
        body.as_object_mut().and_then(|fields| fields.remove(&format!("{given}_sha256")));
    }
    merge(&mut body, patch);
    if noun.name_of(&body) != name {
        let field = noun.key().unwrap_or("per").to_owned();
        let what = "is its name, and stays: make another, and delete this one".to_owned();
        return Ok(Outcome::Wrong(vec![Mistake { at: String::new(), field, what }]));
    }
    let item = match change.declare(noun, name, body).await? {
        Ok(item) => item,
        Err(mistakes) => return Ok(Outcome::Wrong(mistakes)),
    };
    change.commit(by).await?;
    Ok(Outcome::Updated(item))
}

pub async fn delete(app: &App, by: &By, noun: Noun, name: &str, etag: Option<&str>) -> Result<Outcome, Fault> {
    let mut change = Change::begin(app).await?;
    let Some(item) = change.item(noun, name).await? else { return Ok(Outcome::Unknown) };
    if etag.is_some_and(|etag| etag != item.etag) {
        return Ok(Outcome::Stale(item));
    }
    let mut used = remove::remove(&mut change.tx, &change.have, noun, name).await?;
    used.extend(unsound(app, &mut change.tx, &change.have).await?);
    if !used.is_empty() {
        return Ok(Outcome::InUse(used));
    }
    change.commit(by).await?;
    Ok(Outcome::Deleted)
}

/// A change under way: nobody else changes the catalog until it ends. Dropped, nothing happened.
pub(super) struct Change<'a> {
    app: &'a App,
    pub(super) tx: Tx,
    pub(super) have: Catalog,
    before: audit::Picture,
}

impl<'a> Change<'a> {
    pub(super) async fn begin(app: &'a App) -> Result<Self, Fault> {
        let mut tx = app.db.begin().await?;
        store::catalog::hold(&mut tx).await?;
        let have = store::catalog::list(&mut tx).await?;
        let before = audit::picture(app, &mut tx, &have).await?;
        Ok(Self { app, tx, have, before })
    }

    pub(super) async fn item(&mut self, noun: Noun, name: &str) -> Result<Option<Item>, Fault> {
        let items = items(self.app, &mut self.tx, &self.have, noun).await?;
        Ok(items.into_iter().find(|item| item.name == name))
    }

    async fn declare(&mut self, noun: Noun, name: &str, body: Value) -> Result<Result<Item, Vec<Mistake>>, Fault> {
        let wanted = match self.read(noun, body) {
            Ok(wanted) => wanted,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        let changes = write::write(self.app, &mut self.tx, &self.have, wanted).await?;
        let mut mistakes: Vec<Mistake> = changes.wrong.into_iter().map(Mistake::plain).collect();
        mistakes.extend(unsound(self.app, &mut self.tx, &self.have).await?);
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        let after = store::catalog::list(&mut self.tx).await?;
        let items = items(self.app, &mut self.tx, &after, noun).await?;
        let item = items.into_iter().find(|item| item.name == name);
        let item =
            item.ok_or_else(|| Fault::Broken(format!("a {} is not there after it was written", noun.as_str())))?;
        let secret = changes.made_secrets.into_iter().next().map(|(_, secret)| secret);
        Ok(Ok(Item { secret, ..item }))
    }

    pub(super) fn read(&self, noun: Noun, body: Value) -> Result<Wanted, Vec<Mistake>> {
        let none = |_: &str| Err("names a file, and there is none here: give what it holds".to_owned());
        let outside = Outside {
            read_file: &none,
            kept: &|noun, of, secret| kept(self.app, &self.have, noun, of, secret),
            words: &|language, key, text| self.app.texts.check(language, key, text),
        };
        Declaration::of_one(noun, body)?.check(&self.have, &outside)
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
        let after = store::catalog::list(&mut self.tx).await?;
        let mut acts = audit::differences(&self.before, &audit::picture(self.app, &mut self.tx, &after).await?);
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

/// What is wrong now and was not when `have` was all there is.
pub(super) async fn unsound(app: &App, tx: &mut Tx, have: &Catalog) -> Result<Vec<Mistake>, Fault> {
    let after = store::catalog::list(tx).await?;
    let (before, after) = (mistakes(app, tx, have).await?, mistakes(app, tx, &after).await?);
    Ok(after.into_iter().filter(|mistake| !before.iter().any(|known| known.is_like(mistake))).collect())
}

/// What would be wrong with a catalog if it were declared today.
async fn mistakes(app: &App, tx: &mut Tx, catalog: &Catalog) -> Result<Vec<Mistake>, Fault> {
    let declared = export::declared(app, tx, catalog).await?;
    let alone = Catalog { organization: catalog.organization.clone(), ..Catalog::default() };
    let none = |_: &str| Err("names a file".to_owned());
    let outside = Outside {
        read_file: &none,
        kept: &|noun, of, secret| kept(app, catalog, noun, of, secret),
        words: &|language, key, text| app.texts.check(language, key, text),
    };
    Ok(declared.check(&alone, &outside).err().unwrap_or_default())
}

async fn items(app: &App, tx: &mut Tx, catalog: &Catalog, noun: Noun) -> Result<Vec<Item>, Fault> {
    let broken = |error: serde_json::Error| Fault::Broken(format!("the catalog cannot be written: {error}"));
    let declared = export::declared(app, tx, catalog).await?.items().map_err(broken)?;
    let picture = audit::picture(app, tx, catalog).await?;
    let of_noun = declared.into_iter().filter(|(its, _)| *its == noun);
    Ok(of_noun
        .map(|(noun, value)| {
            let name = noun.name_of(&value);
            let whole = picture.get(&(noun, name.clone())).map(ToString::to_string).unwrap_or_default();
            let etag = etag(&whole);
            Item { name, value, etag, secret: None }
        })
        .collect())
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
