//! How the passcode fares on its way, for the page that waits for it.

use super::standing::Open;
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::delivery::Progress;

/// Nothing once the passcode cannot be used any more. Nothing where telling it would tell more than the person may know: where sign-up is closed, a message that never leaves
/// would say that nobody has this number. Nothing for test identifiers either, to whom nothing is sent.
pub fn of(app: &App, open: &Open, challenge: &Challenge) -> Option<Progress> {
    if !challenge.live(app.now()) {
        return None;
    }
    let test = open.live.catalog.test_passcode(&challenge.identifier).is_some();
    if !open.client.sign_up || test || challenge.mute {
        return None;
    }
    Progress::of(&open.attempts)
}
