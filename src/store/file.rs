//! SQLite's file, to flush it without SQLite. SQLite's locks on it are the process's, and closing any descriptor of it gives them
//! all up: so there is one in the process, opened before the first connection, and whoever has a connection has this too, and
//! drops it after.

use super::error::StoreError;
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

#[derive(Clone, Debug)]
pub(super) struct DatabaseFile(Arc<File>);

/// Those that are open, by device and inode.
static OPEN: Mutex<BTreeMap<(u64, u64), Weak<File>>> = Mutex::new(BTreeMap::new());

impl DatabaseFile {
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unavailable = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let about = std::fs::metadata(path).map_err(unavailable)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, file| file.strong_count() > 0);
        let key = (about.dev(), about.ino());
        if let Some(file) = open.get(&key).and_then(Weak::upgrade) {
            return Ok(Self(file));
        }
        let file = Arc::new(File::open(path).map_err(unavailable)?);
        open.insert(key, Arc::downgrade(&file));
        Ok(Self(file))
    }

    pub fn flush(&self) -> Result<(), StoreError> {
        self.0.sync_data().map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
