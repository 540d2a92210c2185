//! A file that came over the network, kept on this node's disk until its people are brought in. It may hold anything its sender
//! knew of them: only this process may read it, and it is gone when it is read.

use super::{Asked, Begun, begin, end, go_on, new_id};
use crate::app::App;
use crate::crypto::hash::Hasher;
use crate::domain::audit::{Actor, By};
use crate::domain::import::{Import, State};
use crate::flows::Fault;
use crate::store;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio_stream::{Stream, StreamExt};

/// A million people with all that is said of them are some 500 MB.
pub const LARGEST: i64 = 2 * 1024 * 1024 * 1024;
/// Whoever sends nothing for so long does not send any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is still on its way.
const UNFINISHED: &str = "part";
/// A node that says nothing of its files for so long does not come back: one that is started anew takes minutes.
const LEASE: Duration = Duration::from_secs(60 * 60);
/// A file that nobody began to read after so long is nobody's.
const ORPHANED: Duration = Duration::from_secs(10 * 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    TooLarge,
    /// It stopped in the middle.
    Torn,
}

/// Takes a file in. It is read by this node, soon.
pub async fn take<B: AsRef<[u8]>, E>(
    app: &App,
    by: &By,
    asked: Asked,
    body: impl Stream<Item = Result<B, E>> + Unpin,
) -> Result<Result<Import, Refused>, Fault> {
    let id = new_id(app);
    let place = folder(app).join(&id);
    let unfinished = place.with_extension(UNFINISHED);
    let kept = keep(&unfinished, body).await;
    let (file, size) = match kept {
        Ok(Ok(kept)) => kept,
        Ok(Err(refused)) => {
            drop(fs::remove_file(&unfinished).await);
            return Ok(Err(refused));
        }
        Err(error) => {
            drop(fs::remove_file(&unfinished).await);
            return Err(Fault::Broken(format!("a file cannot be kept: {error}")));
        }
    };
    // First the file, then its row: a node that dies between leaves a file that is nobody's, and no import without a file.
    fs::rename(&unfinished, &place).await.map_err(|error| Fault::Broken(format!("a file cannot be kept: {error}")))?;
    let begun = begin(app, by, Begun { id, file, size, here: true }, asked).await;
    if begun.is_err() {
        remove(&place).await;
    }
    begun.map(Ok)
}

fn folder(app: &App) -> PathBuf {
    app.config.data_dir.join("imports")
}

async fn keep<B: AsRef<[u8]>, E>(
    place: &Path,
    mut body: impl Stream<Item = Result<B, E>> + Unpin,
) -> std::io::Result<Result<(String, i64), Refused>> {
    if let Some(folder) = place.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    }
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(place).await?;
    let (mut hasher, mut size) = (Hasher::default(), 0);
    loop {
        let bytes = match tokio::time::timeout(PATIENCE, body.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(bytes))) => bytes,
            Ok(Some(Err(_))) | Err(_) => return Ok(Err(Refused::Torn)),
        };
        let bytes = bytes.as_ref();
        size += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        if size > LARGEST {
            return Ok(Err(Refused::TooLarge));
        }
        hasher.add(bytes);
        file.write_all(bytes).await?;
    }
    file.sync_all().await?;
    Ok(Ok((hasher.hex(), size)))
}

/// Says of each file here that it is, and ends the imports whose file nobody has any more: the node that had it, or its disk, is
/// gone.
pub async fn look(app: &App) -> Result<(), Fault> {
    if let Ok(mut entries) = fs::read_dir(folder(app)).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            if entry.path().extension().is_none() {
                store::imports::hear(&app.db, &entry.file_name().to_string_lossy(), app.now()).await?;
            }
        }
    }
    for import in store::imports::list_unheard(&app.db, app.now().minus(LEASE)).await? {
        let by = By { actor: Actor::read(&import.actor), address: import.address.clone() };
        let why = "the server that had the file is gone, and the file with it: send it again".to_owned();
        match end(app, &by, import, State::Failed, Some(why)).await {
            // Another node was quicker.
            Ok(_) | Err(Fault::Unavailable(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    Ok(())
}

/// Reads what lies here, one file after the other.
pub async fn read(app: &App) -> Result<(), Fault> {
    let Ok(mut entries) = fs::read_dir(folder(app)).await else { return Ok(()) };
    while let Ok(Some(entry)) = entries.next_entry().await {
        if app.stopping.is_cancelled() {
            return Ok(());
        }
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let import = match path.extension() {
            Some(_) => None,
            None => store::imports::find(&app.db, &name).await?,
        };
        match import {
            Some(import) if import.state == State::Running => read_one(app, import, &path).await?,
            Some(_) => remove(&path).await,
            None if is_old(&path).await => remove(&path).await,
            None => {}
        }
    }
    Ok(())
}

async fn read_one(app: &App, import: Import, path: &Path) -> Result<(), Fault> {
    let by = By { actor: Actor::read(&import.actor), address: import.address.clone() };
    let import = go_on(app, &by, import, path, |_, _| {}).await?;
    if import.state != State::Running {
        remove(path).await;
    }
    Ok(())
}

async fn is_old(path: &Path) -> bool {
    let age = async { fs::metadata(path).await.ok()?.modified().ok()?.elapsed().ok() };
    age.await.is_some_and(|age| age > ORPHANED)
}

async fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path).await {
        tracing::warn!("a file of people could not be taken away: {error}");
    }
}
