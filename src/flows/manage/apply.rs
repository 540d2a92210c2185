//! A file becomes the catalog, through whichever door it came. All of it, or nothing; twice is as good as once.

use super::declared::{Declared, Organizations, check, unsound};
use super::write::write;
use super::{audit, prune};
use crate::app::App;
use crate::domain::audit::By;
use crate::domain::declaration::{Declaration, Mistake, ReadFile};
use crate::flows::Fault;
use crate::store;

pub use super::write::Changes;

#[derive(Debug)]
pub enum Applied {
    Done(Changes),
    /// Everything that is wrong; nothing was changed.
    Wrong(Vec<Mistake>),
}

/// By whoever may run commands on the machine.
pub async fn apply(app: &App, text: &str, read_file: ReadFile<'_>, dry_run: bool) -> Result<Applied, Fault> {
    let how = How { dry_run, prune: false };
    apply_so(app, &By::command(), text, read_file, how).await
}

/// For files that come alone: what would stand beside them is on another machine.
pub fn no_files(_: &str) -> Result<Vec<u8>, String> {
    Err("names a file, and there is none here: give what it holds".to_owned())
}

/// What `apply` may be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Say what would change, and change nothing.
    pub dry_run: bool,
    /// Take away what the file does not name.
    pub prune: bool,
}

pub async fn apply_so(app: &App, by: &By, text: &str, read_file: ReadFile<'_>, how: How) -> Result<Applied, Fault> {
    let mut tx = app.db.begin().await?;
    store::catalog::hold(&mut tx).await?;
    // A file may name the organization before the first server did.
    store::catalog::name_organization(&mut tx, &format!("org_{}", app.entropy.short())).await?;
    let before = Declared::read(app, &mut tx, Organizations::All).await?;
    let have = &before.catalog;
    let wanted = match Declaration::read(text).and_then(|wanted| check(app, wanted, have, have, read_file)) {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Applied::Wrong(mistakes)),
    };
    let named = prune::named(&wanted);
    let mut changes = write(app, &mut tx, have, wanted).await?;
    let mut wrong: Vec<Mistake> = std::mem::take(&mut changes.wrong).into_iter().map(Mistake::plain).collect();
    if how.prune {
        wrong.extend(prune::prune(&mut tx, &before, &named, &mut changes).await?);
    }
    let told =
        |wrong: Vec<Mistake>, changes| if wrong.is_empty() { Applied::Done(changes) } else { Applied::Wrong(wrong) };
    // Where nothing changed, or nobody asks by what it would be kept, there is nothing to hold against what was.
    if changes.lines.is_empty() || (how.dry_run && !how.prune) {
        return Ok(told(wrong, changes));
    }
    let after = Declared::read(app, &mut tx, Organizations::All).await?;
    if how.prune {
        wrong.extend(unsound(app, &before, &after));
    }
    if !wrong.is_empty() || how.dry_run {
        // Dropped, the transaction takes everything back.
        return Ok(told(wrong, changes));
    }
    let mut acts = audit::differences(&before.picture, &after.picture);
    acts.append(&mut changes.acts);
    audit::write(app, &mut tx, by, acts).await?;
    store::catalog::raise_revision(&mut tx).await?;
    tx.commit().await?;
    app.reload().await.map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(Applied::Done(changes))
}
