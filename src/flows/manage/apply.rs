//! `countersign apply`: a declaration becomes the catalog. All of it, or nothing; twice is as good as once.

use super::declared::{Declared, Organizations, check, unsound};
use super::write::write;
use super::{audit, prune};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::{Declaration, ReadFile};
use crate::flows::Fault;
use crate::store;

pub use super::write::Changes;

#[derive(Debug)]
pub enum Applied {
    Done(Changes),
    /// Every line that is wrong; nothing was changed.
    Wrong(Vec<String>),
}

pub async fn apply(app: &App, text: &str, read_file: ReadFile<'_>, dry_run: bool) -> Result<Applied, Fault> {
    let how = How { dry_run, prune: false };
    apply_so(app, text, read_file, how).await
}

/// What `apply` may be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Say what would change, and change nothing.
    pub dry_run: bool,
    /// Take away what the file does not name.
    pub prune: bool,
}

pub async fn apply_so(app: &App, text: &str, read_file: ReadFile<'_>, how: How) -> Result<Applied, Fault> {
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    // A file may name the organization before the first server did.
    store::catalog::name_organization(&mut tx, &format!("org_{}", app.entropy.short())).await?;
    let before = Declared::read(app, &mut tx, Organizations::All).await?;
    let have = &before.catalog;
    let wanted = match Declaration::read(text).and_then(|wanted| check(app, wanted, have, have, read_file)) {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Applied::Wrong(mistakes.iter().map(ToString::to_string).collect())),
    };
    let named = prune::named(&wanted);
    let mut changes = write(app, &mut tx, have, wanted).await?;
    let mut needed = Vec::new();
    if how.prune {
        needed = prune::prune(&mut tx, &before, &named, &mut changes).await?;
    }
    let after = Declared::read(app, &mut tx, Organizations::All).await?;
    if how.prune {
        needed.extend(unsound(app, &before, &after));
    }
    changes.wrong.extend(needed.iter().map(ToString::to_string));
    if !changes.wrong.is_empty() {
        return Ok(Applied::Wrong(changes.wrong));
    }
    if how.dry_run || changes.lines.is_empty() {
        // Dropped, the transaction takes everything back.
        return Ok(Applied::Done(changes));
    }
    let mut acts = audit::differences(&before.picture, &after.picture);
    acts.append(&mut changes.acts);
    audit::write(app, &mut tx, &By::command(), acts).await?;
    store::catalog::raise_revision(&mut tx).await?;
    tx.commit().await?;
    app.reload().await.map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(Applied::Done(changes))
}
