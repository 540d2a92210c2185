//! Numbers and addresses that told a sender to stop: written to again when their owner asks for it.

use super::audit;
use crate::app::App;
use crate::domain::audit::{Act, By};
use crate::domain::identifier::Identifier;
use crate::flows::Fault;
use crate::store;
use serde_json::json;

/// How many channels had been closed.
pub async fn allow(app: &App, by: &By, to: &Identifier) -> Result<u64, Fault> {
    let mut tx = app.db.begin().await?;
    let opened = store::opt_outs::forget(&mut tx, to).await?;
    if opened > 0 {
        // Masked: the book is for ever.
        let after = Some(json!({ "channels": opened }));
        let act = Act { act: "allow", noun: "opt_out", name: to.to_string(), before: None, after };
        audit::write(app, &mut tx, by, vec![act]).await?;
    }
    tx.commit().await?;
    Ok(opened)
}
