//! A batch of people written down, with how far the file is read, in one transaction: whatever happens, nobody is brought in
//! twice, and nobody is passed over.

use super::places::Places;
use super::reader::Batch;
use crate::app::App;
use crate::domain::identifier::Identifier;
use crate::domain::ids::SubjectId;
use crate::domain::import::{Became, Import, Ready, Said};
use crate::flows::Fault;
use crate::store::{self, Tx};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// How often a batch is tried again because somebody signed up meanwhile.
const TRIES: usize = 5;
/// No more lines than these are kept to be read later.
const KEPT: usize = 10_000;

/// What is remembered between batches.
#[derive(Default)]
pub struct Kept {
    /// Identifiers of a dry run, which are nowhere else; as hashes, to be small.
    seen: HashSet<u64>,
    hasher: RandomState,
    lines: usize,
}

/// What became of each line. Nothing where somebody else reads this file on.
pub async fn write(
    app: &App,
    import: &mut Import,
    places: &Places,
    kept: &mut Kept,
    batch: &Batch,
) -> Result<Option<Vec<Said>>, Fault> {
    for _ in 0..TRIES {
        let mut tx = app.db.begin_in_turn().await?;
        let sorted = sort(app, &mut tx, import, places, kept, batch).await?;
        let next = counted(app, import, batch, &sorted.said);
        if !store::imports::change(&mut tx, &next, import.position).await? {
            return Ok(None);
        }
        let people: Vec<(&SubjectId, &Ready)> = sorted.new.iter().map(|(id, person)| (id, person)).collect();
        if !import.dry_run && !store::imports::add_people(&mut tx, &people, app.now()).await? {
            continue;
        }
        let worth: Vec<Said> = sorted.said.iter().filter(|said| !said.detail.is_empty()).cloned().collect();
        let worth = worth.get(..worth.len().min(KEPT.saturating_sub(kept.lines))).unwrap_or_default();
        store::imports::add_lines(&mut tx, &import.id, worth).await?;
        tx.commit().await?;
        kept.lines += worth.len();
        if import.dry_run {
            let identifiers = sorted.new.iter().flat_map(|(_, person)| &person.identifiers);
            kept.seen.extend(identifiers.map(|one| kept.hasher.hash_one(one)));
        }
        *import = next;
        return Ok(Some(sorted.said));
    }
    Err(Fault::Unavailable("too many people sign up at the same time".into()))
}

fn counted(app: &App, import: &Import, batch: &Batch, said: &[Said]) -> Import {
    let count = |became| i64::try_from(said.iter().filter(|said| said.became == became).count()).unwrap_or(i64::MAX);
    Import {
        position: i64::try_from(batch.position).unwrap_or(i64::MAX),
        line: i64::try_from(batch.line).unwrap_or(i64::MAX),
        made: import.made + count(Became::Made),
        present: import.present + count(Became::Present),
        wrong: import.wrong + count(Became::Wrong),
        updated_at: app.now(),
        ..import.clone()
    }
}

struct Sorted {
    new: Vec<(SubjectId, Ready)>,
    said: Vec<Said>,
}

/// Who is new, and what is said of each line.
async fn sort(
    app: &App,
    tx: &mut Tx,
    import: &Import,
    places: &Places,
    kept: &Kept,
    batch: &Batch,
) -> Result<Sorted, Fault> {
    let readable = || batch.people.iter().filter_map(|(_, person)| person.as_ref().ok());
    let identifiers: Vec<&Identifier> = readable().flat_map(|person| &person.identifiers).collect();
    let known = store::imports::list_known(tx, &identifiers).await?;
    let subs: Vec<&SubjectId> = readable().filter_map(|person| person.sub.as_ref()).collect();
    let mut taken = store::imports::list_taken(tx, &subs).await?;
    let mut here: HashSet<&Identifier> = HashSet::new();
    let mut sorted = Sorted { new: Vec::new(), said: Vec::new() };
    for (line, person) in &batch.people {
        let mut say = |became, detail| {
            let line = i64::try_from(*line).unwrap_or(i64::MAX);
            sorted.said.push(Said { line, became, detail });
        };
        let person = match person {
            Ok(person) => person,
            Err(why) => {
                say(Became::Wrong, why.clone());
                continue;
            }
        };
        let is_known = |one: &&Identifier| {
            known.contains_key(*one)
                || here.contains(*one)
                || (import.dry_run && kept.seen.contains(&kept.hasher.hash_one(one)))
        };
        let there = person.identifiers.iter().filter(is_known).count();
        if there > 0 {
            let more = there < person.identifiers.len();
            let detail = if more { "here already; what is new of them was not added" } else { "" };
            say(Became::Present, detail.to_owned());
            continue;
        }
        here.extend(&person.identifiers);
        let mut person = person.clone();
        places.settle(&mut person);
        let id = match person.sub.take() {
            Some(sub) if taken.insert(sub.clone()) => sub,
            Some(_) => {
                person.notes.push("another id: somebody has theirs".to_owned());
                app.entropy.subject_id()
            }
            None => app.entropy.subject_id(),
        };
        say(Became::Made, person.notes.join("; "));
        sorted.new.push((id, person));
    }
    Ok(sorted)
}
