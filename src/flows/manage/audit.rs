//! Every change is written down in the transaction that makes it: by whom, what was before, what is after.

use crate::app::App;
use crate::domain::audit::{Act, By, Entry};
use crate::domain::catalog::Catalog;
use crate::domain::declaration::Noun;
use crate::flows::{Fault, events};
pub use crate::store::audit::Filter;
use crate::store::{self, Tx};
use futures_util::stream::{Stream, try_unfold};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const BATCH: i64 = 500;

/// Writes acts down, after everything else the transaction does: from here on, others wait.
pub(in crate::flows) async fn write(app: &App, tx: &mut Tx, by: &By, acts: Vec<Act>) -> Result<(), Fault> {
    if acts.is_empty() {
        return Ok(());
    }
    for act in &acts {
        events::write_act(app, tx, by, act).await?;
    }
    let mut head = store::audit::hold(tx).await?;
    for act in acts {
        let mut entry = Entry {
            seq: head.seq + 1,
            at: app.now(),
            actor: by.actor.to_string(),
            act: act.act.to_owned(),
            noun: act.noun.to_owned(),
            name: act.name,
            before: act.before,
            after: act.after,
            address: by.address.clone(),
            mac: String::new(),
        };
        entry.mac = app.secret.audit(&entry.text(&head.mac));
        store::audit::add(tx, &entry).await?;
        head = store::audit::Head { seq: entry.seq, mac: entry.mac };
    }
    Ok(())
}

/// What is declared, each thing by its noun and name.
pub(super) type Picture = BTreeMap<(Noun, String), Value>;

/// These things of the catalog, with prints of their secrets.
pub(super) fn picture(app: &App, catalog: &Catalog, items: &[(Noun, Value)]) -> Picture {
    let mut picture: Picture = items.iter().map(|(noun, item)| ((*noun, noun.name_of(item)), item.clone())).collect();
    for sealed in &catalog.carriers {
        let name = &sealed.carrier.name;
        let Some(item) = picture.get_mut(&(Noun::Carrier, name.clone())) else { continue };
        let credentials = app.credentials(sealed).unwrap_or_default();
        for secret in credentials.names() {
            // Whether it changed shows, and nothing of what it is.
            let print = app.secret.audit(&format!("{name} {secret} {}", credentials.must(secret)));
            item[secret] = json!({ "fingerprint": print.get(..12) });
        }
    }
    for endpoint in &catalog.event_endpoints {
        let name = &endpoint.name;
        let Some(item) = picture.get_mut(&(Noun::EventEndpoint, name.clone())) else { continue };
        let print =
            app.secret.audit(&format!("event endpoint {name} {}", events::secret(app, endpoint).unwrap_or_default()));
        item["secret"] = json!({ "fingerprint": print.get(..12) });
    }
    picture
}

/// Everything that differs.
pub(super) fn differences(before: &Picture, after: &Picture) -> Vec<Act> {
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differ = all.into_iter().filter(|key| before.get(*key) != after.get(*key));
    differ
        .map(|key| {
            let (before, after) = (before.get(key).cloned(), after.get(key).cloned());
            let act = match (&before, &after) {
                (None, _) => "create",
                (_, None) => "delete",
                _ => "update",
            };
            Act { act, noun: key.0.as_str(), name: key.1.clone(), before, after }
        })
        .collect()
}

/// A page of entries, newest first, those before `before`.
pub async fn list(app: &App, filter: &Filter, before: Option<i64>, most: i64) -> Result<Vec<Entry>, Fault> {
    Ok(store::audit::list(app.db.aside(), filter, before.unwrap_or(i64::MAX), most).await?)
}

/// A batch of entries in order, those after this one.
pub async fn onward(app: &App, after: i64) -> Result<Vec<Entry>, Fault> {
    Ok(store::audit::list_onward(app.db.aside(), after, BATCH).await?)
}

/// The whole book, oldest first, an entry a line of JSON; read a batch at a time.
pub fn lines(app: &App) -> impl Stream<Item = Result<String, Fault>> + use<> {
    let app = app.clone();
    try_unfold(0, move |after| {
        let app = app.clone();
        async move {
            let entries = onward(&app, after).await?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(None) };
            let lines: String =
                entries.iter().filter_map(|entry| Some(serde_json::to_string(entry).ok()? + "\n")).collect();
            Ok(Some((lines, last)))
        }
    })
}

/// Entries in order, a batch at a time, until `tell` has had all of them.
pub async fn read(app: &App, mut tell: impl FnMut(&Entry)) -> Result<(), Fault> {
    let mut after = 0;
    loop {
        let entries = onward(app, after).await?;
        entries.iter().for_each(&mut tell);
        match entries.last() {
            Some(last) if entries.len() == BATCH as usize => after = last.seq,
            _ => return Ok(()),
        }
    }
}

/// How many entries there are, if each is as it was written; else the first place where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    Whole(i64),
    /// This entry was changed, or one before it was taken out or put in.
    Broken(i64),
    /// Entries after this one were taken away.
    Cut(i64),
}

pub async fn verify(app: &App) -> Result<Verified, Fault> {
    // The head first: what is appended meanwhile is no fault.
    let head = store::audit::find_head(&app.db).await?;
    let (mut seq, mut mac, mut broken) = (0, String::new(), None);
    read(app, |entry| {
        if broken.is_some() || seq == head.seq {
            return;
        }
        let right = entry.seq == seq + 1 && app.secret.audit(&entry.text(&mac)) == entry.mac;
        if right {
            (seq, mac) = (entry.seq, entry.mac.clone());
        } else {
            broken = Some(entry.seq);
        }
    })
    .await?;
    Ok(match broken {
        Some(seq) => Verified::Broken(seq),
        None if seq == head.seq && mac == head.mac => Verified::Whole(seq),
        None => Verified::Cut(seq),
    })
}
