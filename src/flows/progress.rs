//! How the passcode fares on its way, for the page that waits for it.

use super::Fault;
use super::standing::Open;
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::delivery::Progress;
use crate::store;

/// Nothing once the passcode cannot be used any more. Nothing where telling it would tell more than the person may know: where sign-up is closed, a message that never leaves
/// would say that nobody has this number. Nothing for test identifiers either, to whom nothing is sent.
pub async fn find(app: &App, open: &Open, challenge: &Challenge) -> Result<Option<Progress>, Fault> {
    if !challenge.live(app.now()) {
        return Ok(None);
    }
    let told = open.client().is_some_and(|client| client.sign_up);
    let test = open.live.catalog.test_passcode(&challenge.identifier).is_some();
    if !told || test || challenge.mute {
        return Ok(None);
    }
    Ok(Progress::of(&store::attempts::list(&app.db, &challenge.id).await?))
}
