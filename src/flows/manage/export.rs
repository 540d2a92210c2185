//! `countersign export`: what is declared, as `apply` reads it. Secrets stay behind: of a client's its hash stands there, of a
//! carrier's that it is kept.

use super::declared::declaration;
use crate::app::App;
use crate::flows::Fault;
use crate::store;

/// The whole of it, as a file.
pub async fn export(app: &App) -> Result<String, Fault> {
    let mut tx = app.db.begin().await?;
    let catalog = store::catalog::list(&mut tx).await?;
    let organizations = store::catalog::list_organizations(&mut tx, &catalog.organization).await?;
    let declared = declaration(app, &catalog, &organizations);
    declared.to_toml().map_err(|error| Fault::Broken(format!("the catalog cannot be written as TOML: {error}")))
}
