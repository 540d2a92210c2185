//! Writing moments of the story while a message travels.

use crate::app::App;
use crate::domain::delivery::Attempt;
use crate::domain::timeline::{Moment, What};
use crate::flows::Fault;
use crate::store;
use crate::store::sql::On;

/// A moment of this attempt, now, with nothing more said of it.
pub fn moment(app: &App, attempt: &Attempt, what: What) -> Moment {
    Moment {
        attempt: Some(attempt.id.clone()),
        channel: attempt.job.channel(),
        ..Moment::new(&attempt.interaction, app.now(), what)
    }
}

pub async fn keep(app: &App, on: impl Into<On<'_>>, moment: Moment) -> Result<(), Fault> {
    Ok(store::moments::add(on, &app.entropy.moment_id(moment.at), &moment).await?)
}
