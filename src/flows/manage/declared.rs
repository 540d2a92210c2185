//! What is declared, as it stands: read once before a change and once after it, each thing as operators read it, and what is wrong.

use super::apply::no_files;
use super::audit::{self, Picture};
use super::change::Item;
use super::write::kept;
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::catalog::Catalog;
use crate::domain::declaration::{Declaration, Mistake, Noun, OWN, Outside, ReadFile, Wanted};
use crate::domain::organization::Organization;
use crate::flows::Fault;
use crate::store::{self, Tx};
use serde_json::Value;

/// Which organizations are read beside everything else, of which there is little: they are made by the people in them, and many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Organizations<'a> {
    None,
    One(&'a str),
    All,
}

impl<'a> Organizations<'a> {
    /// Those a change of one thing can touch: they name flags, and nothing else.
    pub fn touched(noun: Noun, name: &'a str) -> Self {
        match noun {
            Noun::Organization if name != OWN => Self::One(name),
            Noun::FeatureFlag => Self::All,
            _ => Self::None,
        }
    }
}

pub(super) struct Declared {
    pub catalog: Catalog,
    organizations: Vec<Organization>,
    items: Vec<(Noun, Value)>,
    /// For telling what a change changed.
    pub picture: Picture,
}

impl Declared {
    pub async fn read(app: &App, tx: &mut Tx, which: Organizations<'_>) -> Result<Self, Fault> {
        let catalog = store::catalog::list(&mut *tx).await?;
        let own = &catalog.organization;
        let organizations = match which {
            Organizations::None => Vec::new(),
            Organizations::One(name) if name == own => Vec::new(),
            Organizations::One(name) => store::catalog::find_organization(tx, name).await?.into_iter().collect(),
            Organizations::All => store::catalog::list_organizations(tx, own).await?,
        };
        let items = items(app, &catalog, &organizations)?;
        let picture = audit::picture(app, &catalog, &items);
        Ok(Self { catalog, organizations, items, picture })
    }

    pub fn item(&self, noun: Noun, name: &str) -> Option<Item> {
        let known = self.items.iter().find(|(its, value)| *its == noun && noun.name_of(value) == name);
        known.map(|(_, value)| self.as_item(noun, value))
    }

    pub fn items(&self, noun: Noun) -> Vec<Item> {
        self.items.iter().filter(|(its, _)| *its == noun).map(|(_, value)| self.as_item(noun, value)).collect()
    }

    fn as_item(&self, noun: Noun, value: &Value) -> Item {
        let name = noun.name_of(value);
        let whole = self.picture.get(&(noun, name.clone())).map(ToString::to_string).unwrap_or_default();
        Item { etag: etag(&whole), name, value: value.clone(), secret: None }
    }

    /// What would be wrong with it if it were declared today.
    fn mistakes(&self, app: &App) -> Vec<Mistake> {
        let alone = Catalog { organization: self.catalog.organization.clone(), ..Catalog::default() };
        let declaration = declaration(app, &self.catalog, &self.organizations);
        check(app, declaration, &alone, &self.catalog, &no_files).err().unwrap_or_default()
    }
}

/// What is wrong now and was not before.
pub(super) fn unsound(app: &App, before: &Declared, after: &Declared) -> Vec<Mistake> {
    let mut mistakes = after.mistakes(app);
    if !mistakes.is_empty() {
        let known = before.mistakes(app);
        mistakes.retain(|mistake| !known.iter().any(|known| known.is_like(mistake)));
    }
    mistakes
}

/// The catalog as it would be declared.
pub(super) fn declaration(app: &App, catalog: &Catalog, organizations: &[Organization]) -> Declaration {
    // What the seal does not open any more, `ready` complains of.
    Declaration::of(catalog, organizations, |sealed| app.credentials(sealed).unwrap_or_default())
}

/// Each thing of it by itself.
pub(super) fn items(app: &App, catalog: &Catalog, organizations: &[Organization]) -> Result<Vec<(Noun, Value)>, Fault> {
    let items = declaration(app, catalog, organizations).items();
    items.map_err(|error| Fault::Broken(format!("the catalog cannot be written: {error}")))
}

/// A declaration checked: it may refer to what is `known`, and to secrets that are kept in what is there, `have`.
pub(super) fn check(
    app: &App,
    declaration: Declaration,
    known: &Catalog,
    have: &Catalog,
    read_file: ReadFile<'_>,
) -> Result<Wanted, Vec<Mistake>> {
    let outside = Outside {
        read_file,
        kept: &|noun, of, secret| kept(app, have, noun, of, secret),
        words: &|language, key, text| app.texts.check(language, key, text),
    };
    declaration.check(known, &outside)
}

/// One thing by itself, as it is made or changed. It names no file: there is none beside it.
pub(super) fn check_one(app: &App, noun: Noun, body: Value, have: &Catalog) -> Result<Wanted, Vec<Mistake>> {
    let (declaration, missing) = Declaration::of_one(noun, body)?;
    let checked = check(app, declaration, have, have, &no_files);
    if missing.is_empty() {
        return checked;
    }
    // What may stand there says more than that nothing does.
    let mut mistakes = checked.err().unwrap_or_default();
    let untold: Vec<Mistake> =
        missing.into_iter().filter(|one| mistakes.iter().all(|told| told.field != one.field)).collect();
    mistakes.extend(untold);
    Err(mistakes)
}

/// Changes when anything of a thing does.
pub(super) fn etag(whole: &str) -> String {
    sha256_hex(whole).chars().take(32).collect()
}
