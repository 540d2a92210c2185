//! `countersign export`: what is declared, as `apply` reads it. Secrets stay behind: of a client's its hash stands there, of a
//! carrier's that it is kept.

use crate::app::App;
use crate::domain::catalog::Catalog;
use crate::domain::declaration::Declaration;
use crate::flows::Fault;
use crate::store::{self, Tx};

/// The whole of it, as a file.
pub async fn export(app: &App) -> Result<String, Fault> {
    let mut tx = app.db.begin().await?;
    let catalog = store::catalog::list(&mut tx).await?;
    let declared = declared(app, &mut tx, &catalog).await?;
    declared.to_toml().map_err(|error| Fault::Broken(format!("the catalog cannot be written as TOML: {error}")))
}

/// The catalog as it would be declared.
pub(super) async fn declared(app: &App, tx: &mut Tx, catalog: &Catalog) -> Result<Declaration, Fault> {
    let organizations = store::catalog::list_organizations(tx, &catalog.organization).await?;
    // What the seal does not open any more, `ready` complains of.
    Ok(Declaration::of(catalog, &organizations, |sealed| app.credentials(sealed).unwrap_or_default()))
}
