//! People brought in from a file: a million of them in little memory, some thousand a transaction. Killed at any moment, it goes on
//! where it was; begun again from the start, it brings in nobody twice.

mod pieces;
mod places;
mod reader;
pub mod spool;
mod write;

use super::audit;
use crate::app::App;
use crate::crypto::hash::Hasher;
use crate::domain::audit::{Act, By};
use crate::domain::import::{Format, Import, Said, State};
use crate::domain::time::Time;
use crate::flows::Fault;
use crate::store;
use places::Places;
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use tokio::sync::mpsc::channel;
use tokio::task::spawn_blocking;
use write::Kept;

/// Batches read ahead.
const AHEAD: usize = 2;
/// MiB of the database in memory meanwhile: ids are random, and their indexes written all over.
const MEMORY: u32 = 64;

/// How a file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub format: Format,
    /// Links one identifier that was never verified, where somebody has no other.
    pub trust_unverified: bool,
    /// Say all, and make nobody.
    pub dry_run: bool,
    /// Go on with this very file, if it was begun and not finished.
    pub resume: bool,
}

/// Brings in the people of a file; `tell` hears of each batch. What is wrong with the file as a whole, the import says.
pub async fn run(
    app: &App,
    by: &By,
    path: &Path,
    asked: Asked,
    tell: impl FnMut(&Import, &[Said]),
) -> Result<Import, Fault> {
    let (file, size) = known_by(path).await?;
    let begun = match asked.resume && !asked.dry_run {
        true => store::imports::find_begun(&app.db, &file, asked.format).await?,
        false => None,
    };
    let import = match begun {
        Some(begun) => begun,
        None => begin(app, by, Begun { id: new_id(app), file, size, here: false }, asked).await?,
    };
    go_on(app, by, import, path, tell).await
}

fn new_id(app: &App) -> String {
    format!("imp_{}", app.entropy.short())
}

/// A hash of the file, and its length.
async fn known_by(path: &Path) -> Result<(String, i64), Fault> {
    let path = path.to_owned();
    let read = spawn_blocking(move || -> std::io::Result<(String, i64)> {
        let (mut file, mut hasher, mut size) = (std::fs::File::open(&path)?, Hasher::default(), 0);
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok((hasher.hex(), size));
            }
            hasher.add(buffer.get(..count).unwrap_or_default());
            size += i64::try_from(count).unwrap_or_default();
        }
    });
    let read = read.await.map_err(|error| Fault::Broken(error.to_string()))?;
    read.map_err(|error| Fault::Broken(format!("the file cannot be read: {error}")))
}

struct Begun {
    id: String,
    /// Its hash.
    file: String,
    size: i64,
    /// It lies on this node, which says so from time to time.
    here: bool,
}

/// Written down before anybody is made.
async fn begin(app: &App, by: &By, begun: Begun, asked: Asked) -> Result<Import, Fault> {
    let now = app.now();
    let Begun { id, file, size, here } = begun;
    let import = Import {
        id,
        file,
        format: asked.format,
        trust_unverified: asked.trust_unverified,
        dry_run: asked.dry_run,
        actor: by.actor.to_string(),
        address: by.address.clone(),
        state: State::Running,
        detail: None,
        size,
        position: 0,
        line: 1,
        made: 0,
        present: 0,
        wrong: 0,
        started_at: now,
        updated_at: now,
        finished_at: None,
        heard_at: here.then_some(now),
    };
    let mut tx = app.db.begin().await?;
    store::imports::add(&mut tx, &import).await?;
    if !import.dry_run {
        let after = json!({
            "format": import.format.as_str(), "trust_unverified": import.trust_unverified,
            "bytes": import.size, "sha256": import.file,
        });
        audit::write(app, &mut tx, by, vec![act("begin", &import, after)]).await?;
    }
    tx.commit().await?;
    Ok(import)
}

fn act(act: &'static str, import: &Import, after: Value) -> Act {
    Act { act, noun: "import", name: import.id.clone(), before: None, after: Some(after) }
}

/// Reads on from where an import stands, until the file ends or this node stops.
async fn go_on(
    app: &App,
    by: &By,
    import: Import,
    path: &Path,
    tell: impl FnMut(&Import, &[Said]),
) -> Result<Import, Fault> {
    app.db.keep(Some(MEMORY)).await?;
    let done = bring_in(app, by, import, path, tell).await;
    app.db.keep(None).await?;
    done
}

async fn bring_in(
    app: &App,
    by: &By,
    mut import: Import,
    path: &Path,
    mut tell: impl FnMut(&Import, &[Said]),
) -> Result<Import, Fault> {
    let (places, mut kept) = (Places::of(app).await?, Kept::default());
    let asked = reader::Asked {
        path: path.to_owned(),
        format: import.format,
        trust_unverified: import.trust_unverified,
        position: u64::try_from(import.position).unwrap_or_default(),
        line: u64::try_from(import.line).unwrap_or(1),
    };
    let (send, mut batches) = channel(AHEAD);
    let reading = spawn_blocking(move || reader::read(&asked, &send));
    while let Some(batch) = batches.recv().await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(why) => return end(app, by, import, State::Failed, Some(why)).await,
        };
        let Some(said) = write::write(app, &mut import, &places, &mut kept, &batch).await? else {
            return Err(Fault::Unavailable("somebody else goes on with this file".into()));
        };
        tell(&import, &said);
        if app.stopping.is_cancelled() {
            return Ok(import);
        }
    }
    reading.await.map_err(|error| Fault::Broken(error.to_string()))?;
    let nobody = import.made + import.present + import.wrong == 0;
    let detail = nobody.then(|| "nobody is in it".to_owned());
    end(app, by, import, State::Done, detail).await
}

/// The last word on an import, with what it did in the book.
async fn end(app: &App, by: &By, mut import: Import, state: State, detail: Option<String>) -> Result<Import, Fault> {
    let (now, from) = (app.now(), import.position);
    if state == State::Done {
        // What follows a list is nobody.
        import.position = import.size;
    }
    (import.state, import.detail) = (state, detail);
    (import.updated_at, import.finished_at) = (now, Some(now));
    let mut tx = app.db.begin().await?;
    if !store::imports::change(&mut tx, &import, from).await? {
        return Err(Fault::Unavailable("somebody else goes on with this file".into()));
    }
    if !import.dry_run {
        let after = json!({
            "state": import.state.as_str(), "made": import.made, "present": import.present, "wrong": import.wrong,
        });
        audit::write(app, &mut tx, by, vec![act("finish", &import, after)]).await?;
    }
    tx.commit().await?;
    tracing::info!(
        import = import.id,
        made = import.made,
        present = import.present,
        wrong = import.wrong,
        "import ended"
    );
    Ok(import)
}

pub async fn find(app: &App, id: &str) -> Result<Option<Import>, Fault> {
    Ok(store::imports::find(&app.db, id).await?)
}

/// A page of imports, newest first, those begun before this moment and id.
pub async fn list(app: &App, before: Option<(Time, &str)>, most: i64) -> Result<Vec<Import>, Fault> {
    Ok(store::imports::list(&app.db, before.unwrap_or((Time(i64::MAX), "")), most).await?)
}

/// What is said of an import's lines, those after this one; of no more than ten thousand.
pub async fn lines(app: &App, id: &str, after: i64, most: i64) -> Result<Option<Vec<Said>>, Fault> {
    if store::imports::find(&app.db, id).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(store::imports::list_lines(&app.db, id, after, most).await?))
}
