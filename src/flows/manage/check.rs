//! What would be wrong with a thing as somebody fills it in: the reading and checking of a save, against what is declared now. It holds
//! nothing, writes nothing and is written down nowhere; what only rows can tell, saving tells.

use super::change::{self, laid_over};
use super::declared::{check_one, items};
use crate::app::{App, Live};
use crate::domain::catalog::Catalog;
use crate::domain::declaration::{Mistake, Noun, OWN, Wanted};
use crate::domain::portal;
use crate::flows::Fault;
use serde_json::Value;
use std::collections::HashMap;

/// `name` is of one there is; nothing where there is none.
pub async fn check(app: &App, noun: Noun, name: Option<&str>, given: Value) -> Result<Option<Vec<Mistake>>, Fault> {
    let live = app.live();
    let body = match name {
        None => given,
        Some(name) => match item(app, &live, noun, name).await? {
            Some(item) => laid_over(item, given),
            None => return Ok(None),
        },
    };
    let own = noun.name_of(&body);
    let mut mistakes = check_one(app, noun, body, &live.catalog).err().unwrap_or_default();
    match name {
        Some(name) if name != own => mistakes.push(change::renamed(noun)),
        None if item(app, &live, noun, &own).await?.is_some() => mistakes.push(change::exists(noun)),
        _ => {}
    }
    Ok(Some(mistakes))
}

/// What would be declared with this given, of which nothing is kept. `name` is of one there is.
pub async fn draft(
    app: &App,
    noun: Noun,
    name: Option<&str>,
    given: Value,
) -> Result<Result<Wanted, Vec<Mistake>>, Fault> {
    let live = app.live();
    let stored = match name {
        Some(name) => item(app, &live, noun, name).await?,
        None => None,
    };
    let body = match stored {
        Some(item) => laid_over(item, given),
        None => given,
    };
    Ok(check_one(app, noun, body, &live.catalog))
}

/// As it is declared, by what this server knows of it already.
async fn item(app: &App, live: &Live, noun: Noun, name: &str) -> Result<Option<Value>, Fault> {
    let of = |catalog: &Catalog| {
        let items = items(app, catalog, &[])?.into_iter();
        Ok(items.filter(|(its, _)| *its == noun).map(|(_, value)| value).find(|value| noun.name_of(value) == name))
    };
    match noun {
        // Made by the people in them, and read one by one.
        Noun::Organization if name != OWN => Ok(change::find(app, noun, name).await?.map(|item| item.value)),
        // There may be many.
        Noun::Client => {
            let client = live.catalog.client(name).filter(|client| client.id.as_str() != portal::CLIENT);
            let clients: HashMap<_, _> =
                client.map(|client| (client.id.to_string(), client.clone())).into_iter().collect();
            of(&Catalog { clients, ..Catalog::default() })
        }
        _ => of(&live.catalog),
    }
}
